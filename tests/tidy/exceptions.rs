//! The list of files that may break a rule, which may only shrink.

use super::Finding;
use super::files::root;
use std::collections::BTreeMap;
use std::fs;

/// How many entries the list may have. Lower it when an entry goes; nothing raises it.
const MOST: usize = 0;

/// One tolerated file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    path: String,
    breaches: usize,
}

/// Tolerated files by rule.
#[derive(Clone, Debug, Default)]
pub(super) struct Exceptions {
    by_rule: BTreeMap<String, Vec<Entry>>,
}

impl Exceptions {
    /// Reads the list of the repository.
    pub(super) fn read() -> Self {
        let text =
            fs::read_to_string(root().join("tests/tidy/exceptions.toml")).expect("the list is readable");
        Self::parse(&text)
    }

    fn parse(text: &str) -> Self {
        let table: toml::Table = text.parse().expect("the list is TOML");
        let mut by_rule = BTreeMap::new();
        for (rule, entries) in &table {
            let entries = entries.as_array().expect("a rule is an array of tables");
            let read = entries.iter().map(|entry| {
                let path = entry["path"].as_str().expect("`path` is a string").to_owned();
                let breaches = entry["breaches"].as_integer().and_then(|n| usize::try_from(n).ok());
                let because = entry["because"].as_str().expect("`because` is a string");
                assert!(because.split_whitespace().count() >= 4, "`because` of {path} is a sentence");
                Entry { path, breaches: breaches.expect("`breaches` is a number") }
            });
            by_rule.insert(rule.clone(), read.collect());
        }
        Self { by_rule }
    }

    fn len(&self) -> usize {
        self.by_rule.values().map(Vec::len).sum()
    }

    /// What stands against the findings of one rule once the list has been heard.
    pub(super) fn judge(&self, rule: &str, findings: &[Finding]) -> Vec<String> {
        let none = Vec::new();
        let entries = self.by_rule.get(rule).unwrap_or(&none);
        let mut complaints = Vec::new();
        for finding in findings {
            if !entries.iter().any(|e| e.path == finding.path) {
                complaints.push(finding.to_string());
            }
        }
        for Entry { path, breaches } in entries {
            let now = findings.iter().filter(|f| f.path == *path).count();
            if now > *breaches {
                complaints.push(format!("{path}: {now} breaches, {breaches} are tolerated"));
                complaints.extend(findings.iter().filter(|f| f.path == *path).map(ToString::to_string));
            } else if now == 0 {
                complaints.push(format!("{path}: no longer breaks the rule; take it out of exceptions.toml"));
            } else if now < *breaches {
                complaints.push(format!("{path}: {now} breaches now; lower the number in exceptions.toml"));
            }
        }
        complaints
    }
}

#[test]
fn the_list_is_no_longer_than_it_was() {
    let length = Exceptions::read().len();
    assert_eq!(length, MOST, "more than MOST: mend the file instead; fewer: lower MOST");
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "[[columns]]\npath = \"a.rs\"\nbreaches = 2\nbecause = \"one two three four\"\n";

    fn found(paths: &[&str]) -> Vec<Finding> {
        paths.iter().enumerate().map(|(at, path)| Finding::new(path, at + 1, "bad")).collect()
    }

    #[test]
    fn a_listed_file_is_tolerated_as_often_as_written() {
        let list = Exceptions::parse(LIST);
        assert_eq!(list.judge("columns", &found(&["a.rs", "a.rs"])), Vec::<String>::new());
        assert_eq!(list.judge("columns", &found(&["a.rs", "a.rs", "a.rs"])).len(), 4);
    }

    #[test]
    fn a_file_that_mended_its_ways_must_leave_the_list() {
        let list = Exceptions::parse(LIST);
        assert!(list.judge("columns", &found(&["a.rs"]))[0].contains("lower the number"));
        assert!(list.judge("columns", &[])[0].contains("take it out"));
    }

    #[test]
    fn others_are_not_covered() {
        let list = Exceptions::parse(LIST);
        assert!(list.judge("columns", &found(&["a.rs", "a.rs", "b.rs"]))[0].starts_with("b.rs:3"));
        assert_eq!(list.judge("functions", &found(&["a.rs"])).len(), 1);
    }
}
