//! Asking to look somebody up.
//!
//! The decision is either *asked* (the provider may be asked once the entry is durable) or
//! *requested* (the rule wants a stamp first). Which of the two, the regulation says.

use super::checks::{self, Check};
use super::explanation::{CaseFacts, Lights, explain};
use super::{Change, Lookup, New, Sheet, Stamp, State, key};
use crate::actor::Actor;
use crate::decision::{self, Decision, Fact, Grounds, Permit, Rule, Seen};
use crate::directory::contract::{self, Contract};
use crate::directory::workstation::{self, Workstation};
use crate::id::{CaseId, EventId, LookupId};
use crate::link::{self, Standing};
use crate::personal::Personal;
use crate::refusal::{Outcome, Refusal};
use crate::regulation::{Capacity, ClauseId, Pack, Timing};
use crate::time::Instant;
use alloc::{boxed::Box, string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// The command, as a page or the API sends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// The case number as typed; may be empty where the rule allows other reasons.
    pub case_number: String,
    /// The purpose's code.
    pub purpose: String,
    /// Free words to the purpose.
    pub purpose_text: Personal,
    /// The legal basis's code.
    pub basis: String,
    /// The statute and article, where the basis wants them.
    pub basis_text: Personal,
    /// The subject's key, already normalised.
    pub subject: Personal,
    /// The subject's name and role, where the case knows them.
    pub name: Personal,
    /// What the subject is in the case.
    pub role: String,
    /// Why somebody is looked up who is not a party.
    pub outside_reason: Personal,
    /// Items, each as `dataset/item`.
    pub items: Vec<String>,
}

impl Ask {
    /// Everything written freely, for checks of wording.
    pub(crate) fn words(&self) -> &str {
        if self.purpose_text.is_empty() { self.outside_reason.expose() } else { self.purpose_text.expose() }
    }
}

/// A consent in force, as far as the decision needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentFacts {
    /// When it ends, exclusive; none if the rule sets no end.
    pub until: Option<Instant>,
}

/// What the decision rests on. It holds no number and no name, so it can be kept and decided again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The case, if the number is known to the agency.
    pub case: Option<CaseFacts>,
    /// The case's identifier.
    pub case_id: Option<CaseId>,
    /// How the subject stands to the actor: `self`, `household`, `relative`, `colleague`.
    pub relation: Option<String>,
    /// The consent for the actor's unit or for the case.
    pub consent: Option<ConsentFacts>,
    /// Whether the head consented to this use.
    pub head_consent: bool,
    /// How many stamps are overdue in the actor's unit.
    pub overdue_stamps: u32,
    /// The items that the actor's permissions open, each as `dataset/item`, of those the rule ties to one.
    #[serde(default)]
    pub permitted: Vec<String>,
    /// The controls under which the actor is late with something, of those that bar lookups then.
    #[serde(default)]
    pub owed: Vec<String>,
    /// The contracts that name the actor, where the rule counts them among contractors' people.
    #[serde(default)]
    pub contracts: Vec<Contract>,
    /// The machine on the agency's list that the request comes from.
    #[serde(default)]
    pub machine: Option<Workstation>,
    /// The links that reach or reached the data.
    #[serde(default)]
    pub links: Vec<Standing>,
    /// The rows that this rests on, with their revisions.
    pub seen: Vec<Seen>,
}

/// What the edge draws for a new lookup.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// The record code.
    pub code: LookupId,
    /// The event's identifier.
    pub event: EventId,
    /// The machine's network address.
    pub address: String,
}

/// May this actor look this person up, for this case, under this regulation, now?
///
/// # Errors
/// Every refusal that stands against it, so that all of them can be mended at once.
pub fn decide(
    rule: Rule<'_>,
    actor: &Actor,
    ask: &Ask,
    facts: &Facts,
    drawn: &Drawn,
    now: Instant,
) -> Outcome<Decision> {
    let clauses = permitted(rule.pack, actor, ask, facts, now)?;
    let situation = checks::situation(actor, ask);
    let timing = rule.pack.countersign(&situation).map(|stamp| stamp.value.timing);
    let (state, stamp, act) = match timing {
        Some(Timing::Before) => (State::Requested, Stamp::Awaiting, "lookup.requested"),
        Some(Timing::After | Timing::Batch) => (State::Asked, Stamp::Later, "lookup.asked"),
        None => (State::Asked, Stamp::NotWanted, "lookup.asked"),
    };
    let lights = lights(rule.pack, actor, ask, facts, now);
    let lookup = Lookup {
        id: drawn.code.clone(),
        asker: actor.person.clone(),
        assignment: actor.assignment.clone(),
        unit: actor.unit.clone(),
        case: facts.case_id.clone(),
        purpose: ask.purpose.clone(),
        basis: ask.basis.clone(),
        items: ask.items.clone(),
        state,
        stamp,
        at: now,
        stamped_at: None,
        lights,
        judged: false,
        digest: rule.reference.digest.clone(),
        held_roles: actor.held_roles.clone(),
    };
    let fact = fact(act, actor, ask, facts, drawn, &clauses, lights);
    let permit = Permit::under(rule.reference, actor, &clauses, now);
    let new =
        New { lookup, place: actor.place.word().into(), address: drawn.address.clone(), sheet: sheet(ask) };
    let row = key(&actor.log(), &drawn.code);
    let decision = Decision::new(permit, fact)
        .seeing(facts.seen.iter().cloned())
        .change(row, decision::Change::Lookup(Change::New(Box::new(new))));
    // What waits for its stamp goes over no link yet.
    Ok(match state {
        State::Asked => link::noted(decision, &facts.links),
        _ => decision,
    })
}

/// Runs every check and answers the clauses obeyed.
///
/// # Errors
/// All refusals together.
pub fn permitted(
    pack: &Pack,
    actor: &Actor,
    ask: &Ask,
    facts: &Facts,
    now: Instant,
) -> Outcome<Vec<ClauseId>> {
    let situation = &checks::situation_in(pack, actor, ask, facts.case.as_ref());
    // Without the capacity the other answers would tell somebody about a form that is not theirs.
    checks::capacity(actor, Capacity::Ask).map_err(|refusal| alloc::vec![refusal])?;
    gathered([
        checks::place(pack, situation, actor),
        contract::stands(pack, &actor.role, &facts.contracts, now.date()),
        workstation::stands(pack, situation, actor, facts.machine.as_ref(), now.date()),
        checks::link(pack, situation, &facts.links, now.date()),
        checks::stamps(pack, situation, facts),
        checks::consent(pack, situation, facts, now),
        checks::purpose(pack, ask),
        checks::basis(pack, ask, facts, now.date()),
        checks::items(pack, ask, facts),
        checks::rights(pack, situation, &ask.items, (&facts.permitted, &facts.owed)),
        checks::subject(pack, situation, ask, facts),
        checks::reason(pack, situation, ask),
        checks::target(pack, situation, facts),
        sheet_before(pack, situation),
    ])
}

/// A sheet that must be filled before the data is filled by asking; the clause is thereby obeyed.
fn sheet_before(pack: &Pack, situation: &crate::regulation::Situation<'_>) -> Check {
    let sheet = pack.record_sheet(situation);
    Ok(sheet.map(|sheet| sheet.clauses).unwrap_or_default())
}

/// All clauses, or all refusals.
pub(super) fn gathered(answers: impl IntoIterator<Item = Check>) -> Outcome<Vec<ClauseId>> {
    let (mut clauses, mut refusals): (Vec<ClauseId>, Vec<Refusal>) = (Vec::new(), Vec::new());
    for answer in answers {
        match answer {
            Ok(obeyed) => clauses.extend(obeyed),
            Err(refusal) => refusals.push(refusal),
        }
    }
    clauses.sort();
    clauses.dedup();
    if refusals.is_empty() { Ok(clauses) } else { Err(refusals) }
}

/// What the case says about this lookup.
pub fn lights(pack: &Pack, actor: &Actor, ask: &Ask, facts: &Facts, now: Instant) -> Lights {
    let business = facts.case.as_ref().and_then(|case| pack.business(&case.business));
    let usual = business.as_ref().map(|b| ask.items.iter().all(|item| b.value.minimal.contains(item)));
    let days = business.and_then(|b| b.value.days_after_close);
    explain(facts.case.as_ref(), &actor.person, now.date(), usual, days)
}

fn sheet(ask: &Ask) -> Sheet {
    Sheet {
        case_number: ask.case_number.clone(),
        subject: ask.subject.clone(),
        name: ask.name.clone(),
        role: ask.role.clone(),
        purpose_text: ask.purpose_text.clone(),
        basis_text: ask.basis_text.clone(),
        outside_reason: ask.outside_reason.clone(),
        corrections: Vec::new(),
    }
}

fn fact(
    act: decision::Act,
    actor: &Actor,
    ask: &Ask,
    facts: &Facts,
    drawn: &Drawn,
    clauses: &[ClauseId],
    lights: Lights,
) -> Fact {
    let fact = link::told(Fact::new(&drawn.event, act), &facts.links);
    workstation::told(fact, facts.machine.as_ref())
        .of_record(drawn.code.as_str())
        .under(clauses)
        .detail("purpose", ask.purpose.as_str())
        .detail("basis", ask.basis.as_str())
        .detail("items", ask.items.clone())
        .detail("place", actor.place.word())
        .detail("lights", lights.code())
        .commit("subject", &ask.subject)
        .commit("actor", &Personal::new(actor.person.as_str()))
        .commit("case", &Personal::new(ask.case_number.as_str()))
        .on(Grounds::of(ask, &Kept { actor: actor.clone(), facts: facts.clone() }))
}

/// What is kept, sealed, of a decision's grounds, so that it can be made again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kept {
    /// Who acted, and as what.
    pub actor: Actor,
    /// On which facts.
    pub facts: Facts,
}
