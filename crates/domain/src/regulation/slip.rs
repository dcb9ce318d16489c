//! Slips of the pen that an author who types Chinese makes in TOML, by their name: full-width signs, and
//! dates of the Republic.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use jiff::civil;

/// The first year of the Republic; a rule has no older day.
pub(super) const FIRST_YEAR: i16 = 1912;
/// What stands between the years of the Republic and those of the common era.
const BETWEEN: i16 = 1911;

/// What is wrong on a line that cannot be read, and what to type instead, where it is one of these slips.
pub(super) fn on(line: &str) -> Option<(String, String)> {
    let bare = outside_texts(line);
    if let Some((sign, instead)) = bare.chars().find_map(|c| Some((c, plain(c)?))) {
        let message = match sign {
            _ if instead == ' ' => {
                format!("a blank that TOML does not read (U+{:04X}) stands here", u32::from(sign))
            }
            _ => format!("`{sign}` is a full-width sign, which TOML does not read"),
        };
        let remedy = match instead {
            ' ' => "Type an ordinary blank in its place.".to_string(),
            _ => format!("Type `{instead}` in its place; full-width signs stand inside of texts only."),
        };
        return Some((message, remedy));
    }
    let mut words = bare.split(|c: char| !c.is_ascii_digit() && c != '-');
    let (date, day) = words.find_map(|word| Some((word, of_republic(word)?)))?;
    let remedy = format!("Add 1911 to the year: write `{day}`.");
    Some((format!("`{date}` is a date of the Republic"), remedy))
}

/// The bracket that stays open over the beginning of something else, and the line on which it opens: all that
/// comes after it is misread.
pub(super) fn unclosed(text: &str) -> Option<(usize, char)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut last = ' ';
    for (at, line) in text.lines().enumerate() {
        let bare = outside_texts(line);
        if let Some(bracket) = open.last().filter(|(_, bracket)| begins(&bare, *bracket, last)) {
            return Some(*bracket);
        }
        for c in bare.chars().filter(|c| !c.is_whitespace()) {
            match (c, open.last()) {
                ('[' | '{', _) => open.push((at + 1, c)),
                (']', Some((_, '['))) | ('}', Some((_, '{'))) => drop(open.pop()),
                (']' | '}', Some(other)) => return Some(*other),
                _ => {}
            }
            last = c;
        }
    }
    open.last().copied()
}

/// Whether a line begins what cannot stand within a bracket: a table, or a key that no comma goes before.
fn begins(line: &str, bracket: char, last: char) -> bool {
    let line = line.trim_start();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let table = line.strip_prefix("[[").is_some_and(|rest| rest.starts_with(plain));
    let key = line.trim_start_matches(plain);
    let key = key.len() < line.len() && key.trim_start().starts_with('=');
    table || key && (bracket == '[' || !matches!(last, ',' | '{'))
}

/// The day of a date whose year counts from the Republic, such as `102-05-03`.
pub(super) fn of_republic(text: &str) -> Option<civil::Date> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = (1..=3).contains(&year.len()) && parts.next().is_none();
    let year = year.parse::<i16>().ok().filter(|_| digits)?;
    civil::Date::new(year + BETWEEN, month.parse().ok()?, day.parse().ok()?).ok()
}

/// What to write for a day whose year is none of the common era.
pub(super) fn in_common_era(day: civil::Date) -> String {
    match civil::Date::new(day.year().saturating_add(BETWEEN), day.month(), day.day()) {
        Ok(meant) if day.year() < 200 => {
            format!("For a year of the Republic add 1911: write `{meant}`.")
        }
        _ => format!("Write a year from {FIRST_YEAR} on."),
    }
}

/// A line without its comment and without what stands in closed texts. A text that is still open at its end
/// may have been closed with another sign, so that is looked at too.
fn outside_texts(line: &str) -> String {
    let (mut bare, mut text) = (String::new(), String::new());
    let (mut open, mut escaped) = (None, false);
    for c in line.chars() {
        match open {
            None if c == '#' => break,
            None if c == '"' || c == '\'' => open = Some(c),
            None => bare.push(c),
            Some(_) if escaped => escaped = false,
            Some('"') if c == '\\' => escaped = true,
            Some(quote) if c == quote => {
                open = None;
                text.clear();
            }
            Some(_) => text.push(c),
        }
    }
    bare.extend(text.chars().filter(|c| open.is_some() && matches!(plain(*c), Some('"' | '\''))));
    bare
}

/// The plain sign for one that an input method leaves in its place.
fn plain(c: char) -> Option<char> {
    match c {
        '\u{3000}' | '\u{a0}' => Some(' '),
        '\u{201c}'..='\u{201f}' | '\u{300c}'..='\u{300f}' | '\u{301d}'..='\u{301f}' => Some('"'),
        '\u{2018}' | '\u{2019}' => Some('\''),
        '\u{3001}' => Some(','),
        '\u{3002}' => Some('.'),
        '\u{3010}' | '\u{3014}' => Some('['),
        '\u{3011}' | '\u{3015}' => Some(']'),
        '\u{2013}' | '\u{2014}' | '\u{2212}' => Some('-'),
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_signs_are_named_with_what_to_type() {
        let told = |line: &str| on(line).map(|(message, remedy)| format!("{message}. {remedy}"));
        let rest = "in its place; full-width signs stand inside of texts only.";
        let signs = [
            ("id = \u{201c}forest\u{201d}", '\u{201c}', '"'),
            ("id = \"forest\u{201d}", '\u{201d}', '"'),
            ("id \u{ff1d} 1", '\u{ff1d}', '='),
            ("months = \u{ff13}", '\u{ff13}', '3'),
            ("a = [1\u{ff0c} 2]", '\u{ff0c}', ','),
        ];
        for (line, sign, instead) in signs {
            let expected =
                format!("`{sign}` is a full-width sign, which TOML does not read. Type `{instead}` {rest}");
            assert_eq!(told(line), Some(expected), "{line}");
        }
        assert_eq!(
            told("id =\u{3000}1").as_deref(),
            Some(
                "a blank that TOML does not read (U+3000) stands here. Type an ordinary blank in its place."
            )
        );
        assert_eq!(
            told("gist = \"\u{ff0c}\\\"\u{3000}\" # \u{201c}"),
            None,
            "texts and comments may hold them"
        );
    }

    #[test]
    fn the_bracket_that_is_not_closed_is_found_where_it_opens() {
        let found = |text: &str| unclosed(text).map(|(line, bracket)| format!("{line}{bracket}"));
        assert_eq!(found("a = 1\nb = [\"1\"\nc = 2\n").as_deref(), Some("2["));
        assert_eq!(found("b = [\n  \"]\", # ]\n\n[[control]]\n").as_deref(), Some("1["));
        assert_eq!(found("a = [\n  { b = 1, c = [2] ,\n]\n").as_deref(), Some("2{"));
        assert_eq!(found("w = { zh = \"a\"\nb = 1\n").as_deref(), Some("1{"));
        assert_eq!(found("a = [{ b = 1 }]\nw = {\n  zh = 1,\n  en = 2 }\n[[a]]\nx = [[1], [2]]\n"), None);
    }

    #[test]
    fn dates_of_the_republic_are_told_in_the_common_era() {
        let told = on("date = 102-05-03").unwrap();
        assert_eq!(told.0, "`102-05-03` is a date of the Republic");
        assert_eq!(told.1, "Add 1911 to the year: write `2013-05-03`.");
        assert_eq!((on("date = 2013-05-03"), on("date = 102-15-03"), on("n = 5-3")), (None, None, None));
        assert_eq!(in_common_era(civil::date(1850, 1, 2)), "Write a year from 1912 on.");
    }
}
