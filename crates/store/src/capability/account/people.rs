//! Accounts as those see them who run them: of everybody in an agency, and of the one whose time is asked
//! about. No secret is read here.

use crate::row;
use crate::{Fault, Read, Statement};
use domain::id::{LogId, PersonId};
use domain::time::{Date, Instant};

static PASSWORD_AGE: Statement = Statement {
    name: "account.password_age",
    sql: "SELECT password_at, open FROM account WHERE person = $1",
};
macro_rules! holders {
    ($whom:literal) => {
        concat!(
            "SELECT a.person, a.role, p.name, u.name AS unit_name, c.login, c.password_at, c.locked_until, ",
            "c.open, c.last_at FROM assignment a JOIN person p ON p.id = a.person ",
            "JOIN unit u ON u.id = a.unit LEFT JOIN account c ON c.person = a.person WHERE a.log = $1 ",
            "AND a.from_day <= $2 AND (a.until_day IS NULL OR a.until_day > $2) ",
            $whom,
            "ORDER BY a.id LIMIT $3"
        )
    };
}
static OF_AGENCY: Statement = Statement { name: "account.of_agency", sql: holders!("") };
static OF_ONE: Statement = Statement { name: "account.of_one", sql: holders!("AND a.person = $4 ") };
static WAITING: Statement = Statement {
    name: "account.waiting",
    sql: holders!(
        "AND c.person IS NULL AND NOT EXISTS (SELECT 1 FROM enrolment e WHERE e.person = a.person \
         AND e.closed_at IS NULL AND e.until_at > $4) "
    ),
};

/// Codes that were neither used nor taken back, and of which nobody has said how they reached their owners.
static CODES_UNSAID: Statement = Statement {
    name: "account.codes_unsaid",
    sql: "SELECT COUNT(DISTINCT e.id) AS n FROM assignment a JOIN enrolment e ON e.person = a.person \
          LEFT JOIN handing h ON h.enrolment = e.id WHERE a.log = $1 AND a.from_day <= $2 \
          AND (a.until_day IS NULL OR a.until_day > $2) AND e.at <= $3 AND e.closed_at IS NULL \
          AND h.enrolment IS NULL",
};

pub(super) static STATEMENTS: &[&Statement] = &[&PASSWORD_AGE, &OF_AGENCY, &OF_ONE, &WAITING, &CODES_UNSAID];

/// Whose accounts are asked about.
#[derive(Clone, Copy, Debug)]
pub enum Whose<'a> {
    /// Everybody's.
    All,
    /// One person's.
    One(&'a PersonId),
    /// Theirs who have none, and no code that is good at a moment.
    Waiting(Instant),
}

/// What is known of the account of somebody in an agency.
#[derive(Clone, Debug)]
pub struct HolderRow {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// The name of their unit.
    pub unit: String,
    /// Their role in the agency's regulation.
    pub role: String,
    /// Their account, if they have one.
    pub account: Option<StateRow>,
}

/// Where an account stands.
#[derive(Clone, Debug)]
pub struct StateRow {
    /// The sign-in name.
    pub login: String,
    /// When the password was set.
    pub password_at: Instant,
    /// Locked until then, if locked.
    pub locked_until: Option<Instant>,
    /// Whether it is open at all.
    pub open: bool,
    /// When its owner signed in last.
    pub last: Option<Instant>,
}

impl Read<'_> {
    /// When the password of a person was set, and whether their account is open; none where there is no
    /// account.
    ///
    /// # Errors
    /// The database.
    pub fn password_age(&mut self, person: &PersonId) -> Result<Option<(Instant, bool)>, Fault> {
        let Some(row) = self.one(&PASSWORD_AGE, &row![person])? else { return Ok(None) };
        Ok(Some((row.instant("password_at")?, row.flag("open")?)))
    }

    /// How many codes of an agency's people, handed out until a moment, were neither used nor taken back, and
    /// nobody has said how they reached their owners.
    ///
    /// # Errors
    /// The database.
    pub fn codes_unsaid(&mut self, log: &LogId, day: Date, until: Instant) -> Result<i64, Fault> {
        let row = self.one(&CODES_UNSAID, &row![log, day.to_string(), until])?;
        row.map_or(Ok(0), |row| row.int("n"))
    }

    /// Those who hold an assignment of an agency on a day, with their account; who holds several assignments
    /// stands there with each.
    ///
    /// # Errors
    /// The database.
    pub fn accounts_of(
        &mut self,
        log: &LogId,
        day: Date,
        whose: Whose<'_>,
        most: i64,
    ) -> Result<Vec<HolderRow>, Fault> {
        let day = day.to_string();
        let rows = match whose {
            Whose::All => self.query(&OF_AGENCY, &row![log, day, most])?,
            Whose::One(person) => self.query(&OF_ONE, &row![log, day, most, person])?,
            Whose::Waiting(now) => self.query(&WAITING, &row![log, day, most, now])?,
        };
        rows.iter()
            .map(|row| {
                let account = match row.opt_text("login")? {
                    None => None,
                    Some(login) => Some(StateRow {
                        login,
                        password_at: row.instant("password_at")?,
                        locked_until: row.opt_instant("locked_until")?,
                        open: row.flag("open")?,
                        last: row.opt_instant("last_at")?,
                    }),
                };
                Ok(HolderRow {
                    person: PersonId::new(row.text("person")?),
                    name: row.text("name")?,
                    unit: row.text("unit_name")?,
                    role: row.text("role")?,
                    account,
                })
            })
            .collect()
    }
}
