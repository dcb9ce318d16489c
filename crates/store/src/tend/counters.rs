//! Limits and counters: how often something was tried, so that a flood becomes a number and not a flood.

use super::Tend;
use crate::fault::Fault;
use crate::read::Read;
use crate::row;
use crate::statement::Statement;
use crate::value::Row;
use domain::id::PersonId;
use domain::time::Instant;
use std::time::Duration;

/// Finds the bucket, full if it is new, and locks its row against others who take from it.
static LOCK_RATE: Statement = Statement {
    name: "lock_rate",
    sql: "INSERT INTO rate (bucket, tokens, at) VALUES ($1, $2, $3) \
          ON CONFLICT (bucket) DO UPDATE SET at = rate.at RETURNING tokens, at",
};
static PUT_RATE: Statement =
    Statement { name: "put_rate", sql: "UPDATE rate SET tokens = $2, at = $3 WHERE bucket = $1" };
static GIVE_TOKEN: Statement = Statement {
    name: "give_token",
    sql: "UPDATE rate SET tokens = tokens + CAST($2 AS BIGINT) WHERE bucket = $1",
};
static DROP_RATES: Statement = Statement { name: "drop_rates", sql: "DELETE FROM rate WHERE at < $1" };
static COUNT_FAILURE: Statement = Statement {
    name: "count_failure",
    sql: "INSERT INTO failure_count (account, span, bundle, n) VALUES ($1, $2, '', 1) \
          ON CONFLICT (account, span, bundle) DO UPDATE SET n = failure_count.n + 1 RETURNING n",
};
static LENGTHEN_RUN: Statement = Statement {
    name: "lengthen_run",
    sql: "INSERT INTO failure_run (account, n) VALUES ($1, 1) \
          ON CONFLICT (account) DO UPDATE SET n = failure_run.n + 1 RETURNING n",
};
static END_RUN: Statement = Statement { name: "end_run", sql: "DELETE FROM failure_run WHERE account = $1" };
static BUNDLE_FAILURES: Statement = Statement {
    name: "bundle_failures",
    sql: "UPDATE failure_count SET bundle = $1 WHERE span < $2 AND bundle = ''",
};
static BUNDLED_FAILURES: Statement = Statement {
    name: "bundled_failures",
    sql: "SELECT account, span, bundle, n FROM failure_count WHERE bundle <> '' \
          ORDER BY bundle, span, account",
};
static DROP_FAILURES: Statement =
    Statement { name: "drop_failures", sql: "DELETE FROM failure_count WHERE bundle = $1" };
static COUNT_REFUSAL: Statement = Statement {
    name: "count_refusal",
    sql: "INSERT INTO refusal_count (person, act, reason, span, bundle, n) VALUES ($1, $2, $3, $4, '', 1) \
          ON CONFLICT (person, act, reason, span, bundle) DO UPDATE SET n = refusal_count.n + 1 RETURNING n",
};
static BUNDLE_REFUSALS: Statement = Statement {
    name: "bundle_refusals",
    sql: "UPDATE refusal_count SET bundle = $1 WHERE span < $2 AND bundle = ''",
};
static BUNDLED_REFUSALS: Statement = Statement {
    name: "bundled_refusals",
    sql: "SELECT person, act, reason, span, bundle, n FROM refusal_count WHERE bundle <> '' \
          ORDER BY bundle, span, person, act, reason",
};
static DROP_REFUSALS: Statement =
    Statement { name: "drop_refusals", sql: "DELETE FROM refusal_count WHERE bundle = $1" };

pub(super) static STATEMENTS: &[&Statement] = &[
    &LOCK_RATE,
    &PUT_RATE,
    &GIVE_TOKEN,
    &DROP_RATES,
    &COUNT_FAILURE,
    &LENGTHEN_RUN,
    &END_RUN,
    &BUNDLE_FAILURES,
    &BUNDLED_FAILURES,
    &DROP_FAILURES,
    &COUNT_REFUSAL,
    &BUNDLE_REFUSALS,
    &BUNDLED_REFUSALS,
    &DROP_REFUSALS,
];

/// One token in the unit that is stored, so that a slow refill loses nothing to rounding.
const TOKEN: i64 = 1_000_000;
const MICROS_PER_MINUTE: i64 = 60_000_000;

/// Failed attempts on one account that were counted instead of entered one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailureCount {
    /// Under which name they were counted.
    pub account: String,
    /// The start of the span of time.
    pub span: Instant,
    /// The bundle that they wait in.
    pub bundle: String,
    /// How many.
    pub n: u64,
}

/// Refusals of one kind that were counted instead of entered one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusalCount {
    /// Who was refused.
    pub person: PersonId,
    /// What was tried.
    pub act: String,
    /// The reason's key.
    pub reason: String,
    /// The start of the span of time.
    pub span: Instant,
    /// The bundle that they wait in.
    pub bundle: String,
    /// How often.
    pub n: u64,
}

impl Tend<'_> {
    /// Takes a token out of a bucket that holds `burst` and refills at `per_minute`; answers how long to wait
    /// if there is none.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn take_token(
        &mut self,
        bucket: &str,
        burst: u32,
        per_minute: u32,
        now: Instant,
    ) -> Result<Option<Duration>, Fault> {
        let full = i64::from(burst) * TOKEN;
        let rows = self.run(&LOCK_RATE, &row![bucket, full, now])?;
        let held = match rows.first() {
            // A minute too much is as good as any longer time; this keeps the product small.
            Some(row) => {
                let passed = now.micros_since(row.instant("at")?).clamp(0, 1_440 * MICROS_PER_MINUTE);
                let refill = i128::from(passed) * i128::from(per_minute) * i128::from(TOKEN);
                let refill = i64::try_from(refill / i128::from(MICROS_PER_MINUTE)).unwrap_or(full);
                row.int("tokens")?.saturating_add(refill).min(full)
            }
            None => full,
        };
        let enough = held >= TOKEN;
        let left = if enough { held - TOKEN } else { held };
        self.run(&PUT_RATE, &row![bucket, left, now])?;
        let missing = u64::try_from(TOKEN - held).unwrap_or(0);
        let wait = Duration::from_secs((missing * 60).div_ceil(TOKEN as u64 * u64::from(per_minute.max(1))));
        Ok((!enough).then_some(wait))
    }

    /// Puts a token back: what it was taken for has proved harmless. What is too many for the bucket is lost
    /// when the next one is taken.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn give_token(&mut self, bucket: &str) -> Result<(), Fault> {
        self.run(&GIVE_TOKEN, &row![bucket, TOKEN]).map(|_| ())
    }

    /// Forgets buckets that nobody has used since `before`.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn drop_rates(&mut self, before: Instant) -> Result<(), Fault> {
        self.run(&DROP_RATES, &row![before]).map(|_| ())
    }

    /// Counts a failed attempt on an account in a span of time, and tells how many that makes in the span.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn count_failure(&mut self, account: &str, span: Instant) -> Result<u64, Fault> {
        let rows = self.run(&COUNT_FAILURE, &row![account, span])?;
        rows.first().map_or(Ok(0), |row| row.count("n"))
    }

    /// Counts one more failure in a row, however long ago the one before was, and tells how many that makes.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn lengthen_run(&mut self, account: &str) -> Result<u64, Fault> {
        let rows = self.run(&LENGTHEN_RUN, &row![account])?;
        rows.first().map_or(Ok(0), |row| row.count("n"))
    }

    /// Begins to count failures in a row anew, after a success or a lock.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn end_run(&mut self, account: &str) -> Result<(), Fault> {
        self.run(&END_RUN, &row![account]).map(|_| ())
    }

    /// Ties the failures of all spans before the one moment, and the refusals of those before the other, into
    /// a bundle: what is counted from now on is counted anew, and a bundle never grows.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn bundle(&mut self, name: &str, failures: Instant, refusals: Instant) -> Result<(), Fault> {
        self.run(&BUNDLE_FAILURES, &row![name, failures])?;
        self.run(&BUNDLE_REFUSALS, &row![name, refusals]).map(|_| ())
    }

    /// Forgets a bundle, once all of it is entered.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn drop_bundle(&mut self, name: &str) -> Result<(), Fault> {
        self.run(&DROP_FAILURES, &row![name])?;
        self.run(&DROP_REFUSALS, &row![name]).map(|_| ())
    }

    /// Counts a refusal in a span of time, and tells how many of its kind that makes in the span.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn count_refusal(
        &mut self,
        person: &PersonId,
        act: &str,
        reason: &str,
        span: Instant,
    ) -> Result<u64, Fault> {
        let rows = self.run(&COUNT_REFUSAL, &row![person, act, reason, span])?;
        rows.first().map_or(Ok(0), |row| row.count("n"))
    }
}

impl Read<'_> {
    /// The failures that wait in bundles, from whichever node.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn bundled_failures(&mut self) -> Result<Vec<FailureCount>, Fault> {
        let count = |row: &Row| {
            Ok(FailureCount {
                account: row.text("account")?,
                span: row.instant("span")?,
                bundle: row.text("bundle")?,
                n: row.count("n")?,
            })
        };
        self.query(&BUNDLED_FAILURES, &[])?.iter().map(count).collect()
    }

    /// The refusals that wait in bundles, from whichever node.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn bundled_refusals(&mut self) -> Result<Vec<RefusalCount>, Fault> {
        let count = |row: &Row| {
            Ok(RefusalCount {
                person: PersonId::new(row.text("person")?),
                act: row.text("act")?,
                reason: row.text("reason")?,
                span: row.instant("span")?,
                bundle: row.text("bundle")?,
                n: row.count("n")?,
            })
        };
        self.query(&BUNDLED_REFUSALS, &[])?.iter().map(count).collect()
    }
}
