//! Contracts with contractors: who works here under which one, whether it binds them to confidentiality, and
//! until when.
//!
//! Somebody whose role the rule counts among contractors' people acts by a contract. From the first moment
//! without one they look nothing up, whether the clock has run or not; the clock then ends the post.

use super::{Change, may_keep};
use crate::actor::Actor;
use crate::decision::{self, Decision, Fact, Permit, Rule, Seen};
use crate::duty::{self, DueDay, Duty, Kind, State, keeper};
use crate::id::{ContractId, DutyId, EventId, Key, LogId, PersonId};
use crate::personal::Personal;
use crate::refusal::{Help, Outcome, Reason, Refusal, gather, unless};
use crate::regulation::{Capacity, ClauseId, ContractRule, Pack, Ruled};
use crate::time::{Date, Instant};
use alloc::{format, string::String, vec, vec::Vec};
use serde::{Deserialize, Serialize};

/// Days before its end on which whoever runs the accounts is told; no rule says how many.
pub const WARN_DAYS: i64 = 30;
/// Most days that a contract may run.
const DAYS_MAX: i64 = 10 * 366;
/// Most characters of its number and of the contractor's name.
const WORDS_MAX: usize = 100;
/// Most people of one contract.
const PEOPLE_MAX: usize = 200;

/// A contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contract {
    /// Its identifier.
    pub id: ContractId,
    /// The number under which the agency keeps it.
    pub number: String,
    /// The contractor: an organisation, no person.
    pub contractor: String,
    /// Whether it has a term of confidentiality.
    pub confidential: bool,
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub until: Date,
    /// The first day on which it holds no more, where it was ended early.
    pub ended: Option<Date>,
    /// Who works here under it.
    pub people: Vec<PersonId>,
}

impl Contract {
    /// The first day on which it holds no more.
    pub fn over(&self) -> Date {
        let after = self.until.plus_days(1).unwrap_or(self.until);
        self.ended.map_or(after, |ended| ended.min(after))
    }

    /// Whether it holds on a day.
    pub fn holds(&self, day: Date) -> bool {
        self.from <= day && day < self.over()
    }

    /// The revision key of its row.
    pub fn key(&self, log: &LogId) -> Key {
        Key::new(log, "contract", self.id.as_str())
    }
}

/// The revision key of a number: two contracts that are entered at once do not share one.
pub fn number_key(log: &LogId, number: &str) -> Key {
    Key::new(log, "contract-number", number)
}

/// What the rule asks of a role's people, where it counts them among those of contractors.
pub fn rule_of(pack: &Pack, role: &str) -> Option<Ruled<ContractRule>> {
    let ruled = pack.contractor()?;
    let meant = |who| pack.roles_meant(who, Capacity::Ask).iter().any(|own| own == role);
    ruled.value.of.iter().any(meant).then_some(ruled)
}

/// Whether somebody may act by the contracts that name them, on a day.
///
/// # Errors
/// The rule counts their role among contractors' people, and no contract holds as it wants them to.
pub fn stands(pack: &Pack, role: &str, contracts: &[Contract], day: Date) -> Result<Vec<ClauseId>, Refusal> {
    let Some(ruled) = rule_of(pack, role) else { return Ok(vec![]) };
    let good = |one: &&Contract| one.holds(day) && (one.confidential || !ruled.value.confidentiality);
    if contracts.iter().any(|one| good(&one)) || !ruled.value.asks() {
        return Ok(ruled.clauses);
    }
    let keeps = |role: &&crate::regulation::Role| role.capacities.contains(&Capacity::Administer);
    let keeper = pack.roles.iter().find(keeps).map(|role| role.id.clone()).unwrap_or_default();
    let refusal = Refusal::new(Reason::ContractMissing).under_first(&ruled.clauses);
    Err(refusal.helped_by(Help::Role(keeper)))
}

/// Whether an actor enters contracts: whoever looks after people, and those who sign them for the agency.
pub fn may_enter(pack: &Pack, actor: &Actor) -> bool {
    let signs = |ruled: Ruled<ContractRule>| {
        let meant = |who| pack.roles_meant(who, Capacity::Decide).contains(&actor.role);
        ruled.value.signers.iter().any(meant)
    };
    may_keep(actor).is_ok() || pack.contractor().is_some_and(signs)
}

/// What a contract rests on when it is entered.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Everybody who holds a post of the agency, or will.
    pub people: Vec<PersonId>,
    /// The numbers of the contracts that hold or will.
    pub numbers: Vec<String>,
    /// Open duties to see to contracts that end, each with the people of its contract.
    pub owed: Vec<(Duty, Vec<PersonId>)>,
    /// The revisions of the rows it may change.
    pub seen: Vec<Seen>,
}

/// Enters a contract. Where it goes on for everybody of one that ends, the duty to see to that is done.
///
/// # Errors
/// The actor does not enter contracts; a field is missing, too long, or in the wrong order; the rule wants a
/// term of confidentiality; it names somebody of no post here, or a number that is taken.
pub fn enter(
    rule: Rule<'_>,
    actor: &Actor,
    contract: Contract,
    facts: &Facts,
    (event, now): (&EventId, Instant),
) -> Outcome<Decision> {
    if !may_enter(rule.pack, actor) {
        return Err(vec![Refusal::new(Reason::NoCapacity)]);
    }
    let ruled = rule.pack.contractor();
    let clauses = ruled.as_ref().map(|ruled| ruled.clauses.clone()).unwrap_or_default();
    let wants = ruled.is_some_and(|ruled| ruled.value.confidentiality);
    let wrong = |field: &str, wrong: bool| wrong.then(|| Refusal::new(Reason::FieldMalformed).at(field));
    let longest = contract.from.plus_days(DAYS_MAX).unwrap_or(contract.from);
    let (first, last) = (contract.from, contract.until);
    let known = |person: &PersonId| facts.people.contains(person);
    unless(gather([
        words(&contract.number, "number"),
        words(&contract.contractor, "contractor"),
        facts.numbers.contains(&contract.number).then(|| Refusal::new(Reason::ListedTwice).at("number")),
        (wants && !contract.confidential)
            .then(|| Refusal::new(Reason::FieldMissing).at("confidential").under_first(&clauses)),
        wrong("until", last < first || last > longest || last < now.date()),
        wrong("people", contract.people.len() > PEOPLE_MAX || !contract.people.iter().all(known)),
    ]))?;
    let log = actor.log();
    // One that names nobody, because the vendor has no accounts here, goes on in none.
    let goes_on = |people: &[PersonId]| {
        !people.is_empty() && people.iter().all(|person| contract.people.contains(person))
    };
    let done: Vec<&Duty> =
        facts.owed.iter().filter(|(_, people)| goes_on(people)).map(|(duty, _)| duty).collect();
    let people: Vec<&str> = contract.people.iter().map(|person| person.as_str()).collect();
    let fact =
        fact(event, "directory.contracted", &contract).commit("people", &Personal::new(people.join(" ")));
    let row = contract.key(&log);
    let decision = Decision::new(Permit::under(rule.reference, actor, &clauses, now), fact)
        .seeing(facts.seen.iter().cloned())
        .touching(number_key(&log, &contract.number))
        .change(row, decision::Change::Directory(Change::Contracted(contract)));
    Ok(done
        .into_iter()
        .fold(decision, |decision, duty| duty::closing(decision, &log, duty, State::Done, &actor.person)))
}

fn words(text: &str, field: &str) -> Option<Refusal> {
    match text.chars().count() {
        0 => Some(Refusal::new(Reason::FieldMissing).at(field)),
        n if n > WORDS_MAX => {
            Some(Refusal::new(Reason::FieldTooLong).at(field).with("most", format!("{WORDS_MAX}")))
        }
        _ => None,
    }
}

/// Ends a contract before its last day.
///
/// # Errors
/// The actor does not enter contracts; it is over; the day is before today or after its end.
pub fn end(
    rule: Rule<'_>,
    actor: &Actor,
    contract: &Contract,
    on: Date,
    seen: Seen,
    (event, now): (&EventId, Instant),
) -> Outcome<Decision> {
    if !may_enter(rule.pack, actor) {
        return Err(vec![Refusal::new(Reason::NoCapacity)]);
    }
    if contract.over() <= now.date() {
        return Err(vec![Refusal::new(Reason::WrongState)]);
    }
    if on < now.date() || on >= contract.over() {
        return Err(vec![Refusal::new(Reason::FieldMalformed).at("on")]);
    }
    let clauses = rule.pack.contractor().map(|ruled| ruled.clauses).unwrap_or_default();
    let fact = fact(event, "directory.contract-ended", contract).detail("on", format!("{on}"));
    let row = contract.key(&actor.log());
    let change = Change::ContractEnded { id: contract.id.clone(), on };
    Ok(Decision::new(Permit::under(rule.reference, actor, &clauses, now), fact)
        .seeing([seen])
        .change(row, decision::Change::Directory(change)))
}

/// The duty to see to a contract that ends soon, for whoever runs the accounts; none where nothing follows
/// from its end, or it is not time yet.
pub fn ending(rule: Rule<'_>, contract: &Contract, id: DutyId, today: Date) -> Option<Duty> {
    let ruled = rule.pack.contractor().filter(|ruled| ruled.value.asks())?;
    let over = contract.over();
    let opens = over.plus_days(-WARN_DAYS)?;
    let last = over.plus_days(-1)?;
    (opens <= today && today < over).then_some(())?;
    Some(Duty {
        about: contract.number.clone(),
        due: Some(DueDay { date: last, moment: over.start(), calendar: None }),
        ..Duty::new(rule, id, Kind::Contract, &ruled.control, keeper(rule.pack)?, today)
    })
}

fn fact(event: &EventId, act: decision::Act, contract: &Contract) -> Fact {
    Fact::new(event, act)
        .detail("contract", String::from(contract.id.as_str()))
        .detail("number", contract.number.clone())
        .detail("confidential", i64::from(contract.confidential))
        .detail("from", format!("{}", contract.from))
        .detail("until", format!("{}", contract.until))
}
