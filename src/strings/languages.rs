//! The languages the program carries. Adding one: a folder beside `en` and an entry here; the tests compare the keys.

/// One language: its tag (BCP 47) and the files of its folder.
pub struct Language {
    /// "en", "cy", "pl".
    pub tag: &'static str,
    /// The text of each `.ftl` file, with its name for messages of the tests.
    pub files: &'static [(&'static str, &'static str)],
}

/// The files every language has.
macro_rules! language {
    ($tag:literal) => {
        Language {
            tag: $tag,
            files: &[
                ("common", include_str!(concat!("../../assets/i18n/", $tag, "/common.ftl"))),
                ("errors", include_str!(concat!("../../assets/i18n/", $tag, "/errors.ftl"))),
                ("wizard", include_str!(concat!("../../assets/i18n/", $tag, "/wizard.ftl"))),
                ("lock", include_str!(concat!("../../assets/i18n/", $tag, "/lock.ftl"))),
                ("practice", include_str!(concat!("../../assets/i18n/", $tag, "/practice.ftl"))),
                ("desk", include_str!(concat!("../../assets/i18n/", $tag, "/desk.ftl"))),
                ("people", include_str!(concat!("../../assets/i18n/", $tag, "/people.ftl"))),
                ("backup", include_str!(concat!("../../assets/i18n/", $tag, "/backup.ftl"))),
                ("leaver", include_str!(concat!("../../assets/i18n/", $tag, "/leaver.ftl"))),
                ("cli", include_str!(concat!("../../assets/i18n/", $tag, "/cli.ftl"))),
                ("process", include_str!(concat!("../../assets/i18n/", $tag, "/process.ftl"))),
                ("sms", include_str!(concat!("../../assets/i18n/", $tag, "/sms.ftl"))),
                ("gateway", include_str!(concat!("../../assets/i18n/", $tag, "/gateway.ftl"))),
                ("sheet", include_str!(concat!("../../assets/i18n/", $tag, "/sheet.ftl"))),
            ],
        }
    };
}

/// All languages; the first one is spoken where another has no word.
pub const LANGUAGES: &[Language] = &[language!("en")];
