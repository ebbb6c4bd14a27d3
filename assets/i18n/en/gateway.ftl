# A service that sends texts and is none of those we know: how it is asked. For a manager with an IT helper.

gateway-own = Another service
gateway-own-choice = Any company whose web pages say how to send a text by HTTP. Your IT helper can fill this in.
gateway-own-text = Fill this in as the service's own pages say. It can tell us that it has taken a text, but not whether the text has arrived.
gateway-own-placeholders = Write these where the values go. We fill them in for each text.
gateway-own-to = the number, as +447700900123
gateway-own-digits = the number, as 447700900123
gateway-own-of-text = the text
gateway-own-from = the sender
gateway-own-of-account = the account name
gateway-own-of-secret = the password or key, never written out
gateway-own-coding = 0, or 2 for letters like ŵ
gateway-own-unicode = 0, or 1 for letters like ŵ
gateway-own-how = How does the service want to be asked?
gateway-own-address = In the web address
gateway-own-address-text = Everything stands in the address.
gateway-own-form = With a form
gateway-own-form-text = As name=value.
gateway-own-json = With JSON
gateway-own-json-text = As JSON.
gateway-own-url-get = For example https://sms.example/send?to={"{"}to{"}"}&from={"{"}from{"}"}&text={"{"}text{"}"}
gateway-own-url-post = For example https://sms.example/send
gateway-own-method = With which method?
gateway-own-content = What is sent
gateway-own-content-help = Change the names to those of the service. The values in curly brackets are filled in.
gateway-own-auth = How does it know that it is you?
gateway-own-auth-none = By what is sent
gateway-own-auth-none-text = You write { "{" }account{ "}" } and { "{" }secret{ "}" } where they go.
gateway-own-auth-basic = With a login
gateway-own-auth-basic-text = "Basic": account name and password.
gateway-own-auth-bearer = With a key
gateway-own-auth-bearer-text = "Bearer": the key alone.
gateway-own-secret = Password or key
gateway-own-header = Header
gateway-own-header-help = For example X-Api-Key: {"{"}secret{"}"}. Leave empty if the service asks for none.
gateway-own-header-more = Header { $number }
gateway-own-accepted = Words in a good answer
gateway-own-accepted-help = Copy them from the service's example. Leave empty if any answer from 200 to 299 is a good one.
gateway-own-queued = Words when a text has to wait
gateway-own-queued-help = Only if the service has such an answer.
gateway-own-timeout = Give up after
gateway-own-timeout-help = Seconds, 3 to 30.
gateway-own-preview = This is what the service is sent, with a made-up number and text.
gateway-own-preview-text = 123456 is your code
gateway-own-preview-hidden = hidden
