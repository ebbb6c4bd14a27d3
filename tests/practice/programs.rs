//! Programs of this system, started with a stored text as their key.

use std::fs;
use std::time::Duration;

use clinic2fa::domain::edit::Edit;
use clinic2fa::domain::practice::AtEnd;
use clinic2fa::domain::secret::SecretText;
use clinic2fa::domain::verify::Presented;
use clinic2fa::effects::{Failure, KeyChange, KeyMishap, Managed, News, Purpose, Started};
use clinic2fa::ports::{Ending, ProgramError, StoreError};

use crate::clinic::{MARIA, PASSWORD, STEP, digits};
use crate::office::{Front, until};
use crate::search::{files_with, processes_with};

const KEY: &str = "walnut-5-otter-9-harp";

fn front(key_by: &str, script: &str) -> Front {
    let mut front = Front::new();
    front.sets(&[("opens", "text"), ("key-by", key_by)]);
    front.keeps(KEY).unwrap();
    front.starts(script);
    front
}

#[test]
fn the_program_gets_the_key_in_its_environment() {
    let mut front = front("environment:OFFICE_KEY", "printf '%s\\n' \"$OFFICE_KEY\" \"$@\" >got; exec sleep 60");
    front.opens();
    assert_eq!(front.written("got"), format!("{KEY}\n"));
}

#[test]
fn the_program_gets_the_key_on_its_input_which_then_ends() {
    let mut front = front("input", "cat >got; echo end >>got; exec sleep 60");
    front.opens();
    until("the end", || fs::read_to_string(front.path("got")).is_ok_and(|text| text.ends_with("end\n")));
    assert_eq!(front.written("got"), format!("{KEY}\nend\n"));
}

#[test]
fn the_program_gets_the_key_on_a_descriptor_that_is_good_once() {
    let script = "fd=$CLINIC2FA_KEY_FD; { cat /dev/fd/$fd; cat /dev/fd/$fd; env | grep -c walnut; echo; } >got.new
                  mv got.new got; exec sleep 60";
    let mut front = front("descriptor", script);
    front.opens();
    assert_eq!(front.written("got"), format!("{KEY}\n0\n\n"));
}

/// The key is the program's alone: in nobody's arguments, nobody else's environment, no file.
#[test]
fn the_key_is_found_nowhere_else() {
    // Other tests run programs with the other one.
    const KEY: &str = "cobalt-3-heron-8-fig";
    let mut front = front("environment", "printf '%s\\n' $$ >pid; exec sleep 60");
    front.keeps(KEY).unwrap();
    front.opens();
    let pid: u32 = front.written("pid").trim().parse().unwrap();
    let with = |but: &[u32]| processes_with(KEY, but);
    assert_eq!(with(&[]), [format!("environ of {pid}")], "the search finds the program, and nobody but it");
    assert_eq!(files_with(KEY, front.folder.path()), Vec::<std::path::PathBuf>::new());
    let data = front.clinic.office.place.path().to_path_buf();
    assert_eq!(files_with(KEY, &data), Vec::<std::path::PathBuf>::new());
    assert_ne!(files_with("Maria Santos", &data).len(), 0, "the search finds what is there");
    front.clinic.desk.lock();
    until("the program to go", || !std::path::Path::new(&format!("/proc/{pid}")).exists() || zombie(pid));
    assert_eq!(with(&[]), Vec::<String>::new());
}

fn zombie(pid: u32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| stat.contains(") Z "))
}

/// Whether it runs: one that has ended and was not waited for does not.
fn runs(pid: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}

/// Nothing but an accepted sign-in releases the key: not a refusal, not a code for a change, not after a lock.
#[test]
fn only_an_accepted_sign_in_releases_the_key() {
    let mut front = front("environment", "echo started >got; exec sleep 60");
    let refused = Err(Failure::NotSignedIn);
    assert_eq!(front.clinic.desk.start_practice(), refused, "nobody has signed in");
    front.for_a_change();
    assert_eq!(front.clinic.desk.start_practice(), refused, "a code for a change is for the change");
    front.clinic.waits(STEP);
    let wrong = front.clinic.phone.wrong_code(3);
    front.clinic.signs_in(MARIA, PASSWORD, &wrong).unwrap();
    assert_eq!(front.clinic.desk.start_practice(), refused, "the code was wrong");
    front.signs_in();
    front.clinic.desk.lock();
    assert_eq!(front.clinic.desk.start_practice(), refused, "locked");
    assert!(!front.path("got").exists());
    front.opens();
    assert_eq!(front.written("got"), "started\n");
}

/// Somebody who is reset or removed while signed in gets no key any more.
#[test]
fn whoever_was_reset_meanwhile_gets_no_key() {
    let mut front = front("environment", "exec sleep 60");
    front.signs_in();
    front.clinic.office.sql("UPDATE person SET generation = generation + 1");
    let failure = front.clinic.desk.start_practice().unwrap_err();
    assert!(matches!(failure, Failure::Store(StoreError::PersonDamaged | StoreError::SessionOver)), "{failure:?}");
}

/// C98's kind: what the program is told to be, and where the key goes, is taken from the verified row alone.
#[test]
fn settings_that_somebody_wrote_into_the_file_start_nothing() {
    let mut front = front("environment", "exec sleep 60");
    front.signs_in();
    front.clinic.office.sql("UPDATE clinic SET settings = replace(settings, 'environment', 'input')");
    let failure = front.clinic.desk.start_practice().unwrap_err();
    assert!(matches!(failure, Failure::Closed(_)), "{failure:?}");
}

#[test]
fn a_sealed_key_of_elsewhere_opens_nothing() {
    let mut front = front("environment", "exec sleep 60");
    let column = |name: &str| {
        let db = rusqlite::Connection::open(front.clinic.office.database()).unwrap();
        db.query_row(&format!("SELECT {name} FROM clinic"), [], |row| row.get::<_, Vec<u8>>(0)).unwrap()
    };
    assert!(!column("database_key").is_empty());
    front.clinic.office.sql("UPDATE clinic SET database_key = device_key");
    front.clinic.waits(STEP);
    assert!(matches!(front.clinic.maria_signs_in(), Err(Failure::Closed(_))), "the row's tag covers it");
}

/// At a lock the program is asked to close, and after the grace it is made to.
#[test]
fn a_lock_closes_the_program_politely_and_then_firmly() {
    let script = "trap 'echo asked >asked' TERM; echo $$ >pid; while :; do sleep 0.1; done";
    let mut front = front("environment", script);
    front.sets(&[("at-lock", "close:30")]);
    front.opens();
    let pid = front.written("pid");
    front.clinic.desk.lock();
    assert_eq!(front.written("asked"), "asked\n");
    assert!(front.clinic.desk.wants_ticks());
    front.clinic.waits(Duration::from_secs(29));
    assert_eq!(front.clinic.desk.tick(), []);
    assert!(runs(&pid), "its grace is not over");
    front.clinic.waits(Duration::from_secs(2));
    front.clinic.desk.tick();
    until("its end", || !runs(&pid));
    until("its end to be seen", || {
        front.clinic.desk.tick();
        !front.clinic.desk.wants_ticks()
    });
}

/// What happens at a lock may be changed elsewhere while the program runs.
#[test]
fn what_is_changed_elsewhere_holds_for_the_program_that_runs() {
    let mut front = front("environment", "trap 'echo asked >asked' TERM; echo $$ >pid; while :; do sleep 0.1; done");
    front.sets(&[("at-lock", "keep"), ("at-end", "stay")]);
    front.opens();
    let pid = front.written("pid");
    front.clinic.waits(STEP);
    let mut other = front.clinic.second_desk();
    let code = Presented::Code(digits(&front.clinic.phone.code()));
    other.sign_in(MARIA, &SecretText::from(PASSWORD), &code, Purpose::Change).unwrap();
    let mut settings = other.look().unwrap().unwrap().settings;
    for (key, value) in [("at-lock", "close:30"), ("at-end", "lock")] {
        settings.practice.set(key, value).unwrap();
    }
    other.managed(Managed::Settings(Edit::whole(settings.clone()))).unwrap();
    assert_eq!(front.clinic.desk.tick(), [News::Choices(Box::new(settings))]);
    front.clinic.desk.lock();
    assert_eq!(front.written("asked"), "asked\n");
    assert!(runs(&pid), "its grace is not over");
    front.clinic.desk.finish();
}

#[test]
fn a_program_may_go_on_behind_the_lock_screen_and_is_found_again() {
    let mut front = front("environment", "echo $$ >>pid; exec sleep 60");
    front.sets(&[("at-lock", "keep")]);
    front.opens();
    let pid = front.written("pid");
    front.clinic.desk.lock();
    front.clinic.desk.tick();
    assert!(runs(&pid));
    front.opens();
    assert_eq!(front.written("pid"), pid, "no second one");
    front.clinic.desk.finish();
    until("its end with ours", || !runs(&pid));
}

/// What was still closing from last time does not stand beside the new one.
#[test]
fn the_next_sign_in_does_not_wait_for_the_grace() {
    let mut front = front("environment", "trap '' TERM; echo $$ >>pid; while :; do sleep 0.1; done");
    front.opens();
    let first = front.written("pid");
    front.clinic.desk.lock();
    front.opens();
    until("the second", || front.written("pid").lines().count() == 2);
    assert!(!runs(&first));
    front.clinic.desk.finish();
}

#[test]
fn the_end_of_the_program_is_told_once_with_what_the_clinic_wants_then() {
    let mut front = front("environment", "read line <go");
    let made = std::process::Command::new("mkfifo").arg(front.path("go")).status().unwrap();
    assert!(made.success());
    front.opens();
    assert_eq!(front.clinic.desk.tick(), []);
    fs::write(front.path("go"), "now\n").unwrap();
    let mut news = Vec::new();
    until("its end", || {
        news.extend(front.clinic.desk.tick());
        !news.is_empty()
    });
    assert_eq!(news, [News::ProgramEnded(AtEnd::Lock)]);
    assert_eq!(front.clinic.desk.tick(), []);
}

/// C54: whoever kills our program ends the practice program with it, however it was started.
#[test]
fn the_program_ends_with_us_c54() {
    let front = front("environment", "echo $$ >pid; trap '' TERM HUP INT; while :; do sleep 0.1; done");
    // The parent-death signal is the starting thread's: its end stands for ours.
    let office = front.clinic.office.clone();
    let (phone, waits) = (front.clinic.phone.clone(), STEP);
    front.clinic.waits(waits);
    let (started, wait) = std::sync::mpsc::channel();
    let (go, gone) = std::sync::mpsc::channel::<()>();
    let thread = std::thread::Builder::new().name("dies".to_owned()).spawn(move || {
        let mut desk = office.desk().with_outside(crate::office::outside());
        let code = Presented::Code(digits(&phone.code()));
        desk.sign_in(MARIA, &SecretText::from(PASSWORD), &code, Purpose::Work).unwrap();
        assert_eq!(desk.start_practice(), Ok(Started::Running));
        started.send(()).unwrap();
        gone.recv().ok();
        // As when it is killed: nothing is tidied up.
        Box::leak(Box::new(desk));
    });
    wait.recv().unwrap();
    let pid = front.written("pid");
    assert!(runs(&pid));
    go.send(()).unwrap();
    thread.unwrap().join().unwrap();
    until("its end", || !runs(&pid));
}

#[test]
fn what_cannot_be_started_says_why_and_leaves_nobody_out() {
    let mut front = front("environment", "exec sleep 60");
    let plain = front.path("not-a-program");
    fs::write(&plain, "x").unwrap();
    for (program, folder, why) in [
        ("/no/such/program", "", ProgramError::NotFound),
        (plain.to_str().unwrap(), "", ProgramError::NotAllowed),
        ("/bin/sh", "/no/such/folder", ProgramError::NoFolder),
    ] {
        front.sets(&[("start-program", program), ("start-folder", folder)]);
        front.signs_in();
        assert_eq!(front.clinic.desk.start_practice(), Err(Failure::Program(why)));
        assert!(!front.clinic.desk.wants_ticks());
    }
    front.sets(&[("start-program", "")]);
    front.signs_in();
    assert_eq!(front.clinic.desk.start_practice(), Ok(Started::NoneSet));
}

/// On the command line the named program gets the key as the clinic's own would, and its status comes back.
#[test]
fn a_program_named_on_the_command_line_gets_the_same() {
    let mut front = front("environment:OFFICE_KEY", "exec sleep 60");
    front.signs_in();
    let got = front.path("got");
    let script = format!("printf '%s\\n' \"$OFFICE_KEY\" >'{}'; exit 7", got.display());
    front.clinic.desk.start_given(&"/bin/sh".into(), &["-c".into(), script.into()]).unwrap();
    assert_eq!(front.clinic.desk.wait_for_end(), Ending::Status(7));
    assert_eq!(front.written("got"), format!("{KEY}\n"));
    assert_eq!(front.clinic.desk.start_practice(), Err(Failure::NotSignedIn), "signed out again");
}

#[test]
fn keys_are_kept_made_and_forgotten_by_managers_with_a_fresh_code_alone() {
    let mut front = Front::new();
    let kept = |front: &mut Front, change: &KeyChange| front.clinic.desk.set_key(change);
    assert_eq!(kept(&mut front, &KeyChange::New), Err(Failure::NotSignedIn));
    front.for_a_change();
    let nothing = Err(Failure::Key(KeyMishap::Unset("opens")));
    assert_eq!(kept(&mut front, &KeyChange::New), nothing, "nothing is set for it to open");
    front.sets(&[("opens", "text")]);
    for bad in ["", "two\nlines", &"x".repeat(4097)] {
        assert_eq!(front.keeps(bad), Err(Failure::Key(KeyMishap::Unusable)), "{bad:?}");
    }
    front.signs_in();
    assert_eq!(kept(&mut front, &KeyChange::New), Err(Failure::NotSignedIn), "signed in, and no fresh code");
    front.keeps("first").unwrap();
    assert_eq!(kept(&mut front, &KeyChange::Forget), Err(Failure::NotSignedIn), "the code was for one change");
    let other_kind = front.tries_to_set(&[("opens", "postgres")]);
    assert_eq!(other_kind, Err(Failure::Key(KeyMishap::StillKept)), "a key is of one kind");
    front.for_a_change();
    kept(&mut front, &KeyChange::Forget).unwrap();
    front.sets(&[("opens", "postgres")]);
    front.for_a_change();
    let entries = front.clinic.desk.entries(&Default::default()).unwrap();
    let words: Vec<_> = entries
        .iter()
        .filter(|entry| entry.event == "database-key-changed")
        .map(|entry| (entry.actor.as_str(), entry.result.as_str()))
        .collect();
    assert_eq!(words, [(MARIA, "kept"), (MARIA, "removed")]);
}

/// A stored text is changed by hand at the other end; here the new one takes the old one's place at once.
#[test]
fn a_stored_text_is_rotated_to_the_one_that_is_given() {
    let mut front = front("environment", "printf '%s\\n' \"$CLINIC2FA_KEY\" >got; exec sleep 60");
    front.for_a_change();
    assert_eq!(front.clinic.desk.rotate_key(None), Err(Failure::Key(KeyMishap::NotThisKind)));
    front.clinic.desk.rotate_key(Some(&SecretText::from("another text"))).unwrap();
    front.opens();
    assert_eq!(front.written("got"), "another text\n");
}

/// A program that asks by itself, in its own process.
#[test]
fn a_program_may_ask_by_itself() {
    let front = front("environment", "exec sleep 60");
    front.clinic.waits(STEP);
    let desk = || front.clinic.office.desk().with_outside(crate::office::outside());
    let password = SecretText::from(PASSWORD);
    let wrong = clinic2fa::embed::open_at(desk(), MARIA, &password, &front.clinic.phone.wrong_code(1)).err();
    assert!(matches!(wrong, Some(Failure::Refused(_))), "{wrong:?}");
    let none = clinic2fa::embed::open_at(desk(), MARIA, &password, "not six digits").err();
    assert_eq!(none, Some(Failure::NotSignedIn));
    let mut opened = clinic2fa::embed::open_at(desk(), MARIA, &password, &front.clinic.phone.code()).unwrap();
    assert_eq!((opened.key(), opened.login()), (KEY, ""));
    assert_eq!(opened.keep_up(), []);
}
