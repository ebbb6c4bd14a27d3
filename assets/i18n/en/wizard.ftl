# Setting up: seven numbered steps, then two sheets of paper.
# $app is the authenticator app's name, $office the practice program's.

wizard-step = Step { $step } of 7
wizard-steps-done = All seven steps are done
wizard-skip = Skip to the square
wizard-drawing = A drawing of a phone

## Step 1: why

wizard-why-title = { $office } asks you to set up two-factor authentication
wizard-why-text = A stolen password is the usual way into a clinic's records. With a code from your phone as well, a password alone is no use to a thief.
wizard-why-time = It takes about four minutes. You need your phone.
wizard-why-go = Set it up
wizard-why-not-now = Not now
wizard-why-not-now-help = Not now closes the program. Nothing is protected yet.
wizard-why-how = How do you want to get your codes?
wizard-why-app = An app on my phone
wizard-why-app-help = Recommended. It is free and needs no signal.
wizard-why-sms = A text message
wizard-why-sms-help = Weaker, and each text costs money. A manager sets it up.
wizard-why-expert = It does not stop an expert who controls this computer and knows your password.

## Step 1: who

wizard-who-title = Who are you?
wizard-who-manager = I manage this clinic
wizard-who-manager-help = You set up the clinic first, and your own phone with it.
wizard-who-staff = I work on reception
wizard-who-staff-help = Your manager starts, and then it is your turn.
wizard-ask-manager-title = Please ask your manager to start this
wizard-ask-manager-text = It needs them once. After that you can set up your own phone in four minutes.
wizard-ask-manager-close = Close for now
wizard-ask-manager-closes = Close for now closes the program. Nothing is protected yet.

## Step 1: names

wizard-names-title = What are you called?
wizard-names-clinic = The clinic's name
wizard-names-clinic-example = For example Oak Tree Surgery
wizard-names-person = Your name
wizard-names-person-example = First name and last name
wizard-names-support = Who helps when something is wrong
wizard-names-support-help = A telephone number or a web page, shown at the foot of the screen. It can stay empty.
wizard-names-where = Your phone will show both, so that you find the right code.
wizard-names-clinic-empty = Type the clinic's name.
wizard-names-person-empty = Type your name.
wizard-names-colon = The colon will be left out on your phone.
wizard-names-shortened = On your phone it will be shortened to "{ $shown }".
wizard-names-too-long = That is too long. Use at most { $count } characters.
wizard-names-look-alikes = It mixes letters of two alphabets that look the same. Type it again with one keyboard layout.
wizard-names-unseen = There is a sign in it that cannot be seen. Type the name again by hand.

## Step 1: password

wizard-password-title = Choose a password for this program
wizard-password-text = Not your Windows password. You will type it each time you sign in, with a code from your phone.
wizard-password-text-other = Not the one you log in to the computer with. You will type it each time you sign in, with a code from your phone.
wizard-password-field = New password
wizard-password-busy = Making your key
wizard-password-advice = Three words that have nothing to do with each other are easy to remember.
wizard-password-rule-kept = { $rule }: yes
wizard-password-rule-broken = { $rule }: not yet
wizard-password-suggest = Suggest one
wizard-password-suggested = Three words are easy to remember. Write it down at home until you know it.
wizard-password-rule-length = At least { $count } characters
wizard-password-rule-name = Not your name or the clinic's
wizard-password-rule-common = Not easy to guess
wizard-password-short = { $count ->
    [one] 1 more character
   *[other] { $count } more characters
}
wizard-password-long = That is too long. Use at most { $count } characters.
wizard-password-has-name = Leave out your name and the clinic's.
wizard-password-weak = That would be easy to guess. Add another word.
wizard-password-good = That is a good password.

## Step 2: open the app

wizard-app-title = Open your authenticator app
wizard-app-text = An authenticator app shows a new code every 30 seconds. Which one do you have?
wizard-app-recommended = Recommended. The simplest to use.
wizard-app-microsoft-help = Often there already, for Microsoft 365.
wizard-app-authy-help = Keeps a copy for your next phone.
wizard-app-other-help = Any app that shows six-digit codes.
wizard-app-open = It's open
wizard-app-missing = I don't have it
wizard-store-title = Get { $app }
wizard-store-which = Which phone do you have?
wizard-store-search-apple = On your iPhone, open the App Store, search for "{ $app }" and tap Get.
wizard-store-search-google = On your phone, open the Play Store, search for "{ $app }" and tap Install.
wizard-store-maker-google = The right one is made by Google LLC.
wizard-store-maker-microsoft = The right one is made by Microsoft Corporation.
wizard-store-maker-authy = The right one is made by Authy Inc.
wizard-store-maker-other = Any authenticator app with six-digit codes will do. Google Authenticator is a good one.
wizard-store-free = It is free and needs no signal. The clinic sees nothing on your phone.
wizard-store-square-title = Or scan this one
wizard-store-square-name = A square that opens the app's page in the store
wizard-store-square = This square only opens the store page. Scan it with your phone's camera.
wizard-store-got-it = I have it now

## Step 3: Get started

wizard-start-title-google = Tap Get started
wizard-start-text-google = You see it when you open Google Authenticator for the first time. If it asks you to choose an account, you can tap "Use without an account".
wizard-start-title-microsoft = Tap Add account
wizard-start-text-microsoft = On a first start, tap Accept, then Skip until you see "Add account". Then choose "Other account".
wizard-start-title-authy = Tap Add account
wizard-start-text-authy = On a first start, Authy asks for your own phone number. Then it shows "Add account".
wizard-start-title-other = Start adding an account
wizard-start-text-other = Look for a plus sign, or for words like Add or Get started.
wizard-start-seen = I tapped it
wizard-start-not-seen = I don't see that: I have used it before
wizard-start-plus-then = Then come back here and press "I tapped it".
wizard-start-plus-google = Tap the plus sign at the bottom right.
wizard-start-plus-microsoft = Tap the plus sign at the top, then "Other account".
wizard-start-plus-authy = Tap the plus sign, or the three dots and then "Add account".
wizard-start-plus-other = Tap the plus sign.

## Step 4: Scan a QR code

wizard-scan-title-google = Tap Scan a QR code
wizard-scan-title-microsoft = Tap Scan a QR code
wizard-scan-title-authy = Tap Scan QR code
wizard-scan-title-other = Choose to scan a QR code
wizard-scan-text = If your phone asks whether the app may use the camera, tap Allow.
wizard-scan-inside = Do it inside { $app }, not with the phone's own camera.
wizard-scan-ready = The camera is open

## Step 5: the square

wizard-square-title = Point your phone at this square
wizard-square-text = Hold the phone about a hand's width away.
wizard-square-name = A square for your phone to scan
wizard-square-entry = Your phone will show
wizard-square-shows-digits = My phone shows six digits
wizard-square-wont-scan = It won't scan

## It won't scan

wizard-wont-title = It won't scan
wizard-wont-smaller = Show it smaller
wizard-wont-try = Wipe the camera, turn the screen brighter, and move the phone slowly closer and further away.
wizard-wont-type-google = Or type it in: in the app, tap "Enter a setup key".
wizard-wont-type-microsoft = Or type it in: in the app, tap "Enter code manually".
wizard-wont-type-authy = Or type it in: in the app, tap "Enter key manually".
wizard-wont-type-other = Or type it in: look for "Enter a key" in the app.
wizard-wont-account = Account name
wizard-wont-key = Key
wizard-wont-kind = Choose "Time based" if the app asks.
wizard-wont-key-private = Only your phone needs this key. Never send it to anyone.
wizard-key-by-hand-title = Type the key into your phone
wizard-key-by-hand = The key below does the same. Type it into the app on your phone.
wizard-wont-unsupported = If the phone says the square is not supported, it was scanned with the camera app. Scan it from inside { $app }.

## Step 6: the code appears

wizard-shows-title = Your phone now shows a code
wizard-shows-text = Six digits, under the name { $office }. They change every 30 seconds.
wizard-shows-type-now = You can start typing at any time.
wizard-shows-no-rush = No rush: the code just before also works.
wizard-shows-go = I see it
wizard-shows-not = I don't see a code

## Step 7: type it

wizard-type-title = Type the six digits
wizard-type-text = Type the code your phone shows for { $office }.
wizard-type-check = Check
wizard-type-busy = Checking

## Congratulations

wizard-congrats-title = Congratulations
wizard-congrats-text = Your phone is linked. From now on you sign in with your password and a code.
wizard-congrats-next = Two sheets of paper are left, for bad days.
wizard-congrats-next-one = One sheet of paper is left, for a day without your phone.
wizard-congrats-next-recovered = Two sheets of paper are left: your spare codes, and the clinic's new spare key.
wizard-congrats-not-yet-recovered = You are done when both are on paper. Until then the old spare key stays good.
wizard-congrats-not-yet-one = Your old phone goes on working until the sheet is on paper.
wizard-congrats-not-yet-person = You can sign in as soon as the sheet is on paper.
wizard-congrats-not-yet-staff = You can sign in after that. The sheet can also be printed later.
wizard-congrats-second = This phone is linked, too. From now on a code from either of your phones is good.
wizard-congrats-second-next = Your spare codes stay as they are.
wizard-congrats-second-go = Done
wizard-congrats-not-yet = You are done when both are on paper. Until then nothing is protected.
wizard-congrats-go = Show my spare codes

## Ten spare codes

wizard-codes-title = Your ten spare codes
wizard-codes-text = For a day without your phone. Keep them at home, not on the desk.
wizard-codes-then = Next we ask how code { $number } ends, to check the paper.
wizard-codes-later = Print later
wizard-codes-later-help = Print later leaves you without spare codes for now. You are reminded each time you sign in.
wizard-codes-save = Save as PDF
wizard-codes-print = Print
wizard-codes-copy = Copy
wizard-codes-have = I have it on paper
wizard-codes-delete = Delete the file
wizard-codes-deleted = The file is deleted.
wizard-codes-printed = Sent to the printer. Fetch the sheet now.
wizard-prove-title = Let's check your sheet
wizard-prove-text = Type the last four characters of code { $number }.
wizard-prove-field = Last four characters
wizard-prove-check = Check

## The clinic's spare key

wizard-key-title = The clinic's spare key
wizard-key-text = One sheet, in the safe; it opens everything. You need it if this computer breaks or loses its key.
wizard-key-then = Next we ask how it ends, to check the paper.
wizard-key-not-here = Do not keep it on this computer: whoever has the computer must not have the key as well.
wizard-key-have = I have it on paper
wizard-key-prove-text = Type the last four characters of the clinic's spare key.

## All done

wizard-done-title = You are set up
wizard-done-text = Put the sheets away now. Next time you sign in with your password and a code.
wizard-done-person = From now on you sign in with your password and a code. If you have printed your sheet, put it away now.
wizard-done-second = Then make somebody else a manager too, on the page People: the clinic should not depend on one phone.
wizard-done-go = Go to sign in

## Going on after a stop

wizard-resume-title = Let's go on with your set-up
wizard-resume-text = It was not finished the last time. Type your password to go on where you stopped.
wizard-resume-forgotten = Forgotten it? Ask your manager for a new slip.
wizard-resume-go = Go on
wizard-resume-over = Start over
wizard-over-title = Start over?
wizard-over-text = You get a new square and choose a new password. Delete the old { $office } entry on your phone first.
wizard-over-go = Start over
wizard-over-stay = Keep what I have

## A person's own set-up

activate-title = Welcome, { $name }
activate-text = Copy the code on your slip, then choose a password that only you know.
activate-slip = Code on the slip
activate-slip-help = Four groups. Capital or small letters, with or without dashes.
activate-busy = Checking the slip

## Words on the drawn phone

drawn-get-started = Get started
drawn-add-account = Add account
drawn-add = Add
drawn-scan = Scan a QR code
drawn-square = Place the QR code within the frame
