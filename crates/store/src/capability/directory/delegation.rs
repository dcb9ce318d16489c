//! Rows of what heads delegate.

use crate::capability::{items_from, items_text};
use crate::row;
use crate::{Bulk, Fault, Read, Row, RowSet, Sealing, Statement, Type};
use domain::Personal;
use domain::directory::delegation::Delegation;
use domain::id::{DelegationId, LogId, PersonId};
use domain::time::{Date, Instant};

static INSERT_DELEGATION: Bulk = Bulk {
    name: "directory.insert_delegation",
    head: "INSERT INTO delegation (id, log, by_person, to_person, objects, from_day, until_day, words)",
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
static REVOKE_DELEGATION: Bulk = Bulk {
    name: "directory.revoke_delegation",
    head: "WITH v (id, at) AS (",
    columns: &[Type::Text, Type::BigInt],
    tail: ") UPDATE delegation SET revoked_at = v.at FROM v WHERE delegation.id = v.id",
};
static DELEGATIONS: Statement = Statement {
    name: "directory.delegations",
    sql: "SELECT id, by_person, to_person, objects, from_day, until_day, words, revoked_at \
          FROM delegation WHERE log = $1 AND until_day >= $2 ORDER BY until_day, id LIMIT 1000",
};

pub(crate) static STATEMENTS: &[&Statement] = &[&DELEGATIONS];
pub(crate) static BULKS: &[&Bulk] = &[&INSERT_DELEGATION, &REVOKE_DELEGATION];

/// What was delegated, with the reference of its sealed words.
#[derive(Clone, Debug)]
pub struct DelegationRow {
    /// What was delegated.
    pub delegation: Delegation,
    /// The words that name the document, sealed.
    pub words: String,
}

/// The row of what is delegated from now on.
pub(super) fn rows(
    delegation: &Delegation,
    words: &Personal,
    seal: &mut Sealing<'_>,
    out: &mut RowSet,
) -> Result<(), Fault> {
    let (words, log) = (seal.seal(words)?, seal.log().clone());
    let Delegation { id, by, to, objects, from, until, .. } = delegation;
    let (from, until) = (from.to_string(), until.to_string());
    out.push(&INSERT_DELEGATION, row![id, &log, by, to, items_text(objects), from, until, words]);
    Ok(())
}

/// Takes a delegation back.
pub(super) fn revoked(id: &DelegationId, at: Instant, out: &mut RowSet) {
    out.push(&REVOKE_DELEGATION, row![id, at.micros()]);
}

fn read_row(row: &Row) -> Result<DelegationRow, Fault> {
    let day = |text: &str| Date::parse_iso(text).ok_or_else(|| Fault::Corrupt("day of a delegation".into()));
    let delegation = Delegation {
        id: DelegationId::new(row.text("id")?),
        by: PersonId::new(row.text("by_person")?),
        to: PersonId::new(row.text("to_person")?),
        objects: items_from(&row.text("objects")?),
        from: day(&row.text("from_day")?)?,
        until: day(&row.text("until_day")?)?,
        revoked: row.opt_instant("revoked_at")?,
    };
    Ok(DelegationRow { delegation, words: row.text("words")? })
}

impl Read<'_> {
    /// What heads of an agency delegated and is not over on a day, that first which ends first; what was
    /// taken back is among it.
    ///
    /// # Errors
    /// The database, or a day that cannot be read.
    pub fn delegations(&mut self, log: &LogId, day: Date) -> Result<Vec<DelegationRow>, Fault> {
        self.query(&DELEGATIONS, &row![log, day.to_string()])?.iter().map(read_row).collect()
    }
}
