# Text messages: what is sent, what is said about it, and why there is none.

## The texts themselves. Plain letters only; the code comes first; $clinic is cut when it is too long.

sms-text = { $code } is your code for { $clinic }. It works for 5 minutes. Never tell anyone this code, not even us.
sms-text-short = { $code } { $clinic }: 5 minutes. Never tell anyone this code.
sms-text-test = Test text for { $clinic }. If you can read this, texts work.
sms-text-changed = { $clinic }: your sign-in codes now go to another number. If that was not you, tell your manager now.
sms-text-changed-short = { $clinic }: your codes go to another number now. Not you? Tell your manager.

## Signing in with a text

err-text-wrong = That isn't the code in the text.
do-text-wrong = { $left ->
    [0] That code has been tried too often and is dead. Ask for a new text.
    [one] Check the text and type its six digits. You have 1 try left with it.
   *[other] Check the text and type its six digits. You have { $left } tries left with it.
}
err-text-used = That code has already been used.
do-text-used = Press Send me a text for a new one.
err-text-over = No code from a text is waiting any more. Nothing was counted.
do-text-over = Press Send me a text, then type the new code within 5 minutes.

## Waits and limits

err-sms-too-soon = A text was sent just now. It may take a minute to arrive.
do-sms-too-soon = You can ask for another in { $time }. The code in it will be the same.
err-sms-too-often = Five texts were sent to you in ten minutes.
do-sms-too-often = You can ask for another in { $time }. Until then use the app or a spare code.
err-sms-day-limit = Ten texts were sent to you today, and there are no more for today.
do-sms-day-limit = Use your phone's app or a spare code, or ask a manager.
err-sms-clinic-day-limit = The clinic has sent as many texts as it sends in a day.
do-sms-clinic-day-limit = Use your phone's app or a spare code, or ask a manager.
err-sms-clinic-month-limit = The clinic has sent as many texts as it pays for in a month.
do-sms-clinic-month-limit = Use your phone's app or a spare code. A manager can raise the limit in the settings.
err-sms-no-number = No telephone number is linked for you.
do-sms-no-number = Use your phone's app or a spare code. You can link a number once you are signed in.
err-sms-queue-full = Too many texts are waiting on this computer. Yours was not sent.
do-sms-queue-full = Wait a minute, then try again.

## Settings that cannot work

err-sms-off = Text messages are turned off here.
do-sms-off = Use your phone's app or a spare code. A manager can turn texts on in the settings.
err-sms-no-gateway = No service that sends texts is chosen.
do-sms-no-gateway = Choose the service in the settings, on the page about text messages.
err-sms-no-url = The service's web address is missing.
do-sms-no-url = Copy the address from the service's own pages.
err-sms-bad-url = The service's web address cannot be read.
do-sms-bad-url = It begins with https:// and has no blanks and no password in it.
err-sms-not-encrypted = With that address, others could read the codes on their way.
do-sms-not-encrypted = Use an address that begins with https://. Only a service inside your own network may do without.
err-sms-no-account = The service's account name is missing.
do-sms-no-account = Copy the account name or key from the service's own pages.
err-sms-no-password = The service's password is missing, or was given for another address.
do-sms-no-password = Type the service's password again.
err-sms-password-in-sight = There is a password in the description of the service. Anybody could read it there.
do-sms-password-in-sight = Write {"{"}secret{"}"} in its place, and give the password in its own field.
err-sms-bad-sender = Networks do not take that sender.
do-sms-bad-sender = A sender is a number, or a name of at most 11 plain letters and digits.
err-sms-no-limit = There is no limit on what texts may cost.
do-sms-no-limit = Set how many texts the clinic may send in a month.
err-sms-bad-template = The service would not be sent the text, or not the number.
do-sms-bad-template = Write {"{"}text{"}"} where the text goes, and {"{"}to{"}"} or {"{"}digits{"}"} where the number goes.
err-sms-unknown-placeholder = There is a name in curly brackets that we cannot fill in.
do-sms-unknown-placeholder = Only to, digits, text, from, account, secret, coding and unicode can be filled in.
err-sms-bad-json = What is sent is not JSON.
do-sms-bad-json = Copy the service's example again, and keep its quotation marks around {"{"}text{"}"} and {"{"}to{"}"}.
err-sms-bad-day-limit = That is no limit for a day.
do-sms-bad-day-limit = Write a number from 1 to 10,000.
err-sms-bad-country = That is not a country we know.
do-sms-bad-country = Use GB, IE, FR, DE, ES, IT, PT, NL, PL, US, CA, AU, NZ or IN.
err-sms-bad-method = A form or JSON cannot be sent with GET.
do-sms-bad-method = Choose POST or PUT.
err-sms-bad-header = That header cannot be sent.
do-sms-bad-header = Write a name, a colon and a value, for at most 8 headers. Host, Content-Type and Content-Length are sent by themselves.
err-sms-bad-timeout = We cannot wait that long for the service.
do-sms-bad-timeout = Choose 3 to 30 seconds.
err-sms-bad-proxy = The proxy's address cannot be read.
do-sms-bad-proxy = It looks like http://proxy:3128. Leave it empty if the clinic has none.

## Numbers

err-number-unreadable = That isn't a mobile number we can read.
do-number-unreadable = Type it as you would dial it, for example 07700 900123.
err-number-extension = That number has an extension, and texts do not reach extensions.
do-number-extension = Type the number of a mobile phone.
err-number-landline = That is a landline, and texts do not reach it.
do-number-landline = Type the number of a mobile phone.
err-number-special = That is a special number, and texts do not reach it.
do-number-special = Type the number of a mobile phone.
err-number-country = That number is from a country the clinic does not text to.
do-number-country = Use another number, or ask a manager to add the country in the settings.

## The service

err-sms-name-unknown = The text was not sent: the service's address was not found.
do-sms-name-unknown = Check the internet connection. Use the app or a spare code for now.
err-sms-unreachable = The text was not sent: the service does not answer.
do-sms-unreachable = Try again in a few minutes. Use the app or a spare code for now.
err-sms-certificate = The text was not sent: we cannot be sure that it is the right service that answers.
do-sms-certificate = Ask your IT helper to check the service's certificate. Use the app or a spare code for now.
err-sms-proxy = The text was not sent: the clinic's proxy did not let it through.
do-sms-proxy = Ask your IT helper to check the proxy. Use the app or a spare code for now.
err-sms-login = The text was not sent: the service does not know the clinic's account or password.
do-sms-login = Tell a manager: the settings need the service's new password. Use the app or a spare code for now.
err-sms-account = The text was not sent: the clinic's account with the service may not send it.
do-sms-account = Tell a manager: the account may be closed, or only on trial. Use the app or a spare code for now.
err-sms-credit = The text was not sent: the clinic's account with the service is empty.
do-sms-credit = Tell a manager to top it up. Use the app or a spare code for now.
err-sms-number = The text was not sent: the service says that texts cannot reach that number.
do-sms-number = Check the number, or use another one. Use the app or a spare code for now.
err-sms-barred = The text was not sent: that number or its network takes no texts from here.
do-sms-barred = Text START to the sender if you once texted STOP, or use another way to sign in.
err-sms-sender = The text was not sent: the service does not allow the clinic's sender.
do-sms-sender = Tell a manager: the settings need a sender that the service knows. Use the app or a spare code for now.
err-sms-busy = The text was not sent: the service is too busy.
do-sms-busy = Try again in a minute. Use the app or a spare code for now.
err-sms-moved = The service pointed to another address, and we did not follow. The text may still arrive.
do-sms-moved = Tell a manager: the settings need the service's final address. Use the app or a spare code for now.
err-sms-refused = The text was not sent. The service says "{ $said }".
do-sms-refused = Tell a manager what it says. Use the app or a spare code for now.
err-sms-no-answer = The service did not answer in time. The text may still arrive.
do-sms-no-answer = Look at your phone for a minute before you ask again. Or use the app or a spare code.
err-sms-broken = The connection to the service broke. The text may still arrive.
do-sms-broken = Look at your phone for a minute before you ask again. Or use the app or a spare code.
err-sms-strange = The service gave an answer we cannot read ({ $said }). The text may still arrive.
do-sms-strange = Look at your phone for a minute before you ask again. Or use the app or a spare code.
err-sms-too-long = The service's answer was far too long. The text may still arrive.
do-sms-too-long = Tell a manager: the address in the settings may be wrong. Use the app or a spare code for now.

## The service, to whoever tries it out

try-sms-name-unknown = Check the internet connection, and the service's address.
try-sms-unreachable = Check the service's address, or try again in a few minutes.
try-sms-certificate = Ask your IT helper to check the service's certificate.
try-sms-proxy = Ask your IT helper to check the proxy.
try-sms-login = Copy the account and the password from the service's own pages once more.
try-sms-account = Look at the account on the service's own pages: it may be closed, or only on trial.
try-sms-credit = Top the account up on the service's own pages, then try again.
try-sms-number = Check the number, or try another one.
try-sms-barred = Text START to the sender if you once texted STOP, or try another number.
try-sms-sender = Use a sender that the service knows: its own pages list them.
try-sms-busy = Try again in a minute.
try-sms-moved = Fill in the service's final address, the one that it points to: its own pages name it.
try-sms-refused = The service's own pages say what that means.
try-sms-may-arrive = Look at your phone for a minute before you send another.
try-sms-too-long = Check the address: something else may be answering there.
try-sms-clinic-day-limit = Try again tomorrow.
try-sms-clinic-month-limit = Raise the limit for a month and save it, then try again.

## The service, to whoever links a number

link-sms-later = Try again in a few minutes. If it goes on, tell a manager.
link-sms-manager = Tell a manager: somebody has to look after the clinic's texts.
link-sms-often = You can ask for another in { $time }.

## On the command line

cli-text-sent = The code is on its way to the number ending { $ending }.
cli-text-number = The code is on its way to { $number }.
cli-text-queued = The service has taken the text and waits for the network.
cli-text-accepted = The service has taken the text.
cli-text-delivered = The text has arrived.
cli-sms-confirm = Then run "clinic2factl enrol confirm".
cli-sms-why-not = Texts are the weaker way: a thief can move a number to another SIM card, and the code passes through others' hands. Offer the app first, and keep the monthly limit low.
cli-sms-secret = Password of the service
cli-setting-sms = That is no value for "{ $key }". "settings show" lists what there is now, "help" what it may be.
cli-sms-secret-set = set
cli-sms-secret-not-set = not set

## In the window

text-send = Send me a text
text-again = Send me another text
text-again-in = Another text in { $time }
text-code = Code from the text
text-goes-to = The text goes to the number ending { $ending }.
text-password-first = Type your password first. The text goes to the number ending { $ending }.
text-sending = Sending a text to the number ending { $ending }…
text-accepted = The text service has taken the text to the number ending { $ending }. It can take a minute to arrive.
text-queued = The text to the number ending { $ending } waits for the phone network. It may come late.
text-delivered = The text has arrived at the number ending { $ending }.
text-use-app = Use the app instead
texts-use-app = Use the app
texts-instead = Get codes by text instead
texts-transcript = What was said, for your IT helper
drawn-test = Test text
in-fresh-text-text = Before this change, we text you a code.

## In the log

log-text-asked = Asked for a text
log-text-sent = Text
log-result-too-soon = too soon after the last
log-result-limit = as many as allowed
log-result-texts-off = texts are off
log-result-no-number = no number linked
log-result-no-code-waiting = no code was waiting
log-result-last-try = wrong code, and the last try
log-result-queued = waits for the phone network
log-result-delivered = arrived
log-result-not-delivered = did not arrive
log-result-unknown = nobody knows whether it went
log-result-not-sent = not sent

## The wizard's steps, and the manager's page

texts-why-not-title = The app is safer than texts
texts-why-not-text = You can use texts. Please read this first.
texts-why-not-sim = A thief can have your number moved to another SIM card and get your codes.
texts-why-not-others = The code passes through other companies' computers, and shows on locked phones.
texts-why-not-cost = Each text costs money and needs phone signal. The app is free and needs none.
texts-why-not-app = The app takes two minutes to set up and is the better choice for most clinics.
texts-why-not-go = Use texts anyway
texts-gateway-title = Which service sends your texts?
texts-gateway-text = You need an account with a company that sends texts. Copy these from its web pages.
texts-try-title = Does it work?
texts-try-text = Send a text to your own mobile. It has no code in it.
texts-try-send = Send a test text
texts-try-again = Send another test text
texts-number = Mobile number
texts-number-help = As you would dial it, for example 07700 900123.
texts-number-title = What is your mobile number?
texts-number-text = Your codes will go to this phone. Nothing is sent yet.
texts-confirm-title = Is this your number?
texts-confirm-text = Press Send me a text, and a code goes to it. Press Back if it is not right.
texts-congrats = Press Done, and your codes by text go to this number. An older number gets no more codes, and is told so.
texts-type-title = Type the code in the text
texts-type-text = The six digits at the start of the text. They work for 5 minutes.
texts-page-title = Text messages
texts-page-text = For people who cannot use an app. The app stays the better way.
texts-page-turn-on = Turn texts on
texts-page-turn-off = Turn texts off
texts-page-try-title = Try it
texts-page-service-title = The service
gateway-tells-fate = { $service } tells us when a text has arrived.
gateway-tells-taken = { $service } tells us that it has taken a text. It cannot tell us whether the text has arrived.
texts-page-used = { $count } of { $limit } texts used this month.
texts-page-open = Text messages…
gateway-url = Web address
gateway-url-help = Begins with https://, or is inside your own network.
gateway-login = Account name
gateway-password = Password
gateway-sid = Account SID
gateway-auth = Auth Token, or the secret of an API key
gateway-twilio-key = SID of an API key
gateway-twilio-key-help = Safer than the Auth Token. Leave empty to use that.
gateway-api-key = API key
gateway-api-secret = API secret
gateway-password-kept = A password is kept here. Type it again only to change it, or with another address.
gateway-sender = Sender
gateway-sender-help = A number, or a name of at most 11 plain letters, as your service allows.
gateway-limit = Texts a month, at most
gateway-limit-help = This is your spending limit. Each sign-in by text is one text.
gateway-proxy = Proxy
gateway-proxy-help = Leave empty unless your IT helper says otherwise.
phones-link-number = Get codes by text
phones-change-number = Change the number for texts
phones-number = Texts to the number ending { $ending }
phones-number-short = the number ending { $ending }
fresh-number = Before linking a number, type a fresh code.
fresh-gateway = Before changing the clinic's texts, type a fresh code.
fresh-test-text = Before a test text, type a fresh code.
done-number = Your number is linked.
done-number-then = You can choose Send me a text when you sign in.
done-gateway = The clinic's texts are changed.
done-gateway-then = Send a test text to see that they arrive.
