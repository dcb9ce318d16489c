//! The countersign queue: which rows go together, which must be opened, and the stamping.

use crate::letter::Urgent;
use crate::regulation::in_force::InForce;
use crate::view::{BatchView, Due, QueueView, RecordRow};
use crate::{Answer, Desk, No, Session, carry, words};
use domain::id::{LogId, LookupId};
use domain::lookup::countersign::{self, Batch, Row};
use domain::lookup::{Lookup, Stamp};
use domain::regulation::Capacity;
use domain::time::Instant;
use domain::{Personal, Reason, Refusal};
use ledger::Hash;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use store::capability::lookup::LookupRow;
use store::{Fault, Read};

pub use domain::lookup::countersign::Verdict as Finding;

/// Matched rows of which the ledger's head draws some for opening, and at most how many it draws.
const DRAW_EVERY: usize = 15;
const DRAW_MAX: usize = 3;

/// What the supervisor found, with words where words are wanted.
#[derive(Clone)]
pub enum Verdict {
    /// It matches.
    Match {
        /// Wanted where the case does not explain the row.
        note: String,
    },
    /// Its maker must mend it.
    Return {
        /// One of the reasons offered.
        reason_code: String,
        /// Further words.
        note: String,
    },
    /// Somebody else must look into it.
    Anomaly {
        /// What was seen.
        note: String,
    },
}

impl fmt::Debug for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.finding().word())
    }
}

impl Verdict {
    fn finding(&self) -> Finding {
        match self {
            Verdict::Match { .. } => Finding::Match,
            Verdict::Return { .. } => Finding::Return,
            Verdict::Anomaly { .. } => Finding::Anomaly,
        }
    }

    fn words(&self) -> String {
        match self {
            Verdict::Match { note } | Verdict::Anomaly { note } => note.trim().into(),
            Verdict::Return { reason_code, note } => {
                format!("{} {}", reason_code.trim(), note.trim()).trim().into()
            }
        }
    }
}

/// Reasons offered for returning a row: locale keys.
pub const RETURN_REASONS: [&str; 4] = ["case-number", "reason", "items", "not-mine"];

/// The rows that wait for the actor, sorted by what has to happen with them.
struct Queue {
    rows: Vec<(LookupRow, Row)>,
    own: usize,
    drawn_by: String,
}

impl Desk {
    /// The actor's queue; `open` names the row whose record stands beside it.
    ///
    /// # Errors
    /// The actor stamps nothing.
    pub fn queue(&self, session: &Session, open: Option<&str>) -> Answer<QueueView> {
        if !session.actor.can(Capacity::Stamp) {
            let refusal = Refusal::new(Reason::NoCapacity);
            return Err(No::Refused(vec![self.explain(session, refusal)]));
        }
        let open = open.map(|code| self.record(session, code)).transpose()?;
        let view = self.inner.store.read(|read| {
            let queue = self.load_queue(read, session)?;
            let mut view = QueueView {
                matched: vec![],
                drawn: vec![],
                flagged: vec![],
                judged: vec![],
                own: queue.own,
                drawn_by: queue.drawn_by,
                due: self.earliest_due(session, &queue.rows),
                stamp_word: session.pack.term("countersign").cloned().unwrap_or_else(|| words::plain("")),
                return_reasons: RETURN_REASONS.to_vec(),
                open: None,
            };
            for (row, judged) in &queue.rows {
                let shown = self.record_row(read, session, row)?;
                group(&mut view, judged, shown);
            }
            Ok(view)
        })?;
        Ok(QueueView { open: open.map(Box::new), ..view })
    }

    /// Judges one row after opening it.
    ///
    /// # Errors
    /// The row is not the actor's to judge, or words are missing.
    pub fn judge(&self, session: &Session, code: &str, verdict: &Verdict) -> Answer<()> {
        let id = LookupId::new(code.trim());
        let note = Personal::new(verdict.words());
        self.carry_out(session, "lookup.judge", |read| {
            let queue = self.load_queue(read, session)?;
            let Some((_, row)) = queue.rows.into_iter().find(|(_, row)| row.lookup.id == id) else {
                return self.not_in_queue(read, session, &id);
            };
            let rule = self.rule_for(session, &row.lookup.digest);
            let (actor, event) = (&session.actor, carry::event());
            let finding = verdict.finding();
            Ok(countersign::judge(rule.as_rule(), actor, &row, finding, &note, &event, self.now()))
        })?;
        if verdict.finding() == Finding::Return {
            self.tell_asker(&session.actor.log(), &id);
        }
        Ok(())
    }

    /// Tells whoever asked that their record was sent back.
    fn tell_asker(&self, log: &LogId, id: &LookupId) {
        let asker = self.inner.store.read(|read| Ok(read.lookup(log, id)?.map(|row| row.lookup.asker)));
        if let Ok(Some(asker)) = asker {
            self.alert(log, &[asker], Urgent::Returned);
        }
    }

    /// Why a row is not in the queue: the rule's own reason, so that the answer is exact.
    fn not_in_queue<T>(
        &self,
        read: &mut Read<'_>,
        session: &Session,
        id: &LookupId,
    ) -> Result<domain::Outcome<T>, Fault> {
        let Some(row) = read.lookup(&session.actor.log(), id)? else {
            return Ok(Err(vec![Refusal::new(Reason::RecordUnknown).with("code", id.as_str())]));
        };
        let rule = self.rule_for(session, &row.lookup.digest);
        let refusal = countersign::may_stamp(rule.as_rule(), &session.actor, &row.lookup)
            .err()
            .unwrap_or_else(|| Refusal::new(Reason::Changed));
        Ok(Err(vec![refusal]))
    }

    /// Stamps rows. Rows that changed since the queue was opened are left out and named.
    ///
    /// # Errors
    /// The proof is wrong, a row was not opened, nothing is left to stamp.
    pub fn stamp(
        &self,
        session: &Session,
        codes: &[String],
        proof: &str,
        form_key: &str,
    ) -> Answer<BatchView> {
        let once = carry::once(form_key, &codes.join(" "));
        if let Some(receipt) = self.earlier(session, once.as_ref())? {
            return self.stamped(&receipt, vec![]);
        }
        if !self.proves(session, "lookup.stamp", proof)? {
            let refusal = Refusal::new(Reason::ProofAgain).at("proof");
            return Err(self.refuse(session, "lookup.stamp", vec![refusal]));
        }
        let id = self.batch_code()?;
        let wanted: BTreeSet<&str> = codes.iter().map(|code| code.trim()).collect();
        let dropped = std::cell::RefCell::new(Vec::new());
        let event = carry::event();
        let receipt = self.carry_out(session, "lookup.stamp", |read| {
            let queue = self.load_queue(read, session)?;
            let rows: Vec<Row> = queue
                .rows
                .into_iter()
                .map(|(_, row)| row)
                .filter(|row| wanted.contains(row.lookup.id.as_str()))
                .collect();
            let found: BTreeSet<&str> = rows.iter().map(|row| row.lookup.id.as_str()).collect();
            let gone: Vec<String> =
                wanted.iter().filter(|code| !found.contains(*code)).map(|c| c.to_string()).collect();
            if let (Some(first), true) = (gone.first(), rows.is_empty()) {
                return self.not_in_queue(read, session, &LookupId::new(first.as_str()));
            }
            *dropped.borrow_mut() = gone;
            let batch = Batch { id: id.clone(), rows, drawn_by: queue.drawn_by };
            let rules: BTreeMap<String, InForce> =
                batch.rows.iter().map(|row| self.rule_of_row(session, row)).collect();
            let rule_of = |lookup: &Lookup| rules[&lookup.digest].as_rule();
            let (rule, actor) = (session.as_rule(), &session.actor);
            let decided = countersign::stamp(rule, &rule_of, actor, &batch, &event, self.now());
            Ok(decided.map(|decision| decision.once(once.clone())))
        })?;
        self.stamped(&receipt, dropped.into_inner())
    }

    /// The regulation a row runs under, by its digest.
    fn rule_of_row(&self, session: &Session, row: &Row) -> (String, InForce) {
        let digest = &row.lookup.digest;
        (digest.clone(), self.rule_for(session, digest))
    }

    /// What a batch came to, as its own entry says it.
    fn stamped(&self, receipt: &store::Receipt, dropped: Vec<String>) -> Answer<BatchView> {
        let entry = self.inner.store.read(|read| read.entry(&receipt.log, receipt.index))?;
        let entry = entry.ok_or_else(|| No::fault(&Fault::Corrupt("a batch's entry".into())))?;
        let detail: serde_json::Value = serde_json::from_str(&entry.detail).unwrap_or_default();
        let stamped = detail["rows"].as_array().map_or(0, Vec::len);
        Ok(BatchView { code: entry.record.unwrap_or_default(), stamped, dropped })
    }

    /// Reads the rows that wait in the actor's unit and lets the ledger's head draw some of them.
    ///
    /// Without this draw a supervisor could choose which rows nobody ever opens. Rows are ranked by
    /// the hash of their own entry, which nobody chose and everybody with the log can compute; a
    /// row's rank never changes, so that its fate does not change while the queue is worked.
    fn load_queue(&self, read: &mut Read<'_>, session: &Session) -> Result<Queue, Fault> {
        let actor = &session.actor;
        let log = actor.log();
        let most = i64::try_from(countersign::ROWS_MAX).unwrap_or(500);
        let all = read.sheets_in_unit(&log, &actor.unit, Stamp::Awaiting, most)?;
        let (own, others): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|row| row.lookup.asker == actor.person);
        let matched = others.iter().filter(|row| row.lookup.lights.all_lit());
        let mut ranked = Vec::new();
        for row in matched {
            let hash = read.first_hash_of_record(&log, row.lookup.id.as_str())?;
            ranked.push((hash.unwrap_or(ledger::hash::EMPTY_ROOT), row.lookup.id.to_string()));
        }
        let picked = drawn(ranked);
        let mut rows = Vec::with_capacity(others.len());
        for row in &others {
            let seen = read.rev(&row.lookup.key(&log))?;
            let drawn = picked.contains(row.lookup.id.as_str());
            rows.push((row.clone(), Row { lookup: row.lookup.clone(), seen, drawn }));
        }
        let head = read.head(&log)?;
        let drawn_by = head.map(|head| format!("{} {}", head.size, head.root)).unwrap_or_default();
        Ok(Queue { rows, own: own.len(), drawn_by })
    }

    fn earliest_due(&self, session: &Session, rows: &[(LookupRow, Row)]) -> Option<Due> {
        let stamp = session.pack.countersign(&session.actor.situation())?;
        let first = rows.iter().map(|(_, row)| row.lookup.at).min()?;
        let at = countersign::due(&stamp.value, first, &self.calendar(&session.actor.log()))?;
        Some(due_view(at, self.now()))
    }
}

/// A due moment with the days that are left.
pub(crate) fn due_view(at: Instant, now: Instant) -> Due {
    // The moment is the first that is late, so the day named is that of the last that is not.
    let date = Instant::from_micros(at.micros() - 1).date();
    Due { date, at, days_left: now.date().days_until(date) }
}

/// The codes of the rows with the lowest ranks.
fn drawn(mut ranked: Vec<(Hash, String)>) -> BTreeSet<String> {
    let count = ranked.len().div_ceil(DRAW_EVERY).min(DRAW_MAX);
    ranked.sort();
    ranked.into_iter().take(count).map(|(_, code)| code).collect()
}

fn group(view: &mut QueueView, row: &Row, shown: RecordRow) {
    if row.lookup.judged {
        view.judged.push(shown);
    } else if !row.lookup.lights.all_lit() {
        view.flagged.push(shown);
    } else if row.drawn {
        view.drawn.push(shown);
    } else {
        view.matched.push(shown);
    }
}
