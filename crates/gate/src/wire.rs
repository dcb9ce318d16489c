//! The wire contract of the HTTP/JSON adapter.
//!
//! `POST {base}/v1/query` with header `X-Request-Id` (the record code) and a [`WireQuestion`] as
//! `application/json`; the provider answers 200 with a [`WireAnswer`]. `GET {base}/healthz` answers 200
//! while the provider is in service. Any other status is a refusal, and 502, 503 and 504 mean that the
//! provider is out of service. A subject that the source does not know is 200 with outcome `not-found`,
//! so that a wrong path is never taken for an unknown person.
//!
//! `POST {base}/v1/rights/ended` with the same header (the message's identifier) and a [`WireEnded`] tells
//! that a right has ended; the provider answers 200 with a [`WireAcknowledged`]. It may be told twice and
//! answers alike. A message names an account, and nothing else of its owner.
//!
//! Every answer repeats the request id and the subject. An answer about someone else is thrown away.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{EndedRight, GateError, ItemQuery, Question, Shape, SubjectKey};

/// The header that carries the record code.
pub const REQUEST_ID: &str = "x-request-id";

/// A question as it travels.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WireQuestion {
    /// The record code, the same as in the header.
    pub request_id: String,
    /// The source's id.
    pub source: String,
    /// The dataset's id.
    pub dataset: String,
    /// Whom or what it is about.
    pub subject: WireSubject,
    /// The dataset's further request fields.
    #[serde(default)]
    pub request: BTreeMap<String, String>,
    /// The items that are wanted.
    pub items: Vec<WireItemQuery>,
}

/// A subject key as it travels.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireSubject {
    /// The kind of subject.
    pub kind: String,
    /// The key.
    pub value: String,
}

/// One wanted item as it travels.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WireItemQuery {
    /// The item's id.
    pub id: String,
    /// The shape of its answer.
    pub shape: Shape,
    /// The fields that may come back.
    #[serde(default)]
    pub fields: Vec<String>,
}

/// An answer as it travels. Members that this version does not know are ignored.
#[derive(Clone, Serialize, Deserialize)]
pub struct WireAnswer {
    /// The record code of the question.
    pub request_id: String,
    /// The subject of the question.
    pub subject: WireSubject,
    /// How the search ended.
    pub outcome: WireOutcome,
    /// The items; empty if nothing was found.
    #[serde(default)]
    pub items: Vec<WireItem>,
    /// What the provider itself holds doubtful.
    #[serde(default)]
    pub doubts: Vec<WireDoubt>,
}

/// How a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WireOutcome {
    /// The subject is known.
    Found,
    /// The subject is not known.
    NotFound,
    /// The subject is known, and the provider declares doubts.
    Doubtful,
}

/// One answered item as it travels.
#[derive(Clone, Serialize, Deserialize)]
pub struct WireItem {
    /// The item's id.
    pub item: String,
    /// The shape of the answer.
    pub shape: Shape,
    /// The rows; a value is a string, or null for a field that the record leaves empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Map<String, Value>>,
    /// The verdict, if the shape is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<bool>,
    /// The day to which the source vouches, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
}

/// One declared doubt as it travels.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WireDoubt {
    /// The item in doubt, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// A code of lower-case letters, digits and hyphens, at most 40.
    pub code: String,
}

/// An ended right as it travels.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WireEnded {
    /// The message's identifier, the same as in the header.
    pub request_id: String,
    /// The source's id.
    pub source: String,
    /// The account at the provider.
    pub account: String,
    /// The items that are open no more, each as `dataset/item`.
    pub items: Vec<String>,
    /// The day on which it ended, `YYYY-MM-DD`.
    pub ended: String,
    /// Whether it may come back by itself, as after a leave.
    pub for_now: bool,
}

/// An acknowledgement as it travels. Members that this version does not know are ignored.
#[derive(Clone, Serialize, Deserialize)]
pub struct WireAcknowledged {
    /// The identifier of the message.
    pub request_id: String,
    /// The account of the message.
    pub account: String,
    /// Always true; whoever cannot carry it out answers with another status.
    pub acknowledged: bool,
}

impl From<&EndedRight> for WireEnded {
    fn from(ended: &EndedRight) -> Self {
        Self {
            request_id: ended.id.clone(),
            source: ended.source.clone(),
            account: ended.account.reveal().to_owned(),
            items: ended.items.clone(),
            ended: ended.ended.clone(),
            for_now: ended.for_now,
        }
    }
}

/// Holds an acknowledgement against the message: it is about the same message and account, or worth nothing.
///
/// # Errors
/// [`GateError::Malformed`].
pub fn acknowledged(ended: &EndedRight, bytes: &[u8]) -> Result<(), GateError> {
    let malformed = |what: &str| GateError::Malformed(what.into());
    let read: WireAcknowledged =
        serde_json::from_slice(bytes).map_err(|_| malformed("it is no acknowledgement"))?;
    let same = read.request_id == ended.id && read.account == ended.account.reveal();
    match same && read.acknowledged {
        true => Ok(()),
        false => Err(malformed("it acknowledges something else")),
    }
}

impl From<&Question> for WireQuestion {
    fn from(question: &Question) -> Self {
        Self {
            request_id: question.request_id.clone(),
            source: question.source.clone(),
            dataset: question.dataset.clone(),
            subject: (&question.subject).into(),
            request: question.request.clone(),
            items: question
                .items
                .iter()
                .map(|item| WireItemQuery {
                    id: item.id.clone(),
                    shape: item.shape,
                    fields: item.fields.clone(),
                })
                .collect(),
        }
    }
}

impl WireQuestion {
    /// The question as the provider's side sees it, with the time that it allows itself.
    #[must_use]
    pub fn into_question(self, deadline: Duration) -> Question {
        Question {
            request_id: self.request_id,
            source: self.source,
            dataset: self.dataset,
            subject: SubjectKey::new(self.subject.kind, self.subject.value),
            request: self.request,
            items: self
                .items
                .into_iter()
                .map(|item| ItemQuery { id: item.id, shape: item.shape, fields: item.fields })
                .collect(),
            deadline,
        }
    }
}

impl From<&SubjectKey> for WireSubject {
    fn from(subject: &SubjectKey) -> Self {
        Self { kind: subject.kind.clone(), value: subject.value.reveal().to_owned() }
    }
}
