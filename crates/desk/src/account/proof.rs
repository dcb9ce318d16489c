//! Asking again who acts, where an act is one of those that want it. Which these are, and which code each of
//! them wants, stands in [`domain::account::proof`].

use super::hash_of;
use crate::{Answer, Desk, Session};
use domain::account::proof::{self, LATELY_MINUTES, Shown};
use domain::time::Instant;
use domain::{Decision, Reason, Refusal};

impl Desk {
    /// Asks again before what was decided is carried out, if it is of that kind. All else that could be wrong
    /// was said by then, so that no code is used up for nothing.
    ///
    /// # Errors
    /// No code was shown with the request, or none that is good.
    pub(crate) fn ask_again(&self, session: &Session, act: &str, decision: &Decision) -> Answer<()> {
        let asked = proof::asked(act).filter(|own| own.shown == Shown::Lately);
        match asked.is_some_and(|own| own.asks(decision, &session.pack)) {
            true => self.want_proof(session, act),
            false => Ok(()),
        }
    }

    /// Wants a code for an act, unless one was shown for such an act in this session a short while ago.
    ///
    /// # Errors
    /// No code was shown with the request, or none that is good.
    pub(crate) fn want_proof(&self, session: &Session, act: &str) -> Answer<()> {
        let now = self.now();
        let lately = |at: Instant| now < at.plus_minutes(LATELY_MINUTES);
        if session.proved.is_some_and(lately) {
            return Ok(());
        }
        let code = session.proof.expose();
        if !code.is_empty() && self.proves(session, act, code)? {
            return Ok(self.inner.store.tend(|tend| tend.prove_session(&hash_of(session), now))?);
        }
        let refusal = Refusal::new(Reason::ProofAgain).at("proof").with("act", act);
        let refusal = if code.is_empty() { refusal.with("problem", "wanted") } else { refusal };
        Err(self.refuse(session, act, vec![refusal]))
    }

    /// Whether `code` proves the session's owner again for an act, and is used up with that.
    pub(crate) fn proves(&self, session: &Session, act: &str, code: &str) -> Answer<bool> {
        let person = session.actor.person.clone();
        let account = self.inner.store.read(|read| read.account_of_person(&person))?;
        let Some(row) = account else { return Ok(false) };
        let Some(step) = self.shown_code(&row.account, code)? else { return Ok(false) };
        let login = &row.account.login;
        match proof::asked(act).map(|own| own.shown) {
            Some(Shown::EachTime) => {
                let owner = format!("{login}/act");
                Ok(self.inner.store.tend(|tend| tend.use_code(&owner, step))?)
            }
            _ => self.use_code_whole(login, step),
        }
    }
}
