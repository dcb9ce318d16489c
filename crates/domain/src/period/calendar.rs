//! The office calendar: on which days the offices of the government are closed.
//!
//! Each year's table is issued as data, usually by the June before, and may be issued again during the
//! year. A table is an [`Edition`]; a [`Calendar`] holds several, and for a day the edition issued last
//! counts. Agencies may shift holidays and storms close offices at one place: that is an [`Override`].
//! Nothing is known about a year without an edition, and no deadline is computed from it.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use super::edition::ROC_OFFSET;
pub use super::edition::{CalendarError, CalendarProblem, Edition};
use crate::time::Date;

/// The tables that come with the program, oldest year first.
pub(super) const OFFICIAL: [&str; 7] = [
    include_str!("../../calendar/ROC-111.csv"),
    include_str!("../../calendar/ROC-112.csv"),
    include_str!("../../calendar/ROC-113.csv"),
    include_str!("../../calendar/ROC-114.csv"),
    include_str!("../../calendar/ROC-114-revised.csv"),
    include_str!("../../calendar/ROC-115.csv"),
    include_str!("../../calendar/ROC-116.csv"),
];

/// Office calendars of several years, with what one place does differently.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    editions: Vec<Edition>,
    overrides: Vec<Override>,
}

/// A day that differs at one place from the government's calendar: a storm, or a shifted holiday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// The day.
    pub date: Date,
    /// Whether the offices are closed.
    pub off: bool,
    /// Why.
    pub note: String,
    /// Day on which it was announced; among several for one day the last announced counts.
    pub issued: Date,
}

/// What the calendar says about one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day<'a> {
    /// Whether the offices are closed.
    pub off: bool,
    /// Name of the holiday or reason, in the words of the source; empty for most days.
    pub note: &'a str,
    /// The [`Edition::id`] that counts for the day.
    pub version: &'a str,
    /// Whether a local [`Override`] decided.
    pub overridden: bool,
}

/// No edition is loaded for the year of a day that had to be looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MissingYear {
    /// The year wanted, common era.
    pub year: i16,
    /// The last year that is loaded, if any.
    pub last: Option<i16>,
}

impl fmt::Display for MissingYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let roc = i32::from(self.year) - i32::from(ROC_OFFSET);
        write!(f, "no office calendar for {} (ROC {roc}) is loaded", self.year)?;
        match self.last {
            Some(last) => write!(f, "; the last one loaded is {last}"),
            None => f.write_str("; none is loaded"),
        }
    }
}

impl core::error::Error for MissingYear {}

impl Calendar {
    /// The calendars that come with the program: ROC 111 to 116 (2022 to 2027), with both tables of 114.
    pub fn official() -> Self {
        let mut calendar = Self::empty();
        for text in OFFICIAL {
            calendar.add(Edition::parse(text).expect("a test reads every embedded table"));
        }
        calendar
    }

    /// A calendar that knows no day.
    pub const fn empty() -> Self {
        Self { editions: Vec::new(), overrides: Vec::new() }
    }

    /// Adds a table; one with the same [`Edition::id`] is replaced.
    pub fn add(&mut self, edition: Edition) {
        self.editions.retain(|known| known.id != edition.id);
        self.editions.push(edition);
        self.editions.sort_by(|a, b| (a.year, a.issued, &a.id).cmp(&(b.year, b.issued, &b.id)));
    }

    /// Adds a day that differs at this place.
    pub fn set(&mut self, day: Override) {
        self.overrides.push(day);
        self.overrides.sort_by_key(|day| (day.date, day.issued));
    }

    /// The calendar as it was known at the end of that day: without what was issued later. With it a
    /// past decision is computed again as it was computed then.
    pub fn as_of(&self, known: Date) -> Self {
        let editions = self.editions.iter().filter(|edition| edition.issued.is_none_or(|day| day <= known));
        let overrides = self.overrides.iter().filter(|day| day.issued <= known);
        Self { editions: editions.cloned().collect(), overrides: overrides.cloned().collect() }
    }

    /// What the calendar says about a day.
    ///
    /// # Errors
    /// No table of the day's year is loaded.
    pub fn day(&self, date: Date) -> Result<Day<'_>, MissingYear> {
        let edition = self.edition(date.year()).ok_or(self.missing(date.year()))?;
        let note = edition.note(date);
        let issued = Day { off: edition.is_off(date), note, version: &edition.id, overridden: false };
        let local = self.overrides.iter().rev().find(|day| day.date == date);
        Ok(local.map_or(issued, |day| Day { off: day.off, note: &day.note, overridden: true, ..issued }))
    }

    /// Whether the offices are closed on a day.
    ///
    /// # Errors
    /// No table of the day's year is loaded.
    pub fn is_off(&self, date: Date) -> Result<bool, MissingYear> {
        self.day(date).map(|day| day.off)
    }

    /// That day if it is a working day, otherwise the next working day.
    ///
    /// # Errors
    /// The search leaves the loaded years.
    pub fn on_or_after(&self, mut date: Date) -> Result<Date, MissingYear> {
        while self.is_off(date)? {
            date = date.next();
        }
        Ok(date)
    }

    /// That day if it is a working day, otherwise the last working day before it.
    ///
    /// # Errors
    /// The search leaves the loaded years.
    pub fn on_or_before(&self, mut date: Date) -> Result<Date, MissingYear> {
        while self.is_off(date)? {
            date = date.previous();
        }
        Ok(date)
    }

    /// How many working days lie after `from`, up to and with `until`; none if `until` is not later.
    ///
    /// # Errors
    /// A day in between has no table.
    pub fn working_days(&self, from: Date, until: Date) -> Result<u32, MissingYear> {
        let mut count = 0;
        let mut date = from;
        while date < until {
            date = date.next();
            count += u32::from(!self.is_off(date)?);
        }
        Ok(count)
    }

    /// The [`Edition::id`] that counts for a year.
    pub fn version(&self, year: i16) -> Option<&str> {
        self.edition(year).map(|edition| edition.id.as_str())
    }

    /// First year with a table.
    pub fn first_year(&self) -> Option<i16> {
        self.editions.first().map(|edition| edition.year)
    }

    /// Last year with a table.
    pub fn last_year(&self) -> Option<i16> {
        self.editions.last().map(|edition| edition.year)
    }

    /// All tables, by year and day of issue.
    pub fn editions(&self) -> &[Edition] {
        &self.editions
    }

    /// All local differences, by day.
    pub fn overrides(&self) -> &[Override] {
        &self.overrides
    }

    /// The tables of the years that were looked up, for a decision to cite; `None` if none was.
    pub(super) fn cite(&self, years: core::ops::RangeInclusive<i16>) -> Option<String> {
        let mut ids = vec![];
        for year in years {
            ids.extend(self.version(year));
        }
        (!ids.is_empty()).then(|| ids.join("+"))
    }

    fn edition(&self, year: i16) -> Option<&Edition> {
        self.editions.iter().rev().find(|edition| edition.year == year)
    }

    fn missing(&self, year: i16) -> MissingYear {
        MissingYear { year, last: self.last_year() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    fn day(text: &str) -> Date {
        Date::parse_iso(text).unwrap()
    }

    fn storm() -> Override {
        Override { date: day("2024-07-24"), off: true, note: "颱風".into(), issued: day("2024-07-23") }
    }

    #[test]
    fn every_embedded_table_is_whole() {
        let calendar = Calendar::official();
        let counts = calendar.editions().iter().map(|edition| (edition.id.as_str(), edition.off_days()));
        let expected = [
            ("111.1", 115),
            ("112.1", 116),
            ("113.1", 115),
            ("114.1", 115),
            ("114.2", 118),
            ("115.1", 120),
            ("116.1", 121),
        ];
        assert_eq!(counts.collect::<Vec<_>>(), expected);
        assert_eq!((calendar.first_year(), calendar.last_year()), (Some(2022), Some(2027)));
        assert!(OFFICIAL.iter().all(|text| text.contains("# off-days: ")));
    }

    #[test]
    fn the_only_working_saturday_of_2025_and_the_last_day_of_2027() {
        let calendar = Calendar::official();
        let working = |year: i16| {
            let mut date = Date::new(year, 1, 1).unwrap();
            let mut found = Vec::new();
            while date.year() == year {
                if date.weekday().is_weekend() && !calendar.is_off(date).unwrap() {
                    found.push(date.to_string());
                }
                date = date.next();
            }
            found
        };
        assert_eq!(working(2025), ["2025-02-08"]);
        assert_eq!(working(2024), ["2024-02-17"]);
        assert!(working(2026).is_empty() && working(2027).is_empty());
        let last = calendar.day(day("2027-12-31")).unwrap();
        assert_eq!((last.off, last.note, last.version), (true, "補假", "116.1"));
    }

    #[test]
    fn a_table_issued_again_counts_from_its_day() {
        let calendar = Calendar::official();
        for (date, note) in [("2025-09-29", "補假"), ("2025-10-24", "補假"), ("2025-12-25", "行憲紀念日")]
        {
            let now = calendar.day(day(date)).unwrap();
            assert_eq!((now.off, now.note, now.version), (true, note, "114.2"));
            let earlier = calendar.as_of(day("2025-06-12"));
            let then = earlier.day(day(date)).unwrap();
            assert_eq!((then.off, then.version), (false, "114.1"), "{date}");
            assert!(calendar.as_of(day("2025-06-13")).is_off(day(date)).unwrap());
        }
    }

    #[test]
    fn a_local_closure_counts_from_its_announcement() {
        let mut calendar = Calendar::official();
        assert!(!calendar.is_off(day("2024-07-24")).unwrap());
        calendar.set(storm());
        let closed = calendar.day(day("2024-07-24")).unwrap();
        assert_eq!((closed.off, closed.note, closed.overridden), (true, "颱風", true));
        assert!(!calendar.as_of(day("2024-07-22")).is_off(day("2024-07-24")).unwrap());
        calendar.set(Override { off: false, issued: day("2024-07-24"), ..storm() });
        assert!(!calendar.is_off(day("2024-07-24")).unwrap());
    }

    #[test]
    fn years_without_a_table_are_refused() {
        let calendar = Calendar::official();
        let error = calendar.is_off(day("2028-01-01")).unwrap_err();
        assert_eq!(error, MissingYear { year: 2028, last: Some(2027) });
        let text = "no office calendar for 2028 (ROC 117) is loaded; the last one loaded is 2027";
        assert_eq!(error.to_string(), text);
        assert_eq!(calendar.on_or_after(day("2027-12-31")), Err(error));
        assert!(Calendar::empty().day(day("2024-01-01")).is_err());
    }

    #[test]
    fn working_days_are_counted() {
        let calendar = Calendar::official();
        assert_eq!(calendar.working_days(day("2025-01-24"), day("2025-02-08")), Ok(6));
        assert_eq!(calendar.working_days(day("2025-01-24"), day("2025-01-24")), Ok(0));
        assert_eq!(calendar.on_or_before(day("2025-10-26")), Ok(day("2025-10-23")));
        assert_eq!(calendar.on_or_after(day("2025-10-24")), Ok(day("2025-10-27")));
    }
}
