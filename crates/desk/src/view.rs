//! What pages and API answers are made of: plain values, already masked, in the pack's words.
//!
//! Nothing here holds a whole national number or a whole name except [`ResultView`], which is the
//! timed result itself.

use domain::regulation::{ClauseId, Words};
use domain::time::{Date, Instant};
use domain::{Personal, Refusal};

/// One line of the to-do list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TodoItem {
    /// What kind of thing waits; the locale has a sentence for each.
    pub kind: TodoKind,
    /// How many rows the line stands for.
    pub count: usize,
    /// The record or case it is about, if one: a code, never a name.
    pub about: String,
    /// Whom or what it concerns, masked.
    pub subject: String,
    /// The clause that demands it.
    pub clause: Option<ClauseCite>,
    /// When it is due, if the rule or the house sets a time.
    pub due: Option<Due>,
    /// The address of the page where it is done.
    pub href: String,
}

/// The kinds of things that wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TodoKind {
    /// A supervisor returned a record to its maker.
    Returned,
    /// A request was approved and is good for a while.
    Approved,
    /// Rows wait for the actor's stamp.
    Countersign,
    /// Requests wait for the actor's stamp before the data.
    Approve,
    /// The actor's records wait for somebody else's stamp.
    AwaitingStamp,
    /// No standing consent is in force for the actor's unit.
    ConsentMissing,
    /// A consent in force ends soon.
    ConsentEnding,
}

/// A due time, as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The day.
    pub date: Date,
    /// The moment.
    pub at: Instant,
    /// Whole days left; negative when overdue.
    pub days_left: i64,
}

/// A clause as it is cited on screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClauseCite {
    /// Its id, such as `kaohsiung/6.1`.
    pub id: ClauseId,
    /// How the rule itself cites it.
    pub cite: String,
    /// The short title of the rule.
    pub rule: Words,
    /// The gist, in our words.
    pub gist: Words,
}

/// A refusal with everything the page needs to say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusalView {
    /// The refusal.
    pub refusal: Refusal,
    /// The clause, resolved in its pack.
    pub clause: Option<ClauseCite>,
    /// Names of those who can help, resolved from a role.
    pub helpers: Vec<String>,
}

/// A choice in a form: a code and the pack's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceView {
    /// The code that is sent.
    pub code: String,
    /// The words of the pack.
    pub word: Words,
    /// Whether free text must come with it.
    pub text_required: bool,
    /// Whether it is the preset of the case.
    pub preset: bool,
    /// Why it cannot be chosen, if it cannot; the control stays visible and disabled.
    pub barred: Option<RefusalView>,
}

/// A person of the case, masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyView {
    /// Position in the case, from one.
    pub number: usize,
    /// Masked name.
    pub name: String,
    /// Masked number.
    pub id: String,
    /// What the person is in the case, such as the applicant; the case feed's own word.
    pub role: String,
}

/// One light of the explanation row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LightView {
    /// `case`, `officer`, `party`, `period` or `items`: a locale key.
    pub name: &'static str,
    /// Whether it explains the lookup; none means there is no data to tell.
    pub lit: Option<bool>,
}

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
    /// The record sheet: label in the pack's words and value, already masked.
    pub sheet: Vec<(Words, String)>,
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
    /// All rows that match.
    pub total: i64,
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

/// The timed result. This is the only view that holds whole personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultView {
    /// The record code.
    pub code: String,
    /// How it ended.
    pub ending: Ending,
    /// The answer, item by item.
    pub items: Vec<ItemView>,
    /// Seconds the answer stays visible; none when the rule sets no time.
    pub visible_seconds: u32,
    /// Seconds before the end when the warning comes.
    pub warn_seconds: u32,
    /// How often the time can be extended.
    pub extensions: u32,
    /// Minutes in which it can be viewed again.
    pub review_minutes: u32,
    /// Freshness notice of the source.
    pub freshness: Words,
    /// Notices of the dataset.
    pub notices: Vec<Words>,
    /// The case number, for the next person of the same case.
    pub case: String,
    /// When it was answered.
    pub at: Instant,
    /// What stands behind the text: unit, name, address, time.
    pub watermark: String,
    /// Whether the rule leaves the visible time to the house.
    pub time_is_policy: bool,
}

/// How a lookup ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Data came.
    Found,
    /// The provider has nobody under this key.
    NotFound,
    /// Data came, and something about it is doubtful.
    Doubtful,
    /// Part of what was asked came.
    Partial,
    /// The provider did not answer in time.
    TimedOut,
    /// The provider could not be reached or refused.
    Down,
    /// What came could not be read as an answer.
    Malformed,
    /// It is not known whether the provider answered; the entry stands as asked.
    Unknown,
    /// The request waits for the stamp that the rule wants first.
    Requested,
}

/// One item of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemView {
    /// The pack's word for the item.
    pub word: Words,
    /// What the columns are called.
    pub columns: Vec<Words>,
    /// The rows; one for a record.
    pub rows: Vec<Vec<Personal>>,
    /// `record`, `list`, `verdict` or `fact`.
    pub shape: &'static str,
    /// The verdict, for that shape.
    pub verdict: Option<bool>,
    /// As of which day the source says.
    pub as_of: Option<String>,
    /// A doubt about this item, a locale key `doubt-…`.
    pub doubt: Option<String>,
    /// Whether it was asked but did not come.
    pub missing: bool,
}

/// What the ledger says about a record code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerificationView {
    /// The code asked for.
    pub code: String,
    /// The entries about it, oldest first, each with its proof checked.
    pub entries: Vec<EntryProofView>,
    /// The checkpoint that the proofs lead to.
    pub checkpoint: String,
    /// Tree size of that checkpoint.
    pub size: u64,
    /// Root, in hexadecimal.
    pub root: String,
    /// The earlier checkpoint from which consistency was proved, by size.
    pub earlier_size: u64,
    /// Whether consistency from the earlier to this checkpoint was proved.
    pub consistent: bool,
    /// The log's verifier key.
    pub vkey: String,
    /// The log's name, as in the address of its export.
    pub log: String,
}

/// One entry and its inclusion proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryProofView {
    /// Position in the log.
    pub index: u64,
    /// The leaf hash, in hexadecimal.
    pub hash: String,
    /// The act, a locale key `act-…`.
    pub act: String,
    /// When it was entered.
    pub at: Instant,
    /// Whether the inclusion proof verified against the checkpoint.
    pub included: bool,
    /// Length of the proof, in hashes.
    pub proof_length: usize,
}

/// The compliance board of one regulation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardView {
    /// The rule.
    pub title: Words,
    /// `pack@version`.
    pub pack: String,
    /// One line a clause.
    pub clauses: Vec<ClauseState>,
    /// When it was computed.
    pub at: Instant,
}

/// The live state of one clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClauseState {
    /// The clause.
    pub clause: ClauseCite,
    /// `enforced`, `recorded` or `stated`: a locale key `met-…`.
    pub met: &'static str,
    /// Kinds of control behind it, a locale key `kind-…` each.
    pub controls: Vec<String>,
    /// `met`, `attention`, `breached`, `cannot-tell`, `not-applicable`: a locale key `board-…`.
    pub state: &'static str,
    /// What the state rests on: a locale key `evidence-…` with counts.
    pub evidence: Option<Evidence>,
}

/// Counts behind a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Locale key.
    pub key: &'static str,
    /// How often the clause was obeyed in the last thirty days.
    pub obeyed: i64,
    /// How often something was refused under it.
    pub refused: i64,
    /// How many things are open beyond their time.
    pub overdue: i64,
    /// The list that the numbers count.
    pub href: String,
}

/// A consent in lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentView {
    /// Its id.
    pub id: String,
    /// The unit it is for.
    pub unit: String,
    /// Who gave it.
    pub by: String,
    /// From.
    pub from: Date,
    /// Until; none when the rule sets no end.
    pub until: Option<Date>,
    /// Whether it is in force now.
    pub in_force: bool,
}

/// The settings page: the rule that governs the actor, as data, and what is unset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsView {
    /// The rule.
    pub title: Words,
    /// `pack@version`.
    pub pack: String,
    /// Digest of the pack.
    pub digest: String,
    /// Its controls, one line each: kind (locale key `kind-…`), clauses, parameters as text.
    pub controls: Vec<ControlView>,
    /// Consents of the actor's unit.
    pub consents: Vec<ConsentView>,
    /// Why a consent cannot be given by the actor, if so; none when the rule wants none at all.
    pub consent_barred: Option<RefusalView>,
    /// Whether the rule wants a standing consent at all.
    pub consent_wanted: bool,
    /// Whether the rule wants a consent for each case, so that the form asks for its number.
    pub consent_each_case: bool,
    /// Legal bases that want the head's consent first, if the actor may give it.
    pub consent_bases: Vec<ChoiceView>,
    /// The actor's own sessions: when begun, last seen, place, whether this one.
    pub sessions: Vec<(Instant, Instant, String, bool)>,
}

/// One control on the settings page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlView {
    /// Locale key `kind-…`.
    pub kind: String,
    /// Clauses it serves.
    pub clauses: Vec<ClauseCite>,
    /// Parameter name and value; none means the rule leaves it unset.
    pub params: Vec<(String, Option<Words>)>,
    /// Whether the product chose it.
    pub policy: bool,
}
