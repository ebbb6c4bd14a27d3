//! A new phone that was begun and not finished, beside one that counts: the password alone must bring nobody further than
//! it brings them at the lock screen.

use std::time::Duration;

use clinic2fa::domain::secret::SecretText;
use clinic2fa::domain::state::Joins;
use clinic2fa::domain::verify::{Consequence, FirstCode, Verdict, WaitReason};
use clinic2fa::effects::{Desk, Failure};
use clinic2fa::ports::StoreError;

use super::clinic::{
    Clinic, LOCK, MARIA, PASSWORD, Phone, STEP, accepted_by_phone, digits, is_in, recovers_at, verdict,
};

/// Maria's new phone has scanned its square, and the window is gone.
fn begun(clinic: &mut Clinic) -> Phone {
    assert!(is_in(&clinic.maria_signs_in()));
    clinic.waits(STEP);
    assert_eq!(clinic.maria_gives_fresh_code(), Ok(accepted_by_phone(10)));
    let offer = clinic.desk.begin_phone("", Joins::InTheirPlace).unwrap();
    let new = Phone::scans(&offer, &clinic.office.clock);
    clinic.waits(STEP);
    new
}

fn reopen(desk: &mut Desk) -> Result<(), Failure> {
    desk.reopen(MARIA, &SecretText::from(PASSWORD)).map(drop)
}

fn not_now<T>() -> Result<T, Failure> {
    Err(Failure::Store(StoreError::NotNow))
}

#[test]
fn wrong_codes_by_the_password_alone_count_and_lock() {
    let mut clinic = Clinic::oak_tree();
    let new = begun(&mut clinic);
    for n in 0..10 {
        clinic.restart();
        reopen(&mut clinic.desk).unwrap();
        let then = if n == 9 { Consequence::Locked(LOCK) } else { Consequence::None };
        let told = Verdict::WrongCode { clock_off_secs: None, then, recovery_left: 10 };
        assert_eq!(clinic.desk.first_code(&digits(&new.wrong_code(n))), Err(Failure::Refused(told)), "{n}");
    }
    assert_eq!(clinic.person_number("code_failures"), 10);
    // Locked is locked, for the new phone's right code and for the old one's.
    clinic.restart();
    reopen(&mut clinic.desk).unwrap();
    let waits = Verdict::Wait { left: LOCK, reason: WaitReason::Codes };
    assert_eq!(clinic.desk.first_code(&digits(&new.code())), Err(Failure::Refused(waits.clone())));
    assert_eq!(clinic.desk.phone_sheets().map(drop), not_now());
    assert_eq!(verdict(clinic.maria_signs_in()), waits);
    // Who owns the phones is told, and goes on when the time is over.
    clinic.waits(LOCK);
    assert!(is_in(&clinic.maria_signs_in()));
    let told = clinic.desk.happenings().unwrap();
    let told: Vec<_> = told.iter().map(|told| (told.event.as_str(), told.result.as_str(), told.times)).collect();
    assert_eq!(told, [("enrolment-code", "wrong-code", 9), ("enrolment-code", "wrong-code-locked", 1)]);
    clinic.waits(STEP);
    clinic.restart();
    reopen(&mut clinic.desk).unwrap();
    assert_eq!(clinic.desk.first_code(&digits(&new.code())), Ok(FirstCode::Right));
    clinic.desk.phone_sheets().unwrap();
    assert_eq!(clinic.desk.finish_phone(), Ok(()));
    clinic.phone = new;
    clinic.waits(STEP);
    assert!(is_in(&clinic.maria_signs_in()));
}

/// The square is for the phone that was there, and its proof for the one who gave it.
#[test]
fn the_password_alone_brings_back_neither_square_nor_sheet() {
    let mut clinic = Clinic::oak_tree();
    let new = begun(&mut clinic);
    assert_eq!(clinic.desk.first_code(&digits(&new.code())), Ok(FirstCode::Right));
    clinic.restart();
    assert_eq!(clinic.desk.resume(MARIA, &SecretText::from(PASSWORD)).map(drop), not_now());
    clinic.restart();
    reopen(&mut clinic.desk).unwrap();
    assert_eq!(clinic.desk.phone_sheets().map(drop), not_now());
    assert_eq!(clinic.desk.finish_phone(), not_now());
    assert_eq!(clinic.desk.finish_phone_without_codes(), not_now());
    let spare = clinic.spare(3);
    assert!(is_in(&recovers_at(&mut clinic.desk, MARIA, PASSWORD, &spare)), "the old sheet is as it was");
    assert!(is_in(&clinic.maria_signs_in()), "and so is the old phone");
}

#[test]
fn a_square_is_good_for_a_day() {
    let day = Duration::from_hours(24);
    for (waits, good) in [(day - STEP - STEP, true), (day + STEP, false)] {
        let mut clinic = Clinic::oak_tree();
        begun(&mut clinic);
        clinic.waits(waits);
        clinic.restart();
        let expected = if good { Ok(()) } else { not_now() };
        assert_eq!(reopen(&mut clinic.desk), expected, "{waits:?}");
        if !good {
            assert_eq!(clinic.desk.first_code(&digits("123456")).map(drop), Err(Failure::NotSignedIn));
        }
    }
}
