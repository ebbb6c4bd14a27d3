//! Who: tiles on the screen itself, or a page of them where they do not fit.

use std::time::Duration;

use eframe::egui::{Align, Context, Event, Id, Label, Layout, Rect, Ui, UiBuilder, pos2, vec2};

use super::fields::Fields;
use super::frame::{Room, support_text};
use super::refusal::wake_at_next_second;
use crate::desktop::screen::Screen;
use crate::desktop::theme::{self, space, style_of};
use crate::desktop::widgets::{Button, Face, StepFrame, TextField, Tile, TileState, enter_pressed, page_heading_ui};
use crate::domain::names;
use crate::explain::minutes_and_seconds;
use crate::flows::sign_in::{Act, SignIn};
use crate::ports::{Begins, PersonLook};
use crate::tr;

const FIND: &str = "lock.find";
const TYPED: &str = "lock.typed-at-a-tile";
const FIND_WIDTH: f32 = 360.0;
const GAP: f32 = space::M;
/// More in a row are hard to look over.
const WIDEST_ROW: usize = 6;

/// A name as it can be shown: the Latin id where the fonts lack its letters, so that two people can be told apart.
pub(in crate::desktop::screens) fn shown_name<'a>(ui: &Ui, name: &'a str, id: &'a str) -> &'a str {
    let font = theme::font(ui, &style_of::strong());
    if ui.fonts_mut(|fonts| fonts.has_glyphs(&font, name)) { name } else { id }
}

/// How many tiles stand in one row of this width.
fn columns(width: f32) -> usize {
    let fit = ((width + GAP) / (Tile::WIDTH + GAP)).floor().max(1.0);
    (1..=WIDEST_ROW).rev().find(|count| *count as f32 <= fit).unwrap_or(1)
}

/// How many columns and rows the tiles take, as evenly filled as can be.
fn grid(count: usize, width: f32) -> (usize, usize) {
    let rows = count.div_ceil(columns(width)).max(1);
    (count.div_ceil(rows), rows)
}

/// The height all tiles take at this width.
pub(super) fn tiles_height(flow: &SignIn, room: Room, width: f32, screen: &Screen<'_>) -> f32 {
    let (_, rows) = grid(flow.look.people.len(), width);
    rows as f32 * (tile_height(flow, room, screen) + GAP) - GAP
}

/// As the tiles measure themselves.
fn tile_height(flow: &SignIn, room: Room, screen: &Screen<'_>) -> f32 {
    // With a wait that was there at first: the fields do not jump when it ends.
    let has_line = |person: &PersonLook| {
        (person.wait.is_some() && person.id != flow.chosen) || !below(flow, person, screen).0.is_empty()
    };
    let any = flow.look.people.iter().any(has_line);
    let (plain, line) = match room {
        Room::Roomy => (138.0, 20.0),
        Room::Low => (88.0, 20.0),
    };
    if any { plain + line } else { plain }
}

/// The small line of a tile, and what is left of a wait in it.
fn below(flow: &SignIn, person: &PersonLook, screen: &Screen<'_>) -> (String, Option<Duration>) {
    // The chosen person's wait is told below the fields.
    let left = flow.wait_of(&person.id, &screen.now.boot).filter(|_| person.id != flow.chosen);
    if let Some(left) = left {
        return (tr!("lock-tile-wait", time = minutes_and_seconds(left)), Some(left));
    }
    let words = match (person.stage, person.begins) {
        (None, _) => tr!("lock-tile-damaged"),
        (Some(_), Begins::WithSlip { .. } | Begins::WithPassword) => tr!("lock-tile-pending"),
        (Some(_), Begins::NeedsNewSlip) => tr!("lock-tile-new-slip"),
        (Some(_), Begins::Done) if person.day_pass => tr!("lock-tile-day-pass"),
        (Some(_), Begins::Done) => String::new(),
    };
    (words, None)
}

/// Everyone's tiles; returns whom the person chose.
pub(super) fn tiles_ui(ui: &mut Ui, flow: &SignIn, screen: &Screen<'_>) -> Option<Act> {
    let everyone: Vec<&PersonLook> = flow.look.people.iter().collect();
    some_tiles_ui(ui, flow, &everyone, screen)
}

/// The tiles of some. Only rows in sight are laid out, and one above and below for Tab to go to: five hundred people
/// must not cost more than twenty.
fn some_tiles_ui(ui: &mut Ui, flow: &SignIn, people: &[&PersonLook], screen: &Screen<'_>) -> Option<Act> {
    let (width, room) = (ui.available_width(), Room::of(ui));
    let (columns, _) = grid(people.len(), width);
    let size = vec2(Tile::WIDTH, tile_height(flow, room, screen));
    let mut chosen = None;
    let mut top = ui.cursor().top();
    let mut rest = people;
    let in_sight = ui.clip_rect().expand2(vec2(0.0, size.y + GAP));
    while !rest.is_empty() {
        let (row, after) = rest.split_at(columns.min(rest.len()));
        rest = after;
        let line = Rect::from_min_size(pos2(ui.max_rect().left(), top), vec2(width, size.y));
        if !in_sight.intersects(line) {
            ui.advance_cursor_after_rect(line);
            top += size.y + GAP;
            continue;
        }
        let row_width = row.len() as f32 * (size.x + GAP) - GAP;
        let mut left = (ui.max_rect().left() + (width - row_width) / 2.0).round();
        for person in row {
            let rect = Rect::from_min_size(pos2(left, top), size);
            let mut child =
                ui.new_child(UiBuilder::new().id_salt(&person.id).max_rect(rect).layout(Layout::top_down(Align::Min)));
            if tile_ui(&mut child, flow, person, screen) {
                chosen = Some(Act::Choose(person.id.clone()));
            }
            ui.advance_cursor_after_rect(rect);
            left += size.x + GAP;
        }
        top += size.y + GAP;
    }
    chosen
}

fn tile_ui(ui: &mut Ui, flow: &SignIn, person: &PersonLook, screen: &Screen<'_>) -> bool {
    let name = shown_name(ui, &person.name, &person.id).to_owned();
    let (below, left) = below(flow, person, screen);
    if let Some(left) = left {
        wake_at_next_second(ui.ctx(), left);
    }
    let state = if person.id == flow.chosen { TileState::Chosen } else { TileState::Open };
    let initials = names::initials(&name);
    let tile = Tile { face: Face::Initials(&initials), name: &name, below: &below, state };
    let response = tile.show(ui);
    // Read aloud as typed, whatever the fonts can show, and with what the small line says.
    let aloud = format!("{} {below}", person.name);
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(aloud.trim_end()));
    if response.has_focus() && !flow.is_busy() {
        note_typing(ui);
    }
    response.clicked()
}

/// One line with the chosen person and the way to the page of tiles. True when it was asked for.
pub(super) fn line_ui(ui: &mut Ui, flow: &SignIn) -> bool {
    ui.horizontal(|ui| {
        if let Some(person) = flow.person() {
            let name = shown_name(ui, &person.name, &person.id).to_owned();
            ui.add(Label::new(theme::strong(name)).truncate());
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add(Button::quiet(&tr!("lock-someone-else"))).clicked()
        })
        .inner
    })
    .inner
}

/// What is typed while a tile has the focus is meant for the field that finds one.
fn note_typing(ui: &Ui) {
    let typed = ui.input(|input| {
        let text = |event: &Event| if let Event::Text(text) = event { Some(text.clone()) } else { None };
        input.events.iter().filter_map(text).collect::<String>()
    });
    if !typed.trim().is_empty() {
        ui.data_mut(|data| data.insert_temp(Id::unique(TYPED), typed));
        ui.ctx().request_repaint();
    }
}

/// What was typed while a tile had the focus, once.
pub(super) fn take_typing(ctx: &Context) -> Option<String> {
    ctx.data_mut(|data| data.remove_temp(Id::unique(TYPED)))
}

/// Looks for a name: whatever is typed on the page goes in here, wherever the focus is.
fn find_ui(ui: &mut Ui, fields: &mut Fields) {
    let typed = ui.input(|input| input.events.iter().any(|event| matches!(event, Event::Text(text) if text != " ")));
    if fields.find_wants_focus() || (typed && !ui.ctx().text_edit_focused()) {
        ui.memory_mut(|memory| memory.request_focus(TextField::id(FIND)));
    }
    let (label, help) = (tr!("lock-find"), tr!("lock-find-help"));
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::S, space::S);
        TextField::new(FIND, &label, &mut fields.find).help(&help).width(FIND_WIDTH).show(ui);
    });
}

/// Whether what was typed begins a word of the name, or the id.
fn is_found(person: &PersonLook, typed: &str) -> bool {
    let name = format!(" {}", names::key(&person.name)).replace('-', " ");
    person.id.starts_with(typed) || name.contains(&format!(" {typed}"))
}

/// The page of tiles.
pub(super) fn page_ui(ui: &mut Ui, flow: &SignIn, fields: &mut Fields, screen: &Screen<'_>) -> Option<Act> {
    let (support, back) = (support_text(screen), tr!("go-back"));
    let shown = StepFrame::new("lock.people").support(&support).back(&back).show(ui, |ui| {
        page_heading_ui(ui, &tr!("lock-who"));
        ui.add_space(space::M);
        find_ui(ui, fields);
        ui.add_space(space::M);
        let typed = names::key(&fields.find).replace('-', " ");
        let found = flow.look.people.iter().filter(|person| typed.is_empty() || is_found(person, &typed));
        let found: Vec<&PersonLook> = found.collect();
        if found.is_empty() {
            ui.add(Label::new(theme::muted(tr!("lock-find-none"))).wrap());
        }
        let first = found.first().filter(|_| !typed.is_empty() && enter_pressed(ui.ctx()));
        let first = first.map(|person| Act::Choose(person.id.clone()));
        some_tiles_ui(ui, flow, &found, screen).or(first)
    });
    if shown.back || shown.inner.is_some() {
        fields.close_people();
    }
    shown.inner
}
