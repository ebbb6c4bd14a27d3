#!/usr/bin/env bash
# day.sh PROGRAM PICTURES [dark]: a day of a clinic in the real window: a manager sets up and adds three people, each begins with
# a slip, they hand the desk over, a phone is forgotten, another is lost, somebody leaves, the log is read, a second phone is
# linked, and the manager loses everything and comes back with the clinic's spare key.
#
# Runs inside `.ci/desk --a11y`; `./dev day` does that. By what means it sees and acts: lib.sh, and people.sh for the clock that
# is moved on from code to code.
set -euo pipefail
# shellcheck source=tests/window/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/window/people.sh
source "$HERE/people.sh"

GLANCES=no
case ${3:-light} in
  light) ;;
  dark) THEME=(--theme dark) ;;
  *) fail "there is no theme \"$3\" to tell it in" ;;
esac
CLINIC="Oak Tree Surgery"
MARIA="Maria Santos" BEN="Ben Jones" CLEO="Cleo Park" DARA="Dara Singh"
# shellcheck disable=SC2034 # by people.sh
declare -A WORD=([$MARIA]="copper lantern meadow" [$BEN]="walnut ferry cobalt" [$CLEO]="gravel sunrise teapot" [$DARA]="velvet harbour onion")

# ---- the day ---------------------------------------------------------------------------------------------------------------

three_people_are_added() {
  tell "three people are added"
  people_page
  wait_for "There is only one manager."
  local name
  for name in "$BEN" "$CLEO" "$DARA"; do
    press "Add a person"
    fill "Their name" "$name"
    [ "$name" != "$BEN" ] || shot add-a-person
    press "Next"
    wait_for "First, one code"
    [ "$name" != "$BEN" ] || shot fresh-code
    gives_code "$MARIA"
    wait_for "Print this slip for $name"
    [ "$name" != "$BEN" ] || shot slip
    reads_slip "$name"
    wait_for "$name is added."
  done
  wait_for "Waits for set-up"; shot people
  locks
  shot tiles-that-wait
}

each_begins() {
  tell "each begins with a slip"
  click any "$BEN"
  wait_for "Ben is not set up yet"; shot not-set-up-yet
  press "Set up"
  wait_for "Code on the slip"; shot activation
  fill "Code on the slip" "${SLIP[$BEN]}"
  fill "New password" "${WORD[$BEN]}"
  wait_for "That is a good password"; shot activation-typed
  key Escape
  is_locked
  begins "$BEN" paper
  begins "$CLEO" later
  begins "$DARA" paper
}

hand_overs() {
  tell "the desk is handed over"
  signs_in "$BEN"
  locks
  signs_in "$CLEO"
  # Who printed nothing is reminded.
  wait_for "You have no spare codes left."; shot reminded
  # Who is staff has nothing of a manager's.
  ! see at button "People" 1 >/dev/null 2>&1 || fail "staff have the people page"
  locks
  signs_in "$DARA"
  locks
}

a_phone_is_forgotten() {
  tell "a phone is forgotten"
  signs_in "$MARIA"
  people_page
  click any "$DARA"
  wait_for "Let in without the phone today"; shot person
  press "Let in without the phone today"
  gives_code "$MARIA"
  wait_for "$DARA can work without a phone today."
  locks
  wait_for "No phone today"; shot day-pass
  click any "$DARA"
  wait_for "Today you sign in without your phone."
  fill "Password" "${WORD[$DARA]}"
  press "Sign in"
  wait_for "You're in, Dara"
  # She is told that it was done, and by whom.
  wait_for "You were let in without your phone for a day"
  wait_for "By $MARIA"; shot told
  locks
}

a_phone_is_lost() {
  tell "a phone is lost"
  signs_in "$MARIA"
  people_page
  click any "$CLEO"
  press "Set up again"
  wait_for "Set $CLEO up again?"; shot reset
  press "Set up again"
  wait_for "First, your password and one code"; shot password-and-code
  # A right code beside a wrong password sets nobody up again.
  fill "Your password" "not her password"
  next_code "$MARIA"
  fill "Code from your phone" "$CODE"
  wait_for "That password isn't right"; shot password-refused
  clear_field
  type_text "${WORD[$MARIA]}"
  next_code "$MARIA"
  click field "Code from your phone"; clear_field; type_text "$CODE"
  reads_slip "$CLEO"
  wait_for "$CLEO can be set up again."
  locks
  WORD[$CLEO]="pebble tractor violin"
  begins "$CLEO" paper
  signs_in "$CLEO"
  locks
}

somebody_leaves() {
  tell "somebody leaves"
  signs_in "$MARIA"
  # Whoever mistyped her password before a reset: she is told.
  wait_for "1 wrong password with your name"; shot told-of-a-wrong-password
  press "I have read this"
  people_page
  click any "$BEN"
  press "Remove"
  wait_for "Remove $BEN?"; shot remove
  press "Remove them"
  gives_both "$MARIA"
  wait_for "$BEN is removed"; shot proof
  press "Save as PDF"
  local i text proof=$HOME/proof.pdf words
  for i in $(seq 50); do [ -z "$(see value "Save as")" ] || break; sleep 0.1; done
  click field "Save as"; clear_field; type_text "$proof"
  press "Save"
  wait_for "It holds no secret."; shot proof-saved
  text=$(pdftotext -layout "$proof" -)
  for words in "$BEN (bjones)" "$MARIA (msantos)" "UTC" "Log entry" "stopped working at that moment" "change it."; do
    grep -qF "$words" <<<"$text" || fail "the proof on paper does not say \"$words\""
  done
  ENTRY=$(sed -n 's/^ *Log entry *\([0-9]*\)$/\1/p' <<<"$text")
  [ -n "$ENTRY" ] || fail "the proof on paper names no entry"
  press "Done"
  wait_for "This person is removed"
}

the_log_is_read() {
  tell "the log is read"
  shot people-in-the-evening
  key Escape
  wait_for "You're in, Maria"
  press "Settings"
  wait_for "They count for everyone at this clinic."; shot settings
  xdotool mousemove 683 400 click --repeat 8 --delay 30 5; shot settings-below
  xdotool click --repeat 20 --delay 30 5; shot settings-end
  key Escape
  wait_for "You're in, Maria"
  press "Log"
  wait_for "Newest first."
  local words file=$HOME/log.csv
  wait_for "Was removed"; shot log # rows out of sight are not laid out: the rest is looked for in the file
  click any "Whom it is about"
  wait_for "bjones (has left)"; shot log-of-whom
  click any "bjones (has left)"
  wait_gone "Was added"; shot log-of-a-leaver
  click any "From when on"
  wait_for "The last 7 days"
  click any "Today"
  wait_for "Was removed"
  # The entry that the proof names is the removal, and the log as a file has all of them.
  press "Save as a file"
  click field "Save as"; clear_field; type_text "$file"
  press "Save"
  wait_for "entries were saved."
  grep -q "^$ENTRY,.*,person-removed,bjones,msantos,.*,done" "$file" || fail "entry $ENTRY is not the removal"
  for words in person-added person-reset day-pass-given activation enrolment-finished; do
    grep -q ",$words," "$file" || fail "the log as a file has no $words"
  done
  locks
  # Who has left has no tile any more.
  ! see at any "$BEN" 1 >/dev/null 2>&1 || fail "$BEN still has a tile"
  shot evening
}

a_second_phone_is_linked() {
  tell "a second phone is linked"
  signs_in "$CLEO"
  press "My phones"
  wait_for "Link another phone"; shot my-phones
  press "Link another phone"
  wait_for "Name of the phone"
  fill "Name of the phone" "Work phone"; shot second-phone
  press "Next"
  gives_code "$CLEO"
  wait_for "Open your authenticator app"; shot second-phone-begins
  links_phone "$CLEO"
  shot second-phone-linked
  press "Done"
  wait_for "The phone is linked too."; shot two-phones
  press "Unlink Work phone"
  wait_for "Its codes stop working at once."; shot unlink
  key Escape
  wait_for "Link another phone"
  locks
}

the_manager_comes_back() {
  tell "the manager comes back with the clinic's spare key"
  click any "$MARIA"
  wait_for "I don't have my phone"
  click any "I don't have my phone"
  wait_for "Where is your phone?"; shot where-is-your-phone
  click any "I am the manager and nobody else can help: use the clinic's spare key"
  wait_for "Type the clinic's spare key"; shot spare-key-asked
  fill "The clinic's spare key" "$CLINIC_KEY"
  press "Next"
  wait_for "Choose a new password"
  WORD[$MARIA]="marble saddle thunder"
  fill "New password" "${WORD[$MARIA]}"
  wait_for "That is a good password"; shot new-password
  press "Next"
  links_phone "$MARIA"
  shot linked-again
  codes_on_paper
  key_on_paper
  wait_for "You are back"; shot back
  press "Go to sign in"
  is_locked
  signs_in "$MARIA"
  shot back-in
  locks
}

the_manager_sets_up
three_people_are_added
each_begins
hand_overs
a_phone_is_forgotten
a_phone_is_lost
somebody_leaves
the_log_is_read
a_second_phone_is_linked
the_manager_comes_back
stop_program
tell "done in $SECONDS s: $SHOTS pictures"
