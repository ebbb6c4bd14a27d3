use super::*;

const START: u64 = 10_000;
const AFTER: Duration = Duration::from_secs(300);
const LONGEST: Duration = Duration::from_secs(12 * 3600);

fn at(secs: u64, idle: u64) -> Reading {
    let boot = BootTime { boot_id: "run".to_owned(), since_start: Duration::from_secs(START + secs) };
    let unix_secs = 1_772_442_000 + i64::try_from(secs).unwrap();
    Reading {
        now: Now { unix_secs, day_ends_unix: unix_secs + 1000, boot },
        asleep: Duration::ZERO,
        idle: Duration::from_secs(idle),
    }
}

fn guard() -> Guard {
    let first = at(0, 0);
    Guard::new(&first.now.boot, LONGEST, AFTER, &first)
}

fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

#[test]
fn it_locks_after_the_set_time_and_says_so_half_a_minute_before() {
    let second = secs(1);
    for (idle, wanted) in [
        (0, Finding::Present(secs(10))),
        (262, Finding::Present(secs(8))),
        (269, Finding::Present(second)),
        (270, Finding::Leaving { left: secs(30), again: second }),
        (273, Finding::Leaving { left: secs(27), again: second }),
        (299, Finding::Leaving { left: second, again: second }),
        (300, Finding::Lock(Why::Idle)),
        (90_000, Finding::Lock(Why::Idle)),
    ] {
        assert_eq!(guard().judge(&at(400, idle)), wanted, "{idle}");
    }
    // Any input ends the warning, because the desktop counts anew.
    assert_eq!(guard().judge(&at(401, 0)), Finding::Present(secs(10)));
}

/// C60: the wall clock set back an hour neither keeps the desk open nor makes an idle time negative.
#[test]
fn c60_a_wall_clock_put_back_locks_and_an_idle_time_is_not_a_difference_of_wall_clocks() {
    let mut back = at(30, 30);
    back.now.unix_secs -= 3600;
    assert_eq!(guard().judge(&back), Finding::Lock(Why::ClockJumped));
    let mut forward = at(30, 30);
    forward.now.unix_secs += 3600;
    assert_eq!(guard().judge(&forward), Finding::Lock(Why::ClockJumped));
    // A time server's correction is no reason to lock.
    let mut corrected = at(30, 30);
    corrected.now.unix_secs -= 40;
    assert_eq!(guard().judge(&corrected), Finding::Present(secs(10)));
    corrected.now.unix_secs += 270;
    corrected.now.boot.since_start += secs(270);
    corrected.idle = AFTER;
    assert_eq!(guard().judge(&corrected), Finding::Lock(Why::Idle), "after five real minutes");
}

/// C60: ten minutes of sleep are not five minutes of idleness: locked at once after waking.
#[test]
fn c60_a_sleep_locks_at_once_after_waking() {
    let mut woken = at(600, 0);
    woken.asleep = secs(600);
    assert_eq!(guard().judge(&woken), Finding::Lock(Why::Sleep));
    let mut read_twice = at(600, 0);
    read_twice.asleep = Duration::from_millis(3);
    assert_eq!(guard().judge(&read_twice), Finding::Present(secs(10)));
}

#[test]
fn half_a_day_after_password_and_code_it_locks() {
    let twelve = 12 * 3600;
    assert_eq!(guard().judge(&at(twelve - 4, 0)), Finding::Present(secs(4)));
    assert_eq!(guard().judge(&at(twelve, 0)), Finding::Lock(Why::TooLong));
    // Coming back does not begin the half day anew.
    let first = at(0, 0);
    let later = Guard::new(&first.now.boot, LONGEST, AFTER, &at(11 * 3600, 0));
    assert_eq!(later.judge(&at(twelve, 0)), Finding::Lock(Why::TooLong));
}

#[test]
fn leave_is_one_persons_for_an_hour_in_one_run_and_within_the_half_day() {
    let boot = |secs| at(secs, 0).now.boot;
    let leave = Leave::after_lock("maria", &boot(0), LONGEST, &boot(100)).unwrap();
    assert!(leave.is_good("maria", &boot(100)) && leave.is_good("maria", &boot(100 + 3599)));
    assert!(!leave.is_good("maria", &boot(100 + 3600)) && !leave.is_good("ben", &boot(101)));
    assert!(!leave.is_good("maria", &boot(99)), "an earlier reading is another run");
    let other = BootTime { boot_id: "next run".to_owned(), ..boot(200) };
    assert!(!leave.is_good("maria", &other));
    // Eleven and a half hours after password and code, half an hour is left.
    let half = 12 * 3600 - 1800;
    let late = Leave::after_lock("maria", &boot(0), LONGEST, &boot(half)).unwrap();
    assert!(late.is_good("maria", &boot(half + 1799)) && !late.is_good("maria", &boot(half + 1800)));
    assert_eq!(Leave::after_lock("maria", &boot(0), LONGEST, &boot(12 * 3600)), None);
    assert_eq!(Leave::after_lock("maria", &other, LONGEST, &boot(300)), None);
}

#[test]
fn words_of_a_newer_program_are_the_stricter_choice() {
    assert_eq!(AfterLock::from("fingerprint".to_owned()), AfterLock::PasswordAndCode);
    assert_eq!(LockScreen::from("hologram".to_owned()), LockScreen::Curtain);
    for choice in [AfterLock::Password, AfterLock::PasswordAndCode] {
        assert_eq!(AfterLock::from(String::from(choice)), choice);
    }
    for choice in [LockScreen::Curtain, LockScreen::Window] {
        assert_eq!(LockScreen::from(String::from(choice)), choice);
    }
}
