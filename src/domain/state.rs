//! What is stored about a clinic and its people, and the tags that hold it together.
//!
//! A person's row is tagged together with that person's factors and recovery codes. The clinic row is tagged over
//! the roll: every person's id and present tag. So an old row put back is noticed, and a damaged row closes its
//! person only: the roll says which row is the right one without any row vouching for another.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::audit::Head;
use super::canon::{Canon, Tag};
use super::kdf::{Cost, SALT_LEN};
use super::keys::Key;
use super::lockout::{DeskGauge, Hold};
use super::moment::Moment;
use super::practice::{self, Practice};
use super::presence::{AfterLock, FULL_SIGN_IN_HOURS, LockScreen};
use super::recovery::CODES;
use super::sms::{SmsSettings, TextGauge, Texts};
use super::totp::Step;
use crate::ports::Now;

/// An epoch that nothing vouches for, or none: no clinic makes so many changes, and counting on from the highest number
/// there is would close it for ever.
#[must_use]
pub fn believable_epoch(epoch: u64) -> u64 {
    const LIMIT: u64 = 1 << 48;
    if epoch < LIMIT { epoch } else { 0 }
}

/// How far the first set-up has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClinicStage {
    /// Begun: nothing protects anything yet, and it may start over.
    Pending,
    /// Everything is stored and was proved from paper; only the keychain's marker may still be missing.
    Proved,
    /// In use.
    Active,
}

/// What a clinic may choose. Stored as JSON, so that a newer program's choices survive an older one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The practice program's name, as people know it.
    pub program: String,
    /// Whom to ask for help: telephone number, web page.
    pub support: String,
    /// Wrong codes in a row before a lock, 5 to 10.
    pub wrong_codes: u32,
    /// Shortest password in characters, 8 to 64.
    pub shortest_password: usize,
    /// The clinic's own time server, as `host` or `host:port`; empty for none.
    pub time_server: String,
    /// Text messages.
    pub sms: SmsSettings,
    /// What is asked after a short absence.
    pub after_lock: AfterLock,
    /// For how many minutes nobody may touch the computer before it locks by itself, 1 to 60.
    pub lock_after_minutes: u32,
    /// After how many hours password and code are asked for again, whoever was there all the time, 1 to 24.
    pub full_sign_in_hours: u32,
    /// What a locked desk looks like.
    pub lock_screen: LockScreen,
    /// What signing in opens.
    #[serde(flatten)]
    pub practice: Practice,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            program: "ClinicOffice".to_owned(),
            support: String::new(),
            wrong_codes: 10,
            shortest_password: super::password::SHORTEST,
            time_server: String::new(),
            sms: SmsSettings::default(),
            after_lock: AfterLock::default(),
            lock_after_minutes: 5,
            full_sign_in_hours: 12,
            lock_screen: LockScreen::default(),
            practice: Practice::default(),
        }
    }
}

impl Settings {
    /// As stored, over what is stored already: a newer program's choices stay.
    #[must_use]
    pub fn over(&self, stored: &str) -> String {
        let mut all: serde_json::Map<String, serde_json::Value> = serde_json::from_str(stored).unwrap_or_default();
        if let Ok(serde_json::Value::Object(own)) = serde_json::to_value(self) {
            lay_over(&mut all, own);
        }
        serde_json::Value::Object(all).to_string()
    }

    /// The names of the settings that differ, for the log.
    #[must_use]
    pub fn changed(&self, before: &Self) -> Vec<&'static str> {
        let differs = [
            ("program", self.program != before.program),
            ("support", self.support != before.support),
            ("wrong-codes", self.wrong_codes != before.wrong_codes),
            ("shortest-password", self.shortest_password != before.shortest_password),
            ("time-server", self.time_server != before.time_server),
            ("after-lock", self.after_lock != before.after_lock),
            ("lock-after-minutes", self.lock_after_minutes != before.lock_after_minutes),
            ("full-sign-in-hours", self.full_sign_in_hours != before.full_sign_in_hours),
            ("lock-screen", self.lock_screen != before.lock_screen),
        ];
        let of_practice =
            practice::KEYS.into_iter().map(|key| (key, self.practice.get(key) != before.practice.get(key)));
        let own = differs.into_iter().chain(of_practice).filter_map(|(name, differs)| differs.then_some(name));
        own.chain(self.sms.changed(&before.sms)).collect()
    }

    /// The same, each within the range that a clinic may choose from.
    #[must_use]
    pub fn within_ranges(mut self) -> Self {
        self.wrong_codes = self.wrong_codes.clamp(5, 10);
        self.shortest_password = self.shortest_password.clamp(8, 64);
        self.sms = self.sms.within_ranges();
        self.lock_after_minutes = self.lock_after_minutes.clamp(1, 60);
        let hours = FULL_SIGN_IN_HOURS;
        self.full_sign_in_hours = self.full_sign_in_hours.clamp(*hours.start(), *hours.end());
        self
    }

    /// How long a sign-in with password and code lasts, whatever a file says that was written by another program.
    #[must_use]
    pub fn full_sign_in(&self) -> Duration {
        let hours = FULL_SIGN_IN_HOURS;
        Duration::from_secs(u64::from(self.full_sign_in_hours.clamp(*hours.start(), *hours.end())) * 3600)
    }
}

/// Puts values over values of the same name, object by object.
fn lay_over(all: &mut serde_json::Map<String, serde_json::Value>, own: serde_json::Map<String, serde_json::Value>) {
    for (name, value) in own {
        match (all.get_mut(&name), value) {
            (Some(serde_json::Value::Object(before)), serde_json::Value::Object(value)) => lay_over(before, value),
            (_, value) => drop(all.insert(name, value)),
        }
    }
}

/// The database key, sealed under the DEK. While it is being changed both are there, so that whichever the database
/// takes after a crash is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DatabaseKey {
    /// The one that opens the database, as far as is known.
    pub present: Option<Vec<u8>>,
    /// The one that is going to take its place.
    pub next: Option<Vec<u8>>,
}

/// The clinic's one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clinic {
    /// Random, for good; bound into everything sealed.
    pub id: String,
    /// Random; names the keychain's items.
    pub keychain_id: String,
    /// How far set-up has come.
    pub stage: ClinicStage,
    /// The clinic's name as typed.
    pub name: String,
    /// When it was set up, UTC seconds.
    pub created_unix: i64,
    /// [`Settings`] as stored.
    pub settings_json: String,
    /// Grows by one with every committed change; never behind the keychain's.
    pub epoch: u64,
    /// Failures at this desk.
    pub gauge: DeskGauge,
    /// What the clocks showed when something was last written.
    pub clocks: Moment,
    /// The device key, sealed under the DEK.
    pub device_key: Vec<u8>,
    /// The password of the service that sends texts, sealed under the DEK.
    pub sms_secret: Option<Vec<u8>>,
    /// The texts that were sent.
    pub texts: TextGauge,
    /// The DEK, sealed under the clinic recovery key; absent until set-up is proved.
    pub recovery_slot: Option<Vec<u8>>,
    /// The manager who came back with the clinic recovery key and gets a new one when their phone is linked.
    pub key_due: Option<String>,
    /// The database key that signing in releases.
    pub database_key: DatabaseKey,
    /// Every person's present tag.
    pub roll: BTreeMap<String, Tag>,
    /// The end of the log.
    pub head: Head,
}

impl Clinic {
    /// The settings; what cannot be read is the default.
    #[must_use]
    pub fn settings(&self) -> Settings {
        serde_json::from_str::<Settings>(&self.settings_json).unwrap_or_default().within_ranges()
    }

    /// The row's tag.
    #[must_use]
    pub fn tag(&self, key: &Key) -> Tag {
        let stage = match self.stage {
            ClinicStage::Pending => 0,
            ClinicStage::Proved => 1,
            ClinicStage::Active => 2,
        };
        let canon = Canon::of("clinic2fa clinic row 1")
            .text(&self.id)
            .text(&self.keychain_id)
            .int(stage)
            .text(&self.name)
            .int(self.created_unix)
            .text(&self.settings_json)
            .int(self.epoch)
            .int(millis(self.gauge.level))
            .text(&self.gauge.at.boot_id)
            .int(millis(self.gauge.at.since_start));
        let canon = self
            .clocks
            .fields(canon)
            .bytes(&self.device_key)
            .maybe(self.sms_secret.as_ref(), |canon, sealed| canon.bytes(sealed));
        let canon = self
            .texts
            .fields(canon)
            .maybe(self.recovery_slot.as_ref(), |canon, slot| canon.bytes(slot))
            .maybe(self.key_due.as_ref(), |canon, person| canon.text(person))
            .maybe(self.database_key.present.as_ref(), |canon, sealed| canon.bytes(sealed))
            .maybe(self.database_key.next.as_ref(), |canon, sealed| canon.bytes(sealed))
            .int(self.head.number)
            .bytes(&self.head.tag)
            .int(self.roll.len() as u64);
        self.roll.iter().fold(canon, |canon, (id, tag)| canon.text(id).bytes(tag)).tag(key.expose())
    }
}

/// What a person may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Works on reception.
    Staff,
    /// Manages the clinic.
    Manager,
}

impl Role {
    /// The name in the store and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Role::Staff => "staff",
            Role::Manager => "manager",
        }
    }
}

/// Where a person stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonStage {
    /// New: not finished linking a phone.
    Pending,
    /// Signs in.
    Active,
    /// Reset by a manager: signs in with nothing until a phone is linked again.
    Reset,
}

/// A person's password slot: the DEK, wrapped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The salt.
    pub salt: [u8; SALT_LEN],
    /// The cost of the stretching.
    pub cost: Cost,
    /// The DEK, sealed under the slot's key.
    pub sealed: Vec<u8>,
}

/// A one-time activation code's slot: lets a new or reset person set a password and link a phone, for a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activation {
    /// The DEK, sealed under the activation code.
    pub slot: Slot,
    /// When it ends, UTC seconds.
    pub until_unix: i64,
    /// The same on the clock that cannot be set.
    pub hold: Hold,
}

/// A linked phone, or one that is being linked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Factor {
    /// Random id.
    pub id: String,
    /// What the person calls it; empty for an only one.
    pub label: String,
    /// Whether a code has been proved and the enrolment finished.
    pub stage: FactorStage,
    /// What happens to the other phones when it is linked.
    pub joins: Joins,
    /// What it is, with what that kind needs.
    pub kind: FactorKind,
    /// When it was begun, UTC seconds.
    pub created_unix: i64,
}

impl Factor {
    /// The authenticator app's part, where this is one.
    #[must_use]
    pub fn app(&self) -> Option<&Totp> {
        match &self.kind {
            FactorKind::Totp(totp) => Some(totp),
            FactorKind::Sms(_) => None,
        }
    }

    /// The same, to be changed.
    pub fn app_mut(&mut self) -> Option<&mut Totp> {
        match &mut self.kind {
            FactorKind::Totp(totp) => Some(totp),
            FactorKind::Sms(_) => None,
        }
    }

    /// What its kind keeps sealed under the DEK: seed or number.
    #[must_use]
    pub fn sealed(&self) -> &[u8] {
        match &self.kind {
            FactorKind::Totp(totp) => &totp.seed,
            FactorKind::Sms(sms) => &sms.number,
        }
    }

    /// The telephone number, sealed, where codes go to one.
    #[must_use]
    pub fn number(&self) -> Option<&[u8]> {
        match &self.kind {
            FactorKind::Totp(_) => None,
            FactorKind::Sms(sms) => Some(&sms.number),
        }
    }
}

/// The kinds of factors. Another one is a variant here, and the arms that the compiler lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactorKind {
    /// An authenticator app.
    Totp(Totp),
    /// A telephone that gets its codes as text messages.
    Sms(Sms),
}

impl FactorKind {
    /// The name in the store, in the log and on the command line.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            FactorKind::Totp(_) => "totp",
            FactorKind::Sms(_) => "sms",
        }
    }
}

/// What an authenticator app needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totp {
    /// The seed, sealed under the DEK.
    pub seed: Vec<u8>,
    /// The last accepted step.
    pub last_step: Option<Step>,
    /// Where in the day around the last wrong code its digits belonged.
    pub suspects: Vec<Suspect>,
}

/// What a telephone needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sms {
    /// The number in international form, sealed under the DEK.
    pub number: Vec<u8>,
    /// Its last two digits: all that is shown before somebody is signed in.
    pub ending: String,
}

/// What happens to a person's other phones when one is linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joins {
    /// It takes their place.
    InTheirPlace,
    /// They go on working beside it.
    Beside,
}

/// How far a phone has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorStage {
    /// The square has been shown.
    Shown,
    /// A right code was typed; the recovery codes are not proved yet.
    Proved,
    /// Counts at sign-in.
    Active,
}

/// One step that a wrong code belonged to, for the clock doctor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suspect {
    /// That step less the step of this computer's clock.
    pub offset: i64,
    /// The step.
    pub step: Step,
}

/// One recovery code as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCode {
    /// Its number on the sheet, 1 to 10.
    pub number: u8,
    /// Its tag.
    pub tag: Tag,
    /// When it was used, UTC seconds.
    pub used_unix: Option<i64>,
}

/// Leave to sign in with the password alone, on this computer, for the rest of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayPass {
    /// When it was given, UTC seconds.
    pub from_unix: i64,
    /// When the local day ends, UTC seconds.
    pub until_unix: i64,
    /// The same stretch on the clock that cannot be set.
    pub hold: Hold,
}

impl DayPass {
    /// The longest local day: clocks that are put back by two hours, as on Troll; elsewhere it is 25 hours.
    const LONGEST_DAY_SECS: i64 = 26 * 3600;

    /// From now until this local day ends.
    #[must_use]
    pub fn until_the_day_ends(now: &Now) -> Self {
        let left = now.day_ends_unix.saturating_sub(now.unix_secs).clamp(0, Self::LONGEST_DAY_SECS);
        Self {
            from_unix: now.unix_secs,
            until_unix: now.unix_secs.saturating_add(left),
            hold: Hold::new(Duration::from_secs(left.unsigned_abs()), &now.boot),
        }
    }
}

/// A person with factors and recovery codes: what a judgement reads and what it hands back changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Short Latin id.
    pub id: String,
    /// Name as typed.
    pub name: String,
    /// What makes two spellings one person.
    pub name_key: String,
    /// Role.
    pub role: Role,
    /// Where the person stands.
    pub stage: PersonStage,
    /// The password slot; absent until the person has chosen a password.
    pub slot: Option<Slot>,
    /// An activation code that is waiting to be used.
    pub activation: Option<Activation>,
    /// Grows with every reset: whoever was signed in before is not any more.
    pub generation: u32,
    /// The log's number up to which the person has been told what happened.
    pub seen: i64,
    /// The key of the recovery codes, sealed under the DEK.
    pub code_key: Vec<u8>,
    /// When the password was set, UTC seconds.
    pub password_unix: i64,
    /// The last accepted sign-in, UTC seconds.
    pub signed_in_unix: Option<i64>,
    /// Wrong passwords and wrong recovery codes in a row: these cause waits.
    pub password_failures: u32,
    /// The wait.
    pub wait: Option<Hold>,
    /// Wrong codes with the right password, in a row.
    pub code_failures: u32,
    /// The lock.
    pub lock: Option<Hold>,
    /// When, within a year and under this password, codes were wrong, UTC seconds.
    pub wrong_codes_unix: Vec<i64>,
    /// Leave to do without the phone today.
    pub day_pass: Option<DayPass>,
    /// The time that the last accepted code vouched for.
    pub vouched: Option<Moment>,
    /// Texts sent to this person, and the code of the last.
    pub texts: Texts,
    /// Phones.
    pub factors: Vec<Factor>,
    /// Recovery codes.
    pub codes: Vec<StoredCode>,
}

impl Person {
    /// Recovery codes that are still good.
    #[must_use]
    pub fn codes_left(&self) -> u8 {
        let left = self.codes.iter().filter(|code| code.used_unix.is_none()).count();
        u8::try_from(left).unwrap_or(CODES)
    }

    /// The last two digits of the number that counts at sign-in.
    #[must_use]
    pub fn number_ending(&self) -> Option<&str> {
        let active = self.factors.iter().filter(|factor| factor.stage == FactorStage::Active);
        active
            .filter_map(|factor| match &factor.kind {
                FactorKind::Sms(sms) => Some(sms.ending.as_str()),
                FactorKind::Totp(_) => None,
            })
            .next()
    }

    /// The tag over person, factors and recovery codes.
    #[must_use]
    pub fn tag(&self, key: &Key) -> Tag {
        let mut canon = Canon::of("clinic2fa person 1")
            .text(&self.id)
            .text(&self.name)
            .text(&self.name_key)
            .text(self.role.name())
            .int(match self.stage {
                PersonStage::Pending => 0,
                PersonStage::Active => 1,
                PersonStage::Reset => 2,
            })
            .maybe(self.slot.as_ref(), slot_fields)
            .maybe(self.activation.as_ref(), |canon, activation| {
                hold(slot_fields(canon, &activation.slot).int(activation.until_unix), &activation.hold)
            })
            .int(self.generation)
            .int(self.seen)
            .bytes(&self.code_key)
            .int(self.password_unix)
            .maybe(self.signed_in_unix, Canon::int)
            .int(self.password_failures)
            .maybe(self.wait.as_ref(), hold)
            .int(self.code_failures)
            .maybe(self.lock.as_ref(), hold)
            .int(self.wrong_codes_unix.len() as u64);
        for time in &self.wrong_codes_unix {
            canon = canon.int(*time);
        }
        canon = canon.maybe(self.day_pass.as_ref(), |canon, pass| {
            hold(canon.int(pass.from_unix).int(pass.until_unix), &pass.hold)
        });
        canon = canon.maybe(self.vouched.as_ref(), |canon, moment| moment.fields(canon));
        canon = self.texts.fields(canon).int(self.factors.len() as u64);
        for factor in &self.factors {
            canon = factor_fields(canon, factor);
        }
        canon = canon.int(self.codes.len() as u64);
        for code in &self.codes {
            canon = canon.int(code.number).bytes(&code.tag).maybe(code.used_unix, Canon::int);
        }
        canon.tag(key.expose())
    }
}

fn slot_fields(canon: Canon, slot: &Slot) -> Canon {
    canon.bytes(&slot.salt).text(&slot.cost.to_string()).bytes(&slot.sealed)
}

fn factor_fields(canon: Canon, factor: &Factor) -> Canon {
    let stage = match factor.stage {
        FactorStage::Shown => 0,
        FactorStage::Proved => 1,
        FactorStage::Active => 2,
    };
    let canon = canon
        .text(&factor.id)
        .text(&factor.label)
        .int(stage)
        .int(match factor.joins {
            Joins::InTheirPlace => 0,
            Joins::Beside => 1,
        })
        .int(factor.created_unix)
        .text(factor.kind.name());
    match &factor.kind {
        FactorKind::Totp(totp) => {
            let canon = canon.bytes(&totp.seed).maybe(totp.last_step, Canon::int).int(totp.suspects.len() as u64);
            totp.suspects.iter().fold(canon, |canon, suspect| canon.int(suspect.offset).int(suspect.step))
        }
        FactorKind::Sms(sms) => canon.bytes(&sms.number).text(&sms.ending),
    }
}

fn hold(canon: Canon, hold: &Hold) -> Canon {
    canon.int(millis(hold.left)).text(&hold.at.boot_id).int(millis(hold.at.since_start))
}

/// Durations are stored in whole milliseconds.
#[must_use]
pub fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
