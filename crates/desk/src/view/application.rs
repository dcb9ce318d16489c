//! Applications, as lists and pages show them.

use super::{ClauseCite, HistoryView, RefusalView, VersionView};
use domain::application::hinge::Hinge;
use domain::application::keeping::Kept;
use domain::application::{Action, Entry, Verdict};
use domain::regulation::Words;
use domain::time::{Date, Instant};

/// Something that the actor may apply for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicableView {
    /// What it asks to be approved: a word of the packs.
    pub object: String,
    /// The form's title.
    pub label: Words,
    /// The clause that wants it.
    pub clause: Option<ClauseCite>,
    /// Those it passes, in order.
    pub way: Vec<Words>,
}

/// An application in lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationRow {
    /// The record code; empty for one that was never saved.
    pub code: String,
    /// The form's title.
    pub label: Words,
    /// `create`, `change` or `cancel`.
    pub action: &'static str,
    /// Who wrote it.
    pub author: String,
    /// The unit it comes from.
    pub unit: String,
    /// Whom it is for.
    pub people: Vec<String>,
    /// The state word: a locale key `application-state-…`.
    pub state: &'static str,
    /// Whose turn it is.
    pub holding: Vec<String>,
    /// Since when they have it, or it stands so.
    pub since: Instant,
    /// Whole days since then.
    pub days: i64,
}

/// The page of applications.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationsView {
    /// Those that wait for the actor, the oldest first.
    pub turn: Vec<ApplicationRow>,
    /// Those that the actor wrote, newest first.
    pub own: Vec<ApplicationRow>,
    /// Where the next page of these begins, if there is one.
    pub own_next: Option<String>,
    /// Others of the unit, or of the agency for those who run the accounts, decide or audit.
    pub others: Vec<ApplicationRow>,
    /// Where the next page of these begins, if there is one.
    pub others_next: Option<String>,
    /// What the actor may apply for.
    pub applicable: Vec<ApplicableView>,
}

/// A value that can be chosen or ticked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OptionView {
    /// The code that is sent.
    pub code: String,
    /// What is printed.
    pub label: Words,
    /// The heading it stands under.
    pub group: Words,
    /// Whether it opens more than most.
    pub high: bool,
    /// Whether a line for words stands behind it.
    pub text: bool,
    /// Whether it is chosen.
    pub chosen: bool,
    /// The words on that line.
    pub words: String,
    /// Whether those it is for hold it already.
    pub held: bool,
    /// Whether the rule does not let it be chosen.
    pub off: bool,
    /// What becomes of it, for those who approve or look back; nothing where nobody holds anything yet.
    pub becomes: Vec<BecomesView>,
    /// Whether it was asked for and not approved.
    pub left_out: bool,
}

/// A result that can be chosen at a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutcomeView {
    /// The code that is sent.
    pub code: String,
    /// What the form prints.
    pub word: Words,
    /// What it gives.
    pub verdict: Verdict,
    /// The days between which the first day lies, where one can be set.
    pub effective: Option<(Date, Date)>,
    /// Whether single ticks can be left out.
    pub leave_out: bool,
}

/// What becomes of a tick.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BecomesView {
    /// `added`, `kept` or `taken`.
    pub word: &'static str,
    /// For whom; nobody is named where it is the same for all whom the application is for.
    pub people: Vec<String>,
}

/// A file that travels with an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileView {
    /// Its identifier.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How large it is, in kilobytes, rounded up.
    pub kilobytes: usize,
}

/// What a rule says of applications for accounts with a form, beside who approves them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountTermsView {
    /// The clause that says so.
    pub clause: Option<ClauseCite>,
    /// What can be applied for; everything that the form offers where none is named.
    pub actions: Vec<Action>,
    /// How many months a permission stands at most, and the clause that sets that.
    pub term: Option<(u32, Option<ClauseCite>)>,
    /// Whether whoever has an account is refused a new one.
    pub duplicate_check: bool,
    /// Who carries out what was approved.
    pub carried_out_by: Option<Words>,
    /// Whether a paper form is kept: a locale key `paper-kept-…`.
    pub paper_kept: Option<String>,
    /// Whether a letter goes with the form.
    pub covering_letter: bool,
    /// Who keeps the form.
    pub filed_with: Option<Words>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnView {
    /// Its name.
    pub id: String,
    /// Its label.
    pub label: Words,
    /// Its type: a word of the packs.
    pub kind: String,
    /// Whether every row says something in it.
    pub required: bool,
    /// Whether the system fills it in.
    pub by_system: bool,
    /// The longest entry, in characters.
    pub most: usize,
    /// What can be chosen: code and label.
    pub options: Vec<(String, Words)>,
}

impl ColumnView {
    /// The label behind a code that can be chosen.
    pub fn chosen(&self, code: &str) -> Option<&Words> {
        self.options.iter().find(|(own, _)| own == code).map(|(_, label)| label)
    }
}

/// A field of a form with what stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldView {
    /// Its name.
    pub id: String,
    /// Its label.
    pub label: Words,
    /// Its type, as packs name it.
    pub kind: String,
    /// Whether the form is refused without it.
    pub required: bool,
    /// Whether the system fills it in.
    pub by_system: bool,
    /// A sentence under the label.
    pub help: Option<Words>,
    /// The longest entry, in characters.
    pub most: usize,
    /// What can be chosen.
    pub options: Vec<OptionView>,
    /// The columns of a table.
    pub columns: Vec<ColumnView>,
    /// The files that are named in it.
    pub files: Vec<FileView>,
    /// The endings of the files that it takes.
    pub accept: Vec<String>,
    /// The largest file, in kilobytes.
    pub most_kilobytes: usize,
    /// How many files.
    pub most_files: usize,
    /// What stands in it.
    pub entry: Entry,
    /// Whether it differs from the version before.
    pub changed: bool,
    /// The same field in the version before, where it differs.
    pub before: Option<Box<FieldView>>,
    /// Whether it was sent back to be mended.
    pub faulty: bool,
    /// Whether it is asked, as the form is filled in now.
    pub asked: bool,
    /// On what else in the form that hangs.
    pub hinge: Option<Hinge>,
}

impl FieldView {
    /// Whether it is read across the page: it holds more than a line.
    pub fn is_wide(&self) -> bool {
        matches!(self.kind.as_str(), "ticks" | "table" | "long-text" | "attachment")
    }

    /// The text in it.
    pub fn text(&self) -> &str {
        self.entry.value()
    }

    /// How many of its options are chosen.
    pub fn chosen(&self) -> usize {
        self.options.iter().filter(|option| option.chosen).count()
    }

    /// The rows of a table that a page offers: what is filled, and a few more.
    pub fn lines(&self) -> Vec<usize> {
        (0..self.entry.rows.len() + 3).collect()
    }

    /// A cell of a table; empty beyond its rows.
    pub fn cell(&self, row: &usize, column: &str) -> &str {
        self.entry.rows.get(*row).and_then(|row| row.get(column)).map_or("", String::as_str)
    }
}

/// What was written in a form and has no place in the one that took over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftView {
    /// The label of its field.
    pub label: Words,
    /// Those of its choices or columns that are gone; none where the whole field is.
    pub parts: Vec<Words>,
}

/// In what right somebody acts; both none where it is their own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RightView {
    /// For whom a deputy acts.
    pub stands_for: Option<String>,
    /// Who delegated it.
    pub delegated_by: Option<String>,
}

/// Who has taken a part of a step on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimView {
    /// Who.
    pub by: String,
    /// Since when.
    pub since: Instant,
}

/// What a colleague was asked, and said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionView {
    /// Its identifier.
    pub id: String,
    /// Who asked.
    pub by: String,
    /// Who was asked.
    pub to: String,
    /// What was asked.
    pub words: String,
    /// When.
    pub at: Instant,
    /// Whether an opinion was given, and not declined, and when; none as long as there is no answer.
    pub reply: Option<(bool, Instant)>,
    /// What was said.
    pub opinion: String,
    /// Whether an answer is still of use.
    pub open: bool,
    /// Whether it is the actor's to answer.
    pub mine: bool,
}

/// What somebody can do about who takes a step on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimAct {
    /// Take it on, for several could.
    Take,
    /// Let go of it.
    Release,
    /// Take it over from somebody.
    TakeOver,
    /// Lift what somebody took on, so that others can act.
    Lift,
}

impl ClaimAct {
    /// The word in locale keys and the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Take => "take",
            Self::Release => "release",
            Self::TakeOver => "take-over",
            Self::Lift => "lift",
        }
    }

    /// Whether it takes the step on, and does not let go of it.
    pub fn takes(self) -> bool {
        matches!(self, Self::Take | Self::TakeOver)
    }
}

/// A stamp on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StampView {
    /// Who gave it.
    pub by: String,
    /// In what right.
    pub right: RightView,
    /// The verdict's word.
    pub verdict: &'static str,
    /// The result that was chosen, as the form prints it.
    pub outcome: Option<Words>,
    /// The first day that was set.
    pub effective: Option<Date>,
    /// The ticks that were left out, by their codes and words.
    pub left_out: Vec<(String, Words)>,
    /// The words that go with it.
    pub note: String,
    /// The number and the day of the letter by which a body outside gave it.
    pub letter: Option<(String, Option<Date>)>,
    /// When.
    pub at: Instant,
}

/// An earlier version, with what was given on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastView {
    /// How often it had been put forward then.
    pub version: u32,
    /// When.
    pub at: Instant,
    /// Who acts at each step at which something was given, in the pack's words, and what was.
    pub stamps: Vec<(Words, StampView)>,
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// It is over.
    Past,
    /// It has the application.
    Now,
    /// It comes later.
    Later,
}

/// A step of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepView {
    /// Who acts there, in the pack's words.
    pub label: Words,
    /// Where it stands.
    pub state: StepState,
    /// What was given there in this version.
    pub stamps: Vec<StampView>,
    /// Who has taken it on.
    pub claims: Vec<ClaimView>,
    /// The names of those who can act there.
    pub people: Vec<String>,
}

/// How long an application is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptView {
    /// Until when.
    pub kept: Kept,
    /// The clause that says so.
    pub clause: Option<ClauseCite>,
}

/// One application, whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationView {
    /// As lists show it.
    pub row: ApplicationRow,
    /// What it asks to be approved.
    pub object: String,
    /// How often it was put forward.
    pub version: u32,
    /// The fields of its form.
    pub fields: Vec<FieldView>,
    /// The versions of the rule that it names, or could name.
    pub versions: Vec<VersionView>,
    /// Templates that an empty form offers: name and word.
    pub templates: Vec<(String, Words)>,
    /// The field in which writing goes on, where something has filled others.
    pub focus: Option<String>,
    /// Sentences of the form.
    pub notices: Vec<Words>,
    /// What the rule says of it beside its way, where it is for an account.
    pub terms: Option<AccountTermsView>,
    /// The way it takes.
    pub steps: Vec<StepView>,
    /// What was put forward before, the oldest first.
    pub past: Vec<PastView>,
    /// Whether an earlier version is shown, to be read only.
    pub is_past: bool,
    /// How long it is kept; of one that is not written down yet nothing.
    pub kept: Option<KeptView>,
    /// Everything that happened, oldest first.
    pub history: Vec<HistoryView>,
    /// The clause that wants it.
    pub clause: Option<ClauseCite>,
    /// Whom it can be for: name to send, name to show, whether it is.
    pub colleagues: Vec<(String, String, bool)>,
    /// What the actor may give now.
    pub verdicts: Vec<Verdict>,
    /// The results that the form prints for the step, of which the viewer can choose one.
    pub outcomes: Vec<OutcomeView>,
    /// The ticks that a result can leave out, by their codes and words.
    pub can_leave_out: Vec<(String, Words)>,
    /// Whether a body outside gives it by a letter, which is entered here.
    pub by_letter: bool,
    /// In what right the actor would give it.
    pub right: RightView,
    /// What the actor can do about who takes it on.
    pub claim: Option<ClaimAct>,
    /// What colleagues were asked in this version, and said.
    pub questions: Vec<QuestionView>,
    /// Whom the actor can ask: identifier and name.
    pub askable: Vec<(String, String)>,
    /// Why the actor may give nothing, where it is on its way.
    pub barred: Option<RefusalView>,
    /// Why nobody can carry it out, though the actor could act.
    pub hindered: Option<RefusalView>,
    /// The end of what runs now, at which a renewal takes over; none where nothing is about to end.
    pub takes_over: Option<Date>,
    /// The end of what a change keeps, which it does not lengthen; none where it keeps nothing that ends.
    pub keeps_end: Option<Date>,
    /// Whether the actor may write in it.
    pub edit: bool,
    /// Whether the actor may put another one like it forward.
    pub copy: bool,
    /// Whether the actor may give it up.
    pub cancel: bool,
    /// Whether the actor may take it back.
    pub withdraw: bool,
    /// Whether the actor may remind those whose turn it is.
    pub remind: bool,
    /// What was said when it was sent back or refused.
    pub answer: Option<StampView>,
    /// Whether what is still written began under another version of the rule.
    pub older_form: bool,
    /// What was written, there or in what it was filled like, and has no place in this form.
    pub left_behind: Vec<LeftView>,
    /// Whether files were left behind where it was filled like an earlier one.
    pub files_left: bool,
    /// The key under which a double click is carried out once.
    pub form_key: String,
}
