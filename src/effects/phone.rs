//! Linking a phone: the first one, or a new one while the old one goes on working.

use super::people::ACTIVATION_SECS;
use super::{Began, Desk, DraftFor, Failure, Open, Sheets, Unfinished};
use crate::domain::code::Code;
use crate::domain::keys::{self, Key, Kind, Place};
use crate::domain::otpauth;
use crate::domain::secret::SecretText;
use crate::domain::square::{Square, SquareError};
use crate::domain::state::{Clinic, Factor, FactorKind, FactorStage, Joins, Person, PersonStage, Totp};
use crate::domain::totp::Seed;
use crate::domain::verify::{self, FirstCode, Verdict};
use crate::ports::{Now, PasswordTold, StoreError};

/// What the square step shows.
#[derive(Debug)]
pub struct PhoneOffer {
    /// Whose.
    pub person: String,
    /// What the square carries.
    pub uri: SecretText,
    /// The same key as 32 letters.
    pub key: SecretText,
    /// The same as a square that this program has read back, or why there is none: then the key is typed.
    pub square: Result<Square, SquareError>,
    /// The entry's first line on the phone.
    pub issuer: String,
    /// The entry's second line on the phone.
    pub account: String,
}

impl PhoneOffer {
    pub(super) fn new(program: &str, clinic: &str, person: &str, seed: &Seed) -> Self {
        let (issuer, account) = (otpauth::issuer(program), otpauth::account(clinic, person));
        let uri = otpauth::uri(&issuer, &account, seed);
        let square = Square::encode(&uri);
        Self { person: person.to_owned(), key: otpauth::base32(seed), square, uri, issuer, account }
    }
}

/// A phone that was being linked, taken up again with the password.
#[derive(Debug)]
pub struct Resumed {
    /// The same square as before: an entry that was scanned stays good.
    pub offer: PhoneOffer,
    /// A right code was typed before; only the sheets are left.
    pub proved: bool,
}

/// What was being linked.
#[derive(Debug)]
pub enum Reopened {
    /// An app.
    App(Resumed),
    /// A number.
    Number {
        /// Its last two digits.
        ending: String,
        /// A right code was typed before; only the sheets are left.
        proved: bool,
    },
    /// A phone of somebody who has others that count. The password brings neither its square nor its end: only its code
    /// does, which is counted like a sign-in's.
    Another,
}

impl Desk {
    pub(super) fn new_factor(
        &mut self,
        seed: &Seed,
        clinic: &str,
        dek: &Key,
        (label, joins): (&str, Joins),
        now: &Now,
    ) -> Result<Factor, Failure> {
        let id = self.random_id()?;
        let place = Place { clinic, owner: &id, kind: Kind::Seed, kdf: None };
        Ok(Factor {
            kind: FactorKind::Totp(Totp {
                seed: dek.seal(seed.secret(), &place, &mut self.dice)?,
                last_step: None,
                suspects: Vec::new(),
            }),
            stage: FactorStage::Shown,
            label: label.to_owned(),
            joins,
            created_unix: now.unix_secs,
            id,
        })
    }

    /// Opens an unfinished linking with the person's password: at the first set-up, or for a new phone.
    ///
    /// # Errors
    /// [`Failure::Refused`] for a wrong password or a wait; [`StoreError::NotNow`] when nothing is being linked; see
    /// [`Failure`].
    pub fn resume(&mut self, person: &str, password: &SecretText) -> Result<Resumed, Failure> {
        match self.reopen(person, password)? {
            Reopened::App(resumed) => Ok(resumed),
            Reopened::Number { .. } | Reopened::Another => Err(StoreError::NotNow.into()),
        }
    }

    /// The same, whichever kind is being linked.
    ///
    /// # Errors
    /// As [`Desk::resume`].
    pub fn reopen(&mut self, person: &str, password: &SecretText) -> Result<Reopened, Failure> {
        let (stretched, salt) = self.stretch(person, password)?;
        let guarded = self.guard()?;
        let clinic_id = guarded.look.clinic_id.clone();
        let slot_key = keys::slot_key(&stretched, &guarded.device, &clinic_id);
        let committed = self.store.password(&guarded.keys, person, &slot_key, salt, &guarded.now)?;
        let dek = match self.raise(&guarded, committed)? {
            PasswordTold::Right(dek) => dek,
            PasswordTold::Refused(verdict) => return Err(Failure::Refused(verdict)),
        };
        let (clinic, person) = self.store.person(&guarded.keys, person)?;
        let counts = person.stage == PersonStage::Active;
        if counts {
            still_offered(waiting(&person), &guarded.now)?;
        }
        let resumed = match waiting(&person).map(|factor| (factor, &factor.kind)) {
            Some(_) if counts => Reopened::Another,
            Some((factor, FactorKind::Sms(sms))) => {
                Reopened::Number { ending: sms.ending.clone(), proved: factor.stage == FactorStage::Proved }
            }
            Some((_, FactorKind::Totp(_))) | None => Reopened::App(resumed(&clinic, &person, &dek)?),
        };
        let linking = waiting(&person).map(|factor| factor.id.clone());
        let unfinished = Unfinished::of(clinic.stage, person.stage);
        let began = if counts { Began::WithPassword } else { Began::WithEverything };
        let open = Open::new(&person.id, &clinic_id, dek, person.generation);
        self.open = Some(Open { linking, unfinished, began, ..open });
        Ok(resumed)
    }

    /// Begins linking a phone for the signed-in person, in the place of the others or beside them under a name. A fresh
    /// code must have been given just before, unless it is somebody who is being set up.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn begin_phone(&mut self, label: &str, joins: Joins) -> Result<PhoneOffer, Failure> {
        let now = self.clock.now();
        let (person, clinic, dek) = {
            let being_set_up = |open: &Open| matches!(open.unfinished, Unfinished::Person | Unfinished::Clinic);
            let open = self.open.as_ref().filter(|open| open.fresh.is_code() || being_set_up(open));
            let open = open.ok_or(Failure::NotSignedIn)?;
            (open.person.clone(), open.clinic.clone(), open.dek.duplicate())
        };
        let seed = Seed::roll(&mut self.dice)?;
        let factor = self.new_factor(&seed, &clinic, &dek, (label, joins), &now)?;
        let guarded = self.guard_open()?;
        let linking = Some(factor.id.clone());
        let committed = self.store.begin_phone(&guarded.keys, &person, factor, &guarded.now)?;
        self.raise(&guarded, committed)?;
        self.spend_fresh();
        if let Some(open) = &mut self.open {
            open.linking = linking;
        }
        let look = &guarded.look;
        Ok(PhoneOffer::new(&look.settings.program, &look.name, &person, &seed))
    }

    /// Judges a code of the phone that is being linked.
    ///
    /// # Errors
    /// [`Failure::Refused`] when the session began with the password alone and the code was not right; see [`Failure`].
    pub fn first_code(&mut self, code: &Code) -> Result<FirstCode, Failure> {
        self.code_time()?;
        let (person, dek, began) = {
            let open = self.open()?;
            (open.person.clone(), open.dek.duplicate(), open.began)
        };
        let factor = self.linking()?;
        let guarded = self.guard_open()?;
        if began == Began::WithPassword {
            let committed = self.store.renewal_code(&guarded.keys, &person, &factor, &dek, code, &guarded.now)?;
            let verdict = self.raise(&guarded, committed)?;
            if !matches!(verdict, Verdict::Accepted { .. }) {
                return Err(Failure::Refused(verdict));
            }
            self.open.iter_mut().for_each(|open| open.began = Began::WithEverything);
            return Ok(FirstCode::Right);
        }
        let committed = self.store.first_code(&guarded.keys, &person, &factor, &dek, code, &guarded.now)?;
        self.raise(&guarded, committed)
    }

    /// Ten recovery codes to be shown and proved; nothing is stored yet, and the old ones stay good until `finish_*`.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn phone_sheets(&mut self) -> Result<Sheets, Failure> {
        // A manager who came back with the clinic recovery key gets a new one: the old one was typed into a computer.
        let person = self.open_to_finish()?.person.clone();
        let due = {
            let guarded = self.guard_open()?;
            self.store.person(&guarded.keys, &person)?.0.key_due == Some(person)
        };
        let (clinic_key, slot) =
            if due { self.draft_clinic_key().map(|(key, slot)| (Some(key), Some(slot)))? } else { (None, None) };
        let sheets = self.sheets(DraftFor::Phone(slot))?;
        Ok(Sheets { clinic_key, ..sheets })
    }

    fn sheets(&mut self, purpose: DraftFor) -> Result<Sheets, Failure> {
        let (shown, codes) = self.draft_codes()?;
        self.keep_draft(Some(codes), purpose);
        Ok(Sheets { codes: shown, clinic_key: None })
    }

    /// The phone counts from now on without new recovery codes: a second one, or codes that are printed later.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn finish_phone_without_codes(&mut self) -> Result<(), Failure> {
        let (person, factor) = (self.open_to_finish()?.person.clone(), self.linking()?);
        let notice = self.notice_to_old_number();
        let guarded = self.guard_open()?;
        let (clinic, _) = self.store.person(&guarded.keys, &person)?;
        if clinic.key_due == Some(person.clone()) {
            return Err(StoreError::NotNow.into());
        }
        let committed = self.store.finish_phone(&guarded.keys, &person, &factor, None, None, &guarded.now)?;
        self.raise(&guarded, committed)?;
        self.outbox.extend(notice);
        self.spend_fresh();
        self.open = self.open.take().and_then(Open::finished);
        Ok(())
    }

    /// The new phone takes the old one's place, with the codes that were shown.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn finish_phone(&mut self) -> Result<(), Failure> {
        self.open_to_finish()?;
        let (person, draft) = self.draft()?;
        let DraftFor::Phone(recovery_slot) = draft.purpose else { return Err(Failure::NotSignedIn) };
        let factor = self.linking()?;
        let notice = self.notice_to_old_number();
        let guarded = self.guard_open()?;
        let committed =
            self.store.finish_phone(&guarded.keys, &person, &factor, draft.codes, recovery_slot, &guarded.now)?;
        self.raise(&guarded, committed)?;
        self.outbox.extend(notice);
        self.spend_fresh();
        self.open = self.open.take().and_then(Open::finished);
        Ok(())
    }

    /// Gives up linking; the old phone is as it was.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn drop_phone(&mut self) -> Result<(), Failure> {
        let person = self.open()?.person.clone();
        let guarded = self.guard_open()?;
        let committed = self.store.drop_phone(&guarded.keys, &person, &guarded.now)?;
        self.raise(&guarded, committed)?;
        self.open.iter_mut().for_each(Open::linked);
        Ok(())
    }

    /// Ten new recovery codes for the signed-in person. A fresh code must have been given just before.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn new_codes(&mut self) -> Result<Sheets, Failure> {
        if !self.open()?.fresh.is_code() {
            return Err(Failure::NotSignedIn);
        }
        self.spend_fresh();
        self.sheets(DraftFor::Codes)
    }

    /// The codes that were shown take the old ones' place.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn finish_codes(&mut self) -> Result<(), Failure> {
        let (person, draft) = self.draft()?;
        let DraftFor::Codes = draft.purpose else { return Err(Failure::NotSignedIn) };
        let guarded = self.guard_open()?;
        let codes = draft.codes.ok_or(Failure::NotSignedIn)?;
        let committed = self.store.replace_codes(&guarded.keys, &person, codes, &guarded.now)?;
        self.raise(&guarded, committed)?;
        self.spend_fresh();
        Ok(())
    }

    /// What was shown. It stays until it is stored: a full disk must not cost the sheet that is on paper already.
    pub(super) fn draft(&self) -> Result<(String, super::Draft), Failure> {
        let open = self.open()?;
        let draft = open.draft.clone().ok_or(Failure::NotSignedIn)?;
        Ok((open.person.clone(), draft))
    }
}

/// The phone that is being linked.
pub(super) fn waiting(person: &Person) -> Option<&Factor> {
    person.factors.iter().find(|factor| factor.stage != FactorStage::Active)
}

/// A square that was shown longer ago than a slip is good for is no phone's any more.
fn still_offered(waiting: Option<&Factor>, now: &Now) -> Result<(), Failure> {
    let shown_unix = waiting.ok_or(StoreError::NotNow)?.created_unix;
    let good = (shown_unix..=shown_unix.saturating_add(ACTIVATION_SECS.into())).contains(&now.unix_secs);
    if good { Ok(()) } else { Err(StoreError::NotNow.into()) }
}

fn resumed(clinic: &Clinic, person: &Person, dek: &Key) -> Result<Resumed, Failure> {
    let factor = waiting(person).ok_or(StoreError::NotNow)?;
    let app = factor.app().ok_or(StoreError::NotNow)?;
    let seed = verify::open_seed(clinic, &factor.id, app, dek).map_err(StoreError::from)?;
    let offer = PhoneOffer::new(&clinic.settings().program, &clinic.name, &person.id, &seed);
    Ok(Resumed { offer, proved: factor.stage == FactorStage::Proved })
}
