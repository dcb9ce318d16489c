//! Checked values: what stands in a pack once the schema has accepted it.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use jiff::civil::Date;

use super::shared::{Deadline, Schedule, Who};
use super::tree::Line;
use super::when::When;

/// One word or sentence in both languages. A copy shares the text.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Words {
    /// In the language of the rule.
    pub zh: Arc<str>,
    /// In English, for those who do not read it.
    pub en: Arc<str>,
}

impl Words {
    /// The same thing in both languages.
    pub fn new(zh: impl Into<Arc<str>>, en: impl Into<Arc<str>>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

/// A percentage in hundredths of a percent: 5 % is 500.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(pub u32);

/// One checked value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text, code or reference.
    Text(String),
    /// Both languages.
    Words(Words),
    /// A whole number.
    Integer(i64),
    /// A percentage.
    Share(Share),
    /// `true` or `false`.
    Flag(bool),
    /// A day.
    Date(Date),
    /// A span with a start event.
    Deadline(Deadline),
    /// Something that returns.
    Schedule(Schedule),
    /// Somebody.
    Who(Who),
    /// A condition.
    When(When),
    /// A word of a closed list.
    Word(&'static str),
    /// Several values of one type.
    List(Vec<Value>),
    /// A table of parameters.
    Table(Params),
    /// Names of the author's choice with their values.
    Map(BTreeMap<String, Value>),
}

/// The parameters that a table sets. What is absent is *unset*: the rule says nothing about it.
///
/// A copy shares the entries: every decision asks for some, and nobody changes them once a pack is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params {
    line: Line,
    entries: Arc<BTreeMap<&'static str, (Line, Value)>>,
}

impl Params {
    pub(super) fn at(line: usize) -> Self {
        Self { line: Line(line), entries: Arc::default() }
    }

    pub(super) fn set(&mut self, name: &'static str, line: usize, value: Value) {
        Arc::make_mut(&mut self.entries).insert(name, (Line(line), value));
    }

    pub(super) fn unset(&mut self, name: &str) {
        Arc::make_mut(&mut self.entries).remove(name);
    }

    /// The line of the table.
    pub fn line(&self) -> usize {
        self.line.0
    }

    /// The line of one parameter, or of the table where it is unset.
    pub fn line_of(&self, name: &str) -> usize {
        self.entries.get(name).map_or(self.line.0, |(line, _)| line.0)
    }

    /// The value of a parameter, where the rule sets one.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.entries.get(name).map(|(_, value)| value)
    }

    /// Whether the rule sets this parameter.
    pub fn has(&self, name: &str) -> bool {
        self.entries.contains_key(name)
    }

    /// Every parameter that is set, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.entries.iter().map(|(name, (_, value))| (*name, value))
    }

    /// A text, code, reference or word of a closed list.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Value::Text(text) => Some(text),
            Value::Word(word) => Some(word),
            _ => None,
        }
    }

    /// An owned text; empty where it is unset, which the schema rules out for required parameters.
    pub(super) fn string(&self, name: &str) -> String {
        self.text(name).map(String::from).unwrap_or_default()
    }

    /// A word or sentence in both languages.
    pub fn words(&self, name: &str) -> Option<&Words> {
        match self.get(name)? {
            Value::Words(words) => Some(words),
            _ => None,
        }
    }

    /// Owned words; empty where unset, which the schema rules out for required parameters.
    pub(super) fn label(&self, name: &str) -> Words {
        self.words(name).cloned().unwrap_or_default()
    }

    /// Words kept as two flat keys, `word` and `word_en`.
    pub(super) fn pair(&self, name: &str, name_en: &str) -> Words {
        Words::new(self.string(name), self.string(name_en))
    }

    /// A whole number that fits the type asked for; bounds stand in the schema.
    pub fn number<N: TryFrom<i64>>(&self, name: &str) -> Option<N> {
        match self.get(name)? {
            Value::Integer(number) => N::try_from(*number).ok(),
            _ => None,
        }
    }

    /// A percentage.
    pub fn share(&self, name: &str) -> Option<Share> {
        match self.get(name)? {
            Value::Share(share) => Some(*share),
            _ => None,
        }
    }

    /// `true` or `false`.
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            Value::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// A day.
    pub fn date(&self, name: &str) -> Option<Date> {
        match self.get(name)? {
            Value::Date(date) => Some(*date),
            _ => None,
        }
    }

    /// A deadline.
    pub fn deadline(&self, name: &str) -> Option<&Deadline> {
        match self.get(name)? {
            Value::Deadline(deadline) => Some(deadline),
            _ => None,
        }
    }

    /// A schedule.
    pub fn schedule(&self, name: &str) -> Option<&Schedule> {
        match self.get(name)? {
            Value::Schedule(schedule) => Some(schedule),
            _ => None,
        }
    }

    /// Somebody.
    pub fn who(&self, name: &str) -> Option<&Who> {
        match self.get(name)? {
            Value::Who(who) => Some(who),
            _ => None,
        }
    }

    /// A condition.
    pub fn when(&self, name: &str) -> Option<&When> {
        match self.get(name)? {
            Value::When(when) => Some(when),
            _ => None,
        }
    }

    /// An inner table.
    pub fn table(&self, name: &str) -> Option<&Self> {
        match self.get(name)? {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The values of a list; none where it is unset.
    pub fn list(&self, name: &str) -> &[Value] {
        match self.get(name) {
            Some(Value::List(list)) => list,
            _ => &[],
        }
    }

    /// The tables of a list.
    pub fn tables(&self, name: &str) -> impl Iterator<Item = &Self> {
        self.list(name).iter().filter_map(|value| match value {
            Value::Table(table) => Some(table),
            _ => None,
        })
    }

    /// The texts, codes, references or words of a list.
    pub fn texts(&self, name: &str) -> Vec<String> {
        self.list(name).iter().filter_map(Value::as_text).map(String::from).collect()
    }

    /// The people of a list.
    pub fn people(&self, name: &str) -> Vec<Who> {
        let who = |value: &Value| if let Value::Who(who) = value { Some(who.clone()) } else { None };
        self.list(name).iter().filter_map(who).collect()
    }

    /// The sentences of a list.
    pub fn sentences(&self, name: &str) -> Vec<Words> {
        let words = |value: &Value| if let Value::Words(words) = value { Some(words.clone()) } else { None };
        self.list(name).iter().filter_map(words).collect()
    }

    /// A map of names to texts; empty where it is unset.
    pub(super) fn map(&self, name: &str) -> BTreeMap<String, String> {
        let Some(Value::Map(map)) = self.get(name) else { return BTreeMap::new() };
        map.iter().filter_map(|(key, value)| Some((key.clone(), value.as_text()?.into()))).collect()
    }

    /// A map of names to lists of texts; empty where it is unset.
    pub(super) fn choices(&self, name: &str) -> BTreeMap<String, Vec<String>> {
        let Some(Value::Map(map)) = self.get(name) else { return BTreeMap::new() };
        map.iter().map(|(key, value)| (key.clone(), codes(value))).collect()
    }
}

/// One text, or those of a list.
pub(super) fn codes(value: &Value) -> Vec<String> {
    match value {
        Value::List(list) => list.iter().filter_map(Value::as_text).map(String::from).collect(),
        other => other.as_text().map(String::from).into_iter().collect(),
    }
}

impl Value {
    /// The text of a text, code, reference or word.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Word(word) => Some(word),
            _ => None,
        }
    }
}
