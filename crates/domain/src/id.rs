//! Names of things: one newtype a noun, so that a unit is never taken for a person.
//!
//! An identifier is opaque text made at the edge (random, or a record code); it never holds
//! personal data, for it stands in addresses, logs and the ledger.

use alloc::{format, string::String};
use core::fmt;
use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the text as it is; the edge that read it has checked its characters.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text of the identifier.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }
    )*};
}

ids! {
    /// An agency: it has its own log and stands under one regulation.
    AgencyId,
    /// A unit (division, office, centre, township office) of an agency.
    UnitId,
    /// A natural person on the staff side; never derived from a national number.
    PersonId,
    /// One person in one unit under one role; a session acts under exactly one.
    AssignmentId,
    /// A case of the business the agency handles.
    CaseId,
    /// A message to a provider that a right has ended.
    TellingId,
    /// A contract with a contractor.
    ContractId,
    /// A time in which somebody may hold what the rule keeps apart.
    ExceptionId,
    /// A machine on which data may be looked up or kept.
    WorkstationId,
    /// A lookup; its record code is its identifier.
    LookupId,
    /// A consent given before use.
    ConsentId,
    /// An application; its record code is its identifier.
    ApplicationId,
    /// An absence with its deputy.
    AbsenceId,
    /// A link to a provider; its record code is its identifier.
    LinkId,
    /// A file that travels with an application.
    AttachmentId,
    /// A colleague's opinion that is asked for.
    QuestionId,
    /// A right to decide that a head gave on.
    DelegationId,
    /// What an approved application opened for one person.
    PermissionId,
    /// Something that is owed by a day.
    DutyId,
    /// A list by which work is handed over.
    HandoverId,
    /// A code that was handed out to set an account up.
    EnrolmentId,
    /// A batch of countersigned rows.
    BatchId,
    /// One event, that is one leaf of one log.
    EventId,
    /// The name of a log: the agency's word, or the platform's.
    LogId,
}

impl LogId {
    /// The log of persons, credentials and sign-in, which belongs to no agency.
    pub fn platform() -> Self {
        Self::new("platform")
    }

    /// The log of one agency.
    pub fn of(agency: &AgencyId) -> Self {
        Self::new(agency.as_str())
    }
}

/// What a revision is counted for: a noun and its identifier within one log.
///
/// Every row that a decision relies on or changes has such a key, and the store counts up its
/// revision with each change.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Key(String);

impl Key {
    /// The key of `noun` (a capability word) and `id`, owned by `log`.
    pub fn new(log: &LogId, noun: &str, id: &str) -> Self {
        Self(format!("{log}/{noun}/{id}"))
    }

    /// The whole key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the row belongs to `log`, so that its writer can check and count it.
    pub fn belongs_to(&self, log: &LogId) -> bool {
        self.0.strip_prefix(log.as_str()).is_some_and(|rest| rest.starts_with('/'))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
