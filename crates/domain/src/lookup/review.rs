//! Looking again at an answer that is still parked, and saying that it was hidden.
//!
//! A second look asks the provider nothing and has an entry of its own.

use super::{Kept, Lookup, State, checks};
use crate::actor::Actor;
use crate::decision::{Decision, Fact, Grounds, Permit, Rule, Seen};
use crate::id::EventId;
use crate::refusal::{Outcome, Reason, Refusal};
use crate::regulation::Capacity;
use crate::time::Instant;
use alloc::{format, vec};

/// What is true when somebody wants to look again.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The lookup.
    pub lookup: Lookup,
    /// Whether the answer is still parked for this very session or token.
    pub parked: bool,
    /// The row relied on.
    pub seen: Seen,
}

/// May the actor see the answer again?
///
/// # Errors
/// It is not theirs, or the time the rule allows is over.
pub fn decide(
    rule: Rule<'_>,
    actor: &Actor,
    facts: &Facts,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let lookup = &facts.lookup;
    let situation = checks::situation_of(actor, lookup);
    let screen = rule.pack.screen(&situation);
    let clauses = screen.as_ref().map(|s| s.clauses.clone()).unwrap_or_default();
    let refuse = |reason| Refusal::new(reason).under_first(&clauses);
    checks::capacity(actor, Capacity::Ask).map_err(|refusal| vec![refusal])?;
    checks::place(rule.pack, &situation, actor).map_err(|refusal| vec![refusal])?;
    if lookup.asker != actor.person {
        return Err(vec![refuse(Reason::AnswerNotYours)]);
    }
    let minutes = screen.and_then(|s| s.value.review_minutes).unwrap_or(0);
    let over = lookup.state != State::Answered || !facts.parked;
    if over {
        return Err(vec![refuse(Reason::AnswerGone).with("minutes", format!("{minutes}"))]);
    }
    let fact = Fact::new(event, "lookup.reviewed")
        .of_record(lookup.id.as_str())
        .under(&clauses)
        .on(Grounds::of(&lookup.id, &Kept::one(actor, lookup, facts.parked)));
    Ok(Decision::new(Permit::under(rule.reference, actor, &clauses, now), fact).seeing([facts.seen.clone()]))
}

/// Enters that the answer was hidden before its time: the browser says so after the fact.
pub fn hidden(
    rule: Rule<'_>,
    actor: &Actor,
    lookup: &Lookup,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    if lookup.asker != actor.person {
        return Err(vec![Refusal::new(Reason::AnswerNotYours)]);
    }
    if lookup.state != State::Answered {
        return Err(vec![Refusal::new(Reason::WrongState).with("state", lookup.state.word())]);
    }
    let fact = Fact::new(event, "lookup.hidden")
        .of_record(lookup.id.as_str())
        .on(Grounds::of(&lookup.id, &Kept::one(actor, lookup, false)));
    Ok(Decision::new(Permit::under(rule.reference, actor, &[], now), fact))
}
