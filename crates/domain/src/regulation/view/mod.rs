//! What the rule says in a situation: typed answers, each with its clauses.

mod account;
mod application;
mod consent;
mod data;
mod duty;
mod evidence;
mod letters;
mod link;
mod lookup;
mod place;
mod purpose;
mod result;
mod separation;

use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::error::PackError;
use super::floor::{harder, merge};
use super::kinds::vocabulary::Capacity;
use super::kinds::{Family, Kind};
use super::pack::{ClauseId, Control, Pack, Policy, Role};
use super::shared::Who;
use super::value::{Params, Value};
use super::when::{Situation, When};

pub use account::{
    CredentialDelivery, ExOfficio, Factors, Lockout, NoSharing, PasswordRule, Rotation, SessionRule,
};
pub use application::AccountApplication;
pub use consent::{ApprovalChain, ChainStep, Consent, StepOutcome, Term};
pub(super) use data::dataset;
pub use data::{DataSource, Dataset, Item, ItemField, RequestField, Subject};
pub use duty::{ChangeNotice, ContractRule, Handover, IdleLadder, Inventory, Recurring, Tier};
pub use evidence::{Notice, Retention};
pub use letters::LetterRule;
pub use link::LinkRule;
pub use lookup::{Countersign, Proxy, Reason, RecordSheet, SensitiveTarget, Volume};
pub use place::{ChannelRule, NetworkZone, WorkstationRule};
pub use purpose::{Business, LegalBasis, Purpose};
pub use result::{CopyPermit, Masking, PrintRule, Screen};
pub use separation::{Pair, Separation};
pub(super) use separation::{pairs, returning};

/// What a rule says, and where it says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruled<T> {
    /// What it says.
    pub value: T,
    /// The clauses, the most exact first; those of the floor last. Empty for what is policy alone.
    pub clauses: Vec<ClauseId>,
    /// The id of the control; `floor/control` where only the floor has one.
    pub control: String,
    /// Whether all of it is a choice of the product's and not the law's.
    pub policy: bool,
    /// The names of those parameters that are such a choice, where not all are.
    pub policy_params: Vec<String>,
    /// The names of those parameters for which the floor binds harder than the rule.
    pub raised: Vec<&'static str>,
}

impl<T> Ruled<T> {
    /// The same clauses about something else.
    pub fn with<U>(&self, value: U) -> Ruled<U> {
        Ruled {
            value,
            clauses: self.clauses.clone(),
            control: self.control.clone(),
            policy: self.policy,
            policy_params: self.policy_params.clone(),
            raised: self.raised.clone(),
        }
    }

    /// The same, with the clause of one entry before all others.
    pub(super) fn under(mut self, clause: Option<ClauseId>) -> Self {
        if let Some(clause) = clause {
            self.clauses.retain(|other| *other != clause);
            self.clauses.insert(0, clause);
        }
        self
    }

    /// The clause that a refusal names first.
    pub fn clause(&self) -> Option<&ClauseId> {
        self.clauses.first()
    }
}

/// One parameter of the rule, of its floor, and the stricter of the two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    /// What the rule says; unset where it is silent.
    pub own: Option<Value>,
    /// What its floor says.
    pub floor: Option<Value>,
    /// What holds.
    pub effective: Value,
    /// Whether that is the floor's doing.
    pub raised: bool,
    /// Whether the rule's value is a choice of the product's.
    pub policy: bool,
    /// The clauses of whichever holds.
    pub clauses: Vec<ClauseId>,
}

impl Pack {
    /// Lays a floor under the pack.
    ///
    /// # Errors
    /// Where the pack names another floor, or none.
    pub fn with_floor(mut self, floor: Arc<Self>) -> Result<Self, PackError> {
        if self.header.parent.as_ref() != Some(&floor.header.id) {
            return Err(PackError {
                file: "pack.toml".into(),
                line: self.header_line,
                clause: None,
                message: format!("`{}` is not the parent of `{}`", floor.header.id, self.header.id),
                remedy: "Name it as `parent` in the header, or lay another floor.".into(),
            });
        }
        self.floor_forms = floor.forms.clone();
        self.floor_forms.iter_mut().for_each(|form| form.tick_datasets(&self.datasets));
        self.floor = Some(floor);
        Ok(self)
    }

    /// The floor under the pack, where one was laid.
    pub fn floor(&self) -> Option<&Self> {
        self.floor.as_deref()
    }

    /// The roles of this pack whose holders `who` can mean: those it names, those of an office, those that
    /// decide where it is the head, those with the capacity where it is a relation. A role that only the
    /// floor knows is whoever can do here what it does there. None for bodies outside.
    pub fn roles_meant(&self, who: &Who, capacity: Capacity) -> Vec<String> {
        let with = |wanted: Capacity| {
            self.roles.iter().filter(|r| r.capacities.contains(&wanted)).map(|r| r.id.clone()).collect()
        };
        match who {
            Who::Role(role) => match self.floor().and_then(|floor| floor.role(role)) {
                Some(below) if self.role(role).is_none() => {
                    let able = |own: &&Role| below.capacities.iter().all(|one| own.capacities.contains(one));
                    self.roles.iter().filter(able).map(|own| own.id.clone()).collect()
                }
                _ => Vec::from([role.clone()]),
            },
            Who::Office(office) => {
                let there = self.roles.iter().filter(|role| role.office.as_ref() == Some(office));
                there.map(|role| role.id.clone()).collect()
            }
            Who::Head | Who::HeadOrDelegate => with(Capacity::Decide),
            Who::Relation(_) => with(capacity),
            Who::Any(several) => several.iter().flat_map(|who| self.roles_meant(who, capacity)).collect(),
            Who::Organisation(_) | Who::Party(_) => Vec::new(),
        }
    }

    /// The roles that look after links and keep the correspondence about them; whoever decides, where the
    /// rule has no such role.
    pub fn link_keepers(&self) -> Vec<String> {
        let with = |wanted: &[Capacity]| -> Vec<String> {
            let able = |role: &&Role| role.capacities.iter().any(|one| wanted.contains(one));
            self.roles.iter().filter(able).map(|role| role.id.clone()).collect()
        };
        let keepers = with(&[Capacity::Operate, Capacity::Administer]);
        if keepers.is_empty() { with(&[Capacity::Decide]) } else { keepers }
    }

    /// The controls of a kind that apply in a situation, the most special first, those without condition
    /// last.
    pub fn applicable(&self, kind: Kind, situation: &Situation<'_>) -> Vec<&Control> {
        let applies = |c: &&Control| c.when.as_ref().is_none_or(|when| when.holds(situation) == Some(true));
        let own = |c: &&Control| self.is_for(c, situation);
        let mut found: Vec<&Control> = self.of_kind(kind).filter(applies).filter(own).collect();
        found.sort_by_key(|control| {
            let weight = control.when.as_ref().map_or(0, When::weight);
            // What stands in the place of a separation is for nobody else, and so the most special.
            core::cmp::Reverse((self.instead.contains(&control.id), weight))
        });
        found
    }

    /// What rule and floor together say about a kind in a situation: one answer a control, the most special
    /// first.
    pub fn ruled(&self, kind: Kind, situation: &Situation<'_>) -> Vec<Ruled<Params>> {
        let own = self.applicable(kind, situation);
        let below = self.below(kind, situation);
        let mut answers: Vec<Ruled<Params>> = Vec::new();
        for control in &own {
            let first =
                own.iter().position(|c| about(c) == about(control)) == own.iter().position(|c| c == control);
            let floor = below.iter().find(|c| first && about(c) == about(control));
            answers.push(answer(control, floor.copied()));
        }
        for control in below.iter().filter(|c| !own.iter().any(|o| about(o) == about(c))) {
            let mut ruled = answer(control, None);
            let floor = self.header.parent.as_deref().unwrap_or_default();
            ruled.control = format!("{floor}/{}", control.id);
            answers.push(ruled);
        }
        answers
    }

    /// What rule and floor together say about a kind to anybody at all, each with its condition. What the
    /// floor asks for is asked for beside a control that holds for some only.
    fn ruled_for_anybody(&self, kind: Kind) -> Vec<(Ruled<Params>, Option<When>)> {
        let always = self.ruled(kind, &Situation::default()).into_iter().map(|ruled| (ruled, None));
        let own = self.of_kind(kind).filter(|control| !self.instead.contains(&control.id));
        let some = own.filter_map(|control| {
            let when = control.when.clone().filter(|when| when.holds(&Situation::default()).is_none())?;
            Some((answer(control, None), Some(when)))
        });
        always.chain(some).collect()
    }

    /// The most special answer about a kind.
    pub(super) fn first(&self, kind: Kind, situation: &Situation<'_>) -> Option<Ruled<Params>> {
        self.ruled(kind, situation).into_iter().next()
    }

    /// One parameter of a kind: own value, floor, and what holds. `None` where neither says anything.
    pub fn effective(&self, kind: Kind, param: &str, situation: &Situation<'_>) -> Option<Effective> {
        let own = self.applicable(kind, situation).into_iter().next();
        let below = self.below(kind, situation);
        let floor = below.into_iter().find(|c| own.is_none_or(|own| about(own) == about(c)));
        self.compare(kind, param, own, floor)
    }

    /// One parameter of one control: own value, floor, and what holds.
    pub fn effective_of(
        &self,
        control: &Control,
        param: &str,
        situation: &Situation<'_>,
    ) -> Option<Effective> {
        let floor = self.below(control.kind, situation).into_iter().find(|c| about(c) == about(control));
        self.compare(control.kind, param, Some(control), floor)
    }

    fn compare(
        &self,
        kind: Kind,
        param: &str,
        own: Option<&Control>,
        floor: Option<&Control>,
    ) -> Option<Effective> {
        let spec = kind.spec().param(param)?;
        let above = own.and_then(|control| control.params.get(spec.name));
        let below = floor.and_then(|control| control.params.get(spec.name));
        let (effective, raised) = match (above, below) {
            (Some(above), Some(below)) => {
                let harder = harder(above, below, spec);
                let raised = harder.is_some();
                (harder.unwrap_or_else(|| above.clone()), raised)
            }
            (Some(above), None) => (above.clone(), false),
            (None, below) => (below?.clone(), true),
        };
        let clauses =
            if raised { floor } else { own }.map(|control| control.cites.clone()).unwrap_or_default();
        let policy = !raised && own.is_some_and(|control| control.policy.covers(spec.name));
        Some(Effective { own: above.cloned(), floor: below.cloned(), effective, raised, policy, clauses })
    }

    /// The floor's controls that bind this pack too: its duties, not its own sources, uses and sentences.
    fn below(&self, kind: Kind, situation: &Situation<'_>) -> Vec<&Control> {
        let own_matters = matches!(kind.spec().family, Family::Data | Family::Purpose | Family::Letters)
            || matches!(kind, Kind::Notice | Kind::Contact);
        match &self.floor {
            Some(floor) if !own_matters => floor.applicable(kind, situation),
            _ => Vec::new(),
        }
    }
}

/// What a control is about within its kind: rules on different records or applications are never compared.
fn about(control: &Control) -> Option<&str> {
    ["object", "record", "list", "event", "after"].into_iter().find_map(|key| {
        let compared = control.kind.spec().param(key).is_some_and(|spec| spec.required);
        if compared { control.params.text(key) } else { None }
    })
}

/// What one control alone says, with no floor beneath it.
fn said<T>(control: &Control, value: T) -> Ruled<T> {
    let policy_params = match &control.policy {
        Policy::Params(names) => names.clone(),
        _ => Vec::new(),
    };
    Ruled {
        value,
        clauses: control.clauses.clone(),
        control: control.id.clone(),
        policy: control.policy == Policy::Whole,
        policy_params,
        raised: Vec::new(),
    }
}

fn answer(control: &Control, floor: Option<&Control>) -> Ruled<Params> {
    let Some(floor) = floor else { return said(control, control.params.clone()) };
    let (merged, raised) = merge(&control.params, &floor.params, control.kind.spec().params);
    let mut ruled = said(control, merged);
    if !raised.is_empty() {
        ruled.clauses.extend(floor.clauses.iter().cloned());
    }
    Ruled { raised, ..ruled }
}
