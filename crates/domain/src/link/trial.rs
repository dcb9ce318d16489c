//! The link test: whether the line carries what it should. It is made by people and entered here.

use super::{Change, End, Link, Test, end, fact, may_keep, unworded};
use crate::actor::Actor;
use crate::decision::{self, Decision, Permit, Rule, Seen};
use crate::id::EventId;
use crate::personal::Personal;
use crate::refusal::{Outcome, Reason, Refusal, gather, unless};
use crate::time::{Date, Instant};
use alloc::{string::ToString, vec, vec::Vec};

/// What is said of a test.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Whether it was passed; unset where nobody said.
    pub passed: Option<bool>,
    /// The day on which it was made.
    pub on: Option<Date>,
    /// What was tested, and how it came out.
    pub note: Personal,
}

/// Enters a test. A later one takes the place of an earlier one, whichever way it came out. With one that is
/// passed the link takes the place of the former one, which stood beside it until then.
///
/// # Errors
/// The actor does not look after links; the link is over; something is not said.
pub fn enter(
    rule: Rule<'_>,
    actor: &Actor,
    (link, former): (&Link, Option<&Link>),
    said: &Said,
    seen: Vec<Seen>,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let clauses = may_keep(rule.pack, actor).map_err(|refusal| vec![refusal])?;
    let channel = rule.pack.channel(&actor.situation()).filter(|channel| channel.value.link_test);
    let clauses = channel.map_or(clauses, |channel| channel.clauses);
    let at = |reason, field| Refusal::new(reason).under_first(&clauses).at(field);
    let (today, first) = (now.date(), link.opened.min(link.from));
    unless(gather([
        (!link.runs(today)).then(|| {
            let state = link.state(rule.pack, today);
            Refusal::new(Reason::WrongState).under_first(&clauses).with("state", state)
        }),
        said.passed.is_none().then(|| at(Reason::FieldMissing, "passed")),
        said.on.is_none().then(|| at(Reason::FieldMissing, "tested-on")),
        said.on
            .is_some_and(|day| day > today || day < first)
            .then(|| at(Reason::FieldMalformed, "tested-on")),
        unworded(&said.note, &clauses),
    ]))?;
    let (Some(passed), Some(on)) = (said.passed, said.on) else { return Err(vec![]) };
    let fact = fact(event, "link.tested", link, &clauses)
        .outcome(if passed { "passed" } else { "failed" })
        .detail("on", on.to_string())
        .commit("note", &said.note);
    let test = Test { passed, on, by: actor.person.clone() };
    let tested = Change::Tested { id: link.id.clone(), test, note: said.note.clone() };
    let decision = Decision::new(Permit::under(rule.reference, actor, &clauses, now), fact)
        .seeing(seen)
        .change(link.key(&actor.log()), decision::Change::Link(tested));
    let over = former.filter(|former| passed && replaces(link, former, today));
    Ok(match over {
        Some(former) => end::over(decision, former, End::Renewed),
        None => decision,
    })
}

/// Whether a link takes the place of another one that still stands: it reaches all that one does.
fn replaces(link: &Link, former: &Link, today: Date) -> bool {
    let same = link.former.as_ref() == Some(&former.id);
    same && former.runs(today) && former.datasets.iter().all(|own| link.datasets.contains(own))
}
