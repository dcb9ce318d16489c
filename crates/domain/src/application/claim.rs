//! Taking a step on: where several could act, one of them says that they do, and the others leave it to them.

use super::act::{Facts, barred};
use super::route::{Bar, Route, Staff};
use super::submit::{fact, wrong_state};
use super::{Application, Change, chain};
use crate::actor::Actor;
use crate::decision::{self, Decision, Permit, Rule};
use crate::id::{EventId, PersonId, UnitId};
use crate::personal::Personal;
use crate::refusal::{Help, Outcome, Reason, Refusal};
use crate::regulation::{ApprovalChain, Capacity, Pack};
use crate::time::Instant;
use alloc::vec;
use serde::{Deserialize, Serialize};

/// Somebody has taken a part of a step on. It counts as long as they are there and could act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// In which version.
    pub version: u32,
    /// The step, counted from zero.
    pub step: usize,
    /// The part of the step, counted from zero.
    pub part: usize,
    /// Who.
    pub by: PersonId,
    /// Since when.
    pub at: Instant,
}

/// Whether an actor heads those whom somebody belongs to, and so says who does what there: the head of the
/// unit, or the head of the agency where the unit has none.
pub fn presides(pack: &Pack, staff: &Staff, actor: &Actor, over: &PersonId) -> bool {
    let mut units = staff.holders.iter().filter(|holder| holder.person == *over).map(|holder| &holder.unit);
    let has_head = |unit: &UnitId| {
        let mut there = staff.holders.iter().filter(|holder| holder.unit == *unit);
        there.any(|holder| pack.capacities(&holder.role).contains(&Capacity::Stamp))
    };
    let heads = |unit: &UnitId| actor.can(Capacity::Stamp) && actor.unit == *unit;
    *over != actor.person && units.any(|unit| heads(unit) || (actor.can(Capacity::Decide) && !has_head(unit)))
}

/// Takes the step on that has the application; whoever presides over the one who has it takes it over.
///
/// # Errors
/// The actor could not act there; it is the actor's already; somebody else has it.
pub fn take(
    rule: Rule<'_>,
    actor: &Actor,
    facts: &Facts,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let application = &facts.application;
    let unknown = || vec![Refusal::new(Reason::ApplicationUnknown)];
    let chain = chain(rule.pack, &application.object, &application.situation()).ok_or_else(unknown)?;
    let route = facts.route(rule.pack, &chain.value);
    let (part, from) = match route.seat(&actor.person) {
        Ok((part, _)) if route.claim_on(part).is_some() => {
            return Err(vec![wrong_state(application, &chain.clauses)]);
        }
        Ok((part, _)) => (part, None),
        Err(Bar::Claimed) => {
            let held = route.claims_against(&actor.person);
            let over = |by: &PersonId| presides(rule.pack, &facts.staff, actor, by);
            match held.into_iter().find(|claim| over(&claim.by)) {
                Some(claim) => (claim.part, Some(claim.by.clone())),
                None => return Err(barred(&route, &chain.clauses, actor).into_iter().collect()),
            }
        }
        Err(_) => return Err(barred(&route, &chain.clauses, actor).into_iter().collect()),
    };
    let claim = Claim {
        version: application.version,
        step: application.step,
        part,
        by: actor.person.clone(),
        at: now,
    };
    let act = if from.is_some() { "application.taken-over" } else { "application.claimed" };
    Ok(decided(rule, actor, facts, (act, event, now), &claim, from.as_ref(), Change::Claimed))
}

/// Lets go of what the actor took on; whoever presides over the one who has it lifts it, so that others can
/// act.
///
/// # Errors
/// Nobody has taken it on, or somebody over whom the actor does not preside.
pub fn release(
    rule: Rule<'_>,
    actor: &Actor,
    facts: &Facts,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let application = &facts.application;
    let unknown = || vec![Refusal::new(Reason::ApplicationUnknown)];
    let chain = chain(rule.pack, &application.object, &application.situation()).ok_or_else(unknown)?;
    let claims = facts.route(rule.pack, &chain.value).claims();
    let own = claims.iter().find(|claim| claim.by == actor.person);
    let over = || claims.iter().find(|claim| presides(rule.pack, &facts.staff, actor, &claim.by));
    match (own.or_else(over), claims.first()) {
        (Some(claim), _) => {
            let act = ("application.released", event, now);
            Ok(decided(rule, actor, facts, act, claim, Some(&claim.by), Change::Released))
        }
        (None, Some(claim)) => Err(vec![claimed(claim).under_first(&chain.clauses)]),
        (None, None) => Err(vec![wrong_state(application, &chain.clauses)]),
    }
}

/// That somebody else has taken it on: who and since when.
pub(super) fn claimed(claim: &Claim) -> Refusal {
    let help = Help::Person(claim.by.as_str().into());
    Refusal::new(Reason::Claimed).with("since", claim.at.rfc3339()).helped_by(help)
}

fn decided(
    rule: Rule<'_>,
    actor: &Actor,
    facts: &Facts,
    (act, event, now): (decision::Act, &EventId, Instant),
    claim: &Claim,
    from: Option<&PersonId>,
    change: fn(Application, Claim) -> Change,
) -> Decision {
    let application = &facts.application;
    let clauses = chain(rule.pack, &application.object, &application.situation());
    let clauses = clauses.map(|chain| chain.clauses).unwrap_or_default();
    let mut fact =
        fact(event, act, application, &clauses).detail("step", i64::try_from(claim.step).unwrap_or(i64::MAX));
    if let Some(from) = from {
        fact = fact.commit("from", &Personal::new(from.as_str()));
    }
    Decision::new(Permit::under(rule.reference, actor, &clauses, now), fact)
        .seeing(facts.seen.iter().cloned())
        .change(
            application.key(&actor.log()),
            decision::Change::Application(change(application.clone(), claim.clone())),
        )
}

impl Facts {
    /// The way of the application that these facts are about.
    pub(super) fn route<'a>(&'a self, pack: &'a Pack, chain: &'a ApprovalChain) -> Route<'a> {
        Route {
            pack,
            chain,
            application: &self.application,
            stamps: &self.stamps,
            claims: &self.claims,
            staff: &self.staff,
        }
    }
}
