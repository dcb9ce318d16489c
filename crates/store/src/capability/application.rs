//! Rows of applications, of what was put forward, and of the stamps along the way.

pub mod attachment;
pub mod claim;
pub mod keeping;
pub mod question;
pub mod version;

use super::lookup::After;
use super::{items_from, items_text};
use crate::row;
use crate::{Bulk, Fault, Read, Row, RowSet, Sealing, Statement, Type};
use domain::Personal;
use domain::application::{Action, Answers, Application, Change, Right, Ruling, Stamp, State, Verdict};
use domain::id::{ApplicationId, AssignmentId, LogId, PersonId, UnitId};
use domain::letter::Came;
use domain::time::{Date, Instant};

static SAVE_APPLICATION: Bulk = Bulk {
    name: "application.save",
    head: "INSERT INTO application (id, log, object, form, action, author, assignment, unit, \
           organisation, role, people, items, state, step, version, at, since, digest, answers)",
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
        Type::Text,
        Type::BigInt,
        Type::BigInt,
        Type::BigInt,
        Type::BigInt,
        Type::Text,
        Type::Text,
    ],
    tail: "ON CONFLICT (id) DO UPDATE SET form = excluded.form, action = excluded.action, \
           assignment = excluded.assignment, unit = excluded.unit, \
           organisation = excluded.organisation, role = excluded.role, people = excluded.people, \
           items = excluded.items, state = excluded.state, step = excluded.step, \
           version = excluded.version, at = excluded.at, since = excluded.since, \
           digest = excluded.digest, answers = excluded.answers",
};
static INSERT_STAMP: Bulk = Bulk {
    name: "application.stamp",
    head: "INSERT INTO application_stamp (application, version, step, part, log, by_person, stands_for, \
           delegated_by, verdict, fields, note, at, letter, letter_day, outcome, effective, left_out)",
    columns: &[
        Type::Text,
        Type::BigInt,
        Type::BigInt,
        Type::BigInt,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
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
static MOVE_APPLICATION: Bulk = Bulk {
    name: "application.move",
    head: "WITH v (id, state, step, at, since) AS (",
    columns: &[Type::Text, Type::Text, Type::BigInt, Type::BigInt, Type::BigInt],
    tail: ") UPDATE application SET state = v.state, step = v.step, at = v.at, since = v.since \
           FROM v WHERE application.id = v.id",
};

/// Every column that [`read_row`] reads, of the rows that a condition chooses.
macro_rules! rows_where {
    ($condition:expr) => {
        concat!(
            "SELECT id, object, form, action, author, assignment, unit, organisation, role, people, ",
            "items, state, step, version, at, since, digest, answers, destroyed_at FROM application WHERE ",
            $condition
        )
    };
}

use rows_where;

static BY_ID: Statement = Statement { name: "application.by_id", sql: rows_where!("id = $1 AND log = $2") };
static OF_AUTHOR: Statement = Statement {
    name: "application.of_author",
    sql: rows_where!("log = $1 AND author = $2 AND (at, id) < ($3, $4) ORDER BY at DESC, id DESC LIMIT $5"),
};
static OF_UNIT: Statement = Statement {
    name: "application.of_unit",
    sql: rows_where!("log = $1 AND unit = $2 AND (at, id) < ($3, $4) ORDER BY at DESC, id DESC LIMIT $5"),
};
static OF_LOG: Statement = Statement {
    name: "application.of_log",
    sql: rows_where!("log = $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4"),
};
static IN_STATE: Statement = Statement {
    name: "application.in_state",
    sql: rows_where!("log = $1 AND state = $2 ORDER BY since, id LIMIT $3"),
};
static STAMPS: Statement = Statement {
    name: "application.stamps",
    sql: "SELECT version, step, part, by_person, stands_for, delegated_by, verdict, fields, note, at, \
          letter, letter_day, outcome, effective, left_out \
          FROM application_stamp WHERE application = $1 ORDER BY version, step, part",
};

pub(crate) static STATEMENTS: &[&Statement] = &[&BY_ID, &OF_AUTHOR, &OF_UNIT, &OF_LOG, &IN_STATE, &STAMPS];
pub(crate) static BULKS: &[&Bulk] = &[&SAVE_APPLICATION, &INSERT_STAMP, &MOVE_APPLICATION];

/// An application with the reference of its sealed form.
#[derive(Clone, Debug)]
pub struct ApplicationRow {
    /// The application.
    pub application: Application,
    /// What its author wrote last, sealed.
    pub answers: String,
}

/// A stamp with the reference of its sealed words.
#[derive(Clone, Debug)]
pub struct StampRow {
    /// The stamp.
    pub stamp: Stamp,
    /// The words that go with it, sealed, if there are any.
    pub note: Option<String>,
}

/// The rows that a change makes.
pub(crate) fn rows(change: &Change, seal: &mut Sealing<'_>, out: &mut RowSet) -> Result<(), Fault> {
    match change {
        Change::Saved(application, answers) => {
            save(application, answers, seal, out)?;
        }
        Change::Submitted(application, answers) => {
            let sealed = save(application, answers, seal, out)?;
            version::rows(application, &sealed, seal.log(), out);
        }
        Change::Stamped(application, stamp, note) => {
            let note = match note.is_empty() {
                true => None,
                false => Some(seal.seal(note)?),
            };
            let Stamp { by, right, verdict, fields, at, letter, ruling, .. } = &**stamp;
            let Ruling { outcome, effective, left_out } = ruling;
            let left_out = (!left_out.is_empty()).then(|| items_text(left_out));
            let day = letter.as_ref().and_then(|letter| letter.on).map(|day| day.to_string());
            let letter = letter.as_ref().map(|letter| letter.number.clone());
            out.push(
                &INSERT_STAMP,
                row![
                    &application.id,
                    i64::from(stamp.version),
                    number(stamp.step),
                    number(stamp.part),
                    seal.log(),
                    by,
                    right.stands_for(),
                    right.delegated_by(),
                    verdict.word(),
                    items_text(fields),
                    note,
                    at.micros(),
                    letter,
                    day,
                    outcome.as_ref(),
                    effective.map(|day| day.to_string()),
                    left_out
                ],
            );
            moved(application, out);
        }
        Change::Moved(application) => moved(application, out),
        Change::Claimed(application, own) => claim::rows(&application.id, own, false, seal.log(), out),
        Change::Released(application, own) => claim::rows(&application.id, own, true, seal.log(), out),
        Change::Attached(application, upload) => {
            attachment::rows(&attachment::ATTACH_TO_APPLICATION, application.id.as_str(), upload, seal, out)?;
        }
        Change::Destroyed(application) => keeping::rows(application, out),
        Change::Asked(application, own, words) => question::asked(&application.id, own, words, seal, out)?,
        Change::Replied(_, own, words) => question::replied(own, words, seal, out)?,
    }
    Ok(())
}

fn moved(application: &Application, out: &mut RowSet) {
    let Application { id, state, step, at, since, .. } = application;
    out.push(&MOVE_APPLICATION, row![id, state.word(), number(*step), at.micros(), since.micros()]);
}

/// Writes the row and gives the reference of the sealed form.
fn save(
    application: &Application,
    answers: &Answers,
    seal: &mut Sealing<'_>,
    out: &mut RowSet,
) -> Result<String, Fault> {
    let text = serde_json::to_string(answers).map_err(|_| Fault::Corrupt("a form".into()))?;
    let sealed = seal.seal(&Personal::new(text))?;
    let Application { id, object, form, author, assignment, unit, organisation, role, digest, .. } =
        application;
    out.push(
        &SAVE_APPLICATION,
        row![
            id,
            seal.log(),
            object,
            form,
            application.action.word(),
            author,
            assignment,
            unit,
            organisation,
            role,
            people_text(application),
            items_text(&application.items),
            application.state.word(),
            number(application.step),
            i64::from(application.version),
            application.at.micros(),
            application.since.micros(),
            digest,
            &sealed
        ],
    );
    Ok(sealed.as_str().to_owned())
}

fn people_text(application: &Application) -> String {
    items_text(&application.people.iter().map(ToString::to_string).collect::<Vec<_>>())
}

fn people_from(text: &str) -> Vec<PersonId> {
    items_from(text).into_iter().map(PersonId::new).collect()
}

fn action(word: &str) -> Result<Action, Fault> {
    Action::from_word(word).ok_or_else(|| Fault::Corrupt("application action".into()))
}

fn number(place: usize) -> i64 {
    i64::try_from(place).unwrap_or(i64::MAX)
}

fn place(row: &Row, column: &str) -> Result<usize, Fault> {
    Ok(usize::try_from(row.count(column)?).unwrap_or(usize::MAX))
}

fn read_row(row: &Row) -> Result<ApplicationRow, Fault> {
    let corrupt = |what: &str| Fault::Corrupt(format!("application {what}"));
    let application = Application {
        id: ApplicationId::new(row.text("id")?),
        object: row.text("object")?,
        form: row.text("form")?,
        action: action(&row.text("action")?)?,
        author: PersonId::new(row.text("author")?),
        assignment: AssignmentId::new(row.text("assignment")?),
        unit: UnitId::new(row.text("unit")?),
        organisation: row.text("organisation")?,
        role: row.text("role")?,
        people: people_from(&row.text("people")?),
        items: items_from(&row.text("items")?),
        state: State::from_word(&row.text("state")?).ok_or_else(|| corrupt("state"))?,
        step: place(row, "step")?,
        version: u32::try_from(row.count("version")?).map_err(|_| corrupt("version"))?,
        at: row.instant("at")?,
        since: row.instant("since")?,
        digest: row.text("digest")?,
        destroyed: Some(row.instant("destroyed_at")?).filter(|at| at.micros() != 0),
    };
    Ok(ApplicationRow { application, answers: row.text("answers")? })
}

fn read_stamp(row: &Row) -> Result<StampRow, Fault> {
    let corrupt = |what: &str| Fault::Corrupt(format!("stamp {what}"));
    let stamp = Stamp {
        version: u32::try_from(row.count("version")?).map_err(|_| corrupt("version"))?,
        step: place(row, "step")?,
        part: place(row, "part")?,
        by: PersonId::new(row.text("by_person")?),
        right: match (row.opt_text("delegated_by")?, row.opt_text("stands_for")?) {
            (Some(head), _) => Right::Delegate(PersonId::new(head)),
            (None, Some(away)) => Right::Deputy(PersonId::new(away)),
            (None, None) => Right::Own,
        },
        verdict: Verdict::from_word(&row.text("verdict")?).ok_or_else(|| corrupt("verdict"))?,
        fields: items_from(&row.text("fields")?),
        letter: match row.opt_text("letter")? {
            Some(number) => {
                let day = row.opt_text("letter_day")?.and_then(|day| Date::parse_iso(&day));
                Some(Came { number, on: day })
            }
            None => None,
        },
        ruling: Ruling {
            outcome: row.opt_text("outcome")?,
            effective: row.opt_text("effective")?.and_then(|day| Date::parse_iso(&day)),
            left_out: row.opt_text("left_out")?.map(|text| items_from(&text)).unwrap_or_default(),
        },
        at: Instant::from_micros(row.int("at")?),
    };
    Ok(StampRow { stamp, note: row.opt_text("note")? })
}

impl Read<'_> {
    /// One application of an agency, by its record code.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn application(&mut self, log: &LogId, id: &ApplicationId) -> Result<Option<ApplicationRow>, Fault> {
        self.one(&BY_ID, &row![id, log])?.as_ref().map(read_row).transpose()
    }

    /// The newest applications that a person wrote, or those that are older than `after`.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn applications_by(
        &mut self,
        log: &LogId,
        author: &PersonId,
        after: Option<&After>,
        most: i64,
    ) -> Result<Vec<ApplicationRow>, Fault> {
        let (at, id) = After::place(after);
        self.query(&OF_AUTHOR, &row![log, author, at, id, most])?.iter().map(read_row).collect()
    }

    /// The newest applications of a unit, or those that are older than `after`.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn applications_of(
        &mut self,
        log: &LogId,
        unit: &UnitId,
        after: Option<&After>,
        most: i64,
    ) -> Result<Vec<ApplicationRow>, Fault> {
        let (at, id) = After::place(after);
        self.query(&OF_UNIT, &row![log, unit, at, id, most])?.iter().map(read_row).collect()
    }

    /// The newest applications of an agency, or those that are older than `after`.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn applications(
        &mut self,
        log: &LogId,
        after: Option<&After>,
        most: i64,
    ) -> Result<Vec<ApplicationRow>, Fault> {
        let (at, id) = After::place(after);
        self.query(&OF_LOG, &row![log, at, id, most])?.iter().map(read_row).collect()
    }

    /// Applications that stand so, those first that have waited longest.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn applications_in(
        &mut self,
        log: &LogId,
        state: State,
        most: i64,
    ) -> Result<Vec<ApplicationRow>, Fault> {
        self.query(&IN_STATE, &row![log, state.word(), most])?.iter().map(read_row).collect()
    }

    /// What stands in the form of an application now, opened; nothing where it was destroyed.
    ///
    /// # Errors
    /// Its key is gone, or it cannot be read.
    pub fn answers(&mut self, sealed: &str) -> Result<Answers, Fault> {
        let text = self.unseal(sealed)?;
        if text.is_empty() {
            return Ok(Answers::new());
        }
        serde_json::from_str(text.expose()).map_err(|_| Fault::Corrupt("a form".into()))
    }

    /// All that was given along the way, in order.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn application_stamps(&mut self, id: &ApplicationId) -> Result<Vec<StampRow>, Fault> {
        self.query(&STAMPS, &row![id])?.iter().map(read_stamp).collect()
    }
}
