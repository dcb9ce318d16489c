//! What time does by itself: abandoned lookups are closed, counted refusals and failures entered,
//! parked answers and ended sessions dropped.

use crate::{Answer, Desk, carry};
use domain::id::LogId;

/// Seconds after which an asked lookup that nobody closed is called unknown. It is longer than any
/// provider may take, so a lookup that is still running is never closed under its own feet.
const STRANDED_SECONDS: i64 = 300;

impl Desk {
    /// One round of the watch.
    ///
    /// # Errors
    /// The store; the next round tries again.
    pub fn tick(&self) -> Answer<()> {
        let now = self.now();
        self.inner.store.tend(|tend| {
            tend.drop_expired(now)?;
            tend.drop_sessions(now)
        })?;
        for agency in self.inner.store.read(|read| read.agencies())? {
            self.close_abandoned(&LogId::of(&agency.id))?;
        }
        self.enter_failures()?;
        self.enter_refusals()
    }

    /// Closes lookups of a log whose process is gone, whoever asked them.
    fn close_abandoned(&self, log: &LogId) -> Answer<()> {
        let before = self.now().plus_seconds(-STRANDED_SECONDS);
        let rows = self.inner.store.read(|read| read.stranded(log, before))?;
        for row in rows {
            let key = row.lookup.key(log);
            let seen = self.inner.store.read(|read| read.rev(&key))?;
            let (event, now) = (carry::event(), self.now());
            let decision = domain::lookup::answer::abandoned(log, &row.lookup, seen, &event, now);
            match self.inner.store.write(decision) {
                // Somebody else closed it in the meantime, which is all that was wanted.
                Ok(_) | Err(store::WriteError::Stale) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Ok(())
    }

    /// Enters counts of failed sign-ins of windows that are over: one entry a window and kind.
    fn enter_failures(&self) -> Answer<()> {
        let now = self.now();
        let span = carry::window(now, crate::account::FAILURE_WINDOW_SECONDS);
        let done = self.inner.store.tend(|tend| tend.take_failures(span))?;
        for known in [true, false] {
            let of_kind = done.iter().filter(|f| f.0.starts_with(crate::account::KNOWN) == known);
            let count: u64 = of_kind.map(|(_, _, n)| n).sum();
            if count == 0 {
                continue;
            }
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            let decision = domain::account::failures(known, count, &carry::event(), now);
            self.inner.store.write(decision)?;
        }
        Ok(())
    }

    /// Enters how often refusals were repeated in windows that are over. The first of each kind has
    /// its entry already; the others become one.
    fn enter_refusals(&self) -> Answer<()> {
        let now = self.now();
        let span = carry::window(now, carry::REFUSAL_WINDOW_SECONDS);
        let done = self.inner.store.tend(|tend| tend.take_refusals(span))?;
        for refused in done.iter().filter(|refused| refused.n > 1) {
            let person = &refused.person;
            let rows = self.inner.store.read(|read| read.assignments(person))?;
            let Some(row) = rows.into_iter().next() else { continue };
            let more = i64::try_from(refused.n - 1).unwrap_or(i64::MAX);
            let log = LogId::of(&row.agency);
            let (act, reason) = (&refused.act, &refused.reason);
            let event = carry::event();
            let decision = domain::refusal::counted(&log, person, act, reason, more, &event, now);
            self.inner.store.write(decision)?;
        }
        Ok(())
    }
}
