//! Days on which somebody is away, and who acts meanwhile.
//!
//! People record their own days. Whoever falls ill cannot; then those who run the accounts do it, and never
//! with themselves as the deputy: recording it would hand them what the other one decides.

use super::{Change, may_keep};
use crate::actor::Actor;
use crate::application::route::Holder;
use crate::decision::{self, Act, Decision, Fact, Permit, Rule, Seen};
use crate::id::{AbsenceId, EventId, Key, LogId, PersonId};
use crate::personal::Personal;
use crate::refusal::{Outcome, Reason, Refusal, gather, unless};
use crate::time::{Date, Instant};
use alloc::{format, vec};
use serde::{Deserialize, Serialize};

/// Most days of one absence; a longer one is a change of duty.
const DAYS_MAX: i64 = 366;

/// Days on which somebody is away and another acts for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// Its identifier.
    pub id: AbsenceId,
    /// Who is away.
    pub person: PersonId,
    /// Who stands in.
    pub deputy: PersonId,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
}

impl Absence {
    /// Whether somebody is away on a day.
    pub fn runs(&self, day: Date) -> bool {
        self.from <= day && day <= self.until
    }
}

/// The revision key of somebody's absences: they are recorded one after the other.
pub fn key(log: &LogId, person: &PersonId) -> Key {
    Key::new(log, "absence", person.as_str())
}

/// Records that somebody is away, and who acts meanwhile: one's own absence, or, for those who run the
/// accounts, anybody's.
///
/// # Errors
/// It is somebody else's; the days are over, too many or in the wrong order; either of the two is nobody of
/// the agency; nobody stands in for themselves, nor for whom they record it.
pub fn be_away(
    rule: Rule<'_>,
    actor: &Actor,
    absence: Absence,
    holders: &[Holder],
    seen: Seen,
    (event, now): (&EventId, Instant),
) -> Outcome<Decision> {
    let own = absence.person == actor.person;
    if !own {
        may_keep(actor).map_err(|refusal| vec![refusal])?;
    }
    let (first, last) = (absence.from, absence.until);
    let longest = first.plus_days(DAYS_MAX).unwrap_or(first);
    let stranger = |person: &PersonId| !holders.iter().any(|holder| holder.person == *person);
    let malformed = |field: &str, wrong: bool| wrong.then(|| Refusal::new(Reason::FieldMalformed).at(field));
    unless(gather([
        malformed("person", !own && stranger(&absence.person)),
        stranger(&absence.deputy).then(|| Refusal::new(Reason::FieldMissing).at("deputy")),
        malformed("deputy", absence.deputy == absence.person),
        (!own && absence.deputy == actor.person).then(|| Refusal::new(Reason::OwnDeputy).at("deputy")),
        malformed("until", last < first || last > longest || last < now.date()),
    ]))?;
    let fact =
        fact(event, "directory.away", &absence).commit("deputy", &Personal::new(absence.deputy.as_str()));
    let row = key(&actor.log(), &absence.person);
    Ok(Decision::new(Permit::under(rule.reference, actor, &[], now), fact)
        .seeing([seen])
        .change(row, decision::Change::Directory(Change::Absence(absence))))
}

/// Ends an absence: from today on the person acts alone again.
///
/// # Errors
/// It is somebody else's; it is over.
pub fn come_back(
    rule: Rule<'_>,
    actor: &Actor,
    absence: &Absence,
    seen: Seen,
    (event, now): (&EventId, Instant),
) -> Outcome<Decision> {
    if absence.person != actor.person {
        may_keep(actor).map_err(|refusal| vec![refusal])?;
    }
    let last = now.date().plus_days(-1).filter(|last| *last < absence.until);
    let Some(until) = last else { return Err(vec![Refusal::new(Reason::WrongState)]) };
    let row = key(&actor.log(), &absence.person);
    let change = Change::AbsenceEnded { id: absence.id.clone(), person: absence.person.clone(), until };
    let fact = fact(event, "directory.back", absence);
    Ok(Decision::new(Permit::under(rule.reference, actor, &[], now), fact)
        .seeing([seen])
        .change(row, decision::Change::Directory(change)))
}

fn fact(event: &EventId, act: Act, absence: &Absence) -> Fact {
    Fact::new(event, act)
        .detail("from", format!("{}", absence.from))
        .detail("until", format!("{}", absence.until))
        .commit("person", &Personal::new(absence.person.as_str()))
}
