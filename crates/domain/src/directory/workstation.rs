//! Workstations: the machines on which data may be looked up or kept, and what was declared of each.
//!
//! Where the rule binds lookups to them, one from any other machine is refused; otherwise they are a register
//! that an inspection is held against, and a lookup's entry names the machine it came from.

use super::Change;
use crate::actor::Actor;
use crate::decision::{self, Decision, Fact, Permit, Rule, Seen};
use crate::duty::clock;
use crate::id::{EventId, Key, LogId, PersonId, UnitId, WorkstationId};
use crate::personal::Personal;
use crate::refusal::{Help, Outcome, Reason, Refusal, gather, unless};
use crate::regulation::{Capacity, ClauseId, Pack, Role, Schedule, Situation, WorkstationRule};
use crate::time::{Date, Instant};
use alloc::{format, string::String, vec, vec::Vec};
use core::net::IpAddr;
use serde::{Deserialize, Serialize};

/// Most characters of a machine's number.
const NUMBER_MAX: usize = 60;

/// A machine and what was declared of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workstation {
    /// Its identifier.
    pub id: WorkstationId,
    /// The number under which the agency keeps its property.
    pub number: String,
    /// The unit that it stands in.
    pub unit: UnitId,
    /// Who answers for it.
    pub keeper: PersonId,
    /// Its network address; none where the rule does not bind lookups to it.
    pub address: Option<String>,
    /// What was declared.
    pub declared: Declared,
    /// When that was declared last.
    pub on: Date,
    /// The first day on which it is used no more.
    pub retired: Option<Date>,
}

/// What is declared of a machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declared {
    /// It serves nothing else.
    pub dedicated: bool,
    /// It has a password of its own.
    pub password: bool,
    /// It is shut down every day.
    pub shutdown: bool,
}

impl Workstation {
    /// The revision key of its row.
    pub fn key(&self, log: &LogId) -> Key {
        Key::new(log, "workstation", self.id.as_str())
    }

    /// Whether it is in use.
    pub fn serves(&self, day: Date) -> bool {
        self.retired.is_none_or(|retired| day < retired)
    }
}

/// The revision key of an agency's machines: no two of them share a number or an address.
pub fn key(log: &LogId) -> Key {
    Key::new(log, "workstations", "")
}

/// An address as it is compared: one and the same however it was written.
pub fn address(text: &str) -> Option<String> {
    text.trim().parse::<IpAddr>().ok().map(|address| format!("{}", address.to_canonical()))
}

/// Whether a lookup may come from this machine; none where it is on no list.
///
/// # Errors
/// The rule binds lookups to machines that are declared, and it comes from another one, from one of another
/// unit, or from one of which less was declared than the rule wants by now.
pub fn stands(
    pack: &Pack,
    situation: &Situation<'_>,
    actor: &Actor,
    machine: Option<&Workstation>,
    day: Date,
) -> Result<Vec<ClauseId>, Refusal> {
    let Some(ruled) = pack.workstation(situation).filter(|ruled| ruled.value.bound) else {
        return Ok(vec![]);
    };
    let wanted = &ruled.value;
    let own = |one: &&Workstation| one.serves(day) && one.unit == actor.unit;
    let refuse =
        |reason| Err(Refusal::new(reason).under_first(&ruled.clauses).helped_by(Help::Role(head(pack))));
    match machine.filter(own) {
        None => refuse(Reason::StationUnknown),
        Some(one) if !missing(wanted, one.declared).is_empty() || is_stale(wanted, one.on, day) => {
            refuse(Reason::StationStale)
        }
        Some(_) => Ok(ruled.clauses),
    }
}

/// The fields of what the rule wants declared and nobody declared.
fn missing(rule: &WorkstationRule, declared: Declared) -> Vec<&'static str> {
    let all = [
        ("dedicated", rule.dedicated, declared.dedicated),
        ("password_set", rule.password, declared.password),
        ("shutdown", rule.shutdown_daily, declared.shutdown),
    ];
    all.into_iter().filter(|(_, wanted, said)| *wanted && !said).map(|(field, ..)| field).collect()
}

/// Whether the whole period after the one of a declaration has passed without another.
pub fn is_stale(rule: &WorkstationRule, on: Date, day: Date) -> bool {
    let Some(Schedule::Every(every)) = &rule.check else { return false };
    let next = clock::span_of(every, on).and_then(|span| clock::next(every, span));
    next.is_some_and(|span| span.last < day)
}

fn head(pack: &Pack) -> String {
    let stamps = |role: &&Role| role.capacities.contains(&Capacity::Stamp);
    pack.roles.iter().find(stamps).map(|role| role.id.clone()).unwrap_or_default()
}

/// Whether an actor declares the machines of a unit: its head and whoever keeps things there, and for all
/// units those who run the accounts or operate.
pub fn may_declare(actor: &Actor, unit: &UnitId) -> bool {
    let everywhere = actor.can(Capacity::Administer) || actor.can(Capacity::Operate);
    let here = actor.can(Capacity::Stamp) || actor.can(Capacity::Custody);
    everywhere || (here && actor.unit == *unit)
}

/// What a declaration rests on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The agency's machines that are in use.
    pub machines: Vec<Workstation>,
    /// Who holds a post of the agency, and in which unit.
    pub people: Vec<(PersonId, UnitId)>,
    /// The revisions of the rows it may change.
    pub seen: Vec<Seen>,
}

/// Declares a machine, for the first time or anew.
///
/// # Errors
/// The actor does not declare machines of this unit; something that the rule wants is not declared; number or
/// address is missing, malformed or another machine's; nobody of the unit answers for it.
pub fn declare(
    rule: Rule<'_>,
    actor: &Actor,
    machine: Workstation,
    facts: &Facts,
    (event, now): (&EventId, Instant),
) -> Outcome<Decision> {
    if !may_declare(actor, &machine.unit) {
        return Err(vec![Refusal::new(Reason::NoCapacity)]);
    }
    let ruled = rule.pack.workstation(&actor.situation());
    let clauses = ruled.as_ref().map(|ruled| ruled.clauses.clone()).unwrap_or_default();
    let wanted = ruled.map(|ruled| ruled.value).unwrap_or_default();
    let absent = |field: &str| Refusal::new(Reason::FieldMissing).at(field).under_first(&clauses);
    let others = || facts.machines.iter().filter(|one| one.id != machine.id);
    let twice = |field: &str, twice: bool| twice.then(|| Refusal::new(Reason::ListedTwice).at(field));
    let length = machine.number.chars().count();
    let of_unit =
        facts.people.iter().any(|(person, unit)| (person, unit) == (&machine.keeper, &machine.unit));
    let unnamed = machine.keeper.as_str().is_empty();
    let addressed = machine.address.is_some();
    let undeclared = missing(&wanted, machine.declared).into_iter().map(|field| Some(absent(field)));
    let faults = [
        (length == 0).then(|| absent("number")),
        (length > NUMBER_MAX)
            .then(|| Refusal::new(Reason::FieldTooLong).at("number").with("most", format!("{NUMBER_MAX}"))),
        twice("number", others().any(|one| one.number == machine.number)),
        (!addressed && (wanted.bound || wanted.fixed_address)).then(|| absent("address")),
        twice("address", addressed && others().any(|one| one.address == machine.address)),
        unnamed.then(|| absent("keeper")),
        (!of_unit && !unnamed).then(|| Refusal::new(Reason::FieldMalformed).at("keeper")),
    ];
    unless(gather(faults.into_iter().chain(undeclared)))?;
    let log = actor.log();
    let Declared { dedicated, password, shutdown } = machine.declared;
    let fact = fact(event, "directory.workstation", &machine)
        .detail("dedicated", i64::from(dedicated))
        .detail("password", i64::from(password))
        .detail("shutdown", i64::from(shutdown))
        .detail("address", machine.address.clone().unwrap_or_default())
        .commit("keeper", &Personal::new(machine.keeper.as_str()));
    let row = machine.key(&log);
    Ok(Decision::new(Permit::under(rule.reference, actor, &clauses, now), fact)
        .seeing(facts.seen.iter().cloned())
        .touching(key(&log))
        .change(row, decision::Change::Directory(Change::Workstation(machine))))
}

/// Takes a machine out of use.
///
/// # Errors
/// The actor does not declare machines of its unit; it is out of use already.
pub fn retire(
    rule: Rule<'_>,
    actor: &Actor,
    machine: &Workstation,
    seen: Seen,
    (event, now): (&EventId, Instant),
) -> Outcome<Decision> {
    if !may_declare(actor, &machine.unit) {
        return Err(vec![Refusal::new(Reason::NoCapacity)]);
    }
    if !machine.serves(now.date()) {
        return Err(vec![Refusal::new(Reason::WrongState)]);
    }
    let clauses = rule.pack.workstation(&actor.situation()).map(|ruled| ruled.clauses).unwrap_or_default();
    let row = machine.key(&actor.log());
    let change = Change::WorkstationRetired { id: machine.id.clone(), on: now.date() };
    let fact = fact(event, "directory.workstation-retired", machine);
    Ok(Decision::new(Permit::under(rule.reference, actor, &clauses, now), fact)
        .seeing([seen])
        .change(row, decision::Change::Directory(change)))
}

/// Says in an entry which machine a lookup came from, where that is on the list.
pub fn told(fact: Fact, machine: Option<&Workstation>) -> Fact {
    match machine {
        Some(machine) => fact.detail("machine", machine.number.clone()),
        None => fact,
    }
}

fn fact(event: &EventId, act: decision::Act, machine: &Workstation) -> Fact {
    Fact::new(event, act)
        .detail("workstation", String::from(machine.id.as_str()))
        .detail("number", machine.number.clone())
        .detail("unit", machine.unit.as_str())
}
