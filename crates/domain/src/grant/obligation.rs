//! What somebody owes for their rights: while it is late, these rest; once it is done, they are back.
//!
//! Nothing is deleted. A lookup is refused from the first moment that is late, whether the clock has run or
//! not, and allowed from the first moment at which the duty is done.

use super::permission::{self, Permission, Stop};
use crate::application::route::Holder;
use crate::decision::{self, Decision, Fact, Rule, Seen};
use crate::duty::{self, Duty, Owner, State, recur};
use crate::grant;
use crate::id::{EventId, LogId, PersonId};
use crate::personal::Personal;
use crate::regulation::{Consequence, Pack, Recurring, Ruled};
use crate::time::Instant;
use alloc::vec::Vec;

/// What follows from a duty that is late; nothing where the rule names nothing, or it is not late.
pub fn lapsed(pack: &Pack, duty: &Duty, now: Instant) -> Option<Ruled<Consequence>> {
    pack.obligation(&duty.control).filter(|_| duty.is_late(now))
}

/// The undertakings that somebody of a role signs before anything is looked up: all that the rule asks of
/// them, signed or not.
pub fn before_lookup(pack: &Pack, role: &str, organisation: &str) -> Vec<Ruled<Recurring>> {
    let asked = |ruled: &Ruled<Recurring>| {
        ruled.value.before_lookup && recur::owes(pack, &ruled.value, role, organisation)
    };
    pack.recurring().into_iter().filter(asked).collect()
}

/// Suspends what somebody holds who is late with what they owe for it; none where nothing of it is open.
pub fn suspend(
    rule: Rule<'_>,
    log: &LogId,
    (person, held): (&PersonId, &[Permission]),
    duty: &Duty,
    seen: [Seen; 2],
    event: &EventId,
    now: Instant,
) -> Option<Decision> {
    let follows = lapsed(rule.pack, duty, now).filter(|follows| follows.value.suspends())?;
    let open: Vec<&Permission> = held.iter().filter(|one| one.is_open(now)).collect();
    if open.is_empty() {
        return None;
    }
    let fact = Fact::new(event, "grant.suspended")
        .under(&follows.clauses)
        .detail("duty", duty.id.as_str())
        .detail("permissions", i64::try_from(open.len()).unwrap_or(i64::MAX))
        .commit("person", &Personal::new(person.as_str()));
    let row = permission::key(log, person);
    let decision = Decision::new(duty::timed(rule, log, now), fact).seeing(seen);
    Some(open.into_iter().fold(decision, |decision, one| {
        let stop = grant::Change::Stopped { id: one.id.clone(), why: Stop::Lapsed, at: now };
        decision.change(row.clone(), decision::Change::Grant(stop))
    }))
}

/// The duty of the next superior of somebody who is late, where the rule has them told: of the head of their
/// unit, or of the head of the agency where that is themselves, or nobody.
pub fn escalated(rule: Rule<'_>, late: &Duty, holders: &[Holder]) -> Option<Duty> {
    let pack = rule.pack;
    pack.obligation(&late.control).filter(|follows| follows.value == Consequence::Escalate)?;
    let Owner::Person(person) = &late.owner else { return None };
    let line = late.unit.as_slice();
    let owner = duty::heading(pack, line, holders, Some(person)).or_else(|| duty::keeper(pack))?;
    Some(duty::pressing(late, owner))
}

/// The permissions that come back when a duty is done: those that were suspended because something was late,
/// where nothing else of what their owner owes still is. `owed` is all of that.
pub fn returning(
    pack: &Pack,
    done: &Duty,
    owed: &[Duty],
    held: Vec<Permission>,
    now: Instant,
) -> Vec<Permission> {
    let suspends = |duty: &Duty| lapsed(pack, duty, now).is_some_and(|follows| follows.value.suspends());
    if owed.iter().any(|other| other.id != done.id && other.state == State::Open && suspends(other)) {
        return Vec::new();
    }
    held.into_iter().filter(|one| one.rests(now) == Some(Stop::Lapsed)).collect()
}
