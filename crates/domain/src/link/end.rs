//! The end of a link: decided by people for a day by which the letter can be in time, and entered by the
//! clock when the day has come.

use super::{Change, End, Link, fact, may_keep, unworded};
use crate::actor::Actor;
use crate::decision::{self, Decision, Permit, Rule, Seen};
use crate::duty;
use crate::id::{EventId, LogId};
use crate::personal::Personal;
use crate::refusal::{Outcome, Reason, Refusal, gather, unless};
use crate::regulation::{ClauseId, Event, Offset, Pack};
use crate::time::{Date, Instant};
use alloc::{string::ToString, vec, vec::Vec};

/// The earliest day on which a link can end, so that the letter which the rule wants before is in time.
pub fn earliest(pack: &Pack, today: Date) -> Date {
    let letters = pack.link_letters(Event::LinkEnd);
    let deadlines = letters.iter().filter_map(|ruled| ruled.value.deadline.as_ref());
    let before = deadlines.filter(|deadline| deadline.offset == Offset::Before);
    before.map(|deadline| super::clock::shifted(today, deadline, 1)).max().unwrap_or(today)
}

/// The clauses that want the end told.
fn clauses_of(pack: &Pack) -> Vec<ClauseId> {
    pack.link_letters(Event::LinkEnd).into_iter().flat_map(|ruled| ruled.clauses).collect()
}

/// Decides that a link ends, on the day that is named or as early as the rule allows.
///
/// # Errors
/// The actor does not look after links; it ends already; the day is too early; words are missing.
pub fn decide(
    rule: Rule<'_>,
    actor: &Actor,
    link: &Link,
    (on, note): (Option<Date>, &Personal),
    seen: Seen,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let mut clauses = may_keep(rule.pack, actor).map_err(|refusal| vec![refusal])?;
    clauses.splice(0..0, clauses_of(rule.pack));
    let today = now.date();
    let first = earliest(rule.pack, today);
    unless(gather([
        (!link.runs(today) || link.ending.is_some()).then(|| {
            let state = link.state(rule.pack, today);
            Refusal::new(Reason::WrongState).under_first(&clauses).with("state", state)
        }),
        on.is_some_and(|day| day < first).then(|| {
            Refusal::new(Reason::LinkEndSoon)
                .under_first(&clauses)
                .at("end-on")
                .with("day", first.to_string())
        }),
        unworded(note, &clauses),
    ]))?;
    let until = on.unwrap_or(first);
    let fact = ended_on(event, link, until, &clauses).commit("note", note);
    let permit = Permit::under(rule.reference, actor, &clauses, now);
    Ok(Decision::new(permit, fact).seeing([seen]).change(link.key(&actor.log()), until_day(link, until)))
}

/// Adds to a decision that a link ends on a day, with an entry of its own.
pub(super) fn ending(
    decision: Decision,
    link: &Link,
    until: Date,
    clauses: &[ClauseId],
    event: &EventId,
) -> Decision {
    let row = link.key(decision.permit().log());
    decision.also(ended_on(event, link, until, clauses)).change(row, until_day(link, until))
}

fn ended_on(event: &EventId, link: &Link, until: Date, clauses: &[ClauseId]) -> decision::Fact {
    fact(event, "link.ending", link, clauses).detail("until", soonest(link, until).to_string())
}

fn until_day(link: &Link, until: Date) -> decision::Change {
    let until = soonest(link, until);
    decision::Change::Link(Change::Ending { id: link.id.clone(), why: End::Unneeded, until })
}

/// No decision lengthens a term.
fn soonest(link: &Link, until: Date) -> Date {
    link.until.map_or(until, |own| own.min(until))
}

/// Adds to a decision that a link is over at once.
pub(super) fn over(decision: Decision, link: &Link, why: End) -> Decision {
    let (row, at) = (link.key(decision.permit().log()), decision.permit().at());
    decision.change(row, decision::Change::Link(Change::Ended { id: link.id.clone(), why, at }))
}

/// Enters that a link is over, because its day has come or because nobody used it.
pub fn enter(
    rule: Rule<'_>,
    log: &LogId,
    link: &Link,
    why: End,
    seen: Seen,
    event: &EventId,
    now: Instant,
) -> Decision {
    let clauses = rule.pack.link_rule().map(|rule| rule.clauses).unwrap_or_default();
    let fact = fact(event, "link.ended", link, &clauses).outcome(why.word());
    over(Decision::new(duty::timed(rule, log, now), fact).seeing([seen]), link, why)
}
