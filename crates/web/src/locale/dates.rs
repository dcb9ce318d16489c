//! Days and times as the reader writes them.
//!
//! zh-TW writes the years of the Republic, in words in sentences and with slashes in tables;
//! English writes the common era.

use super::{Lang, Speech};
use desk::view::Due;
use domain::time::roc::{RocDate, RocWords};
use domain::time::{Date, Instant};

impl Speech {
    /// A day in a sentence.
    pub fn day(&self, date: &Date) -> String {
        let weekday = self.weekday(date);
        if self.lang() == Lang::En {
            let month = self.say(&format!("month-{}", date.month()));
            return format!("{} {month} {} ({weekday})", date.day(), date.year());
        }
        let keys = ["era", "era-before", "era-year", "era-month", "era-day", "era-open", "era-close"];
        let words = keys.map(|key| self.say(key));
        let [era, before_era, year, month, day, open, close] = words.each_ref().map(String::as_str);
        let weekdays = [weekday.as_str(); 7];
        let words = RocWords { era, before_era, year, month, day, weekdays, open, close };
        RocDate::from(*date).in_words(&words)
    }

    /// A day in a table.
    pub fn short_day(&self, date: &Date) -> String {
        match self.lang() {
            Lang::Zh => RocDate::from(*date).slashed(),
            Lang::En => date.to_string(),
        }
    }

    /// A moment in a table, to the minute.
    pub fn stamp(&self, at: &Instant) -> String {
        format!("{} {}", self.short_day(&at.date()), at.clock())
    }

    /// A moment in a sentence, to the second.
    pub fn moment(&self, at: &Instant) -> String {
        let clock = at.clock();
        format!("{} {}:{:02}", self.day(&at.date()), clock, clock.second)
    }

    /// When something is due, as its reader thinks of it: overdue, today, so many days.
    pub fn due(&self, due: &Due) -> String {
        let day = self.short_day(&due.date);
        let weekday = self.weekday(&due.date);
        // What is due by a day is late from the midnight after it: the end of that day, not its beginning.
        let ends = due.at.date() != due.date;
        let clock = if ends { String::from("24:00") } else { due.at.clock().to_string() };
        let args = [("day", day.as_str()), ("weekday", weekday.as_str()), ("clock", clock.as_str())];
        match due.days_left {
            left if left < 0 => self.count_fill("due-overdue", -left, &args),
            0 => self.fill("due-today", &args),
            left if left <= 7 => self.count_fill("due-soon", left, &args),
            _ => self.fill("due-later", &args),
        }
    }

    /// A day of the weeks around today: the weekday and the day of the month.
    pub fn day_of_week(&self, date: &Date) -> String {
        let (weekday, day) = (self.weekday(date), date.day().to_string());
        self.fill("day-of-week", &[("weekday", weekday.as_str()), ("day", day.as_str())])
    }

    fn weekday(&self, date: &Date) -> String {
        self.say(&format!("weekday-{}", date.weekday().number()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        Date::parse_iso(text).unwrap()
    }

    #[test]
    fn days_read_as_their_reader_writes_them() {
        let zh = Speech::plain(Lang::Zh);
        let en = Speech::plain(Lang::En);
        assert_eq!(zh.day(&day("2024-01-22")), "民國113年1月22日（一）");
        assert_eq!(zh.day(&day("1909-05-06")), "民國前3年5月6日（四）");
        assert_eq!(zh.short_day(&day("2024-01-22")), "113/01/22");
        assert_eq!(en.day(&day("2024-01-22")), "22 January 2024 (Mon)");
        assert_eq!(zh.stamp(&Instant::at(day("2024-01-22"), 14, 7)), "113/01/22 14:07");
        assert_eq!(en.stamp(&Instant::at(day("2024-01-22"), 14, 7)), "2024-01-22 14:07");
        assert_eq!(zh.moment(&Instant::at(day("2024-01-22"), 14, 7)), "民國113年1月22日（一） 14:07:00");
    }

    #[test]
    fn due_times_say_how_long() {
        let zh = Speech::plain(Lang::Zh);
        let due = |date: &str, days_left| {
            zh.due(&Due { date: day(date), at: Instant::at(day(date), 17, 30), days_left })
        };
        assert_eq!(due("2024-01-21", -1), "逾期1日 113/01/21（日）");
        assert_eq!(due("2024-01-22", 0), "今天 17:30");
        let (date, at) = (day("2024-01-22"), day("2024-01-22").end());
        assert_eq!(zh.due(&Due { date, at, days_left: 0 }), "今天 24:00");
        assert_eq!(due("2024-01-24", 2), "剩2日 113/01/24（三）");
        assert_eq!(due("2024-03-01", 39), "113/03/01（五）");
    }
}
