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

/// A pack's files as they lie there, which may be no text.
pub type Bytes = Vec<(String, Vec<u8>)>;

/// Reads the files of a pack from a folder.
///
/// # Errors
/// The folder cannot be read or holds no `pack.toml`; one of its files is no text.
pub fn read(folder: &Path) -> Done<Files> {
    let no_text = |name: &str| {
        let name = folder.join(name).display().to_string();
        Problem::new(format!("{name} is no text in UTF-8; `sluice pack check` says more"))
    };
    let texts = found(folder)?.into_iter().map(|(name, bytes)| {
        let text = String::from_utf8(bytes).map_err(|_| no_text(&name))?;
        Ok((name, text))
    });
    texts.collect()
}

/// Reads the files of a pack from a folder as they are.
///
/// # Errors
/// The folder cannot be read or holds no `pack.toml`.
pub fn found(folder: &Path) -> Done<Bytes> {
    if !folder.join("pack.toml").is_file() {
        let name = folder.display();
        return Err(Problem::new(format!("{name} holds no pack.toml; name the folder of a version")));
    }
    let mut files = Vec::new();
    walk(folder, folder, &mut files)?;
    files.sort();
    Ok(files)
}

fn walk(root: &Path, folder: &Path, files: &mut Bytes) -> Done {
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
            let bytes = fs::read(&path).map_err(|error| unreadable(&path, error))?;
            let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
            files.push((name, bytes));
        }
    }
    Ok(())
}
