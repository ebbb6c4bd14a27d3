# The command line. Errors come from errors.ftl.

cli-about = Two-factor sign-in for a clinic's practice program, for the IT helper and for scripts.
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
cli-unknown-command = There is no command "{ $command }".
cli-unknown-option = There is no option "{ $option }" here.
cli-missing-option = "{ $option }" is missing.
cli-missing-value = "{ $option }" needs a value.
cli-extra-argument = "{ $argument }" is too much.
cli-accepted = Signed in.
cli-set-up-begun = Scan this with the phone, then run "clinic2factl setup confirm".
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
cli-no-display = There is no screen here to open a window on.
