//! The steps of linking a phone, and what a person does on them.

use super::{TextAct, TextStep};
use crate::domain::names::BadName;
use crate::domain::secret::SecretText;
use crate::domain::state::Role;
use crate::flows::Mishap;
use crate::flows::sheets::SheetsFlow;

/// What the enrolment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// A new clinic and its manager's phone.
    FirstSetUp,
    /// A new phone; the old one works until the new one is confirmed.
    NewPhone,
    /// One more phone beside the others.
    SecondPhone,
    /// A new or reset person, with a slip from a manager.
    Person(Role),
    /// A manager who came back with the clinic recovery key.
    Recovered,
}

/// Where codes come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// An app: offered first.
    #[default]
    App,
    /// Text messages.
    Texts,
}

/// The app a person uses; the words of steps 2 to 4 follow it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum App {
    /// Google Authenticator, recommended.
    #[default]
    Google,
    /// Microsoft Authenticator.
    Microsoft,
    /// Twilio Authy.
    Authy,
    /// Another one.
    Other,
}

/// The kind of phone, for finding the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handset {
    /// An iPhone.
    Iphone,
    /// An Android phone.
    Android,
}

/// Names that were typed and tidied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// The clinic's.
    pub clinic: String,
    /// The person's.
    pub person: String,
    /// Whom to ask for help; may be empty.
    pub support: String,
}

/// Which name was not taken, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameMishap {
    /// The clinic's name.
    pub clinic: Option<BadName>,
    /// The person's name.
    pub person: Option<BadName>,
}

/// Where the person is.
pub enum Step {
    /// 1: why, and app or text message.
    Why,
    /// 1: manager or reception.
    Who,
    /// 1: for reception: ask the manager.
    AskManager,
    /// 1: clinic and name.
    Names(Option<NameMishap>),
    /// 1: a password.
    Password(Names, Option<Mishap>),
    /// A new or reset person: the code on the slip, and a password.
    Activate(Option<Mishap>),
    /// An unfinished set-up: its password.
    Resume(Option<Mishap>),
    /// An unfinished set-up: really start over?
    StartOver(Option<Mishap>),
    /// 2: which app, and is it open?
    OpenApp,
    /// 2: where to get it.
    GetApp(Handset),
    /// 3: Get started.
    GetStarted {
        /// The app was used before, so it shows a plus sign instead.
        used_before: bool,
    },
    /// 4: Scan QR code.
    TapScan,
    /// 5: the square.
    Square {
        /// It won't scan: larger, and the key as text.
        wont_scan: bool,
    },
    /// 6: the phone shows a code.
    CodeShown,
    /// 7: type it.
    TypeCode(Option<Mishap>),
    /// Text messages in the place of the app.
    Texts(TextStep),
    /// The phone is linked once the sheets are proved.
    Congratulations(Option<Mishap>),
    /// The sheets.
    Sheets(SheetsFlow),
    /// Everything is stored.
    Finished,
}

/// What a person does on a page.
#[derive(Debug)]
pub enum Act {
    /// The primary button of a page that asks for nothing.
    Next,
    /// Back.
    Back,
    /// Steps 2 to 4: straight to the square.
    Skip,
    /// Step 1: not a manager.
    IAmStaff,
    /// A backup is to be brought back in the place of a first set-up; the program goes elsewhere with it.
    HaveBackup,
    /// Step 1: names.
    GiveNames {
        /// As typed.
        clinic: String,
        /// As typed.
        person: String,
        /// As typed.
        support: String,
    },
    /// Step 1: a password of three words, please.
    Suggest,
    /// A password: a new one in step 1, the chosen one when resuming.
    GivePassword(SecretText),
    /// A slip's code and a new password.
    Activate {
        /// As typed.
        code: SecretText,
        /// As typed.
        password: SecretText,
    },
    /// Start over instead of resuming.
    StartOver,
    /// Sheets: reception may print them later.
    PrintLater,
    /// Step 2: which app.
    ChooseApp(App),
    /// Step 2: I don't have it.
    GetApp(Handset),
    /// Step 3: I have used it before.
    UsedBefore,
    /// Step 5: it won't scan; again: it does.
    WontScan,
    /// Step 5 or 6: digits are being typed already.
    TypesDigits,
    /// Step 7: the code as typed.
    GiveCode(SecretText),
    /// About text messages.
    Texts(TextAct),
    /// Sheets: show again.
    ShowAgain,
    /// Sheets: what was typed from paper.
    GiveProof(SecretText),
}
