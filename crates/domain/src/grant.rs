//! Consent before use: the unit head's (or the chain's) standing word that a unit may look up.

use crate::actor::Actor;
use crate::decision::{self, Decision, Fact, Permit, Seen};
use crate::id::{ConsentId, EventId, Key, LogId, PersonId, UnitId};
use crate::lookup::ask::Rule;
use crate::refusal::{Help, Outcome, Reason, Refusal};
use crate::regulation::ScopeOfConsent;
use crate::time::Instant;
use alloc::{string::String, vec, vec::Vec};
use serde::{Deserialize, Serialize};

/// A consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Its identifier.
    pub id: ConsentId,
    /// The unit it is for.
    pub unit: UnitId,
    /// The business or basis it is limited to; none means all that the rule allows.
    pub basis: Option<String>,
    /// Who gave it.
    pub by: PersonId,
    /// From when.
    pub from: Instant,
    /// Until when, exclusive; none if the rule sets no end.
    pub until: Option<Instant>,
    /// When it was ended early, if so.
    pub ended: Option<Instant>,
}

impl Consent {
    /// Whether it is in force at `now`.
    pub fn in_force(&self, now: Instant) -> bool {
        self.ended.is_none() && self.from <= now && self.until.is_none_or(|until| now < until)
    }
}

/// The revision key of a unit's consents: giving and ending go one after the other.
pub fn key(log: &LogId, unit: &UnitId) -> Key {
    Key::new(log, "consent", unit.as_str())
}

/// What becomes of the rows of consents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Given.
    Given(Consent),
    /// Ended before its time.
    Ended {
        /// Which.
        id: ConsentId,
        /// When.
        at: Instant,
    },
}

/// Gives a consent for the actor's unit.
///
/// # Errors
/// The rule wants none, or wants it from somebody else.
pub fn give(
    rule: Rule<'_>,
    actor: &Actor,
    consent: Consent,
    seen: Seen,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let clauses = may_give(rule, actor).map_err(|refusal| vec![refusal])?;
    if consent.until.is_some_and(|until| until <= now) {
        return Err(vec![Refusal::new(Reason::FieldMalformed).under_first(&clauses).at("until")]);
    }
    let fact = Fact::new(event, "grant.consented")
        .under(&clauses)
        .detail("consent", consent.id.as_str())
        .detail("unit", consent.unit.as_str());
    let row = key(&actor.log(), &consent.unit);
    Ok(Decision::new(permit(rule, actor, clauses, now), fact)
        .seeing([seen])
        .change(row, decision::Change::Grant(Change::Given(consent))))
}

/// Ends a consent that is in force.
///
/// # Errors
/// It is not in force, or the actor could not have given it.
pub fn end(
    rule: Rule<'_>,
    actor: &Actor,
    consent: &Consent,
    seen: Seen,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let clauses = may_give(rule, actor).map_err(|refusal| vec![refusal])?;
    if consent.unit != actor.unit || !consent.in_force(now) {
        return Err(vec![Refusal::new(Reason::ConsentUnknown).under_first(&clauses)]);
    }
    let fact = Fact::new(event, "grant.ended")
        .under(&clauses)
        .detail("consent", consent.id.as_str())
        .detail("unit", consent.unit.as_str());
    let ended = Change::Ended { id: consent.id.clone(), at: now };
    Ok(Decision::new(permit(rule, actor, clauses, now), fact)
        .seeing([seen])
        .change(key(&actor.log(), &consent.unit), decision::Change::Grant(ended)))
}

/// Whether the actor may give the consent that the rule wants, and under which clauses.
///
/// # Errors
/// The rule wants it from another role, or wants none.
pub fn may_give(rule: Rule<'_>, actor: &Actor) -> Result<Vec<crate::regulation::ClauseId>, Refusal> {
    let wanted = rule.pack.consent(&actor.situation()).filter(|c| c.value.scope != ScopeOfConsent::None);
    let Some(wanted) = wanted else {
        return Err(Refusal::new(Reason::NoCapacity));
    };
    let by = wanted.value.by_role();
    if !by.is_empty() && by == actor.role {
        return Ok(wanted.clauses);
    }
    Err(Refusal::new(Reason::NoCapacity)
        .under_first(&wanted.clauses)
        .helped_by(Help::Role(by.into())))
}

fn permit(
    rule: Rule<'_>,
    actor: &Actor,
    clauses: Vec<crate::regulation::ClauseId>,
    now: Instant,
) -> Permit {
    Permit {
        actor: actor.clone(),
        log: actor.log(),
        at: now,
        rule: Some(rule.reference.clone()),
        clauses,
    }
}
