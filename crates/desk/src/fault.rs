//! The three ways in which a command does not succeed.

use crate::view::RefusalView;
use store::WriteError;

/// A refusal (its reader can act on it), a full queue (try again), or a fault (it has a number).
#[derive(Clone, Debug)]
pub enum No {
    /// The rule says no, with every reason.
    Refused(Vec<RefusalView>),
    /// Too much is going on; nothing was written and nothing disclosed.
    Busy {
        /// Seconds after which another attempt makes sense.
        retry_after: u32,
    },
    /// Something is broken. The operator finds it in the log by this number.
    Fault {
        /// The operation number.
        operation: String,
        /// What is wrong, in one plain sentence for the operator; pages show the number only.
        sentence: String,
    },
}

/// What a method of the desk answers.
pub type Answer<T> = Result<T, No>;

impl No {
    /// Logs a fault once, under a number of its own, and keeps only the number.
    pub fn fault(fault: &store::Fault) -> Self {
        let operation = crate::carry::random_id("op");
        tracing::error!(operation, %fault, "fault");
        No::Fault { operation, sentence: fault.to_string() }
    }
}

impl From<store::Fault> for No {
    fn from(fault: store::Fault) -> Self {
        No::fault(&fault)
    }
}

impl From<WriteError> for No {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Full { retry_after } => {
                No::Busy { retry_after: u32::try_from(retry_after.as_secs()).unwrap_or(1).max(1) }
            }
            WriteError::Fault(fault) => No::fault(&fault),
            // A row that keeps changing under three attempts is busy, not broken.
            WriteError::Stale => No::Busy { retry_after: 1 },
            WriteError::Unknown => {
                let operation = crate::carry::random_id("op");
                let sentence = String::from("the outcome of a commit is unknown");
                tracing::error!(operation, sentence);
                No::Fault { operation, sentence }
            }
            WriteError::KeyReused => {
                let refusal = domain::Refusal::new(domain::Reason::KeyReused);
                No::Refused(vec![RefusalView { refusal, clause: None, helpers: vec![] }])
            }
        }
    }
}
