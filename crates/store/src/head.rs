//! The head row of a log: its size, the frontier to go on from, and the swap that only one writer wins.

use crate::engine::Engine;
use crate::fault::Fault;
use crate::row;
use crate::statement::{Bulk, Statement, Type};
use crate::value::{Value, count};
use ledger::{Frontier, Hash};
use std::collections::BTreeMap;

/// Changes nothing, and by that takes the lock that all who write to the log wait for.
pub(crate) static LOCK_HEAD: Statement = Statement {
    name: "lock_head",
    sql: "UPDATE log_head SET epoch = epoch WHERE log = $1 RETURNING size, epoch, frontier, at",
};
pub(crate) static SELECT_HEADS: Statement =
    Statement { name: "select_heads", sql: "SELECT log, origin, size, root FROM log_head ORDER BY log" };
pub(crate) static MOVE_HEAD: Statement = Statement {
    name: "move_head",
    sql: "UPDATE log_head SET size = $1, frontier = $2, root = $3, at = $4 \
          WHERE log = $5 AND size = $6 AND epoch = $7 RETURNING size",
};
pub(crate) static INSERT_HEAD: Bulk = Bulk {
    name: "insert_head",
    head: "INSERT INTO log_head (log, origin, size, epoch, frontier, root, at)",
    columns: &[Type::Text, Type::Text, Type::BigInt, Type::BigInt, Type::Bytea, Type::Bytea, Type::BigInt],
    // Two nodes that begin a log at once may meet at its origin before they meet at its name.
    tail: "ON CONFLICT DO NOTHING",
};
pub(crate) static INSERT_LEAF: Bulk = Bulk {
    name: "insert_leaf",
    head: "INSERT INTO log_leaf (log, idx, hash, body)",
    columns: &[Type::Text, Type::BigInt, Type::Bytea, Type::Bytea],
    tail: "",
};
pub(crate) static INSERT_NODE: Bulk = Bulk {
    name: "insert_node",
    head: "INSERT INTO log_node (log, level, idx, hash)",
    columns: &[Type::Text, Type::BigInt, Type::BigInt, Type::Bytea],
    tail: "",
};

/// A log as one transaction of a writer sees it and moves it on.
pub(crate) struct Head {
    log: String,
    epoch: i64,
    old_size: u64,
    at: i64,
    frontier: Frontier,
    /// Rows of `log_leaf` to write.
    pub(crate) leaves: Vec<Vec<Value>>,
    /// Rows of `log_node` to write.
    pub(crate) nodes: Vec<Vec<Value>>,
}

impl Head {
    /// The log's head, made if the log is new, and locked until the transaction ends: from here on nobody
    /// else can write to the log. `epochs` are those under which this writer has worked; a log that has
    /// another one now was taken over.
    pub(crate) fn open(
        engine: &mut dyn Engine,
        epochs: &mut BTreeMap<String, i64>,
        log: &str,
        origin: &str,
    ) -> Result<Self, Fault> {
        let mut rows = engine.run(LOCK_HEAD.sql, &row![log])?;
        if rows.is_empty() {
            let empty = Frontier::new();
            let values = row![log, origin, 0_i64, 1_i64, empty.to_bytes(), &empty.root().0[..], 0_i64];
            engine.run(&INSERT_HEAD.render(1), &values)?;
            rows = engine.run(LOCK_HEAD.sql, &row![log])?;
        }
        let damaged = || Fault::Corrupt(format!("the head of log {log}"));
        let found = rows.first().ok_or_else(damaged)?;
        let (epoch, old_size, at) = (found.int("epoch")?, found.count("size")?, found.int("at")?);
        if *epochs.entry(log.to_owned()).or_insert(epoch) != epoch {
            return Err(Fault::Fenced(log.to_owned()));
        }
        let frontier = Frontier::from_bytes(found.bytes("frontier")?).map_err(|_| damaged())?;
        if frontier.size() != old_size {
            return Err(damaged());
        }
        Ok(Self { log: log.to_owned(), epoch, old_size, at, frontier, leaves: Vec::new(), nodes: Vec::new() })
    }

    /// Appends an entry and gives its index.
    pub(crate) fn append(&mut self, hash: Hash, body: &[u8], at: i64) -> u64 {
        let (log, nodes) = (&self.log, &mut self.nodes);
        let index = self.frontier.push_noting(hash, |level, index, hash| {
            if level > 0 {
                nodes.push(row![log, i64::from(level), count(index), &hash.0[..]]);
            }
        });
        self.leaves.push(row![&self.log, count(index), &hash.0[..], body]);
        self.at = self.at.max(at);
        index
    }

    /// Moves the head row on, if nobody else did meanwhile.
    pub(crate) fn swap(&self, engine: &mut dyn Engine) -> Result<(), Fault> {
        if self.frontier.size() == self.old_size {
            return Ok(());
        }
        let (frontier, root) = (self.frontier.to_bytes(), self.frontier.root());
        let size = count(self.frontier.size());
        let values = row![size, frontier, &root.0[..], self.at, &self.log, count(self.old_size), self.epoch];
        match engine.run(MOVE_HEAD.sql, &values)?.is_empty() {
            true => Err(Fault::Corrupt(format!("two writers moved the head of log {}", self.log))),
            false => Ok(()),
        }
    }
}
