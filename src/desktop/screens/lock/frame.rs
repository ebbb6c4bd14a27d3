//! A page in the middle and one line at the foot: the lock screen, the signed-in page, the page of a closed clinic.

use eframe::egui::{Align, Frame, Layout, Margin, Rect, ScrollArea, Stroke, Ui, UiBuilder, pos2, vec2};

use crate::desktop::screen::Screen;
use crate::desktop::theme::{self, space};
use crate::tr;

/// Below this height, as at 200 %, margins and headings shrink.
const ROOMY_FROM: f32 = 520.0;
/// Below this height the words are worth more than the foot.
const FOOT_FROM: f32 = 260.0;
const FOOT: f32 = 50.0;
const LOW_FOOT: f32 = 36.0;
/// Below this width the margins shrink.
const WIDE_FROM: f32 = 720.0;

/// Whether there is room to be generous.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::desktop::screens) enum Room {
    Roomy,
    Low,
}

impl Room {
    /// What a page of this height offers.
    pub(in crate::desktop::screens) fn of(height: f32) -> Self {
        if height >= ROOMY_FROM { Self::Roomy } else { Self::Low }
    }
}

/// Whom to ask for help, as a sentence.
pub(in crate::desktop::screens) fn support_text(screen: &Screen<'_>) -> String {
    if screen.support.is_empty() { tr!("need-help-none") } else { tr!("need-help", support = screen.support) }
}

/// Shows `content` over all the room there is, scrolling when it is long, with `left` and `right` at the foot.
pub(in crate::desktop::screens) fn frame_ui<R>(
    ui: &mut Ui,
    id: &'static str,
    (left, right): (&str, &str),
    content: impl FnOnce(&mut Ui, Room) -> R,
) -> R {
    let page = ui.available_rect_before_wrap();
    let room = Room::of(page.height());
    let side = if page.width() < WIDE_FROM { space::L } else { space::PAGE + space::S };
    let foot_height = match room {
        Room::Roomy => FOOT,
        Room::Low if page.height() < FOOT_FROM => 0.0,
        Room::Low => LOW_FOOT,
    };
    let foot_top = page.bottom() - foot_height;
    let middle = Rect::from_min_max(page.min, pos2(page.right(), foot_top.max(page.top())));
    let mut child = ui.new_child(UiBuilder::new().max_rect(middle).layout(Layout::top_down(Align::Min)));
    let edge = match room {
        Room::Roomy => space::XL,
        Room::Low => space::S,
    };
    let inner = ScrollArea::vertical()
        .id_salt(id)
        .auto_shrink([false, false])
        .show(&mut child, |ui| {
            let margin = Margin { bottom: space::S as i8, ..Margin::from(vec2(side, edge)) };
            Frame::NONE.inner_margin(margin).show(ui, |ui| content(ui, room)).inner
        })
        .inner;
    if foot_height > 0.0 {
        let line = Stroke::new(1.0, theme::tokens(ui.ctx()).hairline);
        ui.painter().hline(page.x_range(), foot_top, line);
        let foot = Rect::from_min_max(pos2(page.left() + side, foot_top), pos2(page.right() - side, page.bottom()));
        foot_ui(ui, foot, left, right);
    }
    ui.advance_cursor_after_rect(page);
    inner
}

fn foot_ui(ui: &mut Ui, rect: Rect, left: &str, right: &str) {
    let mut start = ui.new_child(UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Center)));
    start.spacing_mut().interact_size.y = 0.0;
    let said = start.label(theme::help(left)).rect.right();
    let mut end = ui.new_child(UiBuilder::new().max_rect(rect).layout(Layout::right_to_left(Align::Center)));
    end.spacing_mut().interact_size.y = 0.0;
    let font = theme::font(ui, &theme::style_of::help());
    let width = ui.painter().layout_no_wrap(right.to_owned(), font, theme::UNSEEN).size().x;
    // In a narrow window whom to ask matters more.
    if said + space::L + width <= rect.right() {
        end.label(theme::help(right));
    }
}
