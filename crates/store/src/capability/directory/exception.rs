//! Rows of exceptions from separation.

use crate::row;
use crate::{Bulk, Fault, Read, Row, RowSet, Sealing, Statement, Type};
use domain::Personal;
use domain::directory::exception::Exception;
use domain::id::{ExceptionId, LogId, PersonId};
use domain::regulation::Pair;
use domain::time::{Date, Instant};

static INSERT_EXCEPTION: Bulk = Bulk {
    name: "directory.insert_exception",
    head: "INSERT INTO separation_exception (id, log, person, pair, from_day, until_day, by_person, words)",
    columns: &[
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
    ],
    tail: "",
};
static REVOKE_EXCEPTION: Bulk = Bulk {
    name: "directory.revoke_exception",
    head: "WITH v (id, at) AS (",
    columns: &[Type::Text, Type::BigInt],
    tail: ") UPDATE separation_exception SET revoked_at = v.at FROM v WHERE separation_exception.id = v.id",
};

macro_rules! exceptions {
    ($($name:ident $word:literal $rest:literal;)*) => {
        $(static $name: Statement = Statement {
            name: concat!("directory.exceptions", $word),
            sql: concat!(
                "SELECT id, person, pair, from_day, until_day, by_person, words, revoked_at ",
                "FROM separation_exception WHERE log = $1 ",
                $rest
            ),
        };)*
        pub(crate) static STATEMENTS: &[&Statement] = &[$(&$name),*];
    };
}

exceptions! {
    EXCEPTIONS "" "AND until_day >= $2 ORDER BY until_day, id LIMIT 1000";
    EXCEPTIONS_OF "_of" "AND person = $2 ORDER BY from_day, id LIMIT 100";
}

pub(crate) static BULKS: &[&Bulk] = &[&INSERT_EXCEPTION, &REVOKE_EXCEPTION];

/// An exception, with the reference of its sealed reason.
#[derive(Clone, Debug)]
pub struct ExceptionRow {
    /// The exception.
    pub exception: Exception,
    /// Why, sealed.
    pub words: String,
}

/// The row of an exception that is allowed.
pub(super) fn rows(
    exception: &Exception,
    words: &Personal,
    seal: &mut Sealing<'_>,
    out: &mut RowSet,
) -> Result<(), Fault> {
    let (words, log) = (seal.seal(words)?, seal.log().clone());
    let Exception { id, person, pair, from, until, by, .. } = exception;
    let (from, until) = (from.to_string(), until.to_string());
    out.push(&INSERT_EXCEPTION, row![id, &log, person, pair.text(), from, until, by, words]);
    Ok(())
}

/// Revokes an exception.
pub(super) fn revoked(id: &ExceptionId, at: Instant, out: &mut RowSet) {
    out.push(&REVOKE_EXCEPTION, row![id, at.micros()]);
}

fn read_row(row: &Row) -> Result<ExceptionRow, Fault> {
    let corrupt = || Fault::Corrupt("exception from separation".into());
    let day = |text: &str| Date::parse_iso(text).ok_or_else(corrupt);
    let exception = Exception {
        id: ExceptionId::new(row.text("id")?),
        person: PersonId::new(row.text("person")?),
        pair: Pair::from_text(&row.text("pair")?).ok_or_else(corrupt)?,
        from: day(&row.text("from_day")?)?,
        until: day(&row.text("until_day")?)?,
        by: PersonId::new(row.text("by_person")?),
        revoked: row.opt_instant("revoked_at")?,
    };
    Ok(ExceptionRow { exception, words: row.text("words")? })
}

impl Read<'_> {
    /// The exceptions of an agency whose last day is not before a day, that first which ends first; revoked
    /// ones are among them.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn exceptions(&mut self, log: &LogId, since: Date) -> Result<Vec<ExceptionRow>, Fault> {
        self.query(&EXCEPTIONS, &row![log, since.to_string()])?.iter().map(read_row).collect()
    }

    /// All that somebody was allowed, the oldest first.
    ///
    /// # Errors
    /// As [`Read::exceptions`].
    pub fn exceptions_of(&mut self, log: &LogId, person: &PersonId) -> Result<Vec<Exception>, Fault> {
        let rows = self.query(&EXCEPTIONS_OF, &row![log, person])?;
        rows.iter().map(|row| Ok(read_row(row)?.exception)).collect()
    }
}
