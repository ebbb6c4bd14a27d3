//! Typing on the tiles finds one, however many there are.

use super::*;
use crate::desktop::tests::frame_cost::{frame, no_more_than, slowest_of_scrolling};

fn clinic(count: usize) -> Harness<'static, Desk> {
    desk((0..count).map(|n| person(&format!("p{n:03}"), &format!("Person Number{n:03}"))).collect())
}

/// Tab, until a tile has the focus.
fn goes_to_a_tile(desk: &mut Harness<'_, Desk>) {
    for _ in 0..20 {
        let focused = desk.query_all_by_label_contains("Person Number").any(|node| node.is_focused());
        if focused {
            return;
        }
        desk.key_press(Key::Tab);
        desk.run();
    }
    panic!("no tile gets the focus: {:?}", desk.root());
}

#[test]
fn on_the_page_of_tiles_typing_finds_one_of_any_number() {
    for count in [3, 12, 500] {
        let mut desk = clinic(count);
        // With more of them the tiles do not fit beside the fields. With fewer the page is not needed, and opened all the
        // same by who types at a tile.
        desk.state_mut().fields.open_people();
        desk.run();
        desk.types("number00");
        let found = desk.query_all_by_label_contains("Person Number").count();
        assert_eq!(found, count.min(10), "{count}");
        desk.types("2");
        desk.holds_enter(1);
        assert_eq!(desk.state().flow.chosen, "p002", "{count}");
        desk.types("kettle");
        assert_eq!(desk.state().fields.password.expose(), "kettle", "{count}: back to the password");
    }
}

#[test]
fn typing_while_a_tile_has_the_focus_finds_another() {
    for (typed, chosen) in [("number002", "p002"), ("p001", "p001"), ("PERSON NUMBER001", "p001")] {
        let mut desk = clinic(3);
        goes_to_a_tile(&mut desk);
        desk.types(typed);
        assert!(desk.sees("Find your name"), "{typed}: {:?}", desk.root());
        assert_eq!(desk.state().fields.find, typed, "every letter of it, in order");
        desk.holds_enter(1);
        assert_eq!(desk.state().flow.chosen, chosen, "{typed}");
    }
}

#[test]
fn what_is_typed_in_the_fields_stays_there() {
    let mut desk = clinic(3);
    desk.types("number002");
    assert_eq!(desk.state().fields.password.expose(), "number002");
    desk.key_press(Key::Tab);
    desk.run();
    assert!(!desk.sees("Find your name"));
    // Digits beside a password are the code's, also from a tile.
    goes_to_a_tile(&mut desk);
    desk.types("384");
    assert!(!desk.sees("Find your name"));
    assert_eq!(desk.state().fields.code.expose(), "384");
    // Space presses the tile, and opens nothing.
    goes_to_a_tile(&mut desk);
    desk.event(Event::Text(" ".to_owned()));
    desk.run();
    assert!(!desk.sees("Find your name"));
}

/// The slowest of the frames in which somebody scrolls through the tiles and back, and types.
fn slowest(count: usize) -> Duration {
    let mut desk = clinic(count);
    desk.state_mut().fields.open_people();
    desk.run();
    let mut slowest = slowest_of_scrolling(&mut desk);
    for letter in ["n", "u", "m", "b", "e", "r", "4", "9", "7"] {
        desk.event(Event::Text(letter.to_owned()));
        slowest = slowest.max(frame(&mut desk)).max(frame(&mut desk));
    }
    assert_eq!(desk.state().fields.find, "number497");
    slowest
}

#[test]
fn five_hundred_tiles_cost_no_more_than_a_frame() {
    let (few, many) = (slowest(12), slowest(500));
    eprintln!("slowest frame of the tiles: {few:?} with 12 people, {many:?} with 500");
    assert!(many < no_more_than(few), "{many:?} with 500 people, {few:?} with 12");
}
