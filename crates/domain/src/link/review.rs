//! Whether links are still needed: asked of all of them every year, and of one that nobody uses.

use super::{Change, Link, end, fact, unworded};
use crate::actor::Actor;
use crate::decision::{self, Decision, Fact, Permit, Rule, Seen};
use crate::duty::{self, Absent, Duty, State};
use crate::id::{EventId, LinkId};
use crate::personal::Personal;
use crate::refusal::{Outcome, Reason, Refusal, unless};
use crate::regulation::ClauseId;
use crate::time::Instant;
use alloc::{format, vec, vec::Vec};

/// What is said of one link.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Which.
    pub link: LinkId,
    /// Whether it is needed; unset where nobody said.
    pub keep: Option<bool>,
    /// Why.
    pub note: Personal,
}

/// What the decision rests on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The duty to go through the links, or to say whether one is needed.
    pub duty: Duty,
    /// Those for whom the actor stands in today.
    pub absent: Vec<Absent>,
    /// The links that stand and of which no end is decided.
    pub links: Vec<Link>,
    /// The clauses of the duty.
    pub clauses: Vec<ClauseId>,
    /// The revisions of all these rows.
    pub seen: Vec<Seen>,
}

/// Says of every link whether it is needed. That is the review: what is not needed ends as early as the rule
/// allows.
///
/// # Errors
/// It is somebody else's duty, or done; something is not said of a link; there are others by now.
pub fn decide(
    rule: Rule<'_>,
    actor: &Actor,
    facts: &Facts,
    verdicts: &[Verdict],
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let Facts { duty, absent, links, clauses, seen } = facts;
    if !duty.is_owed_by(actor, absent) {
        return Err(vec![Refusal::new(Reason::NotYourDuty).under_first(clauses)]);
    }
    if duty.state != State::Open {
        let state = Refusal::new(Reason::WrongState).under_first(clauses);
        return Err(vec![state.with("state", duty.state.word())]);
    }
    unless(faults(links, verdicts, clauses))?;
    let log = actor.log();
    let (until, of) =
        (end::earliest(rule.pack, now.date()), |id: &LinkId| links.iter().find(|l| l.id == *id));
    let ends = verdicts.iter().filter(|one| one.keep == Some(false)).count();
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let fact = Fact::new(event, "link.reviewed")
        .under(clauses)
        .detail("duty", duty.id.as_str())
        .detail("links", count(verdicts.len()))
        .detail("unneeded", count(ends));
    let permit = Permit::under(rule.reference, actor, clauses, now);
    let decision = Decision::new(permit, fact).seeing(seen.iter().cloned());
    let decision = duty::closing(decision, &log, duty, State::Done, &actor.person);
    let said = verdicts.iter().filter_map(|one| Some((one, of(&one.link)?, one.keep?)));
    Ok(said.enumerate().fold(decision, |decision, (n, (one, link, keep))| {
        let reviewed = Change::Reviewed {
            duty: duty.id.clone(),
            id: link.id.clone(),
            keep,
            note: one.note.clone(),
            by: actor.person.clone(),
            at: now,
        };
        let event = EventId::new(format!("{event}-{n}"));
        let row = crate::id::Key::new(&log, "link-review", &format!("{} {}", duty.id, link.id));
        let decision = decision.change(row, decision::Change::Link(reviewed));
        match keep {
            true => decision.also(kept(&event, link, clauses, &one.note)),
            false => end::ending(decision, link, until, clauses, &event),
        }
    }))
}

fn kept(event: &EventId, link: &Link, clauses: &[ClauseId], note: &Personal) -> Fact {
    fact(event, "link.needed", link, clauses).commit("note", note)
}

/// What is wrong with what is said: every link wants its word and its reason.
fn faults(links: &[Link], verdicts: &[Verdict], clauses: &[ClauseId]) -> Vec<Refusal> {
    let others = verdicts.len() != links.len()
        || links.iter().any(|link| !verdicts.iter().any(|one| one.link == link.id));
    if others {
        return vec![Refusal::new(Reason::Changed).under_first(clauses)];
    }
    let of_one = |one: &Verdict| {
        let unsaid = || Refusal::new(Reason::FieldMissing).under_first(clauses).at("keep");
        [one.keep.is_none().then(unsaid), unworded(&one.note, clauses)]
    };
    let mut found: Vec<Refusal> = verdicts.iter().flat_map(of_one).flatten().collect();
    found.dedup();
    found
}

/// Says that a link which nobody uses is needed. It is stopped all the same where it stays unused for as long
/// as the rule allows.
///
/// # Errors
/// As [`decide`].
pub fn need(
    rule: Rule<'_>,
    actor: &Actor,
    facts: &Facts,
    note: &Personal,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let Facts { duty, absent, links, clauses, seen } = facts;
    if !duty.is_owed_by(actor, absent) {
        return Err(vec![Refusal::new(Reason::NotYourDuty).under_first(clauses)]);
    }
    let (Some(link), State::Open) = (links.first(), duty.state) else {
        let state = Refusal::new(Reason::WrongState).under_first(clauses);
        return Err(vec![state.with("state", duty.state.word())]);
    };
    unless(unworded(note, clauses).into_iter().collect())?;
    let permit = Permit::under(rule.reference, actor, clauses, now);
    let decision = Decision::new(permit, kept(event, link, clauses, note)).seeing(seen.iter().cloned());
    Ok(duty::closing(decision, &actor.log(), duty, State::Done, &actor.person))
}
