//! What the logs of a scenario's world say: which clauses were obeyed, and which were refused under.

use super::{AGENCY, World};
use crate::problem::Done;
use domain::id::LogId;
use std::collections::BTreeSet;

/// Entries of one step that are looked through, newest first.
const LOOKED_THROUGH: u32 = 1_000;

impl World<'_> {
    fn logs() -> [LogId; 2] {
        [LogId::new(AGENCY), LogId::platform()]
    }

    /// How many entries each log has.
    pub(super) fn sizes(&self) -> Done<Vec<u64>> {
        let sizes = self.desk.store().read(|read| {
            Self::logs().iter().map(|log| Ok(read.head(log)?.map_or(0, |head| head.size))).collect()
        });
        Ok(sizes?)
    }

    /// The clauses that entries name which came after the logs were so long; refusals do not count.
    pub(super) fn clauses_since(&self, before: &[u64]) -> Done<BTreeSet<String>> {
        let mut clauses = BTreeSet::new();
        for (log, size) in Self::logs().iter().zip(before) {
            let newest = self
                .desk
                .store()
                .read(|read| read.entries_before(log, i64::MAX.unsigned_abs(), LOOKED_THROUGH))?;
            let since = newest.into_iter().take_while(|entry| entry.index >= *size);
            let obeyed = since.filter(|entry| entry.outcome != "refused");
            clauses.extend(obeyed.flat_map(|entry| entry.clauses));
        }
        Ok(clauses)
    }

    /// The clauses that the log shows obeyed, and those that something was refused under.
    pub(super) fn clauses(&self) -> Done<(BTreeSet<String>, BTreeSet<String>)> {
        let (since, until) = (self.begun.plus_hours(-24).date(), self.desk.now().date());
        let (mut obeyed, mut refused) = (BTreeSet::new(), BTreeSet::new());
        for log in Self::logs() {
            let uses = self.desk.store().read(|read| read.clause_uses(&log, since, until))?;
            for use_ in uses {
                match use_.outcome == "refused" {
                    true => refused.insert(use_.clause),
                    false => obeyed.insert(use_.clause),
                };
            }
        }
        Ok((obeyed, refused))
    }
}
