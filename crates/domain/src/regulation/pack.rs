//! A pack as the rest of the program sees it.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::form::{Form, Tick};
use super::kinds::Kind;
use super::kinds::vocabulary::Capacity;
use super::scenario::Scenario;
use super::tree::Spot;
use super::value::{Params, Words};
use super::view::{Dataset, Ruled};
use super::when::When;

/// The name of a clause over all packs: `kaohsiung/6.1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClauseId(Arc<str>);

impl ClauseId {
    /// The clause of a pack by its local id.
    pub fn new(pack: &str, local: &str) -> Self {
        Self(format!("{pack}/{local}").into())
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The pack it belongs to.
    pub fn pack(&self) -> &str {
        self.0.split_once('/').map_or("", |(pack, _)| pack)
    }

    /// Its id within the pack.
    pub fn local(&self) -> &str {
        self.0.split_once('/').map_or(&self.0, |(_, local)| local)
    }
}

impl fmt::Display for ClauseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The SHA-256 of a pack's files in canonical order: what names a pack's text for ever.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A law that a rule cites, by the name it had then and the name it has today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CitedLaw {
    /// As the rule cites it.
    pub cited_as: String,
    /// Its name today, where that differs.
    pub current_name: Option<String>,
    /// The clause that cites it.
    pub clause: Option<ClauseId>,
}

/// Who issued what, and from when it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The pack's id, the same in every version.
    pub id: String,
    /// The version, as the agency dates it.
    pub version: String,
    /// The full title.
    pub title: Words,
    /// Whether title or date are not in the text the pack was written from.
    pub title_uncertain: bool,
    /// What people call it.
    pub short_title: Words,
    /// The agency that issued it.
    pub issuer: Words,
    /// The number of the letter that issued it.
    pub document_number: Option<String>,
    /// The date of that letter.
    pub date: Option<Date>,
    /// The first day in force; a rule without a date is in force from its activation on.
    pub effective_from: Option<Date>,
    /// The last day in force; open where absent.
    pub effective_to: Option<Date>,
    /// The id of the pack that is its floor.
    pub parent: Option<String>,
    /// The laws it cites.
    pub cited_laws: Vec<CitedLaw>,
}

impl Header {
    /// Whether the rule is in force on a day.
    pub fn in_force(&self, day: Date) -> bool {
        self.effective_from.is_none_or(|first| first <= day)
            && self.effective_to.is_none_or(|last| day <= last)
    }
}

/// How an organisation comes under a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adoption {
    /// The rule is made for it.
    Own,
    /// It applies the rule correspondingly, and pages say so.
    MutatisMutandis,
}

/// An organisation that uses the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Its id in the pack.
    pub id: String,
    /// What it is called.
    pub word: Words,
    /// How it comes under the rule.
    pub adopts: Adoption,
    /// The clause that says so.
    pub clause: Option<ClauseId>,
    /// The organisation above it.
    pub parent: Option<String>,
    pub(super) at: Spot,
}

/// An office that the rule names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    /// Its id in the pack.
    pub id: String,
    /// What it is called.
    pub word: Words,
    /// What its people may do by that alone.
    pub capacities: Vec<Capacity>,
    /// The clauses that name it.
    pub clauses: Vec<ClauseId>,
    pub(super) at: Spot,
}

/// A role of the rule, and the capacities it gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its id in the pack.
    pub id: String,
    /// What it is called.
    pub word: Words,
    /// What it may do.
    pub capacities: Vec<Capacity>,
    /// Its height, 1 at the desk.
    pub tier: Option<u8>,
    /// Roles the same person may not hold.
    pub incompatible: Vec<String>,
    /// The office it belongs to.
    pub office: Option<String>,
    /// Whether the password is changed before the first act under a post of it.
    pub fresh_credential: bool,
    /// Whether its holders have a deputy on record.
    pub deputy: bool,
    /// The clauses that name it.
    pub clauses: Vec<ClauseId>,
    pub(super) at: Spot,
}

/// A named plan within a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Its id in the pack.
    pub id: String,
    /// What it is called.
    pub word: Words,
    /// The clauses that name it.
    pub clauses: Vec<ClauseId>,
    /// Its first day.
    pub from: Option<Date>,
    /// Its last day.
    pub until: Option<Date>,
    pub(super) at: Spot,
}

/// How a clause is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Met {
    /// People are told.
    Stated,
    /// The act is human; the system keeps the evidence.
    Recorded,
    /// The system makes it so.
    Enforced,
}

/// One clause of the rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Its name over all packs.
    pub id: ClauseId,
    /// How it is cited on the screen.
    pub cite: String,
    /// What it says, in the words of the pack's author.
    pub gist: Words,
    /// How it is met.
    pub met: Met,
    pub(super) at: Spot,
}

/// What of a control is a choice of the product's and not the law's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Nothing: all of it is the rule's.
    Law,
    /// All of it.
    Whole,
    /// These parameters.
    Params(Vec<String>),
}

impl Policy {
    /// Whether a parameter is policy.
    pub fn covers(&self, param: &str) -> bool {
        match self {
            Self::Law => false,
            Self::Whole => true,
            Self::Params(names) => names.iter().any(|name| name == param),
        }
    }
}

/// One control of a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// Its id in the pack.
    pub id: String,
    /// Its kind.
    pub kind: Kind,
    /// The clauses it comes from.
    pub clauses: Vec<ClauseId>,
    /// These, and the clauses that single entries of it name.
    pub cites: Vec<ClauseId>,
    /// What of it is policy.
    pub policy: Policy,
    /// The situations it applies to.
    pub when: Option<When>,
    /// A sentence shown beside it.
    pub note: Option<Words>,
    /// Its parameters; what is absent is unset.
    pub params: Params,
    /// Whether it was read without a fault; what follows from a fault is not reported again.
    pub(super) sound: bool,
    pub(super) at: Spot,
}

/// A rule as data.
#[derive(Clone, Debug)]
pub struct Pack {
    /// Who issued it, and from when it holds.
    pub header: Header,
    /// The words it uses, by the key of the term.
    pub terms: BTreeMap<&'static str, Words>,
    /// The organisations that use it.
    pub organisations: Vec<Organisation>,
    /// The offices it names.
    pub offices: Vec<Office>,
    /// Its roles.
    pub roles: Vec<Role>,
    /// Its named plans.
    pub plans: Vec<Plan>,
    /// Its clauses, in the order of the file.
    pub clauses: Vec<Clause>,
    /// Its controls, in the order of the file.
    pub controls: Vec<Control>,
    /// Its forms.
    pub forms: Vec<Form>,
    /// Its own tests.
    pub scenarios: Vec<Scenario>,
    /// The texts of its letters, by file name under `letters/`.
    pub letters: BTreeMap<String, String>,
    /// Its digest, once the one who keeps the files has computed it.
    pub digest: Option<Digest>,
    /// Its datasets as decisions take them, made once: each lookup asks for several.
    pub(super) datasets: Vec<Ruled<Dataset>>,
    /// What the ticks of its account forms open, made once.
    pub(super) ticks: Vec<Tick>,
    /// The controls that hold in the place of a separation only.
    pub(super) instead: Vec<String>,
    pub(super) floor: Option<Arc<Pack>>,
    /// The floor's forms, as they are filled in under this rule.
    pub(super) floor_forms: Vec<Form>,
    pub(super) header_line: usize,
}

impl Pack {
    /// A clause by its local id (`6.1`) or its whole name (`kaohsiung/6.1`).
    pub fn clause(&self, id: &str) -> Option<&Clause> {
        self.clauses.iter().find(|clause| clause.id.local() == id || clause.id.as_str() == id)
    }

    /// The name of a clause of this pack over all packs.
    pub fn clause_id(&self, local: &str) -> ClauseId {
        ClauseId::new(&self.header.id, local)
    }

    /// Every control of a kind, in the order of the file.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Control> {
        self.controls.iter().filter(move |control| control.kind == kind)
    }

    /// A control by its id.
    pub fn control(&self, id: &str) -> Option<&Control> {
        self.controls.iter().find(|control| control.id == id)
    }

    /// A control by the name under which a duty or an entry keeps it: one of this rule, or of its floor.
    pub fn control_or_floor(&self, name: &str) -> Option<&Control> {
        let local = name.rsplit('/').next().unwrap_or(name);
        self.control(name).or_else(|| self.floor()?.control(local))
    }

    /// A role by its id.
    pub fn role(&self, id: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.id == id)
    }

    /// An office by its id.
    pub fn office(&self, id: &str) -> Option<&Office> {
        self.offices.iter().find(|office| office.id == id)
    }

    /// An organisation by its id.
    pub fn organisation(&self, id: &str) -> Option<&Organisation> {
        self.organisations.iter().find(|organisation| organisation.id == id)
    }

    /// A form by its id; of the floor, where only that has one.
    pub fn form(&self, id: &str) -> Option<&Form> {
        self.every_form().find(|form| form.id == id)
    }

    /// The rule's forms, then those of its floor.
    pub fn every_form(&self) -> impl Iterator<Item = &Form> {
        self.forms.iter().chain(&self.floor_forms)
    }

    /// What a role may do; nothing where the pack has no such role.
    pub fn capacities(&self, role: &str) -> &[Capacity] {
        self.role(role).map_or(&[], |role| &role.capacities)
    }

    /// The rule's own word for a term, where it has one.
    pub fn term(&self, key: &str) -> Option<&Words> {
        self.terms.get(key)
    }

    /// What meets a clause: `family.kind` of its controls, `header.…` and `form.…` for the other parts that
    /// name it.
    pub fn met_by(&self, clause: &ClauseId) -> Vec<String> {
        let mut parts: Vec<String> = Vec::new();
        let names = |list: &[ClauseId]| list.contains(clause);
        let mut add = |part: String| {
            if !parts.contains(&part) {
                parts.push(part);
            }
        };
        for control in self.controls.iter().filter(|control| names(&control.cites)) {
            let spec = control.kind.spec();
            add(format!("{}.{}", spec.family.word(), spec.name));
        }
        if self.header.cited_laws.iter().any(|law| law.clause.as_ref() == Some(clause)) {
            add("header.cited-law".into());
        }
        if self.organisations.iter().any(|o| o.clause.as_ref() == Some(clause)) {
            add("header.organisation".into());
        }
        if self.offices.iter().any(|office| names(&office.clauses)) {
            add("header.office".into());
        }
        if self.roles.iter().any(|role| names(&role.clauses)) {
            add("header.role".into());
        }
        if self.plans.iter().any(|plan| names(&plan.clauses)) {
            add("header.plan".into());
        }
        for form in self.forms.iter().filter(|form| form.clauses.contains(clause) || form.states(clause)) {
            add(format!("form.{}", form.id));
        }
        parts
    }
}
