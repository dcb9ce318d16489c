//! What people owe for their rights: who is late with it, what is suspended for it, and what comes back.

use crate::regulation::in_force::InForce;
use crate::{Answer, Desk, Session, carry};
use domain::duty::{Duty, Owner};
use domain::grant::obligation::{self, lapsed};
use domain::grant::permission::{self, Permission};
use domain::id::{Key, LogId, PersonId};
use domain::regulation::Pack;
use domain::time::Instant;
use store::{Fault, Read};

/// Duties of one person, or of one round.
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
            let rows = read.open_duties(log, MOST)?.into_iter().map(|row| row.duty);
            Ok(rows.filter(|duty| lapsed(&rule.pack, duty, now).is_some()).collect::<Vec<_>>())
        })?;
        for duty in late {
            let Owner::Person(person) = &duty.owner else { continue };
            self.clocked(|read| {
                let held = read.permissions(log, person)?;
                let Some(row) = read.duty(log, &duty.id)? else { return Ok(None) };
                let seen = [read.rev(&permission::key(log, person))?, read.rev(&duty.key(log))?];
                let (as_rule, event) = (rule.as_rule(), carry::event());
                Ok(obligation::suspend(as_rule, log, (person, &held), &row.duty, seen, &event, now))
            })?;
        }
        Ok(())
    }
}

/// The controls under which the actor is late with something that bars lookups, and the rows that say so.
pub(crate) fn owed(
    read: &mut Read<'_>,
    session: &Session,
    now: Instant,
) -> Result<(Vec<String>, Vec<Key>), Fault> {
    let (pack, log) = (&session.pack, session.actor.log());
    if !pack.has_obligations() {
        return Ok((vec![], vec![]));
    }
    let all = of_person(read, &log, &session.actor.person)?;
    let late = all.into_iter().filter(|duty| lapsed(pack, duty, now).is_some_and(|late| late.value.bars()));
    Ok(late.map(|duty| (duty.control.clone(), duty.key(&log))).unzip())
}

/// The permissions that come back when a duty is done.
pub(crate) fn returning(
    read: &mut Read<'_>,
    log: &LogId,
    pack: &Pack,
    duty: &Duty,
    now: Instant,
) -> Result<Vec<Permission>, Fault> {
    let person = match &duty.owner {
        Owner::Person(person) if pack.obligation(&duty.control).is_some() => person,
        _ => return Ok(vec![]),
    };
    let (owed, held) = (of_person(read, log, person)?, read.permissions(log, person)?);
    Ok(obligation::returning(pack, duty, &owed, held, now))
}

fn of_person(read: &mut Read<'_>, log: &LogId, person: &PersonId) -> Result<Vec<Duty>, Fault> {
    let rows = read.duties_of(log, &Owner::Person(person.clone()), MOST)?;
    Ok(rows.into_iter().map(|row| row.duty).collect())
}
