//! At which points: every one, and a thousand at random.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use crate::runner::Case;
use crate::stories::{self, STORIES, Story};
use crate::world::{End, World};

const HOW: [&str; 5] = ["before", "torn", "after", "eio", "enospc"];
/// Processes killed at random points before their end, over all stories.
const DEATHS: u32 = 1_000;
/// How many may be started for them: some are through before they are killed.
const MOST_STARTED: u32 = 3 * DEATHS;
/// Side by side.
const PARTS: u32 = 4;
/// A story that changes more files than this has gone wrong.
const MOST_CALLS: u32 = 2_000;

/// The small library, built once.
pub(crate) fn trip() -> PathBuf {
    static BUILT: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_folder, library) = BUILT.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let library = folder.path().join("trip.so");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/process/trip.c");
        let built =
            Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source).arg("-ldl").status();
        assert!(built.expect("the C compiler that the program itself is built with").success(), "trip.c");
        (folder, library)
    });
    library.clone()
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for how in HOW {
        cases.push(Case::new(format!("set_up_is_whole_whatever_call_meets_{how}"), move || every_call_of_set_up(how)));
        for story in STORIES {
            let name = format!("{}_is_before_or_after_whatever_call_meets_{how}", story.name());
            cases.push(Case::new(name, move || every_call(story, how)));
        }
    }
    for part in 0..PARTS {
        cases.push(Case::new(format!("a_thousand_killed_at_random_part_{}", part + 1), move || deaths(part)));
    }
    cases
}

/// The points at which a story is met. A kill after a call leaves the files as a kill before the next one does: in the
/// longest stories it is tried at every fourth.
fn points(how: &str, is_long: bool, mut is_met: impl FnMut(u32) -> bool) -> u32 {
    let apart = if is_long && how == "after" { 4 } else { 1 };
    let calls = (0..MOST_CALLS / apart).find(|&point| !is_met(point * apart));
    calls.expect("a story has an end")
}

fn every_call_of_set_up(how: &'static str) {
    let is_met = |call| stories::set_up(&mut World::new(&trip()), End::At { call, how }).met;
    let calls = points(how, true, is_met);
    assert!(calls > 20, "only {calls} calls were met");
    println!("set-up, {how}: {calls} points");
}

fn every_call(story: Story, how: &'static str) {
    let mut world = World::set_up(&trip());
    let is_met = |call| story.is_interrupted(&mut world, End::At { call, how }).met;
    let calls = points(how, story.is_long(), is_met);
    assert!(calls > 5, "only {calls} calls were met");
    println!("{}, {how}: {calls} points", story.name());
}

/// A quarter of the thousand: the stories in turn, each killed somewhere within the time that it takes, until so many have
/// really died.
fn deaths(part: u32) {
    let mut world = World::set_up(&trip());
    let mut random = u64::from(part) + 1;
    let mut lives = [Duration::ZERO; STORIES.len() + 1];
    let (mut died, mut started) = (0, 0);
    while died < DEATHS / PARTS {
        assert!(started < MOST_STARTED / PARTS, "only {died} of {started} died before their end");
        // xorshift (Marsaglia 2003): spread over the life, and the same choice in every run
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let story = STORIES.get(started as usize % lives.len());
        let life = &mut lives[started as usize % lives.len()];
        // One in ten lives to its end, which tells how long a life is.
        let end = if life.is_zero() || started % 10 == 0 {
            End::Itself
        } else {
            End::After(life.mul_f64((random % 1_000) as f64 / 1_000.0))
        };
        let told = match story {
            Some(story) => story.is_interrupted(&mut world, end),
            None => stories::set_up(&mut World::new(&trip()), end),
        };
        match end {
            End::Itself => *life = told.lived,
            End::After(_) | End::At { .. } => died += u32::from(told.killed && !told.says("end")),
        }
        started += 1;
    }
    println!("part {}: {died} of {started} died before their end", part + 1);
}
