//! Accounts that nobody needs are closed. Their agency's log says so first, and a write touches one log, so
//! this is a second one; whoever dies in between leaves it to the next round.

use super::inventory::members;
use crate::duty::named;
use crate::regulation::in_force::InForce;
use crate::{Answer, Desk, carry};
use domain::account;
use domain::account::closing::{self, Why};
use domain::account::idle::{self, Rung};
use domain::account::inventory::Member;
use domain::duty::{self, Duty, Kind};
use domain::grant::permission;
use domain::id::LogId;
use domain::regulation::{IdleLadder, Ruled, Situation};
use store::capability::account::inventory::OpenAccount;

impl Desk {
    /// Closes the accounts of those who have no post any more, and those that an inventory found unneeded.
    /// Where the rule says so, an account stays open while its owner has work to hand over.
    ///
    /// # Errors
    /// The store; the next round tries again.
    pub(crate) fn close_accounts(&self, log: &LogId, rule: &InForce) -> Answer<()> {
        let today = self.now().date();
        let (over, unneeded) = self.inner.store.read(|read| {
            Ok((read.accounts_without_post(log, today)?, read.accounts_unneeded(log, today)?))
        })?;
        over.iter().try_for_each(|account| self.close_account(log, rule, account, Why::NoPost))?;
        unneeded.iter().try_for_each(|account| self.close_account(log, rule, account, Why::Unneeded))
    }

    /// Suspends what nobody used, and closes what nobody used for longer, where the rule has the system do
    /// so.
    ///
    /// # Errors
    /// The store; the next round tries again.
    pub(crate) fn step_down(&self, log: &LogId, rule: &InForce) -> Answer<()> {
        let Some(ladder) = rule.pack.idle_ladder().filter(|ruled| ruled.value.forced) else { return Ok(()) };
        let (calendar, now) = (self.calendar(log), self.now());
        let (members, accounts) = self
            .inner
            .store
            .read(|read| Ok((members(read, log, rule, now.date())?, read.open_accounts(log)?)))?;
        let down =
            members.iter().filter_map(|one| Some((idle::rung(&ladder.value, one, &calendar, now)?, one)));
        for (rung, member) in down {
            if !member.permissions.is_empty() {
                self.clocked(|read| {
                    let seen = read.rev(&permission::key(log, &member.person))?;
                    let event = carry::event();
                    Ok(Some(idle::suspend(rule.as_rule(), log, &ladder, member, seen, &event, now)))
                })?;
            }
            let own = accounts.iter().find(|account| account.person == member.person);
            if let Some(account) = own.filter(|_| rung == Rung::Cancelled) {
                self.close_account(log, rule, account, Why::Idle)?;
            }
        }
        self.warn_idle(log, rule, &ladder, &members)
    }

    /// Tells people that the next rung is near, each once, and takes it back from those who were there since.
    fn warn_idle(
        &self,
        log: &LogId,
        rule: &InForce,
        ladder: &Ruled<IdleLadder>,
        members: &[Member],
    ) -> Answer<()> {
        if ladder.value.warn_before.is_none() {
            return Ok(());
        }
        let (calendar, now) = (self.calendar(log), self.now());
        let warn = |one: &Member| idle::warning(rule.as_rule(), ladder, one, &calendar, &named, now);
        let warnings: Vec<Duty> = members.iter().filter_map(warn).collect();
        for duty in &warnings {
            self.clocked(|read| {
                let seen = read.rev(&duty.key(log))?;
                let fresh = seen.rev == 0;
                let owe = || duty::owe(rule.as_rule(), log, duty.clone(), vec![], seen, &carry::event(), now);
                Ok(fresh.then(owe))
            })?;
        }
        let open = self.inner.store.read(|read| read.open_of_kind(log, Kind::Idle))?;
        let stale = open.into_iter().filter(|duty| !warnings.iter().any(|own| own.id == duty.id));
        stale.into_iter().try_for_each(|duty| self.drop_duty(log, rule, &duty))
    }

    /// Closes an account, unless the rule keeps it open while its owner has work to hand over.
    fn close_account(&self, log: &LogId, rule: &InForce, account: &OpenAccount, why: Why) -> Answer<()> {
        let OpenAccount { login, person, .. } = account;
        let handover = rule.pack.handover(&Situation::default());
        let blocks = handover.is_some_and(|ruled| ruled.value.blocks_closing);
        self.clocked(|read| {
            if blocks && !read.open_handovers(log, person)?.is_empty() {
                return Ok(None);
            }
            let open = read.account(login)?.is_some_and(|row| row.account.open);
            let seen = read.rev(&account::key(login))?;
            let close = || closing::close(login, person, log, why, seen, &carry::event(), self.now());
            Ok(open.then(close))
        })
    }
}
