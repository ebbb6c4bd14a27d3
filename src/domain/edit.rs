//! What somebody changed about the clinic's settings, apart from what they only saw.
//!
//! A page or a command reads the settings, a person takes a minute, and all of them are handed back. Meanwhile somebody else
//! may have changed others, or what was read may not even have been the clinic's. So only what differs between the two
//! ends of an edit is taken, into the settings as they are then.

use serde_json::Value;

use super::state::Settings;

/// An edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    from: Option<Box<Settings>>,
    to: Box<Settings>,
}

impl Edit {
    /// What somebody saw, and what they made of it.
    #[must_use]
    pub fn new(from: Settings, to: Settings) -> Self {
        Self { from: Some(Box::new(from)), to: Box::new(to) }
    }

    /// All of it, whatever it was before.
    #[must_use]
    pub fn whole(to: Settings) -> Self {
        Self { from: None, to: Box::new(to) }
    }

    /// What was made of what was seen.
    #[cfg(test)]
    pub fn wanted(&self) -> &Settings {
        &self.to
    }

    /// The settings with what was changed, each within its range.
    #[must_use]
    pub fn of(&self, settings: &Settings) -> Settings {
        let Some(from) = &self.from else { return (*self.to).clone().within_ranges() };
        let changed = || {
            let (mut all, from, to) = (object(settings)?, object(from)?, object(&self.to)?);
            take_over(&mut all, &from, &to);
            serde_json::from_value::<Settings>(all).ok()
        };
        // What cannot be taken over changes nothing: least of all may all that was seen be taken for it.
        changed().unwrap_or_else(|| settings.clone()).within_ranges()
    }
}

fn object(settings: &Settings) -> Option<Value> {
    serde_json::to_value(settings).ok()
}

/// Object by object, whatever differs between `from` and `to`.
fn take_over(all: &mut Value, from: &Value, to: &Value) {
    let (Value::Object(all), Value::Object(to)) = (all, to) else { return };
    for (name, new) in to {
        let old = from.get(name);
        match all.get_mut(name) {
            _ if old == Some(new) => {}
            Some(present @ Value::Object(_)) if new.is_object() => take_over(present, old.unwrap_or(&Value::Null), new),
            _ => drop(all.insert(name.clone(), new.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sms::SmsState;

    #[test]
    fn what_was_only_seen_is_not_taken() {
        let seen = Settings::default();
        let mut to = seen.clone();
        to.support = "020 7946 0000".to_owned();
        to.sms.per_month = 50;
        to.practice.start_program = "/opt/office".to_owned();
        let mut present = Settings { wrong_codes: 6, ..Settings::default() };
        present.sms.state = SmsState::On;
        present.practice.start_arguments = vec!["--desk".to_owned()];
        let all = Edit::new(seen.clone(), to.clone()).of(&present);
        let mut both = present.clone();
        both.support.clone_from(&to.support);
        both.sms.per_month = 50;
        both.practice.start_program.clone_from(&to.practice.start_program);
        assert_eq!(all, both);
        // What is put back to what it was before somebody looked is a change like any other.
        assert_eq!(Edit::new(both.clone(), seen.clone()).of(&both), seen);
        assert_eq!(Edit::new(seen.clone(), seen.clone()).of(&both), both, "nothing");
        assert_eq!(Edit::whole(to.clone()).of(&both), to, "everything");
        assert_eq!(Edit::whole(Settings { wrong_codes: 99, ..seen }).of(&both).wrong_codes, 10);
    }
}
