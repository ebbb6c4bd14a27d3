# Words used on many screens. Sentence case, no colon after a label, buttons are verbs.
# $office is the practice program's name (a setting, usually ClinicOffice), $clinic the clinic's, $name a first name.

window-title = { $office } sign-in

go-back = Back
go-next = Next
try-again = Try again
cancel = Cancel
close = Close
done = Done
show = Show
hide = Hide
copy = Copy
copied = Copied. It will be cleared from the clipboard in { $seconds } seconds.
copied-cleared = Cleared from the clipboard.
need-help = Need help? { $support }
need-help-none = Need help? Ask your practice manager.
need-help-it = Need help? Ask whoever looks after your computers.
please-wait = One moment
working-password = Checking your password
working-save = Saving
working-print = Sending to the printer
caps-lock-on = Caps Lock is on.

password = Password
code = Code from your phone
spare-code = Spare code
clinic-key = The clinic's spare key

app-google = Google Authenticator
app-microsoft = Microsoft Authenticator
app-authy = Twilio Authy
app-other = Another authenticator app
app-other-short = your authenticator app
phone-iphone = iPhone
phone-android = Android phone

## Starting

already-open-title = Already open
start-arguments = clinic2fa cannot start like this: { $argument }. It takes --data-dir FOLDER, --theme light, dark, contrast or system, --scale NUMBER, and --renderer glow or wgpu.
