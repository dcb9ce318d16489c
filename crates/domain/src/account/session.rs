//! The end of a session that did not end by itself or by signing out. Sessions are no evidence; that somebody
//! ended one is.

use crate::actor::Actor;
use crate::decision::{Decision, Fact, Permit};
use crate::id::{EventId, LogId, PersonId};
use crate::regulation::ClauseId;
use crate::time::Instant;

/// Why a session was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Its owner ended it from another one.
    Owner,
    /// The regulation lets an account hold only so many, and this was the oldest.
    Limit,
    /// The password was changed in another session.
    Password,
    /// The second factor was replaced in another session.
    Factor,
    /// The account was reset.
    Reset,
    /// Whoever runs the accounts ended it.
    Keeper,
}

impl Why {
    /// The word in entries.
    pub fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Limit => "limit",
            Self::Password => "password",
            Self::Factor => "factor",
            Self::Reset => "reset",
            Self::Keeper => "keeper",
        }
    }
}

/// Enters that a session of somebody, which the actor or the actor's act put an end to, was ended. Of several
/// at once each has an entry.
pub fn end(
    actor: &Actor,
    (person, why): (&PersonId, Why),
    begun: Instant,
    clauses: &[ClauseId],
    event: &EventId,
    now: Instant,
) -> Decision {
    let fact = Fact::new(event, "account.session-ended")
        .under(clauses)
        .detail("why", why.word())
        .detail("person", person.as_str())
        .detail("begun", begun.rfc3339());
    Decision::new(Permit::in_log(&LogId::platform(), actor.clone(), clauses, now), fact)
}
