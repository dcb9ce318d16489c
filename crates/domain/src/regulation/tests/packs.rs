//! Every pack that ships, and the invented one of the stories, loads without a fault.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;

/// Every version folder below a folder of packs. What authors go on from is no version.
fn versions(packs: &Path) -> Vec<PathBuf> {
    let folders = |dir: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(dir).map(|list| list.map(|entry| entry.unwrap().path())).unwrap();
        let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
        folders.sort();
        folders
    };
    let shipped = folders(packs).into_iter().filter(|pack| !pack.ends_with("template"));
    shipped.flat_map(|pack| folders(&pack)).collect()
}

fn read(root: &Path, dir: &Path, files: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            files.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}

fn every_pack_in(folder: &str) -> Vec<Pack> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut packs = Vec::new();
    for version in versions(&folder) {
        let mut files = Vec::new();
        read(&version, &version, &mut files);
        let sources: Vec<Source<'_>> = files.iter().map(|(path, text)| Source { path, text }).collect();
        let pack = load(&sources);
        let faults: Vec<String> =
            pack.as_ref().err().into_iter().flatten().map(|e| format!("{}/{e}", version.display())).collect();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        let pack = pack.unwrap();
        assert!(version.ends_with(format!("{}/{}", pack.header.id, pack.header.version)), "{version:?}");
        packs.push(pack);
    }
    packs
}

#[test]
fn the_shipped_packs_load_and_hold_every_clause() {
    let packs = every_pack_in("../../packs");
    let counts: Vec<(&str, usize)> = packs.iter().map(|p| (p.header.id.as_str(), p.clauses.len())).collect();
    for wanted in [("kaohsiung", 43), ("lienchiang", 31), ("nhi", 38), ("taipei", 24)] {
        assert!(counts.contains(&wanted), "{wanted:?} in {counts:?}");
    }
    assert!(counts.iter().any(|(id, _)| *id == "moi-floor"));
}

#[test]
fn every_named_parent_ships_and_lies_under_its_packs() {
    let packs = every_pack_in("../../packs");
    for pack in packs.iter().filter(|pack| pack.header.parent.is_some()) {
        let parent = packs.iter().find(|p| Some(&p.header.id) == pack.header.parent.as_ref()).unwrap();
        pack.clone().with_floor(alloc::sync::Arc::new(parent.clone())).unwrap();
    }
}

#[test]
fn the_invented_pack_of_the_stories_loads_in_two_versions() {
    let packs = every_pack_in("../../tests/packs");
    assert!(packs.iter().filter(|pack| pack.header.id == "harbour").count() >= 2);
}
