//! Rows of consents.

use crate::row;
use crate::{Bulk, Fault, Read, Row, RowSet, Sealing, Statement, Type};
use domain::grant::{Change, Consent, Covers};
use domain::id::{ConsentId, LogId, PersonId};
use domain::time::Instant;

static INSERT_CONSENT: Bulk = Bulk {
    name: "grant.insert",
    head: "INSERT INTO consent (id, log, covers, basis, by_person, from_at, until_at)",
    columns: &[Type::Text, Type::Text, Type::Text, Type::Text, Type::Text, Type::BigInt, Type::BigInt],
    tail: "",
};
static END_CONSENT: Bulk = Bulk {
    name: "grant.end",
    head: "WITH v (id, at) AS (",
    columns: &[Type::Text, Type::BigInt],
    tail: ") UPDATE consent SET ended_at = v.at FROM v WHERE consent.id = v.id",
};
static CONSENTS: Statement = Statement {
    name: "grant.consents",
    sql: "SELECT id, covers, basis, by_person, from_at, until_at, ended_at FROM consent \
          WHERE log = $1 AND covers = $2 ORDER BY from_at DESC, id DESC LIMIT 50",
};

pub(crate) static STATEMENTS: &[&Statement] = &[&CONSENTS];
pub(crate) static BULKS: &[&Bulk] = &[&INSERT_CONSENT, &END_CONSENT];

/// The rows that a change makes.
pub(crate) fn rows(change: &Change, seal: &mut Sealing<'_>, out: &mut RowSet) -> Result<(), Fault> {
    let log = seal.log().clone();
    match change {
        Change::Given(consent) => {
            let until = consent.until.map(Instant::micros);
            let basis = consent.basis.clone();
            let from = consent.from.micros();
            out.push(
                &INSERT_CONSENT,
                row![&consent.id, &log, consent.covers.text(), basis, &consent.by, from, until],
            );
        }
        Change::Ended { id, at } => out.push(&END_CONSENT, row![id, at.micros()]),
    }
    Ok(())
}

fn read_consent(row: &Row) -> Result<Consent, Fault> {
    Ok(Consent {
        id: ConsentId::new(row.text("id")?),
        covers: Covers::from_text(&row.text("covers")?)
            .ok_or_else(|| Fault::Corrupt("what a consent covers".into()))?,
        basis: row.opt_text("basis")?,
        by: PersonId::new(row.text("by_person")?),
        from: Instant::from_micros(row.int("from_at")?),
        until: row.opt_int("until_at")?.map(Instant::from_micros),
        ended: row.opt_int("ended_at")?.map(Instant::from_micros),
    })
}

impl Read<'_> {
    /// The consents for one thing, newest first.
    ///
    /// # Errors
    /// The database.
    pub fn consents(&mut self, log: &LogId, covers: &Covers) -> Result<Vec<Consent>, Fault> {
        let rows = self.query(&CONSENTS, &row![log, covers.text()])?;
        rows.iter().map(read_consent).collect()
    }
}
