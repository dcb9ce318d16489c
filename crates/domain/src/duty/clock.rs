//! When something is due: the deadlines and the schedules of rules, against the office calendar.

use crate::period::{self, Calendar, Direction, Due, PeriodError};
use crate::regulation::{Anchor, Deadline, Every, Holiday, Offset, Unit};
use crate::time::{Date, Instant};

/// When a deadline of a rule ends whose event was at `event`.
///
/// # Errors
/// The office calendar of a needed year is not loaded, or the period is too long.
pub fn due(deadline: &Deadline, event: Instant, calendar: &Calendar) -> Result<Due, PeriodError> {
    let unit = period::Unit::named(deadline.unit.word()).ok_or(PeriodError::OutOfRange)?;
    let counting = period::Counting::named(deadline.counting.word()).ok_or(PeriodError::OutOfRange)?;
    let direction = match deadline.offset {
        Offset::After => Direction::After,
        Offset::Before => Direction::Before,
    };
    period::Deadline { direction, ..period::Deadline::new(deadline.length, unit, counting) }
        .due(event, calendar)
}

/// One period of something that returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Its first day.
    pub first: Date,
    /// Its last day.
    pub last: Date,
}

/// Whether a schedule runs with the calendar; a rule that says nothing is read so, for then nobody's period
/// hangs on when somebody else was late.
pub fn is_calendar(every: &Every) -> bool {
    every.anchor != Some(Anchor::Rolling)
}

/// The period that a day lies in, by the calendar: months are counted from January, weeks from a Monday.
/// None where a date leaves the range of dates.
pub fn span_of(every: &Every, day: Date) -> Option<Span> {
    let n = i64::from(every.every);
    let first = match every.unit {
        Unit::Hour => day,
        Unit::Day | Unit::WorkingDay => day.plus_days(-Date::MONDAY.days_until(day).rem_euclid(n))?,
        Unit::Week => day.plus_days(-Date::MONDAY.days_until(day).rem_euclid(7 * n))?,
        Unit::Month => {
            let month = i64::from(day.year()) * 12 + i64::from(day.month()) - 1;
            day.first_of_month().plus_months(-month.rem_euclid(n))?
        }
        Unit::Year => {
            let month = i64::from(day.month()) - 1 + 12 * i64::from(day.year()).rem_euclid(n);
            day.first_of_month().plus_months(-month)?
        }
    };
    from(every, first)
}

/// The period that begins on a day.
pub fn from(every: &Every, first: Date) -> Option<Span> {
    let n = i64::from(every.every);
    let next = match every.unit {
        Unit::Hour => first.next(),
        Unit::Day | Unit::WorkingDay => first.plus_days(n)?,
        Unit::Week => first.plus_days(7 * n)?,
        Unit::Month => first.plus_months(n)?,
        Unit::Year => first.plus_months(12 * n)?,
    };
    Some(Span { first, last: next.previous() })
}

/// The period after another one.
pub fn next(every: &Every, span: Span) -> Option<Span> {
    from(every, span.last.next())
}

/// The day by whose end the thing of a period is due: the day that the rule names within it, else its last
/// one. A day that the month does not have is its last one. Whether a closed day moves is the rule's to say.
///
/// # Errors
/// The office calendar of a needed year is not loaded.
pub fn due_of(every: &Every, span: Span, calendar: &Calendar) -> Result<Due, PeriodError> {
    let named = named_day(every, span).filter(|day| span.first <= *day && *day <= span.last);
    let day = named.unwrap_or(span.last);
    let date = match every.holiday {
        Some(Holiday::Next) => calendar.on_or_after(day)?,
        Some(Holiday::Stay) | None => day,
    };
    let version = every.holiday.map(|_| calendar.version(date.year()).unwrap_or_default().into());
    Ok(Due { date, moment: date.end(), moved: date != day, half_day: false, calendar_version: version })
}

/// Whether nothing is owed for a period: one of working days on which no office is open.
///
/// # Errors
/// The office calendar of a needed year is not loaded.
pub fn is_idle(every: &Every, span: Span, calendar: &Calendar) -> Result<bool, PeriodError> {
    if every.unit != Unit::WorkingDay {
        return Ok(false);
    }
    Ok(calendar.on_or_after(span.first)? > span.last)
}

fn named_day(every: &Every, span: Span) -> Option<Date> {
    if let Some(weekday) = every.weekday {
        let first = span.first.weekday().number();
        let ahead = i64::from((7 + weekday - first) % 7);
        return span.first.plus_days(ahead);
    }
    let month = match every.month {
        Some(month) => (0..12)
            .filter_map(|ahead| span.first.first_of_month().plus_months(ahead))
            .find(|first| u8::try_from(first.month()).is_ok_and(|own| own == month))?,
        None => span.last.first_of_month(),
    };
    let day = match (every.day, every.month) {
        (Some(day), _) => day,
        (None, Some(_)) => return Some(month.last_of_month()),
        (None, None) => return None,
    };
    let wanted = month.plus_days(i64::from(day) - 1)?;
    Some(if wanted.month() == month.month() { wanted } else { month.last_of_month() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::regulation::Counting;
    use alloc::string::{String, ToString};
    use alloc::vec::Vec;

    fn day(text: &str) -> Date {
        Date::parse_iso(text).unwrap()
    }

    fn every(n: u32, unit: Unit) -> Every {
        Every { every: n, unit, anchor: None, holiday: None, month: None, day: None, weekday: None }
    }

    fn text(span: Span) -> (String, String) {
        (span.first.to_string(), span.last.to_string())
    }

    #[test]
    fn periods_lie_where_the_calendar_has_them() {
        let cases = [
            (every(3, Unit::Month), "2024-05-20", "2024-04-01", "2024-06-30"),
            (every(6, Unit::Month), "2024-07-01", "2024-07-01", "2024-12-31"),
            (every(1, Unit::Year), "2024-02-29", "2024-01-01", "2024-12-31"),
            (every(1, Unit::Month), "2024-02-29", "2024-02-01", "2024-02-29"),
            (every(1, Unit::Week), "2024-01-21", "2024-01-15", "2024-01-21"),
            (every(1, Unit::Day), "2024-01-21", "2024-01-21", "2024-01-21"),
        ];
        for (every, on, first, last) in cases {
            assert_eq!(text(span_of(&every, day(on)).unwrap()), (first.into(), last.into()), "{every:?}");
        }
    }

    #[test]
    fn one_period_follows_another_without_a_gap() {
        for every in [every(3, Unit::Month), every(2, Unit::Week), every(1, Unit::Year), every(1, Unit::Day)]
        {
            let mut span = span_of(&every, day("2024-01-31")).unwrap();
            for _ in 0..40 {
                let after = next(&every, span).unwrap();
                assert_eq!(span.last.next(), after.first);
                assert_eq!(span_of(&every, after.first), Some(after), "{every:?}");
                assert_eq!(span_of(&every, after.last), Some(after), "{every:?}");
                span = after;
            }
        }
    }

    #[test]
    fn the_day_of_a_period_is_the_rules_own_and_a_missing_one_is_the_months_last() {
        let calendar = Calendar::official();
        let due = |every: &Every, on: &str| {
            due_of(every, span_of(every, day(on)).unwrap(), &calendar).unwrap().date.to_string()
        };
        let plain = every(1, Unit::Month);
        assert_eq!(due(&plain, "2024-02-10"), "2024-02-29");
        let on = Every { day: Some(31), ..plain.clone() };
        assert_eq!(due(&on, "2024-02-10"), "2024-02-29");
        assert_eq!(due(&on, "2024-01-10"), "2024-01-31");
        let fifth = Every { day: Some(5), ..plain };
        assert_eq!(due(&fifth, "2024-05-20"), "2024-05-05");
        let moves = Every { holiday: Some(Holiday::Next), ..fifth };
        assert_eq!(due(&moves, "2024-05-20"), "2024-05-06", "the fifth of May 2024 is a Sunday");
        let friday = Every { weekday: Some(5), ..every(1, Unit::Week) };
        assert_eq!(due(&friday, "2024-01-17"), "2024-01-19");
        let january = Every { month: Some(1), day: Some(15), ..every(1, Unit::Year) };
        assert_eq!(due(&january, "2024-11-17"), "2024-01-15");
    }

    #[test]
    fn a_day_on_which_every_office_is_closed_owes_nothing() {
        let calendar = Calendar::official();
        let daily = every(1, Unit::WorkingDay);
        let idle = |on: &str| is_idle(&daily, span_of(&daily, day(on)).unwrap(), &calendar).unwrap();
        let days: Vec<bool> = ["2024-02-08", "2024-02-16", "2024-02-17"].into_iter().map(idle).collect();
        assert_eq!(days, [true, false, false], "the seventeenth is a working Saturday");
    }

    #[test]
    fn five_days_after_a_change_end_on_a_working_day() {
        let deadline = Deadline {
            length: 5,
            unit: Unit::Day,
            from: None,
            offset: Offset::After,
            counting: Counting::Ordinary,
            anchor: None,
        };
        let due = due(&deadline, day("2024-01-22").start(), &Calendar::official()).unwrap();
        assert_eq!((due.date.to_string().as_str(), due.moved), ("2024-01-29", true));
    }
}
