use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use super::*;
use crate::domain::kdf::Cost;
use crate::domain::moment::Moment;
use crate::domain::state::{Activation, DayPass, Joins, Slot, StoredCode};
use crate::domain::state::{FactorKind, Totp};
use crate::ports::BootTime;
use std::time::Duration;

const MARIA: &str = "msantos";

fn now() -> Now {
    let boot = BootTime { boot_id: "boot-1".into(), since_start: Duration::from_hours(2) };
    Now { unix_secs: 1_772_442_000, day_ends_unix: 1_772_496_000, boot }
}

fn hold(secs: u64) -> Hold {
    Hold::new(Duration::from_secs(secs), &now().boot)
}

/// A person out of a few small numbers, so that two of them are often nearly the same.
fn person() -> impl Strategy<Value = Person> {
    let numbers = (0..3_u32, 0..3_u32, 0..3_u64, 0..2_u8, 0..3_u8, 0..2_u8, 0..3_i64);
    let more = (proptest::bool::ANY, proptest::bool::ANY, proptest::bool::ANY, 0..3_u8);
    (numbers, more).prop_map(
        |((generation, failures, step, role, stage, seed, password), (pass, slip, wait, spent))| {
            let slot = Slot { salt: [seed; 16], cost: Cost { memory_kib: 8, passes: 1 }, sealed: vec![seed; 3] };
            let phone = Factor {
                id: "phone".into(),
                label: String::new(),
                stage: FactorStage::Active,
                joins: Joins::InTheirPlace,
                kind: FactorKind::Totp(Totp {
                    seed: vec![seed; 4],
                    last_step: Some(totp::step_at(now().unix_secs) + step),
                    suspects: Vec::new(),
                }),
                created_unix: 0,
            };
            Person {
                id: MARIA.into(),
                name: "Maria Santos".into(),
                name_key: "maria santos".into(),
                role: if role == 0 { Role::Staff } else { Role::Manager },
                stage: [PersonStage::Pending, PersonStage::Active, PersonStage::Reset][usize::from(stage)],
                slot: Some(slot.clone()),
                activation: slip.then(|| Activation { slot, until_unix: 0, hold: hold(60) }),
                generation,
                seen: 0,
                code_key: vec![1],
                password_unix: password,
                signed_in_unix: None,
                password_failures: failures,
                wait: wait.then(|| hold(30 + step)),
                code_failures: failures,
                lock: pass.then(|| hold(900)),
                wrong_codes_unix: vec![password],
                day_pass: pass.then(|| DayPass { from_unix: 0, until_unix: i64::MAX, hold: hold(900) }),
                vouched: pass.then(|| Moment::of(&now())),
                texts: Texts::default(),
                factors: vec![phone],
                codes: (1..=3)
                    .map(|number| StoredCode { number, tag: [number; 32], used_unix: (number <= spent).then_some(5) })
                    .collect(),
            }
        },
    )
}

fn row() -> impl Strategy<Value = Option<Row>> {
    prop_oneof![
        1 => Just(None),
        1 => Just(Some(Row::Damaged)),
        5 => person().prop_map(|person| Some(Row::Whole(Box::new(person)))),
    ]
}

fn whole(row: Option<&Row>) -> Option<&Person> {
    if let Some(Row::Whole(person)) = row { Some(person) } else { None }
}

proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(2_000))]
    #[test]
    fn nobody_gets_anything_back(
        here in row(),
        there in row(),
        backup_is_later in proptest::bool::ANY,
        gone in proptest::bool::ANY,
        actor in proptest::bool::ANY,
    ) {
        let here = if gone { None } else { here };
        let reference = if backup_is_later || gone { Reference::Backup } else { Reference::Present };
        let present = if gone { Present::Gone } else { Present::There };
        // Whoever asked has rows that are whole, or could not have asked.
        let actor = (actor && whole(here.as_ref()).is_some()).then_some(MARIA);
        let now = now();
        let about = Circumstances { reference, present, actor, next_entry: 500, now: &now };
        let told = decide(here.as_ref(), there.as_ref(), &about);
        let (is_here, is_there) = (whole(here.as_ref()), whole(there.as_ref()));
        let Some((after, fate)) = told else {
            // Only somebody who is in neither, or a wreck that is only in the backup, is passed over.
            prop_assert!(here.is_none() && is_there.is_none());
            return Ok(());
        };
        let Some(after) = after else {
            prop_assert_eq!(fate, Fate::StaysDamaged);
            prop_assert!(is_here.is_none() && is_there.is_none());
            return Ok(());
        };
        // Nothing that could be used at once is good, and no day's leave.
        prop_assert_eq!(after.codes_left(), 0);
        prop_assert!(after.day_pass.is_none());
        let states = || is_here.into_iter().chain(is_there);
        match fate {
            Fate::Stays { .. } | Fate::GoesOn => {
                prop_assert_eq!(fate == Fate::GoesOn, after.stage != PersonStage::Active);
                for factor in &after.factors {
                    prop_assert!(factor.app().unwrap().last_step >= Some(used_up_to(&now)), "codes up to now are used");
                }
                let from = states().find(|from| from.slot == after.slot && from.generation == after.generation);
                prop_assert!(from.is_some(), "out of one of the two");
                if actor.is_some() {
                    prop_assert_eq!(&after.slot, &is_here.unwrap().slot);
                    prop_assert_eq!(after.role, is_here.unwrap().role);
                } else if !gone {
                    // In both, and the same: password, phone, role.
                    let (one, other) = (is_here.unwrap(), is_there.unwrap());
                    prop_assert!(is_same(one, other));
                    for from in [one, other] {
                        prop_assert!(after.password_failures >= from.password_failures);
                        prop_assert!(after.code_failures >= from.code_failures);
                        prop_assert!(from.wrong_codes_unix.iter().all(|time| after.wrong_codes_unix.contains(time)));
                        for (mine, theirs) in [(&after.wait, &from.wait), (&after.lock, &from.lock)] {
                            let left = |hold: &Option<Hold>| hold.as_ref().map(|hold| hold.left_at(&now.boot));
                            prop_assert!(left(mine) >= left(theirs));
                        }
                    }
                }
            }
            Fate::Reset(_) => {
                prop_assert!(after.slot.is_none() && after.factors.is_empty() && after.activation.is_none());
                prop_assert_eq!(after.stage, PersonStage::Reset);
                for from in states() {
                    prop_assert!(after.generation > from.generation, "no session of either goes on");
                }
                // Only what the later state gives.
                if after.role == Role::Manager {
                    let giver = match (reference, &here) {
                        (Reference::Present, Some(Row::Whole(here))) => Some(here.role),
                        (Reference::Present, Some(Row::Damaged)) => is_there.map(|there| there.role),
                        (Reference::Present, None) => None,
                        (Reference::Backup, _) => is_there.map(|there| there.role).or(
                            // The backup's rows of them are damaged: the present ones are all there is.
                            if there.is_some() { is_here.map(|here| here.role) } else { None },
                        ),
                    };
                    prop_assert_eq!(giver, Some(Role::Manager));
                }
            }
            Fate::StaysDamaged | Fate::LeftOut => prop_assert!(false, "with rows to write"),
        }
    }
}

/// Each thing alone that makes two rows of a person not the same.
#[test]
fn what_differs() {
    let one = Person {
        stage: PersonStage::Active,
        activation: None,
        ..person().new_tree(&mut proptest::test_runner::TestRunner::deterministic()).unwrap().current()
    };
    assert!(is_same(&one, &one));
    type Edit = fn(&mut Person);
    let differs: [(&str, Edit); 9] = [
        ("name", |person| person.name.push('x')),
        ("name key", |person| person.name_key.push('x')),
        ("role", |person| person.role = if person.role == Role::Staff { Role::Manager } else { Role::Staff }),
        ("stage", |person| person.stage = PersonStage::Reset),
        ("generation", |person| person.generation += 1),
        ("password", |person| person.password_unix += 1),
        ("a password at all", |person| person.slot = None),
        ("another phone", |person| person.factors[0].app_mut().unwrap().seed.push(1)),
        ("one phone fewer", |person| person.factors.clear()),
    ];
    for (what, edit) in differs {
        let mut other = one.clone();
        edit(&mut other);
        assert!(!is_same(&one, &other), "{what}");
    }
    let same: [(&str, Edit); 5] = [
        ("sealed anew at a higher cost", |person| person.slot.as_mut().unwrap().sealed.push(1)),
        ("a sign-in", |person| person.factors[0].app_mut().unwrap().last_step = Some(7)),
        ("a wrong code", |person| person.code_failures += 1),
        ("a spent code", |person| person.codes[2].used_unix = Some(7)),
        ("a phone that is being linked", |person| {
            let shown = Factor { id: "other".into(), stage: FactorStage::Shown, ..person.factors[0].clone() };
            person.factors.push(shown);
        }),
    ];
    for (what, edit) in same {
        let mut other = one.clone();
        edit(&mut other);
        assert!(is_same(&one, &other), "{what}");
    }
}
