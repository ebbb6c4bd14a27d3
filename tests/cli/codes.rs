//! The documented list of error codes, and what the sources can say.

use std::collections::BTreeSet;

const LIST: &str = include_str!("../../src/cli/errors.md");
const EXPLAIN: &str = concat!(
    include_str!("../../src/explain.rs"),
    include_str!("../../src/explain/practice.rs"),
    include_str!("../../src/explain/texts.rs")
);
const OWN: [&str; 4] = [
    include_str!("../../src/cli/people.rs"),
    include_str!("../../src/cli/answer.rs"),
    include_str!("../../src/cli/commands.rs"),
    include_str!("../../src/cli/input.rs"),
];

/// The codes of the list: its table's first column.
pub(crate) fn documented() -> BTreeSet<&'static str> {
    LIST.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`')).map(|(code, _)| code).collect()
}

#[test]
fn the_list_is_what_the_sources_can_say() {
    // `notice!(Tone, "code", …)`: the first string after a tone.
    let mut said: BTreeSet<&str> = EXPLAIN
        .split("notice!(")
        .skip(1)
        .filter_map(|call| call.split_once(", \"")?.1.split_once('"'))
        .map(|(code, _)| code)
        .filter(|code| code.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-'))
        .collect();
    // The command line's own stand as `"code", "err-code", "do-code"` or before their sentences.
    for source in OWN {
        said.extend(source.split("\"err-").skip(1).filter_map(|rest| rest.split('"').next()));
    }
    let listed = documented();
    let missing: Vec<_> = said.difference(&listed).collect();
    let stale: Vec<_> = listed.difference(&said).collect();
    assert!(missing.is_empty() && stale.is_empty(), "not listed: {missing:?}; nobody says: {stale:?}");
    assert!(said.len() > 50, "{}", said.len());
}

#[test]
fn each_code_is_listed_once_with_its_status() {
    let rows: Vec<&str> = LIST.lines().filter(|line| line.starts_with("| `")).collect();
    assert_eq!(rows.len(), documented().len());
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        assert!(cells.len() == 5 && !cells[3].is_empty(), "{row}");
        let status = cells[2];
        assert!(status == "–" || status.split(", ").all(|one| ["1", "2", "3", "4", "5"].contains(&one)), "{row}");
    }
}
