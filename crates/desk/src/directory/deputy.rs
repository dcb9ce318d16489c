//! Deputies named ahead of any absence, and the clock that wants them where a role does.

use crate::duty::named;
use crate::regulation::in_force::InForce;
use crate::{Answer, Desk, Session, carry};
use domain::directory::deputy::{self, Facts};
use domain::duty::{Duty, Kind, State};
use domain::id::{LogId, PersonId};
use store::{Fault, Read};

impl Desk {
    /// Names the actor's deputy; a duty to do so is done with it.
    ///
    /// # Errors
    /// Nobody of the agency is named, or the actor.
    pub fn name_deputy(&self, session: &Session, to: &str, form_key: &str) -> Answer<()> {
        let once = carry::once(form_key, to);
        if self.earlier(session, once.as_ref())?.is_some() {
            return Ok(());
        }
        let (actor, log, event) = (&session.actor, session.actor.log(), carry::event());
        self.carry_out(session, "directory.name-deputy", |read| {
            let today = self.now().date();
            let owed = owed_by(read, &log, &actor.person)?;
            let own = deputy::key(&log, &actor.person);
            let keys = [own].into_iter().chain(owed.iter().map(|duty| duty.key(&log)));
            let seen = read.revs(keys)?;
            let facts = Facts { holders: read.holders(&log, today)?, owed, seen };
            let (rule, at) = (session.as_rule(), (&event, self.now()));
            let to = PersonId::new(to.trim());
            Ok(deputy::name(rule, actor, to, facts, at).map(|decision| decision.once(once.clone())))
        })?;
        Ok(())
    }

    /// Owes a deputy where a role wants one and nobody is named who still holds a post; where it wants none
    /// any more, the duty goes.
    ///
    /// # Errors
    /// The store; the next round tries again.
    pub(crate) fn keep_deputies(&self, log: &LogId, rule: &InForce) -> Answer<()> {
        let today = self.now().date();
        let (holders, known, open) = self.inner.store.read(|read| {
            let open = read.open_of_kind(log, Kind::Deputy)?;
            Ok((read.holders(log, today)?, read.deputies(log)?, open))
        })?;
        let owed = deputy::owed(rule.as_rule(), &holders, &known, &named, today);
        let same = |one: &Duty, other: &Duty| one.owner == other.owner;
        for duty in owed.iter().filter(|duty| !open.iter().any(|own| same(own, duty))) {
            self.open_once(log, rule, duty.clone())?;
        }
        let stale = open.iter().filter(|own| !owed.iter().any(|duty| same(own, duty)));
        stale.into_iter().try_for_each(|duty| self.settle(log, rule, &duty.id, State::Dropped))
    }
}

fn owed_by(read: &mut Read<'_>, log: &LogId, person: &PersonId) -> Result<Vec<Duty>, Fault> {
    let own = |duty: &Duty| duty.person.as_ref() == Some(person);
    Ok(read.open_of_kind(log, Kind::Deputy)?.into_iter().filter(own).collect())
}
