//! What time does to links: it ends them, and makes people owe what the rule wants before it does.
//!
//! What is owed follows from the link and the day alone, so whoever computes it, however late, comes to the
//! same.

use super::{End, Link};
use crate::decision::Rule;
use crate::duty::{DueDay, Duty, Kind, Owner, clock};
use crate::id::DutyId;
use crate::period::Calendar;
use crate::regulation::{ApplicationObject, Deadline, Event, LinkRule, Offset, Pack, Situation, Unit};
use crate::time::Date;
use alloc::{format, string::String, vec::Vec};

/// Days after the end of a link in which its letters are still opened, where nothing ran meanwhile.
const LATEST_DAYS: i64 = 31;

/// A day moved by the length of a deadline as the calendar on the wall has it: terms of links reach further
/// than the office calendar is issued.
pub(crate) fn shifted(day: Date, deadline: &Deadline, sign: i64) -> Date {
    let length = i64::from(deadline.length) * sign;
    let moved = match deadline.unit {
        Unit::Year => day.plus_months(length * 12),
        Unit::Month => day.plus_months(length),
        _ => day.plus_days(length),
    };
    moved.unwrap_or(day)
}

/// The last day for something that the rule wants before a day; not before `began`, on which it became known.
fn before(day: Date, deadline: Option<&Deadline>, began: Date, calendar: &Calendar) -> DueDay {
    let plain = |date: Date| DueDay { date, moment: date.end(), calendar: None };
    let own = deadline.map(|deadline| match (clock::due(deadline, day.start(), calendar), deadline.offset) {
        (Ok(due), _) => due.into(),
        (Err(_), Offset::Before) => plain(shifted(day, deadline, -1)),
        (Err(_), Offset::After) => plain(shifted(day, deadline, 1)),
    });
    own.filter(|due| due.date >= began).unwrap_or_else(|| plain(began))
}

/// The first day of disuse: that of the last use, or on which the link was entered.
fn idle_since(link: &Link) -> Date {
    link.used.unwrap_or(link.opened)
}

/// The day on which disuse is asked about, and the one on which it ends the link.
fn idle(term: &LinkRule, link: &Link) -> (Option<Date>, Option<Date>) {
    let after = |months: u32| idle_since(link).plus_months(i64::from(months));
    let Some(unused) = term.unused_months else { return (None, None) };
    (after(unused), term.stop_after_months.and_then(|more| after(unused + more)))
}

/// Why a link is over by now, where nobody has entered it yet.
pub fn over(pack: &Pack, link: &Link, today: Date) -> Option<End> {
    if link.ended.is_some() {
        return None;
    }
    if link.until.is_some_and(|until| until <= today) {
        return Some(link.ending.unwrap_or(End::Expired));
    }
    let stop = pack.link_rule().and_then(|term| idle(&term.value, link).1);
    stop.is_some_and(|day| day <= today).then_some(End::Unused)
}

/// What people owe for a link today. Whoever opens one of these duties, on whichever node, names it alike.
pub fn owed(
    rule: Rule<'_>,
    link: &Link,
    today: Date,
    calendar: &Calendar,
    id: &dyn Fn(&str) -> DutyId,
) -> Vec<Duty> {
    let Some(keeper) = rule.pack.link_keepers().into_iter().next() else { return Vec::new() };
    let duty = |kind: Kind, control: &str, about: String, began: Date, due: Option<DueDay>| Duty {
        about,
        due,
        ..Duty::new(
            rule,
            id(&format!("{} {} {control} {began}", link.id, kind.word())),
            kind,
            control,
            Owner::Role(keeper.clone()),
            began,
        )
    };
    let letters = letters(rule.pack, link, today, calendar);
    let letters = letters
        .into_iter()
        .map(|(control, about, day, due)| duty(Kind::EndLink, &control, about, day, Some(due)));
    if !link.runs(today) || link.ending.is_some() {
        return letters.collect();
    }
    let about = || String::from(link.id.as_str());
    let renewal = renewal(rule.pack, link, today)
        .map(|(control, first, due)| duty(Kind::RenewLink, &control, about(), first, Some(due)));
    let unused = rule.pack.link_rule().and_then(|term| {
        let (asked, stop) = idle(&term.value, link);
        let asked = asked.filter(|day| *day <= today)?;
        let due = stop.map(last_before);
        Some(duty(Kind::UnusedLink, &term.control, about(), asked, due))
    });
    renewal.into_iter().chain(unused).collect()
}

/// The day before a day is the last that is in time.
fn last_before(day: Date) -> DueDay {
    DueDay { date: day.plus_days(-1).unwrap_or(day), moment: day.start(), calendar: None }
}

/// The control that wants a renewal, the first day on which it can be applied for, and by when it must be.
fn renewal(pack: &Pack, link: &Link, today: Date) -> Option<(String, Date, DueDay)> {
    let chain = pack.approval_chain(ApplicationObject::Link, &Situation::default())?;
    let (until, window) = (link.until?, chain.value.renew_before.as_ref()?);
    let first = shifted(until, window, -1);
    let last = chain.value.renew_by.as_ref().map_or(until, |by| shifted(until, by, -1));
    (first <= today).then(|| (chain.control, first, last_before(last)))
}

/// The letters that the end of a link makes due: the control of each, whom it goes to, the day of the end and
/// by when it leaves.
fn letters(
    pack: &Pack,
    link: &Link,
    today: Date,
    calendar: &Calendar,
) -> Vec<(String, String, Date, DueDay)> {
    let over = link.ended.map(|(why, at)| (why, at.date()));
    let planned = link.ending.zip(link.until);
    let Some((why, day)) = planned.or(over) else { return Vec::new() };
    let told = matches!(why, End::Unneeded | End::Unused);
    let fresh = day.plus_days(LATEST_DAYS).is_none_or(|last| today <= last);
    if !told || !fresh {
        return Vec::new();
    }
    let unneeded = pack.link_letters(Event::LinkUnneeded).into_iter().filter(|_| why == End::Unneeded);
    let all = unneeded.chain(pack.link_letters(Event::LinkEnd));
    all.map(|ruled| {
        let deadline = ruled.value.deadline.as_ref();
        let due = before(day, deadline, today.min(day), calendar);
        let recipient = crate::letter::body(&ruled.value.recipient);
        (ruled.control, format!("{recipient} {}", link.id), day, due)
    })
    .collect()
}

/// When the letter on the end of a link leaves, counted anew from the day of that end.
pub(crate) fn due_of(pack: &Pack, duty: &Duty, calendar: &Calendar) -> Option<DueDay> {
    let deadline = pack.control_or_floor(&duty.control)?.params.deadline("deadline")?;
    clock::due(deadline, duty.began.start(), calendar).ok().map(DueDay::from)
}

/// Whether an open duty is about a link and is owed no more.
pub fn is_settled(open: &Duty, owed: &[Duty]) -> bool {
    matches!(open.kind, Kind::RenewLink | Kind::UnusedLink) && !owed.iter().any(|duty| duty.id == open.id)
}

/// The record code of the link that a duty is about.
pub fn link_of(duty: &Duty) -> &str {
    duty.about.rsplit(' ').next().unwrap_or_default()
}
