//! For tests: what a frame costs, as processor time of the thread that draws it, tessellation included. Another program that
//! keeps the machine busy changes nothing about it. Tests are built without optimisation.

use std::time::Duration;

use eframe::egui::{Event, Modifiers, MouseWheelSource, MouseWheelUnit, TouchPhase, pos2, vec2};
use egui_kittest::Harness;
use rustix::time::{ClockId, clock_gettime};

/// One frame.
pub(crate) fn frame<S>(window: &mut Harness<'_, S>) -> Duration {
    let before = thread_time();
    window.step();
    let output = window.output();
    window.ctx.tessellate(output.shapes.clone(), output.pixels_per_point);
    thread_time() - before
}

/// The slowest frame while somebody turns the wheel over the middle of the page, all the way down and back.
pub(crate) fn slowest_of_scrolling<S>(window: &mut Harness<'_, S>) -> Duration {
    window.event(Event::PointerMoved(pos2(550.0, 500.0)));
    let mut slowest = Duration::ZERO;
    for number in 0..120 {
        let down = if number < 60 { -1500.0 } else { 1500.0 };
        window.event(Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: vec2(0.0, down),
            modifiers: Modifiers::NONE,
            phase: TouchPhase::Move,
            source: MouseWheelSource::Unknown,
        });
        slowest = slowest.max(frame(window));
    }
    slowest
}

/// What five hundred may cost where a dozen cost so much, on a computer of any speed: all of them laid out cost twelve times
/// as much.
pub(crate) fn no_more_than(a_dozen: Duration) -> Duration {
    3 * a_dozen + Duration::from_millis(5)
}

fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(u64::try_from(time.tv_sec).unwrap(), u32::try_from(time.tv_nsec).unwrap())
}
