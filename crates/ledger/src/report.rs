//! What a verification found, in plain sentences and as JSON.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::hash::Hash;
use crate::json::Value;
use crate::stamp::to_rfc3339;

/// Most findings, and most missing things, that a report lists one by one.
pub const MAX_LISTED: usize = 100;

/// Where something was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Path of the file.
    pub file: String,
    /// What in the file, if it can be told.
    pub position: Option<Position>,
}

/// What in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// The log entry with this index, counted from 0 over the whole log.
    Entry(u64),
    /// The hash at this position of the tile, from 0 to 255.
    Hash(u64),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            None => f.write_str(&self.file),
            Some(Position::Entry(index)) => write!(f, "{}, entry {index}", self.file),
            Some(Position::Hash(position)) => write!(f, "{}, hash {position}", self.file),
        }
    }
}

/// One thing that is not as the log signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where.
    pub place: Place,
    /// What, in a plain sentence.
    pub sentence: String,
}

/// The outcome in one word, with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Every byte is as the log signed it, and nothing is missing.
    Whole,
    /// Something is not as the log signed it.
    Tampered(Finding),
    /// All that is there fits, but this is missing.
    Incomplete(String),
    /// All is there and fits, but it is older than what is known or wanted.
    Stale(String),
}

impl Verdict {
    /// The word: `whole`, `tampered`, `incomplete` or `stale`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Tampered(_) => "tampered",
            Self::Incomplete(_) => "incomplete",
            Self::Stale(_) => "stale",
        }
    }

    /// The exit code of `sluice-verify`: 0, 1, 2 or 3 in the order of the words; 4 is for wrong usage.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Whole => 0,
            Self::Tampered(_) => 1,
            Self::Incomplete(_) => 2,
            Self::Stale(_) => 3,
        }
    }
}

/// All that a verification found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Name of the log, once its checkpoint could be read.
    pub origin: Option<String>,
    /// How many entries the checkpoint speaks of.
    pub size: u64,
    /// The signed root.
    pub root: Option<Hash>,
    /// Names of the keys whose signatures were checked and fit.
    pub signers: Vec<String>,
    /// Whether the key came from outside of the export. If not, the export proves only that it fits itself.
    pub key_from_outside: bool,
    /// Size of the saved checkpoint that the log was compared with, if any.
    pub compared_with: Option<u64>,
    /// The time of the newest entry or cosignature, in milliseconds since 1970.
    pub newest_ms: Option<u64>,
    /// How many entries were read.
    pub entries_read: u64,
    /// How many files were read.
    pub files_read: u64,
    /// How many bytes were read.
    pub bytes_read: u64,
    /// What is not as signed: the first [`MAX_LISTED`].
    pub findings: Vec<Finding>,
    /// How many findings there are in all.
    pub finding_count: u64,
    /// What is missing: the first [`MAX_LISTED`].
    pub missing: Vec<String>,
    /// How many things are missing in all.
    pub missing_count: u64,
    /// Why it is stale, if it is.
    pub stale: Option<String>,
}

impl Report {
    /// Notes a finding.
    pub(crate) fn found(&mut self, file: &str, position: Option<Position>, sentence: impl Into<String>) {
        self.finding_count += 1;
        if self.findings.len() < MAX_LISTED {
            let place = Place { file: file.to_owned(), position };
            self.findings.push(Finding { place, sentence: sentence.into() });
        }
    }

    /// Notes something missing.
    pub(crate) fn missing(&mut self, what: impl Into<String>) {
        self.missing_count += 1;
        if self.missing.len() < MAX_LISTED {
            self.missing.push(what.into());
        }
    }

    /// The outcome. What is wrong weighs more than what is missing, and that more than what is old.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        if let Some(first) = self.findings.first() {
            Verdict::Tampered(first.clone())
        } else if let Some(first) = self.missing.first() {
            Verdict::Incomplete(first.clone())
        } else if let Some(sentence) = &self.stale {
            Verdict::Stale(sentence.clone())
        } else {
            Verdict::Whole
        }
    }

    /// The report as lines of plain English.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        lines.push(self.headline());
        for finding in &self.findings {
            lines.push(format!("  {}: {}", finding.place, finding.sentence));
        }
        lines.extend(unlisted(self.finding_count, self.findings.len(), "findings"));
        for what in &self.missing {
            lines.push(format!("  missing: {what}"));
        }
        lines.extend(unlisted(self.missing_count, self.missing.len(), "missing things"));
        lines.extend(self.stale.iter().map(|sentence| format!("  stale: {sentence}")));
        if let (Some(origin), Some(root)) = (&self.origin, &self.root) {
            lines.push(format!("log         {origin}"));
            lines.push(format!("checkpoint  {} entries, root {}", self.size, root.to_base64()));
        }
        if !self.signers.is_empty() {
            lines.push(format!("signed by   {}", self.signers.join(", ")));
        }
        if let Some(newest) = self.newest_ms {
            lines.push(format!("newest      {}", to_rfc3339(newest)));
        }
        if let Some(saved) = self.compared_with {
            lines.push(format!("compared    with the saved checkpoint of {saved} entries"));
        }
        let (entries, files, bytes) = (self.entries_read, self.files_read, self.bytes_read);
        lines.push(format!("read        {entries} entries in {files} files, {bytes} bytes"));
        if !self.key_from_outside {
            lines.push(CAVEAT.to_owned());
        }
        lines.join("\n") + "\n"
    }

    fn headline(&self) -> String {
        String::from(match self.verdict() {
            Verdict::Whole => "WHOLE: every byte is as the log signed it, and nothing is missing.",
            Verdict::Tampered(_) => "TAMPERED: this is not what the log signed.",
            Verdict::Incomplete(_) => {
                "INCOMPLETE: what is there fits the signed checkpoint, but not all is there."
            }
            Verdict::Stale(_) => "STALE: all is there and fits, but it is too old.",
        })
    }

    /// The report as one JSON object.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let place = |finding: &Finding| {
            let mut members = vec_of([
                ("file", Value::Text(finding.place.file.clone())),
                ("sentence", Value::Text(finding.sentence.clone())),
            ]);
            match finding.place.position {
                Some(Position::Entry(index)) => members.push(("entry", number(index))),
                Some(Position::Hash(position)) => members.push(("hash", number(position))),
                None => {}
            }
            object(members)
        };
        object(vec_of([
            ("verdict", Value::Text(self.verdict().word().to_owned())),
            ("log", text(self.origin.clone())),
            ("size", number(self.size)),
            ("root", text(self.root.map(|root| root.to_base64()))),
            ("signers", Value::List(self.signers.iter().cloned().map(Value::Text).collect())),
            ("key_from_outside", Value::Bool(self.key_from_outside)),
            ("compared_with", self.compared_with.map_or(Value::Null, number)),
            ("newest", text(self.newest_ms.map(to_rfc3339))),
            ("entries_read", number(self.entries_read)),
            ("files_read", number(self.files_read)),
            ("bytes_read", number(self.bytes_read)),
            ("findings", Value::List(self.findings.iter().map(place).collect())),
            ("finding_count", number(self.finding_count)),
            ("missing", Value::List(self.missing.iter().cloned().map(Value::Text).collect())),
            ("missing_count", number(self.missing_count)),
            ("stale", text(self.stale.clone())),
        ]))
    }
}

/// Said whenever nobody gave a key.
const CAVEAT: &str = "\
note        The key was taken from the export itself, so this shows only that the export fits itself.
            Compare its vkey with one that you got another way, or give that one with --vkey.";

fn unlisted(count: u64, listed: usize, what: &str) -> Option<String> {
    let more = count.saturating_sub(listed as u64);
    (more > 0).then(|| format!("  and {more} more {what}"))
}

fn vec_of<const N: usize>(members: [(&'static str, Value); N]) -> Vec<(&'static str, Value)> {
    members.into()
}

fn object(members: Vec<(&'static str, Value)>) -> Value {
    Value::Map(members.into_iter().map(|(name, value)| (name.to_string(), value)).collect::<BTreeMap<_, _>>())
}

/// Numbers that JSON readers would round stand as text.
fn number(value: u64) -> Value {
    match i64::try_from(value) {
        Ok(value) if value <= crate::json::MAX_INTEGER => Value::Int(value),
        _ => Value::Text(value.to_string()),
    }
}

fn text(text: Option<String>) -> Value {
    text.map_or(Value::Null, Value::Text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_weighs_more_than_what_is_missing_or_old() {
        let mut report = Report { stale: Some("old".into()), ..Report::default() };
        assert_eq!((report.verdict().word(), report.verdict().exit_code()), ("stale", 3));
        report.missing("tile/0/000");
        assert_eq!((report.verdict().word(), report.verdict().exit_code()), ("incomplete", 2));
        report.found("tile/0/000", Some(Position::Hash(3)), "wrong");
        assert_eq!((report.verdict().word(), report.verdict().exit_code()), ("tampered", 1));
        assert_eq!(Report::default().verdict().exit_code(), 0);
    }

    #[test]
    fn long_lists_are_cut_but_counted() {
        let mut report = Report::default();
        for _ in 0..MAX_LISTED + 5 {
            report.found("f", None, "wrong");
            report.missing("m");
        }
        assert_eq!((report.findings.len(), report.finding_count), (MAX_LISTED, 105));
        let text = report.to_text();
        assert!(text.contains("and 5 more findings") && text.contains("and 5 more missing things"));
    }

    #[test]
    fn text_and_json_say_where_and_warn_of_the_exports_own_key() {
        let mut report = Report { size: u64::MAX, newest_ms: Some(0), ..Report::default() };
        report.found("tile/entries/000", Some(Position::Entry(5)), "It was changed.");
        let text = report.to_text();
        assert!(text.starts_with("TAMPERED"));
        assert!(text.contains("tile/entries/000, entry 5: It was changed."));
        assert!(text.contains("from the export itself"));
        report.key_from_outside = true;
        assert!(!report.to_text().contains("from the export itself"));
        let json = String::from_utf8(report.to_json().to_bytes().unwrap()).unwrap();
        assert!(
            json.contains(
                r#""findings":[{"entry":5,"file":"tile/entries/000","sentence":"It was changed."}]"#
            )
        );
        assert!(
            json.contains(r#""verdict":"tampered""#) && json.contains(r#""size":"18446744073709551615""#)
        );
    }
}
