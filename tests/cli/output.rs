//! What cannot be written is not confirmed, and how input may come.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::clinic::{BEGIN, Clinic, PASSWORD, Phone, place};
use crate::desk::{Ctl, desk_or_leave_out, finish, run, until};

const CONFIRM: [&str; 4] = ["setup", "confirm", "--person", "msantos"];

fn full() -> Stdio {
    fs::OpenOptions::new().write(true).open("/dev/full").expect("a full device").into()
}

/// A pipe whose reader has gone.
fn broken() -> Stdio {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    OwnedFd::from(writer).into()
}

/// Through a shell, which can close what it hands over.
fn closed(ctl: &Ctl<'_>, closed: &str, more: &[&str]) -> Command {
    let command = ctl.command(CONFIRM.iter().chain(more));
    let mut shell = ctl.desk.command("sh");
    shell.arg("-c").arg(format!("exec \"$@\" {closed}")).arg("sh").arg(command.get_program());
    shell.args(command.get_args());
    shell
}

#[test]
fn codes_that_cannot_be_written_confirm_nothing() {
    let desk = desk_or_leave_out!();
    let place = place(desk);
    let ctl = &place.ctl;
    let into = |out: Stdio, more: &str| {
        let mut command = ctl.command(CONFIRM.iter().chain([&more]).filter(|word| !word.is_empty()));
        command.stdout(out);
        command
    };
    let ways: [(&str, Command); 4] = [
        ("full", into(full(), "--json")),
        ("full, in words", into(full(), "")),
        ("reader gone", into(broken(), "--json")),
        ("closed", closed(ctl, ">&-", &["--json"])),
    ];
    let mut phone = Phone::of(&ctl.done(BEGIN, &[PASSWORD]));
    for (at, (way, command)) in ways.into_iter().enumerate() {
        if at == 2 {
            // Beginning again starts over with new keys; the entry on the phone is void.
            let again = Phone::of(&ctl.done(BEGIN, &[PASSWORD]));
            assert_ne!(phone.secret, again.secret);
            phone = again;
        }
        let said = run(command, &format!("{PASSWORD}\n{}\n", phone.code()));
        assert_eq!(said.status, 4, "{way}: {said:?}");
        assert!(said.err.lines().count() == 1 && said.err.contains("nothing was confirmed"), "{way}: {said:?}");
        assert_eq!(ctl.state(), "pending", "{way}");
    }
    let phone = Phone::of(&ctl.done(BEGIN, &[PASSWORD]));
    ctl.done("setup confirm --person msantos", &[PASSWORD, &phone.code()]);
    assert_eq!(ctl.state(), "active");

    // The same for new spare codes; an answer without secrets may be lost, and its status still says it.
    let mut renew = ctl.command(["recovery", "renew", "--person", "msantos", "--json"]);
    renew.stdout(full());
    assert_eq!(run(renew, &format!("{PASSWORD}\n{}\n", phone.code())).status, 4);
    let renewed = ctl.done("audit list --event recovery-codes-renewed", &[]);
    assert_eq!(renewed["events"], json!([]), "nothing was replaced");
    let mut wrong = ctl.command(["sign-in", "--person", "msantos", "--json"]);
    wrong.stdout(full());
    assert_eq!(run(wrong, &format!("{PASSWORD}\n{}\n", phone.wrong_code())).status, 1);
    let mut status = ctl.command(["status"]);
    status.stdout(full());
    assert_eq!(run(status, "").status, 4);
}

/// The sheets go out before they are stored. When storing fails after that, there is still one object, and the words
/// that take it back are on standard error.
#[test]
fn sheets_that_were_told_and_could_not_be_stored_are_taken_back() {
    let desk = desk_or_leave_out!();
    let place = place(desk);
    let ctl = &place.ctl;
    let phone = Phone::of(&ctl.done(BEGIN, &[PASSWORD]));
    // Standard output has no room left, so that the program stops exactly there.
    let (mut reader, writer) = UnixStream::pair().expect("a pair");
    writer.set_nonblocking(true).expect("set");
    while (&writer).write(&[b' '; 1024]).is_ok() {}
    writer.set_nonblocking(false).expect("set");
    let mut command = ctl.command(CONFIRM.iter().chain([&"--json"]));
    command.stdin(Stdio::piped()).stdout(OwnedFd::from(writer));
    let mut child = command.spawn().expect("the program");
    drop(command);
    let input = format!("{PASSWORD}\n{}\n", phone.code());
    let mut stdin = child.stdin.take().expect("its input");
    stdin.write_all(input.as_bytes()).expect("written");
    let db = Connection::open(ctl.data_dir.join("state.db")).expect("the database");
    let accepted = "SELECT 1 FROM audit WHERE event = 'enrolment-code' AND result = 'accepted'";
    until("the code to be accepted", 20, || db.query_row(accepted, [], |_| Ok(())).is_ok());
    db.execute_batch("BEGIN IMMEDIATE").expect("the write lock");
    let mut out = String::new();
    reader.read_to_string(&mut out).expect("text");
    let said = finish(child);
    drop(db);
    let sheets: Value = serde_json::from_str(out.trim()).expect("one object");
    assert_eq!(sheets["recovery_codes"].as_array().map(Vec::len), Some(10));
    assert_eq!((said.status, said.err.lines().count()), (4, 1), "{said:?}");
    assert!(said.err.contains("codes"), "{said:?}");
    assert_eq!(ctl.state(), "pending");
    let again = ctl.done("setup confirm --person msantos", &[PASSWORD, &phone.code()]);
    assert_ne!(again["recovery_codes"], sheets["recovery_codes"]);
}

// C100
#[test]
fn lines_as_windows_and_scripts_write_them() {
    let desk = desk_or_leave_out!();
    let place = place(desk);
    let ctl = &place.ctl;
    let begin = format!("{BEGIN} --support 'Anna, 020 7946 0000'");
    let bytes = |line: &str, bytes: &[u8]| ctl.bytes(line, bytes);
    let (status, offer) = bytes(&begin, b"\xef\xbb\xbfquarter lantern mosaic\r\n");
    assert_eq!(status, 0, "{offer}");
    let phone = Phone::of(&offer);
    let confirm = "setup confirm --person msantos";
    let endless = vec![b'q'; 70_000];
    for (input, status, code) in [
        (&b""[..], 2, "cli-input-ended"),
        (b"quarter lantern mosaic", 2, "cli-input-ended"),
        (b"quarter lantern mosaic\n", 2, "cli-input-ended"),
        (b"\n123456\n", 2, "no-password"),
        (b"quarter lantern mosaic\n12345\n", 2, "not-a-code"),
        (b"quarter lantern mosaic\n123456789012\n", 2, "not-a-code"),
        // Windows PowerShell's own encoding, and what never ends.
        (b"\xff\xfeq\0u\0a\0r\0t\0e\0r\0\n\0", 2, "cli-input-unreadable"),
        (&endless, 2, "cli-input-unreadable"),
    ] {
        let (got, answer) = bytes(confirm, input);
        assert_eq!((got, &answer["error"]["code"]), (status, &json!(code)), "{answer}");
    }
    assert_eq!(ctl.done("audit list", &[])["events"].as_array().map(Vec::len), Some(1), "nothing of it was judged");
    // Blanks and dashes as people write codes; no newline at the end.
    let code = phone.code();
    let (head, tail) = code.split_at(3);
    let sheets = bytes(confirm, format!("{PASSWORD}\r\n {head}-{tail} ").as_bytes());
    assert_eq!(sheets.0, 0, "{}", sheets.1);
    assert_eq!(ctl.state(), "active");
    // Closed, not only at its end.
    let said = run(closed(ctl, "<&-", &["--json"]), "");
    assert_eq!(said.object().1["error"]["code"], "already-set-up");
    let mut shell = ctl.desk.command("sh");
    let sign_in = ctl.command(["sign-in", "--person", "msantos", "--json"]);
    shell.args(["-c", "exec \"$@\" <&-", "sh"]).arg(sign_in.get_program()).args(sign_in.get_args());
    let said = run(shell, "");
    let (status, answer) = said.object();
    assert_eq!((status, &answer["error"]["code"]), (2, &json!("cli-input-ended")));
}

#[test]
fn the_data_directory_comes_from_the_argument_then_from_the_environment() {
    let desk = desk_or_leave_out!();
    let clinic = Clinic::set_up(desk);
    let other = place(desk);
    let ask = |argument: bool, variable: Option<&Ctl<'_>>| {
        let mut command = desk.command(env!("CARGO_BIN_EXE_clinic2factl"));
        command.args(["status", "--json"]);
        if argument {
            command.arg("--data-dir").arg(&clinic.ctl().data_dir);
        }
        command.env("CLINIC2FA_DATA_DIR", variable.map_or(std::ffi::OsStr::new(""), |ctl| ctl.data_dir.as_os_str()));
        run(command, "").object().1["state"].clone()
    };
    assert_eq!(ask(true, Some(&other.ctl)), "active");
    assert_eq!(ask(false, Some(clinic.ctl())), "active");
    assert_eq!(ask(false, Some(&other.ctl)), "new");
    assert_eq!(ask(false, None), "new");
    let own = desk.home().join(".local/share/clinic2fa");
    assert!(File::open(own.join("state.lock")).is_ok(), "the system's own place");
}
