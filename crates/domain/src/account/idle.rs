//! The idle ladder: what nobody uses for as long as the rule allows is suspended, and later closed.

use super::inventory::Member;
use crate::decision::{self, Decision, Fact, Rule, Seen};
use crate::directory::post::Cause;
use crate::duty::{self, DueDay, Duty, Kind, Owner, clock};
use crate::grant;
use crate::grant::permission::{self, Stop};
use crate::id::{DutyId, EventId, LogId};
use crate::period::Calendar;
use crate::personal::Personal;
use crate::regulation::{Deadline, IdleLadder, Offset, Ruled};
use crate::time::Instant;
use alloc::format;

/// How far down the ladder somebody has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rung {
    /// What they may look up stops; it comes back as the rule says.
    Suspended,
    /// Their account closes.
    Cancelled,
}

/// The rung that somebody has come to, where the system steps in by itself. Those who run the accounts
/// and those who head the agency are left out: nobody could let them in again.
pub fn rung(ladder: &IdleLadder, member: &Member, calendar: &Calendar, now: Instant) -> Option<Rung> {
    let used = watched(ladder, member)?;
    let over = |deadline: &Option<Deadline>| {
        let due = deadline.as_ref().map(|deadline| clock::due(deadline, used, calendar));
        due.is_some_and(|due| due.is_ok_and(|due| due.moment <= now))
    };
    match (over(&ladder.cancel_after), over(&ladder.suspend_after)) {
        (true, _) => Some(Rung::Cancelled),
        (false, true) => Some(Rung::Suspended),
        (false, false) => None,
    }
}

/// When somebody was last there whom the system steps down; none for those whom it leaves alone.
fn watched(ladder: &IdleLadder, member: &Member) -> Option<Instant> {
    // Whoever is on leave cannot use it.
    let away = member.units.is_empty() && member.ended == Some(Cause::Absence);
    member.used.filter(|_| ladder.forced && !member.keeper && !away)
}

/// The notice to somebody that the next rung is near, one for each rung and each time they were last there;
/// none where the rule does not want them warned.
pub fn warning(
    rule: Rule<'_>,
    ladder: &Ruled<IdleLadder>,
    member: &Member,
    calendar: &Calendar,
    name: &dyn Fn(&str) -> DutyId,
    now: Instant,
) -> Option<Duty> {
    let used = watched(&ladder.value, member)?;
    let set = ladder.value.warn_before.as_ref()?;
    let before = Deadline { offset: Offset::Before, ..set.clone() };
    let suspends = ladder.value.suspend_after.as_ref().filter(|_| !member.permissions.is_empty());
    let rungs = suspends.into_iter().chain(&ladder.value.cancel_after);
    let next = rungs.filter_map(|rung| clock::due(rung, used, calendar).ok()).find(|due| now < due.moment)?;
    let opens = clock::due(&before, next.moment, calendar).ok()?.date;
    (opens <= now.date()).then_some(())?;
    let id = name(&format!("idle {} {} {}", member.person, used.micros(), next.date));
    let owner = Owner::Person(member.person.clone());
    Some(Duty {
        unit: member.unit().cloned(),
        person: Some(member.person.clone()),
        due: Some(DueDay::from(next)),
        ..Duty::new(rule, id, Kind::Idle, &ladder.control, owner, now.date())
    })
}

/// Stops the permissions of somebody who did not use them.
pub fn suspend(
    rule: Rule<'_>,
    log: &LogId,
    ladder: &Ruled<IdleLadder>,
    member: &Member,
    seen: Seen,
    event: &EventId,
    now: Instant,
) -> Decision {
    let count = i64::try_from(member.permissions.len()).unwrap_or(i64::MAX);
    let fact = Fact::new(event, "grant.idle")
        .under(&ladder.clauses)
        .detail("permissions", count)
        .commit("person", &Personal::new(member.person.as_str()));
    let row = permission::key(log, &member.person);
    let decision = Decision::new(duty::timed(rule, log, now), fact).seeing([seen]);
    member.permissions.iter().fold(decision, |decision, one| {
        let stop = grant::Change::Stopped { id: one.id.clone(), why: Stop::Idle, at: now };
        decision.change(row.clone(), decision::Change::Grant(stop))
    })
}
