//! Headings that screen readers know as headings, and columns of a readable width.

use eframe::egui::{Align, Label, Layout, Margin, Response, RichText, Role, ScrollArea, Ui, UiBuilder, pos2, vec2};

use crate::desktop::theme::{self, CONTENT_WIDTH, space};

fn heading_ui(ui: &mut Ui, words: RichText, level: usize) -> Response {
    let spoken = words.text().to_owned();
    let response = ui.add(Label::new(words).wrap());
    // egui knows headings only by their size.
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_role(Role::Heading);
        node.set_label(spoken);
        node.set_level(level);
    });
    response
}

/// The heading of a page.
pub fn page_heading_ui(ui: &mut Ui, text: &str) -> Response {
    heading_ui(ui, theme::page_heading(text), 1)
}

/// The heading of a part of a page.
pub fn step_heading_ui(ui: &mut Ui, text: &str) -> Response {
    heading_ui(ui, theme::step_heading(text), 2)
}

/// A page's heading and the one or two sentences below it (may be empty).
pub fn title_ui(ui: &mut Ui, heading: &str, sentences: &str) {
    page_heading_ui(ui, heading);
    if !sentences.is_empty() {
        ui.add_space(space::XS);
        ui.add(Label::new(theme::body(sentences)).wrap());
    }
    ui.add_space(space::L);
}

/// One of several sentences in a list. A second line stands under the first one's words, not under its dot.
pub fn bullet_ui(ui: &mut Ui, words: RichText) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        ui.spacing_mut().interact_size.y = 0.0;
        let dot = ui.label(theme::body("•"));
        // Nobody listening wants to hear of it.
        ui.ctx().accesskit_node_builder(dot.id, eframe::egui::accesskit::Node::set_hidden);
        ui.add(Label::new(words).wrap());
    });
}

/// A column in the middle, at most `width` wide.
pub fn centred_ui<R>(ui: &mut Ui, width: f32, content: impl FnOnce(&mut Ui) -> R) -> R {
    let room = ui.available_rect_before_wrap();
    let width = width.min(room.width());
    let left = (room.left() + (room.width() - width) / 2.0).round();
    let rect = eframe::egui::Rect::from_min_size(pos2(left, room.top()), vec2(width, room.height()));
    let layout = Layout::top_down(Align::Min);
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).layout(layout));
    let inner = content(&mut child);
    ui.advance_cursor_after_rect(child.min_rect());
    inner
}

/// A page that is not a step: everything in the middle, scrolling when it is long.
pub fn page_ui<R>(ui: &mut Ui, id: &'static str, content: impl FnOnce(&mut Ui) -> R) -> R {
    let margin = if ui.available_width() < 720.0 { 16 } else { 48 };
    ScrollArea::vertical()
        .id_salt(id)
        .auto_shrink([false, false])
        .show(ui, |ui| {
            eframe::egui::Frame::NONE
                .inner_margin(Margin::symmetric(margin, 32))
                .show(ui, |ui| centred_ui(ui, CONTENT_WIDTH + 108.0, content))
                .inner
        })
        .inner
}
