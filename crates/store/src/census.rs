//! Every statement of the product, listed: what a test prepares on each engine.

use crate::statement::{Bulk, Statement};
use crate::{batch, capability, head, ledger_read, schema, seal, signer, tend, writer};

/// All statements that are run as they stand.
pub fn statements() -> Vec<&'static Statement> {
    let mut all: Vec<&'static Statement> = batch::SELECT_REVISIONS.iter().collect();
    all.extend([&batch::SELECT_ONCE, &head::SELECT_HEAD, &head::SELECT_HEADS, &head::MOVE_HEAD]);
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
    let mut all = vec![&batch::COUNT_UP, &batch::INSERT_ONCE, &batch::INSERT_DECISION, &batch::COUNT_CLAUSES];
    all.extend([&head::INSERT_HEAD, &head::INSERT_LEAF, &head::INSERT_NODE]);
    all.extend([&seal::INSERT_BUCKET, &seal::INSERT_SEALED]);
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
    use crate::engine::{Opener, Role};
    use crate::testing;
    use std::collections::BTreeSet;

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

    #[test]
    fn every_statement_prepares_and_takes_its_parameters() {
        let scratch = testing::Scratch::new();
        drop(scratch.open());
        let mut engine = scratch.opener().open(Role::Writer).unwrap();
        for statement in statements() {
            let shape = engine.describe(statement.sql);
            let shape = shape.unwrap_or_else(|error| panic!("{}: {}", statement.name, error.message));
            let numbered = (1..).take_while(|n| statement.sql.contains(&format!("${n}"))).count();
            assert_eq!(shape.parameters, numbered, "{}", statement.name);
            let unique: BTreeSet<_> = shape.columns.iter().collect();
            assert_eq!(unique.len(), shape.columns.len(), "{} names a column twice", statement.name);
        }
        for bulk in bulks() {
            for width in crate::statement::WIDTHS {
                let shape = engine.describe(&bulk.render(width));
                let shape = shape.unwrap_or_else(|error| panic!("{}: {}", bulk.name, error.message));
                assert_eq!(shape.parameters, width * bulk.columns.len(), "{}", bulk.name);
            }
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

#[cfg(test)]
#[path = "plan_tests.rs"]
mod plans;
