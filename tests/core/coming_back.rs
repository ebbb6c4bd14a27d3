//! Coming back after a lock: who needs the password alone, who needs a code too, and what a lock leaves behind.

use std::time::Duration;

use clinic2fa::domain::edit::Edit;
use clinic2fa::domain::presence::{AfterLock, Leave, Why};
use clinic2fa::domain::secret::SecretText;
use clinic2fa::domain::state::Settings;
use clinic2fa::domain::verify::{FactorUsed, Presented, Verdict, WaitReason};
use clinic2fa::effects::{Failure, Managed, Purpose};
use clinic2fa::ports::{Clock as _, EntryFilter, StoreError};

use super::clinic::{Clinic, MARIA, PASSWORD, STEP, SignInOutcome, WRONG, is_in, verdict};

const CODE_NEEDED: Failure = Failure::Store(StoreError::NoDayPass);

fn comes_back(clinic: &mut Clinic, person: &str, password: &str) -> SignInOutcome {
    clinic.desk.come_back(person, &SecretText::from(password))
}

/// Signed in, then locked for that reason.
fn locked(why: Why) -> Clinic {
    let mut clinic = Clinic::oak_tree();
    assert!(is_in(&clinic.maria_signs_in()));
    clinic.desk.lock_because(why);
    clinic
}

fn needs_code(clinic: &mut Clinic) {
    let outcome = comes_back(clinic, MARIA, PASSWORD);
    assert_eq!(outcome.err(), Some(CODE_NEEDED));
}

#[test]
fn within_the_hour_the_password_is_enough_and_after_it_a_code_is_needed() {
    let mut clinic = locked(Why::Asked);
    clinic.waits(Duration::from_secs(3599));
    let told = verdict(comes_back(&mut clinic, MARIA, PASSWORD));
    assert!(matches!(told, Verdict::Accepted { by: FactorUsed::AfterLock, .. }), "{told:?}");
    clinic.desk.lock();
    clinic.waits(Duration::from_secs(3600));
    needs_code(&mut clinic);
    assert!(is_in(&clinic.maria_signs_in()), "with a code it goes on");
}

#[test]
fn every_reason_to_lock_leaves_the_way_back_that_it_should() {
    for why in [Why::Asked, Why::Idle, Why::SystemLocked, Why::SwitchedAway, Why::RemoteGone, Why::ProgramEnded] {
        assert!(is_in(&comes_back(&mut locked(why), MARIA, PASSWORD)), "{why:?}");
    }
    for why in [Why::Sleep, Why::ClockJumped, Why::TooLong] {
        needs_code(&mut locked(why));
    }
}

#[test]
fn c60_a_sleep_in_between_needs_a_code_whoever_noticed_it() {
    let mut clinic = locked(Why::Idle);
    clinic.office.clock.sleep(Duration::from_secs(600));
    needs_code(&mut clinic);
    // Also one that nobody noticed before the lock.
    let mut clinic = Clinic::oak_tree();
    assert!(is_in(&clinic.maria_signs_in()));
    clinic.office.clock.sleep(Duration::from_secs(600));
    clinic.desk.lock();
    needs_code(&mut clinic);
    // And one that is announced while the desk is locked already.
    let mut clinic = locked(Why::Idle);
    clinic.desk.lock_because(Why::Sleep);
    needs_code(&mut clinic);
}

#[test]
fn c60_a_wall_clock_put_back_keeps_no_way_back_open() {
    let mut clinic = locked(Why::Idle);
    let now = clinic.office.clock.now().unix_secs;
    clinic.waits(Duration::from_secs(3600));
    clinic.office.clock.set_wall(now);
    needs_code(&mut clinic);
}

#[test]
fn another_run_of_the_program_or_of_the_computer_needs_a_code() {
    let mut clinic = locked(Why::Asked);
    clinic.restart();
    needs_code(&mut clinic);
    let mut clinic = locked(Why::Asked);
    clinic.office.clock.reboot();
    needs_code(&mut clinic);
}

#[test]
fn returns_do_not_lengthen_the_half_day() {
    let mut clinic = Clinic::oak_tree();
    assert!(is_in(&clinic.maria_signs_in()));
    for _ in 0..23 {
        clinic.waits(Duration::from_secs(1800));
        clinic.desk.lock();
        assert!(is_in(&comes_back(&mut clinic, MARIA, PASSWORD)));
    }
    clinic.desk.lock();
    clinic.waits(Duration::from_secs(1799));
    assert!(is_in(&comes_back(&mut clinic, MARIA, PASSWORD)), "a second before");
    clinic.desk.lock();
    clinic.waits(Duration::from_secs(1));
    needs_code(&mut clinic);
}

/// For the manager who chose it, too, in the session that it was chosen in.
#[test]
fn a_shorter_time_holds_at_once() {
    let mut clinic = Clinic::oak_tree();
    assert!(is_in(&clinic.maria_signs_in()));
    clinic.waits(STEP);
    clinic.maria_gives_fresh_code().unwrap();
    let settings = Settings { full_sign_in_hours: 1, ..Settings::default() };
    clinic.desk.managed(Managed::Settings(Edit::whole(settings))).unwrap();
    clinic.waits(Duration::from_mins(55));
    clinic.desk.lock();
    clinic.waits(Duration::from_mins(6));
    needs_code(&mut clinic);
}

/// As long as the clinic chose.
#[test]
fn a_clinic_chooses_for_how_long_password_and_code_last() {
    for (hours, kept) in [(2, 2), (24, 24), (0, 1), (99, 24)] {
        let mut clinic = Clinic::oak_tree();
        assert!(is_in(&clinic.maria_signs_in()));
        clinic.waits(STEP);
        clinic.maria_gives_fresh_code().unwrap();
        let settings = Settings { full_sign_in_hours: hours, ..Settings::default() };
        clinic.desk.managed(Managed::Settings(Edit::whole(settings))).unwrap();
        for _ in 0..2 * kept - 1 {
            clinic.waits(Duration::from_mins(30));
            clinic.desk.lock();
            assert!(is_in(&comes_back(&mut clinic, MARIA, PASSWORD)), "{hours}");
        }
        clinic.desk.lock();
        clinic.waits(Duration::from_mins(30));
        needs_code(&mut clinic);
        // And from the next sign-in on it is the stored one.
        assert!(is_in(&clinic.maria_signs_in()));
        clinic.desk.lock();
        clinic.waits(Duration::from_mins(30));
        assert!(is_in(&comes_back(&mut clinic, MARIA, PASSWORD)));
    }
}

#[test]
fn a_wrong_password_counts_as_always_and_keeps_the_way_back() {
    let mut clinic = locked(Why::Asked);
    assert_eq!(verdict(comes_back(&mut clinic, MARIA, WRONG)), Verdict::WrongPassword { wait: None });
    assert_eq!(verdict(comes_back(&mut clinic, MARIA, WRONG)), Verdict::WrongPassword { wait: None });
    let third = verdict(comes_back(&mut clinic, MARIA, WRONG));
    assert_eq!(third, Verdict::WrongPassword { wait: Some(Duration::from_secs(15)) });
    let held = verdict(comes_back(&mut clinic, MARIA, PASSWORD));
    assert!(matches!(held, Verdict::Wait { reason: WaitReason::Passwords, .. }), "{held:?}");
    clinic.waits(Duration::from_secs(15));
    assert!(is_in(&comes_back(&mut clinic, MARIA, PASSWORD)));
}

#[test]
fn wrong_codes_at_the_locked_desk_are_not_forgiven_by_a_password() {
    let mut clinic = locked(Why::Asked);
    clinic.wrong_codes(3);
    assert!(is_in(&comes_back(&mut clinic, MARIA, PASSWORD)));
    assert_eq!(clinic.person_number("code_failures"), 3);
    clinic.desk.lock();
    clinic.wrong_codes(7);
    let held = verdict(comes_back(&mut clinic, MARIA, PASSWORD));
    assert!(matches!(held, Verdict::Wait { reason: WaitReason::Codes, .. }), "{held:?}");
}

#[test]
fn nobody_else_comes_back_and_a_leave_from_outside_is_none() {
    let mut clinic = locked(Why::Asked);
    assert_eq!(comes_back(&mut clinic, "bashdown", PASSWORD).err(), Some(CODE_NEEDED));
    let boot = clinic.office.clock.now().boot;
    let leave = Leave::after_lock(MARIA, &boot, Duration::from_hours(12), &boot).unwrap();
    let mut other = clinic.second_desk();
    let forged = Presented::AfterLock(leave);
    let outcome = other.sign_in(MARIA, &SecretText::from(PASSWORD), &forged, Purpose::Work);
    assert_eq!(outcome.err(), Some(CODE_NEEDED));
}

#[test]
fn a_set_up_or_a_change_by_command_line_leaves_no_way_back() {
    let mut clinic = Clinic::oak_tree();
    let code = super::clinic::digits(&clinic.phone.code());
    clinic.desk.sign_in(MARIA, &SecretText::from(PASSWORD), &Presented::Code(code), Purpose::Change).unwrap();
    clinic.desk.lock();
    needs_code(&mut clinic);
}

#[test]
fn where_the_clinic_wants_it_a_code_is_always_needed() {
    let mut clinic = Clinic::oak_tree();
    assert!(is_in(&clinic.maria_signs_in()));
    clinic.waits(Duration::from_secs(30));
    clinic.maria_gives_fresh_code().unwrap();
    let before = clinic.desk.look().unwrap().unwrap().settings;
    let settings = Settings { after_lock: AfterLock::PasswordAndCode, ..before };
    clinic.desk.managed(Managed::Settings(Edit::whole(settings))).unwrap();
    clinic.desk.lock();
    needs_code(&mut clinic);
}

#[test]
fn the_log_says_why_it_was_locked_and_how_somebody_came_back() {
    let mut clinic = locked(Why::Idle);
    let from = clinic.log_end();
    assert!(is_in(&comes_back(&mut clinic, MARIA, PASSWORD)));
    let entries = clinic.desk.entries(&EntryFilter::default()).unwrap();
    let told: Vec<_> = entries
        .iter()
        .filter(|entry| entry.number >= from)
        .map(|entry| (entry.event.as_str(), entry.factor.as_str(), entry.result.as_str()))
        .collect();
    assert_eq!(told, [("locked", "", "idle"), ("sign-in", "after-lock", "accepted")]);
}

/// Every lock wipes every key: nothing can be done with what the desk still remembers.
#[test]
fn after_a_lock_the_desk_can_do_nothing_for_whoever_was_there() {
    let mut clinic = locked(Why::Asked);
    let code = super::clinic::digits(&clinic.phone.code_in(30));
    assert_eq!(clinic.desk.fresh_code(&Presented::Code(code)), Err(Failure::NotSignedIn));
    assert!(matches!(clinic.desk.new_codes(), Err(Failure::NotSignedIn)));
}
