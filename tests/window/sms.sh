# shellcheck shell=bash disable=SC2154 # a story of demo.sh, which has the means
# The first run with text messages in the place of the app, through a real Kannel; then a sign-in by text.

# The texts on the pretended telephone so far, one a line.
telephone() { sed -n 's/.*Got message [0-9]*: <\(.*\)>$/\1/p' "$PICTURES/.kannel/network.out" 2>/dev/null || true; }
# text_number N: the Nth text, once it is there
text_number() {
  local i
  for i in $(seq 100); do
    [ "$(telephone | wc -l)" -lt "$1" ] || { telephone | sed -n "${1}p"; return 0; }
    sleep 0.2
  done
  fail "text $1 did not arrive (look $i)"
}
code_in_text() { text_number "$1" | sed -n 's/.* text \([0-9]\{6\}\) .*/\1/p'; }

start_kannel() {
  tell "a gateway"
  mkdir -p "$PICTURES/.kannel"
  coproc KANNEL { exec /usr/bin/python3 "$HERE/kannel.py" "$PICTURES/.kannel"; }
  read -r -t 40 GATEWAY <&"${KANNEL[0]}" || fail "Kannel did not start"
}

first_run_by_text() {
  tell "first run, by text"
  start_program
  wait_for "asks you to set up two-factor authentication"
  click choice "A text message"
  wait_for "The app is safer than texts"; shot why-not-texts
  press "Use texts anyway"
  wait_for "Who are you?"
  click choice "I manage this clinic"
  wait_for "What are you called?"
  fill "The clinic's name" "$CLINIC"
  fill "Your name" "$MANAGER"
  press "Next"
  wait_for "Choose a password for this program"
  fill "New password" "$PASSWORD"
  wait_for "That is a good password"
  press "Next"
  wait_for "Which service sends your texts?" 40; shot gateway
  click choice "Kannel"
  fill "Web address" "$GATEWAY"
  # By the keyboard: what is below the foot comes into sight.
  tab_to "Account name"; type_text "clinic"
  tab_to "Password"; type_text "harbour-8"
  tab_to "Sender"; type_text "OakTree"
  shot gateway-filled
  press "Next"
  wait_for "There is no limit on what texts may cost"; shot no-limit
  fill "Texts a month, at most" "50"
  press "Next"
  wait_for "Does it work?"
  fill "Mobile number" "07700 900123"
  press "Send a test text"
  wait_for "does not know the clinic's account or password"; shot wrong-login
  press "Back"
  wait_for "Which service sends your texts?"
  # The same gateway as one that nobody knows, filled in by hand: all that follows goes through that.
  click choice "Another service"
  wait_for "How does the service want to be asked?"
  tab_to "Web address"; clear_field
  type_text "$GATEWAY?username={account}&password={secret}&to={to}&from={from}&text={text}&charset=UTF-8&coding={coding}"
  shot own-service
  tab_to "Password or key"; clear_field; type_text "harbour-7"
  tab_to "Words in a good answer"; type_text "0:Accepted"
  shot own-service-filled
  press "Next"
  wait_for "Does it work?"
  press "Send another test text"
  wait_for "has taken the text"; shot test-text
  text_number 1 | grep -q "Test text for $CLINIC" || fail "another test text"
  press "Next"
  wait_for "What is your mobile number?"; shot number
  clear_field; fill "Mobile number" ""; clear_field; type_text "020 7946 0018"
  press "Next"
  wait_for "That is a landline"; shot landline
  fill "Mobile number" ""; clear_field; type_text "+44 (0)7700 900456"
  press "Next"
  wait_for "+ 4 4 7 7 0 0 9 0 0 4 5 6"; shot confirm-number
  press "Back"
  fill "Mobile number" ""; clear_field; type_text "07700 900123"
  press "Next"
  wait_for "+ 4 4 7 7 0 0 9 0 0 1 2 3" # read out digit by digit
  [ "$(telephone | wc -l)" = 1 ] || fail "something was sent before the number was confirmed"
  press "Send me a text"
  wait_for "Type the code in the text"; wait_for "has taken the text"; shot type-text-code
  text_number 2 | grep -q '^OakTree +447700900123 text [0-9]\{6\} is your code for Oak Tree Surgery\.' || fail "another text"
  local right; right=$(code_in_text 2)
  type_text "$([ "$right" = 111111 ] && printf 111112 || printf 111111)"
  wait_for "That isn't the code in the text"; shot wrong-text-code
  type_text "$right"
  wait_for "Congratulations"; shot congratulations
}

sign_in_by_text() {
  tell "a second start: a sign-in by text"
  stop_program
  start_program
  wait_for "Sign in"; shot lock-screen
  fill "Password" "$PASSWORD"
  press "Send me a text"
  # Half a minute after the last one, and not before; the wait outlives the program.
  see wait "has taken the text" 3 >/dev/null 2>&1 || {
    wait_for "A text was sent just now"; shot text-too-soon
    click button "Send me another text" 60
    wait_for "has taken the text"
  }
  shot text-sent
  wait_for "Another text in"
  fill "Code from the text" "$(code_in_text 3)"
  wait_for "You're in"; shot signed-in
  press "Lock"
  wait_gone "You're in"
}

sms_story() {
  start_kannel
  first_run_by_text
  two_sheets
  sign_in_by_text
  stop_program
}
