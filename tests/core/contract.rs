//! What every store keeps, whichever it is: one rule a function, and one line below for each store.

use std::time::Duration;

use clinic2fa::domain::audit::{Entry, Event, Head, What};
use clinic2fa::domain::dice::{Dice, NoRandomness};
use clinic2fa::domain::edit::Edit;
use clinic2fa::domain::kdf::Cost;
use clinic2fa::domain::keys::{Key, Kind, Place, StateKeys, slot_key};
use clinic2fa::domain::lockout::{DeskGauge, Hold};
use clinic2fa::domain::moment::Moment;
use clinic2fa::domain::recovery::{self, RecoveryCode};
use clinic2fa::domain::state::{
    Activation, Clinic, ClinicStage, Factor, FactorKind, FactorStage, Joins, Person, PersonStage, Role, Settings, Slot,
    StoredCode, Totp,
};
use clinic2fa::domain::totp::{self, Seed};
use clinic2fa::domain::verify::{FactorUsed, FirstCode, Presented, Proof, Verdict};
use clinic2fa::ports::{
    Attempt, Committed, EntryFilter, Look, ManagerChange, NewClinic, NewCodes, Now, PasswordTold, Store, StoreError,
    Told,
};

use super::clinic::{MARIA, T0, boot, digits};

/// Opens one more connection to the same state, as another process would.
type Maker = dyn Fn() -> Box<dyn Store>;

/// Instantiates every rule for one store. `$office` makes a place of its own for each test.
macro_rules! every_store_keeps {
    ($store:ident, $office:expr, $($rule:ident),+ $(,)?) => {
        mod $store {
            $(
                #[test]
                fn $rule() {
                    let (_place, make) = $office;
                    super::$rule(&make);
                }
            )+
        }
    };
}

every_store_keeps!(
    sqlite,
    {
        let office = crate::clinic::Office::new();
        let place = office.clone();
        let make = move || Box::new(office.store()) as Box<dyn clinic2fa::ports::Store>;
        (place, make)
    },
    nothing_is_there_before_a_set_up,
    every_change_is_one_epoch_and_one_entry,
    a_first_set_up_goes_one_way,
    an_unfinished_set_up_gives_way_to_another,
    what_is_refused_changes_nothing,
    a_changed_password_is_noticed_between_stretching_and_judging,
    other_keys_open_nothing,
    a_second_connection_sees_every_commit,
    a_new_phone_takes_the_old_ones_place_in_one_moment,
    new_codes_take_the_old_ones_place_in_one_moment,
    codes_that_were_stored_already_are_not_brought_back_to_life,
    the_log_is_filtered_and_whole,
    the_log_is_read_in_pages,
    what_a_manager_changes_is_one_change_each,
    only_a_manager_who_can_sign_in_manages,
    a_slip_is_used_up_by_the_one_that_was_judged,
    a_phone_beside_another_takes_nobodys_place,
    the_present_file_is_accepted_under_another_key,
    writers_wait_for_each_other,
);

fn dice() -> Dice {
    Dice::new(Box::new(|out| getrandom::fill(out).map_err(|_| NoRandomness)))
}

fn at(unix_secs: i64) -> Now {
    let since_start = u64::try_from(unix_secs - T0 + 3600).unwrap();
    Now { unix_secs, day_ends_unix: T0 + 15 * 3600, boot: boot("boot-1", since_start) }
}

const SALT: [u8; 16] = *b"salt of the slot";
const COST: Cost = Cost { memory_kib: 8, passes: 1 };

/// A store, and all the keys of the clinic in it.
struct Bench {
    store: Box<dyn Store>,
    keys: StateKeys,
    dek: Key,
    slot_key: Key,
    seed: Seed,
    new_seed: Seed,
    code_key: Key,
    spares: Vec<RecoveryCode>,
    now: i64,
}

impl Bench {
    /// A first set-up just begun.
    fn begun(make: &Maker) -> Self {
        let mut store = make();
        let (bench, new) = Self::new(make());
        store.begin_setup(&bench.keys, new, &at(T0)).map(|c| assert_eq!(c.epoch, 1)).unwrap();
        bench
    }

    fn new(store: Box<dyn Store>) -> (Self, NewClinic) {
        let mut dice = dice();
        let device = Key::roll(&mut dice).unwrap();
        let dek = Key::roll(&mut dice).unwrap();
        let bench = Self {
            store,
            keys: StateKeys::of(&device, "clinic-1"),
            slot_key: slot_key(&Key::roll(&mut dice).unwrap(), &device, "clinic-1"),
            dek,
            seed: Seed::roll(&mut dice).unwrap(),
            new_seed: Seed::roll(&mut dice).unwrap(),
            code_key: Key::roll(&mut dice).unwrap(),
            spares: (0..10).map(|_| RecoveryCode::roll(&mut dice).unwrap()).collect(),
            now: T0,
        };
        let clinic = Clinic {
            id: "clinic-1".to_owned(),
            keychain_id: "0123456789abcdef".to_owned(),
            stage: ClinicStage::Pending,
            name: "Oak Tree Surgery".to_owned(),
            created_unix: T0,
            settings_json: serde_json::to_string(&Settings::default()).unwrap(),
            epoch: 0,
            gauge: DeskGauge::new(&at(T0).boot),
            clocks: Moment::of(&at(T0)),
            sms_secret: None,
            texts: Default::default(),
            device_key: vec![7; 60],
            recovery_slot: None,
            key_due: None,
            database_key: Default::default(),
            roll: std::collections::BTreeMap::new(),
            head: Head::EMPTY,
        };
        let person = Person {
            id: MARIA.to_owned(),
            name: "Maria Santos".to_owned(),
            name_key: "maria santos".to_owned(),
            role: Role::Manager,
            stage: PersonStage::Pending,
            slot: Some(bench.slot(&bench.slot_key, SALT)),
            activation: None,
            generation: 0,
            seen: 0,
            code_key: Vec::new(),
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
            factors: vec![bench.factor("phone-1", &bench.seed)],
            codes: Vec::new(),
        };
        (bench, NewClinic { clinic, person })
    }

    /// A clinic in use.
    fn active(make: &Maker) -> Self {
        let mut bench = Self::begun(make);
        let code = bench.phone_code();
        assert_eq!(bench.first_code(&code).unwrap().value, FirstCode::Right);
        let codes = bench.codes();
        bench.store.prove_setup(&bench.keys, MARIA, codes, vec![9; 60], &at(T0)).unwrap();
        bench.store.activate(&bench.keys, &at(T0)).unwrap();
        bench.now += 30;
        bench
    }

    fn slot(&self, key: &Key, salt: [u8; 16]) -> Slot {
        let place = Place { clinic: "clinic-1", owner: MARIA, kind: Kind::PersonSlot, kdf: Some(&COST.to_string()) };
        Slot { salt, cost: COST, sealed: key.seal(&self.dek.to_secret(), &place, &mut dice()).unwrap() }
    }

    fn factor(&self, id: &str, seed: &Seed) -> Factor {
        let place = Place { clinic: "clinic-1", owner: id, kind: Kind::Seed, kdf: None };
        Factor {
            id: id.to_owned(),
            label: String::new(),
            joins: Joins::InTheirPlace,
            stage: FactorStage::Shown,
            kind: FactorKind::Totp(Totp {
                seed: self.dek.seal(seed.secret(), &place, &mut dice()).unwrap(),
                last_step: None,
                suspects: Vec::new(),
            }),
            created_unix: T0,
        }
    }

    /// Ben, with nothing to sign in with.
    fn without_anything(&self) -> Person {
        Person {
            id: BEN.to_owned(),
            name: "Ben Ashdown".to_owned(),
            name_key: "ben ashdown".to_owned(),
            role: Role::Staff,
            stage: PersonStage::Pending,
            slot: None,
            activation: None,
            generation: 0,
            seen: 0,
            code_key: Vec::new(),
            password_unix: 0,
            signed_in_unix: None,
            password_failures: 0,
            wait: None,
            code_failures: 0,
            lock: None,
            wrong_codes_unix: Vec::new(),
            day_pass: None,
            vouched: None,
            texts: Default::default(),
            factors: Vec::new(),
            codes: Vec::new(),
        }
    }

    /// The present codes, sealed anew: no two calls are the same sheet to the store.
    fn codes(&self) -> NewCodes {
        let place = Place { clinic: "clinic-1", owner: MARIA, kind: Kind::RecoveryCodeKey, kdf: None };
        let numbered = (1..).zip(&self.spares);
        let codes = numbered.map(|(number, spare)| StoredCode {
            number,
            tag: recovery::stored_tag(&self.code_key, MARIA, number, spare),
            used_unix: None,
        });
        NewCodes {
            code_key: self.dek.seal(&self.code_key.to_secret(), &place, &mut dice()).unwrap(),
            codes: codes.collect(),
        }
    }

    fn phone_code(&self) -> String {
        totp::code_at(&self.seed, totp::step_at(self.now))
    }

    fn new_phone_code(&self) -> String {
        totp::code_at(&self.new_seed, totp::step_at(self.now))
    }

    fn wrong_code(&self) -> String {
        let near = totp::step_at(self.now) - 3000..totp::step_at(self.now) + 3000;
        let taken: Vec<String> = near.map(|step| totp::code_at(&self.seed, step)).collect();
        (0..).map(|n| format!("{n:06}")).find(|code| !taken.contains(code)).unwrap()
    }

    /// The phone that is being linked, or the first one.
    fn linking(&mut self) -> String {
        let Ok((_, person)) = self.store.person(&self.keys, MARIA) else { return "phone-1".to_owned() };
        let waiting = person.factors.into_iter().find(|factor| factor.stage != FactorStage::Active);
        waiting.map_or_else(|| "phone-1".to_owned(), |factor| factor.id)
    }

    fn first_code(&mut self, code: &str) -> Result<Committed<FirstCode>, StoreError> {
        let linking = self.linking();
        self.store.first_code(&self.keys, MARIA, &linking, &self.dek, &digits(code), &at(self.now))
    }

    fn attempt(&mut self, presented: &Presented) -> Result<Committed<Told>, StoreError> {
        let attempt = Attempt {
            person: MARIA,
            proof: Proof::Password(&self.slot_key),
            salt: Some(SALT),
            presented,
            generation: None,
        };
        self.store.attempt(&self.keys, &attempt, &at(self.now))
    }

    fn types(&mut self, code: &str) -> Result<Committed<Told>, StoreError> {
        self.attempt(&Presented::Code(digits(code)))
    }

    fn spends(&mut self, number: usize) -> Verdict {
        let spare = RecoveryCode::parse(self.spares[number - 1].written().expose()).unwrap();
        self.attempt(&Presented::Recovery(spare)).unwrap().value.verdict
    }

    /// Everything a person can see without keys, and the log's length.
    fn all(&mut self) -> (Look, usize) {
        let look = self.store.look(&at(self.now)).unwrap().unwrap();
        (look, self.store.entries(&EntryFilter::default()).unwrap().len())
    }

    /// Does one thing that changes something: the epoch and the log grow by one, the answer carries the new epoch, and
    /// the log's last entry is that.
    fn changes<T>(&mut self, event: What, work: impl FnOnce(&mut Self) -> Result<Committed<T>, StoreError>) -> T {
        let (before, entries) = self.all();
        let done = work(self).unwrap();
        let (after, now_entries) = self.all();
        assert_eq!((after.epoch, now_entries), (before.epoch + 1, entries + 1), "{event:?}");
        assert_eq!((done.epoch, self.store.check(&self.keys)), (after.epoch, Ok(after.epoch)), "{event:?}");
        let last = self.store.entries(&EntryFilter { limit: Some(1), ..EntryFilter::default() }).unwrap();
        assert_eq!(last[0].event, event.name());
        assert_eq!(self.store.verify_log(&self.keys), Ok(Ok(i64::try_from(now_entries).unwrap())));
        done.value
    }

    /// Does something that is refused: not a row is different afterwards.
    fn refuses<T>(&mut self, why: StoreError, work: impl FnOnce(&mut Self) -> Result<Committed<T>, StoreError>) {
        let before = self.all();
        let person = self.store.person(&self.keys, MARIA).unwrap();
        assert_eq!(work(self).map(|_| ()).err(), Some(why));
        assert_eq!(self.all(), before);
        assert_eq!(self.store.person(&self.keys, MARIA).unwrap(), person);
    }
}

fn nothing_is_there_before_a_set_up(make: &Maker) {
    let mut store = make();
    let keys = StateKeys::of(&Key::roll(&mut dice()).unwrap(), "clinic-1");
    assert_eq!(store.look(&at(T0)).unwrap(), None);
    assert_eq!(store.check(&keys), Err(StoreError::NotNow));
    assert_eq!(store.slot(MARIA).err(), Some(StoreError::NotNow));
    assert_eq!(store.entries(&EntryFilter::default()).unwrap(), []);
    assert_eq!(store.drop_setup(), Ok(()));
    assert_eq!(store.look(&at(T0)).unwrap(), None, "asking makes nothing");
}

fn every_change_is_one_epoch_and_one_entry(make: &Maker) {
    let mut b = Bench::begun(make);
    let (wrong, right) = (b.wrong_code(), b.phone_code());
    let outcome = b.changes(What::EnrolmentCode, |b| b.first_code(&wrong));
    assert_eq!(outcome, FirstCode::Wrong { clock_off_secs: None });
    assert_eq!(b.changes(What::EnrolmentCode, |b| b.first_code(&right)), FirstCode::Right);
    let used = b.changes(What::EnrolmentCode, |b| b.first_code(&right));
    assert_eq!(used, FirstCode::Used { next_in: Duration::from_secs(30) });
    let told = b.changes(What::Password, |b| b.store.password(&b.keys, MARIA, &b.slot_key, SALT, &at(b.now)));
    assert!(matches!(told, PasswordTold::Right(dek) if dek.expose() == b.dek.expose()));
    let codes = b.codes();
    b.changes(What::EnrolmentFinished, |b| b.store.prove_setup(&b.keys, MARIA, codes, vec![9; 60], &at(b.now)));
    b.changes(What::SetUpFinished, |b| b.store.activate(&b.keys, &at(b.now)));

    b.now += 30;
    let (wrong, right) = (b.wrong_code(), b.phone_code());
    let told = b.changes(What::SignIn, |b| b.types(&wrong));
    assert!(matches!(told.verdict, Verdict::WrongCode { .. }) && told.dek.is_none(), "{:?}", told.verdict);
    let told = b.changes(What::SignIn, |b| b.types(&right));
    assert!(matches!(told.verdict, Verdict::Accepted { by: FactorUsed::Totp, recovery_left: 10, .. }));
    assert!(told.dek.is_some_and(|dek| dek.expose() == b.dek.expose()));
    let told = b.changes(What::SignIn, |b| b.types(&right));
    assert!(matches!(told.verdict, Verdict::Used { .. }) && told.dek.is_none());

    b.now += 30;
    let fresh = Presented::Code(digits(&b.phone_code()));
    b.changes(What::FreshCode, |b| {
        let attempt =
            Attempt { person: MARIA, proof: Proof::Session(&b.dek), salt: None, presented: &fresh, generation: None };
        b.store.attempt(&b.keys, &attempt, &at(b.now))
    });
    let factor = b.factor("phone-2", &b.new_seed);
    b.changes(What::EnrolmentBegun, |b| b.store.begin_phone(&b.keys, MARIA, factor, &at(b.now)));
    b.changes(What::EnrolmentDropped, |b| b.store.drop_phone(&b.keys, MARIA, &at(b.now)));
    let codes = b.codes();
    b.changes(What::RecoveryCodesRenewed, |b| b.store.replace_codes(&b.keys, MARIA, codes, &at(b.now)));
    let slot = b.slot(&b.slot_key, *b"another salt ...");
    b.changes(What::PasswordChanged, |b| b.store.replace_slot(&b.keys, MARIA, slot, &at(b.now)));
    let event = Event::by(MARIA, What::Locked, "", "done");
    b.changes(What::Locked, |b| b.store.note(&b.keys, &event, &at(b.now)));
}

fn a_first_set_up_goes_one_way(make: &Maker) {
    let mut b = Bench::begun(make);
    let (codes, code) = (b.codes(), b.phone_code());
    let prove =
        |b: &mut Bench, codes: &NewCodes| b.store.prove_setup(&b.keys, MARIA, codes.clone(), vec![9; 60], &at(b.now));
    b.refuses(StoreError::NotNow, |b| b.store.activate(&b.keys, &at(b.now)));
    b.refuses(StoreError::NotNow, |b| prove(b, &codes)); // no code of the phone was right yet
    b.refuses(StoreError::NotNow, |b| b.types(&code)); // nobody signs in to a clinic that is not in use
    b.first_code(&code).unwrap();
    prove(&mut b, &codes).unwrap();
    assert_eq!(b.all().0.stage, ClinicStage::Proved);
    b.refuses(StoreError::NotNow, |b| prove(b, &codes));
    assert_eq!(b.store.drop_setup(), Err(StoreError::NotNow));
    b.store.activate(&b.keys, &at(b.now)).unwrap();
    let (look, _) = b.all();
    assert_eq!((look.stage, look.people[0].phones.len(), look.people[0].recovery_left), (ClinicStage::Active, 1, 10));
    // Asked again, because the answer got lost: it stays as it is.
    let before = b.all();
    assert_eq!(b.store.activate(&b.keys, &at(b.now)).map(|done| done.epoch), Ok(before.0.epoch));
    assert_eq!(b.all(), before);
    // And from here nothing leads back.
    let (other, new) = Bench::new(make());
    let before = b.all();
    assert_eq!(b.store.drop_setup(), Err(StoreError::NotNow));
    assert_eq!(b.store.begin_setup(&other.keys, new, &at(T0)).map(|_| ()).err(), Some(StoreError::NotNow));
    assert_eq!(b.all(), before);
}

fn an_unfinished_set_up_gives_way_to_another(make: &Maker) {
    let mut b = Bench::begun(make);
    let (other, new) = Bench::new(make());
    b.store.begin_setup(&other.keys, new, &at(T0)).unwrap();
    assert_eq!(b.store.check(&b.keys), Err(StoreError::ClinicChanged));
    assert_eq!(b.store.check(&other.keys), Ok(1));
    assert_eq!(b.store.drop_setup(), Ok(()));
    assert_eq!(b.store.look(&at(T0)).unwrap(), None);
    assert_eq!(b.store.entries(&EntryFilter::default()).unwrap(), []);
}

fn what_is_refused_changes_nothing(make: &Maker) {
    let mut b = Bench::active(make);
    let (codes, slot) = (b.codes(), b.slot(&b.slot_key, SALT));
    b.refuses(StoreError::NobodyThere, |b| b.store.password(&b.keys, "nobody", &b.slot_key, SALT, &at(b.now)));
    b.refuses(StoreError::NobodyThere, |b| b.store.replace_slot(&b.keys, "nobody", slot, &at(b.now)));
    b.refuses(StoreError::PhoneReplaced, |b| {
        b.store.finish_phone(&b.keys, MARIA, "phone-2", Some(codes), None, &at(b.now))
    });
    b.refuses(StoreError::NotNow, |b| b.first_code("123456")); // no phone is being linked
    b.refuses(StoreError::NoDayPass, |b| b.attempt(&Presented::DayPass));
    assert_eq!(b.store.slot("nobody").err(), Some(StoreError::NobodyThere));
}

fn a_changed_password_is_noticed_between_stretching_and_judging(make: &Maker) {
    let mut b = Bench::active(make);
    let slot = b.slot(&b.slot_key, *b"another salt ...");
    b.store.replace_slot(&b.keys, MARIA, slot, &at(b.now)).unwrap();
    let code = b.phone_code();
    b.refuses(StoreError::SaltChanged, |b| b.types(&code));
    b.refuses(StoreError::SaltChanged, |b| b.store.password(&b.keys, MARIA, &b.slot_key, SALT, &at(b.now)));
}

fn other_keys_open_nothing(make: &Maker) {
    let mut b = Bench::active(make);
    let before = b.all();
    let others = StateKeys::of(&Key::roll(&mut dice()).unwrap(), "clinic-1");
    let ours = std::mem::replace(&mut b.keys, others);
    let (code, codes, slot, factor) =
        (b.phone_code(), b.codes(), b.slot(&b.slot_key, SALT), b.factor("phone-2", &b.new_seed));
    let closed = Some(StoreError::ClinicChanged);
    let event = Event::by(MARIA, What::Locked, "", "done");
    assert_eq!(b.store.check(&b.keys).err(), closed);
    assert_eq!(b.store.person(&b.keys, MARIA).err(), closed);
    assert_eq!(b.types(&code).map(|_| ()).err(), closed);
    assert_eq!(b.first_code(&code).map(|_| ()).err(), closed);
    assert_eq!(b.store.replace_codes(&b.keys, MARIA, codes, &at(b.now)).map(|_| ()).err(), closed);
    assert_eq!(b.store.replace_slot(&b.keys, MARIA, slot, &at(b.now)).map(|_| ()).err(), closed);
    assert_eq!(b.store.begin_phone(&b.keys, MARIA, factor, &at(b.now)).map(|_| ()).err(), closed);
    assert_eq!(b.store.note(&b.keys, &event, &at(b.now)).map(|_| ()).err(), closed);
    assert_eq!(b.store.verify_log(&b.keys).err(), closed);
    b.keys = ours;
    assert_eq!(b.all(), before);
}

fn a_second_connection_sees_every_commit(make: &Maker) {
    let mut b = Bench::active(make);
    let mut other = make();
    let code = b.phone_code();
    assert!(matches!(b.types(&code).unwrap().value.verdict, Verdict::Accepted { .. }));
    std::mem::swap(&mut b.store, &mut other);
    assert!(matches!(b.types(&code).unwrap().value.verdict, Verdict::Used { .. }));
    let epoch = b.store.check(&b.keys);
    std::mem::swap(&mut b.store, &mut other);
    assert_eq!(b.store.check(&b.keys), epoch);
}

/// C93: the old phone and the old sheet are dead in the moment the new ones are good, and not before.
fn a_new_phone_takes_the_old_ones_place_in_one_moment(make: &Maker) {
    let mut b = Bench::active(make);
    let factor = b.factor("phone-2", &b.new_seed);
    b.store.begin_phone(&b.keys, MARIA, factor, &at(b.now)).unwrap();
    let new_code = b.new_phone_code();
    assert!(matches!(b.types(&new_code).unwrap().value.verdict, Verdict::WrongCode { .. }), "not linked yet");
    assert_eq!(b.first_code(&new_code).unwrap().value, FirstCode::Right);
    let old_code = b.phone_code();
    assert!(matches!(b.types(&old_code).unwrap().value.verdict, Verdict::Accepted { .. }), "the old one works");
    b.now += 30;
    let (old_code, new_code) = (b.phone_code(), b.new_phone_code());
    assert!(matches!(b.types(&new_code).unwrap().value.verdict, Verdict::WrongCode { .. }), "proved is not linked");
    let old_spare = RecoveryCode::parse(b.spares[0].written().expose()).unwrap();
    b.spares = (0..10).map(|_| RecoveryCode::roll(&mut dice()).unwrap()).collect();
    let codes = b.codes();
    b.changes(What::EnrolmentFinished, |b| {
        b.store.finish_phone(&b.keys, MARIA, "phone-2", Some(codes), None, &at(b.now))
    });
    assert!(matches!(b.types(&old_code).unwrap().value.verdict, Verdict::WrongCode { .. }), "the old one is dead");
    assert!(matches!(b.types(&new_code).unwrap().value.verdict, Verdict::Accepted { .. }));
    let dead = b.attempt(&Presented::Recovery(old_spare)).unwrap().value.verdict;
    assert!(matches!(dead, Verdict::WrongRecovery { recovery_left: 10, .. }), "{dead:?}");
    assert!(matches!(b.spends(1), Verdict::Accepted { recovery_left: 9, .. }));
}

/// C71.
fn new_codes_take_the_old_ones_place_in_one_moment(make: &Maker) {
    let mut b = Bench::active(make);
    assert!(matches!(b.spends(4), Verdict::Accepted { recovery_left: 9, .. }));
    let old = RecoveryCode::parse(b.spares[4].written().expose()).unwrap();
    b.spares = (0..10).map(|_| RecoveryCode::roll(&mut dice()).unwrap()).collect();
    let codes = b.codes();
    b.store.replace_codes(&b.keys, MARIA, codes, &at(b.now)).unwrap();
    let dead = b.attempt(&Presented::Recovery(old)).unwrap().value.verdict;
    assert!(matches!(dead, Verdict::WrongRecovery { recovery_left: 10, .. }), "{dead:?}");
    assert!(matches!(b.spends(4), Verdict::Accepted { recovery_left: 9, .. }));
}

/// C88 kind: what is stored again because the first answer got lost must not make a spent code good again.
fn codes_that_were_stored_already_are_not_brought_back_to_life(make: &Maker) {
    let mut b = Bench::active(make);
    let codes = b.codes();
    b.store.replace_codes(&b.keys, MARIA, codes.clone(), &at(b.now)).unwrap();
    assert!(matches!(b.spends(7), Verdict::Accepted { recovery_left: 9, .. }));
    b.store.replace_codes(&b.keys, MARIA, codes, &at(b.now)).unwrap();
    assert_eq!(b.spends(7), Verdict::RecoveryUsed { recovery_left: 9 });

    let factor = b.factor("phone-2", &b.new_seed);
    b.store.begin_phone(&b.keys, MARIA, factor, &at(b.now)).unwrap();
    let code = b.new_phone_code();
    b.first_code(&code).unwrap();
    let codes = b.codes();
    b.store.finish_phone(&b.keys, MARIA, "phone-2", Some(codes.clone()), None, &at(b.now)).unwrap();
    assert!(matches!(b.spends(2), Verdict::Accepted { recovery_left: 9, .. }));
    b.changes(What::EnrolmentFinished, |b| {
        b.store.finish_phone(&b.keys, MARIA, "phone-2", Some(codes), None, &at(b.now))
    });
    assert_eq!(b.spends(2), Verdict::RecoveryUsed { recovery_left: 9 });
}

const BEN: &str = "bashdown";

/// Ben, who has a slip whose salt is made of that byte and whose key is the bench's own slot key.
fn ben(b: &Bench, salt: u8) -> Person {
    let mut person = b.without_anything();
    person.activation = Some(activation(b, salt));
    person
}

fn activation(b: &Bench, salt: u8) -> Activation {
    let cost = COST.to_string();
    let place = Place { clinic: "clinic-1", owner: BEN, kind: Kind::ActivationSlot, kdf: Some(&cost) };
    let sealed = b.slot_key.seal(&b.dek.to_secret(), &place, &mut dice()).unwrap();
    let day = Duration::from_hours(24);
    Activation {
        slot: Slot { salt: [salt; 16], cost: COST, sealed },
        until_unix: b.now + 86_400,
        hold: Hold::new(day, &at(b.now).boot),
    }
}

fn manages(b: &mut Bench, actor: &str, change: ManagerChange) -> Result<Committed<Entry>, StoreError> {
    b.store.manage(&b.keys, actor, change, &at(b.now))
}

fn what_a_manager_changes_is_one_change_each(make: &Maker) {
    let mut b = Bench::active(make);
    let new = ben(&b, 1);
    b.changes(What::PersonAdded, |b| manages(b, MARIA, ManagerChange::Add(Box::new(new.clone()))));
    b.refuses(StoreError::NameTaken, |b| manages(b, MARIA, ManagerChange::Add(Box::new(new.clone()))));
    let twin = Person { id: "other".to_owned(), name: "Ben Ashd\u{43e}wn".to_owned(), name_key: "x".to_owned(), ..new };
    b.refuses(StoreError::NameTaken, |b| manages(b, MARIA, ManagerChange::Add(Box::new(twin))));
    b.refuses(StoreError::NotReady, |b| manages(b, MARIA, ManagerChange::DayPass(BEN.to_owned())));
    b.changes(What::RoleChanged, |b| manages(b, MARIA, ManagerChange::Role(BEN.to_owned(), Role::Manager)));
    let again = activation(&b, 2);
    b.changes(What::PersonReset, |b| {
        manages(b, MARIA, ManagerChange::Reset { person: BEN.to_owned(), activation: again })
    });
    let settings = Settings { wrong_codes: 7, ..Settings::default() };
    b.changes(What::SettingChanged, |b| manages(b, MARIA, ManagerChange::Settings(Edit::whole(settings))));
    b.changes(What::ClinicKeyRenewed, |b| manages(b, MARIA, ManagerChange::RecoverySlot(vec![8; 60])));
    assert_eq!(b.store.recovery(&at(b.now)).map(|slots| slots.dek), Ok(vec![8; 60]));
    b.refuses(StoreError::LastManager, |b| manages(b, MARIA, ManagerChange::Role(MARIA.to_owned(), Role::Staff)));
    b.refuses(StoreError::LastManager, |b| manages(b, MARIA, ManagerChange::Remove(MARIA.to_owned())));
    let told = b.changes(What::PersonRemoved, |b| manages(b, MARIA, ManagerChange::Remove(BEN.to_owned())));
    let last = EntryFilter { limit: Some(1), ..EntryFilter::default() };
    assert_eq!(b.store.entries(&last), Ok(vec![told]), "what was told is what was written down");
    b.refuses(StoreError::NobodyThere, |b| manages(b, MARIA, ManagerChange::Remove(BEN.to_owned())));
    b.changes(What::NoticesSeen, |b| b.store.mark_seen(&b.keys, MARIA, 3, &at(b.now)));
}

fn only_a_manager_who_can_sign_in_manages(make: &Maker) {
    // In a clinic that is not in use nobody does.
    let mut b = Bench::begun(make);
    let new = Box::new(ben(&b, 1));
    b.refuses(StoreError::NotAllowed, |b| manages(b, MARIA, ManagerChange::Add(new)));
    assert_eq!(b.store.drop_setup(), Ok(()));
    let mut b = Bench::active(make);
    for role in [Role::Staff, Role::Manager] {
        let new = Person { role, ..ben(&b, 1) };
        manages(&mut b, MARIA, ManagerChange::Add(Box::new(new))).unwrap();
        b.refuses(StoreError::NotAllowed, |b| manages(b, BEN, ManagerChange::Remove(MARIA.to_owned())));
        manages(&mut b, MARIA, ManagerChange::Remove(BEN.to_owned())).unwrap();
    }
    b.refuses(StoreError::NobodyThere, |b| manages(b, "nobody", ManagerChange::Remove(MARIA.to_owned())));
}

fn a_slip_is_used_up_by_the_one_that_was_judged(make: &Maker) {
    let mut b = Bench::active(make);
    let new = Box::new(ben(&b, 1));
    manages(&mut b, MARIA, ManagerChange::Add(new)).unwrap();
    assert_eq!(b.store.activation(BEN).map(|slot| slot.salt), Ok([1; 16]));
    assert_eq!(b.store.activation(MARIA).err(), Some(StoreError::NotNow));
    let judged = |b: &mut Bench, salt| b.store.activate_person(&b.keys, BEN, &b.slot_key, [salt; 16], &at(b.now));
    let told = b.changes(What::Activation, |b| judged(b, 1));
    assert!(matches!(told, PasswordTold::Right(dek) if dek.expose() == b.dek.expose()));
    // A second reset between the judgement and what follows it.
    let second = activation(&b, 2);
    manages(&mut b, MARIA, ManagerChange::Reset { person: BEN.to_owned(), activation: second }).unwrap();
    let begin = |b: &mut Bench, salt| {
        let (slot, factor) = (b.slot(&b.slot_key, SALT), b.factor("bens-phone", &b.new_seed));
        b.store.begin_person(&b.keys, BEN, [salt; 16], slot, factor, &at(b.now))
    };
    b.refuses(StoreError::NotNow, |b| begin(b, 1));
    b.refuses(StoreError::SaltChanged, |b| judged(b, 1).map(|c| Committed { value: (), epoch: c.epoch }));
    b.changes(What::EnrolmentBegun, |b| begin(b, 2));
    b.refuses(StoreError::NotNow, |b| begin(b, 2));
    assert_eq!(b.store.activation(BEN).err(), Some(StoreError::NotNow));
}

fn a_phone_beside_another_takes_nobodys_place(make: &Maker) {
    let mut b = Bench::active(make);
    let factor = Factor { joins: Joins::Beside, ..b.factor("phone-2", &b.new_seed) };
    b.store.begin_phone(&b.keys, MARIA, factor, &at(b.now)).unwrap();
    let code = b.new_phone_code();
    b.first_code(&code).unwrap();
    b.store.finish_phone(&b.keys, MARIA, "phone-2", None, None, &at(b.now)).unwrap();
    b.now += 30;
    for code in [b.phone_code(), b.new_phone_code()] {
        assert!(matches!(b.types(&code).unwrap().value.verdict, Verdict::Accepted { .. }));
        assert!(matches!(b.types(&code).unwrap().value.verdict, Verdict::Used { .. }));
    }
    let unlink = |b: &mut Bench, id: &str| b.store.remove_phone(&b.keys, MARIA, id, &at(b.now));
    b.refuses(StoreError::NotNow, |b| unlink(b, "phone-3"));
    b.changes(What::PhoneRemoved, |b| unlink(b, "phone-1"));
    b.refuses(StoreError::NotNow, |b| unlink(b, "phone-2"));
}

fn the_present_file_is_accepted_under_another_key(make: &Maker) {
    let mut b = Bench::active(make);
    b.keys = StateKeys::of(&Key::roll(&mut dice()).unwrap(), "clinic-1");
    assert_eq!(b.store.check(&b.keys), Err(StoreError::ClinicChanged));
    let done = b.store.recover(&b.keys, 1000, None, &at(b.now)).unwrap();
    assert_eq!((done.epoch, b.store.check(&b.keys)), (1001, Ok(1001)));
    let (_, person) = b.store.person(&b.keys, MARIA).unwrap();
    let used = totp::step_at(b.now) + 1;
    assert!(person.factors.iter().all(|factor| factor.app().unwrap().last_step == Some(used)));
    let before = b.store.check(&b.keys).unwrap();
    assert_eq!(b.store.recover(&b.keys, 0, None, &at(b.now)).map(|done| done.epoch), Ok(before + 1));
}

fn the_log_is_read_in_pages(make: &Maker) {
    let mut b = Bench::active(make);
    let all = b.store.entries(&EntryFilter::default()).unwrap();
    let (mut read, mut last) = (Vec::new(), 0);
    loop {
        let page = b.store.entries_after(last, 3).unwrap();
        let Some(end) = page.last() else { break };
        assert!(page.len() <= 3);
        last = end.number;
        read.extend(page);
    }
    assert_eq!(read, all);
    let before = EntryFilter { before: Some(3), limit: Some(1), ..EntryFilter::default() };
    assert_eq!(b.store.entries(&before).unwrap(), all[1..2]);
    let after = EntryFilter { after: Some(3), ..EntryFilter::default() };
    assert_eq!(b.store.entries(&after).unwrap(), all[3..]);
}

fn the_log_is_filtered_and_whole(make: &Maker) {
    let mut b = Bench::active(make);
    for n in 0..3 {
        b.now += 60 + n;
        let code = b.phone_code();
        b.types(&code).unwrap();
    }
    let all = b.store.entries(&EntryFilter::default()).unwrap();
    let numbers: Vec<i64> = all.iter().map(|entry| entry.number).collect();
    assert_eq!(numbers, (1..=7).collect::<Vec<_>>(), "from 1 without gaps, oldest first");
    let found = |b: &mut Bench, filter: EntryFilter| -> Vec<i64> {
        b.store.entries(&filter).unwrap().iter().map(|entry| entry.number).collect()
    };
    for (filter, expected) in [
        (EntryFilter { event: Some("sign-in".to_owned()), ..EntryFilter::default() }, vec![5, 6, 7]),
        (EntryFilter { person: Some(MARIA.to_owned()), ..EntryFilter::default() }, vec![1, 2, 3, 5, 6, 7]),
        (EntryFilter { person: Some("nobody".to_owned()), ..EntryFilter::default() }, vec![]),
        (EntryFilter { limit: Some(2), ..EntryFilter::default() }, vec![6, 7]),
        (EntryFilter { limit: Some(0), ..EntryFilter::default() }, vec![]),
        (EntryFilter { since_unix: Some(all[5].unix_secs), ..EntryFilter::default() }, vec![6, 7]),
    ] {
        assert_eq!(found(&mut b, filter.clone()), expected, "{filter:?}");
    }
    assert!(all.iter().all(|entry| entry.desk == "front-1"), "{all:?}");
}

/// C89: several writers at once, without any lock of ours around them: each waits for the others, and nothing is lost.
fn writers_wait_for_each_other(make: &Maker) {
    let mut b = Bench::active(make);
    let (before, _) = b.all();
    let event = Event::by(MARIA, What::Locked, "", "done");
    let mut stores: Vec<_> = (0..4).map(|_| make()).collect();
    let (keys, event) = (&b.keys, &event);
    let done: Vec<u64> = std::thread::scope(|scope| {
        let writers: Vec<_> = stores
            .iter_mut()
            .map(|store| {
                scope
                    .spawn(move || (0..10).map(|_| store.note(keys, event, &at(T0)).unwrap().epoch).collect::<Vec<_>>())
            })
            .collect();
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    let epochs: std::collections::BTreeSet<u64> = done.into_iter().collect();
    assert_eq!(epochs, (before.epoch + 1..=before.epoch + 40).collect(), "each commit has an epoch of its own");
    assert!(matches!(b.store.verify_log(&b.keys), Ok(Ok(_))));
}
