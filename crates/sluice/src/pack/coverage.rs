//! `sluice pack coverage`: for each clause, what meets it and whether that was seen carried out.
//!
//! `carried_out` is measured, never written by hand: the pack's scenarios are played, and a clause
//! counts when one run obeyed it and one was refused under it, or was late; or when a step that lets time
//! pass expects an entry under it, and time brought one.

use super::scene;
use super::test::named_or_shipped;
use crate::problem::{Done, Problem};
use crate::say;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Prints one line a clause.
///
/// # Errors
/// A pack has faults.
pub fn run(as_json: bool, paths: &[PathBuf]) -> Done {
    for files in named_or_shipped(paths)? {
        let checked = desk::regulation::check(files)
            .map_err(|_| Problem::new("the pack has faults; run `sluice pack check` first"))?;
        let (mut obeyed, mut refused, mut expected) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for played in scene::play_all(&checked)? {
            if played.outcome.is_ok() {
                obeyed.extend(played.obeyed);
                refused.extend(played.refused);
                expected.extend(played.expected);
            }
        }
        for clause in &checked.pack.clauses {
            let id = clause.id.as_str();
            let carried_out = expected.contains(id) || (obeyed.contains(id) && refused.contains(id));
            let met_by = checked.pack.met_by(&clause.id);
            match as_json {
                true => say!("{}", json!({ "clause": id, "met_by": met_by, "carried_out": carried_out })),
                false => say!(
                    "{} {id}  {}",
                    if carried_out { "carried out " } else { "not yet     " },
                    met_by.join(" ")
                ),
            }
        }
    }
    Ok(())
}
