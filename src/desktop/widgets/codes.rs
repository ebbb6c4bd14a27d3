//! A key and spare codes as text, in the face in which 0 and O, 1 and l differ.

use eframe::egui::{Grid, Label, Response, Ui, vec2};

use super::cards::sunken_ui;
use crate::desktop::theme::{self, space};

/// A key in groups of four, to be typed or copied.
pub fn key_ui(ui: &mut Ui, key: &str) -> Response {
    sunken_ui(ui, |ui| {
        let groups = groups_of_four(key);
        ui.add(Label::new(theme::key(groups)).selectable(true).wrap())
    })
    .inner
}

/// Spare codes, numbered, in two columns (one when there is little room).
pub fn codes_ui<S: AsRef<str>>(ui: &mut Ui, id: &'static str, codes: &[S]) -> Response {
    sunken_ui(ui, |ui| {
        let columns = if ui.available_width() >= 520.0 { 2 } else { 1 };
        Grid::new(id)
            .spacing(vec2(space::M, space::M))
            .min_row_height(0.0)
            .show(ui, |ui| {
                for (index, code) in codes.iter().enumerate() {
                    ui.spacing_mut().interact_size.y = 0.0;
                    ui.label(theme::help(format!("{}", index + 1)));
                    ui.add(
                        Label::new(theme::key(code.as_ref()))
                            .selectable(true)
                            .extend(),
                    );
                    if index % columns == columns - 1 {
                        ui.end_row();
                    } else {
                        ui.add_space(space::M);
                    }
                }
            });
    })
    .response
}

fn groups_of_four(key: &str) -> String {
    let letters: Vec<char> = key.chars().filter(|c| !c.is_whitespace()).collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
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
        ] {
            assert_eq!(groups_of_four(key), shown);
        }
    }
}
