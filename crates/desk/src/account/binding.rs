//! Which regulations bind a person, and what they demand together of passwords, delivery and sessions.

use super::credential::End;
use crate::regulation::in_force::InForce;
use crate::view::{PasswordRuleView, RefusalView, SecretsView};
use crate::{Answer, Desk, No};
use domain::Refusal;
use domain::account::enrolment::Delivery;
use domain::account::password::{Due, NOTICE_DAYS, Policy};
use domain::id::{LogId, PersonId};
use domain::regulation::{ClauseId, Consequence, Factors, Force, Ruled};
use domain::time::Instant;
use domain::{Decision, Outcome};
use store::{Read, Receipt, WriteError};

impl Desk {
    /// The regulations of all agencies in which a person holds an assignment today; of those in which they
    /// ever held one, where there is none today.
    pub(super) fn binding(&self, person: &PersonId) -> Answer<Vec<InForce>> {
        let today = self.now().date();
        let (rows, agencies) =
            self.inner.store.read(|read| Ok((read.assignments(person)?, read.agencies()?)))?;
        let present = rows.iter().any(|row| row.assignment.runs(today));
        let counts = rows.iter().filter(|row| !present || row.assignment.runs(today));
        let theirs: Vec<_> = counts.map(|row| &row.agency).collect();
        let rules = self.inner.rules.read().unwrap_or_else(|gone| gone.into_inner());
        let mut packs: Vec<String> =
            agencies.into_iter().filter(|one| theirs.contains(&&one.id)).map(|one| one.pack).collect();
        packs.dedup();
        Ok(packs.iter().filter_map(|pack| rules.running(pack, today)).collect())
    }

    /// What a password of this person must be.
    pub(super) fn password_policy(&self, person: &PersonId) -> Answer<Policy> {
        Ok(policy(&self.binding(person)?))
    }

    /// What the regulations of this person want shown at sign-in.
    pub(super) fn factors(&self, person: &PersonId) -> Answer<Vec<Ruled<Factors>>> {
        Ok(self.binding(person)?.iter().filter_map(|rule| rule.pack.factors()).collect())
    }

    /// How codes may be delivered to this person.
    pub(super) fn delivery(&self, person: &PersonId) -> Answer<Delivery> {
        let rules = self.binding(person)?;
        let ruled: Vec<_> = rules.iter().filter_map(|rule| rule.pack.credential_delivery()).collect();
        Ok(Delivery::of(&ruled))
    }

    /// The clauses by which an account is one person's alone.
    pub(super) fn sharing_clauses(&self, person: &PersonId) -> Answer<Vec<ClauseId>> {
        let rules = self.binding(person)?;
        Ok(rules.iter().filter_map(|rule| rule.pack.no_sharing()).flat_map(|ruled| ruled.clauses).collect())
    }

    /// How many sessions the account of this person may hold, under which clauses; none where no regulation
    /// says.
    pub(super) fn session_limit(&self, person: &PersonId) -> Answer<Option<(usize, Vec<ClauseId>)>> {
        let rules = self.binding(person)?;
        let limits = rules.iter().filter_map(|rule| {
            let ruled = rule.pack.no_sharing()?;
            Some((usize::try_from(ruled.value.sessions?).ok()?, ruled.clauses))
        });
        Ok(limits.min_by_key(|(most, _)| *most))
    }

    /// Whether the time of a password that was set at `set` was over at `at`, where a regulation enforces
    /// that. No regulation counts in less than a month, so of a young one nothing more is asked.
    pub(super) fn password_due(&self, person: &PersonId, set: Instant, at: Instant) -> Answer<Option<Due>> {
        if set.date().plus_months(1).is_none_or(|month| at < month.start()) {
            return Ok(None);
        }
        if !self.any_password_due(&[Force::Duty], set, at) {
            return Ok(None);
        }
        Ok(self.password_policy(person)?.due(Force::Duty, set).filter(|due| due.at <= at))
    }

    /// When the time of a password that was set at `set` is over, where that is soon or past.
    pub(super) fn password_soon(&self, person: &PersonId, set: Instant) -> Answer<Option<End>> {
        // No regulation counts in less than a month, so of a young one nothing more is asked.
        let soon = self.now().plus_hours(24 * NOTICE_DAYS);
        if set.date().plus_months(1).is_none_or(|month| soon < month.start()) {
            return Ok(None);
        }
        match self.any_password_due(&[Force::Duty, Force::Advice], set, soon) {
            true => self.coming_due(person),
            false => Ok(None),
        }
    }

    /// Whether any regulation, whomever it binds, wants a password set at `set` changed by `at`. Most say
    /// nothing yet, so whose binds somebody is asked only where some does.
    fn any_password_due(&self, forces: &[Force], set: Instant, at: Instant) -> bool {
        let rules = self.inner.rules.read().unwrap_or_else(|gone| gone.into_inner());
        let all = rules.all_running(self.now().date());
        let policy = policy(&all);
        forces.iter().any(|force| policy.due(*force, set).is_some_and(|due| due.at <= at))
    }

    /// The demands on a password of this person, as pages list them beside the field.
    pub(super) fn password_rules(&self, person: &PersonId) -> Answer<Vec<PasswordRuleView>> {
        let policy = self.password_policy(person)?;
        let line = |name, n: usize, clauses: &[ClauseId]| PasswordRuleView {
            name,
            n,
            clause: clauses.first().and_then(|id| self.cite_any(id)),
        };
        let mut lines = vec![line("length", policy.length.value, &policy.length.clauses)];
        lines.extend(policy.classes.iter().map(|d| line("classes", d.value, &d.clauses)));
        lines.extend(policy.history.iter().map(|d| line("history", d.value, &d.clauses)));
        let age = |days: u32| usize::try_from(days).unwrap_or(usize::MAX);
        lines.extend(policy.min_age_days.iter().map(|d| line("age", age(d.value), &d.clauses)));
        for term in &policy.terms {
            let name = if term.value.force == Force::Duty { "months" } else { "months-advised" };
            lines.push(line(name, age(term.value.months), &term.clauses));
            let follows = term.value.consequence.map(|follows| match follows {
                Consequence::Remind => "late-remind",
                Consequence::Escalate => "late-escalate",
                Consequence::BlockNewLookups => "late-block-new-lookups",
                Consequence::Suspend | Consequence::Stop => "late-suspend",
            });
            lines.extend(follows.map(|name| line(name, 1, &term.clauses)));
        }
        Ok(lines)
    }

    /// What the regulations say is told or lent to nobody.
    pub(super) fn secrets(&self, person: &PersonId) -> Answer<Vec<SecretsView>> {
        let rules = self.binding(person)?;
        let ruled = rules.iter().filter_map(|rule| rule.pack.no_sharing());
        let told = ruled.filter(|ruled| !ruled.value.secrets.is_empty());
        let view = told.map(|ruled| SecretsView {
            clause: ruled.clause().and_then(|id| self.cite_any(id)),
            secrets: ruled.value.secrets,
        });
        Ok(view.collect())
    }

    /// Loads, decides and writes to the platform's log, to which accounts belong; a read that was overtaken
    /// is done again, the third time inside the writer.
    pub(super) fn carry_out_on_platform<F>(
        &self,
        refuse: impl Fn(Vec<Refusal>) -> No,
        decide: F,
    ) -> Answer<Receipt>
    where
        F: Fn(&mut Read<'_>) -> Result<Outcome<Decision>, store::Fault>,
    {
        for _ in 0..2 {
            match self.inner.store.read(&decide)? {
                Err(refusals) => return Err(refuse(refusals)),
                Ok(decision) => match self.inner.store.write(decision) {
                    Err(WriteError::Stale) => {}
                    other => return other.map_err(No::from),
                },
            }
        }
        match self.inner.store.write_deciding(&LogId::platform(), None, |read| decide(read))? {
            Ok(receipt) => Ok(receipt),
            Err(refusals) => Err(refuse(refusals)),
        }
    }

    /// Refusals for somebody who is not signed in: nothing is entered, and clauses are cited from whichever
    /// regulation has them that is in force, or was last.
    pub(super) fn refuse_plainly(&self, refusals: Vec<Refusal>) -> No {
        let view = |refusal: Refusal| {
            let clause = refusal.clause.as_ref().and_then(|id| self.cite_any(id));
            RefusalView { refusal, clause, helpers: vec![] }
        };
        No::Refused(refusals.into_iter().map(view).collect())
    }
}

/// What several regulations demand of a password.
fn policy(rules: &[InForce]) -> Policy {
    let ruled: Vec<_> = rules.iter().filter_map(|rule| rule.pack.password()).collect();
    Policy::of(&ruled)
}
