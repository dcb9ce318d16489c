//! Rows of cases and their sealed persons.

use crate::row;
use crate::{Bulk, Fault, Read, Row, RowSet, Sealing, Statement, Type};
use domain::Personal;
use domain::case::{Case, Change, Party};
use domain::id::{CaseId, LogId, PersonId, UnitId};
use domain::time::Date;

static INSERT_CASE: Bulk = Bulk {
    name: "case.insert",
    head: "INSERT INTO case_file (id, log, number, business, officer, unit, received, closed, at)",
    columns: &[
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::BigInt,
    ],
    tail: "",
};
static INSERT_PARTY: Bulk = Bulk {
    name: "case.insert_party",
    head: "INSERT INTO case_party (case_id, n, log, sealed, subject_tag)",
    columns: &[Type::Text, Type::BigInt, Type::Text, Type::Text, Type::Text],
    tail: "",
};
static REASSIGN: Bulk = Bulk {
    name: "case.reassign",
    head: "WITH v (log, number, officer) AS (",
    columns: &[Type::Text, Type::Text, Type::Text],
    tail: ") UPDATE case_file SET officer = v.officer FROM v \
           WHERE case_file.log = v.log AND case_file.number = v.number",
};
static CASES_OF_OFFICER: Statement = Statement {
    name: "case.of_officer",
    sql: "SELECT number FROM case_file WHERE log = $1 AND officer = $2 AND unit = $3 AND closed IS NULL \
          ORDER BY number LIMIT $4",
};
static CASE_BY_NUMBER: Statement = Statement {
    name: "case.by_number",
    sql: "SELECT id, number, business, officer, unit, received, closed FROM case_file \
          WHERE log = $1 AND number = $2",
};
static CASES_OF_UNIT: Statement = Statement {
    name: "case.of_unit",
    sql: "SELECT id, number, business, officer, unit, received, closed FROM case_file \
          WHERE log = $1 AND unit = $2 ORDER BY at DESC, id DESC LIMIT $3",
};
static PARTIES: Statement =
    Statement { name: "case.parties", sql: "SELECT n, sealed FROM case_party WHERE case_id = $1 ORDER BY n" };
static PARTY_AT: Statement = Statement {
    name: "case.party_at",
    sql: "SELECT n, sealed FROM case_party WHERE case_id = $1 AND n = $2",
};
static PARTY_BY_TAG: Statement = Statement {
    name: "case.party_by_tag",
    sql: "SELECT n, sealed FROM case_party WHERE case_id = $1 AND subject_tag = $2 ORDER BY n",
};

pub(crate) static STATEMENTS: &[&Statement] =
    &[&CASE_BY_NUMBER, &CASES_OF_OFFICER, &CASES_OF_UNIT, &PARTIES, &PARTY_AT, &PARTY_BY_TAG];
pub(crate) static BULKS: &[&Bulk] = &[&INSERT_CASE, &INSERT_PARTY, &REASSIGN];

/// The rows that a change makes.
pub(crate) fn rows(change: &Change, seal: &mut Sealing<'_>, out: &mut RowSet) -> Result<(), Fault> {
    match change {
        Change::Registered(case, parties) => registered(case, parties, seal, out),
        Change::Reassigned { number, officer } => {
            out.push(&REASSIGN, row![seal.log(), number, officer]);
            Ok(())
        }
    }
}

fn registered(case: &Case, parties: &[Party], seal: &mut Sealing<'_>, out: &mut RowSet) -> Result<(), Fault> {
    let (log, at) = (seal.log().clone(), seal.at().micros());
    let received = case.received.to_string();
    let closed = case.closed.map(|day| day.to_string());
    out.push(
        &INSERT_CASE,
        row![&case.id, &log, &case.number, &case.business, &case.officer, &case.unit, received, closed, at],
    );
    for (place, party) in parties.iter().enumerate() {
        let text = serde_json::to_string(party).map_err(|_| Fault::Corrupt("case party".into()))?;
        let sealed = seal.seal(&Personal::new(text))?;
        let tag = match party.subject.is_empty() {
            true => None,
            false => Some(seal.tag("subject", party.subject.expose())?),
        };
        let number = i64::try_from(place + 1).unwrap_or(i64::MAX);
        out.push(&INSERT_PARTY, row![&case.id, number, &log, sealed, tag]);
    }
    Ok(())
}

fn read_case(row: &Row) -> Result<Case, Fault> {
    let day = |text: &str| Date::parse_iso(text).ok_or_else(|| Fault::Corrupt("day of a case".into()));
    Ok(Case {
        id: CaseId::new(row.text("id")?),
        number: row.text("number")?,
        business: row.text("business")?,
        officer: PersonId::new(row.text("officer")?),
        unit: UnitId::new(row.text("unit")?),
        received: day(&row.text("received")?)?,
        closed: row.opt_text("closed")?.map(|text| day(&text)).transpose()?,
    })
}

impl Read<'_> {
    /// The numbers of the open cases that an officer handles in a unit, at most so many.
    ///
    /// # Errors
    /// The database.
    pub fn cases_of_officer(
        &mut self,
        log: &LogId,
        officer: &PersonId,
        unit: &UnitId,
        most: i64,
    ) -> Result<Vec<String>, Fault> {
        let rows = self.query(&CASES_OF_OFFICER, &row![log, officer, unit, most])?;
        rows.iter().map(|row| row.text("number")).collect()
    }

    /// The case of this number, if the agency knows it.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn case(&mut self, log: &LogId, number: &str) -> Result<Option<Case>, Fault> {
        self.one(&CASE_BY_NUMBER, &row![log, number])?.as_ref().map(read_case).transpose()
    }

    /// The newest cases of a unit.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn cases(&mut self, log: &LogId, unit: &UnitId, most: i64) -> Result<Vec<Case>, Fault> {
        let rows = self.query(&CASES_OF_UNIT, &row![log, unit, most])?;
        rows.iter().map(read_case).collect()
    }

    /// The persons of a case, in order.
    ///
    /// # Errors
    /// The database, or a person whose key is gone.
    pub fn parties(&mut self, case: &CaseId) -> Result<Vec<Party>, Fault> {
        let rows = self.query(&PARTIES, &row![case])?;
        rows.iter().map(|row| self.read_party(row)).collect()
    }

    /// The person at a place of a case, counted from one, without opening any other.
    ///
    /// # Errors
    /// The database, or a person whose key is gone.
    pub fn party_at(&mut self, case: &CaseId, place: usize) -> Result<Option<Party>, Fault> {
        let place = i64::try_from(place).unwrap_or(i64::MAX);
        let row = self.one(&PARTY_AT, &row![case, place])?;
        row.as_ref().map(|row| self.read_party(row)).transpose()
    }

    /// Whether a subject key is that of a person of a case.
    ///
    /// # Errors
    /// The database.
    pub fn is_party(&mut self, log: &LogId, case: &CaseId, subject: &Personal) -> Result<bool, Fault> {
        let tag = self.tag(log, "subject", subject.expose())?;
        Ok(self.one(&PARTY_BY_TAG, &row![case, tag])?.is_some())
    }

    /// The person of a case who has this subject key, found without opening any other.
    ///
    /// # Errors
    /// The database, or a person whose key is gone.
    pub fn party(&mut self, log: &LogId, case: &CaseId, subject: &Personal) -> Result<Option<Party>, Fault> {
        let tag = self.tag(log, "subject", subject.expose())?;
        let row = self.one(&PARTY_BY_TAG, &row![case, tag])?;
        row.as_ref().map(|row| self.read_party(row)).transpose()
    }

    fn read_party(&mut self, row: &Row) -> Result<Party, Fault> {
        let text = self.unseal(&row.text("sealed")?)?;
        serde_json::from_str(text.expose()).map_err(|_| Fault::Corrupt("case party".into()))
    }
}
