//! Another number in the place of the old one, through Kannel: a full sign-in, a code to the new one, a notice to the old.

use std::time::Duration;

use clinic2fa::adapters::sms::NetworkGateway;
use clinic2fa::domain::secret::SecretText;
use clinic2fa::domain::verify::{FirstCode, Verdict};
use clinic2fa::effects::{Courier, Failure};

use crate::clinic::{Clinic, MARIA, PASSWORD, digits, is_in};
use crate::kannel::{PASSWORD as SERVICE_PASSWORD, Plan, kannel_or_leave_out};
use crate::texting::{NUMBER, carry, code_in, settings};

const MINUTES: Duration = Duration::from_secs(5 * 60);

#[test]
fn a_changed_number_takes_a_full_sign_in_a_code_to_the_new_one_and_a_notice_to_the_old_one() {
    let kannel = kannel_or_leave_out!(Plan::default());
    let courier = || Courier::new(Box::new(NetworkGateway));
    let sends = |clinic: &mut Clinic| {
        carry(&mut clinic.desk, &mut courier()).iter().for_each(|text| assert!(text.outcome.is_ok(), "{text:?}"));
    };
    let mut clinic = Clinic::oak_tree();
    clinic.turns_texts_on(settings(&kannel.url), SERVICE_PASSWORD);
    clinic.maria_links(NUMBER, &mut courier(), || code_in(&kannel.text_after(0).text));
    clinic.waits(MINUTES);

    // Signed in is not enough: the change asks for a code of its own.
    assert!(is_in(&clinic.maria_signs_in()));
    assert_eq!(clinic.desk.begin_number("07700 900456").map(drop), Err(Failure::NotSignedIn));
    clinic.desk.lock();
    assert_eq!(clinic.desk.begin_number("07700 900456").map(drop), Err(Failure::NotSignedIn));

    // A mistyped number first. What arrives there late is no code for the right one.
    clinic.maria_may_change();
    clinic.desk.begin_number("07700 900456").expect("a text");
    sends(&mut clinic);
    let strangers = kannel.text_after(1);
    clinic.waits(MINUTES);
    clinic.desk.begin_number("07700 900789").expect("a text");
    sends(&mut clinic);
    let own = kannel.text_after(2);
    assert_eq!((strangers.to.as_str(), own.to.as_str()), ("+447700900456", "+447700900789"));
    let (late, right) = (code_in(&strangers.text), code_in(&own.text));
    if late != right {
        assert_eq!(clinic.desk.first_code(&digits(&late)), Ok(FirstCode::WrongText { tries_left: 4 }));
    }
    assert_eq!(clinic.desk.first_code(&digits(&right)), Ok(FirstCode::Right));
    clinic.desk.finish_phone_without_codes().expect("linked");
    sends(&mut clinic);
    let notice = kannel.text_after(3);
    assert_eq!(notice.to, "+447700900123", "the one whose number it was");
    assert_eq!(
        notice.text,
        "Oak Tree Surgery: your sign-in codes now go to another number. If that was not you, tell your manager now."
    );
    // What was just done begins nothing else by itself.
    assert_eq!(clinic.desk.begin_number("07700 900456").map(drop), Err(Failure::NotSignedIn));
    assert_eq!(
        clinic.desk.begin_phone("", clinic2fa::domain::state::Joins::InTheirPlace).map(drop),
        Err(Failure::NotSignedIn)
    );

    // From now on codes go to the new number, and to no other.
    clinic.desk.lock();
    clinic.waits(MINUTES);
    clinic.desk.text(MARIA, &SecretText::from(PASSWORD)).expect("a text");
    sends(&mut clinic);
    let text = kannel.text_after(4);
    assert_eq!(text.to, "+447700900789");
    assert!(matches!(clinic.maria_types(&code_in(&text.text)), Verdict::Accepted { .. }));
    assert_eq!(kannel.delivered().len(), 5);
}
