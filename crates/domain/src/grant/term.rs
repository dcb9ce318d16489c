//! The term of a permission: from when it can be renewed, what takes over from it, and how it ends.
//!
//! A renewal takes over at the very moment at which the former one ends: there is no gap in which its owner
//! could not work, and no day on which both run.

use super::change;
use super::permission::{self, Permission, Stop};
use crate::application::{Action, Application, route};
use crate::decision::{self, Decision, Fact, Rule, Seen};
use crate::duty::{self, DueDay, Duty, Kind, Owner, State, clock};
use crate::grant;
use crate::id::{DutyId, EventId, Key, LogId, PermissionId, PersonId};
use crate::link::clock::shifted;
use crate::period::Calendar;
use crate::personal::Personal;
use crate::regulation::{ApprovalChain, Capacity, Deadline, Offset, Pack, Ruled, StepAct};
use crate::time::{Date, Instant};
use alloc::{collections::BTreeSet, format, string::String, vec::Vec};

/// Months before its end from which on a permission can be renewed where the rule is silent: ours.
const MONTHS_BEFORE: i64 = 1;

/// When a permission that ends can be asked for anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first day.
    pub opens: Date,
    /// Whether the rule says so; else it is ours.
    pub ruled: bool,
}

/// From which day on a permission that ends at `until` can be renewed.
pub fn window(chain: Option<&ApprovalChain>, until: Instant, calendar: &Calendar) -> Window {
    let set = chain.and_then(|chain| chain.renew_before.as_ref());
    let before = set.map(|set| Deadline { offset: Offset::Before, ..set.clone() });
    let ruled = before.and_then(|before| clock::due(&before, until, calendar).ok()).map(|due| due.date);
    let opens = ruled.or_else(|| until.date().plus_months(-MONTHS_BEFORE)).unwrap_or(until.date());
    Window { opens, ruled: ruled.is_some() }
}

/// The name of the duty to renew a permission: one for each, whoever opens it.
pub fn name(permission: &PermissionId) -> String {
    format!("renew {permission}")
}

/// The duty to ask for a permission anew: its owner's, or theirs whom the chain lets ask for such a role.
pub fn renewing(
    rule: Rule<'_>,
    chain: &Ruled<ApprovalChain>,
    permission: &Permission,
    role: &str,
    id: DutyId,
    today: Date,
) -> Option<Duty> {
    let until = permission.until?;
    let own = Owner::Person(permission.person.clone());
    let asks = chain.value.steps.iter().find(|step| step.act == StepAct::Propose);
    let others = || {
        let who = asks.and_then(|step| step.who.first())?;
        let named = rule.pack.roles_meant(who, Capacity::Apply).into_iter().next()?;
        Some(Owner::RoleIn(named, permission.unit.clone()))
    };
    let owner = match route::may_propose(rule.pack, &chain.value, role) {
        true => own,
        false => others().unwrap_or(own),
    };
    let by = chain.value.renew_by.as_ref().map(|by| shifted(until.date(), by, -1).start());
    let moment = by.unwrap_or(until);
    let last = Instant::from_micros(moment.micros() - 1).date();
    let due = DueDay { date: last, moment, calendar: None };
    Some(Duty {
        kind: Kind::Renew,
        owner,
        began: today,
        due: Some(due),
        ..about(rule, chain, permission, id)
    })
}

/// The notice to its owner that a permission has ended.
pub fn notice(rule: Rule<'_>, chain: &Ruled<ApprovalChain>, permission: &Permission, id: DutyId) -> Duty {
    about(rule, chain, permission, id)
}

fn about(rule: Rule<'_>, chain: &Ruled<ApprovalChain>, permission: &Permission, id: DutyId) -> Duty {
    Duty {
        unit: Some(permission.unit.clone()),
        person: Some(permission.person.clone()),
        about: format!("{}", permission.id),
        ..Duty::new(
            rule,
            id,
            Kind::Ended,
            &chain.control,
            Owner::Person(permission.person.clone()),
            permission.until.unwrap_or(permission.from).date(),
        )
    }
}

/// Tells whoever may renew a permission that it ends: from now on a renewal takes over at its end.
pub fn warn(
    rule: Rule<'_>,
    log: &LogId,
    permission: &Permission,
    duty: Duty,
    seen: [Seen; 2],
    event: &EventId,
    now: Instant,
) -> Decision {
    let fact = fact(event, "grant.ending", permission);
    let warned = grant::Change::Warned { id: permission.id.clone(), at: now };
    let decision = Decision::new(duty::timed(rule, log, now), fact)
        .seeing(seen)
        .change(permission::key(log, &permission.person), decision::Change::Grant(warned));
    duty::opening(decision, log, duty)
}

/// What an end that came by itself brings.
#[derive(Clone, Debug)]
pub struct Ending {
    /// The permission that takes over, where one does.
    pub successor: Option<PermissionId>,
    /// The duty to renew it, where that is still owed.
    pub owed: Option<Duty>,
    /// The notice that it ended.
    pub notice: Option<Duty>,
}

/// Enters that the end of a permission has come: it stopped then, whenever that is entered.
pub fn end(
    rule: Rule<'_>,
    log: &LogId,
    permission: &Permission,
    ending: Ending,
    seen: impl IntoIterator<Item = Seen>,
    event: &EventId,
    now: Instant,
) -> Decision {
    let why = if ending.successor.is_some() { Stop::Replaced } else { Stop::Expired };
    let fact = fact(event, "grant.expired", permission).outcome(why.word());
    let at = permission.until.unwrap_or(now);
    let stopped = grant::Change::Stopped { id: permission.id.clone(), why, at };
    let decision = Decision::new(duty::timed(rule, log, now), fact)
        .seeing(seen)
        .change(permission::key(log, &permission.person), decision::Change::Grant(stopped));
    let by = decision.permit().actor().person.clone();
    let decision = match ending.owed {
        Some(owed) => duty::closing(decision, log, &owed, State::Dropped, &by),
        None => decision,
    };
    match ending.notice.filter(|_| ending.successor.is_none()) {
        Some(notice) => duty::opening(decision, log, notice),
        None => decision,
    }
}

fn fact(event: &EventId, act: decision::Act, permission: &Permission) -> Fact {
    let until = permission.until.map(|until| format!("{}", until.date())).unwrap_or_default();
    Fact::new(event, act)
        .detail("permission", permission.id.as_str())
        .detail("until", until)
        .commit("person", &Personal::new(permission.person.as_str()))
}

/// On what terms something is opened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    /// For how many months; without end where the rule sets none.
    pub(crate) months: Option<u32>,
    /// Whether what was suspended for disuse comes back as it was where it is asked for again.
    pub(crate) restores: bool,
    /// The first day, where whoever decided set one.
    pub(crate) first: Option<Date>,
}

impl Terms {
    /// What a rule says of it, with the chain that approves it.
    pub(crate) fn of(pack: &Pack, chain: &Ruled<ApprovalChain>, first: Option<Date>) -> Self {
        let restores = pack.idle_ladder().is_some_and(|ladder| ladder.value.restores);
        Self { months: chain.value.months(), restores, first }
    }
}

/// Opens what was approved for each person, never more than was asked, and stops what it takes the place of;
/// what it renews runs to its end. `owed` are the duties to renew that are open.
pub(crate) fn opened(
    decision: Decision,
    application: &Application,
    (held, owed): (&[Permission], &[Duty]),
    terms: Terms,
) -> Decision {
    application.people.iter().fold(decision, |decision, person| {
        let own = held.iter().filter(|one| one.person == *person && one.unit == application.unit);
        let own: Vec<&Permission> = own.collect();
        opened_for(decision, application, (person, &own), owed, terms)
    })
}

fn opened_for(
    decision: Decision,
    application: &Application,
    (person, own): (&PersonId, &[&Permission]),
    owed: &[Duty],
    terms: Terms,
) -> Decision {
    let (log, now) = (decision.permit().log().clone(), decision.permit().at());
    let row = permission::key(&log, person);
    let standing = || own.iter().filter(|one| one.stands(now)).copied();
    let before: Vec<&String> = standing().flat_map(|one| &one.items).collect();
    let items = change::left(application, &before);
    let ends = application.action == Action::Cancel;
    // An end that names nothing of what somebody has changes nothing.
    if ends && !items.is_empty() && before.iter().all(|code| items.contains(code)) {
        return decision;
    }
    let start = terms.first.map(Date::start).filter(|first| *first > now).unwrap_or(now);
    let former = standing().find(|one| one.from <= now);
    let gives = !items.is_empty();
    let renewed = former.filter(|one| gives && !ends && is_renewed(one, &items));
    let others = standing().filter(|old| renewed.is_none_or(|renewed| renewed.id != old.id));
    let decision = taken(decision, &row, others, (gives, start));
    let decision = settled(decision, own, owed, gives);
    if !gives {
        return decision;
    }
    if terms.restores && former.is_none() && start == now && asks_back(own, &items, now) {
        return unused(own, now).fold(decision, |decision, one| {
            let resumed = grant::Change::Resumed(one.id.clone());
            decision.change(row.clone(), decision::Change::Grant(resumed))
        });
    }
    let from = renewed.and_then(|one| one.until).map_or(start, |until| until.max(start));
    let months = terms.months.map(i64::from);
    let term = months.and_then(|months| from.date().plus_months(months)).map(Date::start);
    let kept = change::kept_until(own, application, now).filter(|end| renewed.is_none() && *end > from);
    let new = Permission {
        id: id_of(application, person),
        person: person.clone(),
        unit: application.unit.clone(),
        items,
        application: Some(application.id.clone()),
        formerly: None,
        follows: former.or_else(|| lapsed(own, now)).map(|one| one.id.clone()),
        from,
        until: change::sooner(kept, term),
        warned: None,
        stopped: resting(own, now).map(|why| (why, now)),
    };
    decision.change(row, decision::Change::Grant(grant::Change::Opened(new)))
}

/// Ends what something takes the place of, or what is given up: at once, or where a first day was set, then.
fn taken<'a>(
    decision: Decision,
    row: &Key,
    others: impl Iterator<Item = &'a Permission>,
    (gives, start): (bool, Instant),
) -> Decision {
    let now = decision.permit().at();
    let why = if gives { Stop::Replaced } else { Stop::Cancelled };
    others.fold(decision, |decision, old| {
        let id = old.id.clone();
        if start <= now || old.from >= start {
            let stop = grant::Change::Stopped { id, why, at: now };
            return decision.change(row.clone(), decision::Change::Grant(stop));
        }
        let shortened = grant::Change::Shortened { id: id.clone(), until: start };
        let shortened = Some(shortened).filter(|_| old.until.is_none_or(|until| until > start));
        // Whoever gave it up is not told to ask for it anew.
        let warned = (!gives).then_some(grant::Change::Warned { id, at: now });
        shortened
            .into_iter()
            .chain(warned)
            .fold(decision, |decision, change| decision.change(row.clone(), decision::Change::Grant(change)))
    })
}

/// Closes the duties to renew what somebody holds: done where something takes its place, else dropped.
fn settled(decision: Decision, own: &[&Permission], owed: &[Duty], gives: bool) -> Decision {
    let (log, by) = (decision.permit().log().clone(), decision.permit().actor().person.clone());
    let state = if gives { State::Done } else { State::Dropped };
    let owed = owed.iter().filter(|duty| own.iter().any(|one| one.id.as_str() == duty.about));
    owed.fold(decision, |decision, duty| duty::closing(decision, &log, duty, state, &by))
}

/// Why what is opened now rests from the beginning: what somebody has rests, and this takes its place. A
/// leave goes before what is owed, which is asked about again when the leave is over.
fn resting(own: &[&Permission], now: Instant) -> Option<Stop> {
    let rests = |why: Stop| own.iter().any(|one| one.rests(now) == Some(why));
    [Stop::OnLeave, Stop::Lapsed].into_iter().find(|why| rests(*why))
}

/// What somebody held in a unit until it was suspended for disuse, all at once, and whose term still runs.
fn unused<'a>(own: &'a [&'a Permission], now: Instant) -> impl Iterator<Item = &'a Permission> {
    let last = own.iter().filter_map(|one| one.stopped).max_by_key(|(_, at)| *at);
    let idle = last.filter(|(why, _)| *why == Stop::Idle);
    let term = move |one: &&&Permission| one.until.is_none_or(|until| now < until);
    own.iter().filter(move |one| idle.is_some() && one.stopped == idle).filter(term).copied()
}

/// Whether exactly that is asked for which was suspended for disuse.
pub fn asks_back(own: &[&Permission], items: &[String], now: Instant) -> bool {
    let before: BTreeSet<&String> = unused(own, now).flat_map(|one| &one.items).collect();
    !before.is_empty() && before == items.iter().collect()
}

/// Whether an application renews a permission: its owner was told that it ends, and the same is asked for.
/// Whoever asks for less or more is given that at once.
fn is_renewed(one: &Permission, asked: &[String]) -> bool {
    let set = |items: &[String]| items.iter().cloned().collect::<BTreeSet<_>>();
    one.warned.is_some() && one.until.is_some() && set(&one.items) == set(asked)
}

/// The last permission that came to its own end.
fn lapsed<'a>(own: &[&'a Permission], now: Instant) -> Option<&'a Permission> {
    let ended = |one: &&&Permission| {
        let by_itself = matches!(one.stopped, None | Some((Stop::Expired, _)));
        by_itself && !one.is_open(now)
    };
    own.iter().filter(ended).max_by_key(|one| one.until).copied()
}

/// One application opens one permission a person, so its name follows from both.
pub fn id_of(application: &Application, person: &PersonId) -> PermissionId {
    let place = application.people.iter().position(|own| own == person).unwrap_or_default();
    PermissionId::new(format!("{}.{}", application.id, place + 1))
}
