//! Deputies who are named ahead of any absence: who stands in whenever somebody is away.
//!
//! Naming one gives nobody a right; a deputy acts in a recorded absence and never otherwise. A role can want
//! that its holders have one, and then they owe it from the day on which nobody is named.

use super::Change;
use crate::actor::Actor;
use crate::application::route::Holder;
use crate::decision::{self, Decision, Fact, Permit, Rule, Seen};
use crate::duty::{self, Duty, Kind, Owner, State};
use crate::id::{DutyId, EventId, Key, LogId, PersonId};
use crate::personal::Personal;
use crate::refusal::{Outcome, Reason, Refusal, gather, unless};
use crate::regulation::{Pack, Role};
use crate::time::{Date, Instant};
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Who stands in for somebody whenever they are away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deputy {
    /// Who would be away.
    pub person: PersonId,
    /// Who stands in.
    pub deputy: PersonId,
    /// The day on which that was said.
    pub from: Date,
}

impl Deputy {
    /// Whether it is somebody else who holds a post of the agency.
    pub fn stands(&self, holders: &[Holder]) -> bool {
        self.deputy != self.person && holders.iter().any(|holder| holder.person == self.deputy)
    }
}

/// The revision key of somebody's row: a person has one deputy.
pub fn key(log: &LogId, person: &PersonId) -> Key {
    Key::new(log, "deputy", person.as_str())
}

/// What naming a deputy rests on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Who holds a post of the agency today.
    pub holders: Vec<Holder>,
    /// Open duties of the person to name one.
    pub owed: Vec<Duty>,
    /// The revisions of the rows that change.
    pub seen: Vec<Seen>,
}

/// Names the actor's deputy.
///
/// # Errors
/// Nobody stands in for themselves; nobody of the agency is named.
pub fn name(
    rule: Rule<'_>,
    actor: &Actor,
    to: PersonId,
    facts: Facts,
    (event, now): (&EventId, Instant),
) -> Outcome<Decision> {
    let stranger = !facts.holders.iter().any(|holder| holder.person == to);
    unless(gather([
        stranger.then(|| Refusal::new(Reason::FieldMissing).at("standing")),
        (to == actor.person).then(|| Refusal::new(Reason::FieldMalformed).at("standing")),
    ]))?;
    let deputy = Deputy { person: actor.person.clone(), deputy: to, from: now.date() };
    let (log, roles) = (actor.log(), wanting(rule.pack, &deputy.person, &facts.holders));
    let clauses: Vec<_> = roles.into_iter().flat_map(|role| role.clauses.clone()).collect();
    let fact = Fact::new(event, "directory.deputy-named")
        .under(&clauses)
        .commit("person", &Personal::new(deputy.person.as_str()))
        .commit("deputy", &Personal::new(deputy.deputy.as_str()));
    let row = key(&log, &actor.person);
    let decision = Decision::new(Permit::under(rule.reference, actor, &clauses, now), fact)
        .seeing(facts.seen)
        .change(row, decision::Change::Directory(Change::DeputyNamed(deputy)));
    let close = |decision, duty: &Duty| duty::closing(decision, &log, duty, State::Done, &actor.person);
    Ok(facts.owed.iter().fold(decision, close))
}

/// The roles of somebody whose holders have a deputy.
pub fn wanting<'a>(pack: &'a Pack, person: &PersonId, holders: &[Holder]) -> Vec<&'a Role> {
    let holds = |role: &Role| holders.iter().any(|own| own.person == *person && own.role == role.id);
    pack.roles.iter().filter(|role| role.deputy && holds(role)).collect()
}

/// The duty to name one, for each who has nobody though a role of theirs wants it.
pub fn owed(
    rule: Rule<'_>,
    holders: &[Holder],
    named: &[Deputy],
    name: &dyn Fn(&str) -> DutyId,
    today: Date,
) -> Vec<Duty> {
    let has = |person: &PersonId| named.iter().any(|own| own.person == *person && own.stands(holders));
    let mut people: Vec<&PersonId> = holders.iter().map(|holder| &holder.person).collect();
    people.sort();
    people.dedup();
    let one = |person: &PersonId| {
        let role = wanting(rule.pack, person, holders).into_iter().next().filter(|_| !has(person))?;
        Some(Duty {
            person: Some(person.clone()),
            about: role.id.clone(),
            ..Duty::new(
                rule,
                name(&alloc::format!("deputy {person} {today}")),
                Kind::Deputy,
                &role.id,
                Owner::Person(person.clone()),
                today,
            )
        })
    };
    people.into_iter().filter_map(one).collect()
}
