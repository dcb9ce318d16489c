//! Every reason to refuse is reached by some story; one that nothing reaches is a promise unkept.

use domain::Reason;
use std::fs;
use std::path::Path;

#[test]
fn every_reason_is_reached_by_a_story() {
    let mut sources = String::new();
    gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join("story"), &mut sources);
    // A list stops half-way where somebody overtook it again and again: the desk's own test makes it do so.
    let alone = [Reason::ImportStopped];
    let named = |reason: &Reason| alone.contains(reason) || sources.contains(&format!("Reason::{reason:?}"));
    let missing: Vec<&Reason> = Reason::ALL.iter().filter(|reason| !named(reason)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// The text of all stories of a folder and those below.
fn gather(folder: &Path, sources: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => gather(&path, sources),
            false if path.file_name().is_some_and(|name| name != "reach.rs") => {
                sources.push_str(&fs::read_to_string(path).unwrap());
            }
            false => {}
        }
    }
}
