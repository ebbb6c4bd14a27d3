//! The roads beside the first set-up, each walked whole: a person begins with a slip, a second phone, and the way back with
//! the clinic recovery key.

use super::*;
use crate::domain::edit::Edit;
use crate::effects::Closed;

const BEN: &str = "bjones";

fn ben(role: Role, begins: Begins) -> PersonLook {
    PersonLook {
        id: BEN.into(),
        name: "Ben Jones".into(),
        role,
        stage: Some(PersonStage::Pending),
        phones: Vec::new(),
        begins,
        recovery_left: 0,
        wait: None,
        manager_needed: false,
        day_pass: false,
        signed_in_unix: None,
    }
}

/// A phone's steps, right and wrong.
fn phone_acts() -> Vec<enrolment::Act> {
    use enrolment::Act as A;
    vec![
        A::Next,
        A::Back,
        A::Skip,
        A::WontScan,
        A::GiveCode(text("384688")),
        A::GiveCode(text("38468")),
        A::ShowAgain,
        A::PrintLater,
        A::GiveProof(text("0002")),
        A::GiveProof(text("KEYK")),
        A::GiveProof(text("XXXX")),
    ]
}

fn begins_acts() -> Vec<Act> {
    use enrolment::Act as A;
    let typed = |code: &str, password: &str| A::Activate { code: text(code), password: text(password) };
    let own = [
        typed("0000-0000-0000-0017", "harbour lemon kettle"),
        typed("0000-0000-0000-0017", ""),
        typed("0000-0000", "harbour lemon kettle"),
        A::Suggest,
        A::GivePassword(text("harbour lemon kettle")),
        A::GivePassword(text("")),
        A::StartOver,
    ];
    let choices = [BEN, MARIA].map(|id| Act::SignIn(sign_in::Act::Choose(id.into())));
    let mut all: Vec<Act> = own.into_iter().chain(phone_acts()).map(Act::SetUp).collect();
    all.extend(choices);
    all.extend([Act::SetUpPerson, Act::TryAgain, Act::Lock(Why::Asked)]);
    all
}

/// From the slip, or from where it stopped, to the lock screen; reception may print later, a manager not.
#[test]
fn a_person_begins() {
    let with_slip = Begins::WithSlip { until_unix: 1_772_442_000 + 86_400 };
    for role in [Role::Staff, Role::Manager] {
        for (begins, first) in [(with_slip, "SetUp Activate"), (Begins::WithPassword, "SetUp Resume")] {
            let start = || World::with(Some(ClinicStage::Active), false, (Some(ben(role, begins)), None), begins_acts);
            let states = walk(start);
            let steps =
                ["SetUp OpenApp", "SetUp Square", "SetUp TypeCode|Some", "SetUp Congratulations", "SetUp Sheets"];
            all_reached(&states, &steps);
            all_reached(&states, &[first, "SetUp Finished", "Lock"]);
            assert!(!states.iter().any(|seen| seen.starts_with("In ")), "nobody is in by setting up");
        }
    }
}

fn second_phone_acts() -> Vec<Act> {
    let session = [
        session::Act::Go(session::Page::Phones),
        session::Act::Begin(Change::SecondPhone("Work phone".into())),
        session::Act::Begin(Change::RemovePhone("f1".into())),
        session::Act::GiveCode(text("384688")),
        session::Act::GiveCode(text("x")),
        session::Act::Cancel,
    ];
    let phone = phone_acts().into_iter().map(session::Act::Phone);
    let code = sign_in::Act::SignIn { password: text("harbour lemon kettle"), code: text("384688") };
    let mut all: Vec<Act> = session.into_iter().chain(phone).map(Act::Session).collect();
    all.extend([Act::SignIn(code), Act::Lock(Why::Asked), Act::TryAgain]);
    all
}

/// A code first, then the steps; no sheet, and the way out is open until the phone is linked.
#[test]
fn a_second_phone_joins_the_first() {
    let states = walk(|| World::with(Some(ClinicStage::Active), false, (None, None), second_phone_acts));
    let change = "SecondPhone(\"Work phone\")";
    all_reached(&states, &[&format!("In FreshCode {change}|Some"), &format!("In Preparing {change}")]);
    all_reached(&states, &["In Phone TypeCode|Some", "In Phone Congratulations", "In Phones|Some(SecondPhone"]);
    all_reached(&states, &["In Phones|Some(RemovePhone"]);
    assert!(!states.iter().any(|seen| seen.starts_with("In Phone Sheets")), "a second phone has no sheet");
}

fn recovery_acts() -> Vec<Act> {
    use recover::Act as A;
    let own = [
        A::GiveKey(text(CLINIC_KEY)),
        A::GiveKey(text("0000-0000")),
        A::Choose(MARIA.into()),
        A::Suggest,
        A::GivePassword(text("harbour lemon kettle")),
        A::GivePassword(text("")),
        A::Back,
    ];
    let phone = phone_acts().into_iter().map(A::Phone);
    let mut all: Vec<Act> = own.into_iter().chain(phone).map(Act::Recover).collect();
    all.extend([Act::UseClinicKey, Act::TryAgain, Act::Lock(Why::Asked)]);
    all
}

/// One manager, or one of two: a wrong key is typed again, and nothing is stored before both sheets are proved.
#[test]
fn a_manager_comes_back() {
    for other in [None, Some(ben(Role::Manager, Begins::Done))] {
        let start = || World::with(Some(ClinicStage::Active), false, (other.clone(), None), recovery_acts);
        let states = walk(start);
        all_reached(
            &states,
            &["Recover Key|None", "Recover Key|Some", "Recover Password|None", "Recover Password|Some"],
        );
        all_reached(
            &states,
            &["Recover Phone Square", "Recover Phone TypeCode|Some", "Recover Phone Sheets|Show(Codes"],
        );
        all_reached(&states, &["Recover Phone Sheets|Show(ClinicKey", "Recover Finished", "Lock"]);
        let asked_which = states.iter().any(|seen| seen.starts_with("Recover Manager"));
        assert_eq!(asked_which, other.is_some(), "of one there is no choice");
    }
}

/// A closed clinic is opened by the key, and by nothing else that is done there.
#[test]
fn a_computer_gets_its_key_back() {
    for why in [Closed::KeyMissing, Closed::RolledBack, Closed::Changed] {
        let closed = Some(Failure::Closed(why));
        let start = || World::with(Some(ClinicStage::Active), false, (None, closed.clone()), recovery_acts);
        let states = walk(start);
        all_reached(&states, &["Closed|", "Recover Key|None", "Recover Key|Some", "Recover Finished", "Lock"]);
        let open = states.iter().filter(|seen| seen.starts_with("Lock"));
        assert!(open.clone().all(|seen| seen.ends_with("false")), "{:?}", open.collect::<Vec<_>>());
    }
    // A database that is lost needs a backup first: there the key opens nothing.
    let lost = Some(Failure::Closed(Closed::DatabaseLost));
    let states = walk(|| World::with(Some(ClinicStage::Active), false, (None, lost.clone()), recovery_acts));
    assert!(!states.iter().any(|seen| seen.starts_with("Recover") || seen.starts_with("Lock")), "{states:?}");
}

fn backs_up(orders: &[Order]) -> bool {
    orders.iter().any(|(_, request)| matches!(request, Request::BackupNow))
}

/// Older backups are open with the key that is destroyed now; where it stays the same, none is made.
#[test]
fn a_new_clinic_key_is_followed_by_a_backup() {
    use enrolment::Act as A;
    let begun = [
        (Enrolment::recovered(offer()), true, true),
        (Enrolment::new_phone(offer()), false, false),
        // A set-up has nothing older.
        (Enrolment::unfinished(&look(ClinicStage::Active, None)), true, false),
    ];
    for (mut flow, with_key, backup) in begun {
        let mut tickets = super::super::Tickets::default();
        flow.step = enrolment::Step::Congratulations(None);
        let mut last = None;
        let acts = [A::Next, A::Next, A::GiveProof(text("0002")), A::Next, A::GiveProof(text("KEYK"))];
        for act in acts {
            let orders = flow.act(act, &mut tickets);
            assert!(!backs_up(&orders));
            let Some((ticket, request)) = orders.into_iter().next() else { continue };
            let answer = match request {
                Request::SetupSheets | Request::PhoneSheets => Answer::Sheets(sheets(with_key)),
                _ => Answer::Done,
            };
            last = Some(flow.answer((ticket, Ok(answer)), &now(0), &mut tickets));
        }
        assert!(matches!(flow.step, enrolment::Step::Finished), "{with_key}");
        assert_eq!(backs_up(&last.unwrap()), backup);
    }
}

/// Backups from before have no database key, or one that opens nothing any more.
#[test]
fn another_database_key_is_followed_by_a_backup() {
    let settings = Settings::default();
    for (change, backup) in [
        (Change::Key(crate::effects::KeyChange::New), true),
        (Change::RotateKey(None), true),
        (Change::Practice(Edit::whole(settings)), false),
    ] {
        let mut tickets = super::super::Tickets::default();
        let (mut flow, _) = Session::new(signed_in(false), &mut tickets);
        flow.step = session::Step::At(session::Page::Practice, None);
        flow.act(session::Act::Begin(change.clone()), &mut tickets);
        let orders = flow.act(session::Act::GiveCode(text("384688")), &mut tickets);
        let (ticket, _) = orders.into_iter().next().expect("judged");
        let orders = flow.answer((ticket, Ok(Answer::Verdict(accepted(), None))), &now(0), &mut tickets);
        assert!(!backs_up(&orders));
        let (ticket, _) = orders.into_iter().next().expect("done");
        let orders = flow.answer((ticket, Ok(Answer::Done)), &now(0), &mut tickets);
        assert_eq!(backs_up(&orders), backup, "{change:?}");
    }
}
