//! What was texted, as JSON.

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use super::Unreadable;
use super::json::MomentJson;
use crate::domain::sms::{CodeState, TextCode, TextGauge, Texts};

/// A person's texts.
#[derive(Serialize, Deserialize)]
pub(super) struct TextsJson {
    code: Option<CodeJson>,
    sent: Vec<MomentJson>,
}

#[derive(Serialize, Deserialize)]
struct CodeJson {
    request: String,
    factor: String,
    made: MomentJson,
    state: StateJson,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum StateJson {
    Live(u8),
    Spent,
    Dead,
}

impl From<&Texts> for TextsJson {
    fn from(texts: &Texts) -> Self {
        let code = texts.code.as_ref().map(|code| CodeJson {
            request: HEXLOWER.encode(&code.request),
            factor: code.factor.clone(),
            made: MomentJson::from(&code.made),
            state: match code.state {
                CodeState::Live { tries_left } => StateJson::Live(tries_left),
                CodeState::Spent => StateJson::Spent,
                CodeState::Dead => StateJson::Dead,
            },
        });
        Self { code, sent: texts.sent.iter().map(MomentJson::from).collect() }
    }
}

impl TryFrom<TextsJson> for Texts {
    type Error = Unreadable;

    fn try_from(json: TextsJson) -> Result<Self, Unreadable> {
        let code = json.code.map(|code| {
            let request = HEXLOWER.decode(code.request.as_bytes()).map_err(|_| Unreadable)?;
            Ok(TextCode {
                request: request.try_into().map_err(|_| Unreadable)?,
                factor: code.factor,
                made: code.made.into(),
                state: match code.state {
                    StateJson::Live(tries_left) => CodeState::Live { tries_left },
                    StateJson::Spent => CodeState::Spent,
                    StateJson::Dead => CodeState::Dead,
                },
            })
        });
        Ok(Self { code: code.transpose()?, sent: json.sent.into_iter().map(Into::into).collect() })
    }
}

/// What the clinic has sent.
#[derive(Serialize, Deserialize)]
pub(super) struct TextGaugeJson {
    day_began: Option<MomentJson>,
    day: u32,
    month: i64,
    month_count: u32,
}

impl From<&TextGauge> for TextGaugeJson {
    fn from(gauge: &TextGauge) -> Self {
        let day_began = gauge.day_began.as_ref().map(MomentJson::from);
        Self { day_began, day: gauge.day, month: gauge.month, month_count: gauge.month_count }
    }
}

impl From<TextGaugeJson> for TextGauge {
    fn from(json: TextGaugeJson) -> Self {
        let TextGaugeJson { day_began, day, month, month_count } = json;
        Self { day_began: day_began.map(Into::into), day, month, month_count }
    }
}
