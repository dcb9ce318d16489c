//! What stops a command: one clear sentence and an exit code.

use std::fmt;
use std::io::Write;
use web::locale::{Lang, Speech};

/// A problem that a person at a terminal can read and act on.
#[derive(Debug)]
pub struct Problem {
    /// What is wrong and what to do, in one sentence.
    pub sentence: String,
    /// The exit code.
    pub code: u8,
}

/// The exit code for a database that is an old copy, and so must be left alone until a newer one is restored.
pub const ROLLED_BACK: u8 = 3;

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
        let code = if matches!(fault, store::Fault::RolledBack { .. }) { ROLLED_BACK } else { 1 };
        Problem { sentence: fault.to_string(), code }
    }
}

impl From<desk::No> for Problem {
    fn from(no: desk::No) -> Self {
        match no {
            desk::No::Refused(views) => {
                let reasons: Vec<String> = views.iter().map(reason).collect();
                Problem::new(format!("refused: {}", reasons.join("; ")))
            }
            desk::No::Busy { .. } => Problem::new("the store is busy; try again"),
            desk::No::Away { operation, sentence, .. } | desk::No::Fault { operation, sentence } => {
                Problem::new(format!("{sentence} (operation {operation})"))
            }
        }
    }
}

/// Why something was refused: the code, the field if it is one's, and the sentence that people read.
pub fn reason(view: &desk::RefusalView) -> String {
    let said = Speech::plain(Lang::En).refusal(view);
    let field = said.field.map(|field| format!(" ({field})")).unwrap_or_default();
    format!("{}{field}: {}", said.code, said.sentence.trim_end_matches('.'))
}

/// What a command answers.
pub type Done<T = ()> = Result<T, Problem>;

/// Prints one line. A reader that has seen enough, such as `head`, misses the rest and no more.
pub fn say(line: fmt::Arguments<'_>) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).unwrap_or(());
}

/// Prints one line, as `println!` does, without falling over a reader that went away.
#[macro_export]
macro_rules! say {
    ($($line:tt)*) => { $crate::problem::say(format_args!($($line)*)) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_copy_of_the_database_has_an_exit_code_of_its_own() {
        let old = store::Fault::RolledBack { log: "platform".into(), signed: 9, found: 7 };
        let problem = Problem::from(old);
        assert_eq!(problem.code, ROLLED_BACK);
        assert!(problem.sentence.contains("old copy"), "{problem}");
        assert_eq!(Problem::from(store::Fault::DiskFull).code, 1);
    }
}
