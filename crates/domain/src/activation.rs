//! Putting a regulation into force: its bytes go into the store, and rules are read from there only.
//!
//! The first version of a rule is put into force by the operator's hand. Where the version in force names a
//! chain for its successors, a later one waits until every agency under the rule has approved it.

use crate::actor::Actor;
use crate::application::{Application, State};
use crate::decision::{self, Decision, Fact, Permit, Rule, RuleRef, Seen};
use crate::directory;
use crate::id::{AgencyId, ApplicationId, EventId, Key, LogId};
use crate::regulation::ApplicationObject;
use crate::time::{Date, Instant};
use alloc::{string::String, vec::Vec};

/// A version of a pack: the same bytes for ever, under their digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Pack and version, and the digest of its bytes.
    pub rule: RuleRef,
    /// The pack's id.
    pub pack: String,
    /// Its version.
    pub version: String,
    /// From which day it is in force; while it waits, from which day at the earliest.
    pub from: Date,
    /// Its files, as path and text.
    pub files: Vec<(String, String)>,
}

/// An agency's word for a version that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// The digest of the version.
    pub digest: String,
    /// The agency.
    pub agency: AgencyId,
    /// The application that was approved there.
    pub application: ApplicationId,
}

/// What becomes of the rows of regulations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A version waits to be approved.
    Proposed(Version),
    /// An agency approved one.
    Approved(Approval),
    /// A version is put into force.
    Activated(Version),
}

/// The revision key of a pack.
pub fn key(pack: &str) -> Key {
    Key::new(&LogId::platform(), "regulation", pack)
}

/// Puts a checked pack into force by the operator's hand.
pub fn activate(version: Version, seen: Seen, event: &EventId, now: Instant) -> Decision {
    let fact = fact(event, "regulation.activated", &version);
    decided(fact, &version.clone(), Change::Activated(version), seen, now)
}

/// Lays a checked pack before the agencies that have to approve it.
pub fn propose(version: Version, seen: Seen, event: &EventId, now: Instant) -> Decision {
    let fact = fact(event, "regulation.proposed", &version);
    decided(fact, &version.clone(), Change::Proposed(version), seen, now)
}

/// Enters that an agency approved a version that waits; the last agency's word puts it into force, from its
/// own day or from today, whichever is later. Nothing where the application approves nothing.
pub fn approve(
    version: Version,
    application: &Application,
    agency: &AgencyId,
    waits_for: &[AgencyId],
    seen: Seen,
    event: &EventId,
    now: Instant,
) -> Option<Decision> {
    let approves = application.object == ApplicationObject::Activation.word()
        && application.state == State::Done
        && application.items.contains(&version.rule.digest);
    if !approves {
        return None;
    }
    let last = waits_for.iter().all(|other| other == agency);
    let version = Version { from: version.from.max(now.date()), ..version };
    let approval = Approval {
        digest: version.rule.digest.clone(),
        agency: agency.clone(),
        application: application.id.clone(),
    };
    let act = if last { "regulation.activated" } else { "regulation.approved" };
    let fact = fact(event, act, &version)
        .detail("agency", agency.as_str())
        .detail("application", application.id.as_str());
    let decision = decided(fact, &version, Change::Approved(approval), seen, now);
    Some(match last {
        true => decision.change(key(&version.pack), decision::Change::Regulation(Change::Activated(version))),
        false => decision,
    })
}

fn fact(event: &EventId, act: &'static str, version: &Version) -> Fact {
    Fact::new(event, act).detail("pack", version.pack.as_str()).detail("version", version.version.as_str())
}

fn decided(fact: Fact, version: &Version, change: Change, seen: Seen, now: Instant) -> Decision {
    let permit = Permit::under(&version.rule, &directory::operator(&LogId::platform()), &[], now);
    Decision::new(permit, fact)
        .seeing([seen])
        .change(key(&version.pack), decision::Change::Regulation(change))
}

/// Enters in the name of somebody with a say about a version that waits that so many lookups of their agency
/// were decided again under it.
pub fn weighed(
    rule: Rule<'_>,
    actor: &Actor,
    version: &RuleRef,
    lookups: i64,
    event: &EventId,
    now: Instant,
) -> Decision {
    Decision::new(Permit::under(rule.reference, actor, &[], now), again(version, lookups, event))
}

/// Enters in an agency's log that so many of its lookups were decided again under another version of its
/// regulation, for which their sealed grounds were opened.
pub fn replayed(rule: &RuleRef, log: &LogId, lookups: i64, event: &EventId, now: Instant) -> Decision {
    Decision::new(Permit::in_log(log, directory::operator(log), &[], now), again(rule, lookups, event))
}

fn again(rule: &RuleRef, lookups: i64, event: &EventId) -> Fact {
    Fact::new(event, "regulation.replayed")
        .detail("pack", rule.name.as_str())
        .detail("digest", rule.digest.as_str())
        .detail("count", lookups)
}
