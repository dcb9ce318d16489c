//! Closing an account that nobody needs: its owner has no post any more, or going through the accounts found
//! so. Nothing is deleted; who comes back is handed a code and sets it up anew.

use super::{Change, key};
use crate::actor::{Actor, Channel};
use crate::decision::{self, Decision, Fact, Permit, Seen};
use crate::directory;
use crate::id::{EventId, LogId, PersonId};
use crate::personal::Personal;
use crate::time::Instant;

/// Why an account is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Its owner has no post any more.
    NoPost,
    /// An inventory decided so.
    Unneeded,
    /// Nobody used it for as long as the rule allows.
    Idle,
}

impl Why {
    /// The word in entries.
    pub fn word(self) -> &'static str {
        match self {
            Self::NoPost => "no-post",
            Self::Unneeded => "unneeded",
            Self::Idle => "idle",
        }
    }
}

/// Closes an account because of what an agency's log says of its owner.
pub fn close(
    login: &str,
    person: &PersonId,
    agency: &LogId,
    why: Why,
    seen: Seen,
    event: &EventId,
    now: Instant,
) -> Decision {
    let platform = LogId::platform();
    let fact = Fact::new(event, "account.closed")
        .detail("why", why.word())
        .detail("log", agency.as_str())
        .commit("person", &Personal::new(person.as_str()));
    let actor = Actor { channel: Channel::Timer, ..directory::operator(&platform) };
    Decision::new(Permit::in_log(&platform, actor, &[], now), fact)
        .seeing([seen])
        .change(key(login), decision::Change::Account(Change::Closed { login: login.into() }))
}
