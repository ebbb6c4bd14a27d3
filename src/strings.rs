//! Every sentence a person reads, from `assets/i18n/<language>/*.ftl`.
//!
//! The pure part names a sentence and its values ([`Text`]); the view and the command line turn it into words.
//! Nothing in here panics: an unknown key is shown as the key itself, and the tests below find it first.

mod languages;

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

pub use languages::{LANGUAGES, Language};

/// The words of the language the program speaks.
static SPOKEN: LazyLock<Words> = LazyLock::new(|| Words::new("en"));

/// A sentence in the spoken language: `tr!("try-again")`, `tr!("lock-wait", time = "4:12")`.
#[macro_export]
macro_rules! tr {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::strings::Text::new($key)$(.with(stringify!($name), $value))*.get()
    };
}

/// A sentence by its key, with the values that go into it: what the pure part carries instead of words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    key: &'static str,
    values: Vec<(&'static str, Value)>,
}

/// A value in a sentence. Numbers choose between "1 second" and "2 seconds".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text, put in as it is.
    Text(String),
    /// A whole number.
    Number(i64),
}

impl Text {
    /// The sentence under `key`.
    #[must_use]
    pub fn new(key: &'static str) -> Self {
        Self { key, values: Vec::new() }
    }

    /// The same sentence with one more value in it.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.values.push((name, value.into()));
        self
    }

    /// The key, for command-line answers and tests.
    #[must_use]
    pub fn key(&self) -> &'static str {
        self.key
    }

    /// The words, in the spoken language.
    #[must_use]
    pub fn get(&self) -> String {
        SPOKEN.say(self)
    }
}

/// The words of one language, with the first language behind it for what it lacks.
pub struct Words {
    bundles: Vec<FluentBundle<FluentResource>>,
}

impl Words {
    /// The words of the language with that tag, or of the first language when it is not carried.
    #[must_use]
    pub fn new(tag: &str) -> Self {
        let wanted = LANGUAGES.iter().find(|language| language.tag == tag);
        let first = LANGUAGES.first().filter(|first| wanted.is_none_or(|wanted| wanted.tag != first.tag));
        Self { bundles: wanted.into_iter().chain(first).map(bundle).collect() }
    }

    /// The words of a sentence; the key itself when no language has it.
    #[must_use]
    pub fn say(&self, text: &Text) -> String {
        let mut args = FluentArgs::with_capacity(text.values.len());
        for (name, value) in &text.values {
            match value {
                Value::Text(text) => args.set(*name, FluentValue::from(text.as_str())),
                Value::Number(number) => args.set(*name, FluentValue::from(*number)),
            }
        }
        for bundle in &self.bundles {
            if let Some(pattern) = bundle.get_message(text.key).and_then(|message| message.value()) {
                // What cannot be filled in stays visible as {$name}; a sentence with a hole beats none.
                let mut holes = Vec::new();
                return bundle.format_pattern(pattern, Some(&args), &mut holes).into_owned();
            }
        }
        text.key.to_owned()
    }
}

/// One language as fluent wants it. A file with a mistake gives the sentences that are right; the tests find the rest.
fn bundle(language: &Language) -> FluentBundle<FluentResource> {
    let tag: LanguageIdentifier = language.tag.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // Fluent wraps values in invisible direction marks, which our fonts draw as boxes.
    bundle.set_use_isolating(false);
    for (_, text) in language.files {
        let resource = match FluentResource::try_new((*text).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Cow<'_, str>> for Value {
    fn from(text: Cow<'_, str>) -> Self {
        Self::Text(text.into_owned())
    }
}

/// Numbers beyond the largest that fits say that largest one: no sentence needs more.
macro_rules! number {
    ($($kind:ty),*) => {$(
        impl From<$kind> for Value {
            fn from(number: $kind) -> Self {
                Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
            }
        }
    )*};
}
number!(u8, u16, u32, u64, usize, i32, i64);

#[cfg(test)]
mod tests;
