//! Rows of lookups, their record sheets and stamps.

mod list;

pub use list::{After, List, Of, Only};

use super::{items_from, items_text};
use crate::row;
use crate::{Bulk, Fault, Read, Row, RowSet, Sealing, Statement, Type};
use domain::Personal;
use domain::id::{AssignmentId, CaseId, LogId, LookupId, PersonId, UnitId};
use domain::lookup::explanation::Lights;
use domain::lookup::{Change, Lookup, New, Sheet, Stamp, State};
use domain::time::Instant;

static INSERT_LOOKUP: Bulk = Bulk {
    name: "lookup.insert",
    head: "INSERT INTO lookup (id, log, asker, assignment, unit, case_id, case_number, purpose, \
           basis, items, state, stamp, at, moved_at, lights, judged, digest, place, address, \
           sheet, subject_tag, held_roles)",
    columns: &[
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::BigInt,
        Type::BigInt,
        Type::Text,
        Type::BigInt,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
    ],
    tail: "",
};
static MOVE_LOOKUP: Bulk = Bulk {
    name: "lookup.move",
    head: "WITH v (id, state, stamp, at) AS (",
    columns: &[Type::Text, Type::Text, Type::Text, Type::BigInt],
    tail: ") UPDATE lookup SET state = v.state, stamp = v.stamp, moved_at = v.at \
           FROM v WHERE lookup.id = v.id",
};
static JUDGE_LOOKUP: Bulk = Bulk {
    name: "lookup.judge",
    head: "WITH v (id, stamp, judged, judged_by, note, at) AS (",
    columns: &[Type::Text, Type::Text, Type::BigInt, Type::Text, Type::Text, Type::BigInt],
    tail: ") UPDATE lookup SET stamp = v.stamp, judged = v.judged, judged_by = v.judged_by, \
           note = v.note, moved_at = v.at FROM v WHERE lookup.id = v.id",
};
static STAMP_LOOKUP: Bulk = Bulk {
    name: "lookup.stamp",
    head: "WITH v (id, state, batch, stamped_by, at) AS (",
    columns: &[Type::Text, Type::Text, Type::Text, Type::Text, Type::BigInt],
    tail: ") UPDATE lookup SET state = v.state, stamp = 'stamped', batch = v.batch, \
           stamped_by = v.stamped_by, stamped_at = v.at, moved_at = v.at \
           FROM v WHERE lookup.id = v.id",
};
static CORRECT_LOOKUP: Bulk = Bulk {
    name: "lookup.correct",
    head: "WITH v (id, sheet, case_id, case_number, lights, at) AS (",
    columns: &[Type::Text, Type::Text, Type::Text, Type::Text, Type::Text, Type::BigInt],
    tail: ") UPDATE lookup SET sheet = v.sheet, case_id = v.case_id, \
           case_number = v.case_number, lights = v.lights, stamp = 'awaiting', judged = 0, \
           moved_at = v.at FROM v WHERE lookup.id = v.id",
};

/// Every column that [`read_row`] reads, of the rows that a condition chooses.
macro_rules! rows_where {
    ($($condition:expr),+ $(,)?) => {
        concat!(
            "SELECT id, log, asker, assignment, unit, case_id, case_number, purpose, basis, items, ",
            "state, stamp, at, stamped_at, stamped_by, batch, lights, judged, judged_by, note, ",
            "digest, place, address, sheet, held_roles FROM lookup ",
            $($condition),+
        )
    };
}
use rows_where;

static LOOKUP_BY_ID: Statement =
    Statement { name: "lookup.by_id", sql: rows_where!("WHERE id = $1 AND log = $2") };
static AWAITING_IN_UNIT: Statement = Statement {
    name: "lookup.awaiting_in_unit",
    sql: rows_where!("WHERE log = $1 AND unit = $2 AND stamp = $3 ORDER BY at, id LIMIT $4"),
};
static AWAITING_SINCE: Statement = Statement {
    name: "lookup.awaiting_since",
    sql: "SELECT at FROM lookup WHERE log = $1 AND unit = $2 AND stamp = 'awaiting' \
          ORDER BY at, id LIMIT $3",
};
static COUNT_SINCE: Statement = Statement {
    name: "lookup.count_since",
    sql: "SELECT count(*) AS n FROM lookup WHERE log = $1 AND asker = $2 AND at >= $3",
};
static STRANDED: Statement = Statement {
    name: "lookup.stranded",
    sql: rows_where!("WHERE log = $1 AND state = 'asked' AND moved_at < $2 ORDER BY at, id LIMIT 100"),
};

static OTHERS: &[&Statement] = &[&LOOKUP_BY_ID, &AWAITING_IN_UNIT, &AWAITING_SINCE, &COUNT_SINCE, &STRANDED];

/// Every statement of this file, for the census.
pub(crate) fn statements() -> Vec<&'static Statement> {
    [OTHERS, &list::statements()].concat()
}

pub(crate) static BULKS: &[&Bulk] =
    &[&INSERT_LOOKUP, &MOVE_LOOKUP, &JUDGE_LOOKUP, &STAMP_LOOKUP, &CORRECT_LOOKUP];

/// A lookup as its row holds it; the sheet stays sealed until it is asked for.
#[derive(Clone, Debug)]
pub struct LookupRow {
    /// The plain part, as rules see it.
    pub lookup: Lookup,
    /// The case number as typed.
    pub case_number: String,
    /// Reference of the sealed sheet.
    pub sheet: String,
    /// Reference of the supervisor's sealed note, if there is one.
    pub note: Option<String>,
    /// Who stamped it.
    pub stamped_by: Option<PersonId>,
    /// The batch it was stamped in.
    pub batch: Option<String>,
    /// Where it was asked from.
    pub place: String,
    /// From which address.
    pub address: String,
}

/// The rows that a change makes.
pub(crate) fn rows(change: &Change, seal: &mut Sealing<'_>, out: &mut RowSet) -> Result<(), Fault> {
    match change {
        Change::New(new) => insert(new, seal, out),
        Change::Moved { id, state, stamp, at } => {
            out.push(&MOVE_LOOKUP, row![id, state.word(), stamp.word(), at.micros()]);
            Ok(())
        }
        Change::Judged { id, stamp, matching, by, note, at } => {
            let note = seal.seal(note)?;
            let judged = i64::from(*matching);
            out.push(&JUDGE_LOOKUP, row![id, stamp.word(), judged, by, note, at.micros()]);
            Ok(())
        }
        Change::Stamped { id, state, batch, by, at } => {
            out.push(&STAMP_LOOKUP, row![id, state.word(), batch, by, at.micros()]);
            Ok(())
        }
        Change::Corrected { id, sheet, case, lights, at } => {
            let number = sheet.case_number.clone();
            let sealed = seal.seal(&sheet_text(sheet)?)?;
            let code = lights.code();
            out.push(&CORRECT_LOOKUP, row![id, sealed, case.as_ref(), number, code, at.micros()]);
            Ok(())
        }
    }
}

fn insert(new: &New, seal: &mut Sealing<'_>, out: &mut RowSet) -> Result<(), Fault> {
    let Lookup { id, asker, assignment, unit, case, purpose, basis, items, .. } = &new.lookup;
    let lookup = &new.lookup;
    let sheet = seal.seal(&sheet_text(&new.sheet)?)?;
    let tag = seal.tag("subject", new.sheet.subject.expose())?;
    let log = seal.log().clone();
    out.push(
        &INSERT_LOOKUP,
        row![
            id,
            &log,
            asker,
            assignment,
            unit,
            case.as_ref(),
            &new.sheet.case_number,
            purpose,
            basis,
            items_text(items),
            lookup.state.word(),
            lookup.stamp.word(),
            lookup.at.micros(),
            lookup.at.micros(),
            lookup.lights.code(),
            i64::from(lookup.judged),
            &lookup.digest,
            &new.place,
            &new.address,
            sheet,
            tag,
            (!lookup.held_roles.is_empty()).then(|| items_text(&lookup.held_roles))
        ],
    );
    Ok(())
}

fn sheet_text(sheet: &Sheet) -> Result<Personal, Fault> {
    let text = serde_json::to_string(sheet).map_err(|_| Fault::Corrupt("record sheet".into()))?;
    Ok(Personal::new(text))
}

fn read_row(row: &Row) -> Result<LookupRow, Fault> {
    let corrupt = |what: &str| Fault::Corrupt(format!("lookup {what}"));
    let lookup = Lookup {
        id: LookupId::new(row.text("id")?),
        asker: PersonId::new(row.text("asker")?),
        assignment: AssignmentId::new(row.text("assignment")?),
        unit: UnitId::new(row.text("unit")?),
        case: row.opt_text("case_id")?.map(CaseId::new),
        purpose: row.text("purpose")?,
        basis: row.text("basis")?,
        items: items_from(&row.text("items")?),
        state: State::from_word(&row.text("state")?).ok_or_else(|| corrupt("state"))?,
        stamp: Stamp::from_word(&row.text("stamp")?).ok_or_else(|| corrupt("stamp"))?,
        at: Instant::from_micros(row.int("at")?),
        stamped_at: row.opt_int("stamped_at")?.map(Instant::from_micros),
        lights: Lights::from_code(&row.text("lights")?),
        judged: row.flag("judged")?,
        digest: row.text("digest")?,
        held_roles: row.opt_text("held_roles")?.map(|text| items_from(&text)).unwrap_or_default(),
    };
    Ok(LookupRow {
        lookup,
        case_number: row.text("case_number")?,
        sheet: row.text("sheet")?,
        note: row.opt_text("note")?,
        stamped_by: row.opt_text("stamped_by")?.map(PersonId::new),
        batch: row.opt_text("batch")?,
        place: row.text("place")?,
        address: row.text("address")?,
    })
}

impl Read<'_> {
    /// One lookup of an agency, by its record code.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn lookup(&mut self, log: &LogId, id: &LookupId) -> Result<Option<LookupRow>, Fault> {
        self.one(&LOOKUP_BY_ID, &row![id, log])?.as_ref().map(read_row).transpose()
    }

    /// The record sheet, opened.
    ///
    /// # Errors
    /// Its key is gone, or it cannot be read.
    pub fn sheet(&mut self, lookup: &LookupRow) -> Result<Sheet, Fault> {
        let text = self.unseal(&lookup.sheet)?;
        serde_json::from_str(text.expose()).map_err(|_| Fault::Corrupt("record sheet".into()))
    }

    /// Rows of a unit whose sheet stands so, oldest first.
    ///
    /// # Errors
    /// The database.
    pub fn sheets_in_unit(
        &mut self,
        log: &LogId,
        unit: &UnitId,
        stamp: Stamp,
        most: i64,
    ) -> Result<Vec<LookupRow>, Fault> {
        let rows = self.query(&AWAITING_IN_UNIT, &row![log, unit, stamp.word(), most])?;
        rows.iter().map(read_row).collect()
    }

    /// When the lookups of a unit that wait for a stamp were made, oldest first.
    ///
    /// # Errors
    /// The database.
    pub fn awaiting_since(&mut self, log: &LogId, unit: &UnitId, most: i64) -> Result<Vec<Instant>, Fault> {
        let rows = self.query(&AWAITING_SINCE, &row![log, unit, most])?;
        rows.iter().map(|row| row.instant("at")).collect()
    }

    /// How many lookups a person has made since `since`.
    ///
    /// # Errors
    /// The database.
    pub fn lookups_since(&mut self, log: &LogId, asker: &PersonId, since: Instant) -> Result<usize, Fault> {
        let row = self.one(&COUNT_SINCE, &row![log, asker, since.micros()])?;
        let count = row.map_or(Ok(0), |row| row.int("n"))?;
        Ok(usize::try_from(count).unwrap_or(0))
    }

    /// Lookups that were asked before `before` and never closed: their process is gone.
    ///
    /// # Errors
    /// The database.
    pub fn stranded(&mut self, log: &LogId, before: Instant) -> Result<Vec<LookupRow>, Fault> {
        let rows = self.query(&STRANDED, &row![log, before.micros()])?;
        rows.iter().map(read_row).collect()
    }
}
