//! What finishing a phone, or a sheet, changes about a person.

use crate::domain::state::{Factor, FactorStage, Joins, Person};
use crate::ports::{NewCodes, StoreError};

/// The proved phone counts from now on, in the place of the others or beside them.
pub(super) fn promote_phone(person: &mut Person) -> Result<(), StoreError> {
    let proved = person.factors.iter_mut().find(|factor| factor.stage == FactorStage::Proved);
    let factor = proved.ok_or(StoreError::NotNow)?;
    factor.stage = FactorStage::Active;
    let (id, joins, kind) = (factor.id.clone(), factor.joins, factor.kind.name());
    match joins {
        // A new app replaces apps, a new number the number: whoever has both keeps the other.
        Joins::InTheirPlace => {
            let stays = |other: &Factor| other.stage == FactorStage::Active && other.kind.name() != kind;
            person.factors.retain(|factor| factor.id == id || stays(factor));
        }
        Joins::Beside => person.factors.retain(|factor| factor.stage == FactorStage::Active),
    }
    Ok(())
}

/// The kind of what is being linked, for the log.
pub(super) fn linking_kind(person: &Person) -> &'static str {
    let linking = person.factors.iter().find(|factor| factor.stage != FactorStage::Active);
    linking.map_or("", |factor| factor.kind.name())
}

/// Whether these very codes are stored already: the keychain did not answer the first time, so it is asked again.
/// Storing them twice would bring back to life what was spent meanwhile. No two sheets are sealed alike.
pub(super) fn has_sheet(person: &Person, codes: &NewCodes) -> bool {
    person.code_key == codes.code_key
}

pub(super) fn take_codes(person: &mut Person, codes: NewCodes) {
    person.code_key = codes.code_key;
    person.codes = codes.codes;
}
