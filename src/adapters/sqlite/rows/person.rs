//! People, with their phones and recovery codes.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::json::{DayPassJson, HoldJson, MomentJson, UntilJson, from_json, to_json};
use super::texts::TextsJson;
use super::{Unreadable, get, names, tag_of};
use crate::adapters::sqlite::open::sql;
use crate::domain::keys::StateKeys;
use crate::domain::lockout::Hold;
use crate::domain::moment::Moment;
use crate::domain::state::{
    Activation, Clinic, DayPass, Factor, FactorKind, FactorStage, Joins, Person, PersonStage, Role, Slot, Sms,
    StoredCode, Suspect, Totp,
};
use crate::ports::StoreError;

names!(role_name, role_of, Role, Role::Staff => "staff", Role::Manager => "manager");
names!(stage_name, stage_of, PersonStage,
    PersonStage::Pending => "pending",
    PersonStage::Active => "active",
    PersonStage::Reset => "reset",
);
names!(factor_stage_name, factor_stage_of, FactorStage,
    FactorStage::Shown => "shown",
    FactorStage::Proved => "proved",
    FactorStage::Active => "active",
);
names!(joins_name, joins_of, Joins, Joins::InTheirPlace => "in-their-place", Joins::Beside => "beside");

/// Everyone's row as it stands, not verified, by name; a row that cannot be read leaves its id.
pub(in super::super) fn people_unproved(connection: &Connection) -> rusqlite::Result<Vec<Result<Person, String>>> {
    let mut people = connection.prepare_cached("SELECT * FROM person ORDER BY name_key, id")?;
    let rows: Vec<(String, Result<Person, Unreadable>)> = people
        .query_map([], |row| Ok((row.get::<_, String>("id").unwrap_or_default(), person_of(row))))?
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
        .prepare_cached("SELECT * FROM person WHERE id = ?1")
        .and_then(|mut statement| statement.query_row([id], |row| Ok(person_of(row))).optional())
        .map_err(|err| sql(&err))?
        .ok_or(StoreError::NobodyThere)?;
    let person = row.map_err(|Unreadable| StoreError::PersonDamaged)?;
    children(connection, person).map_err(|err| sql(&err))?.map_err(|Unreadable| StoreError::PersonDamaged)
}

/// A person, verified against the roll.
pub(in super::super) fn person(
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
pub(in super::super) fn slot(connection: &Connection, id: &str) -> Result<Slot, StoreError> {
    let person = person_unproved(connection, id)?;
    // Whoever signs in has one: without it the record is damaged, not unfinished.
    let missing = if person.stage == PersonStage::Active { StoreError::PersonDamaged } else { StoreError::NotReady };
    person.slot.ok_or(missing)
}

/// The activation code's slot alone, not verified: what it yields is judged later.
pub(in super::super) fn activation(connection: &Connection, id: &str) -> Result<Slot, StoreError> {
    person_unproved(connection, id)?.activation.map(|activation| activation.slot).ok_or(StoreError::NotNow)
}

fn slot_of(row: &Row<'_>, salt: &str, cost: &str, sealed: &str) -> Result<Option<Slot>, Unreadable> {
    let Some(salt) = get::<Option<Vec<u8>>>(row, salt)? else {
        // All of it or nothing: a part that is left alone was put there by nobody of ours.
        let rest = get::<Option<String>>(row, cost)?.is_some() || get::<Option<Vec<u8>>>(row, sealed)?.is_some();
        return if rest { Err(Unreadable) } else { Ok(None) };
    };
    Ok(Some(Slot {
        salt: salt.try_into().map_err(|_| Unreadable)?,
        cost: get::<String>(row, cost)?.parse().map_err(|_| Unreadable)?,
        sealed: get(row, sealed)?,
    }))
}

fn hold_of(row: &Row<'_>, column: &str) -> Result<Option<Hold>, Unreadable> {
    get::<Option<String>>(row, column)?.map(|text| from_json::<HoldJson>(&text).map(Hold::from)).transpose()
}

fn person_of(row: &Row<'_>) -> Result<Person, Unreadable> {
    let day_pass = get::<Option<String>>(row, "day_pass")?;
    let vouched = get::<Option<String>>(row, "vouched")?;
    let activation = slot_of(row, "activation_salt", "activation_cost", "activation_sealed")?
        .map(|slot| {
            let until: UntilJson = from_json(&get::<String>(row, "activation_until")?)?;
            Ok(Activation { slot, until_unix: until.until_unix, hold: until.hold.into() })
        })
        .transpose()?;
    if activation.is_none() && get::<Option<String>>(row, "activation_until")?.is_some() {
        return Err(Unreadable);
    }
    Ok(Person {
        id: get(row, "id")?,
        name: get(row, "name")?,
        name_key: get(row, "name_key")?,
        role: role_of(&get::<String>(row, "role")?)?,
        stage: stage_of(&get::<String>(row, "stage")?)?,
        slot: slot_of(row, "slot_salt", "slot_cost", "slot_sealed")?,
        activation,
        generation: get(row, "generation")?,
        seen: get(row, "seen")?,
        code_key: get(row, "code_key")?,
        password_unix: get(row, "password_unix")?,
        signed_in_unix: get(row, "signed_in_unix")?,
        password_failures: get(row, "password_failures")?,
        wait: hold_of(row, "wait")?,
        code_failures: get(row, "code_failures")?,
        lock: hold_of(row, "lock")?,
        wrong_codes_unix: from_json(&get::<String>(row, "wrong_codes")?)?,
        day_pass: day_pass.map(|text| from_json::<DayPassJson>(&text).map(DayPass::from)).transpose()?,
        vouched: vouched.map(|text| from_json::<MomentJson>(&text).map(Moment::from)).transpose()?,
        texts: from_json::<TextsJson>(&get::<String>(row, "texts")?)?.try_into()?,
        factors: Vec::new(),
        codes: Vec::new(),
    })
}

fn children(connection: &Connection, mut person: Person) -> rusqlite::Result<Result<Person, Unreadable>> {
    let mut factors = connection.prepare_cached("SELECT * FROM factor WHERE person = ?1 ORDER BY created_unix, id")?;
    let found: Result<Vec<Factor>, Unreadable> = factors
        .query_map([&person.id], |row| Ok(factor_of(row)))?
        .collect::<rusqlite::Result<Vec<_>>>()?
        .into_iter()
        .collect();
    let mut codes = connection.prepare_cached("SELECT * FROM recovery_code WHERE person = ?1 ORDER BY number")?;
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
    // The tag covers what a kind has; what it has not must not be there.
    let none = |columns: &[&str]| {
        columns.iter().try_for_each(|column| match row.get_ref(*column) {
            Ok(rusqlite::types::ValueRef::Null) => Ok(()),
            Ok(_) | Err(_) => Err(Unreadable),
        })
    };
    let kind = match get::<String>(row, "kind")?.as_str() {
        "totp" => {
            none(&["number", "ending"])?;
            let suspects: Vec<(i64, u64)> = from_json(&get::<String>(row, "suspects")?)?;
            let last_step: Option<i64> = get(row, "last_step")?;
            FactorKind::Totp(Totp {
                seed: get(row, "seed")?,
                last_step: last_step.map(u64::try_from).transpose().map_err(|_| Unreadable)?,
                suspects: suspects.into_iter().map(|(offset, step)| Suspect { offset, step }).collect(),
            })
        }
        "sms" => {
            none(&["seed", "last_step", "suspects"])?;
            FactorKind::Sms(Sms { number: get(row, "number")?, ending: get(row, "ending")? })
        }
        _ => return Err(Unreadable),
    };
    Ok(Factor {
        id: get(row, "id")?,
        label: get(row, "label")?,
        stage: factor_stage_of(&get::<String>(row, "stage")?)?,
        joins: joins_of(&get::<String>(row, "joins")?)?,
        kind,
        created_unix: get(row, "created_unix")?,
    })
}

fn code_of(row: &Row<'_>) -> Result<StoredCode, Unreadable> {
    Ok(StoredCode { number: get(row, "number")?, tag: tag_of(get(row, "tag")?)?, used_unix: get(row, "used_unix")? })
}

/// The name in a damaged record, if it can be read.
pub(in super::super) fn name_unproved(connection: &Connection, id: &str) -> rusqlite::Result<Option<String>> {
    connection
        .prepare_cached("SELECT name FROM person WHERE id = ?1")?
        .query_row([id], |row| Ok(row.get(0).ok()))
        .optional()
        .map(Option::flatten)
}

/// Writes a person and puts the new tag on the roll. What did not change since `before` is not written again.
pub(in super::super) fn save_person(
    connection: &Connection,
    clinic: &mut Clinic,
    keys: &StateKeys,
    before: Option<&Person>,
    person: &Person,
) -> rusqlite::Result<()> {
    let hold = |hold: &Option<Hold>| hold.as_ref().map(|hold| to_json(&HoldJson::from(hold)));
    let (slot, activation) = (person.slot.as_ref(), person.activation.as_ref());
    let until = activation.map(|activation| {
        to_json(&UntilJson { until_unix: activation.until_unix, hold: HoldJson::from(&activation.hold) })
    });
    connection
        .prepare_cached(
            "INSERT INTO person (id, name, name_key, role, stage, slot_salt, slot_cost, slot_sealed, activation_salt,
                 activation_cost, activation_sealed, activation_until, generation, seen, code_key, password_unix,
                 signed_in_unix, password_failures, wait, code_failures, lock, wrong_codes, day_pass, vouched, texts)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
                 ?22, ?23, ?24, ?25)
             ON CONFLICT (id) DO UPDATE SET name = ?2, name_key = ?3, role = ?4, stage = ?5, slot_salt = ?6,
                 slot_cost = ?7, slot_sealed = ?8, activation_salt = ?9, activation_cost = ?10,
                 activation_sealed = ?11, activation_until = ?12, generation = ?13, seen = ?14, code_key = ?15,
                 password_unix = ?16, signed_in_unix = ?17, password_failures = ?18, wait = ?19, code_failures = ?20,
                 lock = ?21, wrong_codes = ?22, day_pass = ?23, vouched = ?24, texts = ?25",
        )?
        .execute(params![
            person.id,
            person.name,
            person.name_key,
            role_name(person.role),
            stage_name(person.stage),
            slot.map(|slot| slot.salt),
            slot.map(|slot| slot.cost.to_string()),
            slot.map(|slot| slot.sealed.as_slice()),
            activation.map(|activation| activation.slot.salt),
            activation.map(|activation| activation.slot.cost.to_string()),
            activation.map(|activation| activation.slot.sealed.as_slice()),
            until,
            person.generation,
            person.seen,
            person.code_key,
            person.password_unix,
            person.signed_in_unix,
            person.password_failures,
            hold(&person.wait),
            person.code_failures,
            hold(&person.lock),
            to_json(&person.wrong_codes_unix),
            person.day_pass.as_ref().map(|pass| to_json(&DayPassJson::from(pass))),
            person.vouched.as_ref().map(|moment| to_json(&MomentJson::from(moment))),
            to_json(&TextsJson::from(&person.texts)),
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

/// Removes a person with everything that belongs to them, readable or not.
/// False when there was nobody, neither on the roll nor in the file.
pub(in super::super) fn delete_person(
    connection: &Connection,
    clinic: &mut Clinic,
    id: &str,
) -> rusqlite::Result<bool> {
    // Phones and codes go by ON DELETE CASCADE; those whose person's row was lost would come back with the next one.
    connection.prepare_cached("DELETE FROM factor WHERE person = ?1")?.execute([id])?;
    connection.prepare_cached("DELETE FROM recovery_code WHERE person = ?1")?.execute([id])?;
    let rows = connection.prepare_cached("DELETE FROM person WHERE id = ?1")?.execute([id])?;
    let on_the_roll = clinic.roll.remove(id).is_some();
    Ok(rows > 0 || on_the_roll)
}

fn save_factors(connection: &Connection, person: &Person) -> rusqlite::Result<()> {
    // What goes on is updated in place: only its own page is written again, none of an index.
    let mut insert = connection.prepare_cached(
        "INSERT INTO factor (id, person, kind, label, stage, joins, seed, last_step, suspects, created_unix, number,
             ending)
         VALUES (?1, ?2, ?10, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?11, ?12)
         ON CONFLICT (id) DO UPDATE SET kind = ?10, label = ?3, stage = ?4, joins = ?5, seed = ?6, last_step = ?7,
             suspects = ?8, created_unix = ?9, number = ?11, ending = ?12",
    )?;
    for factor in &person.factors {
        let (app, sms) = match &factor.kind {
            FactorKind::Totp(app) => (Some(app), None),
            FactorKind::Sms(sms) => (None, Some(sms)),
        };
        let suspects = app.map(|app| -> Vec<(i64, u64)> { app.suspects.iter().map(|s| (s.offset, s.step)).collect() });
        insert.execute(params![
            factor.id,
            person.id,
            factor.label,
            factor_stage_name(factor.stage),
            joins_name(factor.joins),
            app.map(|app| app.seed.as_slice()),
            app.and_then(|app| app.last_step).map(|step| i64::try_from(step).unwrap_or(i64::MAX)),
            suspects.map(|suspects| to_json(&suspects)),
            factor.created_unix,
            factor.kind.name(),
            sms.map(|sms| sms.number.as_slice()),
            sms.map(|sms| sms.ending.as_str()),
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
