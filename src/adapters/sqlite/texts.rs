//! Texts: a request judged and counted before it is sent, and what the gateway said afterwards.

use super::desk::Desk;
use crate::domain::audit::{Event, What};
use crate::domain::verify::{self, TextTold};
use crate::ports::{Counted, Limits, Now, StoreError, TextAsk, TextEnd};

pub(super) fn ask(desk: &mut Desk<'_>, ask: &TextAsk<'_>, now: &Now) -> Result<(TextTold, Event), StoreError> {
    let before = desk.person(ask.person)?;
    if ask.generation.is_some_and(|generation| generation != before.generation) {
        return Err(StoreError::SessionOver);
    }
    if ask.salt.is_some_and(|salt| before.slot.as_ref().is_none_or(|slot| slot.salt != salt)) {
        return Err(StoreError::SaltChanged);
    }
    let judged = verify::judge_text(&desk.clinic, &before, &ask.proof, ask.purpose, ask.fresh, now)?;
    desk.clinic.gauge = judged.gauge;
    desk.clinic.texts = judged.texts;
    desk.save(Some(&before), &judged.person)?;
    Ok((judged.told, judged.event))
}

/// A text that was certainly not sent is not counted.
pub(super) fn ended(
    desk: &mut Desk<'_>,
    person: &str,
    counted: &Counted,
    end: TextEnd,
    now: &Now,
) -> Result<((), Event), StoreError> {
    let not_sent = match end {
        TextEnd::NotSent(_) => true,
        TextEnd::Accepted | TextEnd::Queued | TextEnd::Delivered | TextEnd::NotDelivered | TextEnd::Unknown => false,
    };
    if not_sent {
        desk.clinic.texts.give_back(&counted.at, now);
        // Whoever is gone meanwhile has nothing to give back to.
        if let (Limits::OfPersonAndClinic, Ok(before)) = (counted.limits, desk.person(person)) {
            let mut after = before.clone();
            after.texts.give_back(&counted.at);
            desk.save(Some(&before), &after)?;
        }
    }
    Ok(((), Event::by(person, What::TextSent, "sms", end.name())))
}
