//! Sessions: server-side rows, found by the hash of the secret that only the browser has.

use super::Tend;
use crate::fault::Fault;
use crate::read::Read;
use crate::row;
use crate::statement::Statement;
use crate::value::Row;
use domain::id::{AssignmentId, PersonId};
use domain::time::Instant;

/// One session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Hash of the session's secret, as text.
    pub id_hash: String,
    /// Who signed in.
    pub person: PersonId,
    /// Under which assignment, once chosen.
    pub assignment: Option<AssignmentId>,
    /// When it began.
    pub created: Instant,
    /// When it was last used.
    pub seen: Instant,
    /// Until when it lives without use.
    pub idle_until: Instant,
    /// When it ends in any case.
    pub ends: Instant,
    /// When a code was last shown for an act that asks again.
    pub proved_at: Option<Instant>,
    /// The word of the place it came from.
    pub place: String,
    /// What else the desk keeps with it. Never personal data in the clear.
    pub data: String,
}

static PUT_SESSION: Statement = Statement {
    name: "put_session",
    sql: "INSERT INTO session (id_hash, person, assignment, created, seen, idle_until, ends, proved_at, \
          place, data) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id_hash) DO UPDATE SET \
          assignment = excluded.assignment, seen = excluded.seen, idle_until = excluded.idle_until, \
          ends = excluded.ends, proved_at = excluded.proved_at, place = excluded.place, data = excluded.data",
};
/// A session that ended meanwhile, perhaps on another node, is not brought back.
static TOUCH_SESSION: Statement = Statement {
    name: "touch_session",
    sql: "UPDATE session SET seen = $2, idle_until = $3 WHERE id_hash = $1 AND idle_until > $2",
};
static PROVE_SESSION: Statement =
    Statement { name: "prove_session", sql: "UPDATE session SET proved_at = $2 WHERE id_hash = $1" };
/// The row stays for a while, so that it is known whose form it was that came too late.
static END_SESSION: Statement =
    Statement { name: "end_session", sql: "UPDATE session SET idle_until = 0 WHERE id_hash = $1" };
static END_SESSIONS_OF: Statement =
    Statement { name: "end_sessions_of", sql: "UPDATE session SET idle_until = 0 WHERE person = $1" };
static DROP_SESSIONS: Statement =
    Statement { name: "drop_sessions", sql: "DELETE FROM session WHERE ends <= $1" };
static SELECT_SESSION: Statement = Statement {
    name: "select_session",
    sql: "SELECT id_hash, person, assignment, created, seen, idle_until, ends, proved_at, place, data \
          FROM session WHERE id_hash = $1",
};
static SESSIONS_OF: Statement = Statement {
    name: "sessions_of",
    sql: "SELECT id_hash, person, assignment, created, seen, idle_until, ends, proved_at, place, data \
          FROM session WHERE person = $1 AND idle_until > $2 AND ends > $2 ORDER BY created",
};

pub(super) static STATEMENTS: &[&Statement] = &[
    &PUT_SESSION,
    &TOUCH_SESSION,
    &PROVE_SESSION,
    &END_SESSION,
    &END_SESSIONS_OF,
    &DROP_SESSIONS,
    &SELECT_SESSION,
    &SESSIONS_OF,
];

fn session(row: &Row) -> Result<SessionRow, Fault> {
    Ok(SessionRow {
        id_hash: row.text("id_hash")?,
        person: PersonId::new(row.text("person")?),
        assignment: row.opt_text("assignment")?.map(AssignmentId::new),
        created: row.instant("created")?,
        seen: row.instant("seen")?,
        idle_until: row.instant("idle_until")?,
        ends: row.instant("ends")?,
        proved_at: row.opt_instant("proved_at")?,
        place: row.text("place")?,
        data: row.text("data")?,
    })
}

impl Read<'_> {
    /// A session by the hash of its secret, whether it has ended or not.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn session(&mut self, id_hash: &str) -> Result<Option<SessionRow>, Fault> {
        self.one(&SELECT_SESSION, &row![id_hash])?.as_ref().map(session).transpose()
    }

    /// The sessions of a person that run at a moment, oldest first.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn sessions_of(&mut self, person: &PersonId, now: Instant) -> Result<Vec<SessionRow>, Fault> {
        self.query(&SESSIONS_OF, &row![person, now])?.iter().map(session).collect()
    }
}

impl Tend<'_> {
    /// Writes a session, or changes all of it but its owner and beginning.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn put_session(&mut self, session: &SessionRow) -> Result<(), Fault> {
        let values = row![
            &session.id_hash,
            &session.person,
            session.assignment.as_ref(),
            session.created,
            session.seen,
            session.idle_until,
            session.ends,
            session.proved_at,
            &session.place,
            &session.data
        ];
        self.run(&PUT_SESSION, &values).map(|_| ())
    }

    /// Notes that a session was used, unless it has ended.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn touch_session(&mut self, id_hash: &str, seen: Instant, idle_until: Instant) -> Result<(), Fault> {
        self.run(&TOUCH_SESSION, &row![id_hash, seen, idle_until]).map(|_| ())
    }

    /// Notes that a code was shown for an act that asks again.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn prove_session(&mut self, id_hash: &str, at: Instant) -> Result<(), Fault> {
        self.run(&PROVE_SESSION, &row![id_hash, at]).map(|_| ())
    }

    /// Ends a session, on every node at once.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn end_session(&mut self, id_hash: &str) -> Result<(), Fault> {
        self.run(&END_SESSION, &row![id_hash]).map(|_| ())
    }

    /// Ends all sessions of a person.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn end_sessions_of(&mut self, person: &PersonId) -> Result<(), Fault> {
        self.run(&END_SESSIONS_OF, &row![person]).map(|_| ())
    }

    /// Removes sessions whose last possible end was before a moment.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn drop_sessions(&mut self, before: Instant) -> Result<(), Fault> {
        self.run(&DROP_SESSIONS, &row![before]).map(|_| ())
    }
}
