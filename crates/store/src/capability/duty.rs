//! Rows of duties.

use super::application::attachment;
use crate::row;
use crate::{Bulk, Fault, Read, Row, RowSet, Sealing, Statement, Type};
use domain::duty::{Change, DueDay, Duty, Hours, Kind, Owner, State};
use domain::id::{DutyId, LogId, PersonId, UnitId};
use domain::time::{Date, Instant};

/// The moment at which a duty without a day is due: behind all others in every list.
const NEVER: i64 = i64::MAX;
/// Duties that are read in one go, where all of them are.
const PAGE: i64 = 500;

static INSERT_DUTY: Bulk = Bulk {
    name: "duty.insert",
    head: "INSERT INTO duty (id, log, kind, control, owner, unit, person, about, began, due_day, due_at, \
           calendar, hours, credited, state, digest)",
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
        Type::BigInt,
        Type::Text,
        Type::BigInt,
        Type::BigInt,
        Type::Text,
        Type::Text,
    ],
    tail: "",
};
static CLOSE_DUTY: Bulk = Bulk {
    name: "duty.close",
    head: "WITH v (id, state, by_person, note, at) AS (",
    columns: &[Type::Text, Type::Text, Type::Text, Type::Text, Type::BigInt],
    tail: ") UPDATE duty SET state = v.state, closed_by = v.by_person, note = v.note, closed_at = v.at \
           FROM v WHERE duty.id = v.id",
};
static CREDIT_DUTY: Bulk = Bulk {
    name: "duty.credit",
    head: "WITH v (id, credited, note) AS (",
    columns: &[Type::Text, Type::BigInt, Type::Text],
    tail: ") UPDATE duty SET credited = v.credited, note = v.note FROM v WHERE duty.id = v.id",
};
static MARK_LATE: Bulk = Bulk {
    name: "duty.late",
    head: "WITH v (id, at) AS (",
    columns: &[Type::Text, Type::BigInt],
    tail: ") UPDATE duty SET late_at = v.at FROM v WHERE duty.id = v.id",
};
static PASS_DUTY: Bulk = Bulk {
    name: "duty.pass",
    head: "WITH v (id, owner) AS (",
    columns: &[Type::Text, Type::Text],
    tail: ") UPDATE duty SET owner = v.owner FROM v WHERE duty.id = v.id",
};
static MOVE_DUTY: Bulk = Bulk {
    name: "duty.move",
    head: "WITH v (id, day, at, calendar) AS (",
    columns: &[Type::Text, Type::Text, Type::BigInt, Type::Text],
    tail: ") UPDATE duty SET due_day = v.day, due_at = v.at, calendar = v.calendar, late_at = NULL \
           FROM v WHERE duty.id = v.id",
};

macro_rules! duties {
    ($($name:ident $word:literal $rest:literal;)*) => {
        $(static $name: Statement = Statement {
            name: concat!("duty.", $word),
            sql: concat!(
                "SELECT id, kind, control, owner, unit, person, about, began, due_day, due_at, calendar, ",
                "hours, credited, state, late_at, closed_by, closed_at, note, digest ",
                "FROM duty WHERE log = $1 ",
                $rest
            ),
        };)*
        pub(crate) static STATEMENTS: &[&Statement] = &[$(&$name),*];
    };
}

duties! {
    BY_ID "by_id" "AND id = $2";
    OF_OWNER "of_owner" "AND owner = $2 AND state = $3 ORDER BY due_at, id LIMIT $4";
    OPEN_AFTER "open_after" "AND state = 'open' AND (due_at, id) > ($2, $3) ORDER BY due_at, id LIMIT $4";
    OPEN_KIND "open_kind" "AND state = 'open' AND kind = $2 AND (due_at, id) > ($3, $4) \
               ORDER BY due_at, id LIMIT $5";
    OPEN_UNIT "open_unit" "AND unit = $2 AND state = 'open' AND ($3 = '' OR kind = $3) \
               AND (due_at, id) > ($4, $5) ORDER BY due_at, id LIMIT $6";
    DONE "done" "AND state = 'done' AND (closed_at, id) < ($2, $3) ORDER BY closed_at DESC, id DESC LIMIT $4";
    DONE_KIND "done_kind" "AND kind = $2 AND state = 'done' AND (closed_at, id) < ($3, $4) \
               ORDER BY closed_at DESC, id DESC LIMIT $5";
    DONE_UNIT "done_unit" "AND unit = $2 AND state = 'done' AND ($3 = '' OR kind = $3) \
               AND (closed_at, id) < ($4, $5) ORDER BY closed_at DESC, id DESC LIMIT $6";
    OVERDUE "overdue" "AND state = 'open' AND due_at <= $2 AND (due_at, id) > ($3, $4) \
             ORDER BY due_at, id LIMIT $5";
    DUE "due" "AND state = 'open' AND due_at <= $2 AND late_at IS NULL ORDER BY due_at, id LIMIT $3";
    CLOSED_BY "closed_by" "AND closed_by = $2 ORDER BY closed_at DESC, id DESC LIMIT $3";
    NEWEST_OF_ANY "newest_of_any" "AND control = $2 AND owner = $3 ORDER BY began DESC, id DESC LIMIT 1";
    NEWEST "newest" "AND control = $2 AND owner = $3 AND digest = $4 ORDER BY began DESC, id DESC LIMIT 1";
    LAST_DONE "last_done" "AND control = $2 AND owner = $3 AND state = 'done' \
               ORDER BY began DESC, id DESC LIMIT 1";
    ABOUT "about" "AND about = $2 ORDER BY id";
}

pub(crate) static BULKS: &[&Bulk] =
    &[&INSERT_DUTY, &CLOSE_DUTY, &CREDIT_DUTY, &MARK_LATE, &PASS_DUTY, &MOVE_DUTY];

/// The rows that a change makes.
pub(crate) fn rows(change: &Change, seal: &mut Sealing<'_>, out: &mut RowSet) -> Result<(), Fault> {
    if let Change::Attached(id, upload) = change {
        return attachment::rows(&attachment::ATTACH_TO_DUTY, id.as_str(), upload, seal, out);
    }
    let mut sealed = |note: &domain::Personal| match note.is_empty() {
        true => Ok(None),
        false => seal.seal(note).map(Some),
    };
    match change {
        Change::Opened(duty) => opened(duty, seal.log(), out),
        Change::Closed { id, state, by, note, at } => {
            out.push(&CLOSE_DUTY, row![id, state.word(), by, sealed(note)?, at.micros()]);
        }
        Change::Credited { id, credited, note } => {
            out.push(&CREDIT_DUTY, row![id, *credited, sealed(note)?]);
        }
        // Its row is written above.
        Change::Attached(..) => {}
        Change::Late { id, at } => out.push(&MARK_LATE, row![id, at.micros()]),
        Change::PassedOn { id, owner } => out.push(&PASS_DUTY, row![id, owner.text()]),
        Change::Moved { id, due } => {
            let DueDay { date, moment, calendar } = due;
            out.push(&MOVE_DUTY, row![id, date.to_string(), moment.micros(), calendar.as_ref()]);
        }
    }
    Ok(())
}

fn opened(duty: &Duty, log: &LogId, out: &mut RowSet) {
    let Duty { id, control, unit, person, about, digest, .. } = duty;
    let (kind, state, owner, began) =
        (duty.kind.word(), duty.state.word(), duty.owner.text(), duty.began.to_string());
    let due = duty.due.as_ref();
    let day = due.map(|due| due.date.to_string());
    let at = due.map_or(NEVER, |due| due.moment.micros());
    let calendar = due.and_then(|due| due.calendar.clone());
    let (hours, credited) = (duty.hours.map(|own| own.wanted), duty.hours.map(|own| own.credited));
    let (unit, person) = (unit.as_ref(), person.as_ref());
    out.push(
        &INSERT_DUTY,
        row![
            id, log, kind, control, owner, unit, person, about, began, day, at, calendar, hours, credited,
            state, digest
        ],
    );
}

/// A duty with what was said when it was closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyRow {
    /// The duty.
    pub duty: Duty,
    /// The sealed words, if there are any.
    pub note: Option<String>,
}

impl DutyRow {
    /// Its place in a list, from which the next page begins.
    pub fn place(&self, done: bool) -> (i64, String) {
        let closed = || self.duty.closed.as_ref().map_or(0, |(_, at)| at.micros());
        let due = || self.duty.due.as_ref().map_or(NEVER, |due| due.moment.micros());
        (if done { closed() } else { due() }, self.duty.id.to_string())
    }
}

/// Which duties of an agency a page lists.
#[derive(Clone, Debug)]
pub struct DutyPage<'a> {
    /// Of this unit only.
    pub unit: Option<&'a UnitId>,
    /// Those that are done; else those that are open.
    pub done: bool,
    /// Of this kind only.
    pub kind: Option<Kind>,
    /// Behind this place.
    pub after: Option<(i64, String)>,
    /// So many.
    pub most: i64,
}

fn read_duty(row: &Row) -> Result<DutyRow, Fault> {
    let corrupt = || Fault::Corrupt("a duty".into());
    let day = |text: String| Date::parse_iso(&text).ok_or_else(corrupt);
    let number = |value: Option<i64>| value.map(u32::try_from).transpose().map_err(|_| corrupt());
    let moment = Instant::from_micros(row.int("due_at")?);
    let calendar = row.opt_text("calendar")?;
    let date = row.opt_text("due_day")?.map(day).transpose()?;
    let wanted = number(row.opt_int("hours")?)?;
    let credited = number(row.opt_int("credited")?)?.unwrap_or(0);
    let duty = Duty {
        id: DutyId::new(row.text("id")?),
        kind: Kind::from_word(&row.text("kind")?).ok_or_else(corrupt)?,
        control: row.text("control")?,
        owner: Owner::from_text(&row.text("owner")?).ok_or_else(corrupt)?,
        unit: row.opt_text("unit")?.map(UnitId::new),
        person: row.opt_text("person")?.map(PersonId::new),
        about: row.text("about")?,
        began: day(row.text("began")?)?,
        due: date.map(|date| DueDay { date, moment, calendar }),
        hours: wanted.map(|wanted| Hours { wanted, credited }),
        state: State::from_word(&row.text("state")?).ok_or_else(corrupt)?,
        late: row.opt_instant("late_at")?,
        closed: row.opt_text("closed_by")?.map(PersonId::new).zip(row.opt_instant("closed_at")?),
        digest: row.text("digest")?,
    };
    Ok(DutyRow { duty, note: row.opt_text("note")? })
}

impl Read<'_> {
    /// One duty of an agency.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn duty(&mut self, log: &LogId, id: &DutyId) -> Result<Option<DutyRow>, Fault> {
        self.one(&BY_ID, &row![log, id])?.as_ref().map(read_duty).transpose()
    }

    /// The open duties of an owner, those due first.
    ///
    /// # Errors
    /// As [`Read::duty`].
    pub fn duties_of(&mut self, log: &LogId, owner: &Owner, most: i64) -> Result<Vec<DutyRow>, Fault> {
        let rows = self.query(&OF_OWNER, &row![log, owner.text(), State::Open.word(), most])?;
        rows.iter().map(read_duty).collect()
    }

    /// A page of the duties of an agency or of one of its units: open ones, those due first, or those done,
    /// the last first.
    ///
    /// # Errors
    /// As [`Read::duty`].
    pub fn duty_page(&mut self, log: &LogId, page: &DutyPage<'_>) -> Result<Vec<DutyRow>, Fault> {
        let DutyPage { unit, done, kind, after, most } = page;
        let edge = if *done { (i64::MAX, "~") } else { (i64::MIN, "") };
        let (at, id) = after.as_ref().map_or(edge, |(at, id)| (*at, id.as_str()));
        let word = kind.map_or("", Kind::word);
        let rows = match (unit, done, kind) {
            (Some(unit), false, _) => self.query(&OPEN_UNIT, &row![log, *unit, word, at, id, *most])?,
            (Some(unit), true, _) => self.query(&DONE_UNIT, &row![log, *unit, word, at, id, *most])?,
            (None, false, None) => self.query(&OPEN_AFTER, &row![log, at, id, *most])?,
            (None, false, Some(_)) => self.query(&OPEN_KIND, &row![log, word, at, id, *most])?,
            (None, true, None) => self.query(&DONE, &row![log, at, id, *most])?,
            (None, true, Some(_)) => self.query(&DONE_KIND, &row![log, word, at, id, *most])?,
        };
        rows.iter().map(read_duty).collect()
    }

    /// Every open duty of an agency, those due first, however many they are.
    ///
    /// # Errors
    /// As [`Read::duty`].
    pub fn every_open_duty(&mut self, log: &LogId) -> Result<Vec<Duty>, Fault> {
        self.paged(|read, due, id| read.query(&OPEN_AFTER, &row![log, due, id, PAGE]))
    }

    /// Every open duty of a kind, those due first.
    ///
    /// # Errors
    /// As [`Read::duty`].
    pub fn open_of_kind(&mut self, log: &LogId, kind: Kind) -> Result<Vec<Duty>, Fault> {
        self.paged(|read, due, id| read.query(&OPEN_KIND, &row![log, kind.word(), due, id, PAGE]))
    }

    /// Every open duty that should have been done by a moment, entered as late or not.
    ///
    /// # Errors
    /// As [`Read::duty`].
    pub fn overdue_duties(&mut self, log: &LogId, now: Instant) -> Result<Vec<Duty>, Fault> {
        self.paged(|read, due, id| read.query(&OVERDUE, &row![log, now.micros(), due, id, PAGE]))
    }

    /// All pages of a list that goes by the day on which duties are due.
    fn paged(
        &mut self,
        mut page: impl FnMut(&mut Self, i64, &str) -> Result<Vec<Row>, Fault>,
    ) -> Result<Vec<Duty>, Fault> {
        let (mut all, mut due, mut id): (Vec<Duty>, i64, String) = (Vec::new(), i64::MIN, String::new());
        loop {
            let rows = page(self, due, &id)?;
            for row in &rows {
                (due, id) = (row.int("due_at")?, row.text("id")?);
                all.push(read_duty(row)?.duty);
            }
            if i64::try_from(rows.len()).unwrap_or(PAGE) < PAGE {
                return Ok(all);
            }
        }
    }

    /// Open duties that are late at a moment and not entered so yet.
    ///
    /// # Errors
    /// As [`Read::duty`].
    pub fn duties_due(&mut self, log: &LogId, now: Instant, most: i64) -> Result<Vec<DutyRow>, Fault> {
        self.query(&DUE, &row![log, now.micros(), most])?.iter().map(read_duty).collect()
    }

    /// The duties that somebody closed, the last first.
    ///
    /// # Errors
    /// As [`Read::duty`].
    pub fn duties_closed(&mut self, log: &LogId, by: &PersonId, most: i64) -> Result<Vec<DutyRow>, Fault> {
        self.query(&CLOSED_BY, &row![log, by, most])?.iter().map(read_duty).collect()
    }

    /// The newest duty of a control and owner under one version of a rule.
    ///
    /// # Errors
    /// As [`Read::duty`].
    pub fn newest_duty(
        &mut self,
        log: &LogId,
        control: &str,
        owner: &Owner,
        digest: &str,
    ) -> Result<Option<Duty>, Fault> {
        let row = self.one(&NEWEST, &row![log, control, owner.text(), digest])?;
        Ok(row.as_ref().map(read_duty).transpose()?.map(|row| row.duty))
    }

    /// The newest duty of a control and owner, under whichever version of a rule.
    ///
    /// # Errors
    /// As [`Read::duty`].
    pub fn newest_of_any(
        &mut self,
        log: &LogId,
        control: &str,
        owner: &Owner,
    ) -> Result<Option<Duty>, Fault> {
        let row = self.one(&NEWEST_OF_ANY, &row![log, control, owner.text()])?;
        Ok(row.as_ref().map(read_duty).transpose()?.map(|row| row.duty))
    }

    /// The duty of a control and owner that was done last, under whichever version of a rule.
    ///
    /// # Errors
    /// As [`Read::duty`].
    pub fn last_done(&mut self, log: &LogId, control: &str, owner: &Owner) -> Result<Option<Duty>, Fault> {
        let row = self.one(&LAST_DONE, &row![log, control, owner.text()])?;
        Ok(row.as_ref().map(read_duty).transpose()?.map(|row| row.duty))
    }

    /// The duties that are about one thing, such as a list by which work is handed over.
    ///
    /// # Errors
    /// As [`Read::duty`].
    pub fn duties_about(&mut self, log: &LogId, about: &str) -> Result<Vec<Duty>, Fault> {
        let rows = self.query(&ABOUT, &row![log, about])?;
        rows.iter().map(|row| Ok(read_duty(row)?.duty)).collect()
    }
}
