//! Rows of lookups, their record sheets and stamps.

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
           sheet, subject_tag)",
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
            "digest, place, address, sheet FROM lookup ",
            $($condition),+
        )
    };
}

static LOOKUP_BY_ID: Statement =
    Statement { name: "lookup.by_id", sql: rows_where!("WHERE id = $1 AND log = $2") };
/// One page of lookups, newest first, and how many there are: whose they are ($2) and which of them
/// ($3). Row values page by key, so that a page costs the same wherever it begins.
macro_rules! listing {
    ($($page:ident $count:ident $name:literal: $whose:literal, $which:literal;)*) => {
        $(
            static $page: Statement = Statement {
                name: concat!("lookup.page.", $name),
                sql: rows_where!(
                    "WHERE log = $1 AND ", $whose, " = $2 AND ", $which, " = $3 ",
                    "AND (at, id) < ($4, $5) ORDER BY at DESC, id DESC LIMIT $6"
                ),
            };
            static $count: Statement = Statement {
                name: concat!("lookup.count.", $name),
                sql: concat!(
                    "SELECT count(*) AS n FROM lookup WHERE log = $1 AND ", $whose,
                    " = $2 AND ", $which, " = $3"
                ),
            };
        )*
        static LISTINGS: &[&Statement] = &[$(&$page, &$count),*];
    };
}
listing! {
    OWN COUNT_OWN "own": "asker", "log";
    OWN_STATE COUNT_OWN_STATE "own_state": "asker", "state";
    OWN_STAMP COUNT_OWN_STAMP "own_stamp": "asker", "stamp";
    OWN_CASE COUNT_OWN_CASE "own_case": "asker", "case_number";
    UNIT COUNT_UNIT "unit": "unit", "log";
    UNIT_STATE COUNT_UNIT_STATE "unit_state": "unit", "state";
    UNIT_STAMP COUNT_UNIT_STAMP "unit_stamp": "unit", "stamp";
    UNIT_CASE COUNT_UNIT_CASE "unit_case": "unit", "case_number";
    ALL COUNT_ALL "all": "log", "log";
    ALL_STATE COUNT_ALL_STATE "all_state": "log", "state";
    ALL_STAMP COUNT_ALL_STAMP "all_stamp": "log", "stamp";
    ALL_CASE COUNT_ALL_CASE "all_case": "log", "case_number";
}

static AWAITING_IN_UNIT: Statement = Statement {
    name: "lookup.awaiting_in_unit",
    sql: rows_where!("WHERE log = $1 AND unit = $2 AND stamp = $3 ORDER BY at, id LIMIT $4"),
};
static OF_ASKER_BY_STAMP: Statement = Statement {
    name: "lookup.of_asker_by_stamp",
    sql: rows_where!(
        "WHERE log = $1 AND asker = $2 AND (stamp = $3 OR state = $4) ORDER BY at, id LIMIT 200"
    ),
};
static COUNT_OVERDUE: Statement = Statement {
    name: "lookup.count_overdue",
    sql: "SELECT count(*) AS n FROM lookup \
          WHERE log = $1 AND unit = $2 AND stamp = 'awaiting' AND at < $3",
};
static COUNT_SINCE: Statement = Statement {
    name: "lookup.count_since",
    sql: "SELECT count(*) AS n FROM lookup WHERE log = $1 AND asker = $2 AND at >= $3",
};
static STRANDED: Statement = Statement {
    name: "lookup.stranded",
    sql: rows_where!("WHERE log = $1 AND state = 'asked' AND moved_at < $2 ORDER BY at, id LIMIT 100"),
};

static OTHERS: &[&Statement] =
    &[&LOOKUP_BY_ID, &AWAITING_IN_UNIT, &OF_ASKER_BY_STAMP, &COUNT_OVERDUE, &COUNT_SINCE, &STRANDED];

/// Every statement of this file, for the census.
pub(crate) fn statements() -> Vec<&'static Statement> {
    [OTHERS, LISTINGS].concat()
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

/// Whose lookups a list shows.
#[derive(Clone, Copy, Debug)]
pub enum Of<'a> {
    /// Of one person.
    Asker(&'a PersonId),
    /// Of one unit.
    Unit(&'a UnitId),
    /// Of the whole agency.
    Agency,
}

/// Which of them.
#[derive(Clone, Copy, Debug)]
pub enum Only<'a> {
    /// All.
    All,
    /// Those in one state.
    State(State),
    /// Those whose sheet stands so.
    Stamp(Stamp),
    /// Those of one case.
    Case(&'a str),
}

/// The statements of a list (its page, its count), and the two values that they ask for.
type Listing = (&'static Statement, &'static Statement, String, String);

fn listing(log: &LogId, of: Of<'_>, only: Only<'_>) -> Listing {
    let (page, count) = match (of, only) {
        (Of::Asker(_), Only::All) => (&OWN, &COUNT_OWN),
        (Of::Asker(_), Only::State(_)) => (&OWN_STATE, &COUNT_OWN_STATE),
        (Of::Asker(_), Only::Stamp(_)) => (&OWN_STAMP, &COUNT_OWN_STAMP),
        (Of::Asker(_), Only::Case(_)) => (&OWN_CASE, &COUNT_OWN_CASE),
        (Of::Unit(_), Only::All) => (&UNIT, &COUNT_UNIT),
        (Of::Unit(_), Only::State(_)) => (&UNIT_STATE, &COUNT_UNIT_STATE),
        (Of::Unit(_), Only::Stamp(_)) => (&UNIT_STAMP, &COUNT_UNIT_STAMP),
        (Of::Unit(_), Only::Case(_)) => (&UNIT_CASE, &COUNT_UNIT_CASE),
        (Of::Agency, Only::All) => (&ALL, &COUNT_ALL),
        (Of::Agency, Only::State(_)) => (&ALL_STATE, &COUNT_ALL_STATE),
        (Of::Agency, Only::Stamp(_)) => (&ALL_STAMP, &COUNT_ALL_STAMP),
        (Of::Agency, Only::Case(_)) => (&ALL_CASE, &COUNT_ALL_CASE),
    };
    let whose = match of {
        Of::Asker(person) => person.to_string(),
        Of::Unit(unit) => unit.to_string(),
        Of::Agency => log.to_string(),
    };
    let which = match only {
        Only::All => log.to_string(),
        Only::State(state) => state.word().into(),
        Only::Stamp(stamp) => stamp.word().into(),
        Only::Case(number) => number.into(),
    };
    (page, count, whose, which)
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
            tag
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

/// Where a page begins: everything older than this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    /// Time of the last row shown, in microseconds.
    pub at: i64,
    /// Its record code.
    pub id: String,
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

    /// A page of lookups, newest first; at most `most` rows older than `after`.
    ///
    /// # Errors
    /// The database.
    pub fn lookups(
        &mut self,
        log: &LogId,
        (of, only): (Of<'_>, Only<'_>),
        after: Option<&After>,
        most: i64,
    ) -> Result<Vec<LookupRow>, Fault> {
        let (page, _, whose, which) = listing(log, of, only);
        let (at, id) = after.map_or((i64::MAX, "~".to_string()), |a| (a.at, a.id.clone()));
        let rows = self.query(page, &row![log, whose, which, at, id, most])?;
        rows.iter().map(read_row).collect()
    }

    /// How many lookups a list holds in all.
    ///
    /// # Errors
    /// The database.
    pub fn lookup_count(&mut self, log: &LogId, of: Of<'_>, only: Only<'_>) -> Result<i64, Fault> {
        let (_, count, whose, which) = listing(log, of, only);
        let row = self.one(count, &row![log, whose, which])?;
        row.map_or(Ok(0), |row| row.int("n"))
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

    /// A person's lookups whose sheet or state stands so.
    ///
    /// # Errors
    /// The database.
    pub fn lookups_of(
        &mut self,
        log: &LogId,
        asker: &PersonId,
        stamp: Stamp,
        state: State,
    ) -> Result<Vec<LookupRow>, Fault> {
        let rows = self.query(&OF_ASKER_BY_STAMP, &row![log, asker, stamp.word(), state.word()])?;
        rows.iter().map(read_row).collect()
    }

    /// How many sheets of a unit were asked before `before` and still wait for a stamp.
    ///
    /// # Errors
    /// The database.
    pub fn overdue_sheets(&mut self, log: &LogId, unit: &UnitId, before: Instant) -> Result<u32, Fault> {
        let row = self.one(&COUNT_OVERDUE, &row![log, unit, before.micros()])?;
        let count = row.map_or(Ok(0), |row| row.int("n"))?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
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
