//! Rows of absences.

use crate::row;
use crate::{Bulk, Fault, Read, Row, RowSet, Statement, Type};
use domain::directory::absence::Absence;
use domain::id::{AbsenceId, LogId, PersonId};
use domain::time::Date;

static INSERT_ABSENCE: Bulk = Bulk {
    name: "directory.insert_absence",
    head: "INSERT INTO absence (id, log, person, deputy, from_day, until_day)",
    columns: &[Type::Text, Type::Text, Type::Text, Type::Text, Type::Text, Type::Text],
    tail: "",
};
static END_ABSENCE: Bulk = Bulk {
    name: "directory.end_absence",
    head: "WITH v (id, until_day) AS (",
    columns: &[Type::Text, Type::Text],
    tail: ") UPDATE absence SET until_day = v.until_day FROM v WHERE absence.id = v.id",
};
static ABSENCES: Statement = Statement {
    name: "directory.absences",
    sql: "SELECT id, person, deputy, from_day, until_day FROM absence \
          WHERE log = $1 AND until_day >= $2 ORDER BY until_day, id LIMIT 1000",
};

pub(crate) static STATEMENTS: &[&Statement] = &[&ABSENCES];
pub(crate) static BULKS: &[&Bulk] = &[&INSERT_ABSENCE, &END_ABSENCE];

/// The row of an absence.
pub(super) fn rows(one: &Absence, log: &LogId, out: &mut RowSet) {
    let (from, until) = (one.from.to_string(), one.until.to_string());
    out.push(&INSERT_ABSENCE, row![&one.id, log, &one.person, &one.deputy, from, until]);
}

/// Gives an absence another last day.
pub(super) fn ended(id: &AbsenceId, until: Date, out: &mut RowSet) {
    out.push(&END_ABSENCE, row![id, until.to_string()]);
}

fn read_row(row: &Row) -> Result<Absence, Fault> {
    let day = |text: &str| Date::parse_iso(text).ok_or_else(|| Fault::Corrupt("day of an absence".into()));
    Ok(Absence {
        id: AbsenceId::new(row.text("id")?),
        person: PersonId::new(row.text("person")?),
        deputy: PersonId::new(row.text("deputy")?),
        from: day(&row.text("from_day")?)?,
        until: day(&row.text("until_day")?)?,
    })
}

impl Read<'_> {
    /// Absences of an agency that are not over on a day, those first that end first.
    ///
    /// # Errors
    /// The database, or a day that cannot be read.
    pub fn absences(&mut self, log: &LogId, day: Date) -> Result<Vec<Absence>, Fault> {
        self.query(&ABSENCES, &row![log, day.to_string()])?.iter().map(read_row).collect()
    }
}
