//! Rows of steps that somebody has taken on.

use super::{number, place};
use crate::row;
use crate::{Bulk, Fault, Read, Row, RowSet, Statement, Type};
use domain::application::claim::Claim;
use domain::id::{ApplicationId, LogId, PersonId};

static PUT_CLAIM: Bulk = Bulk {
    name: "application.put_claim",
    head: "INSERT INTO application_claim (application, version, step, part, log, by_person, at, released)",
    columns: &[
        Type::Text,
        Type::BigInt,
        Type::BigInt,
        Type::BigInt,
        Type::Text,
        Type::Text,
        Type::BigInt,
        Type::BigInt,
    ],
    tail: "ON CONFLICT (application, version, step, part) DO UPDATE SET by_person = excluded.by_person, \
           at = excluded.at, released = excluded.released",
};
static CLAIMS: Statement = Statement {
    name: "application.claims",
    sql: "SELECT version, step, part, by_person, at FROM application_claim \
          WHERE application = $1 AND released = 0 ORDER BY version, step, part",
};

pub(crate) static STATEMENTS: &[&Statement] = &[&CLAIMS];
pub(crate) static BULKS: &[&Bulk] = &[&PUT_CLAIM];

/// The row of a part of a step that somebody takes on, or lets go.
pub(super) fn rows(id: &ApplicationId, claim: &Claim, released: bool, log: &LogId, out: &mut RowSet) {
    let Claim { version, step, part, by, at } = claim;
    let (version, step, part) = (i64::from(*version), number(*step), number(*part));
    out.push(&PUT_CLAIM, row![id, version, step, part, log, by, at.micros(), i64::from(released)]);
}

fn read_claim(row: &Row) -> Result<Claim, Fault> {
    Ok(Claim {
        version: u32::try_from(row.count("version")?)
            .map_err(|_| Fault::Corrupt("the version of a claim".into()))?,
        step: place(row, "step")?,
        part: place(row, "part")?,
        by: PersonId::new(row.text("by_person")?),
        at: row.instant("at")?,
    })
}

impl Read<'_> {
    /// What people have taken on of an application and not let go, in all versions.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn application_claims(&mut self, id: &ApplicationId) -> Result<Vec<Claim>, Fault> {
        self.query(&CLAIMS, &row![id])?.iter().map(read_claim).collect()
    }
}
