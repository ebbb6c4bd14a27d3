//! For managers: people, and what is asked before what cannot be taken back. For everybody: whose session it is.

use super::*;
use crate::domain::edit::Edit;
use crate::domain::square::SquareError;
use crate::effects::{Failure, Happening, PhoneOffer, Sheets};
use crate::flows::Mishap;
use crate::flows::enrolment::Enrolment;
use crate::flows::session::{BackupsView, LogView};
use crate::flows::sheets::{Exit, SheetsFlow};

fn accepted() -> Answer {
    Answer::Verdict(Verdict::Accepted { by: FactorUsed::Totp, recovery_left: 8, new_password_due: false }, None)
}

/// Before Ben Jones is reset: the page that asks for password and code.
fn about_to_reset() -> Harness<'static, Desk> {
    let mut desk = people_page();
    desk.get_by_label_contains("Ben Jones").click();
    desk.run();
    for _ in 0..2 {
        desk.get_by_label("Set up again").click();
        desk.run();
    }
    assert!(sees(&desk, "First, your password and one code"));
    desk
}

#[test]
fn a_reset_asks_for_password_and_code_and_a_wrong_password_is_said() {
    let mut desk = about_to_reset();
    // The password has the focus; without it the sixth digit asks for nothing, and Enter only hints.
    desk.get_by_role(eframe::egui::Role::TextInput).focus();
    desk.run();
    types(&mut desk, "384688");
    assert!(desk.state().orders.is_empty() && !sees(&desk, "The password is missing"));
    desk.key_press(Key::Enter);
    desk.run();
    assert!(desk.state().orders.is_empty());
    assert!(sees(&desk, "Type your password"));
    types(&mut desk, "kettle");
    desk.key_press(Key::Enter);
    desk.run();
    let [(_, Request::FreshSignIn { password, .. })] = desk.state().orders.as_slice() else { panic!("both") };
    assert_eq!(password.expose(), "kettle");
    is_told(&mut desk, Answer::Verdict(Verdict::WrongPassword { wait: None }, None));
    assert!(sees(&desk, "That password isn't right."));
    assert!(desk.state().fields.password.is_empty() && !desk.state().fields.code.is_empty());
    assert!(matches!(&desk.state().flow.step, Step::FreshCode(Change::Reset(_), Some(_))));
    // The focus is back on the password.
    types(&mut desk, "harbour");
    desk.key_press(Key::Enter);
    desk.run();
    is_told(&mut desk, accepted());
    assert!(matches!(desk.state().orders.as_slice(), [(_, Request::ResetPerson(id))] if id == "bjones"));
    assert!(desk.state().fields.password.is_empty() && desk.state().fields.code.is_empty());
}

#[test]
fn a_code_alone_is_handed_to_nobody_before_a_reset() {
    let mut desk = about_to_reset();
    let state = desk.state_mut();
    let orders = state.flow.act(Act::GiveCode("384688".into()), &mut state.tickets);
    assert!(orders.is_empty());
    assert!(matches!(&state.flow.step, Step::FreshCode(_, Some(Mishap::NoPassword))));
}

fn offer() -> PhoneOffer {
    PhoneOffer {
        person: "msantos".into(),
        uri: "otpauth://totp/x".into(),
        key: "KEY".into(),
        square: Err(SquareError::NotReadable),
        issuer: "ClinicOffice".into(),
        account: "Oak Tree Surgery msantos".into(),
    }
}

fn at_square() -> Enrolment {
    let mut phone = Enrolment::new_phone(offer());
    phone.step = enrolment::Step::Square { wont_scan: false };
    phone
}

fn every_step() -> Vec<(&'static str, Step)> {
    let codes = || Sheets { codes: (0..10).map(|_| "0000-0000-0000-0000".into()).collect(), clinic_key: None };
    let sheets = |exit| SheetsFlow::new(codes(), exit);
    let mut asked_back = sheets(Exit::GiveUp);
    asked_back.on_paper();
    let slip = || ActivationSlip { person: "bjones".to_owned(), code: "ABCD-EFGH-JKMN-PQRS".into() };
    let mut all = vec![
        ("bad name", Step::BadName(Mishap::NoPassword)),
        ("log", Step::Log(LogView::default())),
        ("backups", Step::Backups(BackupsView::default())),
        ("fresh code", Step::FreshCode(Change::Codes, None)),
        ("password and code", Step::FreshCode(Change::Reset("bjones".to_owned()), None)),
        ("preparing", Step::Preparing(Change::Codes)),
        ("new password", Step::NewPassword(None)),
        ("codes", Step::Codes(sheets(Exit::GiveUp))),
        ("codes asked back", Step::Codes(asked_back)),
        ("clinic key", Step::ClinicKey(SheetsFlow::clinic_key_alone("7K2M-9QXR".into()))),
        ("slip", Step::Slip(Change::Reset("bjones".to_owned()), slip())),
        ("removed", Step::Removed(Box::new(removal()))),
        ("phone", Step::Phone(Box::new(Enrolment::new_phone(offer())))),
        ("second phone", Step::Phone(Box::new(Enrolment::second_phone(offer())))),
        ("square", Step::Phone(Box::new(at_square()))),
        ("number", Step::Phone(Box::new(Enrolment::new_number(Vec::new())))),
    ];

    for page in [Page::Home, Page::Phones, Page::People, Page::Settings, Page::Texts, Page::Practice] {
        all.push(("a page", Step::At(page, None)));
    }
    all
}

/// Somebody who came in without a phone, or by a text, is asked for what they have.
#[test]
fn nobody_is_asked_for_the_code_of_a_phone_that_is_not_there() {
    let changes = [
        Change::Codes,
        Change::SecondPhone("Work phone".to_owned()),
        Change::RemovePhone("f1".to_owned()),
        Change::Add { name: "Asha Khan".to_owned(), role: Role::Staff },
        Change::Reset("bjones".to_owned()),
        Change::Remove("bjones".to_owned()),
        Change::DayPass("bjones".to_owned()),
        Change::Settings(Edit::whole(Settings::default())),
        Change::ClinicKey,
    ];
    for (by, asked) in [
        (FactorUsed::Sms, "we text you"),
        (FactorUsed::Recovery, "one of your spare codes"),
        (FactorUsed::DayPass, "one of your spare codes"),
    ] {
        for change in &changes {
            let mut desk = desk_of(Role::Manager, 8, false);
            desk.state_mut().flow.look = Some(everyone());
            desk.state_mut().flow.signed_in.by = by;
            desk.state_mut().flow.step = Step::FreshCode(change.clone(), None);
            desk.run();
            assert!(sees(&desk, asked), "{by:?} {change:?}");
            assert!(!sees(&desk, "your phone shows") && !sees(&desk, "code of a phone"), "{by:?} {change:?}");
        }
    }
}

/// Four people share this desk: whatever is on the screen, it says whose session it is.
#[test]
fn every_page_says_who_is_signed_in() {
    for (name, step) in every_step() {
        for size in [(1100.0, 720.0), (683.0, 384.0)] {
            let mut desk = desk_of(Role::Manager, 8, false);
            desk.set_size(size.into());
            desk.run();
            let says = |desk: &Harness<'_, Desk>| {
                let nodes = desk.query_all_by_label_contains("Maria Santos is signed in");
                nodes.chain(desk.query_all_by_label_contains("You're in, Maria")).any(|node| node.rect().top() >= 0.0)
            };
            desk.state_mut().flow.look = Some(everyone());
            desk.state_mut().flow.step = match &step {
                Step::Slip(..) | Step::Codes(_) | Step::ClinicKey(_) | Step::Phone(_) => {
                    every_step().into_iter().find(|(other, _)| *other == name).unwrap().1
                }
                Step::At(page, _) => Step::At(*page, None),
                Step::BadName(mishap) => Step::BadName(mishap.clone()),
                Step::Log(view) => Step::Log(view.clone()),
                Step::Backups(view) => Step::Backups(view.clone()),
                Step::Plan(file, plan) => Step::Plan(file.clone(), plan.clone()),
                Step::FreshCode(change, mishap) => Step::FreshCode(change.clone(), mishap.clone()),
                Step::Preparing(change) => Step::Preparing(change.clone()),
                Step::NewPassword(mishap) => Step::NewPassword(mishap.clone()),
                Step::Removed(removal) => Step::Removed(removal.clone()),
            };
            desk.run_steps(4);
            assert!(says(&desk), "{name} at {size:?}: {:?}", desk.root());
        }
    }
}

const YAMADA: &str = "山田太郎";
const SATO: &str = "佐藤花子";

/// The people page of a clinic with names that our fonts cannot show.
fn abroad() -> Harness<'static, Desk> {
    let mut desk = desk_of(Role::Manager, 8, false);
    let mut look = everyone();
    let ben = look.people.remove(0);
    for (id, name) in [("shantaitailang", YAMADA), ("zuotenghuazi", SATO)] {
        look.people.insert(0, PersonLook { id: id.to_owned(), name: name.to_owned(), ..ben.clone() });
    }
    desk.state_mut().flow.look = Some(look);
    desk.run();
    desk
}

fn shows_boxes(desk: &Harness<'_, Desk>) -> bool {
    sees(desk, YAMADA) || sees(desk, SATO)
}

#[test]
fn two_names_that_the_fonts_cannot_show_are_told_apart_by_their_ids() {
    let mut desk = abroad();
    let steps = [
        Step::At(Page::People, None),
        Step::At(Page::People, Some(Change::DayPass("zuotenghuazi".to_owned()))),
        Step::At(Page::People, Some(Change::Add { name: SATO.to_owned(), role: Role::Staff })),
        Step::FreshCode(Change::Reset("zuotenghuazi".to_owned()), None),
        Step::FreshCode(Change::Add { name: SATO.to_owned(), role: Role::Staff }, None),
        Step::Slip(
            Change::Add { name: SATO.to_owned(), role: Role::Staff },
            ActivationSlip { person: "zuotenghuazi".to_owned(), code: "ABCD-EFGH-JKMN-PQRS".into() },
        ),
        Step::Removed(Box::new(Removal { name: SATO.to_owned(), person: "zuotenghuazi".to_owned(), ..removal() })),
    ];
    for (number, step) in steps.into_iter().enumerate() {
        desk.state_mut().flow.step = step;
        desk.run();
        assert!(sees(&desk, "zuotenghuazi"), "step {number}: {:?}", desk.root());
        assert!(!shows_boxes(&desk), "step {number}: {:?}", desk.root());
    }
    desk.state_mut().flow.step = Step::At(Page::People, None);
    desk.run();
    assert!(sees(&desk, "shantaitailang"));
    desk.get_by_label_contains("zuotenghuazi").click();
    desk.run();
    assert!(sees(&desk, "zuotenghuazi") && !shows_boxes(&desk));
    desk.get_by_label("Remove").click();
    desk.run();
    assert!(sees(&desk, "Remove zuotenghuazi?") && !shows_boxes(&desk));
}

#[test]
fn what_happened_and_the_log_tell_them_apart_too() {
    let mut desk = abroad();
    desk.state_mut().flow.happenings = vec![Happening {
        event: "person-reset".to_owned(),
        result: "done".to_owned(),
        person: "zuotenghuazi".to_owned(),
        person_name: SATO.to_owned(),
        actor: "shantaitailang".to_owned(),
        actor_name: YAMADA.to_owned(),
        times: 1,
        unix_secs: 1_772_442_000,
    }];
    desk.run();
    assert!(sees(&desk, "zuotenghuazi was set up again") && sees(&desk, "By shantaitailang") && !shows_boxes(&desk));
    let entries = vec![log::entry(1, "person-reset", "zuotenghuazi", "shantaitailang")];
    desk.state_mut().flow.step = Step::Log(LogView { entries, ..LogView::default() });
    desk.run();
    assert!(sees(&desk, "zuotenghuazi · by shantaitailang") && !shows_boxes(&desk), "{:?}", desk.root());
}

/// One who can bring others back counts; one who never began does not.
#[test]
fn a_second_manager_is_advised_until_there_is_one_who_signs_in() {
    for (stage, advised) in [
        (Some(PersonStage::Pending), true),
        (Some(PersonStage::Reset), true),
        (None, true),
        (Some(PersonStage::Active), false),
    ] {
        let mut desk = people_page();
        let look = desk.state_mut().flow.look.as_mut().unwrap();
        (look.people[0].role, look.people[0].stage) = (Role::Manager, stage);
        desk.run();
        assert_eq!(sees(&desk, "There is only one manager."), advised, "{stage:?}");
    }
}

/// In a clinic of five hundred only what is in sight is laid out, and one is found by name or id, however it is typed.
#[test]
fn one_of_five_hundred_is_found_on_the_people_page() {
    let mut desk = many(500);
    let rows = |desk: &Harness<'_, Desk>| desk.query_all_by_label_contains("Person Nümber").count();
    assert!((2..30).contains(&rows(&desk)), "{} rows laid out", rows(&desk));
    let find = |desk: &mut Harness<'_, Desk>, text: &str| {
        desk.state_mut().fields.pages.search = text.to_owned();
        desk.run();
    };
    for typed in ["nümber497", "NÜMBER497", "p497"] {
        find(&mut desk, typed);
        assert_eq!(rows(&desk), 1, "{typed}");
        assert!(sees(&desk, "Person Nümber497"), "{typed}");
    }
    find(&mut desk, "nobody");
    assert_eq!(rows(&desk), 0);
}

pub(super) fn many(count: usize) -> Harness<'static, Desk> {
    let mut desk = desk_of(Role::Manager, 8, false);
    let mut look = everyone();
    let ben = look.people.remove(0);
    look.people.extend((0..count).map(|n| PersonLook {
        id: format!("p{n:03}"),
        name: format!("Person Nümber{n:03}"),
        ..ben.clone()
    }));
    desk.state_mut().flow.look = Some(look);
    desk.state_mut().flow.step = Step::At(Page::People, None);
    desk.run();
    desk
}

/// Told as anything that fails is: nobody is signed in any more, say, because another window reset this manager.
#[test]
fn a_session_that_is_over_says_so_before_a_reset() {
    let mut desk = about_to_reset();
    let state = desk.state_mut();
    let act = Act::GiveBoth { password: "kettle".into(), code: "384688".into() };
    let orders = state.flow.act(act, &mut state.tickets);
    let (ticket, _) = orders.into_iter().next().unwrap();
    let over = Failure::Store(crate::ports::StoreError::SessionOver);
    state.flow.answer((ticket, Err(over)), &state.clock.now(), &mut state.tickets);
    desk.run();
    assert!(matches!(&desk.state().flow.step, Step::FreshCode(_, Some(Mishap::Failure(_)))));
}
