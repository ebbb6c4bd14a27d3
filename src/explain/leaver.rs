//! The proof that somebody was removed, in words: on the page, on paper and on the command line. It holds no secret.

use crate::effects::Removal;
use crate::strings::Text;

/// What is said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Label and value, as "By" and "Maria Santos (msantos)".
    pub facts: Vec<(String, String)>,
    /// What stopped working.
    pub stopped: String,
    /// What to do now.
    pub advice: String,
}

/// The proof; `here` is its time as a person at this computer reads it, with date and zone, and `utc` the same in UTC.
#[must_use]
pub fn proof(removal: &Removal, here: String, utc: String) -> Proof {
    let fact = |label: &'static str, value: String| (Text::new(label).get(), value);
    let called = |name: &str, id: &str| if name == id { id.to_owned() } else { format!("{name} ({id})") };
    Proof {
        facts: vec![
            fact("leaver-who", called(&removal.name, &removal.person)),
            fact("leaver-when", here),
            fact("leaver-utc", utc),
            fact("leaver-by", called(&removal.by_name, &removal.by)),
            fact("leaver-desk", removal.desk.clone()),
            fact("leaver-entry", removal.number.to_string()),
        ],
        stopped: Text::new("leaver-stopped").get(),
        advice: Text::new("leaver-advice").get(),
    }
}
