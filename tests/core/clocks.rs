//! Clocks that are off, turned, or started again: the doctor names it, waits neither end early nor last for ever, and
//! nothing panics in any year.

use std::time::Duration;

use clinic2fa::domain::verify::{Consequence, FirstCode, Verdict, WaitReason};
use clinic2fa::effects::Failure;
use clinic2fa::ports::Clock;

use super::clinic::{
    Clinic, LOCK, MARIA, Office, PASSWORD, Phone, STEP, T0, WRONG, accepted_by_phone, digits, is_in, new_setup, verdict,
};

const DAY: i64 = 24 * 3600;

fn wrong(clock_off_secs: Option<i64>) -> Verdict {
    Verdict::WrongCode { clock_off_secs, then: Consequence::None, recovery_left: 10 }
}

/// C20: the doctor names a clock that two different codes agree on, with its size; accepts nothing, widens nothing.
#[test]
fn c20_two_codes_at_one_offset_name_the_clock() {
    // The phone is ahead by so much, so this computer's clock is slow by as much.
    for (ahead, told) in [
        (180, -180),
        (-180, 180),
        (3600, -3600),
        (-3600, 3600),
        (60, -60),
        (-90, 90),
        (7 * 3600, -7 * 3600),
        (23 * 3600 + 1800, -(23 * 3600 + 1800)),
        (-(23 * 3600 + 1800), 23 * 3600 + 1800),
    ] {
        let mut clinic = Clinic::oak_tree();
        let from = clinic.log_end() + 1;
        clinic.phone.is_ahead_by(ahead);
        assert_eq!(verdict(clinic.maria_signs_in()), wrong(None), "{ahead}: one match is an ordinary wrong code");
        clinic.waits(STEP);
        assert_eq!(verdict(clinic.maria_signs_in()), wrong(Some(told)), "{ahead}");
        clinic.waits(STEP);
        assert_eq!(verdict(clinic.maria_signs_in()), wrong(Some(told)), "{ahead}: never accepted");
        let results: Vec<String> = clinic.log_from(from).into_iter().map(|(_, result)| result).collect();
        assert_eq!(results, ["wrong-code", "wrong-code-clock-off", "wrong-code-clock-off"]);
        // The clock put right, the phone is.
        clinic.phone.is_ahead_by(0);
        clinic.waits(STEP);
        assert_eq!(verdict(clinic.maria_signs_in()), accepted_by_phone(10), "{ahead}");
    }
}

#[test]
fn c20_the_doctor_is_silent_without_two_different_codes_that_agree() {
    let mut clinic = Clinic::oak_tree();
    clinic.phone.is_ahead_by(1800);
    let code = clinic.phone.code();
    for _ in 0..3 {
        assert_eq!(verdict(clinic.signs_in(MARIA, PASSWORD, &code)), wrong(None), "the same code again is one code");
    }
    // Two codes at different offsets: a phone whose entry is another clinic's, say.
    let mut clinic = Clinic::oak_tree();
    for ahead in [1800, 3000, 4800] {
        clinic.phone.is_ahead_by(ahead);
        clinic.waits(STEP);
        assert_eq!(verdict(clinic.maria_signs_in()), wrong(None), "{ahead}");
    }
    // A code that belongs nowhere between two that agree: in succession means in succession.
    let mut clinic = Clinic::oak_tree();
    clinic.phone.is_ahead_by(1800);
    assert_eq!(verdict(clinic.maria_signs_in()), wrong(None));
    clinic.waits(STEP);
    let nowhere = clinic.phone.wrong_code(0);
    assert_eq!(verdict(clinic.signs_in(MARIA, PASSWORD, &nowhere)), wrong(None));
    clinic.waits(STEP);
    assert_eq!(verdict(clinic.maria_signs_in()), wrong(None));
    // Beyond a day nothing is looked for.
    let mut clinic = Clinic::oak_tree();
    clinic.phone.is_ahead_by(2 * DAY);
    for _ in 0..3 {
        assert_eq!(verdict(clinic.maria_signs_in()), wrong(None));
        clinic.waits(STEP);
    }
    // And with a wrong password it says nothing at all.
    let mut clinic = Clinic::oak_tree();
    clinic.phone.is_ahead_by(180);
    for _ in 0..2 {
        let code = clinic.phone.code();
        let told = verdict(clinic.signs_in(MARIA, WRONG, &code));
        assert_eq!(told, Verdict::WrongPassword { wait: None });
        clinic.waits(STEP);
    }
    assert_eq!(clinic.office.sql_number("SELECT length(suspects) FROM factor"), 2, "an empty list");
}

/// C20 while the phone is being linked: the same doctor.
#[test]
fn c20_the_doctor_helps_at_set_up_too() {
    let office = Office::new();
    let mut desk = office.desk();
    let offer = desk.begin_setup(&new_setup("Oak Tree Surgery", "Maria Santos")).unwrap();
    let phone = Phone::scans(&offer, &office.clock);
    phone.is_ahead_by(3600);
    for told in [None, Some(-3600), Some(-3600)] {
        let outcome = desk.first_code(&digits(&phone.code()));
        assert_eq!(outcome, Ok(FirstCode::Wrong { clock_off_secs: told }));
        office.clock.advance(STEP);
    }
}

/// C20: the table of the field report, through the whole program.
#[test]
fn c20_the_window_is_one_step_either_way() {
    let table = include_str!("vectors/clock_offsets.tsv");
    let mut rows = 0;
    for line in table.lines().skip(1) {
        let [_, _, offset, accept] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let mut clinic = Clinic::oak_tree();
        // The phone at T + 15, whose clock is right; this computer's is off.
        clinic.office.clock.set_wall(T0 + 3600 + 15);
        let code = clinic.phone.code();
        clinic.office.clock.set_wall(T0 + 3600 + 15 + offset.parse::<i64>().unwrap());
        let told = clinic.signs_in(MARIA, PASSWORD, &code);
        assert_eq!(is_in(&told), accept == "yes", "{line}: {told:?}");
        rows += 1;
    }
    assert_eq!(rows, 16);
}

/// C22: clocks of every year. The program stands and judges; it neither panics nor takes itself for new.
#[test]
fn c22_no_clock_breaks_anything() {
    for wall in [i64::MIN, -3600, -1, 0, 29, 978_307_200, 2_147_483_647, 2_147_483_648, 20_000_000_000, i64::MAX - 60] {
        let mut clinic = Clinic::oak_tree();
        clinic.office.clock.set_wall(wall);
        assert!(clinic.desk.stand().is_ok(), "{wall}");
        let told = clinic.maria_signs_in();
        // Later than set-up the phone's code is right; a clock that shows a time before this program was made is told
        // as that, not as a wrong code, and nothing is counted or used up.
        assert_eq!(is_in(&told), wall > T0, "{wall}: {told:?}");
        let spare = clinic.maria_uses_spare(1);
        if wall < T0 {
            let impossible = Err(Failure::ClockImpossible);
            assert_eq!((told, spare), (impossible.clone(), impossible), "{wall}");
            assert_eq!(clinic.person_number("code_failures"), 0, "{wall}");
        } else {
            assert!(is_in(&spare), "{wall}");
        }
        assert!(matches!(clinic.desk.verify_log(), Ok(Ok(_))), "{wall}");
        clinic.desk.lock();
        // And back to the present it works as before.
        clinic.office.clock.set_wall(T0 + 600);
        if wall < T0 {
            assert!(is_in(&clinic.maria_signs_in()), "{wall}");
        }
    }
    // A first set-up as well.
    for wall in [i64::MIN, -1, 0, 20_000_000_000, i64::MAX - 60] {
        let office = Office::new();
        office.clock.set_wall(wall);
        assert!(office.desk().begin_setup(&new_setup("Oak Tree Surgery", "Maria Santos")).is_ok(), "{wall}");
    }
}

/// C24: what a locked person is told, on which clock.
fn left_of_lock(clinic: &mut Clinic) -> Duration {
    match verdict(clinic.maria_signs_in()) {
        Verdict::Wait { left, reason: WaitReason::Codes } => left,
        other => panic!("{other:?}"),
    }
}

#[test]
fn c24_a_clock_put_forward_ends_no_lock() {
    let mut clinic = Clinic::oak_tree();
    clinic.wrong_codes(10);
    clinic.office.clock.set_wall(T0 + DAY);
    assert_eq!(left_of_lock(&mut clinic), LOCK);
    clinic.waits(LOCK - STEP);
    assert_eq!(left_of_lock(&mut clinic), STEP);
    clinic.waits(STEP);
    assert!(is_in(&clinic.maria_signs_in()));
}

#[test]
fn c24_a_clock_put_back_prolongs_no_lock() {
    let mut clinic = Clinic::oak_tree();
    clinic.waits(Duration::from_hours(48));
    clinic.wrong_codes(10);
    clinic.waits(LOCK - STEP);
    let now = clinic.office.clock.now().unix_secs;
    clinic.office.clock.set_wall(now - DAY);
    assert_eq!(left_of_lock(&mut clinic), STEP);
    clinic.waits(STEP);
    assert!(is_in(&clinic.maria_signs_in()), "the phone follows this computer's clock here");
}

#[test]
fn c24_a_restart_of_the_program_changes_no_lock() {
    let mut clinic = Clinic::oak_tree();
    clinic.wrong_codes(10);
    clinic.waits(STEP);
    clinic.restart();
    clinic.office.clock.set_wall(T0 + DAY);
    assert_eq!(left_of_lock(&mut clinic), LOCK - STEP);
}

#[test]
fn c24_a_restart_of_the_computer_starts_the_remainder_again_at_most() {
    for named in [true, false] {
        let mut clinic = Clinic::oak_tree();
        if !named {
            // Windows and macOS do not name one run of the computer.
            clinic.office.clock.forget_boot_id();
        }
        clinic.wrong_codes(10);
        clinic.waits(Duration::from_secs(600));
        clinic.office.clock.reboot();
        if !named {
            clinic.office.clock.forget_boot_id();
        }
        clinic.restart();
        assert_eq!(left_of_lock(&mut clinic), LOCK, "{named}");
        clinic.waits(LOCK - STEP);
        assert_eq!(left_of_lock(&mut clinic), STEP, "{named}");
        clinic.waits(STEP);
        assert!(is_in(&clinic.maria_signs_in()), "{named}");
    }
}

/// In another run of the computer that has a name, all of its time has passed since: a lock is over when it is over.
#[test]
fn c24_a_restart_overnight_ends_a_lock() {
    let mut clinic = Clinic::oak_tree();
    clinic.wrong_codes(10);
    let started = clinic.office.now().boot.since_start;
    clinic.office.clock.reboot();
    clinic.waits(started + STEP);
    assert!(is_in(&clinic.maria_signs_in()));
}

/// Rebooting again and again must not wear a lock down either: only time that has surely passed counts.
#[test]
fn c24_many_restarts_end_no_lock() {
    let mut clinic = Clinic::oak_tree();
    clinic.wrong_codes(10);
    for _ in 0..20 {
        clinic.office.clock.reboot();
        clinic.waits(Duration::from_secs(60));
        assert!(left_of_lock(&mut clinic) >= Duration::from_secs(60));
    }
}

/// C25: what is stored is UTC; whoever looks, from wherever, sees the same.
#[test]
fn c25_times_are_utc_in_the_log() {
    let mut clinic = Clinic::oak_tree();
    clinic.maria_signs_in().unwrap();
    let newest = clinic2fa::ports::EntryFilter { limit: Some(1), ..clinic2fa::ports::EntryFilter::default() };
    let entries = clinic.desk.entries(&newest).unwrap();
    assert_eq!(entries[0].unix_secs, T0 + 30);
}

#[test]
fn waits_for_passwords_run_on_the_same_clock() {
    let mut clinic = Clinic::oak_tree();
    for _ in 0..3 {
        let code = clinic.phone.code();
        verdict(clinic.signs_in(MARIA, WRONG, &code));
    }
    clinic.office.clock.set_wall(T0 + DAY);
    let told = verdict(clinic.maria_signs_in());
    assert_eq!(told, Verdict::Wait { left: Duration::from_secs(15), reason: WaitReason::Passwords });
    let look = clinic.desk.look().unwrap().unwrap();
    assert_eq!(look.people[0].wait, Some(Duration::from_secs(15)), "the tile says the same");
}
