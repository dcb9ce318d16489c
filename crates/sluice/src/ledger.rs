//! `sluice ledger`: the logs at the terminal.

use crate::cli::LedgerArgs;
use crate::config;
use crate::demo::Place;
use crate::problem::{Done, Problem};
use crate::say;
use domain::id::LogId;
use std::fs;
use std::path::Path;
use store::Store;

/// Names the logs, one a line.
///
/// # Errors
/// There is no database, or it cannot be opened.
pub fn logs(from: &LedgerArgs) -> Done {
    let store = open(from)?;
    for log in store.read(|read| read.log_names())? {
        say!("{log}");
    }
    Ok(())
}

/// Writes a log as static files: verifier key, checkpoint, tiles, entries.
///
/// # Errors
/// The folder is not empty, there is no such log, the disk is full.
pub fn export(from: &LedgerArgs, log: &str, out: &Path) -> Done {
    let store = open(from)?;
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

/// Opens the store of an installation or of a demonstration.
///
/// # Errors
/// There is no database, or it cannot be opened.
pub fn open(from: &LedgerArgs) -> Done<Store> {
    if let Some(file) = &from.config {
        return Ok(Store::open(&config::read(file)?.store.open_with())?);
    }
    let data = from.data.as_deref().unwrap_or(Path::new("."));
    let place = Place::of(data, from.database.as_deref());
    if !place.holds_database() {
        let name = data.display();
        return Err(Problem::new(format!("{name} holds no database; name it with --data")));
    }
    Ok(Store::open(&place.store_config())?)
}
