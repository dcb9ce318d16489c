//! Going through the accounts, as its page shows it.

use super::{ClauseCite, Due};
use domain::account::inventory::Finding;
use domain::regulation::Words;
use domain::time::{Date, Instant};

/// Somebody who was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundView {
    /// Who, by identifier.
    pub person: String,
    /// The name.
    pub name: String,
    /// The unit that answers for them.
    pub unit: String,
    /// Why they were found.
    pub finding: Finding,
    /// How many permissions run.
    pub permissions: usize,
    /// Whether the actor decides about them.
    pub may: bool,
    /// When they last signed in.
    pub used: Option<Date>,
    /// What was decided: whether it stays, the reason, by whom.
    pub decided: Option<(bool, String, String)>,
}

/// Somebody on the list that a head confirms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttestedView {
    /// The name.
    pub name: String,
    /// As what they work in the unit.
    pub roles: Vec<Words>,
    /// How many permissions of theirs run.
    pub permissions: usize,
}

/// A unit whose head confirms its people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttestView {
    /// Its identifier.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How many of its people were not found.
    pub people: usize,
    /// Who confirmed it, and when.
    pub by: Option<(String, Instant)>,
    /// The people on the list, for whoever confirms it as long as nobody did.
    pub list: Vec<AttestedView>,
    /// SHA-256 of the list.
    pub hash: String,
}

/// One inventory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InventoryView {
    /// The identifier of its duty.
    pub id: String,
    /// The first day of its period.
    pub began: Date,
    /// When it is due.
    pub due: Option<Due>,
    /// The clause that wants it.
    pub clause: Option<ClauseCite>,
    /// `open`, `done` or `dropped`.
    pub state: &'static str,
    /// How many accounts are gone through.
    pub all: usize,
    /// Whoever was found.
    pub found: Vec<FoundView>,
    /// How many of them wait for a decision.
    pub open: usize,
    /// How many were not found.
    pub rest: usize,
    /// SHA-256 of the list of those.
    pub hash: String,
    /// The units.
    pub units: Vec<AttestView>,
    /// Whether the actor decides.
    pub may: bool,
    /// Whether the actor closes it.
    pub close: bool,
    /// Whether the actor may remind the heads who have not confirmed their people, which nobody did today.
    pub remind: bool,
    /// When they were last reminded.
    pub reminded: Option<Instant>,
    /// The key under which a double click is carried out once.
    pub form_key: String,
}

impl InventoryView {
    /// How many units are confirmed.
    pub fn attested(&self) -> usize {
        self.units.iter().filter(|unit| unit.by.is_some()).count()
    }

    /// The units that the actor confirms: the own one, and those below it that have no head.
    pub fn own(&self) -> impl Iterator<Item = &AttestView> {
        self.units.iter().filter(|unit| !unit.list.is_empty() && unit.by.is_none())
    }
}
