//! Somebody who cannot sign in yet: what they need to have at hand, and the way to begin.

use eframe::egui::{Label, Ui};

use crate::adapters::clock::{local_date_text, local_time_text};
use crate::desktop::art::Icon;
use crate::desktop::screen::Screen;
use crate::desktop::theme::{self, space};
use crate::desktop::widgets::{Button, Notice, NoticeKind, enter_pressed, step_heading_ui};
use crate::domain::names;
use crate::flows::sign_in::SignIn;
use crate::ports::Begins;
use crate::tr;

/// Stands where password and code stand for the others. True when the person wants to begin.
pub(super) fn part_ui(ui: &mut Ui, flow: &SignIn, begins: Begins, screen: &Screen<'_>) -> bool {
    let name = flow.person().map(|person| super::shown_name(ui, &person.name, &person.id).to_owned());
    let name = name.unwrap_or_default();
    ui.add_space(space::M);
    step_heading_ui(ui, &tr!("set-up-title", name = names::first_name(&name)));
    ui.add_space(space::XS);
    let go = match begins {
        Begins::Done => return false,
        Begins::NeedsNewSlip => {
            let (what, then) = (tr!("set-up-new-slip"), tr!("set-up-new-slip-then"));
            Notice::new("lock.new-slip", NoticeKind::Warning, &what, &then).show(ui);
            return false;
        }
        Begins::WithSlip { until_unix } => {
            ui.add(Label::new(theme::body(tr!("set-up-slip"))).wrap());
            let (date, time) = (local_date_text(until_unix), local_time_text(until_unix));
            let until = if date == local_date_text(screen.now.unix_secs) {
                tr!("set-up-slip-until-today", time = time)
            } else {
                tr!("set-up-slip-until", date = date, time = time)
            };
            ui.add(Label::new(theme::muted(until)).wrap());
            tr!("set-up-go")
        }
        Begins::WithPassword => {
            ui.add(Label::new(theme::body(tr!("set-up-go-on-text"))).wrap());
            tr!("set-up-go-on")
        }
    };
    ui.add_space(space::L);
    ui.add(Button::primary(&go).icon(Icon::Phone)).clicked() || enter_pressed(ui.ctx())
}
