//! What follows in another log from an application that is done. A write touches one log, so this is a second
//! one that happens once, whoever tries, and the watch tries again.

use crate::{Answer, Desk, carry};
use domain::account;
use domain::application::{Application, State};
use domain::decision::Idempotency;
use domain::id::LogId;
use domain::regulation::ApplicationObject;
use store::WriteError;

/// Applications that a round of the watch looks through, the newest first.
const LOOKED_THROUGH: i64 = 100;

impl Desk {
    /// Does what an application that is done asked for, where that stands in another log.
    ///
    /// # Errors
    /// The store; the watch tries again.
    pub(crate) fn follow(&self, log: &LogId, application: &Application) -> Answer<()> {
        match ApplicationObject::named(&application.object) {
            Some(ApplicationObject::Unlock) if application.state == State::Done => {
                self.open_accounts_again(log, application)
            }
            Some(ApplicationObject::Activation) if application.state == State::Done => {
                self.enact(log, application)
            }
            _ => Ok(()),
        }
    }

    /// Opens the accounts of those whose application to be unlocked is done.
    fn open_accounts_again(&self, log: &LogId, application: &Application) -> Answer<()> {
        for person in &application.people {
            let found = self.inner.store.read(|read| {
                let Some(row) = read.account_of_person(person)? else { return Ok(None) };
                let login = row.account.login;
                Ok(Some((read.rev(&account::key(&login))?, login)))
            })?;
            let Some((seen, login)) = found else { continue };
            let (event, now) = (carry::event(), self.now());
            let decision = account::unlock(&login, &application.id, log, seen, &event, now);
            let key = format!("unlock {} {person}", application.id);
            let once = Idempotency { request: ledger::hash::sha256(key.as_bytes()).to_hex(), key };
            match self.inner.store.write(decision.once(Some(once))) {
                Ok(receipt) if receipt.replayed => {}
                Ok(_) => {
                    self.end_run(&login)?;
                }
                // The owner signed in meanwhile, or was locked anew: the next round looks again.
                Err(WriteError::Stale) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Ok(())
    }

    /// Follows what is done in a log, where somebody's node went away before it could.
    pub(crate) fn follow_all(&self, log: &LogId) -> Answer<()> {
        let rows = self.inner.store.read(|read| read.applications(log, None, LOOKED_THROUGH))?;
        rows.iter().try_for_each(|row| self.follow(log, &row.application))
    }
}
