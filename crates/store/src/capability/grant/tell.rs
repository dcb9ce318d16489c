//! Rows of what providers are told of rights that have ended.

use super::super::{items_from, items_text};
use crate::row;
use crate::{Bulk, Fault, Read, Row, RowSet, Statement, Type};
use domain::grant::tell::Telling;
use domain::id::{LogId, PermissionId, PersonId, TellingId};
use domain::time::Instant;

static INSERT_TELLING: Bulk = Bulk {
    name: "telling.insert",
    head: "INSERT INTO telling \
           (id, log, permission, person, source, items, ended_at, for_now, due_at, digest)",
    columns: &[
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::BigInt,
        Type::BigInt,
        Type::BigInt,
        Type::Text,
    ],
    tail: "",
};
static PRESS: Bulk = Bulk {
    name: "telling.pressed",
    head: "WITH v (id, at) AS (",
    columns: &[Type::Text, Type::BigInt],
    tail: ") UPDATE telling SET pressed_at = v.at FROM v WHERE telling.id = v.id",
};
static ACKNOWLEDGE: Bulk = Bulk {
    name: "telling.told",
    head: "WITH v (id, at) AS (",
    columns: &[Type::Text, Type::BigInt],
    tail: ") UPDATE telling SET told_at = v.at FROM v WHERE telling.id = v.id",
};
macro_rules! tellings {
    ($($name:ident $word:literal $rest:literal;)*) => {
        $(static $name: Statement = Statement {
            name: concat!("telling.", $word),
            sql: concat!(
                "SELECT t.id, t.permission, t.person, t.source, t.items, t.ended_at, t.for_now, t.due_at, ",
                "t.told_at, t.digest, p.tries FROM telling t LEFT JOIN telling_pace p ON p.id = t.id ",
                "WHERE t.log = $1 ",
                $rest
            ),
        };)*
        pub(crate) static STATEMENTS: &[&Statement] = &[$(&$name),*];
    };
}

tellings! {
    DUE_TELLINGS "due"
        "AND t.told_at IS NULL AND COALESCE(p.next_at, 0) <= $2 \
         ORDER BY t.ended_at, t.person, t.source, t.id LIMIT $3";
    SILENT_TELLINGS "silent"
        "AND t.told_at IS NULL AND t.pressed_at IS NULL AND t.due_at <= $2 \
         ORDER BY t.ended_at, t.person, t.source, t.id LIMIT $3";
    TELLING "telling" "AND t.id = $2";
    TELLINGS_OF_PERMISSION "of_permission" "AND t.permission = $2 ORDER BY t.ended_at, t.id";
}

pub(crate) static BULKS: &[&Bulk] = &[&INSERT_TELLING, &PRESS, &ACKNOWLEDGE];

/// The row of a message.
pub(super) fn rows(log: &LogId, message: &Telling, out: &mut RowSet) {
    let Telling { id, permission, person, source, items, ended, for_now, due, digest, .. } = message;
    let (ended, due, for_now) = (ended.micros(), due.micros(), i64::from(*for_now));
    let items = items_text(items);
    out.push(&INSERT_TELLING, row![id, log, permission, person, source, items, ended, for_now, due, digest]);
}

/// That somebody has to see to its silence.
pub(super) fn pressed(id: &TellingId, at: Instant, out: &mut RowSet) {
    out.push(&PRESS, row![id, at.micros()]);
}

/// That it was acknowledged.
pub(super) fn acknowledged(id: &TellingId, at: Instant, out: &mut RowSet) {
    out.push(&ACKNOWLEDGE, row![id, at.micros()]);
}

fn read_telling(row: &Row) -> Result<(Telling, u32), Fault> {
    let tries = row.opt_int("tries")?.unwrap_or(0);
    let telling = Telling {
        id: TellingId::new(row.text("id")?),
        permission: PermissionId::new(row.text("permission")?),
        person: PersonId::new(row.text("person")?),
        source: row.text("source")?,
        items: items_from(&row.text("items")?),
        ended: row.instant("ended_at")?,
        for_now: row.int("for_now")? == 1,
        due: row.instant("due_at")?,
        told: row.opt_instant("told_at")?,
        digest: row.text("digest")?,
    };
    Ok((telling, u32::try_from(tries).unwrap_or(u32::MAX)))
}

impl Read<'_> {
    /// Messages that are to be tried by now, each with how often it was.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn tellings_due(
        &mut self,
        log: &LogId,
        now: Instant,
        most: i64,
    ) -> Result<Vec<(Telling, u32)>, Fault> {
        self.query(&DUE_TELLINGS, &row![log, now.micros(), most])?.iter().map(read_telling).collect()
    }

    /// Messages that nobody has acknowledged though it is time, and that are nobody's duty yet.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn tellings_silent(&mut self, log: &LogId, now: Instant, most: i64) -> Result<Vec<Telling>, Fault> {
        let rows = self.query(&SILENT_TELLINGS, &row![log, now.micros(), most])?;
        rows.iter().map(|row| Ok(read_telling(row)?.0)).collect()
    }

    /// One message.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn telling(&mut self, log: &LogId, id: &TellingId) -> Result<Option<Telling>, Fault> {
        let row = self.one(&TELLING, &row![log, id])?;
        row.as_ref().map(|row| Ok(read_telling(row)?.0)).transpose()
    }

    /// What providers were or are to be told of a permission, each with how often it was tried.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn tellings_of(&mut self, log: &LogId, id: &PermissionId) -> Result<Vec<(Telling, u32)>, Fault> {
        self.query(&TELLINGS_OF_PERMISSION, &row![log, id])?.iter().map(read_telling).collect()
    }
}
