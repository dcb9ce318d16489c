//! Applications, as lists and pages show them.

use super::{ClauseCite, HistoryView, RefusalView, VersionView};
use domain::application::{Entry, Verdict};
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
    /// Others of the unit, or of the agency for those who run the accounts, decide or audit.
    pub others: Vec<ApplicationRow>,
    /// What the actor may apply for.
    pub applicable: Vec<ApplicableView>,
}

/// Absences that the actor should know of, and who could stand in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AbsencesView {
    /// The actor's own, and those in which the actor stands in.
    pub list: Vec<AbsenceView>,
    /// Whom the actor can name as deputy: identifier and name.
    pub deputies: Vec<(String, String)>,
}

/// An absence with its deputy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AbsenceView {
    /// Who is away.
    pub person: String,
    /// Who stands in.
    pub deputy: String,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// Whether it has begun.
    pub runs: bool,
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
    /// The columns of a table: name, label, type.
    pub columns: Vec<(String, Words, String)>,
    /// What stands in it.
    pub entry: Entry,
    /// Whether it differs from the version before.
    pub changed: bool,
    /// Whether it was sent back to be mended.
    pub faulty: bool,
}

impl FieldView {
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

/// A stamp on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StampView {
    /// Who gave it.
    pub by: String,
    /// For whom, where a deputy did.
    pub stands_for: Option<String>,
    /// The verdict's word.
    pub verdict: &'static str,
    /// The words that go with it.
    pub note: String,
    /// The number and the day of the letter by which a body outside gave it.
    pub letter: Option<(String, Option<Date>)>,
    /// When.
    pub at: Instant,
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
    /// The names of those who can act there.
    pub people: Vec<String>,
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
    /// The way it takes.
    pub steps: Vec<StepView>,
    /// Everything that happened, oldest first.
    pub history: Vec<HistoryView>,
    /// The clause that wants it.
    pub clause: Option<ClauseCite>,
    /// Whom it can be for: name to send, name to show, whether it is.
    pub colleagues: Vec<(String, String, bool)>,
    /// What the actor may give now.
    pub verdicts: Vec<Verdict>,
    /// Whether a body outside gives it by a letter, which is entered here.
    pub by_letter: bool,
    /// Why the actor may give nothing, where it is on its way.
    pub barred: Option<RefusalView>,
    /// The end of what runs now, at which a renewal takes over; none where nothing is about to end.
    pub takes_over: Option<Date>,
    /// Whether the actor may write in it.
    pub edit: bool,
    /// Whether the actor may take it back.
    pub withdraw: bool,
    /// Whether the actor may remind those whose turn it is.
    pub remind: bool,
    /// What was said when it was sent back or refused.
    pub answer: Option<StampView>,
    /// Whether its form is not the one now in force.
    pub older_form: bool,
    /// The key under which a double click is carried out once.
    pub form_key: String,
}
