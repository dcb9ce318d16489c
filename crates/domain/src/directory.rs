//! Agencies, their units, the people in them, and who is what where.
//!
//! Rows of an agency's organisation belong to its log; the person belongs to the platform's.

use crate::actor::{Actor, Channel, Place};
use crate::decision::{self, Decision, Fact, Permit, Seen};
use crate::id::{AgencyId, AssignmentId, EventId, Key, LogId, PersonId, UnitId};
use crate::personal::Personal;
use crate::refusal::Outcome;
use crate::time::{Date, Instant};
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// An agency, under one regulation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agency {
    /// Its identifier and the name of its log.
    pub id: AgencyId,
    /// Its official name.
    pub name: String,
    /// Its name in English.
    pub name_en: String,
    /// The regulation it stands under.
    pub pack: String,
}

/// A unit of an agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Its identifier.
    pub id: UnitId,
    /// The agency.
    pub agency: AgencyId,
    /// The unit above it, if any.
    pub above: Option<UnitId>,
    /// Its name.
    pub name: String,
    /// Its name in English.
    pub name_en: String,
    /// The organisation id in the regulation it falls under.
    pub organisation: String,
}

/// One person in one unit under one role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Its identifier.
    pub id: AssignmentId,
    /// Who.
    pub person: PersonId,
    /// Where.
    pub unit: UnitId,
    /// As what, in the regulation's roles.
    pub role: String,
    /// From.
    pub from: Date,
    /// Until, exclusive, if it ends.
    pub until: Option<Date>,
}

/// A member of staff. The name is known to colleagues and stands on record sheets; the national
/// number, for relation checks only, is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Its identifier.
    pub id: PersonId,
    /// The name as shown to colleagues.
    pub name: String,
    /// The national number, if the personnel feed gives it.
    pub number: Personal,
}

/// What becomes of the rows of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// An agency is set up.
    Agency(Agency),
    /// A unit is set up.
    Unit(Unit),
    /// An assignment begins.
    Assignment(Assignment),
    /// A person is entered, in the platform's log.
    Person(Person),
}

/// The operator of the installation, who sets up agencies from the command line.
pub fn operator(log: &LogId) -> Actor {
    Actor {
        person: PersonId::new("operator"),
        assignment: AssignmentId::new("operator"),
        unit: UnitId::new("platform"),
        agency: AgencyId::new(log.as_str()),
        organisation: String::new(),
        role: "operator".into(),
        capacities: Vec::new(),
        place: Place::Elsewhere,
        channel: Channel::Operator,
    }
}

/// Sets up rows of one log by the operator's hand; every row has an entry.
///
/// # Errors
/// None today; the type leaves room for rules on who may be appointed.
pub fn enrol(
    log: &LogId,
    changes: Vec<Change>,
    seen: impl IntoIterator<Item = Seen>,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let permit = Permit::in_log(log, operator(log), &[], now);
    let count = i64::try_from(changes.len()).unwrap_or(i64::MAX);
    let fact = Fact::new(event, "directory.enrolled").detail("rows", count);
    let mut decision = Decision::new(permit, fact).seeing(seen);
    for change in changes {
        let row = key(log, &change);
        decision = decision.change(row, decision::Change::Directory(change));
    }
    Ok(decision)
}

fn key(log: &LogId, change: &Change) -> Key {
    match change {
        Change::Agency(agency) => Key::new(log, "agency", agency.id.as_str()),
        Change::Unit(unit) => Key::new(log, "unit", unit.id.as_str()),
        Change::Assignment(assignment) => Key::new(log, "assignment", assignment.id.as_str()),
        Change::Person(person) => Key::new(log, "person", person.id.as_str()),
    }
}
