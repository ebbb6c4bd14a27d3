//! Rows to values and back. What does not read as what it should be is damage: of one person, or of the clinic.

mod clinic;
mod json;
mod log;
mod mishap;
mod person;
mod texts;

use rusqlite::Row;

pub(super) use self::clinic::{clinic, clinic_to_recover, clinic_unproved, save_clinic};
pub(super) use self::log::{ENTRY, entries_query, entry_of, save_entry};
pub(super) use self::mishap::{save_mishap, take_mishaps};
pub(super) use self::person::{activation, delete_person, name_unproved, people_unproved, person, save_person, slot};
use crate::domain::canon::Tag;

/// A column that does not read as what it should be.
struct Unreadable;

/// One column, by its name.
fn get<T: rusqlite::types::FromSql>(row: &Row<'_>, column: &str) -> Result<T, Unreadable> {
    row.get(column).map_err(|_| Unreadable)
}

fn tag_of(bytes: Vec<u8>) -> Result<Tag, Unreadable> {
    bytes.try_into().map_err(|_| Unreadable)
}

/// An enum's name in the store: the two directions from one list.
macro_rules! names {
    ($to:ident, $from:ident, $type:ty, $($variant:path => $name:literal),+ $(,)?) => {
        fn $to(value: $type) -> &'static str {
            match value {
                $($variant => $name,)+
            }
        }

        fn $from(name: &str) -> Result<$type, Unreadable> {
            match name {
                $($name => Ok($variant),)+
                _ => Err(Unreadable),
            }
        }
    };
}

use names;
