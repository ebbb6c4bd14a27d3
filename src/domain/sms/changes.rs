//! Which of a clinic's choices about text messages differ, by the names that the command line has for them.

use super::SmsSettings;

impl SmsSettings {
    /// The names of the settings that differ, for the log.
    pub fn changed<'a>(&'a self, before: &'a Self) -> impl Iterator<Item = &'static str> + 'a {
        let (template, was) = (&self.template, &before.template);
        let differs = [
            ("sms.on", self.state != before.state),
            ("sms.gateway", self.gateway != before.gateway),
            ("sms.url", self.url != before.url),
            ("sms.account", self.account != before.account),
            ("sms.api-key", self.api_key != before.api_key),
            ("sms.sender", self.sender != before.sender),
            ("sms.proxy", self.proxy != before.proxy),
            ("sms.countries", self.countries != before.countries),
            ("sms.day-limit", self.per_day != before.per_day),
            ("sms.month-limit", self.per_month != before.per_month),
            ("sms.letters", self.letters != before.letters),
            ("sms.timeout", self.timeout_secs != before.timeout_secs),
            ("sms.body", template.body != was.body),
            ("sms.method", template.method != was.method),
            ("sms.content", template.content != was.content),
            ("sms.header", template.header != was.header),
            ("sms.auth", template.auth != was.auth),
            ("sms.accepted", template.accepted != was.accepted),
            ("sms.queued", template.queued != was.queued),
        ];
        differs.into_iter().filter_map(|(name, differs)| differs.then_some(name))
    }
}
