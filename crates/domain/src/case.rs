//! Cases of the agency's own business. A lookup is explained by the case it belongs to.

use crate::actor::Actor;
use crate::decision::{self, Decision, Fact, Permit, Rule, Seen};
use crate::id::{CaseId, EventId, Key, LogId, PersonId, UnitId};
use crate::personal::Personal;
use crate::refusal::{Outcome, Reason, Refusal, gather, unless};
use crate::regulation::Capacity;
use crate::time::{Date, Instant};
use alloc::{format, string::String, vec, vec::Vec};
use serde::{Deserialize, Serialize};

/// Most characters of a case number.
const NUMBER_MAX: usize = 40;
/// Most persons of one case.
const PARTIES_MAX: usize = 60;

/// A case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its identifier.
    pub id: CaseId,
    /// The number that people use.
    pub number: String,
    /// The business's code in the regulation.
    pub business: String,
    /// Who handles it.
    pub officer: PersonId,
    /// In which unit.
    pub unit: UnitId,
    /// Received on.
    pub received: Date,
    /// Closed on, if closed.
    pub closed: Option<Date>,
}

/// A person of a case. The whole of it is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// The name as registered.
    pub name: Personal,
    /// The key under which the provider knows the person; may be empty, for some people have none.
    pub subject: Personal,
    /// What the person is in the case, in the feed's own word.
    pub role: String,
}

/// What becomes of the rows of cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A case is registered with its persons.
    Registered(Case, Vec<Party>),
    /// Somebody else handles it from now on.
    Reassigned {
        /// Which.
        number: String,
        /// Who.
        officer: PersonId,
    },
}

/// The revision key of a case number: one number is registered once.
pub fn key(log: &LogId, number: &str) -> Key {
    Key::new(log, "case", number)
}

/// Registers a case of the actor's unit.
///
/// # Errors
/// The role may not, the number is taken or unreadable, the business is unknown.
pub fn register(
    rule: Rule<'_>,
    actor: &Actor,
    case: Case,
    parties: Vec<Party>,
    seen: Seen,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    if !actor.can(Capacity::Ask) {
        return Err(vec![Refusal::new(Reason::NoCapacity)]);
    }
    let business = rule.pack.business(&case.business);
    let clauses = business.as_ref().map(|b| b.clauses.clone()).unwrap_or_default();
    let count = case.number.chars().count();
    unless(gather([
        (count == 0).then(|| Refusal::new(Reason::FieldMissing).at("number")),
        (count > NUMBER_MAX).then(|| too_long("number", NUMBER_MAX)),
        (parties.len() > PARTIES_MAX).then(|| too_long("parties", PARTIES_MAX)),
        business.is_none().then(|| Refusal::new(Reason::FieldMalformed).at("business")),
        (case.received > now.date()).then(|| Refusal::new(Reason::FieldMalformed).at("received")),
        (seen.rev > 0)
            .then(|| Refusal::new(Reason::CaseExists).at("number").with("number", case.number.as_str())),
    ]))?;
    let fact = Fact::new(event, "case.registered")
        .under(&clauses)
        .detail("business", case.business.as_str())
        .detail("parties", i64::try_from(parties.len()).unwrap_or(i64::MAX))
        .commit("case", &Personal::new(case.number.as_str()));
    let permit = Permit::under(rule.reference, actor, &clauses, now);
    let row = key(&actor.log(), &case.number);
    Ok(Decision::new(permit, fact)
        .seeing([seen])
        .change(row, decision::Change::Case(Change::Registered(case, parties))))
}

fn too_long(field: &str, most: usize) -> Refusal {
    Refusal::new(Reason::FieldTooLong).at(field).with("most", format!("{most}"))
}
