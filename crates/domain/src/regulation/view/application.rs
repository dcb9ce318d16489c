//! What the rule says about applications for accounts, beside who approves them.

use alloc::string::String;
use alloc::vec::Vec;

use super::super::kinds::Kind;
use super::super::kinds::vocabulary::{Channel, StepAct};
use super::super::pack::Pack;
use super::super::shared::Who;
use super::super::when::Situation;
use super::Ruled;
use super::consent::{ApprovalChain, ChainStep, Term};

/// How accounts and permissions are applied for with one form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountApplication {
    /// What can be applied for with it, as the rule's words; everything where it names nothing.
    pub actions: Vec<String>,
    /// Whether a paper form is kept, as the rule's word.
    pub paper_kept: Option<String>,
    /// Whether nothing stands that was not applied for, not even from an older system.
    pub within_application: bool,
    /// Whether nobody looks anything up before a permission.
    pub before_lookup: bool,
    /// Whether a letter goes with the form.
    pub covering_letter: bool,
    /// Whether whoever has or asks for an account already is refused a new one.
    pub duplicate_check: bool,
    /// How long a permission stands at most; unset where the rule is silent.
    pub valid_months: Option<u32>,
    /// Who keeps the form.
    pub filed_with: Option<Who>,
    /// Who carries out what was approved.
    pub carried_out_by: Option<Who>,
}

impl AccountApplication {
    /// Whether something can be applied for with the form.
    pub fn lets(&self, action: &str) -> bool {
        self.actions.is_empty() || self.actions.iter().any(|own| own == action)
    }
}

impl Pack {
    /// What holds for applications with a form. An account is what a person works with at the screen, so a
    /// condition on the way of asking is judged as that.
    pub fn account_application(
        &self,
        form: &str,
        situation: &Situation<'_>,
    ) -> Option<Ruled<AccountApplication>> {
        let at_the_screen =
            Situation { channel: situation.channel.or(Some(Channel::Online.word())), ..*situation };
        let all = self.ruled(Kind::AccountApplication, &at_the_screen).into_iter();
        let ruled = all.into_iter().find(|ruled| ruled.value.text("form") == Some(form))?;
        let p = &ruled.value;
        let flag = |name| p.flag(name).unwrap_or(false);
        Some(ruled.with(AccountApplication {
            actions: p.texts("actions"),
            paper_kept: p.text("paper_kept").map(String::from),
            within_application: flag("within_application"),
            before_lookup: flag("before_lookup"),
            covering_letter: flag("covering_letter"),
            duplicate_check: flag("duplicate_check"),
            valid_months: p.number("valid_months"),
            filed_with: p.who("filed_with").cloned(),
            carried_out_by: p.who("carried_out_by").cloned(),
        }))
    }

    /// A chain for accounts with what else the rule says about them: the shorter term binds, and whoever
    /// carries out is its last step where the chain does not name one itself.
    pub(super) fn applied_for(
        &self,
        mut chain: Ruled<ApprovalChain>,
        situation: &Situation<'_>,
    ) -> Ruled<ApprovalChain> {
        let form = chain.value.form.as_deref();
        let Some(own) = form.and_then(|form| self.account_application(form, situation)) else {
            return chain;
        };
        let term = own.value.valid_months.map(|months| Term { months, clauses: own.clauses.clone() });
        let both = chain.value.term.take().into_iter().chain(term);
        chain.value.term = both.min_by_key(|term| term.months);
        let by = own.with(own.value.carried_out_by.clone());
        carried_out(chain, by)
    }

    /// A chain for opening locked accounts: whoever opens them after an application is its last step where
    /// the chain does not name one itself.
    pub(super) fn unlocked(&self, chain: Ruled<ApprovalChain>) -> Ruled<ApprovalChain> {
        match self.lockout() {
            Some(own) => carried_out(chain, own.with(own.value.unlock_by.clone())),
            None => chain,
        }
    }
}

/// A chain with whoever another control has carry out what it approves, where it names nobody for that.
fn carried_out(mut chain: Ruled<ApprovalChain>, by: Ruled<Option<Who>>) -> Ruled<ApprovalChain> {
    let own = chain.value.steps.iter().any(|step| step.act == StepAct::CarryOut);
    if let Some(who) = by.value.filter(|_| !own) {
        chain.value.steps.push(ChainStep::carrying_out(who));
        let further = by.clauses.into_iter().filter(|clause| !chain.clauses.contains(clause));
        let further: Vec<_> = further.collect();
        chain.clauses.extend(further);
    }
    chain
}
