//! What stops a command: one clear sentence and an exit code.

use std::fmt;

/// A problem that a person at a terminal can read and act on.
#[derive(Debug)]
pub struct Problem {
    /// What is wrong and what to do, in one sentence.
    pub sentence: String,
    /// The exit code.
    pub code: u8,
}

impl Problem {
    /// A problem with exit code 1.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), code: 1 }
    }

    /// A problem in how the command was called.
    pub fn usage(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), code: 2 }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for Problem {}

impl From<store::Fault> for Problem {
    fn from(fault: store::Fault) -> Self {
        Problem::new(fault.to_string())
    }
}

impl From<desk::No> for Problem {
    fn from(no: desk::No) -> Self {
        match no {
            desk::No::Refused(views) => {
                let reasons: Vec<&str> = views.iter().map(|view| view.refusal.reason.key()).collect();
                Problem::new(format!("refused: {}", reasons.join(", ")))
            }
            desk::No::Busy { .. } => Problem::new("the store is busy; try again"),
            desk::No::Fault { operation, sentence } => {
                Problem::new(format!("{sentence} (operation {operation})"))
            }
        }
    }
}

/// What a command answers.
pub type Done<T = ()> = Result<T, Problem>;
