//! What somebody who is signed in may change about themselves: each change after a fresh code of its own, whole or not
//! at all, and the old thing good until the new one is.

use clinic2fa::domain::password::Weak;
use clinic2fa::domain::recovery::CODES;
use clinic2fa::domain::secret::SecretText;
use clinic2fa::domain::state::Joins;
use clinic2fa::domain::verify::{Consequence, FirstCode, Presented, Verdict};
use clinic2fa::effects::{Desk, Failure};
use clinic2fa::ports::StoreError;

use super::clinic::{
    Clinic, MARIA, PASSWORD, Phone, STEP, accepted_by_phone, digits, is_in, recovers_at, verdict, written,
};

const NEW_PASSWORD: &str = "walnut ferry cobalt 88";

/// Signed in, and a fresh code given.
fn about_to_change() -> Clinic {
    let mut clinic = Clinic::oak_tree();
    assert!(is_in(&clinic.maria_signs_in()));
    clinic.waits(STEP);
    assert_eq!(clinic.maria_gives_fresh_code(), Ok(accepted_by_phone(10)));
    clinic.waits(STEP);
    clinic
}

type Begin = fn(&mut Desk) -> Result<(), Failure>;

/// Every change there is, as far as the desk is asked to begin it.
const CHANGES: [(&str, Begin); 3] = [
    ("phone", |desk| desk.begin_phone("", Joins::InTheirPlace).map(|_| ())),
    ("codes", |desk| desk.new_codes().map(|_| ())),
    ("password", |desk| desk.change_password(&SecretText::from(NEW_PASSWORD))),
];

#[test]
fn c71_c96_every_change_asks_for_a_fresh_code_of_its_own() {
    for (name, change) in CHANGES {
        let mut clinic = Clinic::oak_tree();
        let refused = Err(Failure::NotSignedIn);
        assert_eq!(change(&mut clinic.desk), refused, "{name}: nobody is signed in");
        assert!(is_in(&clinic.maria_signs_in()));
        let epoch = clinic.office.file_epoch();
        assert_eq!(change(&mut clinic.desk), refused, "{name}: the sign-in's code is none");
        assert_eq!(clinic.office.file_epoch(), epoch, "{name}");
        clinic.waits(STEP);
        clinic.maria_gives_fresh_code().unwrap();
        clinic.waits(STEP);
        let wrong = digits(&clinic.phone.wrong_code(0));
        let told = clinic.desk.fresh_code(&Presented::Code(wrong)).unwrap();
        assert!(matches!(told, Verdict::WrongCode { then: Consequence::None, .. }), "{name}");
        assert_eq!(change(&mut clinic.desk), refused, "{name}: a wrong one takes the right one back");
        clinic.maria_gives_fresh_code().unwrap();
        assert_eq!(change(&mut clinic.desk), Ok(()), "{name}");
        for (other, another) in CHANGES {
            assert_eq!(another(&mut clinic.desk), refused, "{other} after {name}: one code, one change");
        }
        clinic.desk.lock();
        assert_eq!(change(&mut clinic.desk), refused, "{name}: locked");
    }
}

/// Sheets that were shown for one thing are not stored for another, whatever the desk is asked.
#[test]
fn c71_no_codes_are_stored_without_a_fresh_code() {
    let mut clinic = Clinic::oak_tree();
    assert!(is_in(&clinic.maria_signs_in()));
    clinic.desk.phone_sheets().ok();
    assert!(clinic.desk.finish_codes().is_err(), "a new phone's sheet, without a new phone or a fresh code");
    clinic.desk.setup_sheets().ok();
    assert!(clinic.desk.finish_codes().is_err());
    assert!(clinic.desk.finish_setup().is_err());
    assert!(clinic.desk.finish_phone().is_err());
    assert!(is_in(&clinic.maria_uses_spare(1)), "the old sheet is as good as before");
}

#[test]
fn the_fresh_code_is_judged_like_any_other() {
    let mut clinic = Clinic::oak_tree();
    let code = clinic.phone.code();
    assert!(is_in(&clinic.signs_in(MARIA, PASSWORD, &code)));
    let again = clinic.desk.fresh_code(&Presented::Code(digits(&code))).unwrap();
    assert!(matches!(again, Verdict::Used { .. }), "{again:?}");
    for n in 0..10 {
        let wrong = digits(&clinic.phone.wrong_code(n));
        clinic.desk.fresh_code(&Presented::Code(wrong)).unwrap();
    }
    clinic.waits(STEP);
    let locked = clinic.maria_gives_fresh_code().unwrap();
    assert!(matches!(locked, Verdict::Wait { .. }), "{locked:?}");
}

#[test]
fn c71_new_codes_kill_the_old_ones_when_they_are_stored_and_not_before() {
    let mut clinic = about_to_change();
    let sheet = written(&clinic.desk.new_codes().unwrap()).0;
    assert_eq!(sheet.len(), usize::from(CODES));
    let spare = clinic.spare(1);
    let mut second = clinic.second_desk();
    assert!(is_in(&recovers_at(&mut second, MARIA, PASSWORD, &spare)), "shown, but not stored yet");
    let not_yet = verdict(recovers_at(&mut second, MARIA, PASSWORD, &sheet[0]));
    assert!(matches!(not_yet, Verdict::WrongRecovery { .. }));
    let from = clinic.log_end() + 1;
    assert_eq!(clinic.desk.finish_codes(), Ok(()));
    assert_eq!(clinic.log_from(from), [("recovery-codes-renewed".to_owned(), "done".to_owned())]);
    for number in 1..=10 {
        clinic.waits(std::time::Duration::from_mins(15));
        let dead = verdict(clinic.maria_uses_spare(number));
        assert!(matches!(dead, Verdict::WrongRecovery { .. }), "{number}: {dead:?}");
    }
    clinic.waits(std::time::Duration::from_mins(15));
    assert!(is_in(&recovers_at(&mut clinic.desk, MARIA, PASSWORD, &sheet[9])));
}

#[test]
fn c71_cancelling_leaves_the_old_codes_good() {
    let mut clinic = about_to_change();
    clinic.desk.new_codes().unwrap();
    clinic.desk.lock();
    for number in 1..=10 {
        assert!(is_in(&clinic.maria_uses_spare(number)), "{number}");
    }
}

/// C93 kind: the old phone works until the new one is confirmed and stored, and is dead from then on.
#[test]
fn c93_a_new_phone() {
    let mut clinic = about_to_change();
    let offer = clinic.desk.begin_phone("", Joins::InTheirPlace).unwrap();
    let (old, new) = (clinic.phone.clone(), Phone::scans(&offer, &clinic.office.clock));
    let mut second = clinic.second_desk();
    let works = |desk: &mut Desk, phone: &Phone| {
        clinic.office.clock.advance(STEP);
        match verdict(super::clinic::signs_in_at(desk, MARIA, PASSWORD, &phone.code())) {
            Verdict::Accepted { .. } => true,
            Verdict::WrongCode { .. } => false,
            other => panic!("{other:?}"),
        }
    };
    assert!(works(&mut second, &old) && !works(&mut second, &new), "while the square is shown");
    assert_eq!(clinic.desk.first_code(&digits(&old.code())), Ok(FirstCode::Wrong { clock_off_secs: None }));
    assert_eq!(clinic.desk.first_code(&digits(&new.code())), Ok(FirstCode::Right));
    assert!(works(&mut second, &old) && !works(&mut second, &new), "while the sheet is shown");
    let sheet = written(&clinic.desk.phone_sheets().unwrap()).0;
    assert!(works(&mut second, &old), "until everything is stored");
    let spare = clinic.sheet[0].clone();
    assert!(is_in(&recovers_at(&mut second, MARIA, PASSWORD, &spare)));
    assert_eq!(clinic.desk.finish_phone(), Ok(()));
    assert!(works(&mut second, &new) && !works(&mut second, &old), "and then the new one alone");
    let dead = verdict(recovers_at(&mut second, MARIA, PASSWORD, &clinic.sheet[1]));
    assert!(matches!(dead, Verdict::WrongRecovery { recovery_left: 10, .. }), "{dead:?}");
    assert!(is_in(&recovers_at(&mut second, MARIA, PASSWORD, &sheet[0])));
}

/// C30 for a new phone: the code that confirmed it does not sign in.
#[test]
fn c30_the_code_that_confirmed_a_new_phone_does_not_sign_in() {
    let mut clinic = about_to_change();
    let offer = clinic.desk.begin_phone("", Joins::InTheirPlace).unwrap();
    let new = Phone::scans(&offer, &clinic.office.clock);
    let code = new.code();
    clinic.desk.first_code(&digits(&code)).unwrap();
    clinic.desk.phone_sheets().unwrap();
    clinic.desk.finish_phone().unwrap();
    assert!(matches!(verdict(clinic.signs_in(MARIA, PASSWORD, &code)), Verdict::Used { .. }));
}

#[test]
fn a_new_phone_given_up_leaves_everything_as_it_was() {
    let mut clinic = about_to_change();
    let offer = clinic.desk.begin_phone("", Joins::InTheirPlace).unwrap();
    let new = Phone::scans(&offer, &clinic.office.clock);
    clinic.desk.first_code(&digits(&new.code())).unwrap();
    clinic.desk.phone_sheets().unwrap();
    assert_eq!(clinic.desk.drop_phone(), Ok(()));
    assert_eq!(clinic.desk.finish_phone(), Err(StoreError::NotNow.into()), "nothing is left to finish");
    assert!(is_in(&clinic.maria_signs_in()));
    assert!(is_in(&clinic.maria_uses_spare(1)));
    // Killed instead of given up: the same, and the next one takes the place of what was left.
    let mut clinic = about_to_change();
    clinic.desk.begin_phone("", Joins::InTheirPlace).unwrap();
    clinic.restart();
    assert!(is_in(&clinic.maria_signs_in()));
    clinic.waits(STEP);
    clinic.maria_gives_fresh_code().unwrap();
    clinic.desk.begin_phone("", Joins::InTheirPlace).unwrap();
    assert_eq!(clinic.office.sql_number("SELECT count(*) FROM factor"), 2);
}

/// C35 for a new phone: its wrong first codes are no failed sign-ins.
#[test]
fn c35_wrong_first_codes_of_a_new_phone_lock_nobody() {
    let mut clinic = about_to_change();
    let offer = clinic.desk.begin_phone("", Joins::InTheirPlace).unwrap();
    let new = Phone::scans(&offer, &clinic.office.clock);
    for n in 0..20 {
        let outcome = clinic.desk.first_code(&digits(&new.wrong_code(n)));
        assert_eq!(outcome, Ok(FirstCode::Wrong { clock_off_secs: None }));
    }
    assert_eq!(clinic.person_number("code_failures"), 0);
    assert!(is_in(&clinic.maria_signs_in()));
}

#[test]
fn a_new_password_works_at_once_and_keeps_its_person_signed_in() {
    let mut clinic = about_to_change();
    assert_eq!(clinic.desk.change_password(&SecretText::from(NEW_PASSWORD)), Ok(()));
    clinic.waits(STEP);
    assert_eq!(clinic.maria_gives_fresh_code(), Ok(accepted_by_phone(10)), "still signed in");
    clinic.waits(STEP);
    let code = clinic.phone.code();
    assert_eq!(verdict(clinic.signs_in(MARIA, PASSWORD, &code)), Verdict::WrongPassword { wait: None });
    assert_eq!(verdict(clinic.signs_in(MARIA, NEW_PASSWORD, &code)), accepted_by_phone(10));
    assert!(is_in(&recovers_at(&mut clinic.desk, MARIA, NEW_PASSWORD, &clinic.sheet[0])), "and the sheet is as it was");
}

#[test]
fn a_weak_new_password_costs_nothing() {
    let mut clinic = about_to_change();
    let epoch = clinic.office.file_epoch();
    for (password, why) in [
        ("short", Failure::Weak(Weak::Short { missing: 7 })),
        ("Maria Santos 123", Failure::Weak(Weak::Name)),
        ("passwordpassword", Failure::Weak(Weak::Guessable)),
        (PASSWORD, Failure::SamePassword),
    ] {
        assert_eq!(clinic.desk.change_password(&SecretText::from(password)), Err(why), "{password}");
    }
    assert_eq!(clinic.office.file_epoch(), epoch);
    assert_eq!(clinic.desk.change_password(&SecretText::from(NEW_PASSWORD)), Ok(()), "the fresh code still counts");
}

/// NFC: what one keyboard composes another types in two strokes.
#[test]
fn a_password_is_one_however_it_is_typed() {
    let mut clinic = about_to_change();
    clinic.desk.change_password(&SecretText::from("Stra\u{df}e na\u{ef}ve caf\u{e9} 7")).unwrap();
    clinic.waits(STEP);
    let code = clinic.phone.code();
    assert!(is_in(&clinic.signs_in(MARIA, "Stra\u{df}e nai\u{308}ve cafe\u{301} 7", &code)));
}

/// A password changed at one desk while another is asking for it.
#[test]
fn two_desks_change_one_person_and_both_are_told_the_truth() {
    let mut clinic = about_to_change();
    let mut second = clinic.second_desk();
    let (code, later) = (clinic.phone.code(), clinic.phone.code_in(30));
    assert!(is_in(&super::clinic::signs_in_at(&mut second, MARIA, PASSWORD, &code)));
    assert_eq!(clinic.desk.change_password(&SecretText::from(NEW_PASSWORD)), Ok(()));
    // The other desk is signed in and stays so; its old password is gone like everybody's.
    assert_eq!(second.fresh_code(&Presented::Code(digits(&later))), Ok(accepted_by_phone(10)));
    assert!(second.new_codes().is_ok());
    assert_eq!(second.finish_codes(), Ok(()));
}
