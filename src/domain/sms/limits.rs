//! What a person has been texted, what of it is still good, and when the next one may be sent.
//!
//! All of it is stored: a restart, another window and another process begin nothing anew.

use std::time::Duration;

use crate::domain::canon::{Canon, tag};
use crate::domain::code::Code;
use crate::domain::keys::Key;
use crate::domain::moment::Moment;
use crate::domain::secret::SecretText;
use crate::domain::state::Clinic;
use crate::ports::Now;

/// How long a code is good. The text says so.
pub const LIFE: Duration = Duration::from_secs(5 * 60);
/// Wrong codes that one text bears.
pub const TRIES: u8 = 5;
/// What to wait after the first, the second and each further text within [`WINDOW`].
const WAITS: [Duration; 3] = [Duration::from_secs(30), Duration::from_secs(60), Duration::from_secs(120)];
/// At most so many texts to one person within [`WINDOW`].
const IN_A_WINDOW: usize = 5;
const WINDOW: Duration = Duration::from_secs(10 * 60);
/// At most so many texts to one person within [`DAY`].
const IN_A_DAY: usize = 10;
const DAY: Duration = Duration::from_secs(24 * 3600);

/// One request's code, as it is stored: everything but the digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextCode {
    /// Random; names the request.
    pub request: [u8; 16],
    /// The factor whose number it was sent to.
    pub factor: String,
    /// When it was made. A second text does not make it live longer.
    pub made: Moment,
    /// Whether it is still good.
    pub state: CodeState,
}

/// Whether a code is still good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeState {
    /// It is, for so many wrong tries.
    Live {
        /// 1 to [`TRIES`].
        tries_left: u8,
    },
    /// It let somebody in.
    Spent,
    /// The last try was wrong, here or in another process.
    Dead,
}

/// What a typed code comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texted {
    /// Right; it is spent now.
    Right,
    /// Wrong.
    Wrong {
        /// So many tries are left; at 0 the code is dead.
        tries_left: u8,
    },
    /// Right, but it let somebody in before.
    Used,
    /// Nothing is waiting for a code, so nothing was compared and nothing counts.
    Over,
}

/// Why no text may be sent now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextWait {
    /// One was sent just now.
    Resend(Duration),
    /// Five in ten minutes.
    Often(Duration),
    /// Ten in a day.
    Day(Duration),
    /// As many as the clinic sends in a day.
    ClinicDay(Duration),
    /// As many as the manager wants to pay for in a month.
    ClinicMonth,
}

impl TextWait {
    /// How long, where it is known.
    #[must_use]
    pub fn left(self) -> Option<Duration> {
        match self {
            TextWait::Resend(left) | TextWait::Often(left) | TextWait::Day(left) | TextWait::ClinicDay(left) => {
                Some(left)
            }
            TextWait::ClinicMonth => None,
        }
    }

    /// The result in the log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            TextWait::Resend(_) => "too-soon",
            TextWait::Often(_) => "too-often",
            TextWait::Day(_) => "day-limit",
            TextWait::ClinicDay(_) => "clinic-day-limit",
            TextWait::ClinicMonth => "clinic-month-limit",
        }
    }
}

/// A person's texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// The last request's code.
    pub code: Option<TextCode>,
    /// When texts were sent within the last day, oldest first.
    pub sent: Vec<Moment>,
}

impl Texts {
    /// Why the next text must wait.
    #[must_use]
    pub fn wait(&self, now: &Now) -> Option<TextWait> {
        let mut ages: Vec<Duration> = self.sent.iter().map(|sent| sent.age(now)).filter(|age| *age < DAY).collect();
        ages.sort_unstable();
        let left = |ages: &[Duration], most: usize, within: Duration| {
            let oldest_that_counts = ages.get(most.checked_sub(1)?)?;
            Some(within.saturating_sub(*oldest_that_counts)).filter(|left| !left.is_zero())
        };
        if let Some(left) = left(&ages, IN_A_DAY, DAY) {
            return Some(TextWait::Day(left));
        }
        if let Some(left) = left(&ages, IN_A_WINDOW, WINDOW) {
            return Some(TextWait::Often(left));
        }
        let recent = ages.iter().filter(|age| **age < WINDOW).count();
        let pause = WAITS.get(recent.checked_sub(1)?.min(WAITS.len() - 1))?;
        let left = pause.saturating_sub(*ages.first()?);
        (!left.is_zero()).then_some(TextWait::Resend(left))
    }

    /// Counts a text that is about to be sent: a kill between here and the gateway costs a text, never a limit.
    pub fn count(&mut self, now: &Now) {
        self.sent.retain(|sent| sent.age(now) < DAY);
        self.sent.push(Moment::of(now));
        let surplus = self.sent.len().saturating_sub(IN_A_DAY);
        self.sent.drain(..surplus);
    }

    /// With what another state of the same person has counted: nothing that was sent is forgotten.
    pub fn join(&mut self, other: &Self) {
        self.sent.extend(other.sent.iter().filter(|sent| !self.sent.contains(sent)).cloned().collect::<Vec<_>>());
        self.sent.sort_by_key(|sent| sent.unix_secs);
        let surplus = self.sent.len().saturating_sub(IN_A_DAY);
        self.sent.drain(..surplus);
    }

    /// The one that was counted then was certainly not sent. Every other one stays counted, also a later one: a service
    /// may be silent about the first for longer than about the second.
    pub fn give_back(&mut self, counted: &Moment) {
        if let Some(at) = self.sent.iter().rposition(|sent| sent.is_stored_as(counted)) {
            self.sent.remove(at);
        }
    }

    /// The live request of a factor, or a new one with this random name.
    pub fn request(&mut self, factor: &str, fresh: [u8; 16], now: &Now) -> [u8; 16] {
        if let Some(code) = &self.code
            && code.factor == factor
            && matches!(code.state, CodeState::Live { .. })
            && code.made.age(now) < LIFE
        {
            return code.request;
        }
        self.code = Some(TextCode {
            request: fresh,
            factor: factor.to_owned(),
            made: Moment::of(now),
            state: CodeState::Live { tries_left: TRIES },
        });
        fresh
    }

    /// How long the code that was sent last is still good.
    #[must_use]
    pub fn life_left(&self, now: &Now) -> Option<Duration> {
        let code = self.code.as_ref().filter(|code| matches!(code.state, CodeState::Live { .. }))?;
        Some(LIFE.saturating_sub(code.made.age(now))).filter(|left| !left.is_zero())
    }

    /// Judges a typed code of one factor.
    pub fn judge(&mut self, clinic: &Clinic, person: &str, factor: &str, dek: &Key, typed: &Code, now: &Now) -> Texted {
        let waiting = self.code.as_mut().filter(|code| code.factor == factor && code.made.age(now) < LIFE);
        let Some(code) = waiting else { return Texted::Over };
        let right = typed.is(digits(dek, &clinic.id, person, factor, &code.request).expose());
        match code.state {
            CodeState::Live { .. } if right => {
                code.state = CodeState::Spent;
                Texted::Right
            }
            CodeState::Live { tries_left } => {
                let tries_left = tries_left.saturating_sub(1);
                code.state = if tries_left == 0 { CodeState::Dead } else { CodeState::Live { tries_left } };
                Texted::Wrong { tries_left }
            }
            CodeState::Spent if right => Texted::Used,
            CodeState::Spent | CodeState::Dead => Texted::Over,
        }
    }

    pub(in crate::domain) fn fields(&self, canon: Canon) -> Canon {
        let canon = canon.maybe(self.code.as_ref(), |canon, code| {
            let state = match code.state {
                CodeState::Live { tries_left } => i64::from(tries_left),
                CodeState::Spent => -1,
                CodeState::Dead => -2,
            };
            code.made.fields(canon.bytes(&code.request).text(&code.factor)).int(state)
        });
        let canon = canon.int(self.sent.len() as u64);
        self.sent.iter().fold(canon, |canon, sent| sent.fields(canon))
    }
}

/// The six digits of a request: an HMAC under a key inside the DEK, bound to clinic, person, factor and request.
pub(in crate::domain) fn digits(dek: &Key, clinic: &str, person: &str, factor: &str, request: &[u8; 16]) -> SecretText {
    let key = Key::derive(&[dek.expose()], clinic.as_bytes(), "clinic2fa text code key 1");
    let bound = Canon::of("clinic2fa text code 1").text(person).text(factor).bytes(request).finish();
    let mac = tag(key.expose(), &bound);
    // 256 bits down to a million: no digit is likelier than another by more than one in 2^40.
    let number = mac.first_chunk::<8>().map_or(0, |bytes| u64::from_be_bytes(*bytes)) % 1_000_000;
    SecretText::new(format!("{number:06}"))
}

/// What the whole clinic has sent: a day and a month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextGauge {
    /// When this day's first text was sent; a day is 24 hours from there.
    pub day_began: Option<Moment>,
    /// Texts since.
    pub day: u32,
    /// The calendar month that is counted: year times twelve plus month, in UTC.
    pub month: i64,
    /// Texts in it.
    pub month_count: u32,
}

impl TextGauge {
    /// Why the clinic's next text must wait.
    #[must_use]
    pub fn wait(&self, per_day: u32, per_month: u32, now: &Now) -> Option<TextWait> {
        if self.this_month(now) >= per_month {
            return Some(TextWait::ClinicMonth);
        }
        let age = self.day_began.as_ref().map(|began| began.age(now)).filter(|age| *age < DAY)?;
        (self.day >= per_day).then(|| TextWait::ClinicDay(DAY.saturating_sub(age)))
    }

    /// Texts of this calendar month.
    #[must_use]
    pub fn this_month(&self, now: &Now) -> u32 {
        if month_of(now) > self.month { 0 } else { self.month_count }
    }

    /// Counts one.
    pub fn count(&mut self, now: &Now) {
        if self.day_began.as_ref().is_none_or(|began| began.age(now) >= DAY) {
            self.day_began = Some(Moment::of(now));
            self.day = 0;
        }
        self.day = self.day.saturating_add(1);
        self.month_count = self.this_month(now).saturating_add(1);
        // A clock that was put back begins no month anew.
        self.month = self.month.max(month_of(now));
    }

    /// With what another state of the same clinic has counted.
    #[must_use]
    pub fn higher(self, other: &Self) -> Self {
        let (later, earlier) = if other.month > self.month { (other.clone(), self) } else { (self, other.clone()) };
        let same_month = later.month == earlier.month;
        let month_count = if same_month { later.month_count.max(earlier.month_count) } else { later.month_count };
        let day = later.day.max(earlier.day);
        let day_began = later.day_began.or(earlier.day_began);
        Self { day_began, day, month: later.month, month_count }
    }

    /// The one that was counted then was certainly not sent. It is taken from the day and the month that it was counted
    /// in, and from no later one; where a turned clock leaves that open, it stays counted.
    pub fn give_back(&mut self, counted: &Moment, now: &Now) {
        if self.day_began.as_ref().is_some_and(|began| counted.age(now) <= began.age(now)) {
            self.day = self.day.saturating_sub(1);
        }
        if month_at(counted.unix_secs) == self.month {
            self.month_count = self.month_count.saturating_sub(1);
        }
    }

    pub(in crate::domain) fn fields(&self, canon: Canon) -> Canon {
        canon
            .maybe(self.day_began.as_ref(), |canon, began| began.fields(canon))
            .int(self.day)
            .int(self.month)
            .int(self.month_count)
    }
}

fn month_of(now: &Now) -> i64 {
    month_at(now.unix_secs)
}

fn month_at(unix_secs: i64) -> i64 {
    let at = jiff::Timestamp::from_second(unix_secs).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let date = jiff::tz::Offset::UTC.to_datetime(at).date();
    i64::from(date.year()) * 12 + i64::from(date.month())
}
