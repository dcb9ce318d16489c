//! Units and agencies that get another name, and units that are closed.
//!
//! A name is what people read; what was done keeps the identifier. Every entry says what something was called
//! before, so that an old paper is understood.

use super::{Agency, Change, Unit, may_keep};
use crate::actor::Actor;
use crate::decision::{self, Decision, Fact, Permit, Seen};
use crate::id::{EventId, Key, LogId, UnitId};
use crate::refusal::{Outcome, Reason, Refusal, gather, unless};
use crate::time::{Date, Instant};
use alloc::{format, string::String, vec, vec::Vec};

/// Most characters of a name.
const NAME_MAX: usize = 80;

/// Another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The official one.
    pub name: String,
    /// The English one; the official one where it is empty.
    pub name_en: String,
}

impl Name {
    fn en(&self) -> String {
        if self.name_en.is_empty() { self.name.clone() } else { self.name_en.clone() }
    }

    fn faults(&self) -> Vec<Refusal> {
        let long = |text: &str| text.chars().count() > NAME_MAX;
        let too_long =
            |field| Refusal::new(Reason::FieldTooLong).at(field).with("most", format!("{NAME_MAX}"));
        gather([
            self.name.is_empty().then(|| Refusal::new(Reason::FieldMissing).at("name")),
            long(&self.name).then(|| too_long("name")),
            long(&self.name_en).then(|| too_long("name_en")),
        ])
    }
}

/// Gives a unit another name. `others` are the units of the agency that are open.
///
/// # Errors
/// The actor does not look after people; the name is missing, too long, or that of an open unit.
pub fn rename(
    actor: &Actor,
    unit: &Unit,
    others: &[Unit],
    name: &Name,
    seen: Seen,
    (event, now): (&EventId, Instant),
) -> Outcome<Decision> {
    may_keep(actor).map_err(|refusal| vec![refusal])?;
    let mut faults = name.faults();
    let taken = others.iter().any(|other| other.name == name.name && other.id != unit.id);
    let same = unit.name == name.name && unit.name_en == name.en();
    faults.extend((taken || same).then(|| Refusal::new(Reason::UnitNameTaken).at("name")));
    unless(faults)?;
    let named = Unit { name: name.name.clone(), name_en: name.en(), ..unit.clone() };
    let fact = Fact::new(event, "directory.unit-renamed")
        .of_record(unit.id.as_str())
        .detail("unit", unit.id.as_str())
        .detail("before", unit.name.as_str())
        .detail("name", named.name.as_str());
    Ok(entered(actor, fact, Change::UnitChanged(named), vec![seen], now))
}

/// Gives an agency another name, by the operator's hand.
///
/// # Errors
/// The name is missing, too long, or the one that it has.
pub fn rename_agency(
    actor: &Actor,
    agency: &Agency,
    name: &Name,
    seen: Seen,
    (event, now): (&EventId, Instant),
) -> Outcome<Decision> {
    may_keep(actor).map_err(|refusal| vec![refusal])?;
    let mut faults = name.faults();
    let same = agency.name == name.name && agency.name_en == name.en();
    faults.extend(same.then(|| Refusal::new(Reason::UnitNameTaken).at("name")));
    unless(faults)?;
    let named = Agency { name: name.name.clone(), name_en: name.en(), ..agency.clone() };
    let fact = Fact::new(event, "directory.agency-renamed")
        .detail("agency", agency.id.as_str())
        .detail("before", agency.name.as_str())
        .detail("name", named.name.as_str());
    Ok(entered(actor, fact, Change::AgencyRenamed(named), vec![seen], now))
}

/// What is still in a unit, by the word that says what it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inside {
    /// People who hold a post there, today or later.
    pub people: usize,
    /// Units below it.
    pub below: usize,
    /// Applications from there that are not over.
    pub applications: usize,
    /// Records of its people that wait for a stamp: nobody else may give it.
    pub stamps: usize,
    /// What is owed there, lists of handing over among it.
    pub duties: usize,
    /// Permissions that stand there.
    pub permissions: usize,
}

impl Inside {
    fn all(&self) -> [(&'static str, usize); 6] {
        [
            ("people", self.people),
            ("below", self.below),
            ("applications", self.applications),
            ("stamps", self.stamps),
            ("duties", self.duties),
            ("permissions", self.permissions),
        ]
    }
}

/// Closes a unit in which nothing is left: nobody gets a post there any more.
///
/// # Errors
/// The actor does not look after people; something is still in it.
pub fn close(
    actor: &Actor,
    unit: &Unit,
    inside: &Inside,
    seen: Vec<Seen>,
    (event, now): (&EventId, Instant),
) -> Outcome<Decision> {
    may_keep(actor).map_err(|refusal| vec![refusal])?;
    let left = inside.all().into_iter().filter(|(_, count)| *count > 0);
    let refusal = |(what, count): (&str, usize)| {
        Refusal::new(Reason::UnitInUse).with("problem", what).with("count", format!("{count}"))
    };
    unless(left.map(refusal).collect())?;
    let fact = Fact::new(event, "directory.unit-closed")
        .of_record(unit.id.as_str())
        .detail("unit", unit.id.as_str())
        .detail("before", unit.name.as_str());
    let change = Change::UnitClosed { id: unit.id.clone(), on: now.date() };
    Ok(entered(actor, fact, change, seen, now))
}

fn entered(actor: &Actor, fact: Fact, change: Change, seen: Vec<Seen>, now: Instant) -> Decision {
    let log = actor.log();
    let row = super::key(&log, &change);
    Decision::new(Permit::in_log(&log, actor.clone(), &[], now), fact)
        .seeing(seen)
        .change(row, decision::Change::Directory(change))
}

/// The revision key of a unit.
pub fn key(log: &LogId, id: &UnitId) -> Key {
    Key::new(log, "unit", id.as_str())
}

/// A former name, and the last day on which it was the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Former {
    /// The name.
    pub name: String,
    /// When it was replaced.
    pub until: Date,
}
