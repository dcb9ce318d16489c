//! Duties: what somebody owes by a day, under which clause, and what follows when the day is over.
//!
//! Every deadline of every rule that a person must keep becomes a duty. It is opened by what starts it (a
//! change of post, the beginning of a period), stands in the to-do list of whoever owes it, is entered once
//! when it is late, and stays in view when it is done. Duties fall under the regulation that opened them.

pub mod certificate;
pub mod clock;
mod fulfil;
mod kind;
pub mod notice;
mod owner;
mod press;
pub mod recur;

pub use fulfil::{Closing, fulfil, settle};
pub use kind::Kind;
pub(crate) use owner::keepers;
pub use owner::{Owner, head_of, heading, keeper, owner_of};
use owner::{owners_of, owners_or_keepers};
pub use press::pressed;
pub(crate) use press::pressing;

use crate::account::inventory::remind;
use crate::actor::{Actor, Channel};
use crate::application::attachment::Upload;
use crate::decision::{self, Decision, Fact, Permit, Rule, Seen};
use crate::directory;
use crate::id::{DutyId, EventId, Key, LogId, PersonId, UnitId};
use crate::personal::Personal;
use crate::regulation::{ClauseId, Pack};
use crate::time::{Date, Instant};
use alloc::{format, string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// Somebody who is away, for whom another stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// Who is away.
    pub person: PersonId,
    /// Every owner that they are, under whichever of their posts.
    pub owners: Vec<Owner>,
}

/// Where a duty stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Owed.
    Open,
    /// Done.
    Done,
    /// No longer owed.
    Dropped,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Open, Self::Done, Self::Dropped];

    /// The word in rows, entries and the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Dropped => "dropped",
        }
    }

    /// The state that a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// The day on which a duty is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueDay {
    /// The last day on which it is in time.
    pub date: Date,
    /// The first moment that is late.
    pub moment: Instant,
    /// The tables of the office calendar that were asked; none where none was needed.
    pub calendar: Option<String>,
}

impl From<crate::period::Due> for DueDay {
    fn from(due: crate::period::Due) -> Self {
        Self { date: due.date, moment: due.moment, calendar: due.calendar_version }
    }
}

/// Hours wanted and hours credited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// As many as the rule wants in the period.
    pub wanted: u32,
    /// As many as were shown so far.
    pub credited: u32,
}

/// Something that is owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    /// Its identifier.
    pub id: DutyId,
    /// What is owed.
    pub kind: Kind,
    /// The control that wants it, by its id in the pack; `floor/id` for one of the floor.
    pub control: String,
    /// Who owes it.
    pub owner: Owner,
    /// The unit that it arises in.
    pub unit: Option<UnitId>,
    /// Whom it concerns, where it is about somebody.
    pub person: Option<PersonId>,
    /// What it is about: a word, a code, or whom to tell. Never personal data.
    pub about: String,
    /// The first day of its period, for what returns; else the day of the event that began it.
    pub began: Date,
    /// When it is due; none where the rule sets no day.
    pub due: Option<DueDay>,
    /// Hours that it wants, where it is measured in hours, and those that were credited so far.
    pub hours: Option<Hours>,
    /// Where it stands.
    pub state: State,
    /// When it was entered as late, if it was.
    pub late: Option<Instant>,
    /// Who closed it, and when.
    pub closed: Option<(PersonId, Instant)>,
    /// The regulation it is owed under.
    pub digest: String,
}

impl Duty {
    /// One that begins under a rule: about nothing and nobody yet, and with no day of its own.
    pub fn new(rule: Rule<'_>, id: DutyId, kind: Kind, control: &str, owner: Owner, began: Date) -> Self {
        Self {
            id,
            kind,
            control: control.into(),
            owner,
            unit: None,
            person: None,
            about: String::new(),
            began,
            due: None,
            hours: None,
            state: State::Open,
            late: None,
            closed: None,
            digest: rule.reference.digest.clone(),
        }
    }

    /// The revision key of its row.
    pub fn key(&self, log: &LogId) -> Key {
        key(log, &self.id)
    }

    /// Whether it is owed by somebody who acts so, or by one of those for whom they stand in.
    pub fn is_owed_by(&self, actor: &Actor, absent: &[Absent]) -> bool {
        self.is_own(actor) || self.stood_for(absent).is_some()
    }

    /// Whether it is owed by somebody who acts so, and not for another.
    pub fn is_own(&self, actor: &Actor) -> bool {
        Owner::of(&actor.person, &actor.role, &actor.unit).contains(&self.owner)
    }

    /// Whose it is of those for whom somebody stands in, as far as a deputy can do it.
    pub fn stood_for<'a>(&self, absent: &'a [Absent]) -> Option<&'a PersonId> {
        let able = match self.owner {
            Owner::Person(_) => !self.kind.is_personal(),
            Owner::Role(_) | Owner::RoleIn(..) => self.kind.is_deputed(),
        };
        absent.iter().find(|one| able && one.owners.contains(&self.owner)).map(|one| &one.person)
    }

    /// Whether another day than the one it has is meant.
    pub fn is_due_otherwise(&self, new: &DueDay) -> bool {
        self.due.as_ref().is_none_or(|old| (new.date, new.moment) != (old.date, old.moment))
    }

    /// Whether it should have been done by now.
    pub fn is_late(&self, now: Instant) -> bool {
        self.state == State::Open && self.due.as_ref().is_some_and(|due| due.moment <= now)
    }
}

/// The revision key of a duty.
pub fn key(log: &LogId, id: &DutyId) -> Key {
    Key::new(log, "duty", id.as_str())
}

/// What becomes of the rows of duties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is owed from now on.
    Opened(alloc::boxed::Box<Duty>),
    /// It is closed.
    Closed {
        /// Which.
        id: DutyId,
        /// Done, or no longer owed.
        state: State,
        /// By whom.
        by: PersonId,
        /// What was said.
        note: Personal,
        /// When.
        at: Instant,
    },
    /// A part of what it wants was shown.
    Credited {
        /// Which.
        id: DutyId,
        /// Hours credited by now.
        credited: u32,
        /// What was shown.
        note: Personal,
    },
    /// A file that shows it was sent.
    Attached(DutyId, Upload),
    /// It is late, and that is entered.
    Late {
        /// Which.
        id: DutyId,
        /// When.
        at: Instant,
    },
    /// It is due on another day than before, because the office calendar was issued again.
    Moved {
        /// Which.
        id: DutyId,
        /// The new day.
        due: DueDay,
    },
    /// It is somebody else's, for whoever owed it holds no post, or holds one now.
    PassedOn {
        /// Which.
        id: DutyId,
        /// Whose it is.
        owner: Owner,
    },
}

/// Adds a duty to a decision of the same log that starts it.
pub(crate) fn opening(decision: Decision, log: &LogId, duty: Duty) -> Decision {
    let row = duty.key(log);
    decision.change(row, decision::Change::Duty(Change::Opened(alloc::boxed::Box::new(duty))))
}

/// Opens a duty that a period brings, with those that are a part of it.
pub fn owe(
    rule: Rule<'_>,
    log: &LogId,
    duty: Duty,
    parts: Vec<Duty>,
    seen: Seen,
    event: &EventId,
    now: Instant,
) -> Decision {
    let fact = fact(event, "duty.opened", &duty).under(&clauses(rule.pack, &duty));
    let fact = match &duty.due {
        Some(due) => fact.detail("due", format!("{}", due.date)),
        None => fact,
    };
    let opened = opening(Decision::new(timed(rule, log, now), fact).seeing([seen]), log, duty);
    parts.into_iter().fold(opened, |decision, part| opening(decision, log, part))
}

/// Adds to a decision of the same log that a duty is closed by it.
pub(crate) fn closing(decision: Decision, log: &LogId, duty: &Duty, state: State, by: &PersonId) -> Decision {
    let (id, by, at) = (duty.id.clone(), by.clone(), decision.permit().at());
    let change = Change::Closed { id, state, by, note: Personal::default(), at };
    decision.change(duty.key(log), decision::Change::Duty(change))
}

/// Whether an entry shows that a clause was followed, or that something was refused under it: that something
/// is owed, or late, or somebody was reminded of it, shows neither. A change of post names the clauses of
/// what is owed for it.
pub fn shows(act: &str) -> bool {
    !matches!(act, "duty.opened" | "duty.late" | "directory.posted" | remind::ACT)
}

/// Enters that a duty is late: once, whatever happens then.
pub fn late(rule: Rule<'_>, log: &LogId, duty: &Duty, seen: Seen, event: &EventId, now: Instant) -> Decision {
    let change = Change::Late { id: duty.id.clone(), at: now };
    let fact = fact(event, "duty.late", duty).outcome("late").under(&clauses(rule.pack, duty));
    Decision::new(timed(rule, log, now), fact)
        .seeing([seen])
        .change(duty.key(log), decision::Change::Duty(change))
}

/// Enters that the office calendar was issued again and a duty is due on another day now.
pub fn moved(
    rule: Rule<'_>,
    log: &LogId,
    duty: &Duty,
    due: DueDay,
    seen: Seen,
    event: &EventId,
    now: Instant,
) -> Decision {
    let before = duty.due.as_ref().map(|due| format!("{}", due.date)).unwrap_or_default();
    let fact = fact(event, "duty.moved", duty)
        .detail("from", before)
        .detail("due", format!("{}", due.date))
        .detail("calendar", due.calendar.clone().unwrap_or_default());
    Decision::new(timed(rule, log, now), fact)
        .seeing([seen])
        .change(duty.key(log), decision::Change::Duty(Change::Moved { id: duty.id.clone(), due }))
}

/// Passes a duty of a head on to whoever owes it as the posts are held now.
pub fn passed_on(
    rule: Rule<'_>,
    log: &LogId,
    duty: &Duty,
    owner: Owner,
    seen: Seen,
    event: &EventId,
    now: Instant,
) -> Decision {
    let fact = fact(event, "duty.passed-on", duty).detail("owner", owner.text());
    let change = Change::PassedOn { id: duty.id.clone(), owner };
    Decision::new(timed(rule, log, now), fact)
        .seeing([seen])
        .change(duty.key(log), decision::Change::Duty(change))
}

/// Drops a duty that nobody owes any more, for its owner has no post.
pub fn dropped(
    rule: Rule<'_>,
    log: &LogId,
    duty: &Duty,
    seen: Seen,
    event: &EventId,
    now: Instant,
) -> Decision {
    let permit = timed(rule, log, now);
    let by = permit.actor().person.clone();
    let decision = Decision::new(permit, fact(event, "duty.dropped", duty)).seeing([seen]);
    closing(decision, log, duty, State::Dropped, &by)
}

/// The identifier of the supervisor's duty to see to a list by which work is handed over.
pub(crate) fn supervising(list: &str) -> String {
    format!("du-{list}-1")
}

/// What a timer may do under a rule: keep its clocks.
pub(crate) fn timed(rule: Rule<'_>, log: &LogId, now: Instant) -> Permit {
    let actor = Actor { channel: Channel::Timer, ..directory::operator(log) };
    Permit::under(rule.reference, &actor, &[], now)
}

/// The clauses that want a duty.
pub fn clauses(pack: &Pack, duty: &Duty) -> Vec<ClauseId> {
    if duty.kind == Kind::Deputy {
        return pack.role(&duty.control).map(|role| role.clauses.clone()).unwrap_or_default();
    }
    pack.control_or_floor(&duty.control).map(|control| control.clauses.clone()).unwrap_or_default()
}

fn fact(event: &EventId, act: &'static str, duty: &Duty) -> Fact {
    let fact = Fact::new(event, act)
        .detail("duty", duty.id.as_str())
        .detail("kind", duty.kind.word())
        .detail("control", duty.control.as_str());
    match &duty.person {
        Some(person) => fact.commit("person", &Personal::new(person.as_str())),
        None => fact,
    }
}

#[cfg(test)]
mod tests;
