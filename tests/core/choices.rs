//! What the clinic wants is changed at another desk or by command while somebody is signed in at this one: it holds here at
//! the next look, and only what is proved does.

use std::time::Duration;

use clinic2fa::domain::edit::Edit;
use clinic2fa::domain::presence::{AfterLock, LockScreen};
use clinic2fa::domain::secret::SecretText;
use clinic2fa::domain::state::Settings;
use clinic2fa::domain::verify::{Presented, Verdict};
use clinic2fa::effects::{Desk, Failure, Managed, News, Purpose};

use super::clinic::{Clinic, MARIA, PASSWORD, STEP, digits, is_in};
use super::people::{BEN, maria_is_about_to_change, with_ben};

/// How long it may take until a change holds.
const LOOK: Duration = Duration::from_secs(10);

/// Another process, about to change something.
fn other_desk(clinic: &mut Clinic) -> Desk {
    clinic.waits(STEP);
    let mut other = clinic.second_desk();
    let code = Presented::Code(digits(&clinic.phone.code()));
    let (verdict, _) = other.sign_in(MARIA, &SecretText::from(PASSWORD), &code, Purpose::Change).unwrap();
    assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
    other
}

fn changes(desk: &mut Desk, change: impl FnOnce(&mut Settings)) -> Settings {
    let mut settings = desk.look().unwrap().unwrap().settings;
    change(&mut settings);
    desk.managed(Managed::Settings(Edit::whole(settings.clone()))).unwrap();
    settings
}

fn signed_in() -> Clinic {
    let mut clinic = Clinic::oak_tree();
    assert!(is_in(&clinic.maria_signs_in()));
    clinic
}

#[test]
fn a_change_made_elsewhere_is_told_at_the_next_look_and_once() {
    let mut clinic = signed_in();
    assert_eq!(clinic.desk.next_tick(), Some(LOOK), "the desk is woken for it");
    let settings = changes(&mut other_desk(&mut clinic), |settings| {
        settings.lock_after_minutes = 1;
        settings.lock_screen = LockScreen::Window;
        settings.after_lock = AfterLock::PasswordAndCode;
    });
    clinic.waits(LOOK);
    assert_eq!(clinic.desk.tick(), [News::Choices(Box::new(settings.clone()))]);
    clinic.waits(LOOK);
    assert_eq!(clinic.desk.tick(), []);
    assert_eq!(clinic.desk.look().unwrap().unwrap().settings, settings);
}

#[test]
fn it_does_not_look_more_often_than_that_and_after_a_lock_not_at_all() {
    let mut clinic = signed_in();
    let mut other = other_desk(&mut clinic);
    assert_eq!(clinic.desk.tick(), [], "nothing was changed");
    changes(&mut other, |settings| settings.lock_after_minutes = 1);
    clinic.waits(LOOK / 2);
    assert_eq!(clinic.desk.tick(), [], "it has just looked");
    clinic.waits(LOOK / 2);
    assert_eq!(clinic.desk.tick().len(), 1);
    changes(&mut other_desk(&mut clinic), |settings| settings.lock_after_minutes = 2);
    clinic.desk.lock();
    assert_eq!((clinic.desk.tick(), clinic.desk.next_tick()), (Vec::new(), None));
}

/// Words in the file without the row's tag: anybody with the file could write them.
#[test]
fn what_somebody_wrote_into_the_file_changes_nothing() {
    let mut clinic = signed_in();
    let minutes = |clinic: &mut Clinic| clinic.desk.look().unwrap().unwrap().settings.lock_after_minutes;
    let before = minutes(&mut clinic);
    clinic.office.sql("UPDATE clinic SET settings = json_set(settings, '$.lock_after_minutes', 60)");
    assert_ne!(minutes(&mut clinic), before, "and it can be seen");
    clinic.waits(LOOK);
    assert_eq!(clinic.desk.tick(), []);
}

/// The page's own change needs no look to wait for.
#[test]
fn a_change_made_here_is_told_at_once() {
    let mut clinic = signed_in();
    clinic.waits(STEP);
    clinic.maria_gives_fresh_code().unwrap();
    clinic.desk.tick();
    let settings = changes(&mut clinic.desk, |settings| settings.lock_after_minutes = 7);
    assert_eq!(clinic.desk.tick(), [News::Choices(Box::new(settings))]);
}

/// Whoever is reset or removed while signed in elsewhere is locked out there at the next look, and holds nothing any more.
#[test]
fn whoever_is_reset_or_removed_is_locked_at_the_next_look() {
    let ends: [fn(&mut Desk); 2] =
        [|desk| drop(desk.reset_person(BEN).unwrap()), |desk| drop(desk.remove_person(BEN).unwrap())];
    for end in ends {
        let (mut clinic, ben) = with_ben();
        let mut his = clinic.second_desk();
        assert!(is_in(&ben.signs_in(&mut his)));
        assert_eq!(his.tick(), []);
        maria_is_about_to_change(&mut clinic);
        end(&mut clinic.desk);
        clinic.waits(LOOK);
        assert_eq!(his.tick(), [News::SessionOver]);
        assert_eq!((his.tick(), his.next_tick()), (Vec::new(), None), "once");
        assert_eq!(his.happenings().map(drop), Err(Failure::NotSignedIn));
        let last = clinic.log_end();
        assert_eq!(clinic.log_from(last), [("locked".to_owned(), "session-over".to_owned())]);
        assert_eq!(clinic.office.keychain_epoch(), clinic.office.file_epoch());
    }
}

/// Two managers at their settings pages, each with another thing to change: neither undoes what the other did.
#[test]
fn what_two_people_change_at_once_both_holds() {
    let mut clinic = Clinic::oak_tree();
    let seen = clinic.desk.look().unwrap().unwrap().settings;
    for change in [|all: &mut Settings| all.wrong_codes = 6, |all: &mut Settings| all.support = "7001".to_owned()] {
        let mut wanted = seen.clone();
        change(&mut wanted);
        other_desk(&mut clinic).managed(Managed::Settings(Edit::new(seen.clone(), wanted))).unwrap();
    }
    let settings = clinic.desk.look().unwrap().unwrap().settings;
    assert_eq!((settings.wrong_codes, settings.support.as_str()), (6, "7001"));
}

/// A page filled from a file that somebody had written to must not make their words the clinic's, when it is saved.
#[test]
fn what_a_page_only_showed_is_not_saved() {
    let mut clinic = Clinic::oak_tree();
    let office = clinic.office.clone();
    office.sql("CREATE TABLE kept AS SELECT settings FROM clinic");
    office.sql("UPDATE clinic SET settings = json_set(settings, '$.start_program', '/tmp/theirs')");
    let seen = clinic.desk.look().unwrap().unwrap().settings;
    assert_eq!(seen.practice.start_program, "/tmp/theirs");
    office.sql("UPDATE clinic SET settings = (SELECT settings FROM kept); DROP TABLE kept");
    let wanted = Settings { support: "7001".to_owned(), ..seen.clone() };
    other_desk(&mut clinic).managed(Managed::Settings(Edit::new(seen, wanted))).unwrap();
    let settings = clinic.desk.look().unwrap().unwrap().settings;
    assert_eq!((settings.practice.start_program.as_str(), settings.support.as_str()), ("", "7001"));
}
