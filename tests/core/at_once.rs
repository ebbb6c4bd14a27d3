//! Two windows change one person at once: whichever comes first, the end is one of two true ones, and never a mixture.

use clinic2fa::domain::secret::SecretText;
use clinic2fa::domain::state::{PersonStage, Role};
use clinic2fa::domain::verify::{FirstCode, Presented};
use clinic2fa::effects::{Desk, Failure, Managed, Purpose};
use clinic2fa::ports::StoreError;

use super::clinic::{Clinic, STEP, digits, is_in};
use super::people::{BEN, BENS, Colleague, joins, maria_is_about_to_change, slip, with_ben};

const NEW: &str = "gravel sunrise teapot 31";
/// Enough that each comes first now and then.
const ROUNDS: usize = 12;

/// A second manager with a desk of her own, about to make exactly one change; so is Maria.
fn two_managers(clinic: &mut Clinic, cleo: &Colleague) -> Desk {
    maria_is_about_to_change(clinic);
    let mut hers = clinic.second_desk();
    let code = Presented::Code(digits(&cleo.phone.code()));
    assert!(is_in(&hers.sign_in(&cleo.id, &SecretText::from(BENS), &code, Purpose::Change)));
    hers
}

/// Ben at a desk of his own, with a fresh code given.
fn ben_is_about_to_change(clinic: &Clinic, ben: &Colleague) -> Desk {
    let mut his = clinic.second_desk();
    let code = Presented::Code(digits(&ben.phone.code()));
    assert!(is_in(&his.sign_in(BEN, &SecretText::from(ben.password.as_str()), &code, Purpose::Change)));
    his
}

fn is_whole(clinic: &mut Clinic) {
    assert!(matches!(clinic.desk.verify_log(), Ok(Ok(_))));
    assert_eq!(clinic.office.keychain_epoch(), clinic.office.file_epoch());
}

#[test]
fn of_two_resets_at_once_one_slip_is_good() {
    let (mut clinic, _ben) = with_ben();
    let cleo = joins(&mut clinic, "Cleo Park", Role::Manager, BENS);
    for _ in 0..ROUNDS {
        let mut hers = two_managers(&mut clinic, &cleo);
        let from = clinic.log_end() + 1;
        let desk = &mut clinic.desk;
        let (marias, cleos) = std::thread::scope(|scope| {
            let maria = scope.spawn(move || desk.reset_person(BEN).unwrap().code);
            let cleo = scope.spawn(move || hers.reset_person(BEN).unwrap().code);
            (maria.join().unwrap(), cleo.join().unwrap())
        });
        assert_eq!(clinic.log_from(from), vec![("person-reset".to_owned(), "done".to_owned()); 2]);
        let mut good = Vec::new();
        for code in [&marias, &cleos] {
            let mut desk = clinic.second_desk();
            let begun = desk.activate(BEN, &slip(code), &SecretText::from(NEW));
            match begun {
                Ok(_) => good.push(code),
                Err(err) => assert!(
                    matches!(err, Failure::Refused(_) | Failure::Store(StoreError::NotNow)),
                    "a slip that is not good any more: {err:?}"
                ),
            }
            clinic.waits(STEP);
        }
        assert_eq!(good.len(), 1);
        is_whole(&mut clinic);
    }
}

#[test]
fn a_reset_and_a_new_password_at_once_leave_a_person_who_is_reset() {
    let (mut clinic, mut ben) = with_ben();
    for _ in 0..ROUNDS {
        maria_is_about_to_change(&mut clinic);
        let mut his = ben_is_about_to_change(&clinic, &ben);
        let desk = &mut clinic.desk;
        let (code, changed) = std::thread::scope(|scope| {
            let reset = scope.spawn(move || desk.reset_person(BEN).unwrap().code);
            let password = scope.spawn(move || his.change_password(&SecretText::from(NEW)));
            (reset.join().unwrap(), password.join().unwrap())
        });
        let refused = matches!(changed, Err(Failure::Store(StoreError::SessionOver | StoreError::NotReady)));
        assert!(changed.is_ok() || refused, "{changed:?}");
        let person = clinic.desk.look().unwrap().unwrap().people.into_iter().find(|person| person.id == BEN).unwrap();
        assert_eq!(person.stage, Some(PersonStage::Reset));
        clinic.waits(STEP);
        let old = ben.phone.code();
        for password in [BENS, NEW] {
            assert!(!is_in(&clinic.signs_in(BEN, password, &old)), "neither password is left: {password}");
        }
        is_whole(&mut clinic);
        // He begins again with the slip, for the next round.
        let offer = clinic.desk.activate(BEN, &slip(&code), &SecretText::from(BENS)).unwrap();
        ben.phone = super::clinic::Phone::scans(&offer, &clinic.office.clock);
        assert_eq!(clinic.desk.first_code(&digits(&ben.phone.code())), Ok(FirstCode::Right));
        clinic.desk.phone_sheets().unwrap();
        clinic.desk.finish_phone().unwrap();
        clinic.desk.lock();
        clinic.waits(STEP);
    }
}

#[test]
fn a_removal_and_a_sign_in_at_once_leave_nobody_in() {
    let (mut clinic, mut ben) = with_ben();
    for _ in 0..ROUNDS {
        maria_is_about_to_change(&mut clinic);
        let mut his = clinic.second_desk();
        let desk = &mut clinic.desk;
        let (removed, signed_in, mut his) = std::thread::scope(|scope| {
            let removed = scope.spawn(move || desk.remove_person(BEN));
            let ben = &ben;
            let signed_in = scope.spawn(move || (ben.signs_in(&mut his), his));
            let (signed_in, his) = signed_in.join().unwrap();
            (removed.join().unwrap(), signed_in, his)
        });
        assert_eq!(removed.map(|leaver| leaver.person), Ok(BEN.to_owned()));
        assert!(
            is_in(&signed_in) || matches!(signed_in, Err(Failure::Store(StoreError::NobodyThere))),
            "{signed_in:?}"
        );
        // Whoever came in a moment before can do nothing with it.
        clinic.waits(STEP);
        let code = Presented::Code(digits(&ben.phone.code()));
        assert!(his.fresh_code(&code).is_err());
        assert_eq!(clinic.signs_in(BEN, BENS, &ben.phone.code()), Err(StoreError::NobodyThere.into()));
        is_whole(&mut clinic);
        ben = joins(&mut clinic, "Ben Ashdown", Role::Staff, BENS);
    }
}

#[test]
fn two_managers_who_demote_each_other_at_once_leave_one() {
    let (mut clinic, _ben) = with_ben();
    let cleo = joins(&mut clinic, "Cleo Park", Role::Manager, BENS);
    let mut hers = two_managers(&mut clinic, &cleo);
    let (desk, cleos) = (&mut clinic.desk, cleo.id.clone());
    let (marias, cleos) = std::thread::scope(|scope| {
        let maria = scope.spawn(move || desk.managed(Managed::Role(cleos, Role::Staff)));
        let cleo = scope.spawn(move || hers.managed(Managed::Role(super::clinic::MARIA.to_owned(), Role::Staff)));
        (maria.join().unwrap(), cleo.join().unwrap())
    });
    assert_eq!([&marias, &cleos].into_iter().filter(|done| done.is_ok()).count(), 1, "{marias:?} {cleos:?}");
    let people = clinic.desk.look().unwrap().unwrap().people;
    assert_eq!(people.iter().filter(|person| person.role == Role::Manager).count(), 1);
    is_whole(&mut clinic);
}
