//! Rows of days on which the offices of an agency are closed, or open, other than the calendar says.

use crate::row;
use crate::{Bulk, Fault, Read, Row, RowSet, Statement, Type};
use domain::directory::closure::{Cause, Closure};
use domain::id::LogId;
use domain::time::{Date, Instant};

static INSERT_CLOSURE: Bulk = Bulk {
    name: "directory.insert_closure",
    head: "INSERT INTO closure (log, day, at, cause)",
    columns: &[Type::Text, Type::Text, Type::BigInt, Type::Text],
    tail: "",
};
static CLOSURES: Statement = Statement {
    name: "directory.closures",
    sql: "SELECT day, at, cause FROM closure WHERE log = $1 ORDER BY day, at",
};

pub(crate) static STATEMENTS: &[&Statement] = &[&CLOSURES];
pub(crate) static BULKS: &[&Bulk] = &[&INSERT_CLOSURE];

/// The row of a day.
pub(super) fn rows(closure: &Closure, log: &LogId, out: &mut RowSet) {
    let (day, at) = (closure.day.to_string(), closure.at.micros());
    out.push(&INSERT_CLOSURE, row![log, day, at, closure.cause.word()]);
}

fn read_row(row: &Row) -> Result<Closure, Fault> {
    let corrupt = || Fault::Corrupt("a closure".into());
    Ok(Closure {
        day: Date::parse_iso(&row.text("day")?).ok_or_else(corrupt)?,
        cause: Cause::from_word(&row.text("cause")?).ok_or_else(corrupt)?,
        at: Instant::from_micros(row.int("at")?),
    })
}

impl Read<'_> {
    /// What was declared about days of an agency, by the day, the last word on one last.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn closures(&mut self, log: &LogId) -> Result<Vec<Closure>, Fault> {
        self.query(&CLOSURES, &row![log])?.iter().map(read_row).collect()
    }
}
