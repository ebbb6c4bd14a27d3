//! What reaches a telephone through Kannel, byte for byte, and what is said when nothing does.

use clinic2fa::adapters::sms::NetworkGateway;
use clinic2fa::domain::sms::{Letters, SmsSettings};
use clinic2fa::domain::verify::{FactorUsed, Verdict};
use clinic2fa::effects::{Courier, TextTrouble};
use clinic2fa::ports::{GatewayError, SentStage};

use crate::clinic::{Clinic, STEP};
use crate::kannel::{PASSWORD, Plan, kannel_or_leave_out};
use crate::texting::{NUMBER, carry, code_in, settings};

fn courier() -> Courier {
    Courier::new(Box::new(NetworkGateway))
}

fn stage(clinic: &mut Clinic) -> Result<SentStage, TextTrouble> {
    let carried = carry(&mut clinic.desk, &mut courier()).pop().expect("an errand");
    carried.outcome.map(|sent| sent.stage)
}

/// Asks half a minute, a minute, two minutes later.
fn asks(clinic: &mut Clinic) -> Result<SentStage, TextTrouble> {
    clinic.waits(STEP * 20);
    clinic.desk.text(crate::clinic::MARIA, &crate::clinic::PASSWORD.into()).expect("may ask");
    stage(clinic)
}

#[test]
fn a_code_arrives_and_lets_her_in_once() {
    let kannel = kannel_or_leave_out!(Plan::default());
    let mut clinic = Clinic::oak_tree();
    clinic.turns_texts_on(settings(&kannel.url), PASSWORD);
    clinic.maria_links(NUMBER, &mut courier(), || code_in(&kannel.text_after(0).text));
    assert_eq!(asks(&mut clinic), Ok(SentStage::Accepted));
    let text = kannel.text_after(1);
    assert_eq!((text.from.as_str(), text.to.as_str(), text.unicode), ("OakTree", "+447700900123", false));
    let code = code_in(&text.text);
    let expected = format!(
        "{code} is your code for Oak Tree Surgery. It works for 5 minutes. Never tell anyone this code, not even us."
    );
    assert_eq!(text.text, expected);
    let verdict = clinic.maria_types(&code);
    assert!(matches!(verdict, Verdict::Accepted { by: FactorUsed::Sms, .. }), "{verdict:?}");
    assert!(matches!(clinic.maria_types(&code), Verdict::TextUsed { .. }));
}

/// The clinic's name reaches the telephone as it should, and never as question marks.
#[test]
fn names_in_every_alphabet_arrive_byte_for_byte() {
    let kannel = kannel_or_leave_out!(Plan::default());
    for (n, (name, letters, shown, unicode)) in [
        ("Oak Tree Surgery", Letters::Plain, "Oak Tree Surgery", false),
        ("Café £5 & Söhne @ [1]", Letters::Plain, "Café £5 & Söhne @ [1]", false),
        ("Meddygfa Tŷ Dŵr", Letters::Plain, "Meddygfa Ty Dwr", false),
        ("Meddygfa Tŷ Dŵr", Letters::Unicode, "Meddygfa Tŷ Dŵr", true),
        ("Tooth Fairy 🦷", Letters::Plain, "Tooth Fairy", false),
        ("Tooth Fairy 🦷", Letters::Unicode, "Tooth Fairy 🦷", true),
        ("50% + 1 = <{to}> \"quoted\"", Letters::Plain, "50% + 1 = <{to}> \"quoted\"", false),
    ]
    .into_iter()
    .enumerate()
    {
        let mut clinic = Clinic::set_up(name, "Maria Santos");
        clinic.turns_texts_on(SmsSettings { letters, ..settings(&kannel.url) }, PASSWORD);
        clinic.maria_may_change();
        clinic.desk.begin_number(NUMBER).unwrap();
        assert_eq!(stage(&mut clinic), Ok(SentStage::Accepted));
        let text = kannel.text_after(n);
        assert!(text.text.contains(shown) && !text.text.contains('?'), "{name}: {text:?}");
        assert_eq!(text.unicode, unicode, "{name}: {text:?}");
        let code = code_in(&text.text);
        let whole = if unicode {
            format!("{code} {shown}: 5 minutes. Never tell anyone this code.")
        } else {
            format!(
                "{code} is your code for {shown}. It works for 5 minutes. Never tell anyone this code, not even us."
            )
        };
        assert_eq!(text.text, whole);
    }
}

#[test]
fn with_the_network_down_a_text_waits_and_arrives_later() {
    let mut kannel = kannel_or_leave_out!(Plan { queue: Some(2), ..Plan::default() });
    let mut clinic = Clinic::oak_tree();
    clinic.turns_texts_on(settings(&kannel.url), PASSWORD);
    clinic.maria_links(NUMBER, &mut courier(), || code_in(&kannel.text_after(0).text));
    kannel.network_down();
    assert_eq!(asks(&mut clinic), Ok(SentStage::Queued));
    // Full: refused, not sent, and given back.
    let mut last = asks(&mut clinic);
    for _ in 0..3 {
        last = last.and_then(|_| asks(&mut clinic));
    }
    assert_eq!(last, Err(TextTrouble::Gateway(GatewayError::Busy)));
    assert!(
        clinic.desk.text(crate::clinic::MARIA, &crate::clinic::PASSWORD.into()).is_ok(),
        "what was not sent does not wait"
    );
    drop(clinic.desk.take_errands());
    kannel.network_up();
    let late = kannel.text_after(1);
    assert_eq!(late.to, "+447700900123");
}

#[test]
fn a_wrong_login_and_a_barred_route_have_their_reasons() {
    let kannel = kannel_or_leave_out!(Plan { deny: Some("+447700900999"), ..Plan::default() });
    let mut clinic = Clinic::oak_tree();
    clinic.turns_texts_on(settings(&kannel.url), "not the password");
    clinic.maria_may_change();
    clinic.desk.test_text(NUMBER).unwrap();
    let carried = carry(&mut clinic.desk, &mut courier()).pop().unwrap();
    assert_eq!(carried.outcome, Err(TextTrouble::Gateway(GatewayError::Login)));
    let words = carried.transcript.join(" | ");
    assert!(words.contains("403") && words.starts_with("GET http://127.0.0.1:"), "{words}");
    for secret in ["not the password", "not%20the", "447700900123", "Test text"] {
        assert!(!words.contains(secret), "{words}");
    }

    clinic.turns_texts_on(settings(&kannel.url), PASSWORD);
    clinic.maria_may_change();
    clinic.desk.test_text("07700 900999").unwrap();
    let carried = carry(&mut clinic.desk, &mut courier()).pop().unwrap();
    assert_eq!(carried.outcome, Err(TextTrouble::Gateway(GatewayError::Barred)), "{carried:?}");
    assert!(kannel.delivered().is_empty());
}
