//! The log's entries.

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params};

use crate::domain::audit::Entry;
use crate::ports::{EntryFilter, Results};

pub(in super::super) const ENTRY: &str =
    "SELECT number, unix_secs, event, person, actor, desk, factor, result, tag FROM audit";

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

/// The question for a filter's entries, newest first, and its values. A page is found by an index however long the log
/// is: a test looks at how `SQLite` means to answer.
pub(in super::super) fn entries_query(filter: &EntryFilter) -> (String, Vec<Value>) {
    let mut query = format!("{ENTRY} WHERE number < ?");
    let mut values: Vec<Value> = vec![filter.before.unwrap_or(i64::MAX).into()];
    let mut ask = |condition: &str, value: Option<Value>| {
        if let Some(value) = value {
            query += condition;
            values.push(value);
        }
    };
    ask(" AND number > ?", filter.after.map(Value::from));
    ask(" AND person = ?", filter.person.clone().map(Value::from));
    ask(" AND event = ?", filter.event.clone().map(Value::from));
    ask(" AND unix_secs >= ?", filter.since_unix.map(Value::from));
    let (kind, results) = match filter.results {
        Results::All => ("", [].as_slice()),
        Results::Only(results) => (" AND result IN (", results),
        Results::AllBut(results) => (" AND result NOT IN (", results),
    };
    if !kind.is_empty() {
        query += kind;
        query += &vec!["?"; results.len()].join(", ");
        query.push(')');
        values.extend(results.iter().map(|&result| Value::from(result.to_owned())));
    }
    query += " ORDER BY number DESC LIMIT ?";
    values.push(filter.limit.and_then(|limit| i64::try_from(limit).ok()).unwrap_or(-1).into());
    (query, values)
}

#[cfg(test)]
mod tests {
    use rusqlite::params_from_iter;

    use super::*;

    fn plan(connection: &Connection, filter: &EntryFilter) -> String {
        let (query, values) = entries_query(filter);
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {query}")).unwrap();
        let lines = statement.query_map(params_from_iter(values), |row| row.get::<_, String>(3)).unwrap();
        lines.collect::<Result<Vec<_>, _>>().unwrap().join("; ")
    }

    /// C85: the log's pages do not slow down as it grows: each is found by an index, and none is sorted.
    #[test]
    fn c85_every_page_of_the_log_is_found_by_an_index() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(include_str!("../migrations/0001.sql")).unwrap();
        let some = |text: &str| Some(text.to_owned());
        let filters = [
            (EntryFilter::default(), "INTEGER PRIMARY KEY"),
            (EntryFilter { before: Some(7), ..EntryFilter::default() }, "INTEGER PRIMARY KEY"),
            (EntryFilter { after: Some(7), ..EntryFilter::default() }, "INTEGER PRIMARY KEY"),
            (EntryFilter { person: some("bjones"), ..EntryFilter::default() }, "INDEX audit_person"),
            (EntryFilter { event: some("sign-in"), ..EntryFilter::default() }, "INDEX audit_event"),
            (
                EntryFilter { person: some("bjones"), before: Some(7), after: Some(2), ..EntryFilter::default() },
                "INDEX audit_person (person=? AND number>? AND number<?)",
            ),
            (
                EntryFilter { event: some("sign-in"), results: Results::Only(&["done"]), ..EntryFilter::default() },
                "INDEX audit_event (event=? AND number<?)",
            ),
            (EntryFilter { person: some("bjones"), event: some("sign-in"), ..EntryFilter::default() }, "INDEX audit_"),
        ];
        for (filter, by) in filters {
            let filter = EntryFilter { limit: Some(200), ..filter };
            let plan = plan(&connection, &filter);
            assert!(plan.starts_with("SEARCH audit USING") && plan.contains(by), "{filter:?}: {plan}");
            assert!(!plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "{filter:?}: {plan}");
        }
    }
}
