//! Saying that a duty is done, or a part of it.

use super::{Absent, Change, Duty, Owner, State, certificate, clauses as wanted_by, fact, opening, timed};
use crate::actor::Actor;
use crate::application::attachment::Upload;
use crate::decision::{self, Decision, Permit, Rule, Seen};
use crate::grant;
use crate::grant::permission::{self, Permission};
use crate::id::{EventId, LogId};
use crate::letter;
use crate::personal::Personal;
use crate::refusal::{Help, Outcome, Reason, Refusal, gather, unless};
use crate::regulation::ClauseId;
use crate::time::Instant;
use alloc::{format, string::String, vec, vec::Vec};

/// Most characters of the words with which a duty is closed.
const NOTE_MAX: usize = 500;
/// Most hours of training that one proof shows.
const HOURS_MAX: u32 = 200;

/// What is needed to close a duty.
#[derive(Clone, Debug)]
pub struct Closing {
    /// The duty.
    pub duty: Duty,
    /// Those for whom the actor stands in today.
    pub absent: Vec<Absent>,
    /// What the actor says: for training its title and proof.
    pub note: Personal,
    /// Hours that are shown, where it is measured in hours.
    pub hours: Option<u32>,
    /// For a letter what has to be said of it, what is said, and the event that enters it.
    pub letter: Option<(letter::Wanted, letter::Said, EventId)>,
    /// Duties that follow, each opened once: others take note of what they were told.
    pub follows: Vec<Duty>,
    /// Files that show it, such as a certificate.
    pub files: Vec<Upload>,
    /// Permissions that were suspended because it was late, and come back when it is done.
    pub returns: Vec<Permission>,
}

/// Says that a duty is done.
///
/// # Errors
/// It is somebody else's, it is done on a page of its own, it is closed already, or words are missing.
pub fn fulfil(
    rule: Rule<'_>,
    actor: &Actor,
    closing: Closing,
    clauses: &[ClauseId],
    seen: Vec<Seen>,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let Closing { duty, absent, note, hours, letter, follows, files, returns } = closing;
    if !duty.is_owed_by(actor, &absent) || duty.kind.has_page() {
        let role = match &duty.owner {
            Owner::Role(role) | Owner::RoleIn(role, _) => role.clone(),
            Owner::Person(_) => String::new(),
        };
        let refusal = Refusal::new(Reason::NotYourDuty).under_first(clauses).helped_by(Help::Role(role));
        return Err(vec![refusal]);
    }
    let mut faults = unsaid(&duty, &note, hours, letter.as_ref(), clauses, now);
    faults.extend(certificate::faults(rule.pack, &duty, &files, clauses));
    unless(faults)?;
    let log = actor.log();
    let permit = Permit::under(rule.reference, actor, clauses, now);
    let credited = duty.hours.map_or(0, |own| own.credited) + hours.unwrap_or(0);
    if duty.hours.is_some_and(|own| credited < own.wanted) {
        let fact = fact(event, "duty.credited", &duty)
            .under(clauses)
            .detail("hours", i64::from(credited))
            .commit("note", &note);
        let change = Change::Credited { id: duty.id.clone(), credited, note };
        let row = duty.key(&log);
        let decision = Decision::new(permit, fact).seeing(seen).change(row, decision::Change::Duty(change));
        return Ok(certificate::filing(decision, &log, &duty, files, event));
    }
    let fact = fact(event, "duty.fulfilled", &duty)
        .under(clauses)
        .detail("late", i64::from(duty.is_late(now)))
        .detail("deputy", i64::from(!duty.is_own(actor)))
        .detail("restored", i64::try_from(returns.len()).unwrap_or(i64::MAX))
        .commit("note", &note);
    let row = duty.key(&log);
    let (id, by) = (duty.id.clone(), actor.person.clone());
    let closed = Change::Closed { id, state: State::Done, by, note, at: now };
    let decision = Decision::new(permit, fact).seeing(seen).change(row, decision::Change::Duty(closed));
    let decision = match &letter {
        Some((_, said, event)) => letter::sending(decision, &duty, said, clauses, event),
        None => decision,
    };
    let decision = certificate::filing(decision, &log, &duty, files, event);
    let decision = resuming(decision, &log, returns);
    Ok(follows.into_iter().fold(decision, |decision, duty| opening(decision, &log, duty)))
}

/// Adds to a decision of the same log that permissions which rested are back.
fn resuming(decision: Decision, log: &LogId, returns: Vec<Permission>) -> Decision {
    returns.into_iter().fold(decision, |decision, one| {
        let row = permission::key(log, &one.person);
        decision.change(row, decision::Change::Grant(grant::Change::Resumed(one.id)))
    })
}

/// Closes a duty of one person that was done on a page of its own, in another log, or that the rule wants no
/// more; what rested for it is back.
pub fn settle(
    rule: Rule<'_>,
    log: &LogId,
    duty: &Duty,
    state: State,
    returns: Vec<Permission>,
    seen: Vec<Seen>,
    (event, now): (&EventId, Instant),
) -> Decision {
    let act = if state == State::Done { "duty.fulfilled" } else { "duty.dropped" };
    let permit = timed(rule, log, now);
    let by = match &duty.owner {
        Owner::Person(person) if state == State::Done => person.clone(),
        _ => permit.actor().person.clone(),
    };
    let fact = fact(event, act, duty)
        .under(&wanted_by(rule.pack, duty))
        .detail("late", i64::from(duty.is_late(now)))
        .detail("restored", i64::try_from(returns.len()).unwrap_or(i64::MAX));
    let decision = super::closing(Decision::new(permit, fact).seeing(seen), log, duty, state, &by);
    resuming(decision, log, returns)
}

/// What is wrong with what is said when a duty is closed.
fn unsaid(
    duty: &Duty,
    note: &Personal,
    hours: Option<u32>,
    letter: Option<&(letter::Wanted, letter::Said, EventId)>,
    clauses: &[ClauseId],
    now: Instant,
) -> Vec<Refusal> {
    let said = note.expose().trim();
    // A letter is said by its number, day and way, an undertaking by its own text.
    let wordless = duty.kind.is_wordless() || letter.is_some();
    let mut found = gather([
        (duty.state != State::Open)
            .then(|| Refusal::new(Reason::WrongState).under_first(clauses).with("state", duty.state.word())),
        (said.is_empty() && !wordless)
            .then(|| Refusal::new(Reason::NoteMissing).under_first(clauses).at("note")),
        (said.chars().count() > NOTE_MAX)
            .then(|| Refusal::new(Reason::FieldTooLong).at("note").with("most", format!("{NOTE_MAX}"))),
        (duty.hours.is_some() && !hours.is_some_and(|hours| (1..=HOURS_MAX).contains(&hours)))
            .then(|| Refusal::new(Reason::FieldMissing).under_first(clauses).at("hours")),
    ]);
    if let Some((wanted, said, _)) = letter {
        found.extend(letter::faults(wanted, said, clauses, now));
    }
    found
}
