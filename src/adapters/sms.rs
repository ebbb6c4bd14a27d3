//! The services that send texts: Twilio, and whatever is asked by HTTP.

mod client;
mod http;
mod twilio;

use crate::domain::sms::GatewayKind;
use crate::ports::{GatewayAccount, GatewayError, Outgoing, Sent, SentStage, SmsGateway, Transcript};

/// Every service that a clinic can choose, over the network.
#[derive(Debug, Default)]
pub struct NetworkGateway;

impl SmsGateway for NetworkGateway {
    fn send(&mut self, outgoing: &Outgoing) -> (Result<Sent, GatewayError>, Transcript) {
        let mut transcript = Transcript::new();
        let sent = match outgoing.account.settings.gateway {
            GatewayKind::Twilio => twilio::send(outgoing, &mut transcript),
            GatewayKind::Kannel | GatewayKind::Vonage | GatewayKind::FireText | GatewayKind::Http => {
                http::send(outgoing, &mut transcript)
            }
            // Never asked: a gateway that is not chosen is refused before.
            GatewayKind::None => Err(GatewayError::Unreachable),
        };
        (sent, transcript)
    }

    fn fate(&mut self, account: &GatewayAccount, reference: &str) -> Result<Option<SentStage>, GatewayError> {
        match account.settings.gateway {
            GatewayKind::Twilio => twilio::fate(account, reference),
            GatewayKind::None
            | GatewayKind::Kannel
            | GatewayKind::Vonage
            | GatewayKind::FireText
            | GatewayKind::Http => Ok(None),
        }
    }
}
