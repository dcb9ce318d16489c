//! At which pace providers are told of ended rights: one node at a time, each pause longer than the last.

use super::Tend;
use crate::fault::Fault;
use crate::row;
use crate::statement::Statement;
use domain::id::TellingId;
use domain::time::Instant;

static CLAIM_TELLING: Statement = Statement {
    name: "claim_telling",
    sql: "INSERT INTO telling_pace (id, tries, next_at) VALUES ($1, 1, $3) ON CONFLICT (id) \
          DO UPDATE SET tries = telling_pace.tries + 1, next_at = excluded.next_at \
          WHERE telling_pace.next_at <= $2 RETURNING id",
};
static DROP_TELLING: Statement =
    Statement { name: "drop_telling", sql: "DELETE FROM telling_pace WHERE id = $1" };

pub(super) static STATEMENTS: &[&Statement] = &[&CLAIM_TELLING, &DROP_TELLING];

impl Tend<'_> {
    /// Takes a message in hand, so that nobody else tells it before `next`; false if somebody was faster.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn claim_telling(&mut self, id: &TellingId, now: Instant, next: Instant) -> Result<bool, Fault> {
        Ok(!self.run(&CLAIM_TELLING, &row![id, now, next])?.is_empty())
    }

    /// Forgets the pace of a message that was acknowledged.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn drop_telling(&mut self, id: &TellingId) -> Result<(), Fault> {
        self.run(&DROP_TELLING, &row![id]).map(|_| ())
    }
}
