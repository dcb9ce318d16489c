//! What one transaction of the writer does with the decisions that waited: check, write, move the heads.

use crate::engine::Engine;
use crate::fault::Fault;
use crate::head::{Head, INSERT_LEAF, INSERT_NODE};
use crate::prepare::{Once, Prepared};
use crate::row;
use crate::statement::{Bulk, Merged, Type, WIDTHS};
use crate::value::{Row, Value, count};
use domain::id::LogId;
use ledger::Hash;
use std::collections::{BTreeMap, BTreeSet, HashMap};

pub(crate) static SELECT_REVISIONS: Bulk = Bulk {
    name: "select_revisions",
    head: "SELECT key, rev FROM revision WHERE key IN (",
    columns: &[Type::Text],
    tail: ")",
};
pub(crate) static SELECT_ONCES: Bulk = Bulk {
    name: "select_onces",
    head: "SELECT actor, key, request, log, idx, n, hash FROM idempotency WHERE (actor, key) IN (",
    columns: &[Type::Text, Type::Text],
    tail: ")",
};
pub(crate) static COUNT_UP: Bulk = Bulk {
    name: "count_up",
    head: "INSERT INTO revision (key, rev)",
    columns: &[Type::Text, Type::BigInt],
    tail: "ON CONFLICT (key) DO UPDATE SET rev = revision.rev + 1",
};
pub(crate) static INSERT_ONCE: Bulk = Bulk {
    name: "insert_once",
    head: "INSERT INTO idempotency (actor, key, request, log, idx, n, hash, at)",
    columns: &[
        Type::Text,
        Type::Text,
        Type::Text,
        Type::Text,
        Type::BigInt,
        Type::BigInt,
        Type::Bytea,
        Type::BigInt,
    ],
    tail: "",
};
pub(crate) static INSERT_DECISION: Bulk = Bulk {
    name: "insert_decision",
    head: "INSERT INTO decision (log, idx, id, act, outcome, record, person, unit, pack, digest, clauses, \
           detail, sealed, at)",
    columns: &[
        Type::Text,
        Type::BigInt,
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
    ],
    tail: "",
};
pub(crate) static COUNT_CLAUSES: Bulk = Bulk {
    name: "count_clauses",
    head: "INSERT INTO clause_count (log, day, clause, act, outcome, n)",
    columns: &[Type::Text, Type::BigInt, Type::Text, Type::Text, Type::Text, Type::BigInt],
    tail: "ON CONFLICT (log, day, clause, act, outcome) DO UPDATE SET n = clause_count.n + excluded.n",
};

/// What a durable write is told to whoever asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The log it is entered in.
    pub log: LogId,
    /// The index of its first entry.
    pub index: u64,
    /// The hash of that entry's leaf.
    pub hash: Hash,
    /// How many entries it has.
    pub count: u64,
    /// Whether this is the receipt of an earlier request with the same idempotency key.
    pub replayed: bool,
}

/// What became of one decision of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Entered, if the batch commits.
    Done(Receipt),
    /// The same request was carried out before.
    Replayed(Receipt),
    /// The idempotency key was used for another request.
    KeyReused,
    /// A row it relies on has changed.
    Stale,
}

/// What a writer keeps from one transaction to the next.
#[derive(Default)]
pub(crate) struct Notebook {
    /// Rendered texts of bulk statements.
    pub(crate) texts: Texts,
    /// The epoch of each log that was written to.
    pub(crate) epochs: BTreeMap<String, i64>,
}

/// Rendered texts of bulk statements, by name and width.
#[derive(Default)]
pub(crate) struct Texts {
    rendered: HashMap<(&'static str, usize), String>,
}

impl Texts {
    fn of(&mut self, bulk: &'static Bulk, rows: usize) -> &str {
        self.rendered.entry((bulk.name, rows)).or_insert_with(|| bulk.render(rows))
    }

    /// Asks about many rows at once, in as few statements as the widths allow; the last row fills up.
    fn ask(
        &mut self,
        engine: &mut dyn Engine,
        bulk: &'static Bulk,
        rows: &[Vec<Value>],
    ) -> Result<Vec<Row>, Fault> {
        let mut found = Vec::new();
        for chunk in rows.chunks(WIDTHS[0]) {
            let width = WIDTHS.into_iter().rev().find(|width| *width >= chunk.len()).unwrap_or(WIDTHS[0]);
            let filling = std::iter::repeat_n(&chunk[chunk.len() - 1], width - chunk.len());
            let rows: Vec<&[Value]> = chunk.iter().chain(filling).map(Vec::as_slice).collect();
            found.extend(engine.run_rows(self.of(bulk, width), &rows)?);
        }
        Ok(found)
    }

    /// Writes rows with the widest statements that fit.
    pub(crate) fn write(
        &mut self,
        engine: &mut dyn Engine,
        bulk: &'static Bulk,
        rows: &[&[Value]],
    ) -> Result<(), Fault> {
        let mut rest = rows;
        for width in WIDTHS {
            while rest.len() >= width {
                let (now, later) = rest.split_at(width);
                engine.run_rows(self.of(bulk, width), now)?;
                rest = later;
            }
        }
        Ok(())
    }

    fn write_owned(
        &mut self,
        engine: &mut dyn Engine,
        bulk: &'static Bulk,
        rows: &[Vec<Value>],
    ) -> Result<(), Fault> {
        let rows: Vec<&[Value]> = rows.iter().map(Vec::as_slice).collect();
        self.write(engine, bulk, &rows)
    }
}

/// Requests and receipts by actor and idempotency key.
type Done = BTreeMap<(String, String), (String, Receipt)>;
/// Log, day, clause, act and outcome: what uses of clauses are counted by.
type ClauseKey<'a> = (&'a str, i64, &'a str, &'a str, &'a str);

/// A batch in the making.
struct Batch<'a> {
    engine: &'a mut dyn Engine,
    texts: &'a mut Texts,
    revisions: BTreeMap<String, i64>,
    /// Keys that this batch has changed.
    changed: BTreeSet<&'a str>,
    /// Keys that the rows not yet written change.
    pending: BTreeSet<&'a str>,
    rows: Merged<'a>,
    heads: BTreeMap<&'a str, Head>,
    once: Done,
    decisions: Vec<Vec<Value>>,
    /// How often each clause was used; gathered first, for one statement must not write a row twice.
    clauses: BTreeMap<ClauseKey<'a>, i64>,
    onces: Vec<Vec<Value>>,
}

/// Checks and writes decisions inside a transaction that the caller has begun and will commit.
///
/// The heads come first, in the order of their names: they are the locks, and nobody who holds one waits for
/// one before it.
pub(crate) fn apply(
    engine: &mut dyn Engine,
    notebook: &mut Notebook,
    decisions: &[&Prepared],
) -> Result<Vec<Verdict>, Fault> {
    let Notebook { texts, epochs } = notebook;
    let mut heads = BTreeMap::new();
    let logs: BTreeMap<&str, &str> = decisions.iter().map(|one| (&*one.log, &*one.origin)).collect();
    for (log, origin) in logs {
        heads.insert(log, Head::open(engine, epochs, log, origin)?);
    }
    let revisions = revisions(engine, texts, decisions)?;
    let once = earlier(engine, texts, decisions)?;
    let mut batch = Batch {
        engine,
        texts,
        revisions,
        changed: BTreeSet::new(),
        pending: BTreeSet::new(),
        rows: Merged::default(),
        heads,
        once,
        decisions: Vec::new(),
        clauses: BTreeMap::new(),
        onces: Vec::new(),
    };
    let verdicts = decisions.iter().map(|decision| batch.take(decision));
    let verdicts = verdicts.collect::<Result<Vec<_>, Fault>>()?;
    batch.finish()?;
    Ok(verdicts)
}

/// The revisions of all rows that any of the decisions relies on.
fn revisions(
    engine: &mut dyn Engine,
    texts: &mut Texts,
    decisions: &[&Prepared],
) -> Result<BTreeMap<String, i64>, Fault> {
    let keys: BTreeSet<&str> =
        decisions.iter().flat_map(|decision| &decision.seen).map(|(key, _)| key.as_str()).collect();
    let keys: Vec<Vec<Value>> = keys.into_iter().map(|key| row![key]).collect();
    let found = texts.ask(engine, &SELECT_REVISIONS, &keys)?;
    found.iter().map(|row| Ok((row.text("key")?, row.int("rev")?))).collect()
}

/// What was done before under the idempotency keys of the decisions.
fn earlier(engine: &mut dyn Engine, texts: &mut Texts, decisions: &[&Prepared]) -> Result<Done, Fault> {
    let keys = decisions.iter().filter_map(|decision| decision.once.as_ref());
    let keys: BTreeSet<(&str, &str)> = keys.map(|once| (&*once.actor, &*once.key)).collect();
    let keys: Vec<Vec<Value>> = keys.into_iter().map(|(actor, key)| row![actor, key]).collect();
    let found = texts.ask(engine, &SELECT_ONCES, &keys)?;
    let done =
        |row: &Row| Ok(((row.text("actor")?, row.text("key")?), (row.text("request")?, receipt(row)?)));
    found.iter().map(done).collect()
}

/// The receipt that a row of table `idempotency` keeps.
pub(crate) fn receipt(row: &Row) -> Result<Receipt, Fault> {
    Ok(Receipt {
        log: LogId::new(row.text("log")?),
        index: row.count("idx")?,
        hash: row.hash("hash")?,
        count: row.count("n")?,
        replayed: true,
    })
}

impl<'a> Batch<'a> {
    fn take(&mut self, decision: &'a Prepared) -> Result<Verdict, Fault> {
        if let Some(once) = &decision.once
            && let Some(verdict) = self.earlier(once)
        {
            return Ok(verdict);
        }
        if !self.is_fresh(decision) {
            return Ok(Verdict::Stale);
        }
        if decision.touched.iter().any(|key| self.pending.contains(key.as_str())) {
            // The same row twice in one statement is an error; and the order of the two must stay.
            self.flush()?;
        }
        for key in &decision.touched {
            self.pending.insert(key);
            self.changed.insert(key);
        }
        self.rows.merge(&decision.rows);
        let receipt = self.enter(decision)?;
        if let Some(once) = &decision.once {
            self.keep_once(decision, once, &receipt);
        }
        Ok(Verdict::Done(receipt))
    }

    /// What the same idempotency key did before, in an earlier transaction or in this one.
    fn earlier(&self, once: &Once) -> Option<Verdict> {
        let (request, receipt) = self.once.get(&(once.actor.clone(), once.key.clone()))?;
        Some(match *request == once.request {
            true => Verdict::Replayed(Receipt { replayed: true, ..receipt.clone() }),
            false => Verdict::KeyReused,
        })
    }

    /// Whether all that it relies on is as it was read, before this batch and within it.
    fn is_fresh(&self, decision: &Prepared) -> bool {
        decision.seen.iter().all(|(key, rev)| {
            !self.changed.contains(key.as_str()) && self.revisions.get(key).copied().unwrap_or(0) == *rev
        })
    }

    /// Appends the entries of a decision to its log.
    fn enter(&mut self, decision: &'a Prepared) -> Result<Receipt, Fault> {
        let head = self.heads.get_mut(decision.log.as_str());
        let head = head.ok_or_else(|| Fault::Corrupt("a head went missing".into()))?;
        let mut first = None;
        for fact in &decision.facts {
            let index = head.append(fact.hash, &fact.body, decision.at);
            first.get_or_insert((index, fact.hash));
            let place = row![&decision.log, count(index)];
            self.decisions.push([&place[..], &fact.row].concat());
            for clause in &fact.clauses {
                let key = (decision.log.as_str(), decision.day, clause.as_str(), fact.act, fact.outcome);
                *self.clauses.entry(key).or_default() += 1;
            }
        }
        let (index, hash) = first.ok_or_else(|| Fault::Decision("it enters nothing".into()))?;
        let count = decision.facts.len() as u64;
        Ok(Receipt { log: LogId::new(decision.log.as_str()), index, hash, count, replayed: false })
    }

    fn keep_once(&mut self, decision: &Prepared, once: &Once, receipt: &Receipt) {
        self.onces.push(row![
            &once.actor,
            &once.key,
            &once.request,
            &decision.log,
            count(receipt.index),
            count(receipt.count),
            &receipt.hash.0[..],
            decision.at
        ]);
        let key = (once.actor.clone(), once.key.clone());
        self.once.insert(key, (once.request.clone(), receipt.clone()));
    }

    /// Writes the rows that have gathered and counts their keys up.
    fn flush(&mut self) -> Result<(), Fault> {
        let rows = std::mem::take(&mut self.rows);
        for (bulk, rows) in rows.groups() {
            self.texts.write(&mut *self.engine, bulk, rows)?;
        }
        let keys: Vec<_> =
            std::mem::take(&mut self.pending).into_iter().map(|key| row![key, 1_i64]).collect();
        self.texts.write_owned(&mut *self.engine, &COUNT_UP, &keys)
    }

    fn finish(mut self) -> Result<(), Fault> {
        self.flush()?;
        for head in self.heads.values() {
            self.texts.write_owned(&mut *self.engine, &INSERT_LEAF, &head.leaves)?;
            self.texts.write_owned(&mut *self.engine, &INSERT_NODE, &head.nodes)?;
        }
        self.texts.write_owned(&mut *self.engine, &INSERT_DECISION, &self.decisions)?;
        let count = |((log, day, clause, act, outcome), n): (&ClauseKey<'a>, &i64)| {
            row![*log, *day, *clause, *act, *outcome, *n]
        };
        let clauses: Vec<_> = self.clauses.iter().map(count).collect();
        self.texts.write_owned(&mut *self.engine, &COUNT_CLAUSES, &clauses)?;
        // The one table that rows of several logs meet in: in the order of its key no two batches can wait
        // for each other in a circle.
        self.onces.sort_by(|one, other| one[..2].cmp(&other[..2]));
        self.texts.write_owned(&mut *self.engine, &INSERT_ONCE, &self.onces)?;
        self.heads.values().try_for_each(|head| head.swap(&mut *self.engine))
    }
}
