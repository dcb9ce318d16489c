//! Regulation packs at the terminal: new, check, diff, list, test, coverage, load, replay.

pub mod check;
pub mod command;
pub mod coverage;
pub mod diff;
pub mod draft;
pub mod folder;
pub mod list;
pub mod load;
pub mod replay;
pub mod scene;
pub mod shipped;
pub mod test;

use crate::problem::{Done, Problem};
use std::fs;
use std::path::Path;

/// A pack's files, as path and text.
pub type Files = Vec<(String, String)>;

/// Reads the files of a pack from a folder.
///
/// # Errors
/// The folder cannot be read or holds no `pack.toml`.
pub fn read(folder: &Path) -> Done<Files> {
    if !folder.join("pack.toml").is_file() {
        let name = folder.display();
        return Err(Problem::new(format!("{name} holds no pack.toml; name the folder of a version")));
    }
    let mut files = Vec::new();
    walk(folder, folder, &mut files)?;
    files.sort();
    Ok(files)
}

fn walk(root: &Path, folder: &Path, files: &mut Files) -> Done {
    let unreadable =
        |path: &Path, error: std::io::Error| Problem::new(format!("{}: {error}", path.display()));
    for entry in fs::read_dir(folder).map_err(|error| unreadable(folder, error))? {
        let path = entry.map_err(|error| unreadable(folder, error))?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with('.') || name.ends_with('~') {
            // What a system or an editor leaves behind is no part of a pack.
            continue;
        }
        if path.is_dir() {
            walk(root, &path, files)?;
        } else {
            let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
            let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
            files.push((name, text));
        }
    }
    Ok(())
}
