//! Rows of consents and permissions.

pub mod tell;

use super::{items_from, items_text};
use crate::row;
use crate::{Bulk, Fault, Read, Row, RowSet, Sealing, Statement, Type};
use domain::grant::permission::{Permission, Stop};
use domain::grant::{Change, Consent, Covers};
use domain::id::{ApplicationId, ConsentId, LogId, PermissionId, PersonId, UnitId};
use domain::time::{Date, Instant};

static INSERT_CONSENT: Bulk = Bulk {
    name: "grant.insert",
    head: "INSERT INTO consent (id, log, covers, basis, by_person, from_at, until_at)",
    columns: &[Type::Text, Type::Text, Type::Text, Type::Text, Type::Text, Type::BigInt, Type::BigInt],
    tail: "",
};
static END_CONSENT: Bulk = Bulk {
    name: "grant.end",
    head: "WITH v (id, at) AS (",
    columns: &[Type::Text, Type::BigInt],
    tail: ") UPDATE consent SET ended_at = v.at FROM v WHERE consent.id = v.id",
};
static CONSENTS: Statement = Statement {
    name: "grant.consents",
    sql: "SELECT id, covers, basis, by_person, from_at, until_at, ended_at FROM consent \
          WHERE log = $1 AND covers = $2 ORDER BY from_at DESC, id DESC LIMIT 50",
};

static OPEN_PERMISSION: Bulk = Bulk {
    name: "grant.open",
    head: "INSERT INTO permission \
           (id, log, person, unit, items, application, formerly, follows, from_at, until_at, \
           stopped, stopped_at)",
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
        Type::BigInt,
        Type::Text,
        Type::BigInt,
    ],
    tail: "",
};
static STOP_PERMISSION: Bulk = Bulk {
    name: "grant.stop",
    head: "WITH v (id, stopped, at) AS (",
    columns: &[Type::Text, Type::Text, Type::BigInt],
    tail: ") UPDATE permission SET stopped = v.stopped, stopped_at = v.at FROM v WHERE permission.id = v.id",
};
static RESUME_PERMISSION: Bulk = Bulk {
    name: "grant.resume",
    head: "WITH v (id) AS (",
    columns: &[Type::Text],
    tail: ") UPDATE permission SET stopped = NULL, stopped_at = NULL, queued_at = NULL \
           FROM v WHERE permission.id = v.id",
};
static QUEUE_PERMISSION: Bulk = Bulk {
    name: "grant.queue",
    head: "WITH v (id, at) AS (",
    columns: &[Type::Text, Type::BigInt],
    tail: ") UPDATE permission SET queued_at = v.at FROM v WHERE permission.id = v.id",
};
static WARN_PERMISSION: Bulk = Bulk {
    name: "grant.warn",
    head: "WITH v (id, at) AS (",
    columns: &[Type::Text, Type::BigInt],
    tail: ") UPDATE permission SET warned_at = v.at FROM v WHERE permission.id = v.id",
};
static SHORTEN_PERMISSION: Bulk = Bulk {
    name: "grant.shorten",
    head: "WITH v (id, until) AS (",
    columns: &[Type::Text, Type::BigInt],
    tail: ") UPDATE permission SET until_at = v.until FROM v WHERE permission.id = v.id",
};

macro_rules! permissions {
    ($($name:ident $word:literal $rest:literal;)*) => {
        $(static $name: Statement = Statement {
            name: concat!("grant.", $word),
            sql: concat!(
                "SELECT id, person, unit, items, application, formerly, follows, from_at, until_at, ",
                "warned_at, stopped, stopped_at FROM permission p WHERE p.log = $1 ",
                $rest
            ),
        };)*
        pub(crate) static STATEMENTS: &[&Statement] = &[&CONSENTS, $(&$name),*];
    };
}

permissions! {
    PERMISSIONS "permissions" "AND p.person = $2 ORDER BY from_at DESC, id DESC LIMIT 100";
    PERMISSION "permission" "AND p.id = $2";
    PERMISSIONS_OF_LOG "permissions_of_log" "ORDER BY person DESC, from_at DESC, id DESC LIMIT $2";
    PERMISSIONS_IN "permissions_in" "AND p.unit = $2 AND p.stopped IS NULL";
    STRANDED_PERMISSIONS "stranded"
        "AND p.stopped IS NULL AND NOT EXISTS \
         (SELECT 1 FROM assignment a WHERE a.person = p.person AND a.unit = p.unit AND a.from_day <= $2 \
         AND (a.until_day IS NULL OR a.until_day > $2)) ORDER BY p.person LIMIT $3";
    ON_LEAVE "on_leave" "AND p.stopped = 'on-leave' ORDER BY person DESC LIMIT $2";
    ENDED_PERMISSIONS "ended" "AND p.stopped IS NULL AND p.until_at <= $2 ORDER BY until_at, id LIMIT $3";
    UNTOLD_PERMISSIONS "untold"
        "AND p.queued_at IS NULL AND p.stopped_at >= $2 \
         ORDER BY stopped_at, person, unit, from_at, id LIMIT $3";
    ENDING_PERMISSIONS "ending"
        "AND p.stopped IS NULL AND p.until_at > $2 AND p.warned_at IS NULL ORDER BY until_at, id LIMIT $3";
}

pub(crate) static BULKS: &[&Bulk] = &[
    &INSERT_CONSENT,
    &END_CONSENT,
    &OPEN_PERMISSION,
    &STOP_PERMISSION,
    &RESUME_PERMISSION,
    &WARN_PERMISSION,
    &SHORTEN_PERMISSION,
    &QUEUE_PERMISSION,
];

/// The rows that a change makes.
pub(crate) fn rows(change: &Change, seal: &mut Sealing<'_>, out: &mut RowSet) -> Result<(), Fault> {
    let log = seal.log().clone();
    match change {
        Change::Given(consent) => {
            let until = consent.until.map(Instant::micros);
            let basis = consent.basis.clone();
            let from = consent.from.micros();
            out.push(
                &INSERT_CONSENT,
                row![&consent.id, &log, consent.covers.text(), basis, &consent.by, from, until],
            );
        }
        Change::Ended { id, at } => out.push(&END_CONSENT, row![id, at.micros()]),
        Change::Opened(permission) => {
            let Permission { id, person, unit, items, application, formerly, follows, from, until, .. } =
                permission;
            let (why, since) = permission.stopped.map(|(why, at)| (why.word(), at.micros())).unzip();
            let formerly = formerly.as_ref();
            let (from, until) = (from.micros(), until.map(Instant::micros));
            let (items, application, follows) = (items_text(items), application.as_ref(), follows.as_ref());
            out.push(
                &OPEN_PERMISSION,
                row![id, &log, person, unit, items, application, formerly, follows, from, until, why, since],
            );
        }
        Change::Resumed(id) => out.push(&RESUME_PERMISSION, row![id]),
        Change::Queued { id, at } => out.push(&QUEUE_PERMISSION, row![id, at.micros()]),
        Change::Telling(message) => tell::rows(&log, message, out),
        Change::Pressed { id, at } => tell::pressed(id, *at, out),
        Change::Told { id, at } => tell::acknowledged(id, *at, out),
        Change::Warned { id, at } => out.push(&WARN_PERMISSION, row![id, at.micros()]),
        Change::Shortened { id, until } => out.push(&SHORTEN_PERMISSION, row![id, until.micros()]),
        Change::Stopped { id, why, at } => out.push(&STOP_PERMISSION, row![id, why.word(), at.micros()]),
    }
    Ok(())
}

fn read_consent(row: &Row) -> Result<Consent, Fault> {
    Ok(Consent {
        id: ConsentId::new(row.text("id")?),
        covers: Covers::from_text(&row.text("covers")?)
            .ok_or_else(|| Fault::Corrupt("what a consent covers".into()))?,
        basis: row.opt_text("basis")?,
        by: PersonId::new(row.text("by_person")?),
        from: Instant::from_micros(row.int("from_at")?),
        until: row.opt_int("until_at")?.map(Instant::from_micros),
        ended: row.opt_int("ended_at")?.map(Instant::from_micros),
    })
}

fn read_permission(row: &Row) -> Result<Permission, Fault> {
    let stop = |word: String| {
        Stop::from_word(&word).ok_or_else(|| Fault::Corrupt("why a permission was stopped".into()))
    };
    let why = row.opt_text("stopped")?.map(stop).transpose()?;
    Ok(Permission {
        id: PermissionId::new(row.text("id")?),
        person: PersonId::new(row.text("person")?),
        unit: UnitId::new(row.text("unit")?),
        items: items_from(&row.text("items")?),
        application: row.opt_text("application")?.map(ApplicationId::new),
        formerly: row.opt_text("formerly")?,
        follows: row.opt_text("follows")?.map(PermissionId::new),
        from: row.instant("from_at")?,
        until: row.opt_instant("until_at")?,
        warned: row.opt_instant("warned_at")?,
        stopped: why.zip(row.opt_instant("stopped_at")?),
    })
}

impl Read<'_> {
    /// The permissions of an agency, person by person, running and stopped.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn permissions_of(&mut self, log: &LogId, most: i64) -> Result<Vec<Permission>, Fault> {
        self.query(&PERMISSIONS_OF_LOG, &row![log, most])?.iter().map(read_permission).collect()
    }

    /// The permissions in a unit that were not stopped.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn permissions_in(&mut self, log: &LogId, unit: &UnitId) -> Result<Vec<Permission>, Fault> {
        self.query(&PERMISSIONS_IN, &row![log, unit])?.iter().map(read_permission).collect()
    }

    /// The permissions of an agency that rest because their owners are on leave.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn permissions_on_leave(&mut self, log: &LogId, most: i64) -> Result<Vec<Permission>, Fault> {
        self.query(&ON_LEAVE, &row![log, most])?.iter().map(read_permission).collect()
    }

    /// Permissions that run though their owner has no post in their unit on a day, at most so many.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn stranded_permissions(
        &mut self,
        log: &LogId,
        day: Date,
        most: i64,
    ) -> Result<Vec<Permission>, Fault> {
        let rows = self.query(&STRANDED_PERMISSIONS, &row![log, day.to_string(), most])?;
        rows.iter().map(read_permission).collect()
    }

    /// One permission of an agency.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn permission(&mut self, log: &LogId, id: &PermissionId) -> Result<Option<Permission>, Fault> {
        self.one(&PERMISSION, &row![log, id])?.as_ref().map(read_permission).transpose()
    }

    /// Permissions whose end has come and is not entered, the first to end first.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn permissions_ended(
        &mut self,
        log: &LogId,
        now: Instant,
        most: i64,
    ) -> Result<Vec<Permission>, Fault> {
        self.query(&ENDED_PERMISSIONS, &row![log, now.micros(), most])?.iter().map(read_permission).collect()
    }

    /// Permissions that were stopped since a moment and of which nothing is written down for providers, the
    /// first to be stopped first.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn permissions_untold(
        &mut self,
        log: &LogId,
        since: Instant,
        most: i64,
    ) -> Result<Vec<Permission>, Fault> {
        let rows = self.query(&UNTOLD_PERMISSIONS, &row![log, since.micros(), most])?;
        rows.iter().map(read_permission).collect()
    }

    /// Permissions that will end and whose owners do not know it yet, the first to end first.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn permissions_ending(
        &mut self,
        log: &LogId,
        now: Instant,
        most: i64,
    ) -> Result<Vec<Permission>, Fault> {
        self.query(&ENDING_PERMISSIONS, &row![log, now.micros(), most])?.iter().map(read_permission).collect()
    }

    /// The permissions of a person in an agency, running and stopped, newest first.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn permissions(&mut self, log: &LogId, person: &PersonId) -> Result<Vec<Permission>, Fault> {
        self.query(&PERMISSIONS, &row![log, person])?.iter().map(read_permission).collect()
    }

    /// The consents for one thing, newest first.
    ///
    /// # Errors
    /// The database.
    pub fn consents(&mut self, log: &LogId, covers: &Covers) -> Result<Vec<Consent>, Fault> {
        let rows = self.query(&CONSENTS, &row![log, covers.text()])?;
        rows.iter().map(read_consent).collect()
    }
}
