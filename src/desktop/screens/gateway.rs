//! The service that sends texts, as a manager chooses it and fills it in: in the wizard, and among the settings.
//!
//! ```text
//! own.rs    a service that is none of those known here: how it is asked, field by field
//! ```

mod own;

use eframe::egui::{Response, Ui};

use self::own::OwnTyped;
use crate::desktop::art::Icon;
use crate::desktop::theme::{self, CONTENT_WIDTH, space};
use crate::desktop::widgets::{ChoiceCard, ChoiceState, PasswordField, TextField, columns_ui, reveal_field};
use crate::domain::secret::SecretText;
use crate::domain::sms::{BodyKind, GatewayKind, Letters, Part, SmsSettings, SmsState, Unfit};
use crate::explain;
use crate::ports::PasswordKept;
use crate::tr;

const URL: &str = "gateway.url";
const ACCOUNT: &str = "gateway.account";
pub(in crate::desktop::screens) const SECRET: &str = "gateway.password";
const API_KEY: &str = "gateway.api-key";
const SENDER: &str = "gateway.sender";
const LIMIT: &str = "gateway.limit";
const DAY_LIMIT: &str = "gateway.day-limit";
const COUNTRIES: &str = "gateway.countries";
const PROXY: &str = "gateway.proxy";
const CONTENT: &str = "gateway.content";
const HEADER: &str = "gateway.header.1";
const TIMEOUT: &str = "gateway.timeout";
const NUMBER_WIDTH: f32 = 140.0;
const CARD: f32 = 150.0;
const COLUMN: f32 = 300.0;

/// What is being typed.
pub(in crate::desktop::screens) struct GatewayTyped {
    from: SmsSettings,
    kind: GatewayKind,
    url: String,
    account: String,
    api_key: String,
    sender: String,
    limit: String,
    day_limit: String,
    countries: String,
    letters: Letters,
    proxy: String,
    own: OwnTyped,
    /// The service that something was refused about last.
    refused: Option<GatewayKind>,
    pub(in crate::desktop::screens) secret: SecretText,
}

impl Default for GatewayTyped {
    fn default() -> Self {
        Self::of(&SmsSettings::default())
    }
}

impl GatewayTyped {
    pub(in crate::desktop::screens) fn of(from: &SmsSettings) -> Self {
        Self {
            kind: from.gateway,
            url: from.url.clone(),
            account: from.account.clone(),
            api_key: from.api_key.clone(),
            sender: from.sender.clone(),
            limit: if from.per_month == 0 { String::new() } else { from.per_month.to_string() },
            day_limit: from.per_day.to_string(),
            countries: from.countries.join(", "),
            letters: from.letters,
            proxy: from.proxy.clone(),
            own: OwnTyped::of(from),
            refused: None,
            secret: SecretText::default(),
            from: from.clone(),
        }
    }

    /// Whether these fields were filled from those settings.
    /// What was read before anything was typed.
    pub(in crate::desktop::screens) fn from(&self) -> &SmsSettings {
        &self.from
    }

    pub(in crate::desktop::screens) fn is_of(&self, settings: &SmsSettings) -> bool {
        self.from == *settings
    }

    /// What was typed, turned on or off.
    pub(in crate::desktop::screens) fn settings(&self, state: SmsState) -> SmsSettings {
        let tidy = |text: &str| text.trim().to_owned();
        let own = self.kind == GatewayKind::Http;
        // A known service that was set to another place than its usual one by command stays there.
        let url = match self.kind {
            GatewayKind::Kannel | GatewayKind::Http => own::one_line(&self.url),
            kind if kind == self.from.gateway => self.from.url.clone(),
            GatewayKind::None | GatewayKind::Twilio | GatewayKind::Vonage | GatewayKind::FireText => String::new(),
        };
        SmsSettings {
            state,
            gateway: self.kind,
            url,
            account: if self.kind == GatewayKind::FireText { String::new() } else { tidy(&self.account) },
            api_key: if self.kind == GatewayKind::Twilio { tidy(&self.api_key) } else { String::new() },
            sender: tidy(&self.sender),
            proxy: tidy(&self.proxy),
            per_month: self.limit.trim().parse().unwrap_or(0),
            per_day: self.day_limit.trim().parse().unwrap_or(0),
            countries: self
                .countries
                .split(',')
                .map(|iso| iso.trim().to_uppercase())
                .filter(|iso| !iso.is_empty())
                .collect(),
            letters: self.letters,
            timeout_secs: if own { self.own.timeout_secs() } else { self.from.timeout_secs },
            template: if own { self.own.template() } else { self.from.template.clone() },
        }
    }

    fn asks_address(&self) -> bool {
        match self.kind {
            GatewayKind::Kannel | GatewayKind::Http => true,
            GatewayKind::None | GatewayKind::Twilio | GatewayKind::Vonage | GatewayKind::FireText => false,
        }
    }

    /// The field beside which that is said; `None` where no field is at fault.
    fn field_of(&self, unfit: Unfit) -> Option<&'static str> {
        let part = |part| match part {
            Part::Address => URL,
            Part::Content => CONTENT,
            Part::Header => HEADER,
        };
        let field = match unfit {
            Unfit::Off | Unfit::NoGateway | Unfit::BadMethod => return None,
            Unfit::NoUrl | Unfit::BadUrl | Unfit::NotEncrypted => URL,
            Unfit::NoAccount => ACCOUNT,
            Unfit::NoSecret => SECRET,
            Unfit::SecretInSight(at) | Unfit::UnknownPlaceholder(at) => part(at),
            Unfit::BadTemplate if self.own.body == BodyKind::None => URL,
            Unfit::BadTemplate | Unfit::BadJson => CONTENT,
            Unfit::BadDayLimit => DAY_LIMIT,
            Unfit::BadCountry => COUNTRIES,
            Unfit::BadHeader => HEADER,
            Unfit::BadSender => SENDER,
            Unfit::NoLimit => LIMIT,
            Unfit::BadTimeout => TIMEOUT,
            Unfit::BadProxy => PROXY,
        };
        let shown = match field {
            URL => self.asks_address(),
            CONTENT => self.kind == GatewayKind::Http && self.own.body != BodyKind::None,
            HEADER | TIMEOUT => self.kind == GatewayKind::Http,
            ACCOUNT => self.kind != GatewayKind::FireText,
            _ => self.kind != GatewayKind::None,
        };
        shown.then_some(field)
    }

    /// Whether that is said beside a field, so that it need not be said below all of them. What was refused about another
    /// service than the one that is chosen by now says nothing.
    pub(in crate::desktop::screens) fn says(&self, unfit: Unfit) -> bool {
        self.is_over() || self.field_of(unfit).is_some()
    }

    fn is_over(&self) -> bool {
        self.refused.is_some_and(|kind| kind != self.kind)
    }
}

/// What was refused, as it is said beside its field; it is scrolled to once.
struct Refused<'a> {
    field: Option<&'static str>,
    words: String,
    reveal: &'a mut bool,
}

impl Refused<'_> {
    fn beside(&self, field: &'static str) -> Option<&str> {
        (self.field == Some(field)).then_some(self.words.as_str())
    }

    /// The first time that it is told, the field gets the keyboard, and so comes into sight; what is told below it does
    /// also where the keyboard was there already.
    fn follow(&mut self, ui: &Ui, field: &'static str, shown: &Response) {
        if self.field == Some(field) && std::mem::take(self.reveal) {
            reveal_field(ui, shown);
        }
    }

    /// Shows a line of text, and below it what it is for or why it was refused.
    fn line_ui(
        &mut self,
        ui: &mut Ui,
        id: &'static str,
        (label, help): (&str, &str),
        (text, size): (&mut String, Size),
    ) {
        let mut line = TextField::new(id, label, text).error(self.beside(id));
        if !help.is_empty() {
            line = line.help(help);
        }
        let shown = match size {
            Size::Number => line.width(NUMBER_WIDTH),
            Size::Line => line,
            Size::Tall(rows) => line.width(CONTENT_WIDTH).rows(rows),
        }
        .show(ui);
        self.follow(ui, id, &shown);
    }
}

/// How much room a field has.
#[derive(Clone, Copy)]
enum Size {
    /// A few digits.
    Number,
    /// One line.
    Line,
    /// So many lines, as wide as the page.
    Tall(usize),
}

/// The services that are known here. Beside them stands whatever is asked by HTTP.
const OFFERED: [(GatewayKind, &str); 4] = [
    (GatewayKind::Twilio, "Twilio"),
    (GatewayKind::Vonage, "Vonage"),
    (GatewayKind::FireText, "FireText"),
    (GatewayKind::Kannel, "Kannel"),
];

/// Shows the fields; `unfit` is said beside the one that it is about, which is scrolled to while `reveal` is set.
pub(in crate::desktop::screens) fn fields_ui(
    ui: &mut Ui,
    typed: &mut GatewayTyped,
    kept: PasswordKept,
    unfit: Option<Unfit>,
    reveal: &mut bool,
) {
    match unfit {
        // It was said this moment.
        Some(_) if *reveal || typed.refused.is_none() => typed.refused = Some(typed.kind),
        Some(_) => {}
        None => typed.refused = None,
    }
    services_ui(ui, &mut typed.kind);
    if typed.kind == GatewayKind::None {
        return;
    }
    let field = unfit.filter(|_| !typed.is_over()).and_then(|unfit| typed.field_of(unfit));
    let words = unfit.map(explain::texts::unfit);
    let words = words.map(|words| format!("{} {}", words.what.get(), words.todo.get())).unwrap_or_default();
    let mut refused = Refused { field, words, reveal };
    ui.spacing_mut().item_spacing.y = space::M;
    ui.label(theme::help(match typed.kind {
        GatewayKind::Twilio => tr!("gateway-tells-fate", service = known_name(typed.kind)),
        GatewayKind::Http => tr!("gateway-own-text"),
        GatewayKind::Vonage | GatewayKind::FireText | GatewayKind::Kannel | GatewayKind::None => {
            tr!("gateway-tells-taken", service = known_name(typed.kind))
        }
    }));
    ui.add_space(space::S);
    if typed.kind == GatewayKind::Http {
        typed.own.request_ui(ui, &mut typed.url, &mut refused);
    } else if typed.asks_address() {
        let words = (tr!("gateway-url"), tr!("gateway-url-help"));
        refused.line_ui(ui, URL, (&words.0, &words.1), (&mut typed.url, Size::Line));
        ui.add_space(space::S);
    }
    account_ui(ui, typed, kept, &mut refused);
    if typed.kind == GatewayKind::Twilio {
        let words = (tr!("gateway-twilio-key"), tr!("gateway-twilio-key-help"));
        refused.line_ui(ui, API_KEY, (&words.0, &words.1), (&mut typed.api_key, Size::Line));
        ui.add_space(space::S);
    }
    if typed.kind == GatewayKind::Http {
        typed.own.answer_ui(ui, &mut refused);
    }
    columns_ui(ui, 2, COLUMN, |ui, index| {
        if index == 0 {
            let words = (tr!("gateway-sender"), tr!("gateway-sender-help"));
            refused.line_ui(ui, SENDER, (&words.0, &words.1), (&mut typed.sender, Size::Line));
        } else {
            let words = (tr!("gateway-limit"), tr!("gateway-limit-help"));
            refused.line_ui(ui, LIMIT, (&words.0, &words.1), (&mut typed.limit, Size::Number));
        }
    });
    ui.add_space(space::S);
    columns_ui(ui, 2, COLUMN, |ui, index| {
        if index == 0 {
            let words = (tr!("gateway-countries"), tr!("gateway-countries-help"));
            refused.line_ui(ui, COUNTRIES, (&words.0, &words.1), (&mut typed.countries, Size::Line));
        } else {
            let words = (tr!("gateway-day-limit"), tr!("gateway-day-limit-help"));
            refused.line_ui(ui, DAY_LIMIT, (&words.0, &words.1), (&mut typed.day_limit, Size::Number));
        }
    });
    ui.add_space(space::S);
    let letters = [
        (Letters::Plain, tr!("gateway-letters-plain"), String::new()),
        (Letters::Unicode, tr!("gateway-letters-unicode"), String::new()),
    ];
    own::choice_ui(ui, &tr!("gateway-letters"), &letters, &mut typed.letters);
    let columns = if typed.kind == GatewayKind::Http { 2 } else { 1 };
    columns_ui(ui, columns, COLUMN, |ui, index| {
        if index == 0 {
            let words = (tr!("gateway-proxy"), tr!("gateway-proxy-help"));
            refused.line_ui(ui, PROXY, (&words.0, &words.1), (&mut typed.proxy, Size::Line));
        } else {
            typed.own.timeout_ui(ui, &mut refused);
        }
    });
    if typed.kind == GatewayKind::Http {
        typed.own.preview_ui(ui, &typed.url, &typed.sender, &typed.account);
    }
}

/// The services to choose from. The last one says what it is, because its name is none.
fn services_ui(ui: &mut Ui, kind: &mut GatewayKind) {
    let mut card_ui = |ui: &mut Ui, of: GatewayKind, title: &str, text: &str| {
        let state = if *kind == of { ChoiceState::Chosen } else { ChoiceState::Open };
        let card = ChoiceCard { icon: Some(Icon::Message), title, text, state, min_height: 0.0 };
        if card.show(ui).clicked() {
            *kind = of;
        }
    };
    columns_ui(ui, OFFERED.len(), CARD, |ui, index| {
        let Some((of, name)) = OFFERED.get(index) else { return };
        card_ui(ui, *of, name, "");
    });
    ui.add_space(space::S);
    card_ui(ui, GatewayKind::Http, &tr!("gateway-own"), &tr!("gateway-own-choice"));
    ui.add_space(space::M);
}

fn known_name(kind: GatewayKind) -> &'static str {
    OFFERED.iter().find(|(known, _)| *known == kind).map_or("", |(_, name)| name)
}

/// Who asks. Side by side where there is room: the page is long enough without.
fn account_ui(ui: &mut Ui, typed: &mut GatewayTyped, kept: PasswordKept, refused: &mut Refused<'_>) {
    let (account, secret) = match typed.kind {
        GatewayKind::Twilio => (tr!("gateway-sid"), tr!("gateway-auth")),
        GatewayKind::Vonage => (tr!("gateway-api-key"), tr!("gateway-api-secret")),
        GatewayKind::FireText => (String::new(), tr!("gateway-api-key")),
        GatewayKind::Http => (tr!("gateway-login"), tr!("gateway-own-secret")),
        GatewayKind::Kannel | GatewayKind::None => (tr!("gateway-login"), tr!("gateway-password")),
    };
    let parts = if account.is_empty() { 1 } else { 2 };
    columns_ui(ui, parts, COLUMN, |ui, index| {
        if index + 1 < parts {
            refused.line_ui(ui, ACCOUNT, (&account, ""), (&mut typed.account, Size::Line));
            return;
        }
        let (show, hide) = (tr!("show"), tr!("hide"));
        let field = PasswordField::new(SECRET, &secret, &mut typed.secret, &show, &hide);
        let shown = field.error(refused.beside(SECRET)).show(ui);
        refused.follow(ui, SECRET, &shown);
        if kept == PasswordKept::Yes {
            ui.label(theme::help(tr!("gateway-password-kept")));
        }
    });
    ui.add_space(space::S);
}
