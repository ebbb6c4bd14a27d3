//! C98: nothing that was typed or shown stands anywhere else.

use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Stdio;

use tempfile::TempDir;

use crate::clinic::{BEGIN, PASSWORD, Phone, spares};
use crate::desk::{Said, desk_or_leave_out, finish, run_bytes, until, words};
use crate::memory::device_item;
use crate::scan::ClinicKeys;

const NEW_PASSWORD: &str = "teapot gravel sunrise";
const WRONG_PASSWORD: &str = "thimble carousel otter";
const BENS: &str = "walnut ferry cobalt 88";

/// What must not be found, and where it came from.
#[derive(Default)]
struct Secrets(HashMap<Vec<u8>, Vec<(String, Vec<u8>)>>);

/// By how many bytes a place is looked up.
const START: usize = 4;

impl Secrets {
    fn text(&mut self, what: &str, text: &str) {
        self.bytes(what, text.as_bytes());
        let bare = text.replace('-', "");
        if bare != text {
            self.bytes(what, bare.as_bytes());
        }
    }

    fn bytes(&mut self, what: &str, bytes: &[u8]) {
        // As it is, and as programs write bytes. Six digits in hexadecimal or base64 would be found by chance.
        let mut ways = vec![bytes.to_vec()];
        if bytes.len() > 6 {
            let encodings = [
                data_encoding::HEXLOWER,
                data_encoding::BASE64_NOPAD,
                data_encoding::BASE64URL_NOPAD,
                data_encoding::BASE32_NOPAD,
            ];
            ways.extend(encodings.map(|encoding| encoding.encode(bytes).into_bytes()));
            ways.push(bytes.iter().flat_map(|byte| [*byte, 0]).collect());
        }
        for way in ways {
            let way = way.to_ascii_lowercase();
            self.0.entry(way[..START].to_vec()).or_default().push((what.to_owned(), way));
        }
    }

    fn sought_in(&self, place: &str, hay: &[u8]) {
        let hay = hay.to_ascii_lowercase();
        for at in 0..hay.len() {
            let (before, rest) = hay.split_at(at);
            // One look at each place, by the first bytes, and not one for each secret.
            let Some(candidates) = rest.get(..START).and_then(|start| self.0.get(start)) else { continue };
            for (what, secret) in candidates {
                let after = rest.strip_prefix(secret.as_slice());
                // Six digits inside a longer number are no code.
                let inside = |byte: Option<&u8>| secret.len() == 6 && byte.is_some_and(u8::is_ascii_hexdigit);
                let found = after.is_some_and(|after| !inside(before.last()) && !inside(after.first()));
                assert!(!found, "{what} stands in {place}");
            }
        }
    }

    fn sought_below(&self, folder: &Path) -> usize {
        let mut files = 0;
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let kind = fs::symlink_metadata(&path).expect("a file").file_type();
            self.sought_in("a file's name", path.as_os_str().as_bytes());
            if kind.is_dir() {
                files += self.sought_below(&path);
            } else if kind.is_file() {
                self.sought_in(&path.display().to_string(), &fs::read(&path).expect("read"));
                files += 1;
            }
        }
        files
    }
}

#[test]
fn no_secret_is_written_anywhere_c98() {
    // The desktop's keyring keeps its file in the home that is searched.
    let desk = desk_or_leave_out!("unlocked");
    let home = desk.home();
    let temp = TempDir::new().expect("a folder");
    let ctl = desk.ctl(&home.join("clinic"));
    let mut said: Vec<(String, Said)> = Vec::new();
    let mut secrets = Secrets::default();
    // Everything but the answers that the contract prints secrets in.
    let mut ask = |line: &str, input: &[&str]| {
        let mut command = ctl.command(words(line));
        command.env("RUST_LOG", "trace").env("RUST_BACKTRACE", "full").env("TMPDIR", temp.path());
        let typed: String = input.iter().flat_map(|line| [line, "\n"]).collect();
        let answer = run_bytes(command, typed.as_bytes());
        let copy = Said { out: answer.out.clone(), err: String::new(), ..answer };
        let shows = ["begin", "renew", "confirm", "people add"].iter().any(|word| line.contains(word));
        let kept = if shows && answer.status == 0 { Said { out: String::new(), ..answer } } else { answer };
        said.push((line.to_owned(), kept));
        copy
    };
    let json = |said: &Said| serde_json::from_str(&said.out).expect("JSON");

    let phone = Phone::of(&json(&ask(&format!("{BEGIN} --json"), &[PASSWORD])));
    let seed = data_encoding::BASE32.decode(phone.secret.as_bytes()).expect("base32");
    secrets.bytes("the seed", &seed);
    secrets.text("the seed", &phone.secret);
    for password in [PASSWORD, NEW_PASSWORD, WRONG_PASSWORD, BENS] {
        secrets.text("a password", password);
    }
    let code = phone.code();
    let sheets: serde_json::Value = json(&ask("setup confirm --person msantos --json", &[PASSWORD, &code]));
    secrets.text("the clinic key", sheets["recovery_key"].as_str().expect("a key"));
    let printed = spares(&sheets);
    printed.iter().for_each(|spare| secrets.text("a spare code", spare));
    let codes = [code, phone.code(), phone.wrong_code(), phone.code(), phone.code()];
    codes.iter().for_each(|code| secrets.text("a code", code));
    let [_, first, wrong, second, third] = &codes;
    ask("sign-in --json --person msantos", &[PASSWORD, first]);
    ask("sign-in --json --person msantos", &[PASSWORD, first]);
    ask("sign-in --person msantos", &[PASSWORD, wrong]);
    ask("sign-in --person msantos", &[WRONG_PASSWORD, wrong]);
    ask("sign-in --json --recovery --person msantos", &[PASSWORD, &printed[0]]);
    ask("sign-in --recovery --person msantos", &[PASSWORD, &printed[0]]);
    ask("sign-in --recovery --person msantos -- true", &[PASSWORD, &printed[1]]);
    ask("password --person msantos", &[PASSWORD, second, NEW_PASSWORD]);

    // Somebody new, from the slip to a phone and a sheet.
    let added: serde_json::Value =
        json(&ask("people add --name 'Ben Ashdown' --as msantos --json", &[NEW_PASSWORD, third]));
    let slip = added["activation_code"].as_str().expect("a code");
    secrets.text("an activation code", slip);
    let bens = Phone::of(&json(&ask("enrol begin --person bashdown --json", &[slip, BENS])));
    secrets.bytes("another seed", &data_encoding::BASE32.decode(bens.secret.as_bytes()).expect("base32"));
    secrets.text("another seed", &bens.secret);
    let code = bens.code();
    secrets.text("a code", &code);
    let sheets: serde_json::Value = json(&ask("enrol confirm --person bashdown --json", &[BENS, &code]));
    spares(&sheets).iter().for_each(|spare| secrets.text("a spare code", spare));
    ask("enrol begin --person bashdown", &[slip, BENS]);
    ask("sign-in --recovery --person bashdown", &[BENS, &spares(&sheets)[0]]);

    for line in ["status", "doctor", "people list", "audit list", "audit verify", "sign-in --person msantos --code"] {
        ask(line, &[]);
    }
    ask("sign-in --json --person msantos", &[&phone.secret, &printed[2]]);

    // While one runs, what others on this computer can see of it.
    let mut command = ctl.command(["sign-in", "--recovery", "--person", "msantos", "--", "cat"]);
    command.stdin(Stdio::piped());
    let mut child = command.spawn().expect("the program");
    let mut input = child.stdin.take().expect("its input");
    input.write_all(format!("{NEW_PASSWORD}\n{}\nhere\n", printed[3]).as_bytes()).expect("written");
    let children = format!("/proc/{0}/task/{0}/children", child.id());
    let mut below = String::new();
    until("the program to start the other", 20, || {
        below = fs::read_to_string(&children).unwrap_or_default();
        !below.trim().is_empty()
    });
    for pid in [child.id().to_string(), below.trim().to_owned()] {
        for file in ["cmdline", "environ"] {
            match fs::read(format!("/proc/{pid}/{file}")) {
                Ok(bytes) => secrets.sought_in(file, &bytes),
                // The program closes its surroundings to everyone but root; what it was started with stays to be seen.
                Err(error) => assert_eq!((file, error.kind()), ("environ", std::io::ErrorKind::PermissionDenied)),
            }
        }
    }
    drop(input);
    // What nobody is ever shown.
    let database = home.join("clinic/state.db");
    let keychain_id: String = rusqlite::Connection::open(&database)
        .and_then(|db| db.query_row("SELECT keychain_id FROM clinic", [], |row| row.get(0)))
        .expect("an id");
    let keys = ClinicKeys::of(&database, "msantos", NEW_PASSWORD, &device_item(&desk, &keychain_id));
    secrets.bytes("the device key", keys.device.expose());
    secrets.bytes("the DEK", keys.dek.expose());
    secrets.bytes("a slot's key", keys.slot.expose());
    secrets.bytes("the state key", keys.state.state.expose());
    secrets.bytes("the audit key", keys.state.audit.expose());
    said.push(("sign-in -- cat".to_owned(), finish(child)));

    for (line, said) in &said {
        secrets.sought_in(line, said.out.as_bytes());
        secrets.sought_in(line, said.err.as_bytes());
        assert!(!said.err.contains("TRACE") && !said.err.contains("panicked"), "{line}: {said:?}");
    }
    assert!(secrets.sought_below(&home) >= 4, "database, lock, keyring and support log were searched");
    let log = fs::read_to_string(home.join("clinic/logs/clinic2fa.log")).expect("the support log");
    assert!(log.lines().filter(|line| line.contains("] ran command=")).count() > 15, "{log}");
    assert_eq!(secrets.sought_below(temp.path()), 0, "no temporary files");
    // The search itself finds what is there.
    let planted = fs::read(home.join("clinic/state.db")).expect("read");
    let mut own = Secrets::default();
    own.text("a name", "Maria Santos");
    assert!(std::panic::catch_unwind(|| own.sought_in("the database", &planted)).is_err());
}
