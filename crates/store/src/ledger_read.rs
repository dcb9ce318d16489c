//! Reading logs: heads, checkpoints, entries, tiles and proofs.

use crate::fault::Fault;
use crate::head::SELECT_HEADS;
use crate::read::Read;
use crate::row;
use crate::statement::Statement;
use crate::value::{Row, count};
use domain::id::LogId;
use domain::time::{Date, Instant};
use ledger::Hash;
use ledger::tile::{TILE_WIDTH, append_entry, tile_bytes};
use ledger::tree::{HashSource, ProveError, prove_consistency, prove_inclusion};
use std::cell::RefCell;
use std::ops::Range;

static SELECT_HEAD: Statement =
    Statement { name: "select_head", sql: "SELECT origin, size, root, at FROM log_head WHERE log = $1" };
static SELECT_CHECKPOINT: Statement = Statement {
    name: "select_checkpoint",
    sql: "SELECT size, root, note, at FROM checkpoint WHERE log = $1",
};
static SELECT_LEAVES: Statement = Statement {
    name: "select_leaves",
    sql: "SELECT idx, hash, body FROM log_leaf WHERE log = $1 AND idx >= $2 AND idx < $3 ORDER BY idx",
};
static SELECT_LEAF_HASHES: Statement = Statement {
    name: "select_leaf_hashes",
    sql: "SELECT hash FROM log_leaf WHERE log = $1 AND idx >= $2 AND idx < $3 ORDER BY idx",
};
static SELECT_NODE_HASHES: Statement = Statement {
    name: "select_node_hashes",
    sql: "SELECT hash FROM log_node WHERE log = $1 AND level = $2 AND idx >= $3 AND idx < $4 ORDER BY idx",
};
static SELECT_OF_RECORD: Statement = Statement {
    name: "select_of_record",
    sql: "SELECT idx, id, act, outcome, record, person, unit, pack, digest, clauses, detail, at \
          FROM decision WHERE COALESCE(log, '') = $1 AND record = $2 ORDER BY idx",
};
static SELECT_FIRST_HASH: Statement = Statement {
    name: "select_first_hash",
    sql: "SELECT l.hash FROM decision d JOIN log_leaf l ON l.log = d.log AND l.idx = d.idx \
          WHERE COALESCE(d.log, '') = $1 AND d.record = $2 ORDER BY d.idx LIMIT 1",
};
static SELECT_ENTRY: Statement = Statement {
    name: "select_entry",
    sql: "SELECT idx, id, act, outcome, record, person, unit, pack, digest, clauses, detail, at \
          FROM decision WHERE log = $1 AND idx = $2",
};
static SELECT_BEFORE: Statement = Statement {
    name: "select_entries_before",
    sql: "SELECT idx, id, act, outcome, record, person, unit, pack, digest, clauses, detail, at \
          FROM decision WHERE log = $1 AND idx < $2 ORDER BY idx DESC LIMIT $3",
};
static SUM_CLAUSE_COUNTS: Statement = Statement {
    name: "sum_clause_counts",
    sql: "SELECT clause, act, outcome, CAST(SUM(n) AS BIGINT) AS n FROM clause_count \
          WHERE log = $1 AND day >= $2 AND day <= $3 \
          GROUP BY clause, act, outcome ORDER BY clause, act, outcome",
};

pub(crate) static STATEMENTS: &[&Statement] = &[
    &SELECT_HEAD,
    &SELECT_CHECKPOINT,
    &SELECT_LEAVES,
    &SELECT_LEAF_HASHES,
    &SELECT_NODE_HASHES,
    &SELECT_OF_RECORD,
    &SELECT_FIRST_HASH,
    &SELECT_ENTRY,
    &SELECT_BEFORE,
    &SUM_CLAUSE_COUNTS,
];

/// The head of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadRow {
    /// The log's name.
    pub log: String,
    /// Its origin, which names it in checkpoints and leaves.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
    /// When the newest of them was decided.
    pub at: Instant,
}

/// The newest signed checkpoint of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckpointRow {
    /// How many entries it covers.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
    /// The signed note, as it is published.
    pub note: String,
    /// When the newest entry that it covers was decided.
    pub at: Instant,
}

/// A leaf of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeafRow {
    /// Its index.
    pub index: u64,
    /// Its hash.
    pub hash: Hash,
    /// Its canonical bytes.
    pub body: Vec<u8>,
}

/// An entry as people list it: the plain part of what its leaf says, and who acted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRow {
    /// Its index in the log.
    pub index: u64,
    /// The event's identifier, which also names its sealed part.
    pub id: String,
    /// What happened.
    pub act: String,
    /// How it ended.
    pub outcome: String,
    /// The record code, if it is about a record.
    pub record: Option<String>,
    /// Who acted.
    pub person: String,
    /// In which unit.
    pub unit: String,
    /// The regulation, as `pack@version`.
    pub pack: Option<String>,
    /// The digest of the regulation.
    pub digest: Option<String>,
    /// The clauses it shows obeyed or refused under.
    pub clauses: Vec<String>,
    /// The plain details, as JSON.
    pub detail: String,
    /// When.
    pub at: Instant,
}

/// How often a clause was used by one act with one outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClauseUse {
    /// The clause.
    pub clause: String,
    /// The act.
    pub act: String,
    /// The outcome.
    pub outcome: String,
    /// How often.
    pub n: u64,
}

fn entry(row: &Row) -> Result<EntryRow, Fault> {
    let clauses = serde_json::from_str(&row.text("clauses")?);
    Ok(EntryRow {
        index: row.count("idx")?,
        id: row.text("id")?,
        act: row.text("act")?,
        outcome: row.text("outcome")?,
        record: row.opt_text("record")?,
        person: row.text("person")?,
        unit: row.text("unit")?,
        pack: row.opt_text("pack")?,
        digest: row.opt_text("digest")?,
        clauses: clauses.map_err(|_| Fault::Corrupt("the clauses of an entry".into()))?,
        detail: row.text("detail")?,
        at: row.instant("at")?,
    })
}

fn leaf(row: &Row) -> Result<LeafRow, Fault> {
    Ok(LeafRow { index: row.count("idx")?, hash: row.hash("hash")?, body: row.bytes("body")?.to_vec() })
}

impl Read<'_> {
    /// The names of all logs that were ever written to.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn log_names(&mut self) -> Result<Vec<LogId>, Fault> {
        self.query(&SELECT_HEADS, &[])?.iter().map(|row| Ok(LogId::new(row.text("log")?))).collect()
    }

    /// The head of a log, if it was ever written to.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn head(&mut self, log: &LogId) -> Result<Option<HeadRow>, Fault> {
        let Some(row) = self.one(&SELECT_HEAD, &row![log])? else { return Ok(None) };
        Ok(Some(HeadRow {
            log: log.as_str().into(),
            origin: row.text("origin")?,
            size: row.count("size")?,
            root: row.hash("root")?,
            at: row.instant("at")?,
        }))
    }

    /// The newest signed checkpoint of a log.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn checkpoint(&mut self, log: &LogId) -> Result<Option<CheckpointRow>, Fault> {
        let Some(row) = self.one(&SELECT_CHECKPOINT, &row![log])? else { return Ok(None) };
        Ok(Some(CheckpointRow {
            size: row.count("size")?,
            root: row.hash("root")?,
            note: row.text("note")?,
            at: row.instant("at")?,
        }))
    }

    /// One leaf.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn leaf(&mut self, log: &LogId, index: u64) -> Result<Option<LeafRow>, Fault> {
        Ok(self.leaves(log, index..index.saturating_add(1))?.into_iter().next())
    }

    /// The leaves of a range of indices, as far as they exist.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn leaves(&mut self, log: &LogId, range: Range<u64>) -> Result<Vec<LeafRow>, Fault> {
        let rows = self.query(&SELECT_LEAVES, &row![log, count(range.start), count(range.end)])?;
        rows.iter().map(leaf).collect()
    }

    /// Hashes of one tile level, as far as they exist: leaf hashes at level 0, above it roots of full tiles.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn hashes(&mut self, log: &LogId, level: u8, range: Range<u64>) -> Result<Vec<Hash>, Fault> {
        let (start, end) = (count(range.start), count(range.end));
        let rows = match level {
            0 => self.query(&SELECT_LEAF_HASHES, &row![log, start, end])?,
            _ => self.query(&SELECT_NODE_HASHES, &row![log, i64::from(level), start, end])?,
        };
        rows.iter().map(|row| row.hash("hash")).collect()
    }

    /// The bytes of a hash tile (C2SP `tlog-tiles`) of 1 to 256 hashes; none if the log has fewer.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn tile(&mut self, log: &LogId, level: u8, index: u64, width: u16) -> Result<Option<Vec<u8>>, Fault> {
        let Some(range) = tile_range(index, width) else { return Ok(None) };
        let hashes = self.hashes(log, level, range)?;
        Ok((hashes.len() == usize::from(width)).then(|| tile_bytes(&hashes)))
    }

    /// The bytes of an entry bundle (C2SP `tlog-tiles`) of 1 to 256 entries; none if the log has fewer.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn entries(&mut self, log: &LogId, index: u64, width: u16) -> Result<Option<Vec<u8>>, Fault> {
        let Some(range) = tile_range(index, width) else { return Ok(None) };
        let leaves = self.leaves(log, range)?;
        if leaves.len() != usize::from(width) {
            return Ok(None);
        }
        let mut bundle = Vec::new();
        for leaf in leaves {
            append_entry(&mut bundle, &leaf.body)
                .map_err(|_| Fault::Corrupt("an entry is too long".into()))?;
        }
        Ok(Some(bundle))
    }

    /// The proof that the entry at `index` is in the tree of `size` entries; none if it lies beyond.
    ///
    /// # Errors
    /// If the database refuses or lacks hashes.
    pub fn inclusion_proof(
        &mut self,
        log: &LogId,
        index: u64,
        size: u64,
    ) -> Result<Option<Vec<Hash>>, Fault> {
        let tiles = Tiles { read: RefCell::new(self), log };
        proved(prove_inclusion(&tiles, index, size))
    }

    /// The proof that the tree of `old` entries is the beginning of the tree of `new`;
    /// none if `old` is the larger.
    ///
    /// # Errors
    /// If the database refuses or lacks hashes.
    pub fn consistency_proof(&mut self, log: &LogId, old: u64, new: u64) -> Result<Option<Vec<Hash>>, Fault> {
        let tiles = Tiles { read: RefCell::new(self), log };
        proved(prove_consistency(&tiles, old, new))
    }

    /// The root that a log had at an earlier size.
    ///
    /// # Errors
    /// If the database refuses or lacks hashes.
    pub fn root_at(&mut self, log: &LogId, size: u64) -> Result<Option<Hash>, Fault> {
        let tiles = Tiles { read: RefCell::new(self), log };
        match ledger::tree::root_at(&tiles, size) {
            Ok(root) => Ok(Some(root)),
            Err(error) => proved(Err(error)).map(|_| None),
        }
    }

    /// All entries about one record, oldest first.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn entries_of_record(&mut self, log: &LogId, code: &str) -> Result<Vec<EntryRow>, Fault> {
        self.query(&SELECT_OF_RECORD, &row![log, code])?.iter().map(entry).collect()
    }

    /// The hash of the first entry about a record.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn first_hash_of_record(&mut self, log: &LogId, code: &str) -> Result<Option<Hash>, Fault> {
        self.one(&SELECT_FIRST_HASH, &row![log, code])?.map(|row| row.hash("hash")).transpose()
    }

    /// One entry.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn entry(&mut self, log: &LogId, index: u64) -> Result<Option<EntryRow>, Fault> {
        self.one(&SELECT_ENTRY, &row![log, count(index)])?.as_ref().map(entry).transpose()
    }

    /// At most `most` entries before `before`, newest first.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn entries_before(&mut self, log: &LogId, before: u64, most: u32) -> Result<Vec<EntryRow>, Fault> {
        self.query(&SELECT_BEFORE, &row![log, count(before), most])?.iter().map(entry).collect()
    }

    /// How often each clause was used on the days from `first` to `last`.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn clause_uses(&mut self, log: &LogId, first: Date, last: Date) -> Result<Vec<ClauseUse>, Fault> {
        let used = |row: &Row| {
            Ok(ClauseUse {
                clause: row.text("clause")?,
                act: row.text("act")?,
                outcome: row.text("outcome")?,
                n: row.count("n")?,
            })
        };
        let values = row![log, first.start(), last.start()];
        self.query(&SUM_CLAUSE_COUNTS, &values)?.iter().map(used).collect()
    }
}

/// The indices of a tile; none if the width is not one of 1 to 256.
fn tile_range(index: u64, width: u16) -> Option<Range<u64>> {
    let start = index.checked_mul(TILE_WIDTH)?;
    (1..=TILE_WIDTH).contains(&width.into()).then_some(start..start.checked_add(width.into())?)
}

/// The tiles of one log as the proofs read them.
struct Tiles<'a, 'b> {
    read: RefCell<&'a mut Read<'b>>,
    log: &'a LogId,
}

impl HashSource for Tiles<'_, '_> {
    type Error = Fault;

    fn hashes(&self, level: u8, range: Range<u64>) -> Result<Vec<Hash>, Fault> {
        self.read.borrow_mut().hashes(self.log, level, range)
    }
}

fn proved(proof: Result<Vec<Hash>, ProveError<Fault>>) -> Result<Option<Vec<Hash>>, Fault> {
    match proof {
        Ok(path) => Ok(Some(path)),
        Err(ProveError::OutOfRange) => Ok(None),
        Err(ProveError::ShortRead) => Err(Fault::Corrupt("hashes of the tree are missing".into())),
        Err(ProveError::Source(fault)) => Err(fault),
    }
}
