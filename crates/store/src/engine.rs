//! The narrow waist: two questions, beneath which one engine is as good as another.

pub(crate) mod address;
pub(crate) mod lower;
pub(crate) mod postgres;
pub(crate) mod sqlite;

use crate::fault::Fault;
use crate::value::{Row, Value};

/// Opens a transaction that may write; it waits for the writer before it.
pub const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
/// Opens a transaction that reads one unchanging state.
pub const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// Makes a transaction durable.
pub const COMMIT: &str = "COMMIT";
/// Forgets a transaction.
pub const ROLLBACK: &str = "ROLLBACK";

/// One connection to one database. It takes the portable text and knows how its own kind reads it.
pub trait Engine: Send {
    /// Runs one statement and gives the rows it answers.
    ///
    /// # Errors
    /// If the database refuses; a transaction that was open is then good for nothing but `ROLLBACK`.
    fn run(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, EngineError> {
        self.run_rows(sql, &[params])
    }

    /// The same with parameters that stand in several places, one row's after another's.
    ///
    /// # Errors
    /// As [`Engine::run`].
    fn run_rows(&mut self, sql: &str, rows: &[&[Value]]) -> Result<Vec<Row>, EngineError>;

    /// Prepares a statement without running it and tells its shape.
    ///
    /// # Errors
    /// If the database cannot read it.
    fn describe(&mut self, sql: &str) -> Result<Shape, EngineError>;
}

/// What a prepared statement takes and answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The names of the answer's columns.
    pub columns: Vec<String>,
    /// How many parameters it takes.
    pub parameters: usize,
}

/// The kind of a failure, as far as somebody acts on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// A constraint or a guard said no.
    Conflict,
    /// Somebody else holds the lock.
    Busy,
    /// The disk is full.
    Full,
    /// The file or folder cannot be written.
    ReadOnly,
    /// The file is not what it should be.
    Corrupt,
    /// The statement cannot be read, or its parameters do not fit.
    Statement,
    /// The connection or the disk beneath it failed; what happened is unknown.
    Lost,
}

/// A failure of the engine. Its message never holds values of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineError {
    /// The kind.
    pub trouble: Trouble,
    /// The engine's words, with names of tables and columns at most.
    pub message: String,
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The one that writes.
    Writer,
    /// One that cannot.
    Reader,
}

/// Opens connections, and knows what only its own kind of database can do or needs.
pub(crate) trait Opener: Send + Sync {
    /// A new connection.
    fn open(&self, role: Role) -> Result<Box<dyn Engine>, Fault>;

    /// Statements in the engine's own words that keep entries from being changed; each may be run again.
    fn guards(&self) -> &'static [&'static str];

    /// What a transaction runs first so that no two programs make tables at once.
    fn before_migrating(&self) -> &'static [&'static str];

    /// How many transactions may write at once, each for logs of its own.
    fn lanes(&self) -> usize;

    /// How many may tend besides those that write; none if whoever tends waits for the writer.
    fn tenders(&self) -> usize;

    /// Returns once all that this connection can see is as durable as a clean commit makes it.
    fn assure(&self, engine: &mut dyn Engine) -> Result<(), Fault>;

    /// Makes this node known to the others that work on the same database, as long as what it returns lives.
    /// `keyring` says in few words whose keys the node has.
    fn present(&self, keyring: &str) -> Result<Option<Box<dyn Engine>>, Fault>;
}
