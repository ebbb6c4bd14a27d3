//! The way back with the clinic recovery key: what it brings back, what it does not, and a cut at every step.

use clinic2fa::domain::recovery::ClinicKey;
use clinic2fa::domain::secret::{Secret, SecretText};
use clinic2fa::domain::state::{PersonStage, Role};
use clinic2fa::domain::verify::{FirstCode, Presented, Verdict};
use clinic2fa::effects::{Closed, Desk, Failure, Managed, Purpose, Standing};
use clinic2fa::ports::StoreError;

use super::clinic::{
    Clinic, Fails, MARIA, PASSWORD, Phone, STEP, accepted_by_phone, digits, is_in, recovers_at, verdict, written,
};
use super::people::{BEN, BENS, Colleague, joins, maria_is_about_to_change, with_ben};

const NEW: &str = "gravel sunrise teapot 31";

fn key(clinic: &Clinic) -> ClinicKey {
    ClinicKey::parse(&clinic.clinic_key).unwrap()
}

fn other_key() -> ClinicKey {
    ClinicKey::parse(&Clinic::set_up("Elm Tree Surgery", "Maria Santos").clinic_key).unwrap()
}

/// Whatever takes a clinic's key away, or its trust in the file.
type Loss = fn(&mut Clinic);

const LOSSES: [(&str, Loss, Closed); 6] = [
    ("the device key", |clinic| clinic.office.keychain.plant(&clinic.office.item("device"), None), Closed::KeyMissing),
    (
        "another device key",
        |clinic| clinic.office.keychain.plant(&clinic.office.item("device"), Some(Secret::new(vec![7; 32]))),
        Closed::Changed,
    ),
    ("the epoch", |clinic| clinic.office.keychain.plant(&clinic.office.item("epoch"), None), Closed::KeyMissing),
    (
        "an old copy was put back",
        |clinic| {
            let copy = clinic.office.copies_database("old.db");
            assert!(is_in(&clinic.maria_uses_spare(9)));
            clinic.desk = clinic.office.desk();
            clinic.office.puts_back(&copy);
        },
        Closed::RolledBack,
    ),
    (
        "a changed clinic row",
        |clinic| clinic.office.sql("UPDATE clinic SET name = 'Elm Tree Surgery', epoch = epoch + 100"),
        Closed::Changed,
    ),
    (
        "a new computer",
        |clinic| {
            for name in clinic.office.keychain.names() {
                clinic.office.keychain.plant(&name, None);
            }
        },
        Closed::KeyMissing,
    ),
];

fn works_as_before(clinic: &mut Clinic, ben: &Colleague, story: &str) {
    clinic.restart();
    assert!(matches!(clinic.desk.stand(), Ok(Standing::Active(_))), "{story}");
    assert!(clinic.office.keychain.peek(&clinic.office.marker()).is_some(), "{story}: a marker");
    assert_eq!(clinic.office.keychain_epoch(), clinic.office.file_epoch(), "{story}");
    // Codes up to now may have been used on another copy.
    assert!(matches!(verdict(ben.signs_in(&mut clinic.desk)), Verdict::Used { .. }), "{story}");
    clinic.waits(2 * STEP);
    assert_eq!(verdict(ben.signs_in(&mut clinic.desk)), accepted_by_phone(10), "{story}: his own password and phone");
    assert!(is_in(&recovers_at(&mut clinic.desk, BEN, BENS, &ben.sheet[0])), "{story}");
    assert!(is_in(&clinic.maria_signs_in()), "{story}");
}

#[test]
fn the_clinic_key_brings_the_computers_key_back_and_staff_go_on() {
    for (story, loss, closed) in LOSSES {
        let (mut clinic, ben) = with_ben();
        let known = clinic.office.keychain_epoch();
        loss(&mut clinic);
        clinic.waits(2 * STEP);
        assert_eq!(clinic.desk.stand().map(|_| ()), Err(Failure::Closed(closed)), "{story}");
        assert_eq!(ben.signs_in(&mut clinic.desk).map(|_| ()), Err(Failure::Closed(closed)), "{story}");
        let (file, names) = (clinic.office.file_epoch(), clinic.office.keychain.names());
        assert_eq!(clinic.desk.recover(&other_key()), Err(Failure::WrongClinicKey), "{story}");
        assert_eq!(clinic.office.file_epoch(), file, "{story}: a wrong key changes nothing");
        assert_eq!(clinic.office.keychain.names().len(), names.len(), "{story}");
        assert_eq!(clinic.desk.stand().map(|_| ()), Err(Failure::Closed(closed)), "{story}");

        assert_eq!(clinic.desk.recover(&key(&clinic)), Ok(()), "{story}");
        assert!(clinic.office.file_epoch() > known.max(file), "{story}: above both");
        assert_eq!(clinic.log_from(clinic.log_end()), [("recovered".to_owned(), "done".to_owned())], "{story}");
        // It opens nothing by itself.
        assert_eq!(clinic.desk.new_codes().map(|_| ()), Err(Failure::NotSignedIn), "{story}");
        works_as_before(&mut clinic, &ben, story);
    }
}

/// What cannot even be read in the clinic's own row is made anew, where the keys do not depend on it.
#[test]
fn an_unreadable_clinic_row_is_recovered_where_the_keys_are_whole() {
    for script in [
        "UPDATE clinic SET roll = 'x'",
        "UPDATE clinic SET roll = '{}'",
        "UPDATE clinic SET gauge = 'x'",
        "UPDATE clinic SET epoch = -1",
        "UPDATE clinic SET settings = 'x'",
        "UPDATE clinic SET head_number = 1000, head_tag = x'00'",
        "UPDATE clinic SET tag = x''",
    ] {
        let (mut clinic, ben) = with_ben();
        clinic.office.sql(script);
        clinic.restart();
        let closed = clinic.desk.stand().map(|_| ());
        assert_eq!(closed, Err(Failure::Closed(Closed::Changed)), "{script}");
        assert_eq!(clinic.desk.recover(&key(&clinic)), Ok(()), "{script}");
        works_as_before(&mut clinic, &ben, script);
    }
    for script in ["UPDATE clinic SET recovery_slot = x'00'", "UPDATE clinic SET id = 'another'"] {
        let (mut clinic, _) = with_ben();
        clinic.office.sql(script);
        assert_eq!(clinic.desk.recover(&key(&clinic)), Err(Failure::WrongClinicKey), "{script}");
    }
    let (mut clinic, _) = with_ben();
    clinic.office.sql("UPDATE clinic SET device_key = x'00'");
    assert_eq!(clinic.desk.recover(&key(&clinic)), Err(StoreError::Damaged.into()));
}

#[test]
fn a_day_pass_and_a_changed_row_do_not_come_back_stronger() {
    let (mut clinic, ben) = with_ben();
    assert!(is_in(&recovers_at(&mut clinic.desk, BEN, BENS, &ben.sheet[0])));
    clinic.office.sql("UPDATE person SET name = 'Ben B. Ashdown' WHERE id = 'bashdown'; UPDATE factor SET seed = x'00' WHERE person = 'msantos'");
    clinic.desk.recover(&key(&clinic)).unwrap();
    let pass = clinic.desk.sign_in(BEN, &SecretText::from(BENS), &Presented::DayPass, Purpose::Work);
    assert_eq!(pass, Err(StoreError::NoDayPass.into()), "it was given on the computer of then");
    clinic.waits(2 * STEP);
    assert_eq!(verdict(ben.signs_in(&mut clinic.desk)), accepted_by_phone(9), "the spent code stays spent");
    assert_eq!(clinic.maria_signs_in(), Err(StoreError::PersonDamaged.into()), "a seed that does not open, does not");
}

/// From the key to the lock screen.
fn comes_back(clinic: &mut Clinic, manager: &str) -> (Phone, Vec<String>, String) {
    let offer = clinic.desk.recover_manager(&key(clinic), manager, &SecretText::from(NEW)).unwrap();
    let phone = Phone::scans(&offer, &clinic.office.clock);
    // Not in yet, by anything.
    assert!(clinic.desk.fresh_code(&Presented::Code(digits(&phone.code()))).is_err());
    // As the command line does it: another process takes it up with the new password.
    clinic.restart();
    clinic.desk.resume(manager, &SecretText::from(NEW)).unwrap();
    assert_eq!(clinic.desk.first_code(&digits(&phone.code())), Ok(FirstCode::Right));
    assert_eq!(clinic.desk.finish_phone_without_codes(), Err(StoreError::NotNow.into()), "the sheets are due");
    let (sheet, new_key) = written(&clinic.desk.phone_sheets().unwrap());
    clinic.desk.finish_phone().unwrap();
    clinic.desk.lock();
    clinic.waits(2 * STEP);
    (phone, sheet, new_key.expect("a new clinic key"))
}

/// C95: no manager is left who can sign in.
#[test]
fn c95_a_manager_comes_back_with_the_clinic_key() {
    for (story, loss) in [("lost phone", (|_| {}) as Loss), ("new computer", LOSSES[5].1)] {
        let (mut clinic, ben) = with_ben();
        loss(&mut clinic);
        let weak = clinic.desk.recover_manager(&key(&clinic), MARIA, &SecretText::from("Maria Santos 123")).map(|_| ());
        assert!(matches!(weak, Err(Failure::Weak(_))), "{story}");
        for (person, why) in [(BEN, StoreError::NotAllowed), ("nobody", StoreError::NobodyThere)] {
            let told = clinic.desk.recover_manager(&key(&clinic), person, &SecretText::from(NEW)).map(|_| ());
            assert_eq!(told, Err(why.into()), "{story}");
        }
        let everybody = "SELECT roll FROM clinic";
        let (before, wrong) = (clinic.office.sql_text(everybody), other_key());
        let told = clinic.desk.recover_manager(&wrong, MARIA, &SecretText::from(NEW)).map(|_| ());
        assert_eq!(told, Err(Failure::WrongClinicKey), "{story}");
        assert_eq!(clinic.office.sql_text(everybody), before, "{story}: nobody's row changed");

        let (phone, sheet, new_key) = comes_back(&mut clinic, MARIA);
        let code = phone.code();
        assert_eq!(verdict(clinic.signs_in(MARIA, NEW, &code)), accepted_by_phone(10), "{story}");
        assert!(is_in(&recovers_at(&mut clinic.desk, MARIA, NEW, &sheet[0])));
        // What she had before is dead, the clinic key too; the new one works.
        let old = clinic.phone.code();
        assert!(!is_in(&clinic.signs_in(MARIA, PASSWORD, &code)) && !is_in(&clinic.signs_in(MARIA, NEW, &old)));
        let spare = clinic.spare(1);
        assert!(!is_in(&recovers_at(&mut clinic.desk, MARIA, NEW, &spare)));
        assert_eq!(clinic.desk.recover(&key(&clinic)), Err(Failure::WrongClinicKey), "{story}");
        assert_eq!(verdict(ben.signs_in(&mut clinic.desk)), accepted_by_phone(10), "{story}: Ben as before");
        assert_eq!(clinic.desk.recover(&ClinicKey::parse(&new_key).unwrap()), Ok(()), "{story}");
        let recovered =
            clinic.office.sql_number("SELECT count(*) FROM audit WHERE event = 'recovered' AND person = 'msantos'");
        assert_eq!(recovered, 1, "{story}");
    }
}

/// The old key is good until the new one is stored: whoever stops half-way begins again with it.
#[test]
fn a_manager_who_stops_half_way_begins_again() {
    let (mut clinic, _) = with_ben();
    clinic.desk.recover_manager(&key(&clinic), MARIA, &SecretText::from(NEW)).unwrap();
    clinic.restart();
    let person = clinic.desk.look().unwrap().unwrap().people.into_iter().find(|person| person.id == MARIA).unwrap();
    assert_eq!(person.stage, Some(PersonStage::Reset));
    let code = clinic.phone.code();
    assert_eq!(clinic.signs_in(MARIA, NEW, &code), Err(StoreError::NotReady.into()));
    comes_back(&mut clinic, MARIA);
}

/// The new clinic key is for a manager's eyes: not for whoever is staff by then, nor for the next one with her id.
#[test]
fn the_new_clinic_key_is_shown_to_no_one_else() {
    type Meanwhile = fn(&mut Desk) -> Result<(), Failure>;
    let meanwhile: [Meanwhile; 2] = [
        |desk| desk.managed(Managed::Role("cpark".to_owned(), Role::Staff)),
        |desk| desk.remove_person("cpark").map(drop),
    ];
    for change in meanwhile {
        let mut clinic = Clinic::oak_tree();
        joins(&mut clinic, "Cleo Park", Role::Manager, BENS);
        clinic.desk.recover_manager(&key(&clinic), "cpark", &SecretText::from(NEW)).unwrap();
        clinic.waits(2 * STEP);
        maria_is_about_to_change(&mut clinic);
        change(&mut clinic.desk).unwrap();
        clinic.desk.lock();
        let there = clinic.desk.look().unwrap().unwrap().people.len() == 2;
        if there {
            clinic.desk.resume("cpark", &SecretText::from(NEW)).unwrap();
            assert!(clinic.desk.phone_sheets().unwrap().clinic_key.is_none());
        } else {
            // Asserts that there is no key among the sheets.
            joins(&mut clinic, "Cleo Park", Role::Staff, BENS);
        }
    }
}

#[test]
fn a_new_clinic_key_takes_the_old_ones_place_when_it_is_stored() {
    let (mut clinic, _) = with_ben();
    maria_is_about_to_change(&mut clinic);
    let shown = clinic.desk.new_clinic_key().unwrap();
    let new = ClinicKey::parse(shown.expose()).unwrap();
    assert_eq!(clinic.second_desk().recover(&new), Err(Failure::WrongClinicKey), "shown is not stored");
    assert_eq!(clinic.desk.finish_clinic_key(), Ok(()));
    assert_eq!(clinic.desk.finish_clinic_key(), Err(Failure::NotSignedIn));
    assert_eq!(clinic.desk.recover(&key(&clinic)), Err(Failure::WrongClinicKey));
    assert_eq!(clinic.desk.recover(&new), Ok(()));
}

/// Cut at any call of the keychain: closed or recovered, and the same again leads to the end.
#[test]
fn a_recovery_that_the_keychain_cuts_leaves_closed_or_recovered() {
    for (story, loss, _) in [LOSSES[0], LOSSES[3], LOSSES[4], LOSSES[5]] {
        for manager in [false, true] {
            for call in 0.. {
                let mut met = false;
                for how in [Fails::BeforeItIsDone, Fails::AfterItIsDone] {
                    let (mut clinic, ben) = with_ben();
                    loss(&mut clinic);
                    clinic.office.tripwire.after(call, how);
                    let key = key(&clinic);
                    let recover = |desk: &mut Desk| match manager {
                        false => desk.recover(&key),
                        true => desk.recover_manager(&key, MARIA, &SecretText::from(NEW)).map(|_| ()),
                    };
                    let cut = recover(&mut clinic.desk);
                    met = !clinic.office.tripwire.is_left();
                    assert_eq!(cut.is_err(), met, "{story} {call} {how:?}");
                    clinic.restart();
                    let stands = clinic.desk.stand().map(|_| ());
                    let fine = matches!(stands, Ok(()) | Err(Failure::Closed(_)));
                    assert!(fine, "{story} {call} {how:?}: {stands:?}");
                    clinic.restart();
                    if met {
                        assert_eq!(recover(&mut clinic.desk), Ok(()), "{story} {call} {how:?}");
                    }
                    clinic.waits(2 * STEP);
                    assert_eq!(
                        verdict(ben.signs_in(&mut clinic.desk)),
                        accepted_by_phone(10),
                        "{story} {call} {how:?}"
                    );
                    assert!(matches!(clinic.desk.verify_log(), Ok(Ok(_))), "{story} {call} {how:?}");
                }
                if !met {
                    break;
                }
            }
        }
    }
}
