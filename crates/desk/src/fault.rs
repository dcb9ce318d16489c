//! The ways in which a command does not succeed.

use crate::view::RefusalView;
use domain::{Reason, Refusal};
use store::{Fault, WriteError};

/// Seconds after which a database that is away is worth another attempt.
const AWAY_SECONDS: u32 = 5;

/// A refusal (its reader can act on it), a full queue or a database that is away (try again), or a
/// fault (the operator can act on it).
#[derive(Clone, Debug)]
pub enum No {
    /// The rule says no, with every reason.
    Refused(Vec<RefusalView>),
    /// Too much is going on; nothing was written and nothing disclosed.
    Busy {
        /// Seconds after which another attempt makes sense.
        retry_after: u32,
    },
    /// The database does not answer now, so nothing is shown. What was under way may have been
    /// entered: the same request under the same key finds out, and does nothing twice.
    Away {
        /// The operation number.
        operation: String,
        /// What is wrong, in one plain sentence for the operator.
        sentence: String,
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
    /// Refusals with no clause cited and nothing entered: of what could not be read, or is decided elsewhere.
    pub fn refused(refusals: impl IntoIterator<Item = Refusal>) -> Self {
        No::Refused(refusals.into_iter().map(RefusalView::from).collect())
    }

    /// Logs a fault once, under a number of its own, and keeps only the number.
    pub fn fault(fault: &Fault) -> Self {
        let operation = crate::carry::random_id("op");
        let sentence = fault.to_string();
        if passes(fault) {
            tracing::warn!(operation, sentence, "the database is away");
            return No::Away { operation, sentence, retry_after: AWAY_SECONDS };
        }
        tracing::error!(operation, %fault, "fault");
        No::Fault { operation, sentence }
    }
}

/// Whether a fault passes by itself, or once the database is back, without anybody restarting this.
fn passes(fault: &Fault) -> bool {
    matches!(fault, Fault::Busy | Fault::Lost(_) | Fault::Server { .. } | Fault::Closed)
}

impl From<Refusal> for No {
    fn from(refusal: Refusal) -> Self {
        No::refused([refusal])
    }
}

impl From<Fault> for No {
    fn from(fault: Fault) -> Self {
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
                No::Away { operation, sentence, retry_after: AWAY_SECONDS }
            }
            WriteError::KeyReused => Refusal::new(Reason::KeyReused).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_worth_another_attempt_and_what_does_not_is_no() {
        let server = Fault::Server { place: "db:5432/sluice".into(), why: "cannot be reached".into() };
        for fault in [Fault::Busy, Fault::Lost("it broke off".into()), server, Fault::Closed] {
            let no = No::from(fault.clone());
            assert!(matches!(no, No::Away { retry_after: AWAY_SECONDS, .. }), "{fault}: {no:?}");
        }
        assert!(matches!(No::from(WriteError::Unknown), No::Away { .. }));
        for fault in [Fault::DiskFull, Fault::Fenced("log".into()), Fault::Corrupt("a head".into())] {
            assert!(matches!(No::from(fault.clone()), No::Fault { .. }), "{fault}");
        }
    }

    #[test]
    fn who_is_turned_away_by_a_full_queue_is_told_when_to_come_again() {
        for (millis, seconds) in [(0, 1), (900, 1), (3_000, 3)] {
            let retry_after = std::time::Duration::from_millis(millis);
            let no = No::from(WriteError::Full { retry_after });
            assert!(matches!(no, No::Busy { retry_after } if retry_after == seconds), "{no:?}");
        }
    }
}
