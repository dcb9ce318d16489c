//! The leaf: what one entry of a log says, as canonical JSON (`docs/ledger-format.md`).
//!
//! A leaf never holds personal data. Persons, cases and answers stand in it as commitments keyed from the
//! record's own data key, so that they mean nothing without that key and nothing at all once it is destroyed.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::hash::{Hash, leaf_hash};
use crate::json::JsonError;

/// Longest leaf in bytes: what the two length bytes of an entry bundle can say.
pub const MAX_LEAF_BYTES: usize = 65_535;
/// The version of the format, field `v`.
pub const LEAF_VERSION: i64 = 1;

/// A field of the leaf, as `docs/ledger-format.md` lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeafField {
    /// Its name in the JSON object.
    pub name: &'static str,
    /// Whether every leaf has it; the others are left out when there is nothing to say.
    pub required: bool,
}

const fn field(name: &'static str, required: bool) -> LeafField {
    LeafField { name, required }
}

/// All fields in canonical order.
pub const LEAF_FIELDS: [LeafField; 16] = [
    field("act", true),
    field("at", true),
    field("clauses", false),
    field("commitments", false),
    field("ct", false),
    field("detail", false),
    field("digest", false),
    field("id", true),
    field("kc", false),
    field("log", true),
    field("outcome", true),
    field("pack", false),
    field("record", false),
    field("revs", false),
    field("type", true),
    field("v", true),
];

/// The pack that an act was judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackRef {
    /// Its id and version, joined by `@` (field `pack`).
    pub name: String,
    /// SHA-256 over the pack's files (field `digest`).
    pub digest: Hash,
}

/// The sealed payload that belongs to a leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealedRef {
    /// SHA-256 of the ciphertext with nonce and tag (field `ct`).
    pub ciphertext: Hash,
    /// Commitment to the key that seals it (field `kc`): no second key can be claimed for it later.
    pub key_commitment: Hash,
}

/// A plain value that is nobody's personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    /// A text without control characters.
    Text(String),
    /// An integer of at most [`crate::json::MAX_INTEGER`] either side of zero.
    Int(i64),
}

impl From<&str> for Detail {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Detail {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Detail {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

/// One entry of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Name of the fact, such as `lookup.asked` (field `type`).
    pub kind: String,
    /// Unique id of the event (field `id`).
    pub id: String,
    /// When, in milliseconds since 1970-01-01T00:00:00Z (field `at`). Order is by index, not by this.
    pub at_ms: u64,
    /// Origin of the log that the leaf was written for (field `log`).
    pub log: String,
    /// The pack it was judged by, if any (fields `pack` and `digest`).
    pub pack: Option<PackRef>,
    /// Clauses of that pack that it rests on (field `clauses`).
    pub clauses: Vec<String>,
    /// What was done or tried (field `act`).
    pub act: String,
    /// What came of it (field `outcome`).
    pub outcome: String,
    /// The record code that people see (field `record`).
    pub record: Option<String>,
    /// Revisions of rows of other logs that were relied on (field `revs`).
    pub revs: BTreeMap<String, u64>,
    /// HMAC-SHA-256 commitments by what they commit to (field `commitments`).
    pub commitments: BTreeMap<String, Hash>,
    /// The sealed payload, if there is one (fields `ct` and `kc`).
    pub sealed: Option<SealedRef>,
    /// Plain facts that are nobody's personal data (field `detail`).
    pub detail: BTreeMap<String, Detail>,
}

/// Why a leaf could not be written or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeafError {
    /// More than [`MAX_LEAF_BYTES`].
    TooLong,
    /// A field holds what it must not: an empty or unprintable text, or a number out of range.
    BadField(&'static str),
    /// A field that every leaf has is missing, or one of a pair without the other.
    Missing(&'static str),
    /// There is a field that the format does not have.
    UnknownField,
    /// It is not one canonical JSON object.
    Json(JsonError),
}

impl fmt::Display for LeafError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(f, "the leaf is longer than {MAX_LEAF_BYTES} bytes"),
            Self::BadField(name) => write!(f, "field {name} of the leaf holds what it must not"),
            Self::Missing(name) => write!(f, "field {name} of the leaf is missing"),
            Self::UnknownField => f.write_str("the leaf has a field that the format does not have"),
            Self::Json(error) => fmt::Display::fmt(error, f),
        }
    }
}

impl core::error::Error for LeafError {}

impl From<JsonError> for LeafError {
    fn from(error: JsonError) -> Self {
        Self::Json(error)
    }
}

impl Leaf {
    /// A leaf with the fields that every leaf has, and nothing else.
    #[must_use]
    pub fn new(log: &str, id: &str, at_ms: u64, kind: &str, act: &str, outcome: &str) -> Self {
        Self {
            kind: kind.into(),
            id: id.into(),
            at_ms,
            log: log.into(),
            pack: None,
            clauses: Vec::new(),
            act: act.into(),
            outcome: outcome.into(),
            record: None,
            revs: BTreeMap::new(),
            commitments: BTreeMap::new(),
            sealed: None,
            detail: BTreeMap::new(),
        }
    }

    /// The hash under which the tree holds it.
    ///
    /// # Errors
    /// As [`Leaf::bytes`].
    pub fn hash(&self) -> Result<Hash, LeafError> {
        Ok(leaf_hash(&self.bytes()?))
    }
}

mod read;
mod recognise;
mod write;

pub(crate) use recognise::Recogniser;

#[cfg(test)]
#[path = "leaf_tests.rs"]
mod tests;
