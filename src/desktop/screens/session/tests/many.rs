//! Five hundred people: a frame of a list of them costs no more than one of a dozen.
//!
//! What a frame takes is the processor time of the thread that draws it, tessellation included, without optimisation: as in
//! the tests of the lock screen under abuse.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use super::*;

/// The most that one may take here, as there; with optimisation it is far less than the 16 ms between two pictures.
const LONGEST: Duration = Duration::from_millis(100);

fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap(), u32::try_from(time.tv_nsec).unwrap())
}

/// The slowest of the frames in which somebody scrolls through the page and back, and types.
fn slowest(count: usize) -> Duration {
    let mut desk = people::many(count);
    desk.run();
    let mut slowest = Duration::ZERO;
    let mut frame = |desk: &mut Harness<'_, Desk>| {
        let before = thread_time();
        desk.step();
        let output = desk.output();
        desk.ctx.tessellate(output.shapes.clone(), output.pixels_per_point);
        slowest = slowest.max(thread_time() - before);
    };
    let middle = eframe::egui::pos2(550.0, 500.0);
    desk.event(Event::PointerMoved(middle));
    for number in 0..120 {
        let down = if number < 60 { -900.0 } else { 900.0 };
        desk.event(Event::MouseWheel {
            unit: eframe::egui::MouseWheelUnit::Point,
            delta: eframe::egui::vec2(0.0, down),
            modifiers: Modifiers::NONE,
            phase: eframe::egui::TouchPhase::Move,
        });
        frame(&mut desk);
    }
    for letter in ["", "n", "nu", "number4", "number49", "number497"] {
        letter.clone_into(&mut desk.state_mut().fields.pages.search);
        frame(&mut desk);
        frame(&mut desk);
    }
    slowest
}

#[test]
fn five_hundred_people_cost_a_frame_no_more_than_a_dozen() {
    let (few, many) = (slowest(12), slowest(500));
    eprintln!("slowest frame of the people page: {few:?} with 12 people, {many:?} with 500");
    assert!(many < LONGEST, "{many:?} with 500 people");
}
