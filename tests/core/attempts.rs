//! The rules of an attempt: judge, commit, raise, then speak; one code once; waits and locks; what is told.

use std::time::Duration;

use clinic2fa::domain::secret::{Secret, SecretText};
use clinic2fa::domain::verify::{Consequence, Presented, Verdict, WaitReason};
use clinic2fa::effects::{Closed, Failure, Purpose, Standing};
use clinic2fa::ports::StoreError;

use super::clinic::{
    Clinic, LOCK, MARIA, PASSWORD, STEP, T0, WRONG, accepted_by_phone, digits, is_in, signs_in_at, verdict,
};

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

fn locked(left: Duration) -> Verdict {
    Verdict::Wait { left, reason: WaitReason::Codes }
}

#[test]
fn c26_c28_a_code_signs_in_once() {
    let mut clinic = Clinic::oak_tree();
    let minute = T0 + 300;
    clinic.office.clock.set_wall(minute + 5);
    let (code, before, after) = (clinic.phone.code(), clinic.phone.code_in(-30), clinic.phone.code_in(30));
    assert_eq!(verdict(clinic.signs_in(MARIA, PASSWORD, &code)), accepted_by_phone(10));
    for (at, typed) in [(10, &code), (12, &before), (29, &code), (31, &code), (40, &code), (59, &code)] {
        clinic.office.clock.set_wall(minute + at);
        let told = verdict(clinic.signs_in(MARIA, PASSWORD, typed));
        let next_in = secs(30 - u64::try_from(at).unwrap() % 30);
        assert_eq!(told, Verdict::Used { next_in, recovery_left: 10 }, "{at}");
    }
    assert_eq!(clinic.person_number("code_failures"), 0, "none of them is a wrong code");
    clinic.office.clock.set_wall(minute + 40);
    assert_eq!(verdict(clinic.signs_in(MARIA, PASSWORD, &after)), accepted_by_phone(10));
}

/// C28: the mark is the step that matched, not the step of the PC's clock.
#[test]
fn c28_the_mark_is_the_phones_step() {
    for ahead in [-30_i64, -15, 15, 30] {
        let mut clinic = Clinic::oak_tree();
        clinic.waits(secs(300));
        clinic.phone.is_ahead_by(ahead);
        let code = clinic.phone.code();
        assert!(is_in(&clinic.maria_signs_in()), "{ahead}");
        for _ in 0..4 {
            clinic.waits(secs(7));
            let again = verdict(clinic.signs_in(MARIA, PASSWORD, &code));
            assert!(!matches!(again, Verdict::Accepted { .. }), "{ahead}: {again:?}");
        }
        clinic.waits(secs(2));
        assert!(is_in(&clinic.maria_signs_in()), "{ahead}: the next code is good");
    }
}

#[test]
fn c29_a_restart_and_a_second_desk_know_the_used_code() {
    let mut clinic = Clinic::oak_tree();
    let code = clinic.phone.code();
    assert!(is_in(&clinic.maria_signs_in()));
    let mut second = clinic.second_desk();
    clinic.restart();
    for desk in [&mut clinic.desk, &mut second] {
        assert!(matches!(verdict(signs_in_at(desk, MARIA, PASSWORD, &code)), Verdict::Used { .. }));
    }
}

#[test]
fn twenty_desks_with_one_code_exactly_one_wins() {
    let mut clinic = Clinic::oak_tree();
    let code = clinic.phone.code();
    let outcomes: Vec<Verdict> = std::thread::scope(|scope| {
        let desks: Vec<_> = (0..20)
            .map(|_| {
                let (office, code) = (clinic.office.clone(), code.clone());
                scope.spawn(move || verdict(signs_in_at(&mut office.desk(), MARIA, PASSWORD, &code)))
            })
            .collect();
        desks.into_iter().map(|desk| desk.join().unwrap()).collect()
    });
    let won = outcomes.iter().filter(|verdict| matches!(verdict, Verdict::Accepted { .. })).count();
    let used = outcomes.iter().filter(|verdict| matches!(verdict, Verdict::Used { .. })).count();
    assert_eq!((won, used), (1, 19), "{outcomes:?}");
    assert_eq!(clinic.office.keychain_epoch(), clinic.office.file_epoch());
    assert!(matches!(clinic.desk.verify_log(), Ok(Ok(_))));
}

#[test]
fn c90_fifty_parallel_wrong_codes_are_counted_exactly() {
    let mut clinic = Clinic::oak_tree();
    let from = clinic.log_end() + 1;
    let outcomes: Vec<Verdict> = std::thread::scope(|scope| {
        let desks: Vec<_> = (0..50)
            .map(|n| {
                let (office, code) = (clinic.office.clone(), clinic.phone.wrong_code(n));
                scope.spawn(move || verdict(signs_in_at(&mut office.desk(), MARIA, PASSWORD, &code)))
            })
            .collect();
        desks.into_iter().map(|desk| desk.join().unwrap()).collect()
    });
    let count = |wanted: fn(&Verdict) -> bool| outcomes.iter().filter(|verdict| wanted(verdict)).count();
    assert_eq!(count(|v| matches!(v, Verdict::WrongCode { then: Consequence::None, .. })), 9, "{outcomes:?}");
    assert_eq!(count(|v| matches!(v, Verdict::WrongCode { then: Consequence::Locked(_), .. })), 1, "{outcomes:?}");
    assert_eq!(count(|v| matches!(v, Verdict::Wait { reason: WaitReason::Codes, .. })), 40, "{outcomes:?}");
    assert_eq!(clinic.person_number("code_failures"), 10);
    let log = clinic.log_from(from);
    let result = |wanted: &str| log.iter().filter(|(event, result)| event == "sign-in" && result == wanted).count();
    assert_eq!((result("wrong-code"), result("wrong-code-locked"), result("must-wait"), log.len()), (9, 1, 40, 50));
    let whole = clinic.log_end();
    assert_eq!(clinic.desk.verify_log(), Ok(Ok(whole)));
}

/// C89: another program holds the write lock: everybody waits or is told "busy", nobody "wrong code".
#[test]
fn c89_a_held_write_lock_is_busy_and_counts_nothing() {
    let mut clinic = Clinic::oak_tree();
    let other = rusqlite::Connection::open(clinic.office.database()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let code = clinic.phone.code();
    assert_eq!(clinic.signs_in(MARIA, PASSWORD, &code), Err(StoreError::Busy.into()));
    other.execute_batch("ROLLBACK").unwrap();
    assert!(is_in(&clinic.signs_in(MARIA, PASSWORD, &code)), "the code was not used up");
    let check: String = other.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
}

#[test]
fn a_desk_that_does_not_get_its_turn_is_busy() {
    let mut clinic = Clinic::oak_tree();
    let held = clinic.office.place.lock(secs(1)).unwrap();
    clinic.office.turn_limit = Duration::ZERO;
    clinic.restart();
    let code = clinic.phone.code();
    assert_eq!(clinic.signs_in(MARIA, PASSWORD, &code), Err(StoreError::Busy.into()));
    drop(held);
    assert!(is_in(&clinic.signs_in(MARIA, PASSWORD, &code)));
}

#[test]
fn wrong_passwords_cause_waits_and_nothing_else() {
    let mut clinic = Clinic::oak_tree();
    // The code beside a wrong password is neither checked nor used up.
    let mut waited = 0;
    for (failure, wait) in [(1, None), (2, None), (3, Some(15)), (4, Some(20)), (5, Some(25)), (6, Some(30))] {
        let code = clinic.phone.code();
        let told = verdict(clinic.signs_in(MARIA, WRONG, &code));
        assert_eq!(told, Verdict::WrongPassword { wait: wait.map(secs) }, "{failure}");
        let Some(wait) = wait else { continue };
        let right = clinic.phone.code();
        let early = verdict(clinic.signs_in(MARIA, PASSWORD, &right));
        assert_eq!(early, Verdict::Wait { left: secs(wait), reason: WaitReason::Passwords });
        clinic.waits(secs(wait - 1));
        let early = verdict(clinic.maria_signs_in());
        assert_eq!(early, Verdict::Wait { left: secs(1), reason: WaitReason::Passwords });
        clinic.waits(secs(1));
        waited += wait;
    }
    assert!(waited > 60);
    assert_eq!(clinic.person_number("code_failures"), 0);
    assert_eq!(clinic.person_number("lock IS NULL"), 1);
    assert_eq!(verdict(clinic.maria_signs_in()), accepted_by_phone(10));
    assert_eq!(clinic.person_number("password_failures"), 0, "a success clears them");
}

#[test]
fn the_longest_wait_for_passwords_is_a_quarter_of_an_hour() {
    let mut clinic = Clinic::oak_tree();
    clinic.office.clock.advance(secs(1));
    let mut last = None;
    for _ in 0..190 {
        let code = clinic.phone.code();
        let Verdict::WrongPassword { wait } = verdict(clinic.signs_in(MARIA, WRONG, &code)) else { panic!("wait") };
        last = wait;
        // Never so many within an hour that the desk slows down.
        clinic.waits(wait.unwrap_or_default().max(secs(121)));
    }
    assert_eq!(last, Some(secs(900)));
}

#[test]
fn c34_after_exactly_ten_wrong_codes_the_right_one_is_refused() {
    let mut clinic = Clinic::oak_tree();
    assert!(matches!(clinic.wrong_codes(9), Verdict::WrongCode { then: Consequence::None, .. }));
    clinic.waits(STEP);
    assert_eq!(verdict(clinic.maria_signs_in()), accepted_by_phone(10));
    assert!(matches!(clinic.wrong_codes(9), Verdict::WrongCode { then: Consequence::None, .. }));
    clinic.waits(STEP);
    assert_eq!(verdict(clinic.maria_signs_in()), accepted_by_phone(10), "a success cleared the first nine");
    assert!(matches!(clinic.wrong_codes(10), Verdict::WrongCode { then: Consequence::Locked(LOCK), .. }));
    assert_eq!(verdict(clinic.maria_signs_in()), locked(LOCK));
}

#[test]
fn c33_right_codes_during_a_lock_are_neither_accepted_nor_counted_nor_used_up() {
    let mut clinic = Clinic::oak_tree();
    clinic.wrong_codes(10);
    let code = clinic.phone.code();
    for _ in 0..5 {
        assert_eq!(verdict(clinic.signs_in(MARIA, PASSWORD, &code)), locked(LOCK));
    }
    let (from, failures) = (clinic.log_end(), clinic.person_number("code_failures"));
    assert_eq!(clinic.log_from(from), [("sign-in".to_owned(), "must-wait".to_owned())], "every try is written down");
    assert_eq!(failures, 10);
    clinic.waits(LOCK - secs(1));
    let code = clinic.phone.code();
    assert_eq!(verdict(clinic.signs_in(MARIA, PASSWORD, &code)), locked(secs(1)));
    clinic.waits(secs(1));
    assert_eq!(verdict(clinic.signs_in(MARIA, PASSWORD, &code)), accepted_by_phone(10), "it was not used up");
}

#[test]
fn locks_come_back_after_ten_more_and_at_thirty_the_manager_must_help() {
    let mut clinic = Clinic::oak_tree();
    for _ in 0..2 {
        assert!(matches!(clinic.wrong_codes(10), Verdict::WrongCode { then: Consequence::Locked(LOCK), .. }));
        clinic.waits(Duration::from_hours(2));
    }
    assert!(matches!(clinic.wrong_codes(10), Verdict::WrongCode { then: Consequence::Manager, .. }));
    clinic.waits(Duration::from_hours(48));
    assert_eq!(verdict(clinic.maria_signs_in()), Verdict::Manager, "time does not end it");
    let look = clinic.desk.look().unwrap().unwrap();
    assert!(look.people[0].manager_needed);
    // A wrong recovery code is no way round, a right one ends it.
    let never = verdict(super::clinic::recovers_at(&mut clinic.desk, MARIA, PASSWORD, "0000-0000-0000-0000"));
    assert_eq!(never, Verdict::WrongRecovery { wait: None, recovery_left: 10 });
    assert!(is_in(&clinic.maria_uses_spare(1)));
    clinic.waits(STEP);
    assert!(is_in(&clinic.maria_signs_in()));
}

#[test]
fn a_recovery_code_with_the_right_password_ends_a_lock() {
    let mut clinic = Clinic::oak_tree();
    clinic.wrong_codes(10);
    let spare = clinic.spare(2);
    let told = verdict(super::clinic::recovers_at(&mut clinic.desk, MARIA, WRONG, &spare));
    assert_eq!(told, Verdict::WrongPassword { wait: None }, "not with a wrong one, and it is not used up");
    assert!(is_in(&clinic.maria_uses_spare(2)));
    clinic.waits(STEP);
    assert!(is_in(&clinic.maria_signs_in()));
    assert_eq!(clinic.person_number("code_failures"), 0);
}

#[test]
fn twenty_wrong_codes_in_a_year_demand_a_new_password() {
    let mut clinic = Clinic::oak_tree();
    let due = |verdict: Verdict| match verdict {
        Verdict::Accepted { new_password_due, .. } => new_password_due,
        other => panic!("{other:?}"),
    };
    // Seven now and then over a year, each time with a success between: no lock ever, and nothing clears the year.
    for _ in 0..2 {
        clinic.wrong_codes(7);
        clinic.waits(Duration::from_hours(24 * 90));
        assert!(!due(verdict(clinic.maria_signs_in())));
    }
    clinic.wrong_codes(5);
    clinic.waits(STEP);
    assert!(!due(verdict(clinic.maria_signs_in())), "nineteen");
    clinic.wrong_codes(1);
    clinic.waits(STEP);
    assert!(due(verdict(clinic.maria_signs_in())), "twenty");
    clinic.waits(STEP);
    assert!(due(verdict(clinic.maria_signs_in())), "still");
    // The first seven are a year old: thirteen are left.
    clinic.waits(Duration::from_hours(24 * 186));
    assert!(!due(verdict(clinic.maria_signs_in())));
    clinic.wrong_codes(7);
    clinic.waits(STEP);
    assert!(due(verdict(clinic.maria_signs_in())));
    // New codes do not clear it, nor does the same password again; a new password does.
    clinic.waits(STEP);
    clinic.maria_gives_fresh_code().unwrap();
    clinic.desk.new_codes().unwrap();
    clinic.desk.finish_codes().unwrap();
    clinic.waits(STEP);
    assert!(due(verdict(clinic.maria_signs_in())));
    clinic.waits(STEP);
    clinic.maria_gives_fresh_code().unwrap();
    let same = clinic.desk.change_password(&SecretText::from(PASSWORD));
    assert_eq!(same, Err(Failure::SamePassword));
    clinic.desk.change_password(&SecretText::from("walnut ferry cobalt 88")).unwrap();
    clinic.waits(STEP);
    let code = clinic.phone.code();
    assert!(!due(verdict(clinic.signs_in(MARIA, "walnut ferry cobalt 88", &code))));
}

/// Nobody gets more than thirty guesses out of one password by spreading them between its owner's sign-ins, nor by turning
/// the clock until the old ones are a year old.
#[test]
fn thirty_wrong_codes_in_a_year_need_the_manager_however_they_are_spread() {
    for turns_the_clock in [false, true] {
        let mut clinic = Clinic::oak_tree();
        for _ in 0..3 {
            clinic.waits(STEP);
            assert!(is_in(&clinic.maria_signs_in()));
            let now = clinic.office.now().unix_secs;
            if turns_the_clock {
                clinic.office.clock.set_wall(now + 2 * 365 * 24 * 3600);
            }
            clinic.wrong_codes(9);
            clinic.office.clock.set_wall(now + 9);
        }
        clinic.waits(STEP);
        assert!(is_in(&clinic.maria_signs_in()), "twenty-seven");
        clinic.waits(Duration::from_hours(1));
        assert!(matches!(clinic.wrong_codes(2), Verdict::WrongCode { then: Consequence::None, .. }));
        assert!(matches!(clinic.wrong_codes(1), Verdict::WrongCode { then: Consequence::Manager, .. }), "thirty");
        clinic.waits(STEP);
        assert_eq!(verdict(clinic.maria_signs_in()), Verdict::Manager);
        // The sheet helps, and a new password is due.
        let told = verdict(clinic.maria_uses_spare(1));
        assert!(matches!(told, Verdict::Accepted { new_password_due: true, .. }), "{told:?}");
        clinic.waits(STEP);
        assert!(is_in(&clinic.maria_signs_in()));
    }
}

#[test]
fn the_desk_slows_down_above_thirty_failures_an_hour_and_locks_nobody() {
    let mut clinic = Clinic::oak_tree();
    // Nine wrong codes and the two wrong passwords that are free, a second apart, and a success after them: no lock, only
    // the desk's own pause.
    let mut failures = 0;
    let paused = loop {
        let code = clinic.phone.wrong_code(failures);
        clinic.waits(secs(1));
        let password = if failures % 11 < 9 { PASSWORD } else { WRONG };
        match verdict(clinic.signs_in(MARIA, password, &code)) {
            Verdict::WrongCode { then: Consequence::None, .. } | Verdict::WrongPassword { wait: None } => failures += 1,
            other => break other,
        }
        if failures % 11 == 0 {
            clinic.waits(STEP);
            if !is_in(&clinic.maria_signs_in()) {
                panic!("a success between, after {failures}");
            }
        }
    };
    assert_eq!(paused, Verdict::Wait { left: secs(19), reason: WaitReason::Desk });
    assert!((31..=33).contains(&failures), "{failures}");
    // Every attempt waits, the right code and the recovery code, too; nobody is locked.
    let desk = |left| Verdict::Wait { left: secs(left), reason: WaitReason::Desk };
    assert_eq!(verdict(clinic.maria_signs_in()), desk(19));
    assert_eq!(verdict(clinic.maria_uses_spare(1)), desk(19));
    clinic.waits(secs(18));
    assert_eq!(verdict(clinic.maria_signs_in()), desk(1));
    clinic.waits(secs(1));
    assert!(is_in(&clinic.maria_signs_in()));
    // A brimful drains in an hour.
    clinic.waits(Duration::from_hours(1));
    clinic.wrong_codes(1);
    clinic.waits(secs(1));
    assert!(is_in(&clinic.maria_signs_in()));
}

#[test]
fn an_old_copy_put_back_closes_the_clinic() {
    let mut clinic = Clinic::oak_tree();
    let copy = clinic.office.copies_database("monday.db");
    clinic.wrong_codes(1);
    clinic.desk = clinic.office.desk();
    clinic.office.puts_back(&copy);
    let closed = Err(Failure::Closed(Closed::RolledBack));
    assert_eq!(clinic.desk.stand().map(|_| ()), closed);
    assert_eq!(clinic.maria_signs_in().map(|_| ()), closed);
    assert_eq!(clinic.maria_uses_spare(1).map(|_| ()), closed);
    assert_eq!(clinic.desk.verify_log().map(|_| ()), closed);
    assert_eq!(clinic.office.file_epoch() + 1, clinic.office.keychain_epoch(), "and nothing was written");
}

#[test]
fn a_file_ahead_of_the_keychain_is_a_crash_and_is_mended() {
    let mut clinic = Clinic::oak_tree();
    let behind = clinic.office.keychain_epoch();
    clinic.wrong_codes(3);
    let item = clinic.office.item("epoch");
    clinic.office.keychain.plant(&item, Some(Secret::new(behind.to_be_bytes().to_vec())));
    assert!(matches!(clinic.desk.stand(), Ok(Standing::Active(_))));
    assert!(is_in(&clinic.maria_signs_in()));
    assert_eq!(clinic.office.keychain_epoch(), clinic.office.file_epoch());
}

/// C41: a key that is gone or another closes; it never means "no second factor", and nothing is enrolled anew.
#[test]
fn c41_a_missing_or_foreign_key_closes_the_clinic() {
    let other = Clinic::oak_tree().office.keychain.names();
    assert_eq!(other.len(), 3);
    let mangled: [(&str, Option<&[u8]>); 6] = [
        ("device", None),
        ("device", Some(b"")),
        ("device", Some(b"half a key")),
        ("epoch", None),
        ("epoch", Some(b"")),
        ("epoch", Some(b"123456789")),
    ];
    for (item, value) in mangled {
        let mut clinic = Clinic::oak_tree();
        let name = clinic.office.item(item);
        let kept = clinic.office.keychain.peek(&name);
        clinic.office.keychain.plant(&name, value.map(|value| Secret::new(value.to_vec())));
        let closed = Err(Failure::Closed(Closed::KeyMissing));
        assert_eq!(clinic.desk.stand().map(|_| ()), closed, "{item} {value:?}");
        assert_eq!(clinic.maria_signs_in().map(|_| ()), closed, "{item} {value:?}");
        assert_eq!(clinic.maria_uses_spare(1).map(|_| ()), closed, "{item} {value:?}");
        assert_eq!(clinic.desk.resume(MARIA, &SecretText::from(PASSWORD)).map(|_| ()), closed, "{item}");
        let begun = clinic.desk.begin_setup(&super::clinic::new_setup("Another", "Somebody Else")).map(|_| ());
        assert_eq!(begun, closed, "{item} {value:?}");
        clinic.office.keychain.plant(&name, kept);
        assert!(is_in(&clinic.maria_signs_in()), "{item} {value:?}: back, and nothing was lost");
    }
    // Another key of the right form: the rows do not fit it.
    let mut clinic = Clinic::oak_tree();
    let name = clinic.office.item("device");
    clinic.office.keychain.plant(&name, Some(Secret::new(vec![7; 32])));
    assert_eq!(clinic.maria_signs_in().map(|_| ()), Err(Failure::Closed(Closed::Changed)));
}

/// C50: the folder alone, on another computer or in another account.
#[test]
fn c50_a_database_without_its_keychain_is_closed_and_says_why() {
    let clinic = Clinic::oak_tree();
    let copy = clinic.office.copies_database("copy.db");
    let elsewhere = super::clinic::Office::new();
    std::fs::copy(&copy, elsewhere.database()).unwrap();
    let mut desk = elsewhere.desk();
    let closed = Err(Failure::Closed(Closed::KeyMissing));
    assert_eq!(desk.stand().map(|_| ()), closed);
    assert_eq!(signs_in_at(&mut desk, MARIA, PASSWORD, &clinic.phone.code()).map(|_| ()), closed);
    assert_eq!(elsewhere.keychain.names(), [], "no key is made");
}

/// C61: nobody, and somebody else's name.
#[test]
fn c61_unknown_people_do_not_get_in() {
    let mut clinic = Clinic::oak_tree();
    let code = clinic.phone.code();
    for nobody in ["nobody", "", "MSANTOS", "Maria Santos", "msantos ", "msantos'--"] {
        assert_eq!(clinic.signs_in(nobody, PASSWORD, &code), Err(StoreError::NobodyThere.into()), "{nobody}");
    }
    for name in ["msantos", "MSANTOS", "Maria Santos", "  maria   SANTOS ", "\u{ff2d}aria Santos"] {
        let look = clinic.desk.look().unwrap().unwrap();
        assert_eq!(look.find(name).map(|person| person.id.as_str()), Some(MARIA), "{name}");
    }
    for nobody in ["", "maria", "\u{43c}aria santos"] {
        assert_eq!(clinic.desk.look().unwrap().unwrap().find(nobody), None, "{nobody}");
    }
}

#[test]
fn a_refused_sign_in_locks_out_whoever_was_in() {
    let mut clinic = Clinic::oak_tree();
    assert!(is_in(&clinic.maria_signs_in()));
    let code = clinic.phone.code();
    verdict(clinic.signs_in(MARIA, WRONG, &code));
    assert_eq!(clinic.maria_gives_fresh_code(), Err(Failure::NotSignedIn));
}

#[test]
fn what_the_signed_in_page_is_told() {
    let mut clinic = Clinic::oak_tree();
    let (_, first) = clinic.maria_signs_in().unwrap();
    let first = first.unwrap();
    assert_eq!((first.person.as_str(), first.name.as_str()), (MARIA, "Maria Santos"));
    assert_eq!((first.since_unix, first.before_unix, first.password_unix), (T0 + 30, None, T0));
    clinic.waits(Duration::from_hours(1));
    let (_, second) = clinic.maria_signs_in().unwrap();
    assert_eq!(second.unwrap().before_unix, Some(T0 + 30));
}

/// C101: each kind of refusal has a name of its own in the log.
#[test]
fn c101_every_outcome_is_written_down() {
    let mut clinic = Clinic::oak_tree();
    let from = clinic.log_end() + 1;
    let code = clinic.phone.code();
    verdict(clinic.signs_in(MARIA, WRONG, &code));
    clinic.wrong_codes(1);
    verdict(clinic.maria_signs_in());
    verdict(clinic.maria_signs_in());
    verdict(super::clinic::recovers_at(&mut clinic.desk, MARIA, PASSWORD, "0000-0000-0000-0000"));
    verdict(clinic.maria_uses_spare(1));
    verdict(clinic.maria_uses_spare(1));
    verdict(clinic.maria_uses_day_pass());
    clinic.waits(STEP);
    clinic.maria_gives_fresh_code().unwrap();
    let log: Vec<String> =
        clinic.log_from(from).into_iter().map(|(event, result)| format!("{event} {result}")).collect();
    assert_eq!(
        log,
        [
            "sign-in wrong-password",
            "sign-in wrong-code",
            "sign-in accepted",
            "sign-in already-used",
            "sign-in wrong-code",
            "sign-in accepted",
            "sign-in already-used",
            "sign-in accepted",
            "fresh-code accepted",
        ]
    );
    let entries = clinic.desk.entries(&clinic2fa::ports::EntryFilter::default()).unwrap();
    assert!(entries.iter().all(|entry| entry.desk == "front-1"));
    let factors: Vec<_> = entries.iter().skip(usize::try_from(from - 1).unwrap()).map(|e| e.factor.as_str()).collect();
    assert_eq!(factors, ["", "totp", "totp", "totp", "recovery", "recovery", "recovery", "day-pass", "totp"]);
}

/// For exactly one change, as on the command line.
#[test]
fn a_sign_in_for_a_change_counts_as_the_fresh_code() {
    let mut clinic = Clinic::oak_tree();
    let presented = Presented::Code(digits(&clinic.phone.code()));
    let password = SecretText::from(PASSWORD);
    let told = clinic.desk.sign_in(MARIA, &password, &presented, Purpose::Change);
    assert!(is_in(&told));
    assert!(clinic.desk.new_codes().is_ok());
    assert_eq!(clinic.desk.finish_codes(), Ok(()));
    assert_eq!(clinic.desk.new_codes().map(|_| ()), Err(Failure::NotSignedIn));
}
