//! The clinic's one row.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::json::{HoldJson, MomentJson, from_json, to_json};
use super::texts::TextGaugeJson;
use super::{Unreadable, get, names, tag_of};
use crate::adapters::sqlite::open::sql;
use crate::domain::audit::Head;
use crate::domain::canon::Tag;
use crate::domain::keys::StateKeys;
use crate::domain::lockout::{DeskGauge, Hold};
use crate::domain::moment::Moment;
use crate::domain::sms::TextGauge;
use crate::domain::state::{Clinic, ClinicStage, DatabaseKey, believable_epoch};
use crate::ports::{Now, StoreError};

names!(stage_name, stage_of, ClinicStage,
    ClinicStage::Pending => "pending",
    ClinicStage::Proved => "proved",
    ClinicStage::Active => "active",
);

/// The clinic row as it stands, its tag beside it and not yet verified; `None` in a database without a clinic.
pub(in super::super) fn clinic_unproved(connection: &Connection) -> Result<Option<(Clinic, Tag)>, StoreError> {
    let row = connection
        .prepare_cached("SELECT * FROM clinic WHERE one = 1")
        .and_then(|mut statement| statement.query_row([], |row| Ok(clinic_of(row))).optional())
        .map_err(|err| sql(&err))?;
    match row {
        None => Ok(None),
        Some(Ok(found)) => Ok(Some(found)),
        Some(Err(Unreadable)) => Err(StoreError::ClinicChanged),
    }
}

/// The clinic, its tag verified.
pub(in super::super) fn clinic(connection: &Connection, keys: &StateKeys) -> Result<Clinic, StoreError> {
    let (clinic, tag) = clinic_unproved(connection)?.ok_or(StoreError::NotNow)?;
    if clinic.tag(&keys.state) == tag { Ok(clinic) } else { Err(StoreError::ClinicChanged) }
}

/// The clinic for whoever holds the clinic recovery key: what names and opens the keys must be readable; the rest, which
/// is accepted or made anew with it, need not be.
pub(in super::super) fn clinic_to_recover(connection: &Connection, now: &Now) -> Result<Option<Clinic>, StoreError> {
    let row = connection
        .prepare_cached("SELECT * FROM clinic WHERE one = 1")
        .and_then(|mut statement| statement.query_row([], |row| Ok(recovered_of(row, now))).optional())
        .map_err(|err| sql(&err))?;
    row.transpose().map_err(|Unreadable| StoreError::ClinicChanged)
}

/// The name under which the keychain has this clinic's items: what no program of ours can have written is damage here, and
/// no fault of the keychain's.
fn keychain_id_of(row: &Row<'_>) -> Result<String, Unreadable> {
    const LONGEST: usize = 48;
    let id: String = get(row, "keychain_id")?;
    let named = id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if named && (1..=LONGEST).contains(&id.len()) { Ok(id) } else { Err(Unreadable) }
}

fn recovered_of(row: &Row<'_>, now: &Now) -> Result<Clinic, Unreadable> {
    let gauge = get::<String>(row, "gauge").and_then(|text| from_json::<HoldJson>(&text)).map(Hold::from);
    Ok(Clinic {
        id: get(row, "id")?,
        keychain_id: keychain_id_of(row)?,
        stage: ClinicStage::Active,
        name: get(row, "name")?,
        created_unix: get(row, "created_unix").unwrap_or_default(),
        settings_json: get(row, "settings").unwrap_or_default(),
        epoch: get::<i64>(row, "epoch").ok().and_then(|epoch| u64::try_from(epoch).ok()).map_or(0, believable_epoch),
        gauge: gauge.map_or_else(|_| DeskGauge::new(&now.boot), |gauge| DeskGauge { level: gauge.left, at: gauge.at }),
        clocks: Moment::of(now),
        device_key: get(row, "device_key")?,
        sms_secret: get(row, "sms_secret").unwrap_or_default(),
        texts: get::<String>(row, "texts")
            .and_then(|text| from_json::<TextGaugeJson>(&text))
            .map(TextGauge::from)
            .unwrap_or_default(),
        recovery_slot: get(row, "recovery_slot")?,
        key_due: get(row, "key_due").unwrap_or_default(),
        database_key: DatabaseKey {
            present: get(row, "database_key").unwrap_or_default(),
            next: get(row, "database_next").unwrap_or_default(),
        },
        roll: BTreeMap::new(),
        head: Head::EMPTY,
    })
}

fn clinic_of(row: &Row<'_>) -> Result<(Clinic, Tag), Unreadable> {
    let gauge: Hold = from_json::<HoldJson>(&get::<String>(row, "gauge")?)?.into();
    let roll: BTreeMap<String, String> = from_json(&get::<String>(row, "roll")?)?;
    let roll = roll
        .into_iter()
        .map(|(id, hex)| Ok((id, tag_of(HEXLOWER.decode(hex.as_bytes()).map_err(|_| Unreadable)?)?)))
        .collect::<Result<_, Unreadable>>()?;
    let clinic = Clinic {
        id: get(row, "id")?,
        keychain_id: keychain_id_of(row)?,
        stage: stage_of(&get::<String>(row, "stage")?)?,
        name: get(row, "name")?,
        created_unix: get(row, "created_unix")?,
        settings_json: get(row, "settings")?,
        epoch: u64::try_from(get::<i64>(row, "epoch")?).map_err(|_| Unreadable)?,
        gauge: DeskGauge { level: gauge.left, at: gauge.at },
        clocks: from_json::<MomentJson>(&get::<String>(row, "clocks")?)?.into(),
        device_key: get(row, "device_key")?,
        sms_secret: get(row, "sms_secret")?,
        texts: from_json::<TextGaugeJson>(&get::<String>(row, "texts")?)?.into(),
        recovery_slot: get(row, "recovery_slot")?,
        key_due: get(row, "key_due")?,
        database_key: DatabaseKey { present: get(row, "database_key")?, next: get(row, "database_next")? },
        roll,
        head: Head { number: get(row, "head_number")?, tag: tag_of(get(row, "head_tag")?)? },
    };
    Ok((clinic, tag_of(get(row, "tag")?)?))
}

/// Writes the clinic row with its tag.
pub(in super::super) fn save_clinic(
    connection: &Connection,
    clinic: &Clinic,
    keys: &StateKeys,
) -> rusqlite::Result<()> {
    let roll: BTreeMap<&str, String> =
        clinic.roll.iter().map(|(id, tag)| (id.as_str(), HEXLOWER.encode(tag))).collect();
    let gauge = HoldJson::from(&Hold { left: clinic.gauge.level, at: clinic.gauge.at.clone() });
    connection
        .prepare_cached(
            "INSERT INTO clinic (one, id, keychain_id, stage, name, created_unix, settings, epoch, gauge,
                 clocks, device_key, recovery_slot, key_due, roll, head_number, head_tag, tag, sms_secret, texts,
                 database_key, database_next)
             VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)
             ON CONFLICT (one) DO UPDATE SET id = ?1, keychain_id = ?2, stage = ?3, name = ?4, created_unix = ?5,
                 settings = ?6, epoch = ?7, gauge = ?8, clocks = ?9, device_key = ?10, recovery_slot = ?11,
                 key_due = ?12, roll = ?13, head_number = ?14, head_tag = ?15, tag = ?16, sms_secret = ?17, texts = ?18,
                 database_key = ?19, database_next = ?20",
        )?
        .execute(params![
            clinic.id,
            clinic.keychain_id,
            stage_name(clinic.stage),
            clinic.name,
            clinic.created_unix,
            clinic.settings_json,
            i64::try_from(clinic.epoch).unwrap_or(i64::MAX),
            to_json(&gauge),
            to_json(&MomentJson::from(&clinic.clocks)),
            clinic.device_key,
            clinic.recovery_slot,
            clinic.key_due,
            to_json(&roll),
            clinic.head.number,
            clinic.head.tag,
            clinic.tag(&keys.state),
            clinic.sms_secret,
            to_json(&TextGaugeJson::from(&clinic.texts)),
            clinic.database_key.present,
            clinic.database_key.next,
        ])
        .map(drop)
}
