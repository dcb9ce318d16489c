//! `sluice ledger`: the logs at the terminal.

use crate::demo::Place;
use crate::problem::{Done, Problem};
use crate::say;
use domain::id::LogId;
use std::fs;
use std::path::Path;
use store::Store;

/// Names the logs of a data folder, one a line.
///
/// # Errors
/// The folder holds no database, or it cannot be opened.
pub fn logs(data: &Path) -> Done {
    let store = open(data)?;
    for log in store.read(|read| read.log_names())? {
        say!("{log}");
    }
    Ok(())
}

/// Writes a log as static files: verifier key, checkpoint, tiles, entries.
///
/// # Errors
/// The folder is not empty, there is no such log, the disk is full.
pub fn export(data: &Path, log: &str, out: &Path) -> Done {
    let store = open(data)?;
    let id = LogId::new(log);
    let names = store.read(|read| read.log_names())?;
    if !names.contains(&id) {
        let known: Vec<&str> = names.iter().map(LogId::as_str).collect();
        return Err(Problem::new(format!("no log {log}; there are {}", known.join(", "))));
    }
    if fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some()) {
        let name = out.display();
        return Err(Problem::new(format!("{name} is not empty; name a new folder with --out")));
    }
    let mut files = 0_u64;
    let mut failed = None;
    store.export(&id, &mut |path: &str, bytes: &[u8]| {
        if failed.is_none() {
            failed = write(&out.join(path), bytes).err();
            files += 1;
        }
        Ok(())
    })?;
    if let Some(error) = failed {
        return Err(Problem::new(format!("cannot write to {}: {error}", out.display())));
    }
    say!("{files} files of log {log} in {}", out.display());
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes)
}

fn open(data: &Path) -> Done<Store> {
    let place = Place::of(data);
    if !place.database.is_file() {
        let name = data.display();
        return Err(Problem::new(format!("{name} holds no database; name it with --data")));
    }
    Ok(Store::open(&place.store_config())?)
}
