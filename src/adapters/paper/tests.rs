//! Sheets as files, read back by another program where it is installed.

use std::process::{Child, Command, Stdio};

use super::*;
use crate::effects::Removal;
use crate::explain::leaver;

const PERSON: &str = "María Łucja Santos-O'Neill";

fn ten_codes() -> Vec<SecretText> {
    (0..10).map(|n| SecretText::new(format!("{n}B7K-9QXM-{n}TZR-{n}HW{n}"))).collect()
}

/// What a PDF reader sees, or nothing (said aloud) where poppler is not installed. Through pipes: no file.
fn read_back(pdf: &[u8]) -> Option<String> {
    let mut reader = Command::new("pdftotext");
    match reader.args(["-layout", "-", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn() {
        Ok(reader) => Some(text_from(reader, pdf)),
        Err(_) => {
            assert!(std::env::var_os("CI").is_none(), "pdftotext must be there in CI");
            eprintln!("not run: pdftotext (poppler-utils) is not installed");
            None
        }
    }
}

fn text_from(mut reader: Child, pdf: &[u8]) -> String {
    reader.stdin.take().unwrap().write_all(pdf).unwrap();
    let output = reader.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn all_ten_codes_can_be_read_from_the_sheet() {
    let codes = ten_codes();
    let pdf = Sheet::spare_codes("Oak Tree Surgery", PERSON, "25 November 2026", &codes).pdf();
    assert!(pdf.starts_with(b"%PDF-1.") && pdf.ends_with(b"%%EOF"));
    let Some(text) = read_back(&pdf) else { return };
    for (index, code) in codes.iter().enumerate() {
        let line = text.lines().find(|line| line.contains(code.expose())).unwrap_or_else(|| panic!("{index}: {text}"));
        assert!(line.trim_start().starts_with(&format!("{}.", index + 1)) && line.contains("Used on"), "{line}");
    }
    for words in
        ["Ten spare codes", "Oak Tree Surgery", "María Lucja Santos-O'Neill", "25 November 2026", "on the desk"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn every_group_of_the_spare_key_can_be_read() {
    let key = SecretText::from("7K2M-9QXR-4TZB-1HWC-8NPD-3FJV-6GYE-5SAK");
    let pdf = Sheet::clinic_key("Oak Tree Surgery", "25 November 2026", &key).pdf();
    let Some(text) = read_back(&pdf) else { return };
    let read: Vec<&str> =
        text.split_whitespace().filter(|word| key.expose().contains(word) && word.len() == 4).collect();
    assert_eq!(read.join("-"), key.expose());
    assert!(text.contains("The clinic's spare key"), "{text}");
}

#[test]
fn the_slip_of_a_new_person_can_be_read_whole() {
    let code = SecretText::from("9B7K-9QXM-4TZR-1HWC");
    let pdf = Sheet::slip("Oak Tree Surgery", PERSON, "25 November 2026, 10:00", &code).pdf();
    assert!(pdf.starts_with(b"%PDF-1.") && pdf.ends_with(b"%%EOF"));
    let Some(text) = read_back(&pdf) else { return };
    let read: Vec<&str> =
        text.split_whitespace().filter(|word| code.expose().contains(word) && word.len() == 4).collect();
    assert_eq!(read.join("-"), code.expose(), "{text}");
    for words in ["María Lucja Santos-O'Neill", "Oak Tree Surgery", "25 November 2026, 10:00", "24 hours"] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn the_proof_of_a_removal_can_be_read_whole() {
    let removal = Removal {
        person: "bashdown".to_owned(),
        name: "Ben Ashdown".to_owned(),
        by: "msantos".to_owned(),
        by_name: PERSON.to_owned(),
        desk: "front-desk".to_owned(),
        unix_secs: 1_772_442_000,
        number: 1042,
    };
    let here = "2 March 2026, 10:00 (UTC+01:00)".to_owned();
    let proof = leaver::proof(&removal, here, "2026-03-02T09:00:00Z".to_owned());
    let pdf = Sheet::removal("Oak Tree Surgery", proof).pdf();
    let Some(text) = read_back(&pdf) else { return };
    for words in [
        "Removed from two-factor sign-in",
        "Oak Tree Surgery",
        "Ben Ashdown (bashdown)",
        "2 March 2026, 10:00 (UTC+01:00)",
        "2026-03-02T09:00:00Z",
        "María Lucja Santos-O'Neill (msantos)",
        "front-desk",
        "1042",
        "stopped working at that moment",
        "change it.",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn long_names_and_strange_letters_do_not_run_off_or_break() {
    let clinic = "The Extraordinarily Long-Named Community Health Partnership of Upper and Lower Slaughter ".repeat(3);
    let codes = ten_codes();
    let pdf = Sheet::spare_codes(&clinic, "張偉 (Zhang) \\ )(", "25 November 2026", &codes).pdf();
    let Some(text) = read_back(&pdf) else { return };
    assert!(codes.iter().all(|code| text.contains(code.expose())), "{text}");
}

#[test]
fn a_saved_sheet_is_new_and_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("codes.pdf");
    assert_eq!(save(&path, b"sheet"), Ok(()));
    assert_eq!(std::fs::read(&path).unwrap(), b"sheet");
    assert_eq!(save(&path, b"other"), Err(PaperError::Exists));
    assert_eq!(std::fs::read(&path).unwrap(), b"sheet", "the first one is untouched");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(save(&folder.path().join("no/such.pdf"), b"sheet"), Err(PaperError::NoRights));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else was written");
    assert_eq!((delete_saved(&path), delete_saved(&path), path.exists()), (Ok(()), Ok(()), false));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_named() {
    // Every write to this device answers "no space left"; the node is not ours to make, so only the writing is tried.
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    assert_eq!(write(full, b"sheet").map_err(|error| PaperError::from(&error)), Err(PaperError::Full));
}

#[test]
fn proposed_names_are_free_and_stay_in_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let first = free_name(folder.path(), "Spare codes ../A:B");
    assert_eq!(first.file_name().unwrap(), "Spare codes    A B.pdf");
    assert_eq!(first.parent(), Some(folder.path()));
    save(&first, b"").unwrap();
    assert_eq!(free_name(folder.path(), "Spare codes ../A:B").file_name().unwrap(), "Spare codes    A B 2.pdf");
}
