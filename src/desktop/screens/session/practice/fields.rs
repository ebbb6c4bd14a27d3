//! The settings of what signing in opens, as they are typed and chosen. Their texts are those of the command line.

use std::collections::BTreeMap;

use eframe::egui::Ui;

use crate::desktop::theme::{FORM_WIDTH, space};
use crate::desktop::widgets::{ChoiceCard, ChoiceState, TextField, columns_ui, step_heading_ui};
use crate::domain::edit::Edit;
use crate::domain::practice::{KEYS, Opens, Practice};
use crate::domain::state::Settings;
use crate::ports::KeyKept;
use crate::strings::Text;
use crate::tr;

const CARD: f32 = 114.0;
const CARD_WIDTH: f32 = 230.0;
/// Two of the four kinds in a row.
const KIND_WIDTH: f32 = 300.0;
const NUMBER_WIDTH: f32 = 140.0;
const GRACE: &str = "session.practice.grace";
const VARIABLE: &str = "session.practice.variable";

/// A text field of a setting: its key, its label, which names it on the page too, and the line below.
type Field = (&'static str, &'static str, &'static str);

const PROGRAM: [Field; 3] = [
    ("start-program", "practice-set-start-program", "practice-set-start-program-help"),
    ("start-arguments", "practice-set-start-arguments", "practice-set-start-arguments-help"),
    ("start-folder", "practice-set-start-folder", "practice-set-start-folder-help"),
];
const FILE: [Field; 2] = [
    ("sqlcipher-file", "practice-set-sqlcipher-file", "practice-set-sqlcipher-file-help"),
    ("sqlcipher-program", "practice-set-sqlcipher-program", "practice-set-sqlcipher-program-help"),
];
const SERVER: [Field; 6] = [
    ("postgres-host", "practice-set-postgres-host", "practice-set-postgres-host-help"),
    ("postgres-port", "practice-set-postgres-port", "practice-set-postgres-port-help"),
    ("postgres-database", "practice-set-postgres-database", "practice-set-postgres-database-help"),
    ("postgres-admin", "practice-set-postgres-admin", "practice-set-postgres-admin-help"),
    ("postgres-role", "practice-set-postgres-role", "practice-set-postgres-role-help"),
    ("postgres-certificate", "practice-set-postgres-certificate", "practice-set-postgres-certificate-help"),
];

/// The settings as they are typed, and those that they were filled from.
pub(in super::super) struct PracticeTyped {
    from: Settings,
    values: BTreeMap<&'static str, String>,
    /// Kept while the other choice is made.
    variable: String,
    grace: String,
}

impl PracticeTyped {
    pub(super) fn of(settings: &Settings) -> Self {
        let practice = &settings.practice;
        let values: BTreeMap<_, _> = KEYS.into_iter().map(|key| (key, practice.get(key).unwrap_or_default())).collect();
        let after = |key: &str, otherwise: &str| {
            let value = practice.get(key).unwrap_or_default();
            value.split_once(':').map_or_else(|| otherwise.to_owned(), |(_, after)| after.to_owned())
        };
        let (variable, grace) = (after("key-by", ""), after("at-lock", "10"));
        Self { from: settings.clone(), values, variable, grace }
    }

    pub(super) fn is_of(&self, settings: &Settings) -> bool {
        self.from == *settings
    }

    pub(super) fn is_untouched(&self) -> bool {
        self.settings().as_ref() == Some(&self.from)
    }

    /// What was typed, when all of it fits.
    pub(super) fn settings(&self) -> Option<Settings> {
        let mut practice = Practice::default();
        for (key, value) in &self.values {
            practice.set(key, value).ok()?;
        }
        Some(Settings { practice, ..self.from.clone() })
    }

    /// The same as what was changed about what it was filled from.
    pub(super) fn edit(&self) -> Option<Edit> {
        Some(Edit::new(self.from.clone(), self.settings()?))
    }

    fn opens(&self) -> Opens {
        let word = self.value("opens");
        Opens::ALL.into_iter().find(|opens| opens.name() == word).unwrap_or_default()
    }

    fn value(&self, key: &str) -> &str {
        self.values.get(key).map_or("", String::as_str)
    }

    fn choose(&mut self, key: &'static str, value: String) {
        self.values.insert(key, value);
    }

    /// Shows them.
    pub(super) fn ui(&mut self, ui: &mut Ui, kept: KeyKept) {
        ui.spacing_mut().item_spacing.y = space::M;
        self.kind_ui(ui, kept);
        self.texts_ui(
            ui,
            match self.opens() {
                Opens::Nothing | Opens::Text => &[],
                Opens::Sqlcipher => &FILE,
                Opens::Postgres => &SERVER,
            },
        );
        ui.add_space(space::L);
        step_heading_ui(ui, &tr!("practice-program"));
        self.texts_ui(ui, &PROGRAM);
        if self.opens() != Opens::Nothing {
            ui.add_space(space::L);
            step_heading_ui(ui, &tr!("practice-key-by"));
            self.key_by_ui(ui);
        }
        ui.add_space(space::L);
        step_heading_ui(ui, &tr!("practice-at-lock"));
        self.at_lock_ui(ui);
        ui.add_space(space::L);
        step_heading_ui(ui, &tr!("practice-at-end"));
        let at_end = self.value("at-end").to_owned();
        let cards = [
            ("lock", tr!("practice-at-end-lock"), tr!("practice-at-end-lock-text")),
            ("stay", tr!("practice-at-end-stay"), tr!("practice-at-end-stay-text")),
        ];
        if let Some(chosen) = choices_ui(ui, CARD_WIDTH, &at_end, &cards, &[]) {
            self.choose("at-end", chosen.to_owned());
        }
    }

    fn kind_ui(&mut self, ui: &mut Ui, kept: KeyKept) {
        step_heading_ui(ui, &tr!("practice-kind"));
        let cards = [
            ("nothing", tr!("practice-kind-nothing"), tr!("practice-kind-nothing-text")),
            ("text", tr!("practice-kind-text"), tr!("practice-kind-text-text")),
            ("sqlcipher", tr!("practice-kind-sqlcipher"), tr!("practice-kind-sqlcipher-text")),
            ("postgres", tr!("practice-kind-postgres"), tr!("practice-kind-postgres-text")),
        ];
        let now = self.value("opens").to_owned();
        // A key belongs to one kind.
        let off: Vec<&str> = match kept {
            KeyKept::No => Vec::new(),
            KeyKept::Yes => cards.iter().map(|(word, ..)| *word).filter(|word| *word != now).collect(),
        };
        if let Some(chosen) = choices_ui(ui, KIND_WIDTH, &now, &cards, &off) {
            self.choose("opens", chosen.to_owned());
        }
        if kept == KeyKept::Yes {
            ui.label(crate::desktop::theme::help(tr!("practice-kind-kept")));
        }
    }

    fn key_by_ui(&mut self, ui: &mut Ui) {
        let now = self.value("key-by").split(':').next().unwrap_or_default().to_owned();
        let cards = [
            ("environment", tr!("practice-by-environment"), tr!("practice-by-environment-text")),
            ("input", tr!("practice-by-input"), tr!("practice-by-input-text")),
            ("descriptor", tr!("practice-by-descriptor"), tr!("practice-by-descriptor-text")),
        ];
        let off: &[&str] = if cfg!(windows) { &["descriptor"] } else { &[] };
        let mut by = choices_ui(ui, CARD_WIDTH, &now, &cards, off).map_or(now, str::to_owned);
        if by == "environment" {
            let usual = self.opens().usual_variable();
            let wrong = Practice::default().set("key-by", &format!("environment:{}", self.variable.trim())).is_err();
            let wrong = (wrong && !self.variable.trim().is_empty()).then(|| tr!("practice-set-wrong"));
            TextField::new(VARIABLE, &tr!("practice-set-variable"), &mut self.variable)
                .help(&tr!("practice-set-variable-help", usual = usual))
                .error(wrong.as_deref())
                .show(ui);
            if !self.variable.trim().is_empty() {
                by = format!("environment:{}", self.variable.trim());
            }
        }
        self.choose("key-by", by);
    }

    fn at_lock_ui(&mut self, ui: &mut Ui) {
        let keeps = self.value("at-lock") == "keep" && self.opens() != Opens::Postgres;
        let cards = [
            ("close", tr!("practice-at-lock-close"), tr!("practice-at-lock-close-text")),
            ("keep", tr!("practice-at-lock-keep"), tr!("practice-at-lock-keep-text")),
        ];
        // A server's sessions end at a lock, so that a program there could not go on.
        let off: &[&str] = if self.opens() == Opens::Postgres { &["keep"] } else { &[] };
        let now = if keeps { "keep" } else { "close" };
        let at = choices_ui(ui, CARD_WIDTH, now, &cards, off).unwrap_or(now);
        if at == "close" {
            let text = format!("close:{}", self.grace.trim());
            let wrong = Practice::default().set("at-lock", &text).is_err().then(|| tr!("practice-set-wrong"));
            TextField::new(GRACE, &tr!("practice-set-grace"), &mut self.grace)
                .width(NUMBER_WIDTH)
                .help(&tr!("practice-set-grace-help"))
                .error(wrong.as_deref())
                .show(ui);
            self.choose("at-lock", format!("close:{}", self.grace.trim()));
        } else {
            self.choose("at-lock", "keep".to_owned());
        }
    }

    fn texts_ui(&mut self, ui: &mut Ui, fields: &[Field]) {
        for (key, label, help) in fields {
            let Some(value) = self.values.get_mut(key) else { continue };
            let wrong = Practice::default().set(key, value).is_err().then(|| tr!("practice-set-wrong"));
            TextField::new(label, &Text::new(label).get(), value)
                .width(if *key == "postgres-port" { NUMBER_WIDTH } else { FORM_WIDTH })
                .help(&Text::new(help).get())
                .error(wrong.as_deref())
                .show(ui);
        }
    }
}

/// Cards of which one is chosen; the word of one that was pressed.
fn choices_ui(
    ui: &mut Ui,
    width: f32,
    now: &str,
    cards: &[(&'static str, String, String)],
    off: &[&str],
) -> Option<&'static str> {
    let mut chosen = None;
    columns_ui(ui, cards.len(), width, |ui, index| {
        let Some((word, title, text)) = cards.get(index) else { return };
        let state = if *word == now {
            ChoiceState::Chosen
        } else if off.contains(word) {
            ChoiceState::Off
        } else {
            ChoiceState::Open
        };
        if (ChoiceCard { icon: None, title, text, state, min_height: CARD }).show(ui).clicked() {
            chosen = Some(*word);
        }
    });
    chosen
}
