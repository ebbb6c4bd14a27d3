# The command line. Errors come from errors.ftl.

cli-ask-password = Password
cli-ask-new-password = New password
cli-ask-code = Code from the phone
cli-ask-new-code = Code of the new entry
cli-ask-spare = Spare code
cli-ask-clinic-key = The clinic's spare key
cli-ask-activation = Activation code
err-cli-secret-argument = Passwords and codes are not taken as arguments: others on this computer could read them.
do-cli-secret-argument = Give them on standard input, one a line, or type them when asked.
err-cli-usage = { $what }
do-cli-usage = Run "clinic2factl help" for the commands.
err-cli-input-ended = The input ended before everything was given.
do-cli-input-ended = Give one line for each: { $wanted }.
err-cli-input-unreadable = A line of the input cannot be read: it is too long, or it is not UTF-8 text.
do-cli-input-unreadable = Send plain UTF-8 text, one line for each.
cli-no-such-option = There is no such option. Passwords and codes are not taken as arguments, either.
cli-option-twice = "{ $option }" is there twice.
cli-unknown-command = There is no such command.
cli-unknown-option = There is no option "{ $option }" here.
cli-missing-option = "{ $option }" is missing.
cli-missing-value = "{ $option }" needs a value.
cli-extra-argument = There is a word too many. Passwords and codes are not taken as arguments: others on this computer could read them.
cli-accepted = Signed in.
cli-set-up-begun = Scan this with the phone, then run "clinic2factl { $next }".
cli-set-up-done = Set up. Keep the spare codes and the clinic's spare key on paper; they are not shown again.
cli-done = Done.
cli-state-new = Not set up yet.
cli-state-pending = Set-up has begun and is not finished.
cli-state-active = Set up.
cli-state-closed = Closed: needs the clinic's spare key.
cli-people-count = { $count ->
    [one] 1 person
   *[other] { $count } people
}
cli-unreadable = An argument cannot be read.
cli-bad-time = "--since" needs a time such as 2026-03-02T09:00:00Z.
cli-bad-number = "--limit" needs a whole number.
cli-bad-name = A name has 1 to 80 characters, none of them invisible.
cli-program-not-here = A program to start goes after "sign-in --person ID --", and without --json.
err-cli-not-written = The codes could not be written, so nothing was confirmed.
do-cli-not-written = Run it again with a new code, where you can see or keep what it writes.
cli-taken-back = The codes that were just shown do not count. Cross them out.
err-cli-program = The program could not be started.
do-cli-program = Check its name and path. You were signed in and are signed out again.
err-not-an-activation-code = That isn't an activation code.
do-not-an-activation-code = An activation code has four groups of letters and digits. Copy it from the slip.
err-activation-wrong = That activation code isn't right.
do-activation-wrong = Check it against the newest slip. If it doesn't work, ask a manager for a new one.
err-cli-setting = { $what }
do-cli-setting = Run "clinic2factl settings show" for the settings and what they are now.
cli-setting-unknown = There is no such setting.
cli-setting-wrong-codes = "wrong-codes" is a whole number from 5 to 10.
cli-setting-time-server = "time-server" is a host name or address, with or without ":" and a port; empty for none.
cli-setting-after-lock = "after-lock" is "password" or "password-and-code".
cli-setting-lock-after-minutes = "lock-after-minutes" is a whole number from 1 to 60.
cli-setting-full-sign-in-hours = "full-sign-in-hours" is a whole number from 1 to 24.
cli-setting-lock-screen = "lock-screen" is "curtain" or "window".
cli-setting-shortest-password = "shortest-password" is a whole number from 8 to 64.
cli-bad-role = "--role" is "staff" or "manager".
cli-bad-export-file = "audit export" needs one file name that ends in .csv or .jsonl.
cli-activation = { $person } begins with this code, once and within 24 hours. It is not shown again.
cli-key-renewed = Keep the new spare key on paper and destroy the old one: it opens nothing any more.
cli-exported = { $count ->
    [one] 1 entry written.
   *[other] { $count } entries written.
}
cli-log-whole = { $count ->
    [one] The log is whole: 1 entry.
   *[other] The log is whole: { $count } entries.
}
cli-log-broken = The log is not whole: entry { $number } is missing or was changed.
cli-check-ok = ok
cli-check-bad = NOT OK
