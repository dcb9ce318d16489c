//! What a rule answers when the answer is not simply no: a value that the store can carry out.
//!
//! Only this crate can build a [`Decision`]; the store's one door takes nothing else. A decision
//! always carries at least one [`Fact`], so a change without an entry cannot be expressed.

use crate::actor::Actor;
use crate::id::{EventId, Key, LogId};
use crate::personal::Personal;
use crate::regulation::{ClauseId, Pack};
use crate::time::Instant;
use crate::{account, activation, application, case, directory, duty, grant, letter, link, lookup};
use alloc::{collections::BTreeMap, string::String, vec, vec::Vec};
use serde::{Deserialize, Serialize};

/// What was done or attempted, as `capability.verb`; facts use the past, commands the imperative.
pub type Act = &'static str;

/// The regulation that a decision was made under, by its digest: the digest is the rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleRef {
    /// `pack@version`.
    pub name: String,
    /// SHA-256 of the pack's canonical bytes, in lower-case hexadecimal.
    pub digest: String,
}

/// The regulation in force, with its reference.
#[derive(Clone, Copy, Debug)]
pub struct Rule<'a> {
    /// The pack.
    pub pack: &'a Pack,
    /// Its name and digest.
    pub reference: &'a RuleRef,
}

/// The proof that a rule was asked: who may do what, under which clauses, in which log.
///
/// It has no public constructor; a fact takes its actor and act from here and from nowhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permit {
    pub(crate) actor: Actor,
    pub(crate) log: LogId,
    pub(crate) at: Instant,
    pub(crate) rule: Option<RuleRef>,
    pub(crate) clauses: Vec<ClauseId>,
}

impl Permit {
    /// What a rule gives to an actor of its own agency, in that agency's log.
    pub(crate) fn under(rule: &RuleRef, actor: &Actor, clauses: &[ClauseId], at: Instant) -> Self {
        Self {
            actor: actor.clone(),
            log: actor.log(),
            at,
            rule: Some(rule.clone()),
            clauses: clauses.to_vec(),
        }
    }

    /// What follows for an actor without asking a regulation: the operator, a timer, the platform.
    pub(crate) fn in_log(log: &LogId, actor: Actor, clauses: &[ClauseId], at: Instant) -> Self {
        Self { actor, log: log.clone(), at, rule: None, clauses: clauses.to_vec() }
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The log that the entry goes to.
    pub fn log(&self) -> &LogId {
        &self.log
    }

    /// When the decision was made.
    pub fn at(&self) -> Instant {
        self.at
    }

    /// The regulation it was made under, if one governs the act.
    pub fn rule(&self) -> Option<&RuleRef> {
        self.rule.as_ref()
    }

    /// The clauses that were obeyed on the way.
    pub fn clauses(&self) -> &[ClauseId] {
        &self.clauses
    }
}

/// A row that the decision relied on, at the revision it was read. Zero means: it did not exist.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Seen {
    /// The row.
    pub key: Key,
    /// Its revision when it was read.
    pub rev: i64,
}

/// A value in the plain part of an entry. It is public to every auditor: never personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Detail {
    /// A word or code.
    Text(String),
    /// A count, a number of seconds and the like.
    Number(i64),
    /// Several codes.
    List(Vec<String>),
}

impl From<&str> for Detail {
    fn from(text: &str) -> Self {
        Detail::Text(text.into())
    }
}

impl From<String> for Detail {
    fn from(text: String) -> Self {
        Detail::Text(text)
    }
}

impl From<i64> for Detail {
    fn from(number: i64) -> Self {
        Detail::Number(number)
    }
}

impl From<Vec<String>> for Detail {
    fn from(list: Vec<String>) -> Self {
        Detail::List(list)
    }
}

/// The command and the facts it was decided on, kept sealed so that the decision can be made
/// again later and must come out the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grounds {
    /// The command, as JSON.
    pub command: Personal,
    /// The facts, as JSON.
    pub facts: Personal,
}

impl Grounds {
    /// The grounds of a command on facts.
    pub(crate) fn of(command: &impl Serialize, facts: &impl Serialize) -> Self {
        // Both are plain values, which JSON always has a text for.
        let text = |json: serde_json::Result<String>| Personal::new(json.unwrap_or_default());
        Self { command: text(serde_json::to_string(command)), facts: text(serde_json::to_string(facts)) }
    }
}

/// One entry of a log: what happened, in the past tense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    pub(crate) id: EventId,
    pub(crate) act: Act,
    pub(crate) outcome: &'static str,
    pub(crate) record: Option<String>,
    pub(crate) clauses: Vec<ClauseId>,
    pub(crate) detail: BTreeMap<&'static str, Detail>,
    pub(crate) commitments: Vec<(&'static str, Personal)>,
    pub(crate) grounds: Option<Grounds>,
}

impl Fact {
    /// A fact named `act` with the event id that the edge has drawn for it.
    pub(crate) fn new(id: &EventId, act: Act) -> Self {
        Self {
            id: id.clone(),
            act,
            outcome: "done",
            record: None,
            clauses: Vec::new(),
            detail: BTreeMap::new(),
            commitments: Vec::new(),
            grounds: None,
        }
    }

    pub(crate) fn outcome(mut self, outcome: &'static str) -> Self {
        self.outcome = outcome;
        self
    }

    pub(crate) fn of_record(mut self, code: &str) -> Self {
        self.record = Some(code.into());
        self
    }

    pub(crate) fn under(mut self, clauses: &[ClauseId]) -> Self {
        self.clauses = clauses.to_vec();
        self
    }

    pub(crate) fn detail(mut self, name: &'static str, value: impl Into<Detail>) -> Self {
        self.detail.insert(name, value.into());
        self
    }

    /// Commits to a personal value without showing it: the leaf gets a keyed digest that dies with
    /// the record's own key.
    pub(crate) fn commit(mut self, name: &'static str, value: &Personal) -> Self {
        self.commitments.push((name, value.clone()));
        self
    }

    pub(crate) fn on(mut self, grounds: Grounds) -> Self {
        self.grounds = Some(grounds);
        self
    }

    /// The event's identifier.
    pub fn id(&self) -> &EventId {
        &self.id
    }

    /// What happened, such as `lookup.asked`.
    pub fn act(&self) -> Act {
        self.act
    }

    /// How it ended: `done`, `refused`, `found`, `not-found`, `unknown` and the like.
    pub fn outcome_word(&self) -> &'static str {
        self.outcome
    }

    /// The record code people read aloud, if the fact is about a record.
    pub fn record(&self) -> Option<&str> {
        self.record.as_deref()
    }

    /// The clauses that the fact shows obeyed, or refused under.
    pub fn clauses(&self) -> &[ClauseId] {
        &self.clauses
    }

    /// The plain part.
    pub fn details(&self) -> &BTreeMap<&'static str, Detail> {
        &self.detail
    }

    /// Named personal values that the leaf commits to.
    pub fn commitments(&self) -> &[(&'static str, Personal)] {
        &self.commitments
    }

    /// The command and facts to keep sealed.
    pub fn grounds(&self) -> Option<&Grounds> {
        self.grounds.as_ref()
    }
}

/// What becomes of the rows. One variant a capability; each capability's file lists its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Accounts and credentials.
    Account(account::Change),
    /// Applications and their stamps.
    Application(application::Change),
    /// Cases.
    Case(case::Change),
    /// Agencies, units, people, assignments.
    Directory(directory::Change),
    /// Duties.
    Duty(duty::Change),
    /// Consents and permissions.
    Grant(grant::Change),
    /// Letters that left, and how people want mail.
    Letter(letter::Change),
    /// Links to providers.
    Link(link::Change),
    /// Lookups, record sheets, stamps.
    Lookup(lookup::Change),
    /// Regulations in force.
    Regulation(activation::Change),
}

/// A key under which the same request is carried out once only, for one actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    /// Chosen by the caller.
    pub key: String,
    /// A digest of the request, so that the key cannot be used for another one.
    pub request: String,
}

/// What the store's door takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    permit: Permit,
    seen: Vec<Seen>,
    touched: Vec<Key>,
    changes: Vec<Change>,
    facts: Vec<Fact>,
    idempotency: Option<Idempotency>,
}

impl Decision {
    /// A decision that enters `fact`; there is none without.
    pub(crate) fn new(permit: Permit, fact: Fact) -> Self {
        Self {
            permit,
            seen: Vec::new(),
            touched: Vec::new(),
            changes: Vec::new(),
            facts: vec![fact],
            idempotency: None,
        }
    }

    /// Relies on rows at the revisions read.
    pub(crate) fn seeing(mut self, seen: impl IntoIterator<Item = Seen>) -> Self {
        self.seen.extend(seen);
        self
    }

    /// Changes a row of the permit's own log, whose revision counts up.
    pub(crate) fn change(mut self, key: Key, change: Change) -> Self {
        debug_assert!(key.belongs_to(&self.permit.log), "a write touches one log");
        self.touched.push(key);
        self.changes.push(change);
        self
    }

    /// Enters a second fact of the same decision.
    pub(crate) fn also(mut self, fact: Fact) -> Self {
        self.facts.push(fact);
        self
    }

    /// Counts up a revision that stands for several rows, so that they change one after the other.
    pub(crate) fn touching(mut self, key: Key) -> Self {
        debug_assert!(key.belongs_to(&self.permit.log), "a write touches one log");
        self.touched.push(key);
        self
    }

    /// Makes the decision happen once only under this key.
    #[must_use]
    pub fn once(mut self, idempotency: Option<Idempotency>) -> Self {
        self.idempotency = idempotency;
        self
    }

    /// The proof that a rule was asked.
    pub fn permit(&self) -> &Permit {
        &self.permit
    }

    /// The rows relied on.
    pub fn seen(&self) -> &[Seen] {
        &self.seen
    }

    /// The rows whose revision counts up.
    pub fn touched(&self) -> &[Key] {
        &self.touched
    }

    /// What becomes of the rows.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The entries; never empty.
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// The key of the request, if its caller gave one.
    pub fn idempotency(&self) -> Option<&Idempotency> {
        self.idempotency.as_ref()
    }
}
