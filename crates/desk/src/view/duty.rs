//! Duties, as lists and pages show them.

use super::{ClauseCite, Due, FileView, LetterView};
use domain::duty::Kind;
use domain::regulation::Words;
use domain::time::{Date, Instant};

/// The page of duties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutiesView {
    /// The actor's own, those due first; or those that the actor closed, the last first.
    pub own: Vec<DutyView>,
    /// Others of the unit, or of the agency for whoever oversees it.
    pub others: Vec<DutyView>,
    /// Whether the reader watches over others at all.
    pub watches: bool,
    /// Where the next page of the others begins, if there is more.
    pub next: Option<String>,
}

/// Something that is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyView {
    /// Its identifier.
    pub id: String,
    /// What is owed.
    pub kind: Kind,
    /// What the regulation calls it; empty where it has no word of its own.
    pub label: Words,
    /// What is signed, for an undertaking.
    pub text: Vec<Words>,
    /// Whom to tell: a word that the locale speaks for a body outside, else the pack's own.
    pub told: Vec<(Option<String>, Words)>,
    /// Whom it concerns, if somebody.
    pub person: String,
    /// The unit that it arises in.
    pub unit: String,
    /// Who owes it.
    pub owner: Words,
    /// The clause that wants it.
    pub clause: Option<ClauseCite>,
    /// When it is due; none where the rule sets no day.
    pub due: Option<Due>,
    /// The last day that the office calendar knows, where it has no day because it would lie behind that.
    pub behind: Option<Date>,
    /// The tables of the office calendar that were asked.
    pub calendar: Option<String>,
    /// The day that began it.
    pub began: Date,
    /// Hours credited and hours wanted, where it is measured in hours.
    pub hours: Option<(u32, u32)>,
    /// `open`, `done` or `dropped`.
    pub state: &'static str,
    /// Whether it should have been done by now.
    pub late: bool,
    /// Who closed it, and when.
    pub closed: Option<(String, Instant)>,
    /// What was said.
    pub note: String,
    /// The letter that fulfils it, if one does.
    pub letter: Option<LetterView>,
    /// The files that show it.
    pub files: Vec<FileView>,
    /// Whether files can be sent with what is said, and whether one has to be.
    pub certificate: Option<bool>,
    /// Whether the actor can say here that it is done.
    pub may: bool,
    /// The page on which it is done.
    pub href: String,
    /// Where the way back to a right that has ended begins.
    pub way_back: Option<String>,
    /// The key under which a double click is carried out once.
    pub form_key: String,
}
