//! Step 2, "I don't have it": where to get the app, in words and as a square that opens the store's page.

use eframe::egui::{Frame, Label, Margin, Ui};

use super::square::paint_square_ui;
use super::surroundings::Around;
use super::{Act, Enrolment, Fields, Focus, Screen};
use crate::desktop::art::{Drawing, Icon};
use crate::desktop::theme::{self, RADIUS_CARD, space};
use crate::desktop::widgets::{ButtonState, ChoiceCard, ChoiceState, columns_ui, title_ui};
use crate::domain::secret::SecretText;
use crate::domain::square::Square;
use crate::flows::enrolment::{App, Handset};
use crate::tr;

/// The store square's side in points: smaller than the one that links the phone.
const SIDE: f32 = 150.0;
/// Words beside a square need this much room.
const WORDS: f32 = 240.0;

/// The square of a store's page, made once for each app and phone.
#[derive(Default)]
pub(super) struct AppSquare(Option<(App, Handset, Option<Square>)>);

impl AppSquare {
    fn of(&mut self, app: App, handset: Handset) -> Option<&Square> {
        if !matches!(&self.0, Some((made, phone, _)) if (*made, *phone) == (app, handset)) {
            let square = Square::encode(&SecretText::from(address(app, handset))).ok();
            self.0 = Some((app, handset, square));
        }
        self.0.as_ref().and_then(|(_, _, square)| square.as_ref())
    }
}

/// The app's page in its store. For "another app" the one that is recommended.
fn address(app: App, handset: Handset) -> &'static str {
    match (app, handset) {
        (App::Google | App::Other, Handset::Iphone) => "https://apps.apple.com/app/id388497605",
        (App::Microsoft, Handset::Iphone) => "https://apps.apple.com/app/id983156458",
        (App::Authy, Handset::Iphone) => "https://apps.apple.com/app/id494168017",
        (App::Google | App::Other, Handset::Android) => {
            "https://play.google.com/store/apps/details?id=com.google.android.apps.authenticator2"
        }
        (App::Microsoft, Handset::Android) => "https://play.google.com/store/apps/details?id=com.azure.authenticator",
        (App::Authy, Handset::Android) => "https://play.google.com/store/apps/details?id=com.authy.authy",
    }
}

pub(super) fn get_app_ui(
    ui: &mut Ui,
    flow: &Enrolment,
    handset: Handset,
    fields: &mut Fields,
    screen: &Screen<'_>,
    focus: Focus,
) -> Option<Act> {
    let app = match flow.app {
        // There is no one page for "another app": the recommended one is shown, and the words say so.
        App::Google | App::Other => tr!("app-google"),
        App::Microsoft => tr!("app-microsoft"),
        App::Authy => tr!("app-authy"),
    };
    let title = tr!("wizard-store-title", app = &app);
    let around = Around::new(flow, &title, screen).with_skip();
    let words = [app.as_str()];
    let got_it = tr!("wizard-store-got-it");
    let answer = around
        .drawn("get-app", Drawing::OpenApp, &words)
        .next(&got_it, ButtonState::Ready)
        .focus_next(focus == Focus::Primary)
        .show(ui, |ui| {
            title_ui(ui, &title, &format!("{} {}", tr!("wizard-store-free"), tr!("wizard-store-which")));
            let chosen = handsets_ui(ui, handset);
            let search = match handset {
                Handset::Iphone => tr!("wizard-store-search-apple", app = &app),
                Handset::Android => tr!("wizard-store-search-google", app = &app),
            };
            let maker = match flow.app {
                App::Google => tr!("wizard-store-maker-google"),
                App::Microsoft => tr!("wizard-store-maker-microsoft"),
                App::Authy => tr!("wizard-store-maker-authy"),
                App::Other => tr!("wizard-store-maker-other"),
            };
            ui.add(Label::new(theme::body(format!("{search} {maker}"))).wrap());
            if let Some(square) = fields.store.of(flow.app, handset) {
                store_square_ui(ui, square);
            }
            chosen
        });
    if answer.aside {
        return Some(Act::Skip);
    }
    if answer.back {
        return Some(Act::Back);
    }
    if answer.next { Some(Act::Next) } else { answer.inner.map(Act::GetApp) }
}

fn handsets_ui(ui: &mut Ui, now: Handset) -> Option<Handset> {
    let mut chosen = None;
    let handsets = [Handset::Iphone, Handset::Android];
    columns_ui(ui, handsets.len(), 180.0, |ui, index| {
        let Some(handset) = handsets.get(index).copied() else { return };
        let title = match handset {
            Handset::Iphone => tr!("phone-iphone"),
            Handset::Android => tr!("phone-android"),
        };
        let state = if handset == now { ChoiceState::Chosen } else { ChoiceState::Open };
        let card = ChoiceCard { icon: Some(Icon::Phone), title: &title, text: "", state, min_height: 0.0 };
        if card.show(ui).clicked() {
            chosen = Some(handset);
        }
    });
    chosen
}

/// Framed in the program's own colour and with its caption beside it, so that nobody takes it for the square that
/// links the phone.
fn store_square_ui(ui: &mut Ui, square: &Square) {
    let t = theme::tokens(ui.ctx());
    Frame::NONE
        .fill(t.selection)
        .stroke(t.chosen_stroke())
        .corner_radius(RADIUS_CARD)
        .inner_margin(Margin::same(12))
        .show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            let caption = tr!("wizard-store-square");
            let beside = ui.available_width() >= SIDE + space::L + WORDS;
            let content = |ui: &mut Ui| {
                paint_square_ui(ui, square, Some(SIDE), &tr!("wizard-store-square-name"));
                ui.add_space(space::S);
                ui.vertical(|ui| {
                    ui.label(theme::label(tr!("wizard-store-square-title")));
                    ui.add(Label::new(theme::help(&caption)).wrap());
                });
            };
            if beside {
                ui.horizontal_top(content);
            } else {
                ui.vertical(content);
            }
        });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_store_page_fits_a_square() {
        for app in [App::Google, App::Microsoft, App::Authy, App::Other] {
            for handset in [Handset::Iphone, Handset::Android] {
                assert!(AppSquare::default().of(app, handset).is_some(), "{app:?} {handset:?}");
            }
        }
    }
}
