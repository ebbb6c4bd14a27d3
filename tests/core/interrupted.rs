//! Whatever fails or is killed, and wherever: the outcome is "before" or "after", the desk is locked, nothing is told
//! that was not committed and raised, and going on mends it.

use clinic2fa::domain::secret::SecretText;
use clinic2fa::domain::state::Joins;
use clinic2fa::domain::verify::{FirstCode, Verdict};
use clinic2fa::effects::{Closed, Failure, Standing};
use clinic2fa::ports::KeychainError;

use super::clinic::{
    Clinic, Fails, MARIA, Office, PASSWORD, Phone, STEP, accepted_by_phone, digits, is_in, new_setup, recovers_at,
    signs_in_at, verdict, written,
};

const HOW: [Fails; 2] = [Fails::BeforeItIsDone, Fails::AfterItIsDone];
pub(crate) const LOCKED: Failure = Failure::Keychain(KeychainError::Locked);

/// Runs `story` with the keychain failing at its first call, its second, and so on until it has no more calls.
pub(crate) fn at_every_keychain_call(least: u32, mut story: impl FnMut(u32, Fails) -> bool) {
    for how in HOW {
        let calls = (0..100).find(|&call| !story(call, how)).expect("a story has an end");
        assert!(calls >= least, "only {calls} calls were met");
    }
}

/// One person at the wizard, who after each failure tries the same again or starts the program anew.
struct Wizard {
    office: Office,
    desk: clinic2fa::effects::Desk,
    phone: Option<Phone>,
    sheets: Option<(Vec<String>, Option<String>)>,
    told_done: bool,
}

impl Wizard {
    fn new() -> Self {
        let office = Office::new();
        Self { desk: office.desk(), office, phone: None, sheets: None, told_done: false }
    }

    fn begin(&mut self) -> Result<(), Failure> {
        let offer = self.desk.begin_setup(&new_setup("Oak Tree Surgery", "Maria Santos"))?;
        self.phone = Some(Phone::scans(&offer, &self.office.clock));
        self.sheets = None;
        Ok(())
    }

    fn types_code(&mut self) -> Result<(), Failure> {
        self.office.clock.advance(STEP);
        let code = self.phone.as_ref().expect("scanned").code();
        let outcome = self.desk.first_code(&digits(&code))?;
        assert_eq!(outcome, FirstCode::Right);
        Ok(())
    }

    fn takes_sheets(&mut self) -> Result<(), Failure> {
        self.sheets = Some(written(&self.desk.setup_sheets()?));
        Ok(())
    }

    fn finishes(&mut self) -> Result<(), Failure> {
        self.desk.finish_setup()?;
        self.told_done = true;
        Ok(())
    }

    /// From wherever the files stand to the end, as the window would after a new start.
    fn goes_on_after_restart(&mut self) -> Result<(), Failure> {
        self.desk = self.office.desk();
        match self.desk.stand()? {
            Standing::New => self.begin()?,
            Standing::Pending(look) => match self.desk.resume(&look.people[0].id, &SecretText::from(PASSWORD)) {
                Ok(resumed) => {
                    // C05: the square is the one that was scanned, where one was shown at all.
                    let again = Phone::scans(&resumed.offer, &self.office.clock);
                    if let Some(phone) = &self.phone {
                        assert_eq!(again.code(), phone.code());
                    }
                    self.phone = Some(again);
                    if resumed.proved {
                        self.takes_sheets()?;
                        return self.finishes();
                    }
                }
                Err(Failure::Closed(Closed::KeyMissing)) => {
                    self.desk.drop_setup()?;
                    self.begin()?;
                }
                Err(failure) => return Err(failure),
            },
            Standing::Active(_) => {
                assert!(self.sheets.is_some(), "never in use without codes on paper");
                return Ok(());
            }
        }
        self.types_code()?;
        self.takes_sheets()?;
        self.finishes()
    }

    /// The clinic is whole: in use, and phone and paper open it.
    fn is_whole(&mut self) {
        self.desk = self.office.desk();
        assert!(matches!(self.desk.stand(), Ok(Standing::Active(_))));
        self.office.clock.advance(STEP);
        let code = self.phone.as_ref().expect("scanned").code();
        assert!(is_in(&signs_in_at(&mut self.desk, MARIA, PASSWORD, &code)));
        let (codes, key) = self.sheets.clone().expect("on paper");
        assert!(is_in(&recovers_at(&mut self.desk, MARIA, PASSWORD, &codes[6])));
        assert!(key.is_some());
        assert_eq!(self.office.keychain_epoch(), self.office.file_epoch());
        assert!(matches!(self.desk.verify_log(), Ok(Ok(_))));
        assert_eq!(self.office.sql_number("SELECT count(*) FROM factor"), 1);
    }
}

#[test]
fn set_up_goes_on_where_the_keychain_failed() {
    at_every_keychain_call(10, |call, how| {
        let mut wizard = Wizard::new();
        wizard.office.tripwire.after(call, how);
        let steps = [Wizard::begin, Wizard::types_code, Wizard::takes_sheets, Wizard::finishes];
        for step in steps {
            if let Err(failure) = step(&mut wizard) {
                assert_eq!(failure, LOCKED, "{call} {how:?}");
                assert!(!wizard.told_done);
                // "Try again", on the same page.
                assert_eq!(step(&mut wizard), Ok(()), "again, after {call} {how:?}");
            }
        }
        let met = !wizard.office.tripwire.is_left();
        wizard.is_whole();
        met
    });
}

#[test]
fn c05_set_up_goes_on_after_a_restart_wherever_it_was_cut() {
    at_every_keychain_call(10, |call, how| {
        let mut wizard = Wizard::new();
        wizard.office.tripwire.after(call, how);
        let steps = [Wizard::begin, Wizard::types_code, Wizard::takes_sheets, Wizard::finishes];
        let cut = steps.into_iter().find_map(|step| step(&mut wizard).err());
        let met = !wizard.office.tripwire.is_left();
        assert_eq!(cut, met.then_some(LOCKED), "{call} {how:?}");
        if met {
            assert_eq!(wizard.goes_on_after_restart(), Ok(()), "after {call} {how:?}");
        }
        wizard.is_whole();
        met
    });
}

#[test]
fn c05_set_up_goes_on_after_a_kill_between_any_two_steps() {
    let steps = [Wizard::begin, Wizard::types_code, Wizard::takes_sheets, Wizard::finishes];
    for done in 0..=steps.len() {
        let mut wizard = Wizard::new();
        for step in &steps[..done] {
            step(&mut wizard).unwrap();
        }
        wizard.desk = wizard.office.desk();
        let in_use = matches!(wizard.desk.stand(), Ok(Standing::Active(_)));
        assert_eq!(in_use, done == steps.len(), "in use exactly when everything is done: {done}");
        wizard.goes_on_after_restart().unwrap();
        wizard.is_whole();
    }
}

#[test]
fn a_sign_in_that_the_keychain_cuts_tells_nothing_and_costs_at_most_the_code() {
    at_every_keychain_call(3, |call, how| {
        let mut clinic = Clinic::oak_tree();
        let code = clinic.phone.code();
        clinic.office.tripwire.after(call, how);
        let outcome = clinic.signs_in(MARIA, PASSWORD, &code);
        if clinic.office.tripwire.is_left() {
            assert!(is_in(&outcome));
            return false;
        }
        assert_eq!(outcome, Err(LOCKED), "{call} {how:?}");
        assert_eq!(clinic.maria_gives_fresh_code(), Err(Failure::NotSignedIn), "locked");
        // Before, or after: never an error of its own, never "wrong".
        let again = verdict(clinic.signs_in(MARIA, PASSWORD, &code));
        assert!(matches!(again, Verdict::Accepted { .. } | Verdict::Used { .. }), "{again:?}");
        clinic.waits(STEP);
        assert_eq!(verdict(clinic.maria_signs_in()), accepted_by_phone(10));
        assert_eq!(clinic.person_number("code_failures"), 0);
        assert_eq!(clinic.office.keychain_epoch(), clinic.office.file_epoch());
        true
    });
}

#[test]
fn a_wrong_code_whose_answer_is_cut_is_counted_or_never_was() {
    at_every_keychain_call(3, |call, how| {
        let mut clinic = Clinic::oak_tree();
        let wrong = clinic.phone.wrong_code(0);
        let epoch = clinic.office.file_epoch();
        clinic.office.tripwire.after(call, how);
        let outcome = clinic.signs_in(MARIA, PASSWORD, &wrong);
        let met = !clinic.office.tripwire.is_left();
        assert_eq!(outcome.is_err(), met);
        let grown = clinic.office.file_epoch() - epoch;
        assert_eq!(i64::try_from(grown).unwrap(), clinic.person_number("code_failures"), "{call} {how:?}");
        met
    });
}

/// One change of a signed-in person, from the fresh code to the end; each step may be tried again.
type ChangeStep = fn(&mut Clinic) -> Result<(), Failure>;

fn fresh(clinic: &mut Clinic) -> Result<(), Failure> {
    clinic.waits(STEP);
    clinic.maria_gives_fresh_code().map(|verdict| assert_eq!(verdict, accepted_by_phone(10)))
}

fn begins_phone(clinic: &mut Clinic) -> Result<(), Failure> {
    let offer = match clinic.desk.begin_phone("", Joins::InTheirPlace) {
        // The fresh code was spent by the try that was cut.
        Err(Failure::NotSignedIn) => {
            fresh(clinic)?;
            clinic.desk.begin_phone("", Joins::InTheirPlace)?
        }
        other => other?,
    };
    clinic.phone = Phone::scans(&offer, &clinic.office.clock);
    Ok(())
}

fn proves_phone(clinic: &mut Clinic) -> Result<(), Failure> {
    clinic.waits(STEP);
    let code = digits(&clinic.phone.code());
    clinic.desk.first_code(&code).map(|outcome| assert_eq!(outcome, FirstCode::Right))
}

fn takes_phone_sheet(clinic: &mut Clinic) -> Result<(), Failure> {
    clinic.sheet = written(&clinic.desk.phone_sheets()?).0;
    Ok(())
}

fn takes_new_codes(clinic: &mut Clinic) -> Result<(), Failure> {
    clinic.sheet = written(&clinic.desk.new_codes()?).0;
    Ok(())
}

const NEW_PASSWORD: &str = "walnut ferry cobalt 88";

#[test]
fn every_change_goes_on_where_the_keychain_failed() {
    let stories: [(&str, &[ChangeStep]); 3] = [
        ("phone", &[fresh, begins_phone, proves_phone, takes_phone_sheet, |clinic| clinic.desk.finish_phone()]),
        ("codes", &[fresh, takes_new_codes, |clinic| clinic.desk.finish_codes()]),
        ("password", &[fresh, |clinic| clinic.desk.change_password(&SecretText::from(NEW_PASSWORD))]),
    ];
    for (name, steps) in stories {
        at_every_keychain_call(6, |call, how| {
            let mut clinic = Clinic::oak_tree();
            assert!(is_in(&clinic.maria_signs_in()));
            clinic.office.tripwire.after(call, how);
            for (number, step) in steps.iter().enumerate() {
                if let Err(failure) = step(&mut clinic) {
                    assert_eq!(failure, LOCKED, "{name} {number} {call} {how:?}");
                    assert_eq!(step(&mut clinic), Ok(()), "again: {name} {number} {call} {how:?}");
                }
            }
            let met = !clinic.office.tripwire.is_left();
            clinic.waits(STEP);
            clinic.restart();
            let password = if name == "password" { NEW_PASSWORD } else { PASSWORD };
            let code = clinic.phone.code();
            assert_eq!(
                verdict(clinic.signs_in(MARIA, password, &code)),
                accepted_by_phone(10),
                "{name} {call} {how:?}"
            );
            let spare = clinic.spare(10);
            assert!(is_in(&recovers_at(&mut clinic.desk, MARIA, password, &spare)), "{name} {call} {how:?}");
            assert!(matches!(clinic.desk.verify_log(), Ok(Ok(_))));
            assert_eq!(clinic.office.sql_number("SELECT count(*) FROM factor"), 1);
            met
        });
    }
}

#[test]
fn giving_up_a_new_phone_goes_on_where_the_keychain_failed() {
    at_every_keychain_call(3, |call, how| {
        let mut clinic = Clinic::oak_tree();
        assert!(is_in(&clinic.maria_signs_in()));
        let old = clinic.phone.clone();
        fresh(&mut clinic).unwrap();
        begins_phone(&mut clinic).unwrap();
        clinic.office.tripwire.after(call, how);
        if let Err(failure) = clinic.desk.drop_phone() {
            assert_eq!(failure, LOCKED);
            assert_eq!(clinic.desk.drop_phone(), Ok(()));
        }
        let met = !clinic.office.tripwire.is_left();
        clinic.waits(STEP);
        clinic.phone = old;
        assert!(is_in(&clinic.maria_signs_in()));
        assert_eq!(clinic.office.sql_number("SELECT count(*) FROM factor"), 1);
        met
    });
}

#[test]
fn locking_never_depends_on_keychain_or_disk() {
    let mut clinic = Clinic::oak_tree();
    assert!(is_in(&clinic.maria_signs_in()));
    clinic.office.keychain.is_out(Some(KeychainError::Absent));
    clinic.desk.lock();
    clinic.office.keychain.is_out(None);
    clinic.waits(STEP);
    assert_eq!(clinic.maria_gives_fresh_code(), Err(Failure::NotSignedIn));
    // With everything there it is written down.
    assert!(is_in(&clinic.maria_signs_in()));
    clinic.desk.lock();
    assert_eq!(clinic.log_from(clinic.log_end()), [("locked".to_owned(), "done".to_owned())]);
    clinic.desk.lock();
    assert_eq!(clinic.log_from(clinic.log_end() - 1).len(), 2, "locking what is locked is nothing");
    assert_eq!(clinic.log_from(clinic.log_end())[0].0, "locked");
}

/// Each answer of the keychain is told as what it is, and none opens, counts or enrols anything.
#[test]
fn every_keychain_trouble_is_told_as_what_it_is() {
    for error in [KeychainError::Waiting, KeychainError::Locked, KeychainError::Absent, KeychainError::Broken("a test")]
    {
        let mut clinic = Clinic::oak_tree();
        clinic.office.keychain.is_out(Some(error));
        let told = Err(Failure::Keychain(error));
        assert_eq!(clinic.desk.stand().map(|_| ()), told);
        assert_eq!(clinic.maria_signs_in().map(|_| ()), told);
        assert_eq!(clinic.maria_uses_spare(1).map(|_| ()), told);
        assert_eq!(clinic.desk.verify_log().map(|_| ()), told);
        let begun = clinic.desk.begin_setup(&new_setup("Another", "Somebody Else")).map(|_| ());
        assert_eq!(begun, told);
        let mut nowhere = Office::new().desk();
        assert_eq!(nowhere.stand(), Ok(Standing::New));
        clinic.office.keychain.is_out(None);
        assert_eq!(verdict(clinic.maria_signs_in()), accepted_by_phone(10), "the code was not used up");
    }
    // A keychain that cannot be asked is not "no marker": nothing looks new to it.
    let office = Office::new();
    office.keychain.is_out(Some(KeychainError::Absent));
    assert_eq!(office.desk().stand(), Err(Failure::Keychain(KeychainError::Absent)));
}

#[test]
fn without_randomness_no_key_is_made_and_nothing_is_changed() {
    let office = Office::new();
    office.dice_are_gone(true);
    let mut desk = office.desk();
    let begun = desk.begin_setup(&new_setup("Oak Tree Surgery", "Maria Santos")).map(|_| ());
    assert_eq!(begun, Err(Failure::NoRandomness));
    assert_eq!(office.keychain.names(), []);
    assert_eq!(desk.stand(), Ok(Standing::New));

    let mut clinic = Clinic::oak_tree();
    assert!(is_in(&clinic.maria_signs_in()));
    clinic.waits(STEP);
    assert_eq!(clinic.maria_gives_fresh_code(), Ok(accepted_by_phone(10)));
    clinic.office.dice_are_gone(true);
    assert_eq!(clinic.desk.change_password(&SecretText::from(NEW_PASSWORD)), Err(Failure::NoRandomness));
    assert_eq!(clinic.desk.begin_phone("", Joins::InTheirPlace).map(|_| ()), Err(Failure::NoRandomness));
    clinic.office.dice_are_gone(false);
    assert_eq!(clinic.desk.change_password(&SecretText::from(NEW_PASSWORD)), Ok(()), "the fresh code still counts");
}
