//! Destroying what stands in applications: the keys and ciphertexts go, and the rows keep no name of them.

use super::{ApplicationRow, read_row};
use crate::row;
use crate::{Bulk, Fault, Read, RowSet, Statement, Type};
use domain::application::Application;
use domain::id::{ApplicationId, LogId};
use domain::time::Instant;

/// A change of rows of the applications that are named.
macro_rules! of_applications {
    ($statement:ident $name:literal $what:expr) => {
        static $statement: Bulk = Bulk {
            name: concat!("application.destroy_", $name),
            head: "WITH v (id) AS (",
            columns: &[Type::Text],
            tail: $what,
        };
    };
}

// With the values go those that the entries of an application keep sealed: file names and grounds.
of_applications!(SEALED "sealed" ") DELETE FROM sealed WHERE id IN (\
    SELECT answers FROM application WHERE id IN (SELECT id FROM v) UNION ALL \
    SELECT answers FROM application_version WHERE application IN (SELECT id FROM v) UNION ALL \
    SELECT note FROM application_stamp WHERE application IN (SELECT id FROM v) UNION ALL \
    SELECT words FROM application_question WHERE application IN (SELECT id FROM v) UNION ALL \
    SELECT opinion FROM application_question WHERE application IN (SELECT id FROM v) UNION ALL \
    SELECT name FROM application_attachment WHERE application IN (SELECT id FROM v) UNION ALL \
    SELECT content FROM application_attachment WHERE application IN (SELECT id FROM v) UNION ALL \
    SELECT sealed FROM decision WHERE record IN (SELECT id FROM v))");
of_applications!(VERSIONS "versions" ") UPDATE application_version SET answers = '' FROM v \
    WHERE application_version.application = v.id");
of_applications!(STAMPS "stamps" ") UPDATE application_stamp SET note = NULL FROM v \
    WHERE application_stamp.application = v.id");
of_applications!(QUESTIONS "questions" ") UPDATE application_question SET words = '', opinion = NULL \
    FROM v WHERE application_question.application = v.id");
of_applications!(FILES "files" ") DELETE FROM application_attachment \
    WHERE application IN (SELECT id FROM v)");
static FORM: Bulk = Bulk {
    name: "application.destroy_form",
    head: "WITH v (id, at) AS (",
    columns: &[Type::Text, Type::BigInt],
    tail: ") UPDATE application SET answers = '', destroyed_at = v.at FROM v WHERE application.id = v.id",
};

static OVER: Statement = Statement {
    name: "application.over",
    sql: super::rows_where!(
        "log = $1 AND digest = $2 AND destroyed_at = 0 AND state IN ('done', 'refused', 'cancelled') \
         AND (since, id) > ($3, $4) ORDER BY since, id LIMIT $5"
    ),
};

pub(crate) static STATEMENTS: &[&Statement] = &[&OVER];
pub(crate) static BULKS: &[&Bulk] = &[&SEALED, &VERSIONS, &STAMPS, &QUESTIONS, &FILES, &FORM];

/// What goes of an application; the values first, for the rows name them.
pub(super) fn rows(application: &Application, out: &mut RowSet) {
    let (id, at) = (&application.id, application.destroyed.unwrap_or_default());
    for statement in [&SEALED, &VERSIONS, &STAMPS, &QUESTIONS, &FILES] {
        out.push(statement, row![id]);
    }
    out.push(&FORM, row![id, at.micros()]);
}

impl Read<'_> {
    /// Applications under a version of a rule that are over, and of which nothing was destroyed, those first
    /// that are so longest: those behind `after`.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn applications_over(
        &mut self,
        log: &LogId,
        digest: &str,
        after: Option<(Instant, &ApplicationId)>,
        most: i64,
    ) -> Result<Vec<ApplicationRow>, Fault> {
        let (at, id) = after.map_or((i64::MIN, ""), |(at, id)| (at.micros(), id.as_str()));
        self.query(&OVER, &row![log, digest, at, id, most])?.iter().map(read_row).collect()
    }
}
