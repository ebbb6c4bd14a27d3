//! Texts by command, through a real Kannel.

use serde_json::Value;

use crate::clinic::{Clinic, PASSWORD};
use crate::desk::{Desk, desk_or_leave_out};
use crate::kannel::{self, Kannel, Plan, kannel_or_leave_out};
use crate::time::in_zone;

const NUMBER: &str = "'07700 900123'";

impl<'desk> Clinic<'desk> {
    /// One that sends texts, and its manager with a number linked by the first of them.
    fn by_text(desk: &'desk Desk, kannel: &Kannel) -> Self {
        let clinic = Self::set_up(desk);
        clinic.chooses(kannel, "yes");
        let renew = format!("enrol renew --person msantos --number {NUMBER}");
        clinic.ctl().done(&renew, &[PASSWORD, &clinic.phone.code()]);
        clinic.ctl().done("enrol confirm --person msantos", &[PASSWORD, &code_in(kannel, 0)]);
        clinic
    }

    /// Everything that a Kannel needs, and one thing more.
    #[track_caller]
    fn chooses(&self, kannel: &Kannel, on: &str) -> Value {
        let (url, login) = (&kannel.url, kannel::LOGIN);
        let line = format!(
            "settings set sms.gateway kannel sms.url {url} sms.account {login} sms.sender OakTree \
             sms.month-limit 50 sms.on {on} sms.password --as msantos"
        );
        self.ctl().done(&line, &[PASSWORD, &self.phone.code(), kannel::PASSWORD])
    }

    /// A test text; its answer.
    fn tries(&self) -> (i32, Value) {
        let line = format!("sms test --to {NUMBER} --as msantos");
        self.ctl().json(&line, &[PASSWORD, &self.phone.code()])
    }
}

fn code_in(kannel: &Kannel, before: usize) -> String {
    kannel.text_after(before).text.chars().take(6).collect()
}

#[test]
fn from_off_to_a_sign_in_by_text() {
    let desk = desk_or_leave_out!();
    let kannel = kannel_or_leave_out!(Plan::default());
    let clinic = Clinic::set_up(desk);
    let ctl = clinic.ctl();
    // Off until a manager turns it on, and it cannot be turned on before it can work.
    ctl.refused("sms send --person msantos", &[PASSWORD], 5, "sms-off");
    let on = "settings set sms.on yes --as msantos";
    ctl.refused(on, &[PASSWORD, "000000"], 2, "sms-no-gateway");
    let on = clinic.chooses(&kannel, "yes");
    assert!(on["why_not"].as_str().is_some_and(|why| why.contains("SIM")), "{on}");
    let (status, test) = clinic.tries();
    assert_eq!((status, &test["sent"], &test["stage"]), (0, &Value::from(true), &Value::from("accepted")), "{test}");
    assert!(kannel.text_after(0).text.starts_with("Test text for Oak Tree Surgery."));

    ctl.refused("sms send --person msantos", &[PASSWORD], 5, "sms-no-number");
    let renew = format!("enrol renew --person msantos --number {NUMBER}");
    let sent = ctl.done(&renew, &[PASSWORD, &clinic.phone.code()]);
    assert_eq!(sent["to"], "+44 7700 900123", "{sent}");
    let code = code_in(&kannel, 1);
    ctl.judged("enrol confirm --person msantos", &[PASSWORD, &clinic.phone.wrong_code()], 1, "code");
    assert_eq!(
        ctl.done("enrol confirm --person msantos", &[PASSWORD, &code])["recovery_codes"].as_array().map(Vec::len),
        Some(10)
    );
    let people = ctl.done("people list", &[]);
    assert_eq!(people["people"][0]["factors"], serde_json::json!(["totp", "sms"]), "{people}");

    // The next text must wait, and says how long.
    ctl.refused("sms send --person msantos", &[PASSWORD], 3, "sms-too-soon");
    let wrong = ctl.judged("sms send --person msantos", &["not the password"], 1, "password");
    assert_eq!(wrong["sent"], Value::Null);
    crate::desk::until("the wait's end", 40, || ctl.json("sms send --person msantos", &[PASSWORD]).0 == 0);
    let code = code_in(&kannel, 2);
    ctl.judged("sign-in --sms --person msantos", &[PASSWORD, &clinic.phone.wrong_code()], 1, "code");
    ctl.judged("sign-in --sms --person msantos", &[PASSWORD, &code], 0, "accepted");
    ctl.judged("sign-in --sms --person msantos", &[PASSWORD, &code], 1, "used");
    ctl.done("audit verify", &[]);

    // C98: neither code, password nor number in what can be read without keys.
    let database = std::fs::read(clinic.database()).expect("the database");
    let log = ctl.plain("audit list", &[]).out + &ctl.plain("settings show", &[]).out;
    for secret in [code.as_str(), kannel::PASSWORD, "7700900123", "7700 900123"] {
        let there = database.windows(secret.len()).any(|bytes| bytes == secret.as_bytes());
        assert!(!there && !log.contains(secret), "{secret}");
    }
}

/// C25: texts know no time zones: asked for in one, waited for in another, typed in a third.
#[test]
fn c25_a_text_is_as_good_in_every_time_zone() {
    let desk = desk_or_leave_out!();
    let kannel = kannel_or_leave_out!(Plan::default());
    let clinic = Clinic::by_text(desk, &kannel);
    let ctl = clinic.ctl();
    let send = "sms send --person msantos";
    crate::desk::until("the wait's end", 40, || in_zone(ctl, "Asia/Kolkata", send, &[PASSWORD]).0 == 0);
    for zone in ["America/New_York", "Europe/Berlin", "XXX-24"] {
        let (status, told) = in_zone(ctl, zone, send, &[PASSWORD]);
        assert_eq!((status, &told["error"]["code"]), (3, &"sms-too-soon".into()), "{zone}: {told}");
    }
    let (status, told) =
        in_zone(ctl, "America/New_York", "sign-in --sms --person msantos", &[PASSWORD, &code_in(&kannel, 1)]);
    assert_eq!((status, &told["verdict"]), (0, &"accepted".into()), "{told}");
}

/// Two processes that ask in the same moment: one text, and one is told to wait.
#[test]
fn two_processes_at_once_send_one_text() {
    let desk = desk_or_leave_out!();
    let kannel = kannel_or_leave_out!(Plan::default());
    let clinic = Clinic::by_text(desk, &kannel);
    let ctl = clinic.ctl();
    std::thread::park_timeout(std::time::Duration::from_secs(31));
    let send = || ctl.json("sms send --person msantos", &[PASSWORD]).0;
    let mut statuses = std::thread::scope(|scope| {
        let both = [scope.spawn(send), scope.spawn(send)];
        both.map(|one| one.join().expect("no panic"))
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [0, 3]);
    kannel.text_after(1);
    assert_eq!(kannel.delivered().len(), 2);
}

/// The clinic's own certificate authority counts because the system's certificates do; nobody else's counts.
#[test]
fn a_private_authority_is_trusted_where_the_system_trusts_it_and_nowhere_else() {
    let desk = desk_or_leave_out!();
    let kannel = kannel_or_leave_out!(Plan { tls: true, ..Plan::default() });
    let clinic = Clinic::set_up(desk);
    clinic.chooses(&kannel, "no");
    let (status, test) = clinic.tries();
    assert_eq!((status, &test["error"]["code"]), (4, &Value::from("sms-certificate")), "{test}");

    let mut command = clinic.ctl().command(["sms", "test", "--to", "07700 900123", "--as", "msantos", "--json"]);
    command.env("SSL_CERT_FILE", kannel.authority());
    let said = crate::desk::run(command, &format!("{PASSWORD}\n{}\n", clinic.phone.code()));
    let (status, test) = said.object();
    assert_eq!((status, &test["sent"]), (0, &Value::from(true)), "{test}");
}

/// A new person begins with a number in the place of an app; C93: and a manager's reset ends the number.
#[test]
fn a_person_without_an_app_and_c93_a_reset_ends_the_number() {
    let desk = desk_or_leave_out!();
    let kannel = kannel_or_leave_out!(Plan::default());
    let clinic = Clinic::set_up(desk);
    let ctl = clinic.ctl();
    clinic.chooses(&kannel, "yes");
    let add = "people add --name 'Ben Jones' --as msantos";
    let slip = ctl.done(add, &[PASSWORD, &clinic.phone.code()])["activation_code"].as_str().expect("a code").to_owned();
    let bens = "violet tractor oatmeal 9";
    let begin = "enrol begin --person bjones --number";
    ctl.refused(&format!("{begin} '020 7946 0018'"), &[&slip, bens], 2, "number-landline");
    ctl.done(&format!("{begin} '07700 900456'"), &[&slip, bens]);
    let code = code_in(&kannel, 0);
    ctl.done("enrol confirm --person bjones", &[bens, &code]);
    crate::desk::until("the wait's end", 40, || ctl.json("sms send --person bjones", &[bens]).0 == 0);
    let text = kannel.text_after(1);
    assert_eq!(text.to, "+447700900456");
    let code: String = text.text.chars().take(6).collect();
    // Reset meanwhile: neither the code nor the number is worth anything.
    ctl.done("people reset --person bjones --as msantos", &[PASSWORD, &clinic.phone.code()]);
    let (status, _) = ctl.json("sign-in --sms --person bjones", &[bens, &code]);
    assert_eq!(status, 5);
    let (status, answer) = ctl.json("sms send --person bjones", &[bens]);
    assert_eq!(status, 5, "{answer}");
    assert_eq!(kannel.delivered().len(), 2);
}
