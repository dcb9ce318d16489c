//! The clock of permissions: it tells whoever may renew one that it ends, and enters that it has ended.
//!
//! A permission ends at its moment whether the clock runs or not; what the clock adds is the entry, the
//! notice, and the way back.

use crate::duty::named;
use crate::regulation::in_force::InForce;
use crate::{Answer, Desk, carry};
use domain::application;
use domain::duty::{Duty, State};
use domain::grant::permission::{self, Permission};
use domain::grant::term::{self, Ending, Window};
use domain::id::{LogId, PermissionId};
use domain::regulation::{ApplicationObject, ApprovalChain, Pack, Ruled};
use domain::time::Instant;
use store::{Fault, Read};

/// Permissions that a round goes through.
const ROUND: i64 = 500;

impl Desk {
    /// Tells whoever may renew a permission that it ends, from the day on which it can be renewed.
    ///
    /// # Errors
    /// The store; the next round tries again.
    pub(crate) fn warn_of_ends(&self, log: &LogId, rule: &InForce, now: Instant) -> Answer<()> {
        let ending = self.inner.store.read(|read| read.permissions_ending(log, now, ROUND))?;
        for one in ending {
            self.clocked(|read| {
                let held = read.permissions(log, &one.person)?;
                if held.iter().any(|next| next.follows.as_ref() == Some(&one.id) && next.stands(now)) {
                    return Ok(None);
                }
                let (role, chain) = chain_of(read, log, &rule.pack, &one, now)?;
                let window = self.window(log, chain.as_ref(), &one);
                let open = window.is_some_and(|window| window.opens <= now.date());
                let Some(chain) = chain.filter(|_| open) else { return Ok(None) };
                let id = named(&term::name(&one.id));
                let duty = term::renewing(rule.as_rule(), &chain, &one, &role, id, now.date());
                let Some(duty) = duty else { return Ok(None) };
                let seen = [read.rev(&permission::key(log, &one.person))?, read.rev(&duty.key(log))?];
                let fresh = read.permission(log, &one.id)?.is_some_and(|own| own == one) && seen[1].rev == 0;
                Ok(fresh.then(|| term::warn(rule.as_rule(), log, &one, duty, seen, &carry::event(), now)))
            })?;
        }
        Ok(())
    }

    /// Enters the ends that have come, each once, with a notice to whoever has nothing in its place.
    ///
    /// # Errors
    /// The store; the next round tries again.
    pub(crate) fn end_permissions(&self, log: &LogId, rule: &InForce, now: Instant) -> Answer<()> {
        let ended = self.inner.store.read(|read| read.permissions_ended(log, now, ROUND))?;
        for one in ended {
            self.clocked(|read| {
                let held = read.permissions(log, &one.person)?;
                if !held.contains(&one) {
                    return Ok(None);
                }
                let follows = |next: &&Permission| next.follows.as_ref() == Some(&one.id);
                let successor = held.iter().filter(follows).find(|next| next.stopped.is_none());
                let owed = self.owed_renewals(read, log, std::slice::from_ref(&one))?.pop();
                let (_, chain) = chain_of(read, log, &rule.pack, &one, now)?;
                let notice = chain.map(|chain| {
                    term::notice(rule.as_rule(), &chain, &one, named(&format!("ended {}", one.id)))
                });
                let mut keys = vec![permission::key(log, &one.person)];
                keys.extend(owed.iter().chain(&notice).map(|duty| duty.key(log)));
                let seen = read.revs(keys)?;
                let ending = Ending { successor: successor.map(|next| next.id.clone()), owed, notice };
                Ok(Some(term::end(rule.as_rule(), log, &one, ending, seen, &carry::event(), now)))
            })?;
        }
        Ok(())
    }

    /// From which day on a permission can be renewed; none where it has no end.
    pub(crate) fn window(
        &self,
        log: &LogId,
        chain: Option<&Ruled<ApprovalChain>>,
        one: &Permission,
    ) -> Option<Window> {
        let calendar = self.calendar(log);
        one.until.map(|until| term::window(chain.map(|chain| &chain.value), until, &calendar))
    }

    /// Whether the permission that a duty wants renewed was stopped, so that nothing is left to renew.
    pub(crate) fn needs_no_renewal(
        &self,
        read: &mut Read<'_>,
        log: &LogId,
        duty: &Duty,
    ) -> Result<bool, Fault> {
        let one = read.permission(log, &PermissionId::new(duty.about.as_str()))?;
        Ok(one.is_none_or(|one| stopped(&one)))
    }

    /// The duties to renew these permissions that are open.
    pub(crate) fn owed_renewals(
        &self,
        read: &mut Read<'_>,
        log: &LogId,
        held: &[Permission],
    ) -> Result<Vec<Duty>, Fault> {
        let mut owed = Vec::new();
        for one in held.iter().filter(|one| one.warned.is_some() && !stopped(one)) {
            let row = read.duty(log, &named(&term::name(&one.id)))?;
            owed.extend(row.map(|row| row.duty).filter(|duty| duty.state == State::Open));
        }
        Ok(owed)
    }
}

/// Whether it was stopped for good.
fn stopped(one: &Permission) -> bool {
    one.stopped.is_some_and(|(why, _)| !why.passes())
}

/// The role that the owner of a permission has in its unit, and the chain by which it is asked for anew.
pub(super) fn chain_of(
    read: &mut Read<'_>,
    log: &LogId,
    pack: &Pack,
    one: &Permission,
    now: Instant,
) -> Result<(String, Option<Ruled<ApprovalChain>>), Fault> {
    let holders = read.holders(log, now.date())?;
    let own = holders.into_iter().find(|holder| holder.person == one.person && holder.unit == one.unit);
    let role = own.map(|holder| holder.role).unwrap_or_default();
    let organisation = read.unit(&one.unit)?.map(|unit| unit.organisation).unwrap_or_default();
    let object = ApplicationObject::Account.word();
    let situation = application::situation(object, &role, &organisation);
    let chain = application::chain(pack, object, &situation);
    Ok((role, chain))
}
