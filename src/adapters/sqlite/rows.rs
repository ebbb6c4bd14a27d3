//! Rows to values and back. What does not read as what it should be is damage: of one person, or of the clinic.

use std::collections::BTreeMap;
use std::time::Duration;

use data_encoding::HEXLOWER;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::open::sql;
use crate::domain::audit::{Entry, Head};
use crate::domain::canon::Tag;
use crate::domain::keys::StateKeys;
use crate::domain::lockout::{DeskGauge, Hold};
use crate::domain::state::{
    Clinic, ClinicStage, DayPass, Factor, FactorStage, Person, PersonStage, Role, Slot, StoredCode, Suspect, millis,
};
use crate::ports::{BootTime, StoreError};

/// A stretch of time that was left at a moment of the boot clock, as JSON.
#[derive(Serialize, Deserialize)]
struct HoldJson {
    left_ms: u64,
    boot: String,
    at_ms: u64,
}

#[derive(Serialize, Deserialize)]
struct DayPassJson {
    from_unix: i64,
    until_unix: i64,
    hold: HoldJson,
}

impl From<&Hold> for HoldJson {
    fn from(hold: &Hold) -> Self {
        Self {
            left_ms: millis(hold.left).unsigned_abs(),
            boot: hold.at.boot_id.clone(),
            at_ms: millis(hold.at.since_start).unsigned_abs(),
        }
    }
}

impl From<HoldJson> for Hold {
    fn from(json: HoldJson) -> Self {
        let at = BootTime { boot_id: json.boot, since_start: Duration::from_millis(json.at_ms) };
        Self { left: Duration::from_millis(json.left_ms), at }
    }
}

/// JSON of a plain value; a value of ours always has one.
fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// A column that does not read as what it should be.
struct Unreadable;

fn from_json<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, Unreadable> {
    serde_json::from_str(text).map_err(|_| Unreadable)
}

fn tag_of(bytes: Vec<u8>) -> Result<Tag, Unreadable> {
    bytes.try_into().map_err(|_| Unreadable)
}

fn clinic_stage_name(stage: ClinicStage) -> &'static str {
    match stage {
        ClinicStage::Pending => "pending",
        ClinicStage::Proved => "proved",
        ClinicStage::Active => "active",
    }
}

fn person_stage_name(stage: PersonStage) -> &'static str {
    match stage {
        PersonStage::Pending => "pending",
        PersonStage::Active => "active",
    }
}

fn factor_stage_name(stage: FactorStage) -> &'static str {
    match stage {
        FactorStage::Shown => "shown",
        FactorStage::Proved => "proved",
        FactorStage::Active => "active",
    }
}

/// The clinic row as it stands, its tag beside it and not yet verified; `None` in a database without a clinic.
pub(super) fn clinic_unproved(connection: &Connection) -> Result<Option<(Clinic, Tag)>, StoreError> {
    let row = connection
        .prepare_cached(
            "SELECT id, keychain_id, stage, name, created_unix, settings, epoch, gauge, device_key, recovery_slot, roll,
                    head_number, head_tag, tag
             FROM clinic WHERE one = 1",
        )
        .and_then(|mut statement| statement.query_row([], |row| Ok(clinic_of(row))).optional())
        .map_err(|err| sql(&err))?;
    match row {
        None => Ok(None),
        Some(Ok(found)) => Ok(Some(found)),
        Some(Err(Unreadable)) => Err(StoreError::ClinicChanged),
    }
}

/// The clinic, its tag verified.
pub(super) fn clinic(connection: &Connection, keys: &StateKeys) -> Result<Clinic, StoreError> {
    let (clinic, tag) = clinic_unproved(connection)?.ok_or(StoreError::NotNow)?;
    if clinic.tag(&keys.state) == tag { Ok(clinic) } else { Err(StoreError::ClinicChanged) }
}

fn clinic_of(row: &Row<'_>) -> Result<(Clinic, Tag), Unreadable> {
    fn get<T: rusqlite::types::FromSql>(row: &Row<'_>, at: usize) -> Result<T, Unreadable> {
        row.get(at).map_err(|_| Unreadable)
    }
    let stage = match get::<String>(row, 2)?.as_str() {
        "pending" => ClinicStage::Pending,
        "proved" => ClinicStage::Proved,
        "active" => ClinicStage::Active,
        _ => return Err(Unreadable),
    };
    let gauge: Hold = from_json::<HoldJson>(&get::<String>(row, 7)?)?.into();
    let roll: BTreeMap<String, String> = from_json(&get::<String>(row, 10)?)?;
    let roll = roll
        .into_iter()
        .map(|(id, hex)| Ok((id, tag_of(HEXLOWER.decode(hex.as_bytes()).map_err(|_| Unreadable)?)?)))
        .collect::<Result<_, Unreadable>>()?;
    let clinic = Clinic {
        id: get(row, 0)?,
        keychain_id: get(row, 1)?,
        stage,
        name: get(row, 3)?,
        created_unix: get(row, 4)?,
        settings_json: get(row, 5)?,
        epoch: u64::try_from(get::<i64>(row, 6)?).map_err(|_| Unreadable)?,
        gauge: DeskGauge { level: gauge.left, at: gauge.at },
        device_key: get(row, 8)?,
        recovery_slot: get(row, 9)?,
        roll,
        head: Head { number: get(row, 11)?, tag: tag_of(get(row, 12)?)? },
    };
    Ok((clinic, tag_of(get(row, 13)?)?))
}

/// Writes the clinic row with its tag.
pub(super) fn save_clinic(connection: &Connection, clinic: &Clinic, keys: &StateKeys) -> rusqlite::Result<()> {
    let roll: BTreeMap<&str, String> =
        clinic.roll.iter().map(|(id, tag)| (id.as_str(), HEXLOWER.encode(tag))).collect();
    let gauge = HoldJson::from(&Hold { left: clinic.gauge.level, at: clinic.gauge.at.clone() });
    connection
        .prepare_cached(
            "INSERT INTO clinic (one, id, keychain_id, stage, name, created_unix, settings, epoch, gauge, device_key,
                 recovery_slot, roll, head_number, head_tag, tag)
             VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
             ON CONFLICT (one) DO UPDATE SET id = ?1, keychain_id = ?2, stage = ?3, name = ?4, created_unix = ?5,
                 settings = ?6, epoch = ?7, gauge = ?8, device_key = ?9, recovery_slot = ?10, roll = ?11,
                 head_number = ?12, head_tag = ?13, tag = ?14",
        )?
        .execute(params![
            clinic.id,
            clinic.keychain_id,
            clinic_stage_name(clinic.stage),
            clinic.name,
            clinic.created_unix,
            clinic.settings_json,
            i64::try_from(clinic.epoch).unwrap_or(i64::MAX),
            to_json(&gauge),
            clinic.device_key,
            clinic.recovery_slot,
            to_json(&roll),
            clinic.head.number,
            clinic.head.tag,
            clinic.tag(&keys.state),
        ])
        .map(drop)
}

const PERSON: &str =
    "SELECT id, name, name_key, role, stage, slot_salt, slot_cost, slot_sealed, code_key, password_unix,
    signed_in_unix, password_failures, wait, code_failures, lock, wrong_codes, day_pass FROM person";

/// Everyone's row as it stands, not verified, by name; a row that cannot be read leaves its id.
pub(super) fn people_unproved(connection: &Connection) -> rusqlite::Result<Vec<Result<Person, String>>> {
    let mut people = connection.prepare_cached(&format!("{PERSON} ORDER BY name_key, id"))?;
    let rows: Vec<(String, Result<Person, Unreadable>)> = people
        .query_map([], |row| Ok((row.get::<_, String>(0).unwrap_or_default(), person_of(row))))?
        .collect::<Result<_, _>>()?;
    let mut found = Vec::with_capacity(rows.len());
    for (id, person) in rows {
        found.push(match person {
            Ok(person) => children(connection, person)?.map_err(|Unreadable| id),
            Err(Unreadable) => Err(id),
        });
    }
    Ok(found)
}

/// A person with factors and recovery codes, not verified.
fn person_unproved(connection: &Connection, id: &str) -> Result<Person, StoreError> {
    let row = connection
        .prepare_cached(&format!("{PERSON} WHERE id = ?1"))
        .and_then(|mut statement| statement.query_row([id], |row| Ok(person_of(row))).optional())
        .map_err(|err| sql(&err))?
        .ok_or(StoreError::NobodyThere)?;
    let person = row.map_err(|Unreadable| StoreError::PersonDamaged)?;
    children(connection, person).map_err(|err| sql(&err))?.map_err(|Unreadable| StoreError::PersonDamaged)
}

/// A person, verified against the roll.
pub(super) fn person(
    connection: &Connection,
    clinic: &Clinic,
    keys: &StateKeys,
    id: &str,
) -> Result<Person, StoreError> {
    let Some(tag) = clinic.roll.get(id) else {
        // A row that the roll does not know was put there by somebody else; nobody has this id.
        return Err(StoreError::NobodyThere);
    };
    let person = match person_unproved(connection, id) {
        Err(StoreError::NobodyThere) => return Err(StoreError::PersonDamaged),
        other => other?,
    };
    if person.tag(&keys.state) == *tag { Ok(person) } else { Err(StoreError::PersonDamaged) }
}

/// The password slot alone, not verified: what it yields is judged later.
pub(super) fn slot(connection: &Connection, id: &str) -> Result<Slot, StoreError> {
    person_unproved(connection, id).map(|person| person.slot)
}

fn person_of(row: &Row<'_>) -> Result<Person, Unreadable> {
    fn get<T: rusqlite::types::FromSql>(row: &Row<'_>, at: usize) -> Result<T, Unreadable> {
        row.get(at).map_err(|_| Unreadable)
    }
    fn hold(row: &Row<'_>, at: usize) -> Result<Option<Hold>, Unreadable> {
        get::<Option<String>>(row, at)?.map(|text| from_json::<HoldJson>(&text).map(Hold::from)).transpose()
    }
    let role = match get::<String>(row, 3)?.as_str() {
        "staff" => Role::Staff,
        "manager" => Role::Manager,
        _ => return Err(Unreadable),
    };
    let stage = match get::<String>(row, 4)?.as_str() {
        "pending" => PersonStage::Pending,
        "active" => PersonStage::Active,
        _ => return Err(Unreadable),
    };
    let day_pass = get::<Option<String>>(row, 16)?.map(|text| from_json::<DayPassJson>(&text)).transpose()?;
    Ok(Person {
        id: get(row, 0)?,
        name: get(row, 1)?,
        name_key: get(row, 2)?,
        role,
        stage,
        slot: Slot {
            salt: get::<Vec<u8>>(row, 5)?.try_into().map_err(|_| Unreadable)?,
            cost: get::<String>(row, 6)?.parse().map_err(|_| Unreadable)?,
            sealed: get(row, 7)?,
        },
        code_key: get(row, 8)?,
        password_unix: get(row, 9)?,
        signed_in_unix: get(row, 10)?,
        password_failures: get(row, 11)?,
        wait: hold(row, 12)?,
        code_failures: get(row, 13)?,
        lock: hold(row, 14)?,
        wrong_codes_unix: from_json(&get::<String>(row, 15)?)?,
        day_pass: day_pass.map(|pass| DayPass {
            from_unix: pass.from_unix,
            until_unix: pass.until_unix,
            hold: pass.hold.into(),
        }),
        factors: Vec::new(),
        codes: Vec::new(),
    })
}

fn children(connection: &Connection, mut person: Person) -> rusqlite::Result<Result<Person, Unreadable>> {
    let mut factors = connection.prepare_cached(
        "SELECT id, stage, seed, last_step, suspects, created_unix FROM factor WHERE person = ?1 ORDER BY created_unix, id",
    )?;
    let found: Result<Vec<Factor>, Unreadable> = factors
        .query_map([&person.id], |row| Ok(factor_of(row)))?
        .collect::<rusqlite::Result<Vec<_>>>()?
        .into_iter()
        .collect();
    let mut codes = connection
        .prepare_cached("SELECT number, tag, used_unix FROM recovery_code WHERE person = ?1 ORDER BY number")?;
    let stored: Result<Vec<StoredCode>, Unreadable> = codes
        .query_map([&person.id], |row| Ok(code_of(row)))?
        .collect::<rusqlite::Result<Vec<_>>>()?
        .into_iter()
        .collect();
    Ok(found.and_then(|factors| {
        person.factors = factors;
        person.codes = stored?;
        Ok(person)
    }))
}

fn factor_of(row: &Row<'_>) -> Result<Factor, Unreadable> {
    let read = || -> rusqlite::Result<_> {
        Ok((row.get::<_, String>(1)?, row.get::<_, Option<i64>>(3)?, row.get::<_, String>(4)?))
    };
    let (stage, last_step, suspects) = read().map_err(|_| Unreadable)?;
    let stage = match stage.as_str() {
        "shown" => FactorStage::Shown,
        "proved" => FactorStage::Proved,
        "active" => FactorStage::Active,
        _ => return Err(Unreadable),
    };
    let suspects: Vec<(i64, u64)> = from_json(&suspects)?;
    Ok(Factor {
        id: row.get(0).map_err(|_| Unreadable)?,
        stage,
        seed: row.get(2).map_err(|_| Unreadable)?,
        last_step: last_step.map(u64::try_from).transpose().map_err(|_| Unreadable)?,
        suspects: suspects.into_iter().map(|(offset, step)| Suspect { offset, step }).collect(),
        created_unix: row.get(5).map_err(|_| Unreadable)?,
    })
}

fn code_of(row: &Row<'_>) -> Result<StoredCode, Unreadable> {
    Ok(StoredCode {
        number: row.get(0).map_err(|_| Unreadable)?,
        tag: tag_of(row.get(1).map_err(|_| Unreadable)?)?,
        used_unix: row.get(2).map_err(|_| Unreadable)?,
    })
}

/// Writes a person and puts the new tag on the roll. What did not change since `before` is not written again.
pub(super) fn save_person(
    connection: &Connection,
    clinic: &mut Clinic,
    keys: &StateKeys,
    before: Option<&Person>,
    person: &Person,
) -> rusqlite::Result<()> {
    let hold = |hold: &Option<Hold>| hold.as_ref().map(|hold| to_json(&HoldJson::from(hold)));
    let day_pass = person.day_pass.as_ref().map(|pass| {
        to_json(&DayPassJson {
            from_unix: pass.from_unix,
            until_unix: pass.until_unix,
            hold: HoldJson::from(&pass.hold),
        })
    });
    connection
        .prepare_cached(
            "INSERT INTO person (id, name, name_key, role, stage, slot_salt, slot_cost, slot_sealed, code_key,
                 password_unix, signed_in_unix, password_failures, wait, code_failures, lock, wrong_codes, day_pass)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
             ON CONFLICT (id) DO UPDATE SET name = ?2, name_key = ?3, role = ?4, stage = ?5, slot_salt = ?6,
                 slot_cost = ?7, slot_sealed = ?8, code_key = ?9, password_unix = ?10, signed_in_unix = ?11,
                 password_failures = ?12, wait = ?13, code_failures = ?14, lock = ?15, wrong_codes = ?16,
                 day_pass = ?17",
        )?
        .execute(params![
            person.id,
            person.name,
            person.name_key,
            person.role.name(),
            person_stage_name(person.stage),
            person.slot.salt,
            person.slot.cost.to_string(),
            person.slot.sealed,
            person.code_key,
            person.password_unix,
            person.signed_in_unix,
            person.password_failures,
            hold(&person.wait),
            person.code_failures,
            hold(&person.lock),
            to_json(&person.wrong_codes_unix),
            day_pass,
        ])?;
    let gone = |before: &Person| before.factors.iter().any(|old| person.factors.iter().all(|new| new.id != old.id));
    if before.is_some_and(gone) {
        connection.prepare_cached("DELETE FROM factor WHERE person = ?1")?.execute([&person.id])?;
    }
    if before.is_none_or(|before| before.factors != person.factors) {
        save_factors(connection, person)?;
    }
    if before.is_none_or(|before| before.codes != person.codes) {
        save_codes(connection, person)?;
    }
    clinic.roll.insert(person.id.clone(), person.tag(&keys.state));
    Ok(())
}

fn save_factors(connection: &Connection, person: &Person) -> rusqlite::Result<()> {
    // What goes on is updated in place: only its own page is written again, none of an index.
    let mut insert = connection.prepare_cached(
        "INSERT INTO factor (id, person, kind, stage, seed, last_step, suspects, created_unix)
         VALUES (?1, ?2, 'totp', ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (id) DO UPDATE SET stage = ?3, seed = ?4, last_step = ?5, suspects = ?6, created_unix = ?7",
    )?;
    for factor in &person.factors {
        let suspects: Vec<(i64, u64)> = factor.suspects.iter().map(|s| (s.offset, s.step)).collect();
        insert.execute(params![
            factor.id,
            person.id,
            factor_stage_name(factor.stage),
            factor.seed,
            factor.last_step.map(|step| i64::try_from(step).unwrap_or(i64::MAX)),
            to_json(&suspects),
            factor.created_unix,
        ])?;
    }
    Ok(())
}

fn save_codes(connection: &Connection, person: &Person) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM recovery_code WHERE person = ?1")?.execute([&person.id])?;
    let mut insert = connection
        .prepare_cached("INSERT INTO recovery_code (person, number, tag, used_unix) VALUES (?1, ?2, ?3, ?4)")?;
    for code in &person.codes {
        insert.execute(params![person.id, code.number, code.tag, code.used_unix])?;
    }
    Ok(())
}

/// Writes one entry of the log.
pub(super) fn save_entry(connection: &Connection, entry: &Entry) -> rusqlite::Result<()> {
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
pub(super) fn entry_of(row: &Row<'_>) -> rusqlite::Result<Entry> {
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
