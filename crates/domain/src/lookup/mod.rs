//! From the wish to look somebody up to the stamp on its record sheet.
//!
//! One file a command. The same commands serve rules that want the stamp before the data and rules
//! that want it after: the regulation's `countersign` control alone decides which.

pub mod answer;
pub mod ask;
pub mod checks;
pub mod correct;
pub mod countersign;
pub mod explanation;
pub mod review;
pub mod run;
pub mod search;

use crate::actor::Actor;
use crate::directory::contract::Contract;
use crate::directory::workstation::Workstation;
use crate::id::{AssignmentId, BatchId, CaseId, Key, LogId, LookupId, PersonId, UnitId};
use crate::link::Standing;
use crate::personal::Personal;
use crate::time::Instant;
use alloc::{string::String, vec, vec::Vec};
use explanation::Lights;
use serde::{Deserialize, Serialize};

/// Where a lookup stands between the wish and the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Waits for the stamp that the rule wants before the data.
    Requested,
    /// Stamped beforehand; good once.
    Approved,
    /// The entry is durable and the provider is being asked.
    Asked,
    /// The provider answered, with data or with nobody.
    Answered,
    /// The provider gave nothing that can be used; nothing was disclosed.
    NotObtained,
    /// The process died or the line broke between entry and answer.
    Unknown,
}

impl State {
    /// All states, for the policy table.
    pub const ALL: [State; 6] = [
        State::Requested,
        State::Approved,
        State::Asked,
        State::Answered,
        State::NotObtained,
        State::Unknown,
    ];

    /// The word that is stored, sent and translated.
    pub fn word(self) -> &'static str {
        match self {
            State::Requested => "requested",
            State::Approved => "approved",
            State::Asked => "asked",
            State::Answered => "answered",
            State::NotObtained => "not-obtained",
            State::Unknown => "unknown",
        }
    }

    /// Reads a stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// Where the record sheet stands between its maker and the supervisor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stamp {
    /// The rule wants none.
    NotWanted,
    /// The data must be there first; then it waits.
    Later,
    /// Waits for the stamp.
    Awaiting,
    /// Stamped.
    Stamped,
    /// Returned to its maker.
    Returned,
    /// Marked for an investigation.
    Anomaly,
}

impl Stamp {
    /// All stamp states.
    pub const ALL: [Stamp; 6] =
        [Stamp::NotWanted, Stamp::Later, Stamp::Awaiting, Stamp::Stamped, Stamp::Returned, Stamp::Anomaly];

    /// The word that is stored, sent and translated.
    pub fn word(self) -> &'static str {
        match self {
            Stamp::NotWanted => "not-wanted",
            Stamp::Later => "later",
            Stamp::Awaiting => "awaiting",
            Stamp::Stamped => "stamped",
            Stamp::Returned => "returned",
            Stamp::Anomaly => "anomaly",
        }
    }

    /// Reads a stored word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stamp| stamp.word() == word)
    }
}

/// What a rule sees of a lookup that exists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lookup {
    /// Its record code.
    pub id: LookupId,
    /// Who asked.
    pub asker: PersonId,
    /// Under which assignment.
    pub assignment: AssignmentId,
    /// In which unit.
    pub unit: UnitId,
    /// For which case, if one exists.
    pub case: Option<CaseId>,
    /// The purpose's code.
    pub purpose: String,
    /// The legal basis's code.
    pub basis: String,
    /// Items, each as `dataset/item`.
    pub items: Vec<String>,
    /// Where it stands.
    pub state: State,
    /// Where its sheet stands.
    pub stamp: Stamp,
    /// When it was requested or asked.
    pub at: Instant,
    /// When it was stamped.
    pub stamped_at: Option<Instant>,
    /// What the case explains about it.
    pub lights: Lights,
    /// Whether a supervisor opened it and found it matching.
    pub judged: bool,
    /// The digest of the regulation it runs under.
    pub digest: String,
    /// The roles of the asker's posts, where they had several and the regulation asked for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held_roles: Vec<String>,
}

impl Lookup {
    /// The revision key in the agency's log.
    pub fn key(&self, log: &LogId) -> Key {
        key(log, &self.id)
    }
}

/// What is kept, sealed, of the grounds of a decision on lookups that exist, so that it can be made
/// again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kept {
    /// Who acted, and as what.
    pub actor: Actor,
    /// On which rows, as they stood.
    pub rows: Vec<KeptRow>,
    /// For a run: the links that reached the data.
    #[serde(default)]
    pub links: Vec<Standing>,
    /// For a run: the contracts that named the actor.
    #[serde(default)]
    pub contracts: Vec<Contract>,
    /// For a run: the machine that it came from.
    #[serde(default)]
    pub machine: Option<Workstation>,
}

/// One lookup as a decision found it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeptRow {
    /// The lookup.
    pub lookup: Lookup,
    /// For a stamp: whether it was drawn for opening. For a second look: whether the answer was
    /// still parked.
    pub marked: bool,
}

impl Kept {
    /// One row.
    pub(crate) fn one(actor: &Actor, lookup: &Lookup, marked: bool) -> Self {
        Self {
            actor: actor.clone(),
            rows: alloc::vec![KeptRow { lookup: lookup.clone(), marked }],
            links: vec![],
            contracts: vec![],
            machine: None,
        }
    }
}

/// The revision key of a lookup.
pub fn key(log: &LogId, id: &LookupId) -> Key {
    Key::new(log, "lookup", id.as_str())
}

/// A lookup as it is first written: the plain part and what gets sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct New {
    /// The plain part.
    pub lookup: Lookup,
    /// Where the request came from.
    pub place: String,
    /// The network address of the machine.
    pub address: String,
    /// Everything personal, sealed as one.
    pub sheet: Sheet,
}

/// The personal part of a record sheet. It is sealed whole under one key of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// The case number as typed.
    pub case_number: String,
    /// The subject's key, such as a national number.
    pub subject: Personal,
    /// The subject's name, where the case knows it.
    pub name: Personal,
    /// What the person is in the case.
    pub role: String,
    /// Free words to the purpose.
    pub purpose_text: Personal,
    /// The statute and article, where the basis wants them written out.
    pub basis_text: Personal,
    /// Why somebody is looked up who is not a party of the case.
    pub outside_reason: Personal,
    /// Every later version of the free words stays: corrections, newest last.
    pub corrections: Vec<Personal>,
}

/// What becomes of the rows of lookups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A new lookup, requested or asked.
    New(alloc::boxed::Box<New>),
    /// It moved on.
    Moved {
        /// Which.
        id: LookupId,
        /// To where.
        state: State,
        /// And its sheet.
        stamp: Stamp,
        /// When.
        at: Instant,
    },
    /// A supervisor opened and judged it.
    Judged {
        /// Which.
        id: LookupId,
        /// Where the sheet stands now.
        stamp: Stamp,
        /// Whether it was found matching.
        matching: bool,
        /// By whom.
        by: PersonId,
        /// The supervisor's words.
        note: Personal,
        /// When.
        at: Instant,
    },
    /// It was stamped as one of a batch.
    Stamped {
        /// Which.
        id: LookupId,
        /// Where it stands now: approved, if the stamp came before the data.
        state: State,
        /// The batch.
        batch: BatchId,
        /// By whom.
        by: PersonId,
        /// When.
        at: Instant,
    },
    /// Its maker corrected the sheet.
    Corrected {
        /// Which.
        id: LookupId,
        /// The sheet with the correction added.
        sheet: Sheet,
        /// The case, if the correction named one.
        case: Option<CaseId>,
        /// What the case explains now.
        lights: Lights,
        /// When.
        at: Instant,
    },
}
