//! What managers and new people do while the keychain fails, at each of its calls: tried again it comes to its end, nothing is
//! done by halves, and what was told is what holds.

use std::time::Duration;

use clinic2fa::domain::edit::Edit;
use clinic2fa::domain::recovery::ClinicKey;
use clinic2fa::domain::secret::SecretText;
use clinic2fa::domain::state::{Joins, Role};
use clinic2fa::domain::verify::{FactorUsed, FirstCode, Presented, Verdict};
use clinic2fa::effects::{Carried, Failure, Managed, Purpose, TextTrouble};
use clinic2fa::ports::StoreError;

use super::clinic::{
    Clinic, Fails, MARIA, PASSWORD, Phone, STEP, accepted_by_phone, digits, is_in, recovers_at, signs_in_at, verdict,
    written,
};
use super::interrupted::{LOCKED, at_every_keychain_call};
use super::people::{BEN, BENS, Colleague, begins, maria_is_about_to_change, slip, with_ben};
use super::texting::Inbox;

const NEW: &str = "gravel sunrise teapot 31";

/// A clinic, and what its people were told so far.
struct Scene {
    clinic: Clinic,
    ben: Option<Colleague>,
    slip: Option<SecretText>,
    other_phone: Option<(String, Phone)>,
    new_key: Option<SecretText>,
    inbox: Inbox,
    on_the_way: Vec<Carried>,
}

impl From<Clinic> for Scene {
    fn from(clinic: Clinic) -> Self {
        Self {
            clinic,
            ben: None,
            slip: None,
            other_phone: None,
            new_key: None,
            inbox: Inbox::default(),
            on_the_way: Vec::new(),
        }
    }
}

impl Scene {
    fn with_ben() -> Self {
        let (clinic, ben) = with_ben();
        Self { ben: Some(ben), ..clinic.into() }
    }

    /// Ben has a slip and nothing else.
    fn with_slip() -> Self {
        let mut clinic = Clinic::oak_tree();
        maria_is_about_to_change(&mut clinic);
        let made = clinic.desk.add_person("Ben Ashdown", Role::Staff).unwrap();
        clinic.desk.lock();
        clinic.waits(STEP);
        Self { slip: Some(made.code), ..clinic.into() }
    }

    /// Maria has two phones.
    fn with_two_phones() -> Self {
        let mut clinic = Clinic::oak_tree();
        maria_is_about_to_change(&mut clinic);
        let offer = clinic.desk.begin_phone("spare", Joins::Beside).unwrap();
        let phone = Phone::scans(&offer, &clinic.office.clock);
        clinic.waits(STEP);
        assert_eq!(clinic.desk.first_code(&digits(&phone.code())), Ok(FirstCode::Right));
        clinic.desk.finish_phone_without_codes().unwrap();
        clinic.desk.lock();
        let id = clinic.office.sql_text("SELECT id FROM factor WHERE label = 'spare'");
        Self { other_phone: Some((id, phone)), ..clinic.into() }
    }

    fn texting() -> Self {
        let (clinic, inbox) = Clinic::texting();
        Self { inbox, ..clinic.into() }
    }

    /// Maria gives password and code for one change.
    fn may_change(&mut self) -> Result<(), Failure> {
        self.clinic.waits(STEP);
        let code = Presented::Code(digits(&self.clinic.phone.code()));
        let (verdict, _) = self.clinic.desk.sign_in(MARIA, &SecretText::from(PASSWORD), &code, Purpose::Change)?;
        assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
        Ok(())
    }

    fn adds(&mut self) -> Result<(), Failure> {
        self.may_change()?;
        let made = match self.clinic.desk.add_person("Ben Ashdown", Role::Staff) {
            // Stored, and not told: a reset brings the slip that nobody has seen.
            Err(Failure::Store(StoreError::NameTaken)) => self.clinic.desk.reset_person(BEN),
            other => other,
        };
        self.slip = Some(made?.code);
        Ok(())
    }

    fn resets(&mut self) -> Result<(), Failure> {
        self.may_change()?;
        self.slip = Some(self.clinic.desk.reset_person(BEN)?.code);
        Ok(())
    }

    fn removes(&mut self) -> Result<(), Failure> {
        self.may_change()?;
        match self.clinic.desk.remove_person(BEN) {
            Err(Failure::Store(StoreError::NobodyThere)) => Ok(()),
            other => other.map(drop),
        }
    }

    fn manages(&mut self, change: Managed) -> Result<(), Failure> {
        self.may_change()?;
        self.clinic.desk.managed(change)
    }

    fn sets(&mut self) -> Result<(), Failure> {
        let mut settings = self.clinic.desk.look()?.unwrap().settings;
        settings.lock_after_minutes = 7;
        self.manages(Managed::Settings(Edit::whole(settings)))
    }

    fn activates(&mut self) -> Result<(), Failure> {
        let (code, password) = (slip(self.slip.as_ref().unwrap()), SecretText::from(BENS));
        let offer = match self.clinic.desk.activate(BEN, &code, &password) {
            // The slip was used, and the password that was chosen takes over.
            Err(Failure::Store(StoreError::NotNow)) => self.clinic.desk.resume(BEN, &password)?.offer,
            other => other?,
        };
        let phone = Phone::scans(&offer, &self.clinic.office.clock);
        self.ben = Some(Colleague { id: BEN.to_owned(), phone, sheet: Vec::new(), password: BENS.to_owned() });
        Ok(())
    }

    fn proves(&mut self) -> Result<(), Failure> {
        self.clinic.waits(STEP);
        let code = digits(&self.ben.as_ref().unwrap().phone.code());
        self.clinic.desk.first_code(&code).map(|told| assert_eq!(told, FirstCode::Right))
    }

    fn takes_sheet(&mut self) -> Result<(), Failure> {
        self.ben.as_mut().unwrap().sheet = written(&self.clinic.desk.phone_sheets()?).0;
        Ok(())
    }

    fn draws_key(&mut self) -> Result<(), Failure> {
        self.may_change()?;
        self.new_key = Some(self.clinic.desk.new_clinic_key()?);
        Ok(())
    }

    fn unlinks(&mut self) -> Result<(), Failure> {
        self.may_change()?;
        let id = self.other_phone.as_ref().unwrap().0.clone();
        match self.clinic.desk.remove_phone(&id) {
            // Stored, and not told: the phone that is left is the last.
            Err(Failure::Store(StoreError::NotNow)) => Ok(()),
            other => other,
        }
    }

    fn asks(&mut self) -> Result<(), Failure> {
        let password = SecretText::from(PASSWORD);
        match self.clinic.desk.text(MARIA, &password) {
            // Counted, and not on its way.
            Err(Failure::Text(TextTrouble::Wait(_))) => {
                self.clinic.waits(Duration::from_secs(120));
                self.clinic.desk.text(MARIA, &password).map(drop)
            }
            other => other.map(drop),
        }
    }

    fn is_carried(&mut self) -> Result<(), Failure> {
        let mut courier = self.inbox.courier();
        self.on_the_way.extend(self.clinic.desk.take_errands().iter().map(|errand| courier.carry(errand)));
        while let Some(carried) = self.on_the_way.first() {
            self.clinic.desk.text_ended(carried)?;
            self.on_the_way.remove(0);
        }
        Ok(())
    }

    fn types(&mut self) -> Result<(), Failure> {
        let code = Presented::Text(digits(&self.inbox.code()));
        let told = self.clinic.desk.sign_in(MARIA, &SecretText::from(PASSWORD), &code, Purpose::Work)?.0;
        assert!(matches!(told, Verdict::Accepted { by: FactorUsed::Sms, .. } | Verdict::TextUsed { .. }), "{told:?}");
        Ok(())
    }

    fn ben(&self) -> &Colleague {
        self.ben.as_ref().unwrap()
    }

    /// Ben's phone and sheet open what they should.
    fn ben_is_whole(&mut self) {
        let ben = self.ben.take().unwrap();
        self.clinic.desk.lock();
        self.clinic.waits(STEP);
        assert_eq!(verdict(ben.signs_in(&mut self.clinic.desk)), accepted_by_phone(10));
        assert!(is_in(&recovers_at(&mut self.clinic.desk, BEN, &ben.password, &ben.sheet[4])));
    }
}

type Step = fn(&mut Scene) -> Result<(), Failure>;

/// What is done, step by step, and what must hold after it.
struct Story {
    name: &'static str,
    ready: fn() -> Scene,
    steps: &'static [Step],
    holds: fn(&mut Scene),
}

const STORIES: &[Story] = &[
    Story {
        name: "add",
        ready: || Clinic::oak_tree().into(),
        steps: &[Scene::adds],
        holds: |scene| {
            scene.clinic.desk.lock();
            let code = scene.slip.take().unwrap();
            scene.ben = Some(begins(&mut scene.clinic, BEN, &code, BENS));
            scene.ben_is_whole();
        },
    },
    Story {
        name: "reset",
        ready: Scene::with_ben,
        steps: &[Scene::resets],
        holds: |scene| {
            scene.clinic.desk.lock();
            let old = scene.ben.take().unwrap();
            let dead = old.signs_in(&mut scene.clinic.desk).map(drop);
            assert_eq!(dead, Err(Failure::Store(StoreError::NotReady)), "what he had is dead");
            let code = scene.slip.take().unwrap();
            scene.ben = Some(begins(&mut scene.clinic, BEN, &code, NEW));
            scene.ben_is_whole();
        },
    },
    Story {
        name: "remove",
        ready: Scene::with_ben,
        steps: &[Scene::removes],
        holds: |scene| {
            for table in ["factor", "recovery_code"] {
                let rows = format!("SELECT count(*) FROM {table} WHERE person = '{BEN}'");
                assert_eq!(scene.clinic.office.sql_number(&rows), 0, "{table}");
            }
            assert_eq!(scene.clinic.office.sql_number("SELECT count(*) FROM person"), 1);
        },
    },
    Story {
        name: "role",
        ready: Scene::with_ben,
        steps: &[|scene| scene.manages(Managed::Role(BEN.to_owned(), Role::Manager))],
        holds: |scene| {
            let (_, signed_in) = scene.ben.take().unwrap().signs_in(&mut scene.clinic.desk).unwrap();
            assert_eq!(signed_in.unwrap().role, Role::Manager);
        },
    },
    Story {
        name: "day pass",
        ready: Scene::with_ben,
        steps: &[|scene| scene.manages(Managed::DayPass(BEN.to_owned()))],
        holds: |scene| {
            let password = SecretText::from(BENS);
            assert!(is_in(&scene.clinic.desk.sign_in(BEN, &password, &Presented::DayPass, Purpose::Work)));
            assert!(is_in(&scene.ben().signs_in(&mut scene.clinic.second_desk())), "and his phone as before");
        },
    },
    Story {
        name: "settings",
        ready: || Clinic::oak_tree().into(),
        steps: &[Scene::sets],
        holds: |scene| assert_eq!(scene.clinic.desk.look().unwrap().unwrap().settings.lock_after_minutes, 7),
    },
    Story {
        name: "activation",
        ready: Scene::with_slip,
        steps: &[Scene::activates, Scene::proves, Scene::takes_sheet, |scene| scene.clinic.desk.finish_phone()],
        holds: Scene::ben_is_whole,
    },
    Story {
        name: "clinic key",
        ready: || Clinic::oak_tree().into(),
        steps: &[Scene::draws_key, |scene| scene.clinic.desk.finish_clinic_key()],
        holds: |scene| {
            let office = &scene.clinic.office;
            office.keychain.plant(&office.item("device"), None);
            let key = |text: &str| ClinicKey::parse(text).unwrap();
            let old = scene.clinic.desk.recover(&key(&scene.clinic.clinic_key));
            assert_eq!(old, Err(Failure::WrongClinicKey));
            let new = scene.new_key.take().unwrap();
            assert_eq!(scene.clinic.desk.recover(&key(new.expose())), Ok(()));
        },
    },
    Story {
        name: "unlink",
        ready: Scene::with_two_phones,
        steps: &[Scene::unlinks],
        holds: |scene| {
            assert_eq!(scene.clinic.office.sql_number("SELECT count(*) FROM factor"), 1);
            let code = scene.other_phone.take().unwrap().1.code();
            let gone = verdict(signs_in_at(&mut scene.clinic.desk, MARIA, PASSWORD, &code));
            assert!(matches!(gone, Verdict::WrongCode { .. }), "{gone:?}");
        },
    },
    Story {
        name: "text",
        ready: Scene::texting,
        steps: &[Scene::asks, Scene::is_carried, Scene::types],
        holds: |scene| {
            // No text counts twice, and another is to be had.
            let code = scene.inbox.code();
            let again = scene.clinic.maria_types(&code);
            assert!(matches!(again, Verdict::TextUsed { .. } | Verdict::TextOver { .. }), "{again:?}");
            scene.clinic.waits(Duration::from_secs(120));
            let inbox = scene.inbox.clone();
            scene.clinic.maria_asks(&inbox).unwrap();
            let code = inbox.code();
            let told = scene.clinic.maria_types(&code);
            assert!(matches!(told, Verdict::Accepted { by: FactorUsed::Sms, .. }), "{told:?}");
        },
    },
];

#[test]
fn what_managers_and_new_people_do_goes_on_where_the_keychain_failed() {
    for story in STORIES {
        at_every_keychain_call(6, |call, how| interrupted(story, call, how));
    }
}

fn interrupted(story: &Story, call: u32, how: Fails) -> bool {
    let at = format!("{} {call} {how:?}", story.name);
    let mut scene = (story.ready)();
    scene.clinic.office.tripwire.after(call, how);
    for (number, step) in story.steps.iter().enumerate() {
        if let Err(failure) = step(&mut scene) {
            assert_eq!(failure, LOCKED, "{at}: step {number}");
            assert_eq!(step(&mut scene), Ok(()), "{at}: step {number} again");
        }
    }
    let met = !scene.clinic.office.tripwire.is_left();
    scene.clinic.waits(STEP);
    scene.clinic.restart();
    (story.holds)(&mut scene);
    // A recovery takes the codes of its own moment for used.
    scene.clinic.waits(2 * STEP);
    scene.clinic.restart();
    assert!(is_in(&scene.clinic.maria_signs_in()), "{at}: and Maria as before");
    assert!(matches!(scene.clinic.desk.verify_log(), Ok(Ok(_))), "{at}");
    assert_eq!(scene.clinic.office.keychain_epoch(), scene.clinic.office.file_epoch(), "{at}");
    met
}
