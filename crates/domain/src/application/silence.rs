//! A step of a chain that does not answer: when the rule counts it as silent, and what comes of that.

use super::act::arrived;
use super::submit::fact;
use super::{Application, Change};
use crate::decision::{self, Decision, Rule, Seen};
use crate::duty::{self, DueDay, Duty, Kind, Owner, State, clock, keeper, owner_of};
use crate::id::{DutyId, EventId, LogId};
use crate::period::Calendar;
use crate::regulation::{ApprovalChain, Capacity, Ruled, StepAct, Who};
use crate::time::Instant;
use alloc::{format, string::ToString};

/// What silence does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// Those whose turn it is are reminded.
    Remind,
    /// The head of the agency is told, who presses them.
    Escalate,
    /// It goes on without an opinion that was only asked for.
    PassOn,
}

/// The duty to answer that comes with a step, where the rule says when it is silent.
pub fn duty(
    rule: Rule<'_>,
    chain: &Ruled<ApprovalChain>,
    application: &Application,
    id: &dyn Fn(&str) -> DutyId,
    calendar: &Calendar,
) -> Option<Duty> {
    let step = chain.value.steps.get(application.step).filter(|_| application.state.is_on_its_way())?;
    let due = clock::due(step.silence.as_ref()?, application.since, calendar).ok()?;
    let owner = step.who.first().and_then(|who| owner(rule, who, application));
    let (code, at, version) = (&application.id, application.step, application.version);
    Some(Duty {
        unit: Some(application.unit.clone()),
        about: format!("{code} {at}"),
        due: Some(DueDay::from(due)),
        ..Duty::new(
            rule,
            id(&format!("{} {code} {version} {at}", rule.reference.digest)),
            Kind::Answer,
            &chain.control,
            owner.or_else(|| keeper(rule.pack))?,
            application.since.date(),
        )
    })
}

/// Who owes the answer: a head of the unit it comes from, or whoever holds the role.
fn owner(rule: Rule<'_>, who: &Who, application: &Application) -> Option<Owner> {
    let roles = rule.pack.roles_meant(who, Capacity::Stamp);
    let role = roles.first()?;
    match rule.pack.capacities(role).contains(&Capacity::Stamp) {
        true => Some(Owner::RoleIn(role.clone(), application.unit.clone())),
        false => Some(Owner::Role(role.clone())),
    }
}

/// Whether an application still stands where a duty to answer found it.
pub fn waits(duty: &Duty, application: &Application) -> bool {
    let about = format!("{} {}", application.id, application.step);
    application.state.is_on_its_way() && duty.about == about && duty.began == application.since.date()
}

/// What silence does at the step that has an application. A decision is never passed over: where the rule
/// says so of one, the head is told.
pub fn then(chain: &ApprovalChain, application: &Application) -> Then {
    let step = chain.steps.get(application.step);
    let word = step.and_then(|step| step.silence_then.as_deref());
    match (word, step.map(|step| step.act)) {
        (Some("pass-on"), Some(StepAct::Consult)) => Then::PassOn,
        (Some("pass-on" | "escalate"), _) => Then::Escalate,
        _ => Then::Remind,
    }
}

/// The duty of the head of the agency to press those who are silent.
pub fn pressing(rule: Rule<'_>, silent: &Duty) -> Option<Duty> {
    let owner = owner_of(rule.pack, &Who::Head, None)?;
    Some(duty::pressing(silent, owner))
}

/// Lets an application go on without an opinion that was only asked for.
pub fn passed_on(
    rule: Rule<'_>,
    log: &LogId,
    chain: &Ruled<ApprovalChain>,
    application: &Application,
    silent: &Duty,
    seen: [Seen; 2],
    (event, now): (&EventId, Instant),
) -> Decision {
    let moved = arrived(&chain.value, application, application.step + 1, now);
    let timed = duty::timed(rule, log, now);
    let by = timed.actor().person.clone();
    let fact = fact(event, "application.passed-on", &moved, &chain.clauses)
        .detail("step", i64::try_from(application.step).unwrap_or(i64::MAX))
        .detail("duty", silent.id.to_string());
    let decision = Decision::new(timed, fact)
        .seeing(seen)
        .change(application.key(log), decision::Change::Application(Change::Moved(moved)));
    duty::closing(decision, log, silent, State::Dropped, &by)
}
