//! The stories in which somebody else comes and goes, or a phone, a backup or the keychain changes.

use clinic2fa::domain::recovery::RecoveryCode;
use clinic2fa::domain::secret::SecretText;
use clinic2fa::domain::state::Role;
use clinic2fa::domain::verify::{Presented, Verdict};
use clinic2fa::effects::{Closed, Failure, Standing};
use clinic2fa::ports::Begins;

use crate::child::{BEN, BENS};
use crate::clinic::{MARIA, digits};
use crate::stories::fresh_sheet;
use crate::world::{End, Told, World};

/// One phone counts, the old one or the new one, with the sheet that belongs to it; and the new one where that was told.
pub(crate) fn new_phone(world: &mut World, end: End) -> Told {
    // A month apart: the phone that does not count gives a wrong code each time.
    world.waits(30 * 24 * 3600);
    let (password, code, next) = (world.password.clone(), world.code(0), world.code(1));
    let told = world.child("phone", &[&password, &code, &next], end);
    world.waits(120);
    world.is_sound(end);
    let new = told.scanned();
    let is_in = |code: &str| match world.tries_code(code) {
        Verdict::Accepted { .. } => true,
        Verdict::WrongCode { .. } => false,
        other => panic!("{end:?}: {other:?}"),
    };
    let new_counts = new.as_ref().is_some_and(|new| is_in(&world.code_of(new, 0)));
    let old_counts = is_in(&world.code(0));
    assert!(old_counts != new_counts, "{end:?}: old {old_counts}, new {new_counts}");
    assert!(new_counts || !told.says("end"), "{end:?}: told, and the old phone counts");
    if new_counts {
        let old = world.sheet.first().expect("a code left").clone();
        let by_paper = world.tries_spare(&old);
        assert!(matches!(by_paper, Verdict::WrongRecovery { .. }), "{end:?}: the old sheet: {by_paper:?}");
        world.seed = new;
        world.sheet = told.sheet().expect("printed");
    }
    let spare = world.sheet.remove(0);
    let by_paper = world.tries_spare(&spare);
    assert!(matches!(by_paper, Verdict::Accepted { .. }), "{end:?}: {by_paper:?}");
    if world.sheet.len() < 2 {
        fresh_sheet(world);
    }
    told
}

/// Whoever is there besides the manager: the id, and how they begin.
fn somebody_else(world: &World) -> Option<(String, Begins)> {
    let look = world.desk().look().expect("a clinic").expect("a clinic");
    look.people.into_iter().find(|person| person.id != MARIA).map(|person| (person.id, person.begins))
}

fn removes(world: &mut World, id: &str) {
    world.waits(60);
    world.manager().remove_person(id).expect("removed");
    world.waits(60);
}

fn slip(code: &str) -> RecoveryCode {
    RecoveryCode::parse(code).unwrap_or_else(|_| panic!("{code}"))
}

/// The manager adds somebody, resets and removes them: each is done or not, and the slip that was told last is the good one.
pub(crate) fn people(world: &mut World, end: End) -> Told {
    world.waits(300);
    let password = world.password.clone();
    let codes: Vec<String> = (0..4).map(|steps| world.code(steps)).collect();
    let words: Vec<&str> = [password.as_str()].into_iter().chain(codes.iter().map(String::as_str)).collect();
    let count = |event: &str| format!("SELECT count(*) FROM audit WHERE event = '{event}' AND result = 'done'");
    let before = ["person-added", "person-reset", "person-removed"].map(|event| world.number(&count(event)));
    let told = world.child("people", &words, end);
    world.waits(180);
    world.is_sound(end);
    let after = ["person-added", "person-reset", "person-removed"].map(|event| world.number(&count(event)));
    let done: i64 = after.iter().zip(before).map(|(after, before)| after - before).sum();
    let slips = told.slips();
    let least = i64::try_from(slips.len()).expect("two at most") + i64::from(told.says("end"));
    assert!((least..=least + 1).contains(&done), "{end:?}: {least} told, {done} in the log");
    let there = somebody_else(world);
    assert_eq!(there.is_some(), done == 1 || done == 2, "{end:?}: {done} in the log, {there:?}");
    let Some((id, begins)) = there else { return told };
    assert!(matches!(begins, Begins::WithSlip { .. }), "{end:?}: {begins:?}");
    for (number, code) in (1..).zip(&slips) {
        let begun = world.desk().activate(&id, &slip(code), &SecretText::from(BENS)).map(drop);
        let dead = Err(Failure::Refused(Verdict::WrongPassword { wait: None }));
        assert_eq!(begun, if number == done { Ok(()) } else { dead }, "{end:?}: slip {number} after {done} changes");
    }
    removes(world, &id);
    told
}

/// A new person's beginning goes on where it died, with the square that was scanned, and comes to one phone and one sheet.
pub(crate) fn begin(world: &mut World, end: End) -> Told {
    world.waits(300);
    let made = world.manager().add_person(BEN, Role::Staff).expect("added");
    world.waits(60);
    let (id, code) = (made.person, made.code.expose().to_owned());
    let told = world.child("begin", &[&id, &code], end);
    world.is_sound(end);
    world.waits(60);
    let rest = world.child("begin", &[&id, &code], End::Itself);
    assert!(rest.says("end"), "{end:?}: {:?}", rest.failed());
    assert!(!told.says("end") || rest.says("active"), "{end:?}: told, and not stored");
    world.is_sound(end);
    world.waits(60);
    // C05: a square that somebody saw stays the one.
    let (seen, later) = (told.scanned(), rest.scanned());
    assert!(seen.is_none() || later.is_none() || seen == later, "{end:?}: another square");
    let phone = later.or(seen).expect("scanned");
    let by_phone = Presented::Code(digits(&world.code_of(&phone, 0)));
    let is_in = world.tries_as(&id, BENS, &by_phone);
    assert!(matches!(is_in, Verdict::Accepted { .. }), "{end:?}: {is_in:?}");
    let again = world.tries_as(&id, BENS, &by_phone);
    assert!(matches!(again, Verdict::Used { .. }), "{end:?}: {again:?}");
    let sheet = rest.sheet().or(told.sheet()).expect("printed");
    let by_paper = world.tries_as(&id, BENS, &Presented::Recovery(slip(&sheet[3])));
    assert!(matches!(by_paper, Verdict::Accepted { .. }), "{end:?}: {by_paper:?}");
    let with_slip = world.desk().activate(&id, &slip(&code), &SecretText::from(BENS)).map(drop);
    assert!(with_slip.is_err(), "{end:?}: a slip counts once");
    removes(world, &id);
    told
}

/// No spent code comes back with a backup, from the phone or from paper; and once it is told, no older sheet counts.
pub(crate) fn restore(world: &mut World, end: End) -> Told {
    world.waits(120);
    if world.sheet.len() < 4 {
        fresh_sheet(world);
        world.waits(120);
    }
    let file = world.new_file("backup");
    world.desk().backup_to(&file).expect("a backup");
    let (by_phone, spent) = (world.code(0), world.sheet.remove(0));
    let presented = [Presented::Code(digits(&by_phone)), Presented::Recovery(slip(&spent))];
    for presented in &presented {
        let is_in = world.tries(&world.password, presented);
        assert!(matches!(is_in, Verdict::Accepted { .. }), "{is_in:?}");
    }
    // Within the window in which the phone's code would still be good.
    world.waits(30);
    let (password, code) = (world.password.clone(), world.code(0));
    let told = world.child("restore", &[&password, &code, &file.display().to_string()], end);
    world.is_sound(end);
    let again = world.tries_code(&by_phone);
    assert!(matches!(again, Verdict::Used { .. }), "{end:?}: {again:?}");
    let again = world.tries_spare(&spent);
    assert!(matches!(again, Verdict::RecoveryUsed { .. }), "{end:?}: {again:?}");
    world.waits(120);
    let spare = world.sheet.remove(0);
    let by_paper = world.tries_spare(&spare);
    let void = match by_paper {
        Verdict::Accepted { .. } => false,
        Verdict::RecoveryUsed { recovery_left: 0 } => true,
        other => panic!("{end:?}: {other:?}"),
    };
    assert!(void || !told.says("end"), "{end:?}: told, and not done");
    if void || world.sheet.len() < 2 {
        fresh_sheet(world);
    }
    told
}

/// The keychain is empty and the printed key brings this computer's back: closed until then, and never as good as new.
pub(crate) fn recover(world: &mut World, end: End) -> Told {
    world.waits(120);
    world.loses_keychain();
    let lost = world.desk().stand().map(drop);
    assert_eq!(lost, Err(Failure::Closed(Closed::KeyMissing)), "{end:?}");
    let key = world.clinic_key.clone();
    let told = world.child("recover", &[&key], end);
    world.waits(60);
    match world.desk().stand() {
        Ok(Standing::Active(_)) => {}
        Err(Failure::Closed(_)) => {
            assert!(!told.says("end"), "{end:?}: told, and closed");
            let again = world.child("recover", &[&key], End::Itself);
            assert!(again.says("end"), "{end:?}: {:?}", again.failed());
        }
        other => panic!("{end:?}: {other:?}"),
    }
    world.is_sound(end);
    told
}
