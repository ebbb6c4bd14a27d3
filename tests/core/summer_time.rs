//! C25: the days on which clocks are put forward and back, in Berlin.

use std::time::Duration;

use clinic2fa::domain::secret::SecretText;
use clinic2fa::domain::verify::{Consequence, Presented, Verdict, WaitReason};
use clinic2fa::effects::{Failure, Managed, Purpose};
use clinic2fa::ports::{EntryFilter, StoreError};

use super::clinic::{Clinic, LOCK, STEP, is_in, verdict};
use super::people::{BEN, BENS, maria_is_about_to_change, with_ben};

/// Since 1996: on the last Sunday of March from 02:00 to 03:00, on the last of October from 03:00 to 02:00.
const BERLIN: &str = "CET-1CEST,M3.5.0,M10.5.0/3";
/// Sunday 29 March 2026, 01:00 UTC: 02:00 becomes 03:00.
const FORWARD: i64 = 1_774_746_000;
/// Sunday 25 October 2026, 01:00 UTC: 03:00 becomes 02:00.
const BACK: i64 = 1_792_890_000;
const HOUR: i64 = 3600;

/// Until that moment, on every clock.
fn waits_until(clinic: &Clinic, unix_secs: i64) {
    let left = unix_secs - clinic.office.now().unix_secs;
    clinic.waits(Duration::from_secs(u64::try_from(left).expect("still to come")));
}

#[test]
fn c25_a_day_pass_ends_at_local_midnight_on_a_day_of_23_and_of_25_hours() {
    // Midnight of that Sunday is 22:00 UTC in summer and 23:00 UTC in winter, the one before it the other way round.
    for (change, begins, ends) in [(FORWARD, -2 * HOUR, 21 * HOUR), (BACK, -3 * HOUR, 22 * HOUR)] {
        for given in [change + begins, change - 60, change, change + 12 * HOUR] {
            let (mut clinic, _) = with_ben();
            assert!(clinic.office.clock.lives_by(BERLIN), "a rule");
            // The code before the change takes a step.
            waits_until(&clinic, given - 30);
            maria_is_about_to_change(&mut clinic);
            assert_eq!(clinic.office.now().unix_secs, given);
            assert_eq!(clinic.office.now().day_ends_unix, change + ends, "{given}");
            assert_eq!(clinic.desk.managed(Managed::DayPass(BEN.to_owned())), Ok(()));
            clinic.desk.lock();
            let password = SecretText::from(BENS);
            let by_pass = |clinic: &mut Clinic| clinic.desk.sign_in(BEN, &password, &Presented::DayPass, Purpose::Work);
            waits_until(&clinic, change + ends - 1);
            assert!(is_in(&by_pass(&mut clinic)), "{given}: a second before midnight");
            clinic.desk.lock();
            clinic.waits(Duration::from_secs(1));
            assert_eq!(by_pass(&mut clinic), Err(Failure::Store(StoreError::NoDayPass)), "{given}: midnight");
        }
    }
}

#[test]
fn c25_a_lock_and_a_code_know_nothing_of_the_change_of_clocks() {
    for change in [FORWARD, BACK] {
        let mut clinic = Clinic::oak_tree();
        assert!(clinic.office.clock.lives_by(BERLIN), "a rule");
        // The tenth wrong code at 01:59 there (02:59 in October), a second a code.
        waits_until(&clinic, change - 70);
        let then = clinic.wrong_codes(10);
        assert!(matches!(then, Verdict::WrongCode { then: Consequence::Locked(LOCK), .. }), "{then:?}");
        let began = clinic.office.now().unix_secs;
        assert_eq!(began, change - 60);
        for after in [-1, 0, 1, 600] {
            waits_until(&clinic, change + after);
            let told = verdict(clinic.maria_signs_in());
            let left = LOCK - Duration::from_secs(u64::try_from(change + after - began).unwrap());
            assert_eq!(told, Verdict::Wait { left, reason: WaitReason::Codes }, "{after}");
        }
        waits_until(&clinic, began + 900);
        assert!(is_in(&clinic.maria_signs_in()));
        clinic.waits(STEP);
        // The log's times go on, second by second.
        let mut times: Vec<(i64, i64)> = clinic
            .desk
            .entries(&EntryFilter::default())
            .unwrap()
            .into_iter()
            .map(|entry| (entry.number, entry.unix_secs))
            .collect();
        times.sort_unstable();
        assert!(times.is_sorted_by_key(|(_, unix_secs)| *unix_secs), "{times:?}");
        assert!(clinic.log_from(0).iter().all(|(event, _)| event != "clock-jump"));
    }
}
