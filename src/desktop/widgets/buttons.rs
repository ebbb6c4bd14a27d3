//! Buttons: one primary a screen, secondary and quiet ones beside it, danger for what
//! cannot be taken back.

use eframe::egui::{
    Align2, Color32, CornerRadius, CursorIcon, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, Widget, WidgetInfo,
    pos2, response::Flags, vec2,
};

use super::{keys::ignore_held_keys, ring::ring};
use crate::desktop::art::{self, Icon};
use crate::desktop::theme::{self, CONTROL_HEIGHT, RADIUS_CONTROL, Tokens, space, style_of};

const ICON: f32 = 20.0;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Primary,
    Secondary,
    Quiet,
    Danger,
}

/// Whether a button can be pressed now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonState<'a> {
    /// It can.
    #[default]
    Ready,
    /// It cannot; the page says why.
    Disabled,
    /// It has been, and the answer is awaited; shows these words and keeps the focus.
    Busy(&'a str),
}

/// A button. `ui.add(Button::primary("Sign in"))`.
#[derive(Clone, Copy)]
#[must_use = "a button is shown with `ui.add`"]
pub struct Button<'a> {
    text: &'a str,
    kind: Kind,
    icon: Option<Icon>,
    shortcut: Option<&'a str>,
    state: ButtonState<'a>,
    min_size: Vec2,
    flush: bool,
}

impl<'a> Button<'a> {
    const fn new(text: &'a str, kind: Kind) -> Self {
        Self {
            text,
            kind,
            icon: None,
            shortcut: None,
            state: ButtonState::Ready,
            min_size: vec2(0.0, CONTROL_HEIGHT),
            flush: false,
        }
    }

    /// What the person most likely wants next; one a screen.
    pub const fn primary(text: &'a str) -> Self {
        Self::new(text, Kind::Primary)
    }

    /// Another thing that can be done here.
    pub const fn secondary(text: &'a str) -> Self {
        Self::new(text, Kind::Secondary)
    }

    /// A way out or aside, as words only.
    pub const fn quiet(text: &'a str) -> Self {
        Self::new(text, Kind::Quiet)
    }

    /// The way back, as words behind a chevron.
    pub const fn back(text: &'a str) -> Self {
        Self::new(text, Kind::Quiet).icon(Icon::ChevronLeft)
    }

    /// What cannot be taken back.
    pub const fn danger(text: &'a str) -> Self {
        Self::new(text, Kind::Danger)
    }

    /// An icon before the words.
    pub const fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// The keys that do the same, after the words.
    pub const fn shortcut(mut self, keys: &'a str) -> Self {
        self.shortcut = Some(keys);
        self
    }

    /// Whether it can be pressed now.
    pub const fn state(mut self, state: ButtonState<'a>) -> Self {
        self.state = state;
        self
    }

    /// A quiet button whose words stand in line with what is above and below it; the card
    /// seen on hovering reaches out to the left.
    pub const fn flush(mut self) -> Self {
        self.flush = true;
        self
    }

    /// At least this large; never lower than a control may be.
    pub fn min_size(mut self, size: Vec2) -> Self {
        self.min_size = size.max(vec2(0.0, CONTROL_HEIGHT));
        self
    }
}

struct Paint {
    fill: Color32,
    stroke: Stroke,
    text: Color32,
}

fn paint_of(kind: Kind, state: ButtonState<'_>, hovered: bool, t: &Tokens) -> Paint {
    let none = Stroke::NONE;
    let paint = |fill, stroke, text| Paint { fill, stroke, text };
    match (state, kind) {
        (ButtonState::Disabled, Kind::Quiet) => paint(theme::UNSEEN, none, t.muted),
        (ButtonState::Disabled, Kind::Primary | Kind::Secondary | Kind::Danger)
        | (ButtonState::Busy(_), Kind::Primary | Kind::Danger) => paint(t.sunken, t.hairline_stroke(), t.muted),
        (ButtonState::Ready, Kind::Primary) => {
            paint(if hovered { t.primary_hover } else { t.primary }, none, t.on_primary)
        }
        (ButtonState::Ready | ButtonState::Busy(_), Kind::Secondary) => {
            paint(if hovered { t.selection } else { t.surface }, t.border_stroke(), t.text)
        }
        (ButtonState::Ready | ButtonState::Busy(_), Kind::Quiet) => {
            paint(if hovered { t.selection } else { theme::UNSEEN }, none, t.primary)
        }
        (ButtonState::Ready, Kind::Danger) => {
            paint(if hovered { t.danger_bg } else { t.surface }, Stroke::new(t.border_width, t.danger), t.danger)
        }
    }
}

impl Widget for Button<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let t = theme::tokens(ui.ctx());
        let text = match self.state {
            ButtonState::Ready | ButtonState::Disabled => self.text,
            ButtonState::Busy(words) => words,
        };
        let icon = match self.state {
            ButtonState::Ready | ButtonState::Disabled => self.icon,
            ButtonState::Busy(_) => self.icon.map(|_| Icon::Clock),
        };
        let side = match self.kind {
            Kind::Primary | Kind::Secondary | Kind::Danger => 22.0,
            Kind::Quiet => space::M,
        };
        let icon_width = if icon.is_some() { ICON + space::S } else { 0.0 };
        let keys = self.shortcut.map(|keys| {
            let font = theme::font(ui, &style_of::help());
            ui.painter().layout_no_wrap(keys.to_owned(), font, t.muted)
        });
        let keys_width = keys.as_ref().map_or(0.0, |keys| keys.size().x + space::M);
        let font = theme::font(ui, &style_of::strong());
        let room = (ui.available_width() - 2.0 * side - icon_width - keys_width).max(40.0);
        // The colour is filled in when it is painted, once hovering is known.
        let words = ui.painter().layout(text.to_owned(), font, Color32::PLACEHOLDER, room);
        let inner = vec2(icon_width + words.size().x + keys_width, words.size().y);
        let size = vec2(inner.x + 2.0 * side, inner.y + 2.0 * 10.0).max(self.min_size);

        let sense = match self.state {
            ButtonState::Ready | ButtonState::Busy(_) => Sense::click(),
            ButtonState::Disabled => Sense::hover(),
        };
        let outside = if self.flush { side } else { 0.0 };
        let (id, mut rect) = ui.allocate_space(size - vec2(outside, 0.0));
        rect.min.x -= outside;
        let mut response = ui.interact(rect, id, sense);
        ignore_held_keys(&mut response);
        let ready = self.state == ButtonState::Ready;
        if !ready {
            response.flags.remove(Flags::CLICKED | Flags::FAKE_PRIMARY_CLICKED);
        }
        response.widget_info(|| WidgetInfo::labeled(Role::Button, ready, text));
        if ready && response.hovered() {
            ui.ctx().set_cursor_icon(CursorIcon::PointingHand);
        }
        if ui.is_rect_visible(rect) {
            let hovered = response.hovered() && ready;
            let paint = paint_of(self.kind, self.state, hovered, t);
            let corner = CornerRadius::same(RADIUS_CONTROL);
            ui.painter().rect(rect, corner, paint.fill, paint.stroke, StrokeKind::Inside);
            let content = Align2::CENTER_CENTER.align_size_within_rect(inner, rect);
            if let Some(icon) = icon {
                let at = Align2::LEFT_CENTER.align_size_within_rect(Vec2::splat(ICON), content);
                art::paint_icon(ui, at, icon, paint.text);
            }
            let words_at = pos2(content.left() + icon_width, content.top());
            let words_width = words.size().x;
            ui.painter().galley(words_at, words, paint.text);
            if let Some(keys) = keys {
                let at = pos2(words_at.x + words_width + space::M, rect.center().y - keys.size().y / 2.0);
                ui.painter().galley(at, keys, t.muted);
            }
            ring(ui, &response, rect, RADIUS_CONTROL);
        }
        response
    }
}
