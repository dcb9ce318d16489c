//! How a code reached its owner: by whose hand, into whose, in which way and on which day; and taking back a
//! code that nobody has used.
//!
//! Which way was meant is said when a code is handed out. Which way it went is said afterwards.

use super::Change;
use super::enrolment::{Delivery, Enrolment, Method, Over, key, runs_account};
use crate::actor::Actor;
use crate::decision::{self, Decision, Fact, Permit, Seen};
use crate::id::{EnrolmentId, EventId, LogId, PersonId};
use crate::personal::Personal;
use crate::refusal::{Outcome, Reason, Refusal, gather, unless};
use crate::time::{Date, Instant};
use alloc::{format, vec};

/// Days after which a code is outstanding of which nobody has said how it reached its owner.
pub const OUTSTANDING_DAYS: i64 = 3;

/// A way that a code went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From hand to hand.
    InPerson,
    /// In a sealed letter by post.
    SealedLetter,
    /// In a sealed envelope by the agency's own mail.
    InternalMail,
    /// As a link, by another channel than the sign-in name.
    SecondChannel,
}

impl Way {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::InPerson, Self::SealedLetter, Self::InternalMail, Self::SecondChannel];

    /// The word in rows and entries.
    pub fn word(self) -> &'static str {
        match self {
            Self::InPerson => "in-person",
            Self::SealedLetter => "sealed-letter",
            Self::InternalMail => "internal-mail",
            Self::SecondChannel => "second-channel",
        }
    }

    /// The way that a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.word() == word)
    }

    /// The ways that a code can have gone which was handed out by a method.
    pub fn of(method: Method) -> &'static [Self] {
        match method {
            Method::Link => &[Self::SecondChannel],
            Method::Slip => &[Self::InPerson, Self::SealedLetter, Self::InternalMail],
            Method::InPerson => &[Self::InPerson],
            Method::Mail => &[Self::SealedLetter],
        }
    }
}

/// Whether a colleague may take a code along to its owner: a sealed slip, unless a rule wants it given into
/// the owner's own hand.
pub fn lets_colleague(method: Method, delivery: &Delivery) -> bool {
    method == Method::Slip && !delivery.own_hand
}

/// How a code reached its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handing {
    /// Which code.
    pub enrolment: EnrolmentId,
    /// By whom.
    pub by: PersonId,
    /// To whom it was given: its owner, or a colleague who took it along.
    pub to: PersonId,
    /// In which way.
    pub way: Way,
    /// On which day.
    pub on: Date,
    /// When this was said.
    pub at: Instant,
}

/// What saying so rests on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The code.
    pub enrolment: Enrolment,
    /// Whether it was said before.
    pub said: bool,
    /// Whether the code's owner holds an assignment of the actor's agency.
    pub of_agency: bool,
    /// Whether the one to whom it was given does.
    pub to_agency: bool,
    /// How codes may be delivered to its owner.
    pub delivery: Delivery,
    /// The revision of the owner's codes.
    pub seen: Seen,
}

/// Says how a code reached its owner.
///
/// # Errors
/// The actor does not run this account; it was said before, or the code was revoked or replaced; the way does
/// not fit the method; it was given to nobody of the agency, or to a colleague where a rule forbids that; the
/// day lies before the code or ahead.
pub fn record(
    actor: &Actor,
    handing: &Handing,
    facts: &Facts,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let Facts { enrolment, delivery, .. } = facts;
    let owner = &enrolment.person;
    runs_account(actor, owner, facts.of_agency)?;
    if facts.said || matches!(enrolment.over, Some(Over::Replaced | Over::Revoked)) {
        return Err(vec![Refusal::new(Reason::WrongState)]);
    }
    let colleague = handing.to != *owner;
    let fits = Way::of(enrolment.method).contains(&handing.way);
    let barred = |reason, field| Refusal::new(reason).under_first(&delivery.clauses).at(field);
    let carried = handing.way == Way::InPerson && lets_colleague(enrolment.method, delivery);
    let own = handing.to == actor.person;
    let day = handing.on < enrolment.at.date() || handing.on > now.date();
    unless(gather([
        (!fits).then(|| barred(Reason::MethodNotPermitted, "handed-way")),
        (colleague && own).then(|| Refusal::new(Reason::FieldMalformed).at("handed-to")),
        (colleague && !own && !facts.to_agency).then(|| Refusal::new(Reason::NotYourStaff).at("handed-to")),
        (colleague && fits && !carried).then(|| barred(Reason::OwnHandOnly, "handed-to")),
        day.then(|| Refusal::new(Reason::HandedDay).at("handed-on")),
    ]))?;
    let fact = Fact::new(event, "account.delivered")
        .under(&delivery.clauses)
        .detail("person", owner.as_str())
        .detail("way", handing.way.word())
        .detail("to", if colleague { "colleague" } else { "owner" })
        .detail("on", format!("{}", handing.on))
        .commit("to", &Personal::new(handing.to.as_str()));
    Ok(decided(actor, fact, facts, Change::Handed(handing.clone()), now))
}

/// Revokes a code that nobody has used, be its time over or not: a slip that was never handed over is done
/// with then. An account that was closed for it stays closed.
///
/// # Errors
/// The actor does not run this account; the code was used, replaced or revoked.
pub fn revoke(actor: &Actor, facts: &Facts, event: &EventId, now: Instant) -> Outcome<Decision> {
    let enrolment = &facts.enrolment;
    runs_account(actor, &enrolment.person, facts.of_agency)?;
    if enrolment.closed.is_some() {
        return Err(vec![Refusal::new(Reason::WrongState)]);
    }
    let fact = Fact::new(event, "account.code-revoked")
        .under(&facts.delivery.clauses)
        .detail("person", enrolment.person.as_str())
        .detail("kind", enrolment.kind.word());
    let change = Change::CodeOver { id: enrolment.id.clone(), over: Over::Revoked, at: now };
    Ok(decided(actor, fact, facts, change, now))
}

fn decided(actor: &Actor, fact: Fact, facts: &Facts, change: Change, now: Instant) -> Decision {
    let permit = Permit::in_log(&LogId::platform(), actor.clone(), &facts.delivery.clauses, now);
    Decision::new(permit, fact)
        .seeing([facts.seen.clone()])
        .change(key(&facts.enrolment.person), decision::Change::Account(change))
}

/// What is missing about a code of which nobody has said how it reached its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outstanding {
    /// It was used all the same.
    Used,
    /// It has been out for some days.
    Unsaid,
}

impl Outstanding {
    /// The word on pages and in answers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Unsaid => "unsaid",
        }
    }
}

/// What is missing about a code of which nothing was said, if anything.
pub fn outstanding(enrolment: &Enrolment, now: Instant) -> Option<Outstanding> {
    match enrolment.over {
        Some(Over::Used) => Some(Outstanding::Used),
        Some(Over::Replaced | Over::Revoked) => None,
        // Of codes that an early version closed nobody knows why.
        None if enrolment.closed.is_some() => None,
        None => (now >= enrolment.at.plus_hours(24 * OUTSTANDING_DAYS)).then_some(Outstanding::Unsaid),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::enrolment::Kind;

    #[test]
    fn a_code_is_outstanding_after_some_days_or_once_it_was_used_and_never_when_it_was_taken_back() {
        let at = Instant::at(Date::new(2026, 3, 2).unwrap(), 9, 0);
        let open = Enrolment {
            id: EnrolmentId::new("en"),
            kind: Kind::First,
            person: PersonId::new("kuo"),
            login: "kuo".into(),
            method: Method::Slip,
            code_hash: alloc::string::String::new(),
            by: PersonId::new("yang"),
            at,
            until: at.plus_hours(24),
            closed: None,
            over: None,
        };
        let third = at.plus_hours(72);
        assert_eq!(outstanding(&open, third.plus_seconds(-1)), None);
        assert_eq!(outstanding(&open, third), Some(Outstanding::Unsaid));
        let closed = |over| Enrolment { closed: Some(at), over, ..open.clone() };
        assert_eq!(outstanding(&closed(Some(Over::Used)), at), Some(Outstanding::Used));
        for over in [Some(Over::Replaced), Some(Over::Revoked), None] {
            assert_eq!(outstanding(&closed(over), third), None, "{over:?}");
        }
    }

    #[test]
    fn every_method_has_a_way_and_words_come_back() {
        for method in Method::ALL {
            assert!(!Way::of(method).is_empty(), "{method:?}");
        }
        for way in Way::ALL {
            assert_eq!(Way::from_word(way.word()), Some(way));
        }
        for over in [Over::Used, Over::Replaced, Over::Revoked] {
            assert_eq!(Over::from_word(over.word()), Some(over));
        }
    }
}
