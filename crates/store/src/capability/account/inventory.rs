//! Rows of inventories: verdicts, confirmed units, and the accounts that are gone through.

use crate::row;
use crate::{Bulk, Fault, Read, Row, RowSet, Sealing, Statement, Type};
use domain::Personal;
use domain::account::inventory::{Attested, Change, Finding, Verdict};
use domain::id::{DutyId, LogId, PersonId, UnitId};
use domain::time::{Date, Instant};

static PUT_VERDICT: Bulk = Bulk {
    name: "account.inventory_verdict",
    head: "INSERT INTO inventory_verdict (duty, person, log, finding, keep, note, by_person, at)",
    columns: &[
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::BigInt,
        Type::Text,
        Type::Text,
        Type::BigInt,
    ],
    tail: "",
};
static PUT_UNIT: Bulk = Bulk {
    name: "account.inventory_unit",
    head: "INSERT INTO inventory_unit (duty, unit, log, by_person, people, hash, at)",
    columns: &[Type::Text, Type::Text, Type::Text, Type::Text, Type::BigInt, Type::Text, Type::BigInt],
    tail: "",
};
static VERDICTS: Statement = Statement {
    name: "account.inventory_verdicts",
    sql: "SELECT person, finding, keep, note, by_person, at FROM inventory_verdict \
          WHERE duty = $1 ORDER BY person",
};
static UNITS: Statement = Statement {
    name: "account.inventory_units",
    sql: "SELECT unit, by_person, people, hash, at FROM inventory_unit WHERE duty = $1 ORDER BY unit",
};
static OPEN_OF_LOG: Statement = Statement {
    name: "account.open_of_log",
    sql: "SELECT a.login, a.person, a.last_at, a.password_at FROM assignment s \
          JOIN account a ON a.person = s.person WHERE s.log = $1 AND a.open = 1 ORDER BY s.id",
};

static WITHOUT_POST: Statement = Statement {
    name: "account.without_post",
    sql: "SELECT a.login, a.person, a.last_at, a.password_at FROM assignment s \
          JOIN account a ON a.person = s.person WHERE s.log = $1 AND s.until_day <= $2 AND a.open = 1 \
          AND (s.cause IS NULL OR s.cause <> 'absence') AND NOT EXISTS (SELECT 1 FROM assignment o \
          WHERE o.person = s.person AND (o.until_day IS NULL OR o.until_day > $2 \
          OR (o.cause = 'absence' AND o.until_day >= s.until_day))) ORDER BY s.id",
};
static UNNEEDED: Statement = Statement {
    name: "account.unneeded",
    sql: "SELECT a.login, a.person, a.last_at, a.password_at FROM inventory_verdict v \
          JOIN account a ON a.person = v.person WHERE v.log = $1 AND v.keep = 0 AND a.open = 1 \
          AND v.finding IN ('idle', 'left', 'retired') AND v.at > a.password_at AND NOT EXISTS (SELECT 1 \
          FROM assignment o WHERE o.person = v.person AND o.log <> v.log AND o.from_day <= $2 \
          AND (o.until_day IS NULL OR o.until_day > $2)) ORDER BY v.person",
};

pub(crate) static STATEMENTS: &[&Statement] = &[&VERDICTS, &UNITS, &OPEN_OF_LOG, &WITHOUT_POST, &UNNEEDED];
pub(crate) static BULKS: &[&Bulk] = &[&PUT_VERDICT, &PUT_UNIT];

/// The rows that a change makes.
pub(super) fn rows(change: &Change, seal: &mut Sealing<'_>, out: &mut RowSet) -> Result<(), Fault> {
    match change {
        Change::Decided(duty, Verdict { person, finding, keep, note }, by, at) => {
            let note = match note.is_empty() {
                true => None,
                false => Some(seal.seal(note)?),
            };
            let (finding, at) = (finding.word(), at.micros());
            out.push(&PUT_VERDICT, row![duty, person, seal.log(), finding, *keep, note, by, at]);
        }
        Change::Attested(duty, Attested { unit, by, at, people, hash }) => {
            let people = i64::try_from(*people).unwrap_or(i64::MAX);
            out.push(&PUT_UNIT, row![duty, unit, seal.log(), by, people, hash, at.micros()]);
        }
    }
    Ok(())
}

/// An account that is open, as an inventory sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenAccount {
    /// Its name.
    pub login: String,
    /// Whose it is.
    pub person: PersonId,
    /// When its owner last signed in, or else when its password was set.
    pub used: Instant,
    /// When its password was set.
    pub password_at: Instant,
}

/// A verdict with who gave it, and its sealed reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerdictRow {
    /// The verdict, its reason opened.
    pub verdict: Verdict,
    /// Who decided.
    pub by: PersonId,
    /// When.
    pub at: Instant,
}

fn read_open(row: &Row) -> Result<OpenAccount, Fault> {
    let (used, password_at) = (row.opt_instant("last_at")?, row.instant("password_at")?);
    Ok(OpenAccount {
        login: row.text("login")?,
        person: PersonId::new(row.text("person")?),
        used: used.unwrap_or(password_at),
        password_at,
    })
}

impl Read<'_> {
    /// What was decided in an inventory.
    ///
    /// # Errors
    /// The database, or a reason that cannot be opened.
    pub fn inventory_verdicts(&mut self, duty: &DutyId) -> Result<Vec<VerdictRow>, Fault> {
        let rows = self.query(&VERDICTS, &row![duty])?;
        rows.iter().map(|row| self.read_verdict(row)).collect()
    }

    fn read_verdict(&mut self, row: &Row) -> Result<VerdictRow, Fault> {
        let finding = Finding::from_word(&row.text("finding")?);
        let note: Option<Personal> = self.unseal_opt(row.opt_text("note")?.as_deref())?;
        Ok(VerdictRow {
            verdict: Verdict {
                person: PersonId::new(row.text("person")?),
                finding: finding.ok_or_else(|| Fault::Corrupt("a finding".into()))?,
                keep: row.flag("keep")?,
                note: note.unwrap_or_default(),
            },
            by: PersonId::new(row.text("by_person")?),
            at: row.instant("at")?,
        })
    }

    /// The units that heads confirmed in an inventory.
    ///
    /// # Errors
    /// The database.
    pub fn inventory_units(&mut self, duty: &DutyId) -> Result<Vec<Attested>, Fault> {
        let rows = self.query(&UNITS, &row![duty])?;
        let read = |row: &Row| {
            Ok(Attested {
                unit: UnitId::new(row.text("unit")?),
                by: PersonId::new(row.text("by_person")?),
                at: row.instant("at")?,
                people: usize::try_from(row.int("people")?).unwrap_or(0),
                hash: row.text("hash")?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// The open accounts of everybody who has or had a post of an agency, once for each post.
    ///
    /// # Errors
    /// The database.
    pub fn open_accounts(&mut self, log: &LogId) -> Result<Vec<OpenAccount>, Fault> {
        self.query(&OPEN_OF_LOG, &row![log])?.iter().map(read_open).collect()
    }

    /// The open accounts of those whose posts are all over on a day, unless they are on leave.
    ///
    /// # Errors
    /// The database.
    pub fn accounts_without_post(&mut self, log: &LogId, day: Date) -> Result<Vec<OpenAccount>, Fault> {
        self.query(&WITHOUT_POST, &row![log, day.to_string()])?.iter().map(read_open).collect()
    }

    /// The open accounts that an inventory found unneeded, and that were not set up anew since; but those
    /// whose owners have a post of another agency on a day.
    ///
    /// # Errors
    /// The database.
    pub fn accounts_unneeded(&mut self, log: &LogId, day: Date) -> Result<Vec<OpenAccount>, Fault> {
        self.query(&UNNEEDED, &row![log, day.to_string()])?.iter().map(read_open).collect()
    }
}
