//! Several people, and the way back, through the real program: in brief what `tests/core` says at length.

use std::fs;

use serde_json::{Value, json};

use crate::clinic::{Clinic, PASSWORD, Phone, spares};
use crate::desk::{Ctl, desk_or_leave_out, run};

const BENS: &str = "walnut ferry cobalt 88";
const NEW: &str = "gravel sunrise teapot 31";

fn person(ctl: &Ctl<'_>, id: &str) -> Value {
    let list = ctl.done("people list", &[]);
    let people = list["people"].as_array().expect("a list");
    people.iter().find(|person| person["id"] == id).cloned().unwrap_or_default()
}

fn slip(answer: &Value) -> String {
    answer["activation_code"].as_str().expect("a code").to_owned()
}

/// From the slip to a phone and its sheet.
fn begins(ctl: &Ctl<'_>, id: &str, slip: &str, password: &str) -> (Phone, Vec<String>) {
    let typed = slip.to_lowercase().replace('-', " ");
    let offer = ctl.done(&format!("enrol begin --person {id}"), &[&typed, password]);
    assert_eq!(offer["person"], id);
    let phone = Phone::of(&offer);
    ctl.judged(&format!("enrol confirm --person {id}"), &[password, &phone.wrong_code()], 1, "code");
    let sheets = ctl.done(&format!("enrol confirm --person {id}"), &[password, &phone.code()]);
    assert_eq!(sheets.as_object().map(serde_json::Map::len), Some(1), "{sheets}");
    let codes = spares(&sheets);
    (phone, codes)
}

/// C93, C95: somebody comes, loses the phone, and leaves.
#[test]
fn c93_somebody_comes_is_reset_and_leaves() {
    let desk = desk_or_leave_out!();
    let clinic = Clinic::set_up(desk);
    let ctl = clinic.ctl();
    let add = "people add --name 'Ben Ashdown' --as msantos";
    ctl.judged(add, &[PASSWORD, &clinic.phone.wrong_code()], 1, "code");
    ctl.refused("people add --name '\u{430}nna' --as msantos", &[PASSWORD, "123456"], 2, "name-look-alikes");
    let added = ctl.done(add, &[PASSWORD, &clinic.phone.code()]);
    assert_eq!((&added["person"], added.as_object().map(serde_json::Map::len)), (&json!("bashdown"), Some(2)));
    let before = json!({
        "id": "bashdown", "name": "Ben Ashdown", "role": "staff", "state": "pending", "factors": [], "recovery_left": 0,
    });
    assert_eq!(person(ctl, "bashdown"), before);
    // Before the phone is linked nothing opens anything, and what is no code or password costs nothing.
    ctl.refused("sign-in --person bashdown", &[BENS, "123456"], 5, "person-unknown");
    ctl.refused("enrol confirm --person bashdown", &[BENS, "123456"], 5, "not-now");
    ctl.refused("enrol begin --person bashdown", &["123456", BENS], 2, "not-an-activation-code");
    ctl.refused("enrol begin --person bashdown", &[&slip(&added), "Ben Ashdown 1"], 2, "password-name");
    ctl.refused("enrol begin --person nobody", &[&slip(&added), BENS], 5, "person-unknown");
    ctl.refused("enrol begin --person msantos", &[&slip(&added), BENS], 5, "not-now");
    ctl.judged("enrol begin --person bashdown", &[&clinic.spares[0], BENS], 1, "code");
    let (phone, sheet) = begins(ctl, "bashdown", &slip(&added), BENS);
    ctl.refused("enrol begin --person 'Ben Ashdown'", &[&slip(&added), BENS], 5, "not-now");
    ctl.judged("sign-in --person 'BEN ashdown'", &[BENS, &phone.code()], 0, "accepted");
    assert_eq!(person(ctl, "bashdown")["state"], "active");

    let reset = ctl.done("people reset --person bashdown --as msantos", &[PASSWORD, &clinic.phone.code()]);
    assert_eq!(person(ctl, "bashdown")["state"], "reset");
    ctl.refused("sign-in --person bashdown", &[BENS, &phone.code_at(1)], 5, "person-unknown");
    ctl.refused("sign-in --recovery --person bashdown", &[BENS, &sheet[0]], 5, "person-unknown");
    let (second, _) = begins(ctl, "bashdown", &slip(&reset), NEW);
    ctl.judged("sign-in --person bashdown", &[NEW, &second.code()], 0, "accepted");
    ctl.judged("sign-in --recovery --person bashdown", &[NEW, &sheet[0]], 1, "code");
    ctl.judged("sign-in --person bashdown", &[NEW, &phone.code_at(1)], 1, "code");

    let removed = ctl.done("people remove --person bashdown --as msantos", &[PASSWORD, &clinic.phone.code()]);
    assert_eq!(removed, json!({}));
    assert_eq!(person(ctl, "bashdown"), Value::Null);
    ctl.refused("sign-in --person bashdown", &[NEW, "123456"], 5, "person-unknown");
    let log = ctl.done("audit list --person bashdown", &[]);
    let last = log["events"].as_array().and_then(|events| events.last()).expect("an entry");
    assert_eq!((&last["event"], &last["actor"]), (&json!("person-removed"), &json!("msantos")));
    // In sentences the same is a proof: who, by whom, which entry of the log, and what to do now.
    ctl.done("people add --name 'Cleo Park' --as msantos", &[PASSWORD, &clinic.phone.code()]);
    let said = ctl.plain("people remove --person cpark --as msantos", &[PASSWORD, &clinic.phone.code()]);
    let log = ctl.done("audit list --event person-removed --person cpark", &[]);
    let entry = format!("Log entry: {}", log["events"][0]["n"]);
    for words in ["Removed: Cleo Park (cpark)", "By: Maria Santos (msantos)", &entry, "stopped working", "change it."] {
        assert!(said.status == 0 && said.out.contains(words), "{words}: {said:?}");
    }
    assert_eq!(ctl.done("audit verify", &[])["ok"], true);
}

/// C95, C96: staff manage nobody, nobody manages themselves, the last manager stays; settings keep to their ranges.
#[test]
fn c96_who_may_do_what() {
    let desk = desk_or_leave_out!();
    let clinic = Clinic::set_up(desk);
    let ctl = clinic.ctl();
    // The clinic's own; what belongs to text messages is tested with them.
    let shown = ctl.done("settings show", &[]);
    let own = json!({
        "program": "ClinicOffice", "support": "", "wrong-codes": 10, "shortest-password": 12, "time-server": "",
        "after-lock": "password", "lock-after-minutes": 5, "full-sign-in-hours": 12,
        "lock-screen": "curtain",
    });
    for (key, value) in own.as_object().expect("an object") {
        assert_eq!(&shown["settings"][key], value, "{key}: {shown}");
    }
    for (key, value) in [
        ("wrong-codes", "4"),
        ("wrong-codes", "11"),
        ("wrong-codes", "many"),
        ("shortest-password", "7"),
        ("shortest-password", "65"),
        ("lock-after-minutes", "0"),
        ("lock-after-minutes", "61"),
        ("full-sign-in-hours", "0"),
        ("full-sign-in-hours", "25"),
        ("after-lock", "nothing"),
        ("lock-screen", "poster"),
        ("colour", "blue"),
    ] {
        let line = format!("settings set {key} {value} --as msantos");
        ctl.refused(&line, &[PASSWORD, "123456"], 2, "cli-setting");
    }
    ctl.refused("settings set program '' --as msantos", &[PASSWORD, "123456"], 2, "name-empty");
    let code = clinic.phone.code();
    assert_eq!(ctl.done("settings set wrong-codes 5 --as msantos", &[PASSWORD, &code]), json!({}));
    ctl.judged("settings set wrong-codes 6 --as msantos", &[PASSWORD, &code], 1, "used");
    assert_eq!(ctl.done("settings show", &[])["settings"]["wrong-codes"], 5);
    let changed = ctl.done("audit list --event setting-changed", &[]);
    assert_eq!(
        (&changed["events"][0]["result"], &changed["events"][0]["actor"]),
        (&json!("wrong-codes"), &json!("msantos"))
    );

    let added = ctl.done("people add --name 'Ben Ashdown' --as msantos", &[PASSWORD, &clinic.phone.code()]);
    let (phone, _) = begins(ctl, "bashdown", &slip(&added), BENS);
    let own = "people remove --person msantos --as msantos";
    ctl.refused(own, &[PASSWORD, &clinic.phone.code()], 5, "last-manager");
    let people = ctl.done("people list", &[]);
    ctl.refused("people reset --person msantos --as bashdown", &[BENS, &phone.code()], 5, "not-allowed");
    ctl.refused("recovery-key renew --as bashdown", &[BENS, &phone.code()], 5, "not-allowed");
    assert_eq!(ctl.done("people list", &[]), people);
    let tried = ctl.done("audit list --event person-reset", &[]);
    assert_eq!(
        (&tried["events"][0]["result"], &tried["events"][0]["actor"]),
        (&json!("not-allowed"), &json!("bashdown"))
    );

    let pass = ctl.done("people day-pass --person bashdown --as msantos", &[PASSWORD, &clinic.phone.code()]);
    assert_eq!(pass, json!({}));
    let made = "people role --person bashdown --role manager --as msantos";
    assert_eq!(ctl.done(made, &[PASSWORD, &clinic.phone.code()]), json!({}));
    assert_eq!(person(ctl, "bashdown")["role"], "manager");
}

/// C95: the key is lost, the manager's phone, too; and each way leaves its entry in the log.
#[test]
fn c95_the_way_back_with_the_clinics_spare_key() {
    let desk = desk_or_leave_out!();
    let clinic = Clinic::set_up(desk);
    let ctl = clinic.ctl();
    let mut tool = desk.command("secret-tool");
    tool.args(["clear", "service", "clinic2fa", "username", &format!("device-{}", clinic.keychain_id())]);
    assert_eq!(run(tool, "").status, 0);
    assert_eq!(ctl.state(), "closed");
    ctl.refused("sign-in --person msantos", &[PASSWORD, "123456"], 4, "key-missing");
    ctl.refused("recover", &["not a key"], 2, "not-a-clinic-key");
    let last = if clinic.key.ends_with('0') { "1" } else { "0" };
    let mut wrong = clinic.key.clone();
    wrong.pop();
    wrong.push_str(last);
    let (status, told) = ctl.json("recover", &[&wrong]);
    let code = told["error"]["code"].as_str().expect("an error");
    assert!((status, code) == (1, "clinic-key-wrong") || (status, code) == (2, "not-a-clinic-key"), "{told}");
    assert_eq!(ctl.state(), "closed");
    assert_eq!(ctl.done("recover", &[&clinic.key.to_lowercase()]), json!({}));
    assert_eq!(ctl.state(), "active");
    // Codes up to now may have been used elsewhere: the sheet, or half a minute.
    ctl.judged("sign-in --person msantos", &[PASSWORD, &clinic.phone.code()], 1, "used");
    clinic.signs_in_by_spare(1);

    let begun = ctl.done("recover --manager 'Maria Santos'", &[&clinic.key, NEW]);
    assert_eq!(begun["person"], "msantos");
    assert_eq!(person(ctl, "msantos")["state"], "reset");
    let phone = Phone::of(&begun);
    let sheets = ctl.done("enrol confirm --person msantos", &[NEW, &phone.code()]);
    let key = sheets["recovery_key"].as_str().expect("a new key");
    assert_eq!(spares(&sheets).len(), 10);
    ctl.judged("sign-in --person msantos", &[NEW, &phone.code()], 0, "accepted");
    ctl.judged("sign-in --recovery --person msantos", &[NEW, &clinic.spares[1]], 1, "code");
    ctl.refused("recover", &[&clinic.key], 1, "clinic-key-wrong");
    let renewed = ctl.done("recovery-key renew --as msantos", &[NEW, &phone.code()]);
    ctl.refused("recover", &[key], 1, "clinic-key-wrong");
    assert_eq!(ctl.done("recover", &[renewed["recovery_key"].as_str().expect("a key")]), json!({}));
    let log = ctl.done("audit list --event recovered", &[]);
    assert_eq!(log["events"].as_array().map(Vec::len), Some(5), "three that went well, two wrong keys");

    let file = ctl.data_dir.with_file_name("log.csv");
    let export = format!("audit export {}", file.display());
    let entries = ctl.done("audit list", &[])["events"].as_array().map(Vec::len);
    assert_eq!(ctl.done(&export, &[])["events"].as_u64().and_then(|n| usize::try_from(n).ok()), entries);
    let text = fs::read_to_string(&file).expect("a file");
    assert_eq!(Some(text.lines().count()), entries.map(|entries| entries + 1));
    ctl.refused(&export, &[], 4, "paper-exists");
    assert_eq!(fs::read_to_string(&file).expect("a file"), text);
    ctl.refused("audit export log.txt", &[], 2, "cli-usage");
    ctl.refused("audit export /proc/log.csv", &[], 4, "paper-broken");
    assert_eq!(
        ctl.done(&format!("audit export {}", file.with_extension("jsonl").display()), &[])["events"],
        json!(entries)
    );
}
