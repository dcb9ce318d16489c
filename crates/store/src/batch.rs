//! What one transaction of the writer does with the decisions that waited: check, write, move the heads.

use crate::engine::Engine;
use crate::fault::Fault;
use crate::head::{Head, INSERT_LEAF, INSERT_NODE};
use crate::prepare::{Once, Prepared};
use crate::row;
use crate::statement::{Bulk, Merged, Statement, Type, WIDTHS};
use crate::value::{Value, count};
use domain::id::LogId;
use ledger::Hash;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One revision a parameter, padded by repeating the last key.
pub(crate) static SELECT_REVISIONS: [Statement; 3] = [
    Statement {
        name: "select_revisions_64",
        sql: "SELECT key, rev FROM revision WHERE key IN (\
              $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, \
              $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, \
              $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, \
              $49, $50, $51, $52, $53, $54, $55, $56, $57, $58, $59, $60, $61, $62, $63, $64)",
    },
    Statement {
        name: "select_revisions_16",
        sql: "SELECT key, rev FROM revision WHERE key IN (\
              $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
    },
    Statement { name: "select_revisions_1", sql: "SELECT key, rev FROM revision WHERE key IN ($1)" },
];
pub(crate) static SELECT_ONCE: Statement = Statement {
    name: "select_once",
    sql: "SELECT request, log, idx, n, hash FROM idempotency WHERE actor = $1 AND key = $2",
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

/// Rendered texts of bulk statements, by name and width.
#[derive(Default)]
pub(crate) struct Texts {
    rendered: HashMap<(&'static str, usize), String>,
}

impl Texts {
    fn of(&mut self, bulk: &'static Bulk, rows: usize) -> &str {
        self.rendered.entry((bulk.name, rows)).or_insert_with(|| bulk.render(rows))
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
                engine.run(self.of(bulk, width), &now.concat())?;
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
    once: BTreeMap<(&'a str, &'a str), (&'a str, Receipt)>,
    decisions: Vec<Vec<Value>>,
    /// How often each clause was used; gathered first, for one statement must not write a row twice.
    clauses: BTreeMap<ClauseKey<'a>, i64>,
    onces: Vec<Vec<Value>>,
}

/// Checks and writes decisions inside a transaction that the caller has begun and will commit.
pub(crate) fn apply(
    engine: &mut dyn Engine,
    texts: &mut Texts,
    decisions: &[&Prepared],
) -> Result<Vec<Verdict>, Fault> {
    let revisions = revisions(engine, decisions)?;
    let mut batch = Batch {
        engine,
        texts,
        revisions,
        changed: BTreeSet::new(),
        pending: BTreeSet::new(),
        rows: Merged::default(),
        heads: BTreeMap::new(),
        once: BTreeMap::new(),
        decisions: Vec::new(),
        clauses: BTreeMap::new(),
        onces: Vec::new(),
    };
    let verdicts = decisions.iter().map(|decision| batch.take(decision));
    let verdicts = verdicts.collect::<Result<Vec<_>, Fault>>()?;
    batch.finish()?;
    Ok(verdicts)
}

/// The revisions of all rows that any of the decisions relies on, in as few statements as the widths allow.
fn revisions(engine: &mut dyn Engine, decisions: &[&Prepared]) -> Result<BTreeMap<String, i64>, Fault> {
    let keys: BTreeSet<&str> =
        decisions.iter().flat_map(|decision| &decision.seen).map(|(key, _)| key.as_str()).collect();
    let keys: Vec<&str> = keys.into_iter().collect();
    let mut found = BTreeMap::new();
    for chunk in keys.chunks(WIDTHS[0]) {
        let narrowest = WIDTHS.iter().rposition(|width| *width >= chunk.len()).unwrap_or(0);
        let padding = chunk.iter().copied().chain(std::iter::repeat(chunk[0])).take(WIDTHS[narrowest]);
        let values: Vec<Value> = padding.map(Value::from).collect();
        for row in engine.run(SELECT_REVISIONS[narrowest].sql, &values)? {
            found.insert(row.text("key")?, row.int("rev")?);
        }
    }
    Ok(found)
}

impl<'a> Batch<'a> {
    fn take(&mut self, decision: &'a Prepared) -> Result<Verdict, Fault> {
        if let Some(once) = &decision.once
            && let Some(verdict) = self.earlier(once)?
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
    fn earlier(&mut self, once: &Once) -> Result<Option<Verdict>, Fault> {
        let judge = |request: &str, receipt: Receipt| match request == once.request {
            true => Verdict::Replayed(Receipt { replayed: true, ..receipt }),
            false => Verdict::KeyReused,
        };
        if let Some((request, receipt)) = self.once.get(&(once.actor.as_str(), once.key.as_str())) {
            return Ok(Some(judge(request, receipt.clone())));
        }
        let rows = self.engine.run(SELECT_ONCE.sql, &row![&once.actor, &once.key])?;
        let Some(found) = rows.first() else { return Ok(None) };
        let receipt = Receipt {
            log: LogId::new(found.text("log")?),
            index: found.count("idx")?,
            hash: found.hash("hash")?,
            count: found.count("n")?,
            replayed: true,
        };
        Ok(Some(judge(&found.text("request")?, receipt)))
    }

    /// Whether all that it relies on is as it was read, before this batch and within it.
    fn is_fresh(&self, decision: &Prepared) -> bool {
        decision.seen.iter().all(|(key, rev)| {
            !self.changed.contains(key.as_str()) && self.revisions.get(key).copied().unwrap_or(0) == *rev
        })
    }

    /// Appends the entries of a decision to its log.
    fn enter(&mut self, decision: &'a Prepared) -> Result<Receipt, Fault> {
        if !self.heads.contains_key(decision.log.as_str()) {
            let head = Head::open(&mut *self.engine, &decision.log, &decision.origin)?;
            self.heads.insert(&decision.log, head);
        }
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

    fn keep_once(&mut self, decision: &'a Prepared, once: &'a Once, receipt: &Receipt) {
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
        self.once.insert((&once.actor, &once.key), (&once.request, receipt.clone()));
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
        self.texts.write_owned(&mut *self.engine, &INSERT_ONCE, &self.onces)?;
        self.heads.values().try_for_each(|head| head.swap(&mut *self.engine))
    }
}
