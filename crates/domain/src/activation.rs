//! Putting a regulation into force: its bytes go into the store, and rules are read from there only.

use crate::decision::{self, Decision, Fact, Permit, RuleRef, Seen};
use crate::directory;
use crate::id::{EventId, Key, LogId};
use crate::time::{Date, Instant};
use alloc::{string::String, vec::Vec};

/// A pack in force: the same bytes for ever, under their digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activated {
    /// Pack and version, and the digest of its bytes.
    pub rule: RuleRef,
    /// The pack's id.
    pub pack: String,
    /// Its version.
    pub version: String,
    /// From which day it is in force.
    pub from: Date,
    /// Its files, as path and text.
    pub files: Vec<(String, String)>,
}

/// What becomes of the rows of regulations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A pack is put into force.
    Activated(Activated),
}

/// The revision key of a pack.
pub fn key(pack: &str) -> Key {
    Key::new(&LogId::platform(), "regulation", pack)
}

/// Puts a checked pack into force by the operator's hand.
pub fn activate(activated: Activated, seen: Seen, event: &EventId, now: Instant) -> Decision {
    let log = LogId::platform();
    let permit = Permit::under(&activated.rule, &directory::operator(&log), &[], now);
    let fact = Fact::new(event, "regulation.activated")
        .detail("pack", activated.pack.as_str())
        .detail("version", activated.version.as_str());
    let row = key(&activated.pack);
    Decision::new(permit, fact)
        .seeing([seen])
        .change(row, decision::Change::Regulation(Change::Activated(activated)))
}

/// Enters in an agency's log that so many of its lookups were decided again under another version of its
/// regulation, for which their sealed grounds were opened.
pub fn replayed(rule: &RuleRef, log: &LogId, lookups: i64, event: &EventId, now: Instant) -> Decision {
    let fact = Fact::new(event, "regulation.replayed")
        .detail("pack", rule.name.as_str())
        .detail("digest", rule.digest.as_str())
        .detail("count", lookups);
    Decision::new(Permit::in_log(log, directory::operator(log), &[], now), fact)
}
