//! Rows of links, and of what was said when they were gone through.

use super::{items_from, items_text};
use crate::row;
use crate::{Bulk, Fault, Read, Row, RowSet, Sealing, Statement, Type};
use domain::id::{ApplicationId, LinkId, LogId, PersonId};
use domain::link::{Change, End, Link, Parties, Test};
use domain::time::{Date, Instant};

static OPEN_LINK: Bulk = Bulk {
    name: "link.open",
    head: "INSERT INTO link (id, log, datasets, provider, linking, holding, user_agency, officer, \
           application, former, from_day, until_day, opened_day, tested, tested_day, tested_by, used_day, \
           digest)",
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
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
    ],
    tail: "",
};
static TEST_LINK: Bulk = Bulk {
    name: "link.test",
    head: "WITH v (id, passed, day, by_person, note) AS (",
    columns: &[Type::Text, Type::BigInt, Type::Text, Type::Text, Type::Text],
    tail: ") UPDATE link SET tested = v.passed, tested_day = v.day, tested_by = v.by_person, \
           tested_note = v.note FROM v WHERE link.id = v.id",
};
static USE_LINK: Bulk = Bulk {
    name: "link.use",
    head: "WITH v (id, day) AS (",
    columns: &[Type::Text, Type::Text],
    tail: ") UPDATE link SET used_day = v.day FROM v WHERE link.id = v.id",
};
static PLAN_END: Bulk = Bulk {
    name: "link.ending",
    head: "WITH v (id, why, day) AS (",
    columns: &[Type::Text, Type::Text, Type::Text],
    tail: ") UPDATE link SET ending = v.why, until_day = v.day FROM v WHERE link.id = v.id",
};
static END_LINK: Bulk = Bulk {
    name: "link.end",
    head: "WITH v (id, why, at) AS (",
    columns: &[Type::Text, Type::Text, Type::BigInt],
    tail: ") UPDATE link SET ended = v.why, ended_at = v.at FROM v WHERE link.id = v.id",
};
static REVIEW_LINK: Bulk = Bulk {
    name: "link.review",
    head: "INSERT INTO link_review (duty, link, log, keep, note, by_person, at)",
    columns: &[Type::Text, Type::Text, Type::Text, Type::BigInt, Type::Text, Type::Text, Type::BigInt],
    tail: "",
};

/// Every column that [`read_link`] reads, of the rows that a condition chooses.
macro_rules! links_where {
    ($condition:expr) => {
        concat!(
            "SELECT id, datasets, provider, linking, holding, user_agency, officer, application, former, ",
            "from_day, until_day, opened_day, ending, tested, tested_day, tested_by, tested_note, used_day, ",
            "ended, ended_at, digest FROM link WHERE ",
            $condition
        )
    };
}

static BY_ID: Statement = Statement { name: "link.by_id", sql: links_where!("id = $1 AND log = $2") };
static OF_LOG: Statement =
    Statement { name: "link.of_log", sql: links_where!("log = $1 ORDER BY from_day DESC, id DESC LIMIT $2") };
static REVIEWS: Statement = Statement {
    name: "link.reviews",
    sql: "SELECT keep, note, by_person, at FROM link_review WHERE log = $1 AND link = $2 \
          ORDER BY at DESC, duty DESC LIMIT 50",
};

pub(crate) static STATEMENTS: &[&Statement] = &[&BY_ID, &OF_LOG, &REVIEWS];
pub(crate) static BULKS: &[&Bulk] = &[&OPEN_LINK, &TEST_LINK, &USE_LINK, &PLAN_END, &END_LINK, &REVIEW_LINK];

/// A link with the reference of what was said of its last test.
#[derive(Clone, Debug)]
pub struct LinkRow {
    /// The link.
    pub link: Link,
    /// The words on its test, sealed, if there are any.
    pub note: Option<String>,
}

/// What was said of a link when all were gone through.
#[derive(Clone, Debug)]
pub struct ReviewRow {
    /// Whether it was needed.
    pub keep: bool,
    /// Why, sealed.
    pub note: Option<String>,
    /// Who said so.
    pub by: PersonId,
    /// When.
    pub at: Instant,
}

/// The rows that a change makes.
pub(crate) fn rows(change: &Change, seal: &mut Sealing<'_>, out: &mut RowSet) -> Result<(), Fault> {
    match change {
        Change::Opened(link) => opened(link, seal.log(), out),
        Change::Tested { id, test, note } => {
            let note = seal.seal(note)?;
            out.push(&TEST_LINK, row![id, test.passed, test.on.to_string(), &test.by, note]);
        }
        Change::Used { id, on } => out.push(&USE_LINK, row![id, on.to_string()]),
        Change::Ending { id, why, until } => out.push(&PLAN_END, row![id, why.word(), until.to_string()]),
        Change::Ended { id, why, at } => out.push(&END_LINK, row![id, why.word(), at.micros()]),
        Change::Reviewed { duty, id, keep, note, by, at } => {
            let (log, note) = (seal.log().clone(), seal.seal(note)?);
            out.push(&REVIEW_LINK, row![duty, id, &log, *keep, note, by, at.micros()]);
        }
    }
    Ok(())
}

fn opened(link: &Link, log: &LogId, out: &mut RowSet) {
    let Link { id, parties, officer, application, former, tested, digest, .. } = link;
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    let (from, opened) = (link.from.to_string(), link.opened.to_string());
    out.push(
        &OPEN_LINK,
        row![
            id,
            log,
            items_text(&link.datasets),
            &parties.provider,
            &parties.linking,
            &parties.holding,
            &parties.using,
            officer,
            application.as_ref(),
            former.as_ref(),
            from,
            day(link.until),
            opened,
            tested.as_ref().map(|test| test.passed),
            day(tested.as_ref().map(|test| test.on)),
            tested.as_ref().map(|test| &test.by),
            day(link.used),
            digest
        ],
    );
}

fn read_link(row: &Row) -> Result<LinkRow, Fault> {
    let corrupt = || Fault::Corrupt("a link".into());
    let read = |text: String| Date::parse_iso(&text).ok_or_else(corrupt);
    let end = |word: String| End::from_word(&word).ok_or_else(corrupt);
    let opt = |column: &str| row.opt_text(column)?.map(read).transpose();
    let tested = match (row.opt_int("tested")?, opt("tested_day")?, row.opt_text("tested_by")?) {
        (Some(passed), Some(on), Some(by)) => Some(Test { passed: passed == 1, on, by: PersonId::new(by) }),
        _ => None,
    };
    let ended = row.opt_text("ended")?.map(end).transpose()?.zip(row.opt_instant("ended_at")?);
    let link = Link {
        id: LinkId::new(row.text("id")?),
        datasets: items_from(&row.text("datasets")?),
        parties: Parties {
            provider: row.text("provider")?,
            linking: row.text("linking")?,
            holding: row.text("holding")?,
            using: row.text("user_agency")?,
        },
        officer: PersonId::new(row.text("officer")?),
        application: row.opt_text("application")?.map(ApplicationId::new),
        former: row.opt_text("former")?.map(LinkId::new),
        from: read(row.text("from_day")?)?,
        until: opt("until_day")?,
        opened: read(row.text("opened_day")?)?,
        ending: row.opt_text("ending")?.map(end).transpose()?,
        tested,
        used: opt("used_day")?,
        ended,
        digest: row.text("digest")?,
    };
    Ok(LinkRow { link, note: row.opt_text("tested_note")? })
}

impl Read<'_> {
    /// One link of an agency.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn link(&mut self, log: &LogId, id: &LinkId) -> Result<Option<LinkRow>, Fault> {
        self.one(&BY_ID, &row![id, log])?.as_ref().map(read_link).transpose()
    }

    /// The links of an agency, the newest first.
    ///
    /// # Errors
    /// The database, or a row that cannot be read.
    pub fn links(&mut self, log: &LogId, most: i64) -> Result<Vec<LinkRow>, Fault> {
        self.query(&OF_LOG, &row![log, most])?.iter().map(read_link).collect()
    }

    /// What was said of a link when all were gone through, the newest first.
    ///
    /// # Errors
    /// The database.
    pub fn link_reviews(&mut self, log: &LogId, id: &LinkId) -> Result<Vec<ReviewRow>, Fault> {
        let rows = self.query(&REVIEWS, &row![log, id])?;
        let read = |row: &Row| {
            Ok(ReviewRow {
                keep: row.flag("keep")?,
                note: row.opt_text("note")?,
                by: PersonId::new(row.text("by_person")?),
                at: row.instant("at")?,
            })
        };
        rows.iter().map(read).collect()
    }
}
