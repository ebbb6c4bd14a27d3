//! A process that waits for its turn while others are at the same files: what it then does is judged by the time at which
//! its turn came, not by that at which it began to wait.

use std::time::Duration;

use clinic2fa::domain::edit::Edit;
use clinic2fa::domain::secret::SecretText;
use clinic2fa::domain::verify::{Presented, Verdict, WaitReason};
use clinic2fa::effects::{Desk, Managed, Purpose};

use super::clinic::{Clinic, MARIA, PASSWORD, STEP, WRONG, digits, is_in, signs_in_at, verdict};

const SECOND: Duration = Duration::from_secs(1);
/// Wrong passwords after which the next attempt must wait.
const TRIES: usize = 3;

/// Once, when the other one waits for its turn.
fn once(mut work: impl FnMut() + Send + 'static) -> impl FnMut() + Send + 'static {
    let mut done = false;
    move || {
        if !std::mem::replace(&mut done, true) {
            work();
        }
    }
}

#[test]
fn a_wait_that_began_meanwhile_holds() {
    let clinic = Clinic::oak_tree();
    let (office, code) = (clinic.office.clone(), clinic.phone.code());
    let wrong = code.clone();
    let mut waiting = clinic.office.desk_that_waits(once(move || {
        let mut other = office.desk();
        for _ in 0..TRIES {
            office.clock.advance(SECOND);
            signs_in_at(&mut other, MARIA, WRONG, &wrong).expect("judged");
        }
    }));
    let told = verdict(signs_in_at(&mut waiting, MARIA, PASSWORD, &code));
    assert!(matches!(told, Verdict::Wait { reason: WaitReason::Passwords, .. }), "{told:?}");
}

#[test]
fn a_code_that_let_somebody_in_meanwhile_is_used_and_no_clock_is_blamed() {
    let clinic = Clinic::oak_tree();
    let (office, code) = (clinic.office.clone(), clinic.phone.code());
    let first = code.clone();
    let mut waiting = clinic.office.desk_that_waits(once(move || {
        office.clock.advance(SECOND);
        assert!(is_in(&signs_in_at(&mut office.desk(), MARIA, PASSWORD, &first)));
    }));
    let told = verdict(signs_in_at(&mut waiting, MARIA, PASSWORD, &code));
    assert!(matches!(told, Verdict::Used { .. }), "{told:?}");
}

/// Words that stood in the file only while nobody had looked at its tag are nobody's settings.
#[test]
fn what_a_session_goes_by_is_what_was_verified() {
    let mut clinic = Clinic::oak_tree();
    clinic.maria_signs_in().expect("judged");
    let wanted = clinic.desk.look().expect("a look").expect("a clinic").settings;
    clinic.waits(STEP);
    let office = clinic.office.clone();
    office.sql("CREATE TABLE kept AS SELECT settings FROM clinic");
    office.sql("UPDATE clinic SET settings = json_set(settings, '$.lock_after_minutes', 60)");
    let mut waiting = clinic.office.desk_that_waits(once(move || {
        office.sql("UPDATE clinic SET settings = (SELECT settings FROM kept); DROP TABLE kept");
    }));
    let signed_in = signs_in_at(&mut waiting, MARIA, PASSWORD, &clinic.phone.code()).expect("judged").1;
    assert_eq!(signed_in.expect("let in").settings, wanted);
}

/// Whatever is written down after a wait, the log says nothing of a clock that was turned.
#[test]
fn nothing_that_waited_enters_a_turned_clock() {
    let changes: [fn(&mut Desk, &Clinic); 6] = [
        |_, _| {},
        |desk, clinic| {
            let code = Presented::Code(digits(&clinic.phone.code()));
            assert!(matches!(desk.fresh_code(&code), Ok(Verdict::Accepted { .. })));
        },
        |desk, _| {
            desk.managed(Managed::Settings(Edit::whole(clinic2fa::domain::state::Settings::default())))
                .expect("settings");
        },
        |desk, _| desk.change_password(&SecretText::from(WRONG)).map(drop).expect("a password"),
        |desk, _| desk.backup_now().map(drop).expect("a backup"),
        |desk, _| desk.lock(),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut clinic = Clinic::oak_tree();
        let office = clinic.office.clone();
        let mut waiting = clinic.office.desk_that_waits(move || {
            office.clock.advance(SECOND);
            // Anything that is written down will do.
            office.desk().backup_now().expect("a backup");
        });
        let code = Presented::Code(digits(&clinic.phone.code()));
        assert!(is_in(&waiting.sign_in(MARIA, &SecretText::from(PASSWORD), &code, Purpose::Change)), "{number}");
        let before = clinic.log_end();
        if number == 1 {
            clinic.waits(STEP);
        }
        change(&mut waiting, &clinic);
        assert!(number == 0 || clinic.log_end() > before, "{number}: something was written down");
        let log = clinic.log_from(1);
        assert!(log.iter().all(|(event, _)| event != "clock-jump"), "{number}: {log:?}");
    }
}
