//! Reading the ledger is an act too where it shows more than everybody may see.

use crate::actor::Actor;
use crate::decision::{Decision, Fact, Permit, RuleRef};
use crate::id::EventId;
use crate::time::Instant;

/// Enters that an auditor took a copy of the log's entries.
pub fn exported(rule: &RuleRef, actor: &Actor, event: &EventId, now: Instant) -> Decision {
    let permit = Permit::under(rule, actor, &[], now);
    Decision::new(permit, Fact::new(event, "ledger.exported").detail("role", actor.role.as_str()))
}

/// Enters that an auditor read a bundle of entries.
pub fn read(rule: &RuleRef, actor: &Actor, bundle: &str, event: &EventId, now: Instant) -> Decision {
    let permit = Permit::under(rule, actor, &[], now);
    Decision::new(permit, Fact::new(event, "ledger.read").detail("bundle", bundle))
}
