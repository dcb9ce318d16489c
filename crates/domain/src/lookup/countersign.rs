//! One supervisor, many rows, each with its own stamp.
//!
//! Rows that the case explains are stamped together. A row that it does not explain, and a few rows
//! drawn by the ledger's own head, must be opened and judged first. Nobody stamps what they asked.

use super::{Change, Kept, KeptRow, Lookup, Stamp, State, checks};
use crate::actor::Actor;
use crate::decision::{self, Decision, Fact, Grounds, Permit, Rule, Seen};
use crate::duty::clock;
use crate::id::{BatchId, EventId};
use crate::period::Calendar;
use crate::personal::Personal;
use crate::refusal::{Help, Outcome, Reason, Refusal};
use crate::regulation::{Capacity, ClauseId, Countersign, Event, Schedule};
use crate::time::Instant;
use alloc::{format, string::String, string::ToString, vec, vec::Vec};
use serde::{Deserialize, Serialize};

/// Most rows of one batch; one entry lists them all, and an entry has a largest size.
pub const ROWS_MAX: usize = 500;

/// The first moment at which a stamp on what was asked at `asked` is late; none where the rule sets no time,
/// or the calendar does not reach. What is stamped together is counted from the end of its period where the
/// rule says so, and due by that end where it says no more.
pub fn due(stamp: &Countersign, asked: Instant, calendar: &Calendar) -> Option<Instant> {
    let period = || match stamp.batch.as_ref()? {
        Schedule::Every(every) => Some((every, clock::span_of(every, asked.date())?)),
        Schedule::Irregular => None,
    };
    let due = match &stamp.deadline {
        Some(deadline) if deadline.from == Some(Event::PeriodEnd) => {
            clock::due(deadline, period()?.1.last.start(), calendar)
        }
        Some(deadline) => clock::due(deadline, asked, calendar),
        None => period().map(|(every, span)| clock::due_of(every, span, calendar))?,
    };
    due.ok().map(|due| due.moment)
}

/// What a supervisor finds on opening a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It matches; it may go with the batch.
    Match,
    /// Its maker must mend it.
    Return,
    /// Somebody else must look into it.
    Anomaly,
}

impl Verdict {
    /// The word in the entry.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Match => "match",
            Verdict::Return => "return",
            Verdict::Anomaly => "anomaly",
        }
    }
}

/// A row as the supervisor's queue holds it.
#[derive(Clone, Debug)]
pub struct Row {
    /// The lookup.
    pub lookup: Lookup,
    /// Its revision when it was read.
    pub seen: Seen,
    /// Whether the ledger's head drew it for opening.
    pub drawn: bool,
}

impl Row {
    /// Whether it must be opened and judged before it can be stamped.
    pub fn must_open(&self) -> bool {
        (self.drawn || !self.lookup.lights.all_lit()) && !self.lookup.judged
    }
}

/// Whether `actor` may stamp `lookup` at all, and under which clauses.
///
/// # Errors
/// The first reason against it: role, unit, own record, state.
pub fn may_stamp(rule: Rule<'_>, actor: &Actor, lookup: &Lookup) -> Result<Vec<ClauseId>, Refusal> {
    let stamp = rule.pack.countersign(&checks::situation_of(actor, lookup));
    let clauses = stamp.as_ref().map(|s| s.clauses.clone()).unwrap_or_default();
    let by = stamp.as_ref().map(|s| s.value.by_role()).unwrap_or_default();
    let refuse = |reason| Refusal::new(reason).under_first(&clauses).helped_by(Help::Role(String::from(by)));
    let theirs = stamp.as_ref().is_none_or(|stamp| stamp.value.is_by(&actor.role));
    if !actor.can(Capacity::Stamp) || !theirs {
        return Err(refuse(Reason::NoCapacity));
    }
    if lookup.unit != actor.unit {
        return Err(refuse(Reason::NotYourUnit));
    }
    if lookup.asker == actor.person {
        return Err(refuse(Reason::OwnRecord));
    }
    if lookup.stamp != Stamp::Awaiting {
        return Err(refuse(Reason::WrongState).with("state", lookup.stamp.word()));
    }
    Ok(clauses)
}

/// Judges one row after opening it.
///
/// # Errors
/// The actor may not stamp it, or a finding has no words.
pub fn judge(
    rule: Rule<'_>,
    actor: &Actor,
    row: &Row,
    verdict: Verdict,
    note: &Personal,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    let lookup = &row.lookup;
    let clauses = may_stamp(rule, actor, lookup).map_err(|refusal| vec![refusal])?;
    let unexplained = !lookup.lights.all_lit();
    // A row that the case explains matches without words; every other finding has to say why.
    if note.expose().trim().is_empty() && (verdict != Verdict::Match || unexplained) {
        return Err(vec![Refusal::new(Reason::NoteMissing).under_first(&clauses).at("note")]);
    }
    let stamp = match verdict {
        Verdict::Match => Stamp::Awaiting,
        Verdict::Return => Stamp::Returned,
        Verdict::Anomaly => Stamp::Anomaly,
    };
    let act = match verdict {
        Verdict::Return => "lookup.returned",
        _ => "lookup.judged",
    };
    let fact = Fact::new(event, act)
        .outcome(verdict.word())
        .of_record(lookup.id.as_str())
        .under(&clauses)
        .detail("drawn", i64::from(row.drawn))
        .commit("note", note)
        .on(Grounds::of(&(verdict, note), &Kept::one(actor, lookup, row.drawn)));
    let change = Change::Judged {
        id: lookup.id.clone(),
        stamp,
        matching: verdict == Verdict::Match,
        by: actor.person.clone(),
        note: note.clone(),
        at: now,
    };
    Ok(Decision::new(Permit::under(rule.reference, actor, &clauses, now), fact)
        .seeing([row.seen.clone()])
        .change(lookup.key(&actor.log()), decision::Change::Lookup(change)))
}

/// The whole of a stamping: which rows, under which batch code, drawn how.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The batch code.
    pub id: BatchId,
    /// The rows.
    pub rows: Vec<Row>,
    /// The ledger head that drew the rows to open: tree size and root.
    pub drawn_by: String,
}

/// Stamps many rows with one signature; each row gets its own stamp. A row is judged by the
/// regulation it was asked under, which `rule_of` knows; the entry names the one in force.
///
/// # Errors
/// Nothing selected, too many rows, a row the actor may not stamp, a row not opened.
pub fn stamp<'a>(
    rule: Rule<'_>,
    rule_of: &dyn Fn(&Lookup) -> Rule<'a>,
    actor: &Actor,
    batch: &Batch,
    event: &EventId,
    now: Instant,
) -> Outcome<Decision> {
    if batch.rows.is_empty() {
        return Err(vec![Refusal::new(Reason::NothingSelected).at("rows")]);
    }
    if batch.rows.len() > ROWS_MAX {
        let most = format!("{ROWS_MAX}");
        return Err(vec![Refusal::new(Reason::FieldTooLong).at("rows").with("most", most)]);
    }
    let clauses = stampable(rule_of, actor, &batch.rows)?;
    let codes: Vec<String> = batch.rows.iter().map(|row| row.lookup.id.to_string()).collect();
    let fact = Fact::new(event, "lookup.stamped")
        .of_record(batch.id.as_str())
        .under(&clauses)
        .detail("rows", codes)
        .detail("drawn_by", batch.drawn_by.as_str())
        .on(Grounds::of(&batch.drawn_by, &kept(actor, &batch.rows)));
    let mut decision = Decision::new(Permit::under(rule.reference, actor, &clauses, now), fact);
    for row in &batch.rows {
        let state = match row.lookup.state {
            State::Requested => State::Approved,
            other => other,
        };
        let change = Change::Stamped {
            id: row.lookup.id.clone(),
            state,
            batch: batch.id.clone(),
            by: actor.person.clone(),
            at: now,
        };
        decision = decision
            .seeing([row.seen.clone()])
            .change(row.lookup.key(&actor.log()), decision::Change::Lookup(change));
    }
    Ok(decision)
}

fn kept(actor: &Actor, rows: &[Row]) -> Kept {
    let kept = |row: &Row| KeptRow { lookup: row.lookup.clone(), marked: row.drawn };
    Kept {
        actor: actor.clone(),
        rows: rows.iter().map(kept).collect(),
        links: vec![],
        contracts: vec![],
        machine: None,
    }
}

/// The clauses of all rows, or every refusal, each naming its record.
fn stampable<'a>(
    rule_of: &dyn Fn(&Lookup) -> Rule<'a>,
    actor: &Actor,
    rows: &[Row],
) -> Outcome<Vec<ClauseId>> {
    let (mut clauses, mut refusals) = (Vec::new(), Vec::new());
    for row in rows {
        match may_stamp(rule_of(&row.lookup), actor, &row.lookup) {
            Err(refusal) => refusals.push(refusal.with("record", row.lookup.id.as_str())),
            Ok(obeyed) if row.must_open() => refusals.push(
                Refusal::new(Reason::NotOpened).under_first(&obeyed).with("record", row.lookup.id.as_str()),
            ),
            Ok(obeyed) => clauses.extend(obeyed),
        }
    }
    clauses.sort();
    clauses.dedup();
    if refusals.is_empty() { Ok(clauses) } else { Err(refusals) }
}
