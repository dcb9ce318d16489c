//! A folder from which a server loads packs while it runs.
//!
//! It is looked at again at each round of the watch. A pack that appears or changes there is taken once it
//! has stood the same for a whole round, so that a copy under way is never taken for a pack.

use super::{Bytes, found};
use desk::Desk;
use desk::regulation::activation::Loaded;
use desk::regulation::load::Unloadable;
use domain::regulation::{Source, canonical};
use ledger::hash::sha256;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A folder of packs, as it was found.
pub struct PackFolder {
    root: PathBuf,
    found: BTreeMap<PathBuf, Found>,
    told: BTreeSet<String>,
    /// How often it was looked at.
    round: u64,
}

/// One pack in it.
struct Found {
    /// A digest of its files.
    print: String,
    /// In which round they were first found so.
    round: u64,
    /// What is wrong with it.
    faults: Vec<String>,
    /// Whether nothing but a change of its files can change that.
    settled: bool,
}

impl PackFolder {
    /// The folder at a path.
    pub fn at(root: &Path) -> Self {
        Self { root: root.into(), found: BTreeMap::new(), told: BTreeSet::new(), round: 0 }
    }

    /// Looks at the folder and loads what is new. What is wrong is logged once and noted for the pages.
    pub fn look(&mut self, desk: &Desk) {
        self.round += 1;
        let mut faults = Vec::new();
        let folders = match packs_in(&self.root) {
            Ok(folders) => folders,
            Err(error) => {
                faults.push(format!("{}: {error}", self.root.display()));
                Vec::new()
            }
        };
        self.found.retain(|path, _| folders.contains(path));
        // A parent may stand behind its child in the order of names, so whatever loads makes another turn.
        while folders.iter().any(|path| self.look_at(desk, path)) {}
        let name = |path: &Path| path.strip_prefix(&self.root).unwrap_or(path).display().to_string();
        for (path, found) in &self.found {
            let told = found.faults.iter().map(|fault| format!("{}/{fault}", name(path)));
            faults.extend(told);
        }
        self.tell(&faults);
        desk.note_pack_faults(faults);
    }

    /// What is wrong at the moment.
    pub fn faults(&self) -> Vec<String> {
        self.told.iter().cloned().collect()
    }

    /// Logs what was not logged before.
    fn tell(&mut self, faults: &[String]) {
        for fault in faults.iter().filter(|fault| !self.told.contains(*fault)) {
            tracing::error!(fault, "a pack was not loaded");
        }
        self.told = faults.iter().cloned().collect();
    }

    /// Looks at one pack, and answers whether it was loaded now.
    fn look_at(&mut self, desk: &Desk, path: &Path) -> bool {
        let (round, new) =
            (self.round, |print: String| Found { print, round: 0, faults: vec![], settled: false });
        let files = match found(path) {
            Ok(files) => files,
            Err(problem) => {
                let faults = vec![problem.sentence];
                self.found.insert(path.into(), Found { faults, ..new(String::new()) });
                return false;
            }
        };
        let print = print(&files);
        let known = self.found.get(path).filter(|found| found.print == print);
        match known {
            Some(found) if found.settled || found.round == round => return false,
            None if round > 1 => {
                self.found.insert(path.into(), Found { round, ..new(print) });
                return false;
            }
            _ => {}
        }
        let (faults, settled, loaded) = load(desk, files);
        self.found.insert(path.into(), Found { faults, settled, ..new(print) });
        loaded
    }
}

/// Loads a pack: what is wrong with it, whether that is settled, and whether it was new.
fn load(desk: &Desk, files: Bytes) -> (Vec<String>, bool, bool) {
    let checked = match desk::regulation::check_found(files) {
        Ok(checked) => checked,
        Err(errors) => return (errors.iter().map(ToString::to_string).collect(), true, false),
    };
    let name = checked.rule.name.clone();
    match desk.load(checked) {
        Ok(loaded) => {
            match loaded {
                Loaded::InForce => tracing::info!(name, "a pack was loaded"),
                Loaded::Waiting => tracing::info!(name, "a pack waits to be approved"),
                Loaded::Known => {}
            }
            (vec![], true, loaded == Loaded::InForce)
        }
        Err(error) => {
            // A parent may come, and a store that is away comes back.
            let passes = matches!(error, Unloadable::No(_) | Unloadable::NoParent { .. });
            let sentence = error.sentence().map(|sentence| format!("pack.toml: {sentence}"));
            (sentence.into_iter().collect(), !passes, false)
        }
    }
}

fn print(files: &Bytes) -> String {
    let digests: Vec<String> = files.iter().map(|(_, bytes)| sha256(bytes).to_hex()).collect();
    let sources: Vec<Source<'_>> =
        files.iter().zip(&digests).map(|((path, _), text)| Source { path, text }).collect();
    sha256(&canonical(&sources)).to_hex()
}

/// The folders that hold a `pack.toml`, at most two below the root, as `id/version` is.
fn packs_in(root: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut packs = Vec::new();
    for folder in folders(root)? {
        match folder.join("pack.toml").is_file() {
            true => packs.push(folder),
            false => packs.extend(folders(&folder)?.into_iter().filter(|f| f.join("pack.toml").is_file())),
        }
    }
    packs.sort();
    Ok(packs)
}

fn folders(root: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(root)?.collect::<std::io::Result<Vec<_>>>()?;
    Ok(entries.into_iter().map(|entry| entry.path()).filter(|path| path.is_dir()).collect())
}
