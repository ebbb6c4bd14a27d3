//! Any number of attempts, of any kind, at any time: what a judgement never does.

use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use proptest::{prop_assert, prop_assert_eq};

use super::*;
use crate::domain::audit::Head;
use crate::domain::dice::loaded;
use crate::domain::kdf::Cost;
use crate::domain::secret::Secret;
use crate::domain::state::{ClinicStage, FactorKind, Joins, Role, Settings, Slot, StoredCode};
use crate::ports::BootTime;

mod siege;

fn last_step(factor: &Factor) -> Option<totp::Step> {
    factor.app().and_then(|app| app.last_step)
}

const T0: i64 = 1_772_442_000;

struct Bench {
    clinic: Clinic,
    person: Person,
    dek: Key,
    right: Key,
    wrong: Key,
    seed: Seed,
    spares: Vec<RecoveryCode>,
}

fn bench() -> Bench {
    let mut dice = loaded(9);
    let mut key = || Key::roll(&mut dice).unwrap();
    let (dek, right, wrong, code_key) = (key(), key(), key(), key());
    let seed = Seed::from_stored(Secret::new(b"12345678901234567890".to_vec())).unwrap();
    let cost = Cost { memory_kib: 8, passes: 1 };
    let seal = |by: &Key, what: &Secret, owner: &str, kind: Kind| {
        let kdf = cost.to_string();
        let kdf = (kind == Kind::PersonSlot).then_some(kdf.as_str());
        by.seal(what, &Place { clinic: "c1", owner, kind, kdf }, &mut loaded(3)).unwrap()
    };
    let slot = Slot { salt: [1; 16], cost, sealed: seal(&right, &dek.to_secret(), "msantos", Kind::PersonSlot) };
    let factor = Factor {
        id: "f1".into(),
        label: String::new(),
        joins: Joins::InTheirPlace,
        stage: FactorStage::Active,
        kind: FactorKind::Totp(Totp {
            seed: seal(&dek, seed.secret(), "f1", Kind::Seed),
            last_step: None,
            suspects: Vec::new(),
        }),
        created_unix: T0,
    };
    let mut dice = loaded(7);
    let spares: Vec<_> = (0..10).map(|_| RecoveryCode::roll(&mut dice).unwrap()).collect();
    let codes = (1..).zip(&spares).map(|(number, code)| StoredCode {
        number,
        tag: recovery::stored_tag(&code_key, "msantos", number, code),
        used_unix: None,
    });
    let person = Person {
        id: "msantos".into(),
        name: "Maria Santos".into(),
        name_key: "maria santos".into(),
        role: Role::Manager,
        stage: PersonStage::Active,
        slot: Some(slot),
        activation: None,
        generation: 0,
        seen: 0,
        code_key: seal(&dek, &code_key.to_secret(), "msantos", Kind::RecoveryCodeKey),
        password_unix: T0,
        signed_in_unix: None,
        password_failures: 0,
        wait: None,
        code_failures: 0,
        lock: None,
        wrong_codes_unix: Vec::new(),
        day_pass: None,
        vouched: None,
        texts: Default::default(),
        factors: vec![factor],
        codes: codes.collect(),
    };
    let clinic = Clinic {
        id: "c1".into(),
        keychain_id: "k1".into(),
        stage: ClinicStage::Active,
        name: "Oak Tree Surgery".into(),
        created_unix: T0,
        settings_json: serde_json::to_string(&Settings::default()).unwrap(),
        epoch: 1,
        gauge: DeskGauge::new(&at(0, 0).boot),
        clocks: Moment::of(&at(0, 0)),
        sms_secret: None,
        texts: Default::default(),
        device_key: Vec::new(),
        recovery_slot: None,
        key_due: None,
        database_key: Default::default(),
        roll: std::collections::BTreeMap::new(),
        head: Head::EMPTY,
    };
    Bench { clinic, person, dek, right, wrong, seed, spares }
}

fn at(wall: i64, boot: u64) -> Now {
    let boot = BootTime { boot_id: "boot-1".into(), since_start: Duration::from_secs(boot) };
    Now { unix_secs: T0 + wall, day_ends_unix: T0 + wall + 3600, boot }
}

/// What is typed, by whom.
#[derive(Clone, Copy, Debug)]
enum Typed {
    /// The code of the step so many from now.
    CodeOfStep(i64),
    /// Six digits.
    Digits(u32),
    Spare(usize),
    NoSpare,
    DayPass,
}

#[derive(Clone, Copy, Debug)]
enum Who {
    KnowsPassword,
    DoesNot,
    IsSignedIn,
}

fn attempts() -> impl Strategy<Value = (Who, Typed, u64, i64)> {
    let who = prop_oneof![6 => Just(Who::KnowsPassword), 2 => Just(Who::DoesNot), 1 => Just(Who::IsSignedIn)];
    let typed = prop_oneof![
        4 => (-4..=4_i64).prop_map(Typed::CodeOfStep),
        4 => (0..1_000_000_u32).prop_map(Typed::Digits),
        1 => (0..10_usize).prop_map(Typed::Spare),
        1 => Just(Typed::NoSpare),
        1 => Just(Typed::DayPass),
    ];
    // Time goes on by seconds, now and then by an hour; the wall clock is turned now and then.
    let passes = prop_oneof![4 => 0..40_u64, 1 => 900..4000_u64];
    let turned = prop_oneof![8 => Just(0_i64), 1 => any::<i16>().prop_map(i64::from)];
    (who, typed, passes, turned)
}

proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(200))]
    #[test]
    fn no_history_of_attempts_breaks_the_rules(history in proptest::collection::vec(attempts(), 1..40)) {
        let Bench { mut clinic, mut person, dek, right, wrong, seed, spares } = bench();
        let (mut wall, mut boot) = (0_i64, 3600_u64);
        // The latest time at which a code was accepted, as this computer's clock showed it, time passed since added.
        let mut latest: Option<i64> = None;
        for (who, typed, passes, turned) in history {
            boot += passes;
            latest = latest.map(|latest| latest + i64::try_from(passes).unwrap());
            wall += i64::try_from(passes).unwrap() + turned;
            let now = at(wall, boot);
            let step = totp::step_at(now.unix_secs);
            let presented = match typed {
                Typed::CodeOfStep(off) => {
                    Presented::Code(Code::parse(&totp::code_at(&seed, step.saturating_add_signed(off))).unwrap())
                }
                Typed::Digits(n) => Presented::Code(Code::parse(&format!("{n:06}")).unwrap()),
                Typed::Spare(n) => Presented::Recovery(RecoveryCode::parse(spares[n].written().expose()).unwrap()),
                Typed::NoSpare => Presented::Recovery(RecoveryCode::parse("0000-0000-0000-0017").unwrap()),
                Typed::DayPass => Presented::DayPass,
            };
            let proof = match who {
                Who::KnowsPassword => Proof::Password(&right),
                Who::DoesNot => Proof::Password(&wrong),
                Who::IsSignedIn => Proof::Session(&dek),
            };
            let waited = left_of(person.wait.as_ref(), &now).or_else(|| clinic.gauge.wait_at(&now.boot));
            let locked = left_of(person.lock.as_ref(), &now).is_some() || needs_manager(&person);
            let had_pass = has_day_pass(&person, &now);
            let before = person.clone();
            let judged = match judge(&clinic, &person, &proof, &presented, &now) {
                Ok(judged) => judged,
                Err(Unjudged::NoDayPass) => {
                    prop_assert!(matches!(typed, Typed::DayPass), "only leave for today can be missing");
                    prop_assert!(!had_pass || matches!(who, Who::IsSignedIn));
                    continue;
                }
                Err(Unjudged::ClockWentBack) => {
                    prop_assert!(matches!(presented, Presented::Code(_)), "only codes need a clock");
                    prop_assert!(latest.is_some_and(|latest| now.unix_secs < latest), "it was later before");
                    continue;
                }
                Err(Unjudged::NotReady | Unjudged::Damaged) => panic!("ready and whole"),
            };
            let after = &judged.person;
            let is_in = matches!(judged.verdict, Verdict::Accepted { .. });

            // The key comes out exactly when somebody is let in, and it is the key.
            prop_assert_eq!(judged.dek.as_ref().map(Key::expose), is_in.then(|| dek.expose()));
            // Waits hold for everything; a lock for everything but a recovery code.
            if waited.is_some() || (locked && !matches!(presented, Presented::Recovery(_))) {
                prop_assert!(matches!(judged.verdict, Verdict::Wait { .. } | Verdict::Manager), "must wait");
                prop_assert_eq!(after, &before, "nothing is checked, counted or used up");
                continue;
            }
            if matches!(who, Who::DoesNot) {
                // Whatever stands beside a wrong password, the answer is the same and says nothing about it.
                prop_assert!(matches!(judged.verdict, Verdict::WrongPassword { .. }), "wrong password");
                prop_assert_eq!(&after.factors, &before.factors);
                prop_assert_eq!(&after.codes, &before.codes);
                prop_assert_eq!(after.code_failures, before.code_failures);
                prop_assert_eq!(after.password_failures, before.password_failures + 1);
            }
            // Nothing but being let in makes a counter fall, and the year's memory not even that.
            if !is_in {
                prop_assert!(after.code_failures >= before.code_failures);
                prop_assert!(after.password_failures >= before.password_failures);
                prop_assert_eq!(after.signed_in_unix, before.signed_in_unix);
            }
            let remembered = before.wrong_codes_unix.len().min(lockout::YEARLY);
            prop_assert!(after.wrong_codes_unix.len() >= remembered, "within a year");
            // Steps only rise, and only by a code of the window above the last.
            let (last, next) = (last_step(&before.factors[0]), last_step(&after.factors[0]));
            let by_sheet = is_in && matches!(presented, Presented::Recovery(_));
            if by_sheet {
                // A code from the sheet vouches for the clock: no step of the future stays used up.
                prop_assert_eq!(next, last.map(|last| last.min(step + totp::WINDOW)));
            } else if next != last {
                prop_assert!(next > last);
                let taken = next.unwrap();
                prop_assert!(is_in && taken.abs_diff(step) <= totp::WINDOW && last.is_none_or(|last| taken > last));
                let Presented::Code(code) = &presented else { panic!("a step without a code") };
                prop_assert!(code.is(&totp::code_at(&seed, taken)));
            }
            match (&judged.verdict, &presented) {
                (Verdict::Accepted { .. }, Presented::Code(_)) => prop_assert_ne_step(last, next),
                (Verdict::Accepted { by, .. }, Presented::Recovery(_)) => {
                    prop_assert_eq!(*by, FactorUsed::Recovery);
                    prop_assert_eq!(after.codes_left() + 1, before.codes_left(), "one code is spent");
                    prop_assert!(has_day_pass(after, &now));
                }
                (Verdict::Accepted { .. }, Presented::DayPass) => prop_assert!(had_pass),
                (Verdict::WrongCode { .. }, _) => {
                    prop_assert_eq!(after.code_failures, before.code_failures + 1);
                    let near = step.saturating_sub(1)..=step + 1;
                    let Presented::Code(code) = &presented else { panic!("no code") };
                    prop_assert!(near.into_iter().all(|step| !code.is(&totp::code_at(&seed, step))));
                }
                _ => prop_assert_eq!(after.codes_left(), before.codes_left()),
            }
            // A spent code is never unspent.
            for (was, is) in before.codes.iter().zip(&after.codes) {
                prop_assert!(was.used_unix.is_none() || is.used_unix == was.used_unix);
            }
            if is_in && matches!(presented, Presented::Code(_)) {
                latest = latest.max(Some(now.unix_secs));
            } else if by_sheet {
                // What stays of the past is its step alone.
                latest = latest.map(|latest| latest.min(now.unix_secs));
            }
            person = judged.person;
            clinic.gauge = judged.gauge;
        }
    }
}

fn prop_assert_ne_step(last: Option<u64>, next: Option<u64>) {
    assert_ne!(last, next, "an accepted code uses its step up");
}

/// Two phones of one person: a code of the second is none of the first's business.
#[test]
fn a_wrong_step_of_one_phone_is_no_suspicion_for_another() {
    let mut bench = bench();
    let other = Seed::from_stored(Secret::new((0..20).collect())).unwrap();
    let place = Place { clinic: "c1", owner: "f2", kind: Kind::Seed, kdf: None };
    let sealed = bench.dek.seal(other.secret(), &place, &mut loaded(4)).unwrap();
    let app = Totp { seed: sealed, ..bench.person.factors[0].app().unwrap().clone() };
    let second = Factor { id: "f2".into(), kind: FactorKind::Totp(app), ..bench.person.factors[0].clone() };
    bench.person.factors.push(second);
    let code = Code::parse("810741").unwrap();
    let judged =
        judge(&bench.clinic, &bench.person, &Proof::Password(&bench.right), &Presented::Code(code), &at(0, 3600));
    let judged = judged.ok().unwrap();
    assert!(matches!(judged.verdict, Verdict::Accepted { by: FactorUsed::Totp, .. }));
    let steps: Vec<_> = judged.person.factors.iter().map(last_step).collect();
    assert_eq!(steps, [None, Some(totp::step_at(T0))]);
}
