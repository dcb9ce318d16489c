//! Lookups, their records and the countersign queue, as lists and pages show them.

use super::{ChoiceView, Due, LightView, PartyView, RefusalView, Tally};
use domain::Personal;
use domain::regulation::Words;
use domain::time::{Date, Instant};

/// The new-lookup page with what a case fills in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftView {
    /// The case, if one was named and found.
    pub case: Option<CaseView>,
    /// What the form asks for as case number, in the pack's word.
    pub purposes: Vec<ChoiceView>,
    /// Legal bases.
    pub bases: Vec<ChoiceView>,
    /// Items of all datasets of the rule.
    pub items: Vec<ChoiceView>,
    /// The persons of the case.
    pub parties: Vec<PartyView>,
    /// The explanation as it would stand now, for the first person.
    pub lights: Vec<LightView>,
    /// What the subject's key is called, in the pack's words, such as a national number.
    pub subject_label: Words,
    /// Whether the rule wants words with every lookup, whatever its purpose.
    pub words_required: bool,
    /// Whether the stamp comes before the data, so the button sends a request.
    pub stamp_before: bool,
    /// Why nothing can be asked at all, if so: place, consent, overdue stamps.
    pub barred: Option<RefusalView>,
    /// Notices that the rule wants shown.
    pub notices: Vec<Words>,
    /// Cases the actor worked on last.
    pub recent: Vec<CaseView>,
    /// Lookups of the actor today.
    pub today: usize,
    /// The key under which a double click is carried out once.
    pub form_key: String,
}

/// A case, as it may be shown in lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseView {
    /// The case number people use.
    pub number: String,
    /// What the business is called in the pack.
    pub business: Words,
    /// The officer's name.
    pub officer: String,
    /// Received on.
    pub received: Date,
    /// Closed on, if closed.
    pub closed: Option<Date>,
}

/// A lookup in lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordRow {
    /// The record code.
    pub code: String,
    /// When it was asked or requested.
    pub at: Instant,
    /// Who.
    pub asker: String,
    /// The case number, if any.
    pub case: String,
    /// The purpose in the pack's words.
    pub purpose: Words,
    /// The subject, masked.
    pub subject: String,
    /// Items asked, in the pack's words.
    pub items: Vec<Words>,
    /// The state word: a locale key `state-…`.
    pub state: String,
    /// The explanation row.
    pub lights: Vec<LightView>,
    /// Whether the system sees something to look at.
    pub flagged: bool,
}

/// One record, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordView {
    /// The row.
    pub row: RecordRow,
    /// The record sheet: a term of the regulation and the value, already masked.
    pub sheet: Vec<(&'static str, Words)>,
    /// The title of the sheet's form.
    pub sheet_title: Words,
    /// Fixed notices of the form.
    pub notices: Vec<Words>,
    /// What happened, oldest first.
    pub history: Vec<HistoryView>,
    /// What the viewer may do next, and why not where not.
    pub actions: Vec<ActionView>,
    /// The supervisor's note when returned.
    pub returned_note: Option<String>,
    /// The legal basis in the pack's words.
    pub basis: Words,
    /// The free text that its maker gave.
    pub reason: String,
    /// Masked subject number.
    pub subject_id: String,
}

/// A line of a record's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryView {
    /// The act, a locale key `act-…`.
    pub act: String,
    /// How it ended.
    pub outcome: String,
    /// When.
    pub at: Instant,
    /// Who.
    pub who: String,
    /// Position in the ledger.
    pub index: u64,
}

/// Something the viewer may do with a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionView {
    /// `run`, `review`, `correct`, `stamp`, `return`: a locale key `action-…`.
    pub name: &'static str,
    /// Why not, if not.
    pub barred: Option<RefusalView>,
}

/// A page of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordPage {
    /// At most fifty rows.
    pub rows: Vec<RecordRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
    /// All rows that match, counted to a thousand.
    pub total: Tally,
}

/// What to show of records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordFilter {
    /// Only this state.
    pub state: Option<String>,
    /// Only this case number.
    pub case: Option<String>,
    /// Only of this record code.
    pub code: Option<String>,
    /// Only about whom this key names, as it was typed. A search like that has an entry of its own.
    pub subject: Option<Personal>,
    /// Where the page begins (from [`RecordPage::next`]).
    pub after: Option<String>,
}

/// The countersign queue of one supervisor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueView {
    /// Rows that the case explains and that no draw picked: they can be stamped together.
    pub matched: Vec<RecordRow>,
    /// Rows drawn by the ledger head when the queue was opened: open and judge before stamping.
    pub drawn: Vec<RecordRow>,
    /// Rows the case does not explain: open and judge before stamping.
    pub flagged: Vec<RecordRow>,
    /// Rows already judged as matching in this sitting; they go with the batch.
    pub judged: Vec<RecordRow>,
    /// The actor's own rows, which go to the next level.
    pub own: usize,
    /// The head that drew the rows: log size and root, so that the draw can be recomputed.
    pub drawn_by: String,
    /// The earliest due time.
    pub due: Option<Due>,
    /// The word of the rule for the stamp.
    pub stamp_word: Words,
    /// Reasons offered for returning a row.
    pub return_reasons: Vec<&'static str>,
    /// The row that is open, with everything about it.
    pub open: Option<Box<RecordView>>,
}

/// What came of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchView {
    /// The batch code.
    pub code: String,
    /// How many rows were stamped.
    pub stamped: usize,
    /// Rows that changed since the queue was opened and were left out, by code.
    pub dropped: Vec<String>,
}
