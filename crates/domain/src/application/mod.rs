//! Applications: a form of the rule, filled in, and its way along the chain that the rule sets.
//!
//! The form, the chain and every word of both come from the pack. Here stands what holds for all of them:
//! who may act when, that nobody approves what they asked for, and that a right follows from an approval
//! only.

pub mod account;
pub mod act;
pub mod attachment;
pub mod claim;
pub mod consult;
pub mod form;
pub mod hinge;
pub mod invented;
pub mod keeping;
pub mod outcome;
pub mod route;
pub mod silence;
pub mod submit;

#[cfg(test)]
mod tests;

use crate::actor::Actor;
use crate::decision::RuleRef;
use crate::id::{ApplicationId, AssignmentId, Key, LogId, PersonId, UnitId};
use crate::letter::Came;
use crate::personal::Personal;
use crate::regulation::{ApplicationObject, ApprovalChain, Pack, Ruled, Situation};
use crate::time::{Date, Instant};
use alloc::{boxed::Box, collections::BTreeMap, string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// What stands in the fields of a form, by the name of the field.
pub type Answers = BTreeMap<String, Entry>;

/// What stands in one field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Entry {
    /// The text, or the codes that were chosen.
    pub values: Vec<String>,
    /// The words behind a chosen code, where its line has some.
    pub words: BTreeMap<String, String>,
    /// The rows of a table, each by the names of its columns.
    pub rows: Vec<BTreeMap<String, String>>,
}

impl Entry {
    /// A field of one text.
    pub fn text(text: impl Into<String>) -> Self {
        Self { values: Vec::from([text.into()]), ..Self::default() }
    }

    /// The text, or the one code that was chosen; empty where there is none.
    pub fn value(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }

    /// Whether nothing was entered.
    pub fn is_empty(&self) -> bool {
        self.values.iter().all(|value| value.trim().is_empty()) && self.rows.is_empty()
    }
}

/// Where an application stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Being written; only its author sees it.
    Draft,
    /// On its way along the chain.
    Running,
    /// Sent back to be mended.
    Returned,
    /// Approved, and not yet carried out.
    Approved,
    /// Approved, and carried out where the chain says so.
    Done,
    /// Refused; a new one may be made.
    Refused,
    /// Given up by its author.
    Cancelled,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Draft,
        Self::Running,
        Self::Returned,
        Self::Approved,
        Self::Done,
        Self::Refused,
        Self::Cancelled,
    ];

    /// The word in rows, entries and the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Running => "running",
            Self::Returned => "returned",
            Self::Approved => "approved",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state that a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Whether its author may write in it.
    pub fn is_open_to_author(self) -> bool {
        matches!(self, Self::Draft | Self::Returned)
    }

    /// Whether somebody of the chain has to act.
    pub fn is_on_its_way(self) -> bool {
        matches!(self, Self::Running | Self::Approved)
    }
}

/// What is applied for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Something new.
    Create,
    /// A change of what there is.
    Change,
    /// An end of what there is.
    Cancel,
}

impl Action {
    /// The word in rows, entries and packs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Change => "change",
            Self::Cancel => "cancel",
        }
    }

    /// The action that a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Create, Self::Change, Self::Cancel].into_iter().find(|action| action.word() == word)
    }
}

/// What somebody of the chain gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Yes, as far as it is theirs to say.
    Agree,
    /// An opinion against it, from somebody who is only asked.
    Object,
    /// Back to its author, who must mend it.
    Return,
    /// No.
    Refuse,
    /// What was decided is carried out.
    CarryOut,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Agree, Self::Object, Self::Return, Self::Refuse, Self::CarryOut];

    /// The word in rows, entries and the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Agree => "agree",
            Self::Object => "object",
            Self::Return => "return",
            Self::Refuse => "refuse",
            Self::CarryOut => "carry-out",
        }
    }

    /// The verdict that a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.word() == word)
    }
}

/// An application, without what stands in its form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// Its record code.
    pub id: ApplicationId,
    /// What it asks to be approved; chooses the chain.
    pub object: String,
    /// The form of the rule.
    pub form: String,
    /// What is applied for.
    pub action: Action,
    /// Who wrote it.
    pub author: PersonId,
    /// Under which assignment.
    pub assignment: AssignmentId,
    /// In which unit.
    pub unit: UnitId,
    /// The organisation of that unit, by its id in the pack.
    pub organisation: String,
    /// The role of the author, by its id in the pack.
    pub role: String,
    /// Whom it is for; the author where nobody else is named.
    pub people: Vec<PersonId>,
    /// What is ticked in the form, where ticks open something.
    pub items: Vec<String>,
    /// Where it stands.
    pub state: State,
    /// The step of the chain that must act, counted from zero.
    pub step: usize,
    /// How often it was put forward: each time its stamps are gathered anew.
    pub version: u32,
    /// When the author last put it forward, or wrote in it.
    pub at: Instant,
    /// When it came to the step that has it now.
    pub since: Instant,
    /// The regulation it runs under to its end.
    pub digest: String,
    /// When what stood in it was destroyed, for the time of keeping it was over.
    #[serde(default)]
    pub destroyed: Option<Instant>,
}

impl Application {
    /// A draft of an author under the rule in force, for nobody yet but the author.
    pub fn new(
        id: &ApplicationId,
        object: &str,
        form: &str,
        author: &Actor,
        rule: &RuleRef,
        now: Instant,
    ) -> Self {
        Self {
            id: id.clone(),
            object: object.into(),
            form: form.into(),
            action: Action::Create,
            author: author.person.clone(),
            assignment: author.assignment.clone(),
            unit: author.unit.clone(),
            organisation: author.organisation.clone(),
            role: author.role.clone(),
            people: Vec::from([author.person.clone()]),
            items: Vec::new(),
            state: State::Draft,
            step: 0,
            version: 0,
            at: now,
            since: now,
            digest: rule.digest.clone(),
            destroyed: None,
        }
    }

    /// The same under the post that its author holds now, who writes in it.
    #[must_use]
    pub fn written_by(self, author: &Actor) -> Self {
        Self {
            assignment: author.assignment.clone(),
            unit: author.unit.clone(),
            organisation: author.organisation.clone(),
            role: author.role.clone(),
            ..self
        }
    }

    /// The revision key of its row.
    pub fn key(&self, log: &LogId) -> Key {
        Key::new(log, "application", self.id.as_str())
    }

    /// The situation that conditions of its form and its chain are asked about, whoever asks.
    pub fn situation(&self) -> Situation<'_> {
        situation(&self.object, &self.role, &self.organisation)
    }

    /// Whether the outcome touches this person, who therefore has no say in it.
    pub fn concerns(&self, person: &PersonId) -> bool {
        self.author == *person || self.people.contains(person)
    }
}

/// In what right somebody acts at a step; one's own goes before what others gave.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Right {
    /// One's own: that of the post.
    #[default]
    Own,
    /// What this head delegated; the delegate acts in their own name.
    Delegate(PersonId),
    /// That of somebody who is away, and for whom a deputy acts.
    Deputy(PersonId),
}

impl Right {
    /// Whose it is, where it is not one's own.
    pub fn whose(&self) -> Option<&PersonId> {
        self.delegated_by().or_else(|| self.stands_for())
    }

    /// The head who delegated it.
    pub fn delegated_by(&self) -> Option<&PersonId> {
        match self {
            Self::Delegate(head) => Some(head),
            Self::Own | Self::Deputy(_) => None,
        }
    }

    /// The one who is away.
    pub fn stands_for(&self) -> Option<&PersonId> {
        match self {
            Self::Deputy(away) => Some(away),
            Self::Own | Self::Delegate(_) => None,
        }
    }
}

/// What goes with a verdict where the form prints its results.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// The result that is chosen, by its code.
    pub outcome: Option<String>,
    /// The first day, where the result lets one be set.
    pub effective: Option<Date>,
    /// The ticks that are left out, where the result lets them be.
    pub left_out: Vec<String>,
}

/// What one person gave at one step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The version it was given on.
    pub version: u32,
    /// The step, counted from zero.
    pub step: usize,
    /// Whose part of the step it fills, counted from zero: of those asked side by side.
    pub part: usize,
    /// Who gave it.
    pub by: PersonId,
    /// In what right.
    pub right: Right,
    /// What was given.
    pub verdict: Verdict,
    /// What goes with it.
    #[serde(default)]
    pub ruling: Ruling,
    /// With a return: the fields that are to be mended.
    pub fields: Vec<String>,
    /// The letter by which a body outside gave it, where one did.
    #[serde(default)]
    pub letter: Option<Came>,
    /// When.
    pub at: Instant,
}

/// What becomes of the rows of applications.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is written down for the first time, or its author wrote in it.
    Saved(Application, Answers),
    /// Its author put it forward: what it says is now kept as a version.
    Submitted(Application, Answers),
    /// Somebody of the chain gave a stamp, with words.
    Stamped(Application, Box<Stamp>, Personal),
    /// Its author took it back or gave it up.
    Moved(Application),
    /// Somebody has taken on a part of the step that has it.
    Claimed(Application, claim::Claim),
    /// What somebody had taken on is let go.
    Released(Application, claim::Claim),
    /// What stands in it is destroyed, with its files and words.
    Destroyed(Application),
    /// A file travels with it from now on.
    Attached(Application, Box<attachment::Upload>),
    /// A colleague is asked for an opinion, in words.
    Asked(Application, Box<consult::Question>, Personal),
    /// A colleague who was asked gave an opinion, in words, or declined to.
    Replied(Application, Box<consult::Question>, Personal),
}

/// The situation of an author's application.
pub fn situation<'a>(object: &'a str, role: &'a str, organisation: &'a str) -> Situation<'a> {
    Situation { object: Some(object), role: Some(role), unit: Some(organisation), ..Situation::default() }
}

/// The chain that an application of this kind takes.
pub fn chain(pack: &Pack, object: &str, situation: &Situation<'_>) -> Option<Ruled<ApprovalChain>> {
    pack.approval_chain(ApplicationObject::named(object)?, situation)
}
