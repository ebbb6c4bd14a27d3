//! For managers: the log, by person, kind and time, a page at a time.

use super::*;
use crate::domain::audit::Entry;
use crate::domain::canon::Tag;
use crate::flows::session::LOG_PAGE;
use crate::ports::{EntryFilter, Results};

const WHO: &str = "Whom it is about";
const WHAT: &str = "What happened";
const WHEN: &str = "From when on";

pub(super) fn entry(number: i64, event: &str, person: &str, actor: &str) -> Entry {
    Entry {
        number,
        unix_secs: 1_772_442_000,
        event: event.to_owned(),
        person: person.to_owned(),
        actor: actor.to_owned(),
        desk: "front-desk".to_owned(),
        factor: String::new(),
        result: "done".to_owned(),
        tag: Tag::default(),
    }
}

/// A manager opened it; who has left is known, and the first page is there.
fn log_page(entries: Vec<Entry>) -> Harness<'static, Desk> {
    let mut desk = desk_of(Role::Manager, 8, false);
    desk.state_mut().flow.look = Some(everyone());
    desk.run();
    desk.get_by_label_contains("Log.").click();
    desk.run();
    let orders = std::mem::take(&mut desk.state_mut().orders);
    let (mut removals, mut page) = (None, None);
    for (ticket, request) in orders {
        let Request::Entries(filter) = request else { panic!("{request:?}") };
        if filter.event.is_none() {
            page = Some(ticket);
            continue;
        }
        assert_eq!(filter.event.as_deref(), Some("person-removed"));
        assert_eq!(filter.results, Results::Only(&["done"]), "whoever was only tried to be removed is there");
        removals = Some(ticket);
    }
    let left = vec![entry(7, "person-removed", "cpark", "msantos"), entry(9, "person-removed", "bjones", "msantos")];
    for (ticket, entries) in [(removals.unwrap(), left), (page.unwrap(), entries)] {
        let state = desk.state_mut();
        state.flow.answer((ticket, Ok(Answer::Entries(entries))), &state.clock.now(), &mut state.tickets);
    }
    desk.run();
    desk
}

/// The one filter that was asked for.
fn asked(desk: &Harness<'_, Desk>) -> EntryFilter {
    let [(_, Request::Entries(filter))] = desk.state().orders.as_slice() else { panic!("one page") };
    filter.clone()
}

/// Opens the list of this name, and chooses.
fn chooses(desk: &mut Harness<'_, Desk>, list: &str, choice: &str) {
    desk.get_by_label(list).click();
    desk.run();
    if list == WHAT {
        // It stands below what the list shows.
        desk.get_by_label(choice).click_accesskit();
        desk.run();
        desk.key_press(Key::Escape);
    } else {
        desk.get_by_label(choice).click();
    }
    desk.run();
}

#[test]
fn it_is_filtered_by_person_leavers_too_by_kind_and_by_time() {
    let mut desk = log_page(vec![entry(1, "sign-in", "bjones", "bjones")]);
    chooses(&mut desk, WHO, "cpark (has left)");
    assert_eq!(asked(&desk).person.as_deref(), Some("cpark"));
    is_told(&mut desk, Answer::Entries(Vec::new()));
    assert!(sees(&desk, "There is nothing here."));
    desk.get_by_label(WHO).click();
    desk.run();
    assert!(sees(&desk, "cpark (has left)") && sees(&desk, "Ben Jones"), "{:?}", desk.root());
    assert!(!sees(&desk, "bjones (has left)"), "who came back is there once, by name");
    desk.key_press(Key::Escape);
    desk.run();
    assert!(matches!(desk.state().flow.step, Step::Log(_)), "Esc closes the list alone");
    chooses(&mut desk, WHAT, "Was removed");
    let filter = asked(&desk);
    assert_eq!((filter.person.as_deref(), filter.event.as_deref()), (Some("cpark"), Some("person-removed")));
    is_told(&mut desk, Answer::Entries(Vec::new()));
    let ends = desk.state().clock.now().day_ends_unix;
    let days = 24 * 3600;
    for (choice, since) in [
        ("Today", Some(ends - days)),
        ("The last 7 days", Some(ends - 7 * days)),
        ("The last 30 days", Some(ends - 30 * days)),
        ("From the beginning", None),
    ] {
        chooses(&mut desk, WHEN, choice);
        let filter = asked(&desk);
        assert_eq!((filter.since_unix, filter.person.as_deref()), (since, Some("cpark")), "{choice}");
        is_told(&mut desk, Answer::Entries(Vec::new()));
    }
}

#[test]
fn older_and_newer_pages_keep_the_filter() {
    let page = |from: i64| (from..).take(LOG_PAGE).map(|n| entry(n, "sign-in", "bjones", "bjones")).collect::<Vec<_>>();
    let mut desk = log_page(page(1001));
    chooses(&mut desk, WHEN, "The last 7 days");
    let since = asked(&desk).since_unix;
    assert!(since.is_some());
    is_told(&mut desk, Answer::Entries(page(1001)));
    let press = |desk: &mut Harness<'_, Desk>, label: &str| {
        desk.get_by_label(label).click();
        desk.run();
    };
    press(&mut desk, "Newer");
    assert!(desk.state().orders.is_empty(), "there is nothing newer");
    for before in [1001, 801] {
        press(&mut desk, "Older");
        let filter = asked(&desk);
        assert_eq!((filter.before, filter.since_unix), (Some(before), since));
        is_told(&mut desk, Answer::Entries(page(before - 200)));
    }
    for before in [Some(1001), None] {
        press(&mut desk, "Newer");
        let filter = asked(&desk);
        assert_eq!((filter.before, filter.since_unix), (before, since));
        is_told(&mut desk, Answer::Entries(page(before.unwrap_or(1201) - 200)));
    }
    press(&mut desk, "Older");
    // Another filter begins at the newest.
    is_told(&mut desk, Answer::Entries(page(801)));
    chooses(&mut desk, WHEN, "Today");
    assert_eq!(asked(&desk).before, None);
    is_told(&mut desk, Answer::Entries(vec![entry(1200, "sign-in", "bjones", "bjones")]));
    press(&mut desk, "Older");
    press(&mut desk, "Newer");
    assert!(desk.state().orders.is_empty(), "one page, not full: neither leads anywhere");
}
