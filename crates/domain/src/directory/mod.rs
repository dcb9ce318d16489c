//! Agencies, their units, the people in them, and who is what where.
//!
//! Rows of an agency's organisation belong to its log; the person belongs to the platform's.

pub mod absence;
pub mod closure;
pub mod contract;
pub mod delegation;
pub mod deputy;
pub mod exception;
pub mod handover;
pub mod import;
pub mod post;
pub mod unit;
pub mod workstation;

use crate::actor::{Actor, Channel, Place};
use crate::decision::{self, Decision, Fact, Permit, Seen};
use crate::id::{
    AbsenceId, AgencyId, AssignmentId, ContractId, DelegationId, EventId, ExceptionId, Key, LogId, PersonId,
    UnitId, WorkstationId,
};
use crate::personal::Personal;
use crate::refusal::{Outcome, Reason, Refusal};
use crate::regulation::Capacity;
use crate::time::{Date, Instant};
use alloc::{string::String, vec, vec::Vec};
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

impl Unit {
    /// Whether a list means this unit by a text: its identifier, the agency's own code of it, or its name.
    pub fn is_called(&self, text: &str) -> bool {
        let code = self.id.as_str().strip_prefix(self.agency.as_str()).and_then(|own| own.strip_prefix('-'));
        self.id.as_str() == text || code == Some(text) || self.name == text
    }
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

impl Assignment {
    /// Whether it runs on a day.
    pub fn runs(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }

    /// Whether both run on a day, whichever it is.
    pub fn meets(&self, other: &Self) -> bool {
        let day = self.from.max(other.from);
        self.runs(day) && other.runs(day)
    }
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
    /// A unit has another name, or stands elsewhere.
    UnitChanged(Unit),
    /// A unit is closed.
    UnitClosed {
        /// Which.
        id: UnitId,
        /// The first day on which nobody can be there.
        on: Date,
    },
    /// An agency has another name.
    AgencyRenamed(Agency),
    /// An assignment begins.
    Assignment(Assignment),
    /// An assignment ends, or goes on after all.
    Ended {
        /// Which.
        id: AssignmentId,
        /// The first day on which it does not run, and why; none where it goes on.
        end: Option<(Date, post::Cause)>,
    },
    /// A person is entered, in the platform's log.
    Person(Person),
    /// A person has another name, in the platform's log.
    Renamed {
        /// Who.
        id: PersonId,
        /// The name from now on.
        name: String,
    },
    /// Work is to be handed over, or somebody signed for it.
    Handover(handover::Handover),
    /// Somebody will be away.
    Absence(absence::Absence),
    /// An absence has another last day: the person is back.
    AbsenceEnded {
        /// Which.
        id: AbsenceId,
        /// Whose.
        person: PersonId,
        /// The last day.
        until: Date,
    },
    /// A head delegates, in words that name the document.
    Delegated(delegation::Delegation, Personal),
    /// The offices are closed on a day, or open, other than the calendar says.
    Closure(closure::Closure),
    /// Somebody has a deputy from now on.
    DeputyNamed(deputy::Deputy),
    /// A contract with a contractor.
    Contracted(contract::Contract),
    /// A contract ends before its last day.
    ContractEnded {
        /// Which.
        id: ContractId,
        /// The first day on which it holds no more.
        on: Date,
    },
    /// A machine is declared, for the first time or anew.
    Workstation(workstation::Workstation),
    /// A machine is used no more.
    WorkstationRetired {
        /// Which.
        id: WorkstationId,
        /// From which day on.
        on: Date,
    },
    /// Somebody may hold what the rule keeps apart, in words that say why.
    Excepted(exception::Exception, Personal),
    /// That ends before its last day.
    ExceptionRevoked {
        /// Which.
        id: ExceptionId,
        /// Whose.
        person: PersonId,
        /// When.
        at: Instant,
    },
    /// What was delegated is taken back.
    Revoked {
        /// Which.
        id: DelegationId,
        /// Who had given it.
        by: PersonId,
        /// When.
        at: Instant,
    },
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
        held_roles: Vec::new(),
        capacities: Vec::new(),
        place: Place::Elsewhere,
        channel: Channel::Operator,
    }
}

/// The revision key of a person's posts in an agency: they change one after the other.
pub fn posts_key(log: &LogId, person: &PersonId) -> Key {
    Key::new(log, "posts", person.as_str())
}

/// Whether an actor looks after an agency's people: those who run its accounts, and the operator.
///
/// # Errors
/// They do not.
pub fn may_keep(actor: &Actor) -> Result<(), Refusal> {
    match actor.can(Capacity::Administer) || actor.channel == Channel::Operator {
        true => Ok(()),
        false => Err(Refusal::new(Reason::NoCapacity)),
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

/// Enters one row of a list: a unit, or somebody's name. `before` is what a unit was called.
///
/// # Errors
/// The actor does not look after people.
pub fn keep(
    actor: &Actor,
    log: &LogId,
    (change, before): (Change, Option<&str>),
    seen: Seen,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    may_keep(actor).map_err(|refusal| vec![refusal])?;
    let what = match &change {
        Change::Unit(_) => "unit",
        Change::UnitChanged(_) => "unit-changed",
        Change::Renamed { .. } => "renamed",
        _ => "person",
    };
    let row = key(log, &change);
    let fact =
        Fact::new(event, "directory.kept").detail("what", what).detail("agency", actor.agency.as_str());
    let fact = match &change {
        Change::Person(Person { id, .. }) | Change::Renamed { id, .. } => {
            fact.commit("person", &Personal::new(id.as_str()))
        }
        Change::Unit(unit) | Change::UnitChanged(unit) => fact
            .of_record(unit.id.as_str())
            .detail("unit", unit.id.as_str())
            .detail("before", before.unwrap_or_default())
            .detail("name", unit.name.as_str()),
        _ => fact,
    };
    Ok(Decision::new(Permit::in_log(log, actor.clone(), &[], now), fact)
        .seeing([seen])
        .change(row, decision::Change::Directory(change)))
}

/// The revision key of the row that a change is about.
pub fn key(log: &LogId, change: &Change) -> Key {
    match change {
        Change::Agency(agency) | Change::AgencyRenamed(agency) => Key::new(log, "agency", agency.id.as_str()),
        Change::Unit(unit) | Change::UnitChanged(unit) => unit::key(log, &unit.id),
        Change::UnitClosed { id, .. } => unit::key(log, id),
        Change::Assignment(Assignment { id, .. }) | Change::Ended { id, .. } => {
            Key::new(log, "assignment", id.as_str())
        }
        Change::Person(Person { id, .. }) | Change::Renamed { id, .. } => {
            Key::new(log, "person", id.as_str())
        }
        Change::Handover(handover) => handover.key(log),
        Change::Closure(closure) => closure.key(log),
        Change::DeputyNamed(deputy) => deputy::key(log, &deputy.person),
        Change::Contracted(contract) => contract.key(log),
        Change::ContractEnded { id, .. } => Key::new(log, "contract", id.as_str()),
        Change::Workstation(machine) => machine.key(log),
        Change::WorkstationRetired { id, .. } => Key::new(log, "workstation", id.as_str()),
        Change::Absence(absence::Absence { person, .. }) | Change::AbsenceEnded { person, .. } => {
            absence::key(log, person)
        }
        Change::Excepted(exception::Exception { person, .. }, _)
        | Change::ExceptionRevoked { person, .. } => exception::key(log, person),
        Change::Delegated(delegation::Delegation { by, .. }, _) | Change::Revoked { by, .. } => {
            delegation::key(log, by)
        }
    }
}
