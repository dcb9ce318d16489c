//! The packs that stand in the binary.

use super::Files;
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
