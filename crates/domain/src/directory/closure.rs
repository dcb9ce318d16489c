//! Days on which the offices of one agency are closed, or open, other than the government's calendar says: a
//! storm closes them at one place, a county has a holiday of its own.
//!
//! Deadlines of the agency go by it from then on, and open ones move, so a day is declared under an entry
//! and never taken away; what was declared wrongly is declared anew, and the last word on a day counts.

use super::{Change, may_keep};
use crate::actor::Actor;
use crate::decision::{self, Decision, Fact, Permit, Rule, Seen};
use crate::id::{EventId, Key, LogId};
use crate::period::Calendar;
use crate::period::calendar::Override;
use crate::refusal::{Outcome, Reason, Refusal, gather, unless};
use crate::regulation::Capacity;
use crate::time::{Date, Instant};
use serde::{Deserialize, Serialize};

/// How many days ago the day may lie: a storm is entered when the offices are open again.
const BACK_DAYS: i64 = 31;
/// How many days ahead the day may lie; a later one is a slip of the pen.
const AHEAD_DAYS: i64 = 366;

/// Why a day differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The offices are closed because of a natural disaster.
    Disaster,
    /// The offices are closed for a holiday of the place.
    Holiday,
    /// The offices are open after all.
    Open,
}

impl Cause {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Disaster, Self::Holiday, Self::Open];

    /// The word in rows and entries.
    pub fn word(self) -> &'static str {
        match self {
            Self::Disaster => "disaster",
            Self::Holiday => "holiday",
            Self::Open => "open",
        }
    }

    /// The cause that a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.word() == word)
    }
}

/// A day that differs at an agency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closure {
    /// The day.
    pub day: Date,
    /// Why.
    pub cause: Cause,
    /// When it was declared.
    pub at: Instant,
}

impl Closure {
    /// The revision key of what was declared about its day.
    pub fn key(&self, log: &LogId) -> Key {
        Key::new(log, "closure", &alloc::format!("{}", self.day))
    }

    /// What the calendar of the agency takes of it.
    pub fn to_override(&self) -> Override {
        Override {
            date: self.day,
            off: self.cause != Cause::Open,
            note: self.cause.word().into(),
            issued: self.at.date(),
        }
    }
}

/// Whether an actor declares such days: whoever looks after people, and heads of the agency.
pub fn may_declare(actor: &Actor) -> bool {
    may_keep(actor).is_ok() || actor.can(Capacity::Decide)
}

/// Declares that the offices are closed on a day, or open after all. `calendar` is the agency's as it is.
///
/// # Errors
/// The actor does not declare such days; the day is too far away, or in a year without a calendar; it is so
/// already.
pub fn declare(
    rule: Rule<'_>,
    actor: &Actor,
    closure: Closure,
    calendar: &Calendar,
    seen: Seen,
    (event, now): (&EventId, Instant),
) -> Outcome<Decision> {
    if !may_declare(actor) {
        return Err(alloc::vec![Refusal::new(Reason::NoCapacity)]);
    }
    let away = now.date().days_until(closure.day);
    let told = closure.to_override();
    let known = calendar.is_off(closure.day).ok();
    let far = !(-BACK_DAYS..=AHEAD_DAYS).contains(&away) || known.is_none();
    unless(gather([
        far.then(|| Refusal::new(Reason::FieldMalformed).at("day")),
        (known == Some(told.off)).then(|| Refusal::new(Reason::CalendarSame).at("day")),
    ]))?;
    let log = actor.log();
    let fact = Fact::new(event, "directory.closure")
        .detail("day", alloc::format!("{}", closure.day))
        .detail("cause", closure.cause.word());
    let row = closure.key(&log);
    Ok(Decision::new(Permit::under(rule.reference, actor, &[], now), fact)
        .seeing([seen])
        .change(row, decision::Change::Directory(Change::Closure(closure))))
}
