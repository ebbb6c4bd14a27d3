//! The rules of texts, under a clock turned by hand, across restarts and between processes.

use std::time::Duration;

use clinic2fa::domain::edit::Edit;
use clinic2fa::domain::secret::SecretText;
use clinic2fa::domain::sms::{SmsSettings, TextWait, Unfit};
use clinic2fa::domain::verify::{Consequence, FactorUsed, FirstCode, Verdict, WaitReason};
use clinic2fa::effects::{Failure, TextNews, TextTrouble};
use clinic2fa::ports::GatewayError;

use super::clinic::{Clinic, LOCK, MARIA, PASSWORD, Phone, STEP, WRONG, digits, is_in};
use super::texting::{Inbox, NUMBER, asks_at, carry, code_in, other_than, settings, types_at};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

fn secs(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn waits_for(news: &Result<TextNews, Failure>) -> TextWait {
    match news {
        Err(Failure::Text(TextTrouble::Wait(wait))) => *wait,
        other => panic!("{other:?}"),
    }
}

#[test]
fn c63_a_second_text_carries_the_same_code_and_only_one_of_them_signs_in() {
    let (mut clinic, inbox) = Clinic::texting();
    assert_eq!(clinic.maria_asks(&inbox).unwrap().resend, secs(30));
    let first = inbox.code();
    clinic.waits(secs(40));
    assert_eq!(clinic.maria_asks(&inbox).unwrap().resend, secs(60));
    assert_eq!(inbox.code(), first, "texts arrive late and out of order");
    assert!(matches!(clinic.maria_types(&first), Verdict::Accepted { by: FactorUsed::Sms, .. }));
    assert!(matches!(clinic.maria_types(&first), Verdict::TextUsed { .. }));
    assert_eq!(clinic.person_number("code_failures"), 0, "already used is not wrong");
    clinic.waits(secs(60));
    clinic.maria_asks(&inbox).unwrap();
    assert_ne!(inbox.code(), first, "a spent code is never sent again");
}

#[test]
fn a_second_text_makes_no_code_live_longer_than_five_minutes() {
    let (mut clinic, inbox) = Clinic::texting();
    clinic.maria_asks(&inbox).unwrap();
    let code = inbox.code();
    clinic.waits(secs(290));
    clinic.maria_asks(&inbox).unwrap();
    assert_eq!(inbox.code(), code);
    clinic.waits(secs(9));
    let wrong = other_than(&code, 0);
    assert!(matches!(clinic.maria_types(&wrong), Verdict::WrongText { tries_left: 4, .. }));
    clinic.waits(secs(1));
    assert!(matches!(clinic.maria_types(&code), Verdict::TextOver { .. }));
    assert_eq!(clinic.person_number("code_failures"), 1, "nothing is waiting, so nothing counts");
}

#[test]
fn c65_waits_of_30_60_and_120_seconds_five_in_ten_minutes_for_every_process() {
    let (mut clinic, inbox) = Clinic::texting();
    for (n, wait) in [30, 60, 120, 120].into_iter().enumerate() {
        assert_eq!(clinic.maria_asks(&inbox).unwrap().resend, secs(wait), "{n}");
        clinic.waits(secs(wait - 1));
        let mut other = clinic.second_desk();
        assert_eq!(waits_for(&asks_at(&mut other, &inbox)), TextWait::Resend(secs(1)), "{n}");
        // C24: neither way of turning the clock helps, nor does a restart of the program.
        clinic.turns_wall_by(86_400);
        clinic.restart();
        assert_eq!(waits_for(&clinic.maria_asks(&inbox)), TextWait::Resend(secs(1)), "{n}");
        clinic.turns_wall_by(-86_400);
        clinic.waits(secs(1));
    }
    // The fifth, 330 s after the first.
    let fifth = clinic.maria_asks(&inbox).unwrap();
    assert_eq!(fifth.resend, secs(270), "until the first is ten minutes old");
    for _ in 0..20 {
        clinic.waits(secs(1));
        assert!(matches!(waits_for(&clinic.maria_asks(&inbox)), TextWait::Often(_)));
    }
    assert_eq!(inbox.texts().len(), 6, "one at linking, five since");
    clinic.waits(secs(250));
    clinic.maria_asks(&inbox).unwrap();
}

#[test]
fn ten_a_day_whatever_the_clock_says_and_across_restarts() {
    let (mut clinic, inbox) = Clinic::texting();
    for _ in 0..10 {
        clinic.maria_asks(&inbox).unwrap();
        clinic.waits(HOUR);
    }
    let left = HOUR * 14;
    assert_eq!(waits_for(&clinic.maria_asks(&inbox)), TextWait::Day(left));
    clinic.turns_wall_by(7 * 86_400);
    clinic.restart();
    assert_eq!(waits_for(&clinic.maria_asks(&inbox)), TextWait::Day(left));
    clinic.turns_wall_by(-14 * 86_400);
    assert_eq!(waits_for(&asks_at(&mut clinic.second_desk(), &inbox)), TextWait::Day(left));
    clinic.waits(left);
    clinic.maria_asks(&inbox).unwrap();
}

#[test]
fn five_wrong_tries_end_a_code_for_every_process_and_a_new_one_resets_nothing() {
    let (mut clinic, inbox) = Clinic::texting();
    clinic.maria_asks(&inbox).unwrap();
    let code = inbox.code();
    let mut other = clinic.second_desk();
    for n in 0..5 {
        let wrong = other_than(&code, n);
        let verdict = if n % 2 == 0 { clinic.maria_types(&wrong) } else { types_at(&mut other, &wrong) };
        let left = u8::try_from(4 - n).unwrap();
        assert!(matches!(verdict, Verdict::WrongText { tries_left, .. } if tries_left == left), "{verdict:?}");
    }
    for desk in [&mut clinic.desk, &mut other] {
        assert!(matches!(types_at(desk, &code), Verdict::TextOver { .. }), "dead, and the right digits say nothing");
    }
    clinic.waits(secs(30));
    clinic.maria_asks(&inbox).unwrap();
    assert_ne!(inbox.code(), code);
    assert_eq!(clinic.person_number("code_failures"), 5, "neither the password nor a new code clears it");
    for n in 0..4 {
        clinic.maria_types(&other_than(&inbox.code(), n));
    }
    let tenth = clinic.maria_types(&other_than(&inbox.code(), 9));
    assert!(matches!(tenth, Verdict::WrongText { then: Consequence::Locked(LOCK), .. }), "{tenth:?}");
    // C33, C65: locked, the right code is neither accepted nor used up, no text is sent, and the lock is no longer for it.
    let sent = inbox.texts().len();
    clinic.waits(MINUTE * 5);
    for _ in 0..20 {
        let refused = clinic.maria_asks(&inbox);
        let wait = Verdict::Wait { left: LOCK - MINUTE * 5, reason: WaitReason::Codes };
        assert_eq!(refused, Err(Failure::Refused(wait)));
    }
    assert_eq!(inbox.texts().len(), sent);
    assert_eq!(clinic.person_number("code_failures"), 10);
    let entries = clinic.log_from(0);
    assert!(entries.iter().filter(|(event, result)| event == "text-asked" && result == "must-wait").count() >= 20);
}

#[test]
fn nothing_is_sent_before_the_password_was_right_and_a_right_one_clears_nothing() {
    let (mut clinic, inbox) = Clinic::texting();
    let sent = inbox.texts().len();
    for _ in 0..2 {
        let refused = clinic.desk.text(MARIA, &SecretText::from(WRONG));
        assert_eq!(refused, Err(Failure::Refused(Verdict::WrongPassword { wait: None })));
    }
    carry(&mut clinic.desk, &mut inbox.courier());
    assert_eq!(inbox.texts().len(), sent);
    clinic.maria_asks(&inbox).unwrap();
    assert_eq!(clinic.person_number("password_failures"), 2);
    assert!(matches!(
        clinic.desk.text(MARIA, &SecretText::from(WRONG)),
        Err(Failure::Refused(Verdict::WrongPassword { wait: Some(_) }))
    ));
}

/// C31: each method is judged by itself, and their counters are one.
#[test]
fn c31_twenty_five_sign_ins_by_phone_leave_the_other_methods_alone() {
    let (mut clinic, inbox) = Clinic::texting();
    for _ in 0..25 {
        assert!(is_in(&clinic.maria_signs_in()));
        clinic.waits(STEP);
    }
    assert!(is_in(&clinic.maria_uses_spare(1)));
    clinic.maria_asks(&inbox).unwrap();
    assert!(matches!(clinic.maria_types(&inbox.code()), Verdict::Accepted { .. }));
    assert_eq!(clinic.person_number("code_failures + password_failures"), 0);
}

/// A phone's code is not tried against a text, nor the other way round.
#[test]
fn a_code_counts_for_the_method_it_was_given_for() {
    let (mut clinic, inbox) = Clinic::texting();
    clinic.maria_asks(&inbox).unwrap();
    let (text, phone) = (inbox.code(), clinic.phone.code());
    if text != phone {
        assert!(matches!(clinic.maria_types(&phone), Verdict::WrongText { .. }));
        let outcome = clinic.signs_in(MARIA, PASSWORD, &text).unwrap().0;
        assert!(matches!(outcome, Verdict::WrongCode { .. }), "{outcome:?}");
    }
}

#[test]
fn c66_when_the_service_is_down_nothing_counts_and_every_other_way_is_open() {
    let (mut clinic, inbox) = Clinic::texting();
    for err in [GatewayError::Unreachable, GatewayError::Busy, GatewayError::Login, GatewayError::Credit] {
        inbox.refuses(Some(err));
        for _ in 0..12 {
            assert!(clinic.maria_asks(&inbox).is_ok(), "what was not sent keeps nobody waiting");
        }
    }
    inbox.refuses(None);
    assert!(is_in(&clinic.maria_signs_in()));
    clinic.maria_asks(&inbox).unwrap();
    assert!(matches!(clinic.maria_types(&inbox.code()), Verdict::Accepted { .. }));
    assert_eq!(clinic.person_number("code_failures + password_failures"), 0);
    assert_eq!(clinic.desk.look().unwrap().unwrap().texts.this_month, 2, "two texts, forty-eight tries");
}

#[test]
fn a_text_whose_fate_nobody_knows_counts_and_its_code_is_good() {
    let (mut clinic, inbox) = Clinic::texting();
    inbox.refuses(Some(GatewayError::NoAnswer));
    clinic.maria_asks(&inbox).unwrap();
    assert!(matches!(waits_for(&clinic.maria_asks(&inbox)), TextWait::Resend(_)));
    clinic.waits(secs(30));
    inbox.refuses(None);
    clinic.maria_asks(&inbox).unwrap();
    assert!(
        matches!(clinic.maria_types(&inbox.code()), Verdict::Accepted { .. }),
        "the same request, whichever arrives"
    );
}

/// The service is silent about the first text, takes the second, and refuses the first after all: the first is given back,
/// and the second goes on counting.
#[test]
fn of_two_texts_on_their_way_the_one_that_failed_is_given_back() {
    let (mut clinic, inbox) = Clinic::texting();
    let asks = |clinic: &mut Clinic| {
        clinic.desk.text(MARIA, &SecretText::from(PASSWORD)).unwrap();
        clinic.desk.take_errands().pop().unwrap()
    };
    let first = asks(&mut clinic);
    clinic.waits(secs(30));
    let second = asks(&mut clinic);
    let taken = inbox.courier().carry(&second);
    clinic.desk.text_ended(&taken).unwrap();
    inbox.refuses(Some(GatewayError::Unreachable));
    let failed = inbox.courier().carry(&first);
    clinic.desk.text_ended(&failed).unwrap();
    inbox.refuses(None);
    assert_eq!(waits_for(&clinic.maria_asks(&inbox)), TextWait::Resend(secs(30)), "as after one text");
    assert_eq!(clinic.desk.look().unwrap().unwrap().texts.this_month, 2, "the number's own, and the second");
    clinic.waits(secs(30));
    clinic.maria_asks(&inbox).unwrap();
}

/// What fails on the first of a month was counted in the month before, and leaves the new one as it is; so with the day.
#[test]
fn what_failed_is_given_back_to_its_own_day_and_month() {
    let (mut clinic, inbox) = Clinic::texting();
    clinic.desk.text(MARIA, &SecretText::from(PASSWORD)).unwrap();
    let late = clinic.desk.take_errands().pop().unwrap();
    clinic.waits(secs(40 * 24 * 3600));
    clinic.maria_asks(&inbox).unwrap();
    inbox.refuses(Some(GatewayError::Unreachable));
    let failed = inbox.courier().carry(&late);
    clinic.desk.text_ended(&failed).unwrap();
    assert_eq!(clinic.desk.look().unwrap().unwrap().texts.this_month, 1);
}

#[test]
fn the_clinic_has_a_limit_a_day_and_a_month_that_a_turned_clock_does_not_lift() {
    let (mut clinic, inbox) = (Clinic::oak_tree(), Inbox::default());
    let limited = SmsSettings { per_day: 3, per_month: 5, ..settings("http://127.0.0.1:9/") };
    clinic.turns_texts_on(limited, "secret");
    clinic.maria_links(NUMBER, &mut inbox.courier(), || inbox.code());
    for _ in 0..2 {
        clinic.waits(MINUTE * 10);
        clinic.maria_asks(&inbox).unwrap();
    }
    clinic.waits(MINUTE * 10);
    clinic.turns_wall_by(2 * 86_400);
    assert!(matches!(waits_for(&clinic.maria_asks(&inbox)), TextWait::ClinicDay(_)));
    clinic.turns_wall_by(-2 * 86_400);
    clinic.waits(HOUR * 24);
    clinic.maria_asks(&inbox).unwrap();
    clinic.waits(MINUTE);
    clinic.maria_asks(&inbox).unwrap();
    clinic.waits(HOUR * 24);
    assert_eq!(waits_for(&clinic.maria_asks(&inbox)), TextWait::ClinicMonth);
    // A clock that is put back a month begins no month anew.
    clinic.turns_wall_by(-40 * 86_400);
    assert_eq!(waits_for(&clinic.maria_asks(&inbox)), TextWait::ClinicMonth);
    clinic.turns_wall_by(40 * 86_400);
    clinic.waits(HOUR * 24 * 31);
    clinic.maria_asks(&inbox).unwrap();
}

#[test]
fn off_means_that_nothing_is_sent_and_no_password_is_looked_at() {
    let (mut clinic, inbox) = (Clinic::oak_tree(), Inbox::default());
    let refused = clinic.desk.text(MARIA, &SecretText::from(WRONG));
    assert_eq!(refused, Err(Failure::Text(TextTrouble::Unfit(Unfit::Off))));
    assert_eq!(clinic.person_number("password_failures"), 0);
    clinic.maria_may_change();
    assert_eq!(clinic.desk.begin_number(NUMBER), Err(Failure::Text(TextTrouble::Unfit(Unfit::Off))));
    assert!(carry(&mut clinic.desk, &mut inbox.courier()).is_empty());
}

/// Who has another address to send to must know the service's password again.
#[test]
fn the_services_password_opens_for_no_other_address() {
    let (mut clinic, inbox) = Clinic::texting();
    clinic.maria_may_change();
    let mut all = clinic.desk.look().unwrap().unwrap().settings;
    all.sms.url = "http://127.0.0.1:10/".to_owned();
    clinic.desk.set_gateway(&Edit::whole(all), None).unwrap();
    assert_eq!(clinic.maria_asks(&inbox), Err(Failure::Text(TextTrouble::Unfit(Unfit::NoSecret))));
    assert_eq!(clinic.desk.look().unwrap().unwrap().texts.this_month, 1, "given back");
}

/// Changing the number is a new enrolment: the new one proves itself, the old one is told, and codes follow the number.
#[test]
fn a_new_number_takes_the_old_ones_place_and_the_old_one_is_told() {
    let (mut clinic, inbox) = Clinic::texting();
    clinic.maria_may_change();
    let news = clinic.desk.begin_number("07700 900456").unwrap();
    assert_eq!(news.number, "+44 7700 900456");
    carry(&mut clinic.desk, &mut inbox.courier());
    let first_try = inbox.code();
    // She mistyped it. The code that went to the first number completes nothing for the second.
    clinic.waits(secs(30));
    clinic.desk.begin_number("07700 900789").unwrap();
    carry(&mut clinic.desk, &mut inbox.courier());
    let right = inbox.code();
    if first_try != right {
        assert!(matches!(clinic.desk.first_code(&digits(&first_try)), Ok(FirstCode::WrongText { tries_left: 4 })));
    }
    assert_eq!(clinic.desk.first_code(&digits(&right)), Ok(FirstCode::Right));
    // Until it is stored, the old number is hers.
    let mut other = clinic.second_desk();
    clinic.waits(MINUTE * 2);
    asks_at(&mut other, &inbox).unwrap();
    assert_eq!(inbox.texts().last().unwrap().0, "+447700900123");
    clinic.desk.finish_phone_without_codes().unwrap();
    carry(&mut clinic.desk, &mut inbox.courier());
    let (to, notice) = inbox.texts().last().unwrap().clone();
    assert_eq!(to, "+447700900123");
    assert!(notice.starts_with("Oak Tree Surgery: your sign-in codes now go to another number."), "{notice}");
    let old_code = code_in(&inbox.texts()[inbox.texts().len() - 2].1);
    clinic.desk.lock();
    assert!(matches!(clinic.maria_types(&old_code), Verdict::TextOver { .. }), "a code of the old number is over");
    clinic.waits(MINUTE * 2);
    clinic.maria_asks(&inbox).unwrap();
    assert_eq!(inbox.texts().last().unwrap().0, "+447700900789");
    assert!(matches!(clinic.maria_types(&inbox.code()), Verdict::Accepted { .. }));
}

/// Whoever comes back to an unfinished linking has proved the password and nothing else: another number, or another
/// phone, would be theirs for the asking.
#[test]
fn a_linking_taken_up_again_by_the_password_alone_begins_no_other() {
    use clinic2fa::domain::state::Joins;
    let (mut clinic, inbox) = Clinic::texting();
    clinic.maria_may_change();
    clinic.desk.begin_number("07700 900456").unwrap();
    carry(&mut clinic.desk, &mut inbox.courier());
    clinic.restart();
    clinic.waits(MINUTE * 10);
    assert!(clinic.desk.reopen(MARIA, &SecretText::from(PASSWORD)).is_ok());
    assert_eq!(clinic.desk.begin_number("07700 900789").map(drop), Err(Failure::NotSignedIn));
    assert_eq!(clinic.desk.begin_phone("", Joins::InTheirPlace).map(drop), Err(Failure::NotSignedIn));
    assert_eq!(clinic.desk.test_text("07700 900789").map(drop), Err(Failure::NotSignedIn));
    let settings = clinic.desk.look().unwrap().unwrap().settings;
    assert_eq!(clinic.desk.set_gateway(&Edit::whole(settings), None), Err(Failure::NotSignedIn));
    assert_eq!(inbox.texts().last().unwrap().0, "+447700900456", "nothing went anywhere else");
}

/// A number that is being linked lets its owner correct it, and nothing else of the clinic's be changed.
#[test]
fn linking_a_number_opens_nothing_else() {
    use clinic2fa::domain::state::Joins;
    let (mut clinic, inbox) = Clinic::texting();
    clinic.maria_may_change();
    clinic.desk.begin_number("07700 900456").unwrap();
    carry(&mut clinic.desk, &mut inbox.courier());
    let settings = clinic.desk.look().unwrap().unwrap().settings;
    assert_eq!(clinic.desk.set_gateway(&Edit::whole(settings), None), Err(Failure::NotSignedIn));
    assert_eq!(clinic.desk.test_text(NUMBER).map(drop), Err(Failure::NotSignedIn));
    clinic.waits(MINUTE);
    assert_eq!(
        clinic.desk.begin_phone("", Joins::InTheirPlace).map(drop),
        Err(Failure::NotSignedIn),
        "not even an app"
    );
    assert!(clinic.desk.begin_number("07700 900789").is_ok(), "a mistyped number");
    // Given up, or done: the next change asks for a code again.
    clinic.desk.drop_phone().unwrap();
    assert_eq!(clinic.desk.begin_number(NUMBER).map(drop), Err(Failure::NotSignedIn));
}

/// Somebody with a slip may have texts in the place of the app, and change back: only what was begun last counts.
#[test]
fn somebody_with_a_slip_may_have_texts_and_change_back() {
    use clinic2fa::domain::recovery::RecoveryCode;
    use clinic2fa::domain::state::{Joins, Role};
    use clinic2fa::domain::verify::Presented;
    use clinic2fa::effects::Purpose;

    use super::people::{BEN, BENS};

    for back_to_app in [false, true] {
        let (mut clinic, inbox) = Clinic::texting();
        clinic.maria_may_change();
        let slip = clinic.desk.add_person("Ben Ashdown", Role::Staff).unwrap();
        clinic.desk.lock();
        let code = RecoveryCode::parse(slip.code.expose()).unwrap();
        let offer = clinic.desk.activate(BEN, &code, &SecretText::from(BENS)).unwrap();
        let first = Phone::scans(&offer, &clinic.office.clock);
        assert_eq!(
            clinic.desk.test_text("07700 900456").map(drop),
            Err(Failure::NotSignedIn),
            "the service is the manager's"
        );
        clinic.desk.begin_number("07700 900456").unwrap();
        carry(&mut clinic.desk, &mut inbox.courier());
        let text = inbox.code();
        if first.code() != text {
            assert!(matches!(
                clinic.desk.first_code(&digits(&first.code())),
                Ok(FirstCode::WrongText { tries_left: 4 })
            ));
        }
        if !back_to_app {
            assert_eq!(clinic.desk.first_code(&digits(&text)), Ok(FirstCode::Right));
            clinic.desk.phone_sheets().unwrap();
            clinic.desk.finish_phone().unwrap();
            clinic.desk.lock();
            clinic.waits(MINUTE);
            clinic.desk.text(BEN, &SecretText::from(BENS)).unwrap();
            carry(&mut clinic.desk, &mut inbox.courier());
            assert_eq!(inbox.texts().last().unwrap().0, "+447700900456");
            let by_text = Presented::Text(digits(&inbox.code()));
            assert!(is_in(&clinic.desk.sign_in(BEN, &SecretText::from(BENS), &by_text, Purpose::Work)));
            continue;
        }
        let offer = clinic.desk.begin_phone("", Joins::InTheirPlace).unwrap();
        let second = Phone::scans(&offer, &clinic.office.clock);
        for dead in [&text, &first.code()] {
            if *dead != second.code() {
                assert!(matches!(clinic.desk.first_code(&digits(dead)), Ok(FirstCode::Wrong { .. })));
            }
        }
        assert_eq!(clinic.desk.first_code(&digits(&second.code())), Ok(FirstCode::Right));
        clinic.desk.phone_sheets().unwrap();
        clinic.desk.finish_phone().unwrap();
        assert_eq!(clinic.desk.begin_phone("", Joins::InTheirPlace).map(drop), Err(Failure::NotSignedIn), "it is done");
        clinic.desk.lock();
        clinic.waits(STEP);
        assert!(is_in(&clinic.signs_in(BEN, BENS, &second.code())));
        let no_number = clinic.desk.text(BEN, &SecretText::from(BENS));
        assert_eq!(no_number, Err(Failure::Text(TextTrouble::NoNumber)));
    }
}

/// C25: asked for on one computer, typed on another a minute later; and what is counted on one is counted on both.
#[test]
fn c25_a_text_asked_for_on_one_computer_signs_in_on_another() {
    let (mut clinic, inbox) = Clinic::texting();
    let mut second = clinic.second_desk();
    clinic.maria_asks(&inbox).unwrap();
    clinic.waits(secs(29));
    assert_eq!(waits_for(&asks_at(&mut second, &inbox)), TextWait::Resend(secs(1)));
    clinic.waits(secs(31));
    // Its clock has just been put forward by an hour, as clocks are in spring.
    clinic.turns_wall_by(3600);
    let code = inbox.code();
    let wrong = other_than(&code, 0);
    assert!(matches!(types_at(&mut second, &wrong), Verdict::WrongText { tries_left: 4, .. }));
    assert!(matches!(clinic.maria_types(&wrong), Verdict::WrongText { tries_left: 3, .. }), "one count for both");
    assert!(matches!(types_at(&mut second, &code), Verdict::Accepted { by: FactorUsed::Sms, .. }));
    assert!(matches!(clinic.maria_types(&code), Verdict::TextUsed { .. }), "once, wherever");
}

/// C53: a damaged number, or damaged counts, close that person and nobody else; nothing is sent anywhere.
#[test]
fn c53_a_damaged_number_sends_nothing() {
    for script in [
        "UPDATE factor SET number = x'' WHERE kind = 'sms'",
        "UPDATE factor SET number = zeroblob(61) WHERE kind = 'sms'",
        "UPDATE factor SET number = (SELECT seed FROM factor WHERE kind = 'totp') WHERE kind = 'sms'",
        "UPDATE factor SET ending = '99' WHERE kind = 'sms'",
        "UPDATE factor SET ending = '' WHERE kind = 'sms'",
        "UPDATE person SET texts = '{}'",
        "UPDATE person SET texts = 'null'",
    ] {
        let (mut clinic, inbox) = Clinic::texting();
        let sent = inbox.texts().len();
        clinic.office.sql(script);
        let refused = clinic.maria_asks(&inbox);
        let closed = Err(Failure::Store(clinic2fa::ports::StoreError::PersonDamaged));
        assert_eq!(refused, closed, "{script}");
        assert_eq!(inbox.texts().len(), sent, "{script}");
    }
}

/// C101: each thing that becomes of a text has a name of its own in the log, with the factor, and no code and no number.
#[test]
fn c101_what_became_of_texts_is_written_down() {
    let (mut clinic, inbox) = Clinic::texting();
    let from = clinic.log_end() + 1;
    clinic.maria_asks(&inbox).unwrap();
    let code = inbox.code();
    clinic.maria_asks(&inbox).unwrap_err();
    clinic.maria_types(&other_than(&code, 0));
    clinic.maria_types(&code);
    clinic.maria_types(&code);
    clinic.waits(secs(300));
    clinic.maria_types(&code);
    clinic.waits(MINUTE);
    inbox.refuses(Some(GatewayError::Login));
    clinic.maria_asks(&inbox).unwrap();
    inbox.refuses(Some(GatewayError::NoAnswer));
    clinic.maria_asks(&inbox).unwrap();
    clinic.desk.text(MARIA, &SecretText::from(WRONG)).unwrap_err();
    let log: Vec<String> =
        clinic.log_from(from).into_iter().map(|(event, result)| format!("{event} {result}")).collect();
    assert_eq!(
        log,
        [
            "text-asked accepted",
            "text-sent accepted",
            "text-asked too-soon",
            "sign-in wrong-code",
            "sign-in accepted",
            "sign-in already-used",
            "sign-in no-code-waiting",
            "text-asked accepted",
            "text-sent sms-login",
            "text-asked accepted",
            "text-sent unknown",
            "text-asked wrong-password",
        ]
    );
    let entries = clinic.desk.entries(&clinic2fa::ports::EntryFilter::default()).unwrap();
    let all = format!("{entries:?}");
    assert!(!all.contains(&code) && !all.contains("900123"), "{all}");
    let sign_ins = entries.iter().filter(|entry| entry.number >= from && entry.event == "sign-in");
    assert!(sign_ins.clone().count() == 4 && sign_ins.clone().all(|entry| entry.factor == "sms"));
}

/// C62: numbers as people type them.
#[test]
fn c62_typed_numbers() {
    use clinic2fa::domain::sms::{BadNumber, Number};
    let mut rows = 0;
    for line in include_str!("vectors/phones.tsv").lines().skip(1) {
        let [typed, country, expected] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        rows += 1;
        // The clinic's own country first, and the others that it has allowed.
        let others = ["GB", "US", "AU", "IT"].into_iter().filter(|iso| *iso != country);
        let allowed: Vec<String> = std::iter::once(country).chain(others).map(str::to_owned).collect();
        let number = Number::parse(typed, &allowed).map(|number| number.e164().to_owned());
        match expected.split_once(' ') {
            _ if expected.starts_with("refuse") => assert!(number.is_err(), "{line}: {number:?}"),
            // A landline gets no text: it is refused with that reason, rather than taken with a warning.
            Some((_, rest)) if rest.contains("land line") => assert_eq!(number, Err(BadNumber::Landline), "{line}"),
            Some(_) => panic!("{line}"),
            None => assert_eq!(number.as_deref(), Ok(expected), "{line}"),
        }
    }
    assert_eq!(rows, 18);
}

/// C16: zeros survive, in the text and in the field. C98: what is stored tells no code and no number.
#[test]
fn c16_c98_codes_have_six_digits_and_stand_nowhere() {
    let (mut clinic, inbox) = Clinic::texting();
    let mut led_by_zero = 0;
    for n in 0..400 {
        if n >= 30 && led_by_zero > 0 {
            break;
        }
        clinic.waits(HOUR * 3);
        clinic.maria_asks(&inbox).unwrap();
        let code = inbox.code();
        led_by_zero += usize::from(code.starts_with('0'));
        let database = std::fs::read(clinic.office.database()).unwrap();
        let holds = |text: &str| database.windows(text.len()).any(|bytes| bytes == text.as_bytes());
        assert!(!holds("7700900123") && !holds("fiddle-faddle"));
        assert!(matches!(clinic.maria_types(&code), Verdict::Accepted { .. }), "{code}");
    }
    // A tenth of them, on average; none in four hundred would be one chance in 10^18.
    assert!(led_by_zero > 0);
}
