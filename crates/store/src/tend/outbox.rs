//! The outbox: mail that waits until a server takes it, and the pace at which people are written to.
//!
//! A mail is claimed before it is handed over: the claim puts its next attempt off, so that no other node
//! takes it meanwhile. How often it may have been taken is counted with the claim and counted back when the
//! server surely did not take it; so a mail whose row could not be marked is handed over twice at most.

use super::Tend;
use crate::fault::Fault;
use crate::read::Read;
use crate::row;
use crate::statement::Statement;
use crate::value::Row;
use domain::id::{LogId, PersonId};
use domain::time::{Date, Instant};

/// The first of these two days has no digest; every day that there is comes after it.
const NEVER: &str = "";

static PUT_MAIL: Statement = Statement {
    name: "put_mail",
    sql: "INSERT INTO outbox (id, log, person, kind, subject, body, made_at, next_at, tries, handed) \
          VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 0, 0)",
};
static CLAIM_MAIL: Statement = Statement {
    name: "claim_mail",
    sql: "UPDATE outbox SET next_at = $3, tries = tries + 1, handed = handed + 1 \
          WHERE id = $1 AND next_at <= $2 AND given_up IS NULL RETURNING id",
};
static MAIL_NOT_TAKEN: Statement =
    Statement { name: "mail_not_taken", sql: "UPDATE outbox SET handed = handed - 1 WHERE id = $1" };
static DROP_MAIL: Statement = Statement { name: "drop_mail", sql: "DELETE FROM outbox WHERE id = $1" };
static GIVE_UP_MAIL: Statement = Statement {
    name: "give_up_mail",
    sql: "UPDATE outbox SET given_up = $2 WHERE id = $1 AND given_up IS NULL",
};
static DROP_GIVEN_UP: Statement =
    Statement { name: "drop_given_up_mail", sql: "DELETE FROM outbox WHERE given_up < $1" };
static TAKE_DIGEST: Statement = Statement {
    name: "take_digest",
    sql: "INSERT INTO outbox_pace (log, person, digest_day, urgent_at, held) VALUES ($1, $2, $3, 0, 0) \
          ON CONFLICT (log, person) DO UPDATE SET digest_day = excluded.digest_day \
          WHERE outbox_pace.digest_day < excluded.digest_day RETURNING held",
};
static CLEAR_HELD: Statement = Statement {
    name: "clear_held_mail",
    sql: "UPDATE outbox_pace SET held = 0 WHERE log = $1 AND person = $2",
};
static TAKE_URGENT: Statement = Statement {
    name: "take_urgent",
    sql: "INSERT INTO outbox_pace (log, person, digest_day, urgent_at, held) VALUES ($1, $2, $3, $4, 0) \
          ON CONFLICT (log, person) DO UPDATE SET urgent_at = excluded.urgent_at \
          WHERE outbox_pace.urgent_at <= $5 RETURNING urgent_at",
};
static HOLD_URGENT: Statement = Statement {
    name: "hold_urgent",
    sql: "UPDATE outbox_pace SET held = held + 1 WHERE log = $1 AND person = $2",
};
static DUE_MAIL: Statement = Statement {
    name: "due_mail",
    sql: "SELECT id, log, person, kind, subject, body, made_at, tries, handed FROM outbox \
          WHERE given_up IS NULL AND next_at <= $1 ORDER BY next_at, id LIMIT $2",
};
static COUNT_MAIL: Statement =
    Statement { name: "count_mail", sql: "SELECT COUNT(*) AS n, COUNT(given_up) AS given_up FROM outbox" };

pub(super) static STATEMENTS: &[&Statement] = &[
    &PUT_MAIL,
    &CLAIM_MAIL,
    &MAIL_NOT_TAKEN,
    &DROP_MAIL,
    &GIVE_UP_MAIL,
    &DROP_GIVEN_UP,
    &TAKE_DIGEST,
    &CLEAR_HELD,
    &TAKE_URGENT,
    &HOLD_URGENT,
    &DUE_MAIL,
    &COUNT_MAIL,
];

/// A mail that waits. It holds no address: that is looked up when it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailRow {
    /// Its identifier, by which receivers know it again.
    pub id: String,
    /// The agency that writes it.
    pub log: LogId,
    /// Whom it goes to.
    pub person: PersonId,
    /// `digest` or `urgent`.
    pub kind: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub body: String,
    /// When it was written.
    pub made: Instant,
    /// How often it was tried.
    pub tries: u32,
    /// How often a server may have taken it.
    pub handed: u32,
}

/// How much mail there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MailCount {
    /// Mails that wait.
    pub waiting: u64,
    /// Mails that were given up lately.
    pub given_up: u64,
}

fn mail(row: &Row) -> Result<MailRow, Fault> {
    let small =
        |name: &str| -> Result<u32, Fault> { Ok(u32::try_from(row.int(name)?.max(0)).unwrap_or(u32::MAX)) };
    Ok(MailRow {
        id: row.text("id")?,
        log: LogId::new(row.text("log")?),
        person: PersonId::new(row.text("person")?),
        kind: row.text("kind")?,
        subject: row.text("subject")?,
        body: row.text("body")?,
        made: row.instant("made_at")?,
        tries: small("tries")?,
        handed: small("handed")?,
    })
}

impl Tend<'_> {
    /// Puts a mail into the outbox, to be sent from now on.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn put_mail(&mut self, mail: &MailRow) -> Result<(), Fault> {
        let MailRow { id, log, person, kind, subject, body, made, .. } = mail;
        self.run(&PUT_MAIL, &row![id, log, person, kind, subject, body, *made]).map(|_| ())
    }

    /// Takes a mail in hand, so that nobody else does before `next`; false if somebody was faster.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn claim_mail(&mut self, id: &str, now: Instant, next: Instant) -> Result<bool, Fault> {
        Ok(!self.run(&CLAIM_MAIL, &row![id, now, next])?.is_empty())
    }

    /// Notes that the server surely did not take a mail.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn mail_not_taken(&mut self, id: &str) -> Result<(), Fault> {
        self.run(&MAIL_NOT_TAKEN, &row![id]).map(|_| ())
    }

    /// Forgets a mail that was taken, or that nobody wants any more.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn drop_mail(&mut self, id: &str) -> Result<(), Fault> {
        self.run(&DROP_MAIL, &row![id]).map(|_| ())
    }

    /// Gives a mail up; it stays to be counted.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn give_up_mail(&mut self, id: &str, now: Instant) -> Result<(), Fault> {
        self.run(&GIVE_UP_MAIL, &row![id, now]).map(|_| ())
    }

    /// Forgets mails that were given up before a moment.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn drop_given_up_mail(&mut self, before: Instant) -> Result<(), Fault> {
        self.run(&DROP_GIVEN_UP, &row![before]).map(|_| ())
    }

    /// Takes somebody's digest of a day; none if it was taken, else how much that was urgent went unwritten
    /// since the last one.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn take_digest(&mut self, log: &LogId, person: &PersonId, day: Date) -> Result<Option<u64>, Fault> {
        let rows = self.run(&TAKE_DIGEST, &row![log, person, day.to_string()])?;
        let Some(row) = rows.first() else { return Ok(None) };
        let held = row.count("held")?;
        self.run(&CLEAR_HELD, &row![log, person])?;
        Ok(Some(held))
    }

    /// Takes the right to write to somebody at once; where they were written to after `since`, it is counted
    /// for their digest instead.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn take_urgent(
        &mut self,
        log: &LogId,
        person: &PersonId,
        now: Instant,
        since: Instant,
    ) -> Result<bool, Fault> {
        let taken = !self.run(&TAKE_URGENT, &row![log, person, NEVER, now, since])?.is_empty();
        if !taken {
            self.run(&HOLD_URGENT, &row![log, person])?;
        }
        Ok(taken)
    }
}

impl Read<'_> {
    /// Mail that is to be tried by now, the longest waiting first.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn due_mail(&mut self, now: Instant, most: i64) -> Result<Vec<MailRow>, Fault> {
        self.query(&DUE_MAIL, &row![now, most])?.iter().map(mail).collect()
    }

    /// How much mail waits, and how much was given up.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn count_mail(&mut self) -> Result<MailCount, Fault> {
        let Some(row) = self.one(&COUNT_MAIL, &[])? else { return Ok(MailCount::default()) };
        let (all, given_up) = (row.count("n")?, row.count("given_up")?);
        Ok(MailCount { waiting: all.saturating_sub(given_up), given_up })
    }
}
