//! What is wrong with a pack, said so that its author can mend it without asking anybody.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// One fault of a pack.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PackError {
    /// The file inside the pack's folder, such as `forms/sheet.toml`.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The clause the faulty part belongs to (`kaohsiung/6.1`), where that is known.
    pub clause: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub remedy: String,
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        if let Some(clause) = &self.clause {
            write!(f, "clause {clause}: ")?;
        }
        write!(f, "{}. {}", self.message, self.remedy)
    }
}

/// Where in the pack the reader or checker stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) clause: Option<String>,
}

/// All faults found so far; finding one never hides the next.
#[derive(Debug, Default)]
pub(super) struct Errors {
    found: Vec<PackError>,
    /// What was found while reading and makes a pack no less readable: one in force stays so.
    beside: Vec<PackError>,
}

impl From<Vec<PackError>> for Errors {
    fn from(found: Vec<PackError>) -> Self {
        Self { found, beside: Vec::new() }
    }
}

fn fault(at: &Place, message: impl Into<String>, remedy: impl Into<String>) -> PackError {
    PackError {
        file: at.file.clone(),
        line: at.line,
        clause: at.clause.clone(),
        message: message.into(),
        remedy: remedy.into(),
    }
}

impl Errors {
    pub(super) fn add(&mut self, at: &Place, message: impl Into<String>, remedy: impl Into<String>) {
        self.found.push(fault(at, message, remedy));
    }

    /// A fault that is one for who checks the pack, and none for who only reads it.
    pub(super) fn beside(&mut self, at: &Place, message: impl Into<String>, remedy: impl Into<String>) {
        self.beside.push(fault(at, message, remedy));
    }

    /// Counts what was found beside among the faults.
    pub(super) fn join(&mut self) {
        self.found.append(&mut self.beside);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub(super) fn count(&self) -> usize {
        self.found.len()
    }

    /// In the order in which an author mends them: the header and the clauses, on which all else leans, then
    /// by file and by line.
    pub(super) fn sorted(mut self) -> Vec<PackError> {
        let place = |error: &PackError| match error.file.as_str() {
            "pack.toml" => 0,
            "clauses.toml" => 1,
            _ => 2,
        };
        self.found.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.cmp(b)));
        self.found.dedup();
        self.found
    }

    /// Of files that cannot be read: nothing else of the pack was looked at.
    pub(super) fn unread(self) -> Vec<PackError> {
        let mut all = self.sorted();
        if let Some(last) = all.last_mut() {
            last.remedy.push_str(" The rest of the pack is looked at once every file can be read.");
        }
        all
    }
}

/// A remedy that names the nearest known word, and else all of them.
pub(super) fn did_you_mean<'a>(word: &str, known: impl Iterator<Item = &'a str>, all: &str) -> String {
    let known: Vec<&str> = known.collect();
    let near = known.iter().map(|k| (distance(word, k), *k)).min();
    match near {
        Some((edits, name)) if edits <= allowed(name) => format!("Did you mean `{name}`?"),
        _ if known.is_empty() => format!("This pack has no {all} yet."),
        _ => format!("Use one of the {all}: {}.", known.join(", ")),
    }
}

/// How many edits still make a likely slip: none in words so short that everything is near.
fn allowed(name: &str) -> usize {
    match name.chars().count() {
        0..=2 => 0,
        length => 1 + length / 4,
    }
}

/// The number of single-character edits between two words.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(left != *right);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

/// The words of a closed list as a remedy prints them.
pub(super) fn listed(words: &[&str]) -> String {
    words.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ")
}

/// A name in back quotes, cut so that a hostile value cannot fill the terminal.
pub(super) fn quoted(value: &str) -> String {
    let mut short: String = value.chars().filter(|c| !c.is_control()).take(60).collect();
    if value.chars().count() > 60 {
        short.push('…');
    }
    "`".to_owned() + &short + "`"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_suggested_and_far_ones_listed() {
        assert_eq!(did_you_mean("scren", ["screen", "print"].into_iter(), "kinds"), "Did you mean `screen`?");
        assert_eq!(
            did_you_mean("zzz", ["ask", "stamp"].into_iter(), "words"),
            "Use one of the words: ask, stamp."
        );
        assert_eq!(did_you_mean("zzz", [].into_iter(), "forms"), "This pack has no forms yet.");
    }

    #[test]
    fn hostile_names_are_cut_and_lose_their_control_characters() {
        assert_eq!(quoted("a\u{1b}[31mb"), "`a[31mb`");
        assert_eq!(quoted(&"x".repeat(99)).chars().count(), 63);
    }
}
