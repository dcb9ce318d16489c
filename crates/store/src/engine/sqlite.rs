//! SQLite inside the program: one file, WAL, every commit on the disk before it counts.

use super::lower::lower;
use super::{Engine, EngineError, Opener, Role, Shape, Trouble};
use crate::fault::Fault;
use crate::value::{Row, Value};
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How long a statement waits for a lock that another process holds.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often putting a file under its log is tried within that time.
const WAL_TRIES: u32 = 1_000;
/// How many prepared statements a connection keeps; more than the census has.
const PREPARED: usize = 512;

/// Pages kept in memory by the connection that writes, and by each that reads.
const WRITER_CACHE_KIB: i64 = 24 * 1024;
const READER_CACHE_KIB: i64 = 4 * 1024;
/// Pages in the log before they are carried over into the database: a page that changes again and again is
/// then carried over once.
const CHECKPOINT_PAGES: i64 = 4000;

/// Guards in SQLite's own words. They are written anew at each start, so that a copy without them gets
/// them back.
const GUARDS: &[&str] = &[
    "CREATE TRIGGER IF NOT EXISTS log_leaf_is_not_updated BEFORE UPDATE ON log_leaf \
     BEGIN SELECT RAISE(ABORT, 'an entry of a log is never changed'); END",
    "CREATE TRIGGER IF NOT EXISTS log_leaf_is_not_deleted BEFORE DELETE ON log_leaf \
     BEGIN SELECT RAISE(ABORT, 'an entry of a log is never deleted'); END",
    "CREATE TRIGGER IF NOT EXISTS decision_is_not_updated BEFORE UPDATE ON decision \
     BEGIN SELECT RAISE(ABORT, 'what was decided is never changed'); END",
    "CREATE TRIGGER IF NOT EXISTS decision_is_not_deleted BEFORE DELETE ON decision \
     BEGIN SELECT RAISE(ABORT, 'what was decided is never deleted'); END",
    "CREATE TRIGGER IF NOT EXISTS log_head_does_not_shrink BEFORE UPDATE ON log_head \
     WHEN new.size < old.size BEGIN SELECT RAISE(ABORT, 'a log never shrinks'); END",
    "CREATE TRIGGER IF NOT EXISTS log_head_is_not_deleted BEFORE DELETE ON log_head \
     BEGIN SELECT RAISE(ABORT, 'a log is never deleted'); END",
];

/// Where a SQLite database lives.
pub(crate) struct SqliteFile {
    /// The file.
    pub(crate) path: PathBuf,
    /// Whether commits wait for the disk; only a private file that ends with the process goes without.
    pub(crate) durable: bool,
}

impl Opener for SqliteFile {
    fn open(&self, role: Role) -> Result<Box<dyn Engine>, Fault> {
        let access = match role {
            Role::Writer => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
            Role::Reader => OpenFlags::SQLITE_OPEN_READ_WRITE,
        };
        let connection = Connection::open_with_flags(&self.path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(|error| self.unopened(&error))?;
        self.prepare(&connection, role).map_err(|error| self.unopened(&error))?;
        Ok(Box::new(Sqlite { connection, known: HashMap::new() }))
    }

    fn guards(&self) -> &'static [&'static str] {
        GUARDS
    }

    fn before_migrating(&self) -> &'static [&'static str] {
        &[]
    }

    fn lanes(&self) -> usize {
        1
    }

    fn tenders(&self) -> usize {
        0
    }

    /// After a failed flush the operating system may have forgotten what it could not write, while the log
    /// file still reads as if it were there. Only a checkpoint that flushes the database itself can tell.
    fn assure(&self, engine: &mut dyn Engine) -> Result<(), Fault> {
        let rows = engine.run("PRAGMA wal_checkpoint(TRUNCATE)", &[])?;
        let done = rows.first().map_or(Ok(1), |row| row.int("busy"))? == 0;
        if done { Ok(()) } else { Err(Fault::Busy) }
    }

    fn present(&self, _: &str) -> Result<Option<Box<dyn Engine>>, Fault> {
        Ok(None)
    }
}

impl SqliteFile {
    fn prepare(&self, connection: &Connection, role: Role) -> rusqlite::Result<()> {
        connection.busy_timeout(PATIENCE)?;
        connection.set_prepared_statement_cache_capacity(PREPARED);
        // A plan holds for all values: otherwise each new value of a parameter has its statement parsed anew.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        write_ahead(connection)?;
        connection.pragma_update(None, "synchronous", if self.durable { "FULL" } else { "OFF" })?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.pragma_update(None, "cell_size_check", true)?;
        // Deleted rows leave no readable bytes behind in the file.
        connection.pragma_update(None, "secure_delete", true)?;
        // Without this, REPLACE deletes a row past the guard that forbids it.
        connection.pragma_update(None, "recursive_triggers", true)?;
        match role {
            Role::Writer => {
                connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
                connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)
            }
            Role::Reader => {
                connection.pragma_update(None, "cache_size", -READER_CACHE_KIB)?;
                connection.pragma_update(None, "query_only", true)
            }
        }
    }

    fn unopened(&self, error: &rusqlite::Error) -> Fault {
        let path = self.path.display().to_string();
        match trouble(error) {
            Trouble::ReadOnly => Fault::ReadOnlyFolder(path),
            Trouble::Full => Fault::DiskFull,
            Trouble::Busy => Fault::Busy,
            Trouble::Corrupt => Fault::Corrupt(format!("{path} is not a database of this program")),
            _ => self.unmade(path, error),
        }
    }
}

impl SqliteFile {
    /// The reason behind the one message that SQLite has for everything about folders.
    fn unmade(&self, path: String, error: &rusqlite::Error) -> Fault {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        match (folder, error.sqlite_error_code()) {
            (Some(folder), _) if !folder.is_dir() => {
                Fault::CannotOpen { path, why: "its folder does not exist".into() }
            }
            (Some(folder), Some(ErrorCode::CannotOpen)) if !self.path.exists() => {
                Fault::ReadOnlyFolder(folder.display().to_string())
            }
            _ => Fault::CannotOpen { path, why: message(error) },
        }
    }
}

/// One connection.
struct Sqlite {
    connection: Connection,
    /// Statements by their portable text.
    known: HashMap<String, Known>,
}

/// What is known of a statement that was run before.
#[derive(Clone)]
struct Known {
    /// The lowered text.
    text: Arc<str>,
    /// The names of its columns; tables do not change while the program runs.
    columns: Arc<[String]>,
}

impl Sqlite {
    fn known(&mut self, sql: &str) -> Result<Known, EngineError> {
        if let Some(known) = self.known.get(sql) {
            return Ok(known.clone());
        }
        let text: Arc<str> = lower(sql).into();
        let columns = {
            let statement = self.connection.prepare_cached(&text)?;
            statement.column_names().map(str::to_owned).collect()
        };
        let known = Known { text, columns };
        self.known.insert(sql.into(), known.clone());
        Ok(known)
    }
}

impl Engine for Sqlite {
    fn run_rows(&mut self, sql: &str, rows: &[&[Value]]) -> Result<Vec<Row>, EngineError> {
        let Known { text, columns } = self.known(sql)?;
        let mut statement = self.connection.prepare_cached(&text)?;
        if statement.parameter_count() != rows.iter().map(|row| row.len()).sum::<usize>() {
            let message = format!("a statement takes {} values", statement.parameter_count());
            return Err(EngineError { trouble: Trouble::Statement, message });
        }
        for (place, value) in rows.iter().copied().flatten().enumerate() {
            statement.raw_bind_parameter(place + 1, value)?;
        }
        let mut answer = Vec::new();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            let values = (0..columns.len()).map(|place| Ok(owned(row.get_ref(place)?)));
            let values = values.collect::<Result<Vec<_>, rusqlite::Error>>()?;
            answer.push(Row { columns: Arc::clone(&columns), values });
        }
        Ok(answer)
    }

    fn describe(&mut self, sql: &str) -> Result<Shape, EngineError> {
        let statement = self.connection.prepare(&lower(sql))?;
        let columns = statement.column_names().map(str::to_owned).collect();
        Ok(Shape { columns, parameters: statement.parameter_count() })
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(number) => ValueRef::Integer(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// A value of SQLite as ours. Strict tables hold no floating point and no text that is not UTF-8.
fn owned(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
        ValueRef::Null | ValueRef::Real(_) => Value::Null,
    }
}

/// Puts a file under its log. Of several that do so with a new file at the same moment SQLite turns away all
/// but one without patience, for each holds what another waits for; they give way and try again.
fn write_ahead(connection: &Connection) -> rusqlite::Result<()> {
    let pause = PATIENCE / WAL_TRIES;
    for _ in 1..WAL_TRIES {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(error) if matches!(trouble(&error), Trouble::Busy) => std::thread::park_timeout(pause),
            done => return done,
        }
    }
    connection.pragma_update(None, "journal_mode", "WAL")
}

fn trouble(error: &rusqlite::Error) -> Trouble {
    match error.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch) => Trouble::Conflict,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Trouble::Busy,
        Some(ErrorCode::DiskFull) => Trouble::Full,
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Trouble::ReadOnly,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Trouble::Corrupt,
        Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => Trouble::Lost,
        _ => Trouble::Statement,
    }
}

/// SQLite names tables and columns in its messages, never values.
fn message(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqliteFailure(code, text) => text.clone().unwrap_or_else(|| code.to_string()),
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        _ => "the driver failed".into(),
    }
}

impl From<rusqlite::Error> for EngineError {
    fn from(error: rusqlite::Error) -> Self {
        EngineError { trouble: trouble(&error), message: message(&error) }
    }
}

#[cfg(test)]
mod tests {
    /// SQLite lists this nowhere, so the test asks what its build was told.
    #[test]
    fn the_build_of_sqlite_was_told_of_fdatasync() {
        let flags = option_env!("LIBSQLITE3_FLAGS").unwrap_or_default();
        assert!(flags.split(' ').any(|flag| flag == "-DHAVE_FDATASYNC=1"), "{flags}");
    }
}
