//! TOML as a tree in which every key and value knows its line.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use jiff::civil;
use toml::de::{DeTable, DeValue};

use super::error::{Errors, Place};
use super::slip;

/// A line of a file, counted from 1. Lines take no part in comparisons: the same rule on another line is the
/// same.
#[derive(Clone, Copy, Debug, Default)]
pub struct Line(pub usize);

impl PartialEq for Line {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Line {}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The file and line of a part. Like lines, spots take no part in comparisons.
#[derive(Clone, Debug, Default)]
pub struct Spot {
    /// The file inside the pack's folder.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
}

impl PartialEq for Spot {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Spot {}

/// One value with its line.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) line: usize,
    pub(super) value: Raw,
}

/// What stands in the file, before any schema is asked.
#[derive(Clone, Debug)]
pub(super) enum Raw {
    Text(String),
    Integer(Option<i64>),
    Decimal(String),
    Flag(bool),
    Date(Option<civil::Date>),
    List(Vec<Node>),
    Table(Vec<Entry>),
}

/// One key of a table.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) line: usize,
    pub(super) node: Node,
}

impl Raw {
    /// What a message calls a value of this sort.
    pub(super) fn sort(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Integer(_) => "a whole number",
            Self::Decimal(_) => "a decimal number",
            Self::Flag(_) => "true or false",
            Self::Date(_) => "a date",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

impl Node {
    /// The value behind a key, where this is a table.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        match &self.value {
            Raw::Table(entries) => entries.iter().find(|e| e.key == key).map(|e| &e.node),
            _ => None,
        }
    }

    /// The text, where this is one.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Raw::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Turns byte offsets into lines.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at).collect())
    }

    fn at(&self, offset: usize) -> usize {
        self.0.partition_point(|newline| *newline < offset) + 1
    }
}

/// A fault as the parser of TOML has it.
fn unnamed(message: &str) -> (String, String) {
    let remedy = "Write TOML: `key = value`, texts in double quotes, every bracket closed.";
    (message.replace('\n', " "), remedy.to_string())
}

fn unclosed(bracket: char) -> (String, String) {
    let closes = if bracket == '[' { ']' } else { '}' };
    let message = format!("the `{bracket}` that opens here is not closed");
    (message, format!("Add the `{closes}` where it ends; all that comes after it is misread."))
}

/// Reads one file; every syntax error is added to `errors` and then there is no tree.
pub(super) fn parse(file: &str, text: &str, errors: &mut Errors) -> Option<Node> {
    let lines = Lines::of(text);
    let (table, faults) = DeTable::parse_recoverable(text);
    let line_of = |fault: &toml::de::Error| lines.at(fault.span().map_or(0, |span| span.start));
    // What follows on the same line is mostly the same slip again.
    let mut told: BTreeMap<usize, (String, String)> = BTreeMap::new();
    for fault in &faults {
        told.entry(line_of(fault)).or_insert_with(|| unnamed(fault.message()));
    }
    if let Some((line, bracket)) = slip::unclosed(text).filter(|_| !told.is_empty()) {
        told.split_off(&line);
        told.insert(line, unclosed(bracket));
    }
    for (line, unnamed) in told {
        let (message, remedy) = text.lines().nth(line - 1).and_then(slip::on).unwrap_or(unnamed);
        errors.add(&Place { file: file.to_string(), line, clause: None }, message, remedy);
    }
    faults.is_empty().then(|| table_node(table.get_ref(), 1, &lines))
}

fn table_node(table: &DeTable<'_>, line: usize, lines: &Lines) -> Node {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            line: lines.at(key.span().start),
            node: node(value.get_ref(), lines.at(value.span().start), lines),
        })
        .collect();
    entries.sort_by_key(|entry| entry.line);
    Node { line, value: Raw::Table(entries) }
}

fn node(value: &DeValue<'_>, line: usize, lines: &Lines) -> Node {
    let value = match value {
        DeValue::String(text) => Raw::Text(text.to_string()),
        DeValue::Integer(number) => Raw::Integer(i64::from_str_radix(number.as_str(), number.radix()).ok()),
        DeValue::Float(number) => Raw::Decimal(number.as_str().to_string()),
        DeValue::Boolean(flag) => Raw::Flag(*flag),
        DeValue::Datetime(moment) => Raw::Date(day(moment)),
        DeValue::Array(array) => Raw::List(
            array.iter().map(|item| node(item.get_ref(), lines.at(item.span().start), lines)).collect(),
        ),
        DeValue::Table(table) => return table_node(table, line, lines),
    };
    Node { line, value }
}

/// A plain day; a time of day or an offset has no meaning in a rule.
fn day(moment: &toml::value::Datetime) -> Option<civil::Date> {
    let date = moment.date.filter(|_| moment.time.is_none() && moment.offset.is_none())?;
    let (year, month, day) =
        (date.year.try_into().ok()?, date.month.try_into().ok()?, date.day.try_into().ok()?);
    civil::Date::new(year, month, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_knows_its_line() {
        let mut errors = Errors::default();
        let text = "schema = 1\n\n[pack]\nid = \"x\"\n\n[[control]]\nid = \"a\"\nlist = [\n  1,\n  2.5,\n]\n";
        let tree = parse("pack.toml", text, &mut errors).unwrap();
        assert!(errors.is_empty());
        assert_eq!(tree.get("pack").unwrap().get("id").unwrap().line, 4);
        let Raw::List(controls) = &tree.get("control").unwrap().value else { panic!("not a list") };
        assert_eq!(controls[0].line, 6);
        let Raw::List(items) = &controls[0].get("list").unwrap().value else { panic!("not a list") };
        assert_eq!((items[0].line, items[1].line), (9, 10));
    }

    #[test]
    fn every_syntax_error_is_reported_with_its_line() {
        let mut errors = Errors::default();
        assert!(parse("pack.toml", "a = \nb = 1\nc = }\n", &mut errors).is_none());
        let lines: Vec<usize> = errors.sorted().iter().map(|e| e.line).collect();
        assert_eq!(lines, [1, 3]);
    }

    #[test]
    fn a_moment_is_not_a_day() {
        let mut errors = Errors::default();
        let tree = parse("p", "a = 2017-01-19\nb = 2017-01-19T08:00:00Z\n", &mut errors).unwrap();
        assert!(matches!(tree.get("a").unwrap().value, Raw::Date(Some(_))));
        assert!(matches!(tree.get("b").unwrap().value, Raw::Date(None)));
    }
}
