//! The way along a chain: whose turn it is, who can act there, and whether anybody can finish it.
//!
//! People are counted, not accounts: nobody acts on what concerns them, and nobody counts twice.

use super::{Application, Stamp, Verdict};
use crate::id::{AssignmentId, PersonId, UnitId};
use crate::regulation::{ApprovalChain, Capacity, ChainStep, Pack, StepAct, Who};
use alloc::{collections::BTreeMap, collections::BTreeSet, string::String, vec, vec::Vec};
use serde::{Deserialize, Serialize};

/// A person under an assignment that runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Who.
    pub person: PersonId,
    /// Under which assignment.
    pub assignment: AssignmentId,
    /// In which unit.
    pub unit: UnitId,
    /// As what.
    pub role: String,
}

/// An absence that runs, with the one who acts meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// Who is away.
    pub person: PersonId,
    /// Who stands in.
    pub deputy: PersonId,
}

/// The people of the agency, as the chain of one application sees them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// Everybody with an assignment that runs.
    pub holders: Vec<Holder>,
    /// Absences that run.
    pub absences: Vec<Absence>,
    /// The unit that the application comes from, and those above it, the nearest first.
    pub units: Vec<UnitId>,
}

impl Staff {
    /// Whether somebody has an assignment in a unit.
    pub fn is_of(&self, person: &PersonId, unit: &UnitId) -> bool {
        self.holders.iter().any(|holder| holder.person == *person && holder.unit == *unit)
    }
}

/// Somebody who can act at a part of a step.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// Who.
    pub person: PersonId,
    /// For whom, where a deputy acts.
    pub stands_for: Option<PersonId>,
}

/// Why somebody cannot act now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bar {
    /// It concerns them.
    Concerned,
    /// They have had their say in this version.
    Counted,
    /// It is not their turn, or never will be.
    NotTheirs,
    /// They are the only one left for a later step.
    NeededLater,
}

/// A chain with those who can act in it.
#[derive(Clone, Copy, Debug)]
pub struct Route<'a> {
    /// The rule.
    pub pack: &'a Pack,
    /// Its chain.
    pub chain: &'a ApprovalChain,
    /// The application.
    pub application: &'a Application,
    /// What was given so far, in all versions.
    pub stamps: &'a [Stamp],
    /// The people.
    pub staff: &'a Staff,
}

/// The first step that somebody other than the author acts at.
pub fn first(chain: &ApprovalChain) -> usize {
    chain.steps.iter().position(|step| step.act != StepAct::Propose).unwrap_or(chain.steps.len())
}

/// Bodies of a link that the agency itself can be: whoever works there can propose in their name.
const OWN_PARTIES: [&str; 3] = ["linking-agency", "holding-agency", "using-agency"];

/// Whether a part of a step is said by a body outside, by letter: whoever keeps the correspondence enters
/// it, and that is no say of their own.
pub fn is_by_letter(who: &Who) -> bool {
    matches!(who, Who::Party(_))
}

/// Whether holders of a role may put an application forward.
pub fn may_propose(pack: &Pack, chain: &ApprovalChain, role: &str) -> bool {
    let mut proposers = chain.steps.iter().filter(|step| step.act == StepAct::Propose).peekable();
    proposers.peek().is_none()
        || proposers.any(|step| {
            step.who.iter().any(|who| match who {
                Who::Party(party) => OWN_PARTIES.contains(party),
                _ => pack.roles_meant(who, Capacity::Ask).iter().any(|own| own == role),
            })
        })
}

impl<'a> Route<'a> {
    /// The step that has it now; none after the last.
    pub fn step(&self) -> Option<&'a ChainStep> {
        self.chain.steps.get(self.application.step).filter(|_| self.application.state.is_on_its_way())
    }

    /// The parts of a step that nobody has filled in this version.
    pub fn open_parts(&self, step: usize) -> Vec<usize> {
        let filled: BTreeSet<usize> = self.given(step).map(|stamp| stamp.part).collect();
        let parts = self.chain.steps.get(step).map_or(0, |step| step.who.len());
        (0..parts).filter(|part| !filled.contains(part)).collect()
    }

    /// Whether a step has as many stamps as it wants, with `more` still to come.
    pub fn is_full(&self, step: usize, more: usize) -> bool {
        let wanted = self.chain.steps.get(step).map_or(0, |step| step.quorum);
        self.given(step).count() + more >= wanted
    }

    fn given(&self, step: usize) -> impl Iterator<Item = &'a Stamp> {
        let version = self.application.version;
        let counts = |verdict| matches!(verdict, Verdict::Agree | Verdict::Object | Verdict::CarryOut);
        let own = move |stamp: &&Stamp| stamp.version == version && stamp.step == step;
        self.stamps.iter().filter(own).filter(move |stamp| counts(stamp.verdict))
    }

    /// Whether a part of a step is said by letter, by its places.
    pub fn is_by_letter(&self, step: usize, part: usize) -> bool {
        let step = self.chain.steps.get(step);
        step.and_then(|step| step.who.get(part)).is_some_and(is_by_letter)
    }

    /// Everybody who can act at a part of a step, whoever acted before.
    pub fn candidates(&self, step: usize, part: usize) -> Vec<Candidate> {
        let Some(step) = self.chain.steps.get(step) else { return vec![] };
        let Some(who) = step.who.get(part) else { return vec![] };
        let mut found: Vec<Candidate> = self
            .holders_of(who)
            .into_iter()
            .flat_map(|holder| self.in_place_of(holder, step.deputies))
            .filter(|candidate| self.may_have_a_say(candidate))
            .collect();
        found.sort();
        found.dedup_by(|one, other| one.person == other.person);
        found
    }

    /// The holder, and whoever stands in while the holder is away.
    fn in_place_of(&self, holder: &Holder, deputies: bool) -> Vec<Candidate> {
        let deputy = self.staff.absences.iter().filter(|absence| deputies && absence.person == holder.person);
        let mut all: Vec<Candidate> = deputy
            .map(|absence| Candidate {
                person: absence.deputy.clone(),
                stands_for: Some(holder.person.clone()),
            })
            .collect();
        all.push(Candidate { person: holder.person.clone(), stands_for: None });
        all
    }

    fn may_have_a_say(&self, candidate: &Candidate) -> bool {
        let concerned = |person: &PersonId| self.application.concerns(person);
        !concerned(&candidate.person) && !candidate.stands_for.as_ref().is_some_and(concerned)
    }

    /// The people whom `who` means here. A head of a unit is that of the unit it comes from, or of the
    /// nearest one above that has a head; every other office serves the whole agency.
    fn holders_of(&self, who: &Who) -> Vec<&'a Holder> {
        let roles = match is_by_letter(who) {
            true => self.pack.link_keepers(),
            false => self.pack.roles_meant(who, Capacity::Stamp),
        };
        let heads: Vec<&String> =
            roles.iter().filter(|role| self.pack.capacities(role).contains(&Capacity::Stamp)).collect();
        let holding = |role: &&Holder| roles.contains(&role.role);
        if heads.is_empty() {
            return self.staff.holders.iter().filter(holding).collect();
        }
        let of_unit = |unit: &UnitId| -> Vec<&'a Holder> {
            self.staff.holders.iter().filter(|holder| holder.unit == *unit).filter(holding).collect()
        };
        self.staff.units.iter().map(of_unit).find(|holders| !holders.is_empty()).unwrap_or_default()
    }

    /// Which part of the current step somebody fills, and for whom.
    ///
    /// # Errors
    /// Why it is not theirs.
    pub fn seat(&self, person: &PersonId) -> Result<(usize, Option<PersonId>), Bar> {
        if self.application.concerns(person) {
            return Err(Bar::Concerned);
        }
        if self.step().is_none() {
            return Err(Bar::NotTheirs);
        }
        let version = self.application.version;
        let step = self.application.step;
        let spoke = self.stamps.iter().any(|stamp| {
            stamp.version == version && stamp.by == *person && !self.is_by_letter(stamp.step, stamp.part)
        });
        if spoke && !self.open_parts(step).iter().any(|part| self.is_by_letter(step, *part)) {
            return Err(Bar::Counted);
        }
        let seats = self
            .open_parts(step)
            .into_iter()
            .filter(|part| !spoke || self.is_by_letter(step, *part))
            .flat_map(|part| self.candidates(step, part).into_iter().map(move |candidate| (part, candidate)));
        let own =
            seats.filter(|(_, candidate)| candidate.person == *person).min_by_key(|(part, candidate)| {
                // Whoever can act in their own right does not act as a deputy.
                (candidate.stands_for.is_some(), *part)
            });
        let (part, candidate) = own.ok_or(Bar::NotTheirs)?;
        match self.strands(person, part) {
            true => Err(Bar::NeededLater),
            false => Ok((part, candidate.stands_for)),
        }
    }

    /// Whether a stamp by this person would leave a step without anybody, which is not so now.
    fn strands(&self, person: &PersonId, part: usize) -> bool {
        let stamp = Stamp {
            version: self.application.version,
            step: self.application.step,
            part,
            by: person.clone(),
            stands_for: None,
            verdict: Verdict::Agree,
            fields: vec![],
            letter: None,
            at: self.application.since,
        };
        let stamps = [self.stamps, &[stamp]].concat();
        Route { stamps: &stamps, ..*self }.dead_end().is_some() && self.dead_end().is_none()
    }

    /// Everybody whose turn it is.
    pub fn holding(&self) -> Vec<Candidate> {
        let step = self.application.step;
        let mut all: Vec<Candidate> = self
            .open_parts(step)
            .into_iter()
            .flat_map(|part| self.candidates(step, part))
            .filter(|candidate| self.seat(&candidate.person).is_ok())
            .collect();
        all.sort();
        all.dedup();
        all
    }

    /// The first step, from the current one on, that cannot be filled with people who differ; none where the
    /// chain can be finished.
    pub fn dead_end(&self) -> Option<usize> {
        let mut taken: BTreeMap<(usize, usize), PersonId> = BTreeMap::new();
        let version = self.application.version;
        let spoke = |stamp: &&Stamp| stamp.version == version && !self.is_by_letter(stamp.step, stamp.part);
        let spent: BTreeSet<&PersonId> = self.stamps.iter().filter(spoke).map(|stamp| &stamp.by).collect();
        let from = self.application.step.max(first(self.chain));
        for (at, step) in self.chain.steps.iter().enumerate().skip(from) {
            let mut filled = self.given(at).count();
            for part in self.open_parts(at) {
                if filled >= step.quorum {
                    break;
                }
                filled += usize::from(match self.is_by_letter(at, part) {
                    true => !self.candidates(at, part).is_empty(),
                    false => self.find(at, part, &spent, &mut taken, &mut BTreeSet::new()),
                });
            }
            if filled < step.quorum {
                return Some(at);
            }
        }
        None
    }

    /// Finds somebody for a seat, moving others to seats they can take as well (an augmenting path).
    fn find(
        &self,
        step: usize,
        part: usize,
        spent: &BTreeSet<&PersonId>,
        taken: &mut BTreeMap<(usize, usize), PersonId>,
        tried: &mut BTreeSet<PersonId>,
    ) -> bool {
        for candidate in self.candidates(step, part) {
            let person = candidate.person;
            if spent.contains(&person) || !tried.insert(person.clone()) {
                continue;
            }
            let seat = taken.iter().find(|(_, other)| **other == person).map(|(seat, _)| *seat);
            let free = match seat {
                None => true,
                Some((step, part)) => self.find(step, part, spent, taken, tried),
            };
            if free {
                taken.insert((step, part), person);
                return true;
            }
        }
        false
    }
}
