# Phones, people, settings and the log: what somebody who has signed in may change.

people-fresh-second-phone = Type the code your phone shows now, so that nobody else can link { $label } in your name.
people-fresh-remove-phone = Type the code of a phone that you keep. The other one then stops working.
people-fresh-add = Type the code your phone shows now. Then you get a slip to print for { $name }.
people-fresh-reset = Type the code your phone shows now. The phones, password and spare codes of { $name } then stop working, and you get a slip to print.
people-fresh-remove = Type the code your phone shows now. { $name } can then no longer sign in.
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
