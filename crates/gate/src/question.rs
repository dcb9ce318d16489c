//! What is asked of a data provider.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Text that must not be printed: an identity number, a token. It has no `Display`, and its `Debug`
/// shows an ellipsis.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Secret(String);

impl Secret {
    /// Takes the text in.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one place that must send or compare it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// Whom or what a question is about: a kind that the pack names, and a value that does not print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectKey {
    /// The kind of subject as the dataset declares it, for example `person`, `company`, `parcel`.
    pub kind: String,
    /// The key itself, for example an identity number.
    pub value: Secret,
}

impl SubjectKey {
    /// A key of this kind.
    pub fn new(kind: impl Into<String>, value: impl Into<Secret>) -> Self {
        Self { kind: kind.into(), value: value.into() }
    }
}

/// The shape in which an item is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// One row of fields, or none if the source holds no such record.
    Record,
    /// Any number of rows.
    List,
    /// Yes or no, and no row.
    Verdict,
    /// The mere fact that the source was asked, at most with a row that says when; no content comes back.
    Fact,
}

/// One item that is wanted of a dataset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemQuery {
    /// The item's id in its dataset.
    pub id: String,
    /// The shape in which the answer must come.
    pub shape: Shape,
    /// The ids of the fields that may come back; any other field is dropped.
    pub fields: Vec<String>,
}

/// One question to one source about one subject.
#[derive(Clone, PartialEq, Eq)]
pub struct Question {
    /// The record code of the durable entry; the provider gets it as the request id.
    pub request_id: String,
    /// The source's id in the pack; it chooses the provider.
    pub source: String,
    /// The dataset's id within the source.
    pub dataset: String,
    /// Whom or what it is about.
    pub subject: SubjectKey,
    /// The dataset's further request fields; the values may be personal.
    pub request: BTreeMap<String, String>,
    /// The items that are wanted.
    pub items: Vec<ItemQuery>,
    /// How long the asker waits for the whole exchange.
    pub deadline: Duration,
}

impl fmt::Debug for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let request: Vec<&String> = self.request.keys().collect();
        f.debug_struct("Question")
            .field("request_id", &self.request_id)
            .field("source", &self.source)
            .field("dataset", &self.dataset)
            .field("subject", &self.subject)
            .field("request", &request)
            .field("items", &self.items)
            .field("deadline", &self.deadline)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_neither_subject_nor_request_values() {
        let question = Question {
            request_id: "R-1".into(),
            source: "s".into(),
            dataset: "d".into(),
            subject: SubjectKey::new("person", "A123456789"),
            request: BTreeMap::from([("birth-date".into(), "1970-02-03".into())]),
            items: Vec::new(),
            deadline: Duration::from_secs(1),
        };
        let shown = format!("{question:?} {:#?}", question.subject);
        assert!(!shown.contains("A123456789") && !shown.contains("123456"), "{shown}");
        assert!(!shown.contains("1970"), "{shown}");
        assert!(shown.contains("R-1") && shown.contains("birth-date") && shown.contains('…'));
    }
}
