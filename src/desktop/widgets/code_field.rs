//! The six digits: one real text field drawn as six slots.
//!
//! One field, not six, so that pasting, selecting, screen readers and input methods work
//! as in any other field. The field's own letters are not painted: what was typed is
//! cleaned first, and the digits are painted into their slots.

use eframe::egui::{
    Align2, Event, FontId, Frame, Id, ImeEvent, Key, Margin, Rect, Response, Shape, Stroke, TextBuffer, TextEdit, Ui,
    Vec2, pos2, text::LayoutJob, text::TextFormat, vec2,
};

use super::field::{self, Border};
use crate::desktop::theme::{self, Theme, style_of};
use crate::domain::secret::SecretText;

const DIGITS: usize = 6;
const WIDTH: f32 = 360.0;
const HEIGHT: f32 = 64.0;
const MARGIN: f32 = 15.0;
const GAP: f32 = 8.0;
const GROUP_GAP: f32 = 32.0;

/// What happened to the code in this frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeInput {
    /// Nothing.
    Unchanged,
    /// It changed and is not six digits.
    Changed,
    /// It just became six digits.
    Filled,
    /// More than six digits were pasted: not a code, and not cut into one. The field is empty.
    TooLong,
}

/// What the field answers.
pub struct CodeOutput {
    /// The text field's response.
    pub response: Response,
    /// What happened to the code.
    pub input: CodeInput,
}

/// The six digits.
#[must_use = "a field is shown with `show`"]
pub struct CodeField<'a> {
    id: &'static str,
    label: &'a str,
    text: &'a mut SecretText,
    clean: fn(&str) -> String,
    border: Border,
    width: f32,
}

impl<'a> CodeField<'a> {
    /// `clean` keeps the digits of what was typed, in order, and nothing else.
    pub fn new(id: &'static str, label: &'a str, text: &'a mut SecretText, clean: fn(&str) -> String) -> Self {
        Self { id, label, text, clean, border: Border::Plain, width: WIDTH }
    }

    /// The id, for asking for the focus.
    #[must_use]
    pub fn id(id: &'static str) -> Id {
        Id::unique(id)
    }

    /// The last code was refused; a notice says why.
    pub fn refused(mut self, refused: bool) -> Self {
        self.border = if refused { Border::Wrong } else { Border::Plain };
        self
    }

    /// The widest it becomes.
    pub fn width(mut self, width: f32) -> Self {
        self.width = width;
        self
    }

    /// Shows it.
    pub fn show(self, ui: &mut Ui) -> CodeOutput {
        ui.vertical(|ui| {
            let id = Self::id(self.id);
            let label = field::label_ui(ui, self.label);
            let under = ui.painter().add(Shape::Noop);
            let width = self.width.min(ui.available_width()).max(120.0);
            let slots = Slots::new(width);
            let font = theme::font(ui, &style_of::code());
            let before = self.text.duplicate();

            let mut layouter = |ui: &Ui, buffer: &dyn TextBuffer, _wrap: f32| {
                let job = slots.unseen_job(ui, buffer.as_str(), &font);
                ui.fonts_mut(|fonts| fonts.layout_job(job))
            };
            let margin = Margin { left: 0, right: 0, top: 4, bottom: 4 };
            let mut edit_ui = ui.new_child(eframe::egui::UiBuilder::new());
            // The field's own cursor follows its unseen letters; ours stands in the slot.
            edit_ui.visuals_mut().text_cursor.stroke = Stroke::NONE;
            let edit = TextEdit::singleline(self.text.edit())
                .id(id)
                .font(font.clone())
                .frame(Frame::NONE.inner_margin(margin))
                .min_size(vec2(width, HEIGHT))
                .desired_width(width)
                .align(Align2::LEFT_CENTER)
                .layouter(&mut layouter)
                .return_key(None);
            let mut response = edit_ui.add(edit).labelled_by(label.id);
            ui.advance_cursor_after_rect(response.rect);

            if response.has_focus() {
                // Digits need no input method, and one that is on would only get between them and the field.
                ui.output_mut(|output| output.ime = None);
            }
            // What a stubborn one composes stands in the field as it is until it is given; it knows its place there.
            let input = if response.changed() && !is_composing(ui) {
                let arrival = Arrival::of(ui);
                let (text, input) = settle(before.expose(), self.text.expose(), &arrival, self.clean);
                *self.text = SecretText::new(text);
                field::cursor_to_end(ui, id, self.text.expose().len());
                ui.ctx().request_repaint();
                input
            } else {
                CodeInput::Unchanged
            };
            if input == CodeInput::Unchanged {
                response.flags.remove(eframe::egui::response::Flags::CHANGED);
            }
            field::forget_typing(ui, id);

            ui.painter().set(under, field::box_shape(ui, response.rect, self.border));
            slots.paint(ui, &response, self.text.expose(), &font);
            field::field_ring(ui, &response);
            CodeOutput { response, input }
        })
        .inner
    }
}

/// Whether an input method is showing what it composes.
fn is_composing(ui: &Ui) -> bool {
    ui.input(|input| {
        let last =
            input.events.iter().rev().find_map(|event| if let Event::Ime(ime) = event { Some(ime) } else { None });
        matches!(last, Some(ImeEvent::Preedit { text, .. }) if !text.is_empty())
    })
}

/// How the new text came.
#[derive(Debug)]
enum Arrival {
    /// Key by key; on a slow computer several keys in one frame.
    Keys,
    /// In one piece: pasted.
    Pasted(SecretText),
    /// In one piece, put there by an input method or a screen reader.
    Set,
}

impl Arrival {
    fn of(ui: &Ui) -> Self {
        ui.input(|input| {
            let pasted = input.events.iter().rev().find_map(|event| {
                let (Event::Paste(text) | Event::MiddleClickPaste { text, .. }) = event else { return None };
                Some(text.as_str())
            });
            let deletes = [Key::Backspace, Key::Delete].map(|key| input.key_pressed(key));
            let typed = |event: &Event| matches!(event, Event::Text(text) if text.len() < 5);
            match pasted {
                Some(text) => Self::Pasted(SecretText::from(text)),
                None if deletes.contains(&true) || input.events.iter().any(typed) => Self::Keys,
                None => Self::Set,
            }
        })
    }
}

/// The text the field goes on with, and what to report.
fn settle(before: &str, typed: &str, arrival: &Arrival, clean: fn(&str) -> String) -> (String, CodeInput) {
    let mut text = clean(typed);
    match arrival {
        // Keys beyond the sixth fall off, as they would one by one.
        Arrival::Keys if text.len() > DIGITS && before.len() < DIGITS => text.truncate(DIGITS),
        Arrival::Keys if text.len() > DIGITS => text = before.to_owned(),
        Arrival::Pasted(piece) => {
            let code = clean(piece.expose());
            // A whole code is meant to replace what stands there, wherever the cursor was.
            if code.len() == DIGITS {
                text = code;
            }
        }
        Arrival::Keys | Arrival::Set => {}
    }
    if text.len() > DIGITS {
        return (String::new(), CodeInput::TooLong);
    }
    let again = matches!(arrival, Arrival::Pasted(_)) && text.len() == DIGITS;
    let input = match (text.len() == DIGITS, text == before && !again) {
        (true | false, true) => CodeInput::Unchanged,
        (true, false) => CodeInput::Filled,
        (false, false) => CodeInput::Changed,
    };
    (text, input)
}

/// Where the six slots are inside a field of a given width.
struct Slots {
    slot: f32,
}

impl Slots {
    fn new(width: f32) -> Self {
        let room = width - 2.0 * MARGIN - 4.0 * GAP - GROUP_GAP;
        Self { slot: (room / DIGITS as f32).max(4.0) }
    }

    fn left(&self, index: usize) -> f32 {
        let group = if index >= DIGITS / 2 { GROUP_GAP - GAP } else { 0.0 };
        MARGIN + index as f32 * (self.slot + GAP) + group
    }

    /// The field's own letters, each in its slot so that clicking and selecting agree with
    /// what is painted, and none of them seen.
    fn unseen_job(&self, ui: &Ui, text: &str, font: &FontId) -> LayoutJob {
        let mut job = LayoutJob::default();
        let mut x = 0.0;
        for (index, character) in text.chars().enumerate() {
            let width = ui.fonts_mut(|fonts| fonts.glyph_width(font, character));
            let wanted = self.left(index.min(DIGITS)) + (self.slot - width) / 2.0;
            let leading = if index < DIGITS { (wanted - x).max(0.0) } else { 0.0 };
            let format = TextFormat::simple(font.clone(), theme::UNSEEN);
            job.append(character.encode_utf8(&mut [0; 4]), leading, format);
            x += leading + width;
        }
        job
    }

    fn paint(&self, ui: &Ui, field: &Response, text: &str, font: &FontId) {
        let t = theme::tokens(ui.ctx());
        let current = field.has_focus().then(|| text.len().min(DIGITS - 1));
        let font = FontId::new(font.size.min(self.slot * 1.2), font.family.clone());
        let digits = text.chars().map(Some).chain(std::iter::repeat(None));
        for (index, digit) in (0..DIGITS).zip(digits) {
            let rect = Rect::from_min_size(
                pos2(field.rect.left() + self.left(index), field.rect.top() + 6.0),
                vec2(self.slot, HEIGHT - 15.0),
            );
            let here = current == Some(index) && digit.is_none();
            let colour = match (here, t.theme) {
                (false, Theme::Light | Theme::Dark | Theme::HighContrast) => t.hairline,
                (true, Theme::Light | Theme::Dark) => t.primary,
                // There the other slots are as white as the primary colour.
                (true, Theme::HighContrast) => t.focus,
            };
            let line = Rect::from_min_size(pos2(rect.left(), field.rect.bottom() - 11.0), Vec2::new(self.slot, 3.0));
            ui.painter().rect_filled(line, 1.5, colour);
            if let Some(digit) = digit {
                let at = rect.center();
                ui.painter().text(at, Align2::CENTER_CENTER, digit, font.clone(), t.text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> String {
        text.chars().filter(char::is_ascii_digit).collect()
    }

    #[test]
    fn what_the_field_goes_on_with() {
        use CodeInput::{Changed, Filled, TooLong, Unchanged};
        let pasted = |text: &str| Arrival::Pasted(SecretText::from(text));
        let cases = [
            ("", "3", Arrival::Keys, "3", Changed),
            ("38468", "384688", Arrival::Keys, "384688", Filled),
            ("38468", "3846887", Arrival::Keys, "384688", Filled),
            ("384688", "3846881", Arrival::Keys, "384688", Unchanged),
            ("38", "38x", Arrival::Keys, "38", Unchanged),
            ("3846", "384", Arrival::Keys, "384", Changed),
            ("", "384 688\n", pasted("384 688\n"), "384688", Filled),
            ("12", "12384688", pasted("384688"), "384688", Filled),
            ("384688", "384688384688", pasted("384688"), "384688", Filled),
            ("", "01632960123", pasted("01632960123"), "", TooLong),
            ("12", "1201632960123", pasted("01632960123"), "", TooLong),
            ("", "007", pasted("007"), "007", Changed),
            ("", "384688", Arrival::Set, "384688", Filled),
            ("", "01632960123", Arrival::Set, "", TooLong),
        ];
        for (before, typed, arrival, text, input) in cases {
            let got = settle(before, typed, &arrival, digits);
            assert_eq!(got, (text.to_owned(), input), "{before:?} then {typed:?}, {arrival:?}");
        }
    }

    #[test]
    fn slots_stand_in_two_groups_inside_the_field() {
        for width in [120.0, 240.0, 360.0, 480.0] {
            let slots = Slots::new(width);
            assert!(slots.left(3) - slots.left(2) > slots.left(2) - slots.left(1));
            assert!(slots.left(5) + slots.slot <= width, "{width}");
        }
    }
}
