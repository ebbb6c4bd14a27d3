//! A service that is none of those known here, as its own pages describe it: address, body, who asks, how it answers.

use eframe::egui::{FontFamily, FontId, Label, Ui, text::LayoutJob};

use super::{COLUMN, CONTENT, HEADER, Refused, Size, TIMEOUT, URL};
use crate::desktop::theme::{self, CONTENT_WIDTH, space};
use crate::desktop::widgets::{ChoiceCard, ChoiceState, TextField, columns_ui, sunken_ui};
use crate::domain::sms::{Auth, BodyKind, HEADERS, Method, SmsSettings, Template};
use crate::tr;

/// One field each; the next one is there once the one before is filled in.
const HEADER_IDS: [&str; HEADERS] = [
    HEADER,
    "gateway.header.2",
    "gateway.header.3",
    "gateway.header.4",
    "gateway.header.5",
    "gateway.header.6",
    "gateway.header.7",
    "gateway.header.8",
];
const ACCEPTED: &str = "gateway.accepted";
const QUEUED: &str = "gateway.queued";
/// Three cards in a row where there is room for them.
const CARD: f32 = 200.0;
/// Of two lines below a title.
const CARD_HEIGHT: f32 = 116.0;

/// What a form is filled with at first, and JSON.
const FORM_EXAMPLE: &str = "to={to}&from={from}&text={text}";
const JSON_EXAMPLE: &str = r#"{"to": "{to}", "from": "{from}", "text": "{text}"}"#;

/// What is being typed.
pub(super) struct OwnTyped {
    pub(super) body: BodyKind,
    content: String,
    method: Method,
    headers: [String; HEADERS],
    auth: Auth,
    accepted: String,
    queued: String,
    timeout: String,
}

impl Default for OwnTyped {
    fn default() -> Self {
        Self::of(&SmsSettings::default())
    }
}

impl OwnTyped {
    pub(super) fn of(from: &SmsSettings) -> Self {
        let template = from.template.clone();
        let mut lines = template.header.lines().map(str::to_owned);
        Self {
            body: template.body,
            method: template.method,
            headers: std::array::from_fn(|_| lines.next().unwrap_or_default()),
            content: template.content,
            auth: template.auth,
            accepted: template.accepted,
            queued: template.queued,
            timeout: from.timeout_secs.to_string(),
        }
    }

    pub(super) fn template(&self) -> Template {
        let headers: Vec<&str> = self.headers.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect();
        Template {
            body: self.body,
            method: self.method,
            content: if self.body == BodyKind::None { String::new() } else { one_line(&self.content) },
            header: headers.join("\n"),
            auth: self.auth,
            accepted: self.accepted.trim().to_owned(),
            queued: self.queued.trim().to_owned(),
        }
    }

    /// 0 for what is no number, which is no time to wait.
    pub(super) fn timeout_secs(&self) -> u32 {
        self.timeout.trim().parse().unwrap_or(0)
    }

    /// How the service is asked, and who it is told that asks.
    pub(super) fn request_ui(&mut self, ui: &mut Ui, url: &mut String, refused: &mut Refused<'_>) {
        placeholders_ui(ui);
        let kinds = [
            (BodyKind::None, tr!("gateway-own-address"), tr!("gateway-own-address-text")),
            (BodyKind::Form, tr!("gateway-own-form"), tr!("gateway-own-form-text")),
            (BodyKind::Json, tr!("gateway-own-json"), tr!("gateway-own-json-text")),
        ];
        let mut body = self.body;
        choice_ui(ui, &tr!("gateway-own-how"), &kinds, &mut body);
        if body != self.body {
            self.choose(body);
        }
        self.method_ui(ui);
        let help = match self.body {
            BodyKind::None => tr!("gateway-own-url-get"),
            BodyKind::Form | BodyKind::Json => tr!("gateway-own-url-post"),
        };
        refused.line_ui(ui, URL, (&tr!("gateway-url"), &help), (url, Size::Tall(2)));
        if self.body != BodyKind::None {
            let words = (tr!("gateway-own-content"), tr!("gateway-own-content-help"));
            let content = (&mut self.content, Size::Tall(3));
            refused.line_ui(ui, CONTENT, (&words.0, &words.1), content);
        }
        ui.add_space(space::S);
        let ways = [
            (Auth::None, tr!("gateway-own-auth-none"), tr!("gateway-own-auth-none-text")),
            (Auth::Basic, tr!("gateway-own-auth-basic"), tr!("gateway-own-auth-basic-text")),
            (Auth::Bearer, tr!("gateway-own-auth-bearer"), tr!("gateway-own-auth-bearer-text")),
        ];
        choice_ui(ui, &tr!("gateway-own-auth"), &ways, &mut self.auth);
    }

    /// The usual one is what goes with the body, so a change of the body may change it. GET has no body.
    fn method_ui(&mut self, ui: &mut Ui) {
        let all = [(Method::Get, "GET"), (Method::Post, "POST"), (Method::Put, "PUT")];
        let from = if self.body == BodyKind::None { 0 } else { 1 };
        let offered: Vec<_> =
            all.into_iter().skip(from).map(|(method, name)| (method, name.to_owned(), String::new())).collect();
        let now = self.method.name(self.body);
        let mut chosen = all.into_iter().find(|(_, name)| *name == now).map_or(Method::Usual, |(method, _)| method);
        let before = chosen;
        choice_ui(ui, &tr!("gateway-own-method"), &offered, &mut chosen);
        if chosen != before {
            let usual = chosen.name(self.body) == Method::Usual.name(self.body);
            self.method = if usual { Method::Usual } else { chosen };
        }
    }

    /// A body that nobody has touched is the example of its kind.
    fn choose(&mut self, body: BodyKind) {
        self.body = body;
        self.method = Method::Usual;
        if ["", FORM_EXAMPLE, JSON_EXAMPLE].contains(&self.content.trim()) {
            self.content = match body {
                BodyKind::None => String::new(),
                BodyKind::Form => FORM_EXAMPLE.to_owned(),
                BodyKind::Json => JSON_EXAMPLE.to_owned(),
            };
        }
    }

    /// More lines of the request's head, and how a good answer reads.
    pub(super) fn answer_ui(&mut self, ui: &mut Ui, refused: &mut Refused<'_>) {
        let words = (tr!("gateway-own-header"), tr!("gateway-own-header-help"));
        let last = self.headers.iter().rposition(|line| !line.trim().is_empty());
        let shown = last.map_or(1, |last| last + 2);
        for (index, (id, line)) in HEADER_IDS.into_iter().zip(&mut self.headers).take(shown).enumerate() {
            if index == 0 {
                refused.line_ui(ui, id, (&words.0, &words.1), (line, Size::Line));
            } else {
                TextField::new(id, &tr!("gateway-own-header-more", number = index + 1), line).show(ui);
            }
        }
        ui.add_space(space::S);
        columns_ui(ui, 2, COLUMN, |ui, index| {
            let (id, label, help, text) = if index == 0 {
                (ACCEPTED, tr!("gateway-own-accepted"), tr!("gateway-own-accepted-help"), &mut self.accepted)
            } else {
                (QUEUED, tr!("gateway-own-queued"), tr!("gateway-own-queued-help"), &mut self.queued)
            };
            TextField::new(id, &label, text).help(&help).show(ui);
        });
        ui.add_space(space::S);
    }

    pub(super) fn timeout_ui(&mut self, ui: &mut Ui, refused: &mut Refused<'_>) {
        let words = (tr!("gateway-own-timeout"), tr!("gateway-own-timeout-help"));
        refused.line_ui(ui, TIMEOUT, (&words.0, &words.1), (&mut self.timeout, Size::Number));
    }

    /// What would be sent, with everything filled in but the password.
    pub(super) fn preview_ui(&self, ui: &mut Ui, url: &str, sender: &str, account: &str) {
        let url = one_line(url);
        if url.is_empty() {
            return;
        }
        ui.add_space(space::S);
        let (text, hidden) = (tr!("gateway-own-preview-text"), tr!("gateway-own-preview-hidden"));
        let lines = self.template().preview(&url, sender.trim(), account.trim(), &text, &hidden);
        listed_ui(ui, &tr!("gateway-own-preview"), lines);
    }
}

/// What can be written where a value goes.
fn placeholders_ui(ui: &mut Ui) {
    let lines = [
        ("{to}", tr!("gateway-own-to")),
        ("{text}", tr!("gateway-own-of-text")),
        ("{from}", tr!("gateway-own-from")),
        ("{digits}", tr!("gateway-own-digits")),
        ("{account}", tr!("gateway-own-of-account")),
        ("{secret}", tr!("gateway-own-of-secret")),
        ("{coding}", tr!("gateway-own-coding")),
        ("{unicode}", tr!("gateway-own-unicode")),
    ];
    sunken_ui(ui, |ui| {
        ui.set_width(ui.available_width().min(CONTENT_WIDTH));
        ui.spacing_mut().item_spacing.y = space::XS;
        ui.add(Label::new(theme::help(tr!("gateway-own-placeholders"))).wrap());
        ui.add_space(space::XS);
        columns_ui(ui, 2, COLUMN, |ui, index| {
            ui.spacing_mut().item_spacing.y = space::XS;
            for (name, meaning) in lines.iter().skip(index * lines.len() / 2).take(lines.len() / 2) {
                ui.horizontal_top(|ui| {
                    ui.spacing_mut().interact_size.y = 0.0;
                    ui.label(theme::help(*name).family(FontFamily::Monospace).strong());
                    ui.add(Label::new(theme::help(meaning)).wrap());
                });
            }
        });
    });
    ui.add_space(space::M);
}

/// Lines as they go over the network.
fn listed_ui(ui: &mut Ui, title: &str, lines: Vec<String>) {
    sunken_ui(ui, |ui| {
        ui.set_width(ui.available_width().min(CONTENT_WIDTH));
        ui.spacing_mut().item_spacing.y = space::XS;
        ui.label(theme::help(title));
        let font = FontId::new(theme::font(ui, &theme::style_of::help()).size, FontFamily::Monospace);
        let colour = theme::tokens(ui.ctx()).muted;
        for line in lines {
            // An address has few places to break at.
            let mut job = LayoutJob::simple(line, font.clone(), colour, ui.available_width());
            job.wrap.break_anywhere = true;
            ui.add(Label::new(job).wrap());
        }
    });
}

/// One of a few; without words of their own they need little room.
pub(super) fn choice_ui<T: Copy + PartialEq>(
    ui: &mut Ui,
    title: &str,
    choices: &[(T, String, String)],
    chosen: &mut T,
) {
    ui.label(theme::label(title));
    columns_ui(ui, choices.len(), CARD, |ui, index| {
        let Some((choice, title, text)) = choices.get(index) else { return };
        let state = if chosen == choice { ChoiceState::Chosen } else { ChoiceState::Open };
        let min_height = if text.is_empty() { 0.0 } else { CARD_HEIGHT };
        if (ChoiceCard { icon: None, title, text, state, min_height }).show(ui).clicked() {
            *chosen = *choice;
        }
    });
    ui.add_space(space::S);
}

/// As one line: what is pasted may be wrapped, and a line's end means nothing in an address, a form or JSON.
pub(super) fn one_line(typed: &str) -> String {
    typed.lines().map(str::trim).collect::<Vec<_>>().join("")
}
