//! Acting under another one of one's posts. Each is under the rule of its own agency, so nobody acts under
//! two at once, and the log says under which.

use crate::actor::Actor;
use crate::decision::{Decision, Fact, Permit};
use crate::id::{EventId, LogId};
use crate::time::Instant;

/// Enters that somebody acts under this post from now on, in the session that they have.
pub fn take(actor: &Actor, event: &EventId, now: Instant) -> Decision {
    let fact = Fact::new(event, "account.post-taken")
        .detail("agency", actor.agency.as_str())
        .detail("unit", actor.unit.as_str())
        .detail("role", actor.role.as_str())
        .detail("place", actor.place.word());
    Decision::new(Permit::in_log(&LogId::platform(), actor.clone(), &[], now), fact)
}
