#!/usr/bin/env bash
# demo.sh PROGRAM PICTURES [app|sms]: the whole first run and a sign-in, in the real window, by keys and clicks as a person makes them.
#
# Runs inside `.ci/desk --a11y`; `./dev demo` does that. What stands on the screen is read through the accessibility tree
# (see.py), the square by zbarimg from a screenshot as a phone would, the code is worked out by oathtool, the keyring is looked
# into by secret-tool: none of them shares a line with the program. The first step that fails ends it, with a last picture.
set -euo pipefail

PROGRAM=$1 PICTURES=$2
HERE=$(dirname -- "${BASH_SOURCE[0]}")
SEE_PROGRAM=$(basename -- "$PROGRAM")
export SEE_PROGRAM
PID='' SHOTS=0

# ---- means --------------------------------------------------------------------------------------------------------------

see() { /usr/bin/python3 "$HERE/see.py" "$@"; }
tell() { printf 'demo: %s\n' "$*" >&2; }
fail() {
  tell "FAILED: $*"
  running || tell "the program is not running any more; its last words are in $PICTURES/program.log"
  exit 1
}

start_program() {
  "$PROGRAM" "$@" >>"$PICTURES/program.log" 2>&1 &
  PID=$!
}
stop_program() {
  [ -n "$PID" ] || return 0
  kill "$PID" 2>/dev/null || true
  wait "$PID" 2>/dev/null || true
  PID=''
}
running() { [ -n "$PID" ] && kill -0 "$PID" 2>/dev/null; }

# the words that must be, or must no longer be, on the screen
wait_for() { see wait "$1" "${2:-20}" >/dev/null || fail "\"$1\" is not on the screen"; }
wait_gone() { see gone "$1" "${2:-20}" || fail "\"$1\" stays on the screen"; }

# click button|field|choice|any NAME
click() {
  local x y
  read -r x y < <(see at "$1" "$2" "${3:-20}") || fail "no $1 \"$2\""
  xdotool mousemove "$x" "$y" click 1
}
press() { click button "$1"; }
key() { xdotool key --clearmodifiers "$@"; }
# Letters the keyboard has: xdotool remaps a key for others, and loses some of those on a busy machine.
type_text() { xdotool type --clearmodifiers --delay 15 -- "$1"; }
fill() { click field "$1"; type_text "$2"; }
clear_field() { key ctrl+a BackSpace; }

# The screen as a file, once it stands still: two equal pictures in a row, or two seconds have passed.
still() {
  local file=$1 before='' now='' i
  for i in 1 2 3 4 5 6 7 8; do
    import -silent -window root "$file"
    now=$(identify -format '%#' "$file")
    [ "$now" != "$before" ] || return 0
    before=$now
    sleep 0.25
  done
}
# A picture for the reader: numbered in the order of the story.
shot() {
  SHOTS=$((SHOTS + 1))
  local file; file=$(printf '%s/%02d-%s.png' "$PICTURES" "$SHOTS" "$1")
  still "$file"
  # C14: never two squares on a screen, and where there is one it is ours or a store's.
  local squares; squares=$(zbarimg --quiet --raw --nodbus "$file" 2>/dev/null || true)
  [ "$(grep -c . <<<"$squares" || true)" -le 1 ] || fail "more than one square on $(basename -- "$file")"
  case $squares in ''|otpauth://totp/*|https://*) ;; *) fail "a strange square on $(basename -- "$file")" ;; esac
  tell "$(basename -- "$file")"
}

# The text of the one square on the screen, as a phone's camera would give it.
read_square() {
  local file=$PICTURES/.square.png i text
  for i in 1 2 3 4 5 6 7 8 9 10; do
    import -silent -window root "$file"
    if text=$(zbarimg --quiet --raw --nodbus "$file" 2>/dev/null); then
      rm -f "$file"
      [ "$(printf '%s\n' "$text" | wc -l)" = 1 ] || fail "more than one square on the screen"
      printf '%s' "$text"
      return 0
    fi
    sleep 0.3
  done
  fail "no square on the screen that a phone could read (try $i)"
}
# part URI NAME: a query value of it
part() { printf '%s' "$1" | sed -n "s/.*[?&]$2=\([^&]*\).*/\1/p"; }
# code KEY [SECONDS LATER]: what the phone shows, now or that much later
code() { oathtool --totp --base32 --now "@$(($(date +%s) + ${2:-0}))" "$1"; }
# a code that is certainly wrong: none of those within an hour of now
wrong_code() {
  local right; right=$(oathtool --totp --base32 --window 240 --now "@$(($(date +%s) - 3600))" "$1")
  local guess=111111
  while grep -qx "$guess" <<<"$right"; do guess=$((guess + 1)); done
  printf '%s' "$guess"
}
# the end of what is on a sheet: of code NUMBER, which stands behind its number; of the clinic's key, eight groups in a line
last_four_of_code() { see text | sed 's/^ *//' | grep -x -A 1 -- "$1" | tail -n 1 | tr -d ' -' | tail -c 5 | head -c 4; }
last_four_of_key() { see text | grep -oE '([0-9A-Z]{4}[ -]?){8}' | head -n 1 | tr -d ' -' | tail -c 5 | head -c 4; }
# how many items of ours the keyring holds
keyring_items() { secret-tool search --all service "$1" 2>&1 | grep -c '^\[/' || true; }

ended() {
  local status=$?
  if [ "$status" != 0 ]; then
    import -silent -window root "$PICTURES/failed.png" || true
    see dump >"$PICTURES/failed.txt" 2>&1 || true
    tail -n 20 "$PICTURES/program.log" >&2 2>/dev/null || true
  fi
  stop_program
  exit "$status"
}
trap ended EXIT

# ---- the story ------------------------------------------------------------------------------------------------------------
# One line a step: what is seen, what is done, what is kept as a picture. Words are those of assets/i18n/en.

MANAGER="Maria Santos" CLINIC="Oak Tree Surgery"
PASSWORD="copper lantern meadow"

first_run() {
  tell "first run"
  start_program
  wait_for "asks you to set up two-factor authentication"; shot welcome
  press "Set it up"
  wait_for "Who are you?"; shot who-you-are
  click choice "I manage this clinic"
  wait_for "What are you called?"
  fill "The clinic's name" "$CLINIC"
  fill "Your name" "$MANAGER"; shot names
  press "Next"
  wait_for "Choose a password for this program"
  fill "New password" "$PASSWORD"
  wait_for "That is a good password"; shot password
  press "Next"
  wait_for "Open your authenticator app"; shot open-app
  press "It's open"
  wait_for "Tap Get started"; shot get-started
  press "I tapped it"
  wait_for "Tap Scan a QR code"; shot scan
  press "The camera is open"
}

link_phone() {
  tell "the phone"
  wait_for "Point your phone at this square"; shot square
  URI=$(read_square)
  [[ $URI == otpauth://totp/ClinicOffice:* ]] || fail "not our square: ${URI%%\?*}"
  KEY=$(part "$URI" secret)
  [ ${#KEY} = 32 ] || fail "the key has ${#KEY} letters"
  # C13: typed by hand or pasted, it is the same key.
  press "It won't scan"
  see text | tr -d ' \n' | grep -q "$KEY" || fail "the key on the screen is not the square's"
  shot wont-scan
  press "Copy"
  [ "$(xclip -selection clipboard -o)" = "$KEY" ] || fail "the clipboard does not hold the square's key"
  [ "$(xclip -selection clipboard -o -t x-kde-passwordManagerHint)" = secret ] || fail "histories are not asked to leave the key out"
  press "My phone shows six digits"
  wait_for "Your phone now shows a code"; shot phone-shows
  press "I see it"
  wait_for "Type the six digits"; shot type-code
  type_text "$(wrong_code "$KEY")"
  wait_for "That code isn't right"; shot wrong-code
  type_text "$(code "$KEY")"
  wait_for "Congratulations"; shot congratulations
}

two_sheets() {
  tell "two sheets of paper"
  local last
  press "Show my spare codes"
  wait_for "Your ten spare codes"; shot spare-codes
  SPARE=$(see text | sed 's/^ *//' | grep -x -A 1 -- 3 | tail -n 1)
  last=$(last_four_of_code 3)
  press "I have it on paper"
  wait_for "last four characters of code 3"
  fill "Last four characters" "$last"; shot prove-codes
  press "Check"
  wait_for "The clinic's spare key"; shot spare-key
  last=$(last_four_of_key)
  press "I have it on paper"
  wait_for "last four characters of the clinic's spare key"
  fill "Last four characters" "$last"; shot prove-key
  press "Check"
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
  wait_gone "You're in"; wait_for "I don't have my phone"; shot locked
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
