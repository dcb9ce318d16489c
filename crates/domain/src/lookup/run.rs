//! Running a lookup that was requested and stamped beforehand. The approval is good once.

use super::ask::gathered;
use super::checks;
use super::{Change, Kept, Lookup, Stamp, State};
use crate::actor::Actor;
use crate::decision::{self, Decision, Fact, Grounds, Permit, Rule, Seen};
use crate::directory::contract::{self, Contract};
use crate::directory::workstation::{self, Workstation};
use crate::id::EventId;
use crate::link::{self, Standing};
use crate::refusal::{Help, Outcome, Reason, Refusal};
use crate::regulation::{Capacity, ClauseId};
use crate::time::Instant;
use alloc::{format, string::String, vec, vec::Vec};

/// What is true when the approved request is to run.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The request.
    pub lookup: Lookup,
    /// The items that the actor's permissions open now, of those the rule ties to one.
    pub permitted: Vec<String>,
    /// The controls under which the actor is late with something, of those that bar lookups then.
    pub owed: Vec<String>,
    /// The contracts that name the actor, where the rule counts them among contractors' people.
    pub contracts: Vec<Contract>,
    /// The machine on the agency's list that the request comes from.
    pub machine: Option<Workstation>,
    /// The links that reach or reached the data.
    pub links: Vec<Standing>,
    /// The rows relied on.
    pub seen: Vec<Seen>,
}

/// The moment from which an approval is no longer good; none when the rule sets no time.
pub fn lapses(rule: Rule<'_>, actor: &Actor, lookup: &Lookup) -> Option<Instant> {
    let stamp = rule.pack.countersign(&checks::situation_of(actor, lookup));
    let hours = stamp.and_then(|stamp| stamp.value.valid_hours)?;
    lookup.stamped_at.map(|at| at.plus_hours(i64::from(hours)))
}

/// May the actor run this request now?
///
/// # Errors
/// It is not theirs, not approved, used, lapsed, or asked from the wrong place.
pub fn decide(
    rule: Rule<'_>,
    actor: &Actor,
    facts: &Facts,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let lookup = &facts.lookup;
    let situation = &checks::situation_of(actor, lookup);
    checks::capacity(actor, Capacity::Ask).map_err(|refusal| vec![refusal])?;
    let clauses = gathered([
        checks::place(rule.pack, situation, actor),
        contract::stands(rule.pack, &actor.role, &facts.contracts, now.date()),
        workstation::stands(rule.pack, situation, actor, facts.machine.as_ref(), now.date()),
        checks::link(rule.pack, situation, &facts.links, now.date()),
        checks::rights(rule.pack, situation, &lookup.items, (&facts.permitted, &facts.owed)),
        approval(rule, actor, lookup, now),
    ])?;
    let (links, contracts, machine) = (facts.links.clone(), facts.contracts.clone(), facts.machine.clone());
    let kept = Kept { links, contracts, machine, ..Kept::one(actor, lookup, false) };
    let fact = link::told(Fact::new(event, "lookup.asked"), &facts.links);
    let fact = workstation::told(fact, facts.machine.as_ref())
        .of_record(lookup.id.as_str())
        .under(&clauses)
        .detail("purpose", lookup.purpose.as_str())
        .detail("basis", lookup.basis.as_str())
        .detail("items", lookup.items.clone())
        .detail("place", actor.place.word())
        .detail("lights", lookup.lights.code())
        .on(Grounds::of(&lookup.id, &kept));
    let permit = Permit::under(rule.reference, actor, &clauses, now);
    let moved = Change::Moved { id: lookup.id.clone(), state: State::Asked, stamp: Stamp::Stamped, at: now };
    let decision = Decision::new(permit, fact)
        .seeing(facts.seen.iter().cloned())
        .change(lookup.key(&actor.log()), decision::Change::Lookup(moved));
    Ok(link::noted(decision, &facts.links))
}

/// Whether the approval is there, is the actor's, is unused and still good.
fn approval(rule: Rule<'_>, actor: &Actor, lookup: &Lookup, now: Instant) -> checks::Check {
    let stamp = rule.pack.countersign(&checks::situation_of(actor, lookup));
    let clauses: Vec<ClauseId> = stamp.as_ref().map(|s| s.clauses.clone()).unwrap_or_default();
    let refuse = |reason| Err(Refusal::new(reason).under_first(&clauses));
    if lookup.asker != actor.person {
        return refuse(Reason::AnswerNotYours);
    }
    match lookup.state {
        State::Approved => {}
        State::Requested => {
            let by = stamp.as_ref().map(|s| s.value.by_role()).unwrap_or_default();
            return Err(Refusal::new(Reason::NotYetApproved)
                .under_first(&clauses)
                .helped_by(Help::Role(by.into())));
        }
        _ => return refuse(Reason::ApprovalUsed),
    }
    if let Some(end) = lapses(rule, actor, lookup).filter(|end| now >= *end) {
        let hours = stamp.and_then(|s| s.value.valid_hours).unwrap_or_default();
        return Err(Refusal::new(Reason::ApprovalLapsed)
            .under_first(&clauses)
            .with("hours", format!("{hours}"))
            .with("until", end.rfc3339_taipei()));
    }
    Ok(clauses)
}
