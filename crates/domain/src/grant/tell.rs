//! Telling providers that a right has ended: what is to be told, that it was acknowledged, and what silence
//! brings.
//!
//! A message is written down with an entry before anybody is told, and is told until it is acknowledged. Its
//! name is the same however often it is told, so that a provider that hears it twice knows it again.

use super::permission::{self, Permission, Stop};
use super::scope;
use crate::decision::{self, Decision, Fact, Rule, Seen};
use crate::duty::{self, DueDay, Duty, Kind, Owner, State, clock, keeper};
use crate::grant;
use crate::id::{DutyId, EventId, Key, LogId, PermissionId, PersonId, TellingId};
use crate::period::Calendar;
use crate::personal::Personal;
use crate::regulation::{Adapter, DataSource, Deadline, Pack, Ruled};
use crate::time::Instant;
use alloc::{format, string::String, vec, vec::Vec};

/// The party that a letter goes to where the source has no interface.
const PROVIDER: &str = "party:provider";

/// What a provider is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// Its identifier, by which the provider knows it again.
    pub id: TellingId,
    /// The permission that has ended.
    pub permission: PermissionId,
    /// Whose it was.
    pub person: PersonId,
    /// The source whose provider is told.
    pub source: String,
    /// The items of its datasets that are open no more, each as `dataset/item`.
    pub items: Vec<String>,
    /// When it ended.
    pub ended: Instant,
    /// Whether it may come back by itself, as after a leave.
    pub for_now: bool,
    /// The first moment at which the provider's silence is too long.
    pub due: Instant,
    /// When it was acknowledged.
    pub told: Option<Instant>,
    /// The regulation it is owed under.
    pub digest: String,
}

impl Telling {
    /// The revision key of its row.
    pub fn key(&self, log: &LogId) -> Key {
        Key::new(log, "telling", self.id.as_str())
    }
}

/// What follows for providers from a permission that was stopped.
#[derive(Clone, Debug, Default)]
pub struct Tellings {
    /// Messages to interfaces.
    pub messages: Vec<Telling>,
    /// Letters to those who have none.
    pub letters: Vec<Duty>,
}

/// What has to be told of a stopped permission, source by source: nothing of what its owner may look up all
/// the same by another one. `name` makes identifiers that every node makes alike.
pub fn tellings(
    rule: Rule<'_>,
    one: &Permission,
    held: &[Permission],
    calendar: &Calendar,
    name: &dyn Fn(&str) -> DutyId,
    now: Instant,
) -> Tellings {
    let Some((why, ended)) = one.stopped else { return Tellings::default() };
    let others = held.iter().filter(|other| other.runs(now) && other.id != one.id);
    let codes: Vec<String> = others.flat_map(|other| other.items.iter().cloned()).collect();
    let still = scope::opened(rule.pack, &codes);
    let mut all = Tellings::default();
    for source in rule.pack.told_sources() {
        let own = scope::opened(rule.pack, &one.items).into_iter();
        let items = own.filter(|item| is_of(rule.pack, item, &source.value.id) && !still.contains(item));
        let items: Vec<String> = items.collect();
        let Some(within) = source.value.ended_rights.as_ref().filter(|_| !items.is_empty()) else { continue };
        let due = due(within, ended, calendar);
        let id = format!("{} {} {}", one.id, source.value.id, ended.micros());
        if source.value.adapter != Adapter::HttpJson {
            all.letters.extend(letter(rule, one, &source, due, name(&format!("tell {id}"))));
            continue;
        }
        all.messages.push(Telling {
            id: TellingId::new(name(&format!("telling {id}")).as_str()),
            permission: one.id.clone(),
            person: one.person.clone(),
            source: source.value.id.clone(),
            items,
            ended,
            for_now: matches!(why, Stop::OnLeave | Stop::Lapsed),
            due: due.moment,
            told: None,
            digest: rule.reference.digest.clone(),
        });
    }
    all
}

fn is_of(pack: &Pack, item: &str, source: &str) -> bool {
    let dataset = item.split('/').next().and_then(|id| pack.dataset(id));
    dataset.is_some_and(|dataset| dataset.value.source == source)
}

/// The day of a span; where the office calendar does not reach, the day of the end itself.
fn due(within: &Deadline, ended: Instant, calendar: &Calendar) -> DueDay {
    let plain = || DueDay { date: ended.date(), moment: ended.date().end(), calendar: None };
    clock::due(within, ended, calendar).map_or_else(|_| plain(), DueDay::from)
}

/// The duty to write to a provider that has no interface.
fn letter(
    rule: Rule<'_>,
    one: &Permission,
    source: &Ruled<DataSource>,
    due: DueDay,
    id: DutyId,
) -> Option<Duty> {
    let owner = keeper(rule.pack)?;
    Some(Duty { kind: Kind::Notify, about: PROVIDER.into(), ..blank(rule, one, source, owner, due, id) })
}

fn blank(
    rule: Rule<'_>,
    one: &Permission,
    source: &Ruled<DataSource>,
    owner: Owner,
    due: DueDay,
    id: DutyId,
) -> Duty {
    Duty {
        unit: Some(one.unit.clone()),
        person: Some(one.person.clone()),
        about: format!("{}", one.id),
        due: Some(due),
        ..Duty::new(
            rule,
            id,
            Kind::Tell,
            &source.control,
            owner,
            one.stopped.map_or(one.from, |(_, at)| at).date(),
        )
    }
}

/// Writes down what providers are to be told of a stopped permission, once.
pub fn queue(
    rule: Rule<'_>,
    log: &LogId,
    one: &Permission,
    tellings: Tellings,
    seen: Vec<Seen>,
    event: &EventId,
    now: Instant,
) -> Decision {
    let Tellings { messages, letters } = tellings;
    let sources: Vec<String> = messages.iter().map(|message| message.source.clone()).collect();
    let fact = Fact::new(event, "grant.telling")
        .detail("permission", one.id.as_str())
        .detail("sources", sources)
        .detail("letters", i64::try_from(letters.len()).unwrap_or(i64::MAX))
        .commit("person", &Personal::new(one.person.as_str()));
    let queued = grant::Change::Queued { id: one.id.clone(), at: now };
    let decision = Decision::new(duty::timed(rule, log, now), fact)
        .seeing(seen)
        .change(permission::key(log, &one.person), decision::Change::Grant(queued));
    let decision = messages.into_iter().fold(decision, |decision, message| {
        let row = message.key(log);
        decision.change(row, decision::Change::Grant(grant::Change::Telling(message)))
    });
    letters.into_iter().fold(decision, |decision, letter| duty::opening(decision, log, letter))
}

/// Enters that a provider has acknowledged a message; the duty to see to it is done with that.
pub fn told(
    rule: Rule<'_>,
    log: &LogId,
    message: &Telling,
    owed: Option<&Duty>,
    seen: Vec<Seen>,
    event: &EventId,
    now: Instant,
) -> Decision {
    let fact = Fact::new(event, "grant.told")
        .detail("permission", message.permission.as_str())
        .detail("source", message.source.as_str())
        .detail("telling", message.id.as_str());
    let told = grant::Change::Told { id: message.id.clone(), at: now };
    let decision = Decision::new(duty::timed(rule, log, now), fact)
        .seeing(seen)
        .change(message.key(log), decision::Change::Grant(told));
    let by = decision.permit().actor().person.clone();
    match owed {
        Some(owed) => duty::closing(decision, log, owed, State::Done, &by),
        None => decision,
    }
}

/// Makes it a duty of whoever runs the accounts to see to a provider that has been silent for too long; none
/// where the rule names nobody, or its source no more.
pub fn silent(
    rule: Rule<'_>,
    log: &LogId,
    one: &Permission,
    message: &Telling,
    (id, seen): (DutyId, [Seen; 2]),
    (event, now): (&EventId, Instant),
) -> Option<Decision> {
    let owner = keeper(rule.pack)?;
    let source = rule.pack.source(&message.source)?;
    let last = Instant::from_micros(message.due.micros() - 1).date();
    let due = DueDay { date: last, moment: message.due, calendar: None };
    let duty = blank(rule, one, &source, owner, due, id);
    let [duty_seen, message_seen] = seen;
    let pressed = grant::Change::Pressed { id: message.id.clone(), at: now };
    let owed = duty::owe(rule, log, duty, vec![], duty_seen, event, now);
    Some(owed.seeing([message_seen]).change(message.key(log), decision::Change::Grant(pressed)))
}
