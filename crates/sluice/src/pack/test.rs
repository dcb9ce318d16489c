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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stories_of_the_worked_pack_of_the_handbook_come_out_as_they_say() {
        let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/packs.md");
        let text = std::fs::read_to_string(page).unwrap();
        let blocks = text.split("```toml ").skip(1).filter_map(|block| block.split_once('\n'));
        let files = blocks.map(|(name, rest)| (name.into(), rest.split_once("```").unwrap().0.into()));
        let checked = desk::regulation::check(files.collect()).unwrap_or_else(|errors| panic!("{errors:?}"));
        let played = scene::play_all(&checked).unwrap();
        assert_eq!(played.len(), 2);
        for one in played {
            assert_eq!(one.outcome, Ok(()), "{}", one.file);
        }
    }
}
