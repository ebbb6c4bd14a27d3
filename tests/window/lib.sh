# lib.sh: what the stories told in the real window share. Sourced by demo.sh and day.sh, which are called
# STORY.sh PROGRAM PICTURES inside `.ci/desk --a11y`.
#
# What stands on the screen is read through the accessibility tree (see.py), the square by zbarimg from a screenshot as a phone
# would, the code is worked out by oathtool, the keyring is looked into by secret-tool: none of them shares a line with the
# program. The first step that fails ends it, with a last picture.
# shellcheck shell=bash
# shellcheck disable=SC2034 # much of what is kept here is used by the story
set -euo pipefail

PROGRAM=$1 PICTURES=$2
HERE=$(dirname -- "${BASH_SOURCE[0]}")
STORY=$(basename -- "$0" .sh)
SEE_PROGRAM=$(basename -- "$PROGRAM")
export SEE_PROGRAM
PID='' SHOTS=0
GLANCES=yes # whether pictures of shared steps are kept
AHEAD=0     # seconds by which the program's wall clock is ahead of this computer's
AROUND=()   # what the program is started through
THEME=()    # how it is asked for its theme

# ---- means --------------------------------------------------------------------------------------------------------------

see() { /usr/bin/python3 "$HERE/see.py" "$@"; }
tell() { printf '%s: %s\n' "$STORY" "$*" >&2; }
fail() {
  tell "FAILED: $*"
  running || tell "the program is not running any more; its last words are in $PICTURES/program.log"
  exit 1
}

start_program() {
  "${AROUND[@]}" "$PROGRAM" "${THEME[@]}" "$@" >>"$PICTURES/program.log" 2>&1 &
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

# From control to control by the keyboard, until the one of that name has it.
tab_to() {
  local i
  for i in $(seq 30); do
    [ "$(see focus)" != "$1" ] || return 0
    key Tab
    sleep 0.1
  done
  fail "Tab does not lead to \"$1\" (press $i)"
}

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

# A picture of a step that several stories share: one of them shows it.
glance() { [ "$GLANCES" = no ] || shot "$1"; }

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
# the time as the program and every phone see it
clock() { printf '%s' "$(($(date +%s) + AHEAD))"; }
# code KEY [SECONDS LATER]: what the phone shows, now or that much later
code() { oathtool --totp --base32 --now "@$(($(clock) + ${2:-0}))" "$1"; }
# a code that is certainly wrong: none of those within an hour of now
wrong_code() {
  local right; right=$(oathtool --totp --base32 --window 240 --now "@$(($(clock) - 3600))" "$1")
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

# ---- steps that several stories have ----------------------------------------------------------------------------------------
# Words are those of assets/i18n/en.

# begin_clinic CLINIC MANAGER PASSWORD: from the first page to the seven steps
begin_clinic() {
  wait_for "asks you to set up two-factor authentication"; glance welcome
  press "Set it up"
  wait_for "Who are you?"; glance who-you-are
  click choice "I manage this clinic"
  wait_for "What are you called?"
  fill "The clinic's name" "$1"
  fill "Your name" "$2"; glance names
  press "Next"
  wait_for "Choose a password for this program"
  fill "New password" "$3"
  wait_for "That is a good password"; glance password
  press "Next"
}

walk_to_square() {
  wait_for "Open your authenticator app"; glance open-app
  press "It's open"
  wait_for "Tap Get started"; glance get-started
  press "I tapped it"
  wait_for "Tap Scan a QR code"; glance scan
  press "The camera is open"
  wait_for "Point your phone at this square"; glance square
  URI=$(read_square)
  [[ $URI == otpauth://totp/ClinicOffice:* ]] || fail "not our square: ${URI%%\?*}"
  KEY=$(part "$URI" secret)
  [ ${#KEY} = 32 ] || fail "the key has ${#KEY} letters"
}

walk_to_code() {
  press "My phone shows six digits"
  wait_for "Your phone now shows a code"; glance phone-shows
  press "I see it"
  wait_for "Type the six digits"; glance type-code
}

# The ten codes: on paper, and one of them proved. SPARE is that one.
codes_on_paper() {
  local last
  press "Show my spare codes"
  wait_for "Your ten spare codes"; glance spare-codes
  SPARE=$(see text | sed 's/^ *//' | grep -x -A 1 -- 3 | tail -n 1)
  last=$(last_four_of_code 3)
  press "I have it on paper"
  wait_for "last four characters of code 3"
  fill "Last four characters" "$last"; glance prove-codes
  press "Check"
}

# The clinic's key, CLINIC_KEY: on paper, and its end proved.
key_on_paper() {
  local last
  wait_for "The clinic's spare key"; glance spare-key
  last=$(last_four_of_key)
  CLINIC_KEY=$(see text | grep -oE '([0-9A-Z]{4}[ -]?){8}' | head -n 1)
  press "I have it on paper"
  wait_for "last four characters of the clinic's spare key"
  fill "Last four characters" "$last"; glance prove-key
  press "Check"
}
