# The lock screen, what stands behind "I don't have my phone", and the page of a person who has signed in.

lock-who = Who are you?
lock-password = Password
lock-code = Code from your phone
lock-sign-in = Sign in
lock-no-phone = I don't have my phone
lock-no-rush = No rush: the code just before also works.
lock-someone-else = I am someone else
lock-signing-in-as = Signing in as { $name }
lock-tile-wait = Try again in { $time }
lock-tile-pending = Set up
lock-tile-damaged = Ask your manager
lock-tile-new-slip = Needs a new slip
lock-tile-day-pass = No phone today
lock-day-pass = Today you sign in without your phone.
lock-day-pass-then = Your password is enough until midnight.
lock-welcome-back = Welcome back, { $name }. Your password is enough.
lock-wait = You can try again in { $time }
lock-ready-again = You can try again now.
lock-use-clinic-key = Use the spare key

## I don't have my phone

no-phone-title = Where is your phone?
no-phone-home = At home, or its battery is empty
no-phone-home-help = Use a spare code. It is good for today, on this computer.
no-phone-lost = Lost or stolen
no-phone-lost-help = Use a spare code today, and tell your manager now.
no-phone-new = I have a new phone
no-phone-new-help = Sign in with a spare code, then link the new phone.
no-phone-no-sheet = I don't have my spare codes
no-phone-no-sheet-text = Ask your manager to set you up again. It takes about four minutes.

spare-title = Type one of your spare codes
spare-text = Any one you haven't crossed out. It replaces your phone, not your password.
spare-field = Spare code
spare-sign-in = Sign in
spare-lost-title = Tell your manager now
spare-lost-text = Whoever has your phone does not have your password. Still, ask your manager to unlink the phone today.

## Signed in

in-title = You're in, { $name }
in-since = Signed in at { $time } · { $clinic }
in-lock = Lock
in-lock-hint = Ctrl+L
in-lock-hint-mac = Command+L
in-spare-left = { $count ->
    [0] You have no spare codes left.
    [one] You have 1 spare code left.
   *[other] You have { $count } spare codes left.
}
in-spare-low = Make new ones soon, so that a day without your phone is no trouble.
in-before-today = Last sign-in: today, { $time }
in-before-yesterday = Last sign-in: yesterday, { $time }
in-before = Last sign-in: { $date }, { $time }
in-by-spare = You used a spare code. Cross it out on your sheet.
in-by-spare-then = Until midnight your password is enough on this computer.
in-new-phone = I have a new phone
in-new-phone-help = The old one works until then.
in-new-codes = New spare codes
in-new-codes-help = { $count ->
    [0] You have none left.
   *[other] You have { $count } left.
}
in-change-password = Change password
in-password-changed = Last changed { $date }.
in-new-clinic-key = Make a new spare key for the clinic
in-fresh-spare-text = Type one of your spare codes, so that nobody else can do this in your name.
in-fresh-spare-help = It is used up by this, like at the lock screen.
in-fresh-code-title = First, one code
in-fresh-both-title = First, your password and one code
in-fresh-password = Your password
in-fresh-code-phone = Type the code your old phone shows now, so that nobody else can link theirs in your name.
in-fresh-code-codes = Type the code your phone shows now, so that nobody else can make spare codes in your name.
in-fresh-code-password = Type the code your phone shows now, so that nobody else can change your password.
preparing-phone = A square for your new phone is being made.
preparing-codes = Ten new spare codes are being made.

## Change password

change-title = Choose a new password
change-text = Other people's passwords stay as they are.
change-new = New password
change-go = Change it
change-done = Your password is changed.
change-done-then = Use the new one from now on.

## New spare codes

new-codes-done = Your new spare codes work now.
new-codes-done-then = Tear up the old sheet.

## New phone

new-phone-done = Your new phone is linked.
new-phone-done-then = Delete the { $office } entry on the old one.

## A person who is not set up yet

set-up-title = { $name } is not set up yet
set-up-slip = Have the slip from your manager ready, and your phone. It takes about four minutes.
set-up-slip-until = The slip is good until { $date }, { $time }.
set-up-slip-until-today = The slip is good until { $time } today.
set-up-go = Set up
set-up-go-on-text = You have chosen a password already. Go on where you stopped.
set-up-go-on = Go on
set-up-new-slip = This person's slip is too old, or it has been used.
set-up-new-slip-then = Ask your manager for a new slip.

## Many people

lock-find = Find your name
lock-find-help = Type the first letters, then press Enter.
lock-find-none = Nobody here has that name. Delete a letter or two.

## The clinic's spare key

no-phone-manager = I am the manager and nobody else can help: use the clinic's spare key
recover-drawing = A drawing of a safe
recover-busy = Trying the key
recover-key-help = Eight groups of letters and digits. Capital or small, with or without dashes.
recover-computer-title = Type the clinic's spare key
recover-computer-text = Fetch the sheet from the safe and copy every group. This gives the computer its key back.
recover-computer-passwords = Everybody's passwords, phones and spare codes go on working.
recover-computer-next-code = The code your phone shows now does not count. When you sign in, wait for the next one.
recover-computer-done = This computer has its key again
recover-computer-done-then = Put the sheet back into the safe. Sign in with your password and the next code your phone shows.
recover-manager-title = Type the clinic's spare key
recover-manager-text = Fetch the sheet from the safe and copy every group. It lets one manager choose a new password and link a phone again.
recover-manager-does = That manager's old phone and spare codes stop working. Nothing changes for anybody else.
recover-manager-logged = It is written in the log, and every manager is told. You print a new spare key at the end.
recover-which-title = Which manager are you?
recover-which-text = The others stay as they are.
recover-password-title = Choose a new password, { $name }
recover-password-text = Next you link your phone, and then two sheets are printed.
recover-manager-done = You are back
recover-manager-done-then = Put the new spare key into the safe and tear up the old one. Sign in with your new password and the next code your phone shows.

## What happened since the last sign-in

happened-since = Since you last signed in
happened-read = I have read this
happened-more = And { $count } more in the log.
happened-more-staff = And { $count } more. Ask your manager to look in the log.
happened-today = today at { $time }
happened-on = on { $date } at { $time }
happened-last = The last time: { $when }.
happened-by = By { $name }, { $when }.
happened-not-you = It was { $when }. If it was not you, tell your manager now.
happened-wrong-code = { $count ->
    [one] 1 wrong code with your name
   *[other] { $count } wrong codes with your name
}
happened-wrong-password = { $count ->
    [one] 1 wrong password with your name
   *[other] { $count } wrong passwords with your name
}
happened-spare = { $count ->
    [one] One of your spare codes was used
   *[other] { $count } of your spare codes were used
}
happened-phone = A new phone was linked to your name
happened-phone-removed = One of your phones was unlinked
happened-codes = New spare codes were made for you
happened-reset-mine = You were set up again
happened-reset = { $name } was set up again
happened-day-pass-mine = You were let in without your phone for a day
happened-day-pass = { $name } was let in without a phone for a day
happened-role-mine = What you may do here was changed
happened-role = What { $name } may do here was changed
happened-removed = { $name } was removed
happened-added-mine = You were added
happened-added = { $name } was added
happened-recovered = The clinic's spare key was used on this computer
happened-clinic-key = A new spare key was made for the clinic
happened-setting = The settings were changed
happened-other = Something new stands in the log: { $event }
in-spare-none-then = Print them now: press New spare codes below. Without them a lost phone keeps you out.
