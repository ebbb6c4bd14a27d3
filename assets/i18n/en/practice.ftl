# What signing in opens: the practice program, its database and the key.

the-program = The practice program

## What went wrong with the program

err-program-missing = { $office } cannot be found where this computer was told to look.
do-program-missing = Ask your manager or IT helper to set its path anew, under "What signing in opens". You stay signed in.
err-program-not-allowed = { $office } may not be started by the person who is logged in to this computer.
do-program-not-allowed = Ask your IT helper to allow it. You stay signed in.
err-program-folder = The folder that { $office } works in is gone.
do-program-folder = Ask your manager or IT helper to set it anew, under "What signing in opens".
err-program-still-there = { $office } is still closing from last time.
do-program-still-there = Wait a moment, then press Try again.
err-program-handover = On this computer a key cannot be passed on a descriptor.
do-program-handover = Ask your manager or IT helper to choose another way, under "What signing in opens".
err-program-broken = This computer could not start { $office }.
do-program-broken = Restart the computer and try again. If it happens again, call your IT helper.

## What the database server answered

err-server-unreachable = The database server does not answer.
do-server-unreachable = Check that the server is switched on and the network works, then try again. You stay signed in.
err-server-certificate = The database server did not prove that it is the right one, so nothing was sent to it.
do-server-certificate = Call your IT helper: its name or its certificate does not match the settings.
err-server-no-encryption = The database server does not encrypt, so nothing was sent to it.
do-server-no-encryption = Ask your IT helper to switch TLS on at the server.
err-server-admin = The database server does not take the administrative password that is kept here.
do-server-admin = Ask your IT helper to set the right one with "settings set key given".
err-server-database = The database server has no database of that name.
do-server-database = Ask your IT helper to check the setting postgres-database.
err-server-role = The database server does not have the role that the practice program needs.
do-server-role = Ask your IT helper to check the setting postgres-role.
err-server-rights = The administrative login may not do on the database server what signing in needs.
do-server-rights = Ask your IT helper to give it the rights that the page "Protect your database" names.
err-server-name-taken = The database server has a login of this desk's name that this program has not made.
do-server-name-taken = Ask your IT helper to rename or remove it. It has been left as it was.
err-server-lost = The connection to the database server broke.
do-server-lost = Check the network. The program tries again by itself.
err-server-refused = The database server refused.
do-server-refused = Tell your IT helper its code: { $state }.

## What went wrong with an encrypted file

err-cipher-program = The program "sqlcipher" cannot be started.
do-cipher-program = Install it, or set its path with "settings set sqlcipher-program".
err-cipher-other-program = The program set as "sqlcipher" cannot encrypt.
do-cipher-other-program = Install SQLCipher and set its path with "settings set sqlcipher-program".
err-cipher-no-file = The database file is not there, or may not be read.
do-cipher-no-file = Give the whole path of a file that you may read.
err-cipher-no-database = That file is not a SQLite database.
do-cipher-no-database = Give the practice program's database file. This one has been left as it was.
err-cipher-in-use = Another program has the database file open.
do-cipher-in-use = Close the practice program on every computer, then try again. The file has been left as it was.
err-cipher-original-there = The unencrypted original of last time is still there.
do-cipher-original-there = Remove it first with "protect --remove-original", or move it to a safe place.
err-cipher-differs = The encrypted copy was not the same, row for row. It has been thrown away.
do-cipher-differs = The file has been left as it was. Tell your IT helper.
err-cipher-full = There is not enough space beside the database file for an encrypted copy.
do-cipher-full = Free some space, then try again. The file has been left as it was.
err-cipher-not-allowed = Nothing may be written in the folder of the database file.
do-cipher-not-allowed = Ask your IT helper to give you the right to write there. The file has been left as it was.
err-cipher-shut = The key that is kept here does not open the database file.
do-cipher-shut = Ask your IT helper whether another file has been put in its place.
err-cipher-broken = SQLCipher stopped with an error.
do-cipher-broken = Try again. If it happens again, tell your IT helper. No data was lost.

## What went wrong with the key

err-key-none = No database key is kept here yet.
do-key-none = A manager types it under "What signing in opens".
err-key-setting = The setting "{ $setting }" is empty, and signing in needs it.
do-key-setting = A manager fills it in under "What signing in opens".
err-key-still-kept = A database key is kept here that this would make useless.
do-key-still-kept = To change it use "key rotate". To give it up, clear the file's setting first, then forget the key.
err-key-unusable = That cannot be a key.
do-key-unusable = Type it again: one line, not empty, and no longer than 4,096 letters.
err-key-not-hexadecimal = A SQLCipher key here has exactly 64 digits from 0 to 9 and a to f.
do-key-not-hexadecimal = Type it again, or let this program make one with "settings set key new".
err-key-not-this-kind = This kind of database key is not made or changed like that.
do-key-not-this-kind = See the page "Protect your database" in the README.

## On the command line

cli-ask-key = The database key
cli-key-word = What follows "settings set key" is "given", "new" or "none", never the key itself.
cli-setting-opens = "opens" is nothing, text, sqlcipher or postgres.
cli-setting-arguments = "start-arguments" is a line of words; a double quote in it has no end.
cli-setting-key-by = "key-by" is environment, environment:NAME, input or descriptor.
cli-setting-at-lock = "at-lock" is keep, or close:SECONDS with at most 600.
cli-setting-at-end = "at-end" is lock or stay.
cli-setting-port = "postgres-port" is a whole number from 1 to 65535.
cli-setting-path = That setting takes a whole path from the top, or nothing.
cli-setting-value = That setting does not take this value.
cli-key-unchecked = A text is kept. Whether it is the right one, only your practice program can tell.
cli-key-file-opens = The key opens the database file.
cli-key-file-plain = The database file is not encrypted: run "protect" with its name.
cli-key-server = The database server answers and lets this program make logins (PostgreSQL { $version }).
cli-key-server-ahead = Its clock is { $seconds } seconds ahead of this computer's. Logins go by the server's clock, so this stops nobody.
cli-key-server-behind = Its clock is { $seconds } seconds behind this computer's. Logins go by the server's clock, so this stops nobody.
cli-key-rotated = There is a new key, and the old one opens nothing any more. A backup with the new one follows by itself: copy it to a safe place.
cli-protected = The file is encrypted: { $rows } rows in { $tables } tables were compared. The old file is kept as { $original }; remove it with --remove-original once all is well.
cli-protected-already = The file was encrypted under this key already.

## The signed-in page

practice-opening = Opening { $office }…
practice-none-manager = Nothing opens yet when somebody signs in.
practice-none-manager-then = Choose the program, the kind of records and their key. It takes a code from your phone.
practice-none-staff = You are signed in, but no program is set to open.
practice-none-staff-then = Ask your manager to choose it under "What signing in opens".
practice-choose = Choose what opens
practice-running = { $office } is open.
practice-running-then = Lock when you leave the desk.
practice-closed = { $office } is not open.
practice-open = Open { $office }

## What signing in opens

practice-title = What signing in opens
practice-help = The program, its records and their key.
practice-text = When somebody signs in here, this program starts and gets the key to your records.
practice-kind = Your records
practice-kind-nothing = No key
practice-kind-nothing-text = The program starts, and opens its records without one.
practice-kind-text = A password
practice-kind-text-text = Any program that takes one text.
practice-kind-sqlcipher = An encrypted file
practice-kind-sqlcipher-text = SQLite with SQLCipher.
practice-kind-postgres = A PostgreSQL server
practice-kind-postgres-text = This desk gets a login that ends when you lock.
practice-kind-kept = To choose another kind, forget the key first.
practice-program = The program
practice-key-by = How it gets the key
practice-by-environment = Environment variable
practice-by-environment-text = Most programs can read one.
practice-by-input = Standard input
practice-by-input-text = One line, then the input ends.
practice-by-descriptor = Open file
practice-by-descriptor-text = An inherited descriptor. Not on Windows.
practice-at-lock = When somebody locks
practice-at-lock-close = Close it
practice-at-lock-close-text = It is asked first, and made to when the time is over.
practice-at-lock-keep = Leave it open
practice-at-lock-keep-text = It goes on behind the lock screen.
practice-at-end = When the program is closed
practice-at-end-lock = Lock the desk
practice-at-end-lock-text = Closing the program is leaving the desk.
practice-at-end-stay = Stay signed in
practice-at-end-stay-text = It can be opened again without a code.
practice-set-start-program = Program
practice-set-start-program-help = Its whole path. Leave it empty to start nothing.
practice-set-start-arguments = Arguments
practice-set-start-arguments-help = Words with blanks go between double quotes. Never put a password here.
practice-set-start-folder = Working folder
practice-set-start-folder-help = Its whole path, or empty.
practice-set-variable = Name of the variable
practice-set-variable-help = Empty for the usual one: { $usual }.
practice-set-grace = Seconds it has to close
practice-set-grace-help = From 0 to 600.
practice-set-sqlcipher-file = Database file
practice-set-sqlcipher-file-help = Your IT helper encrypts it with: clinic2factl protect FILE
practice-set-sqlcipher-program = The sqlcipher program
practice-set-sqlcipher-program-help = Its name or path. It changes the key of the file.
practice-set-postgres-host = Server
practice-set-postgres-host-help = As its certificate calls it, or the folder of its socket.
practice-set-postgres-port = Port
practice-set-postgres-port-help = Usually 5432.
practice-set-postgres-database = Database
practice-set-postgres-database-help = The practice program's.
practice-set-postgres-admin = Administrative login
practice-set-postgres-admin-help = It makes this desk's login. Its password is the key below.
practice-set-postgres-role = Role of the practice program
practice-set-postgres-role-help = This desk's login becomes its member.
practice-set-postgres-certificate = Certificate file
practice-set-postgres-certificate-help = Of whoever signed the server's. Empty for those this computer trusts.
practice-set-wrong = That does not fit here.
practice-key = The key
practice-key-nothing = Choose the kind of your records and save it. Then a key can be kept here.
practice-key-none = No key is kept yet, so signing in cannot open your records.
practice-key-none-sqlcipher = No key is kept yet. It is made when your IT helper runs "clinic2factl protect".
practice-key-kept = A key is kept. Nobody can see it here, and it opens only after a sign-in.
practice-key-text = Password
practice-key-admin = Password of the administrative login
practice-key-new-text = The new password
practice-key-keep = Keep it
practice-key-rotate = Change the key now
practice-key-rotate-text = The old key then opens nothing any more. A backup with the new one is made by itself.
practice-key-rotate-stored = First change it in the practice program, then type it here.
practice-key-forget = Forget the key
practice-save-first = Save your changes first.
practice-fresh-settings = Type the code your phone shows now, so that nobody else can change what signing in opens.
practice-fresh-key = Type the code your phone shows now, so that nobody else can change the key to your records.
practice-done-settings-then = They count from the next sign-in.
practice-done-key = The key is kept.
practice-done-key-then = It is used from the next sign-in.
practice-done-forget = The key is forgotten.
practice-done-rotate = The key is changed.
practice-done-rotate-then = The old one opens nothing any more. A backup with the new one follows by itself: copy it to a safe place.
happened-database-key = The key to your records was changed
log-database-key-changed = Changed the key to the records
