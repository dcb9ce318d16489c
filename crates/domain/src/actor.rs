//! Who acts: one person, under one assignment, from one place.

use crate::id::{AgencyId, AssignmentId, Key, LogId, PersonId, UnitId};
use crate::regulation::{Capacity, Situation};
use alloc::{string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// Where a request comes from, as the installation's network list says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// Inside the named zone, such as the office.
    Zone(String),
    /// Nowhere that the installation knows.
    Elsewhere,
}

impl Place {
    /// Whether the request comes from `zone`.
    pub fn is_in(&self, zone: &str) -> bool {
        matches!(self, Place::Zone(name) if name == zone)
    }

    /// The zone's word, or `elsewhere`.
    pub fn word(&self) -> &str {
        match self {
            Place::Zone(name) => name,
            Place::Elsewhere => "elsewhere",
        }
    }
}

/// How the command came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// A page in a browser, under a session.
    Page,
    /// The JSON API, under a token bound to a machine and this person.
    Api,
    /// The command line of the operator.
    Operator,
    /// A timer of the desk.
    Timer,
}

/// A person acting under one assignment. The desk builds it from a session or a token; nothing a
/// browser sends can name another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The person; conflict rules go by the person and not by the account.
    pub person: PersonId,
    /// The assignment that the session acts under.
    pub assignment: AssignmentId,
    /// The unit of the assignment.
    pub unit: UnitId,
    /// The agency of the unit, whose regulation governs the act.
    pub agency: AgencyId,
    /// What the unit is in the regulation's list of organisations.
    pub organisation: String,
    /// The role's id in the regulation.
    pub role: String,
    /// The roles of all the person's posts in the agency, where there are several and the regulation asks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held_roles: Vec<String>,
    /// The capacities the regulation gives to that role.
    pub capacities: Vec<Capacity>,
    /// Where the request comes from.
    pub place: Place,
    /// How the request came in.
    pub channel: Channel,
}

impl Actor {
    /// Whether the role carries the capacity.
    pub fn can(&self, capacity: Capacity) -> bool {
        self.capacities.contains(&capacity)
    }

    /// Whether the role watches over the whole agency: it runs the accounts, decides, or audits.
    pub fn oversees(&self) -> bool {
        [Capacity::Administer, Capacity::Decide, Capacity::Audit].into_iter().any(|one| self.can(one))
    }

    /// What a control's condition is asked about when only the actor is known.
    pub fn situation(&self) -> Situation<'_> {
        Situation {
            role: Some(&self.role),
            unit: Some(&self.organisation),
            place: Some(self.place.word()),
            held_roles: &self.held_roles,
            ..Situation::default()
        }
    }

    /// The log that the actor's acts are entered in.
    pub fn log(&self) -> LogId {
        LogId::of(&self.agency)
    }

    /// The revision key of the assignment that the actor acts under.
    pub fn key(&self) -> Key {
        Key::new(&self.log(), "assignment", self.assignment.as_str())
    }
}
