//! Rows of deputies who are named ahead of any absence.

use crate::row;
use crate::{Bulk, Fault, Read, Row, RowSet, Statement, Type};
use domain::directory::deputy::Deputy;
use domain::id::{LogId, PersonId};
use domain::time::Date;

static PUT_DEPUTY: Bulk = Bulk {
    name: "directory.put_deputy",
    head: "INSERT INTO deputy (log, person, deputy, from_day)",
    columns: &[Type::Text, Type::Text, Type::Text, Type::Text],
    tail: " ON CONFLICT (log, person) DO UPDATE SET deputy = excluded.deputy, from_day = excluded.from_day",
};
static DEPUTIES: Statement = Statement {
    name: "directory.deputies",
    sql: "SELECT person, deputy, from_day FROM deputy WHERE log = $1 ORDER BY person",
};
static DEPUTY: Statement = Statement {
    name: "directory.deputy",
    sql: "SELECT person, deputy, from_day FROM deputy WHERE log = $1 AND person = $2",
};

pub(crate) static STATEMENTS: &[&Statement] = &[&DEPUTIES, &DEPUTY];
pub(crate) static BULKS: &[&Bulk] = &[&PUT_DEPUTY];

/// The row of a deputy.
pub(super) fn rows(one: &Deputy, log: &LogId, out: &mut RowSet) {
    out.push(&PUT_DEPUTY, row![log, &one.person, &one.deputy, one.from.to_string()]);
}

fn read_row(row: &Row) -> Result<Deputy, Fault> {
    let corrupt = || Fault::Corrupt("day of a deputy".into());
    Ok(Deputy {
        person: PersonId::new(row.text("person")?),
        deputy: PersonId::new(row.text("deputy")?),
        from: Date::parse_iso(&row.text("from_day")?).ok_or_else(corrupt)?,
    })
}

impl Read<'_> {
    /// The deputies of an agency's people.
    ///
    /// # Errors
    /// The database, or a day that cannot be read.
    pub fn deputies(&mut self, log: &LogId) -> Result<Vec<Deputy>, Fault> {
        self.query(&DEPUTIES, &row![log])?.iter().map(read_row).collect()
    }

    /// The deputy of somebody.
    ///
    /// # Errors
    /// As [`Read::deputies`].
    pub fn deputy(&mut self, log: &LogId, person: &PersonId) -> Result<Option<Deputy>, Fault> {
        self.one(&DEPUTY, &row![log, person])?.as_ref().map(read_row).transpose()
    }
}
