//! A text that was asked for: the button, the wait before the next, and how far the last one is.

use eframe::egui::{Label, Role, Ui, WidgetInfo};

use super::refusal;
use crate::desktop::screen::Screen;
use crate::desktop::theme::{self, space};
use crate::desktop::widgets::{Button, ButtonState, Notice, NoticeKind, sunken_ui};
use crate::effects::TextTrouble;
use crate::explain::{self, Tone, minutes_and_seconds};
use crate::flows::texting::{TextState, Texting};
use crate::ports::SentStage;
use crate::tr;

/// Whether a text may be asked for with what is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::desktop::screens) enum Ready {
    /// It may.
    Yes,
    /// The password is not typed yet, or something else is under way.
    No,
}

/// What the text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::desktop::screens) enum For {
    /// A code, to whoever signs in.
    Code,
    /// A code, to a number that is being linked.
    Linking,
    /// Seeing whether the service works.
    Trying,
}

/// Shows it; true when a text is asked for.
pub(in crate::desktop::screens) fn part_ui(
    ui: &mut Ui,
    texting: &Texting,
    (purpose, ending): (For, &str),
    ready: Ready,
    screen: &Screen<'_>,
) -> bool {
    let ask = Ask::of(texting, purpose, ready, screen);
    // How far it is stands nearest to the code: in a low window the button is what scrolls away.
    said_ui(ui, texting, (purpose, ending), ready, screen);
    ui.add_space(space::XS);
    let working = tr!("please-wait");
    let state = match ask.state {
        Asking::Busy => ButtonState::Busy(&working),
        Asking::Ready => ButtonState::Ready,
        Asking::NotNow => ButtonState::Disabled,
    };
    let pressed = ui.add(Button::secondary(&ask.words).state(state)).clicked();
    pressed && state == ButtonState::Ready
}

/// Whether a text can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asking {
    Ready,
    NotNow,
    Busy,
}

/// The words that ask for a text, wherever they stand.
pub(super) struct Ask {
    pub(super) words: String,
    pub(super) state: Asking,
}

impl Ask {
    pub(super) fn of(texting: &Texting, purpose: For, ready: Ready, screen: &Screen<'_>) -> Self {
        let left = texting.wait_left(&screen.now.boot);
        let first = texting.state == TextState::NotAsked;
        let words = match (left, purpose) {
            (Some(left), For::Code | For::Linking | For::Trying) => {
                tr!("text-again-in", time = minutes_and_seconds(left))
            }
            (None, For::Code | For::Linking) if first => tr!("text-send"),
            (None, For::Code | For::Linking) => tr!("text-again"),
            (None, For::Trying) if first => tr!("texts-try-send"),
            (None, For::Trying) => tr!("texts-try-again"),
        };
        let state = match (texting.is_asking(), left, ready) {
            (true, ..) => Asking::Busy,
            (false, None, Ready::Yes) => Asking::Ready,
            (false, Some(_), Ready::Yes | Ready::No) | (false, None, Ready::No) => Asking::NotNow,
        };
        Self { words, state }
    }
}

/// Digits as they are read out: one by one, not as a number.
pub(in crate::desktop::screens) fn spoken(digits: &str) -> String {
    digits.chars().filter(|c| !c.is_whitespace()).map(String::from).collect::<Vec<_>>().join(" ")
}

/// What both sides said to a test text, for whoever looks after the service.
pub(in crate::desktop::screens) fn transcript_ui(ui: &mut Ui, transcript: &[String]) {
    if transcript.is_empty() {
        return;
    }
    ui.add_space(space::S);
    sunken_ui(ui, |ui| {
        ui.set_width((theme::FORM_WIDTH - 2.0 * space::XL).min(ui.available_width()));
        ui.label(theme::help(tr!("texts-transcript")));
        for line in transcript {
            ui.add(Label::new(theme::help(line)).wrap());
        }
    });
}

/// How far the last text is, or where the next one goes.
pub(super) fn said_ui(
    ui: &mut Ui,
    texting: &Texting,
    (purpose, ending): (For, &str),
    ready: Ready,
    screen: &Screen<'_>,
) {
    let left = texting.wait_left(&screen.now.boot);
    if let Some(left) = left {
        refusal::wake_at_next_second(ui.ctx(), left);
    }
    let spoken = spoken(ending);
    let line = |ui: &mut Ui, words: String| {
        // Where the number is not known yet, the sentence about it has nothing to say.
        if ending.is_empty() {
            return;
        }
        let said = words.replace(ending, &spoken);
        let label = ui.label(theme::help(words));
        label.widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
    };
    match &texting.state {
        TextState::NotAsked if ready == Ready::No => line(ui, tr!("text-password-first", ending = ending)),
        TextState::NotAsked | TextState::Asking => line(ui, tr!("text-goes-to", ending = ending)),
        TextState::Sending(_) => line(ui, tr!("text-sending", ending = ending)),
        TextState::Sent(_, SentStage::Accepted) => line(ui, tr!("text-accepted", ending = ending)),
        TextState::Sent(_, SentStage::Queued) => line(ui, tr!("text-queued", ending = ending)),
        TextState::Sent(_, SentStage::Delivered) => line(ui, tr!("text-delivered", ending = ending)),
        // The wait that was told is over.
        TextState::Trouble(TextTrouble::Wait(wait)) if wait.left().is_some() && left.is_none() => {
            line(ui, tr!("text-goes-to", ending = ending));
        }
        TextState::Trouble(trouble) => {
            let words = match purpose {
                For::Code => explain::texts::trouble(trouble, left),
                For::Linking => explain::texts::linking_trouble(trouble, left),
                For::Trying => explain::texts::test_trouble(trouble, left),
            };
            let kind = match words.tone {
                Tone::Warning => NoticeKind::Warning,
                Tone::Danger => NoticeKind::Danger,
            };
            let (what, todo) = (words.what.get(), words.todo.get());
            Notice::new("text.trouble", kind, &what, &todo).show(ui);
        }
    }
}
