//! Consents and approval chains.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::super::form::{Form, FormOption, Tick};
use super::super::kinds::Kind;
use super::super::kinds::vocabulary::{ApplicationObject, Capacity, ScopeOfConsent, StepAct};
use super::super::pack::{ClauseId, Pack};
use super::super::shared::{Deadline, Who, word};
use super::super::value::{Params, Words};
use super::super::when::Situation;
use super::Ruled;
use crate::each_once;

/// What must have been approved before a lookup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// How far one approval reaches.
    pub scope: ScopeOfConsent,
    /// Who gives it.
    pub by: Option<Who>,
    /// The roles of the pack whose holders that can be.
    pub roles: Vec<String>,
    /// The kind of application whose approval it is; whoever gives it gives it outright where unset.
    pub application: Option<ApplicationObject>,
    /// How long it stands; unset where the rule is silent.
    pub valid_months: Option<u32>,
    /// By when it is obtained afterwards in an emergency; never where unset.
    pub afterwards: Option<Deadline>,
}

impl Consent {
    /// The first role that may give it; empty where no role of the pack may.
    pub fn by_role(&self) -> &str {
        self.roles.first().map_or("", String::as_str)
    }

    /// Whether a holder of this role may give it.
    pub fn is_by(&self, role: &str) -> bool {
        self.roles.iter().any(|own| own == role)
    }
}

/// One step of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainStep {
    /// Those who act: one, or several side by side.
    pub who: Vec<Who>,
    /// How many of them must agree.
    pub quorum: usize,
    /// What the step does.
    pub act: StepAct,
    /// Whether what is given is hidden from everybody else until the step is over.
    pub blind: bool,
    /// Its name on form and page.
    pub label: Option<Words>,
    /// Whether a registered deputy may act; where the rule is silent the general law on deputies lets them.
    pub deputies: bool,
    /// When it counts as silent.
    pub silence: Option<Deadline>,
    /// What silence does: `remind`, `escalate`, `pass-on`.
    pub silence_then: Option<String>,
    /// The results that the form prints for it, of which one is chosen; none where it prints none.
    pub outcomes: Vec<StepOutcome>,
}

/// A result that a form prints for a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepOutcome {
    /// The code that the stamp carries.
    pub code: String,
    /// What is printed.
    pub word: Words,
    /// What it gives, as the rule's word.
    pub does: String,
    /// Whether it wants words.
    pub remark: bool,
    /// Whether a first day may be set.
    pub effective_date: bool,
    /// Whether single ticks may be left out.
    pub leave_out: bool,
}

/// How long something stands, and where the rule says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// In months.
    pub months: u32,
    /// The clauses that set it.
    pub clauses: Vec<ClauseId>,
}

impl ChainStep {
    /// A step as a chain says it; the last one decides where it does not say what it does.
    pub(in super::super) fn read(p: &Params, last: bool) -> Self {
        let who = p.who("who").map_or_else(|| p.people("side_by_side"), |who| Vec::from([who.clone()]));
        let usual = match (last, who.len()) {
            (true, _) => StepAct::Decide,
            (false, 1) => StepAct::Check,
            (false, _) => StepAct::Consult,
        };
        Self {
            quorum: p.number("quorum").unwrap_or(who.len()),
            who,
            act: word(p, "act", StepAct::named).unwrap_or(usual),
            blind: p.flag("blind").unwrap_or(false),
            label: p.words("label").cloned(),
            deputies: p.flag("deputies").unwrap_or(true),
            silence: p.deadline("silence").cloned(),
            silence_then: p.text("silence_then").map(String::from),
            outcomes: p.tables("outcomes").map(StepOutcome::read).collect(),
        }
    }

    /// The step at which somebody carries out what the chain has approved.
    pub(super) fn carrying_out(who: Who) -> Self {
        Self {
            who: Vec::from([who]),
            quorum: 1,
            act: StepAct::CarryOut,
            blind: false,
            label: None,
            deputies: true,
            silence: None,
            silence_then: None,
            outcomes: Vec::new(),
        }
    }
}

/// Who approves an application, in which order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovalChain {
    /// What is approved.
    pub object: ApplicationObject,
    /// The steps in order; the last one decides or carries out.
    pub steps: Vec<ChainStep>,
    /// The form that travels along.
    pub form: Option<String>,
    /// How long the approval stands; unset where the rule is silent.
    pub term: Option<Term>,
    /// From when on it can be renewed.
    pub renew_before: Option<Deadline>,
    /// By when a renewal is asked for; by the last day where the rule is silent.
    pub renew_by: Option<Deadline>,
}

impl ApprovalChain {
    /// For how many months the approval stands; unset where the rule is silent.
    pub fn months(&self) -> Option<u32> {
        self.term.as_ref().map(|term| term.months)
    }
}

impl Pack {
    /// What must have been approved before a lookup in a situation.
    pub fn consent(&self, situation: &Situation<'_>) -> Option<Ruled<Consent>> {
        let ruled = self.first(Kind::Consent, situation)?;
        let p = &ruled.value;
        let scope = word(p, "scope", ScopeOfConsent::named)?;
        Some(ruled.with(Consent {
            scope,
            by: p.who("by").cloned(),
            roles: p.who("by").map(|by| self.roles_meant(by, Capacity::Decide)).unwrap_or_default(),
            application: word(p, "application", ApplicationObject::named),
            valid_months: p.number("valid_months"),
            afterwards: p.deadline("afterwards").cloned(),
        }))
    }

    /// The forms with which accounts and permissions are applied for.
    pub fn account_forms(&self) -> Vec<&Form> {
        let chains = self.of_kind(Kind::ApprovalChain).map(|control| &control.params);
        let own = chains.filter(|p| p.text("object") == Some(ApplicationObject::Account.word()));
        // Several chains may be for the same form.
        each_once(own.filter_map(|p| p.text("form"))).into_iter().filter_map(|id| self.form(id)).collect()
    }

    /// The form with which a later version of this rule is applied for; none where the operator's hand puts
    /// it into force.
    pub fn activation_form(&self) -> Option<&Form> {
        let mut chains = self.of_kind(Kind::ApprovalChain).map(|control| &control.params);
        let own = chains.find(|p| p.text("object") == Some(ApplicationObject::Activation.word()))?;
        self.form(own.text("form")?)
    }

    /// What the ticks of those forms open.
    pub fn ticks(&self) -> &[Tick] {
        &self.ticks
    }

    pub(in super::super) fn ticks_that_open(&self) -> Vec<Tick> {
        let options = self.account_forms().into_iter().flat_map(|form| &form.fields);
        let mut ticks: Vec<Tick> =
            options.flat_map(|field| &field.options).filter_map(FormOption::tick).collect();
        // Where nobody looks anything up before a permission, every tick opens what none opens by name.
        let left = self.items().filter(|item| !ticks.iter().any(|tick| tick.items.contains(item)));
        let left: Vec<String> = left.collect();
        let first = self.of_kind(Kind::AccountApplication).map(|control| &control.params);
        let forms = first.filter(|p| p.flag("before_lookup") == Some(true));
        let forms = forms.filter_map(|p| self.form(p.text("form")?));
        let fields = forms.flat_map(|form| &form.fields);
        let codes = fields.filter(|field| field.kind == "ticks").flat_map(|field| &field.options);
        ticks.extend(codes.map(|option| Tick { items: left.clone(), ..Tick::of(&option.code) }));
        ticks
    }

    /// Every item of its datasets, each as `dataset/item`.
    fn items(&self) -> impl Iterator<Item = String> {
        let datasets = self.datasets().iter().map(|ruled| &ruled.value);
        datasets.flat_map(|own| own.items.iter().map(|item| format!("{}/{}", own.id, item.id)))
    }

    /// What is approved by the head or a delegate somewhere along its chain.
    pub fn delegable(&self) -> Vec<&'static str> {
        let packs = [Some(self), self.floor()].into_iter().flatten();
        let chains: Vec<&Params> =
            packs.flat_map(|pack| pack.of_kind(Kind::ApprovalChain).map(|own| &own.params)).collect();
        let delegated = |p: &&Params| {
            let mut steps = p.tables("steps").flat_map(|step| ChainStep::read(step, false).who);
            steps.any(|who| who.is_delegable())
        };
        let found: Vec<_> = chains.into_iter().filter(delegated).filter_map(|p| p.text("object")).collect();
        ApplicationObject::WORDS.iter().copied().filter(|word| found.contains(word)).collect()
    }

    /// The chain for an application.
    pub fn approval_chain(
        &self,
        object: ApplicationObject,
        situation: &Situation<'_>,
    ) -> Option<Ruled<ApprovalChain>> {
        let chains = self.ruled(Kind::ApprovalChain, situation);
        let ruled = chains.into_iter().find(|chain| chain.value.text("object") == Some(object.word()))?;
        let p = &ruled.value;
        let count = p.tables("steps").count();
        let steps =
            p.tables("steps").enumerate().map(|(at, step)| ChainStep::read(step, at + 1 == count)).collect();
        let months = p.number("valid_months");
        let chain = ruled.with(ApprovalChain {
            object,
            steps,
            form: p.text("form").map(String::from),
            term: months.map(|months| Term { months, clauses: ruled.clauses.clone() }),
            renew_before: p.deadline("renew_before").cloned(),
            renew_by: p.deadline("renew_by").cloned(),
        });
        Some(match object {
            ApplicationObject::Account => self.applied_for(chain, situation),
            ApplicationObject::Unlock => self.unlocked(chain),
            _ => chain,
        })
    }
}

impl StepOutcome {
    fn read(p: &Params) -> Self {
        let flag = |name| p.flag(name).unwrap_or(false);
        Self {
            code: p.string("code"),
            word: p.label("word"),
            does: p.string("does"),
            remark: flag("remark"),
            effective_date: flag("effective_date"),
            leave_out: flag("leave_out"),
        }
    }
}
