//! Reading the log, and following its chain.

use rusqlite::{Connection, params_from_iter};

use super::open::sql;
use super::rows;
use crate::domain::audit::{Entry, Head};
use crate::domain::keys::StateKeys;
use crate::ports::{EntryFilter, StoreError};

pub(super) fn entries(connection: &Connection, filter: &EntryFilter) -> Result<Vec<Entry>, StoreError> {
    let (query, values) = rows::entries_query(filter);
    let read = || -> rusqlite::Result<Vec<Entry>> {
        connection.prepare(&query)?.query_map(params_from_iter(values), rows::entry_of)?.collect()
    };
    let mut entries = read().map_err(|err| sql(&err))?;
    entries.reverse();
    Ok(entries)
}

pub(super) fn entries_after(connection: &Connection, number: i64, limit: usize) -> Result<Vec<Entry>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let read = || -> rusqlite::Result<Vec<Entry>> {
        connection
            .prepare_cached(&format!("{} WHERE number > ?1 ORDER BY number LIMIT ?2", rows::ENTRY))?
            .query_map([number, limit], rows::entry_of)?
            .collect()
    };
    read().map_err(|err| sql(&err))
}

pub(super) fn verify(connection: &mut Connection, keys: &StateKeys) -> Result<Result<i64, i64>, StoreError> {
    // One snapshot: a sign-in meanwhile must not look like a break.
    let tx = connection.transaction().map_err(|err| sql(&err))?;
    let clinic = rows::clinic(&tx, keys)?;
    let mut head = Head::EMPTY;
    let walk = || -> rusqlite::Result<Result<Head, i64>> {
        let mut statement = tx.prepare(&format!("{} ORDER BY number", rows::ENTRY))?;
        let mut found = statement.query([])?;
        while let Some(row) = found.next()? {
            if let Err(at) = head.follow(&rows::entry_of(row)?, &keys.audit) {
                return Ok(Err(at));
            }
        }
        Ok(Ok(head))
    };
    let end = walk().map_err(|err| sql(&err))?;
    Ok(end.and_then(|end| if end == clinic.head { Ok(end.number) } else { Err(end.number + 1) }))
}
