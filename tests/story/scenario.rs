//! The scenarios of all packs: each comes out as it says, and leaves the same rows on both engines.

use super::stage::played;
use sluice::pack::{Files, read, scene, shipped};
use std::path::Path;

/// Plays the scenarios of one version of a pack, and answers how many they are.
fn play(files: Files) -> usize {
    let checked = desk::regulation::check(files).unwrap_or_else(|errors| panic!("{errors:?}"));
    for scenario in &checked.pack.scenarios {
        println!("{} {}", checked.rule.name, scenario.file);
        played(|stage| {
            let outcome = stage.bare_store(|store| scene::play(&checked, scenario, store.clone()));
            assert_eq!(outcome.unwrap().outcome, Ok(()));
        });
    }
    checked.pack.scenarios.len()
}

#[test]
fn the_scenarios_of_the_shipped_packs_come_out_as_they_say() {
    let count: usize = shipped::all().into_values().map(play).sum();
    assert!(count >= 27, "only {count} scenarios");
}

#[test]
fn the_scenarios_of_the_invented_pack_come_out_as_they_say() {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("packs/harbour");
    let versions = ["1100301", "1130901"].map(|version| read(&packs.join(version)).unwrap());
    let count: usize = versions.into_iter().map(play).sum();
    assert!(count >= 22, "only {count} scenarios");
}
