//! Every statement of the product, listed: what a test prepares on each engine.

use crate::statement::{Bulk, Statement};
use crate::{batch, capability, head, ledger_read, parked, read, schema, seal, signer, tend, writer};

/// All statements that are run as they stand.
pub fn statements() -> Vec<&'static Statement> {
    let mut all: Vec<&'static Statement> = vec![&head::LOCK_HEAD, &head::SELECT_HEADS, &head::MOVE_HEAD];
    all.extend(read::STATEMENTS);
    all.extend([&seal::SELECT_BUCKET, &seal::ANY_BUCKET, &seal::SELECT_SEALED, &writer::SELECT_EVENT]);
    all.extend(schema::STATEMENTS);
    all.extend(ledger_read::STATEMENTS);
    all.extend(signer::STATEMENTS);
    all.extend(tended());
    all.extend(capability::statements());
    all
}

/// All statements that write many rows.
pub fn bulks() -> Vec<&'static Bulk> {
    let mut all =
        vec![&batch::COUNT_UP, &batch::INSERT_ONCE, &batch::INSERT_DECISION, &batch::INSERT_CLAUSE_USE];
    all.extend([&batch::SELECT_REVISIONS, &batch::SELECT_ONCES]);
    all.extend([&head::INSERT_HEAD, &head::INSERT_LEAF, &head::INSERT_NODE]);
    all.extend([&seal::INSERT_BUCKET, &seal::INSERT_SEALED, &parked::PUT_PARKED]);
    all.extend(schema::BULKS);
    all.extend(capability::bulks());
    all
}

/// The statements of the one door that needs no entry.
pub fn tended() -> Vec<&'static Statement> {
    tend::STATEMENTS.concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TENDED_TABLES;
    use crate::engine::{Role, Shape};
    use crate::statement::WIDTHS;
    use crate::testing;
    use std::collections::{BTreeMap, BTreeSet};

    /// What the portable text may not say, because one of the engines reads it otherwise or not at all.
    const BANNED: &[&str] = &[
        "LIKE",
        "FOR UPDATE",
        "GREATEST",
        "GROUP_CONCAT",
        "CURRENT_TIMESTAMP",
        "NOW(",
        "->",
        "BOOLEAN",
        " SERIAL NOT",
        "BIGSERIAL",
        "SELECT *",
        "REPLACE",
        "AUTOINCREMENT",
        "INTEGER",
        "BLOB",
        "?",
    ];

    /// What an engine says of every statement, by name; bulks at every width.
    fn shapes(scratch: &testing::Scratch) -> BTreeMap<String, Shape> {
        drop(scratch.open());
        let mut engine = scratch.opener().open(Role::Writer).unwrap();
        let plain = statements().into_iter().map(|statement| (statement.name.into(), statement.sql.into()));
        let widths = |bulk: &'static Bulk| {
            WIDTHS.map(|width| (format!("{} of {width}", bulk.name), bulk.render(width)))
        };
        let texts: Vec<(String, String)> = plain.chain(bulks().into_iter().flat_map(widths)).collect();
        let describe = |(name, sql): (String, String)| {
            let shape = engine.describe(&sql);
            let shape = shape.unwrap_or_else(|error| panic!("{name}: {}", error.message));
            (name, shape)
        };
        texts.into_iter().map(describe).collect()
    }

    #[test]
    fn every_statement_prepares_alike_on_both_engines() {
        let (sqlite, postgres) = (shapes(&testing::Scratch::new()), shapes(&testing::Scratch::postgres()));
        assert!(sqlite.len() > 100, "only {} statements", sqlite.len());
        for (name, shape) in &sqlite {
            assert_eq!(Some(shape), postgres.get(name), "{name}");
            let unique: BTreeSet<_> = shape.columns.iter().collect();
            assert_eq!(unique.len(), shape.columns.len(), "{name} names a column twice");
        }
        for statement in statements() {
            let numbered = (1..).take_while(|n| statement.sql.contains(&format!("${n}"))).count();
            assert_eq!(sqlite[statement.name].parameters, numbered, "{}", statement.name);
        }
        for (bulk, width) in bulks().into_iter().flat_map(|bulk| WIDTHS.map(|width| (bulk, width))) {
            let shape = &sqlite[&format!("{} of {width}", bulk.name)];
            assert_eq!(shape.parameters, width * bulk.columns.len(), "{}", bulk.name);
        }
    }

    #[test]
    fn names_are_unique_and_the_text_is_portable() {
        let mut names = BTreeSet::new();
        let texts = statements().into_iter().map(|statement| (statement.name, statement.sql.to_owned()));
        let texts = texts.chain(bulks().into_iter().map(|bulk| (bulk.name, bulk.render(1))));
        for (name, text) in texts {
            assert!(names.insert(name), "{name} names two statements");
            let upper = text.to_uppercase();
            for word in BANNED {
                assert!(!upper.contains(word), "{name} says {word}");
            }
        }
        for migration in schema::MIGRATIONS {
            let upper = migration.text.to_uppercase();
            let plain: Vec<_> = upper.lines().filter(|line| !line.trim_start().starts_with("--")).collect();
            for word in BANNED {
                assert!(
                    !plain.iter().any(|line| line.contains(word)),
                    "migration {} says {word}",
                    migration.number
                );
            }
        }
    }

    #[test]
    fn tending_touches_tended_tables_only() {
        for statement in tended() {
            let words: Vec<&str> =
                statement.sql.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
            let tables: Vec<&str> = words
                .windows(2)
                .filter(|pair| {
                    matches!(pair[0], "FROM" | "INTO" | "JOIN") || (pair[0] == "UPDATE" && pair[1] != "SET")
                })
                .map(|pair| pair[1])
                .collect();
            assert!(!tables.is_empty(), "{} names no table", statement.name);
            assert!(tables.iter().all(|table| TENDED_TABLES.contains(table)), "{}", statement.name);
        }
    }
}
