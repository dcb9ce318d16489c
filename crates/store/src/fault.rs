//! What can go wrong beneath the rules: the reader of the operator's log can act on it, the user cannot.

use crate::engine::{EngineError, Trouble};

/// A failure of the machine, the disk, the keys or the program. Each has one plain sentence, and none of
/// them ever holds a value of a row, for rows hold personal data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The address of the database cannot be read.
    #[error("the database address {0}")]
    Address(&'static str),
    /// The database server cannot be worked with as it is.
    #[error("PostgreSQL at {place} {why}")]
    Server {
        /// Host, port and database; never a password.
        place: String,
        /// What is wrong and what to do.
        why: String,
    },
    /// The connection to the database or the disk beneath it failed.
    #[error("the database was lost: {0}; nothing is disclosed until it answers again")]
    Lost(String),
    /// The logs were taken over by somebody else while this program ran.
    #[error("log {0} was taken over by another node: start this one again")]
    Fenced(String),
    /// A statement failed for a reason without a name of its own here.
    #[error("the database refused a statement: {0}")]
    Database(String),
    /// The database stayed locked by somebody else for longer than the patience set.
    #[error("the database is busy; try again")]
    Busy,
    /// There is no space left on the disk.
    #[error("the disk that holds the database is full")]
    DiskFull,
    /// The folder of the database cannot be written.
    #[error("the folder {0} cannot be written")]
    ReadOnlyFolder(String),
    /// A file or folder cannot be opened or created.
    #[error("{path} cannot be opened: {why}")]
    CannotOpen {
        /// The file or folder.
        path: String,
        /// What the operating system says.
        why: String,
    },
    /// Stored data do not fit together.
    #[error("stored data are damaged: {0}")]
    Corrupt(String),
    /// The database is older than what was signed from it: an old copy was put back.
    #[error(
        "log {log} has {found} entries but {signed} were signed: an old copy of the database was put back; \
         restore the newest copy instead of going on"
    )]
    RolledBack {
        /// The log.
        log: String,
        /// The size of the last checkpoint that was signed.
        signed: u64,
        /// The size in the database.
        found: u64,
    },
    /// The signer met a leaf or a root that does not fit what it signed before: the log takes no
    /// more entries.
    #[error("log {log} is read-only: {why}")]
    LogReadOnly {
        /// The log.
        log: String,
        /// What did not fit.
        why: String,
    },
    /// The database was made by a newer program.
    #[error(
        "the database has schema {found}, this program knows schemas up to {known}: use the newer program"
    )]
    SchemaNewer {
        /// The highest migration in the database.
        found: i64,
        /// The highest migration of this program.
        known: i64,
    },
    /// A migration that the database already carries has since been edited.
    #[error("migration {number} of this program differs from the one the database was made with")]
    SchemaChanged {
        /// The number of the migration.
        number: i64,
    },
    /// The folder of keys cannot be used as it is.
    #[error("the keyring cannot be used: {0}")]
    Keyring(String),
    /// A sealed value does not open: its key is destroyed, or its bytes were changed.
    #[error("a sealed value does not open: {0}")]
    Unsealable(String),
    /// A column does not hold the type that was asked of it.
    #[error("column {column} does not hold {wanted}")]
    PortableType {
        /// The column.
        column: String,
        /// What was asked.
        wanted: &'static str,
    },
    /// A decision that the door cannot carry out; always a mistake in the program.
    #[error("a decision cannot be carried out: {0}")]
    Decision(String),
    /// The operating system gave no random bytes.
    #[error("the operating system gives no random bytes")]
    NoRandomness,
    /// The store is closing, or a thread of it has died.
    #[error("the store is closed")]
    Closed,
}

impl From<EngineError> for Fault {
    fn from(error: EngineError) -> Self {
        match error.trouble {
            Trouble::Busy => Fault::Busy,
            Trouble::Full => Fault::DiskFull,
            Trouble::ReadOnly => Fault::ReadOnlyFolder("of the database".into()),
            Trouble::Corrupt => Fault::Corrupt(error.message),
            Trouble::Lost => Fault::Lost(error.message),
            Trouble::Conflict | Trouble::Statement => Fault::Database(error.message),
        }
    }
}

impl Fault {
    /// A file that the operating system would not open, with its reason.
    pub(crate) fn cannot_open(path: &std::path::Path, error: &std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull => Fault::DiskFull,
            std::io::ErrorKind::ReadOnlyFilesystem | std::io::ErrorKind::PermissionDenied => {
                Fault::ReadOnlyFolder(path.display().to_string())
            }
            _ => Fault::CannotOpen { path: path.display().to_string(), why: error.kind().to_string() },
        }
    }
}

impl Fault {
    /// Names the statement that was running.
    pub(crate) fn during(self, statement: &str) -> Self {
        match self {
            Fault::Database(message) => Fault::Database(format!("{statement}: {message}")),
            other => other,
        }
    }
}
