//! Housekeeping: sessions, limits, counters, serial numbers, leases. Nobody relies on any of it as evidence,
//! so it needs no entry; and it can touch no other table.

mod code;
mod counters;
mod outbox;
mod session;
mod telling;

use crate::engine::Engine;
use crate::fault::Fault;
use crate::row;
use crate::statement::Statement;
use crate::value::{Row, Value};
use domain::id::LogId;
use domain::time::Instant;

pub use counters::{FailureCount, RefusalCount};
pub use outbox::{MailCount, MailRow};
pub use session::SessionRow;

/// The tables that may change without an entry.
pub const TENDED_TABLES: &[&str] = &[
    "session",
    "rate",
    "refusal_count",
    "failure_count",
    "failure_run",
    "parked",
    "serial",
    "signer_state",
    "lease",
    "code_step",
    "outbox",
    "outbox_pace",
    "telling_pace",
];

static TAKE_SERIALS: Statement = Statement {
    name: "take_serials",
    sql: "INSERT INTO serial (log, day, next) VALUES ($1, $2, 1 + CAST($3 AS BIGINT)) \
          ON CONFLICT (log, day) DO UPDATE SET next = serial.next + CAST($3 AS BIGINT) RETURNING next",
};
static TAKE_LEASE: Statement = Statement {
    name: "take_lease",
    sql: "INSERT INTO lease (name, holder, until) VALUES ($1, $2, $3) ON CONFLICT (name) \
          DO UPDATE SET holder = excluded.holder, until = excluded.until \
          WHERE lease.until <= $4 OR lease.holder = excluded.holder RETURNING holder",
};
static DROP_LEASE: Statement =
    Statement { name: "drop_lease", sql: "DELETE FROM lease WHERE name = $1 AND holder = $2" };

/// All statements of this door, for the census and the test that polices their tables.
pub(crate) static STATEMENTS: &[&[&Statement]] = &[
    &[&TAKE_SERIALS, &TAKE_LEASE, &DROP_LEASE],
    code::STATEMENTS,
    counters::STATEMENTS,
    outbox::STATEMENTS,
    session::STATEMENTS,
    telling::STATEMENTS,
    crate::parked::STATEMENTS,
];

/// One who tends, within one transaction.
pub struct Tend<'a> {
    pub(crate) engine: &'a mut dyn Engine,
}

impl Tend<'_> {
    pub(crate) fn run(&mut self, statement: &'static Statement, values: &[Value]) -> Result<Vec<Row>, Fault> {
        self.engine.run(statement.sql, values).map_err(|error| Fault::from(error).during(statement.name))
    }

    /// Takes `n` serial numbers of a log's day and gives the first; the first of a day is 1.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn take_serials(&mut self, log: &LogId, day: &str, n: u32) -> Result<u64, Fault> {
        let rows = self.run(&TAKE_SERIALS, &row![log, day, n])?;
        let next = rows.first().ok_or_else(|| Fault::Corrupt("serial numbers".into()))?.count("next")?;
        Ok(next.saturating_sub(n.into()))
    }

    /// Takes or keeps a lease; false if somebody else holds it.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn take_lease(
        &mut self,
        name: &str,
        holder: &str,
        until: Instant,
        now: Instant,
    ) -> Result<bool, Fault> {
        Ok(!self.run(&TAKE_LEASE, &row![name, holder, until, now])?.is_empty())
    }

    /// Gives a lease back.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn drop_lease(&mut self, name: &str, holder: &str) -> Result<(), Fault> {
        self.run(&DROP_LEASE, &row![name, holder]).map(|_| ())
    }
}

#[cfg(test)]
#[path = "tend_tests.rs"]
mod tests;
