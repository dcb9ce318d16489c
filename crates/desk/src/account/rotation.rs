//! Passwords whose time is over, where the rule says what follows: a duty in the log of each agency, opened
//! when their owners are told and closed when the password is another. The password itself is in the
//! platform's log, and a write touches one log, so closing is a second one; whoever dies in between leaves
//! it to the next round, and lookups look at the password meanwhile.

use crate::duty::{ROUND, named};
use crate::regulation::in_force::InForce;
use crate::{Answer, Desk, carry};
use domain::account::rotation;
use domain::duty::{self, Kind, Owner, State};
use domain::id::{LogId, PersonId, UnitId};
use domain::regulation::{PasswordRule, Ruled};
use store::capability::account::inventory::OpenAccount;

impl Desk {
    /// Opens what is owed for passwords, and closes what is owed no more.
    ///
    /// # Errors
    /// The store; the next round tries again.
    pub(crate) fn keep_passwords(&self, log: &LogId, rule: &InForce) -> Answer<()> {
        let now = self.now();
        let consequence = |ruled: &Ruled<PasswordRule>| ruled.value.rotation.as_ref()?.consequence;
        let ruled = rule.pack.password().filter(|ruled| consequence(ruled).is_some());
        let open = self.inner.store.read(|read| read.open_of_kind(log, Kind::Password))?;
        if ruled.is_none() && open.is_empty() {
            return Ok(());
        }
        let (accounts, holders) =
            self.inner.store.read(|read| Ok((read.open_accounts(log)?, read.holders(log, now.date())?)))?;
        let owed = |account: &OpenAccount, unit: Option<&UnitId>| {
            let (ruled, set) = (ruled.as_ref()?, account.password_at);
            rotation::owed(rule.as_rule(), ruled, (&account.person, unit), set, &named, now)
        };
        for account in &accounts {
            let Some(post) = holders.iter().find(|holder| holder.person == account.person) else { continue };
            let Some(duty) = owed(account, Some(&post.unit)) else { continue };
            self.clocked(|read| {
                let seen = read.rev(&duty.key(log))?;
                let fresh = seen.rev == 0;
                let owe = || duty::owe(rule.as_rule(), log, duty.clone(), vec![], seen, &carry::event(), now);
                Ok(fresh.then(owe))
            })?;
        }
        for duty in &open {
            let account = accounts.iter().find(|one| duty.owner == Owner::Person(one.person.clone()));
            let same = account.and_then(|account| owed(account, None)).is_some_and(|own| own.id == duty.id);
            let done = account.is_some_and(|account| rotation::is_done(duty, account.password_at));
            match (same, done) {
                (true, _) => {}
                (false, true) => self.settle(log, rule, &duty.id, State::Done)?,
                (false, false) => self.settle(log, rule, &duty.id, State::Dropped)?,
            }
        }
        Ok(())
    }

    /// Closes what somebody owed for the password that they have just changed, in every agency.
    pub(super) fn password_changed(&self, person: &PersonId) -> Answer<()> {
        let today = self.now().date();
        let (posts, agencies) =
            self.inner.store.read(|read| Ok((read.assignments(person)?, read.agencies()?)))?;
        for agency in agencies.iter().filter(|one| posts.iter().any(|post| post.agency == one.id)) {
            let (Some(rule), log) = (self.rule_running(&agency.pack, today), LogId::of(&agency.id)) else {
                continue;
            };
            let owner = Owner::Person(person.clone());
            let rows = self.inner.store.read(|read| read.duties_of(&log, &owner, ROUND))?;
            let own = rows.iter().filter(|row| row.duty.kind == Kind::Password);
            own.map(|row| &row.duty.id).try_for_each(|id| self.settle(&log, &rule, id, State::Done))?;
        }
        Ok(())
    }
}
