//! The log's entries.

use rusqlite::{Connection, Row, params};

use crate::domain::audit::Entry;

/// Writes one entry of the log.
pub(in super::super) fn save_entry(connection: &Connection, entry: &Entry) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO audit (number, unix_secs, event, person, actor, desk, factor, result, tag)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            entry.number,
            entry.unix_secs,
            entry.event,
            entry.person,
            entry.actor,
            entry.desk,
            entry.factor,
            entry.result,
            entry.tag,
        ])
        .map(drop)
}

/// Reads one entry of the log.
pub(in super::super) fn entry_of(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        number: row.get(0)?,
        unix_secs: row.get(1)?,
        event: row.get(2)?,
        person: row.get(3)?,
        actor: row.get(4)?,
        desk: row.get(5)?,
        factor: row.get(6)?,
        result: row.get(7)?,
        // A tag of another length matches nothing, which is what it should do.
        tag: row.get::<_, Vec<u8>>(8)?.try_into().unwrap_or([0; 32]),
    })
}
