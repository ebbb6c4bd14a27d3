//! Two-factor sign-in in front of a clinic's practice-management database.
//!
//! The window (`clinic2fa`) and the command line (`clinic2factl`) are thin; everything they do is in this library.
//!
//! # The map
//!
//! ```text
//!            acts                        orders (tickets)
//!  desktop ───────▶ flows::*.act (pure) ───────────────▶ worker ──▶ effects::Desk ──▶ ports
//!   screens ◀────── &flow                                  │                            │
//!     ▲     draws    ▲                                     │         one transaction:  adapters:
//!     │              └──── flows::*.answer ◀── replies ────┘         load ▸ verify tags  sqlite
//!  strings ◀─ explain (every failure: what happened, what to do)     ▸ judge (pure)      keychain
//!                                                                    ▸ commit            clock …
//!  cli ── the same Desk, without a thread ─────────────────────────▶ then raise the keychain's epoch, then speak
//! ```
//!
//! | module | what it is | what it never does |
//! |---|---|---|
//! | [`domain`] | what two-factor sign-in means: codes, keys, waits, judgements, the log | read a clock, a file, a generator |
//! | [`flows`] | conversations with a person, as state machines | reach outside: they hand back orders |
//! | [`effects`] | the desk: the only caller of ports, in the order that makes an attempt safe | talk to a person |
//! | [`ports`] | what is asked of the outside, with small error enums | name who does it |
//! | [`adapters`] | the real things behind ports; `wire` alone chooses them | decide anything about people |
//! | [`worker`] | the thread that owns the desk | make a frame wait |
//! | [`explain`] | every failure in two sentences | invent a reason |
//! | [`strings`] | every sentence, by language | panic over a missing one |
//! | [`config`] | the window's arguments, and what it remembers between starts | hold a secret |
//! | [`journal`] | the support log's lines: fixed words, numbers, places in our source | take a text that somebody typed |
//! | [`embed`] | a sign-in for programs that ask by themselves | start or show anything |
//! | [`cli`] | the command line's contract | take a secret as an argument |
//! | `desktop` | the window: screens draw a flow and return what was asked for | decide, or wait |
//!
//! # An attempt
//!
//! Argon2id runs before any lock is taken. Then, under one lock between processes: the clocks are read (a reading from before
//! would be older than what others have stored meanwhile, and end their waits); the keychain's epoch is read and
//! compared with the file's (an older file is an old copy put back); one immediate transaction loads the clinic and
//! the person, verifies their tags, judges, and writes outcome, log entry and epoch + 1; the keychain's epoch is raised
//! to it; and only then is the verdict told and the DEK handed out. A kill at any moment costs the attacker the try or
//! tells nothing.
//!
//! # A backup
//!
//! Copied by SQLite under one read lock on a thread of its own, read back, flushed, then named. Restored by laying it and the
//! present state side by side (`domain::restore`): the later one that is proved is the reference, the other may only take away.
//! The outcome goes into the present file in one transaction; where that cannot be read, the copy takes its place.
//!
//! # What a sign-in opens
//!
//! [`effects::Desk::start_practice`] opens the database key with the DEK and hands it to one program, through
//! [`ports::Programs`]: start, does it run, close politely, close firmly. For a PostgreSQL server the key is the
//! administrative login's, and the program gets a login of the desk's own ([`ports::Logins`]); encrypted files are
//! [`ports::CipherFiles`]. The worker's thread calls [`effects::Desk::tick`] once a second while a program runs, and
//! every ten seconds while somebody is signed in, to see what was changed elsewhere; what that finds is [`effects::News`]. [`effects::Desk::lock_because`] takes all of it away again.
//!
//! # Leaving
//!
//! While somebody is signed in, or being set up, a thread of its own ([`effects::Watcher`]) reads the clocks and asks [`ports::Presence`] how long
//! nobody has touched anything; signs of the system (its lock screen, sleep, another user, screens that come and go) wake the
//! window at once. `domain::presence` judges, `flows::presence` locks. With [`effects::News`] these are the only ways in which
//! something that nobody asked for reaches a flow. `desktop::curtain` covers the screens of a desk that was left; what
//! [`effects::Desk`] keeps meanwhile is who may come back with the password alone, and until when.
//!
//! # What a change touches
//!
//! A language: a folder in `assets/i18n` and a line in `strings::languages`. Another store: one adapter that passes the
//! store's contract, and an arm in `adapters::wire`. Another factor: a domain file, a variant of
//! [`domain::verify::Presented`], and the arms that the compiler lists.

pub mod adapters;
pub mod cli;
pub mod config;
#[cfg(feature = "desktop")]
pub mod desktop;
pub mod domain;
pub mod effects;
pub mod embed;
pub mod explain;
pub mod flows;
pub mod journal;
pub mod ports;
pub mod strings;
pub mod worker;
