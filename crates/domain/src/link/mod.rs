//! Links: the technical way to a provider's data, applied for by the agency, approved for a term by the
//! provider, tested, used, gone through every year, and ended by letter.
//!
//! The way to a link is that of every application. What an approval opens, what may be done with it and when
//! it ends stands here; every term and every day of it comes from the rule.

pub mod clock;
pub mod end;
pub mod open;
pub mod review;
pub mod trial;

#[cfg(test)]
mod tests;

use crate::actor::Actor;
use crate::decision::{self, Decision, Fact};
use crate::id::{ApplicationId, DutyId, EventId, Key, LinkId, LogId, PersonId};
use crate::personal::Personal;
use crate::refusal::{Help, Reason, Refusal};
use crate::regulation::{ClauseId, Pack};
use crate::time::{Date, Instant};
use alloc::{boxed::Box, string::String, vec::Vec};
use serde::{Deserialize, Serialize};

/// Most characters of the words that go with an act on a link.
const NOTE_MAX: usize = 500;

/// Why a link is over, or will be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// Its term is over and nobody renewed it.
    Expired,
    /// A later one took its place.
    Renewed,
    /// It was found that nobody needs it.
    Unneeded,
    /// Nobody used it for as long as the rule allows.
    Unused,
}

impl End {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Expired, Self::Renewed, Self::Unneeded, Self::Unused];

    /// The word in rows, entries and the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Renewed => "renewed",
            Self::Unneeded => "unneeded",
            Self::Unused => "unused",
        }
    }

    /// The end that a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|end| end.word() == word)
    }
}

/// The bodies of a link, each as the application names it; empty where it names none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parties {
    /// Whose data they are.
    pub provider: String,
    /// The authority for which the link is.
    pub linking: String,
    /// Who holds the data without being that authority.
    pub holding: String,
    /// Who uses them.
    pub using: String,
}

/// A link test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Test {
    /// Whether it was passed.
    pub passed: bool,
    /// On which day.
    pub on: Date,
    /// Who entered it.
    pub by: PersonId,
}

/// A link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Its record code: that of the application it follows from, where it follows from one.
    pub id: LinkId,
    /// The datasets of the rule that are reached by it.
    pub datasets: Vec<String>,
    /// The bodies with a part in it.
    pub parties: Parties,
    /// The officer in charge.
    pub officer: PersonId,
    /// The application it follows from; none where it was there before this system.
    pub application: Option<ApplicationId>,
    /// The link whose place it took.
    pub former: Option<LinkId>,
    /// Its first day.
    pub from: Date,
    /// The first day on which it does not stand any more; none where the rule sets no term.
    pub until: Option<Date>,
    /// The day on which it was entered, from which disuse counts before the first use.
    pub opened: Date,
    /// Why it ends before its term, where it was decided that it does.
    pub ending: Option<End>,
    /// The last test.
    pub tested: Option<Test>,
    /// The day of its last use.
    pub used: Option<Date>,
    /// Why it is over, and since when.
    pub ended: Option<(End, Instant)>,
    /// The regulation it was opened under.
    pub digest: String,
}

impl Link {
    /// Whether it stands on a day.
    pub fn runs(&self, day: Date) -> bool {
        self.ended.is_none() && self.from <= day && self.until.is_none_or(|until| day < until)
    }

    /// Whether its last test was passed.
    pub fn passed(&self) -> bool {
        self.tested.as_ref().is_some_and(|test| test.passed)
    }

    /// Whether it reaches any of these datasets.
    pub fn reaches(&self, datasets: &[String]) -> bool {
        self.datasets.iter().any(|own| datasets.contains(own))
    }

    /// Where it stands on a day, in a word.
    pub fn state(&self, pack: &Pack, day: Date) -> &'static str {
        match (self.runs(day), self.ending) {
            (false, _) => "ended",
            (true, Some(_)) => "ending",
            (true, None) if !self.passed() && wants_test(pack) => "untested",
            (true, None) => "usable",
        }
    }

    /// The revision key of its row.
    pub fn key(&self, log: &LogId) -> Key {
        key(log, &self.id)
    }
}

/// The revision key of a link.
pub fn key(log: &LogId, id: &LinkId) -> Key {
    Key::new(log, "link", id.as_str())
}

/// Whether the rule lets no link be used before its test is passed.
pub fn wants_test(pack: &Pack) -> bool {
    pack.channel(&crate::regulation::Situation::default()).is_some_and(|rule| rule.value.link_test)
}

/// A link as far as a lookup needs it. It names nobody, so it can be kept and decided on again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Which.
    pub id: LinkId,
    /// Whether it stands today.
    pub runs: bool,
    /// The first day on which it does not stand, where that is set.
    pub until: Option<Date>,
    /// Whether its last test was passed.
    pub passed: bool,
    /// The day of its last use.
    pub used: Option<Date>,
}

impl Standing {
    /// What a lookup sees of a link on a day.
    pub fn of(link: &Link, day: Date) -> Self {
        let over = link.ended.map(|(_, at)| at.date());
        Self {
            id: link.id.clone(),
            runs: link.runs(day),
            until: over.or(link.until),
            passed: link.passed(),
            used: link.used,
        }
    }
}

/// The link that a lookup goes by: one that stands, tested where there is a choice.
pub fn way(links: &[Standing]) -> Option<&Standing> {
    let standing = || links.iter().filter(|link| link.runs);
    standing().find(|link| link.passed).or_else(|| standing().next())
}

/// Adds to a lookup by which link it goes, and once a day that the link is used. The row of use has a key of
/// its own, so that lookups do not wait for each other.
pub(crate) fn noted(decision: Decision, links: &[Standing]) -> Decision {
    let (log, today) = (decision.permit().log().clone(), decision.permit().at().date());
    match way(links).filter(|link| link.used != Some(today)) {
        Some(link) => {
            let row = Key::new(&log, "link-use", link.id.as_str());
            let used = Change::Used { id: link.id.clone(), on: today };
            decision.change(row, decision::Change::Link(used))
        }
        None => decision,
    }
}

/// Adds to an entry by which link the lookup goes.
pub(crate) fn told(fact: Fact, links: &[Standing]) -> Fact {
    match way(links) {
        Some(link) => fact.detail("link", link.id.as_str()),
        None => fact,
    }
}

/// What becomes of the rows of links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It stands from now on.
    Opened(Box<Link>),
    /// A test was made.
    Tested {
        /// Which.
        id: LinkId,
        /// The test.
        test: Test,
        /// What was said of it.
        note: Personal,
    },
    /// It was used for the first time on a day.
    Used {
        /// Which.
        id: LinkId,
        /// The day.
        on: Date,
    },
    /// It was decided that it ends on a day.
    Ending {
        /// Which.
        id: LinkId,
        /// Why.
        why: End,
        /// The first day on which it does not stand.
        until: Date,
    },
    /// It is over.
    Ended {
        /// Which.
        id: LinkId,
        /// Why.
        why: End,
        /// When.
        at: Instant,
    },
    /// Somebody went through the links and said of this one whether it is needed.
    Reviewed {
        /// The duty by which they are gone through.
        duty: DutyId,
        /// Which link.
        id: LinkId,
        /// Whether it is needed.
        keep: bool,
        /// Why.
        note: Personal,
        /// Who.
        by: PersonId,
        /// When.
        at: Instant,
    },
}

/// Whether somebody looks after links, and under which clauses of the rule they are kept.
///
/// # Errors
/// It is somebody else's; who, the refusal says.
pub fn may_keep(pack: &Pack, actor: &Actor) -> Result<Vec<ClauseId>, Refusal> {
    let clauses = pack.link_rule().map(|rule| rule.clauses).unwrap_or_default();
    let keepers = pack.link_keepers();
    if keepers.contains(&actor.role) {
        return Ok(clauses);
    }
    let keeper = keepers.into_iter().next().unwrap_or_default();
    Err(Refusal::new(Reason::NoCapacity).under_first(&clauses).helped_by(Help::Role(keeper)))
}

/// What every entry about a link says.
fn fact(event: &EventId, act: decision::Act, link: &Link, clauses: &[ClauseId]) -> Fact {
    Fact::new(event, act).of_record(link.id.as_str()).under(clauses).detail("link", link.id.as_str())
}

/// What is wrong with words that somebody has to say.
fn unworded(note: &Personal, clauses: &[ClauseId]) -> Option<Refusal> {
    let text = note.expose().trim();
    if text.is_empty() {
        return Some(Refusal::new(Reason::NoteMissing).under_first(clauses).at("note"));
    }
    let most = alloc::format!("{NOTE_MAX}");
    (text.chars().count() > NOTE_MAX)
        .then(|| Refusal::new(Reason::FieldTooLong).at("note").with("most", most))
}
