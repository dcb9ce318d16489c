//! SQLite with one row a transaction, one writer, every commit on the disk.

use crate::problem::{Done, Problem};
use rusqlite::Connection;
use std::path::Path;
use std::time::{Duration, Instant};

const SCHEMA: &str = include_str!("sqlite.sql");
const INSERT: &str = include_str!("sqlite-insert.sql");

/// The version of SQLite that is built in.
pub fn version() -> &'static str {
    rusqlite::version()
}

/// Rows a second, one a transaction.
///
/// # Errors
/// The database cannot be made or written.
pub fn rows(file: &Path, payload: &str, warm: Duration, span: Duration) -> Done<f64> {
    let refused = |error: rusqlite::Error| Problem::new(format!("the SQLite baseline: {error}"));
    let connection = Connection::open(file).map_err(refused)?;
    connection.execute_batch(SCHEMA).map_err(refused)?;
    let mut insert = connection.prepare(INSERT).map_err(refused)?;
    let mut count_until = |end: Instant| {
        let mut count = 0_u64;
        while Instant::now() < end {
            insert.execute([payload]).map_err(refused)?;
            count += 1;
        }
        Ok::<u64, Problem>(count)
    };
    count_until(Instant::now() + warm)?;
    let begun = Instant::now();
    let count = count_until(begun + span)?;
    Ok(count as f64 / begun.elapsed().as_secs_f64())
}
