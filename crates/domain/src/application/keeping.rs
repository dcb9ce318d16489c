//! How long what stands in an application is kept, and destroying it when that time is over.
//!
//! What was written, the words along the way and the files go, and with them the keys of what its entries
//! keep sealed. That it was there, who acted on it and when, stays: entries are never taken back.

use super::submit::fact;
use super::{Application, Change, State};
use crate::decision::{self, Decision, Rule, Seen};
use crate::duty;
use crate::grant::permission::Permission;
use crate::id::{EventId, LogId};
use crate::link::Link;
use crate::regulation::{ApplicationObject, ClauseId, Event, Pack, RecordKind, Retention, Ruled};
use crate::time::{Date, Instant};
use alloc::{format, vec::Vec};

/// How long an application is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// The rule sets no time: it is kept.
    Unset,
    /// It is on its way, or what it opened still stands: the time has not begun.
    Running,
    /// For ever, or as long as papers that are kept elsewhere.
    Forever,
    /// Until the end of this day.
    Until(Date),
    /// From the day after this one on somebody may approve that it is destroyed; until then it is kept.
    Approval(Date),
    /// It was destroyed then.
    Destroyed(Instant),
}

impl Kept {
    /// The word in the API, and of the sentence that pages have for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unset => "unset",
            Self::Running => "running",
            Self::Forever => "forever",
            Self::Until(_) => "until",
            Self::Approval(_) => "approval",
            Self::Destroyed(_) => "destroyed",
        }
    }

    /// Its last day, or the day on which it was destroyed.
    pub fn day(self) -> Option<Date> {
        match self {
            Self::Until(on) | Self::Approval(on) => Some(on),
            Self::Destroyed(at) => Some(at.date()),
            Self::Unset | Self::Running | Self::Forever => None,
        }
    }
}

/// The rule for the records of an application: the one for applications of its kind, else for any.
pub fn retention(pack: &Pack, object: &str) -> Option<Ruled<Retention>> {
    let of_kind = match ApplicationObject::named(object) {
        Some(ApplicationObject::Account | ApplicationObject::Unlock | ApplicationObject::Restore) => {
            Some(RecordKind::AccountApplication)
        }
        Some(ApplicationObject::Membership) => Some(RecordKind::MembershipDossier),
        _ => None,
    };
    of_kind.and_then(|kind| pack.retention(kind)).or_else(|| pack.retention(RecordKind::Application))
}

/// Until when an application is kept under its own rule, and under which clauses. `opened` is when each
/// right or link that it opened ended, none for one that stands.
pub fn kept(pack: &Pack, application: &Application, opened: &[Option<Date>]) -> (Kept, Vec<ClauseId>) {
    if let Some(at) = application.destroyed {
        return (Kept::Destroyed(at), Vec::new());
    }
    let Some(ruled) = retention(pack, &application.object) else { return (Kept::Unset, Vec::new()) };
    (under(&ruled.value, application, opened), ruled.clauses)
}

fn under(rule: &Retention, application: &Application, opened: &[Option<Date>]) -> Kept {
    let months = |years: Option<u32>| years.map(|years| i64::from(years) * 12);
    let least = months(rule.at_least_years).max(rule.at_least_months.map(i64::from));
    let Some(months) = least.or(months(rule.at_most_years)) else {
        return if rule.permanent || rule.with_case_file { Kept::Forever } else { Kept::Unset };
    };
    let over = matches!(application.state, State::Done | State::Refused | State::Cancelled);
    let ends: Option<Vec<Date>> = opened.iter().copied().collect();
    let Some(ends) = ends.filter(|_| over) else { return Kept::Running };
    if rule.permanent || rule.with_case_file {
        return Kept::Forever;
    }
    let end = ends.into_iter().fold(application.since.date(), Date::max);
    let from = match rule.from {
        Some(Event::Application) => application.at.date(),
        Some(Event::YearEnd) => Date::new(end.year(), 12, 31).unwrap_or(end),
        _ => end,
    };
    // What was counted from an earlier event is kept as long as it mattered in any case.
    let Some(until) = from.plus_months(months).map(|until| until.max(end)) else { return Kept::Forever };
    if rule.until_approval.is_some() { Kept::Approval(until) } else { Kept::Until(until) }
}

/// When the rights and links that an application opened ended: those that stand, rest or wait have no day.
pub fn opened(
    application: &Application,
    held: &[Permission],
    links: &[Link],
    now: Instant,
) -> Vec<Option<Date>> {
    let own = held.iter().filter(|one| one.application.as_ref() == Some(&application.id));
    let ended = own.map(|one| match (one.stopped, one.until) {
        (Some((why, at)), until) if !why.passes() => Some(until.map_or(at, |until| until.min(at)).date()),
        (_, Some(until)) if until <= now => Some(until.date()),
        _ => None,
    });
    let through = links.iter().filter(|link| link.application.as_ref() == Some(&application.id));
    let over = through.map(|link| link.ended.as_ref().map(|(_, at)| at.date()));
    ended.chain(over).collect()
}

/// Destroys what stands in an application whose time is over.
pub fn destroy(
    rule: Rule<'_>,
    log: &LogId,
    application: &Application,
    (until, clauses): (Date, &[ClauseId]),
    seen: Vec<Seen>,
    (event, now): (&EventId, Instant),
) -> Decision {
    let fact = fact(event, "application.destroyed", application, clauses)
        .detail("kept-until", format!("{until}"))
        .detail("versions", i64::from(application.version));
    let gone = Application { destroyed: Some(now), ..application.clone() };
    Decision::new(duty::timed(rule, log, now), fact)
        .seeing(seen)
        .change(application.key(log), decision::Change::Application(Change::Destroyed(gone)))
}
