//! Several people at one desk: who is who, who may do what to whom, and what is dead from which moment on.

use std::time::Duration;

use clinic2fa::domain::audit::WRONG_CODE_LOCKED;
use clinic2fa::domain::code::Code;
use clinic2fa::domain::edit::Edit;
use clinic2fa::domain::names;
use clinic2fa::domain::presence::Why;
use clinic2fa::domain::recovery::RecoveryCode;
use clinic2fa::domain::secret::SecretText;
use clinic2fa::domain::state::{Joins, PersonStage, Role, Settings};
use clinic2fa::domain::verify::{FactorUsed, FirstCode, Presented, Verdict};
use clinic2fa::effects::{Desk, Failure, Managed, Purpose};
use clinic2fa::explain::leaver;
use clinic2fa::ports::{Begins, PersonLook, StoreError};

use super::clinic::{
    Clinic, MARIA, PASSWORD, Phone, STEP, SignInOutcome, WRONG, accepted_by_phone, digits, is_in, recovers_at,
    signs_in_at, verdict, written,
};

pub(crate) const BEN: &str = "bashdown";
pub(crate) const BENS: &str = "walnut ferry cobalt 88";
const NEW: &str = "gravel sunrise teapot 31";
const HOUR: Duration = Duration::from_hours(1);

/// Somebody besides the manager.
pub(crate) struct Colleague {
    pub(crate) id: String,
    pub(crate) phone: Phone,
    pub(crate) sheet: Vec<String>,
    pub(crate) password: String,
}

impl Colleague {
    pub(crate) fn signs_in(&self, desk: &mut Desk) -> SignInOutcome {
        signs_in_at(desk, &self.id, &self.password, &self.phone.code())
    }
}

/// Maria has given password and code for exactly one change.
pub(crate) fn maria_is_about_to_change(clinic: &mut Clinic) {
    about_to_change(clinic, MARIA, PASSWORD, &clinic.phone.clone());
}

fn about_to_change(clinic: &mut Clinic, person: &str, password: &str, phone: &Phone) {
    clinic.waits(STEP);
    let code = Presented::Code(digits(&phone.code()));
    let told = clinic.desk.sign_in(person, &SecretText::from(password), &code, Purpose::Change);
    assert!(is_in(&told), "{told:?}");
}

pub(crate) fn slip(code: &SecretText) -> RecoveryCode {
    RecoveryCode::parse(code.expose()).unwrap()
}

/// From the slip to the first lock screen.
pub(crate) fn begins(clinic: &mut Clinic, id: &str, code: &SecretText, password: &str) -> Colleague {
    let offer = clinic.desk.activate(id, &slip(code), &SecretText::from(password)).unwrap();
    let phone = Phone::scans(&offer, &clinic.office.clock);
    assert_eq!(clinic.desk.first_code(&digits(&phone.code())), Ok(FirstCode::Right));
    let (sheet, key) = written(&clinic.desk.phone_sheets().unwrap());
    assert_eq!(key, None, "the clinic's spare key is not for everybody");
    assert_eq!(clinic.desk.finish_phone(), Ok(()));
    clinic.desk.lock();
    clinic.waits(STEP);
    Colleague { id: id.to_owned(), phone, sheet, password: password.to_owned() }
}

pub(crate) fn joins(clinic: &mut Clinic, name: &str, role: Role, password: &str) -> Colleague {
    maria_is_about_to_change(clinic);
    let slip = clinic.desk.add_person(name, role).unwrap();
    clinic.desk.lock();
    begins(clinic, &slip.person, &slip.code, password)
}

/// Oak Tree with Ben on reception.
pub(crate) fn with_ben() -> (Clinic, Colleague) {
    let mut clinic = Clinic::oak_tree();
    let ben = joins(&mut clinic, "Ben Ashdown", Role::Staff, BENS);
    assert_eq!(ben.id, BEN);
    (clinic, ben)
}

fn looks(clinic: &mut Clinic, id: &str) -> Option<PersonLook> {
    let look = clinic.desk.look().ok().flatten()?;
    look.people.into_iter().find(|person| person.id == id)
}

fn rows(clinic: &Clinic, table: &str, id: &str) -> i64 {
    clinic.office.sql_number(&format!("SELECT count(*) FROM {table} WHERE person = '{id}'"))
}

#[test]
fn a_new_person_begins_with_a_slip_and_signs_in() {
    let mut clinic = Clinic::oak_tree();
    maria_is_about_to_change(&mut clinic);
    let made = clinic.desk.add_person("Ben Ashdown", Role::Staff).unwrap();
    assert_eq!(made.person, BEN);
    let look = looks(&mut clinic, BEN).unwrap();
    assert_eq!((look.stage, look.role, look.phones.len()), (Some(PersonStage::Pending), Role::Staff, 0));
    assert!(
        matches!(look.begins, Begins::WithSlip { until_unix } if until_unix == clinic.office.now().unix_secs + 86_400)
    );
    clinic.desk.lock();
    // No password of theirs, nor Maria's, nor the slip in its place opens anything yet.
    for password in [PASSWORD, BENS, made.code.expose()] {
        assert_eq!(clinic.signs_in(BEN, password, "123456"), Err(StoreError::NotReady.into()));
    }
    let weak = clinic.desk.activate(BEN, &slip(&made.code), &SecretText::from("Ben Ashdown 1234")).map(|_| ());
    assert!(matches!(weak, Err(Failure::Weak(_))), "a weak password costs nothing: {weak:?}");
    let ben = begins(&mut clinic, BEN, &made.code, BENS);
    assert_eq!(verdict(ben.signs_in(&mut clinic.desk)), accepted_by_phone(10));
    assert!(is_in(&recovers_at(&mut clinic.desk, BEN, BENS, &ben.sheet[3])));
    let (_, signed_in) = clinic.maria_signs_in().unwrap();
    assert_eq!(signed_in.unwrap().role, Role::Manager, "and Maria as before");
    // One's own things are worth nothing at another's name.
    clinic.waits(STEP);
    let code = clinic.phone.code();
    assert!(matches!(verdict(clinic.signs_in(BEN, PASSWORD, &code)), Verdict::WrongPassword { .. }));
    assert!(matches!(verdict(clinic.signs_in(BEN, BENS, &code)), Verdict::WrongCode { .. }));
    let spare = clinic.spare(2);
    let told = verdict(recovers_at(&mut clinic.desk, BEN, BENS, &spare));
    assert!(matches!(told, Verdict::WrongRecovery { .. }), "{told:?}");
}

#[test]
fn an_activation_code_counts_once_for_a_day_on_both_clocks() {
    // Used: it opens nothing a second time, and the password takes over.
    let mut clinic = Clinic::oak_tree();
    maria_is_about_to_change(&mut clinic);
    let made = clinic.desk.add_person("Ben Ashdown", Role::Staff).unwrap();
    clinic.desk.activate(BEN, &slip(&made.code), &SecretText::from(BENS)).unwrap();
    clinic.restart();
    let again = clinic.desk.activate(BEN, &slip(&made.code), &SecretText::from(NEW)).map(|_| ());
    assert_eq!(again, Err(StoreError::NotNow.into()));
    assert_eq!(looks(&mut clinic, BEN).unwrap().begins, Begins::WithPassword);
    assert_eq!(clinic.desk.drop_phone(), Err(Failure::NotSignedIn));
    let resumed = clinic.desk.resume(BEN, &SecretText::from(BENS)).unwrap();
    assert_eq!(clinic.desk.drop_phone(), Err(StoreError::NotNow.into()), "it is all they have");
    let phone = Phone::scans(&resumed.offer, &clinic.office.clock);
    assert_eq!(clinic.desk.first_code(&digits(&phone.code())), Ok(FirstCode::Right));

    // Too old: by the wall clock, and by the clock that cannot be set when the wall clock was put back.
    let day = Duration::from_hours(24);
    let set_back: fn(&Clinic) = |clinic| clinic.office.clock.set_wall(clinic.office.now().unix_secs - 2 * 86_400);
    let nothing: fn(&Clinic) = |_| {};
    for (wait, then, good) in [
        (day - Duration::from_secs(31), nothing, true),
        (day, nothing, false),
        (day - Duration::from_secs(31), set_back, true),
        (day + STEP, set_back, false),
    ] {
        let mut clinic = Clinic::oak_tree();
        maria_is_about_to_change(&mut clinic);
        let made = clinic.desk.add_person("Ben Ashdown", Role::Staff).unwrap();
        clinic.desk.lock();
        clinic.waits(wait);
        then(&clinic);
        let begun = clinic.desk.activate(BEN, &slip(&made.code), &SecretText::from(BENS)).map(|_| ());
        assert_eq!(begun, if good { Ok(()) } else { Err(StoreError::SlipOver.into()) }, "{wait:?}");
    }
}

#[test]
fn wrong_activation_codes_wait_like_passwords() {
    let mut clinic = Clinic::oak_tree();
    maria_is_about_to_change(&mut clinic);
    let made = clinic.desk.add_person("Ben Ashdown", Role::Staff).unwrap();
    clinic.desk.lock();
    let wrong = RecoveryCode::parse(&clinic.spare(1)).unwrap();
    let tries = |clinic: &mut Clinic, code: &RecoveryCode| {
        clinic.desk.activate(BEN, code, &SecretText::from(BENS)).map(|_| ()).unwrap_err()
    };
    let from = clinic.log_end() + 1;
    for wait in [None, None, Some(Duration::from_secs(15))] {
        assert_eq!(tries(&mut clinic, &wrong), Failure::Refused(Verdict::WrongPassword { wait }));
    }
    assert!(clinic.log_from(from).iter().all(|(event, result)| event == "activation" && result == "wrong-password"));
    let right = slip(&made.code);
    assert!(matches!(tries(&mut clinic, &right), Failure::Refused(Verdict::Wait { .. })), "not even the right one");
    clinic.waits(Duration::from_secs(15));
    begins(&mut clinic, BEN, &made.code, BENS);
}

/// And a desk that judged the old slip before the second reset does not use up the new one: see the contract.
#[test]
fn a_second_slip_kills_the_first() {
    let (mut clinic, _) = with_ben();
    maria_is_about_to_change(&mut clinic);
    let first = clinic.desk.reset_person(BEN).unwrap();
    maria_is_about_to_change(&mut clinic);
    let second = clinic.desk.reset_person(BEN).unwrap();
    clinic.desk.lock();
    let dead = clinic.desk.activate(BEN, &slip(&first.code), &SecretText::from(NEW)).map(|_| ());
    assert_eq!(dead, Err(Failure::Refused(Verdict::WrongPassword { wait: None })));
    begins(&mut clinic, BEN, &second.code, NEW);
}

/// C97 with `usernames.tsv`: one person whatever the spelling, and look-alikes are nobody else.
#[test]
fn c97_one_person_whatever_the_spelling() {
    let mut clinic = Clinic::oak_tree();
    let add = |clinic: &mut Clinic, typed: &str| {
        let name = names::tidy(typed).unwrap();
        maria_is_about_to_change(clinic);
        clinic.desk.add_person(&name, Role::Staff).map(|slip| slip.person)
    };
    let taken = Err(Failure::Store(StoreError::NameTaken));
    assert_eq!(add(&mut clinic, "Anna").as_deref(), Ok("anna"));
    for spelling in ["anna", "ANNA", " Anna ", "\u{ff21}\u{ff4e}\u{ff4e}\u{ff41}", "\u{410}\u{43d}\u{43d}\u{430}"] {
        let outcome = add(&mut clinic, spelling);
        if spelling.starts_with('\u{410}') {
            // Wholly Cyrillic: another name, which looks like another name ("н" is no "n").
            assert!(outcome.is_ok(), "{spelling}: {outcome:?}");
        } else {
            assert_eq!(outcome, taken, "{spelling}");
            let look = clinic.desk.look().unwrap().unwrap();
            assert_eq!(look.find(spelling).map(|person| person.id.as_str()), Some("anna"), "{spelling}");
        }
    }
    assert_eq!(add(&mut clinic, "jos\u{e9}").as_deref(), Ok("jose"));
    assert_eq!(add(&mut clinic, "jose\u{301}"), taken);
    assert_eq!(add(&mut clinic, "сор").as_deref(), Ok("sor"));
    assert_eq!(add(&mut clinic, "cop"), taken, "the same to the eye");
    assert_eq!(add(&mut clinic, "MARIA SANTOS"), taken);
    assert!(names::tidy("\u{430}dmin").is_err());
    // One id each, whatever the script.
    let mut ids = vec![];
    for name in ["anna/front", "anna\\front", "anna*", "anna@desk", "山田 花子", "山本 花子", "محمد علي"]
    {
        ids.push(add(&mut clinic, name).unwrap());
    }
    let all: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(all.len(), ids.len(), "{ids:?}");
    // A refused name keeps the fresh code: it is typed again.
    maria_is_about_to_change(&mut clinic);
    assert_eq!(clinic.desk.add_person("ANNA", Role::Staff).map(|_| ()), Err(StoreError::NameTaken.into()));
    assert!(clinic.desk.add_person("Anna Berg", Role::Staff).is_ok());
}

/// C93: everything the person had is dead in the moment of the reset, and nobody else notices.
#[test]
fn c93_a_reset_kills_everything_in_one_moment() {
    let (mut clinic, ben) = with_ben();
    // Something of every kind to be taken away: a session, a half-linked phone, a day pass, counters, a wait.
    let mut front = clinic.second_desk();
    assert!(is_in(&recovers_at(&mut front, BEN, BENS, &ben.sheet[0])));
    clinic.waits(STEP);
    front.fresh_code(&Presented::Code(digits(&ben.phone.code()))).unwrap();
    let half = Phone::scans(&front.begin_phone("", Joins::Beside).unwrap(), &clinic.office.clock);
    clinic.waits(STEP);
    front.fresh_code(&Presented::Code(digits(&ben.phone.code()))).unwrap();
    for n in 0..3 {
        let wrong = ben.phone.wrong_code(n);
        verdict(clinic.signs_in(BEN, BENS, &wrong));
        verdict(clinic.signs_in(BEN, "not the password 1", &wrong));
    }
    let before = clinic.office.sql_number("SELECT generation FROM person WHERE id = 'bashdown'");
    let maria = clinic.office.sql_number("SELECT sum(length(code_key)) FROM person WHERE id = 'msantos'");
    clinic.waits(HOUR);
    maria_is_about_to_change(&mut clinic);
    let (from, epoch) = (clinic.log_end() + 1, clinic.office.file_epoch());
    let made = clinic.desk.reset_person(BEN).unwrap();
    assert_eq!(clinic.office.file_epoch(), epoch + 1, "one transaction");
    assert_eq!(clinic.log_from(from), [("person-reset".to_owned(), "done".to_owned())]);
    assert_eq!((rows(&clinic, "factor", BEN), rows(&clinic, "recovery_code", BEN)), (0, 0));
    let gone = clinic.office.sql_number(
        "SELECT slot_salt IS NULL AND slot_sealed IS NULL AND length(code_key) = 0 AND wait IS NULL AND lock IS NULL
         AND day_pass IS NULL AND password_failures = 0 AND code_failures = 0 AND wrong_codes = '[]'
         FROM person WHERE id = 'bashdown'",
    );
    assert_eq!(gone, 1);
    assert_eq!(clinic.office.sql_number("SELECT generation FROM person WHERE id = 'bashdown'"), before + 1);
    let look = looks(&mut clinic, BEN).unwrap();
    assert_eq!((look.stage, look.recovery_left, look.day_pass), (Some(PersonStage::Reset), 0, false));
    clinic.desk.lock();

    // The session on the other computer, with its fresh code and its half-linked phone.
    let code = Code::parse(&half.code()).unwrap();
    assert_eq!(front.first_code(&code), Err(StoreError::SessionOver.into()));
    // Told once, and nothing of it is left.
    let over = Failure::NotSignedIn;
    assert_eq!(front.begin_phone("", Joins::InTheirPlace).map(|_| ()), Err(over.clone()));
    assert_eq!(front.phone_sheets().map(|_| ()), Err(over.clone()));
    assert_eq!(front.finish_phone_without_codes(), Err(over.clone()));
    assert_eq!(front.drop_phone(), Err(over.clone()));
    assert_eq!(front.change_password(&SecretText::from(NEW)), Err(over.clone()));
    assert_eq!(front.happenings().map(|_| ()), Err(over.clone()));
    assert_eq!(front.fresh_code(&Presented::Code(digits(&ben.phone.code()))), Err(over));

    // And nothing that Ben knows or holds opens anything before he links a phone again, nor the half-way new password.
    let not_ready: Failure = StoreError::NotReady.into();
    let closed = |clinic: &mut Clinic, password: &str| {
        let code = ben.phone.code();
        assert_eq!(clinic.signs_in(BEN, password, &code), Err(not_ready.clone()));
        let spare = recovers_at(&mut clinic.desk, BEN, password, &ben.sheet[1]);
        assert_eq!(spare, Err(not_ready.clone()));
        let pass = clinic.desk.sign_in(BEN, &SecretText::from(password), &Presented::DayPass, Purpose::Work);
        assert_eq!(pass, Err(not_ready.clone()));
    };
    closed(&mut clinic, BENS);
    assert!(clinic.desk.resume(BEN, &SecretText::from(BENS)).is_err());
    let offer = clinic.desk.activate(BEN, &slip(&made.code), &SecretText::from(NEW)).unwrap();
    let new = Phone::scans(&offer, &clinic.office.clock);
    closed(&mut clinic, NEW);
    clinic.desk.resume(BEN, &SecretText::from(NEW)).unwrap();
    assert_eq!(clinic.desk.first_code(&digits(&new.code())), Ok(FirstCode::Right));
    clinic.restart();
    closed(&mut clinic, NEW);
    assert!(clinic.desk.resume(BEN, &SecretText::from(NEW)).unwrap().proved);
    let sheet = written(&clinic.desk.phone_sheets().unwrap()).0;
    assert_eq!(clinic.desk.finish_phone(), Ok(()));
    clinic.waits(STEP);
    for (phone, works) in [(&ben.phone, false), (&half, false), (&new, true)] {
        let code = phone.code();
        assert_eq!(is_in(&clinic.signs_in(BEN, NEW, &code)), works);
    }
    assert!(!is_in(&recovers_at(&mut clinic.desk, BEN, NEW, &ben.sheet[2])));
    assert!(is_in(&recovers_at(&mut clinic.desk, BEN, NEW, &sheet[2])));
    // Maria never noticed.
    clinic.waits(STEP);
    let same = clinic.office.sql_number("SELECT sum(length(code_key)) FROM person WHERE id = 'msantos'");
    assert_eq!(same, maria);
    assert_eq!(verdict(clinic.maria_signs_in()), accepted_by_phone(10));
    assert!(is_in(&clinic.maria_uses_spare(1)));
}

type Attack = fn(&mut Desk) -> Result<(), Failure>;

/// C96: what only a manager may do.
const MANAGING: [(&str, Attack); 8] = [
    ("person-added", |desk| desk.add_person("Cleo Park", Role::Manager).map(|_| ())),
    ("person-reset", |desk| desk.reset_person(MARIA).map(|_| ())),
    ("person-removed", |desk| desk.remove_person(MARIA).map(drop)),
    ("role-changed", |desk| desk.managed(Managed::Role(BEN.to_owned(), Role::Manager))),
    ("role-changed", |desk| desk.managed(Managed::Role(MARIA.to_owned(), Role::Staff))),
    ("day-pass-given", |desk| desk.managed(Managed::DayPass(MARIA.to_owned()))),
    ("setting-changed", |desk| desk.managed(Managed::Settings(Edit::whole(Settings::default())))),
    ("recovery-key-renewed", |desk| desk.new_clinic_key().map(|_| ())),
];

#[test]
fn c96_staff_manage_nobody_and_every_try_is_in_the_log() {
    let (mut clinic, ben) = with_ben();
    for (event, attack) in MANAGING {
        about_to_change(&mut clinic, BEN, BENS, &ben.phone);
        let people = clinic.desk.look().unwrap().unwrap().people;
        let from = clinic.log_end() + 1;
        assert_eq!(attack(&mut clinic.desk), Err(StoreError::NotAllowed.into()), "{event}");
        assert_eq!(clinic.log_from(from), [(event.to_owned(), "not-allowed".to_owned())]);
        assert_eq!(clinic.desk.look().unwrap().unwrap().people, people, "{event}");
    }
    clinic.waits(STEP);
    assert!(is_in(&clinic.maria_signs_in()));
    assert!(clinic.desk.happenings().unwrap().iter().all(|told| told.result != "not-allowed"));
}

/// C96: a fresh code for each change, and for one alone; a manager who was reset or demoted meanwhile is none.
#[test]
fn c96_each_change_takes_a_fresh_code_of_its_own() {
    let (mut clinic, _) = with_ben();
    let changes: [(&str, Attack); 6] = [
        ("add", |desk| desk.add_person("Cleo Park", Role::Staff).map(|_| ())),
        ("reset", |desk| desk.reset_person(BEN).map(|_| ())),
        ("role", |desk| desk.managed(Managed::Role(BEN.to_owned(), Role::Manager))),
        ("settings", |desk| desk.managed(Managed::Settings(Edit::whole(Settings::default())))),
        ("key", |desk| desk.new_clinic_key().map(|_| ())),
        ("remove", |desk| desk.remove_person(BEN).map(drop)),
    ];
    for (name, change) in changes {
        clinic.waits(STEP);
        assert!(is_in(&clinic.maria_signs_in()));
        let refused = Err(Failure::NotSignedIn);
        assert_eq!(change(&mut clinic.desk), refused, "{name}: the sign-in's code is none");
        clinic.waits(STEP);
        clinic.maria_gives_both().unwrap();
        assert_eq!(change(&mut clinic.desk), Ok(()), "{name}");
        assert_eq!(change(&mut clinic.desk), refused, "{name}: one code, one change");
        clinic.desk.lock();
        assert_eq!(change(&mut clinic.desk), refused, "{name}: locked");
    }
}

/// C96: at a desk that its manager left, somebody with her phone in hand resets and removes nobody. Her session stays
/// whatever was typed, and a wrong password counts as on the lock screen.
#[test]
fn c96_nobody_is_reset_or_removed_without_the_managers_password() {
    let (mut clinic, ben) = with_ben();
    let undoable: [(&str, Attack); 2] =
        [("reset", |desk| desk.reset_person(BEN).map(|_| ())), ("remove", |desk| desk.remove_person(BEN).map(drop))];
    clinic.waits(STEP);
    assert!(is_in(&clinic.maria_signs_in()));
    let refused = Err(Failure::NotSignedIn);
    let try_with = |clinic: &mut Clinic, password: &str| {
        clinic.waits(STEP);
        let code = Presented::Code(digits(&clinic.phone.code()));
        clinic.desk.fresh_sign_in(&SecretText::from(password), &code)
    };
    for (name, change) in undoable {
        clinic.waits(STEP);
        assert_eq!(clinic.maria_gives_fresh_code(), Ok(accepted_by_phone(10)));
        assert_eq!(change(&mut clinic.desk), refused, "{name}: a code alone");
        let from = clinic.log_end() + 1;
        let told = try_with(&mut clinic, WRONG);
        assert!(matches!(told, Ok(Verdict::WrongPassword { .. })), "{name}: {told:?}");
        assert_eq!(clinic.log_from(from), [("fresh-code".to_owned(), "wrong-password".to_owned())]);
        assert_eq!(change(&mut clinic.desk), refused, "{name}: a right code beside a wrong password");
    }
    try_with(&mut clinic, WRONG).unwrap();
    let third = try_with(&mut clinic, WRONG).unwrap();
    let Verdict::WrongPassword { wait: Some(wait) } = third else { panic!("the third makes wait: {third:?}") };
    let code = Presented::Code(digits(&clinic.phone.code()));
    let told = clinic.desk.fresh_sign_in(&SecretText::from(PASSWORD), &code);
    assert!(matches!(told, Ok(Verdict::Wait { .. })), "not even the right one: {told:?}");
    clinic.waits(wait);
    // A wrong code beside the right password is no more.
    let wrong = Presented::Code(digits(&clinic.phone.wrong_code(0)));
    let told = clinic.desk.fresh_sign_in(&SecretText::from(PASSWORD), &wrong);
    assert!(matches!(told, Ok(Verdict::WrongCode { .. })), "{told:?}");
    assert_eq!(undoable[0].1(&mut clinic.desk), refused);
    let mut second = clinic.second_desk();
    assert!(is_in(&ben.signs_in(&mut second)), "nothing of Ben's has changed");
    // Both are right: once, for one change, in the session that was there all the time.
    assert_eq!(try_with(&mut clinic, PASSWORD), Ok(accepted_by_phone(10)));
    assert_eq!(undoable[0].1(&mut clinic.desk), Ok(()));
    assert_eq!(undoable[1].1(&mut clinic.desk), refused, "one change");
    assert!(clinic.desk.lock_because(Why::Asked).is_some(), "her way back is still there");
    assert!(is_in(&clinic.desk.come_back(MARIA, &SecretText::from(PASSWORD))));
}

/// C95, C96.
#[test]
fn c95_the_last_manager_stays_and_nobody_manages_themselves() {
    let (mut clinic, ben) = with_ben();
    let own: [(&str, Attack, StoreError, StoreError); 4] = [
        ("reset", |desk| desk.reset_person(MARIA).map(|_| ()), StoreError::NotAllowed, StoreError::NotAllowed),
        ("remove", |desk| desk.remove_person(MARIA).map(drop), StoreError::LastManager, StoreError::NotAllowed),
        (
            "day pass",
            |desk| desk.managed(Managed::DayPass(MARIA.to_owned())),
            StoreError::NotAllowed,
            StoreError::NotAllowed,
        ),
        (
            "demote",
            |desk| desk.managed(Managed::Role(MARIA.to_owned(), Role::Staff)),
            StoreError::LastManager,
            StoreError::NotReady,
        ),
    ];
    for (name, change, alone, _) in own {
        maria_is_about_to_change(&mut clinic);
        assert_eq!(change(&mut clinic.desk), Err(alone.into()), "{name}");
    }
    // Whoever cannot sign in yet, was put into the file or is damaged is no second manager.
    maria_is_about_to_change(&mut clinic);
    clinic.desk.add_person("Cleo Park", Role::Manager).unwrap();
    clinic.office.sql(
        "CREATE TABLE eve AS SELECT * FROM person WHERE id = 'msantos';
         UPDATE eve SET id = 'eve', name = 'Eve', name_key = 'eve'; INSERT INTO person SELECT * FROM eve;",
    );
    maria_is_about_to_change(&mut clinic);
    let demote = |desk: &mut Desk, person: &str| desk.managed(Managed::Role(person.to_owned(), Role::Staff));
    assert_eq!(demote(&mut clinic.desk, MARIA), Err(StoreError::LastManager.into()));
    // With a second one who can: oneself may step down, and nothing else of it.
    maria_is_about_to_change(&mut clinic);
    assert_eq!(clinic.desk.managed(Managed::Role(BEN.to_owned(), Role::Manager)), Ok(()));
    for (name, change, _, with_another) in own.into_iter().take(3) {
        maria_is_about_to_change(&mut clinic);
        assert_eq!(change(&mut clinic.desk), Err(with_another.into()), "{name}");
    }
    maria_is_about_to_change(&mut clinic);
    assert_eq!(demote(&mut clinic.desk, MARIA), Ok(()));
    maria_is_about_to_change(&mut clinic);
    assert_eq!(clinic.desk.reset_person(BEN).map(|_| ()), Err(StoreError::NotAllowed.into()), "she is none any more");
    about_to_change(&mut clinic, BEN, BENS, &ben.phone);
    assert_eq!(demote(&mut clinic.desk, BEN), Err(StoreError::LastManager.into()), "and now he is the last");
}

#[test]
fn a_manager_who_was_demoted_or_reset_meanwhile_changes_nothing() {
    let mut clinic = Clinic::oak_tree();
    let cleo = joins(&mut clinic, "Cleo Park", Role::Manager, BENS);
    let mut hers = clinic.second_desk();
    let code = Presented::Code(digits(&cleo.phone.code()));
    assert!(is_in(&hers.sign_in(&cleo.id, &SecretText::from(BENS), &code, Purpose::Change)));
    maria_is_about_to_change(&mut clinic);
    clinic.desk.managed(Managed::Role(cleo.id.clone(), Role::Staff)).unwrap();
    let refused = Err(StoreError::NotAllowed.into());
    assert_eq!(hers.managed(Managed::Role(cleo.id.clone(), Role::Manager)), refused);
    maria_is_about_to_change(&mut clinic);
    clinic.desk.reset_person(&cleo.id).unwrap();
    let over = Err(StoreError::SessionOver.into());
    assert_eq!(hers.managed(Managed::Role(cleo.id.clone(), Role::Manager)), over);
}

#[test]
fn a_day_pass_ends_with_the_local_day() {
    let (mut clinic, _) = with_ben();
    let by_pass =
        |clinic: &mut Clinic| clinic.desk.sign_in(BEN, &SecretText::from(BENS), &Presented::DayPass, Purpose::Work);
    assert_eq!(by_pass(&mut clinic), Err(StoreError::NoDayPass.into()));
    maria_is_about_to_change(&mut clinic);
    let from = clinic.log_end() + 1;
    assert_eq!(clinic.desk.managed(Managed::DayPass(BEN.to_owned())), Ok(()));
    assert_eq!(clinic.log_from(from), [("day-pass-given".to_owned(), "done".to_owned())]);
    assert!(looks(&mut clinic, BEN).unwrap().day_pass);
    for _ in 0..2 {
        let told = verdict(by_pass(&mut clinic));
        assert!(matches!(told, Verdict::Accepted { by: FactorUsed::DayPass, .. }), "{told:?}");
    }
    // It is no code for a change, and no password.
    assert_eq!(clinic.desk.fresh_code(&Presented::DayPass), Err(StoreError::NoDayPass.into()));
    let other = clinic.desk.sign_in(BEN, &SecretText::from(PASSWORD), &Presented::DayPass, Purpose::Work);
    assert!(matches!(verdict(other), Verdict::WrongPassword { .. }));
    let now = clinic.office.now();
    let left = u64::try_from(now.day_ends_unix - now.unix_secs).unwrap();
    clinic.waits(Duration::from_secs(left - 1));
    assert!(is_in(&by_pass(&mut clinic)));
    clinic.waits(Duration::from_secs(1));
    assert_eq!(by_pass(&mut clinic), Err(StoreError::NoDayPass.into()));
    clinic.office.clock.set_wall(now.day_ends_unix - 3600);
    assert_eq!(by_pass(&mut clinic), Err(StoreError::NoDayPass.into()), "the wall clock does not bring it back");
    clinic.office.clock.set_wall(now.day_ends_unix);
    // Nobody who cannot sign in anyway.
    maria_is_about_to_change(&mut clinic);
    clinic.desk.reset_person(BEN).unwrap();
    maria_is_about_to_change(&mut clinic);
    assert_eq!(clinic.desk.managed(Managed::DayPass(BEN.to_owned())), Err(StoreError::NotReady.into()));
}

#[test]
fn a_leaver_is_gone_at_once_and_stays_in_the_log() {
    let (mut clinic, ben) = with_ben();
    let mut front = clinic.second_desk();
    assert!(is_in(&ben.signs_in(&mut front)));
    maria_is_about_to_change(&mut clinic);
    let removal = clinic.desk.remove_person(BEN).unwrap();
    assert_eq!(looks(&mut clinic, BEN), None);
    assert_eq!((rows(&clinic, "factor", BEN), rows(&clinic, "recovery_code", BEN)), (0, 0));
    clinic.waits(STEP);
    assert_eq!(ben.signs_in(&mut clinic.desk), Err(StoreError::NobodyThere.into()));
    let code = Presented::Code(digits(&ben.phone.code()));
    assert_eq!(front.fresh_code(&code), Err(StoreError::SessionOver.into()));
    assert_eq!(front.happenings(), Err(Failure::NotSignedIn));
    let filter = clinic2fa::ports::EntryFilter { person: Some(BEN.to_owned()), ..Default::default() };
    let log = clinic.desk.entries(&filter).unwrap();
    let last: Vec<_> = log.iter().rev().take(2).map(|entry| (entry.event.as_str(), entry.actor.as_str())).collect();
    assert_eq!(last, [("locked", BEN), ("person-removed", MARIA)], "and his desk locked");
    // The proof says what the log says, and what nobody could look up any more.
    let entry = log.iter().rev().nth(1).unwrap();
    assert_eq!((removal.number, removal.unix_secs, &removal.desk), (entry.number, entry.unix_secs, &entry.desk));
    assert_eq!((removal.person.as_str(), removal.name.as_str()), (BEN, "Ben Ashdown"));
    assert_eq!((removal.by.as_str(), removal.by_name.as_str()), (MARIA, "Maria Santos"));
    let said = leaver::proof(&removal, "10:42 here".to_owned(), "9:42 in UTC".to_owned());
    let values: Vec<&str> = said.facts.iter().map(|(_, value)| value.as_str()).collect();
    let number = entry.number.to_string();
    let who = ["Ben Ashdown (bashdown)", "10:42 here", "9:42 in UTC", "Maria Santos (msantos)", &entry.desk, &number];
    assert_eq!(values, who);
    assert!(said.advice.contains("change it"), "{said:?}");
    assert_eq!(removal.unix_secs, clinic.office.now().unix_secs - 30, "the moment of it, not of the question");
    assert!(matches!(clinic.desk.verify_log(), Ok(Ok(_))));
    maria_is_about_to_change(&mut clinic);
    let again = clinic.desk.remove_person(BEN).map(drop);
    assert_eq!(again, Err(StoreError::NobodyThere.into()));

    // The name is free, and whoever has it next is somebody else: neither the old session nor the old story is theirs.
    let next = joins(&mut clinic, "Ben Ashdown", Role::Staff, NEW);
    assert_eq!(next.id, BEN);
    assert_eq!(front.happenings(), Err(Failure::NotSignedIn));
    assert!(is_in(&next.signs_in(&mut clinic.desk)));
    let told = clinic.desk.happenings().unwrap();
    assert!(told.iter().all(|told| told.event == "enrolment-finished"), "{told:?}");
    clinic.waits(STEP);
    let old = ben.phone.code();
    assert!(!is_in(&clinic.signs_in(BEN, BENS, &old)) && !is_in(&clinic.signs_in(BEN, NEW, &old)));
}

#[test]
fn c53_a_damaged_person_is_removed_and_set_up_again() {
    for script in [
        "UPDATE person SET slot_cost = 'md5' WHERE id = 'bashdown'",
        "UPDATE person SET role = 'manager' WHERE id = 'bashdown'",
        "DELETE FROM person WHERE id = 'bashdown'",
        "UPDATE factor SET seed = x'00' WHERE person = 'bashdown'",
    ] {
        let (mut clinic, _) = with_ben();
        clinic.office.sql(&format!("PRAGMA foreign_keys = ON; {script}"));
        maria_is_about_to_change(&mut clinic);
        // A reset mends it too: tests/core/columns.rs.
        assert_eq!(clinic.desk.remove_person(BEN).map(drop), Ok(()), "{script}");
        let ben = joins(&mut clinic, "Ben Ashdown", Role::Staff, NEW);
        assert!(is_in(&ben.signs_in(&mut clinic.desk)), "{script}");
    }
    // A row that the roll does not know is on the lock screen, too: it can be taken away.
    let (mut clinic, _) = with_ben();
    clinic.office.sql("PRAGMA foreign_keys = OFF; UPDATE person SET id = 'nobody' WHERE id = 'bashdown'");
    for id in ["nobody", BEN] {
        maria_is_about_to_change(&mut clinic);
        assert_eq!(clinic.desk.remove_person(id).map(drop), Ok(()), "{id}");
    }
    assert_eq!(clinic.desk.look().unwrap().unwrap().people.len(), 1);
}

#[test]
fn a_second_phone_works_beside_the_first_until_it_is_unlinked() {
    let (mut clinic, ben) = with_ben();
    about_to_change(&mut clinic, BEN, BENS, &ben.phone);
    let offer = clinic.desk.begin_phone("Tablet", Joins::Beside).unwrap();
    let tablet = Phone::scans(&offer, &clinic.office.clock);
    assert_eq!(clinic.desk.first_code(&digits(&tablet.code())), Ok(FirstCode::Right));
    assert_eq!(clinic.desk.finish_phone_without_codes(), Ok(()));
    clinic.waits(STEP);
    let phones = looks(&mut clinic, BEN).unwrap().phones;
    let labels: Vec<&str> = phones.iter().map(|phone| phone.label.as_str()).collect();
    assert_eq!(labels, ["", "Tablet"]);
    // Both, in the same step; each code once.
    let tells = |clinic: &mut Clinic, phone: &Phone| {
        let code = phone.code();
        verdict(clinic.signs_in(BEN, BENS, &code))
    };
    for phone in [&ben.phone, &tablet] {
        assert_eq!(tells(&mut clinic, phone), accepted_by_phone(10));
        assert!(matches!(tells(&mut clinic, phone), Verdict::Used { .. }));
    }
    assert!(is_in(&recovers_at(&mut clinic.desk, BEN, BENS, &ben.sheet[0])), "the sheet is as it was");
    // C31: what one phone's code is to the other is no failure.
    let failures = "SELECT code_failures + password_failures FROM person WHERE id = 'bashdown'";
    assert_eq!(clinic.office.sql_number(failures), 0);
    about_to_change(&mut clinic, BEN, BENS, &tablet);
    let nobodys = clinic.desk.remove_phone("nobody's");
    assert_eq!(nobodys, Err(StoreError::NotNow.into()));
    let marias = looks(&mut clinic, MARIA).unwrap().phones[0].id.clone();
    assert_eq!(clinic.desk.remove_phone(&marias), Err(StoreError::NotNow.into()), "not another's");
    assert_eq!(clinic.desk.remove_phone(&phones[0].id), Ok(()));
    assert_eq!(clinic.desk.remove_phone(&phones[1].id), Err(Failure::NotSignedIn), "one code, one change");
    clinic.waits(STEP);
    assert!(matches!(tells(&mut clinic, &ben.phone), Verdict::WrongCode { .. }));
    assert_eq!(tells(&mut clinic, &tablet), accepted_by_phone(9));
    about_to_change(&mut clinic, BEN, BENS, &tablet);
    assert_eq!(clinic.desk.remove_phone(&phones[1].id), Err(StoreError::NotNow.into()), "never the last one");
}

/// C92: two enrolments of one person at a time.
#[test]
fn c92_of_two_enrolments_at_a_time_one_phone_is_left() {
    let (mut clinic, ben) = with_ben();
    let mut second = clinic.second_desk();
    about_to_change(&mut clinic, BEN, BENS, &ben.phone);
    let a = Phone::scans(&clinic.desk.begin_phone("", Joins::InTheirPlace).unwrap(), &clinic.office.clock);
    clinic.waits(STEP);
    let code = Presented::Code(digits(&ben.phone.code()));
    assert!(is_in(&second.sign_in(BEN, &SecretText::from(BENS), &code, Purpose::Change)));
    let b = Phone::scans(&second.begin_phone("", Joins::InTheirPlace).unwrap(), &clinic.office.clock);
    // The earlier one is told that its entry is worth nothing, whatever code it gives.
    let replaced: Failure = StoreError::PhoneReplaced.into();
    assert_eq!(clinic.desk.first_code(&digits(&a.code())), Err(replaced.clone()));
    assert_eq!(clinic.desk.first_code(&digits(&b.code())), Err(replaced.clone()));
    assert_eq!(second.first_code(&digits(&b.code())), Ok(FirstCode::Right));
    clinic.desk.phone_sheets().unwrap();
    assert_eq!(clinic.desk.finish_phone(), Err(replaced), "with the other's phone, either");
    second.phone_sheets().unwrap();
    assert_eq!(second.finish_phone(), Ok(()));
    clinic.waits(STEP);
    assert_eq!(rows(&clinic, "factor", BEN), 1);
    for (phone, works) in [(&a, false), (&ben.phone, false), (&b, true)] {
        let code = phone.code();
        assert_eq!(is_in(&clinic.signs_in(BEN, BENS, &code)), works);
    }
}

/// Two computers begin with one slip: one of them does.
#[test]
fn c92_one_slip_begins_one_enrolment() {
    let mut clinic = Clinic::oak_tree();
    maria_is_about_to_change(&mut clinic);
    let made = clinic.desk.add_person("Ben Ashdown", Role::Staff).unwrap();
    let code = made.code.expose().to_owned();
    let begun: Vec<bool> = std::thread::scope(|scope| {
        let desks: Vec<_> = (0..3)
            .map(|_| {
                let (office, code) = (clinic.office.clone(), code.clone());
                scope.spawn(move || {
                    let code = RecoveryCode::parse(&code).unwrap();
                    office.desk().activate(BEN, &code, &SecretText::from(BENS)).is_ok()
                })
            })
            .collect();
        desks.into_iter().map(|desk| desk.join().unwrap()).collect()
    });
    assert_eq!(begun.into_iter().filter(|begun| *begun).count(), 1);
    assert_eq!(rows(&clinic, "factor", BEN), 1);
}

#[test]
fn two_desks_that_change_one_person_at_once_lose_nothing() {
    let (mut clinic, ben) = with_ben();
    let cleo = joins(&mut clinic, "Cleo Park", Role::Manager, BENS);
    let mut hers = clinic.second_desk();
    maria_is_about_to_change(&mut clinic);
    let code = Presented::Code(digits(&cleo.phone.code()));
    assert!(is_in(&hers.sign_in(&cleo.id, &SecretText::from(BENS), &code, Purpose::Change)));
    let (from, epoch) = (clinic.log_end() + 1, clinic.office.file_epoch());
    let desk = &mut clinic.desk;
    std::thread::scope(|scope| {
        let pass = scope.spawn(move || desk.managed(Managed::DayPass(BEN.to_owned())));
        let role = scope.spawn(move || hers.managed(Managed::Role(BEN.to_owned(), Role::Manager)));
        assert_eq!((pass.join().unwrap(), role.join().unwrap()), (Ok(()), Ok(())));
    });
    let look = looks(&mut clinic, BEN).unwrap();
    assert_eq!((look.role, look.day_pass), (Role::Manager, true));
    assert_eq!(clinic.office.file_epoch(), epoch + 2);
    assert_eq!(clinic.log_from(from).len(), 2);
    clinic.waits(STEP);
    assert!(is_in(&ben.signs_in(&mut clinic.desk)));
}

#[test]
fn everybody_is_told_once_what_happened() {
    let (mut clinic, ben) = with_ben();
    let told = |desk: &mut Desk| -> Vec<(String, String, String, u32)> {
        let told = desk.happenings().unwrap();
        told.into_iter().map(|told| (told.event, told.person, told.actor, told.times)).collect()
    };
    let said = |event: &str, person: &str, actor: &str, times: u32| {
        (event.to_owned(), person.to_owned(), actor.to_owned(), times)
    };
    assert!(is_in(&ben.signs_in(&mut clinic.desk)));
    assert_eq!(told(&mut clinic.desk), [], "of his own set-up");
    clinic.waits(STEP);
    assert!(is_in(&clinic.maria_signs_in()));
    told(&mut clinic.desk);
    // Three wrong codes and a spare code: Ben's to know, not Maria's.
    for n in 0..3 {
        let wrong = ben.phone.wrong_code(n);
        verdict(clinic.signs_in(BEN, BENS, &wrong));
    }
    assert!(is_in(&recovers_at(&mut clinic.desk, BEN, BENS, &ben.sheet[0])));
    assert_eq!(told(&mut clinic.desk), [said("sign-in", BEN, BEN, 3), said("sign-in", BEN, BEN, 1)]);
    assert_eq!(told(&mut clinic.desk), [], "once");
    clinic.waits(STEP);
    assert!(is_in(&clinic.maria_signs_in()));
    assert_eq!(told(&mut clinic.desk), []);
    // What one manager does, the others hear, and whom it happened to; not whoever did it.
    let cleo = joins(&mut clinic, "Cleo Park", Role::Manager, BENS);
    assert!(is_in(&cleo.signs_in(&mut clinic.desk)));
    told(&mut clinic.desk);
    maria_is_about_to_change(&mut clinic);
    clinic.desk.managed(Managed::DayPass(BEN.to_owned())).unwrap();
    maria_is_about_to_change(&mut clinic);
    let before = clinic.desk.look().unwrap().unwrap().settings;
    let from = clinic.log_end() + 1;
    let mut settings = Settings { wrong_codes: 6, shortest_password: 14, ..before };
    settings.sms.per_month = 50;
    clinic.desk.managed(Managed::Settings(Edit::whole(settings))).unwrap();
    // Each by its name: none hides behind another.
    let changed = ["wrong-codes", "shortest-password", "sms.month-limit"];
    assert_eq!(clinic.log_from(from), changed.map(|name| ("setting-changed".to_owned(), name.to_owned())));
    assert!(matches!(clinic.desk.verify_log(), Ok(Ok(_))));
    assert_eq!(told(&mut clinic.desk), []);
    clinic.waits(STEP);
    assert!(is_in(&cleo.signs_in(&mut clinic.desk)));
    let heard = [said("day-pass-given", BEN, MARIA, 1), said("setting-changed", "", MARIA, 3)];
    assert_eq!(told(&mut clinic.desk), heard);
    assert!(is_in(&ben.signs_in(&mut clinic.desk)));
    assert_eq!(told(&mut clinic.desk), [said("day-pass-given", BEN, MARIA, 1)]);
}

/// DESIGN 5: whom wrong codes shut out is told at the next sign-in, and so is every manager; nobody else.
#[test]
fn lockouts_are_told_to_the_person_and_to_managers() {
    let (mut clinic, ben) = with_ben();
    let cleo = joins(&mut clinic, "Cleo Park", Role::Staff, BENS);
    let told = |desk: &mut Desk| -> Vec<(String, String, u32)> {
        desk.happenings().unwrap().into_iter().map(|told| (told.result, told.person, told.times)).collect()
    };
    let said = |result: &str, times: u32| (result.to_owned(), BEN.to_owned(), times);
    let wrong_codes = |clinic: &mut Clinic, times: u32| {
        for n in 0..times {
            clinic.waits(Duration::from_secs(1));
            let wrong = ben.phone.wrong_code(n);
            assert!(matches!(verdict(clinic.signs_in(BEN, BENS, &wrong)), Verdict::WrongCode { .. }));
        }
    };
    assert!(is_in(&clinic.maria_signs_in()));
    told(&mut clinic.desk);
    assert!(is_in(&cleo.signs_in(&mut clinic.desk)));
    told(&mut clinic.desk);
    clinic.desk.lock();
    // Ten wrong codes: nine of them are Ben's alone to know, the lock is not.
    wrong_codes(&mut clinic, 10);
    // What is tried during the lock is no news.
    assert!(matches!(verdict(ben.signs_in(&mut clinic.desk)), Verdict::Wait { .. }));
    clinic.waits(HOUR);
    assert!(is_in(&clinic.maria_signs_in()));
    assert_eq!(told(&mut clinic.desk), [said("wrong-code-locked", 1)]);
    assert!(is_in(&cleo.signs_in(&mut clinic.desk)));
    assert_eq!(told(&mut clinic.desk), [], "staff hear nothing of others");
    // Twenty more bring him to where only a manager or a spare code helps.
    wrong_codes(&mut clinic, 10);
    clinic.waits(HOUR);
    wrong_codes(&mut clinic, 10);
    assert!(is_in(&recovers_at(&mut clinic.desk, BEN, BENS, &ben.sheet[0])));
    let heard = told(&mut clinic.desk);
    let shut_out: Vec<_> = heard.iter().filter(|(result, ..)| result.starts_with("wrong-code-")).cloned().collect();
    let all = [said("wrong-code-locked", 1), said("wrong-code-locked", 1), said("wrong-code-manager", 1)];
    assert_eq!(shut_out, all, "{heard:?}");
    clinic.waits(STEP);
    assert!(is_in(&clinic.maria_signs_in()));
    assert_eq!(told(&mut clinic.desk), [said("wrong-code-locked", 1), said("wrong-code-manager", 1)]);
    assert_eq!(told(&mut clinic.desk), [], "once");
}

/// A bad night pushes nothing out of sight: not a reset and a lockout for a manager, not a spare code that was used for
/// whom it belonged to.
#[test]
fn however_often_somebody_tries_nothing_else_is_pushed_out_of_sight() {
    let (mut clinic, ben) = with_ben();
    let cleo = joins(&mut clinic, "Cleo Park", Role::Manager, BENS);
    let told = |desk: &mut Desk| -> Vec<(String, String, u32)> {
        desk.happenings().unwrap().into_iter().map(|told| (told.event, told.result, told.times)).collect()
    };
    let said = |event: &str, result: &str, times: u32| (event.to_owned(), result.to_owned(), times);
    for who in [&cleo, &ben] {
        assert!(is_in(&who.signs_in(&mut clinic.desk)));
        told(&mut clinic.desk);
    }
    maria_is_about_to_change(&mut clinic);
    clinic.desk.managed(Managed::DayPass(BEN.to_owned())).unwrap();
    clinic.waits(STEP);
    assert!(is_in(&recovers_at(&mut clinic.desk, BEN, BENS, &ben.sheet[0])));
    clinic.desk.lock();
    for n in 0..10 {
        clinic.waits(Duration::from_secs(1));
        verdict(clinic.signs_in(BEN, BENS, &ben.phone.wrong_code(n)));
    }
    for _ in 0..600 {
        assert!(matches!(verdict(ben.signs_in(&mut clinic.desk)), Verdict::Wait { .. }));
    }
    assert!(is_in(&cleo.signs_in(&mut clinic.desk)));
    let heard = [said("day-pass-given", "done", 1), said("sign-in", WRONG_CODE_LOCKED, 1)];
    assert_eq!(told(&mut clinic.desk), heard);
    clinic.waits(HOUR);
    assert!(is_in(&ben.signs_in(&mut clinic.desk)));
    let own = [
        said("day-pass-given", "done", 1),
        said("sign-in", "accepted", 1),
        said("sign-in", "wrong-code", 9),
        said("sign-in", WRONG_CODE_LOCKED, 1),
    ];
    assert_eq!(told(&mut clinic.desk), own);
}

#[test]
fn settings_hold_within_their_ranges_and_keep_what_a_newer_program_chose() {
    let (mut clinic, ben) = with_ben();
    maria_is_about_to_change(&mut clinic);
    let wild = Settings { wrong_codes: 1000, shortest_password: 1, program: "Systm".into(), ..Settings::default() };
    clinic.desk.managed(Managed::Settings(Edit::whole(wild))).unwrap();
    let settings = clinic.desk.look().unwrap().unwrap().settings;
    assert_eq!((settings.wrong_codes, settings.shortest_password, settings.program.as_str()), (10, 8, "Systm"));
    // C34: the limit counts exactly, and a lower one at once.
    maria_is_about_to_change(&mut clinic);
    clinic.desk.managed(Managed::Settings(Edit::whole(Settings { wrong_codes: 5, ..settings }))).unwrap();
    for n in 0..5 {
        let wrong = ben.phone.wrong_code(n);
        assert!(matches!(verdict(clinic.signs_in(BEN, BENS, &wrong)), Verdict::WrongCode { .. }));
    }
    assert!(matches!(verdict(ben.signs_in(&mut clinic.desk)), Verdict::Wait { .. }));
    assert_eq!(Settings::default().over(r#"{"colour":"blue"}"#).matches("blue").count(), 1);
}

#[test]
fn the_log_is_written_to_a_new_file_whole_and_safe_to_open() {
    let mut clinic = Clinic::oak_tree();
    // The computer's name is the one thing in the log that nobody here chose.
    clinic.office.sql("UPDATE audit SET desk = '=cmd|calc' WHERE number = 2");
    clinic.office.sql(
        "WITH RECURSIVE n(i) AS (SELECT (SELECT max(number) FROM audit) + 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
         INSERT INTO audit (number, unix_secs, event, person, actor, desk, factor, result, tag)
         SELECT i, unix_secs, event, person, actor, desk, factor, result, tag FROM n, audit WHERE audit.number = 1",
    );
    let (csv, lines) = (clinic.office.elsewhere("log.csv"), clinic.office.elsewhere("log.JSONL"));
    assert_eq!(clinic.desk.export(&csv), Ok(3000));
    let text = std::fs::read_to_string(&csv).unwrap();
    assert_eq!(text.lines().count(), 3001);
    assert!(text.starts_with("n,at,event,person,actor,desk,factor,result\r\n1,2026-"));
    assert!(text.contains(",\"'=cmd|calc\",") && !text.contains(",=cmd"), "no formula");
    assert_eq!(clinic.desk.export(&lines), Ok(3000));
    let text = std::fs::read_to_string(&lines).unwrap();
    let numbers: Vec<i64> = text
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["n"].as_i64().unwrap())
        .collect();
    assert_eq!(numbers, (1..=3000).collect::<Vec<_>>());
    // Never over a file, and nothing half.
    std::fs::write(&csv, "mine").unwrap();
    assert_eq!(clinic.desk.export(&csv), Err(Failure::FileExists));
    assert_eq!(std::fs::read_to_string(&csv).unwrap(), "mine");
    assert_eq!(clinic.desk.export(&clinic.office.elsewhere("nowhere/log.csv")), Err(Failure::FileBroken));
    let half = clinic.office.elsewhere("half.csv");
    clinic.office.sql("UPDATE audit SET result = CAST(x'ff' AS TEXT) WHERE number = 2500");
    assert!(clinic.desk.export(&half).is_err());
    assert!(!half.exists());
}
