//! The way along a chain: whose turn it is, who can act there, and whether anybody can finish it.
//!
//! People are counted, not accounts: nobody acts on what concerns them, and nobody counts twice.

use super::claim::Claim;
use super::{Application, Right, Ruling, Stamp, State, Verdict};
use crate::directory::Assignment;
use crate::directory::delegation::Delegation;
use crate::id::{AssignmentId, DelegationId, PersonId, UnitId};
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

impl From<&Assignment> for Holder {
    fn from(post: &Assignment) -> Self {
        let Assignment { id, person, unit, role, .. } = post.clone();
        Self { person, assignment: id, unit, role }
    }
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
    /// What heads have delegated and holds.
    pub delegations: Vec<Delegation>,
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
    /// In what right.
    pub right: Right,
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
    /// Somebody else has taken it on.
    Claimed,
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
    /// What people have taken on, in all versions.
    pub claims: &'a [Claim],
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
            .chain(self.delegates(who))
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
                right: Right::Deputy(holder.person.clone()),
            })
            .collect();
        all.push(Candidate { person: holder.person.clone(), right: Right::Own });
        all
    }

    /// Those to whom a head has delegated applications of this kind. They act in their own name, whether the
    /// head is there or not, and hand nothing on.
    fn delegates(&self, who: &Who) -> Vec<Candidate> {
        let heads = match who {
            Who::HeadOrDelegate => self.holders_of(who),
            Who::Any(several) => return several.iter().flat_map(|one| self.delegates(one)).collect(),
            _ => return vec![],
        };
        let holds = |person: &PersonId| self.staff.holders.iter().any(|holder| holder.person == *person);
        let given = self.staff.delegations.iter().filter(|own| {
            own.covers(&self.application.object)
                && holds(&own.to)
                && heads.iter().any(|head| head.person == own.by)
        });
        let candidate =
            |own: &Delegation| Candidate { person: own.to.clone(), right: Right::Delegate(own.by.clone()) };
        given.map(candidate).collect()
    }

    fn may_have_a_say(&self, candidate: &Candidate) -> bool {
        let concerned = |person: &PersonId| self.application.concerns(person);
        !concerned(&candidate.person) && !candidate.right.whose().is_some_and(concerned)
    }

    /// The people whom `who` means here. A head of a unit is that of the unit it comes from, or of the
    /// nearest one above that has a head. So is the head of a body with one of its own, like a district
    /// office; where none is in that line, it is the head of the agency. Every other office serves the whole
    /// agency.
    fn holders_of(&self, who: &Who) -> Vec<&'a Holder> {
        let roles = match is_by_letter(who) {
            true => self.pack.link_keepers(),
            false => self.pack.roles_meant(who, Capacity::Stamp),
        };
        let some = |capacity| roles.iter().any(|role| self.pack.capacities(role).contains(&capacity));
        let holding = |role: &&Holder| roles.contains(&role.role);
        let of_unit = |unit: &UnitId| -> Vec<&'a Holder> {
            self.staff.holders.iter().filter(|holder| holder.unit == *unit).filter(holding).collect()
        };
        let in_line = || self.staff.units.iter().map(of_unit).find(|holders| !holders.is_empty());
        let whole = || self.staff.holders.iter().filter(holding).collect();
        match (some(Capacity::Stamp), some(Capacity::Decide)) {
            (true, _) => in_line().unwrap_or_default(),
            (false, true) => in_line().unwrap_or_else(whole),
            (false, false) => whole(),
        }
    }

    /// Which part of the current step somebody fills, and in what right.
    ///
    /// # Errors
    /// Why it is not theirs.
    pub fn seat(&self, person: &PersonId) -> Result<(usize, Right), Bar> {
        let seats = self.seats(person)?;
        let own = |claim: &Claim| claim.by == *person;
        let claimed = seats.iter().find(|(part, _)| self.claim_on(*part).is_some_and(own));
        let free = || seats.iter().find(|(part, _)| self.claim_on(*part).is_none());
        claimed.or_else(free).cloned().ok_or(Bar::Claimed)
    }

    /// The parts of the current step that somebody could fill, the best first, whoever has taken them on.
    ///
    /// # Errors
    /// Why none is theirs.
    pub fn seats(&self, person: &PersonId) -> Result<Vec<(usize, Right)>, Bar> {
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
        let mut own: Vec<(usize, Right)> = self
            .parts()
            .filter(|part| !spoke || self.is_by_letter(step, *part))
            .filter_map(|part| {
                let candidates = self.candidates(step, part);
                let own = candidates.into_iter().find(|candidate| candidate.person == *person);
                own.map(|candidate| (part, candidate.right))
            })
            .collect();
        // Whoever can act in their own right does not act in somebody else's.
        own.sort_by(|(part, right), (other, theirs)| (right, part).cmp(&(theirs, other)));
        if own.is_empty() {
            return Err(Bar::NotTheirs);
        }
        own.retain(|(part, _)| !self.strands(person, *part));
        if own.is_empty() { Err(Bar::NeededLater) } else { Ok(own) }
    }

    /// The open parts of the current step.
    fn parts(&self) -> impl Iterator<Item = usize> {
        self.open_parts(self.application.step).into_iter()
    }

    /// Who has taken on a part of the current step. A claim rests while its holder is recorded absent, and is
    /// over when they could not act any more or the application has moved on.
    pub fn claim_on(&self, part: usize) -> Option<&'a Claim> {
        let application = self.application;
        let here = |claim: &&Claim| {
            (claim.version, claim.step, claim.part) == (application.version, application.step, part)
        };
        let away = |person: &PersonId| self.staff.absences.iter().any(|absence| absence.person == *person);
        let could = |claim: &&Claim| {
            let seats = self.seats(&claim.by);
            seats.is_ok_and(|seats| seats.iter().any(|(own, _)| *own == part))
        };
        self.claims.iter().filter(here).find(|claim| !away(&claim.by) && could(claim))
    }

    /// What people have taken on of the current step.
    pub fn claims(&self) -> Vec<&'a Claim> {
        self.parts().filter_map(|part| self.claim_on(part)).collect()
    }

    /// What others have taken on of that which somebody could do.
    pub fn claims_against(&self, person: &PersonId) -> Vec<&'a Claim> {
        let seats = self.seats(person).unwrap_or_default();
        let claims = seats.iter().filter_map(|(part, _)| self.claim_on(*part));
        claims.filter(|claim| claim.by != *person).collect()
    }

    /// Whether what was given or asked at a step is hidden from those who did not do it: it is a blind one,
    /// and not over. Being sent back ends it for nobody, for it is gone through again.
    pub fn is_veiled(&self, step: usize) -> bool {
        let application = self.application;
        let over = matches!(application.state, State::Done | State::Refused);
        application.step == step && !over && self.chain.steps.get(step).is_some_and(|step| step.blind)
    }

    /// Everybody who could act at the current step, whoever has taken it on.
    pub fn could_act(&self) -> Vec<Candidate> {
        let step = self.application.step;
        let mut all: Vec<Candidate> = self
            .parts()
            .flat_map(|part| self.candidates(step, part))
            .filter(|candidate| self.seats(&candidate.person).is_ok())
            .collect();
        all.sort();
        all.dedup();
        all
    }

    /// Whether a stamp by this person would leave a step without anybody, which is not so now.
    fn strands(&self, person: &PersonId, part: usize) -> bool {
        let stamp = Stamp {
            version: self.application.version,
            step: self.application.step,
            part,
            by: person.clone(),
            right: Right::Own,
            verdict: Verdict::Agree,
            ruling: Ruling::default(),
            fields: vec![],
            letter: None,
            at: self.application.since,
        };
        let stamps = [self.stamps, &[stamp]].concat();
        Route { stamps: &stamps, ..*self }.dead_end().is_some() && self.dead_end().is_none()
    }

    /// Everybody whose turn it is: where somebody has taken it on, they alone.
    pub fn holding(&self) -> Vec<Candidate> {
        let mut all = self.could_act();
        all.retain(|candidate| self.seat(&candidate.person).is_ok());
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

    /// Whether a chain that nobody can finish could be, if its heads delegated to somebody.
    pub fn wants_delegate(&self) -> bool {
        let mut staff = self.staff.clone();
        let somebody = PersonId::new("");
        let heads = staff.holders.iter().map(|holder| holder.person.clone());
        staff.delegations.extend(heads.map(|by| Delegation {
            id: DelegationId::new(""),
            by,
            to: somebody.clone(),
            objects: vec![],
            from: self.application.since.date(),
            until: self.application.since.date(),
            revoked: None,
        }));
        let (assignment, unit) = (AssignmentId::new(""), UnitId::new(""));
        staff.holders.push(Holder { person: somebody, assignment, unit, role: String::new() });
        self.dead_end().is_some() && Route { staff: &staff, ..*self }.dead_end().is_none()
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
