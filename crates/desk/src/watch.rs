//! What time does by itself: abandoned lookups are closed, counted refusals and failures entered,
//! what is over is dropped.
//!
//! Of all nodes on one database one does the round, whichever holds the lease. The lease only saves
//! work: clocks differ and a node may sleep through its own, so every effect is one that two nodes
//! can have at once and that happens once. Lookups are closed by their revision, and counts are
//! entered under a key of their own before they are deleted.

use crate::{Answer, Desk, carry};
use domain::account::Layer;
use domain::decision::Idempotency;
use domain::directory::Agency;
use domain::id::LogId;
use domain::time::Instant;
use std::collections::BTreeMap;
use store::{RefusalCount, WriteError};

/// Seconds between two rounds of the watch.
pub const ROUND_SECONDS: u64 = 20;
/// The longest that a provider may be given, in seconds. All nodes keep to it, and so each knows of
/// the others' lookups when they cannot be running any more.
pub const MOST_PROVIDER_SECONDS: u64 = 120;
/// Seconds for which one node does the rounds, and after which another takes over if it is gone.
const LEASE_SECONDS: i64 = 60;
/// Seconds after which an asked lookup that nobody closed is called unknown: more than twice what
/// any provider may take, so that a lookup that runs on this node or another is never closed under
/// its own feet, even where their clocks differ by a minute.
const STRANDED_SECONDS: i64 = 300;
/// Seconds after which a bucket of attempts that nobody has taken from is surely full again.
const BUCKET_SECONDS: i64 = 3_600;
/// Hours for which the row of a session that is over tells whose it was.
const SESSION_HOURS: i64 = 24;

/// The bundles that a round has gone through, each with whether all of it is entered.
type Entered = BTreeMap<String, Answer<()>>;

/// The layer that held, and the digest of the account where there is such a one.
type Held = (Layer, Option<String>);

impl Desk {
    /// One round of the watch, if it is this node's turn.
    ///
    /// # Errors
    /// The store; the next round tries again. What fails in one log holds up no other.
    pub fn tick(&self) -> Answer<()> {
        self.inner.store.stay_present()?;
        self.refresh_rules()?;
        let now = self.now();
        let until = now.plus_seconds(LEASE_SECONDS);
        let node = &self.inner.node;
        match self.inner.store.tend(|tend| tend.take_lease("watch", node, until, now))? {
            true => self.round(now),
            false => Ok(()),
        }
    }

    fn round(&self, now: Instant) -> Answer<()> {
        let dropped = self.inner.store.tend(|tend| {
            tend.drop_expired(now)?;
            tend.drop_rates(now.plus_seconds(-BUCKET_SECONDS))?;
            tend.drop_sessions(now.plus_hours(-SESSION_HOURS))
        });
        let agencies = self.inner.store.read(|read| read.agencies())?;
        let closed = agencies.iter().map(|agency| self.close_abandoned(&LogId::of(&agency.id)));
        let closed = first_fault(closed.collect::<Vec<_>>());
        let followed = agencies.iter().map(|agency| self.follow_all(&LogId::of(&agency.id)));
        let followed = first_fault(followed.collect::<Vec<_>>());
        let kept = agencies.iter().map(|agency| self.keep_clocks_of(agency, now));
        let kept = first_fault(kept.collect::<Vec<_>>());
        let entered = self.enter_counts(now).and_then(|entered| self.forget(entered));
        first_fault([dropped.map_err(Into::into), closed, followed, kept, entered])
    }

    /// Keeps the clocks of an agency under the regulation that is in force there, or was last, and writes its
    /// digests.
    fn keep_clocks_of(&self, agency: &Agency, now: Instant) -> Answer<()> {
        match self.rule_running(&agency.pack, now.date()) {
            Some(rule) => {
                let log = LogId::of(&agency.id);
                let kept = self.keep_clocks(&log, &rule);
                first_fault([kept, self.write_digests(&log, &rule.pack, now)])
            }
            None => Ok(()),
        }
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
                Ok(_) | Err(WriteError::Stale) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Ok(())
    }

    /// Ties the counts of windows that are over into a bundle, and enters all bundles there are, for
    /// another node may have died over one.
    fn enter_counts(&self, now: Instant) -> Answer<Entered> {
        let failures = carry::window(now, crate::account::FAILURE_WINDOW_SECONDS);
        let refusals = carry::window(now, carry::REFUSAL_WINDOW_SECONDS);
        let name = carry::random_id("bundle");
        self.inner.store.tend(|tend| tend.bundle(&name, failures, refusals))?;
        let (failures, refusals) =
            self.inner.store.read(|read| Ok((read.bundled_failures()?, read.bundled_refusals()?)))?;
        let mut entered = Entered::new();
        let mut note = |bundle: String, done: Answer<()>| {
            let all = entered.entry(bundle).or_insert(Ok(()));
            if all.is_ok() {
                *all = done;
            }
        };
        let mut attempts: BTreeMap<(String, Instant, Held), u64> = BTreeMap::new();
        for failed in failures {
            let kind = crate::account::kind_of(&failed.account);
            *attempts.entry((failed.bundle, failed.span, kind)).or_default() += failed.n;
        }
        for ((bundle, span, kind), n) in attempts {
            let done = self.enter_failures(&bundle, span, &kind, n, now);
            note(bundle, done);
        }
        for refused in refusals {
            let done = self.enter_refusals(&refused, now);
            note(refused.bundle, done);
        }
        Ok(entered)
    }

    /// Enters how often a layer held: one entry a window, layer and account; names that nobody has are one.
    fn enter_failures(
        &self,
        bundle: &str,
        span: Instant,
        (layer, account): &Held,
        n: u64,
        now: Instant,
    ) -> Answer<()> {
        let whose = account.as_deref().unwrap_or_default();
        let once = once_only(&["failures", whose, layer.word(), &span.micros().to_string(), bundle]);
        let n = i64::try_from(n).unwrap_or(i64::MAX);
        let decision = domain::account::failures(*layer, account.as_deref(), n, &carry::event(), now);
        self.inner.store.write(decision.once(once))?;
        Ok(())
    }

    /// Enters how often refusals of one kind were repeated. The first of each kind has its entry
    /// already; the others become one.
    fn enter_refusals(&self, refused: &RefusalCount, now: Instant) -> Answer<()> {
        let RefusalCount { person, act, reason, span, bundle, n } = refused;
        let rows = self.inner.store.read(|read| read.assignments(person))?;
        let Some(row) = rows.into_iter().next().filter(|_| *n > 1) else { return Ok(()) };
        let more = i64::try_from(n - 1).unwrap_or(i64::MAX);
        let span = span.micros().to_string();
        let once = once_only(&["refusals", &span, bundle, person.as_str(), act, reason]);
        let (log, event) = (LogId::of(&row.agency), carry::event());
        let decision = domain::refusal::counted(&log, person, act, reason, more, &event, now);
        self.inner.store.write(decision.once(once))?;
        Ok(())
    }

    /// Forgets the bundles that are entered, and no other.
    fn forget(&self, entered: Entered) -> Answer<()> {
        let forgotten = entered.into_iter().map(|(bundle, done)| {
            done?;
            Ok(self.inner.store.tend(|tend| tend.drop_bundle(&bundle))?)
        });
        first_fault(forgotten.collect::<Vec<_>>())
    }
}

/// The key under which a count is entered once, whoever tries. It is a digest, for it names people.
fn once_only(parts: &[&str]) -> Option<Idempotency> {
    let digest = ledger::hash::sha256(parts.join("\n").as_bytes()).to_hex();
    carry::once(&format!("count-{digest}"), &digest)
}

fn first_fault(all: impl IntoIterator<Item = Answer<()>>) -> Answer<()> {
    all.into_iter().find(Result::is_err).unwrap_or(Ok(()))
}

#[cfg(test)]
#[path = "watch_tests.rs"]
pub(crate) mod tests;
