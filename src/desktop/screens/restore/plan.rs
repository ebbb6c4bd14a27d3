//! What a restore changes, before and after it: what holds for all, then everyone by name.

use eframe::egui::{Label, Ui};

use crate::adapters::clock::{local_date_text, local_time_text};
use crate::desktop::art::{self, Icon};
use crate::desktop::theme::{self, space};
use crate::desktop::widgets::{card_ui, pair_ui};
use crate::domain::restore::{Fate, Plan};
use crate::explain::plan_words;
use crate::tr;

const ICON: f32 = 20.0;

/// Whether it has been done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::desktop::screens) enum Tense {
    /// It would.
    Would,
    /// It has.
    Has,
}

/// Shows it.
pub(in crate::desktop::screens) fn ui(ui: &mut Ui, plan: &Plan, tense: Tense) {
    if tense == Tense::Would {
        let (date, time) = (local_date_text(plan.as_of_unix), local_time_text(plan.as_of_unix));
        ui.add(Label::new(theme::body(tr!("restore-as-of", clinic = &plan.clinic, date = date, time = time))).wrap());
        for said in plan_words::sentences(plan) {
            ui.add_space(space::XS);
            ui.add(Label::new(theme::body(said.get())).wrap());
        }
    }
    ui.add_space(space::M);
    card_ui(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = space::S;
        for person in &plan.people {
            let (icon, colour) = {
                let t = theme::tokens(ui.ctx());
                match person.fate {
                    Fate::Stays { .. } | Fate::GoesOn => (Icon::Check, t.success),
                    Fate::Reset(_) | Fate::StaysDamaged | Fate::LeftOut => (Icon::Warning, t.warning),
                }
            };
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = space::M;
                art::icon(ui, icon, colour, ICON);
                pair_ui(ui, &person.name, &plan_words::of(person).get());
            });
        }
    });
}
