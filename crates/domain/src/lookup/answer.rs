//! What the provider answered, or that it did not: the second entry of a lookup.
//!
//! The entry says that and how much, never what. If it cannot be written, nothing is shown.

use super::{Change, Lookup, Stamp, State};
use crate::actor::{Actor, Channel};
use crate::decision::{self, Decision, Fact, Permit, RuleRef, Seen};
use crate::directory;
use crate::id::{EventId, LogId};
use crate::personal::Personal;
use crate::time::Instant;
use alloc::{string::String, vec::Vec};

/// How the provider's answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Data came.
    Found,
    /// Nobody under this key.
    NotFound,
    /// Data came, and something about it is doubtful.
    Doubtful,
    /// A part of what was asked came.
    Partial,
    /// No answer in time.
    TimedOut,
    /// The provider could not be reached or refused.
    Down,
    /// What came is no answer.
    Malformed,
    /// Nobody knows: the process that asked is gone.
    Unknown,
}

impl Ending {
    /// The word in the entry.
    pub fn word(self) -> &'static str {
        match self {
            Ending::Found => "found",
            Ending::NotFound => "not-found",
            Ending::Doubtful => "doubtful",
            Ending::Partial => "partial",
            Ending::TimedOut => "timed-out",
            Ending::Down => "down",
            Ending::Malformed => "malformed",
            Ending::Unknown => "unknown",
        }
    }

    /// The state a lookup is in after it.
    pub fn state(self) -> State {
        match self {
            Ending::Found | Ending::NotFound | Ending::Doubtful | Ending::Partial => State::Answered,
            // A time-out may hide an answer that was on its way, so nobody can say it was not given.
            Ending::TimedOut | Ending::Unknown => State::Unknown,
            Ending::Down | Ending::Malformed => State::NotObtained,
        }
    }
}

/// What came, without its content.
#[derive(Clone, Debug)]
pub struct Came {
    /// How it ended.
    pub ending: Ending,
    /// Rows of all items together.
    pub rows: u32,
    /// Items that came.
    pub items: Vec<String>,
    /// The whole answer, to commit to; empty if none came.
    pub body: Personal,
}

/// Enters what came of a lookup that was asked.
///
/// This cannot be refused: the provider has been asked, and the entry must say what came of it.
pub fn decide(
    reference: &RuleRef,
    actor: &Actor,
    lookup: &Lookup,
    seen: Seen,
    came: &Came,
    event: &EventId,
    now: Instant,
) -> Decision {
    let stamp = match lookup.stamp {
        Stamp::Later => Stamp::Awaiting,
        other => other,
    };
    let mut fact = Fact::new(event, "lookup.answered")
        .outcome(came.ending.word())
        .of_record(lookup.id.as_str())
        .detail("rows", i64::from(came.rows))
        .detail("items", came.items.clone());
    if !came.body.is_empty() {
        fact = fact.commit("answer", &came.body);
    }
    let permit = Permit::under(reference, actor, &[], now);
    let moved = Change::Moved { id: lookup.id.clone(), state: came.ending.state(), stamp, at: now };
    Decision::new(permit, fact)
        .seeing([seen])
        .change(lookup.key(&actor.log()), decision::Change::Lookup(moved))
}

/// Closes a lookup whose process is gone, by the timer's hand: asked, outcome unknown.
pub fn abandoned(log: &LogId, lookup: &Lookup, seen: Seen, event: &EventId, now: Instant) -> Decision {
    let mut actor = directory::operator(log);
    actor.channel = Channel::Timer;
    let stamp = match lookup.stamp {
        Stamp::Later => Stamp::Awaiting,
        other => other,
    };
    let fact =
        Fact::new(event, "lookup.answered").outcome(Ending::Unknown.word()).of_record(lookup.id.as_str());
    let permit = Permit::in_log(log, actor, &[], now);
    let moved = Change::Moved { id: lookup.id.clone(), state: State::Unknown, stamp, at: now };
    Decision::new(permit, fact).seeing([seen]).change(lookup.key(log), decision::Change::Lookup(moved))
}
