//! One request of a flow, performed.

use super::{Desk, Failure, Purpose, Reopened};
use crate::domain::page;
use crate::domain::suggest;
use crate::explain::{self, Names};
use crate::flows::{Answer, Request};
use crate::journal::{self, Word};
use crate::ports::StoreError;

impl Desk {
    /// Performs what a flow asked for.
    ///
    /// # Errors
    /// See [`Failure`]; nothing is told, and nothing is open that was not open before.
    pub fn perform(&mut self, request: Request) -> Result<Answer, Failure> {
        let name = Word::name_of(&request);
        let before = self.clock.now().boot.since_start;
        let answer = self.carry_out(request);
        let took = self.clock.now().boot.since_start.saturating_sub(before);
        let code = answer.as_ref().err().map(|failure| explain::failure(failure, &Names::default()).code);
        journal::performed(&name, took, code);
        // Each request may have worked with a key; the next to use this stack could be the last for hours.
        page::sweep_stack();
        answer
    }

    fn carry_out(&mut self, request: Request) -> Result<Answer, Failure> {
        let done = |()| Answer::Done;
        match request {
            Request::Stand => self.stand().map(Answer::Standing),
            Request::Look => self.look().map(Answer::Look),
            Request::Suggest => Ok(Answer::Suggested(suggest::suggest(|out| self.dice.fill(out))?)),
            Request::BeginSetup(new) => self.begin_setup(&new).map(Answer::Offer),
            Request::Resume { person, password } => match self.reopen(&person, &password)? {
                Reopened::App(resumed) => Ok(Answer::Resumed(resumed)),
                Reopened::Number { ending, proved } => Ok(Answer::ResumedNumber { ending, proved }),
                Reopened::Another => Err(StoreError::NotNow.into()),
            },
            Request::DropSetup => self.drop_setup().map(done),
            Request::FirstCode(code) => self.first_code(&code).map(Answer::FirstCode),
            Request::SetupSheets => self.setup_sheets().map(Answer::Sheets),
            Request::PhoneSheets => self.phone_sheets().map(Answer::Sheets),
            Request::FinishSetup => self.finish_setup().map(done),
            Request::FinishPhone => self.finish_phone().map(done),
            Request::DropPhone => self.drop_phone().map(done),
            Request::SignIn { person, password, presented } => self
                .sign_in(&person, &password, &presented, Purpose::Work)
                .map(|(verdict, signed_in)| Answer::Verdict(verdict, signed_in)),
            Request::FreshCode(presented) => self.fresh_code(&presented).map(|verdict| Answer::Verdict(verdict, None)),
            Request::FreshSignIn { password, presented } => {
                self.fresh_sign_in(&password, &presented).map(|verdict| Answer::Verdict(verdict, None))
            }
            Request::BeginPhone { label, joins } => self.begin_phone(&label, joins).map(Answer::Offer),
            Request::NewCodes => self.new_codes().map(Answer::Sheets),
            Request::FinishCodes => self.finish_codes().map(done),
            Request::ChangePassword(new) => self.change_password(&new).map(done),
            Request::FinishPhoneWithoutCodes => self.finish_phone_without_codes().map(done),
            Request::Activate { person, code, password } => self.activate(&person, &code, &password).map(Answer::Offer),
            Request::RemovePhone(id) => self.remove_phone(&id).map(done),
            Request::AddPerson { name, role } => self.add_person(&name, role).map(Answer::Slip),
            Request::ResetPerson(person) => self.reset_person(&person).map(Answer::Slip),
            Request::RemovePerson(person) => self.remove_person(&person).map(Box::new).map(Answer::Removed),
            Request::Manage(change) => self.managed(change).map(done),
            Request::NewClinicKey => self.new_clinic_key().map(Answer::ClinicKey),
            Request::FinishClinicKey => self.finish_clinic_key().map(done),
            Request::Happenings => self.happenings().map(Answer::Happenings),
            Request::Entries(filter) => self.entries(&filter).map(Answer::Entries),
            Request::Export(path) => self.export(&path).map(Answer::Exported),
            Request::DailyBackup => self.daily_backup().map(|_| Answer::Done),
            Request::BackupNow => self.backup_now().map(|_| Answer::Done),
            Request::Backups => self.backups().map(Answer::Backups),
            Request::RestorePlan(file) => self.restore_plan(&file).map(Answer::Plan),
            Request::Restore(file) => self.restore(&file).map(Answer::Restored),
            Request::RestorePlanWith { file, key } => self.restore_plan_with(&file, &key).map(Answer::Plan),
            Request::RestoreWith { file, key } => self.restore_with(&file, &key).map(Answer::Restored),
            Request::Recover(key) => self.recover(&key).map(done),
            Request::RecoverManager { key, manager, password } => {
                self.recover_manager(&key, &manager, &password).map(Answer::Offer)
            }
            Request::Text { person, password } => self.text(&person, &password).map(Answer::Texting),
            Request::TextForChange => self.text_for_change().map(Answer::Texting),
            Request::BeginNumber(typed) => self.begin_number(&typed).map(Answer::Texting),
            Request::TextAgain => self.text_again().map(Answer::Texting),
            Request::TestText(typed) => self.test_text(&typed).map(Answer::Texting),
            Request::SetGateway(edit, secret) => self.set_gateway(&edit, secret.as_ref()).map(done),
            // The courier's to answer; the desk does not know.
            Request::TextFate(_) | Request::TextChange(_) => Err(Failure::WorkerGone),
            Request::StartProgram => self.start_practice().map(Answer::Started),
            Request::SetKey(change) => self.set_key(&change).map(done),
            Request::RotateKey(given) => self.rotate_key(given.as_deref()).map(done),
            Request::ComeBack { person, password } => {
                self.come_back(&person, &password).map(|(verdict, signed_in)| Answer::Verdict(verdict, signed_in))
            }
            Request::Lock(why) => Ok(Answer::Locked(self.lock_because(why))),
        }
    }
}
