//! What a covered screen says: whose desk it is, that it is locked, and since when.

use std::time::Duration;

use eframe::egui::{Align, Context, Event, Id, Label, Layout, Ui, ViewportCommand, ViewportId};

use super::Monitor;
use crate::desktop::art::{self, Icon};
use crate::desktop::resized;
use crate::desktop::theme::{self, space};
use crate::desktop::widgets::{page_heading_ui, step_heading_ui};
use crate::tr;

const ICON: f32 = 44.0;
/// A window manager may hear of a new screen after us, and put the cover on one that it knows: so often it is put right,
/// and so long apart. One that puts windows where it wants is left alone then.
const PUT_RIGHT_AT_MOST: u8 = 8;
const PUT_RIGHT_AFTER: Duration = Duration::from_millis(400);

/// What is said.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) clinic: String,
    pub(super) person: String,
    pub(super) since: String,
}

/// Shows it. Whoever touches it is taken to the screen where there is something to type into.
pub(super) fn ui(ui: &mut Ui, words: &Words) {
    resized::paint_again(ui.ctx());
    let t = theme::tokens(ui.ctx());
    ui.painter().rect_filled(ui.max_rect(), 0.0, t.bg);
    ui.add_space((ui.available_height() * 0.3).round());
    ui.with_layout(Layout::top_down(Align::Center), |ui| {
        art::icon(ui, Icon::Lock, t.primary, ICON);
        ui.add_space(space::M);
        page_heading_ui(ui, &words.clinic);
        step_heading_ui(ui, &tr!("curtain-locked"));
        ui.add_space(space::S);
        if !words.person.is_empty() {
            ui.add(Label::new(theme::body(tr!("curtain-desk", name = &words.person))).selectable(false));
        }
        ui.add(Label::new(theme::body(tr!("curtain-since", time = &words.since))).selectable(false));
        ui.add_space(space::L);
        ui.add(Label::new(theme::muted(tr!("curtain-elsewhere"))).selectable(false));
    });
    // Some window managers give a new window the keyboard although it does not ask for it.
    let focused = ui.input(|input| input.viewport().focused == Some(true));
    let touched = ui.input(|input| {
        let is_touch =
            |event: &Event| matches!(event, Event::PointerButton { .. } | Event::Key { .. } | Event::Text(_));
        input.events.iter().any(is_touch)
    });
    if touched || focused {
        ui.ctx().send_viewport_cmd_to(ViewportId::ROOT, ViewportCommand::Focus);
        ui.ctx().request_repaint_of(ViewportId::ROOT);
    }
}

/// Puts the window back on its screen, where the system says that it is elsewhere.
pub(super) fn keep_on(ctx: &Context, monitor: &Monitor) {
    let Some(window) = ctx.input(|input| input.viewport().outer_rect) else { return };
    let counter = Id::unique("curtain.put-right").with(ctx.viewport_id());
    if monitor.is_covered_by(window * ctx.pixels_per_point()) {
        ctx.data_mut(|data| data.remove_temp::<u8>(counter));
        return;
    }
    let tried: u8 = ctx.data(|data| data.get_temp(counter)).unwrap_or_default();
    if tried >= PUT_RIGHT_AT_MOST {
        return;
    }
    ctx.data_mut(|data| data.insert_temp(counter, tried + 1));
    // The first time it may still be on its way.
    if tried > 0 {
        // Asked for a screen that it believes to be on already, the window library would do nothing.
        ctx.send_viewport_cmd(ViewportCommand::Fullscreen(false));
        ctx.send_viewport_cmd(ViewportCommand::SetMonitor(monitor.index));
    }
    ctx.request_repaint_after(PUT_RIGHT_AFTER);
}
