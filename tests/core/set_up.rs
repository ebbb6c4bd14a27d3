//! The clinic's first set-up: one square to the end, never in use without codes, and nothing that was set up is ever
//! taken for new.

use clinic2fa::domain::password::Weak;
use clinic2fa::domain::secret::{Secret, SecretText};
use clinic2fa::domain::verify::{FirstCode, Verdict};
use clinic2fa::effects::{Closed, Failure, NewSetup, Standing};
use clinic2fa::ports::StoreError;

use super::clinic::{
    Clinic, LOCK, MARIA, Office, PASSWORD, Phone, STEP, T0, WRONG, accepted_by_phone, digits, is_in, new_setup,
    recovers_at, verdict,
};

/// A first set-up just begun, with the square scanned.
fn begun() -> (Office, clinic2fa::effects::Desk, Phone, String) {
    let office = Office::new();
    let mut desk = office.desk();
    let offer = desk.begin_setup(&new_setup("Oak Tree Surgery", "Maria Santos")).unwrap();
    let phone = Phone::scans(&offer, &office.clock);
    (office, desk, phone, offer.uri.expose().to_owned())
}

#[test]
fn c07_keys_are_160_random_bits_and_the_uri_is_the_contracts() {
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..20 {
        let office = Office::new();
        let offer = office.desk().begin_setup(&new_setup("Oak Tree Surgery", "Maria Santos")).unwrap();
        let key = offer.key.expose().to_owned();
        assert!(key.len() == 32 && key.chars().all(|c| matches!(c, 'A'..='Z' | '2'..='7')), "{key}");
        // C06: nothing but the secret and the issuer; phones that ignore more are none the worse.
        let expected =
            format!("otpauth://totp/ClinicOffice:Oak%20Tree%20Surgery%20msantos?secret={key}&issuer=ClinicOffice");
        assert_eq!(offer.uri.expose(), expected);
        assert!(offer.square.is_ok());
        assert!(seen.insert(key), "a key came twice");
    }
}

#[test]
fn c05_wrong_codes_and_restarts_keep_the_square() {
    let (office, mut desk, phone, uri) = begun();
    for n in 0..3 {
        let wrong = digits(&phone.wrong_code(n));
        assert_eq!(desk.first_code(&wrong), Ok(FirstCode::Wrong { clock_off_secs: None }));
    }
    let mut desk = office.desk();
    let resumed = desk.resume(MARIA, &SecretText::from(PASSWORD)).unwrap();
    assert_eq!((resumed.offer.uri.expose(), resumed.proved), (uri.as_str(), false));
    assert_eq!(desk.first_code(&digits(&phone.code())), Ok(FirstCode::Right));
    let resumed = office.desk().resume(MARIA, &SecretText::from(PASSWORD)).unwrap();
    assert_eq!((resumed.offer.uri.expose(), resumed.proved), (uri.as_str(), true), "only the sheets are left");
}

#[test]
fn c35_twenty_wrong_first_codes_are_no_failed_sign_ins() {
    let (office, mut desk, phone, _) = begun();
    for n in 0..20 {
        let wrong = digits(&phone.wrong_code(n));
        assert_eq!(desk.first_code(&wrong), Ok(FirstCode::Wrong { clock_off_secs: None }));
    }
    let log = desk.entries(&clinic2fa::ports::EntryFilter::default()).unwrap();
    let results: Vec<_> = log[1..].iter().map(|e| (e.event.as_str(), e.result.as_str())).collect();
    assert_eq!(results, vec![("enrolment-code", "not-confirmed"); 20]);
    let counted = "SELECT code_failures + password_failures + (lock IS NOT NULL) + (wait IS NOT NULL) FROM person";
    assert_eq!(office.sql_number(counted), 0);
    assert_eq!(desk.first_code(&digits(&phone.code())), Ok(FirstCode::Right));
}

#[test]
fn c30_the_code_that_confirmed_the_phone_does_not_sign_in() {
    let mut clinic = Clinic::oak_tree();
    clinic.office.clock.set_wall(T0 + 12);
    let from = clinic.log_end() + 1;
    let told = verdict(clinic.maria_signs_in());
    assert_eq!(told, Verdict::Used { next_in: std::time::Duration::from_secs(18), recovery_left: 10 });
    assert_eq!(clinic.log_from(from), [("sign-in".to_owned(), "already-used".to_owned())]);
    assert_eq!(clinic.person_number("code_failures"), 0, "not counted");
    clinic.office.clock.set_wall(T0 + 31);
    assert_eq!(verdict(clinic.maria_signs_in()), accepted_by_phone(10));
}

#[test]
fn a_set_up_is_resumed_with_its_password_alone_and_slowly() {
    let (office, mut desk, phone, _) = begun();
    let told = |desk: &mut clinic2fa::effects::Desk, password: &str| {
        desk.resume(MARIA, &SecretText::from(password)).map(|resumed| resumed.proved)
    };
    let wrong = |wait: Option<u64>| {
        Err(Failure::Refused(Verdict::WrongPassword { wait: wait.map(std::time::Duration::from_secs) }))
    };
    desk.lock();
    for wait in [None, None, Some(15)] {
        assert_eq!(told(&mut desk, WRONG), wrong(wait));
        // A wrong password opens nothing.
        assert_eq!(desk.first_code(&digits(&phone.code())), Err(Failure::NotSignedIn));
    }
    assert!(matches!(told(&mut desk, PASSWORD), Err(Failure::Refused(Verdict::Wait { .. }))));
    office.clock.advance(std::time::Duration::from_secs(15));
    assert_eq!(told(&mut desk, PASSWORD), Ok(false));
    assert_eq!(told(&mut office.desk(), PASSWORD), Ok(false));
    assert_eq!(desk.resume("nobody", &SecretText::from(PASSWORD)).map(|_| ()), Err(StoreError::NobodyThere.into()));
}

#[test]
fn nobody_signs_in_before_set_up_is_finished() {
    let (office, mut desk, phone, _) = begun();
    let try_in = |desk: &mut clinic2fa::effects::Desk| {
        office.clock.advance(STEP);
        super::clinic::signs_in_at(desk, MARIA, PASSWORD, &phone.code()).map(|_| ())
    };
    assert_eq!(try_in(&mut desk), Err(StoreError::NotNow.into()));
    desk.resume(MARIA, &SecretText::from(PASSWORD)).unwrap();
    // Without a right code there is no end, whatever was shown.
    desk.setup_sheets().unwrap();
    assert_eq!(desk.finish_setup(), Err(StoreError::NotNow.into()));
    assert_eq!(desk.first_code(&digits(&phone.code())), Ok(FirstCode::Right));
    assert_eq!(try_in(&mut desk), Err(StoreError::NotNow.into()));
    // And none without codes.
    desk.resume(MARIA, &SecretText::from(PASSWORD)).unwrap();
    assert_eq!(desk.finish_setup(), Err(Failure::NotSignedIn));
    assert!(matches!(office.desk().stand(), Ok(Standing::Pending(_))));
}

#[test]
fn sheets_asked_for_again_are_the_only_good_ones() {
    let (office, mut desk, phone, _) = begun();
    desk.first_code(&digits(&phone.code())).unwrap();
    let first = super::clinic::written(&desk.setup_sheets().unwrap()).0;
    let second = super::clinic::written(&desk.setup_sheets().unwrap()).0;
    desk.finish_setup().unwrap();
    let distinct: std::collections::BTreeSet<_> = first.iter().chain(&second).collect();
    assert_eq!(distinct.len(), 20);
    let never_good = verdict(recovers_at(&mut desk, MARIA, PASSWORD, &first[0]));
    assert_eq!(never_good, Verdict::WrongRecovery { wait: None, recovery_left: 10 });
    assert!(is_in(&recovers_at(&mut office.desk(), MARIA, PASSWORD, &second[0])));
}

#[test]
fn starting_over_makes_new_keys_and_leaves_nothing_of_the_old() {
    let (office, mut desk, old_phone, old_uri) = begun();
    let old_items = office.keychain.names();
    desk.drop_setup().unwrap();
    assert_eq!((office.keychain.names(), desk.stand()), (vec![], Ok(Standing::New)));
    let offer = desk.begin_setup(&new_setup("Oak Tree Surgery", "Maria Santos")).unwrap();
    assert_ne!(offer.uri.expose(), old_uri);
    assert!(office.keychain.names().iter().all(|name| !old_items.contains(name)));
    office.clock.advance(STEP);
    assert_eq!(desk.first_code(&digits(&old_phone.code())), Ok(FirstCode::Wrong { clock_off_secs: None }));
    // Over an unfinished one, without dropping it first: the same.
    let again = desk.begin_setup(&new_setup("Oak Tree Surgery", "Maria Santos")).unwrap();
    assert_ne!(again.uri.expose(), offer.uri.expose());
    assert_eq!(office.keychain.names().len(), 2, "the device key and the epoch of the last one");
}

#[test]
fn weak_passwords_make_nothing() {
    let office = Office::new();
    let mut desk = office.desk();
    for (password, why) in [
        ("", Weak::Short { missing: 12 }),
        ("short", Weak::Short { missing: 7 }),
        ("Oak Tree Surgery 1", Weak::Name),
        ("maria santos 99", Weak::Name),
        ("password1234", Weak::Guessable),
        ("aaaaaaaaaaaaaaaa", Weak::Guessable),
    ] {
        let new = NewSetup { password: SecretText::from(password), ..new_setup("Oak Tree Surgery", "Maria Santos") };
        assert_eq!(desk.begin_setup(&new).map(|_| ()), Err(Failure::Weak(why)), "{password}");
    }
    assert!(office.keychain.names().is_empty() && !office.database().exists());
}

#[test]
fn what_was_set_up_is_never_set_up_again() {
    let mut clinic = Clinic::oak_tree();
    let before = clinic.office.file_epoch();
    let again = clinic.desk.begin_setup(&new_setup("Another", "Somebody Else")).map(|_| ());
    assert_eq!(again, Err(StoreError::NotNow.into()));
    assert_eq!(clinic.desk.drop_setup(), Err(StoreError::NotNow.into()));
    assert_eq!((clinic.office.file_epoch(), clinic.office.keychain.names().len()), (before, 3));
    assert!(is_in(&clinic.maria_signs_in()));
}

/// A marker without a database is a lost database, never a new clinic.
#[test]
fn a_lost_database_is_told_as_lost() {
    let mut clinic = Clinic::oak_tree();
    clinic.desk = Office::new().desk();
    clinic.office.loses_database();
    let mut desk = clinic.office.desk();
    let lost = Err(Failure::Closed(Closed::DatabaseLost));
    assert_eq!(desk.stand().map(|_| ()), lost);
    assert_eq!(desk.begin_setup(&new_setup("Another", "Somebody Else")).map(|_| ()), lost);
    assert!(!clinic.office.database().exists(), "asking makes nothing");
    assert_eq!(clinic.office.keychain.names().len(), 3, "and takes nothing away");
}

/// Somebody puts an unfinished database in the place of the finished one: neither resumed, replaced nor dropped.
#[test]
fn an_unfinished_database_over_a_marker_is_a_lost_database() {
    let (pending, desk, _, _) = begun();
    drop(desk);
    let copy = pending.copies_database("pending.db");
    let clinic = Clinic::oak_tree();
    let office = clinic.office.clone();
    drop(clinic);
    office.puts_back(&copy);
    let (items, lost) = (office.keychain.names(), Err(Failure::Closed(Closed::DatabaseLost)));
    let mut desk = office.desk();
    assert_eq!(desk.stand().map(|_| ()), lost);
    assert_eq!(desk.begin_setup(&new_setup("Another", "Somebody Else")).map(|_| ()), lost);
    assert_eq!(desk.drop_setup(), lost);
    assert_eq!(office.keychain.names(), items);
    assert_eq!(office.sql_number("SELECT count(*) FROM clinic"), 1);
}

/// The stage in the file is not proved: an active clinic whose row says "pending" keeps its device key.
#[test]
fn a_row_that_says_pending_does_not_cost_the_keys() {
    let clinic = Clinic::oak_tree();
    let office = clinic.office.clone();
    drop(clinic);
    office.sql("UPDATE clinic SET stage = 'pending'");
    let items = office.keychain.names();
    let mut desk = office.desk();
    assert_eq!(desk.drop_setup(), Err(Failure::Closed(Closed::DatabaseLost)));
    let resumed = desk.resume(MARIA, &SecretText::from(PASSWORD)).map(|_| ());
    assert_eq!(resumed, Err(Failure::Closed(Closed::Changed)));
    assert_eq!((office.keychain.names(), office.sql_number("SELECT count(*) FROM person")), (items, 1));
}

#[test]
fn a_moved_folder_gets_a_new_marker() {
    let mut clinic = Clinic::oak_tree();
    clinic.desk = Office::new().desk();
    let moved = clinic.office.moves_to("moved");
    assert_ne!(moved.marker(), clinic.office.marker());
    clinic.desk = moved.desk();
    assert!(matches!(clinic.desk.stand(), Ok(Standing::Active(_))));
    assert!(moved.keychain.peek(&moved.marker()).is_some());
    assert!(is_in(&clinic.maria_signs_in()));
    // From here on, losing the database is noticed here, too.
    clinic.desk = Office::new().desk();
    moved.loses_database();
    assert_eq!(moved.desk().stand().map(|_| ()), Err(Failure::Closed(Closed::DatabaseLost)));
}

/// C91, C92: two windows in their first set-up. One clinic comes of it, whole, and the loser is told.
#[test]
fn c91_c92_two_first_set_ups_at_once_make_one_whole_clinic() {
    // Steps of the first desk that have happened when the second begins; then the second runs to `second_to`.
    for first_to in 1..=3 {
        for second_to in 1..=3 {
            let office = Office::new();
            let (mut first, mut second) = (office.desk(), office.desk());
            let new = new_setup("Oak Tree Surgery", "Maria Santos");
            let run = |desk: &mut clinic2fa::effects::Desk, steps: u32| {
                let offer = desk.begin_setup(&new).unwrap();
                let phone = Phone::scans(&offer, &office.clock);
                if steps > 1 {
                    assert_eq!(desk.first_code(&digits(&phone.code())), Ok(FirstCode::Right));
                }
                if steps > 2 {
                    desk.setup_sheets().unwrap();
                }
                phone
            };
            let lost_phone = run(&mut first, first_to);
            let phone = run(&mut second, second_to);
            // The first one's set-up was replaced: nothing of it may reach the second one's clinic.
            office.clock.advance(STEP);
            let told = first.first_code(&digits(&lost_phone.code()));
            assert!(told.is_err(), "{first_to} {second_to}: {told:?}");
            first.setup_sheets().ok();
            assert!(first.finish_setup().is_err(), "{first_to} {second_to}");
            if second_to < 2 {
                assert_eq!(second.first_code(&digits(&phone.code())), Ok(FirstCode::Right));
            }
            let sheets = super::clinic::written(&second.setup_sheets().unwrap());
            assert_eq!(second.finish_setup(), Ok(()), "{first_to} {second_to}");
            office.clock.advance(STEP);
            assert!(is_in(&super::clinic::signs_in_at(&mut first, MARIA, PASSWORD, &phone.code())));
            assert!(is_in(&recovers_at(&mut second, MARIA, PASSWORD, &sheets.0[9])));
        }
    }
}

/// C91: two programs within the same moment, before there is a database.
#[test]
fn c91_two_programs_make_one_database() {
    let office = Office::new();
    let begun: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let office = office.clone();
                scope.spawn(move || office.desk().begin_setup(&new_setup("Oak Tree Surgery", "Maria Santos")).is_ok())
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(begun.contains(&true), "{begun:?}");
    assert_eq!(office.sql_number("SELECT (SELECT count(*) FROM clinic) * 10 + (SELECT count(*) FROM person)"), 11);
    let mut desk = office.desk();
    assert!(matches!(desk.stand(), Ok(Standing::Pending(_))));
    assert!(desk.resume(MARIA, &SecretText::from(PASSWORD)).is_ok());
}

/// A finished set-up whose marker could not be written yet is finished by the next start, by nobody's hand.
#[test]
fn the_next_start_finishes_what_was_proved() {
    let (office, mut desk, phone, _) = begun();
    desk.first_code(&digits(&phone.code())).unwrap();
    desk.setup_sheets().unwrap();
    // The fifth call is the marker's writing: device, epoch, raise, device, epoch, marker.
    for call in 0.. {
        office.tripwire.after(call, super::clinic::Fails::BeforeItIsDone);
        let done = desk.finish_setup();
        let stage = office.sql_number("SELECT stage = 'proved' FROM clinic");
        if stage == 1 {
            assert!(done.is_err());
            break;
        }
        assert!(done.is_err() && !office.tripwire.is_left());
    }
    office.tripwire.is_left();
    assert!(office.keychain.peek(&office.marker()).is_none());
    assert!(matches!(office.desk().stand(), Ok(Standing::Active(_))));
    assert_eq!(office.keychain.peek(&office.marker()), Some(Secret::new(keychain_id(&office).into_bytes())));
    office.clock.advance(LOCK);
    assert!(is_in(&super::clinic::signs_in_at(&mut office.desk(), MARIA, PASSWORD, &phone.code())));
}

fn keychain_id(office: &Office) -> String {
    let item = office.item("device");
    item.0.strip_prefix("device-").unwrap().to_owned()
}
