//! The packs that stand in the binary.

use super::Files;
use crate::problem::{Done, Problem};
use desk::Desk;
use std::collections::BTreeMap;

include!(concat!(env!("OUT_DIR"), "/packs.rs"));

/// Every shipped pack, by its folder `id/version`.
pub fn all() -> BTreeMap<&'static str, Files> {
    let mut packs: BTreeMap<&'static str, Files> = BTreeMap::new();
    for (folder, path, text) in FILES {
        packs.entry(folder).or_default().push(((*path).into(), (*text).into()));
    }
    packs
}

/// The small pack that authors go on from.
pub fn template() -> Files {
    TEMPLATE.iter().map(|(path, text)| ((*path).into(), (*text).into())).collect()
}

/// Puts every shipped pack in force that is not yet.
///
/// # Errors
/// A pack has faults, or the store cannot be written.
pub fn activate(desk: &Desk) -> Done {
    for (folder, files) in all() {
        let checked = desk::regulation::check(files)
            .map_err(|_| Problem::new(format!("the shipped pack {folder} has faults")))?;
        desk.activate(checked)?;
    }
    Ok(())
}
