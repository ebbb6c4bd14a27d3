//! The sheet: each code once, in any order, on any desk; and what one is good for.

use std::time::Duration;

use clinic2fa::domain::recovery::RecoveryCode;
use clinic2fa::domain::secret::SecretText;
use clinic2fa::domain::state::Joins;
use clinic2fa::domain::verify::{FactorUsed, Presented, Verdict};
use clinic2fa::effects::{Failure, Purpose};
use clinic2fa::ports::StoreError;

use super::clinic::{Clinic, MARIA, PASSWORD, STEP, T0, accepted_by_phone, is_in, recovers_at, verdict};

fn accepted(recovery_left: u8) -> Verdict {
    Verdict::Accepted { by: FactorUsed::Recovery, recovery_left, new_password_due: false }
}

#[test]
fn c70_codes_work_in_any_order() {
    let mut clinic = Clinic::oak_tree();
    for (left, number) in (0..10).rev().zip([7, 1, 10, 2, 9, 3, 8, 4, 6, 5]) {
        assert_eq!(verdict(clinic.maria_uses_spare(number)), accepted(left), "{number}");
    }
    for number in 1..=10 {
        assert_eq!(verdict(clinic.maria_uses_spare(number)), Verdict::RecoveryUsed { recovery_left: 0 });
    }
    clinic.waits(STEP);
    assert_eq!(verdict(clinic.maria_signs_in()), accepted_by_phone(0), "the phone goes on working");
}

#[test]
fn c67_a_code_works_once_here_after_a_restart_and_elsewhere() {
    let mut clinic = Clinic::oak_tree();
    assert_eq!(verdict(clinic.maria_uses_spare(1)), accepted(9));
    let used = Verdict::RecoveryUsed { recovery_left: 9 };
    assert_eq!(verdict(clinic.maria_uses_spare(1)), used);
    let spare = clinic.spare(1);
    assert_eq!(verdict(recovers_at(&mut clinic.second_desk(), MARIA, PASSWORD, &spare)), used);
    clinic.restart();
    assert_eq!(verdict(clinic.maria_uses_spare(1)), used);
    assert_eq!(clinic.person_number("password_failures"), 0, "used is not wrong");
}

#[test]
fn c88_a_desk_that_has_not_looked_for_a_while_brings_no_code_back() {
    let mut clinic = Clinic::oak_tree();
    let mut second = clinic.second_desk();
    second.stand().unwrap();
    assert_eq!(verdict(clinic.maria_uses_spare(1)), accepted(9));
    let (a, b) = (clinic.spare(1), clinic.spare(2));
    assert_eq!(verdict(recovers_at(&mut second, MARIA, PASSWORD, &b)), accepted(8));
    let third = verdict(recovers_at(&mut clinic.desk, MARIA, PASSWORD, &a));
    assert_eq!(third, Verdict::RecoveryUsed { recovery_left: 8 });
}

#[test]
fn one_code_on_ten_desks_lets_one_in() {
    let clinic = Clinic::oak_tree();
    let (office, spare) = (&clinic.office, clinic.spare(5));
    let won = std::thread::scope(|scope| {
        let desks: Vec<_> =
            (0..10).map(|_| scope.spawn(|| is_in(&recovers_at(&mut office.desk(), MARIA, PASSWORD, &spare)))).collect();
        desks.into_iter().map(|desk| u32::from(desk.join().unwrap())).sum::<u32>()
    });
    assert_eq!(won, 1);
}

/// C31: good phone codes are tried against nothing else, so nothing else is worn out by them.
#[test]
fn c31_good_codes_wear_nothing_out() {
    let mut clinic = Clinic::oak_tree();
    for _ in 0..25 {
        assert_eq!(verdict(clinic.maria_signs_in()), accepted_by_phone(10));
        let counters = "password_failures + code_failures + (wait IS NOT NULL) + (lock IS NOT NULL)";
        assert_eq!(clinic.person_number(counters), 0);
        clinic.waits(STEP);
    }
    assert_eq!(verdict(clinic.maria_uses_spare(1)), accepted(9));
    assert_eq!(clinic.office.sql_number("SELECT length(wrong_codes) FROM person"), 2, "an empty list");
}

type Spelling = fn(&str) -> String;

/// C72: as it stands on paper, or as people type it.
#[test]
fn c72_codes_are_read_as_people_copy_them() {
    let mut clinic = Clinic::oak_tree();
    let spelled: [(usize, Spelling); 5] = [
        (1, |code| code.to_lowercase()),
        (2, |code| code.replace('-', "")),
        (3, |code| code.replace('-', " ")),
        (4, |code| format!(" {code}\r\n")),
        (5, |code| code.replace('0', "O").replace('1', "l")),
    ];
    for (number, spell) in spelled {
        let typed = spell(&clinic.spare(number));
        assert!(is_in(&recovers_at(&mut clinic.desk, MARIA, PASSWORD, &typed)), "{number}");
    }
}

#[test]
fn a_wrong_recovery_code_is_as_slow_as_a_wrong_password() {
    let mut clinic = Clinic::oak_tree();
    // A near miss is a miss like any other.
    let mut near = clinic.spare(1);
    let last = if near.ends_with('0') { "1" } else { "0" };
    near.replace_range(near.len() - 1.., last);
    for wait in [None, None, Some(15), Some(20)] {
        let told = verdict(recovers_at(&mut clinic.desk, MARIA, PASSWORD, &near));
        assert_eq!(told, Verdict::WrongRecovery { wait: wait.map(Duration::from_secs), recovery_left: 10 });
        clinic.waits(Duration::from_secs(wait.unwrap_or(0)));
    }
    assert_eq!(clinic.person_number("code_failures"), 0);
}

#[test]
fn a_sheet_is_one_persons() {
    let (mut one, other) = (Clinic::oak_tree(), Clinic::set_up("Oak Tree Surgery", "Maria Santos"));
    let told = verdict(recovers_at(&mut one.desk, MARIA, PASSWORD, &other.spare(1)));
    assert_eq!(told, Verdict::WrongRecovery { wait: None, recovery_left: 10 });
}

/// A recovery code lets its person work this day on this computer without the phone; and only that.
#[test]
fn the_day_without_a_phone_ends_at_midnight() {
    let midnight = T0 + 15 * 3600;
    let day_pass = Verdict::Accepted { by: FactorUsed::DayPass, recovery_left: 9, new_password_due: false };
    let ended: Failure = StoreError::NoDayPass.into();
    let mut clinic = Clinic::oak_tree();
    assert_eq!(clinic.maria_uses_day_pass().map(|_| ()), Err(ended.clone()), "nothing was given yet");
    assert!(is_in(&clinic.maria_uses_spare(1)));
    assert!(clinic.desk.look().unwrap().unwrap().people[0].day_pass);
    assert_eq!(verdict(clinic.maria_uses_day_pass()), day_pass);
    clinic.restart();
    clinic.office.clock.reboot();
    assert_eq!(verdict(clinic.maria_uses_day_pass()), day_pass, "a restart of the computer does not end it");
    let wrong = clinic.desk.sign_in(MARIA, &SecretText::from(super::clinic::WRONG), &Presented::DayPass, Purpose::Work);
    assert_eq!(verdict(wrong), Verdict::WrongPassword { wait: None }, "the password is asked for");
    // Not as a fresh code before a change.
    assert_eq!(verdict(clinic.maria_uses_day_pass()), day_pass);
    assert_eq!(clinic.desk.fresh_code(&Presented::DayPass), Err(ended.clone()));
    let left = u64::try_from(midnight - clinic.office.now().unix_secs).unwrap();
    clinic.waits(Duration::from_secs(left - 1));
    assert_eq!(verdict(clinic.maria_uses_day_pass()), day_pass, "23:59:59");
    clinic.waits(Duration::from_secs(1));
    assert_eq!(clinic.maria_uses_day_pass().map(|_| ()), Err(ended.clone()), "00:00:00");
    assert!(!clinic.desk.look().unwrap().unwrap().people[0].day_pass);
    // Nor with the clock put back into the day, or before it.
    for back in [midnight - 3600, T0 + 60, T0 - 3600] {
        clinic.office.clock.set_wall(back);
        assert_eq!(clinic.maria_uses_day_pass().map(|_| ()), Err(ended.clone()), "{back}");
    }
}

#[test]
fn the_day_without_a_phone_does_not_end_a_lock() {
    let mut clinic = Clinic::oak_tree();
    assert!(is_in(&clinic.maria_uses_spare(1)));
    clinic.wrong_codes(10);
    assert!(matches!(verdict(clinic.maria_uses_day_pass()), Verdict::Wait { .. }));
    assert!(is_in(&clinic.maria_uses_spare(2)));
    assert!(is_in(&clinic.maria_uses_day_pass()));
}

/// Somebody without a phone proves a change from paper: otherwise a lost phone could never be replaced.
#[test]
fn a_recovery_code_is_a_fresh_code_too() {
    let mut clinic = Clinic::oak_tree();
    assert!(is_in(&clinic.maria_uses_spare(1)));
    assert_eq!(
        clinic.desk.begin_phone("", Joins::InTheirPlace).map(|_| ()),
        Err(Failure::NotSignedIn),
        "not the one she signed in with"
    );
    let second = RecoveryCode::parse(&clinic.spare(2)).unwrap();
    assert_eq!(clinic.desk.fresh_code(&Presented::Recovery(second)), Ok(accepted(8)));
    assert!(clinic.desk.begin_phone("", Joins::InTheirPlace).is_ok());
}
