//! What a head delegates: some kinds of applications, or all, to somebody who decides them in their own name.
//!
//! A deputy stands in while somebody is away; a delegate acts beside a head who is there. A right that was
//! delegated is not handed on.

use super::Change;
use crate::actor::Actor;
use crate::application::route::Holder;
use crate::decision::{self, Decision, Fact, Permit, Rule, Seen};
use crate::id::{DelegationId, EventId, Key, LogId, PersonId};
use crate::personal::Personal;
use crate::refusal::{Outcome, Reason, Refusal, gather, unless};
use crate::regulation::{Capacity, Pack, Who};
use crate::time::{Date, Instant};
use alloc::{format, string::String, vec, vec::Vec};
use serde::{Deserialize, Serialize};

/// Most days of one delegation; whoever heads an agency for longer delegates anew.
const DAYS_MAX: i64 = 4 * 366;
/// Most characters of the words by which it was given.
const WORDS_MAX: usize = 200;

/// A right to decide, given on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegation {
    /// Its identifier.
    pub id: DelegationId,
    /// The head who gives it.
    pub by: PersonId,
    /// Who acts by it.
    pub to: PersonId,
    /// The kinds of applications it is for; all where none is named.
    pub objects: Vec<String>,
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub until: Date,
    /// When it was taken back, if it was.
    pub revoked: Option<Instant>,
}

impl Delegation {
    /// Whether it holds on a day.
    pub fn runs(&self, day: Date) -> bool {
        self.revoked.is_none() && self.from <= day && day <= self.until
    }

    /// Whether it is for applications of this kind.
    pub fn covers(&self, object: &str) -> bool {
        self.objects.is_empty() || self.objects.iter().any(|own| own == object)
    }
}

/// The revision key of what somebody has delegated.
pub fn key(log: &LogId, by: &PersonId) -> Key {
    Key::new(log, "delegation", by.as_str())
}

/// The kinds of applications that holders of a role can delegate; none where the rule knows no delegate.
pub fn objects(pack: &Pack, role: &str) -> Vec<&'static str> {
    match pack.roles_meant(&Who::HeadOrDelegate, Capacity::Stamp).iter().any(|own| own == role) {
        true => pack.delegable(),
        false => vec![],
    }
}

/// Records that the actor delegates, to whom, what and until when.
///
/// # Errors
/// The rule lets the actor delegate nothing, or not this; it goes to nobody of the agency, or to the actor;
/// the days are over, too many or in the wrong order; it does not say by which document.
pub fn delegate(
    rule: Rule<'_>,
    actor: &Actor,
    (delegation, words): (Delegation, Personal),
    holders: &[Holder],
    seen: Seen,
    (event, now): (&EventId, Instant),
) -> Outcome<Decision> {
    let may = objects(rule.pack, &actor.role);
    if may.is_empty() || delegation.by != actor.person {
        return Err(vec![Refusal::new(Reason::NoCapacity)]);
    }
    let wrong = |field: &str, wrong: bool| wrong.then(|| Refusal::new(Reason::FieldMalformed).at(field));
    let (first, last) = (delegation.from, delegation.until);
    let longest = first.plus_days(DAYS_MAX).unwrap_or(first);
    let known = holders.iter().any(|holder| holder.person == delegation.to);
    let words_are = words.expose().trim().chars().count();
    unless(gather([
        wrong("to", !known || delegation.to == actor.person),
        wrong("objects", delegation.objects.iter().any(|own| !may.contains(&own.as_str()))),
        wrong("end", last < first || last > longest || last < now.date()),
        (words_are == 0).then(|| Refusal::new(Reason::FieldMissing).at("words")),
        (words_are > WORDS_MAX)
            .then(|| Refusal::new(Reason::FieldTooLong).at("words").with("most", format!("{WORDS_MAX}"))),
    ]))?;
    let fact = fact(event, "directory.delegated", &delegation).commit("words", &words);
    let row = key(&actor.log(), &delegation.by);
    Ok(Decision::new(Permit::under(rule.reference, actor, &[], now), fact)
        .seeing([seen])
        .change(row, decision::Change::Directory(Change::Delegated(delegation, words))))
}

/// Takes a delegation back: whoever gave it, or whoever could give the same now.
///
/// # Errors
/// It is not the actor's; it is over.
pub fn revoke(
    rule: Rule<'_>,
    actor: &Actor,
    delegation: &Delegation,
    seen: Seen,
    (event, now): (&EventId, Instant),
) -> Outcome<Decision> {
    if delegation.by != actor.person && objects(rule.pack, &actor.role).is_empty() {
        return Err(vec![Refusal::new(Reason::NoCapacity)]);
    }
    if delegation.revoked.is_some() || delegation.until < now.date() {
        return Err(vec![Refusal::new(Reason::WrongState)]);
    }
    let fact = fact(event, "directory.delegation-revoked", delegation);
    let row = key(&actor.log(), &delegation.by);
    let change = Change::Revoked { id: delegation.id.clone(), by: delegation.by.clone(), at: now };
    Ok(Decision::new(Permit::under(rule.reference, actor, &[], now), fact)
        .seeing([seen])
        .change(row, decision::Change::Directory(change)))
}

fn fact(event: &EventId, act: decision::Act, delegation: &Delegation) -> Fact {
    Fact::new(event, act)
        .detail("delegation", String::from(delegation.id.as_str()))
        .detail("objects", delegation.objects.clone())
        .detail("from", format!("{}", delegation.from))
        .detail("until", format!("{}", delegation.until))
        .commit("by", &Personal::new(delegation.by.as_str()))
        .commit("to", &Personal::new(delegation.to.as_str()))
}
