//! Answers along chains: owed from the moment a step is reached, where the rule says when it is silent.

use super::clocks::{ROUND, named};
use crate::regulation::in_force::InForce;
use crate::{Answer, Desk, carry};
use domain::application::silence::{self, Then};
use domain::application::{self, Application, State as Standing};
use domain::duty::{self, DueDay, Duty, Kind, State};
use domain::id::{ApplicationId, LogId};
use domain::regulation::{ApprovalChain, Ruled};
use store::{Fault, Read};

impl Desk {
    /// Opens the duty to answer of every step that has an application, and drops those of steps that are
    /// over.
    pub(super) fn keep_answers(&self, log: &LogId, rule: &InForce) -> Answer<()> {
        let calendar = self.calendar(log);
        let (rows, open) = self.inner.store.read(|read| {
            let mut rows = read.applications_in(log, Standing::Running, ROUND)?;
            rows.extend(read.applications_in(log, Standing::Approved, ROUND)?);
            Ok((rows, read.open_of_kind(log, Kind::Answer)?))
        })?;
        for row in &rows {
            let (own, application) = (self.rule_of_digest(&row.application.digest, rule), &row.application);
            let Some(chain) = chain(&own, application) else { continue };
            let owed = silence::duty(own.as_rule(), &chain, application, &named, &calendar);
            let Some(duty) = owed.filter(|duty| !open.iter().any(|own| own.id == duty.id)) else { continue };
            self.clocked(|read| {
                let seen = read.rev(&duty.key(log))?;
                let fresh = seen.rev == 0;
                let owe = || {
                    let (event, now) = (carry::event(), self.now());
                    duty::owe(own.as_rule(), log, duty.clone(), vec![], seen, &event, now)
                };
                Ok(fresh.then(owe))
            })?;
        }
        let left = |duty: &&Duty| !rows.iter().any(|row| silence::waits(duty, &row.application));
        open.iter().filter(left).try_for_each(|duty| self.drop_duty(log, rule, duty))
    }

    /// When an answer is due by the calendar as it is known now; none where that is no other day.
    pub(super) fn answer_again(
        &self,
        read: &mut Read<'_>,
        log: &LogId,
        rule: &InForce,
        duty: &Duty,
    ) -> Result<Option<DueDay>, Fault> {
        let code = ApplicationId::new(duty.about.split(' ').next().unwrap_or_default());
        let Some(row) = read.application(log, &code)?.filter(|row| silence::waits(duty, &row.application))
        else {
            return Ok(None);
        };
        let owed = chain(rule, &row.application).and_then(|chain| {
            silence::duty(rule.as_rule(), &chain, &row.application, &named, &self.calendar(log))
        });
        Ok(owed.and_then(|owed| owed.due).filter(|new| duty.is_due_otherwise(new)))
    }

    /// What silence does at a step whose time is over.
    pub(super) fn break_silence(&self, log: &LogId, rule: &InForce, silent: &Duty) -> Answer<()> {
        let code = ApplicationId::new(silent.about.split(' ').next().unwrap_or_default());
        self.clocked(|read| {
            let Some(row) = read.application(log, &code)? else { return Ok(None) };
            let Some(chain) =
                chain(rule, &row.application).filter(|_| silence::waits(silent, &row.application))
            else {
                return Ok(None);
            };
            let (event, now) = (carry::event(), self.now());
            match silence::then(&chain.value, &row.application) {
                Then::Remind => Ok(None),
                Then::Escalate => {
                    let Some(press) = silence::pressing(rule.as_rule(), silent) else { return Ok(None) };
                    let seen = read.rev(&press.key(log))?;
                    let fresh = seen.rev == 0;
                    let owe = || duty::owe(rule.as_rule(), log, press, vec![], seen, &event, now);
                    Ok(fresh.then(owe))
                }
                Then::PassOn => {
                    let seen = [read.rev(&row.application.key(log))?, read.rev(&silent.key(log))?];
                    let (rule, at) = (rule.as_rule(), (&event, now));
                    Ok(Some(silence::passed_on(rule, log, &chain, &row.application, silent, seen, at)))
                }
            }
        })
    }

    /// Drops a duty that is owed no more.
    pub(crate) fn drop_duty(&self, log: &LogId, rule: &InForce, duty: &Duty) -> Answer<()> {
        self.clocked(|read| {
            let seen = read.rev(&duty.key(log))?;
            let Some(row) = read.duty(log, &duty.id)? else { return Ok(None) };
            let open = row.duty.state == State::Open;
            let drop = || duty::dropped(rule.as_rule(), log, duty, seen, &carry::event(), self.now());
            Ok(open.then(drop))
        })
    }

    /// The regulation of a digest, or the one in force where it is not here.
    pub(crate) fn rule_of_digest(&self, digest: &str, rule: &InForce) -> InForce {
        self.rule_named(digest).unwrap_or_else(|| rule.clone())
    }
}

fn chain(rule: &InForce, application: &Application) -> Option<Ruled<ApprovalChain>> {
    application::chain(&rule.pack, &application.object, &application.situation())
}
