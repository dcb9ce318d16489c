//! Reminding the heads who have not confirmed their people. What they are to do stays as it was.

use super::{Facts, fact, number, standing};
use crate::actor::Actor;
use crate::decision::{Act, Decision, Permit, Rule};
use crate::id::EventId;
use crate::refusal::{Outcome, Reason, Refusal};
use crate::time::Instant;
use alloc::vec;

/// What is entered, as of the record of the inventory's duty: when it was done last is read from there.
pub const ACT: Act = "account.inventory-reminded";

/// Reminds the heads.
///
/// # Errors
/// It is not the actor's to run, or it is closed; all heads have confirmed.
pub fn decide(
    rule: Rule<'_>,
    actor: &Actor,
    facts: &Facts,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let refuse = |reason: Reason| vec![Refusal::new(reason).under_first(&facts.clauses)];
    standing(facts).map_err(|refusal| vec![refusal])?;
    if !facts.is_run_by(actor) {
        return Err(refuse(Reason::NotYourDuty));
    }
    let waiting = facts.waiting().count();
    if waiting == 0 {
        return Err(refuse(Reason::NobodyToRemind));
    }
    let fact = fact(event, ACT, facts).of_record(facts.duty.id.as_str());
    let fact = fact.detail("unattested", number(waiting));
    let permit = Permit::under(rule.reference, actor, &facts.clauses, now);
    Ok(Decision::new(permit, fact).seeing(facts.seen.iter().cloned()))
}
