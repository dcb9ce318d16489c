//! Lists of lookups: whose, which of them, a page at a time.

use super::{LookupRow, read_row, rows_where};
use crate::row;
use crate::{Fault, Read, Statement, Tag, Value};
use domain::id::{LogId, PersonId, UnitId};
use domain::lookup::{Stamp, State};

/// The pages and counts of lists, newest first: `$which` are the rows, behind their own values come where
/// the page begins and how many rows it has. Row values page by key, so that a page costs the same wherever
/// it begins. A count ends where the caller has seen enough; it walks the same index in the same order, so
/// that no engine is tempted to read the table instead.
macro_rules! listing {
    ($list:ident begin $begin:literal most $most:literal count $counted:literal:
     $($page:ident $count:ident $name:literal: $which:literal;)*) => {
        $(
            static $page: Statement = Statement {
                name: concat!("lookup.page.", $name),
                sql: rows_where!(
                    "WHERE log = $1 AND ", $which, " AND (at, id) < ", $begin,
                    " ORDER BY at DESC, id DESC LIMIT ", $most
                ),
            };
            static $count: Statement = Statement {
                name: concat!("lookup.count.", $name),
                sql: concat!(
                    "SELECT count(*) AS n FROM (SELECT id FROM lookup WHERE log = $1 AND ", $which,
                    " ORDER BY at DESC, id DESC LIMIT ", $counted, ") AS counted"
                ),
            };
        )*
        static $list: &[&Statement] = &[$(&$page, &$count),*];
    };
}
listing! {
    PLAIN begin "($4, $5)" most "$6" count "$4":
    OWN COUNT_OWN "own": "asker = $2 AND log = $3";
    OWN_STATE COUNT_OWN_STATE "own_state": "asker = $2 AND state = $3";
    OWN_STAMP COUNT_OWN_STAMP "own_stamp": "asker = $2 AND stamp = $3";
    UNIT COUNT_UNIT "unit": "unit = $2 AND log = $3";
    UNIT_STATE COUNT_UNIT_STATE "unit_state": "unit = $2 AND state = $3";
    UNIT_STAMP COUNT_UNIT_STAMP "unit_stamp": "unit = $2 AND stamp = $3";
    ALL COUNT_ALL "all": "log = $2 AND log = $3";
    ALL_STATE COUNT_ALL_STATE "all_state": "log = $2 AND state = $3";
    ALL_STAMP COUNT_ALL_STAMP "all_stamp": "log = $2 AND stamp = $3";
}
// A case or a subject has few rows, so these go by its index alone; COALESCE keeps an engine that knows
// nothing of the figures from going by the index of a person or a unit, who have many.
listing! {
    OF_CASE begin "($5, $6)" most "$7" count "$5":
    OWN_CASE COUNT_OWN_CASE "own_case":
        "COALESCE(asker, '') = $2 AND case_number = $3 AND CAST($4 AS TEXT) IN ('', state, stamp)";
    UNIT_CASE COUNT_UNIT_CASE "unit_case":
        "COALESCE(unit, '') = $2 AND case_number = $3 AND CAST($4 AS TEXT) IN ('', state, stamp)";
    ALL_CASE COUNT_ALL_CASE "all_case":
        "log = $2 AND case_number = $3 AND CAST($4 AS TEXT) IN ('', state, stamp)";
}
listing! {
    OF_SUBJECT begin "($6, $7)" most "$8" count "$6":
    OWN_SUBJECT COUNT_OWN_SUBJECT "own_subject":
        "COALESCE(asker, '') = $2 AND subject_tag = $3 AND CAST($4 AS TEXT) IN ('', state, stamp) \
         AND CAST($5 AS TEXT) IN ('', case_number)";
    UNIT_SUBJECT COUNT_UNIT_SUBJECT "unit_subject":
        "COALESCE(unit, '') = $2 AND subject_tag = $3 AND CAST($4 AS TEXT) IN ('', state, stamp) \
         AND CAST($5 AS TEXT) IN ('', case_number)";
    ALL_SUBJECT COUNT_ALL_SUBJECT "all_subject":
        "log = $2 AND subject_tag = $3 AND CAST($4 AS TEXT) IN ('', state, stamp) \
         AND CAST($5 AS TEXT) IN ('', case_number)";
}

/// Every statement of the lists, for the census.
pub(super) fn statements() -> Vec<&'static Statement> {
    [PLAIN, OF_CASE, OF_SUBJECT].concat()
}

/// Which lookups a list shows. All that is named must hold.
#[derive(Clone, Copy, Debug)]
pub struct List<'a> {
    /// Whose.
    pub of: Of<'a>,
    /// Where they or their sheets stand.
    pub only: Only,
    /// For which case, by its number.
    pub case: Option<&'a str>,
    /// About whom, by the tag of the subject's key.
    pub subject: Option<&'a Tag>,
}

/// Whose lookups a list shows.
#[derive(Clone, Copy, Debug)]
pub enum Of<'a> {
    /// Of one person.
    Asker(&'a PersonId),
    /// Of one unit.
    Unit(&'a UnitId),
    /// Of the whole agency.
    Agency,
}

/// Where the lookups of a list stand.
#[derive(Clone, Copy, Debug)]
pub enum Only {
    /// Anywhere.
    All,
    /// Those in one state.
    State(State),
    /// Those whose sheet stands so.
    Stamp(Stamp),
}

impl Only {
    fn word(self) -> &'static str {
        match self {
            Only::All => "",
            Only::State(state) => state.word(),
            Only::Stamp(stamp) => stamp.word(),
        }
    }
}

impl<'a> From<Of<'a>> for List<'a> {
    fn from(of: Of<'a>) -> Self {
        List { of, only: Only::All, case: None, subject: None }
    }
}

impl List<'_> {
    /// The statements of its page and its count, and the values that both begin with.
    fn statements(&self, log: &LogId) -> (&'static Statement, &'static Statement, Vec<Value>) {
        let whose = match self.of {
            Of::Asker(person) => person.as_str(),
            Of::Unit(unit) => unit.as_str(),
            Of::Agency => log.as_str(),
        };
        let word = self.only.word();
        match (self.subject, self.case) {
            (Some(tag), case) => {
                let (page, count) = self.of_subject();
                (page, count, row![log, whose, tag, word, case.unwrap_or_default()])
            }
            (None, Some(case)) => {
                let (page, count) = self.of_case();
                (page, count, row![log, whose, case, word])
            }
            (None, None) => {
                let (page, count) = self.plain();
                let which = if word.is_empty() { log.as_str() } else { word };
                (page, count, row![log, whose, which])
            }
        }
    }

    fn plain(&self) -> (&'static Statement, &'static Statement) {
        match (self.of, self.only) {
            (Of::Asker(_), Only::All) => (&OWN, &COUNT_OWN),
            (Of::Asker(_), Only::State(_)) => (&OWN_STATE, &COUNT_OWN_STATE),
            (Of::Asker(_), Only::Stamp(_)) => (&OWN_STAMP, &COUNT_OWN_STAMP),
            (Of::Unit(_), Only::All) => (&UNIT, &COUNT_UNIT),
            (Of::Unit(_), Only::State(_)) => (&UNIT_STATE, &COUNT_UNIT_STATE),
            (Of::Unit(_), Only::Stamp(_)) => (&UNIT_STAMP, &COUNT_UNIT_STAMP),
            (Of::Agency, Only::All) => (&ALL, &COUNT_ALL),
            (Of::Agency, Only::State(_)) => (&ALL_STATE, &COUNT_ALL_STATE),
            (Of::Agency, Only::Stamp(_)) => (&ALL_STAMP, &COUNT_ALL_STAMP),
        }
    }

    fn of_case(&self) -> (&'static Statement, &'static Statement) {
        match self.of {
            Of::Asker(_) => (&OWN_CASE, &COUNT_OWN_CASE),
            Of::Unit(_) => (&UNIT_CASE, &COUNT_UNIT_CASE),
            Of::Agency => (&ALL_CASE, &COUNT_ALL_CASE),
        }
    }

    fn of_subject(&self) -> (&'static Statement, &'static Statement) {
        match self.of {
            Of::Asker(_) => (&OWN_SUBJECT, &COUNT_OWN_SUBJECT),
            Of::Unit(_) => (&UNIT_SUBJECT, &COUNT_UNIT_SUBJECT),
            Of::Agency => (&ALL_SUBJECT, &COUNT_ALL_SUBJECT),
        }
    }
}

/// Where a page begins: everything older than this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    /// Time of the last row shown, in microseconds.
    pub at: i64,
    /// Its record code.
    pub id: String,
}

impl After {
    /// The place behind which a page begins; before everything where it is the first one.
    pub(crate) fn place(after: Option<&Self>) -> (i64, &str) {
        after.map_or((i64::MAX, "~"), |after| (after.at, after.id.as_str()))
    }
}

impl Read<'_> {
    /// A page of lookups, newest first; at most `most` rows older than `after`.
    ///
    /// # Errors
    /// The database.
    pub fn lookups(
        &mut self,
        log: &LogId,
        list: &List<'_>,
        after: Option<&After>,
        most: i64,
    ) -> Result<Vec<LookupRow>, Fault> {
        let (page, _, mut values) = list.statements(log);
        let (at, id) = After::place(after);
        values.extend(row![at, id, most]);
        self.query(page, &values)?.iter().map(read_row).collect()
    }

    /// How many lookups a list holds; counting ends at `most`.
    ///
    /// # Errors
    /// The database.
    pub fn lookup_count(&mut self, log: &LogId, list: &List<'_>, most: i64) -> Result<i64, Fault> {
        let (_, count, mut values) = list.statements(log);
        values.extend(row![most]);
        self.one(count, &values)?.map_or(Ok(0), |row| row.int("n"))
    }
}
