//! What is being typed on the lock screen, and where the focus goes once an answer is there.

use eframe::egui::{Context, Event, Id, TextEdit};

use crate::desktop::widgets::{CodeField, PasswordField, TextField};
use crate::domain::code;
use crate::domain::secret::SecretText;
use crate::domain::verify::{Consequence, Verdict};
use crate::flows::Mishap;
use crate::flows::sign_in::{Act, Page, SignIn, Way};

pub(super) const PASSWORD: &str = "lock.password";
pub(super) const CODE: &str = "lock.code";
pub(super) const SPARE: &str = "lock.spare";

/// Which field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Password,
    /// The code, from the phone or from the sheet.
    Code,
}

/// How far a sign-in has come that was asked for here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Asked {
    #[default]
    Nothing,
    /// Handed over; what comes of it moves the focus.
    Given,
    /// A text was asked for: its code is typed next.
    Text,
}

/// What the sheet's field holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum SpareText {
    #[default]
    Untried,
    /// Refused as it stands: it stays to be compared with the sheet, and is not given again before it changes.
    Refused,
}

/// Whether the page of tiles is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum People {
    #[default]
    Closed,
    /// Just opened: its field gets the focus.
    Opening,
    Open,
}

/// What is being typed.
#[derive(Default)]
pub struct Fields {
    pub(super) password: SecretText,
    pub(super) code: SecretText,
    pub(super) spare: SecretText,
    /// Whom and which page the texts belong to.
    shown: Option<(String, Page)>,
    focus: Option<Field>,
    asked: Asked,
    spare_text: SpareText,
    people: People,
    /// What is looked for on the page of tiles.
    pub(super) find: String,
    /// A new notice is scrolled to once.
    pub(super) reveal: bool,
}

impl Fields {
    /// Wipes what was typed, and egui's memory of it.
    pub fn wipe(&mut self, ctx: &Context) {
        for text in [&mut self.password, &mut self.code, &mut self.spare] {
            text.wipe();
        }
        for id in [PasswordField::id(PASSWORD), CodeField::id(CODE), TextField::id(SPARE)] {
            forget_typing(ctx, id);
        }
        PasswordField::mask(ctx, PASSWORD);
        *self = Self::default();
    }

    /// Called first in every frame: texts belong to one person, and an answer moves the focus.
    pub(super) fn follow(&mut self, ctx: &Context, flow: &SignIn) {
        let here = (flow.chosen.clone(), flow.page);
        if self.shown.as_ref() != Some(&here) {
            let same_person = self.shown.as_ref().is_some_and(|(person, _)| *person == flow.chosen);
            let password = if same_person { self.password.take() } else { SecretText::default() };
            self.wipe(ctx);
            self.password = password;
            self.shown = Some(here);
            self.focus = Some(if self.password.is_empty() { Field::Password } else { Field::Code });
        }
        if self.asked != Asked::Nothing && !flow.is_busy() {
            if self.asked == Asked::Text {
                self.focus = Some(Field::Code);
            }
            self.asked = Asked::Nothing;
            self.reveal = flow.mishap.is_some();
            self.answered(flow);
        }
    }

    fn answered(&mut self, flow: &SignIn) {
        let asks_code = !matches!(flow.page, Page::Asking(Way::DayPass | Way::AfterLock));
        match &flow.mishap {
            None => {}
            Some(Mishap::Refused(verdict)) => self.refused(verdict, asks_code),
            Some(Mishap::NoPassword) => self.focus = Some(Field::Password),
            Some(Mishap::NotACode | Mishap::NotASpare) => {
                self.focus = Some(if self.password.is_empty() { Field::Password } else { Field::Code });
            }
            // Nothing was counted and nothing was wrong with what was typed: it stays for another try.
            Some(
                Mishap::Failure(_)
                | Mishap::ClockOff(_)
                | Mishap::FirstCodeWrong { .. }
                | Mishap::FirstCodeUsed { .. }
                | Mishap::FirstTextWrong { .. }
                | Mishap::FirstTextOver
                | Mishap::NotAClinicKey
                | Mishap::BadName(_)
                | Mishap::WrongProof,
            ) => self.focus = Some(if asks_code { Field::Code } else { Field::Password }),
        }
    }

    fn refused(&mut self, verdict: &Verdict, asks_code: bool) {
        self.focus = Some(if asks_code { Field::Code } else { Field::Password });
        match verdict {
            Verdict::WrongPassword { wait } => {
                self.password.wipe();
                // After a wait the phone shows another one.
                if wait.is_some() {
                    self.code.wipe();
                }
                self.focus = Some(Field::Password);
            }
            Verdict::WrongCode { then: Consequence::None, .. }
            | Verdict::WrongText { then: Consequence::None, .. }
            | Verdict::TextUsed { .. }
            | Verdict::TextOver { .. }
            | Verdict::Used { .. }
            | Verdict::Wait { .. } => self.code.wipe(),
            // A quarter of an hour is too long for a password to stand in a field.
            Verdict::WrongCode { then: Consequence::Locked(_) | Consequence::Manager, .. }
            | Verdict::WrongText { then: Consequence::Locked(_) | Consequence::Manager, .. }
            | Verdict::Manager => {
                self.password.wipe();
                self.code.wipe();
                self.focus = Some(Field::Password);
            }
            Verdict::WrongRecovery { .. } | Verdict::RecoveryUsed { .. } => self.spare_text = SpareText::Refused,
            Verdict::Accepted { .. } => {}
        }
    }

    /// Asks for a sign-in with the texts as they stand; they stay until the answer is there.
    pub(super) fn sign_in(&mut self, flow: &SignIn) -> Option<Act> {
        let code = match flow.page {
            Page::Asking(Way::Phone | Way::Text) => self.code.duplicate(),
            Page::Asking(Way::Sheet(_)) if self.spare_text == SpareText::Refused => {
                self.focus = Some(Field::Code);
                return None;
            }
            Page::Asking(Way::Sheet(_)) => self.spare.duplicate(),
            Page::Asking(Way::DayPass | Way::AfterLock) => SecretText::default(),
            Page::WhereIsYourPhone | Page::SetUp(_) => return None,
        };
        self.asked = Asked::Given;
        Some(Act::SignIn { password: self.password.duplicate(), code })
    }

    /// Asks for a text with the password as it stands.
    pub(super) fn send_text(&mut self) -> Act {
        self.asked = Asked::Text;
        Act::SendText(self.password.duplicate())
    }

    /// The sheet's field was typed in.
    pub(super) fn spare_changed(&mut self) {
        self.spare_text = SpareText::Untried;
    }

    /// Gives the focus to the field it belongs to. Called before the fields are shown, and not while they are off.
    pub(super) fn give_focus(&mut self, ctx: &Context, code_field: Option<Id>) {
        let password = PasswordField::id(PASSWORD);
        if let Some(field) = self.focus.take() {
            let id = match field {
                Field::Password => password,
                Field::Code => code_field.unwrap_or(password),
            };
            ctx.memory_mut(|memory| memory.request_focus(id));
        }
    }

    /// Digits typed while no text field has the focus, as after Tab has gone to "Show", are meant for the code.
    pub(super) fn catch_digits(&self, ctx: &Context, code_field: Id) {
        let typed = ctx.input(|input| {
            input
                .events
                .iter()
                .any(|event| matches!(event, Event::Text(text) if !text.is_empty() && !digits(text).is_empty()))
        });
        if typed && !self.password.is_empty() && !ctx.text_edit_focused() {
            ctx.memory_mut(|memory| memory.request_focus(code_field));
        }
    }

    /// The password is to be typed next.
    pub(super) fn go_to_password(&mut self) {
        self.focus = Some(Field::Password);
    }

    pub(super) fn people_open(&self) -> bool {
        self.people != People::Closed
    }

    pub(super) fn open_people(&mut self) {
        self.people = People::Opening;
        self.find.clear();
    }

    /// The page of tiles, with what was typed at one of them in its field.
    pub(super) fn find(&mut self, typed: String) {
        self.open_people();
        self.find = typed;
    }

    /// Once after the page of tiles was opened.
    pub(super) fn find_wants_focus(&mut self) -> bool {
        let opening = self.people == People::Opening;
        self.people = People::Open;
        opening
    }

    pub(super) fn close_people(&mut self) {
        self.people = People::Closed;
        self.focus = Some(Field::Password);
    }
}

/// Clears egui's history of what was typed into a field.
pub(in crate::desktop::screens) fn forget_typing(ctx: &Context, id: Id) {
    if let Some(mut state) = TextEdit::load_state(ctx, id) {
        state.clear_undoer();
        TextEdit::store_state(ctx, id, state);
    }
}

/// The digits of what was typed or pasted, of any script, in order. Of a long paste only the beginning is looked at:
/// it is too long for a code anyway, and the field says so.
pub(in crate::desktop::screens) fn digits(typed: &str) -> String {
    let one = |c: char| code::digits_of(c.encode_utf8(&mut [0; 4])).unwrap_or_default();
    typed.chars().take(64).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    // Cases C15 and C19 of the field reports.
    #[test]
    fn only_digits_stay() {
        assert_eq!(digits("384\u{a0}688\n"), "384688");
        assert_eq!(digits("３８４-٦٨٨"), "384688");
        assert_eq!(digits("000 054"), "000054");
        assert_eq!(digits("●●●●●●\u{0}"), "");
        assert!(digits(&"9".repeat(1 << 20)).len() > code::DIGITS);
    }
}
