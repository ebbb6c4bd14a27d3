//! A wall clock that is turned back or forward: named in the log, no way to use a code again, and no year's lockout. And
//! what the keychain refused, entered into the log as soon as it gives a key again.

use std::time::Duration;

use clinic2fa::domain::verify::Presented;
use clinic2fa::effects::{Closed, Failure};
use clinic2fa::ports::{EntryFilter, KeychainError, StoreError};

use super::clinic::{Clinic, Fails, MARIA, PASSWORD, STEP, SignInOutcome, T0, digits, is_in, signs_in_at};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

fn went_back() -> SignInOutcome {
    Err(Failure::Store(StoreError::ClockWentBack))
}

/// A code that was read out or photographed an hour ago and never used does not come back to life with the clock.
#[test]
fn a_clock_put_back_brings_no_code_back() {
    let mut clinic = Clinic::oak_tree();
    assert!(is_in(&clinic.maria_signs_in()));
    clinic.waits(Duration::from_secs(1800));
    let seen = clinic.phone.code();
    let then = clinic.office.now().unix_secs;
    clinic.waits(Duration::from_secs(3600));
    clinic.office.clock.set_wall(then);
    let from = clinic.log_end() + 1;
    assert_eq!(clinic.signs_in(MARIA, PASSWORD, &seen), went_back());
    clinic.restart();
    assert_eq!(clinic.signs_in(MARIA, PASSWORD, &seen), went_back());
    assert_eq!(clinic.person_number("code_failures"), 0, "nothing was counted");
    let log = clinic.log_from(from);
    let entry = |event: &str, result: &str| (event.to_owned(), result.to_owned());
    assert_eq!(
        log,
        [entry("clock-jump", "back"), entry("sign-in", "clock-went-back"), entry("sign-in", "clock-went-back")],
        "the turn once, every attempt"
    );
    // The clock put right again, the phone is good as before.
    clinic.office.clock.set_wall(then + HOUR);
    assert!(is_in(&clinic.maria_signs_in()));
}

/// And over a restart of the computer, as far as time has surely passed.
#[test]
fn a_clock_put_back_over_a_restart_is_seen_too() {
    let mut clinic = Clinic::oak_tree();
    assert!(is_in(&clinic.maria_signs_in()));
    clinic.office.clock.reboot();
    clinic.waits(Duration::from_secs(1800));
    clinic.restart();
    clinic.office.clock.set_wall(T0 + 600);
    assert_eq!(clinic.maria_signs_in(), went_back());
    clinic.office.clock.set_wall(T0 + 1860);
    assert!(is_in(&clinic.maria_signs_in()));
}

/// What honest clocks do: a network time server takes back a minute, the phone is ahead by one.
#[test]
fn ordinary_corrections_refuse_nobody() {
    for (phone_ahead, taken_back) in [(0, 0), (0, 30), (29, 30), (29, 59), (-29, 60)] {
        let mut clinic = Clinic::oak_tree();
        clinic.waits(Duration::from_secs(300));
        clinic.phone.is_ahead_by(phone_ahead);
        assert!(is_in(&clinic.maria_signs_in()), "{phone_ahead}");
        clinic.waits(Duration::from_secs(90));
        let now = clinic.office.now().unix_secs;
        clinic.office.clock.set_wall(now - taken_back);
        clinic.phone.is_ahead_by(0);
        assert!(is_in(&clinic.maria_signs_in()), "{phone_ahead} {taken_back}");
    }
}

/// A computer whose clock ran a year ahead (and a phone that believed it) must not lock anybody out for a year.
#[test]
fn a_step_from_the_future_is_no_years_lockout() {
    let mut clinic = Clinic::oak_tree();
    clinic.office.clock.set_wall(T0 + 365 * DAY);
    assert!(is_in(&clinic.maria_signs_in()));
    clinic.desk.lock();
    clinic.office.clock.set_wall(T0 + HOUR);
    assert_eq!(clinic.maria_signs_in(), went_back(), "not \"already used\", and not \"wrong code\"");
    // One code from the sheet vouches for the clock; from then on the phone is good again.
    assert!(is_in(&clinic.maria_uses_spare(1)));
    clinic.desk.lock();
    let now = clinic.phone.code();
    assert!(!is_in(&clinic.signs_in(MARIA, PASSWORD, &now)), "steps up to the moment of the sheet's code are used");
    clinic.waits(STEP * 2);
    assert!(is_in(&clinic.maria_signs_in()));
}

/// The same by the clinic's spare key, for whoever has lost the sheet as well.
#[test]
fn the_clinic_recovery_key_vouches_for_the_clock() {
    let mut clinic = Clinic::oak_tree();
    clinic.office.clock.set_wall(T0 + 365 * DAY);
    assert!(is_in(&clinic.maria_signs_in()));
    clinic.desk.lock();
    clinic.office.clock.set_wall(T0 + HOUR);
    let key = clinic2fa::domain::recovery::ClinicKey::parse(&clinic.clinic_key).unwrap();
    clinic.desk.recover(&key).unwrap();
    clinic.waits(STEP * 2);
    assert!(is_in(&clinic.maria_signs_in()));
}

/// Even when it was used while the clock was a year ahead, which makes every step up to then a used one.
#[test]
fn steps_used_up_by_a_recovery_in_the_future_come_back_with_a_code_from_the_sheet() {
    let mut clinic = Clinic::oak_tree();
    clinic.office.clock.set_wall(T0 + 365 * DAY);
    let key = clinic2fa::domain::recovery::ClinicKey::parse(&clinic.clinic_key).unwrap();
    clinic.desk.recover(&key).unwrap();
    clinic.office.clock.set_wall(T0 + HOUR);
    assert_eq!(clinic.maria_signs_in(), went_back());
    assert!(is_in(&clinic.maria_uses_spare(1)));
    clinic.waits(STEP * 2);
    assert!(is_in(&clinic.maria_signs_in()));
}

/// A fresh code before a change is judged by the same clock.
#[test]
fn a_clock_put_back_gives_no_fresh_code() {
    let mut clinic = Clinic::oak_tree();
    assert!(is_in(&clinic.maria_signs_in()));
    clinic.waits(Duration::from_secs(900));
    let seen = digits(&clinic.phone.code());
    let then = clinic.office.now().unix_secs;
    clinic.waits(Duration::from_secs(900));
    clinic.office.clock.set_wall(then);
    let told = clinic.desk.fresh_code(&Presented::Code(seen));
    assert_eq!(told, Err(Failure::Store(StoreError::ClockWentBack)));
}

/// C24, C101: a turned clock is in the log, once, with its direction, and whoever turned it in whichever order.
#[test]
fn c24_a_turned_clock_is_in_the_log() {
    let mut clinic = Clinic::oak_tree();
    let jumps = |clinic: &mut Clinic| -> Vec<String> {
        let filter = EntryFilter { event: Some("clock-jump".to_owned()), ..EntryFilter::default() };
        clinic.desk.entries(&filter).unwrap().into_iter().map(|entry| entry.result).collect()
    };
    assert!(is_in(&clinic.maria_signs_in()));
    clinic.waits(Duration::from_secs(1000));
    assert!(is_in(&clinic.maria_signs_in()));
    assert_eq!(jumps(&mut clinic), Vec::<String>::new(), "time that passes is no jump");
    clinic.office.clock.set_wall(T0 + DAY);
    assert!(is_in(&clinic.maria_signs_in()));
    assert_eq!(jumps(&mut clinic), ["forward"]);
    clinic.office.clock.set_wall(T0 + 2000);
    let outcome = clinic.maria_signs_in();
    assert_eq!(outcome, went_back());
    assert_eq!(jumps(&mut clinic), ["forward", "back"]);
    // Off over night, on in the morning: any time may have passed, and that is no jump.
    clinic.office.clock.reboot();
    clinic.office.clock.set_wall(T0 + 3 * DAY);
    assert!(is_in(&clinic.maria_signs_in()));
    assert_eq!(jumps(&mut clinic), ["forward", "back"]);
    assert!(matches!(clinic.desk.verify_log(), Ok(Ok(_))));
}

/// C101: the keychain's refusals are in the log, each kind once until it answers again, with the time they began.
#[test]
fn c101_what_the_keychain_refused_is_entered_when_it_answers_again() {
    let failures = [
        (KeychainError::Waiting, "keychain-waiting"),
        (KeychainError::Locked, "keychain-locked"),
        (KeychainError::Absent, "keychain-absent"),
        (KeychainError::Broken("platform"), "keychain-broken"),
    ];
    for (err, name) in failures {
        let mut clinic = Clinic::oak_tree();
        let from = clinic.log_end() + 1;
        clinic.office.keychain.is_out(Some(err));
        let began = clinic.office.now().unix_secs;
        for _ in 0..3 {
            assert_eq!(clinic.maria_signs_in(), Err(Failure::Keychain(err)));
            assert_eq!(clinic.desk.stand().err(), Some(Failure::Keychain(err)));
            clinic.waits(STEP);
        }
        // Another process enters what this one could not.
        clinic.office.keychain.is_out(None);
        let code = clinic.phone.code();
        assert!(is_in(&signs_in_at(&mut clinic.second_desk(), MARIA, PASSWORD, &code)));
        let entries = clinic.desk.entries(&EntryFilter::default()).unwrap();
        let told: Vec<_> = entries
            .iter()
            .filter(|entry| entry.number >= from)
            .map(|entry| (entry.event.as_str(), entry.result.as_str(), entry.unix_secs))
            .collect();
        let signed_in = ("sign-in", "accepted", clinic.office.now().unix_secs);
        assert_eq!(told, [("keychain-failed", name, began), signed_in]);
        assert!(matches!(clinic.desk.verify_log(), Ok(Ok(_))), "{name}");
    }
}

/// The keychain that fails between commit and raise, and the key that is gone.
#[test]
fn c101_a_lost_raise_and_a_lost_key_are_entered_too() {
    let mut clinic = Clinic::oak_tree();
    // Device key, epoch, and then the raise.
    clinic.office.tripwire.after(2, Fails::BeforeItIsDone);
    assert_eq!(clinic.maria_signs_in(), Err(Failure::Keychain(KeychainError::Locked)));
    let device = clinic.office.item("device");
    let key = clinic.office.keychain.peek(&device).unwrap();
    clinic.office.keychain.plant(&device, None);
    assert_eq!(clinic.maria_signs_in(), Err(Failure::Closed(Closed::KeyMissing)));
    clinic.office.keychain.plant(&device, Some(key));
    let from = clinic.log_end() + 1;
    clinic.waits(STEP);
    assert!(is_in(&clinic.maria_signs_in()));
    let results: Vec<String> = clinic.log_from(from).into_iter().map(|(_, result)| result).collect();
    assert_eq!(results, ["key-missing", "keychain-locked", "accepted"]);
}

/// The waiting rows are vouched for by nothing: a word that is not one of ours never reaches the log.
#[test]
fn what_somebody_else_puts_among_the_mishaps_is_dropped() {
    let mut clinic = Clinic::oak_tree();
    clinic.office.sql("INSERT INTO mishap VALUES ('=cmd()', 1), ('keychain-locked', 2)");
    let from = clinic.log_end() + 1;
    assert!(is_in(&clinic.maria_signs_in()));
    let results: Vec<String> = clinic.log_from(from).into_iter().map(|(_, result)| result).collect();
    assert_eq!(results, ["keychain-locked", "accepted"]);
    assert_eq!(clinic.office.sql_number("SELECT count(*) FROM mishap"), 0);
}

/// Somebody who tries keys at the desk of a clinic in use is in the log; what was tried is not.
#[test]
fn c101_a_wrong_clinic_recovery_key_is_in_the_log() {
    let mut clinic = Clinic::oak_tree();
    let from = clinic.log_end() + 1;
    let other = Clinic::set_up("Elm Road", "Anna Bell").clinic_key;
    let other = clinic2fa::domain::recovery::ClinicKey::parse(&other).unwrap();
    assert_eq!(clinic.desk.recover(&other), Err(Failure::WrongClinicKey));
    assert_eq!(clinic.log_from(from), [("recovered".to_owned(), "wrong-key".to_owned())]);
    assert_eq!(clinic.office.keychain_epoch(), clinic.office.file_epoch());
}
