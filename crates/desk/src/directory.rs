//! Setting up agencies, units, people and accounts by the operator's hand.

use crate::{Answer, Desk, No, carry};
use domain::account::{self, Account};
use domain::directory::{self, Change};
use domain::id::LogId;

impl Desk {
    /// Enters rows of one log.
    ///
    /// # Errors
    /// The store, or rows that exist already.
    pub fn enrol(&self, log: &LogId, changes: Vec<Change>) -> Answer<()> {
        let decision = directory::enrol(log, changes, [], &carry::event(), self.now());
        self.enter(decision)
    }

    /// Opens an account for a person who exists.
    ///
    /// # Errors
    /// The name is malformed or taken.
    pub fn open_account(&self, account: Account) -> Answer<()> {
        self.enter(account::open(account, &carry::event(), self.now()))
    }

    fn enter(&self, decided: domain::Outcome<domain::Decision>) -> Answer<()> {
        match decided {
            Ok(decision) => {
                self.inner.store.write(decision)?;
                Ok(())
            }
            Err(refusals) => Err(No::Refused(
                refusals
                    .into_iter()
                    .map(|refusal| crate::view::RefusalView { refusal, clause: None, helpers: vec![] })
                    .collect(),
            )),
        }
    }
}
