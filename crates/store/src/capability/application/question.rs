//! Rows of what colleagues were asked about an application, and what they said.

use super::{number, place};
use crate::row;
use crate::{Bulk, Fault, Read, Row, RowSet, Sealing, Statement, Type};
use domain::Personal;
use domain::application::consult::{Question, Reply};
use domain::id::{ApplicationId, LogId, PersonId, QuestionId};

static INSERT_QUESTION: Bulk = Bulk {
    name: "application.insert_question",
    head: "INSERT INTO application_question (id, application, log, version, step, by_person, to_person, \
           words, at)",
    columns: &[
        Type::Text,
        Type::Text,
        Type::Text,
        Type::BigInt,
        Type::BigInt,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::BigInt,
    ],
    tail: "",
};
static REPLY: Bulk = Bulk {
    name: "application.reply",
    head: "WITH v (id, given, opinion, at) AS (",
    columns: &[Type::Text, Type::BigInt, Type::Text, Type::BigInt],
    tail: ") UPDATE application_question SET given = v.given, opinion = v.opinion, replied_at = v.at \
           FROM v WHERE application_question.id = v.id",
};

/// Every column that [`read_row`] reads, of the rows that a condition chooses.
macro_rules! rows_where {
    ($condition:expr) => {
        concat!(
            "SELECT id, application, version, step, by_person, to_person, words, at, given, opinion, ",
            "replied_at FROM application_question WHERE ",
            $condition
        )
    };
}

static OF_APPLICATION: Statement =
    Statement { name: "application.questions", sql: rows_where!("application = $1 ORDER BY at, id") };
static OPEN_TO: Statement = Statement {
    name: "application.questions_to",
    sql: rows_where!("log = $1 AND to_person = $2 AND replied_at IS NULL ORDER BY at DESC, id DESC LIMIT $3"),
};

pub(crate) static STATEMENTS: &[&Statement] = &[&OF_APPLICATION, &OPEN_TO];
pub(crate) static BULKS: &[&Bulk] = &[&INSERT_QUESTION, &REPLY];

/// A question with the references of its sealed words.
#[derive(Clone, Debug)]
pub struct QuestionRow {
    /// The question.
    pub question: Question,
    /// The application it is about.
    pub application: ApplicationId,
    /// What was asked, sealed.
    pub words: String,
    /// What was said, sealed, if anything was.
    pub opinion: Option<String>,
}

/// The row of a question from now on.
pub(super) fn asked(
    application: &ApplicationId,
    question: &Question,
    words: &Personal,
    seal: &mut Sealing<'_>,
    out: &mut RowSet,
) -> Result<(), Fault> {
    let (words, log) = (seal.seal(words)?, seal.log().clone());
    let Question { id, version, step, by, to, at, .. } = question;
    let (version, step) = (i64::from(*version), number(*step));
    out.push(&INSERT_QUESTION, row![id, application, &log, version, step, by, to, words, at.micros()]);
    Ok(())
}

/// What somebody who was asked said.
pub(super) fn replied(
    question: &Question,
    words: &Personal,
    seal: &mut Sealing<'_>,
    out: &mut RowSet,
) -> Result<(), Fault> {
    let Some(Reply { given, at }) = question.reply else { return Ok(()) };
    let words = match words.is_empty() {
        true => None,
        false => Some(seal.seal(words)?),
    };
    out.push(&REPLY, row![&question.id, i64::from(given), words, at.micros()]);
    Ok(())
}

fn read_row(row: &Row) -> Result<QuestionRow, Fault> {
    let reply = row.opt_instant("replied_at")?;
    let reply = reply.map(|at| Ok::<_, Fault>(Reply { given: row.opt_int("given")? == Some(1), at }));
    let question = Question {
        id: QuestionId::new(row.text("id")?),
        version: u32::try_from(row.count("version")?)
            .map_err(|_| Fault::Corrupt("the version of a question".into()))?,
        step: place(row, "step")?,
        by: PersonId::new(row.text("by_person")?),
        to: PersonId::new(row.text("to_person")?),
        at: row.instant("at")?,
        reply: reply.transpose()?,
    };
    Ok(QuestionRow {
        question,
        application: ApplicationId::new(row.text("application")?),
        words: row.text("words")?,
        opinion: row.opt_text("opinion")?,
    })
}

impl Read<'_> {
    /// What colleagues were asked about an application, in all versions, in order.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn questions(&mut self, id: &ApplicationId) -> Result<Vec<QuestionRow>, Fault> {
        self.query(&OF_APPLICATION, &row![id])?.iter().map(read_row).collect()
    }

    /// What somebody was asked and has not answered, the newest first.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn questions_to(
        &mut self,
        log: &LogId,
        person: &PersonId,
        most: i64,
    ) -> Result<Vec<QuestionRow>, Fault> {
        self.query(&OPEN_TO, &row![log, person, most])?.iter().map(read_row).collect()
    }
}
