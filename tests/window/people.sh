# people.sh: what several people at one desk do again and again. Sourced by stories of a clinic in use, after lib.sh.
#
# A code counts once, so that a day needs many half minutes: the program runs with libfaketime, and its wall clock is moved on
# to the next code instead of waiting for it. The clock that cannot be set goes on as it does.
#
# The story names its CLINIC and MARIA, the manager, and gives each person a WORD, the password.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # the story's
declare -A PHONE SLIP

# ---- a clock that is moved on ----------------------------------------------------------------------------------------------

CLOCK=$HOME/clock
printf '+0\n' >"$CLOCK"
AROUND=(env "LD_PRELOAD=$(faketime -f +0 printenv LD_PRELOAD)" "FAKETIME_TIMESTAMP_FILE=$CLOCK" FAKETIME_NO_CACHE=1
  FAKETIME_DONT_FAKE_MONOTONIC=1)

# The next code of a person's phone: one that was never given.
next_code() {
  AHEAD=$((AHEAD + 30))
  printf '+%d\n' "$AHEAD" >"$CLOCK.new"
  mv "$CLOCK.new" "$CLOCK"
  CODE=$(code "${PHONE[$1]}")
}

# ---- what people do again and again ----------------------------------------------------------------------------------------

first_name() { printf '%s' "${1%% *}"; }

# Tap one's own tile, password, code; back after a short absence, the password alone.
signs_in() {
  click any "$1"
  fill "Password" "${WORD[$1]}"
  if see wait "Code from your phone" 1 >/dev/null 2>&1; then
    next_code "$1"
    fill "Code from your phone" "$CODE"
  else
    press "Sign in"
  fi
  wait_for "You're in, $(first_name "$1")"
}

# The tiles of everyone are there, whether or not somebody may come back with the password alone.
is_locked() {
  wait_gone "You're in"
  wait_for "Password"
}

locks() {
  key ctrl+l
  is_locked
}

# The seven steps, from the square on: a phone of one's own.
links_phone() {
  walk_to_square
  PHONE[$1]=$KEY
  walk_to_code
  next_code "$1"
  type_text "$CODE"
  wait_for "Congratulations"
}

# The code before a change.
gives_code() {
  wait_for "First, one code"
  next_code "$1"
  type_text "$CODE"
}

# The manager's password and the code, before what cannot be taken back.
gives_both() {
  wait_for "First, your password and one code"
  fill "Your password" "${WORD[$1]}"
  next_code "$1"
  fill "Code from your phone" "$CODE"
}

# The slip on the screen, as it is copied from paper.
reads_slip() {
  wait_for "Print this slip for $1"
  SLIP[$1]=$(see text | grep -oE '([0-9A-Z]{4}[ -]?){4}' | head -n 1)
  [ "$(tr -d ' -' <<<"${SLIP[$1]}" | tr -d '\n' | wc -c)" = 16 ] || fail "no code on the slip of $1"
  press "I have it on paper"
}

people_page() {
  press "People"
  wait_for "Add a person"
}

# Slip, a password of one's own, the seven steps; then the sheet, or [Print later].
begins() {
  click any "$1"
  wait_for "$(first_name "$1") is not set up yet"
  press "Set up"
  fill "Code on the slip" "${SLIP[$1]}"
  fill "New password" "${WORD[$1]}"
  wait_for "That is a good password"
  press "Next"
  links_phone "$1"
  if [ "$2" = paper ]; then
    codes_on_paper
  else
    press "Show my spare codes"
    wait_for "Your ten spare codes"
    press "Print later"
  fi
  wait_for "You are set up"
  press "Go to sign in"
  is_locked
}

the_manager_sets_up() {
  tell "the manager sets up"
  # shellcheck disable=SC2119 # it takes arguments, and none here
  start_program
  begin_clinic "$CLINIC" "$MARIA" "${WORD[$MARIA]}"
  links_phone "$MARIA"
  codes_on_paper
  key_on_paper
  wait_for "You are set up"
  press "Go to sign in"
  # Alone she has no tile to tap: she is the one.
  fill "Password" "${WORD[$MARIA]}"
  next_code "$MARIA"
  fill "Code from your phone" "$CODE"
  wait_for "You're in, Maria"
}
