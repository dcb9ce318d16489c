//! Verifying a whole log from its export, beside what hashing alone takes on the same core.

use super::Bench;
use super::door::{self, DoorOrder};
use super::lookups::{self, Engine};
use super::process::this_thread;
use super::report::{Chapter, Figure, Target, Unit};
use crate::problem::{Done, Problem};
use ledger::export::{Files, MAX_FILE_BYTES};
use ledger::hash::{leaf_hash, node_hash, sha256};
use ledger::report::Verdict;
use ledger::verify::{Options, verify};
use std::fs::{self, File};
use std::hint::black_box;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::Store;

/// Entries that are hashed again and again for the ceiling: few enough to lie in the processor's cache.
const SAMPLE: u64 = 64;

/// Exports logs and verifies them.
///
/// # Errors
/// The store, the folder, or a log that is not whole.
pub fn measure(bench: &Bench) -> Done<Chapter> {
    let place = lookups::place(bench, "verify", Engine::Sqlite)?;
    bench.tell(&format!("writing {} entries to verify", bench.plan.entries_to_verify));
    door::through(&[], &DoorOrder::of(&place, bench.plan.entries_to_verify))?;
    let store = place.open()?;
    let (folders, entries) = export(bench, &store)?;
    let sample = sample(&store)?;
    drop(store);
    let (mut verified, mut hashed) = (Vec::new(), Vec::new());
    for round in 1..=bench.plan.rounds.max(3) {
        hashed.push(rate(entries, || {
            hash_only(&sample, entries);
            Ok(())
        })?);
        verified.push(rate(entries, || folders.iter().try_for_each(|folder| whole(folder)))?);
        bench.tell(&format!("verified {round}: {:>9.0} /s", verified[round - 1]));
    }
    let bytes = sample.iter().map(Vec::len).sum::<usize>() / sample.len().max(1);
    let how = format!("{entries} entries of {bytes} bytes, read from files, all checks; one core");
    let ceiling =
        Figure::new("hash ceiling of one core", Unit::PerSecond, hashed.clone(), "leaf and one node");
    let figure = Figure::new("full verification of an export", Unit::PerSecond, verified, how);
    Ok(Chapter {
        title: "Verification".into(),
        about: "Every file of an exported log is read and every hash and signature checked. The ceiling \
                is SHA-256 over entries of the same size and one inner node of 65 bytes for each. Both by \
                the processor time of one thread."
            .into(),
        figures: vec![ceiling, figure.of("the hash ceiling", &hashed, Some(Target::AtLeast(0.7)))],
    })
}

fn export(bench: &Bench, store: &Store) -> Done<(Vec<PathBuf>, u64)> {
    let (mut folders, mut entries) = (Vec::new(), 0);
    for log in store.read(|read| read.log_names())? {
        let folder = bench.folder.path().join(format!("export-{log}"));
        if let Some(checkpoint) = store.export_to(&log, &folder)? {
            entries += checkpoint.size;
            folders.push(folder);
        }
    }
    Ok((folders, entries))
}

/// Some entries as they stand in the log.
fn sample(store: &Store) -> Done<Vec<Vec<u8>>> {
    let leaves = store.read(|read| match read.log_names()?.first() {
        Some(log) => read.leaves(log, 0..SAMPLE),
        None => Ok(vec![]),
    })?;
    Ok(leaves.into_iter().map(|leaf| leaf.body).collect())
}

/// Entries in a second of this thread's processor time.
fn rate(entries: u64, work: impl FnOnce() -> Done) -> Done<f64> {
    let before = this_thread();
    work()?;
    let took = this_thread().saturating_sub(before).max(Duration::from_micros(1));
    Ok(entries as f64 / took.as_secs_f64())
}

fn hash_only(sample: &[Vec<u8>], entries: u64) {
    let (left, right) = (sha256(b"left"), sha256(b"right"));
    for (body, _) in sample.iter().cycle().zip(0..entries) {
        black_box(leaf_hash(black_box(body)));
        black_box(node_hash(black_box(&left), black_box(&right)));
    }
}

fn whole(folder: &Path) -> Done {
    let report = verify(&Folder(folder), &Options::default(), &mut |_, _| {});
    let report = report.map_err(|error| Problem::new(format!("{}: {error:?}", folder.display())))?;
    match report.verdict() {
        Verdict::Whole => Ok(()),
        _ => Err(Problem::new(format!("{} is not whole: {}", folder.display(), report.to_text()))),
    }
}

/// The files below a folder, as the offline verifier reads them.
struct Folder<'a>(&'a Path);

impl Files for Folder<'_> {
    type Error = io::Error;

    fn list(&self) -> io::Result<Vec<String>> {
        let (mut files, mut folders) = (Vec::new(), vec![(self.0.to_path_buf(), String::new())]);
        while let Some((folder, prefix)) = folders.pop() {
            for entry in fs::read_dir(folder)? {
                let entry = entry?;
                let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
                match entry.file_type()?.is_dir() {
                    true => folders.push((entry.path(), path + "/")),
                    false => files.push(path),
                }
            }
        }
        files.sort();
        Ok(files)
    }

    fn read(&self, path: &str, into: &mut Vec<u8>) -> io::Result<bool> {
        let file = match File::open(self.0.join(path)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        into.clear();
        into.reserve(file.metadata()?.len().min(MAX_FILE_BYTES as u64) as usize + 1);
        file.take(MAX_FILE_BYTES as u64 + 1).read_to_end(into)?;
        Ok(true)
    }
}
