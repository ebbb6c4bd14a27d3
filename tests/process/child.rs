//! What the process does that is going to be killed: one story, each thing that is told said on a line of its own.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use clinic2fa::adapters::clock::TestClock;
use clinic2fa::domain::recovery::{ClinicKey, RecoveryCode};
use clinic2fa::domain::secret::SecretText;
use clinic2fa::domain::state::{Joins, Role};
use clinic2fa::domain::verify::{FirstCode, Presented, Verdict};
use clinic2fa::effects::{ActivationSlip, Desk, Failure, PhoneOffer, Purpose, Sheets, Standing};
use clinic2fa::ports::Begins;

use crate::clinic::{MARIA, PASSWORD, Phone, digits, new_setup, written};
use crate::files;

/// Who comes and goes.
pub(crate) const BEN: &str = "Ben Ashdown";
/// His password.
pub(crate) const BENS: &str = "walnut ferry cobalt 88";

/// `child FOLDER UNIX STORY ARGUMENT...`
pub(crate) fn run(arguments: &[String]) -> ExitCode {
    let [folder, unix, story, rest @ ..] = arguments else { panic!("{arguments:?}") };
    let clock = files::clock(unix.parse().expect("a time"));
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    let told = files::desk(Path::new(folder), &clock)
        .map_err(Failure::from)
        .and_then(|mut desk| tell(&mut desk, &clock, story, &rest));
    match told {
        Ok(()) => say("end"),
        Err(failure) => say(&format!("failure {failure:?}")),
    }
    ExitCode::SUCCESS
}

fn tell(desk: &mut Desk, clock: &TestClock, story: &str, words: &[&str]) -> Result<(), Failure> {
    match (story, words) {
        ("set-up", []) => set_up(desk, clock),
        ("sign-in", [password, code]) => sign_in(desk, password, &Presented::Code(digits(code))).map(drop),
        ("spare", [password, spare]) => {
            let spare = RecoveryCode::parse(spare).unwrap_or_else(|_| panic!("{spare}"));
            sign_in(desk, password, &Presented::Recovery(spare)).map(drop)
        }
        ("renew", [password, code, next]) => renew(desk, clock, password, code, next),
        ("password", [password, code, next, new]) => change_password(desk, clock, [password, code, next, new]),
        ("backup", [file]) => desk.backup_to(Path::new(file)).map(drop),
        ("phone", [password, code, next]) => new_phone(desk, clock, password, code, next),
        ("people", [password, codes @ ..]) => people(desk, clock, password, codes),
        ("begin", [id, slip]) => begin(desk, clock, id, slip),
        ("restore", [password, code, file]) => restore(desk, password, code, file),
        ("recover", [key]) => desk.recover(&ClinicKey::parse(key).unwrap_or_else(|_| panic!("{key}"))),
        other => panic!("{other:?}"),
    }
}

fn say(line: &str) {
    println!("{line}");
}

fn shown(offer: &PhoneOffer, clock: &TestClock) -> Phone {
    say(&format!("uri {}", offer.uri.expose()));
    Phone::scans(offer, clock)
}

fn printed(sheets: &Sheets) {
    let (codes, key) = written(sheets);
    say(&format!("sheet {} {}", codes.join(","), key.unwrap_or_default()));
}

/// From wherever the files stand to the end, as the window would.
fn set_up(desk: &mut Desk, clock: &TestClock) -> Result<(), Failure> {
    let phone = match desk.stand()? {
        Standing::Active(_) => {
            say("active");
            return Ok(());
        }
        Standing::New => shown(&desk.begin_setup(&new_setup("Oak Tree Surgery", "Maria Santos"))?, clock),
        Standing::Pending(look) => {
            let person = look.people.first().expect("the first person").id.clone();
            match desk.resume(&person, &SecretText::from(PASSWORD)) {
                Ok(resumed) => {
                    let phone = shown(&resumed.offer, clock);
                    if resumed.proved {
                        printed(&desk.setup_sheets()?);
                        return desk.finish_setup();
                    }
                    phone
                }
                // Killed before the keychain had the key: nothing that was shown is lost, and it starts over.
                Err(Failure::Closed(_)) => {
                    desk.drop_setup()?;
                    say("over");
                    shown(&desk.begin_setup(&new_setup("Oak Tree Surgery", "Maria Santos"))?, clock)
                }
                Err(failure) => return Err(failure),
            }
        }
    };
    assert_eq!(desk.first_code(&digits(&phone.code()))?, FirstCode::Right);
    printed(&desk.setup_sheets()?);
    desk.finish_setup()
}

fn sign_in(desk: &mut Desk, password: &str, presented: &Presented) -> Result<bool, Failure> {
    let (verdict, _) = desk.sign_in(MARIA, &SecretText::from(password), presented, Purpose::Work)?;
    let accepted = matches!(verdict, Verdict::Accepted { .. });
    say(if accepted { "accepted" } else { "refused" });
    Ok(accepted)
}

/// Signs in and gives the next code before a change.
fn about_to_change(desk: &mut Desk, clock: &TestClock, password: &str, code: &str, next: &str) -> Result<(), Failure> {
    assert!(sign_in(desk, password, &Presented::Code(digits(code)))?, "signs in");
    clock.advance(Duration::from_secs(30));
    let verdict = desk.fresh_code(&Presented::Code(digits(next)))?;
    assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
    Ok(())
}

fn renew(desk: &mut Desk, clock: &TestClock, password: &str, code: &str, next: &str) -> Result<(), Failure> {
    about_to_change(desk, clock, password, code, next)?;
    printed(&desk.new_codes()?);
    desk.finish_codes()
}

fn change_password(desk: &mut Desk, clock: &TestClock, words: [&str; 4]) -> Result<(), Failure> {
    let [password, code, next, new] = words;
    about_to_change(desk, clock, password, code, next)?;
    desk.change_password(&SecretText::from(new))
}

/// What somebody else's phone, or a second one, scans.
fn scanned(offer: &PhoneOffer, clock: &TestClock) -> Phone {
    say(&format!("scanned {}", offer.uri.expose()));
    Phone::scans(offer, clock)
}

/// A phone in the place of the old one.
fn new_phone(desk: &mut Desk, clock: &TestClock, password: &str, code: &str, next: &str) -> Result<(), Failure> {
    about_to_change(desk, clock, password, code, next)?;
    let phone = scanned(&desk.begin_phone("", Joins::InTheirPlace)?, clock);
    clock.advance(Duration::from_secs(30));
    assert_eq!(desk.first_code(&digits(&phone.code()))?, FirstCode::Right);
    printed(&desk.phone_sheets()?);
    desk.finish_phone()
}

/// The manager adds somebody, resets and removes them: each with a code of its own, the last two with the password too.
fn people(desk: &mut Desk, clock: &TestClock, password: &str, codes: &[&str]) -> Result<(), Failure> {
    let [code, first, second, third] = codes else { panic!("{codes:?}") };
    let printed = |slip: ActivationSlip| {
        say(&format!("slip {}", slip.code.expose()));
        slip.person
    };
    about_to_change(desk, clock, password, code, first)?;
    let person = printed(desk.add_person(BEN, Role::Staff)?);
    fresh(desk, clock, password, second)?;
    printed(desk.reset_person(&person)?);
    fresh(desk, clock, password, third)?;
    desk.remove_person(&person).map(drop)
}

fn fresh(desk: &mut Desk, clock: &TestClock, password: &str, code: &str) -> Result<(), Failure> {
    clock.advance(Duration::from_secs(30));
    let verdict = desk.fresh_sign_in(&SecretText::from(password), &Presented::Code(digits(code)))?;
    assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
    Ok(())
}

/// A new person, from wherever the files stand to the end, as the window would.
fn begin(desk: &mut Desk, clock: &TestClock, id: &str, slip: &str) -> Result<(), Failure> {
    let look = desk.look()?.expect("a clinic");
    let begins = look.people.iter().find(|person| person.id == id).expect("on the list").begins;
    let phone = match begins {
        Begins::WithSlip { .. } => {
            let slip = RecoveryCode::parse(slip).unwrap_or_else(|_| panic!("{slip}"));
            scanned(&desk.activate(id, &slip, &SecretText::from(BENS))?, clock)
        }
        Begins::WithPassword => {
            let resumed = desk.resume(id, &SecretText::from(BENS))?;
            let phone = scanned(&resumed.offer, clock);
            if resumed.proved {
                printed(&desk.phone_sheets()?);
                return desk.finish_phone();
            }
            phone
        }
        _ => {
            say("active");
            return Ok(());
        }
    };
    assert_eq!(desk.first_code(&digits(&phone.code()))?, FirstCode::Right);
    printed(&desk.phone_sheets()?);
    desk.finish_phone()
}

fn restore(desk: &mut Desk, password: &str, code: &str, file: &str) -> Result<(), Failure> {
    let presented = Presented::Code(digits(code));
    let (verdict, _) = desk.sign_in(MARIA, &SecretText::from(password), &presented, Purpose::Change)?;
    assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
    desk.restore(Path::new(file)).map(drop)
}
