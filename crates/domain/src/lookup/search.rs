//! Searching records by whom they are about.
//!
//! That somebody was looked up, and how often, says something about them. So a search has its entry, and
//! its page leaves only after that. The entry commits to the subject and does not name it.

use crate::actor::Actor;
use crate::decision::{Decision, Fact, Permit, RuleRef};
use crate::id::EventId;
use crate::personal::Personal;
use crate::time::Instant;

/// Enters that an actor searched for a subject: among whose records, and how many were shown.
pub fn decide(
    reference: &RuleRef,
    actor: &Actor,
    subject: &Personal,
    whose: &str,
    rows: i64,
    event: &EventId,
    now: Instant,
) -> Decision {
    let fact = Fact::new(event, "lookup.searched")
        .detail("whose", whose)
        .detail("rows", rows)
        .commit("subject", subject);
    Decision::new(Permit::under(reference, actor, &[], now), fact)
}
