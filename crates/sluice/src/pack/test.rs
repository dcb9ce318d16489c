//! `sluice pack test`: a pack's scenarios, run through the same desk that serves the pages.

use super::scene::{self, Played};
use super::{Files, read, shipped};
use crate::problem::{Done, Problem};
use crate::say;
use std::path::PathBuf;

/// Runs the scenarios of the packs in `paths`, or of all shipped packs.
///
/// # Errors
/// A scenario comes out otherwise than it says; all are run and printed first.
pub fn run(paths: &[PathBuf]) -> Done {
    let (mut failed, mut passed) = (0, 0);
    for files in named_or_shipped(paths)? {
        let checked = desk::regulation::check(files)
            .map_err(|_| Problem::new("the pack has faults; run `sluice pack check` first"))?;
        let name = checked.rule.name.clone();
        for played in scene::play_all(&checked)? {
            let Played { file, title, outcome, .. } = played;
            match outcome {
                Ok(()) => {
                    passed += 1;
                    say!("ok      {name} {file}: {title}");
                }
                Err(reason) => {
                    failed += 1;
                    say!("FAILED  {name} {file}: {title}: {reason}");
                }
            }
        }
    }
    say!("{passed} passed, {failed} failed");
    if failed == 0 { Ok(()) } else { Err(Problem::new("scenarios failed")) }
}

/// The files of the named packs, or of all shipped ones.
///
/// # Errors
/// A folder cannot be read.
pub fn named_or_shipped(paths: &[PathBuf]) -> Done<Vec<Files>> {
    if paths.is_empty() {
        return Ok(shipped::all().into_values().collect());
    }
    paths.iter().map(|path| read(path)).collect()
}
