# Every refusal and mishap in two sentences: err-… says what happened, do-… says what to do.
# $time is minutes and seconds ("4:12"), $seconds and $minutes are whole numbers.

## The computer's key store (keychain)

err-keychain-waiting = The computer's key store is waiting for an answer.
do-keychain-waiting = Answer the window it has opened, then press Try again.
err-keychain-locked = The computer's key store is locked.
do-keychain-locked = Unlock it in the window that has opened, then press Try again.
err-keychain-absent = This computer has no key store that this program can use.
do-keychain-absent = Ask your IT helper to install GNOME Keyring or KWallet. Then log out of the computer and in again.
do-keychain-absent-windows = Log in to Windows at this computer's own screen and keyboard, then press Try again.
do-keychain-absent-macos = Log in to the Mac at its own screen and keyboard, then press Try again.
err-keychain-broken = The computer's key store gave an answer that this program cannot use.
do-keychain-broken = Restart the computer and try again. If it happens again, ask your IT helper to run "clinic2factl doctor".
err-key-missing = This computer has lost its key. Your records are safe.
do-key-missing = Fetch the clinic's spare key from the safe and press Use the spare key.

## The database and the disk

err-database-lost = This computer was set up, but its sign-in file is gone. Nothing has been opened.
do-database-lost = Ask your IT helper to bring back the latest backup. Have the clinic's spare key ready.
err-database-damaged = The sign-in file on this computer is damaged. Nothing has been opened.
do-database-damaged = Ask your IT helper to bring back the latest backup. Have the clinic's spare key ready.
err-database-newer = The sign-in file was made by a newer version of this program.
do-database-newer = Install the newest version on this computer, then start it again.
err-database-foreign = The file in the data folder belongs to another program. It has been left as it was.
do-database-foreign = Ask your IT helper to choose another data folder.
err-database-busy = Another window or program is using the sign-in file.
do-database-busy = Wait a moment, then press Try again.
err-database-readonly = This program may not write to its data folder.
do-database-readonly = Ask your IT helper to give you the right to write there. Nothing was lost.
err-disk-full = The disk is full, so this could not be recorded.
do-disk-full = Free some space, then try again. Nothing was lost.
err-network-path = The data folder is on a network drive. The sign-in file is not safe there.
do-network-path = Ask your IT helper to choose a folder on this computer's own disk.
err-folder-owner = The data folder belongs to another person of this computer.
do-folder-owner = Log in to the computer as that person, or ask your IT helper for another data folder.
err-folder-none = This computer does not say where programs keep their data.
do-folder-none = Ask your IT helper to start the program with --data-dir and a folder.
err-folder-broken = The data folder cannot be opened.
do-folder-broken = Check that the disk is connected, then press Try again.
err-already-open = The program is already open on this computer.
do-already-open = Look for its window. If you cannot see it, ask whether another person is logged in.
err-rolled-back = An old copy of the sign-in file has been put back. For safety it stays closed.
do-rolled-back = Ask your IT helper whether that was meant. If so, fetch the clinic's spare key from the safe and press Use the spare key.
err-clinic-damaged = The sign-in file does not match this computer's key. For safety it stays closed.
do-clinic-damaged = Call your IT helper. To open it all the same, fetch the clinic's spare key from the safe and press Use the spare key.
err-person-damaged = The record of { $name } is damaged, so { $name } cannot sign in. Everyone else can.
do-person-damaged = Ask your manager to set up { $name } again.

## Signing in

err-code-wrong = That code isn't right.
do-code-wrong = Wait for the next one and type it again.
err-code-used = That code has already been used.
do-code-used = { $seconds ->
    [0] Type the one your phone shows now.
    [one] The next one comes in 1 second.
   *[other] The next one comes in { $seconds } seconds.
}
err-password-wrong = That password isn't right.
do-password-wrong = Type it again. Capital and small letters matter.
do-password-wrong-caps = Caps Lock is on. Turn it off and type the password again.
err-wait = Too many tries in a short time.
do-wait = You can try again in { $time }.
err-locked = Too many wrong codes.
do-locked = You can try again in { $time }, or use a spare code.
err-manager = Too many wrong codes. Signing in with the phone is closed for you.
do-manager = Use a spare code, or ask your manager to set you up again.
err-password-stale = There have been many wrong codes with your password. Someone else may know it.
do-password-stale = Choose a new password now.
err-desk-wait = There have been very many wrong tries on this computer.
do-desk-wait = You can try again in { $time }.
err-not-a-code = A code is six digits.
do-not-a-code = Type all six digits that your phone shows for { $office }.
err-spare-wrong = That spare code isn't right.
do-spare-wrong = Check it against your sheet. Each spare code has four groups.
err-spare-used = That spare code has already been used.
do-spare-used = Cross it out on your sheet and use the next one.
err-not-a-spare = That isn't a spare code.
do-not-a-spare = A spare code has four groups of letters and digits. Copy one from your sheet.
err-clinic-key-wrong = That isn't the clinic's spare key.
do-clinic-key-wrong = Check it against the sheet from the safe, group by group.
err-not-a-clinic-key = The clinic's spare key is longer than that.
do-not-a-clinic-key = Type every group on the sheet from the safe.
err-person-not-ready = { $name } has not finished setting up.
do-person-not-ready = Ask your manager to finish it with { $name }.
err-person-unknown = Nobody here has that name.
do-person-unknown = Choose a name from the list.
err-not-allowed = Only a manager may do this, and not to themselves.
do-not-allowed = Ask a manager to sign in and do it.
err-name-empty = The name is missing.
do-name-empty = Type first name and last name.
err-name-long = That name is too long.
do-name-long = Use at most 80 letters.
err-name-invisible = That name holds a character that nobody can see.
do-name-invisible = Type it again by hand.
err-name-look-alikes = That name mixes letters of two alphabets that look the same.
do-name-look-alikes = Type it again with one keyboard layout, so that nobody can be mistaken for another.
err-name-taken = Somebody here has that name already, or one that looks the same.
do-name-taken = Add something that tells them apart, such as a second first name.
err-last-manager = This is the only manager, and a clinic needs one.
do-last-manager = Make somebody else a manager first.
err-session-over = Your sign-in was ended by a manager.
do-session-over = Lock, then ask your manager.

err-phone-replaced = This phone was not linked: another one was begun in another window since.
do-phone-replaced = Delete this entry from the phone and go on in the other window.
err-slip-over = This slip is too old, or it has been used.
do-slip-over = Ask your manager for a new slip.

err-no-password = The password is missing.
do-no-password = Type your password, then try again.
err-code-needed = Yesterday's spare code no longer counts.
do-code-needed = Type the code your phone shows now, or use another spare code.
err-not-signed-in = You are not signed in any more, so nothing was changed.
do-not-signed-in = Sign in again, then repeat it.
err-not-now = That is not possible here.
do-not-now = Run "clinic2factl status" to see how this computer stands.
err-no-memory = This computer has too little free memory to check a password.
do-no-memory = Close other programs, then try again. Nothing was counted.

## The clock

clock-shows = It shows { $time } on { $date } ({ $zone }).

# $minutes is how far out this computer's clock is.
err-clock-slow = { $minutes ->
    [0] This computer's clock is a little slow, so your phone's codes don't match.
    [one] This computer's clock is about 1 minute slow, so your phone's codes don't match.
   *[other] This computer's clock is about { $minutes } minutes slow, so your phone's codes don't match.
}
do-clock-slow = Set this computer's clock right, then try again.
err-clock-fast = { $minutes ->
    [0] This computer's clock is a little fast, so your phone's codes don't match.
    [one] This computer's clock is about 1 minute fast, so your phone's codes don't match.
   *[other] This computer's clock is about { $minutes } minutes fast, so your phone's codes don't match.
}
do-clock-fast = Set this computer's clock right, then try again.
# Whole hours: almost always the time zone, or summer time, of the computer.
err-clock-hours-slow = { $hours ->
    [one] This computer's clock is exactly one hour slow, so your phone's codes don't match.
   *[other] This computer's clock is exactly { $hours } hours slow, so your phone's codes don't match.
}
do-clock-hours-slow = Check the time zone in this computer's settings, then try again.
err-clock-hours-fast = { $hours ->
    [one] This computer's clock is exactly one hour fast, so your phone's codes don't match.
   *[other] This computer's clock is exactly { $hours } hours fast, so your phone's codes don't match.
}
do-clock-hours-fast = Check the time zone in this computer's settings, then try again.
# $days is how many days out this computer's clock is.
err-clock-days-slow = { $days ->
    [one] This computer's clock is about a day slow, so your phone's codes don't match.
   *[other] This computer's clock is about { $days } days slow, so your phone's codes don't match.
}
do-clock-days-slow = Set the date and time of this computer right, then try again.
err-clock-days-fast = { $days ->
    [one] This computer's clock is about a day fast, so your phone's codes don't match.
   *[other] This computer's clock is about { $days } days fast, so your phone's codes don't match.
}
do-clock-days-fast = Set the date and time of this computer right, then try again.
err-clock-impossible = This computer's clock shows a time that has long passed, so no code can match.
do-clock-impossible = Set the date and time of this computer right, then press Try again.
err-clock-went-back = This computer's clock shows a time before your last sign-in, so no code can be checked.
do-clock-went-back = Set the date and time of this computer right, or use one of your spare codes.

## Setting up

err-already-set-up = This computer is already set up.
do-already-set-up = Sign in instead.
err-not-set-up = This computer is not set up yet.
do-not-set-up = Ask the practice manager to set it up first.
err-proof-wrong = Those are not the last four characters.
do-proof-wrong = Look at the sheet again. If you don't have it, press Back to see the codes once more.
err-square-unreadable = This program could not draw a square that it can read itself.
do-square-unreadable = Press "It won't scan" and type the key into your phone instead.
err-names-too-long = The clinic's name and yours do not fit into the square.
do-names-too-long = Go back and shorten one of them.
err-random = This computer gave no random numbers, so no key could be made.
do-random = Restart the computer, then try again.

# The first code of a phone that is being linked; it never counts as a wrong sign-in.
err-first-code-wrong = That code isn't right.
do-first-code-wrong = Wait until your phone shows the next one, then type it here. The square you scanned is still good.
err-first-code-wrong-again = That code isn't right, either.
do-first-code-wrong-again = Look for the entry with the clinic's name. If there are two, use the lower one.
err-password-short = That password is too short.
do-password-short = { $count ->
    [one] Add 1 more character.
   *[other] Add { $count } more characters.
}
err-password-long = That password is too long.
do-password-long = Use at most { $count } characters.
err-password-name = That password is mostly a name that others know.
do-password-name = Leave out your name and the clinic's.
err-password-same = That is the password you have now.
do-password-same = Choose one that is new.
err-password-guessable = That password would be easy to guess.
do-password-guessable = Use three words that have nothing to do with each other.

## A slip from the manager

err-slip-not-a-code = That isn't a slip's code.
do-slip-not-a-code = The code on the slip has four groups of letters and digits. Copy all of them.
err-slip-wrong = That isn't the code on your slip.
do-slip-wrong = Check it group by group. If there are two slips, take the newer one.

## Paper and the clipboard

err-paper-exists = There is already a file of that name. It has been left as it was.
do-paper-exists = Choose another name.
err-paper-no-rights = You may not save files in that folder.
do-paper-no-rights = Choose another folder, such as your Documents.
err-paper-broken = The file could not be saved there.
do-paper-broken = Check that the disk or stick is connected, or choose another folder.
err-paper-full = There is no space left there.
do-paper-full = Free some space, or choose another folder.
err-paper-not-deleted = The file could not be deleted.
do-paper-not-deleted = Close it in other programs, then press Delete the file again.
err-printer-absent = This computer has no printer set up.
do-printer-absent = Save the sheet as a PDF, or copy it by hand.
err-printer-refused = The printer did not take the sheet.
do-printer-refused = Check that it is switched on and has paper, then try again.
err-clipboard = The clipboard did not take the text.
do-clipboard-sheet = Save the sheet as a PDF, or copy it by hand.
do-clipboard = Type it into your phone by hand.

## The program itself

err-worker-stuck = The program's other half has stopped. Nothing has been opened.
do-worker-stuck = Close this window and start the program again.
err-renderer = This computer could not draw the window.
do-renderer = Start the program again. If it happens again, ask your IT helper to update the graphics driver.
