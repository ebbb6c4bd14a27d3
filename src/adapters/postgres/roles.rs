//! What is said to the server. Names and values are quoted by the server itself (`format`), never here.

use std::time::Duration;

use postgres::types::ToSql;
use postgres::{Client, GenericClient};
use postgres_protocol::password::scram_sha_256;

use super::told;
use crate::domain::practice::Server;
use crate::domain::secret::SecretText;
use crate::ports::{Login, LoginError, ServerSeen};

/// What a sign-in needs, asked for in one look. The administrative login makes roles; it may hand the practice's role on
/// (before PostgreSQL 16 whoever makes roles may); and it may end the sessions of others.
const NEEDS: &str = "
    SELECT current_setting('server_version'), extract(epoch FROM clock_timestamp())::bigint,
           me.rolsuper OR me.rolcreaterole,
           me.rolsuper OR pg_has_role(current_user, 'pg_signal_backend', 'USAGE'),
           (SELECT me.rolsuper
                OR pg_has_role(current_user, role.oid, 'USAGE WITH ADMIN OPTION')
                OR (current_setting('server_version_num')::int < 160000 AND me.rolcreaterole AND NOT role.rolsuper)
            FROM pg_roles role WHERE role.rolname = $1)
    FROM pg_roles me WHERE me.rolname = current_user";

/// Looks whether all of it is there.
pub(super) fn look(client: &mut impl GenericClient, server: &Server) -> Result<ServerSeen, LoginError> {
    let row = client.query_one(NEEDS, &[&server.role]).map_err(|err| told(&err))?;
    let (makes_roles, ends_sessions, hands_on): (bool, bool, Option<bool>) = (row.get(2), row.get(3), row.get(4));
    match hands_on {
        None => Err(LoginError::NoRole),
        Some(hands_on) if hands_on && makes_roles && ends_sessions => {
            Ok(ServerSeen { version: row.get(0), unix_secs: row.get(1) })
        }
        Some(_) => Err(LoginError::NoRights),
    }
}

/// Lets the server write a statement, and runs it.
fn run(client: &mut impl GenericClient, format: &str, values: &[&(dyn ToSql + Sync)]) -> Result<(), LoginError> {
    let row = client.query_one(format, values).map_err(|err| told(&err))?;
    client.batch_execute(row.get::<_, &str>(0)).map_err(|err| told(&err))
}

/// Everything or nothing: the role made if it is not there, a member of the practice's, with its password and its end.
pub(super) fn open(client: &mut Client, server: &Server, login: &Login) -> Result<ServerSeen, LoginError> {
    let mut tx = client.transaction().map_err(|err| told(&err))?;
    let seen = look(&mut tx, server)?;
    let name = &login.name;
    let mark = tx
        .query_opt("SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = $1", &[name])
        .map_err(|err| told(&err))?;
    match mark.map(|row| row.get::<_, Option<String>>(0)) {
        Some(mark) if mark.as_ref() != Some(&login.mark) => return Err(LoginError::NameTaken),
        Some(_) => {}
        None => {
            let make = "SELECT format('CREATE ROLE %I LOGIN INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION
                                       NOBYPASSRLS', $1::text)";
            run(&mut tx, make, &[name])?;
            run(&mut tx, "SELECT format('COMMENT ON ROLE %I IS %L', $1::text, $2::text)", &[name, &login.mark])?;
        }
    }
    run(&mut tx, "SELECT format('GRANT %I TO %I', $1::text, $2::text)", &[&server.role, name])?;
    end_sessions(&mut tx, name)?;
    let verifier = scram_sha_256(login.password.expose().as_bytes());
    let secs = login.valid.as_secs_f64();
    let set = "SELECT format('ALTER ROLE %I PASSWORD %L VALID UNTIL %L', $1::text, $2::text,
                             clock_timestamp() + make_interval(secs => $3))";
    run(&mut tx, set, &[name, &verifier, &secs])?;
    tx.commit().map_err(|err| told(&err))?;
    Ok(seen)
}

/// Valid for that long again.
pub(super) fn renew(client: &mut Client, name: &str, valid: Duration) -> Result<(), LoginError> {
    let set = "SELECT format('ALTER ROLE %I VALID UNTIL %L', $1::text,
                             clock_timestamp() + make_interval(secs => $2))";
    run(client, set, &[&name, &valid.as_secs_f64()])
}

/// No password and no time left, then no session: in this order, or one could be opened in between.
pub(super) fn close(client: &mut Client, name: &str) -> Result<(), LoginError> {
    let end = "SELECT format('ALTER ROLE %I PASSWORD NULL VALID UNTIL %L', $1::text, clock_timestamp())";
    run(client, end, &[&name])?;
    end_sessions(client, name)
}

fn end_sessions(client: &mut impl GenericClient, name: &str) -> Result<(), LoginError> {
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1";
    client.query(end, &[&name]).map(drop).map_err(|err| told(&err))
}

/// The administrative login's own password.
pub(super) fn change_own_password(client: &mut Client, new: &SecretText) -> Result<(), LoginError> {
    let verifier = scram_sha_256(new.expose().as_bytes());
    run(client, "SELECT format('ALTER ROLE %I PASSWORD %L', current_user, $1::text)", &[&verifier])
}
