//! What an amendment changes: two versions of a pack, compared part by part.
//!
//! Parts are known by their ids. What a parameter became is stricter or laxer by the same directions as the
//! comparison of a pack with its floor.

mod controls;
mod forms;

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Display;

use super::describe::{joined, same};
use super::kinds::Stricter;
use super::pack::{Adoption, Clause, ClauseId, Header, Met, Office, Organisation, Pack, Plan, Role};
use super::scenario::Scenario;
use super::schema::ROLE;
use super::value::{Value, Words};

/// What became of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Only the newer version has it.
    Added,
    /// Only the older version has it.
    Removed,
    /// Both have it, and they differ.
    Changed,
}

impl Change {
    /// The word that is printed.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// How a new value binds, seen from the old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bearing {
    /// Harder.
    Stricter,
    /// Less hard.
    Laxer,
    /// Harder in one respect and less hard in another.
    Both,
}

impl Bearing {
    /// The word that is printed.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Stricter => "stricter",
            Self::Laxer => "laxer",
            Self::Both => "stricter and laxer",
        }
    }
}

/// One thing about a part, as it was and as it is; `None` is unset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// What it is: `valid_hours`, `purposes[berth].word`.
    pub name: String,
    /// What it was.
    pub old: Option<Words>,
    /// What it is.
    pub new: Option<Words>,
    /// Whether it binds harder now, where either value could be called stricter.
    pub bearing: Option<Bearing>,
    /// Of a parameter, what it was and what it is, for those who say it in a language.
    pub values: [Option<Value>; 2],
}

impl Detail {
    /// What something is called, was and is.
    pub fn new(name: impl Into<String>, old: Option<Words>, new: Option<Words>) -> Self {
        Self { name: name.into(), old, new, bearing: None, values: [None, None] }
    }
}

/// What became of one part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// `header`, `term`, `organisation`, `office`, `role`, `plan`, `clause`, `control`, `form`, `letter` or
    /// `scenario`.
    pub part: &'static str,
    /// Its id.
    pub id: String,
    /// The kind of a control.
    pub kind: Option<&'static str>,
    /// The clauses it comes from, in the newer version if that has it.
    pub clauses: Vec<ClauseId>,
    /// What became of it.
    pub change: Change,
    /// What about it; where it was added or removed, what it says.
    pub details: Vec<Detail>,
    /// Why the newer version cannot follow the older one.
    pub faults: Vec<String>,
}

/// A name and what it says; `None` is unset.
type Facts = Vec<(String, Option<Words>)>;

/// Everything in which two versions of a pack differ, in the order of the handbook.
pub fn diff(old: &Pack, new: &Pack) -> Vec<Difference> {
    let mut found = Vec::new();
    let details = details(header(&old.header), header(&new.header));
    if !details.is_empty() {
        found.push(difference("header", "pack", Change::Changed, details));
    }
    let terms = |pack: &Pack| -> Vec<(String, Words)> {
        pack.terms.iter().map(|(key, words)| (key.to_string(), words.clone())).collect()
    };
    part("term", &terms(old), &terms(new), |term| &term.0, |term| said([("word", Some(term.1.clone()))]))
        .for_each(|one| found.push(one));
    found.extend(part("organisation", &old.organisations, &new.organisations, |o| &o.id, organisation));
    found.extend(part("office", &old.offices, &new.offices, |office| &office.id, office));
    found.extend(part("role", &old.roles, &new.roles, |role| &role.id, role).map(raised));
    found.extend(part("plan", &old.plans, &new.plans, |plan| &plan.id, plan));
    found.extend(part("clause", &old.clauses, &new.clauses, |clause| local(&clause.id), clause));
    found.extend(controls::diff(&old.controls, &new.controls));
    found.extend(forms::diff(&old.forms, &new.forms));
    let letters = |pack: &Pack| -> Vec<(String, String)> {
        pack.letters.iter().map(|(name, text)| (name.clone(), text.clone())).collect()
    };
    let letter = |letter: &(String, String)| said([("text", text(&letter.1))]);
    found.extend(part("letter", &letters(old), &letters(new), |letter| &letter.0, letter));
    found.extend(part("scenario", &old.scenarios, &new.scenarios, |scenario| &scenario.file, scenario));
    found
}

/// The items of both lists by their ids: those of the newer one first, then those that are gone.
fn pairs<'a, T>(old: &'a [T], new: &'a [T], id: impl Fn(&T) -> &str) -> Vec<(Option<&'a T>, Option<&'a T>)> {
    let find = |list: &'a [T], wanted: &str| list.iter().find(|item| id(item) == wanted);
    let kept = new.iter().map(|item| (find(old, id(item)), Some(item)));
    let gone = old.iter().filter(|item| find(new, id(item)).is_none()).map(|item| (Some(item), None));
    kept.chain(gone).collect()
}

/// The differences of one sort of part that is told by facts.
fn part<T: PartialEq>(
    part: &'static str,
    old: &[T],
    new: &[T],
    id: impl Fn(&T) -> &str,
    tell: impl Fn(&T) -> Facts,
) -> impl Iterator<Item = Difference> {
    let differ = |pair: (Option<&T>, Option<&T>)| {
        let (old, new) = pair;
        let change = change(old, new)?;
        let facts = |item: Option<&T>| item.map(&tell).unwrap_or_default();
        let name = new.or(old).map(|item| id(item).to_string()).unwrap_or_default();
        Some(difference(part, &name, change, details(facts(old), facts(new))))
    };
    let found: Vec<Difference> = pairs(old, new, &id).into_iter().filter_map(differ).collect();
    found.into_iter()
}

/// What became of something, unless it is the same.
fn change<T: PartialEq>(old: Option<&T>, new: Option<&T>) -> Option<Change> {
    match (old, new) {
        (None, None) => None,
        (None, Some(_)) => Some(Change::Added),
        (Some(_), None) => Some(Change::Removed),
        (Some(old), Some(new)) => (old != new).then_some(Change::Changed),
    }
}

fn difference(part: &'static str, id: &str, change: Change, details: Vec<Detail>) -> Difference {
    let (id, kind) = (id.into(), None);
    Difference { part, id, kind, clauses: Vec::new(), change, details, faults: Vec::new() }
}

/// The facts in which two lists of them differ.
fn details(old: Facts, new: Facts) -> Vec<Detail> {
    let of = |facts: &Facts, name: &str| {
        facts.iter().find(|(known, _)| known == name).and_then(|(_, words)| words.clone())
    };
    let mut names: Vec<&String> = new.iter().map(|(name, _)| name).collect();
    names.extend(old.iter().map(|(name, _)| name).filter(|name| !new.iter().any(|(n, _)| n == *name)));
    let differing = names.into_iter().filter_map(|name| {
        let (old, new) = (of(&old, name), of(&new, name));
        (old != new).then(|| Detail::new(name.as_str(), old, new))
    });
    differing.collect()
}

/// What a role asks of its holders binds harder where it is asked, like a parameter of a control.
fn raised(mut role: Difference) -> Difference {
    let asks = |name: &str| ROLE.iter().any(|spec| spec.name == name && spec.stricter == Stricter::More);
    let changed = role.change == Change::Changed;
    for detail in role.details.iter_mut().filter(|detail| changed && asks(&detail.name)) {
        detail.bearing = Some(if detail.new.is_some() { Bearing::Stricter } else { Bearing::Laxer });
    }
    role
}

fn said<const N: usize>(facts: [(&str, Option<Words>); N]) -> Facts {
    facts.into_iter().map(|(name, words)| (name.to_string(), words)).collect()
}

fn text(text: &str) -> Option<Words> {
    (!text.is_empty()).then(|| same(text))
}

fn shown(value: Option<&impl Display>) -> Option<Words> {
    value.map(|value| same(format!("{value}")))
}

fn list<'a>(words: impl IntoIterator<Item = &'a str>) -> Option<Words> {
    let words: Vec<&str> = words.into_iter().collect();
    text(&words.join(", "))
}

fn cited(clauses: &[ClauseId]) -> Option<Words> {
    list(clauses.iter().map(ClauseId::local))
}

fn local(clause: &ClauseId) -> &str {
    clause.local()
}

fn header(header: &Header) -> Facts {
    let law = |law: &super::pack::CitedLaw| match &law.current_name {
        Some(now) => format!("{} ({now})", law.cited_as),
        None => law.cited_as.clone(),
    };
    let laws: Vec<String> = header.cited_laws.iter().map(law).collect();
    said([
        ("id", text(&header.id)),
        ("version", text(&header.version)),
        ("title", Some(header.title.clone())),
        ("title_uncertain", header.title_uncertain.then(|| same("true"))),
        ("short_title", Some(header.short_title.clone())),
        ("issuer", Some(header.issuer.clone())),
        ("document_number", shown(header.document_number.as_ref())),
        ("date", shown(header.date.as_ref())),
        ("effective_from", shown(header.effective_from.as_ref())),
        ("effective_to", shown(header.effective_to.as_ref())),
        ("parent", shown(header.parent.as_ref())),
        ("cited_law", list(laws.iter().map(String::as_str))),
    ])
}

fn organisation(one: &Organisation) -> Facts {
    let adopts = if one.adopts == Adoption::Own { "own" } else { "mutatis-mutandis" };
    said([
        ("word", Some(one.word.clone())),
        ("adopts", text(adopts)),
        ("clause", list(one.clause.as_ref().map(local))),
        ("parent", shown(one.parent.as_ref())),
    ])
}

fn office(office: &Office) -> Facts {
    said([
        ("word", Some(office.word.clone())),
        ("capacities", list(office.capacities.iter().map(|capacity| capacity.word()))),
        ("clauses", cited(&office.clauses)),
    ])
}

fn role(role: &Role) -> Facts {
    said([
        ("word", Some(role.word.clone())),
        ("capacities", list(role.capacities.iter().map(|capacity| capacity.word()))),
        ("tier", shown(role.tier.as_ref())),
        ("incompatible", list(role.incompatible.iter().map(String::as_str))),
        ("office", shown(role.office.as_ref())),
        ("deputy", role.deputy.then(|| same("true"))),
        ("fresh_credential", role.fresh_credential.then(|| same("true"))),
        ("clauses", cited(&role.clauses)),
    ])
}

fn plan(plan: &Plan) -> Facts {
    said([
        ("word", Some(plan.word.clone())),
        ("clauses", cited(&plan.clauses)),
        ("from", shown(plan.from.as_ref())),
        ("until", shown(plan.until.as_ref())),
    ])
}

fn clause(clause: &Clause) -> Facts {
    let met = match clause.met {
        Met::Stated => "stated",
        Met::Recorded => "recorded",
        Met::Enforced => "enforced",
    };
    said([("cite", text(&clause.cite)), ("gist", Some(clause.gist.clone())), ("met", text(met))])
}

fn scenario(scenario: &Scenario) -> Facts {
    let step = |step: &super::scenario::Step| {
        let clause = step.clause.as_ref().map_or_else(String::new, |clause| format!(" {}", clause.local()));
        same(format!("{} {} {:?}{clause}", step.actor, step.act.word(), step.expect).to_lowercase())
    };
    said([
        ("title", Some(scenario.title.clone())),
        ("clauses", cited(&scenario.clauses)),
        ("steps", Some(joined(scenario.steps.iter().map(step)))),
    ])
}
