//! One issued table of the office calendar, read from text.
//!
//! Form of a table: lines of `# key: value` (`year`, `version`, `source`, optional `issued`, optional
//! `off-days`), then comma-separated rows `date,off,note`, one for every day of the year. The date is
//! `2024-01-22` or `20240122`, `off` is 0 for a working day and 1 or 2 for a day off, and the published
//! tables' additional column with the day of the week, before `off`, is accepted. The year is an ROC year.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::time::Date;

/// Years of the common era minus this are years of the ROC, which name the tables.
pub(super) const ROC_OFFSET: i16 = 1911;

/// One issued table of one year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    /// Year of the common era.
    pub year: i16,
    /// Name by which decisions cite the table: ROC year and version, `114.2`.
    pub id: String,
    /// Day of issue; unset if it was not recorded, and then the table counts as issued first.
    pub issued: Option<Date>,
    /// Where the table comes from.
    pub source: String,
    off: Vec<bool>,
    notes: BTreeMap<Date, String>,
}

/// What is wrong with a table, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarError {
    /// Line, from 1; 0 if the table as a whole is meant.
    pub line: usize,
    /// What is wrong.
    pub problem: CalendarProblem,
}

/// What is wrong with a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CalendarProblem {
    /// The heading lacks this key, or its value cannot be read.
    Heading(&'static str),
    /// The row has not three or four columns.
    Columns,
    /// The first column is no date, or the rows are not the days of the year in their order.
    Date {
        /// The day that should stand there.
        expected: Date,
    },
    /// The column for days off is neither 0 nor 1 nor 2.
    Off,
    /// The year has more days than the table.
    Days {
        /// Rows found.
        found: usize,
    },
    /// The table has another number of days off than its heading says.
    OffDays {
        /// Number in the heading.
        stated: usize,
        /// Number in the rows.
        found: usize,
    },
}

impl fmt::Display for CalendarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}: ", self.line)?;
        }
        match &self.problem {
            CalendarProblem::Heading(key) => {
                write!(f, "the heading needs `# {key}: …` with a readable value")
            }
            CalendarProblem::Columns => f.write_str("a row is `date,off,note` or `date,weekday,off,note`"),
            CalendarProblem::Date { expected } => write!(f, "the row for {expected} should stand here"),
            CalendarProblem::Off => f.write_str("the column for days off is 0, 1 or 2"),
            CalendarProblem::Days { found } => {
                write!(f, "only {found} rows: every day of the year needs one")
            }
            CalendarProblem::OffDays { stated, found } => {
                write!(f, "the heading says {stated} days off, the rows have {found}")
            }
        }
    }
}

impl core::error::Error for CalendarError {}

impl Edition {
    /// Reads a table in the form that the module describes.
    ///
    /// # Errors
    /// Names the first line that is wrong, and what would be right.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        let heading = Heading::read(text)?;
        let mut edition = Self {
            year: heading.year,
            id: format!("{}.{}", heading.year - ROC_OFFSET, heading.version),
            issued: heading.issued,
            source: heading.source,
            off: Vec::new(),
            notes: BTreeMap::new(),
        };
        let whole = |problem| CalendarError { line: 0, problem };
        let mut expected = Date::new(heading.year, 1, 1).ok_or(whole(CalendarProblem::Heading("year")))?;
        for (line, row) in rows(text) {
            edition.push(row, expected).map_err(|problem| CalendarError { line, problem })?;
            expected = expected.next();
        }
        let found = edition.off.len();
        if expected.year() == edition.year {
            return Err(whole(CalendarProblem::Days { found }));
        }
        let off_days = edition.off_days();
        match heading.off_days {
            Some(stated) if stated != off_days => {
                Err(whole(CalendarProblem::OffDays { stated, found: off_days }))
            }
            _ => Ok(edition),
        }
    }

    /// How many days of the year the offices are closed.
    pub fn off_days(&self) -> usize {
        self.off.iter().filter(|off| **off).count()
    }

    fn push(&mut self, row: &str, expected: Date) -> Result<(), CalendarProblem> {
        let columns: Vec<&str> = row.split(',').map(str::trim).collect();
        let (date, off, note) = match columns.as_slice() {
            [date, off, note] | [date, _, off, note] => (*date, *off, *note),
            _ => return Err(CalendarProblem::Columns),
        };
        if read_date(date) != Some(expected) || expected.year() != self.year {
            return Err(CalendarProblem::Date { expected });
        }
        self.off.push(match off {
            "0" => false,
            "1" | "2" => true,
            _ => return Err(CalendarProblem::Off),
        });
        if !note.is_empty() {
            self.notes.insert(expected, String::from(note));
        }
        Ok(())
    }

    /// What the table notes about a day; empty for most days.
    pub(super) fn note(&self, date: Date) -> &str {
        self.notes.get(&date).map_or("", String::as_str)
    }

    pub(super) fn is_off(&self, date: Date) -> bool {
        self.off.get(usize::from(date.day_of_year()) - 1).copied().unwrap_or(false)
    }
}

/// The lines of `# key: value`.
struct Heading {
    year: i16,
    version: u16,
    issued: Option<Date>,
    source: String,
    off_days: Option<usize>,
}

impl Heading {
    fn read(text: &str) -> Result<Self, CalendarError> {
        let mut heading = Self { year: 0, version: 0, issued: None, source: String::new(), off_days: None };
        for (number, line) in lines(text) {
            let Some((key, value)) = line.strip_prefix('#').and_then(|line| line.split_once(':')) else {
                continue;
            };
            let value = value.trim();
            let wrong = |key| CalendarError { line: number, problem: CalendarProblem::Heading(key) };
            match key.trim() {
                "year" => {
                    let year = value.parse::<i16>().ok().filter(|year| (1..=999).contains(year));
                    let year = year.ok_or(wrong("year"))?;
                    heading.year = year + ROC_OFFSET;
                }
                "version" => heading.version = value.parse().map_err(|_| wrong("version"))?,
                "issued" => heading.issued = Some(Date::parse_iso(value).ok_or(wrong("issued"))?),
                "source" => heading.source = String::from(value),
                "off-days" => heading.off_days = Some(value.parse().map_err(|_| wrong("off-days"))?),
                _ => {}
            }
        }
        let lacking = if heading.year == 0 {
            "year"
        } else if heading.version == 0 {
            "version"
        } else if heading.source.is_empty() {
            "source"
        } else {
            return Ok(heading);
        };
        Err(CalendarError { line: 0, problem: CalendarProblem::Heading(lacking) })
    }
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    (1..).zip(text.lines()).map(|(number, line)| (number, line.trim()))
}

/// The rows with their line numbers; the line of column names, whose first column has no digit, is left out.
fn rows(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut names_allowed = true;
    lines(text).filter(|(_, line)| !line.is_empty() && !line.starts_with('#')).filter(move |(_, line)| {
        let names = names_allowed && !line.starts_with(|first: char| first.is_ascii_digit());
        names_allowed = false;
        !names
    })
}

fn read_date(text: &str) -> Option<Date> {
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Date::new(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?);
    }
    Date::parse_iso(text)
}

#[cfg(test)]
mod tests {
    use super::super::calendar::OFFICIAL;
    use super::*;
    use alloc::string::ToString;
    use proptest::prelude::*;

    fn day(text: &str) -> Date {
        Date::parse_iso(text).unwrap()
    }

    #[test]
    fn the_published_form_is_read_too() {
        let published = OFFICIAL[2].replace("date,off,note", "西元日期,星期,是否放假,備註");
        let published: String = published
            .lines()
            .map(|line| match line.split_once(',') {
                Some((date, rest)) if line.starts_with("2024") => {
                    format!("{},一,{}\r\n", date.replace('-', ""), rest.replacen('1', "2", 1))
                }
                _ => format!("{line}\r\n"),
            })
            .collect();
        assert_eq!(Edition::parse(&format!("\u{FEFF}{published}")), Edition::parse(OFFICIAL[2]));
    }

    fn problem(text: &str) -> CalendarError {
        Edition::parse(text).unwrap_err()
    }

    #[test]
    fn a_wrong_table_is_refused_with_its_line() {
        let good = OFFICIAL[2];
        assert_eq!(problem(""), CalendarError { line: 0, problem: CalendarProblem::Heading("year") });
        let no_source = good.replace("# source", "# origin");
        assert_eq!(problem(&no_source).problem, CalendarProblem::Heading("source"));
        assert_eq!(problem(&good.replace("year: 113", "year: 0")).line, 1);
        let swapped = good.replace("2024-01-03", "2024-01-04");
        let expected = day("2024-01-03");
        assert_eq!(
            problem(&swapped),
            CalendarError { line: 10, problem: CalendarProblem::Date { expected } }
        );
        assert_eq!(problem(&good.replace("2024-01-03,0", "2024-01-03,3")).problem, CalendarProblem::Off);
        assert_eq!(problem(&good.replace("2024-01-03,0,", "2024-01-03")).problem, CalendarProblem::Columns);
        let flipped = good.replace("2024-01-03,0", "2024-01-03,1");
        assert_eq!(problem(&flipped).problem, CalendarProblem::OffDays { stated: 115, found: 116 });
        let short = &good[..good.find("2024-12-31").unwrap()];
        assert_eq!(problem(short).problem, CalendarProblem::Days { found: 365 });
        let long = format!("{good}2025-01-01,1,\n");
        assert_eq!(problem(&long).line, 7 + 366 + 1);
        assert_eq!(problem(short).to_string(), "only 365 rows: every day of the year needs one");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>(), cut in 0_usize..6000) {
            let _ = Edition::parse(&text);
            let cut = OFFICIAL[0].char_indices().map(|(at, _)| at).nth(cut).unwrap_or(0);
            let _ = Edition::parse(&format!("{}{text}{}", &OFFICIAL[0][..cut], &OFFICIAL[0][cut..]));
        }
    }
}
