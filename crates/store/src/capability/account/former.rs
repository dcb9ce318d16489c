//! Rows of accounts that were taken over from an older system.

use crate::row;
use crate::{Bulk, Fault, Read, Row, RowSet, Statement, Type};
use domain::account::former::Former;
use domain::id::PersonId;
use domain::time::Instant;

static INSERT: Bulk = Bulk {
    name: "account.take_over",
    head: "INSERT INTO former_account (person, login, at)",
    columns: &[Type::Text, Type::Text, Type::BigInt],
    tail: "",
};
static OF_PERSON: Statement = Statement {
    name: "account.former_of_person",
    sql: "SELECT person, login FROM former_account WHERE person = $1",
};
static OF_LOGIN: Statement = Statement {
    name: "account.former_of_login",
    sql: "SELECT person, login FROM former_account WHERE login = $1",
};

pub(super) static STATEMENTS: &[&Statement] = &[&OF_PERSON, &OF_LOGIN];
pub(super) static BULKS: &[&Bulk] = &[&INSERT];

/// The row of an account that is taken over.
pub(super) fn taken_over(former: &Former, at: Instant, out: &mut RowSet) {
    out.push(&INSERT, row![&former.person, &former.login, at.micros()]);
}

fn read(row: &Row) -> Result<Former, Fault> {
    Ok(Former { person: PersonId::new(row.text("person")?), login: row.text("login")? })
}

impl Read<'_> {
    /// The account that somebody had in an older system, if it was taken over.
    ///
    /// # Errors
    /// The database.
    pub fn former_of(&mut self, person: &PersonId) -> Result<Option<Former>, Fault> {
        self.one(&OF_PERSON, &row![person])?.as_ref().map(read).transpose()
    }

    /// The account of an older system that has a sign-in name.
    ///
    /// # Errors
    /// The database.
    pub fn former_of_login(&mut self, login: &str) -> Result<Option<Former>, Fault> {
        self.one(&OF_LOGIN, &row![login])?.as_ref().map(read).transpose()
    }
}
