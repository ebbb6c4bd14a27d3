//! A notice: what happened, and what to do. Never colour alone: an icon and words.

use eframe::egui::{
    Color32, CornerRadius, Id, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, accesskit::Live, pos2,
    vec2,
};

use crate::desktop::art::{self, Icon};
use crate::desktop::theme::{self, FORM_WIDTH, RADIUS_CONTROL, Theme, Tokens, space, style_of};

const ICON: f32 = 20.0;
const PAD: f32 = 13.0;

/// How much a notice matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// Worth knowing.
    Info,
    /// It worked.
    Success,
    /// It can be put right here, now or soon.
    Warning,
    /// It did not work.
    Danger,
}

impl NoticeKind {
    const fn colours(self, t: &Tokens) -> (Color32, Color32) {
        match self {
            Self::Info => (t.primary, t.selection),
            Self::Success => (t.success, t.success_bg),
            Self::Warning => (t.warning, t.warning_bg),
            Self::Danger => (t.danger, t.danger_bg),
        }
    }

    const fn icon(self) -> Icon {
        match self {
            Self::Info => Icon::Info,
            Self::Success => Icon::CheckCircle,
            Self::Warning => Icon::Warning,
            Self::Danger => Icon::Cross,
        }
    }

    /// A refusal is read at once; the rest waits until the reader has finished.
    const fn live(self) -> (Role, Live) {
        match self {
            Self::Info | Self::Success => (Role::Status, Live::Polite),
            Self::Warning | Self::Danger => (Role::Alert, Live::Assertive),
        }
    }
}

/// Two sentences on a coloured card.
#[must_use = "a notice is shown with `show`"]
pub struct Notice<'a> {
    id: &'static str,
    kind: NoticeKind,
    what: &'a str,
    then: &'a str,
    icon: Icon,
    width: f32,
    said: Option<&'a str>,
}

impl<'a> Notice<'a> {
    /// `what` happened, and what to do `then` (may be empty). One id a place on the page,
    /// so that a changed notice is announced as a change.
    pub const fn new(id: &'static str, kind: NoticeKind, what: &'a str, then: &'a str) -> Self {
        Self { id, kind, what, then, icon: kind.icon(), width: FORM_WIDTH, said: None }
    }

    /// Another icon than the kind's own, such as the clock for a wait.
    pub const fn icon(mut self, icon: Icon) -> Self {
        self.icon = icon;
        self
    }

    /// The widest it becomes.
    pub const fn width(mut self, width: f32) -> Self {
        self.width = width;
        self
    }

    /// What a screen reader says instead of the first sentence: for one that changes more often than can be listened to.
    pub const fn said(mut self, words: &'a str) -> Self {
        self.said = Some(words);
        self
    }

    /// Shows it.
    pub fn show(self, ui: &mut Ui) -> Response {
        let t = theme::tokens(ui.ctx());
        let (colour, fill) = self.kind.colours(t);
        let width = self.width.min(ui.available_width()).max(80.0);
        let left = space::L + ICON + space::M;
        let room = (width - left - space::L).max(40.0);
        let lay_out = |text: &str, style: &eframe::egui::TextStyle, colour| {
            let mut job = eframe::egui::text::LayoutJob::simple(text.to_owned(), theme::font(ui, style), colour, room);
            for section in &mut job.sections {
                section.format.line_height = Some(theme::BODY_LINE);
            }
            ui.fonts_mut(|fonts| fonts.layout_job(job))
        };
        let what = lay_out(self.what, &style_of::strong(), colour);
        let then = (!self.then.is_empty()).then(|| lay_out(self.then, &style_of::body(), t.text));
        let text_height = what.size().y + then.as_ref().map_or(0.0, |then| then.size().y);
        let size = vec2(width, text_height + 2.0 * PAD);
        let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
        let response = ui.interact(rect, Id::unique(self.id), Sense::hover());
        let (role, live) = self.kind.live();
        response.widget_info(|| {
            let words = format!("{} {}", self.said.unwrap_or(self.what), self.then);
            WidgetInfo::labeled(role, true, words.trim_end())
        });
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(live));

        let stroke = match t.theme {
            Theme::Light | Theme::Dark => Stroke::NONE,
            Theme::HighContrast => t.border_stroke(),
        };
        let corner = CornerRadius::same(RADIUS_CONTROL);
        ui.painter().rect(rect, corner, fill, stroke, StrokeKind::Inside);
        let icon_at = pos2(rect.left() + space::L, rect.top() + PAD + (theme::BODY_LINE - ICON) / 2.0);
        let icon_rect = eframe::egui::Rect::from_min_size(icon_at, Vec2::splat(ICON));
        art::paint_icon(ui, icon_rect, self.icon, colour);
        let at = pos2(rect.left() + left, rect.top() + PAD);
        let below = at + vec2(0.0, what.size().y);
        ui.painter().galley(at, what, colour);
        if let Some(then) = then {
            ui.painter().galley(below, then, t.text);
        }
        response
    }
}
