//! The end of a set-up.

use super::*;

/// The clinic should not depend on one phone: whoever sets it up is told so, and nobody who joins.
#[test]
fn a_second_manager_is_advised_at_the_end_of_a_clinics_set_up() {
    let advice = "make somebody else a manager too";
    let mut first = Enrolment::first();
    first.step = Step::Finished;
    assert!(desk(first).sees(advice));
    let mut other = Enrolment::new_phone(offer());
    other.step = Step::Finished;
    assert!(!desk(other).sees(advice));
}
