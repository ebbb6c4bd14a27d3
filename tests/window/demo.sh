#!/usr/bin/env bash
# demo.sh PROGRAM PICTURES [app|sms]: the whole first run and a sign-in, in the real window, by keys and clicks as a person makes them.
#
# Runs inside `.ci/desk --a11y`; `./dev demo` does that. By what means it sees and acts: lib.sh.
set -euo pipefail
# shellcheck source=tests/window/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

# ---- the story ------------------------------------------------------------------------------------------------------------
# One line a step: what is seen, what is done, what is kept as a picture.

MANAGER="Maria Santos" CLINIC="Oak Tree Surgery"
PASSWORD="copper lantern meadow"

first_run() {
  tell "first run"
  start_program
  begin_clinic "$CLINIC" "$MANAGER" "$PASSWORD"
}

link_phone() {
  tell "the phone"
  walk_to_square
  # C13: typed by hand or pasted, it is the same key.
  press "It won't scan"
  see text | tr -d ' \n' | grep -q "$KEY" || fail "the key on the screen is not the square's"
  shot wont-scan
  press "Copy"
  [ "$(xclip -selection clipboard -o)" = "$KEY" ] || fail "the clipboard does not hold the square's key"
  [ "$(xclip -selection clipboard -o -t x-kde-passwordManagerHint)" = secret ] || fail "histories are not asked to leave the key out"
  walk_to_code
  type_text "$(wrong_code "$KEY")"
  wait_for "That code isn't right"; shot wrong-code
  type_text "$(code "$KEY")"
  wait_for "Congratulations"; shot congratulations
}

two_sheets() {
  tell "two sheets of paper"
  codes_on_paper
  key_on_paper
  wait_for "You are set up"; shot set-up
}

# The key was copied at step 5; half a minute later nothing of it may be left for others to paste.
clipboard_is_empty() {
  local i
  for i in $(seq 45); do
    [ "$(xclip -selection clipboard -o 2>/dev/null || true)" != "$KEY" ] && return 0
    sleep 1
  done
  fail "the clipboard still holds the key"
}

# After the last page of the set-up nothing that it showed or was told is left in the program, also not in what a screen
# reader was told through it.
nothing_is_left() {
  tell "what is left in memory"
  press "Go to sign in"
  wait_for "I don't have my phone"
  sleep 1
  local left status=0
  left=$("$HERE/left.py" "$PID" "key=$KEY" "spare code=$SPARE" "spare code=${SPARE//[ -]/}" "password=$PASSWORD") || status=$?
  case $status in
    0) ;;
    3) tell "left out: the program's memory is closed to everyone but root" ;;
    *) fail "left in memory: $left" ;;
  esac
}

sign_in() {
  tell "a second start: the lock screen"
  stop_program
  [ "$(keyring_items clinic2fa)" -ge 3 ] || fail "the keyring does not hold the three items"
  start_program
  wait_for "Sign in"; shot lock-screen
  fill "Password" "$PASSWORD"
  fill "Code from your phone" "$(code "$KEY")" # the one that linked the phone, or its neighbour
  # The code that linked the phone is used up; if its half minute is over by now, this is a new one and rightly signs in.
  see wait "You're in" 3 >/dev/null 2>&1 || {
    wait_for "already been used"; shot used-code
    fill "Code from your phone" "$(code "$KEY" 30)" # the next one counts already: a step early is within the window
    wait_for "You're in"
  }
  shot signed-in
  press "Lock"
  wait_gone "You're in"; wait_for "Welcome back, $MANAGER"; shot locked
}

# C09, C12: a dark theme, long names, a small screen: the square is still read from a picture of it.
dark_square() {
  tell "a dark theme and long names"
  start_program --theme dark --data-dir "$HOME/dark"
  wait_for "asks you to set up two-factor authentication"; press "Set it up"
  click choice "I manage this clinic"
  wait_for "What are you called?"
  fill "The clinic's name" "Centro Medico Nuestra Senora de la Esperanza - Urgencias y Pediatria"
  fill "Your name" "Recepcion Turno Manana"
  key KP_Enter # C76
  wait_for "Choose a password for this program"
  fill "New password" "$PASSWORD"
  key KP_Enter
  wait_for "Open your authenticator app"; press "Skip to the square"
  wait_for "Point your phone at this square"; shot dark-square
  local uri; uri=$(read_square)
  [[ $uri == otpauth://totp/ClinicOffice:Centro%20Medico%20*%20rmanana\?secret=*\&issuer=ClinicOffice ]] || fail "another square: ${uri%%\?*}"
  [ ${#uri} -le 213 ] || fail "the square carries ${#uri} bytes"
  stop_program
}

app_story() {
  first_run
  link_phone
  two_sheets
  clipboard_is_empty
  nothing_is_left
  sign_in
  stop_program
  dark_square
}

# shellcheck source-path=SCRIPTDIR
. "$HERE/sms.sh"

case ${3:-app} in
  app) app_story ;;
  sms) sms_story ;;
  *) fail "no such story: $3" ;;
esac
tell "done: $SHOTS pictures"
