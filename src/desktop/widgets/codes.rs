//! A key and spare codes as text, in the face in which 0 and O, 1 and l differ.

use eframe::egui::{Align, Label, Layout, Response, Ui, vec2};

use super::cards::sunken_ui;
use crate::desktop::theme::{self, space, style_of};

const NUMBER: f32 = 36.0;
const LINE: f32 = 28.0;
/// Letters in a line of a key: four groups, their blanks, and too little room for a fifth.
const KEY_LINE: f32 = 21.0;

/// A key in groups of four, four groups a line, to be typed or copied.
pub fn key_ui(ui: &mut Ui, key: &str) -> Response {
    sunken_ui(ui, |ui| {
        let font = theme::font(ui, &style_of::key());
        let letter = ui.fonts_mut(|fonts| fonts.glyph_width(&font, '0'));
        ui.set_max_width(letter * KEY_LINE);
        let groups = groups_of_four(key);
        ui.add(Label::new(theme::key(groups)).selectable(true).wrap())
    })
    .inner
}

/// Spare codes, numbered, in two columns (one when there is little room).
pub fn codes_ui<S: AsRef<str>>(ui: &mut Ui, codes: &[S]) -> Response {
    sunken_ui(ui, |ui| {
        let font = theme::font(ui, &style_of::key());
        let letter = ui.fonts_mut(|fonts| fonts.glyph_width(&font, '0'));
        let longest = codes.iter().map(|code| code.as_ref().chars().count()).max();
        let code_width = letter * longest.unwrap_or(0) as f32;
        let both = 2.0 * (NUMBER + code_width) + space::XXL;
        let columns = if ui.available_width() >= both { 2 } else { 1 };
        ui.spacing_mut().item_spacing = vec2(0.0, space::XS);
        ui.spacing_mut().interact_size.y = LINE;
        for (row, chunk) in codes.chunks(columns).enumerate() {
            ui.horizontal(|ui| {
                for (column, code) in chunk.iter().enumerate() {
                    let number = row * columns + column + 1;
                    code_ui(ui, number, code.as_ref());
                    ui.add_space(if column + 1 < columns { space::XXL } else { 0.0 });
                }
            });
        }
    })
    .response
}

fn code_ui(ui: &mut Ui, number: usize, code: &str) {
    let number = Label::new(theme::help(number.to_string()));
    ui.allocate_ui_with_layout(vec2(NUMBER, LINE), Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_width(NUMBER);
        ui.add(number);
    });
    ui.add(Label::new(theme::key(code)).selectable(true).extend());
}

fn groups_of_four(key: &str) -> String {
    let letters: Vec<char> = key.chars().filter(|c| c.is_alphanumeric()).collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use super::groups_of_four;

    #[test]
    fn a_key_is_read_in_groups_of_four() {
        for (key, shown) in [
            ("", ""),
            ("ABC", "ABC"),
            ("ABCDEFGH", "ABCD EFGH"),
            ("ABCD EFGH IJ", "ABCD EFGH IJ"),
            ("5403-VG81-0F7R", "5403 VG81 0F7R"),
        ] {
            assert_eq!(groups_of_four(key), shown);
        }
    }
}
