//! Units, people and posts, as lists and pages show them.

use super::{ClauseCite, RefusalView};
use domain::directory::closure::Cause;
use domain::directory::unit::Former;
use domain::directory::workstation::Declared;
use domain::regulation::Words;
use domain::time::{Date, Instant};

/// A unit in lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitView {
    /// Its identifier.
    pub id: String,
    /// Its name.
    pub name: Words,
    /// The unit above it; empty at the top.
    pub above: String,
    /// What it is in the rule's list of organisations.
    pub organisation: Words,
    /// Whether the rule is not its own and only applied correspondingly.
    pub corresponding: bool,
    /// The clause that says how it comes to apply the rule.
    pub clause: Option<ClauseCite>,
    /// How many hold a post in it.
    pub people: usize,
    /// What it was called before, the last first.
    pub former: Vec<Former>,
}

/// A post in lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostView {
    /// Its identifier.
    pub id: String,
    /// Whose.
    pub person: String,
    /// The name.
    pub name: String,
    /// The unit.
    pub unit: String,
    /// The unit's identifier.
    pub unit_id: String,
    /// The role.
    pub role: Words,
    /// The role's id.
    pub role_id: String,
    /// Its first day.
    pub from: Date,
    /// The first day on which it is over, where that is known.
    pub until: Option<Date>,
    /// Whether the actor may change it.
    pub change: bool,
}

/// The people of an agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffView {
    /// Their posts, unit by unit.
    pub posts: Vec<PostView>,
    /// The units.
    pub units: Vec<UnitView>,
    /// The roles of the rule: id and word.
    pub roles: Vec<(String, Words)>,
    /// Whether the actor may change posts and import lists.
    pub keep: bool,
    /// Whether the rule asks anything of contractors' people.
    pub contracts: bool,
    /// Whether somebody may allow exceptions from what the rule keeps apart.
    pub exceptions: bool,
    /// Whether the rule asks anything of machines.
    pub workstations: bool,
}

/// One difference that an import would make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepView {
    /// The line that brings it; 0 for somebody whom a whole list leaves out.
    pub line: usize,
    /// `unit`, `unit-changed`, `person`, `renamed`, `account`, `begins`, `moves`, `ends`, `stays` or
    /// `taken-over`: a locale key.
    pub kind: &'static str,
    /// Who, or which unit.
    pub name: String,
    /// What was so far.
    pub before: Words,
    /// What will be.
    pub after: Words,
    /// From which day.
    pub on: Option<Date>,
    /// Why: a locale key `cause-…`; empty where there is none.
    pub cause: &'static str,
}

/// What an import would do, or did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportView {
    /// The differences.
    pub steps: Vec<StepView>,
    /// Rows that cannot be taken: line and reason.
    pub faults: Vec<(usize, RefusalView)>,
    /// Rows that say what is known already.
    pub same: usize,
    /// The encoding that the file was read in.
    pub encoding: &'static str,
    /// What names exactly these differences: only what was seen is carried out.
    pub seal: String,
    /// Whether it was carried out.
    pub done: bool,
}

/// A list by which work is handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandoverView {
    /// Its identifier.
    pub id: String,
    /// Who gives.
    pub giver: String,
    /// Who receives; none as long as nobody is named.
    pub receiver: Option<String>,
    /// The unit.
    pub unit: String,
    /// The clause that wants it.
    pub clause: Option<ClauseCite>,
    /// The numbers of the cases on the list; those open now as long as nobody is named.
    pub items: Vec<String>,
    /// When the giver signed.
    pub given: Option<Instant>,
    /// When the receiver signed.
    pub received: Option<Instant>,
    /// Which supervisor signed, and when.
    pub closed: Option<(String, Instant)>,
    /// What the actor is to it: `giver`, `receiver` or `supervisor`; empty for those who only watch.
    pub part: &'static str,
    /// Whether the actor can sign now.
    pub sign: bool,
    /// Those who sign after giver and receiver, where the rule names them; empty where the supervisor does.
    pub signers: Vec<SignerView>,
    /// Whom the actor can name as receiver: identifier, name, whether named.
    pub receivers: Vec<(String, String, bool)>,
}

/// Somebody who signs a list after giver and receiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignerView {
    /// Their post.
    pub post: Words,
    /// Who signed, and when.
    pub signed: Option<(String, Instant)>,
}

/// What was delegated, and what the actor can delegate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DelegationsView {
    /// What was delegated and is not over.
    pub list: Vec<DelegationView>,
    /// The kinds of applications that the actor can delegate: word and title of the form. None where the
    /// rule lets the actor delegate nothing.
    pub objects: Vec<(String, Words)>,
    /// To whom: identifier and name.
    pub people: Vec<(String, String)>,
}

/// A right to decide that a head gave on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DelegationView {
    /// Its identifier.
    pub id: String,
    /// Who gave it.
    pub by: String,
    /// Who has it.
    pub to: String,
    /// For which applications, by the titles of their forms; all where none is named.
    pub objects: Vec<Words>,
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub until: Date,
    /// The document or the words by which it was given.
    pub words: String,
    /// Whether it holds today.
    pub runs: bool,
    /// Whether the actor may take it back.
    pub revoke: bool,
}

/// The days on which the offices of an agency are closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosuresView {
    /// Working days of the coming weeks on which they are, the next one first.
    pub closed: Vec<ClosedDayView>,
    /// What the agency declared, the latest day first.
    pub list: Vec<ClosureView>,
    /// The last day that there is a calendar of.
    pub until: Option<Date>,
    /// Whether the actor declares such days.
    pub declare: bool,
}

/// A closed day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedDayView {
    /// The day.
    pub day: Date,
    /// What the government's calendar calls it.
    pub name: String,
    /// Why, where the agency declared it.
    pub local: Option<Cause>,
}

/// A day that the agency declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosureView {
    /// The day.
    pub day: Date,
    /// Why it differs.
    pub cause: Cause,
    /// When it was declared.
    pub at: Instant,
}

/// The contracts with contractors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractsView {
    /// Contracts, that first which ends last.
    pub list: Vec<ContractView>,
    /// Who can be named in one: identifier and name of those whom the rule counts among contractors' people.
    pub people: Vec<(String, String)>,
    /// Whether the actor may enter one.
    pub enter: bool,
    /// Whether the rule wants a term of confidentiality.
    pub confidential: bool,
    /// Whether posts end with their contract.
    pub ends: bool,
    /// The clauses that say so.
    pub clauses: Vec<ClauseCite>,
}

/// A contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractView {
    /// Its identifier.
    pub id: String,
    /// Its number.
    pub number: String,
    /// The contractor.
    pub contractor: String,
    /// Whether it has a term of confidentiality.
    pub confidential: bool,
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub until: Date,
    /// Who works here under it.
    pub people: Vec<String>,
    /// `runs`, `waits` or `over`: a locale key `contract-state-…`.
    pub state: &'static str,
    /// Whether the actor may end it.
    pub end: bool,
}

/// Exceptions from what the rule keeps apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExceptionsView {
    /// Exceptions, that first which ends last.
    pub list: Vec<ExceptionView>,
    /// The pairs for which the actor may allow one, each with its capacities; none where the actor may not.
    pub pairs: Vec<(String, [&'static str; 2])>,
    /// For whom: identifier and name.
    pub people: Vec<(String, String)>,
    /// What holds instead, by the pair that it is for.
    pub instead: Vec<InsteadView>,
}

/// What a rule keeps apart, and what holds in an exception.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsteadView {
    /// The capacities.
    pub pair: [&'static str; 2],
    /// The kind of the control that holds instead; empty where the rule names none.
    pub kind: &'static str,
    /// The clause that keeps them apart.
    pub clause: Option<ClauseCite>,
}

/// An exception.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExceptionView {
    /// Its identifier.
    pub id: String,
    /// Who may hold both.
    pub person: String,
    /// Which capacities.
    pub pair: [&'static str; 2],
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub until: Date,
    /// Who allowed it.
    pub by: String,
    /// Why.
    pub words: String,
    /// `runs`, `waits`, `over` or `revoked`: a locale key `exception-state-…`.
    pub state: &'static str,
    /// Whether both are held today though it does not run.
    pub open: bool,
    /// Whether the actor may revoke it.
    pub revoke: bool,
}

/// The machines of an agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkstationsView {
    /// Machines, by their numbers.
    pub list: Vec<WorkstationView>,
    /// Units whose machines the actor may declare: identifier and name.
    pub units: Vec<(String, String)>,
    /// Who may answer for one: identifier and name.
    pub people: Vec<(String, String)>,
    /// The actor's own unit.
    pub unit: String,
    /// Whether lookups come from declared machines only.
    pub bound: bool,
    /// The address that the actor acts from.
    pub here: String,
    /// The clauses that ask for it.
    pub clauses: Vec<ClauseCite>,
}

/// A machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkstationView {
    /// Its identifier.
    pub id: String,
    /// Its number.
    pub number: String,
    /// The unit that it stands in.
    pub unit: String,
    /// That unit's identifier.
    pub unit_id: String,
    /// Who answers for it.
    pub keeper: String,
    /// Their identifier.
    pub keeper_id: String,
    /// Its network address; empty where none is bound.
    pub address: String,
    /// What was declared.
    pub declared: Declared,
    /// When.
    pub on: Date,
    /// `declared`, `stale` or `retired`: a locale key `workstation-state-…`.
    pub state: &'static str,
    /// Whether the actor may declare it anew or take it out of use.
    pub change: bool,
}

/// Absences that the actor should know of, and who could stand in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AbsencesView {
    /// The actor's own and those in which the actor stands in; everybody's for those who run the accounts.
    pub list: Vec<AbsenceView>,
    /// Whom the actor can name as deputy: identifier and name.
    pub deputies: Vec<(String, String)>,
    /// Whether the actor can record the absence of others.
    pub keeps: bool,
    /// Who is named to stand in whenever the actor is away: identifier and name.
    pub standing: Option<(String, String)>,
    /// Whether a role of the actor's wants somebody named.
    pub wanted: bool,
    /// The clause that names that role.
    pub clause: Option<ClauseCite>,
}

/// An absence with its deputy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AbsenceView {
    /// Its identifier.
    pub id: String,
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
    /// Whether the actor can end it.
    pub end: bool,
}
