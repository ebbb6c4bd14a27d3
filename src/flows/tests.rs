//! Every state that a person can reach, every act and every answer in it: walked through one by one, then at random.
//!
//! The desk is played: right answers, refusals, failures, answers to other questions, and late ones with an old ticket.

#![expect(clippy::wildcard_enum_match_arm, reason = "only some of all requests, acts and steps prove something")]

use std::collections::VecDeque;
use std::collections::btree_map::{BTreeMap, Entry};
use std::time::Duration;

use super::enrolment::{self, Enrolment, TextAct, TextStep};
use super::program::{Act, Program, Stage};
use super::recover::{self, Recover};
use super::restore::{self, Restore};
use super::session::{self, Change, Session};
use super::sheets::SheetsFlow;
use super::sign_in::{self, NoPhone, SignIn};
use super::{Answer, Order, Request, Ticket};
use crate::domain::presence::Why;
use crate::domain::recovery::CODES;
use crate::domain::restore::{KeyFate, LogFate, Plan, SettingsFate};
use crate::domain::secret::SecretText;
use crate::domain::sms::{GatewayKind, SmsSettings, SmsState};
use crate::domain::square::SquareError;
use crate::domain::state::{ClinicStage, PersonStage, Role, Settings};
use crate::domain::totp::EARLIEST_UNIX;
use crate::domain::verify::{Consequence, FactorUsed, FirstCode, Verdict, WaitReason};
use crate::effects::{ActivationSlip, Failure, PhoneOffer, Removal, Resumed, Sheets, SignedIn, Standing, TextNews};
use crate::ports::{
    Begins, BootTime, EntryFilter, KeychainError, Look, Now, PasswordKept, PersonLook, Sent, SentStage, TextsLook,
    Transcript,
};

mod roads;

const MARIA: &str = "msantos";
const CLINIC_KEY: &str = "0000-0000-0000-0000-0000-0000-0000-KEYK";

fn now(secs: u64) -> Now {
    let boot = BootTime { boot_id: "boot-1".into(), since_start: Duration::from_secs(secs) };
    Now { unix_secs: 1_772_442_000 + i64::try_from(secs).unwrap(), day_ends_unix: 1_772_496_000, boot }
}

fn look(stage: ClinicStage, wait: Option<Duration>) -> Look {
    Look {
        clinic_id: "c1".into(),
        keychain_id: "k1".into(),
        stage,
        name: "Oak Tree Surgery".into(),
        created_unix: 0,
        settings: Settings::default(),
        texts: TextsLook { password: PasswordKept::No, this_month: 0 },
        database_key: crate::ports::KeyKept::No,
        epoch: 1,
        people: vec![PersonLook {
            id: MARIA.into(),
            name: "Maria Santos".into(),
            role: Role::Manager,
            stage: Some(PersonStage::Active),
            phones: Vec::new(),
            begins: Begins::Done,
            recovery_left: CODES,
            wait,
            manager_needed: false,
            day_pass: false,
            signed_in_unix: None,
        }],
    }
}

fn signed_in(new_password_due: bool) -> SignedIn {
    SignedIn {
        person: MARIA.into(),
        name: "Maria Santos".into(),
        role: Role::Manager,
        since_unix: 0,
        before_unix: None,
        full_at: now(0).boot,
        by: FactorUsed::Totp,
        recovery_left: CODES,
        new_password_due,
        number_ending: None,
        settings: Settings::default(),
        password_unix: 0,
    }
}

fn texting() -> SmsSettings {
    SmsSettings {
        state: SmsState::On,
        gateway: GatewayKind::FireText,
        sender: "OakTree".into(),
        per_month: 10,
        ..SmsSettings::default()
    }
}

fn news() -> TextNews {
    TextNews { errand: 1, ending: "23".into(), number: String::new(), resend: Duration::from_secs(30) }
}

fn offer() -> PhoneOffer {
    PhoneOffer {
        person: MARIA.into(),
        uri: SecretText::from("otpauth://totp/x"),
        key: SecretText::from("KEY"),
        square: Err(SquareError::NotReadable),
        issuer: "ClinicOffice".into(),
        account: "Oak Tree Surgery msantos".into(),
    }
}

fn plan() -> Plan {
    Plan {
        clinic: "Oak Tree Surgery".into(),
        as_of_unix: 0,
        changes_since: 0,
        newer_backups: 0,
        settings: SettingsFate::Same,
        database_key: KeyFate::Present,
        log: LogFate::Present,
        people: Vec::new(),
    }
}

fn sheets(with_key: bool) -> Sheets {
    let codes = (0..CODES).map(|n| SecretText::new(format!("0000-0000-0000-000{n}"))).collect();
    Sheets { codes, clinic_key: with_key.then(|| SecretText::from(CLINIC_KEY)) }
}

fn removal() -> Removal {
    let (person, name) = ("bjones".into(), "Ben Jones".into());
    let (by, by_name, desk) = (MARIA.into(), "Maria Santos".into(), "front".into());
    Removal { person, name, by, by_name, desk, unix_secs: 1_772_442_000, number: 42 }
}

/// What one order asks for, without what it carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Stand,
    Offer,
    Resume,
    FirstCode,
    SetupSheets,
    CodeSheets,
    ClinicKey,
    Slip,
    Removed,
    Entries,
    Backups,
    Plan,
    Restored,
    FinishSetup,
    Attempt,
    FreshCode,
    Text,
    Fate,
    Recovery,
    Suggest,
    Other,
}

fn asked(request: &Request) -> Asked {
    match request {
        Request::Stand => Asked::Stand,
        Request::BeginSetup(_) | Request::BeginPhone { .. } | Request::Activate { .. } => Asked::Offer,
        Request::RecoverManager { .. } | Request::Recover(_) => Asked::Recovery,
        Request::Suggest => Asked::Suggest,
        Request::Resume { .. } => Asked::Resume,
        Request::FirstCode(_) => Asked::FirstCode,
        Request::SetupSheets => Asked::SetupSheets,
        Request::PhoneSheets | Request::NewCodes => Asked::CodeSheets,
        Request::FinishSetup => Asked::FinishSetup,
        Request::SignIn { .. } => Asked::Attempt,
        Request::FreshCode(_) | Request::FreshSignIn { .. } => Asked::FreshCode,
        Request::NewClinicKey => Asked::ClinicKey,
        Request::AddPerson { .. } | Request::ResetPerson(_) => Asked::Slip,
        Request::RemovePerson(_) => Asked::Removed,
        Request::Entries(_) => Asked::Entries,
        Request::Backups => Asked::Backups,
        Request::RestorePlan(_) | Request::RestorePlanWith { .. } => Asked::Plan,
        Request::Restore(_) | Request::RestoreWith { .. } => Asked::Restored,
        Request::Text { .. }
        | Request::TextForChange
        | Request::BeginNumber(_)
        | Request::TextAgain
        | Request::TestText(_) => Asked::Text,
        Request::TextFate(_) | Request::TextChange(_) => Asked::Fate,
        Request::Look
        | Request::Happenings
        | Request::DropSetup
        | Request::FinishPhone
        | Request::DropPhone
        | Request::FinishCodes
        | Request::FinishPhoneWithoutCodes
        | Request::FinishClinicKey
        | Request::RemovePhone(_)
        | Request::Manage(_)
        | Request::DailyBackup
        | Request::BackupNow
        | Request::Export(_)
        | Request::SetGateway(..)
        | Request::ChangePassword(_)
        | Request::StartProgram
        | Request::SetKey(_)
        | Request::RotateKey(_)
        | Request::ComeBack { .. }
        | Request::Lock(_) => Asked::Other,
    }
}

/// One thing that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Move {
    /// A person does the act with this number.
    Does(usize),
    /// The desk answers what was asked, as hoped for.
    Right,
    /// It judges, and refuses.
    Refused,
    /// It could not do it.
    Fails,
    /// An answer to another question, or one that contradicts itself.
    Astray(u8),
    /// The right answer to an order before the last.
    Late,
    /// A day passes.
    DayPasses,
}

fn text(text: &str) -> SecretText {
    SecretText::from(text)
}

/// Everything a person can do anywhere, right and wrong.
fn acts() -> Vec<Act> {
    let set_up = || {
        use enrolment::Act as A;
        vec![
            A::Next,
            A::Back,
            A::Skip,
            A::IAmStaff,
            A::HaveBackup,
            A::GiveNames { clinic: "Oak Tree Surgery".into(), person: "Maria Santos".into(), support: String::new() },
            A::GiveNames { clinic: "  ".into(), person: "a\u{200b}".into(), support: String::new() },
            A::GivePassword(text("harbour lemon kettle")),
            A::GivePassword(text("")),
            A::StartOver,
            A::ChooseApp(enrolment::App::Authy),
            A::GetApp(enrolment::Handset::Android),
            A::UsedBefore,
            A::WontScan,
            A::TypesDigits,
            A::Texts(TextAct::Choose),
            A::Texts(TextAct::Gateway(Box::new(texting()), text("secret"))),
            A::Texts(TextAct::Gateway(Box::default(), text(""))),
            A::Texts(TextAct::Try("07700 900123".into())),
            A::Texts(TextAct::Number("07700 900123".into())),
            A::Texts(TextAct::Number("12".into())),
            A::Texts(TextAct::Again),
            A::Texts(TextAct::UseApp),
            A::GiveCode(text("384 688")),
            A::GiveCode(text("38468")),
            A::ShowAgain,
            A::GiveProof(text("0002")),
            A::GiveProof(text("KEYK")),
            A::GiveProof(text("XXXX")),
        ]
    };
    let password = || text("harbour lemon kettle");
    let sign_in = vec![
        sign_in::Act::Choose(MARIA.into()),
        sign_in::Act::Choose("nobody".into()),
        sign_in::Act::NoPhone,
        sign_in::Act::Because(NoPhone::Lost),
        sign_in::Act::Back,
        sign_in::Act::SignIn { password: password(), code: text("384688") },
        sign_in::Act::SignIn { password: text(""), code: text("384688") },
        sign_in::Act::SignIn { password: password(), code: text("abc") },
        sign_in::Act::SignIn { password: password(), code: text("0000-0000-0000-0017") },
    ];
    let session = vec![
        session::Act::Begin(Change::Phone),
        session::Act::Begin(Change::Codes),
        session::Act::Begin(Change::Password),
        session::Act::Begin(Change::ClinicKey),
        session::Act::Begin(Change::Remove("bjones".into())),
        session::Act::Begin(Change::Restore("b.db".into())),
        session::Act::PlanRestore("b.db".into()),
        session::Act::MakeBackup,
        session::Act::Go(session::Page::Backups),
        session::Act::Go(session::Page::Home),
        session::Act::Go(session::Page::People),
        session::Act::Log(EntryFilter::default()),
        session::Act::Add { name: "Ben Jones".into(), role: Role::Staff },
        session::Act::Add { name: String::new(), role: Role::Staff },
        session::Act::GiveCode(text("384688")),
        session::Act::GiveCode(text("0000-0000-0000-0017")),
        session::Act::GiveCode(text("x")),
        session::Act::GiveBoth { password: text("harbour lemon kettle"), code: text("384688") },
        session::Act::GiveBoth { password: text(""), code: text("384688") },
        session::Act::GivePassword(password()),
        session::Act::GivePassword(text("")),
        session::Act::OnPaper,
        session::Act::ShowAgain,
        session::Act::GiveProof(text("0002")),
        session::Act::GiveProof(text("XXXX")),
        session::Act::Cancel,
    ];
    let mut all: Vec<Act> = set_up().into_iter().map(Act::SetUp).collect();
    all.extend(set_up().into_iter().map(session::Act::Phone).map(Act::Session));
    all.extend(sign_in.into_iter().map(Act::SignIn));
    all.extend(session.into_iter().map(Act::Session));
    let spare_key = "YHE5-2GF2-DSFD-6B8J-WAMT-9FK1-7VMS-NC0G";
    let restore = [
        restore::Act::Choose("b.db".into()),
        restore::Act::GiveKey(text(spare_key)),
        restore::Act::GiveKey(text("x")),
        restore::Act::Go,
        restore::Act::Back,
    ];
    all.extend(restore.map(Act::Restore));
    all.extend([Act::Lock(Why::Asked), Act::TryAgain, Act::RestoreBackup]);
    all
}

/// The program, the desk that is played, and what has truly been proved.
struct World {
    program: Program,
    clock: u64,
    /// The order that is waited for, and the one before it.
    last: Option<(Ticket, Asked)>,
    before: Option<(Ticket, Asked)>,
    /// What is in the files; nothing before the first set-up.
    truth: Option<ClinicStage>,
    due: bool,
    /// Of the phone that is being linked: a code was right.
    code_right: bool,
    /// Of the sheets that are shown: how many were proved.
    proved: u8,
    /// How many have to be before a phone is stored: a manager who came back prints a new clinic recovery key, too.
    due_sheets: u8,
    /// Somebody besides the manager, on the way that is being walked.
    other: Option<PersonLook>,
    /// Why the clinic is closed, if it is.
    closed: Option<Failure>,
    /// Its texts.
    sms: SmsSettings,
    /// What people do here.
    acts: fn() -> Vec<Act>,
}

impl World {
    fn new(truth: Option<ClinicStage>, due: bool) -> Self {
        Self::with(truth, due, (None, None), acts)
    }

    fn with(
        truth: Option<ClinicStage>,
        due: bool,
        (other, closed): (Option<PersonLook>, Option<Failure>),
        acts: fn() -> Vec<Act>,
    ) -> Self {
        let (program, orders) = Program::start(None);
        let (clock, last, before, code_right, proved, due_sheets) = (3600, None, None, false, 0, 1);
        let sms = SmsSettings::default();
        let mut world =
            Self { program, clock, last, before, truth, due, code_right, proved, due_sheets, other, closed, sms, acts };
        world.take(&orders);
        world
    }

    fn take(&mut self, orders: &[Order]) {
        for (ticket, request) in orders {
            assert_ne!(Some(*ticket), self.last.map(|(ticket, _)| ticket), "a ticket is drawn once");
            // Nobody waits for these: whatever is looked up beside a page changes no step.
            if matches!(
                request,
                Request::Lock(_) | Request::DropPhone | Request::Happenings | Request::Look | Request::DailyBackup
            ) {
                continue;
            }
            match request {
                Request::RecoverManager { .. } => self.due_sheets = 2,
                Request::BeginPhone { .. } | Request::Activate { .. } | Request::Resume { .. } => self.due_sheets = 1,
                _ => {}
            }
            self.before = self.last.or(self.before);
            self.last = Some((*ticket, asked(request)));
        }
    }

    fn right(&self, asked: Asked) -> Answer {
        match asked {
            Asked::Stand => Answer::Standing(match self.truth {
                None => Standing::New,
                Some(stage @ ClinicStage::Active) => {
                    let mut look = look(stage, None);
                    look.people.extend(self.other.clone());
                    look.settings.sms.clone_from(&self.sms);
                    Standing::Active(look)
                }
                Some(stage) => Standing::Pending(look(stage, None)),
            }),
            Asked::Offer => Answer::Offer(offer()),
            Asked::Resume => Answer::Resumed(Resumed { offer: offer(), proved: false }),
            Asked::FirstCode => Answer::FirstCode(FirstCode::Right),
            Asked::SetupSheets => Answer::Sheets(sheets(true)),
            Asked::CodeSheets => Answer::Sheets(sheets(self.due_sheets == 2)),
            Asked::Attempt => Answer::Verdict(accepted(), Some(signed_in(self.due))),
            Asked::FreshCode => Answer::Verdict(accepted(), None),
            Asked::ClinicKey => Answer::ClinicKey(SecretText::from(CLINIC_KEY)),
            Asked::Slip => Answer::Slip(ActivationSlip { person: "bjones".into(), code: text("SLIP") }),
            Asked::Removed => Answer::Removed(Box::new(removal())),
            Asked::Entries => Answer::Entries(Vec::new()),
            Asked::Backups => Answer::Backups(Vec::new()),
            Asked::Plan => Answer::Plan(plan()),
            Asked::Restored => Answer::Restored(plan()),
            Asked::Text => Answer::Texting(news()),
            Asked::Fate => {
                Answer::TextFate(Ok(Sent { stage: SentStage::Accepted, reference: None }), Transcript::new())
            }
            Asked::Suggest => Answer::Suggested(text("harbour lemon kettle")),
            // The key of a computer is back, or a manager begins anew.
            Asked::Recovery if self.closed.is_none() => Answer::Offer(offer()),
            Asked::FinishSetup | Asked::Recovery | Asked::Other => Answer::Done,
        }
    }

    /// Plays one move; what it comes to is checked against what is true.
    fn play(&mut self, a_move: Move) {
        let seen = self.seen();
        let busy = self.program.is_busy();
        match a_move {
            Move::Does(number) => {
                let act = (self.acts)().swap_remove(number);
                let locks = matches!((&act, &self.program.stage), (Act::Lock(_), Stage::In(_)));
                let proof = self.proof_of(&act);
                let leads_back = self.leads_back(&act);
                let orders = self.program.act(act, &now(self.clock));
                if busy && !locks {
                    assert!(orders.is_empty() && self.seen() == seen, "{a_move:?} while busy in {seen}");
                } else {
                    self.proved = proof.unwrap_or(self.proved);
                }
                if leads_back {
                    assert_ne!(self.seen(), seen, "Back and Cancel lead somewhere");
                }
                self.finishes_only_what_is_proved(&orders);
                self.take(&orders);
            }
            Move::Right => self.answer_right(),
            Move::Refused if self.last.is_some_and(|(_, asked)| asked == Asked::Recovery) => {
                // The key is typed again where it was typed.
                self.answer(Err(Failure::WrongClinicKey));
                assert!(self.seen().starts_with("Recover Key|Some"), "{} -> {}", seen, self.seen());
            }
            Move::Refused => {
                let verdict = Verdict::WrongCode { clock_off_secs: None, then: Consequence::None, recovery_left: 9 };
                let answer = match self.last {
                    Some((_, Asked::FirstCode)) => Answer::FirstCode(FirstCode::Wrong { clock_off_secs: None }),
                    Some((_, Asked::Attempt | Asked::FreshCode)) => Answer::Verdict(verdict, None),
                    _ => return,
                };
                self.answer(Ok(answer));
                self.gets_nowhere(&seen);
            }
            Move::Fails => {
                self.answer(Err(Failure::Keychain(KeychainError::Locked)));
                self.gets_nowhere(&seen);
            }
            Move::Astray(kind) => {
                let verdict = Verdict::RecoveryUsed { recovery_left: 9 };
                let answer = match kind {
                    0 => Answer::Suggested(text("three words here")),
                    // Let in, and nobody is.
                    1 if self.last.is_some_and(|(_, asked)| asked != Asked::FreshCode) => {
                        Answer::Verdict(accepted(), None)
                    }
                    // Refused, and somebody is in.
                    _ => Answer::Verdict(verdict, Some(signed_in(false))),
                };
                self.answer(Ok(answer));
                self.gets_nowhere(&seen);
            }
            Move::Late => {
                let Some((ticket, asked)) = self.before else { return };
                let orders = self.program.answer((ticket, Ok(self.right(asked))), &now(self.clock));
                assert!(orders.is_empty() && self.seen() == seen, "a late answer to {asked:?} in {seen}");
            }
            Move::DayPasses => self.clock += 24 * 3600,
        }
    }

    fn answer(&mut self, reply: Result<Answer, Failure>) {
        let Some(last) = self.last.take() else { return };
        self.before = Some(last);
        let orders = self.program.answer((last.0, reply), &now(self.clock));
        self.take(&orders);
    }

    fn answer_right(&mut self) {
        let Some((_, asked)) = self.last else { return };
        let was_locked = matches!(self.program.stage, Stage::Lock(_));
        match asked {
            // Another number, too, is proved anew.
            Asked::Offer | Asked::Resume | Asked::Text | Asked::Recovery => {
                (self.code_right, self.proved) = (false, 0);
            }
            Asked::FirstCode => self.code_right = true,
            Asked::SetupSheets | Asked::CodeSheets | Asked::ClinicKey => self.proved = 0,
            Asked::FinishSetup => self.truth = Some(ClinicStage::Active),
            Asked::Stand
            | Asked::Attempt
            | Asked::FreshCode
            | Asked::Slip
            | Asked::Removed
            | Asked::Entries
            | Asked::Backups
            | Asked::Plan
            | Asked::Restored
            | Asked::Fate
            | Asked::Suggest
            | Asked::Other => {}
        }
        let stays_closed = self.closed.clone().filter(|_| asked == Asked::Stand);
        self.answer(stays_closed.map_or_else(|| Ok(self.right(asked)), Err));
        if asked == Asked::Recovery {
            // With its key back the clinic is open.
            self.closed = None;
        }
        if was_locked {
            assert_eq!(matches!(self.program.stage, Stage::In(_)), asked == Asked::Attempt, "{asked:?}");
        }
    }

    /// After anything but the right answer: nobody is in who was not, and no page beyond is reached.
    fn gets_nowhere(&self, seen: &str) {
        let page = |seen: &str| seen.split('|').next().unwrap_or_default().to_owned();
        let (before, after) = (page(seen), page(&self.seen()));
        let home = ["Starting", "Preparing"].iter().any(|start| before.contains(start));
        assert!(before == after || home || before.contains("Finish"), "{before} -> {after}");
        assert!(before.starts_with("In") || !after.starts_with("In"), "{before} -> {after}");
    }

    /// Whether this is a Back or a Cancel that the page offers.
    fn leads_back(&self, act: &Act) -> bool {
        match (act, &self.program.stage) {
            (Act::SetUp(enrolment::Act::Back), Stage::SetUp(flow)) => flow.can_go_back(),
            (Act::Restore(restore::Act::Back), Stage::Restore(flow)) => !flow.is_busy(),
            (Act::Session(session::Act::Cancel), Stage::In(flow)) => {
                flow.can_cancel()
                    && !flow.is_busy()
                    && !matches!(flow.step, session::Step::At(..) | session::Step::Log(_))
            }
            _ => false,
        }
    }

    /// The proofs that stand after this act, when the page is one that asks for one.
    fn proof_of(&self, act: &Act) -> Option<u8> {
        let flow = |flow: &SheetsFlow, typed: &SecretText| {
            let super::sheets::Page::Prove(sheet, _) = flow.page else { return None };
            match (sheet, typed.expose()) {
                (super::sheets::Sheet::Codes, "0002") => Some(1),
                (super::sheets::Sheet::ClinicKey, "KEYK") => Some(2),
                _ => None,
            }
        };
        match (act, &self.program.stage) {
            (Act::SetUp(enrolment::Act::GiveProof(typed)), Stage::SetUp(set_up)) => {
                sheet_of(set_up).and_then(|s| flow(s, typed))
            }
            (Act::Session(session::Act::GiveProof(typed)), Stage::In(session)) => match &session.step {
                session::Step::Codes(sheets) | session::Step::ClinicKey(sheets) => flow(sheets, typed),
                _ => None,
            },
            (Act::Session(session::Act::Phone(enrolment::Act::GiveProof(typed))), Stage::In(session)) => {
                match &session.step {
                    session::Step::Phone(phone) => sheet_of(phone).and_then(|s| flow(s, typed)),
                    _ => None,
                }
            }
            (Act::Recover(recover::Act::Phone(enrolment::Act::GiveProof(typed))), Stage::Recover(back)) => {
                match &back.step {
                    recover::Step::Phone(phone) => sheet_of(phone).and_then(|s| flow(s, typed)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// What is stored for good was proved: a right code of this phone, and every sheet from paper.
    fn finishes_only_what_is_proved(&self, orders: &[Order]) {
        for (_, request) in orders {
            match request {
                Request::FinishSetup => assert!(self.code_right && self.proved == 2, "{}", self.seen()),
                Request::FinishPhone => {
                    assert!(self.code_right && self.proved == self.due_sheets, "{}", self.seen());
                }
                Request::FinishPhoneWithoutCodes => {
                    assert!(self.code_right && self.may_do_without_a_sheet(), "{}", self.seen());
                }
                Request::FinishCodes => assert_eq!(self.proved, 1, "{}", self.seen()),
                Request::FinishClinicKey => assert_eq!(self.proved, 2, "{}", self.seen()),
                _ => {}
            }
        }
    }

    /// A second phone brings no new codes, and reception may print theirs later; nobody else.
    fn may_do_without_a_sheet(&self) -> bool {
        match &self.program.stage {
            Stage::SetUp(flow) => flow.aim == enrolment::Aim::Person(Role::Staff),
            Stage::In(flow) => {
                matches!(&flow.step, session::Step::Phone(phone) if phone.aim == enrolment::Aim::SecondPhone)
            }
            Stage::Starting | Stage::Closed(_) | Stage::Recover(_) | Stage::Restore(_) | Stage::Lock(_) => false,
        }
    }

    /// The state as a person sees it, and what of the truth decides about what follows.
    fn seen(&self) -> String {
        let page = match &self.program.stage {
            Stage::Starting => "Starting".to_owned(),
            Stage::Closed(failure) => format!("Closed|{failure:?}"),
            Stage::SetUp(flow) => format!("SetUp {}", enrolment_seen(flow)),
            Stage::Recover(flow) => format!("Recover {}", recover_seen(flow)),
            Stage::Restore(flow) => format!("Restore {}", restore_seen(flow)),
            Stage::Lock(flow) => format!("Lock {:?}|{:?} {}", flow.page, flow.mishap, flow.chosen),
            Stage::In(flow) => format!("In {}", session_seen(flow)),
        };
        let closed = self.closed.is_some();
        // What is waited for decides where the answer leads, and the page of backups looks the same meanwhile.
        let waits = self.program.is_busy() || page.starts_with("In Backups");
        let asked = self.last.map(|(_, asked)| asked).filter(|_| waits);
        format!("{page} {asked:?} {} {} {closed}", self.code_right, self.proved)
    }
}

fn accepted() -> Verdict {
    Verdict::Accepted { by: FactorUsed::Totp, recovery_left: CODES, new_password_due: false }
}

fn sheet_of(flow: &Enrolment) -> Option<&SheetsFlow> {
    if let enrolment::Step::Sheets(sheets) = &flow.step { Some(sheets) } else { None }
}

fn enrolment_seen(flow: &Enrolment) -> String {
    use enrolment::Step;
    let more = |name: &str, mishap: &Option<super::Mishap>| {
        // How often a code was wrong matters from the second time on.
        let mishap = mishap.as_ref().map(|mishap| match mishap {
            super::Mishap::FirstCodeWrong { times, .. } => format!("wrong {}", (*times).min(2)),
            other => format!("{other:?}"),
        });
        format!("{name}|{mishap:?}")
    };
    match &flow.step {
        Step::Why => "Why|".into(),
        Step::Who => "Who|".into(),
        Step::AskManager => "AskManager|".into(),
        Step::Names(mishap) => format!("Names|{mishap:?}"),
        Step::Password(_, mishap) => more("Password", mishap),
        Step::Activate(mishap) => more("Activate", mishap),
        Step::Resume(mishap) => more("Resume", mishap),
        Step::StartOver(mishap) => more("StartOver", mishap),
        Step::OpenApp => format!("OpenApp|{:?}", flow.app),
        Step::GetApp(handset) => format!("GetApp|{handset:?}"),
        Step::GetStarted { used_before } => format!("GetStarted|{used_before}"),
        Step::TapScan => "TapScan|".into(),
        Step::Square { wont_scan } => format!("Square|{wont_scan}"),
        Step::CodeShown => "CodeShown|".into(),
        Step::TypeCode(mishap) => more("TypeCode", mishap),
        Step::Texts(step) => match step {
            // A square that is still good decides where Back and the app lead.
            TextStep::WhyNot => format!("WhyNot|{}", flow.offer().is_some()),
            TextStep::Gateway(mishap) => more("Gateway", mishap) + &format!("{:?}", flow.password_kept()),
            TextStep::Try(mishap) => format!("Try|{:?}{mishap:?}", flow.texting.state),
            TextStep::Number(mishap) => more("Number", mishap) + &flow.offer().is_some().to_string(),
            TextStep::Confirm(number) => format!("Confirm|{number:?}"),
            TextStep::Type(mishap) => more("Type", mishap),
        },
        Step::Congratulations(mishap) => more("Congratulations", mishap),
        Step::Sheets(sheets) => format!("Sheets|{:?}", sheets.page),
        Step::Finished => "Finished|".into(),
    }
}

fn recover_seen(flow: &Recover) -> String {
    use recover::Step;
    match &flow.step {
        Step::Key(mishap) => format!("Key|{mishap:?}"),
        Step::Manager => "Manager|".into(),
        Step::Password(mishap) => format!("Password|{mishap:?}"),
        Step::Phone(phone) => format!("Phone {}", enrolment_seen(phone)),
        Step::Finished => "Finished|".into(),
    }
}

fn restore_seen(flow: &Restore) -> String {
    use restore::Step;
    match &flow.step {
        Step::Choose(mishap) => format!("Choose|{mishap:?}"),
        Step::Key(mishap) => format!("Key|{mishap:?}"),
        Step::Plan(_, mishap) => format!("Plan|{mishap:?}"),
        Step::Finished(_) => "Finished|".into(),
    }
}

fn session_seen(flow: &Session) -> String {
    use session::Step;
    match &flow.step {
        Step::At(page, done) => format!("{page:?}|{done:?}"),
        Step::BadName(mishap) => format!("BadName|{mishap:?}"),
        Step::Log(log) => format!("Log|{log:?}"),
        Step::Backups(view) => format!("Backups|{} {:?}", view.done.is_some(), view.mishap),
        Step::Plan(..) => "Plan|".into(),
        Step::ClinicKey(sheets) => format!("ClinicKey|{:?}", sheets.page),
        Step::Slip(change, _) => format!("Slip {change:?}|"),
        Step::Removed(_) => "Removed|".into(),
        Step::FreshCode(change, mishap) => format!("FreshCode {change:?}|{mishap:?}"),
        Step::Preparing(change) => format!("Preparing {change:?}|"),
        Step::NewPassword(mishap) => format!("NewPassword|{mishap:?}"),
        Step::Codes(sheets) => format!("Codes|{:?}", sheets.page),
        Step::Phone(phone) => format!("Phone {}", enrolment_seen(phone)),
    }
}

fn moves(acts: fn() -> Vec<Act>) -> Vec<Move> {
    let mut moves: Vec<Move> = (0..acts().len()).map(Move::Does).collect();
    moves.extend((0..3).map(Move::Astray));
    moves.extend([Move::Right, Move::Refused, Move::Fails, Move::Late]);
    moves
}

fn worlds() -> [(Option<ClinicStage>, bool); 4] {
    [
        (None, false),
        (Some(ClinicStage::Pending), false),
        (Some(ClinicStage::Active), false),
        (Some(ClinicStage::Active), true),
    ]
}

/// Walks from the start to every state there is, and plays every move in each. The states, as they are seen.
fn walk(start: impl Fn() -> World) -> Vec<String> {
    let mut paths: BTreeMap<String, Vec<Move>> = BTreeMap::new();
    let mut waiting = VecDeque::from([Vec::new()]);
    let first = start();
    let moves = moves(first.acts);
    paths.insert(first.seen(), Vec::new());
    let mut dead_ends = Vec::new();
    while let Some(path) = waiting.pop_front() {
        let mut ways_out = 0;
        let arrive = || {
            let mut world = start();
            path.iter().for_each(|&step| world.play(step));
            world
        };
        let mut world = arrive();
        let (before, orders) = (world.seen(), (world.last, world.before));
        for &next in &moves {
            // A move that did nothing leaves the world good for the next one.
            if world.seen() != before || (world.last, world.before) != orders {
                world = arrive();
            }
            world.play(next);
            let after = world.seen();
            ways_out += usize::from(after != before);
            if let Entry::Vacant(entry) = paths.entry(after) {
                let longer: Vec<Move> = path.iter().copied().chain([next]).collect();
                assert!(longer.len() < 60, "the states have no end");
                entry.insert(longer.clone());
                waiting.push_back(longer);
            }
        }
        if ways_out == 0 {
            dead_ends.push(path.clone());
        }
    }
    assert!(dead_ends.is_empty(), "no way out after {dead_ends:?}");
    paths.into_keys().collect()
}

/// Each of these pages is among the states.
fn all_reached(states: &[String], pages: &[&str]) {
    for page in pages {
        let reached = states.iter().any(|seen| seen.starts_with(page));
        assert!(reached, "{page} was not reached, of {} states: {states:#?}", states.len());
    }
}

#[test]
fn every_move_in_every_state() {
    for (truth, due) in worlds() {
        let expected: &[&str] = match truth {
            None => &[
                "Restore Choose",
                "Restore Key",
                "Restore Plan",
                "Restore Finished",
                "In Backups",
                "In Plan",
                "SetUp Why",
                "SetUp AskManager",
                "SetUp GetApp",
                "SetUp Sheets",
                "Lock",
                "In Home",
                "Closed",
            ],
            Some(ClinicStage::Pending) => &["SetUp Resume", "SetUp StartOver", "SetUp Why", "SetUp Sheets", "In Home"],
            Some(_) if due => &["Lock", "In FreshCode", "In NewPassword", "Closed"],
            Some(_) => &["Lock", "In FreshCode", "In NewPassword", "In Slip", "In Removed", "Closed"],
        };
        all_reached(&walk(|| World::new(truth, due)), expected);
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(300))]
    /// Long lives: whatever happens in whatever order, nothing is finished, opened or believed that was not proved.
    #[test]
    fn whatever_happens(world in 0..4_usize, steps in proptest::collection::vec((0..100_usize, 0..6_u8), 1..120)) {
        let (truth, due) = worlds()[world];
        let mut world = World::new(truth, due);
        let count = acts().len();
        for (number, kind) in steps {
            world.play(match kind {
                0 | 1 => Move::Does(number % count),
                2 | 3 => Move::Right,
                4 => [Move::Refused, Move::Fails, Move::Astray(0), Move::Astray(1), Move::Astray(2)][number % 5],
                _ => [Move::Late, Move::DayPasses][number % 2],
            });
        }
    }
}

// ---- the lock screen's own clockwork

fn lock_screen(wait: Option<Duration>) -> SignIn {
    SignIn::new(look(ClinicStage::Active, wait), None, None, &now(0))
}

fn submits(flow: &mut SignIn, code: &str, secs: u64) -> Vec<Order> {
    let act = sign_in::Act::SignIn { password: text("harbour lemon kettle"), code: text(code) };
    flow.act(act, &now(secs), &mut super::Tickets::default())
}

fn is_told(flow: &mut SignIn, verdict: Verdict, secs: u64) {
    let orders = submits(
        flow,
        if matches!(flow.page, sign_in::Page::Asking(sign_in::Way::Phone)) { "384688" } else { "0000-0000-0000-0017" },
        secs,
    );
    let (ticket, _) = orders.into_iter().next().unwrap();
    flow.answer((ticket, Ok(Answer::Verdict(verdict, None))), &now(secs), &mut super::Tickets::default());
}

#[test]
fn no_wait_is_left_early() {
    let secs = Duration::from_secs;
    for (verdict, wait) in [
        (Verdict::WrongPassword { wait: Some(secs(15)) }, 15),
        (Verdict::WrongCode { clock_off_secs: None, then: Consequence::Locked(secs(900)), recovery_left: 9 }, 900),
        (Verdict::Wait { left: secs(252), reason: WaitReason::Codes }, 252),
        (Verdict::Wait { left: secs(20), reason: WaitReason::Desk }, 20),
    ] {
        let mut flow = lock_screen(None);
        is_told(&mut flow, verdict.clone(), 100);
        for at in [100, 101, 100 + wait - 1] {
            assert_eq!(flow.wait_left(&now(at).boot), Some(secs(100 + wait - at)), "{verdict:?}");
            assert!(submits(&mut flow, "384688", at).is_empty(), "{verdict:?} at {at}: the desk is not asked");
            assert!(!flow.is_busy());
            // Neither another page nor another tile leads out of it.
            for act in [sign_in::Act::NoPhone, sign_in::Act::Back, sign_in::Act::Choose(MARIA.into())] {
                flow.act(act, &now(at), &mut super::Tickets::default());
            }
        }
        assert_eq!(flow.wait_left(&now(100 + wait).boot), None);
        assert_eq!(submits(&mut flow, "384688", 100 + wait).len(), 1, "{verdict:?}");
    }
}

#[test]
fn a_wait_from_the_tiles_counts_from_when_they_were_read() {
    let mut flow = lock_screen(Some(Duration::from_secs(900)));
    assert_eq!(flow.wait_left(&now(600).boot), Some(Duration::from_secs(300)));
    flow.act(sign_in::Act::NoPhone, &now(600), &mut super::Tickets::default());
    flow.act(sign_in::Act::Back, &now(600), &mut super::Tickets::default());
    assert_eq!(flow.wait_left(&now(600).boot), Some(Duration::from_secs(300)), "going back does not start it again");
    assert!(submits(&mut flow, "384688", 899).is_empty());
    assert_eq!(submits(&mut flow, "384688", 900).len(), 1);
}

/// DESIGN 5: a recovery code with the right password ends a lock. So a lock must not keep the sheet's page shut.
#[test]
fn a_lock_leaves_the_sheet_open_and_a_wait_does_not() {
    let to_sheet = |flow: &mut SignIn| {
        flow.act(sign_in::Act::NoPhone, &now(101), &mut super::Tickets::default());
        flow.act(sign_in::Act::Because(NoPhone::AtHome), &now(101), &mut super::Tickets::default());
    };
    let locked = Verdict::Wait { left: Duration::from_secs(900), reason: WaitReason::Codes };
    let mut flow = lock_screen(None);
    is_told(&mut flow, locked, 100);
    to_sheet(&mut flow);
    assert_eq!(submits(&mut flow, "0000-0000-0000-0017", 102).len(), 1);
    for reason in [WaitReason::Passwords, WaitReason::Desk] {
        let mut flow = lock_screen(None);
        is_told(&mut flow, Verdict::Wait { left: Duration::from_secs(20), reason }, 100);
        to_sheet(&mut flow);
        assert!(submits(&mut flow, "0000-0000-0000-0017", 102).is_empty(), "{reason:?}");
        assert_eq!(submits(&mut flow, "0000-0000-0000-0017", 120).len(), 1, "{reason:?}");
    }
}

/// C57: the countdown after "already used" is a help, not a wait: the phone may be ahead of this computer.
#[test]
fn after_used_the_next_code_may_come_at_once() {
    let mut flow = lock_screen(None);
    is_told(&mut flow, Verdict::Used { next_in: Duration::from_secs(18), recovery_left: 9 }, 100);
    assert!(flow.wait_left(&now(101).boot).is_some());
    assert_eq!(submits(&mut flow, "384688", 101).len(), 1);
}

/// An impossible clock is named before anybody types a code that cannot be right; a wait that is in force says more.
#[test]
fn an_impossible_clock_is_named_on_the_lock_screen() {
    let impossible = Some(super::Mishap::Failure(Failure::ClockImpossible));
    for (unix_secs, told) in [(-1, &impossible), (EARLIEST_UNIX - 1, &impossible), (EARLIEST_UNIX, &None)] {
        let flow = SignIn::new(look(ClinicStage::Active, None), None, None, &Now { unix_secs, ..now(0) });
        assert_eq!(&flow.mishap, told, "{unix_secs}");
    }
}

/// The clinic's own time server explains: when the screen opens, and beside a code that does not match. It decides nothing.
#[test]
fn the_time_server_explains_a_wrong_clock_and_decides_nothing() {
    let wrong = |clock_off_secs| Verdict::WrongCode { clock_off_secs, then: Consequence::None, recovery_left: 10 };
    for (off, matters) in [(0, false), (29, false), (-29, false), (30, true), (-180, true), (3600, true)] {
        let told = matters.then_some(off);
        let mut flow = lock_screen(None);
        flow.heard_time(off, &now(1));
        assert_eq!(flow.mishap, told.map(super::Mishap::ClockOff), "{off}");
        // Another answer takes it back; what the desk has said stays.
        flow.heard_time(0, &now(2));
        assert_eq!(flow.mishap, None);
        flow.heard_time(off, &now(3));
        is_told(&mut flow, wrong(None), 4);
        assert_eq!(flow.mishap, Some(super::Mishap::Refused(wrong(told))), "{off}");
        flow.heard_time(0, &now(5));
        assert_eq!(flow.mishap, Some(super::Mishap::Refused(wrong(told))));
        // The doctor's own finding, from the phone itself, goes before.
        flow.heard_time(off, &now(6));
        is_told(&mut flow, wrong(Some(-90)), 7);
        assert_eq!(flow.mishap, Some(super::Mishap::Refused(wrong(Some(-90)))));
    }
}
