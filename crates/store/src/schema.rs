//! The tables, as numbered steps that only go forward.

use crate::engine::{BEGIN_WRITE, COMMIT, Engine, Opener, ROLLBACK};
use crate::fault::Fault;
use crate::random::hex;
use crate::statement::{Bulk, Statement, Type};
use crate::value::Value;
use sha2::{Digest as _, Sha256};

/// One step.
pub(crate) struct Migration {
    /// Its place in the order, from 1.
    pub(crate) number: i64,
    /// The statements, each ended by a semicolon at the end of a line.
    pub(crate) text: &'static str,
}

/// All steps in order.
pub(crate) static MIGRATIONS: &[Migration] = &[
    Migration { number: 1, text: include_str!("../schema/0001_ledger.sql") },
    Migration { number: 2, text: include_str!("../schema/0002_capabilities.sql") },
    Migration { number: 3, text: include_str!("../schema/0003_tended.sql") },
    Migration { number: 4, text: include_str!("../schema/0004_application.sql") },
    Migration { number: 5, text: include_str!("../schema/0005_duty.sql") },
    Migration { number: 6, text: include_str!("../schema/0006_credential.sql") },
    Migration { number: 7, text: include_str!("../schema/0007_letter.sql") },
    Migration { number: 8, text: include_str!("../schema/0008_activation.sql") },
    Migration { number: 9, text: include_str!("../schema/0009_term.sql") },
    Migration { number: 10, text: include_str!("../schema/0010_taken_over.sql") },
    Migration { number: 11, text: include_str!("../schema/0011_link.sql") },
    Migration { number: 12, text: include_str!("../schema/0012_chain.sql") },
    Migration { number: 13, text: include_str!("../schema/0013_telling.sql") },
    Migration { number: 14, text: include_str!("../schema/0014_contract.sql") },
    Migration { number: 15, text: include_str!("../schema/0015_workstation.sql") },
    Migration { number: 16, text: include_str!("../schema/0016_put_forward.sql") },
    Migration { number: 17, text: include_str!("../schema/0017_failure_run.sql") },
    Migration { number: 18, text: include_str!("../schema/0018_closure.sql") },
    Migration { number: 19, text: include_str!("../schema/0019_certificate.sql") },
    Migration { number: 20, text: include_str!("../schema/0020_exception.sql") },
    Migration { number: 21, text: include_str!("../schema/0021_deputy.sql") },
    Migration { number: 22, text: include_str!("../schema/0022_version.sql") },
    Migration { number: 23, text: include_str!("../schema/0023_duty_kind.sql") },
    Migration { number: 24, text: include_str!("../schema/0024_former_account.sql") },
    Migration { number: 25, text: include_str!("../schema/0025_outcome.sql") },
    Migration { number: 26, text: include_str!("../schema/0026_handing.sql") },
    Migration { number: 27, text: include_str!("../schema/0027_keeping.sql") },
];

static CREATE_MIGRATION: Statement = Statement {
    name: "create_migration",
    sql: "CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY, digest TEXT NOT NULL)",
};
static MIGRATIONS_DONE: Statement =
    Statement { name: "migrations_done", sql: "SELECT number, digest FROM migration ORDER BY number" };
static INSERT_MIGRATION: Bulk = Bulk {
    name: "insert_migration",
    head: "INSERT INTO migration (number, digest)",
    columns: &[Type::BigInt, Type::Text],
    tail: "",
};

pub(crate) static STATEMENTS: &[&Statement] = &[&MIGRATIONS_DONE];
pub(crate) static BULKS: &[&Bulk] = &[&INSERT_MIGRATION];

/// Brings the tables up to what this program knows, in one transaction.
///
/// # Errors
/// If the database was made by a newer program, or by one whose steps were other ones.
pub(crate) fn migrate(engine: &mut dyn Engine, opener: &dyn Opener) -> Result<(), Fault> {
    engine.run(BEGIN_WRITE, &[])?;
    for statement in opener.before_migrating() {
        engine.run(statement, &[])?;
    }
    let done = apply(engine, MIGRATIONS, opener.guards());
    if done.is_err() {
        // The first error is the one to report; a connection that cannot roll back is dropped by the caller.
        let _ = engine.run(ROLLBACK, &[]);
        return done;
    }
    engine.run(COMMIT, &[])?;
    Ok(())
}

fn apply(engine: &mut dyn Engine, known: &[Migration], guards: &[&str]) -> Result<(), Fault> {
    engine.run(CREATE_MIGRATION.sql, &[])?;
    let done = engine.run(MIGRATIONS_DONE.sql, &[])?;
    let done = done.iter().map(|row| Ok((row.int("number")?, row.text("digest")?)));
    let done = done.collect::<Result<Vec<_>, Fault>>()?;
    let newest = known.last().map_or(0, |migration| migration.number);
    if let Some((found, _)) = done.last().filter(|(found, _)| *found > newest) {
        return Err(Fault::SchemaNewer { found: *found, known: newest });
    }
    for migration in known {
        let digest = hex(&Sha256::digest(migration.text));
        match done.iter().find(|(number, _)| *number == migration.number) {
            Some((_, old)) if *old == digest => {}
            Some(_) => return Err(Fault::SchemaChanged { number: migration.number }),
            None => {
                for statement in statements(migration.text) {
                    engine.run(&statement, &[])?;
                }
                engine
                    .run(&INSERT_MIGRATION.render(1), &[Value::Int(migration.number), Value::Text(digest)])?;
            }
        }
    }
    for guard in guards {
        engine.run(guard, &[])?;
    }
    Ok(())
}

/// All texts that make tables.
pub(crate) fn texts() -> Vec<&'static str> {
    let steps = MIGRATIONS.iter().map(|migration| migration.text);
    [CREATE_MIGRATION.sql].into_iter().chain(steps).collect()
}

/// The single statements of a file, without comments.
pub(crate) fn statements(text: &str) -> Vec<String> {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("--"));
    let plain = lines.map(str::trim_end).collect::<Vec<_>>().join("\n");
    let parts = plain.split(";\n").map(|part| part.trim().trim_end_matches(';').trim());
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Scratch;

    #[test]
    fn files_are_cut_into_statements() {
        let text = "-- about\nCREATE TABLE a (\n    x TEXT\n);\n\nCREATE INDEX b ON a (x);\n";
        assert_eq!(statements(text), ["CREATE TABLE a (\n    x TEXT\n)", "CREATE INDEX b ON a (x)"]);
        assert!(statements("-- nothing\n").is_empty());
    }

    #[test]
    fn numbers_run_from_one_without_gaps() {
        assert!(MIGRATIONS.iter().zip(1..).all(|(migration, number)| migration.number == number));
    }

    fn opened(scratch: &Scratch) -> Result<(), Fault> {
        crate::Store::open(&scratch.config()).map(|_| ())
    }

    #[test]
    fn a_database_of_a_newer_or_another_program_is_refused() {
        Scratch::each(|scratch| {
            let before = scratch.open().dump().unwrap();
            scratch.number("INSERT INTO migration (number, digest) VALUES (99, 'x')").unwrap();
            let newest = MIGRATIONS.last().unwrap().number;
            assert_eq!(opened(scratch), Err(Fault::SchemaNewer { found: 99, known: newest }));
            scratch.number("DELETE FROM migration WHERE number = 99").unwrap();
            assert_eq!(scratch.open().dump().unwrap(), before);
            scratch.number("UPDATE migration SET digest = 'other' WHERE number = 2").unwrap();
            assert_eq!(opened(scratch), Err(Fault::SchemaChanged { number: 2 }));
        });
    }

    #[test]
    fn what_is_no_database_or_no_folder_is_said_in_a_sentence() {
        let scratch = Scratch::new();
        std::fs::write(scratch.database(), [b'x'; 4096]).unwrap();
        assert!(matches!(opened(&scratch), Err(Fault::Corrupt(_))));
        let elsewhere = crate::Config { url: "sqlite:///nowhere/at/all.db".into(), ..scratch.config() };
        let refused = crate::Store::open(&elsewhere).map(|_| ());
        assert!(matches!(refused, Err(Fault::CannotOpen { .. })), "{refused:?}");
        let nonsense = crate::Config { url: "nonsense".into(), ..scratch.config() };
        assert!(matches!(crate::Store::open(&nonsense).map(|_| ()), Err(Fault::Address(_))));
    }

    #[test]
    fn tables_are_strict_and_guards_come_back() {
        let scratch = Scratch::new();
        opened(&scratch).unwrap();
        let raw = scratch.raw();
        let loose = "SELECT COUNT(*) FROM pragma_table_list WHERE schema = 'main' AND strict = 0 \
                     AND name NOT LIKE 'sqlite%'";
        assert_eq!(raw.query_row(loose, [], |row| row.get::<_, i64>(0)).unwrap(), 0);
        raw.execute("DROP TRIGGER log_leaf_is_not_deleted", []).unwrap();
        opened(&scratch).unwrap();
        raw.execute("DROP TRIGGER log_leaf_is_not_deleted", []).unwrap();
    }
}
