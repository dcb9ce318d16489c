//! Rows of codes that were handed out, of how they reached their owners, and of passwords that were used
//! before.

use crate::row;
use crate::{Bulk, Fault, Read, Row, RowSet, Statement, Type};
use domain::account::Renewal;
use domain::account::enrolment::{Enrolment, Kind, Method, Over};
use domain::account::handing::{Handing, Way};
use domain::id::{EnrolmentId, PersonId};
use domain::time::Date;

static INSERT: Bulk = Bulk {
    name: "enrolment.insert",
    head: "INSERT INTO enrolment (id, kind, person, login, method, code_hash, by_person, at, until_at)",
    columns: &[
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::BigInt,
        Type::BigInt,
    ],
    tail: "",
};
/// A new code takes the place of whichever of the person's was open.
static REPLACE_OPEN: Bulk = Bulk {
    name: "enrolment.close_others",
    head: "WITH v (id, person, at) AS (",
    columns: &[Type::Text, Type::Text, Type::BigInt],
    tail: ") UPDATE enrolment SET closed_at = v.at, over_by = 'superseded' FROM v \
           WHERE enrolment.person = v.person AND enrolment.id <> v.id AND enrolment.closed_at IS NULL",
};
static CLOSE: Bulk = Bulk {
    name: "enrolment.close",
    head: "WITH v (id, at, over_by) AS (",
    columns: &[Type::Text, Type::BigInt, Type::Text],
    tail: ") UPDATE enrolment SET closed_at = v.at, over_by = v.over_by FROM v WHERE enrolment.id = v.id",
};
static HAND: Bulk = Bulk {
    name: "enrolment.hand",
    head: "INSERT INTO handing (enrolment, by_person, to_person, way, on_day, at)",
    columns: &[Type::Text, Type::Text, Type::Text, Type::Text, Type::Text, Type::BigInt],
    tail: "",
};
static KEEP_PASSWORD: Bulk = Bulk {
    name: "account.keep_password",
    head: "INSERT INTO password_before (login, at, password_hash)",
    columns: &[Type::Text, Type::BigInt, Type::Text],
    tail: "ON CONFLICT (login, at) DO NOTHING",
};
static BY_ID: Statement = Statement {
    name: "enrolment.by_id",
    sql: "SELECT id, kind, person, login, method, code_hash, by_person, at, until_at, closed_at, \
          over_by FROM enrolment WHERE id = $1",
};
static OF_LOGIN: Statement = Statement {
    name: "enrolment.of_login",
    sql: "SELECT id, kind, person, login, method, code_hash, by_person, at, until_at, closed_at, \
          over_by FROM enrolment WHERE login = $1 ORDER BY at DESC, id DESC LIMIT 1",
};
static OF_PERSON: Statement = Statement {
    name: "enrolment.of_person",
    sql: "SELECT id, kind, person, login, method, code_hash, by_person, at, until_at, closed_at, \
          over_by FROM enrolment WHERE person = $1 ORDER BY at DESC, id DESC LIMIT 1",
};
static ALL_OF_PERSON: Statement = Statement {
    name: "enrolment.all_of_person",
    sql: "SELECT id, kind, person, login, method, code_hash, by_person, at, until_at, closed_at, \
          over_by FROM enrolment WHERE person = $1 ORDER BY at DESC, id DESC LIMIT $2",
};
static HANDED: Statement = Statement {
    name: "enrolment.handed",
    sql: "SELECT enrolment, by_person, to_person, way, on_day, at FROM handing WHERE enrolment = $1",
};
static PASSWORDS_BEFORE: Statement = Statement {
    name: "account.passwords_before",
    sql: "SELECT password_hash FROM password_before WHERE login = $1 ORDER BY at DESC LIMIT $2",
};

pub(super) static STATEMENTS: &[&Statement] =
    &[&BY_ID, &OF_LOGIN, &OF_PERSON, &ALL_OF_PERSON, &HANDED, &PASSWORDS_BEFORE];
pub(super) static BULKS: &[&Bulk] = &[&INSERT, &REPLACE_OPEN, &CLOSE, &HAND, &KEEP_PASSWORD];

/// The rows of a code that is handed out.
pub(super) fn invited(enrolment: &Enrolment, out: &mut RowSet) {
    let Enrolment { id, kind, person, login, method, code_hash, by, at, until, .. } = enrolment;
    out.push(&REPLACE_OPEN, row![id, person, at.micros()]);
    let (kind, method) = (kind.word(), method.word());
    let times = (at.micros(), until.micros());
    out.push(&INSERT, row![id, kind, person, login, method, code_hash, by, times.0, times.1]);
}

/// The row of a code that was used or revoked.
pub(super) fn over(id: &EnrolmentId, over: Over, at: i64, out: &mut RowSet) {
    out.push(&CLOSE, row![id, at, over.word()]);
}

/// The row of how a code reached its owner.
pub(super) fn handed(handing: &Handing, out: &mut RowSet) {
    let Handing { enrolment, by, to, way, on, at } = handing;
    out.push(&HAND, row![enrolment, by, to, way.word(), on.to_string(), at.micros()]);
}

/// The row of the password that another one takes the place of.
pub(super) fn keep(renewal: &Renewal, out: &mut RowSet) {
    let (hash, at) = &renewal.before;
    out.push(&KEEP_PASSWORD, row![&renewal.login, at.micros(), hash]);
}

fn read(row: &Row) -> Result<Enrolment, Fault> {
    let corrupt = |what: &str| Fault::Corrupt(format!("enrolment {what}"));
    Ok(Enrolment {
        id: EnrolmentId::new(row.text("id")?),
        kind: Kind::from_word(&row.text("kind")?).ok_or_else(|| corrupt("kind"))?,
        person: PersonId::new(row.text("person")?),
        login: row.text("login")?,
        method: Method::from_word(&row.text("method")?).ok_or_else(|| corrupt("method"))?,
        code_hash: row.text("code_hash")?,
        by: PersonId::new(row.text("by_person")?),
        at: row.instant("at")?,
        until: row.instant("until_at")?,
        closed: row.opt_instant("closed_at")?,
        over: match row.opt_text("over_by")? {
            Some(word) => Some(Over::from_word(&word).ok_or_else(|| corrupt("end"))?),
            None => None,
        },
    })
}

impl Read<'_> {
    /// An enrolment by its identifier.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn enrolment(&mut self, id: &EnrolmentId) -> Result<Option<Enrolment>, Fault> {
        self.one(&BY_ID, &row![id])?.as_ref().map(read).transpose()
    }

    /// The newest enrolment under a sign-in name, open or not.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn enrolment_of_login(&mut self, login: &str) -> Result<Option<Enrolment>, Fault> {
        self.one(&OF_LOGIN, &row![login])?.as_ref().map(read).transpose()
    }

    /// The newest enrolment of a person, open or not.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn enrolment_of(&mut self, person: &PersonId) -> Result<Option<Enrolment>, Fault> {
        self.one(&OF_PERSON, &row![person])?.as_ref().map(read).transpose()
    }

    /// The enrolments of a person, open or not, the newest first.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn enrolments_of(&mut self, person: &PersonId, most: i64) -> Result<Vec<Enrolment>, Fault> {
        self.query(&ALL_OF_PERSON, &row![person, most])?.iter().map(read).collect()
    }

    /// How a code reached its owner, if somebody said so.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn handing(&mut self, id: &EnrolmentId) -> Result<Option<Handing>, Fault> {
        let Some(row) = self.one(&HANDED, &row![id])? else { return Ok(None) };
        let corrupt = |what: &str| Fault::Corrupt(format!("handing {what}"));
        Ok(Some(Handing {
            enrolment: id.clone(),
            by: PersonId::new(row.text("by_person")?),
            to: PersonId::new(row.text("to_person")?),
            way: Way::from_word(&row.text("way")?).ok_or_else(|| corrupt("way"))?,
            on: Date::parse_iso(&row.text("on_day")?).ok_or_else(|| corrupt("day"))?,
            at: row.instant("at")?,
        }))
    }

    /// Hashes of the passwords that an account had before its present one, the latest first.
    ///
    /// # Errors
    /// The database.
    pub fn passwords_before(&mut self, login: &str, most: usize) -> Result<Vec<String>, Fault> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let rows = self.query(&PASSWORDS_BEFORE, &row![login, most])?;
        rows.iter().map(|row| row.text("password_hash")).collect()
    }
}
