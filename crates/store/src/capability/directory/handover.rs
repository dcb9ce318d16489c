//! Rows of lists by which work is handed over.

use crate::row;
use crate::{Bulk, Fault, Read, Row, RowSet, Statement, Type};
use domain::directory::handover::Handover;
use domain::id::{HandoverId, LogId, PersonId, UnitId};

static PUT_HANDOVER: Bulk = Bulk {
    name: "directory.put_handover",
    head: "INSERT INTO handover (id, log, giver, unit, receiver, items, given_at, received_at, signed, \
           closed_by, closed_at)",
    columns: &[
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::BigInt,
        Type::BigInt,
        Type::Text,
        Type::Text,
        Type::BigInt,
    ],
    tail: "ON CONFLICT (id) DO UPDATE SET receiver = excluded.receiver, items = excluded.items, \
           given_at = excluded.given_at, received_at = excluded.received_at, signed = excluded.signed, \
           closed_by = excluded.closed_by, closed_at = excluded.closed_at",
};
static HANDOVER: Statement = Statement {
    name: "directory.handover",
    sql: "SELECT id, giver, unit, receiver, items, given_at, received_at, signed, closed_by, closed_at \
          FROM handover WHERE log = $1 AND id = $2",
};
static OPEN_HANDOVERS_OF: Statement = Statement {
    name: "directory.open_handovers_of",
    sql: "SELECT id, giver, unit, receiver, items, given_at, received_at, signed, closed_by, closed_at \
          FROM handover WHERE log = $1 AND giver = $2 AND closed_at IS NULL ORDER BY id LIMIT 20",
};

pub(crate) static STATEMENTS: &[&Statement] = &[&HANDOVER, &OPEN_HANDOVERS_OF];
pub(crate) static BULKS: &[&Bulk] = &[&PUT_HANDOVER];

/// The row that a list has from now on.
pub(super) fn rows(handover: &Handover, log: &LogId, out: &mut RowSet) -> Result<(), Fault> {
    let items = serde_json::to_string(&handover.items).map_err(|_| Fault::Corrupt("a list".into()))?;
    let Handover { id, giver, unit, receiver, given, received, signed, closed, .. } = handover;
    let (by, at) = (closed.as_ref().map(|(by, _)| by), closed.as_ref().map(|(_, at)| at.micros()));
    let (given, received) = (given.map(|at| at.micros()), received.map(|at| at.micros()));
    let signed = (!signed.is_empty()).then(|| serde_json::to_string(signed)).transpose();
    let signed = signed.map_err(|_| Fault::Corrupt("who signed a list".into()))?;
    let receiver = receiver.as_ref();
    out.push(&PUT_HANDOVER, row![id, log, giver, unit, receiver, items, given, received, signed, by, at]);
    Ok(())
}

fn read_handover(row: &Row) -> Result<Handover, Fault> {
    let corrupt = |_| Fault::Corrupt("a list by which work is handed over".into());
    Ok(Handover {
        id: HandoverId::new(row.text("id")?),
        giver: PersonId::new(row.text("giver")?),
        unit: UnitId::new(row.text("unit")?),
        receiver: row.opt_text("receiver")?.map(PersonId::new),
        items: serde_json::from_str(&row.text("items")?).map_err(corrupt)?,
        given: row.opt_instant("given_at")?,
        received: row.opt_instant("received_at")?,
        signed: match row.opt_text("signed")? {
            Some(text) => serde_json::from_str(&text).map_err(corrupt)?,
            None => vec![],
        },
        closed: row.opt_text("closed_by")?.map(PersonId::new).zip(row.opt_instant("closed_at")?),
    })
}

impl Read<'_> {
    /// A list by which work is handed over.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn handover(&mut self, log: &LogId, id: &HandoverId) -> Result<Option<Handover>, Fault> {
        self.one(&HANDOVER, &row![log, id])?.as_ref().map(read_handover).transpose()
    }

    /// The lists that somebody gives and that are not closed.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn open_handovers(&mut self, log: &LogId, giver: &PersonId) -> Result<Vec<Handover>, Fault> {
        self.query(&OPEN_HANDOVERS_OF, &row![log, giver])?.iter().map(read_handover).collect()
    }
}
