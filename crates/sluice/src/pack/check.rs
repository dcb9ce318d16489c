//! `sluice pack check`: every fault of a pack, with file, line, clause and remedy.

use super::read;
use crate::problem::{Done, Problem};
use crate::say;
use std::path::PathBuf;

/// Checks the packs in `paths`.
///
/// # Errors
/// One of them has faults; all faults of all packs are printed first.
pub fn run(paths: &[PathBuf]) -> Done {
    let mut faulty = 0;
    for path in paths {
        let files = read(path)?;
        match desk::regulation::check(files) {
            Ok(checked) => say!(
                "{}: {} clauses, {} controls, {} forms, {} scenarios: in order",
                checked.rule.name,
                checked.pack.clauses.len(),
                checked.pack.controls.len(),
                checked.pack.forms.len(),
                checked.pack.scenarios.len(),
            ),
            Err(errors) => {
                faulty += 1;
                for error in errors {
                    say!("{}/{error}", path.display());
                }
            }
        }
    }
    match faulty {
        0 => Ok(()),
        1 => Err(Problem::new("1 pack has faults")),
        many => Err(Problem::new(format!("{many} packs have faults"))),
    }
}
