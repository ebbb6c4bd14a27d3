//! Nothing that a program prints by mistake, writes to its log or leaves in its file holds a secret (C98).

use clinic2fa::domain::secret::SecretText;
use clinic2fa::domain::state::Joins;
use clinic2fa::domain::verify::{FirstCode, Presented, Verdict};
use clinic2fa::effects::{Desk, NewSetup};
use clinic2fa::flows::{Answer, Request, enrolment, program, session, sign_in};

use super::clinic::{Clinic, MARIA, Office, PASSWORD, Phone, STEP, digits, is_in, new_setup};

/// What must not be found: each secret as it is written, and its plain letters.
struct Secrets(Vec<String>);

impl Secrets {
    fn are_not_in(&self, place: &str, text: &str) {
        for secret in &self.0 {
            assert!(!text.contains(secret.as_str()), "{place} holds {secret}: {text}");
        }
    }
}

#[test]
fn c98_debug_of_every_request_and_answer_hides_what_is_secret() {
    let office = Office::new();
    let mut desk = office.desk();
    let offer = desk.begin_setup(&new_setup("Oak Tree Surgery", "Maria Santos")).unwrap();
    let phone = Phone::scans(&offer, &office.clock);
    let mut secrets = vec![
        PASSWORD.to_owned(),
        offer.key.expose().to_owned(),
        offer.uri.expose().to_owned(),
        "secret=".to_owned(),
        "482913".to_owned(),
    ];
    let resumed = desk.resume(MARIA, &SecretText::from(PASSWORD)).unwrap();
    assert_eq!(desk.first_code(&digits(&phone.code())), Ok(FirstCode::Right));
    let sheets = desk.setup_sheets().unwrap();
    secrets.extend(sheets.codes.iter().chain(&sheets.clinic_key).map(|code| code.expose().to_owned()));
    assert_eq!(secrets.len(), 5 + 10 + 1);
    let squares = [format!("{:?}", offer.square), format!("{:#?}", resumed.offer.square)];
    assert!(squares.iter().all(|square| !square.contains("true") && !square.contains("false")), "{squares:?}");

    let spare = || clinic2fa::domain::recovery::RecoveryCode::parse(sheets.codes[0].expose()).unwrap();
    let typed = || SecretText::from("482913");
    let password = || SecretText::from(PASSWORD);
    let sign_in = |presented| Request::SignIn { person: MARIA.to_owned(), password: password(), presented };
    let requests = [
        Request::BeginSetup(NewSetup { password: password(), ..new_setup("Oak Tree Surgery", "Maria Santos") }),
        Request::Resume { person: MARIA.to_owned(), password: password() },
        Request::FirstCode(digits("482913")),
        sign_in(Presented::Code(digits("482913"))),
        sign_in(Presented::Recovery(spare())),
        sign_in(Presented::DayPass),
        Request::FreshCode(Presented::Code(digits("482913"))),
        Request::FreshCode(Presented::Recovery(spare())),
        Request::FreshSignIn { password: password(), presented: Presented::Code(digits("482913")) },
        Request::ChangePassword(password()),
    ];
    let acts = [
        program::Act::SetUp(enrolment::Act::GivePassword(password())),
        program::Act::SetUp(enrolment::Act::GiveCode(typed())),
        program::Act::SetUp(enrolment::Act::GiveProof(sheets.codes[2].duplicate())),
        program::Act::SignIn(sign_in::Act::SignIn { password: password(), code: typed() }),
        program::Act::Session(session::Act::GiveCode(typed())),
        program::Act::Session(session::Act::GiveBoth { password: password(), code: typed() }),
        program::Act::Session(session::Act::GivePassword(password())),
        program::Act::Session(session::Act::GiveProof(sheets.codes[2].duplicate())),
        program::Act::Session(session::Act::Phone(enrolment::Act::GiveCode(typed()))),
    ];
    let secrets = Secrets(secrets);
    for shown in requests.iter().map(|r| format!("{r:?} {r:#?}")).chain(acts.iter().map(|a| format!("{a:?} {a:#?}"))) {
        secrets.are_not_in("a request", &shown);
        assert!(shown.contains("hidden") || shown.contains("DayPass"), "{shown}");
    }
    let answers =
        [Answer::Suggested(password()), Answer::Offer(offer), Answer::Resumed(resumed), Answer::Sheets(sheets)];
    for answer in answers {
        secrets.are_not_in("an answer", &format!("{answer:?} {answer:#?}"));
    }
}

/// The whole life of a clinic, then a search through every file of the folder.
#[test]
fn c98_no_file_holds_what_was_typed_shown_or_kept() {
    let mut clinic = Clinic::oak_tree();
    let mut secrets: Vec<String> = clinic.sheet.clone();
    secrets.push(clinic.clinic_key.clone());
    secrets.extend([PASSWORD.to_owned(), super::clinic::WRONG.to_owned()]);
    let mut typed = Vec::new();
    for n in 0..3 {
        typed.push(clinic.phone.wrong_code(n));
        let told = clinic.signs_in(MARIA, PASSWORD, typed.last().unwrap()).unwrap().0;
        assert!(matches!(told, Verdict::WrongCode { .. }));
    }
    typed.push(clinic.phone.code());
    assert!(is_in(&clinic.maria_signs_in()));
    clinic.signs_in(MARIA, super::clinic::WRONG, typed.last().unwrap()).unwrap();
    assert!(is_in(&clinic.maria_uses_spare(1)));
    clinic.waits(STEP);
    let fresh = |clinic: &mut Clinic| {
        clinic.waits(STEP);
        assert!(matches!(clinic.maria_gives_fresh_code(), Ok(Verdict::Accepted { .. })));
    };
    fresh(&mut clinic);
    let new_password = "walnut ferry cobalt 88";
    clinic.desk.change_password(&SecretText::from(new_password)).unwrap();
    secrets.push(new_password.to_owned());
    fresh(&mut clinic);
    let offer = clinic.desk.begin_phone("", Joins::InTheirPlace).unwrap();
    secrets.extend([offer.key.expose().to_owned(), offer.uri.expose().to_owned(), "otpauth".to_owned()]);
    let seed = data_encoding::BASE32_NOPAD.decode(offer.key.expose().as_bytes()).unwrap();
    let device = clinic.office.keychain.peek(&clinic.office.item("device")).unwrap();
    let folder = clinic.office.place.path().to_owned();
    let mut files = 0;
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let finds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
        for secret in &secrets {
            let plain: String = secret.chars().filter(|c| *c != '-').collect();
            assert!(!finds(secret.as_bytes()) && !finds(plain.as_bytes()), "{}: {secret}", path.display());
        }
        assert!(!finds(&seed) && !finds(device.expose()), "{}: a key", path.display());
        files += 1;
    }
    assert!(files >= 3);
    // Six digits happen in ciphertext by chance, so codes are looked for in the log's text.
    let log = format!("{:?}", clinic.desk.entries(&clinic2fa::ports::EntryFilter::default()).unwrap());
    assert!(typed.iter().all(|code| !log.contains(&format!("\"{code}\""))), "{log}");
    // The keychain holds a key, a number and a name; never a seed, a code or a password.
    for item in clinic.office.keychain.names() {
        let value = clinic.office.keychain.peek(&item).unwrap();
        let length = value.expose().len();
        assert!(length <= 32, "{item:?} holds {length} bytes");
    }
}

/// C43: what is in the keychain does not grow with people, codes or time.
#[test]
fn c43_the_keychain_holds_three_short_items_for_ever() {
    let mut clinic = Clinic::oak_tree();
    for _ in 0..20 {
        clinic.waits(STEP);
        assert!(is_in(&clinic.maria_signs_in()));
    }
    assert_eq!(clinic.office.keychain.names().len(), 3);
}

/// A desk is moved to its thread; nothing in it may be tied to the one that made it.
#[test]
fn a_desk_can_be_made_on_the_workers_thread() {
    fn is_send<T: Send>(_: &T) {}
    let office = Office::new();
    let make = move || -> Desk { office.desk() };
    is_send(&make);
    let desk = std::thread::Builder::new().name("desk".to_owned()).spawn(make).unwrap().join();
    assert!(desk.is_ok_and(|mut desk| desk.stand().is_ok()));
}
