# Backups: making them, and bringing one back. "Set up again" is what a manager does on the page of people.

err-backup-no-rights = The backup may not be written there.
do-backup-no-rights = Ask your IT helper to give you the right to write to that folder, or choose another one.
err-backup-full = There is no space for a backup.
do-backup-full = Free some space, then make one. Nothing else was lost.
err-backup-not-written = The backup could not be written there.
do-backup-not-written = Check that the disk or stick is connected, or choose another folder.
err-backup-not-read-back = The backup did not read back as it should, so it was not kept.
do-backup-not-read-back = Ask your IT helper to check the disk. The older backups are still there.
err-backup-busy = Another window is making a backup at this moment.
do-backup-busy = Wait a moment, then try again.
err-backup-missing = There is no file of that name.
do-backup-missing = Check the name and the folder.
err-backup-unreadable = That file cannot be read.
do-backup-unreadable = Check that the disk or stick is connected, or copy the file to a folder of your own.
err-backup-foreign = That file is not a backup of this program.
do-backup-foreign = Choose another file.
err-backup-newer = That backup was made by a newer version of this program.
do-backup-newer = Install the newest version on this computer, then try again.
err-backup-damaged = That backup is damaged, or somebody has changed it.
do-backup-damaged = Choose another backup.
err-backup-other-clinic = That backup belongs to another clinic.
do-backup-other-clinic = Choose one of this clinic's own backups.
err-backup-in-use = That is the sign-in file itself, not a backup of it.
do-backup-in-use = Choose a backup. This program keeps its own in the folder "backups".
err-backup-key-wrong = That spare key does not open this backup.
do-backup-key-wrong = Check it against the sheet, group by group. A backup opens with the spare key of its day, so a newer backup may help.
err-restore-needs-manager = This computer is in order, so only a manager can bring a backup back.
do-restore-needs-manager = Sign in as a manager and open Backups; on the command line, add --as and the manager's ID.

err-database-elsewhere = This sign-in file comes from another computer or another folder. Nothing has been opened.
do-database-elsewhere = If it was put here on purpose, fetch the clinic's spare key from the safe and press Use the spare key. If not, call your IT helper.

## What bringing a backup back changes

restore-stays = signs in as before
restore-stays-codes = { $count ->
    [one] signs in as before; 1 spare code no longer counts
   *[other] signs in as before; { $count } spare codes no longer count
}
restore-goes-on = had not finished setting up, and goes on with it
restore-reset-changed = must be set up again: password, phone or role changed since
restore-reset-added = must be set up again: is not in the backup
restore-reset-removed = comes back and must be set up again: was removed since
restore-reset-damaged = must be set up again: the record was damaged
restore-damaged = stays damaged: remove and add again
restore-left-out = is left out: somebody here has that name now
restore-changes-since = { $count ->
    [one] 1 change was made after this backup.
   *[other] { $count } changes were made after this backup.
}
restore-newer = { $count ->
    [one] There is 1 newer backup.
   *[other] There are { $count } newer backups.
}
restore-removed-return = Nobody can tell who was removed since then: look through the names, and remove whoever no longer works here.
restore-settings = The clinic's name and settings become those of the backup.
restore-key = The key to the practice's records becomes that of the backup. If it was changed since, it opens nothing: take a newer backup.
restore-log = The log goes on from the backup. If there is a damaged file, it is kept beside it.
restore-no-manager = No manager can sign in afterwards: use the clinic's spare key again to bring one back.
restore-next-code = Codes shown up to now no longer count; wait for the next one.

## The command line

cli-backup-made = { $count ->
    [one] Backup made and read back: 1 person.
   *[other] Backup made and read back: { $count } people.
}
cli-restore-would = Bringing this backup back would change what follows.
cli-restore-done = The backup is back.
cli-restore-as-of = Its last change was at { $time }.
cli-backups-none = none yet: the first sign-in of a day makes one
cli-backups-last = { $count } kept, the last of { $day }
cli-backups-not-made = none could be made at { $time }

## The window

backup-of = { $date }, { $time }
backup-daily = Made by itself at the first sign-in of the day
backup-asked = Made when a manager asked for it
backup-newest = The newest. { $kind }
backups-title = Backups
backups-text = One is made by itself each day. The last seven are kept on this computer.
backups-where = They are in the folder { $folder }.
backups-none = There is none yet. The first sign-in of a day makes one.
backups-make = Make a backup now
backups-making = Making a backup
backups-made = The backup is made, and it was read back.
backups-made-then = Copy it to a stick or another computer too: a broken disk takes the backups with it.
backups-bring-back = Bring back the one of { $backup }…
settings-backups-title = Backups
settings-backups-text = See the backups on this computer, make one now, or bring one back.
settings-backups-go = Backups
in-no-backup = There is no backup of today.
fresh-restore = Type the code your phone shows now. Then the backup is brought back.
working-restore = Bringing the backup back
restore-drawing = A drawing of a safe
restore-busy = Bringing it back
restore-choose-title = Which backup?
restore-choose-text = Take the newest one, unless something went wrong before it was made.
restore-choose-none = There is no backup on this computer.
restore-file = A backup from somewhere else
restore-file-label = File
restore-file-help = Where it is: a stick, another folder. Type or paste the whole path.
restore-file-go = Use this file
restore-key-title = Type the clinic's spare key
restore-key-text = Fetch the sheet from the safe and copy every group.
restore-key-nothing-yet = Nothing is changed yet. First you see what would be.
restore-plan-title = This is what will change
restore-plan-text = Look through it. Nothing has been changed yet.
restore-as-of = Backup of { $clinic }. Its last change was on { $date } at { $time }.
restore-go = Bring it back
restore-done-title = The backup is back
restore-done-text = Whoever must be set up again asks a manager. Everyone else signs in with the next code the phone shows, and makes new spare codes.
lock-use-backup = Bring back a backup
wizard-who-backup = This clinic has a backup
wizard-who-backup-help = This is a new computer. Bring the backup and the clinic's spare key.
happened-no-backup = No backup could be made.
happened-restored = A backup was brought back.
log-backup-created = Made a backup
log-backup-failed = No backup could be made
log-restored = Brought a backup back
log-result-disk-full = the disk was full
log-result-database-damaged = the sign-in file was damaged
log-result-no-rights = the folder may not be written to
log-result-not-read-back = it did not read back as it should
