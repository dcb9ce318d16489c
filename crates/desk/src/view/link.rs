//! Links, as lists and pages show them.

use super::{ClauseCite, Due, DutyView, HistoryView};
use domain::regulation::Words;
use domain::time::{Date, Instant};

/// The page of links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinksView {
    /// The links, the newest first.
    pub rows: Vec<LinkRow>,
    /// Whether the reader may apply for one.
    pub applies: bool,
    /// Reviews that the reader owes, by their identifiers.
    pub reviews: Vec<String>,
}

/// A link in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkRow {
    /// Its record code.
    pub code: String,
    /// What is reached by it, in the words of the rule.
    pub datasets: Vec<Words>,
    /// Who provides, as the application names it.
    pub provider: String,
    /// The officer in charge.
    pub officer: String,
    /// Its first day.
    pub from: Date,
    /// Its last day, where that is set.
    pub until: Option<Date>,
    /// The day of its last use.
    pub used: Option<Date>,
    /// `untested`, `usable`, `ending` or `ended`.
    pub state: &'static str,
    /// Why it ends or has ended.
    pub why: Option<&'static str>,
    /// Whether it was there before this system.
    pub taken_over: bool,
    /// What is owed for it next.
    pub next: Option<DutyView>,
}

/// One link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkView {
    /// As lists have it.
    pub row: LinkRow,
    /// The bodies with a part in it, each by its word.
    pub parties: [(&'static str, String); 4],
    /// The application that it follows from.
    pub application: Option<String>,
    /// The link whose place it took.
    pub former: Option<String>,
    /// Whether the last test was passed, its day, and who entered it.
    pub tested: Option<(bool, Date, String)>,
    /// What was said of the test.
    pub note: String,
    /// What was said when links were gone through.
    pub said: Vec<LinkSaidView>,
    /// What is owed for it.
    pub duties: Vec<DutyView>,
    /// The clauses by which it is kept.
    pub clauses: Vec<ClauseCite>,
    /// Whether the reader may enter a test.
    pub may_test: bool,
    /// Whether the reader may decide that it ends.
    pub may_end: bool,
    /// The earliest day on which it can end.
    pub earliest: Date,
    /// Whether the reader is asked if it is needed.
    pub may_need: bool,
    /// Whether the reader may apply for its renewal.
    pub may_renew: bool,
    /// What happened.
    pub history: Vec<HistoryView>,
    /// The key under which a double click is carried out once.
    pub form_key: String,
}

/// What was said of a link when all were gone through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkSaidView {
    /// Whether it was needed.
    pub keep: bool,
    /// Why.
    pub note: String,
    /// Who said so.
    pub by: String,
    /// When.
    pub at: Instant,
}

/// The page on which links are gone through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkReviewView {
    /// The duty.
    pub id: String,
    /// The links.
    pub rows: Vec<LinkRow>,
    /// The clause that wants it.
    pub clause: Option<ClauseCite>,
    /// By when.
    pub due: Option<Due>,
    /// Whether it is still to be done.
    pub open: bool,
    /// Whether the reader does it.
    pub may: bool,
    /// The key under which a double click is carried out once.
    pub form_key: String,
}
