#!/usr/bin/env bash
# practice.sh PROGRAM PICTURES: what signing in opens, in the real window: a manager chooses the practice program, whose records
# an encrypted SQLite file holds; signing in opens it, an empty desk locks it away, the password alone brings it back, the desk is
# handed over, and after the lock nobody reads the file.
#
# Runs inside `.ci/desk --a11y`; `./dev practice` does that. By what means it sees and acts: lib.sh, and people.sh for the clock
# that is moved on from code to code. The practice program is a shell script with a window of xmessage's.
set -euo pipefail
# shellcheck source=tests/window/lib.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=tests/window/people.sh
source "$HERE/people.sh"

GLANCES=no
CLINIC="Oak Tree Surgery"
MARIA="Maria Santos" BEN="Ben Jones"
# shellcheck disable=SC2034 # by people.sh
declare -A WORD=([$MARIA]="copper lantern meadow" [$BEN]="walnut ferry cobalt")
CTL=$(dirname -- "$PROGRAM")/clinic2factl
RECORDS=$HOME/office.db OFFICE=$HOME/office SEEN=$HOME/seen NUMBER=$HOME/number

# ---- the practice program --------------------------------------------------------------------------------------------------

# It opens its records with the key that it finds in its environment, and shows what it reads.
make_practice_program() {
  sqlcipher -batch "$RECORDS" "CREATE TABLE patient (name); INSERT INTO patient VALUES ('Zoe Fairweather'), ('Tom Okafor');"
  cat >"$OFFICE" <<END
#!/bin/sh
{ printf "PRAGMA key = \"x'%s'\";\n" "\$CLINIC2FA_KEY"; echo "SELECT name FROM patient ORDER BY name;"; } |
  sqlcipher -batch "$RECORDS" 2>&1 | grep -v '^ok$' >"$SEEN.new"
mv "$SEEN.new" "$SEEN"
echo \$\$ >"$NUMBER"
exec xmessage -title "Practice records" -geometry 260x120-8-80 -file "$SEEN"
END
  chmod +x "$OFFICE"
}

reads() { sqlcipher -batch "$RECORDS" "SELECT name FROM patient" 2>/dev/null; }
# One that has ended, and that nobody has waited for, does not run.
runs() { grep -qs ') [^Z] ' "/proc/$(cat "$NUMBER")/stat"; }
is_open() { xwininfo -name "Practice records" >/dev/null 2>&1; }

# The program's window is there, with what it read, and the key is in nobody's environment or arguments but its own.
opens() {
  local i
  for i in $(seq 100); do
    ! is_open || break
    sleep 0.1
  done
  is_open || fail "the practice program has no window ($i)"
  [ "$(tr '\n' ' ' <"$SEEN")" = "Tom Okafor Zoe Fairweather " ] || fail "the practice program read: $(cat "$SEEN")"
  rm "$SEEN"
  local holder key
  holder=$(cat "$NUMBER")
  key=$(tr '\0' '\n' <"/proc/$holder/environ" | sed -n 's/^CLINIC2FA_KEY=//p')
  [ ${#key} = 64 ] || fail "the practice program has no key"
  ! grep -qsl -- "$key" /proc/[0-9]*/cmdline || fail "the key is an argument"
  [ "$(grep -sl -- "$key" /proc/[0-9]*/environ)" = "/proc/$holder/environ" ] || fail "others have the key"
}

# It is gone, and without it nobody reads the file.
is_away() {
  local i
  for i in $(seq 100); do
    is_open || runs || break
    sleep 0.1
  done
  ! is_open || fail "the practice program is still open ($i)"
  ! runs || fail "the practice program still runs ($i)"
  ! reads || fail "anybody can read the records"
}

# ---- the story -------------------------------------------------------------------------------------------------------------

a_colleague_joins() {
  tell "a colleague joins"
  people_page
  press "Add a person"
  fill "Their name" "$BEN"
  press "Next"
  gives_code "$MARIA"
  reads_slip "$BEN"
  wait_for "$BEN is added."
  locks
  begins "$BEN" later
}

# To the page, from the page of somebody who is in.
page_of_the_program() {
  press "$1"
  wait_for "When somebody signs in here"
}

saves() {
  press "Save"
  gives_code "$MARIA"
  wait_for "The settings are saved"
}

# A field below what the page shows: by the keyboard, which scrolls it into sight.
fills_by_keyboard() {
  local i
  for i in $(seq 30); do
    [ "$(see focus)" != "$1" ] || break
    key Tab
  done
  [ "$(see focus)" = "$1" ] || fail "no way to \"$1\" by the keyboard ($i)"
  key ctrl+a
  type_text "$2"
}

nothing_opens_yet() {
  tell "nothing opens yet"
  signs_in "$MARIA"
  wait_for "Nothing opens yet when somebody signs in."; shot nothing-opens
  page_of_the_program "Choose what opens"; shot what-opens
  fills_by_keyboard "Program" "$HOME/no-such-program"; shot program-typed
  saves; shot program-saved
  press "Back"
  press "Open ClinicOffice"
  wait_for "cannot be found where this computer was told to look."; shot program-missing
}

the_records_are_protected() {
  tell "the IT helper encrypts the records"
  reads >/dev/null || fail "the records are not there"
  next_code "$MARIA"
  printf '%s\n%s\n' "${WORD[$MARIA]}" "$CODE" | "${AROUND[@]}" "$CTL" protect "$RECORDS" --as msantos >"$HOME/protected" ||
    fail "protect: $(cat "$HOME/protected")"
  ! reads || fail "anybody can read the records"
  page_of_the_program "What signing in opens"
  wait_for "An encrypted file"; shot records-protected
  fills_by_keyboard "Program" "$OFFICE"
  saves
  press "Back"
  press "Open ClinicOffice"
  opens; shot program-open
}

an_empty_desk_locks() {
  tell "an empty desk locks"
  press "Settings"
  wait_for "They count for everyone at this clinic."
  fills_by_keyboard "Minutes without anybody at the computer before it locks" 1; shot lock-after
  saves
  press "Back"
  local began=$SECONDS
  wait_for "because nobody has typed" 50; shot locking-soon
  wait_for "Your password is enough" 50; shot idle-locked
  tell "locked after $((SECONDS - began)) s"
  is_away
}

the_password_alone_brings_it_back() {
  tell "the password alone"
  fill "Password" "${WORD[$MARIA]}"
  press "Sign in"
  wait_for "You're in, Maria"
  wait_for "ClinicOffice is open."
  opens; shot back-again
}

the_desk_is_handed_over() {
  tell "the desk is handed over"
  # The keyboard is the practice program's now: by the keys that count everywhere.
  key ctrl+shift+l
  is_locked
  is_away
  signs_in "$BEN"
  wait_for "ClinicOffice is open."
  opens; shot handed-over
}

it_is_gone() {
  tell "locked, and gone"
  press "Lock"
  wait_gone "You're in"
  is_away; shot gone
  # Killed outright, our program takes the other one with it, and the next start comes up locked.
  signs_in "$MARIA"
  opens
  kill -KILL "$PID"
  wait "$PID" 2>/dev/null || true
  is_away
  # shellcheck disable=SC2119 # it takes arguments, and none here
  start_program
  wait_for "I don't have my phone"; shot next-start
  is_away
}

make_practice_program
the_manager_sets_up
a_colleague_joins
nothing_opens_yet
the_records_are_protected
an_empty_desk_locks
the_password_alone_brings_it_back
the_desk_is_handed_over
it_is_gone
stop_program
tell "done in $SECONDS s: $SHOTS pictures"
