//! What people owe for their rights: who is late with it, what is suspended for it, and what comes back.

use crate::regulation::in_force::InForce;
use crate::{Answer, Desk, Session, carry};
use domain::account::rotation;
use domain::duty::{self, Duty, Kind, Owner, State, recur};
use domain::grant::obligation::{self, lapsed};
use domain::grant::permission::{self, Permission};
use domain::id::{DutyId, Key, LogId, PersonId};
use domain::regulation::Pack;
use domain::time::Instant;
use store::{Fault, Read};

/// Duties of one person.
const MOST: i64 = 500;

impl Desk {
    /// Suspends the rights of those who are late with what they owe for them.
    ///
    /// # Errors
    /// The store; the next round tries again.
    pub(crate) fn suspend_lapsed(&self, log: &LogId, rule: &InForce, now: Instant) -> Answer<()> {
        if !rule.pack.has_obligations() {
            return Ok(());
        }
        let late = self.inner.store.read(|read| {
            let rows = read.overdue_duties(log, now)?.into_iter();
            Ok(rows.filter(|duty| lapsed(&rule.pack, duty, now).is_some()).collect::<Vec<_>>())
        })?;
        for duty in late {
            let Owner::Person(person) = &duty.owner else { continue };
            self.clocked(|read| {
                if is_done(read, &duty)? {
                    return Ok(None);
                }
                let held = read.permissions(log, person)?;
                let Some(row) = read.duty(log, &duty.id)? else { return Ok(None) };
                let seen = [read.rev(&permission::key(log, person))?, read.rev(&duty.key(log))?];
                let (as_rule, event) = (rule.as_rule(), carry::event());
                Ok(obligation::suspend(as_rule, log, (person, &held), &row.duty, seen, &event, now))
            })?;
        }
        Ok(())
    }

    /// Makes it a duty of the next superior that somebody is late, where the rule has them told.
    ///
    /// # Errors
    /// The store; the next round tries again.
    pub(crate) fn escalate(&self, log: &LogId, rule: &InForce, late: &Duty) -> Answer<()> {
        let now = self.now();
        self.clocked(|read| {
            let holders = read.holders(log, now.date())?;
            let Some(press) = obligation::escalated(rule.as_rule(), late, &holders) else { return Ok(None) };
            let seen = read.rev(&press.key(log))?;
            let fresh = seen.rev == 0;
            let owe = || duty::owe(rule.as_rule(), log, press, vec![], seen, &carry::event(), now);
            Ok(fresh.then(owe))
        })
    }

    /// Closes a duty of one person that was done elsewhere, or that the rule wants no more, and brings back
    /// what rested for it.
    ///
    /// # Errors
    /// The store; the next round tries again.
    pub(crate) fn settle(&self, log: &LogId, rule: &InForce, id: &DutyId, state: State) -> Answer<()> {
        let now = self.now();
        self.clocked(|read| {
            let row = read.duty(log, id)?.filter(|row| row.duty.state == State::Open);
            let Some(duty) = row.map(|row| row.duty) else { return Ok(None) };
            let returns = returning(read, log, &rule.pack, &duty, now)?;
            let keys = returns.iter().map(|one| permission::key(log, &one.person));
            let seen = read.revs([duty.key(log)].into_iter().chain(keys))?;
            let (rule, event) = (rule.as_rule(), carry::event());
            Ok(Some(duty::settle(rule, log, &duty, state, returns, seen, (&event, now))))
        })
    }
}

impl Desk {
    /// The controls under which the actor owes something that bars lookups, and the rows that say so: what is
    /// late, and what is signed before anything is looked up.
    pub(crate) fn what_bars(
        &self,
        read: &mut Read<'_>,
        session: &Session,
    ) -> Result<(Vec<String>, Vec<Key>), Fault> {
        let (pack, log, now) = (&session.pack, session.actor.log(), self.now());
        if !pack.has_obligations() {
            return Ok((vec![], vec![]));
        }
        let unsigned = self.unsigned(read, session)?;
        let bars = |duty: &Duty| {
            let late = lapsed(pack, duty, now).is_some_and(|late| late.value.bars());
            late || unsigned.contains(&duty.control)
        };
        let open = of_person(read, &log, &session.actor.person)?.into_iter().filter(bars);
        let (late, keys): (Vec<String>, _) = open.map(|duty| (duty.control.clone(), duty.key(&log))).unzip();
        Ok((domain::each_once(late.into_iter().chain(unsigned)), keys))
    }

    /// The undertakings that the actor signs before anything is looked up, and has not signed as they read.
    fn unsigned(&self, read: &mut Read<'_>, session: &Session) -> Result<Vec<String>, Fault> {
        let (pack, actor) = (&session.pack, &session.actor);
        let (log, owner) = (actor.log(), Owner::Person(actor.person.clone()));
        let mut unsigned = Vec::new();
        for ruled in obligation::before_lookup(pack, &actor.role, &actor.organisation) {
            let signed = read.last_done(&log, &ruled.control, &owner)?;
            let under = signed.and_then(|duty| self.rule_named(&duty.digest));
            if !under.is_some_and(|under| recur::is_same(pack, &ruled, &under.pack)) {
                unsigned.push(ruled.control);
            }
        }
        Ok(unsigned)
    }
}

/// The permissions that come back when a duty is done.
pub(crate) fn returning(
    read: &mut Read<'_>,
    log: &LogId,
    pack: &Pack,
    duty: &Duty,
    now: Instant,
) -> Result<Vec<Permission>, Fault> {
    let Owner::Person(person) = &duty.owner else { return Ok(vec![]) };
    let (owed, held) = (of_person(read, log, person)?, read.permissions(log, person)?);
    Ok(obligation::returning(pack, duty, &owed, held, now))
}

fn of_person(read: &mut Read<'_>, log: &LogId, person: &PersonId) -> Result<Vec<Duty>, Fault> {
    let rows = read.duties_of(log, &Owner::Person(person.clone()), MOST)?;
    let mut owed = Vec::new();
    for duty in rows.into_iter().map(|row| row.duty) {
        if !is_done(read, &duty)? {
            owed.push(duty);
        }
    }
    Ok(owed)
}

/// Whether a duty is done though its row does not say so yet: a password is changed in another log.
fn is_done(read: &mut Read<'_>, duty: &Duty) -> Result<bool, Fault> {
    let (Owner::Person(person), Kind::Password) = (&duty.owner, duty.kind) else { return Ok(false) };
    Ok(read.password_age(person)?.is_some_and(|(set, _)| rotation::is_done(duty, set)))
}
