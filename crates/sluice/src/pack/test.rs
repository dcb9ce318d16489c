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
    fn a_wait_is_held_to_what_time_brings_and_says_which_step_it_was() {
        let (_, mut files) =
            shipped::all().into_iter().find(|(folder, _)| folder.starts_with("kaohsiung")).unwrap();
        files.retain(|(path, _)| !path.starts_with("scenarios/") || path.ends_with("inventory.toml"));
        let play = |files: &Files| {
            let checked = desk::regulation::check(files.clone()).ok().unwrap();
            scene::play_all(&checked).unwrap().remove(0)
        };
        let whole = play(&files);
        assert_eq!(whole.outcome, Ok(()));
        assert!(whole.expected.contains("kaohsiung/5.1.3") && !whole.refused.contains("kaohsiung/5.1.3"));
        for (_, text) in &mut files {
            *text = text.replace("hours = 744\nclause = \"5.1.3\"", "hours = 744\nclause = \"6.1\"");
        }
        let other = play(&files).outcome.unwrap_err();
        assert!(other.starts_with("step 1 (line 10): nothing was entered under kaohsiung/6.1; "), "{other}");
        assert!(other.contains("kaohsiung/5.1.3"), "what was entered is said: {other}");
    }

    #[test]
    fn what_was_refused_is_said_in_the_sentence_that_people_read() {
        let mut files = shipped::template();
        files.retain(|(path, _)| !path.starts_with("scenarios/") || path.ends_with("permitted.toml"));
        for (_, text) in &mut files {
            *text = text.replace("expect = \"refused\"\nclause = \"4\"", "clause = \"4\"");
        }
        let checked = desk::regulation::check(files).ok().unwrap();
        let told = scene::play_all(&checked).unwrap().remove(0).outcome.unwrap_err();
        let said = "was refused under template/4 (not-yet-approved: This request has not been approved yet)";
        assert_eq!(told, format!("step 2 (line 22): {said}"));
    }

    /// Plays the application of the template with one passage changed, and tells why it fails.
    fn applied_otherwise(from: &str, to: &str) -> String {
        let mut files = shipped::template();
        files.retain(|(path, _)| !path.starts_with("scenarios/") || path.ends_with("applied.toml"));
        for (path, text) in &mut files {
            if path.ends_with("applied.toml") {
                assert!(text.contains(from), "nothing to change: {from}");
                *text = text.replacen(from, to, 1);
            }
        }
        let checked = desk::regulation::check(files).unwrap_or_else(|errors| panic!("{errors:?}"));
        scene::play_all(&checked).unwrap().remove(0).outcome.unwrap_err()
    }

    #[test]
    fn a_chain_that_goes_otherwise_says_at_which_step_and_why() {
        let later = |step: &str| format!("{step}\n\n[[step]]\nactor = \"chen\"\ndo = \"approve\"");
        let chen = "actor = \"chen\"\ndo = \"approve\"\nstate = \"approved\"";
        let steps = [
            (
                "chen",
                "do = \"refuse\"\nstate = \"approved\"",
                "step 4 (line 37): the state is refused, not approved",
            ),
            ("wang", "do = \"approve\"", "step 4 (line 37): was refused under template/5 (not-your-step: "),
            (
                "chen",
                "do = \"approve\"\nresult = \"x\"",
                "step 4 (line 37): was refused under template/5 (field-mal",
            ),
            ("chen", "do = \"sign\"", "step 4 (line 37): `chen` owes no duty of the kind `undertake`"),
            (
                "wang",
                "do = \"leave\"\nwho = \"chen\"",
                "step 5 (line 42): was refused under no clause (sign-in-fa",
            ),
            (
                "wang",
                "do = \"transfer\"\nwho = \"lin\"",
                "step 6 (line 47): was refused under template/5 (post-over",
            ),
        ];
        for (actor, step, told) in steps {
            let said = applied_otherwise(chen, &later(&format!("actor = \"{actor}\"\n{step}")));
            assert!(said.starts_with(told), "{told}: {said}");
        }
        let other =
            applied_otherwise("items = [\"basic\"]\nclause = \"5\"", "items = [\"basic\"]\nclause = \"6\"");
        assert_eq!(
            other,
            "step 2 (line 24): nothing was entered under template/6; what was names: template/5"
        );
    }

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
