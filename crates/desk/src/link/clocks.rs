//! The clock of links: it enters what is over, opens what is owed, and drops what is owed no more.

use super::LINKS;
use crate::duty::named;
use crate::regulation::in_force::InForce;
use crate::{Answer, Desk, carry};
use domain::duty::{self, Duty, Kind};
use domain::id::LogId;
use domain::link::{Link, clock, end};

impl Desk {
    /// One round over the links of an agency.
    ///
    /// # Errors
    /// The store; the next round tries again.
    pub(crate) fn keep_links(&self, log: &LogId, rule: &InForce) -> Answer<()> {
        let (now, calendar) = (self.now(), self.calendar(log));
        let links = |read: &mut store::Read<'_>| {
            let rows = read.links(log, LINKS)?.into_iter();
            Ok(rows.map(|row| row.link).collect::<Vec<Link>>())
        };
        let today = now.date();
        for link in self.inner.store.read(links)? {
            self.clocked(|read| {
                let Some(row) = read.link(log, &link.id)? else { return Ok(None) };
                let Some(why) = clock::over(&rule.pack, &row.link, today) else { return Ok(None) };
                let seen = read.rev(&link.key(log))?;
                Ok(Some(end::enter(rule.as_rule(), log, &row.link, why, seen, &carry::event(), now)))
            })?;
        }
        let links = self.inner.store.read(links)?;
        let owed = links.iter().flat_map(|link| clock::owed(rule.as_rule(), link, today, &calendar, &named));
        // Nobody can apply for a link anew under a rule that has ended.
        let owed: Vec<Duty> =
            owed.filter(|duty| rule.over.is_none() || duty.kind != Kind::RenewLink).collect();
        for duty in &owed {
            self.clocked(|read| {
                let seen = read.rev(&duty.key(log))?;
                let fresh = seen.rev == 0;
                let owe = || duty::owe(rule.as_rule(), log, duty.clone(), vec![], seen, &carry::event(), now);
                Ok(fresh.then(owe))
            })?;
        }
        let open = self.inner.store.read(|read| {
            let renewals = read.open_of_kind(log, Kind::RenewLink)?;
            Ok([renewals, read.open_of_kind(log, Kind::UnusedLink)?].concat())
        })?;
        let settled = open.iter().filter(|duty| clock::is_settled(duty, &owed));
        settled.into_iter().try_for_each(|duty| self.drop_duty(log, rule, duty))
    }
}
