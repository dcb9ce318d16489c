//! Who owes a duty: a person, or whoever holds a role.

use super::{Duty, Kind};
use crate::application::route::Holder;
use crate::id::{PersonId, UnitId};
use crate::regulation::{Capacity, Pack, Relation, Who};
use alloc::{format, string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// Who owes a duty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Owner {
    /// One person.
    Person(PersonId),
    /// Whoever holds a role in the agency.
    Role(String),
    /// Whoever holds a role in a unit.
    RoleIn(String, UnitId),
}

impl Owner {
    /// The text that rows hold.
    pub fn text(&self) -> String {
        match self {
            Self::Person(person) => format!("person {person}"),
            Self::Role(role) => format!("role {role}"),
            Self::RoleIn(role, unit) => format!("role {role} in {unit}"),
        }
    }

    /// Reads what [`Owner::text`] wrote.
    pub fn from_text(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once(' ')?;
        match (kind, rest.split_once(" in ")) {
            ("person", _) => Some(Self::Person(PersonId::new(rest))),
            ("role", Some((role, unit))) => Some(Self::RoleIn(role.into(), UnitId::new(unit))),
            ("role", None) => Some(Self::Role(rest.into())),
            _ => None,
        }
    }

    /// Every owner that this person can be under this assignment.
    pub fn of(person: &PersonId, role: &str, unit: &UnitId) -> [Self; 3] {
        [Self::Person(person.clone()), Self::Role(role.into()), Self::RoleIn(role.into(), unit.clone())]
    }
}

/// Whom a rule means, as the owner of a duty that arises in a unit; none for bodies outside. Of several roles
/// that it means alike this is the first; where nobody holds that one, what is owed is passed on
/// ([`Duty::passes_to`]).
pub fn owner_of(pack: &Pack, who: &Who, unit: Option<&UnitId>) -> Option<Owner> {
    owners_of(pack, who, unit).into_iter().next()
}

/// The same for each of several roles that the rule means alike.
pub(super) fn owners_of(pack: &Pack, who: &Who, unit: Option<&UnitId>) -> Vec<Owner> {
    let capacity = match who {
        Who::Relation(Relation::SupervisorOf | Relation::HeadOfUnit) => Capacity::Stamp,
        Who::Relation(Relation::HeadOfAgency) => Capacity::Decide,
        Who::Relation(Relation::CustodianOf) => Capacity::Custody,
        _ => Capacity::Ask,
    };
    let owner = |role: String| match (who, unit) {
        (Who::Relation(Relation::SupervisorOf | Relation::HeadOfUnit), Some(unit)) => {
            Owner::RoleIn(role, unit.clone())
        }
        _ => Owner::Role(role),
    };
    pack.roles_meant(who, capacity).into_iter().map(owner).collect()
}

/// Whoever runs the accounts of an agency, where a rule does not say whose a duty is: the first of the roles
/// that do. Where nobody holds that one, what is owed is passed on ([`Duty::passes_to`]).
pub fn keeper(pack: &Pack) -> Option<Owner> {
    keepers(pack).into_iter().next()
}

/// The same for each of several roles that run them alike.
pub(crate) fn keepers(pack: &Pack) -> Vec<Owner> {
    let able = |capacity: Capacity| -> Vec<Owner> {
        let roles = pack.roles.iter().filter(|role| role.capacities.contains(&capacity));
        roles.map(|role| Owner::Role(role.id.clone())).collect()
    };
    let own = able(Capacity::Administer);
    if own.is_empty() { able(Capacity::Decide) } else { own }
}

/// The head of a unit.
pub fn head_of(pack: &Pack, unit: &UnitId) -> Option<Owner> {
    owner_of(pack, &Who::Relation(Relation::HeadOfUnit), Some(unit))
}

/// Every role that owes something alike which a rule lets somebody do for the whole agency, in the order of
/// the rule; whoever runs the accounts where it names nobody, or a body outside.
pub(super) fn owners_or_keepers(pack: &Pack, who: Option<&Who>) -> Vec<Owner> {
    let named = who.map(|who| owners_of(pack, who, None)).unwrap_or_default();
    if named.is_empty() { keepers(pack) } else { named }
}

/// Those who are an owner as the posts are held.
fn holding<'a>(owner: &'a Owner, holders: &'a [Holder]) -> impl Iterator<Item = &'a Holder> {
    holders.iter().filter(|one| Owner::of(&one.person, &one.role, &one.unit).contains(owner))
}

/// Who does what the head of a unit is to do, as the posts are held: its head; where there is none, or only
/// one who must not (`apart`), the head of the nearest unit above that has one, or of the agency. `line` is
/// the unit with those above it. None where nobody heads anything.
pub fn heading(pack: &Pack, line: &[UnitId], holders: &[Holder], apart: Option<&PersonId>) -> Option<Owner> {
    let held = |owner: &Owner| {
        let mut own = holding(owner, holders).peekable();
        own.peek().is_some() && own.all(|one| Some(&one.person) != apart)
    };
    let of_unit = |unit: &UnitId| owners_of(pack, &Who::Relation(Relation::HeadOfUnit), Some(unit));
    line.iter().flat_map(of_unit).chain(owners_of(pack, &Who::Head, None)).find(held)
}

impl Duty {
    /// Whether it is for the head of its unit to do: to tell offices inside, to watch over the handing over
    /// of work, to confirm people.
    pub fn is_of_head(&self) -> bool {
        match self.kind {
            Kind::Notify => super::notice::is_inside(&self.about),
            Kind::HandOver => self.id.as_str() == super::supervising(&self.about),
            Kind::Attest => true,
            _ => false,
        }
    }

    /// Whose it is as the posts are held: the head's, or whoever does it in the place of one; else, where
    /// nobody holds the role that owes it, the first of those that the rule means alike and that somebody
    /// holds. None where it is as it should be, or nobody could.
    pub fn passes_to(&self, pack: &Pack, line: &[UnitId], holders: &[Holder]) -> Option<Owner> {
        if !self.is_of_head() {
            let held = |owner: &Owner| holding(owner, holders).next().is_some();
            if matches!(self.owner, Owner::Person(_)) || held(&self.owner) {
                return None;
            }
            let alike = self.alike(pack);
            let own = alike.contains(&self.owner);
            return alike.into_iter().find(held).filter(|_| own);
        }
        let apart = self.person.as_ref().filter(|_| self.kind != Kind::Attest);
        let keeper = || keeper(pack).filter(|_| self.kind != Kind::Attest);
        let owner = heading(pack, line, holders, apart).or_else(keeper);
        owner.filter(|owner| self.is_of_head() && *owner != self.owner)
    }
    /// Every role that owes it alike, in the order of the rule: those whom its control names, or else those
    /// that run the accounts. An application waits for all who could answer it, and notice is taken by each.
    fn alike(&self, pack: &Pack) -> Vec<Owner> {
        let named = match self.kind {
            Kind::Answer | Kind::Heed => return Vec::new(),
            Kind::Press => Some(Who::Head),
            Kind::SignOff => pack.inventory().and_then(|ruled| ruled.value.sign_off),
            Kind::Compensate => pack.compensation_under(&self.control).and_then(|ruled| ruled.value.by),
            _ => {
                let mut all = pack.recurring().into_iter();
                all.find(|ruled| ruled.control == self.control).and_then(|ruled| ruled.value.by)
            }
        };
        owners_or_keepers(pack, named.as_ref())
    }
}
