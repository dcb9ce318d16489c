//! Periods and the moments at which they end.
//!
//! Source: Administrative Procedure Act (A0030055) article 48. Hours run at once. Days, weeks, months
//! and years do not count the first day; a month or year ends the day before the corresponding day, or
//! with the month where that day is lacking; a last day on which the offices are closed moves to the
//! next working day, and one on a Saturday to the following Monday at noon. A period that leads to a
//! penalty counts the first day and never moves (paragraph 5). Internal limits of an agency may be
//! counted otherwise, so every deadline says how it is counted.

pub mod calendar;
mod edition;

use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Serialize};

pub use calendar::{Calendar, CalendarError, CalendarProblem, Day, Edition, MissingYear, Override};

use crate::time::{Date, Instant, Weekday};

/// Noon, at which a period ends whose last day was a Saturday.
const NOON: u8 = 12;
/// Longest period, in any unit. It keeps every search short.
const LONGEST: u32 = 10_000;

/// The unit in which a period is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Hours; they run from the moment itself.
    Hour,
    /// Days, whether the offices are open or not.
    Day,
    /// Days on which the offices are open.
    WorkingDay,
    /// Weeks of seven days.
    Week,
    /// Months.
    Month,
    /// Years.
    Year,
}

impl Unit {
    /// The unit that packs call by this word.
    pub fn named(word: &str) -> Option<Self> {
        Some(match word {
            "hour" => Self::Hour,
            "day" => Self::Day,
            "working-day" => Self::WorkingDay,
            "week" => Self::Week,
            "month" => Self::Month,
            "year" => Self::Year,
            _ => return None,
        })
    }
}

/// How the first and the last day of a period are treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counting {
    /// Article 48 paragraphs 1 to 4: the first day does not count, and a last day off moves.
    Ordinary,
    /// Article 48 paragraph 5, for penalties: the first day counts whole, and the last day never moves.
    Adverse,
    /// An internal limit: the first day does not count, and the last day never moves.
    Calendar,
}

impl Counting {
    /// The counting that packs call by this word.
    pub fn named(word: &str) -> Option<Self> {
        Some(match word {
            "ordinary" => Self::Ordinary,
            "adverse" => Self::Adverse,
            "calendar" => Self::Calendar,
            _ => return None,
        })
    }
}

/// On which side of its event a period lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// It runs from the event on.
    #[default]
    After,
    /// It runs back from the event: so long before it something must be done.
    Before,
}

impl Direction {
    /// The side that packs call by this word.
    pub fn named(word: &str) -> Option<Self> {
        Some(match word {
            "after" => Self::After,
            "before" => Self::Before,
            _ => return None,
        })
    }
}

/// A period and how it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// How many units.
    pub length: u32,
    /// The unit.
    pub unit: Unit,
    /// How first and last day are treated.
    pub counting: Counting,
    /// On which side of the event.
    #[serde(default)]
    pub direction: Direction,
}

/// When a period ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The day on which it ends, in Taipei.
    pub date: Date,
    /// The first instant that is too late: the midnight after the day, or noon after a Saturday.
    pub moment: Instant,
    /// Whether the last day was moved because the offices were closed.
    pub moved: bool,
    /// Whether it ends at noon.
    pub half_day: bool,
    /// The tables of the office calendar that were consulted (`114.2`, joined by `+`); unset if the
    /// result depends on none.
    pub calendar_version: Option<String>,
}

impl Due {
    /// Whether that instant is too late.
    pub fn is_late(&self, at: Instant) -> bool {
        at >= self.moment
    }
}

/// Why no end could be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PeriodError {
    /// The office calendar of a needed year is not loaded.
    NoCalendar(MissingYear),
    /// The period is longer than any rule could mean, or leaves the range of dates.
    OutOfRange,
}

impl From<MissingYear> for PeriodError {
    fn from(missing: MissingYear) -> Self {
        Self::NoCalendar(missing)
    }
}

impl fmt::Display for PeriodError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCalendar(missing) => missing.fmt(f),
            Self::OutOfRange => f.write_str("the period is too long to be computed"),
        }
    }
}

impl core::error::Error for PeriodError {}

/// The last day of a period before the office calendar moves it, and what was consulted to find it.
struct LastDay {
    date: Date,
    consulted: Option<(Date, Date)>,
}

impl Deadline {
    /// A period that runs from its event on.
    pub const fn new(length: u32, unit: Unit, counting: Counting) -> Self {
        Self { length, unit, counting, direction: Direction::After }
    }

    /// The same period running back from its event.
    pub const fn before(self) -> Self {
        Self { direction: Direction::Before, ..self }
    }

    /// When the period ends whose event was at `start`.
    ///
    /// # Errors
    /// The office calendar is needed for a year that is not loaded, or the period is too long.
    pub fn due(&self, start: Instant, calendar: &Calendar) -> Result<Due, PeriodError> {
        if self.length > LONGEST {
            return Err(PeriodError::OutOfRange);
        }
        if self.unit == Unit::Hour {
            return Ok(self.due_in_hours(start));
        }
        let last = match self.direction {
            Direction::After => self.last_day_after(start.date(), calendar)?,
            Direction::Before => self.last_day_before(start.date(), calendar)?,
        };
        self.settle(last, calendar)
    }

    /// When the period ends whose event fell on the day `start`; hours run from its first instant.
    ///
    /// # Errors
    /// As [`Deadline::due`].
    pub fn due_from(&self, start: Date, calendar: &Calendar) -> Result<Due, PeriodError> {
        self.due(start.start(), calendar)
    }

    fn due_in_hours(&self, start: Instant) -> Due {
        let hours = i64::from(self.length);
        let moment = start.plus_hours(match self.direction {
            Direction::After => hours,
            Direction::Before => -hours,
        });
        Due { date: moment.date(), moment, moved: false, half_day: false, calendar_version: None }
    }

    fn last_day_after(&self, event: Date, calendar: &Calendar) -> Result<LastDay, PeriodError> {
        let first = match self.counting {
            Counting::Adverse => event,
            Counting::Ordinary | Counting::Calendar => event.next(),
        };
        let length = i64::from(self.length);
        // A period of nothing ends with the day of its event, whatever the unit.
        let date = match self.unit {
            _ if self.length == 0 => Some(event),
            Unit::WorkingDay => return working_days_on(first, self.length, calendar),
            Unit::Month => months_on(first, length),
            Unit::Year => months_on(first, length * 12),
            Unit::Week => first.plus_days(length * 7 - 1),
            Unit::Day | Unit::Hour => first.plus_days(length - 1),
        };
        date.map(LastDay::unconsulted).ok_or(PeriodError::OutOfRange)
    }

    /// The day by whose end something must be done. The event's own day does not count, so that the
    /// full length lies between; the mirror image of [`months_on`] needs no step back.
    fn last_day_before(&self, event: Date, calendar: &Calendar) -> Result<LastDay, PeriodError> {
        let length = i64::from(self.length);
        let date = match self.unit {
            _ if self.length == 0 => Some(event),
            Unit::WorkingDay => return working_days_back(event, self.length, calendar),
            Unit::Month => event.plus_months(-length),
            Unit::Year => event.plus_months(-length * 12),
            Unit::Week => event.plus_days(-length * 7),
            Unit::Day | Unit::Hour => event.plus_days(-length),
        };
        date.map(LastDay::unconsulted).ok_or(PeriodError::OutOfRange)
    }

    /// Moves the last day off a day without office hours where the counting wants it.
    fn settle(&self, last: LastDay, calendar: &Calendar) -> Result<Due, PeriodError> {
        let mut consulted = last.consulted;
        let mut date = last.date;
        let mut half_day = false;
        if self.counting == Counting::Ordinary && calendar.is_off(date)? {
            date = match self.direction {
                Direction::After => calendar.on_or_after(date)?,
                Direction::Before => calendar.on_or_before(date)?,
            };
            // Only a period's own last day makes it end at noon, not a Saturday that it passes in moving.
            let saturday = last.date.weekday() == Weekday::Saturday;
            half_day = saturday && self.direction == Direction::After;
        }
        if self.counting == Counting::Ordinary {
            let span = consulted.unwrap_or((last.date, last.date));
            consulted = Some((span.0.min(date), span.1.max(date)));
        }
        let moment = if half_day { Instant::at(date, NOON, 0) } else { date.end() };
        let calendar_version = consulted.and_then(|(from, to)| calendar.cite(from.year()..=to.year()));
        Ok(Due { date, moment, moved: date != last.date, half_day, calendar_version })
    }
}

impl LastDay {
    const fn unconsulted(date: Date) -> Self {
        Self { date, consulted: None }
    }
}

/// The end of a period of months whose first counted day is `first`: the day before the corresponding
/// day, or the end of the month where that day is lacking. A first day on the first of a month gives the
/// end of a month by the same rule.
fn months_on(first: Date, months: i64) -> Option<Date> {
    let corresponding = first.plus_months(months)?;
    Some(if corresponding.day() == first.day() { corresponding.previous() } else { corresponding })
}

fn working_days_on(first: Date, length: u32, calendar: &Calendar) -> Result<LastDay, PeriodError> {
    let mut date = calendar.on_or_after(first)?;
    for _ in 1..length {
        date = calendar.on_or_after(date.next())?;
    }
    Ok(LastDay { date, consulted: Some((first, date)) })
}

fn working_days_back(event: Date, length: u32, calendar: &Calendar) -> Result<LastDay, PeriodError> {
    let mut date = event;
    for _ in 0..length {
        date = calendar.on_or_before(date.previous())?;
    }
    Ok(LastDay { date, consulted: Some((date, event.previous())) })
}

#[cfg(test)]
mod tests;
