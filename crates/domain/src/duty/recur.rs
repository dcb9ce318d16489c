//! Duties that return: one for each period of a rule's schedule, opened when the period begins.
//!
//! Which periods are owed follows from what is known already, so that whoever computes it, however late and
//! however often, comes to the same: nothing is owed twice and no period is left out.

use super::{DueDay, Duty, Hours, Kind, Owner, State, clock, notice, owner_of, owners_or_keepers};
use crate::decision::Rule;
use crate::directory::exception::Exception;
use crate::id::{DutyId, PersonId, UnitId};
use crate::link::clock as link;
use crate::period::{Calendar, PeriodError};
use crate::regulation::{
    self, Deadline, Every, Form, Kind as Control, Pack, Params, Recurring, Ruled, Schedule,
};
use crate::time::{Date, Instant};
use alloc::{format, string::String, vec::Vec};

/// Most periods that are opened at once, after a long time in which nothing ran; older ones are left out.
const MOST: usize = 62;

/// Who owes something that returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ower {
    /// The owner.
    pub owner: Owner,
    /// The person, where each of several owes it for themselves.
    pub person: Option<PersonId>,
    /// The unit.
    pub unit: Option<UnitId>,
}

/// The one who owes it for the whole agency; none where each owes it for themselves, or nobody could.
pub fn for_all(pack: &Pack, recurring: &Recurring) -> Option<Ower> {
    if !recurring.each.is_empty() || is_each(recurring.kind) {
        return None;
    }
    Some(Ower { owner: alike(pack, recurring).into_iter().next()?, person: None, unit: None })
}

/// Every role that owes it alike for the whole agency, in the order of the rule. What nobody holds is passed
/// on among these, and its series goes on with whichever has it.
pub fn alike(pack: &Pack, recurring: &Recurring) -> Vec<Owner> {
    owners_or_keepers(pack, recurring.by.as_ref())
}

/// Whether holders of a role in units of an organisation owe it, each for themselves.
pub fn owes(pack: &Pack, recurring: &Recurring, role: &str, organisation: &str) -> bool {
    if !is_each(recurring.kind) || !recurring.holds_for(role, organisation) {
        return false;
    }
    let meant = |who| pack.roles_meant(who, regulation::Capacity::Ask).iter().any(|own| own == role);
    match recurring.each.is_empty() {
        true => pack.capacities(role).contains(&regulation::Capacity::Ask),
        false => recurring.each.iter().any(meant),
    }
}

fn is_each(kind: Control) -> bool {
    matches!(kind, Control::Training | Control::Undertaking)
}

/// What a control of that kind makes people owe.
fn kind_of(control: Control) -> Kind {
    match control {
        Control::Inventory => Kind::Inventory,
        Control::LinkReview => Kind::LinkReview,
        Control::Training => Kind::Train,
        Control::Undertaking => Kind::Undertake,
        Control::PeriodicReport => Kind::Report,
        _ => Kind::Routine,
    }
}

/// Where a series of periods stands: the newest duty of it that was opened, or the day from which it is owed
/// where there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Series {
    /// It goes on behind this one.
    After(alloc::boxed::Box<Duty>),
    /// It begins with the period that this day lies in.
    From(Date),
}

/// Whether another version of a rule owes the same under a control, so that what was done under that one
/// counts under this one as well, and nothing is owed twice.
pub fn is_same(pack: &Pack, ruled: &Ruled<Recurring>, other: &Pack) -> bool {
    let theirs = other.recurring().into_iter().find(|own| own.control == ruled.control);
    theirs.is_some_and(|theirs| theirs.value == ruled.value)
        && said(pack, &ruled.control) == said(other, &ruled.control)
}

/// What a control says in all, with the form that it names.
fn said<'a>(pack: &'a Pack, control: &str) -> Option<(&'a Params, Option<&'a Form>)> {
    let params = &pack.control_or_floor(control)?.params;
    Some((params, params.text("form").and_then(|id| pack.form(id))))
}

/// The duties that are owed today and that nobody has opened yet, by where their series stands. Whoever opens
/// one, and on whichever node, names it alike: `id` makes an identifier of that name which tells nothing.
pub fn owed(
    rule: Rule<'_>,
    ruled: &Ruled<Recurring>,
    ower: &Ower,
    series: &Series,
    today: Date,
    calendar: &Calendar,
    id: &dyn Fn(&str) -> DutyId,
) -> Vec<Duty> {
    let Schedule::Every(every) = &ruled.value.schedule else { return Vec::new() };
    let first = match series {
        Series::From(day) if clock::is_calendar(every) => clock::span_of(every, *day).and_then(|span| {
            // What was due before anybody owed it is nobody's.
            let gone = day_of(every, span, calendar).date < *day;
            if gone { clock::next(every, span) } else { Some(span) }
        }),
        Series::From(_) => clock::from(every, today),
        // What was dropped, for its owner had left, is owed anew by whoever is back.
        Series::After(duty) if ruled.value.once => {
            (duty.state == State::Dropped).then(|| clock::from(every, today)).flatten()
        }
        Series::After(duty) if clock::is_calendar(every) => {
            clock::from(every, duty.began).and_then(|span| clock::next(every, span))
        }
        // A rolling period runs from the day on which the last one was done.
        Series::After(duty) => duty.closed.as_ref().and_then(|(_, at)| clock::from(every, at.date().next())),
    };
    let mut spans = Vec::new();
    let mut span = first.filter(|span| span.first <= today);
    while let Some(own) = span {
        if !clock::is_idle(every, own, calendar).unwrap_or(false) {
            spans.push(own);
        }
        span = clock::next(every, own).filter(|span| clock::is_calendar(every) && span.first <= today);
    }
    let left_out = spans.len().saturating_sub(MOST);
    let duty = |span: clock::Span| {
        let id = id(&name(rule, ruled, ower, span));
        Duty { id, ..of_span(rule, ruled, ower, span, due_in(&ruled.value, every, span, calendar)) }
    };
    spans.into_iter().skip(left_out).map(duty).collect()
}

/// What is owed for one period, without a name.
fn of_span(
    rule: Rule<'_>,
    ruled: &Ruled<Recurring>,
    ower: &Ower,
    span: clock::Span,
    due: Option<DueDay>,
) -> Duty {
    Duty {
        unit: ower.unit.clone(),
        person: ower.person.clone(),
        due,
        hours: ruled.value.hours.map(|wanted| Hours { wanted, credited: 0 }),
        ..Duty::new(
            rule,
            DutyId::new(""),
            kind_of(ruled.value.kind),
            &ruled.control,
            ower.owner.clone(),
            span.first,
        )
    }
}

/// What is owed in the place of a separation since somebody holds what it keeps apart: one duty for each
/// period, counted from that day, of whom the control names, else of whoever allowed it. They are named by
/// the exception and not by the version of the rule, so that an amendment owes no period again.
pub fn compensating(
    rule: Rule<'_>,
    ruled: &Ruled<Recurring>,
    (exception, since): (&Exception, Date),
    today: Date,
    calendar: &Calendar,
    id: &dyn Fn(&str) -> DutyId,
) -> Vec<Duty> {
    let Schedule::Every(every) = &ruled.value.schedule else { return Vec::new() };
    let named = ruled.value.by.as_ref().and_then(|who| owner_of(rule.pack, who, None));
    let ower = Ower {
        owner: named.unwrap_or_else(|| Owner::Person(exception.by.clone())),
        person: Some(exception.person.clone()),
        unit: None,
    };
    let spans = core::iter::successors(clock::from(every, since), |span| clock::next(every, *span));
    let spans: Vec<clock::Span> = spans
        .take_while(|span| span.first <= today)
        .filter(|span| !clock::is_idle(every, *span, calendar).unwrap_or(false))
        .collect();
    let left_out = spans.len().saturating_sub(MOST);
    let duty = |span: clock::Span| Duty {
        id: id(&format!("instead {} {} {}", exception.id, ruled.control, span.first)),
        kind: Kind::Compensate,
        about: String::from(exception.id.as_str()),
        hours: None,
        ..of_span(rule, ruled, &ower, span, Some(day_of(every, span, calendar)))
    };
    spans.into_iter().skip(left_out).map(duty).collect()
}

fn name(rule: Rule<'_>, ruled: &Ruled<Recurring>, ower: &Ower, span: clock::Span) -> String {
    let (digest, owner) = (&rule.reference.digest, ower.owner.text());
    format!("{digest} {} {owner} {}", ruled.control, span.first)
}

/// When what is owed for a period is due; what is owed once, by the day that the rule names, if any.
fn due_in(recurring: &Recurring, every: &Every, span: clock::Span, calendar: &Calendar) -> Option<DueDay> {
    if !recurring.once {
        return Some(day_of(every, span, calendar));
    }
    let within = recurring.within.as_ref()?;
    clock::due(within, span.first.start(), calendar).ok().map(DueDay::from)
}

/// The day of a period; where the office calendar does not reach, the day that it would not move.
fn day_of(every: &Every, span: clock::Span, calendar: &Calendar) -> DueDay {
    let plain = || DueDay { date: span.last, moment: span.last.end(), calendar: None };
    clock::due_of(every, span, calendar).map_or_else(|_| plain(), DueDay::from)
}

/// When an open duty is due by the calendar as it is known now; none where that is no other day, or where its
/// day hangs on more than the rule: that of an answer on its application. What had no day because a year of
/// the calendar was missing gets one.
pub fn due_again(pack: &Pack, duty: &Duty, calendar: &Calendar) -> Option<DueDay> {
    let asked = duty.due.as_ref().is_some_and(|due| due.calendar.is_some());
    let new = match duty.kind {
        Kind::Notify if notice::is_counted(pack, duty) => notice::due_of(pack, duty, calendar)?,
        Kind::EndLink if asked => link::due_of(pack, duty, calendar)?,
        Kind::Compensate if asked => in_period(&pack.compensation_under(&duty.control)?, duty, calendar)?,
        _ if is_of_period(duty) => in_period(&series_of(pack, duty)?, duty, calendar)?,
        _ => return None,
    };
    duty.is_due_otherwise(&new).then_some(new)
}

/// The year of the office calendar that is missing, where a duty has no day for want of it.
pub fn missing_year(pack: &Pack, duty: &Duty, calendar: &Calendar) -> Option<i16> {
    if duty.due.is_some() || duty.state != State::Open {
        return None;
    }
    let within = || series_of(pack, duty)?.value.within;
    let deadlines = match duty.kind {
        Kind::Notify if notice::is_counted(pack, duty) => notice::deadlines(pack, duty),
        _ if is_of_period(duty) => within().into_iter().collect(),
        _ => return None,
    };
    let missing = |deadline: &Deadline| match clock::due(deadline, duty.began.start(), calendar) {
        Err(PeriodError::NoCalendar(missing)) => Some(missing.year),
        _ => None,
    };
    deadlines.iter().find_map(missing)
}

/// Whether a duty is one of a period, or a part of one, whose day follows from the period alone.
fn is_of_period(duty: &Duty) -> bool {
    use Kind::{Attest, Inventory, LinkReview, Report, Routine, SignOff, Train, Undertake};
    matches!(duty.kind, Attest | Inventory | LinkReview | Report | Routine | SignOff | Train | Undertake)
}

fn series_of(pack: &Pack, duty: &Duty) -> Option<Ruled<Recurring>> {
    pack.recurring().into_iter().find(|ruled| ruled.control == duty.control)
}

fn in_period(own: &Ruled<Recurring>, duty: &Duty, calendar: &Calendar) -> Option<DueDay> {
    let Schedule::Every(every) = &own.value.schedule else { return None };
    due_in(&own.value, every, clock::from(every, duty.began)?, calendar)
}

/// Days before its day from which on every duty stands in the to-do list.
const NEAR_DAYS: i64 = 31;

/// Whether a duty belongs into the to-do list already: a month before its day, or in the last quarter of a
/// longer period. A permission to be renewed does from the day on which it can be.
pub fn is_near(duty: &Duty, now: Instant) -> bool {
    duty.due.as_ref().is_some_and(|due| {
        let (whole, left) = (duty.began.days_until(due.date), now.date().days_until(due.date));
        left <= NEAR_DAYS || left * 4 <= whole || duty.kind == Kind::Renew
    })
}
