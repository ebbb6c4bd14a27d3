//! Many processes at the same moment with one code: exactly one of them is let in.

use clinic2fa::domain::verify::Verdict;

use crate::points::trip;
use crate::runner::Case;
use crate::world::{End, Told, World};

const ROUNDS: u32 = 100;
const AT_ONCE: u8 = 20;

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("of_twenty_processes_with_one_code_one_is_let_in_a_hundred_times", one_code),
        Case::new("of_twenty_processes_with_one_recovery_code_one_is_let_in_a_hundred_times", one_recovery_code),
        Case::new("c90_fifty_processes_with_wrong_codes_are_counted_exactly", wrong_codes),
    ]
}

fn let_in(all: &[Told]) -> usize {
    assert!(all.iter().all(|told| told.says("accepted") != told.says("refused")), "everybody is told one thing");
    all.iter().filter(|told| told.says("accepted")).count()
}

fn one_code() {
    let mut world = World::set_up(&trip());
    for round in 0..ROUNDS {
        world.waits(60);
        let (password, code) = (world.password.clone(), world.code(0));
        let all = world.children(&vec![vec!["sign-in", &password, &code]; usize::from(AT_ONCE)]);
        assert_eq!(let_in(&all), 1, "round {round}");
    }
    world.is_sound(End::Itself);
    let tries = world.number("SELECT count(*) FROM audit WHERE event = 'sign-in'");
    assert_eq!(tries, i64::from(ROUNDS) * i64::from(AT_ONCE), "every try is written down");
    assert_eq!(
        world.number("SELECT count(*) FROM audit WHERE result = 'accepted' AND event = 'sign-in'"),
        i64::from(ROUNDS)
    );
    assert_eq!(world.number("SELECT code_failures FROM person"), 0, "a used code is no wrong one");
}

fn one_recovery_code() {
    let mut world = World::set_up(&trip());
    for round in 0..ROUNDS {
        world.waits(120);
        if world.sheet.len() < 2 {
            let (password, code, next) = (world.password.clone(), world.code(0), world.code(1));
            let fresh = world.child("renew", &[&password, &code, &next], End::Itself);
            world.sheet = fresh.sheet().expect("printed");
            world.waits(60);
        }
        let (password, spare) = (world.password.clone(), world.sheet.remove(0));
        let all = world.children(&vec![vec!["spare", &password, &spare]; usize::from(AT_ONCE)]);
        assert_eq!(let_in(&all), 1, "round {round}");
    }
    world.is_sound(End::Itself);
    assert_eq!(world.number("SELECT password_failures FROM person"), 0, "a used one is no wrong one");
}

fn wrong_codes() {
    const MANY: usize = 50;
    let world = World::set_up(&trip());
    let password = world.password.clone();
    let wrong = world.wrong_code();
    let all = world.children(&vec![vec!["sign-in", &password, &wrong]; MANY]);
    assert_eq!(let_in(&all), 0);
    let counted = |result: &str| {
        world.number(&format!("SELECT count(*) FROM audit WHERE event = 'sign-in' AND result = '{result}'"))
    };
    assert_eq!((counted("wrong-code"), counted("wrong-code-locked"), counted("must-wait")), (9, 1, 40));
    assert_eq!(world.number("SELECT code_failures FROM person"), 10);
    let told = world.tries_code(&world.code(0));
    assert!(matches!(told, Verdict::Wait { .. }), "{told:?}");
}
