//! Every statement is a named constant, once, for both engines.

use crate::fault::Fault;
use crate::value::Value;
use std::fmt::Write as _;

/// A statement that is run as it stands, written as PostgreSQL reads it (`$1`, `BIGINT`, `BYTEA`).
#[derive(Debug)]
pub struct Statement {
    /// The name that the census and the operator's log show.
    pub name: &'static str,
    /// The text.
    pub sql: &'static str,
}

/// The type of a column in a [`Bulk`]; PostgreSQL takes bare parameters of a `VALUES` list for text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Whole numbers, times, truth values.
    BigInt,
    /// Text.
    Text,
    /// Bytes.
    Bytea,
}

impl Type {
    fn word(self) -> &'static str {
        match self {
            Type::BigInt => "BIGINT",
            Type::Text => "TEXT",
            Type::Bytea => "BYTEA",
        }
    }

    fn takes(self, value: &Value) -> bool {
        matches!(
            (self, value),
            (_, Value::Null)
                | (Type::BigInt, Value::Int(_))
                | (Type::Text, Value::Text(_))
                | (Type::Bytea, Value::Bytes(_))
        )
    }
}

/// A write of many rows at once: `head VALUES (…), (…) tail`.
///
/// An insert has the head `INSERT INTO t (a, b)`; an update has the head `WITH v (a, b) AS (` and the tail
/// `) UPDATE t SET b = v.b FROM v WHERE t.a = v.a`. One statement must not write the same row twice.
#[derive(Debug)]
pub struct Bulk {
    /// The name that the census and the operator's log show.
    pub name: &'static str,
    /// What stands before `VALUES`.
    pub head: &'static str,
    /// The type of each column of the list.
    pub columns: &'static [Type],
    /// What stands after the list.
    pub tail: &'static str,
}

/// How many rows a [`Bulk`] takes at once, widest first; few widths keep few prepared statements.
pub(crate) const WIDTHS: [usize; 3] = [64, 16, 1];

impl Bulk {
    /// The text for `rows` rows.
    pub(crate) fn render(&self, rows: usize) -> String {
        let mut text = format!("{} VALUES ", self.head);
        let mut parameter = 0;
        for row in 0..rows {
            text.push_str(if row == 0 { "(" } else { ", (" });
            for (place, kind) in self.columns.iter().enumerate() {
                parameter += 1;
                let comma = if place == 0 { "" } else { ", " };
                // Writing to a String cannot fail.
                let _ = write!(text, "{comma}CAST(${parameter} AS {})", kind.word());
            }
            text.push(')');
        }
        if !self.tail.is_empty() {
            text.push(' ');
            text.push_str(self.tail);
        }
        text
    }

    /// Whether a row of values fits the columns.
    pub(crate) fn check(&self, row: &[Value]) -> Result<(), Fault> {
        let fits = row.len() == self.columns.len()
            && self.columns.iter().zip(row).all(|(kind, value)| kind.takes(value));
        if fits { Ok(()) } else { Err(Fault::Decision(format!("a row does not fit {}", self.name))) }
    }
}

/// The rows of one decision, in the order in which they are to be written.
#[derive(Debug, Default)]
pub struct RowSet {
    groups: Vec<(&'static Bulk, Vec<Vec<Value>>)>,
}

impl RowSet {
    /// Adds a row that `bulk` writes. A row that does not fit the columns makes the whole decision fail.
    pub fn push(&mut self, bulk: &'static Bulk, row: Vec<Value>) {
        match self.groups.iter_mut().find(|(known, _)| std::ptr::eq(*known, bulk)) {
            Some((_, rows)) => rows.push(row),
            None => self.groups.push((bulk, vec![row])),
        }
    }

    /// Whether all rows fit their columns.
    pub(crate) fn check(&self) -> Result<(), Fault> {
        self.groups.iter().try_for_each(|(bulk, rows)| rows.iter().try_for_each(|row| bulk.check(row)))
    }

    /// Roughly how many bytes the values take.
    pub(crate) fn bytes(&self) -> usize {
        let size = |value: &Value| match value {
            Value::Null | Value::Int(_) => 8,
            Value::Text(text) => text.len(),
            Value::Bytes(bytes) => bytes.len(),
        };
        self.groups.iter().flat_map(|(_, rows)| rows).flatten().map(size).sum()
    }
}

/// The rows of several decisions, statement by statement, in an order that keeps each decision's own order.
#[derive(Default)]
pub(crate) struct Merged<'a> {
    groups: Vec<(&'static Bulk, Vec<&'a [Value]>)>,
}

impl<'a> Merged<'a> {
    /// Takes in the rows of one decision: into groups that exist where its own order allows, and behind them
    /// where it does not.
    pub(crate) fn merge(&mut self, set: &'a RowSet) {
        let mut from = 0;
        for (bulk, rows) in &set.groups {
            let found = self.groups[from..].iter().position(|(known, _)| std::ptr::eq(*known, *bulk));
            from = found.map_or(self.groups.len(), |place| from + place);
            if from == self.groups.len() {
                self.groups.push((bulk, Vec::new()));
            }
            self.groups[from].1.extend(rows.iter().map(Vec::as_slice));
        }
    }

    /// The groups in the order to write them.
    pub(crate) fn groups(&self) -> impl Iterator<Item = (&'static Bulk, &[&'a [Value]])> {
        self.groups.iter().map(|(bulk, rows)| (*bulk, rows.as_slice()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row;

    static FIRST: Bulk =
        Bulk { name: "first", head: "INSERT INTO a (x, y)", columns: &[Type::Text, Type::BigInt], tail: "" };
    static SECOND: Bulk = Bulk {
        name: "second",
        head: "WITH v (x) AS (",
        columns: &[Type::Bytea],
        tail: ") UPDATE a SET x = v.x FROM v WHERE a.x = v.x",
    };

    #[test]
    fn a_bulk_is_rendered_with_casts_and_running_numbers() {
        assert_eq!(
            FIRST.render(2),
            "INSERT INTO a (x, y) VALUES (CAST($1 AS TEXT), CAST($2 AS BIGINT)), \
             (CAST($3 AS TEXT), CAST($4 AS BIGINT))"
        );
        assert_eq!(
            SECOND.render(1),
            "WITH v (x) AS ( VALUES (CAST($1 AS BYTEA)) ) UPDATE a SET x = v.x FROM v WHERE a.x = v.x"
        );
    }

    #[test]
    fn a_row_that_does_not_fit_is_refused() {
        let check = |row| {
            let mut set = RowSet::default();
            set.push(&FIRST, row);
            set.check()
        };
        assert!(check(row!["a"]).is_err());
        assert!(check(row!["a", "b"]).is_err());
        assert_eq!(check(vec![Value::Null, Value::Int(1)]), Ok(()));
    }

    #[test]
    fn merging_keeps_each_decisions_own_order() {
        let set = |bulks: &[&'static Bulk]| {
            let mut set = RowSet::default();
            for bulk in bulks {
                let row = if std::ptr::eq(*bulk, &FIRST) { row!["a", 1_i64] } else { row![vec![1_u8]] };
                set.push(bulk, row);
            }
            set
        };
        let (straight, back) = (set(&[&FIRST, &SECOND, &FIRST]), set(&[&SECOND, &FIRST]));
        let mut batch = Merged::default();
        batch.merge(&straight);
        batch.merge(&straight);
        batch.merge(&back);
        let order: Vec<_> = batch.groups().map(|(bulk, rows)| (bulk.name, rows.len())).collect();
        assert_eq!(order, [("first", 4), ("second", 3), ("first", 1)]);
    }
}
