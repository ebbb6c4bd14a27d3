//! What waits to be entered into the log, until the keychain gives the key to enter it with.

use rusqlite::{Connection, params};

use crate::domain::audit::{Event, What};
use crate::ports::KeychainMishap;

/// Keeps a mishap. The first of its kind since the last change stands for all: a screen that asks again and again must not
/// fill the disk.
pub(in super::super) fn save_mishap(
    connection: &Connection,
    mishap: KeychainMishap,
    unix_secs: i64,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT INTO mishap (result, unix_secs) VALUES (?1, ?2) ON CONFLICT (result) DO NOTHING")?
        .execute(params![mishap.name(), unix_secs])
        .map(drop)
}

/// Takes all of them out, oldest first, as entries for the log with their own times. A row with any other word was put
/// there by somebody else and is dropped.
pub(in super::super) fn take_mishaps(connection: &Connection) -> rusqlite::Result<Vec<(Event, i64)>> {
    let mut statement = connection.prepare_cached("SELECT result, unix_secs FROM mishap ORDER BY unix_secs, result")?;
    let rows: Vec<(String, i64)> =
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    connection.prepare_cached("DELETE FROM mishap")?.execute([])?;
    let known = |(name, unix_secs): (String, i64)| {
        let mishap = KeychainMishap::ALL.into_iter().find(|mishap| mishap.name() == name)?;
        Some((Event::to("", "", What::KeychainFailed, mishap.name()), unix_secs))
    };
    Ok(rows.into_iter().filter_map(known).collect())
}
