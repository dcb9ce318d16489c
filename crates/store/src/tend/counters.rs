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
    sql: "INSERT INTO failure_count (account, span, n) VALUES ($1, $2, 1) \
          ON CONFLICT (account, span) DO UPDATE SET n = failure_count.n + 1 RETURNING n",
};
static SUM_FAILURES: Statement = Statement {
    name: "sum_failures",
    sql: "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) AS n FROM failure_count \
          WHERE account = $1 AND span >= $2",
};
static CLEAR_FAILURES: Statement =
    Statement { name: "clear_failures", sql: "DELETE FROM failure_count WHERE account = $1" };
static TAKE_FAILURES: Statement = Statement {
    name: "take_failures",
    sql: "DELETE FROM failure_count WHERE span < $1 RETURNING account, span, n",
};
static COUNT_REFUSAL: Statement = Statement {
    name: "count_refusal",
    sql: "INSERT INTO refusal_count (person, act, reason, span, n) VALUES ($1, $2, $3, $4, 1) \
          ON CONFLICT (person, act, reason, span) DO UPDATE SET n = refusal_count.n + 1 RETURNING n",
};
static TAKE_REFUSALS: Statement = Statement {
    name: "take_refusals",
    sql: "DELETE FROM refusal_count WHERE span < $1 RETURNING person, act, reason, span, n",
};

pub(super) static STATEMENTS: &[&Statement] = &[
    &LOCK_RATE,
    &PUT_RATE,
    &GIVE_TOKEN,
    &DROP_RATES,
    &COUNT_FAILURE,
    &SUM_FAILURES,
    &CLEAR_FAILURES,
    &TAKE_FAILURES,
    &COUNT_REFUSAL,
    &TAKE_REFUSALS,
];

/// One token in the unit that is stored, so that a slow refill loses nothing to rounding.
const TOKEN: i64 = 1_000_000;
const MICROS_PER_MINUTE: i64 = 60_000_000;

/// Refusals of one kind that were counted instead of entered one by one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RefusalCount {
    /// Who was refused.
    pub person: PersonId,
    /// What was tried.
    pub act: String,
    /// The reason's key.
    pub reason: String,
    /// The start of the span of time.
    pub span: Instant,
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

    /// Forgets the failures of an account, after a success.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn clear_failures(&mut self, account: &str) -> Result<(), Fault> {
        self.run(&CLEAR_FAILURES, &row![account]).map(|_| ())
    }

    /// Takes out the counts of all spans before `before`: account, span, number; in this order.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn take_failures(&mut self, before: Instant) -> Result<Vec<(String, Instant, u64)>, Fault> {
        let rows = self.run(&TAKE_FAILURES, &row![before])?;
        let count = |row: &Row| Ok((row.text("account")?, row.instant("span")?, row.count("n")?));
        let mut counts = rows.iter().map(count).collect::<Result<Vec<_>, Fault>>()?;
        // Engines tell what they deleted in orders of their own.
        counts.sort_unstable();
        Ok(counts)
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

    /// Takes out the counts of all spans before `before`, to be entered as one entry each; person by person.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn take_refusals(&mut self, before: Instant) -> Result<Vec<RefusalCount>, Fault> {
        let rows = self.run(&TAKE_REFUSALS, &row![before])?;
        let count = |row: &Row| {
            Ok(RefusalCount {
                person: PersonId::new(row.text("person")?),
                act: row.text("act")?,
                reason: row.text("reason")?,
                span: row.instant("span")?,
                n: row.count("n")?,
            })
        };
        let mut counts = rows.iter().map(count).collect::<Result<Vec<_>, Fault>>()?;
        counts.sort_unstable();
        Ok(counts)
    }
}

impl Read<'_> {
    /// How many failures an account has had in the spans from `since` on.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn failures(&mut self, account: &str, since: Instant) -> Result<u64, Fault> {
        self.one(&SUM_FAILURES, &row![account, since])?.map_or(Ok(0), |row| row.count("n"))
    }
}
