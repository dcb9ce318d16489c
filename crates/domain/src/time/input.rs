//! Dates as people type them into one text field.
//!
//! Understood: `1130122`, `113/1/22`, `113.1.22`, `113-1-22`, `20240122`, `2024/1/22`, a word for today,
//! `-3` and `+3` days, each also with full-width digits and with spaces in it. The forms that
//! [`RocDate`] prints are read back, also with a leading minus for the years before 1912. A year of one
//! or two digits is refused, for nobody can tell which century it means, unless a word for the era
//! stands before it.

use alloc::string::String;
use alloc::vec::Vec;

use super::Date;
use super::roc::{Era, RocDate};
use crate::identity::fold;
use crate::refusal::{Reason, Refusal};

/// Longest text that is looked at, in characters.
const LONGEST: usize = 40;
/// Years of the common era that an eight-digit or four-digit form may name.
const COMMON_ERA_YEARS: core::ops::RangeInclusive<u32> = 1800..=2999;
/// Most days that `-3` and `+3` may reach.
const MOST_DAYS: u32 = 9_999;

/// The words of the reader's language which the field understands. Each list may be empty.
#[derive(Clone, Copy, Debug, Default)]
pub struct InputWords<'a> {
    /// Words for today.
    pub today: &'a [&'a str],
    /// Words before a year from 1912 on.
    pub era: &'a [&'a str],
    /// Words before a year counted backwards from 1911.
    pub before_era: &'a [&'a str],
    /// Words after the numbers of year, month and day.
    pub units: &'a [&'a str],
}

/// Why a text is not taken as a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DateInputError {
    /// Nothing was typed.
    Empty,
    /// More was typed than any date needs.
    TooLong,
    /// The year has one or two digits.
    TwoDigitYear,
    /// The form is understood, but the calendar has no such day.
    NoSuchDay,
    /// The form is not understood.
    UnknownForm,
    /// The days before or after today reach too far.
    OutOfRange,
}

impl DateInputError {
    /// A short name for messages in the reader's language.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong => "too-long",
            Self::TwoDigitYear => "two-digit-year",
            Self::NoSuchDay => "no-such-day",
            Self::UnknownForm => "unknown-form",
            Self::OutOfRange => "out-of-range",
        }
    }
}

/// Reads a typed date. `today` is the day that words for today and day differences start from.
///
/// # Errors
/// Says why the text is not taken as a date.
pub fn parse_date(text: &str, today: Date, words: &InputWords<'_>) -> Result<Date, DateInputError> {
    if text.chars().count() > LONGEST {
        return Err(DateInputError::TooLong);
    }
    let folded = fold(text);
    let typed = folded.trim();
    if typed.is_empty() {
        return Err(DateInputError::Empty);
    }
    if words.today.iter().any(|word| fold(word).eq_ignore_ascii_case(typed)) {
        return Ok(today);
    }
    let (counting, rest) = split_era(typed, words);
    let numbers = with_slashes(rest, words);
    match counting {
        YearCount::Bare => bare(&numbers, today),
        YearCount::Era(era) => after_era_word(&numbers, era),
    }
}

/// A day as people type it into a field, or write it into a list; none where nothing stands there.
///
/// # Errors
/// It is no day: the refusal at its field.
pub fn day(text: &str, today: Date, field: &str) -> Result<Option<Date>, Refusal> {
    if text.is_empty() {
        return Ok(None);
    }
    let read = parse_date(text, today, &InputWords::default()).map(Some);
    read.map_err(|error| Refusal::new(Reason::FieldMalformed).at(field).with("why", error.key()))
}

/// How the year of a typed date is to be read.
enum YearCount {
    /// No word before it: ROC or common era by the number of digits.
    Bare,
    /// A word for the era stood before it, so a short year is clear.
    Era(Era),
}

fn split_era<'t>(typed: &'t str, words: &InputWords<'_>) -> (YearCount, &'t str) {
    // The backward era first: its word usually begins with the word of the era itself.
    for (list, era) in [(words.before_era, Era::BeforeMinguo), (words.era, Era::Minguo)] {
        if let Some(rest) = list.iter().find_map(|word| typed.strip_prefix(word)) {
            return (YearCount::Era(era), rest.trim());
        }
    }
    (YearCount::Bare, typed)
}

/// Turns unit words, dots and hyphens between digits into slashes and takes spaces out.
fn with_slashes(typed: &str, words: &InputWords<'_>) -> String {
    let (sign, rest) = match typed.strip_prefix(['-', '+']) {
        Some(rest) => (&typed[..1], rest),
        None => ("", typed),
    };
    let mut plain = String::from(rest.trim());
    for word in words.units {
        plain = plain.replace(word, "/");
    }
    let plain = plain.replace(['.', '-'], "/");
    let spaced: Vec<&str> = plain.split_whitespace().collect();
    let digits_only = spaced.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    // Three numbers apart from one another are year, month and day; any other space means nothing.
    let joined = if spaced.len() == 3 && digits_only { spaced.join("/") } else { spaced.concat() };
    let mut form = String::from(sign);
    form.push_str(joined.strip_suffix('/').unwrap_or(&joined));
    form
}

fn bare(form: &str, today: Date) -> Result<Date, DateInputError> {
    let (sign, rest) = match form.as_bytes().first() {
        Some(b'-') => (-1, &form[1..]),
        Some(b'+') => (1, &form[1..]),
        _ => (0, form),
    };
    let parts = numbers(rest)?;
    match (sign, parts.as_slice()) {
        (0, [one]) => undivided(one),
        (0, [year, month, day]) => match year.len() {
            1 | 2 => Err(DateInputError::TwoDigitYear),
            3 => roc(Era::Minguo, year, month, day),
            4 => common_era(year, month, day),
            _ => Err(DateInputError::UnknownForm),
        },
        (-1, [one]) if one.len() == 7 => roc(Era::BeforeMinguo, &one[..3], &one[3..5], &one[5..]),
        (-1, [year, month, day]) if year.len() == 3 => roc(Era::BeforeMinguo, year, month, day),
        (-1 | 1, [days]) if days.len() <= 5 => {
            let days: u32 = days.parse().map_err(|_| DateInputError::UnknownForm)?;
            let days = if days > MOST_DAYS { Err(DateInputError::OutOfRange) } else { Ok(days) }?;
            today.plus_days(sign * i64::from(days)).ok_or(DateInputError::OutOfRange)
        }
        _ => Err(DateInputError::UnknownForm),
    }
}

fn undivided(digits: &str) -> Result<Date, DateInputError> {
    match digits.len() {
        8 => common_era(&digits[..4], &digits[4..6], &digits[6..]),
        7 => roc(Era::Minguo, &digits[..3], &digits[3..5], &digits[5..]),
        5 | 6 => Err(DateInputError::TwoDigitYear),
        _ => Err(DateInputError::UnknownForm),
    }
}

fn after_era_word(form: &str, era: Era) -> Result<Date, DateInputError> {
    let parts = numbers(form)?;
    match parts.as_slice() {
        [one] if one.len() == 7 => roc(era, &one[..3], &one[3..5], &one[5..]),
        [year, month, day] if year.len() <= 3 => roc(era, year, month, day),
        _ => Err(DateInputError::UnknownForm),
    }
}

fn numbers(form: &str) -> Result<Vec<&str>, DateInputError> {
    let parts: Vec<&str> = form.split('/').collect();
    let whole = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if parts.iter().all(whole) { Ok(parts) } else { Err(DateInputError::UnknownForm) }
}

fn roc(era: Era, year: &str, month: &str, day: &str) -> Result<Date, DateInputError> {
    let year = year.parse().map_err(|_| DateInputError::UnknownForm)?;
    RocDate::from_parts(era, year, part(month)?, part(day)?)
        .and_then(|date| date.date())
        .ok_or(DateInputError::NoSuchDay)
}

fn common_era(year: &str, month: &str, day: &str) -> Result<Date, DateInputError> {
    let year: u32 = year.parse().map_err(|_| DateInputError::UnknownForm)?;
    if !COMMON_ERA_YEARS.contains(&year) {
        return Err(DateInputError::UnknownForm);
    }
    let (month, day) = (part(month)?, part(day)?);
    let small = |value: u8| i8::try_from(value).unwrap_or(i8::MAX);
    i16::try_from(year)
        .ok()
        .and_then(|year| Date::new(year, small(month), small(day)))
        .ok_or(DateInputError::NoSuchDay)
}

/// A month or a day: one or two digits.
fn part(digits: &str) -> Result<u8, DateInputError> {
    if digits.len() > 2 {
        return Err(DateInputError::UnknownForm);
    }
    digits.parse().map_err(|_| DateInputError::UnknownForm)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WORDS: InputWords<'static> = InputWords {
        today: &["今天", "今日", "today"],
        era: &["民國"],
        before_era: &["民國前", "民前"],
        units: &["年", "月", "日"],
    };

    fn today() -> Date {
        Date::new(2024, 1, 25).unwrap()
    }

    fn read(text: &str) -> Result<Date, DateInputError> {
        parse_date(text, today(), &WORDS)
    }

    #[test]
    fn every_form_names_the_same_day() {
        let expected = Date::new(2024, 1, 22).unwrap();
        for text in [
            "1130122",
            "113/1/22",
            "113/01/22",
            "113.1.22",
            "113-1-22",
            "20240122",
            "2024/1/22",
            "2024-01-22",
            "１１３０１２２",
            "１１３／１／２２",
            "１１３．１．２２",
            " 1130122 ",
            "113 01 22",
            "1130 122",
            "-3",
            "－３",
            "- 3",
            "民國113年1月22日",
            "民國 113 年 1 月 22 日",
            "113年1月22日",
            "民國1130122",
            "2024 0122",
            "−3",
        ] {
            assert_eq!(read(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn words_for_today_and_days_around_it() {
        assert_eq!(read("今天"), Ok(today()));
        assert_eq!(read("TODAY"), Ok(today()));
        assert_eq!(read("+7"), Ok(Date::new(2024, 2, 1).unwrap()));
        assert_eq!(read("-0"), Ok(today()));
        assert_eq!(read("-10000"), Err(DateInputError::OutOfRange));
        assert_eq!(parse_date("今天", today(), &InputWords::default()), Err(DateInputError::UnknownForm));
    }

    #[test]
    fn two_digit_years_are_refused_unless_the_era_is_named() {
        for text in ["99/1/22", "990122", "70.1.2", "9/1/2", "24-01-22", "90122"] {
            assert_eq!(read(text), Err(DateInputError::TwoDigitYear), "{text}");
        }
        assert_eq!(read("099/1/22"), Ok(Date::new(2010, 1, 22).unwrap()));
        assert_eq!(read("民國70年1月2日"), Ok(Date::new(1981, 1, 2).unwrap()));
    }

    #[test]
    fn years_before_the_era() {
        let expected = Ok(Date::new(1909, 5, 6).unwrap());
        for text in ["民前3年5月6日", "民國前3/5/6", "民前0030506", "-0030506", "-003/05/06"] {
            assert_eq!(read(text), expected, "{text}");
        }
        assert_eq!(read("民前0年1月1日"), Err(DateInputError::NoSuchDay));
    }

    #[test]
    fn days_that_do_not_exist() {
        for text in ["1130230", "113/13/1", "20230229", "0000101", "113/0/1", "113/1/0", "20240199"] {
            assert_eq!(read(text), Err(DateInputError::NoSuchDay), "{text}");
        }
        assert_eq!(read("1130229"), Ok(Date::new(2024, 2, 29).unwrap()));
    }

    #[test]
    fn everything_else_is_refused_with_its_reason() {
        assert_eq!(read("  　"), Err(DateInputError::Empty));
        for text in [
            "abc",
            "113/1",
            "113//22",
            "113/1/22/3",
            "01130122",
            "99991231",
            "113/1/222",
            "1/1/2024",
            "-",
            "+1130122",
            "民國",
            "-113",
            "明天",
            "112345678",
            "/",
            "1",
            "٢٠٢٤٠١٢٢",
        ] {
            let answer = read(text);
            let days = text == "-113";
            assert_eq!(answer.is_ok(), days, "{text} {answer:?}");
        }
        assert_eq!(read("01130122"), Err(DateInputError::UnknownForm));
        assert_eq!(read(&"1".repeat(41)), Err(DateInputError::TooLong));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,45}") {
            let _ = read(&text);
        }

        #[test]
        fn printed_forms_read_back(days in -30_000_i64..80_000) {
            let date = Date::new(1912, 1, 1).unwrap().plus_days(days).unwrap();
            let roc = RocDate::from(date);
            prop_assert_eq!(read(&roc.compact()), Ok(date));
            prop_assert_eq!(read(&roc.slashed()), Ok(date));
        }
    }
}
