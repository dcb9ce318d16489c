//! The regulation as the compliance board and the settings show it.

use super::{ChoiceView, ClauseCite, EndView, RefusalView, SessionView, Tally};
use domain::regulation::diff::Detail;
use domain::regulation::{Value, When, Words};
use domain::time::{Date, Instant};

/// The compliance board of one regulation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardView {
    /// The rule.
    pub title: Words,
    /// `pack@version`.
    pub pack: String,
    /// One line a clause.
    pub clauses: Vec<ClauseState>,
    /// Versions that wait to be approved: `pack@version`, and from which day each would hold.
    pub waiting: Vec<(String, Date)>,
    /// What is wrong with packs in the folder that this node loads packs from, one line each.
    pub pack_faults: Vec<String>,
    /// When it was computed.
    pub at: Instant,
}

/// A version of a rule that waits, or waited, to be approved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionView {
    /// `pack@version`.
    pub name: String,
    /// The digest of its bytes.
    pub digest: String,
    /// From which day it would hold at the earliest.
    pub from: Date,
    /// The version that it is compared with, `pack@version`.
    pub before: String,
    /// Everything in which they differ.
    pub parts: Vec<ChangedPart>,
    /// Whether the actor may see what it would have changed.
    pub weigh: bool,
}

/// What a version would have changed for lookups of the past, and for what is held today. Nothing in it is
/// about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AffectedView {
    /// `pack@version`.
    pub name: String,
    /// The digest of its bytes.
    pub digest: String,
    /// The days of the first and the last lookup that was decided again.
    pub span: Option<(Date, Date)>,
    /// How many were decided again.
    pub decided: u64,
    /// How many would end otherwise.
    pub otherwise: usize,
    /// Of how many people.
    pub people: usize,
    /// By how they would end: a locale key `replay-turn-…`.
    pub turns: Vec<(&'static str, u64)>,
    /// Why they would be refused: the reason, its clause, how many.
    pub reasons: Vec<(&'static str, Option<ClauseCite>, u64)>,
    /// By unit.
    pub units: Vec<(String, u64)>,
    /// Those of the records that the actor may open, each with how it would end.
    pub records: Vec<(String, &'static str)>,
    /// What cannot be told, for the earlier version did not ask about it: a locale key `replay-untold-…`.
    pub untold: Vec<(&'static str, u64)>,
    /// How many cannot be read any more.
    pub unreadable: u64,
    /// Permissions of today that hold what no form of the version has.
    pub permissions: usize,
    /// Posts of today whose role the version does not know.
    pub posts: usize,
    /// Before which entry more can be asked about.
    pub earlier: Option<u64>,
}

/// What becomes of one part of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedPart {
    /// `added`, `removed` or `changed`: a locale key `diff-…`.
    pub change: &'static str,
    /// What it is: a locale key `part-…`.
    pub part: &'static str,
    /// The kind of a control, a locale key `kind-…`.
    pub kind: Option<&'static str>,
    /// Its id in the pack.
    pub id: String,
    /// The clauses it comes from.
    pub clauses: Vec<ClauseCite>,
    /// What it said and says.
    pub details: Vec<Detail>,
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
    pub overdue: Tally,
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
    /// Whether the actor can end it.
    pub end: bool,
}

/// The settings page: the rule that governs the actor, as data, and what is unset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsView {
    /// When the time of the actor's own password is over.
    pub password: Option<EndView>,
    /// The rule.
    pub title: Words,
    /// `pack@version`.
    pub pack: String,
    /// Digest of the pack.
    pub digest: String,
    /// What is wrong with packs in the folder that this node loads packs from, for whoever oversees the
    /// agency.
    pub pack_faults: Vec<String>,
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
    /// Where the actor applies for it, if the rule has it given by an application.
    pub consent_apply: Option<String>,
    /// Legal bases that want the head's consent first, if the actor may give it.
    pub consent_bases: Vec<ChoiceView>,
    /// The actor's own sessions, the oldest first.
    pub sessions: Vec<SessionView>,
}

/// One control on the settings page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlView {
    /// Locale key `kind-…`.
    pub kind: String,
    /// Clauses it serves.
    pub clauses: Vec<ClauseCite>,
    /// Parameter name and value; none means the rule leaves it unset.
    pub params: Vec<(&'static str, Option<Value>)>,
    /// To which situations it applies; to all where the rule makes no condition.
    pub when: Option<When>,
    /// Whether the product chose it.
    pub policy: bool,
}
