# The two sheets of paper. Only characters of Western European letters can be printed (see paper.rs).

sheet-codes-title = Ten spare codes
sheet-codes-intro-use = For a day without your phone. A spare code takes the place of the code on your phone; you still need your password.
sheet-codes-intro-once = Each works once. Tick it off when you have used it.
sheet-codes-intro-where = Keep this sheet at home or in your purse, not on the desk.
sheet-codes-foot = If this sheet is lost, sign in and make new spare codes. The old ones stop working at once.
sheet-key-title = The clinic's spare key
sheet-key-intro-use = For the day when this computer has lost its key, or was replaced. It opens everything, so it belongs in the safe.
sheet-key-intro-once = One sheet, no copies. When you have used it, a new one is made.
sheet-key-intro-how = To use it, start the program, press "Use the spare key" and type every group below.
sheet-key-foot = If this sheet may have been seen by others, a manager can make a new spare key. This one stops working at once.
sheet-slip-title = Your code for setting up
sheet-slip-intro-use = At the lock screen, choose your name and type the code below. Then choose a password of your own.
sheet-slip-intro-phone = Have your phone at hand. Linking it takes about four minutes.
sheet-slip-intro-good = The code works once, within 24 hours of the time above.
sheet-slip-foot = If this slip is lost, tell your manager, who can make a new one. This one then stops working.
sheet-file-slip = Set-up { $name }
sheet-made-for = For
sheet-clinic = Clinic
sheet-date = Made on
sheet-used-on = Used on
sheet-file-codes = Spare codes { $name }
sheet-file-key = Spare key { $clinic }

## The page around a sheet

sheet-drawing = A drawing of a sheet of paper
sheet-save-as = Save as
sheet-save = Save
sheet-saved = Saved on this computer.
sheet-file-there = The file is { $file }
sheet-saved-then = Print it, then delete the file.
sheet-copied-then = Paste it where you can print it.
