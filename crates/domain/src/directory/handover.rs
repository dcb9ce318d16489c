//! Handing over by a list: who leaves a post gives the work to a successor; both sign, and the supervisor.
//!
//! Work is handed over, rights never are: the successor applies for their own.

use super::Change;
use crate::actor::Actor;
use crate::application::route::Holder;
use crate::decision::{self, Decision, Fact, Permit, Rule, Seen};
use crate::duty::notice::Changed;
use crate::duty::{self, Duty, Kind, Owner, State, keeper, keepers};
use crate::id::{DutyId, EventId, HandoverId, Key, LogId, PersonId, UnitId};
use crate::personal::Personal;
use crate::refusal::{Outcome, Reason, Refusal, gather, unless};
use crate::regulation::{self, Capacity, Pack, Ruled, Who};
use crate::time::Instant;
use crate::{case, directory};
use alloc::{format, string::String, string::ToString, vec, vec::Vec};
use serde::{Deserialize, Serialize};

/// Most cases of one list.
const ITEMS_MAX: usize = 2_000;

/// A list by which work is handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// Its identifier.
    pub id: HandoverId,
    /// Who gives.
    pub giver: PersonId,
    /// The unit whose work it is.
    pub unit: UnitId,
    /// Who receives, once the supervisor has named somebody.
    pub receiver: Option<PersonId>,
    /// The numbers of the cases on the list, as they were when the receiver was named.
    pub items: Vec<String>,
    /// When the giver signed.
    pub given: Option<Instant>,
    /// When the receiver signed.
    pub received: Option<Instant>,
    /// Who signed after the receiver, and when, where the rule names who does.
    #[serde(default)]
    pub signed: Vec<(PersonId, Instant)>,
    /// Which supervisor signed last, and when: then it is over.
    pub closed: Option<(PersonId, Instant)>,
}

/// What somebody is to a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Who gives.
    Giver,
    /// Who receives.
    Receiver,
    /// Who watches over it, or signs it after them.
    Supervisor,
}

impl Part {
    /// The word in entries, on pages and in the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Giver => "giver",
            Self::Receiver => "receiver",
            Self::Supervisor => "supervisor",
        }
    }
}

impl Handover {
    /// The revision key of its row.
    pub fn key(&self, log: &LogId) -> Key {
        key(log, &self.id)
    }

    /// A new list for a change of post, with the duties of giver and supervisor.
    pub(super) fn begun(
        rule: Rule<'_>,
        ruled: &Ruled<regulation::Handover>,
        changed: &Changed<'_>,
        event: &EventId,
    ) -> (Self, Vec<Duty>) {
        let handover = Self {
            id: HandoverId::new(format!("ho-{event}")),
            giver: changed.person.clone(),
            unit: changed.unit.clone(),
            receiver: None,
            items: vec![],
            given: None,
            received: None,
            signed: vec![],
            closed: None,
        };
        let owners = [Some(Owner::Person(changed.person.clone())), changed.supervisor(rule.pack)];
        let duties = owners.into_iter().flatten().enumerate();
        let duties = duties.map(|(n, owner)| Duty {
            unit: Some(changed.unit.clone()),
            person: Some(changed.person.clone()),
            about: handover.id.to_string(),
            ..Duty::new(
                rule,
                DutyId::new(format!("du-{}-{n}", handover.id)),
                Kind::HandOver,
                &ruled.control,
                owner,
                changed.on,
            )
        });
        let duties = duties.collect();
        (handover, duties)
    }

    /// Whether it is for the actor to sign after giver and receiver, of these who do.
    pub fn is_turn_of(&self, actor: &Actor, signers: &[Owner], owed: &[Duty]) -> bool {
        match signers.get(self.signed.len()) {
            Some(owner) => Owner::of(&actor.person, &actor.role, &actor.unit).contains(owner),
            None => signers.is_empty() && self.part(actor, owed) == Some(Part::Supervisor),
        }
    }

    /// What the actor is to it: its giver, its receiver, or one who watches over the unit, or over this list
    /// by one of its open duties.
    pub fn part(&self, actor: &Actor, owed: &[Duty]) -> Option<Part> {
        if self.giver == actor.person {
            return Some(Part::Giver);
        }
        if self.receiver.as_ref() == Some(&actor.person) {
            return Some(Part::Receiver);
        }
        let heads = actor.unit == self.unit && actor.can(Capacity::Stamp);
        let owes = owed.iter().any(|duty| duty.is_of_head() && duty.is_owed_by(actor, &[]));
        (heads || owes || directory::may_keep(actor).is_ok()).then_some(Part::Supervisor)
    }
}

/// Those who sign a list after giver and receiver, in the order of the rule; empty where it names nobody, and
/// the supervisor does. In the place of a post that nobody else holds signs whoever runs the accounts.
pub fn signers(pack: &Pack, named: &[Who], handover: &Handover, holders: &[Holder]) -> Vec<Owner> {
    let signed = |person: &PersonId| handover.signed.iter().any(|(by, _)| by == person);
    let apart = |owner: &Owner| {
        holders.iter().any(|one| {
            let part = one.person == handover.giver || handover.receiver.as_ref() == Some(&one.person);
            let own = Owner::of(&one.person, &one.role, &one.unit).contains(owner);
            own && !part && !signed(&one.person)
        })
    };
    let owners = |who: &Who| {
        let head = matches!(who, Who::Head | Who::HeadOrDelegate);
        let roles = pack.roles_meant(who, Capacity::Stamp).into_iter();
        let owner = |role: String| match pack.capacities(&role).contains(&Capacity::Stamp) && !head {
            true => Owner::RoleIn(role, handover.unit.clone()),
            false => Owner::Role(role),
        };
        roles.map(owner).collect::<Vec<Owner>>()
    };
    let instead = || keepers(pack).into_iter().find(apart).or_else(|| keeper(pack));
    named.iter().filter_map(|who| owners(who).into_iter().find(apart).or_else(instead)).collect()
}

/// The revision key of a list.
pub fn key(log: &LogId, id: &HandoverId) -> Key {
    Key::new(log, "handover", id.as_str())
}

/// What a step of handing over rests on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The list.
    pub handover: Handover,
    /// Its duties that are open.
    pub duties: Vec<Duty>,
    /// Those who sign after giver and receiver; see [`signers`].
    pub signers: Vec<Owner>,
    /// The clauses that want it.
    pub clauses: Vec<regulation::ClauseId>,
    /// The revisions of the rows it may change.
    pub seen: Vec<Seen>,
}

/// Names who receives the work, and draws up the list of it.
///
/// # Errors
/// The actor does not watch over the unit; the receiver is the giver; the list is signed, or too long.
pub fn name(
    rule: Rule<'_>,
    actor: &Actor,
    facts: &Facts,
    receiver: &PersonId,
    items: Vec<String>,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let (handover, clauses) = (&facts.handover, &facts.clauses);
    let signed = handover.received.is_some() || handover.closed.is_some();
    unless(gather([
        (handover.part(actor, &facts.duties) != Some(Part::Supervisor))
            .then(|| Refusal::new(Reason::NotYourDuty).under_first(clauses)),
        signed.then(|| Refusal::new(Reason::WrongState).under_first(clauses).with("state", "done")),
        (*receiver == handover.giver || receiver.as_str().is_empty())
            .then(|| Refusal::new(Reason::FieldMissing).under_first(clauses).at("receiver")),
        (items.len() > ITEMS_MAX)
            .then(|| Refusal::new(Reason::FieldTooLong).at("items").with("most", format!("{ITEMS_MAX}"))),
    ]))?;
    let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
    // Whoever gave signed another list; this one they have not seen.
    let named = Handover { receiver: Some(receiver.clone()), items, given: None, ..handover.clone() };
    let log = actor.log();
    let fact = fact(event, "directory.handover-listed", &named).under(clauses).detail("items", count);
    let mut decision = Decision::new(Permit::under(rule.reference, actor, clauses, now), fact)
        .seeing(facts.seen.iter().cloned())
        .change(named.key(&log), decision::Change::Directory(Change::Handover(named)));
    // Who was named before owes nothing any more.
    let giver = Owner::Person(handover.giver.clone());
    let before = |duty: &&Duty| matches!(duty.owner, Owner::Person(_)) && duty.owner != giver;
    for old in facts.duties.iter().filter(before) {
        decision = duty::closing(decision, &log, old, State::Dropped, &actor.person);
    }
    let owing = [Some(Owner::Person(receiver.clone())), handover.given.map(|_| giver)];
    let fresh = owing.into_iter().flatten().enumerate().filter_map(|(n, owner)| {
        let id = DutyId::new(format!("du-{event}-{n}"));
        Some(Duty { id, owner, ..facts.duties.first()?.clone() })
    });
    Ok(fresh.fold(decision, |decision, duty| duty::opening(decision, &log, duty)))
}

/// Signs a list. The supervisor signs last: then the cases on it are the receiver's.
///
/// # Errors
/// The list is nobody's yet, or is not the actor's to sign; a signature that comes before is missing. Where
/// the giver has not signed, the supervisor says why.
pub fn sign(
    rule: Rule<'_>,
    actor: &Actor,
    facts: &Facts,
    note: &Personal,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let (handover, clauses) = (&facts.handover, &facts.clauses);
    let wrong = |state: &str| Refusal::new(Reason::WrongState).under_first(clauses).with("state", state);
    let turn = handover.is_turn_of(actor, &facts.signers, &facts.duties).then_some(Part::Supervisor);
    let own = handover.part(actor, &facts.duties).filter(|part| *part != Part::Supervisor);
    let Some(part) = own.or(turn) else {
        return Err(vec![Refusal::new(Reason::NotYourDuty).under_first(clauses)]);
    };
    let silent = handover.given.is_none() && note.expose().trim().is_empty();
    let last = part == Part::Supervisor;
    let done = match part {
        Part::Giver => handover.given.is_some(),
        Part::Receiver => handover.received.is_some(),
        Part::Supervisor => handover.closed.is_some(),
    };
    unless(gather([
        done.then(|| wrong("done")),
        handover
            .receiver
            .is_none()
            .then(|| Refusal::new(Reason::FieldMissing).under_first(clauses).at("receiver")),
        (last && handover.receiver.is_some() && handover.received.is_none()).then(|| wrong("running")),
        (last && handover.received.is_some() && silent)
            .then(|| Refusal::new(Reason::NoteMissing).under_first(clauses).at("note")),
    ]))?;
    let log = actor.log();
    let mut signed = handover.clone();
    match part {
        Part::Giver => signed.given = Some(now),
        Part::Receiver => signed.received = Some(now),
        Part::Supervisor => signed.signed.push((actor.person.clone(), now)),
    }
    let ends = last && signed.signed.len() >= facts.signers.len();
    signed.closed = ends.then(|| (actor.person.clone(), now));
    let fact = fact(event, "directory.handover-signed", &signed)
        .under(clauses)
        .detail("part", part.word())
        .commit("note", note);
    let mut decision = Decision::new(Permit::under(rule.reference, actor, clauses, now), fact)
        .seeing(facts.seen.iter().cloned())
        .change(signed.key(&log), decision::Change::Directory(Change::Handover(signed.clone())));
    let own = Owner::of(&actor.person, &actor.role, &actor.unit);
    let theirs = |duty: &Duty| match part {
        Part::Supervisor => own.contains(&duty.owner),
        Part::Giver | Part::Receiver => duty.owner == Owner::Person(actor.person.clone()),
    };
    let (done, left): (Vec<&Duty>, Vec<&Duty>) = facts.duties.iter().partition(|duty| ends || theirs(duty));
    for duty in done {
        decision = duty::closing(decision, &log, duty, State::Done, &actor.person);
    }
    if ends {
        return Ok(taken(decision, &log, &signed));
    }
    let next = facts.signers.get(signed.signed.len()).filter(|_| signed.received.is_some());
    let next = next.filter(|owner| !left.iter().any(|duty| duty.owner == **owner));
    let duty = next.zip(facts.duties.first()).map(|(owner, like)| Duty {
        id: DutyId::new(format!("du-{event}-next")),
        owner: owner.clone(),
        ..like.clone()
    });
    Ok(duty.into_iter().fold(decision, |decision, duty| duty::opening(decision, &log, duty)))
}

/// The cases of a list become the receiver's.
fn taken(decision: Decision, log: &LogId, handover: &Handover) -> Decision {
    let Some(receiver) = &handover.receiver else { return decision };
    handover.items.iter().fold(decision, |decision, number| {
        let change = case::Change::Reassigned { number: number.clone(), officer: receiver.clone() };
        decision.change(case::key(log, number), decision::Change::Case(change))
    })
}

fn fact(event: &EventId, act: &'static str, handover: &Handover) -> Fact {
    let receiver = handover.receiver.as_ref().map_or("", |person| person.as_str());
    Fact::new(event, act)
        .detail("handover", handover.id.as_str())
        .commit("giver", &Personal::new(handover.giver.as_str()))
        .commit("receiver", &Personal::new(receiver))
}
