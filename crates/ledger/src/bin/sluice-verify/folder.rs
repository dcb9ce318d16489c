//! An exported log that lies in a folder.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use ledger::export::{Files, MAX_FILE_BYTES};

/// The files below a folder.
pub(crate) struct Folder<'a>(pub(crate) &'a Path);

impl Files for Folder<'_> {
    type Error = io::Error;

    fn list(&self) -> io::Result<Vec<String>> {
        let mut files = Vec::new();
        let mut folders = vec![(self.0.to_path_buf(), String::new())];
        while let Some((folder, prefix)) = folders.pop() {
            for entry in fs::read_dir(&folder)? {
                let entry = entry?;
                let path = prefix.clone() + &entry.file_name().to_string_lossy();
                if entry.file_type()?.is_dir() {
                    folders.push((entry.path(), path + "/"));
                } else {
                    files.push(path);
                }
            }
        }
        files.sort();
        Ok(files)
    }

    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        let file = match File::open(self.0.join(path)) {
            Ok(file) => file,
            Err(error) if is_absence(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        if file.metadata()?.is_dir() {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        file.take(MAX_FILE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }
}

/// Whether an error means that there is no such file: it, or a folder on the way to it, is not there.
fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
