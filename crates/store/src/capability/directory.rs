//! Rows of agencies, units, people and assignments.

pub mod absence;
pub mod closure;
pub mod contract;
pub mod delegation;
pub mod deputy;
pub mod exception;
pub mod handover;
pub mod workstation;

use crate::row;
use crate::{Bulk, Fault, Read, Row, RowSet, Sealing, Statement, Type};
use domain::Personal;
use domain::application::route::Holder;
use domain::directory::post::Cause;
use domain::directory::{Agency, Assignment, Change, Unit};
use domain::id::{AgencyId, AssignmentId, LogId, PersonId, UnitId};
use domain::time::Date;

static INSERT_AGENCY: Bulk = Bulk {
    name: "directory.insert_agency",
    head: "INSERT INTO agency (id, name, name_en, pack)",
    columns: &[Type::Text, Type::Text, Type::Text, Type::Text],
    tail: "",
};
static INSERT_UNIT: Bulk = Bulk {
    name: "directory.insert_unit",
    head: "INSERT INTO unit (id, log, above, name, name_en, organisation)",
    columns: &[Type::Text, Type::Text, Type::Text, Type::Text, Type::Text, Type::Text],
    tail: "",
};
static INSERT_PERSON: Bulk = Bulk {
    name: "directory.insert_person",
    head: "INSERT INTO person (id, name, number_sealed, number_tag)",
    columns: &[Type::Text, Type::Text, Type::Text, Type::Text],
    tail: "",
};
static INSERT_ASSIGNMENT: Bulk = Bulk {
    name: "directory.insert_assignment",
    head: "INSERT INTO assignment (id, log, person, unit, role, from_day, until_day)",
    columns: &[Type::Text, Type::Text, Type::Text, Type::Text, Type::Text, Type::Text, Type::Text],
    tail: "",
};
static CHANGE_UNIT: Bulk = Bulk {
    name: "directory.change_unit",
    head: "WITH v (id, above, name, name_en, organisation) AS (",
    columns: &[Type::Text, Type::Text, Type::Text, Type::Text, Type::Text],
    tail: ") UPDATE unit SET above = v.above, name = v.name, name_en = v.name_en, \
           organisation = v.organisation FROM v WHERE unit.id = v.id",
};
static CLOSE_UNIT: Bulk = Bulk {
    name: "directory.close_unit",
    head: "WITH v (id, day) AS (",
    columns: &[Type::Text, Type::Text],
    tail: ") UPDATE unit SET closed_day = v.day FROM v WHERE unit.id = v.id",
};
static RENAME_AGENCY: Bulk = Bulk {
    name: "directory.rename_agency",
    head: "WITH v (id, name, name_en) AS (",
    columns: &[Type::Text, Type::Text, Type::Text],
    tail: ") UPDATE agency SET name = v.name, name_en = v.name_en FROM v WHERE agency.id = v.id",
};
static END_ASSIGNMENT: Bulk = Bulk {
    name: "directory.end_assignment",
    head: "WITH v (id, day, cause) AS (",
    columns: &[Type::Text, Type::Text, Type::Text],
    tail: ") UPDATE assignment SET until_day = v.day, cause = v.cause FROM v WHERE assignment.id = v.id",
};
static RENAME_PERSON: Bulk = Bulk {
    name: "directory.rename_person",
    head: "WITH v (id, name) AS (",
    columns: &[Type::Text, Type::Text],
    tail: ") UPDATE person SET name = v.name FROM v WHERE person.id = v.id",
};
static HOLDERS: Statement = Statement {
    name: "directory.holders",
    sql: "SELECT id, person, unit, role FROM assignment \
          WHERE log = $1 AND from_day <= $2 AND (until_day IS NULL OR until_day > $2) ORDER BY id",
};
static POSTS_OF_LOG: Statement = Statement {
    name: "directory.posts_of_log",
    sql: "SELECT a.id, a.log, a.person, a.unit, a.role, a.from_day, a.until_day, a.cause, \
          p.name AS person_name FROM assignment a LEFT JOIN person p ON p.id = a.person \
          WHERE a.log = $1 AND (a.until_day IS NULL OR (a.until_day > $2 AND a.until_day > a.from_day)) \
          ORDER BY a.id",
};
static UNITS: Statement = Statement {
    name: "directory.units",
    sql: "SELECT id, log, above, name, name_en, organisation FROM unit \
          WHERE log = $1 AND closed_day IS NULL ORDER BY id",
};
static AGENCIES: Statement =
    Statement { name: "directory.agencies", sql: "SELECT id, name, name_en, pack FROM agency ORDER BY id" };
static UNIT_BY_ID: Statement = Statement {
    name: "directory.unit_by_id",
    sql: "SELECT id, log, above, name, name_en, organisation FROM unit WHERE id = $1",
};
static PERSON_NAME: Statement =
    Statement { name: "directory.person_name", sql: "SELECT name FROM person WHERE id = $1" };
static PERSON_NUMBER: Statement =
    Statement { name: "directory.person_number", sql: "SELECT number_sealed FROM person WHERE id = $1" };
static PERSON_BY_TAG: Statement = Statement {
    name: "directory.person_by_tag",
    sql: "SELECT id FROM person WHERE number_tag = $1 ORDER BY id",
};
static ASSIGNMENTS_OF: Statement = Statement {
    name: "directory.assignments_of",
    sql: "SELECT a.id, a.log, a.person, a.unit, a.role, a.from_day, a.until_day, a.cause \
          FROM assignment a WHERE a.person = $1 ORDER BY a.from_day, a.id",
};
static POST: Statement = Statement {
    name: "directory.post",
    sql: "SELECT a.id, a.log, a.person, a.unit, a.role, a.from_day, a.until_day, a.cause, \
          u.name AS unit_name, u.name_en AS unit_name_en, u.organisation, \
          g.name AS agency_name, g.name_en AS agency_name_en, g.pack, p.name AS person_name \
          FROM assignment a JOIN unit u ON u.id = a.unit JOIN agency g ON g.id = a.log \
          LEFT JOIN person p ON p.id = a.person WHERE a.id = $1",
};
pub(crate) static STATEMENTS: &[&Statement] = &[
    &AGENCIES,
    &UNIT_BY_ID,
    &PERSON_NAME,
    &PERSON_NUMBER,
    &PERSON_BY_TAG,
    &ASSIGNMENTS_OF,
    &POST,
    &HOLDERS,
    &POSTS_OF_LOG,
    &UNITS,
];
pub(crate) static BULKS: &[&Bulk] = &[
    &INSERT_AGENCY,
    &INSERT_UNIT,
    &CHANGE_UNIT,
    &CLOSE_UNIT,
    &RENAME_AGENCY,
    &INSERT_PERSON,
    &RENAME_PERSON,
    &INSERT_ASSIGNMENT,
    &END_ASSIGNMENT,
];

/// The rows that a change makes.
pub(crate) fn rows(change: &Change, seal: &mut Sealing<'_>, out: &mut RowSet) -> Result<(), Fault> {
    let log = seal.log().clone();
    match change {
        Change::Agency(Agency { id, name, name_en, pack }) => {
            out.push(&INSERT_AGENCY, row![id, name, name_en, pack]);
        }
        Change::Unit(Unit { id, above, name, name_en, organisation, .. }) => {
            out.push(&INSERT_UNIT, row![id, &log, above.as_ref(), name, name_en, organisation]);
        }
        Change::UnitChanged(Unit { id, above, name, name_en, organisation, .. }) => {
            out.push(&CHANGE_UNIT, row![id, above.as_ref(), name, name_en, organisation]);
        }
        Change::UnitClosed { id, on } => out.push(&CLOSE_UNIT, row![id, on.to_string()]),
        Change::AgencyRenamed(Agency { id, name, name_en, .. }) => {
            out.push(&RENAME_AGENCY, row![id, name, name_en]);
        }
        Change::Ended { id, end } => {
            let (day, cause) = (end.map(|(on, _)| on.to_string()), end.map(|(_, cause)| cause.word()));
            out.push(&END_ASSIGNMENT, row![id, day, cause]);
        }
        Change::Renamed { id, name } => out.push(&RENAME_PERSON, row![id, name]),
        Change::Handover(handover) => handover::rows(handover, &log, out)?,
        Change::Delegated(delegation, words) => delegation::rows(delegation, words, seal, out)?,
        Change::Closure(closure) => closure::rows(closure, &log, out),
        Change::Excepted(exception, words) => exception::rows(exception, words, seal, out)?,
        Change::ExceptionRevoked { id, at, .. } => exception::revoked(id, *at, out),
        Change::DeputyNamed(one) => deputy::rows(one, &log, out),
        Change::Contracted(contract) => contract::rows(contract, &log, out),
        Change::ContractEnded { id, on } => contract::ended(id, *on, out),
        Change::Workstation(machine) => workstation::rows(machine, &log, out),
        Change::WorkstationRetired { id, on } => workstation::retired(id, *on, out),
        Change::Revoked { id, at, .. } => delegation::revoked(id, *at, out),
        Change::Assignment(Assignment { id, person, unit, role, from, until }) => {
            let from = from.to_string();
            let until = until.map(|day| day.to_string());
            out.push(&INSERT_ASSIGNMENT, row![id, &log, person, unit, role, from, until]);
        }
        Change::Person(person) => {
            let (sealed, tag) = match person.number.is_empty() {
                true => (None, None),
                false => (Some(seal.seal(&person.number)?), Some(seal.tag("staff", person.number.expose())?)),
            };
            out.push(&INSERT_PERSON, row![&person.id, &person.name, sealed, tag]);
        }
        Change::Absence(one) => absence::rows(one, &log, out),
        Change::AbsenceEnded { id, until, .. } => absence::ended(id, *until, out),
    }
    Ok(())
}

/// An assignment with the log of its agency.
#[derive(Clone, Debug)]
pub struct AssignmentRow {
    /// The assignment.
    pub assignment: Assignment,
    /// The agency whose log holds it.
    pub agency: AgencyId,
    /// Why it ended, if it did and the cause was written down.
    pub cause: Option<Cause>,
}

/// All that a session needs to know of an assignment.
#[derive(Clone, Debug)]
pub struct PostRow {
    /// The assignment with the agency whose log holds it.
    pub held: AssignmentRow,
    /// The person's name; the identifier where there is no such person.
    pub name: String,
    /// The unit's name, and its English twin.
    pub unit: (String, String),
    /// The kind of organisation that the unit is.
    pub organisation: String,
    /// The agency's name, and its English twin.
    pub agency: (String, String),
    /// The regulation that the agency works under.
    pub pack: String,
}

fn read_post(row: &Row) -> Result<PostRow, Fault> {
    let held = read_assignment(row)?;
    Ok(PostRow {
        name: row.opt_text("person_name")?.unwrap_or_else(|| held.assignment.person.to_string()),
        unit: (row.text("unit_name")?, row.text("unit_name_en")?),
        organisation: row.text("organisation")?,
        agency: (row.text("agency_name")?, row.text("agency_name_en")?),
        pack: row.text("pack")?,
        held,
    })
}

fn read_assignment(row: &Row) -> Result<AssignmentRow, Fault> {
    let day = |text: &str| Date::parse_iso(text).ok_or_else(|| Fault::Corrupt("day of an assignment".into()));
    Ok(AssignmentRow {
        assignment: Assignment {
            id: AssignmentId::new(row.text("id")?),
            person: PersonId::new(row.text("person")?),
            unit: UnitId::new(row.text("unit")?),
            role: row.text("role")?,
            from: day(&row.text("from_day")?)?,
            until: row.opt_text("until_day")?.map(|text| day(&text)).transpose()?,
        },
        agency: AgencyId::new(row.text("log")?),
        cause: row.opt_text("cause")?.as_deref().and_then(Cause::from_word),
    })
}

fn read_unit(row: &Row) -> Result<Unit, Fault> {
    Ok(Unit {
        id: UnitId::new(row.text("id")?),
        agency: AgencyId::new(row.text("log")?),
        above: row.opt_text("above")?.map(UnitId::new),
        name: row.text("name")?,
        name_en: row.text("name_en")?,
        organisation: row.text("organisation")?,
    })
}

impl Read<'_> {
    /// All agencies.
    ///
    /// # Errors
    /// The database.
    pub fn agencies(&mut self) -> Result<Vec<Agency>, Fault> {
        let rows = self.query(&AGENCIES, &[])?;
        rows.iter()
            .map(|row| {
                Ok(Agency {
                    id: AgencyId::new(row.text("id")?),
                    name: row.text("name")?,
                    name_en: row.text("name_en")?,
                    pack: row.text("pack")?,
                })
            })
            .collect()
    }

    /// One unit.
    ///
    /// # Errors
    /// The database.
    pub fn unit(&mut self, id: &UnitId) -> Result<Option<Unit>, Fault> {
        self.one(&UNIT_BY_ID, &row![id])?.as_ref().map(read_unit).transpose()
    }

    /// The units of an agency that are not closed.
    ///
    /// # Errors
    /// The database.
    pub fn units(&mut self, log: &LogId) -> Result<Vec<Unit>, Fault> {
        self.query(&UNITS, &row![log])?.iter().map(read_unit).collect()
    }

    /// The posts of an agency that are not over on a day, each with the name of its holder. Those that were
    /// taken back before they began are none.
    ///
    /// # Errors
    /// The database.
    pub fn posts(&mut self, log: &LogId, day: Date) -> Result<Vec<(AssignmentRow, String)>, Fault> {
        let rows = self.query(&POSTS_OF_LOG, &row![log, day.to_string()])?;
        let read = |row: &Row| {
            let held = read_assignment(row)?;
            let name = row.opt_text("person_name")?;
            let name = name.unwrap_or_else(|| held.assignment.person.to_string());
            Ok((held, name))
        };
        rows.iter().map(read).collect()
    }

    /// The name of somebody who is known here.
    ///
    /// # Errors
    /// The database.
    pub fn known_name(&mut self, id: &PersonId) -> Result<Option<String>, Fault> {
        self.one(&PERSON_NAME, &row![id])?.map(|row| row.text("name")).transpose()
    }

    /// The name of a member of staff; the identifier itself where there is no such person.
    ///
    /// # Errors
    /// The database.
    pub fn person_name(&mut self, id: &PersonId) -> Result<String, Fault> {
        Ok(self.known_name(id)?.unwrap_or_else(|| id.to_string()))
    }

    /// The national number of a member of staff, opened, if the personnel feed gave it.
    ///
    /// # Errors
    /// The database, or a number whose key is gone.
    pub fn person_number(&mut self, id: &PersonId) -> Result<Option<Personal>, Fault> {
        let Some(row) = self.one(&PERSON_NUMBER, &row![id])? else { return Ok(None) };
        match row.opt_text("number_sealed")? {
            None => Ok(None),
            Some(sealed) => self.unseal(&sealed).map(Some),
        }
    }

    /// The member of staff who has this national number, if there is one.
    ///
    /// # Errors
    /// The database.
    pub fn staff_with(&mut self, number: &Personal) -> Result<Option<PersonId>, Fault> {
        let tag = self.tag(&LogId::platform(), "staff", number.expose())?;
        let row = self.one(&PERSON_BY_TAG, &row![tag])?;
        row.map(|row| row.text("id").map(PersonId::new)).transpose()
    }

    /// The assignments of a person.
    ///
    /// # Errors
    /// The database.
    pub fn assignments(&mut self, person: &PersonId) -> Result<Vec<AssignmentRow>, Fault> {
        let rows = self.query(&ASSIGNMENTS_OF, &row![person])?;
        rows.iter().map(read_assignment).collect()
    }

    /// An assignment with its person, unit and agency.
    ///
    /// # Errors
    /// The database.
    pub fn post(&mut self, id: &AssignmentId) -> Result<Option<PostRow>, Fault> {
        self.one(&POST, &row![id])?.as_ref().map(read_post).transpose()
    }

    /// Everybody who holds an assignment of an agency on a day.
    ///
    /// # Errors
    /// The database.
    pub fn holders(&mut self, log: &LogId, day: Date) -> Result<Vec<Holder>, Fault> {
        let rows = self.query(&HOLDERS, &row![log, day.to_string()])?;
        rows.iter()
            .map(|row| {
                Ok(Holder {
                    person: PersonId::new(row.text("person")?),
                    assignment: AssignmentId::new(row.text("id")?),
                    unit: UnitId::new(row.text("unit")?),
                    role: row.text("role")?,
                })
            })
            .collect()
    }
}
