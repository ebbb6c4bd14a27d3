//! Five hundred people: a frame of the page of people costs about what it does with a dozen.

use std::time::Duration;

use super::*;
use crate::desktop::tests::frame_cost::{frame, no_more_than, slowest_of_scrolling};

/// The slowest of the frames in which somebody scrolls to the end and back, and types.
fn slowest(count: usize) -> Duration {
    let mut desk = people::many(count);
    desk.run();
    let mut slowest = slowest_of_scrolling(&mut desk);
    for typed in ["", "n", "nu", "number4", "number49", "number497"] {
        typed.clone_into(&mut desk.state_mut().fields.pages.search);
        slowest = slowest.max(frame(&mut desk)).max(frame(&mut desk));
    }
    slowest
}

#[test]
fn five_hundred_people_cost_the_people_page_no_more_than_a_frame() {
    let (few, many) = (slowest(12), slowest(500));
    eprintln!("slowest frame of the people page: {few:?} with 12 people, {many:?} with 500");
    assert!(many < no_more_than(few), "{many:?} with 500 people, {few:?} with 12");
}
