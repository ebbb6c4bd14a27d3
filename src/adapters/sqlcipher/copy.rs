//! The encrypted copy: made, compared, and put in the original's place.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::shell::{Shell, name, quoted, raw};
use super::{beside, io, is_plain, original_of};
use crate::domain::secret::SecretText;
use crate::ports::{CipherError, Protected};

/// How long another program's write is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a copy must have as well as rows.
struct Shape {
    user_version: i64,
    application_id: i64,
    journal: String,
    /// Each table with its columns. Virtual tables are kept in ordinary ones, which are among them.
    tables: Vec<(String, Vec<String>)>,
}

pub(super) fn protect(shell: &Shell, file: &Path, key: &SecretText) -> Result<Protected, CipherError> {
    let (original, copy) = (original_of(file), beside(file, ".clinic2fa-copy"));
    if original.exists() {
        // Its second name was made, and then something ended this before the renaming.
        if !same_bytes(&original, file)? {
            return Err(CipherError::OriginalThere);
        }
        fs::remove_file(&original).map_err(|err| io(&err))?;
    }
    for end in ["", "-journal", "-wal", "-shm"] {
        match fs::remove_file(beside(&copy, end)) {
            Err(err) if err.kind() != std::io::ErrorKind::NotFound => return Err(io(&err)),
            Ok(()) | Err(_) => {}
        }
    }
    let (held, shape) = hold(file)?;
    let made = make(shell, file, &copy, key, &shape).and_then(|()| compare(shell, file, &copy, key, &shape));
    let rows = match made {
        Ok(rows) => rows,
        Err(err) => {
            fs::remove_file(&copy).ok();
            set_journal(&held, &shape.journal);
            return Err(err);
        }
    };
    swap(held, file, &copy, &original)?;
    let tables = u64::try_from(shape.tables.len()).unwrap_or(u64::MAX);
    Ok(Protected::Now { tables, rows, original })
}

/// Opens the original so that nobody can write to it, and looks at its shape.
fn hold(file: &Path) -> Result<(Connection, Shape), CipherError> {
    let sql = |err: rusqlite::Error| match err.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => CipherError::InUse,
        Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt) => CipherError::NotADatabase,
        Some(rusqlite::ErrorCode::ReadOnly | rusqlite::ErrorCode::PermissionDenied) => CipherError::NotAllowed,
        Some(rusqlite::ErrorCode::DiskFull) => CipherError::Full,
        _ => CipherError::Broken,
    };
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(sql)?;
    let work = || -> rusqlite::Result<Shape> {
        connection.busy_timeout(PATIENCE)?;
        let number = |pragma: &str| connection.query_row(&format!("PRAGMA {pragma}"), [], |row| row.get::<_, i64>(0));
        let journal: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
        // Only without another connection can the write-ahead log be put into the file; elsewhere the lock says it.
        connection.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
        connection.execute_batch("BEGIN EXCLUSIVE; COMMIT; BEGIN IMMEDIATE;")?;
        let tables: Vec<String> = connection
            .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 ORDER BY name")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let columns = |table: &String| -> rusqlite::Result<Vec<String>> {
            let mut statement = connection.prepare("SELECT name FROM pragma_table_info(?1)")?;
            statement.query_map([table], |row| row.get(0))?.collect()
        };
        let tables = tables.into_iter().map(|table| Ok((columns(&table)?, table))).map(swap_pair);
        Ok(Shape {
            user_version: number("user_version")?,
            application_id: number("application_id")?,
            journal,
            tables: tables.collect::<rusqlite::Result<_>>()?,
        })
    };
    let shape = work().map_err(sql)?;
    Ok((connection, shape))
}

fn swap_pair<A, B>(pair: rusqlite::Result<(A, B)>) -> rusqlite::Result<(B, A)> {
    pair.map(|(a, b)| (b, a))
}

/// Gives a file that stays as it is its way of writing back.
fn set_journal(held: &Connection, journal: &str) {
    held.execute_batch("ROLLBACK").ok();
    held.query_row(&format!("PRAGMA journal_mode = {journal}"), [], |_| Ok(())).ok();
}

fn attach(copy: &Path, key: &SecretText) -> Result<SecretText, CipherError> {
    let path = copy.to_str().ok_or(CipherError::NoFile)?;
    Ok(SecretText::new(format!("ATTACH {} AS enc KEY {};\n", quoted(path), raw(key).expose())))
}

fn make(shell: &Shell, file: &Path, copy: &Path, key: &SecretText, shape: &Shape) -> Result<(), CipherError> {
    let metadata = fs::metadata(file).map_err(|err| io(&err))?;
    fs::OpenOptions::new().write(true).create_new(true).open(copy).map_err(|err| io(&err))?;
    // Whoever could read the file can read the copy, and nobody else.
    fs::set_permissions(copy, metadata.permissions()).map_err(|err| io(&err))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let ours = fs::metadata(copy).map_err(|err| io(&err))?;
        if (ours.uid(), ours.gid()) != (metadata.uid(), metadata.gid()) {
            std::os::unix::fs::chown(copy, Some(metadata.uid()), Some(metadata.gid())).map_err(|err| io(&err))?;
        }
    }
    let mut commands = attach(copy, key)?;
    *commands.edit() += &format!(
        "SELECT sqlcipher_export('enc');\nPRAGMA enc.user_version = {};\nPRAGMA enc.application_id = {};\nDETACH enc;\n",
        shape.user_version, shape.application_id
    );
    shell.run(file, &commands)?;
    if is_plain(copy)? || !shell.opens(copy, key)? {
        return Err(CipherError::NoCipher);
    }
    if shape.journal.eq_ignore_ascii_case("wal") {
        let commands = format!("PRAGMA key = {};\nPRAGMA journal_mode = WAL;\n", raw(key).expose());
        shell.run(copy, &SecretText::new(commands))?;
    }
    Ok(())
}

/// Compares both as bags of rows, values with their types, and the schema text for text; the number of rows.
fn compare(shell: &Shell, file: &Path, copy: &Path, key: &SecretText, shape: &Shape) -> Result<u64, CipherError> {
    let mut commands = attach(copy, key)?;
    let schema = |of: &str| format!("SELECT type, name, tbl_name, quote(sql) FROM {of}.sqlite_master");
    *commands.edit() += &differences(&schema("main"), &schema("enc"), "0, 0");
    for (table, columns) in &shape.tables {
        let table = name(table);
        // A text's bytes beside it: quoted, it would end at a zero byte.
        let values: Vec<String> = columns
            .iter()
            .map(|column| name(column))
            .map(|column| format!("quote({column}), CASE typeof({column}) WHEN 'text' THEN hex({column}) END"))
            .collect();
        let places: Vec<String> = (1..=2 * columns.len()).map(|place| place.to_string()).collect();
        let bag = |of: &str| {
            format!("SELECT {}, count(*) FROM {of}.{table} GROUP BY {}", values.join(", "), places.join(", "))
        };
        let counts = format!("(SELECT count(*) FROM main.{table}), (SELECT count(*) FROM enc.{table})");
        *commands.edit() += &differences(&bag("main"), &bag("enc"), &counts);
    }
    *commands.edit() += &format!(
        "SELECT 'clinic2fa', {}, {}, 0, 0;\nPRAGMA enc.user_version;\nPRAGMA enc.application_id;\n",
        shape.user_version, shape.application_id
    );
    let said = shell.run(file, &commands)?;
    judge(&said, shape)
}

/// A line with both counts, and how many rows each has that the other has not.
fn differences(one: &str, other: &str, counts: &str) -> String {
    let only = |a: &str, b: &str| format!("(SELECT count(*) FROM (SELECT * FROM ({a}) EXCEPT SELECT * FROM ({b})))");
    format!("SELECT 'clinic2fa', {counts}, {}, {};\n", only(one, other), only(other, one))
}

/// Every line must have come, and say that nothing differs.
fn judge(said: &str, shape: &Shape) -> Result<u64, CipherError> {
    let mut lines = said.lines().filter(|line| !line.is_empty() && *line != "ok");
    let mut rows = 0_u64;
    for _ in 0..=shape.tables.len() {
        let numbers: Vec<u64> = lines
            .next()
            .and_then(|line| line.strip_prefix("clinic2fa|"))
            .map(|rest| rest.split('|').filter_map(|number| number.parse().ok()).collect())
            .unwrap_or_default();
        let [here, there, 0, 0] = numbers.as_slice() else { return Err(CipherError::Differs) };
        if here != there {
            return Err(CipherError::Differs);
        }
        rows = rows.saturating_add(*here);
    }
    let versions = [
        format!("clinic2fa|{}|{}|0|0", shape.user_version, shape.application_id),
        shape.user_version.to_string(),
        shape.application_id.to_string(),
    ];
    if lines.eq(versions.iter().map(String::as_str)) { Ok(rows) } else { Err(CipherError::Differs) }
}

fn swap(held: Connection, file: &Path, copy: &Path, original: &Path) -> Result<(), CipherError> {
    let flush = |path: &Path| fs::OpenOptions::new().write(true).open(path).and_then(|file| file.sync_all());
    let work = || -> std::io::Result<()> {
        flush(copy)?;
        // Some file systems know no second names: there it is a second file.
        if fs::hard_link(file, original).is_err() {
            fs::copy(file, original)?;
            flush(original)?;
        }
        #[cfg(windows)]
        held.close().map_err(|_| std::io::ErrorKind::ResourceBusy)?;
        fs::rename(copy, file)?;
        #[cfg(unix)]
        {
            if let Some(folder) = file.parent() {
                fs::File::open(folder)?.sync_all()?;
            }
            drop(held);
        }
        Ok(())
    };
    work().map_err(|err| io(&err))
}

fn same_bytes(one: &Path, other: &Path) -> Result<bool, CipherError> {
    let open = |path: &Path| fs::File::open(path).map(std::io::BufReader::new).map_err(|err| io(&err));
    let (one, other) = (open(one)?.bytes(), open(other)?.bytes());
    Ok(one.map(Result::ok).eq(other.map(Result::ok)))
}
