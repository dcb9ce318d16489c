//! What pages and API answers are made of: plain values, already masked, in the pack's words.
//!
//! Nothing here holds a whole national number or a whole name except [`ResultView`], which is the
//! timed result itself.

mod account;
mod application;
mod directory;
mod duty;
mod grant;
mod inventory;
mod ledger;
mod letter;
mod link;
mod lookup;
mod regulation;
mod result;

pub use account::{
    AccountRow, AccountView, AccountsView, CodeView, EndView, EnrollingView, FactorView, HandedView,
    HandingView, PasswordRuleView, PasswordView, SecretsView, SessionView, SlipsView,
};
pub use application::{
    AccountTermsView, ApplicableView, ApplicationRow, ApplicationView, ApplicationsView, BecomesView,
    ClaimAct, ClaimView, ColumnView, FieldView, FileView, KeptView, LeftView, OptionView, OutcomeView,
    PastView, QuestionView, RightView, StampView, StepState, StepView,
};
pub use directory::{
    AbsenceView, AbsencesView, ClosedDayView, ClosureView, ClosuresView, ContractView, ContractsView,
    DelegationView, DelegationsView, ExceptionView, ExceptionsView, HandoverView, ImportView, InsteadView,
    PostView, SignerView, StaffView, StepView as ImportStepView, UnitView, WorkstationView, WorkstationsView,
};
pub use domain::lookup::answer::Ending;
pub use duty::{DutiesView, DutyView};
pub use grant::{OpenedView, PermissionView, PermissionWhole, ReachView, ReacherView, TellingView};
pub use inventory::{AttestView, AttestedView, FoundView, InventoryView};
pub use ledger::{EntryProofView, VerificationView};
pub use letter::{DraftLetter, EndedLink, LetterView, MailView};
pub use link::{LinkReviewView, LinkRow, LinkSaidView, LinkView, LinksView};
pub use lookup::{
    ActionView, BatchView, CaseView, DraftView, HistoryView, QueueView, RecordFilter, RecordPage, RecordRow,
    RecordView,
};
pub use regulation::{
    AffectedView, BoardView, ChangedPart, ClauseState, ConsentView, ControlView, Evidence, SettingsView,
    VersionView,
};
pub use result::{ItemView, ResultView};

use domain::Refusal;
use domain::regulation::{ClauseId, Words};
use domain::time::{Date, Instant};

/// How many there are, as far as it was counted: beyond a bound a list says only that there are more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// So many at least.
    pub n: usize,
    /// Whether there may be more than that.
    pub more: bool,
}

impl Tally {
    /// A count that ended at `most`, or one further to see whether there is more.
    pub fn up_to(most: usize, counted: usize) -> Self {
        Self { n: counted.min(most), more: counted > most }
    }
}

impl From<usize> for Tally {
    fn from(n: usize) -> Self {
        Self { n, more: false }
    }
}

/// One line of the to-do list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TodoItem {
    /// What kind of thing waits; the locale has a sentence for each.
    pub kind: TodoKind,
    /// How many rows the line stands for.
    pub count: Tally,
    /// The record or case it is about, if one: a code, never a name.
    pub about: String,
    /// Whom or what it concerns, masked.
    pub subject: String,
    /// What the regulation calls it, where it has a word of its own.
    pub label: Words,
    /// The clause that demands it.
    pub clause: Option<ClauseCite>,
    /// When it is due, if the rule or the house sets a time.
    pub due: Option<Due>,
    /// The address of the page where it is done.
    pub href: String,
    /// In whose place the actor would do it, where it is not the actor's own.
    pub stands_for: Option<StandsForView>,
}

/// Somebody who is away, and in whose place a deputy acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandsForView {
    /// Who is away.
    pub name: String,
    /// The last day.
    pub until: Date,
}

impl TodoItem {
    /// A line of a kind about nothing in particular.
    pub(crate) fn blank(kind: TodoKind) -> Self {
        Self {
            kind,
            count: Tally::from(1),
            about: String::new(),
            subject: String::new(),
            label: Words::default(),
            clause: None,
            due: None,
            href: String::new(),
            stands_for: None,
        }
    }
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
    /// An application waits for the actor.
    Application,
    /// Somebody asks for the actor's opinion on an application.
    Opinion,
    /// An application of the actor's was sent back.
    ApplicationReturned,
    /// A version of the rule waits to be approved, and nobody has applied for it.
    VersionWaiting,
    /// Something is owed by a day.
    Duty(domain::duty::Kind),
    /// Others owe something that is late.
    LateDuties,
    /// A table of the office calendar is missing that deadlines are counted by, or soon will be.
    CalendarMissing,
    /// Nobody has said for some days how codes reached their owners.
    CodesOutstanding,
    /// The time of the actor's password is over soon, and then it must be changed.
    PasswordEnding,
    /// The regulation advises that the actor's password be changed, soon or by now.
    PasswordAdvised,
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

/// A refusal with no clause cited: of what could not be read, or was decided elsewhere.
impl From<Refusal> for RefusalView {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, clause: None, helpers: Vec::new() }
    }
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
