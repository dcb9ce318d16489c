//! Exceptions from separation: somebody may hold two capacities that the rule keeps apart, for a time and a
//! written reason, because whoever the rule names for it allowed it.
//!
//! Nobody allows it for themselves. When it is over and both posts are still held, nothing ends by itself:
//! which of the two is given up is a matter for people, and an agency may not stand there without an
//! administrator overnight. But it is owed, by whoever may allow exceptions and whoever runs the accounts;
//! and what holds in the place of the separation goes on holding until it is done.

use super::{Assignment, Change};
use crate::actor::Actor;
use crate::application::route::Holder;
use crate::application::submit::role_of;
use crate::decision::{self, Decision, Fact, Permit, Rule, Seen};
use crate::duty::{self, Duty, Kind, Owner, State};
use crate::id::{DutyId, EventId, ExceptionId, Key, LogId, PersonId};
use crate::personal::Personal;
use crate::refusal::{Help, Outcome, Reason, Refusal, gather, unless};
use crate::regulation::{Pack, Pair, Ruled, Separation};
use crate::time::{Date, Instant};
use alloc::{format, string::String, vec, vec::Vec};
use serde::{Deserialize, Serialize};

/// Most days of one exception: whoever needs it for longer has it looked at anew.
const DAYS_MAX: i64 = 366;
/// Most characters of the reason.
const WORDS_MAX: usize = 500;

/// That somebody may hold what the rule keeps apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// Its identifier.
    pub id: ExceptionId,
    /// Who.
    pub person: PersonId,
    /// What.
    pub pair: Pair,
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub until: Date,
    /// Who allowed it.
    pub by: PersonId,
    /// When it was revoked, if it was.
    pub revoked: Option<Instant>,
}

impl Exception {
    /// Whether it runs on a day.
    pub fn runs(&self, day: Date) -> bool {
        self.revoked.is_none() && self.from <= day && day <= self.until
    }

    /// Whether it is over on a day: revoked, or past its last day.
    pub fn is_over(&self, day: Date) -> bool {
        self.revoked.is_some() || self.until < day
    }
}

/// The revision key of what was allowed somebody.
pub fn key(log: &LogId, person: &PersonId) -> Key {
    Key::new(log, "exception", person.as_str())
}

/// Whether holders of a role may allow exceptions from a separation.
pub fn may_allow(pack: &Pack, ruled: &Ruled<Separation>, role: &str) -> bool {
    let meant = |who| pack.excepting(who).iter().any(|own| own == role);
    ruled.value.exception_by.as_ref().is_some_and(meant)
}

/// What an exception rests on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Everybody who holds a post of the agency today.
    pub holders: Vec<Holder>,
    /// What the person was allowed before.
    pub known: Vec<Exception>,
    /// Open duties to end what an earlier one no longer lets the person hold.
    pub owed: Vec<Duty>,
    /// The revisions of the rows it may change.
    pub seen: Vec<Seen>,
}

/// Allows an exception.
///
/// # Errors
/// The rule does not let the actor; it is for the actor; the person holds neither of the two; the days are
/// over, too many or in the wrong order; there is one already; it does not say why.
pub fn allow(
    rule: Rule<'_>,
    actor: &Actor,
    (exception, words): (Exception, Personal),
    facts: &Facts,
    (event, now): (&EventId, Instant),
) -> Outcome<Decision> {
    let pack = rule.pack;
    let theirs = |(_, ruled): &(Pair, Ruled<Separation>)| may_allow(pack, ruled, &actor.role);
    if !pack.exceptions().iter().any(theirs) {
        return Err(vec![Refusal::new(Reason::NoCapacity)]);
    }
    let ruled = pack.exception(exception.pair).filter(|ruled| may_allow(pack, ruled, &actor.role));
    let clauses = ruled.as_ref().map(|ruled| ruled.clauses.clone()).unwrap_or_default();
    let wrong = |field: &str, wrong: bool| wrong.then(|| Refusal::new(Reason::FieldMalformed).at(field));
    let today = now.date();
    let longest = exception.from.plus_days(DAYS_MAX - 1).unwrap_or(exception.from);
    let own = exception.person == actor.person;
    let length = words.expose().trim().chars().count();
    unless(gather([
        wrong("pair", ruled.is_none()),
        own.then(|| Refusal::new(Reason::OwnException).under_first(&clauses).at("person")),
        wrong("person", !own && !holds_either(pack, &exception, &facts.holders)),
        wrong("from", exception.from < today),
        wrong("until", exception.until < exception.from || exception.until > longest),
        facts
            .known
            .iter()
            .any(|other| overlaps(other, &exception))
            .then(|| Refusal::new(Reason::ExceptionRuns).under_first(&clauses).at("from")),
        (length == 0).then(|| Refusal::new(Reason::FieldMissing).under_first(&clauses).at("words")),
        (length > WORDS_MAX)
            .then(|| Refusal::new(Reason::FieldTooLong).at("words").with("most", format!("{WORDS_MAX}"))),
    ]))?;
    let log = actor.log();
    let done: &[Duty] = if exception.runs(today) { &facts.owed } else { &[] };
    let fact = fact(event, "directory.exception-allowed", &exception).under(&clauses).commit("words", &words);
    let row = key(&log, &exception.person);
    let decision = Decision::new(Permit::under(rule.reference, actor, &clauses, now), fact)
        .seeing(facts.seen.iter().cloned())
        .change(row, decision::Change::Directory(Change::Excepted(exception, words)));
    let close = |decision, duty| duty::closing(decision, &log, duty, State::Done, &actor.person);
    Ok(done.iter().fold(decision, close))
}

/// Revokes an exception: whoever allowed it, or whoever could allow the same now.
///
/// # Errors
/// It is not the actor's to revoke; it is over.
pub fn revoke(
    rule: Rule<'_>,
    actor: &Actor,
    exception: &Exception,
    seen: Seen,
    (event, now): (&EventId, Instant),
) -> Outcome<Decision> {
    let ruled = rule.pack.exception(exception.pair);
    if !may_revoke(rule.pack, actor, exception) {
        return Err(vec![Refusal::new(Reason::NoCapacity)]);
    }
    if exception.is_over(now.date()) {
        return Err(vec![Refusal::new(Reason::WrongState)]);
    }
    let clauses = ruled.map(|ruled| ruled.clauses).unwrap_or_default();
    let fact = fact(event, "directory.exception-revoked", exception).under(&clauses);
    let (id, person) = (exception.id.clone(), exception.person.clone());
    let row = key(&actor.log(), &person);
    let change = Change::ExceptionRevoked { id, person, at: now };
    Ok(Decision::new(Permit::under(rule.reference, actor, &clauses, now), fact)
        .seeing([seen])
        .change(row, decision::Change::Directory(change)))
}

/// Whether an actor may revoke an exception.
pub fn may_revoke(pack: &Pack, actor: &Actor, exception: &Exception) -> bool {
    let could = pack.exception(exception.pair).is_some_and(|ruled| may_allow(pack, &ruled, &actor.role));
    could || exception.by == actor.person
}

/// Whether the person holds one of the two by a post of today: the other one may come.
fn holds_either(pack: &Pack, exception: &Exception, holders: &[Holder]) -> bool {
    let can = |holder: &&Holder| {
        let own = pack.capacities(&holder.role);
        exception.pair.both().iter().any(|capacity| own.contains(capacity))
    };
    holders.iter().filter(|holder| holder.person == exception.person).any(|holder| can(&holder))
}

fn overlaps(one: &Exception, other: &Exception) -> bool {
    let same = one.pair == other.pair && one.revoked.is_none();
    same && one.from <= other.until && other.from <= one.until
}

/// Why one person may not hold two roles that bring a pair together on a day; nothing where they may.
pub(super) fn refused(
    pack: &Pack,
    (one, other): (&str, &str),
    allowed: &[Exception],
    day: Date,
) -> Option<Refusal> {
    let refusal = || Refusal::new(Reason::RolesApart).at("role").with("role", one).with("other", other);
    let all: Vec<&Exception> = allowed.iter().collect();
    pack.separations().into_iter().find_map(|ruled| {
        let joined = |pair: &&Pair| pack.joins(**pair, &[one, other]);
        let pair = *ruled.value.pairs.iter().filter(joined).find(|pair| !is_let(pack, **pair, &all, day))?;
        let refusal = refusal().under_first(&ruled.clauses);
        let known = pack.exception(pair).and_then(|ruled| ruled.value.exception_by);
        Some(match known {
            None => refusal,
            Some(by) => {
                let helper = pack.excepting(&by).into_iter().next().unwrap_or_default();
                let refusal = refusal.with("problem", "exception").with("allows", role_of(&by));
                refusal.helped_by(Help::Role(helper))
            }
        })
    })
}

/// Whether somebody may go on holding a pair, by what they were allowed; also where no rule keeps it apart.
pub fn is_let(pack: &Pack, pair: Pair, allowed: &[&Exception], day: Date) -> bool {
    let apart = pack.separations().iter().any(|ruled| ruled.value.pairs.contains(&pair));
    let excepted = allowed.iter().any(|own| own.pair == pair && own.runs(day));
    !apart || excepted && pack.exception(pair).is_some()
}

/// From which day on somebody holds both capacities of a pair by their posts; none where they do not.
pub fn joined_since(pack: &Pack, pair: Pair, posts: &[&Assignment]) -> Option<Date> {
    let meet = |(at, one): (usize, &&Assignment)| {
        let joined = |other: &&&Assignment| pack.joins(pair, &[&one.role, &other.role]);
        posts.iter().skip(at + 1).filter(joined).map(|other| one.from.max(other.from)).min()
    };
    posts.iter().enumerate().filter_map(meet).min()
}

/// The names of the duties to end what an exception no longer lets somebody hold: of whoever may allow it,
/// and of whoever runs the accounts.
pub fn ways_out(exception: &ExceptionId) -> [String; 2] {
    ["allows", "keeps"].map(|part| format!("separate {exception} {part}"))
}

/// The duties to end what an exception no longer lets somebody hold: of whoever may allow exceptions, or who
/// allowed this one where the rule knows none any more; and of whoever runs the accounts.
pub fn way_out(rule: Rule<'_>, exception: &Exception, id: &dyn Fn(&str) -> DutyId, today: Date) -> Vec<Duty> {
    let pack = rule.pack;
    let ruled = pack.exception(exception.pair);
    let by = ruled.as_ref().and_then(|ruled| ruled.value.exception_by.as_ref());
    let allows = by.and_then(|who| pack.excepting(who).into_iter().next()).map(Owner::Role);
    let allows = allows.unwrap_or_else(|| Owner::Person(exception.by.clone()));
    let keeps = duty::keeper(pack).filter(|keeper| *keeper != allows);
    let keeping = |own: &Ruled<Separation>| own.value.pairs.contains(&exception.pair);
    let control = pack.separations().into_iter().find(keeping).map(|ruled| ruled.control);
    let one = |(name, owner): (String, Owner)| Duty {
        person: Some(exception.person.clone()),
        about: String::from(exception.id.as_str()),
        ..Duty::new(rule, id(&name), Kind::Separate, control.as_deref().unwrap_or_default(), owner, today)
    };
    let owners = [Some(allows), keeps].into_iter().flatten();
    ways_out(&exception.id).into_iter().zip(owners).map(one).collect()
}

fn fact(event: &EventId, act: decision::Act, exception: &Exception) -> Fact {
    Fact::new(event, act)
        .detail("exception", String::from(exception.id.as_str()))
        .detail("pair", exception.pair.text())
        .detail("from", format!("{}", exception.from))
        .detail("until", format!("{}", exception.until))
        .commit("person", &Personal::new(exception.person.as_str()))
}

#[cfg(test)]
#[path = "exception_tests.rs"]
mod tests;
