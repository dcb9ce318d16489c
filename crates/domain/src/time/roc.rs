//! Dates as the Republic of China counts years: 1912 is the first year, and the years before it are
//! counted backwards (1911 is the first year before the era). There is no year nought.
//!
//! The words around the numbers belong to the locale; this module hands out the parts.

use alloc::format;
use alloc::string::String;

use super::{Date, Weekday};

/// Years of the common era minus this are years of the ROC.
const OFFSET: i16 = 1911;

/// Which way the years are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Era {
    /// From 1912 on.
    Minguo,
    /// Before 1912, counted backwards.
    BeforeMinguo,
}

/// A day in the ROC calendar, as parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RocDate {
    /// Which way the year is counted.
    pub era: Era,
    /// Year of the era, from 1.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, 1 to 31.
    pub day: u8,
    /// Day of the week.
    pub weekday: Weekday,
}

/// The words that stand around the numbers of a date written out, in the language of the reader.
#[derive(Clone, Copy, Debug)]
pub struct RocWords<'a> {
    /// Stands before the year from 1912 on.
    pub era: &'a str,
    /// Stands before the year before 1912.
    pub before_era: &'a str,
    /// Stands after the year.
    pub year: &'a str,
    /// Stands after the month.
    pub month: &'a str,
    /// Stands after the day.
    pub day: &'a str,
    /// Short names of the days of the week, Monday first.
    pub weekdays: [&'a str; 7],
    /// Stands before the day of the week.
    pub open: &'a str,
    /// Stands after the day of the week.
    pub close: &'a str,
}

impl From<Date> for RocDate {
    fn from(date: Date) -> Self {
        let (era, year) = if date.year() > OFFSET {
            (Era::Minguo, date.year() - OFFSET)
        } else {
            (Era::BeforeMinguo, OFFSET + 1 - date.year())
        };
        let small = |part: i8| u8::try_from(part).unwrap_or(1);
        Self {
            era,
            year: year.unsigned_abs(),
            month: small(date.month()),
            day: small(date.day()),
            weekday: date.weekday(),
        }
    }
}

impl RocDate {
    /// The day with these parts, or `None` if the calendar has no such day.
    pub fn from_parts(era: Era, year: u16, month: u8, day: u8) -> Option<Self> {
        Some(Self::from(gregorian(era, year, month, day)?))
    }

    /// The same day of the civil calendar; `None` if the fields were set to a day that does not exist.
    pub fn date(&self) -> Option<Date> {
        gregorian(self.era, self.year, self.month, self.day)
    }

    /// Seven digits, `1130122`; before 1912 with a leading minus.
    pub fn compact(&self) -> String {
        format!("{}{:03}{:02}{:02}", self.sign(), self.year, self.month, self.day)
    }

    /// Digits with slashes, `113/01/22`; before 1912 with a leading minus.
    pub fn slashed(&self) -> String {
        format!("{}{:03}/{:02}/{:02}", self.sign(), self.year, self.month, self.day)
    }

    /// The date written out with the words of the reader's language.
    pub fn in_words(&self, words: &RocWords<'_>) -> String {
        let era = match self.era {
            Era::Minguo => words.era,
            Era::BeforeMinguo => words.before_era,
        };
        let weekday = words.weekdays[usize::from(self.weekday.number() - 1)];
        format!(
            "{era}{}{}{}{}{}{}{}{weekday}{}",
            self.year, words.year, self.month, words.month, self.day, words.day, words.open, words.close
        )
    }

    fn sign(&self) -> &'static str {
        match self.era {
            Era::Minguo => "",
            Era::BeforeMinguo => "-",
        }
    }
}

fn gregorian(era: Era, year: u16, month: u8, day: u8) -> Option<Date> {
    let year = i16::try_from(year).ok().filter(|year| *year >= 1)?;
    let year = match era {
        Era::Minguo => year.checked_add(OFFSET)?,
        Era::BeforeMinguo => (OFFSET + 1).checked_sub(year)?,
    };
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WORDS: RocWords<'static> = RocWords {
        era: "民國",
        before_era: "民國前",
        year: "年",
        month: "月",
        day: "日",
        weekdays: ["一", "二", "三", "四", "五", "六", "日"],
        open: "（",
        close: "）",
    };

    fn roc(year: i16, month: i8, day: i8) -> RocDate {
        Date::new(year, month, day).unwrap().into()
    }

    #[test]
    fn a_date_reads_in_three_forms() {
        let date = roc(2024, 1, 22);
        assert_eq!(date.compact(), "1130122");
        assert_eq!(date.slashed(), "113/01/22");
        assert_eq!(date.in_words(&WORDS), "民國113年1月22日（一）");
        assert_eq!(roc(1985, 7, 3).compact(), "0740703");
    }

    #[test]
    fn the_era_turns_between_1911_and_1912() {
        assert_eq!((roc(1912, 1, 1).era, roc(1912, 1, 1).year), (Era::Minguo, 1));
        assert_eq!((roc(1911, 12, 31).era, roc(1911, 12, 31).year), (Era::BeforeMinguo, 1));
        assert_eq!(roc(1909, 5, 6).in_words(&WORDS), "民國前3年5月6日（四）");
        assert_eq!(roc(1909, 5, 6).slashed(), "-003/05/06");
    }

    #[test]
    fn there_is_no_year_nought_and_no_thirtieth_of_february() {
        assert_eq!(RocDate::from_parts(Era::Minguo, 0, 1, 1), None);
        assert_eq!(RocDate::from_parts(Era::BeforeMinguo, 0, 1, 1), None);
        assert_eq!(RocDate::from_parts(Era::Minguo, 113, 2, 30), None);
        assert_eq!(RocDate::from_parts(Era::Minguo, u16::MAX, 1, 1), None);
        assert!(RocDate::from_parts(Era::Minguo, 113, 2, 29).is_some());
    }

    proptest! {
        #[test]
        fn every_day_comes_back(days in -40_000_i64..80_000) {
            let date = Date::new(1912, 1, 1).unwrap().plus_days(days).unwrap();
            let roc = RocDate::from(date);
            prop_assert_eq!(roc.date(), Some(date));
            prop_assert_eq!(RocDate::from_parts(roc.era, roc.year, roc.month, roc.day), Some(roc));
        }
    }
}
