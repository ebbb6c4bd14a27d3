# Phones, people, settings and the log: what somebody who has signed in may change.

people-fresh-second-phone = Type the code your phone shows now, so that nobody else can link { $label } in your name.
people-fresh-remove-phone = Type the code of a phone that you keep. The other one then stops working.
people-fresh-add = Type the code your phone shows now. Then you get a slip to print for { $name }.
people-fresh-reset = { $by ->
        [text] Type your password, and the code that we text you.
        [sheet] Type your password and one of your spare codes.
       *[phone] Type your password and the code your phone shows now.
    } The phones, password and spare codes of { $name } then stop working, and you get a slip to print.
people-fresh-remove = { $by ->
        [text] Type your password, and the code that we text you.
        [sheet] Type your password and one of your spare codes.
       *[phone] Type your password and the code your phone shows now.
    } { $name } can then no longer sign in.
people-fresh-role = Type the code your phone shows now. Then { $name } has the new role.
people-fresh-day-pass = Type the code your phone shows now. { $name } can then work on this computer until midnight with the password alone.
people-fresh-settings = Type the code your phone shows now. Then the settings are saved.
people-fresh-clinic-key = Type the code your phone shows now. The old spare key works until the new one is on paper.
people-done-second-phone = The phone is linked too.
people-done-second-phone-then = Either phone's code works now.
people-done-remove-phone = The phone is unlinked.
people-done-remove-phone-then = Its codes no longer work. Delete its entry in the app.
people-done-add = { $name } is added.
people-done-reset = { $name } can be set up again.
people-done-slip-then = Hand over the slip yourself. It works once, and for 24 hours.
people-done-remove = This person is removed and can no longer sign in.
people-done-remove-then = Change the database's password too: somebody who knew a password may have kept a copy of the files.
people-done-role = { $name } has another role now.
people-done-role-then = It counts from the next sign-in.
people-done-day-pass = { $name } can work without a phone today.
people-done-day-pass-then = The password is enough on this computer until midnight.
people-done-settings = The settings are saved.
people-done-settings-then = They count from now on.
people-done-clinic-key = The new spare key works now.
people-done-clinic-key-then = Put it into the safe and tear up the old one.
people-signed-in = { $name } is signed in

## My phones

phones-title = My phones
phones-help = Link another, or unlink one.
phones-text = A code from any of these lets you sign in.
phones-first = Phone
phones-linked = Linked on { $date }
phones-unlink = Unlink { $name }
phones-link-another = Link another phone
phones-link-title = Link another phone
phones-link-text = Give it a name, so that you can tell your phones apart. The others go on working.
phones-label = Name of the phone
phones-label-help = Such as: Work phone
phones-unlink-title = Unlink { $name }?
phones-unlink-text = Its codes stop working at once. Your other phones and your spare codes stay as they are.
phones-unlink-go = Unlink it

## People

people-title = People
people-summary-plain = Add, set up again, remove.
people-summary-all = { $count } linked.
people-summary = { $linked } linked, { $waiting ->
    [one] 1 waits
   *[other] { $waiting } wait
} for set-up.
people-add = Add a person
people-add-text = You get a slip to print. The new person sets up with it and chooses a password of their own.
people-name = Their name
people-role = What may they do?
people-role-staff = Reception
people-role-staff-text = Signs in, and changes their own phone, codes and password.
people-role-manager = Manager
people-role-manager-text = Also adds and removes people, changes settings and reads the log.
people-search = Find a person
people-row = { $name } · { $role }
people-row-you = { $name } (you) · { $role }
people-one-manager = There is only one manager.
people-one-manager-then = Make somebody else a manager too: if you are ill or lose your phone, the clinic still has one.
people-state-active = Signs in
people-state-day-pass = Works without a phone today
people-state-locked = Locked for another { $time }
people-state-manager-needed = Locked until you set them up again, or they use a spare code
people-state-slip = Waits for set-up; the slip is good until { $date }, { $time }
people-state-begun = Has begun to set up
people-state-new-slip = Needs a new slip: press Set up again
people-state-damaged = Cannot be read; set up again
people-no-phone = No phone
people-phone = Phone linked on { $date }
people-phone-named = { $name } linked on { $date }
people-never-in = Has not signed in yet
people-codes-left = { $count ->
    [0] No spare codes left
    [one] 1 spare code left
   *[other] { $count } spare codes left
}
people-own = Your own phone, spare codes and password are changed on your first page.
people-reset = Set up again
people-day-pass = Let in without the phone today
people-make-manager = Make manager
people-make-staff = Make reception
people-remove = Remove
people-remove-title = Remove { $name }?
people-remove-now = They can no longer sign in, at once.
people-remove-log = What they did stays in the log.
people-remove-password = Afterwards change the database's password: whoever knew a password may have kept a copy of the files.
people-remove-go = Remove them
people-reset-title = Set { $name } up again?
people-reset-now = Their phones, password, spare codes and locks are gone, at once.
people-reset-slip = You get a slip to print. It is good for 24 hours and works once.
people-reset-hand-over = Hand it to them yourself: whoever has the slip can set up in their name.
people-reset-go = Set up again

slip-title = Print this slip for { $name }
slip-text = With this code they set up at the lock screen. It is shown only now.
slip-good = Good for 24 hours, and once. Hand it over yourself.

## Settings

settings-title = Settings
settings-help = Names, help, locks and passwords.
settings-text = They count for everyone at this clinic.
settings-save = Save
settings-program = Your practice program
settings-program-help = As people here call it.
settings-program-missing = Type its name.
settings-support = Who helps
settings-support-help = A telephone number or web page, shown at the foot of every page.
settings-wrong-codes = Wrong codes before a lock
settings-wrong-codes-help = From 5 to 10.
settings-shortest = Shortest password
settings-shortest-help = From 8 to 64 characters. It counts for new passwords.
settings-time-server = The clinic's own time server
settings-time-server-help = Leave empty if there is none. It is only asked for the time, so that a wrong clock can be explained.
settings-time-server-bad = A name like time.example.org, with or without a colon and a port.
settings-range = Type a number from { $from } to { $to }.
settings-key-title = The clinic's spare key
settings-key-text = If somebody may have seen it, make a new one. The old one then stops working.

## The log

log-title = Log
log-help = Who signed in, and what changed.
log-text = Newest first. Nothing can be changed or removed here.
log-filter-person = Whom it is about
log-filter-kind = What happened
log-filter-since = From when on
log-person-left = { $id } (has left)
log-since-ever = From the beginning
log-since-today = Today
log-since-week = The last 7 days
log-since-month = The last 30 days
log-everyone = Everyone
log-everything = Everything
log-newer = Newer
log-older = Older
log-export = Save as a file
log-export-help = The whole log. A name that ends in .jsonl gives JSON lines, any other gives CSV for a spreadsheet.
log-exported = { $count ->
    [one] 1 entry was saved.
   *[other] { $count } entries were saved.
}
log-exported-then = The file has names in it. Keep it where only managers can read it.
log-file = Log { $clinic }
log-empty = There is nothing here.
log-by = by { $name }
log-refused = { $what }: { $result }
log-result-wrong-code = the code was wrong
log-result-wrong-code-locked = the code was wrong, and a lock of 15 minutes began
log-result-wrong-code-manager = the code was wrong once too often: a manager or a spare code is needed
log-result-wrong-key = the key was wrong
log-result-wrong-password = the password was wrong
log-result-must-wait = had to wait
log-result-clock-off = the code was wrong, and this computer's clock is
log-result-already-used = the code had been used already
log-result-clock-went-back = this computer's clock showed an earlier time
log-result-forward = forward
log-result-back = back
log-result-keychain-locked = it was locked
log-result-keychain-absent = there was none
log-result-keychain-broken = it answered something that makes no sense
log-result-key-missing = this computer's key was not in it
log-set-up-begun = Began to set up the clinic
log-set-up-dropped = Gave up an unfinished set-up
log-set-up-finished = Finished setting up the clinic
log-sign-in = Signed in
log-fresh-code = Gave a code before a change
log-password = Gave a password
log-enrolment-begun = Began to link a phone
log-enrolment-code = Gave the first code of a new phone
log-enrolment-dropped = Gave up linking a phone
log-enrolment-finished = Linked a phone
log-recovery-codes-renewed = Made new spare codes
log-password-changed = Changed the password
log-slot-raised = Password protection made stronger
log-person-added = Was added
log-person-reset = Was set up again
log-person-removed = Was removed
log-role-changed = Got another role
log-day-pass-given = Was let in without a phone for a day
log-activation = Used the code on a slip
log-phone-removed = Unlinked a phone
log-setting-changed = Changed the settings
log-recovery-key-renewed = Made a new spare key for the clinic
log-recovered = Used the clinic's spare key
log-notices-seen = Read what had happened
log-locked = Locked
log-clock-jump = This computer's clock was turned
log-keychain-failed = The system's key store did not answer

## Told at the next sign-in: whom wrong codes shut out

happened-locked-mine = { $count ->
    [one] Wrong codes locked you out for 15 minutes
   *[other] Wrong codes locked you out for 15 minutes, { $count } times
}
happened-locked = { $count ->
    [one] Wrong codes locked { $name } out for 15 minutes
   *[other] Wrong codes locked { $name } out for 15 minutes, { $count } times
}
happened-shut-out-mine = So many wrong codes that your phone was no longer accepted
happened-shut-out = So many wrong codes that { $name } needs a manager or a spare code
