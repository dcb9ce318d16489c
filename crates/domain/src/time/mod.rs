//! Points in time and days.
//!
//! The crate never asks what time it is: an [`Instant`] is always handed in. Days are days in
//! Taipei, which has kept UTC+8 without summer time since 1980; the offset is fixed here, so that no
//! time-zone database is needed.

pub mod input;
pub mod roc;

use alloc::format;
use alloc::string::String;
use core::fmt;

use jiff::civil;
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

const TAIPEI: Offset = Offset::constant(8);
const MICROS_PER_SECOND: i64 = 1_000_000;

/// A point in time: microseconds since 1970-01-01T00:00:00Z, negative before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(i64);

impl Instant {
    /// The point that many microseconds after the start of 1970 in UTC.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the start of 1970 in UTC.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole milliseconds since the start of 1970 in UTC, rounded towards the past.
    pub const fn millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// Whole seconds since the start of 1970 in UTC, rounded towards the past.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(MICROS_PER_SECOND)
    }

    /// This point moved by seconds; stops at the ends of the range instead of wrapping.
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(MICROS_PER_SECOND)))
    }

    /// This point moved by minutes; stops at the ends of the range instead of wrapping.
    pub const fn plus_minutes(self, minutes: i64) -> Self {
        self.plus_seconds(minutes.saturating_mul(60))
    }

    /// This point moved by hours; stops at the ends of the range instead of wrapping.
    pub const fn plus_hours(self, hours: i64) -> Self {
        self.plus_seconds(hours.saturating_mul(3_600))
    }

    /// Microseconds from `earlier` to this point, negative if `earlier` is in fact later.
    pub const fn micros_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The point at which a clock in Taipei shows this hour and minute on that day.
    /// Hours from 24 and minutes from 60 count on into the next day and hour.
    pub fn at(date: Date, hour: u8, minute: u8) -> Self {
        date.start().plus_hours(i64::from(hour)).plus_minutes(i64::from(minute))
    }

    /// The day in Taipei.
    pub fn date(self) -> Date {
        Date(self.local().date())
    }

    /// What a clock in Taipei shows.
    pub fn clock(self) -> Clock {
        let local = self.local();
        let part = |value: i8| u8::try_from(value).unwrap_or(0);
        Clock { hour: part(local.hour()), minute: part(local.minute()), second: part(local.second()) }
    }

    /// RFC 3339 text in UTC with six decimals of the second; sorts as the instants do from year 0 on.
    pub fn rfc3339(self) -> String {
        let utc = Offset::UTC.to_datetime(self.timestamp());
        format!("{}T{}.{:06}Z", utc.date(), seconds_text(utc), self.0.rem_euclid(MICROS_PER_SECOND))
    }

    /// RFC 3339 text in Taipei time, whole seconds, for people who read raw exports.
    pub fn rfc3339_taipei(self) -> String {
        let local = self.local();
        format!("{}T{}+08:00", local.date(), seconds_text(local))
    }

    /// Reads an RFC 3339 text with any offset; `None` if it is not one. Parts of a microsecond are cut off.
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        text.parse::<Timestamp>().ok().map(|timestamp| Self(timestamp.as_microsecond()))
    }

    fn local(self) -> civil::DateTime {
        TAIPEI.to_datetime(self.timestamp())
    }

    /// Civil calendars end with the year 9999; an instant beyond is shown as that end.
    fn timestamp(self) -> Timestamp {
        let end = if self.0 < 0 { Timestamp::MIN } else { Timestamp::MAX };
        Timestamp::from_microsecond(self.0).unwrap_or(end)
    }
}

fn seconds_text(moment: civil::DateTime) -> String {
    format!("{:02}:{:02}:{:02}", moment.hour(), moment.minute(), moment.second())
}

/// The time a clock in Taipei shows, 24 hours. Prints as `14:07`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clock {
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute, 0 to 59.
    pub minute: u8,
    /// Second, 0 to 59.
    pub second: u8,
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

/// A day of the civil calendar. Prints and serialises as ISO 8601 text, `2024-01-22`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

impl Date {
    /// The first Monday of 1970, from which days and weeks of schedules are counted.
    pub const MONDAY: Self = Self(civil::date(1970, 1, 5));

    /// That day, or `None` if the calendar has no such day.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        civil::Date::new(year, month, day).ok().map(Self)
    }

    /// Reads `2024-01-22` and nothing else; `None` for any other text.
    pub fn parse_iso(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10
            && bytes.iter().enumerate().all(|(place, byte)| match place {
                4 | 7 => *byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !shaped {
            return None;
        }
        Self::new(text[0..4].parse().ok()?, text[5..7].parse().ok()?, text[8..10].parse().ok()?)
    }

    /// The same day as the calendar library has it.
    pub const fn civil(self) -> civil::Date {
        self.0
    }

    /// Year of the common era.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// Month, 1 to 12.
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// Day of the month, 1 to 31.
    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// Day of the year, 1 to 366.
    pub fn day_of_year(self) -> u16 {
        u16::try_from(self.0.day_of_year()).unwrap_or(1)
    }

    /// Day of the week.
    pub fn weekday(self) -> Weekday {
        match self.0.weekday() {
            civil::Weekday::Monday => Weekday::Monday,
            civil::Weekday::Tuesday => Weekday::Tuesday,
            civil::Weekday::Wednesday => Weekday::Wednesday,
            civil::Weekday::Thursday => Weekday::Thursday,
            civil::Weekday::Friday => Weekday::Friday,
            civil::Weekday::Saturday => Weekday::Saturday,
            civil::Weekday::Sunday => Weekday::Sunday,
        }
    }

    /// The day that many days later (earlier if negative); `None` outside the years −9999 to 9999.
    pub fn plus_days(self, days: i64) -> Option<Self> {
        let span = jiff::Span::new().try_days(days).ok()?;
        self.0.checked_add(span).ok().map(Self)
    }

    /// The same day of the month that many months later (earlier if negative), or the last day of that
    /// month where it has no such day; `None` outside the years −9999 to 9999.
    pub fn plus_months(self, months: i64) -> Option<Self> {
        let span = jiff::Span::new().try_months(months).ok()?;
        self.0.checked_add(span).ok().map(Self)
    }

    /// Days from this day to `other`, negative if `other` is earlier.
    pub fn days_until(self, other: Self) -> i64 {
        let midnight = |date: Self| date.start().seconds();
        (midnight(other) - midnight(self)) / 86_400
    }

    /// The first instant of the day in Taipei.
    pub fn start(self) -> Instant {
        let earliest = Instant(Timestamp::MIN.as_microsecond());
        TAIPEI.to_timestamp(self.0.at(0, 0, 0, 0)).map_or(earliest, |at| Instant(at.as_microsecond()))
    }

    /// The first instant after the day in Taipei: the day lasts until just before it.
    pub fn end(self) -> Instant {
        self.start().plus_hours(24)
    }

    /// The first day of this day's month.
    pub fn first_of_month(self) -> Self {
        Self(self.0.first_of_month())
    }

    /// The last day of this day's month.
    pub fn last_of_month(self) -> Self {
        Self(self.0.last_of_month())
    }

    /// The next day; the last day of the year 9999 stays itself.
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1.day()))
    }

    /// The day before; the first day of the year −9999 stays itself.
    pub fn previous(self) -> Self {
        Self(self.0.saturating_sub(1.day()))
    }
}

impl From<civil::Date> for Date {
    fn from(date: civil::Date) -> Self {
        Self(date)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = Date;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a date such as 2024-01-22")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Date, E> {
                Date::parse_iso(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

/// A day of the week, Monday first as in ISO 8601.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weekday {
    /// First day of the week.
    Monday,
    /// Second day of the week.
    Tuesday,
    /// Third day of the week.
    Wednesday,
    /// Fourth day of the week.
    Thursday,
    /// Fifth day of the week.
    Friday,
    /// Sixth day of the week.
    Saturday,
    /// Seventh day of the week.
    Sunday,
}

impl Weekday {
    /// 1 for Monday to 7 for Sunday.
    pub const fn number(self) -> u8 {
        self as u8 + 1
    }

    /// Whether it is Saturday or Sunday; the office calendar may still call it a working day.
    pub const fn is_weekend(self) -> bool {
        matches!(self, Self::Saturday | Self::Sunday)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use proptest::prelude::*;

    fn day(text: &str) -> Date {
        Date::parse_iso(text).unwrap()
    }

    #[test]
    fn a_day_in_taipei_begins_eight_hours_before_utc() {
        assert_eq!(day("2024-01-22").start().rfc3339(), "2024-01-21T16:00:00.000000Z");
        assert_eq!(day("2024-01-22").end(), day("2024-01-23").start());
        let last = Instant::from_micros(day("2024-01-23").start().micros() - 1);
        assert_eq!(last.date(), day("2024-01-22"));
        assert_eq!(last.clock().to_string(), "23:59");
    }

    #[test]
    fn instants_print_and_read_back() {
        let at = Instant::at(day("2024-01-22"), 14, 7);
        assert_eq!(at.rfc3339(), "2024-01-22T06:07:00.000000Z");
        assert_eq!(at.rfc3339_taipei(), "2024-01-22T14:07:00+08:00");
        assert_eq!(at.clock().to_string(), "14:07");
        assert_eq!(Instant::parse_rfc3339("2024-01-22T14:07:00+08:00"), Some(at));
        assert_eq!(Instant::parse_rfc3339("2024-01-22"), None);
        assert_eq!(serde_json::to_string(&at).unwrap(), at.micros().to_string());
    }

    #[test]
    fn instants_before_1970_round_towards_the_past() {
        let before = Instant::from_micros(-1);
        assert_eq!((before.millis(), before.seconds()), (-1, -1));
        assert_eq!(before.rfc3339(), "1969-12-31T23:59:59.999999Z");
    }

    #[test]
    fn the_ends_of_the_range_do_not_panic() {
        for at in [Instant::from_micros(i64::MIN), Instant::from_micros(i64::MAX)] {
            assert!(!at.plus_hours(i64::MAX).rfc3339().is_empty());
            assert!(!at.plus_hours(i64::MIN).rfc3339_taipei().is_empty());
            let _ = (at.date().next(), at.date().previous(), at.date().start(), at.date().end());
        }
        let last = Date::new(9999, 12, 31).unwrap();
        assert_eq!((last.plus_days(1), last.plus_months(1), last.next()), (None, None, last));
        assert_eq!((last.plus_days(i64::MAX), last.plus_months(i64::MIN)), (None, None));
    }

    #[test]
    fn only_the_full_iso_form_is_a_date() {
        for text in ["2024-1-22", "20240122", "2024-02-30", "2024/01/22", "", "2024-01-2２", "+024-01-22"] {
            assert_eq!(Date::parse_iso(text), None, "{text}");
        }
        assert_eq!(serde_json::to_string(&day("2024-01-22")).unwrap(), "\"2024-01-22\"");
        assert!(serde_json::from_str::<Date>("\"2024-02-30\"").is_err());
    }

    #[test]
    fn months_without_that_day_end_early() {
        assert_eq!(day("2024-01-31").plus_months(1), Some(day("2024-02-29")));
        assert_eq!(day("2024-02-29").plus_months(12), Some(day("2025-02-28")));
        assert_eq!(day("2024-03-31").plus_months(-1), Some(day("2024-02-29")));
    }

    #[test]
    fn weekdays_are_numbered_from_monday() {
        assert_eq!(day("2024-01-22").weekday(), Weekday::Monday);
        assert_eq!(day("2024-01-28").weekday().number(), 7);
        assert!(day("2024-01-27").weekday().is_weekend() && !day("2024-01-26").weekday().is_weekend());
    }

    proptest! {
        #[test]
        fn rfc3339_reads_back(micros in -62_000_000_000_000_000_i64..253_000_000_000_000_000) {
            let at = Instant::from_micros(micros);
            prop_assert_eq!(Instant::parse_rfc3339(&at.rfc3339()), Some(at));
            prop_assert!(at.date().start() <= at && at < at.date().end());
        }

        #[test]
        fn days_add_up(year in 1900_i16..2200, day_of_year in 0_i64..365, days in -5000_i64..5000) {
            let start = Date::new(year, 1, 1).unwrap().plus_days(day_of_year).unwrap();
            let other = start.plus_days(days).unwrap();
            prop_assert_eq!(start.days_until(other), days);
            prop_assert_eq!(Date::parse_iso(&start.to_string()), Some(start));
        }
    }
}
