//! The frame of a step: the bar above, the drawn phone at the left, the foot that never
//! scrolls away.

use eframe::egui::{Align, Frame, Id, Label, Layout, Rect, Response, ScrollArea, Stroke, Ui, UiBuilder, vec2};

use super::rooms::{Column, Parts, Rooms};
use super::{Button, ButtonState, StepBar, enter_pressed, escape_pressed, link_ui};
use crate::desktop::art::{self, Drawing};
use crate::desktop::theme::{self, CONTROL_HEIGHT, space};

/// Which field has something told below it.
const TOLD_BELOW: &str = "step-frame.told-below";
/// Two lines.
const BELOW: f32 = 48.0;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Aside {
    Words,
    Link,
}

/// What the person did with the frame.
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that was pressed in this frame, or not")]
pub struct FrameResponse<R> {
    /// What the content returned.
    pub inner: R,
    /// Back was pressed, or Esc.
    pub back: bool,
    /// The primary button was pressed, or Enter.
    pub next: bool,
    /// The link to help was pressed.
    pub help: bool,
    /// The words at the right of the support line were pressed.
    pub aside: bool,
    /// The words before those were.
    pub before_aside: bool,
}

/// The frame of a step. Without bar, drawing and buttons it is also that of a page with a
/// support line, such as the lock screen.
#[must_use = "a frame is shown with `show`"]
pub struct StepFrame<'a> {
    id: &'static str,
    bar: Option<StepBar<'a>>,
    drawing: Option<(Drawing, &'a [&'a str], &'a str)>,
    back: Option<Button<'a>>,
    next: Option<(&'a str, ButtonState<'a>)>,
    focus_next: bool,
    column: Column,
    support: &'a str,
    help: Option<&'a str>,
    aside: Option<(&'a str, Aside)>,
    before_aside: Option<(&'a str, Aside)>,
}

impl<'a> StepFrame<'a> {
    /// `id` is constant and tells the scroll positions of the steps apart.
    pub const fn new(id: &'static str) -> Self {
        Self {
            id,
            bar: None,
            drawing: None,
            back: None,
            next: None,
            focus_next: false,
            column: Column::Words,
            support: "",
            help: None,
            aside: None,
            before_aside: None,
        }
    }

    /// The step bar at the top.
    pub const fn bar(mut self, bar: StepBar<'a>) -> Self {
        self.bar = Some(bar);
        self
    }

    /// The drawing at the left, the words on it, and what a screen reader says of it.
    pub const fn drawing(mut self, drawing: Drawing, words: &'a [&'a str], name: &'a str) -> Self {
        self.drawing = Some((drawing, words, name));
        self
    }

    /// The way back, bottom left.
    pub const fn back(mut self, text: &'a str) -> Self {
        self.back = Some(Button::back(text));
        self
    }

    /// A way out, bottom left, such as "Not now"; answers as `back`.
    pub const fn leave(mut self, text: &'a str) -> Self {
        self.back = Some(Button::quiet(text));
        self
    }

    /// The primary button, bottom right.
    pub const fn next(mut self, text: &'a str, state: ButtonState<'a>) -> Self {
        self.next = Some((text, state));
        self
    }

    /// As wide as a page with a drawing, so that the edges stay where they are from page to page.
    pub const fn whole_width(mut self) -> Self {
        self.column = Column::Whole;
        self
    }

    /// Gives the primary button the focus, in the first frame of a page without a field.
    pub const fn focus_next(mut self, wanted: bool) -> Self {
        self.focus_next = wanted;
        self
    }

    /// Who helps, below the line.
    pub const fn support(mut self, text: &'a str) -> Self {
        self.support = text;
        self
    }

    /// A link to more help, after the support words.
    pub const fn help(mut self, text: &'a str) -> Self {
        self.help = Some(text);
        self
    }

    /// Words at the right of the support line.
    pub const fn aside(mut self, text: &'a str) -> Self {
        self.aside = Some((text, Aside::Words));
        self
    }

    /// Words at the right of the support line that can be pressed.
    pub const fn aside_button(mut self, text: &'a str) -> Self {
        self.aside = Some((text, Aside::Link));
        self
    }

    /// Words before those.
    pub const fn before_aside(mut self, text: &'a str) -> Self {
        self.before_aside = Some((text, Aside::Words));
        self
    }

    /// Words before those that can be pressed as well.
    pub const fn before_aside_button(mut self, text: &'a str) -> Self {
        self.before_aside = Some((text, Aside::Link));
        self
    }

    /// Shows it over all the room there is.
    pub fn show<R>(self, ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> FrameResponse<R> {
        let page = ui.available_rect_before_wrap();
        let rooms = Rooms::of(
            page,
            Parts {
                bar: self.bar.is_some(),
                drawing: self.drawing.is_some(),
                foot: self.back.is_some() || self.next.is_some(),
                column: self.column,
            },
        );
        let t = theme::tokens(ui.ctx());
        // The parts are shown in reading order, so that Tab goes through them in that order;
        // panels would have to be shown from the outside in.
        if let (Some(step_bar), Some(rect)) = (self.bar, rooms.bar) {
            step_bar.show(&mut child(ui, rect, Layout::top_down(Align::Min)));
        }
        let inner = self.middle_ui(ui, &rooms, content);
        let (back, next) = self.foot_ui(ui, rooms.foot);
        let mut response = FrameResponse { inner, back, next, help: false, aside: false, before_aside: false };
        if let Some(rect) = rooms.support {
            let line = Stroke::new(1.0, t.hairline);
            ui.painter().hline(page.x_range(), rect.top(), line);
            response.help = self.support_ui(ui, rect);
            (response.before_aside, response.aside) = self.aside_ui(ui, rect);
        }
        ui.advance_cursor_after_rect(page);
        response
    }

    fn middle_ui<R>(&self, ui: &mut Ui, rooms: &Rooms, content: impl FnOnce(&mut Ui) -> R) -> R {
        if let (Some((drawing, words, name)), Some(rect)) = (self.drawing, rooms.drawing) {
            let mut left = child(ui, rect, Layout::top_down(Align::Min));
            art::drawing(&mut left, drawing, words, name);
        }
        // Room for focus rings, which lie outside what they surround.
        const RING: i8 = 6;
        let outer = rooms.middle.expand2(vec2(f32::from(RING), 0.0));
        let mut middle = child(ui, outer, Layout::top_down(Align::Min));
        ScrollArea::vertical()
            .id_salt(self.id)
            .auto_shrink([false, false])
            .show(&mut middle, |ui| {
                let inner = Frame::NONE.inner_margin(RING).show(ui, content).inner;
                show_focused(ui, rooms.foot);
                inner
            })
            .inner
    }

    fn foot_ui(&self, ui: &mut Ui, rect: Rect) -> (bool, bool) {
        let mut back = false;
        let mut next = false;
        if let Some(button) = &self.back {
            let mut left = child(ui, rect, Layout::left_to_right(Align::Max));
            back = left.add(button.flush()).clicked() || escape_pressed(ui.ctx());
        }
        if let Some((text, state)) = self.next {
            // Words too long for a small window grow upwards, not out of the window.
            let mut right = child(ui, rect, Layout::right_to_left(Align::Max));
            let button = Button::primary(text).state(state);
            let pressed = right.add(button.min_size(vec2(96.0, CONTROL_HEIGHT)));
            if self.focus_next {
                pressed.request_focus();
            }
            next = pressed.clicked() || (state == ButtonState::Ready && enter_pressed(ui.ctx()));
        }
        (back, next)
    }

    fn support_ui(&self, ui: &mut Ui, rect: Rect) -> bool {
        // The words at the right are short and can be pressed: those at the left give way.
        let taken = self.aside_width(ui);
        let room = rect.with_max_x((rect.right() - taken).max(rect.left()));
        let mut left = child(ui, room, Layout::left_to_right(Align::Center));
        left.spacing_mut().interact_size.y = 0.0;
        if !self.support.is_empty() {
            left.add(Label::new(theme::help(self.support)).truncate());
        }
        self.help.is_some_and(|text| link_ui(&mut left, text).clicked())
    }

    /// What the words at the right need, with the distance before each.
    fn aside_width(&self, ui: &Ui) -> f32 {
        let font = theme::font(ui, &theme::style_of::help());
        let width = |text: &str| {
            ui.painter().layout_no_wrap(text.to_owned(), font.clone(), theme::UNSEEN).size().x + space::XS + space::XL
        };
        [self.before_aside, self.aside].into_iter().flatten().map(|(text, _)| width(text)).sum()
    }

    fn aside_ui(&self, ui: &mut Ui, rect: Rect) -> (bool, bool) {
        // From the left to the right, so that Tab goes through them in reading order.
        let room = rect.with_min_x((rect.right() - self.aside_width(ui)).max(rect.left()));
        let mut right = child(ui, room, Layout::left_to_right(Align::Center));
        right.spacing_mut().interact_size.y = 0.0;
        right.spacing_mut().item_spacing.x = space::XL;
        right.add_space(space::XL);
        let mut pressed = |(text, kind): (&str, Aside)| match kind {
            Aside::Link => link_ui(&mut right, text).clicked(),
            Aside::Words => {
                right.label(theme::help(text));
                false
            }
        };
        (self.before_aside.is_some_and(&mut pressed), self.aside.is_some_and(pressed))
    }
}

/// Gives a field the keyboard and brings it into sight, with two lines that are told below it.
pub fn reveal_field(ui: &Ui, field: &Response) {
    field.request_focus();
    ui.data_mut(|data| data.insert_temp(Id::unique(TOLD_BELOW), Some(field.id)));
    // It may have had the keyboard before.
    ui.scroll_to_rect(with_label(field.rect, BELOW), None);
}

/// A field with its label, which stands above.
fn with_label(field: Rect, below: f32) -> Rect {
    let rect = field.expand(space::M);
    rect.with_min_y(rect.top() - space::XL).with_max_y(rect.bottom() + below)
}

/// What has just got the focus is scrolled into sight: Tab goes to what is out of it as well.
fn show_focused(ui: &Ui, foot: Rect) {
    let key = Id::unique("step-frame.focused");
    let focused = ui.memory(eframe::egui::Memory::focused);
    let before = ui.data_mut(|data| std::mem::replace(data.get_temp_mut_or_default::<Option<Id>>(key), focused));
    let Some(response) = focused.filter(|_| focused != before) else {
        return;
    };
    if let Some(response) = ui.ctx().read_response(response) {
        // The foot's own buttons are seen wherever the page is scrolled to; what is scrolled
        // away below them has nothing that could be touched.
        let at_foot = response.interact_rect.is_positive() && foot.expand(4.0).contains_rect(response.rect);
        if !at_foot {
            let told = ui.data_mut(|data| data.remove_temp::<Option<Id>>(Id::unique(TOLD_BELOW)).flatten());
            let below = if told == Some(response.id) { BELOW } else { 0.0 };
            ui.scroll_to_rect(with_label(response.rect, below), None);
        }
    }
}

fn child(ui: &mut Ui, rect: Rect, layout: Layout) -> Ui {
    ui.new_child(UiBuilder::new().max_rect(rect).layout(layout))
}

#[cfg(test)]
mod tests {
    use std::{cell::Cell, rc::Rc};

    use eframe::egui::{Event, Key, Modifiers, Vec2};
    use egui_kittest::{Harness, kittest::Queryable as _};

    use super::*;

    #[derive(Default)]
    struct Seen {
        back: Cell<usize>,
        next: Cell<usize>,
    }

    fn frame(size: Vec2, state: ButtonState<'static>) -> (Harness<'static>, Rc<Seen>) {
        let seen = Rc::new(Seen::default());
        let told = Rc::clone(&seen);
        let mut harness = Harness::builder().with_size(size).build_ui(move |ui| {
            theme::install(ui.ctx());
            let bar = StepBar { at: 5, of: 7, words: "Step 5 of 7", name: "Step 5 of 7, square" };
            let answer = StepFrame::new("test")
                .bar(bar)
                .drawing(Drawing::Square, &["Scan"], "Your phone")
                .back("Back")
                .next("Go on", state)
                .support("Need help?")
                .help("Help page")
                .show(ui, |ui| ui.label("content"));
            told.back.set(told.back.get() + usize::from(answer.back));
            told.next.set(told.next.get() + usize::from(answer.next));
        });
        harness.run();
        (harness, seen)
    }

    fn enter(harness: &mut Harness<'_>, repeat: bool) {
        harness.event(Event::Key {
            key: Key::Enter,
            physical_key: None,
            pressed: true,
            repeat,
            modifiers: Modifiers::NONE,
        });
        harness.run();
    }

    #[test]
    fn no_window_is_too_small() {
        for size in [(1366.0, 768.0), (683.0, 384.0), (200.0, 150.0), (60.0, 40.0), (1.0, 1.0)] {
            let (harness, _) = frame(size.into(), ButtonState::Ready);
            assert!(harness.query_by_label("Go on").is_some(), "{size:?}");
        }
    }

    #[test]
    fn enter_goes_on_once_however_long_it_is_held() {
        let (mut harness, seen) = frame(Vec2::new(900.0, 700.0), ButtonState::Ready);
        enter(&mut harness, false);
        assert_eq!(seen.next.get(), 1);
        for _ in 0..5 {
            enter(&mut harness, true);
        }
        assert_eq!(seen.next.get(), 1);
    }

    #[test]
    fn a_held_enter_presses_the_button_that_has_the_focus_once() {
        let (mut harness, seen) = frame(Vec2::new(900.0, 700.0), ButtonState::Ready);
        harness.get_by_label("Go on").focus();
        harness.run();
        enter(&mut harness, false);
        assert_eq!(seen.next.get(), 1);
        for _ in 0..5 {
            enter(&mut harness, true);
        }
        assert_eq!(seen.next.get(), 1);
    }

    #[test]
    fn nothing_goes_on_while_it_may_not() {
        for state in [ButtonState::Disabled, ButtonState::Busy("Checking…")] {
            let (mut harness, seen) = frame(Vec2::new(900.0, 700.0), state);
            enter(&mut harness, false);
            assert_eq!(seen.next.get(), 0, "{state:?}");
        }
    }

    #[test]
    fn esc_goes_back() {
        let (mut harness, seen) = frame(Vec2::new(900.0, 700.0), ButtonState::Ready);
        harness.key_press(Key::Escape);
        harness.run();
        assert_eq!((seen.back.get(), seen.next.get()), (1, 0));
    }
}
