//! What was put forward each time, as it was, with what it followed then.

use super::{ApplicationRow, action, people_from, people_text};
use crate::capability::{items_from, items_text};
use crate::row;
use crate::{Bulk, Fault, Read, RowSet, Statement, Type};
use domain::application::{Answers, Application};
use domain::id::{ApplicationId, AssignmentId, LogId, UnitId};

static KEEP_VERSION: Bulk = Bulk {
    name: "application.keep_version",
    head: "INSERT INTO application_version (application, version, log, answers, at, action, people, items, \
           form, digest, assignment, unit, organisation, role)",
    columns: &[
        Type::Text,
        Type::BigInt,
        Type::Text,
        Type::Text,
        Type::BigInt,
        Type::Text,
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
static VERSION: Statement = Statement {
    name: "application.version",
    sql: "SELECT answers, at, action, people, items, form, digest, assignment, unit, organisation, role \
          FROM application_version WHERE application = $1 AND version = $2",
};
pub(crate) static STATEMENTS: &[&Statement] = &[&VERSION];
pub(crate) static BULKS: &[&Bulk] = &[&KEEP_VERSION];

/// What was put forward, with all that it is read by later, whatever becomes of the application itself.
pub(super) fn rows(application: &Application, sealed: &str, log: &LogId, out: &mut RowSet) {
    let Application { id, version, at, action, items, form, digest, .. } = application;
    let Application { assignment, unit, organisation, role, .. } = application;
    let (version, at, action) = (i64::from(*version), at.micros(), action.word());
    let (people, items) = (people_text(application), items_text(items));
    let values = row![
        id,
        version,
        log,
        sealed,
        at,
        action,
        people,
        items,
        form,
        digest,
        assignment,
        unit,
        organisation,
        role
    ];
    out.push(&KEEP_VERSION, values);
}

impl Read<'_> {
    /// What stood in it when it was put forward for the n-th time.
    ///
    /// # Errors
    /// As [`Read::answers`].
    pub fn answers_of(&mut self, id: &ApplicationId, version: u32) -> Result<Option<Answers>, Fault> {
        let Some(row) = self.one(&VERSION, &row![id, version])? else { return Ok(None) };
        self.answers(&row.text("answers")?).map(Some)
    }

    /// An application as it was put forward last, without what its author has written in it since.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn put_forward(&mut self, now: ApplicationRow) -> Result<ApplicationRow, Fault> {
        let version = now.application.version;
        Ok(self.put_forward_at(now.clone(), version)?.unwrap_or(now))
    }

    /// The same as it was put forward for the n-th time; none where it never was.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn put_forward_at(
        &mut self,
        now: ApplicationRow,
        version: u32,
    ) -> Result<Option<ApplicationRow>, Fault> {
        let Some(row) = self.one(&VERSION, &row![&now.application.id, version])? else { return Ok(None) };
        let known = now.application;
        // What was put forward before these were kept is told as it stands now.
        let text = |column: &str, known: String| Ok::<_, Fault>(row.opt_text(column)?.unwrap_or(known));
        let application = Application {
            version,
            at: row.instant("at")?,
            action: row.opt_text("action")?.map_or(Ok(known.action), |word| action(&word))?,
            people: row.opt_text("people")?.map_or(known.people, |text| people_from(&text)),
            items: row.opt_text("items")?.map_or(known.items, |text| items_from(&text)),
            form: text("form", known.form)?,
            digest: text("digest", known.digest)?,
            assignment: AssignmentId::new(text("assignment", known.assignment.to_string())?),
            unit: UnitId::new(text("unit", known.unit.to_string())?),
            organisation: text("organisation", known.organisation)?,
            role: text("role", known.role)?,
            ..known
        };
        Ok(Some(ApplicationRow { application, answers: row.text("answers")? }))
    }
}
