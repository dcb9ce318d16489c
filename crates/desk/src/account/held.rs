//! Forms that wait until their writer has signed in again, on whichever node that is.
//!
//! A form may hold personal data, so it never goes to the browser's storage or back into a page
//! before the same person has signed in. It is parked for ten minutes under a secret that only the
//! browser has; whose it is, the session tells whose token came with it, though it has ended.

use super::hash;
use crate::{Answer, Desk, Session, carry};
use domain::Personal;
use store::Parked;

/// Minutes for which a form is kept.
const KEPT_MINUTES: i64 = 10;

/// A form that waits for its writer.
#[derive(Clone, PartialEq, Eq)]
pub struct HeldForm {
    /// The page on which it is shown again.
    pub back: String,
    /// What was typed.
    pub form: Personal,
}

impl Desk {
    /// Keeps what was typed, for whoever holds the session of this token or held it lately. The
    /// answer is the handle by which the browser gets it back. Of one session one form is kept, the
    /// last.
    ///
    /// # Errors
    /// The store.
    pub fn hold(&self, token: &str, back: &str, form: Personal) -> Answer<Option<String>> {
        let id = hash(token);
        let Some(row) = self.inner.store.read(|read| read.session(&id))? else { return Ok(None) };
        let writer = row.person.as_str();
        let text = Personal::new(serde_json::to_string(&(writer, back, form)).unwrap_or_default());
        // A piece of the session's name leads to it, and the secret opens it.
        let handle = format!("{}-{}", &id[..32], carry::random_hex::<16>());
        let (name, secret) = parts(&handle);
        let expires = self.now().plus_minutes(KEPT_MINUTES);
        let parked = Parked::seal(&name, secret, text.expose().as_bytes(), expires)?;
        self.inner.store.tend(|tend| tend.park(&parked))?;
        Ok(Some(handle))
    }

    /// The form of this handle, if it is the session's own person who wrote it.
    ///
    /// # Errors
    /// The store.
    pub fn held(&self, session: &Session, handle: &str) -> Answer<Option<HeldForm>> {
        let (name, secret) = parts(handle);
        let now = self.now();
        let bytes = self.inner.store.read(|read| read.parked(&name, secret, now))?;
        let held = bytes.and_then(|bytes| serde_json::from_slice::<(String, String, Personal)>(&bytes).ok());
        let own = held.filter(|(writer, ..)| writer == session.actor.person.as_str());
        Ok(own.map(|(_, back, form)| HeldForm { back, form }))
    }

    /// Forgets the form of this handle, once it was given back.
    ///
    /// # Errors
    /// The store.
    pub fn release(&self, handle: &str) -> Answer<()> {
        let (name, _) = parts(handle);
        self.inner.store.tend(|tend| tend.drop_parked(&name))?;
        Ok(())
    }
}

/// The name that a form is parked under, and the secret that opens it.
fn parts(handle: &str) -> (String, &[u8]) {
    let (name, secret) = handle.split_once('-').unwrap_or_default();
    (format!("form {name}"), secret.as_bytes())
}
