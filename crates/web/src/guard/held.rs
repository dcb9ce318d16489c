//! What was typed when the session ended, kept in memory until its writer has signed in again.
//!
//! A form may hold personal data, so it never goes to the browser's storage or back into a page
//! before the same person has signed in. It lies here for ten minutes under a random handle.

use crate::form::{self, Form};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const KEPT: Duration = Duration::from_secs(600);
const REMEMBERED: Duration = Duration::from_secs(86_400);
const MAX_HELD: usize = 256;
/// Bytes of one form that is kept; a form beyond this is told to be typed again.
const MAX_BYTES: usize = 32 * 1024;
const MAX_REMEMBERED: usize = 20_000;

/// Forms that wait for their writers, and who held which session lately.
#[derive(Default)]
pub struct Held {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    forms: HashMap<String, Waiting>,
    owners: HashMap<[u8; 32], (String, Instant)>,
}

struct Waiting {
    login: String,
    back: String,
    form: Form,
    at: Instant,
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Held(…)")
    }
}

impl Held {
    /// Remembers whose session a token was; only the token's hash is kept.
    pub fn remember(&self, token: &str, login: &str, now: Instant) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.owners.len() >= MAX_REMEMBERED {
            inner.owners.retain(|_, (_, at)| now.saturating_duration_since(*at) < KEPT * 6);
        }
        if inner.owners.len() < MAX_REMEMBERED {
            inner.owners.insert(digest(token), (login.to_string(), now));
        }
    }

    /// Keeps a form for whoever held the session that has ended. The answer is the handle, or
    /// none if nobody is known or too much is kept already.
    pub fn keep(&self, token: &str, back: &str, form: Form, now: Instant) -> Option<String> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let (login, at) = inner.owners.get(&digest(token))?.clone();
        inner.forms.retain(|_, waiting| now.saturating_duration_since(waiting.at) < KEPT);
        let stale = now.saturating_duration_since(at) >= REMEMBERED;
        if stale || inner.forms.len() >= MAX_HELD || form.bytes() > MAX_BYTES {
            return None;
        }
        let handle = crate::random_word()?;
        inner.forms.insert(handle.clone(), Waiting { login, back: back.to_string(), form, at: now });
        Some(handle)
    }

    /// Where the form of this handle is to be shown again, if `login` is its writer.
    pub fn back(&self, handle: &str, login: &str, now: Instant) -> Option<String> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = inner.forms.get(handle)?;
        waiting.is_for(login, now).then(|| waiting.back.clone())
    }

    /// Gives the form back to its writer, once, if it belongs to the page at `path`.
    pub fn take(&self, handle: &str, login: &str, path: &str, now: Instant) -> Option<Form> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = inner.forms.get(handle)?;
        let page = waiting.back.split('?').next().unwrap_or_default();
        if !waiting.is_for(login, now) || page != path {
            return None;
        }
        inner.forms.remove(handle).map(|waiting| waiting.form)
    }
}

impl Waiting {
    fn is_for(&self, login: &str, now: Instant) -> bool {
        self.login == login && now.saturating_duration_since(self.at) < KEPT
    }
}

/// The page on which a form that was posted to `path` is typed; none where nothing is typed.
pub fn page_of(path: &str, form: &Form) -> Option<String> {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match parts.as_slice() {
        ["lookups"] => Some(format!("/lookups/new?case={}", form::encode(form.get("case")))),
        ["records"] | ["search"] => Some("/records".to_string()),
        ["records", code, "correct"] => Some(format!("/records/{}", form::encode(code))),
        ["countersign", "confirm" | "stamp"] => Some("/countersign".to_string()),
        ["countersign", code] => Some(format!("/countersign?open={}", form::encode(code))),
        ["cases"] => Some("/cases".to_string()),
        ["consents", ..] => Some("/settings".to_string()),
        _ => None,
    }
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(now: Instant) -> (Held, String) {
        let held = Held::default();
        held.remember("token", "lin", now);
        let form = Form::of(&[("reason", "typed")]);
        let handle = held.keep("token", "/lookups/new?case=1", form, now).unwrap();
        (held, handle)
    }

    #[test]
    fn the_same_person_gets_the_form_back_once() {
        let now = Instant::now();
        let (held, handle) = kept(now);
        assert_eq!(held.back(&handle, "lin", now).as_deref(), Some("/lookups/new?case=1"));
        assert_eq!(held.take(&handle, "lin", "/cases", now), None);
        let form = held.take(&handle, "lin", "/lookups/new", now).unwrap();
        assert_eq!(form.get("reason"), "typed");
        assert_eq!(held.take(&handle, "lin", "/lookups/new", now), None);
    }

    #[test]
    fn nobody_else_and_nobody_late_gets_it() {
        let now = Instant::now();
        let (held, handle) = kept(now);
        assert_eq!(held.back(&handle, "wu", now), None);
        assert_eq!(held.take(&handle, "wu", "/lookups/new", now), None);
        assert_eq!(held.take(&handle, "lin", "/lookups/new", now + KEPT), None);
        assert_eq!(held.take("guessed", "lin", "/lookups/new", now), None);
    }

    #[test]
    fn a_form_of_an_unknown_session_is_not_kept() {
        let held = Held::default();
        assert_eq!(held.keep("token", "/cases", Form::default(), Instant::now()), None);
    }

    #[test]
    fn forms_lead_back_to_the_page_they_were_typed_on() {
        let form = Form::of(&[("case", "113疫1")]);
        for (path, page) in [
            ("/lookups", Some("/lookups/new?case=113%E7%96%AB1")),
            ("/records", Some("/records")),
            ("/search", Some("/records")),
            ("/records/QR-1/correct", Some("/records/QR-1")),
            ("/countersign/QR-1", Some("/countersign?open=QR-1")),
            ("/countersign/stamp", Some("/countersign")),
            ("/cases", Some("/cases")),
            ("/sign-out", None),
        ] {
            assert_eq!(page_of(path, &form).as_deref(), page, "{path}");
        }
    }

    #[test]
    fn no_more_is_kept_than_fits() {
        let now = Instant::now();
        let held = Held::default();
        held.remember("token", "lin", now);
        let keep = |at| held.keep("token", "/cases", Form::default(), at);
        assert!((0..MAX_HELD).all(|_| keep(now).is_some()));
        assert_eq!(keep(now), None);
        assert!(keep(now + KEPT).is_some());
    }
}
