//! Accounts of an older system, taken over from a list: the sign-in name is its owner's, and nobody else's,
//! and the account is opened by an invitation like any other. Passwords are never taken over.

use super::{Change, enrolment, key};
use crate::actor::Actor;
use crate::decision::{self, Decision, Fact, Permit, Seen};
use crate::directory::may_keep;
use crate::id::{EventId, Key, LogId, PersonId};
use crate::personal::Personal;
use crate::refusal::Outcome;
use crate::time::Instant;
use alloc::{string::String, vec, vec::Vec};

/// The account that somebody had in an older system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Former {
    /// Whose.
    pub person: PersonId,
    /// The sign-in name.
    pub login: String,
}

impl Former {
    /// The revision keys of the rows that it rests on.
    pub fn keys(&self) -> Vec<Key> {
        vec![enrolment::key(&self.person), key(&self.login)]
    }
}

/// Takes an account over.
///
/// # Errors
/// The actor does not look after people.
pub fn take_over(
    actor: &Actor,
    former: &Former,
    seen: Vec<Seen>,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    may_keep(actor).map_err(|refusal| vec![refusal])?;
    let platform = LogId::platform();
    let fact = Fact::new(event, "account.taken-over")
        .detail("agency", actor.agency.as_str())
        .detail("person", former.person.as_str())
        .commit("login", &Personal::new(former.login.as_str()));
    let change = Change::TakenOver(former.clone(), now);
    Ok(Decision::new(Permit::in_log(&platform, actor.clone(), &[], now), fact)
        .seeing(seen)
        .change(key(&former.login), decision::Change::Account(change)))
}
