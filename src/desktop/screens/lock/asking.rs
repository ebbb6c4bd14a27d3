//! The screen of every day: who, password, and the code from the phone.

use eframe::egui::{Align, Id, Label, Layout, Ui, vec2};

use super::fields::{CODE, Fields, PASSWORD};
use super::frame::{Room, has_aside, page, support_text};
use super::texts::{self, Ask, Asking, For, Ready};
use super::{Reply, digits, people, refusal, set_up};
use crate::desktop::screen::Screen;
use crate::desktop::theme::{self, FORM_WIDTH, space};
use crate::desktop::widgets::{
    Button, ButtonState, CodeField, CodeInput, Notice, NoticeKind, PasswordField, StepFrame, beside_field_ui,
    centred_ui, enter_pressed, page_heading_ui, step_heading_ui,
};
use crate::flows::sign_in::{Act, SignIn};
use crate::flows::texting::TextState;
use crate::ports::{Begins, PersonLook};
use crate::tr;

const CODE_WIDTH: f32 = 360.0;
const CODE_HEIGHT: f32 = 64.0;
const BUTTON_WIDTH: f32 = FORM_WIDTH - CODE_WIDTH - space::L;
/// What the heading takes, and the fields and the link: tiles stand above them only where this is left. A notice may
/// scroll: ten faces in sight every morning are worth more.
const HEAD: f32 = 92.0;
const FORM: f32 = 244.0;
const LOW_HEAD: f32 = 42.0;
const LOW_FORM: f32 = 190.0;

/// The quiet line below the code; it goes where there is no room for it.
const NO_RUSH: f32 = 30.0;
/// Kept free for a notice where there is room, so that the page stands still when one appears.
const NOTICE: f32 = 90.0;

/// What is asked beside the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    /// A code from the phone.
    Code,
    /// A code from a text.
    Text,
    /// Nothing: a spare code was given earlier today.
    Nothing,
    /// Nothing: this person was here until a moment ago.
    Back,
    /// Neither: this person is not set up yet.
    SetUp(Begins),
}

impl Beside {
    /// Whether six digits are asked for.
    fn asks_code(self) -> bool {
        match self {
            Beside::Code | Beside::Text => true,
            Beside::Nothing | Beside::Back | Beside::SetUp(_) => false,
        }
    }
}

/// Shows it.
pub(super) fn ui(
    ui: &mut Ui,
    flow: &SignIn,
    fields: &mut Fields,
    beside: Beside,
    screen: &mut Screen<'_>,
) -> Option<Reply> {
    let support = support_text(screen);
    let no_phone = tr!("lock-no-phone");
    let room = Room::of(ui);
    // At 200 %, and below what is said of a text, the way out for somebody without a phone stands at the foot, where it
    // never scrolls away; at 200 % the way to a text stands beside it.
    let at_foot = beside.asks_code() && (room == Room::Low || beside == Beside::Text) && has_aside(ui);
    let ask = (at_foot && room == Room::Low).then(|| text_at_foot(flow, fields, beside, screen)).flatten();
    let text_button = if ask.is_some() { TextButton::AtFoot } else { TextButton::BelowTheCode };
    let frame = if at_foot && !flow.is_busy() {
        let frame = StepFrame::new("lock.asking").support(&support).aside_button(&no_phone);
        match &ask {
            Some(ask) if ask.state == Asking::Ready => frame.before_aside_button(&ask.words),
            Some(ask) => frame.before_aside(&ask.words),
            None => frame,
        }
    } else {
        page(ui, "lock.asking", &support, "")
    };
    let shown = frame.show(ui, |ui| {
        let several = flow.look.people.len() > 1;
        let height = ui.available_height();
        let tiles_height = people::tiles_height(flow, room, ui.available_width(), screen);
        let (head, form) = match room {
            Room::Roomy => (HEAD, FORM),
            Room::Low => (LOW_HEAD, LOW_FORM),
        };
        let tiles = several && head + tiles_height + form <= height;
        let spare = height - head - form - if tiles { tiles_height } else { 0.0 };
        if room == Room::Roomy {
            ui.add_space(((spare - NOTICE) * 0.35).clamp(0.0, 96.0).round());
        }
        heading_ui(ui, flow, room, (several, beside), screen);
        let mut act = None;
        if tiles {
            act = people::tiles_ui(ui, flow, screen);
            if act.is_some() {
                // The chosen tile, too, leads to the password.
                fields.go_to_password();
            }
            ui.add_space(space::S);
        }
        let signed = centred_ui(ui, FORM_WIDTH, |ui| {
            if several && !tiles && people::line_ui(ui, flow) && !flow.is_busy() {
                fields.open_people();
            }
            match beside {
                Beside::SetUp(begins) => set_up::part_ui(ui, flow, begins, screen).then_some(Reply::SetUpPerson),
                Beside::Code | Beside::Text | Beside::Nothing | Beside::Back => {
                    form_ui(ui, flow, fields, beside, screen).map(Reply::Act)
                }
            }
        });
        // It belongs to the code, and stands next to it.
        if beside == Beside::Code && !at_foot && flow.mishap.is_none() && spare >= NO_RUSH {
            centred_ui(ui, FORM_WIDTH, |ui| ui.label(theme::help(tr!("lock-no-rush"))));
        }
        let text = centred_ui(ui, FORM_WIDTH, |ui| texts_ui(ui, flow, fields, (beside, text_button), screen));
        let signed = signed.or(text.map(Reply::Act));
        let no_phone = beside.asks_code()
            && !at_foot
            && centred_ui(ui, FORM_WIDTH, |ui| {
                ui.add_enabled(!flow.is_busy(), Button::quiet(&no_phone).flush()).clicked()
            });
        act.map(Reply::Act).or(signed).or(no_phone.then_some(Reply::Act(Act::NoPhone)))
    });
    let at_foot = match (shown.before_aside, shown.aside) {
        (true, _) => Some(fields.send_text()),
        (false, true) => Some(Act::NoPhone),
        (false, false) => None,
    };
    shown.inner.or(at_foot.map(Reply::Act))
}

/// Where the words stand that ask for a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TextButton {
    /// Where there is room.
    BelowTheCode,
    /// Where they would scroll away otherwise.
    AtFoot,
}

/// The words at the foot that ask for a text, for whoever has a number.
fn text_at_foot(flow: &SignIn, fields: &Fields, beside: Beside, screen: &Screen<'_>) -> Option<Ask> {
    flow.number_ending()?;
    match beside {
        Beside::Code => Some(Ask { words: tr!("text-send"), state: Asking::Ready }),
        Beside::Text => Some(Ask::of(&flow.texting, For::Code, ready(flow, fields, screen), screen)),
        Beside::Nothing | Beside::Back | Beside::SetUp(_) => None,
    }
}

/// Whether a text may be asked for with what is typed.
fn ready(flow: &SignIn, fields: &Fields, screen: &Screen<'_>) -> Ready {
    let held = refusal::must_wait(flow.mishap.as_ref(), flow.wait_left(&screen.now.boot));
    if !flow.is_busy() && !held && !fields.password.is_empty() { Ready::Yes } else { Ready::No }
}

/// The way to a text, and on its page how far it is.
fn texts_ui(
    ui: &mut Ui,
    flow: &SignIn,
    fields: &mut Fields,
    (beside, button): (Beside, TextButton),
    screen: &Screen<'_>,
) -> Option<Act> {
    let ending = flow.number_ending()?;
    match beside {
        Beside::Code if button == TextButton::AtFoot => None,
        Beside::Code => {
            let send = tr!("text-send");
            let pressed = ui.add_enabled(!flow.is_busy(), Button::quiet(&send).flush()).clicked();
            pressed.then(|| fields.send_text())
        }
        Beside::Text => {
            ui.add_space(space::XS);
            let (ready, purpose) = (ready(flow, fields, screen), (For::Code, ending));
            let asked = match button {
                TextButton::BelowTheCode => texts::part_ui(ui, &flow.texting, purpose, ready, screen),
                TextButton::AtFoot => {
                    let said = ui.scope(|ui| texts::said_ui(ui, &flow.texting, purpose, ready, screen)).response;
                    // What is new of the text comes into sight once: below the code the page may end.
                    let id = Id::unique("lock.text.told");
                    let before = ui.data_mut(|data| data.get_temp(id));
                    let now = std::mem::discriminant(&flow.texting.state);
                    if before != Some(now) {
                        ui.data_mut(|data| data.insert_temp(id, now));
                        if flow.texting.state != TextState::NotAsked {
                            ui.scroll_to_rect(said.rect.expand(space::S), None);
                        }
                    }
                    false
                }
            };
            let app = flow.person().is_some_and(PersonLook::has_app);
            let back = app && ui.add_enabled(!flow.is_busy(), Button::quiet(&tr!("text-use-app")).flush()).clicked();
            asked.then(|| fields.send_text()).or(back.then_some(Act::Back))
        }
        Beside::Nothing | Beside::Back | Beside::SetUp(_) => None,
    }
}

fn heading_ui(ui: &mut Ui, flow: &SignIn, room: Room, (several, beside): (bool, Beside), screen: &Screen<'_>) {
    let font = theme::font(ui, &theme::style_of::page_heading());
    let known = ui.fonts_mut(|fonts| fonts.has_glyphs(&font, &flow.look.name));
    let clinic = if known { flow.look.name.clone() } else { tr!("window-title", office = &screen.names.office) };
    // Why no code is asked for has to be said, however little room there is.
    let back = flow.person().filter(|_| beside == Beside::Back);
    let back = back.map(|person| tr!("lock-welcome-back", name = people::shown_name(ui, &person.name, &person.id)));
    ui.with_layout(Layout::top_down(Align::Center), |ui| match room {
        Room::Roomy => {
            page_heading_ui(ui, &clinic);
            ui.add_space(-space::XS);
            let below = back.unwrap_or_else(|| match flow.person() {
                Some(person) if !several => people::shown_name(ui, &person.name, &person.id).to_owned(),
                Some(_) | None => tr!("lock-who"),
            });
            ui.add(Label::new(theme::muted(below)).wrap());
            ui.add_space(space::S);
        }
        Room::Low => {
            step_heading_ui(ui, &clinic);
            if let Some(back) = back {
                ui.add(Label::new(theme::muted(back)).wrap());
            }
        }
    });
}

/// Password, code, button, notice.
fn form_ui(ui: &mut Ui, flow: &SignIn, fields: &mut Fields, beside: Beside, screen: &mut Screen<'_>) -> Option<Act> {
    let left = flow.wait_left(&screen.now.boot);
    let waiting = refusal::must_wait(flow.mishap.as_ref(), left);
    if beside == Beside::Nothing {
        let (what, then) = (tr!("lock-day-pass"), tr!("lock-day-pass-then"));
        Notice::new("lock.day-pass", NoticeKind::Info, &what, &then).show(ui);
        ui.add_space(space::M);
    }
    if !flow.is_busy() {
        let code = beside.asks_code().then(|| CodeField::id(CODE));
        if let Some(code) = code {
            fields.catch_digits(ui.ctx(), code);
        }
        fields.give_focus(ui.ctx(), code);
    }
    let working = tr!("working-password");
    let state = match (flow.is_busy(), waiting) {
        (true, true | false) => ButtonState::Busy(&working),
        (false, true) => ButtonState::Disabled,
        (false, false) => ButtonState::Ready,
    };
    password_ui(ui, flow, fields, screen);
    ui.add_space(space::S);
    let side_by_side = ui.available_width() >= CODE_WIDTH + space::L + 150.0;
    let mut filled = false;
    let pressed = match (beside, side_by_side) {
        (Beside::Code | Beside::Text, true) => {
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = space::L;
                filled = code_ui(ui, flow, fields, (beside, CODE_WIDTH));
                let width = ui.available_width().min(BUTTON_WIDTH);
                beside_field_ui(ui, |ui| button_ui(ui, flow, state, vec2(width, CODE_HEIGHT)))
            })
            .inner
        }
        (Beside::Code | Beside::Text, false) => {
            filled = code_ui(ui, flow, fields, (beside, CODE_WIDTH));
            notice_ui(ui, flow, fields, left, screen);
            let width = ui.available_width().min(CODE_WIDTH);
            button_ui(ui, flow, state, vec2(width, 0.0))
        }
        (Beside::Nothing | Beside::Back | Beside::SetUp(_), true | false) => {
            let width = ui.available_width().min(BUTTON_WIDTH);
            button_ui(ui, flow, state, vec2(width, 0.0))
        }
    };
    if matches!(beside, Beside::Nothing | Beside::Back) || side_by_side {
        notice_ui(ui, flow, fields, left, screen);
    }
    // The sixth digit signs in by itself, once, and only with a password beside it. A held Enter never does.
    let asked = pressed || enter_pressed(ui.ctx()) || (filled && !fields.password.is_empty());
    if asked && state == ButtonState::Ready { fields.sign_in(flow) } else { None }
}

fn password_ui(ui: &mut Ui, flow: &SignIn, fields: &mut Fields, screen: &Screen<'_>) {
    ui.add_enabled_ui(!flow.is_busy(), |ui| {
        // Said once: a refused password's notice says it too.
        let said = refusal::speaks_of_caps(flow.mishap.as_ref(), screen);
        let caps = (screen.caps_lock && !said).then(|| tr!("caps-lock-on"));
        PasswordField::new(PASSWORD, &tr!("lock-password"), &mut fields.password, &tr!("show"), &tr!("hide"))
            .warning(caps.as_deref())
            .show(ui);
    });
}

/// The code; true when it just became six digits.
fn code_ui(ui: &mut Ui, flow: &SignIn, fields: &mut Fields, (beside, width): (Beside, f32)) -> bool {
    let label = if beside == Beside::Text { tr!("text-code") } else { tr!("lock-code") };
    let shown = ui.add_enabled_ui(!flow.is_busy(), |ui| {
        CodeField::new(CODE, &label, &mut fields.code, digits).width(width).show(ui)
    });
    shown.inner.input == CodeInput::Filled
}

fn button_ui(ui: &mut Ui, flow: &SignIn, state: ButtonState<'_>, size: eframe::egui::Vec2) -> bool {
    let words = if refusal::is_failure(flow.mishap.as_ref()) { tr!("try-again") } else { tr!("lock-sign-in") };
    ui.add(Button::primary(&words).state(state).min_size(size)).clicked()
}

fn notice_ui(ui: &mut Ui, flow: &SignIn, fields: &mut Fields, left: Option<std::time::Duration>, screen: &Screen<'_>) {
    let Some(mishap) = &flow.mishap else { return };
    ui.add_space(space::S);
    let notice = refusal::notice_ui(ui, "lock.refusal", mishap, left, screen);
    if std::mem::take(&mut fields.reveal) {
        notice.scroll_to_me(None);
    }
    ui.add_space(space::XS);
}
