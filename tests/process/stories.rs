//! The stories that are interrupted, and what each must have come to.

use clinic2fa::domain::verify::Verdict;

use crate::changes;
use crate::world::{End, Told, World};

/// One thing that people do, in a clinic that goes on from death to death.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Story {
    SignIn,
    WrongCode,
    Spare,
    Renew,
    Password,
    Backup,
    Phone,
    People,
    Begin,
    Restore,
    Recover,
}

pub(crate) const STORIES: [Story; 11] = [
    Story::SignIn,
    Story::WrongCode,
    Story::Spare,
    Story::Renew,
    Story::Password,
    Story::Backup,
    Story::Phone,
    Story::People,
    Story::Begin,
    Story::Restore,
    Story::Recover,
];

impl Story {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Story::SignIn => "sign_in",
            Story::WrongCode => "wrong_code",
            Story::Spare => "spare_code",
            Story::Renew => "new_codes",
            Story::Password => "new_password",
            Story::Backup => "backup",
            Story::Phone => "new_phone",
            Story::People => "people",
            Story::Begin => "new_person",
            Story::Restore => "restore",
            Story::Recover => "clinic_key",
        }
    }

    /// Whether it has a hundred points and more.
    pub(crate) fn is_long(self) -> bool {
        matches!(self, Story::Phone | Story::People | Story::Begin | Story::Restore)
    }

    /// Lets a process do it and end somehow, and looks at what it came to: before or after, never in between.
    pub(crate) fn is_interrupted(self, world: &mut World, end: End) -> Told {
        let told = match self {
            Story::SignIn => sign_in(world, end),
            Story::WrongCode => wrong_code(world, end),
            Story::Spare => spare(world, end),
            Story::Renew => renew(world, end),
            Story::Password => password(world, end),
            Story::Backup => backup(world, end),
            Story::Phone => changes::new_phone(world, end),
            Story::People => changes::people(world, end),
            Story::Begin => changes::begin(world, end),
            Story::Restore => changes::restore(world, end),
            Story::Recover => changes::recover(world, end),
        };
        if let Some(failure) = told.failed() {
            assert!(crate::world::is_honest(failure), "{self:?} {end:?}: {failure}");
        }
        world.goes_on(end);
        told
    }
}

/// No code counts twice: not one that was accepted, and not one whose acceptance nobody was told of.
fn sign_in(world: &mut World, end: End) -> Told {
    world.waits(60);
    let (password, code) = (world.password.clone(), world.code(0));
    let told = world.child("sign-in", &[&password, &code], end);
    world.is_sound(end);
    let mut again = world.tries_code(&code);
    if told.says("accepted") {
        assert!(matches!(again, Verdict::Used { .. }), "{end:?}: {again:?}");
    } else if matches!(again, Verdict::Accepted { .. }) {
        again = world.tries_code(&code);
    }
    assert!(matches!(again, Verdict::Used { .. }), "{end:?}: {again:?}");
    told
}

/// A wrong code that was told was counted; one that was not told may have been.
fn wrong_code(world: &mut World, end: End) -> Told {
    // A month apart: this is not about how many are allowed in a year.
    world.waits(30 * 24 * 3600);
    let count = "SELECT code_failures FROM person";
    let before = world.number(count);
    let (password, wrong) = (world.password.clone(), world.wrong_code());
    let told = world.child("sign-in", &[&password, &wrong], end);
    world.is_sound(end);
    let after = world.number(count);
    assert!(!told.says("accepted"));
    assert!(after == before + 1 || (after == before && !told.says("refused")), "{end:?}: {before} to {after}");
    told
}

fn spare(world: &mut World, end: End) -> Told {
    world.waits(60);
    if world.sheet.len() < 2 {
        let fresh = renew(world, End::Itself);
        assert!(fresh.says("end"));
        world.waits(60);
    }
    let (password, spare) = (world.password.clone(), world.sheet.remove(0));
    let told = world.child("spare", &[&password, &spare], end);
    world.is_sound(end);
    let mut again = world.tries_spare(&spare);
    if told.says("accepted") {
        assert!(matches!(again, Verdict::RecoveryUsed { .. }), "{end:?}: {again:?}");
    } else if matches!(again, Verdict::Accepted { .. }) {
        again = world.tries_spare(&spare);
    }
    assert!(matches!(again, Verdict::RecoveryUsed { .. }), "{end:?}: {again:?}");
    told
}

/// One sheet is good, the old one or the new one, and whoever was told "done" holds the good one.
fn renew(world: &mut World, end: End) -> Told {
    world.waits(120);
    let (password, code, next) = (world.password.clone(), world.code(0), world.code(1));
    let told = world.child("renew", &[&password, &code, &next], end);
    world.waits(60);
    world.is_sound(end);
    let old = world.sheet.first().expect("a code left").clone();
    let old_is_good = matches!(world.tries_spare(&old), Verdict::Accepted { .. });
    let new_is_good = told.sheet().is_some_and(|new| matches!(world.tries_spare(&new[0]), Verdict::Accepted { .. }));
    assert!(old_is_good != new_is_good, "{end:?}: old {old_is_good}, new {new_is_good}");
    assert!(new_is_good || !told.says("end"), "{end:?}: told, and not stored");
    if new_is_good {
        world.sheet = told.sheet().expect("printed");
    }
    world.sheet.remove(0);
    if world.sheet.is_empty() {
        fresh_sheet(world);
    }
    told
}

/// A sheet must not run out under a story that needs a code of it.
pub(crate) fn fresh_sheet(world: &mut World) {
    world.waits(120);
    let (password, code, next) = (world.password.clone(), world.code(0), world.code(1));
    let fresh = world.child("renew", &[&password, &code, &next], End::Itself);
    world.sheet = fresh.sheet().expect("printed");
    world.waits(60);
}

/// One password is good, the old one or the new one.
fn password(world: &mut World, end: End) -> Told {
    world.waits(120);
    let new = if world.password.ends_with("one") { "walnut ferry cobalt two" } else { "walnut ferry cobalt one" };
    let (old, code, next) = (world.password.clone(), world.code(0), world.code(1));
    let told = world.child("password", &[&old, &code, &next, new], end);
    world.waits(120);
    world.is_sound(end);
    let presented = || clinic2fa::domain::verify::Presented::Code(crate::clinic::digits(&world.code(0)));
    let new_is_good = match world.tries(new, &presented()) {
        Verdict::Accepted { .. } => true,
        Verdict::WrongPassword { .. } => false,
        other => panic!("{end:?}: {other:?}"),
    };
    assert!(new_is_good || !told.says("end"), "{end:?}: told, and not stored");
    let old_told = world.tries(&old, &presented());
    let old_is_good = matches!(old_told, Verdict::Accepted { .. });
    assert!(old_is_good != new_is_good, "{end:?}: old {old_told:?}, new {new_is_good}");
    if new_is_good {
        world.password = new.to_owned();
    }
    told
}

/// A backup is there whole, or not at all; and where it was told to be done, it is there.
fn backup(world: &mut World, end: End) -> Told {
    world.waits(60);
    let file = world.new_file("backup");
    let name = file.display().to_string();
    let told = world.child("backup", &[&name], end);
    world.is_sound(end);
    let plan = file.exists().then(|| world.desk().restore_plan(&file));
    assert!(plan.is_some() || !told.says("end"), "{end:?}: told, and not there");
    if let Some(plan) = plan {
        assert!(plan.is_ok(), "{end:?}: {plan:?}");
    }
    told
}

/// A first set-up that is interrupted goes on to its end, with the square that was scanned and paper that is good.
pub(crate) fn set_up(world: &mut World, end: End) -> Told {
    let told = world.child("set-up", &[], end);
    if let Some(failure) = told.failed() {
        assert!(crate::world::is_honest(failure), "{end:?}: {failure}");
    }
    world.is_sound(end);
    world.waits(60);
    let rest = world.child("set-up", &[], End::Itself);
    assert!(rest.says("end") && (!told.says("end") || rest.says("active")), "{end:?}: {:?}", rest.failed());
    world.is_sound(end);
    world.goes_on(end);
    let spare = world.sheet.get(6).expect("on paper").clone();
    let by_paper = world.tries_spare(&spare);
    assert!(matches!(by_paper, Verdict::Accepted { .. }), "{end:?}: {by_paper:?}");
    told
}
