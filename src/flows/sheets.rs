//! Codes shown once and asked back from paper: the ten recovery codes, then at a first set-up the clinic recovery key.

use super::Mishap;
use crate::domain::recovery;
use crate::domain::secret::SecretText;
use crate::effects::Sheets;

/// The code whose end is asked back.
pub const PROVED_CODE: usize = 3;

/// Which sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sheet {
    /// The ten recovery codes.
    Codes,
    /// The clinic recovery key.
    ClinicKey,
}

/// Which sheet, and whether it is shown or asked back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// Shown.
    Show(Sheet),
    /// Hidden, and its end asked back.
    Prove(Sheet, Option<Mishap>),
}

/// The sheets of one enrolment and where the person is with them.
pub struct SheetsFlow {
    sheets: Sheets,
    /// The page.
    pub page: Page,
    /// Whether a person may give up here: what they had before then stays as it was.
    pub exit: Exit,
}

/// Whether there is a way out before the sheets are proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// There is nothing to go back to.
    None,
    /// Giving up leaves everything as it was.
    GiveUp,
    /// The sheet may wait; whoever leaves it for later is reminded at each sign-in.
    Later,
}

impl SheetsFlow {
    /// Begins with the codes shown.
    #[must_use]
    pub fn new(sheets: Sheets, exit: Exit) -> Self {
        Self { sheets, page: Page::Show(Sheet::Codes), exit }
    }

    /// A new clinic recovery key by itself.
    #[must_use]
    pub fn clinic_key_alone(key: SecretText) -> Self {
        let sheets = Sheets { codes: Vec::new(), clinic_key: Some(key) };
        Self { sheets, page: Page::Show(Sheet::ClinicKey), exit: Exit::GiveUp }
    }

    /// The ten codes as printed.
    #[must_use]
    pub fn codes(&self) -> &[SecretText] {
        &self.sheets.codes
    }

    /// The clinic recovery key as printed, where there is one.
    #[must_use]
    pub fn clinic_key(&self) -> Option<&SecretText> {
        self.sheets.clinic_key.as_ref()
    }

    /// On paper: from now on it is hidden.
    pub fn on_paper(&mut self) {
        if let Page::Show(sheet) = self.page {
            self.page = Page::Prove(sheet, None);
        }
    }

    /// Shows the sheet of this page again; from a shown key goes back to proving nothing, for the codes are proved.
    pub fn show_again(&mut self) {
        if let Page::Prove(sheet, _) = self.page {
            self.page = Page::Show(sheet);
        }
    }

    /// Checks what was typed from paper. True when everything is proved.
    pub fn prove(&mut self, typed: &str) -> bool {
        let Page::Prove(sheet, _) = self.page else { return false };
        let shown = match sheet {
            Sheet::Codes => self.sheets.codes.get(PROVED_CODE - 1),
            Sheet::ClinicKey => self.sheets.clinic_key.as_ref(),
        };
        if !shown.is_some_and(|shown| recovery::ends_with(shown, typed)) {
            self.page = Page::Prove(sheet, Some(Mishap::WrongProof));
            return false;
        }
        match (sheet, &self.sheets.clinic_key) {
            (Sheet::Codes, Some(_)) => {
                self.page = Page::Show(Sheet::ClinicKey);
                false
            }
            (Sheet::Codes, None) | (Sheet::ClinicKey, _) => true,
        }
    }

    /// Says on the proving page that storing went wrong; the proof stands. Storing without a proof is asked for where
    /// the sheet is shown: that is told there, too, with the sheet one step back.
    pub fn mishap(&mut self, mishap: Mishap) {
        let (Page::Prove(sheet, _) | Page::Show(sheet)) = self.page;
        self.page = Page::Prove(sheet, Some(mishap));
    }
}
