//! The service that sends texts, as a manager chooses it and fills it in: in the wizard, and among the settings.

use eframe::egui::Ui;

use crate::desktop::art::Icon;
use crate::desktop::theme::{self, space};
use crate::desktop::widgets::{ChoiceCard, ChoiceState, PasswordField, TextField, columns_ui};
use crate::domain::secret::SecretText;
use crate::domain::sms::{GatewayKind, SmsSettings, SmsState};
use crate::ports::PasswordKept;
use crate::tr;

const URL: &str = "gateway.url";
const ACCOUNT: &str = "gateway.account";
pub(in crate::desktop::screens) const SECRET: &str = "gateway.password";
const API_KEY: &str = "gateway.api-key";
const SENDER: &str = "gateway.sender";
const LIMIT: &str = "gateway.limit";
const PROXY: &str = "gateway.proxy";
const NUMBER_WIDTH: f32 = 140.0;
const CARD: f32 = 150.0;
const COLUMN: f32 = 300.0;

/// What is being typed.
#[derive(Default)]
pub(in crate::desktop::screens) struct GatewayTyped {
    from: SmsSettings,
    kind: GatewayKind,
    url: String,
    account: String,
    api_key: String,
    sender: String,
    limit: String,
    proxy: String,
    pub(in crate::desktop::screens) secret: SecretText,
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
            proxy: from.proxy.clone(),
            secret: SecretText::default(),
            from: from.clone(),
        }
    }

    /// Whether these fields were filled from those settings.
    pub(in crate::desktop::screens) fn is_of(&self, settings: &SmsSettings) -> bool {
        self.from == *settings
    }

    /// What was typed, turned on or off.
    pub(in crate::desktop::screens) fn settings(&self, state: SmsState) -> SmsSettings {
        let tidy = |text: &str| text.trim().to_owned();
        SmsSettings {
            state,
            gateway: self.kind,
            url: if self.asks_address() { tidy(&self.url) } else { String::new() },
            account: if self.kind == GatewayKind::FireText { String::new() } else { tidy(&self.account) },
            api_key: if self.kind == GatewayKind::Twilio { tidy(&self.api_key) } else { String::new() },
            sender: tidy(&self.sender),
            proxy: tidy(&self.proxy),
            per_month: self.limit.trim().parse().unwrap_or(0),
            ..self.from.clone()
        }
    }

    fn asks_address(&self) -> bool {
        match self.kind {
            GatewayKind::Kannel | GatewayKind::Http => true,
            GatewayKind::None | GatewayKind::Twilio | GatewayKind::Vonage | GatewayKind::FireText => false,
        }
    }
}

/// The services that can be chosen here; one that is described in full is set by command.
const OFFERED: [(GatewayKind, &str); 4] = [
    (GatewayKind::Twilio, "Twilio"),
    (GatewayKind::Vonage, "Vonage"),
    (GatewayKind::FireText, "FireText"),
    (GatewayKind::Kannel, "Kannel"),
];

/// Shows the fields.
pub(in crate::desktop::screens) fn fields_ui(ui: &mut Ui, typed: &mut GatewayTyped, kept: PasswordKept) {
    columns_ui(ui, OFFERED.len(), CARD, |ui, index| {
        let Some((kind, name)) = OFFERED.get(index) else { return };
        let state = if typed.kind == *kind { ChoiceState::Chosen } else { ChoiceState::Open };
        let card = ChoiceCard { icon: Some(Icon::Message), title: name, text: "", state, min_height: 0.0 };
        if card.show(ui).clicked() {
            typed.kind = *kind;
        }
    });
    if typed.kind == GatewayKind::None {
        return;
    }
    ui.spacing_mut().item_spacing.y = space::M;
    let name = OFFERED.iter().find(|(kind, _)| *kind == typed.kind).map_or("", |(_, name)| name);
    ui.label(theme::help(match typed.kind {
        GatewayKind::Twilio => tr!("gateway-tells-fate", service = name),
        GatewayKind::Vonage | GatewayKind::FireText | GatewayKind::Kannel | GatewayKind::Http | GatewayKind::None => {
            tr!("gateway-tells-taken", service = name)
        }
    }));
    ui.add_space(space::S);
    if typed.asks_address() {
        TextField::new(URL, &tr!("gateway-url"), &mut typed.url).help(&tr!("gateway-url-help")).show(ui);
        ui.add_space(space::S);
    }
    let (account, secret) = match typed.kind {
        GatewayKind::Twilio => (tr!("gateway-sid"), tr!("gateway-auth")),
        GatewayKind::Vonage => (tr!("gateway-api-key"), tr!("gateway-api-secret")),
        GatewayKind::FireText => (String::new(), tr!("gateway-api-key")),
        GatewayKind::Kannel | GatewayKind::Http | GatewayKind::None => (tr!("gateway-login"), tr!("gateway-password")),
    };
    // Side by side where there is room: the page is long enough without.
    let parts = if account.is_empty() { 1 } else { 2 };
    columns_ui(ui, parts, COLUMN, |ui, index| {
        if index + 1 < parts {
            TextField::new(ACCOUNT, &account, &mut typed.account).show(ui);
            return;
        }
        PasswordField::new(SECRET, &secret, &mut typed.secret, &tr!("show"), &tr!("hide")).show(ui);
        if kept == PasswordKept::Yes {
            ui.label(theme::help(tr!("gateway-password-kept")));
        }
    });
    ui.add_space(space::S);
    if typed.kind == GatewayKind::Twilio {
        let (label, help) = (tr!("gateway-twilio-key"), tr!("gateway-twilio-key-help"));
        TextField::new(API_KEY, &label, &mut typed.api_key).help(&help).show(ui);
        ui.add_space(space::S);
    }
    columns_ui(ui, 2, COLUMN, |ui, index| {
        if index == 0 {
            let help = tr!("gateway-sender-help");
            TextField::new(SENDER, &tr!("gateway-sender"), &mut typed.sender).help(&help).show(ui);
        } else {
            let help = tr!("gateway-limit-help");
            let label = tr!("gateway-limit");
            TextField::new(LIMIT, &label, &mut typed.limit).width(NUMBER_WIDTH).help(&help).show(ui);
        }
    });
    ui.add_space(space::S);
    TextField::new(PROXY, &tr!("gateway-proxy"), &mut typed.proxy).help(&tr!("gateway-proxy-help")).show(ui);
}
