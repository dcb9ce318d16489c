//! Verifying an exported log: every byte is read again, every hash computed again.
//!
//! What is trusted is one key. Everything else is held against the checkpoint that it signed.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::export::{CHECKPOINT_FILE, Files, VKEY_FILE};
use crate::hash::{EMPTY_ROOT, Hash};
use crate::note::{Note, NoteError, Signed, VerifierKey};
use crate::policy::Policy;
use crate::report::Report;

mod edge;
mod inventory;
mod settle;
mod walk;

/// What to hold the export against besides itself.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Keys from outside of the export, and whose cosignatures are wanted. Without one, the export's own key
    /// is used, and the report says so.
    pub policy: Option<Policy>,
    /// A checkpoint of the same log that was kept from an earlier time, as bytes of the signed note.
    pub saved: Option<Vec<u8>>,
    /// The newest entry or cosignature must not be older than this, in milliseconds since 1970.
    pub not_before_ms: Option<u64>,
}

/// Why nothing could be said about an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VerifyError<E> {
    /// A file is there but could not be read.
    Read(E),
    /// The saved checkpoint is not one of a trusted key.
    Saved(CheckpointError),
    /// The saved checkpoint is of another log, which it names.
    SavedOfOtherLog(String),
}

impl<E: fmt::Display> fmt::Display for VerifyError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(error) => write!(f, "a file could not be read: {error}"),
            Self::Saved(error) => write!(f, "the saved checkpoint cannot be used: {error}"),
            Self::SavedOfOtherLog(origin) => write!(f, "the saved checkpoint is of another log, {origin}"),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> core::error::Error for VerifyError<E> {}

/// Verifies an export. `progress` is told now and then how many of how many entries were read.
///
/// The example `verify_speed` holds how long this takes against what hashing alone would take.
///
/// # Errors
/// If a file cannot be read, or the saved checkpoint is not one of this log.
pub fn verify<F: Files>(
    files: &F,
    options: &Options,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Report, VerifyError<F::Error>> {
    let mut report = Report { key_from_outside: options.policy.is_some(), ..Report::default() };
    let Some(known) = keys(files, options, &mut report)? else { return Ok(report) };
    let Some((checkpoint, note)) = head(files, &known, &mut report)? else { return Ok(report) };
    let signed = note.open(&known).unwrap_or_default();
    judge_signatures(&signed, options, &mut report);
    let saved = saved(options, &known, &checkpoint)?;
    report.compared_with = saved.as_ref().map(|saved| saved.size);
    let walked = walk::walk(files, &checkpoint, saved.as_ref(), &mut report, progress)?;
    if walked.root.is_some_and(|root| root != checkpoint.root) && report.finding_count == 0 {
        report.found(
            CHECKPOINT_FILE,
            None,
            "The entries and tiles fit one another, but not the signed root: \
             entries were changed, added or taken away, and the tiles made anew.",
        );
    }
    if let Some(saved) = &saved {
        compare(&checkpoint, saved, walked.saved_root, &mut report);
    }
    judge_age(options, &mut report);
    Ok(report)
}

/// Reads the export's key file and settles which keys are known; nothing if none can be.
fn keys<F: Files>(
    files: &F,
    options: &Options,
    report: &mut Report,
) -> Result<Option<Vec<VerifierKey>>, VerifyError<F::Error>> {
    let outside = options.policy.as_ref().map(Policy::keys);
    let mut bytes = Vec::new();
    if !read(files, VKEY_FILE, &mut bytes, report)? {
        report.missing(VKEY_FILE);
        return Ok(outside);
    }
    let line = core::str::from_utf8(&bytes).ok().and_then(|text| text.strip_suffix('\n'));
    let Some(own) = line.and_then(|line| VerifierKey::parse(line).ok()) else {
        report.found(VKEY_FILE, None, "This is not a verifier key followed by a newline.");
        return Ok(outside);
    };
    match &options.policy {
        None => Ok(Some([own].into())),
        Some(policy) => {
            if !policy.logs().contains(&own) {
                report.found(VKEY_FILE, None, "The key in the export is not the one that you trust.");
            }
            Ok(outside)
        }
    }
}

/// Reads and checks the checkpoint; nothing if it cannot be used.
fn head<F: Files>(
    files: &F,
    known: &[VerifierKey],
    report: &mut Report,
) -> Result<Option<(Checkpoint, Note)>, VerifyError<F::Error>> {
    let mut bytes = Vec::new();
    if !read(files, CHECKPOINT_FILE, &mut bytes, report)? {
        report.missing(CHECKPOINT_FILE);
        return Ok(None);
    }
    match Checkpoint::open(&bytes, known) {
        Ok((checkpoint, note)) => {
            report.origin = Some(checkpoint.origin.clone());
            report.size = checkpoint.size;
            report.root = Some(checkpoint.root);
            Ok(Some((checkpoint, note)))
        }
        Err(error) => {
            report.found(CHECKPOINT_FILE, None, sentence(&error));
            Ok(None)
        }
    }
}

/// What is wrong with a checkpoint, in a sentence.
fn sentence(error: &CheckpointError) -> String {
    match error {
        CheckpointError::Malformed | CheckpointError::Note(NoteError::Malformed) => {
            "This is not a signed checkpoint.".to_string()
        }
        CheckpointError::Note(NoteError::WrongSignature { name }) => {
            format!("The signature of {name} does not fit the text: one of them was changed.")
        }
        CheckpointError::Note(_) => "It is not signed by the key of the log.".to_string(),
        CheckpointError::NotByItsLog => {
            "It is signed, but not by a key of the log that it names.".to_string()
        }
    }
}

fn judge_signatures(signed: &[Signed<'_>], options: &Options, report: &mut Report) {
    report.signers = signed.iter().map(|signed| signed.key.name().to_string()).collect();
    // Cosignatures carry seconds.
    report.newest_ms = signed.iter().filter_map(|signed| signed.unix_seconds?.checked_mul(1000)).max();
    if options.policy.as_ref().is_some_and(|policy| !policy.is_met(signed)) {
        report.missing("cosignatures of the witnesses that the policy asks for");
    }
}

/// Opens the saved checkpoint.
fn saved<E>(
    options: &Options,
    known: &[VerifierKey],
    checkpoint: &Checkpoint,
) -> Result<Option<Checkpoint>, VerifyError<E>> {
    let Some(bytes) = &options.saved else { return Ok(None) };
    let (saved, _) = Checkpoint::open(bytes, known).map_err(VerifyError::Saved)?;
    if saved.origin != checkpoint.origin {
        return Err(VerifyError::SavedOfOtherLog(saved.origin));
    }
    Ok(Some(saved))
}

/// Holds the log against a saved checkpoint of an earlier, equal or later size.
fn compare(checkpoint: &Checkpoint, saved: &Checkpoint, root_then: Option<Hash>, report: &mut Report) {
    let (size, then) = (checkpoint.size, saved.size);
    if then > size {
        report.stale = Some(format!("The saved checkpoint has {then} entries, this export only {size}."));
        return;
    }
    let root_then = if then == 0 {
        Some(EMPTY_ROOT)
    } else if then == size {
        Some(checkpoint.root)
    } else {
        root_then
    };
    if root_then.is_some_and(|root| root != saved.root) {
        let sentence = format!(
            "The first {then} entries are not those of the saved checkpoint, \
             which the same key signed: the history was rewritten."
        );
        report.found(CHECKPOINT_FILE, None, sentence);
    }
}

fn judge_age(options: &Options, report: &mut Report) {
    let Some(limit) = options.not_before_ms else { return };
    if report.newest_ms.is_none_or(|newest| newest < limit) && report.stale.is_none() {
        let limit = crate::stamp::to_rfc3339(limit);
        report.stale = Some(format!("No entry or cosignature is newer than {limit}."));
    }
}

/// Reads a file, if there is one, and counts it.
fn read<F: Files>(
    files: &F,
    path: &str,
    into: &mut Vec<u8>,
    report: &mut Report,
) -> Result<bool, VerifyError<F::Error>> {
    let is_there = files.read(path, into).map_err(VerifyError::Read)?;
    if is_there {
        report.files_read += 1;
        report.bytes_read += into.len() as u64;
    }
    Ok(is_there)
}

#[cfg(test)]
#[path = "verify_tests.rs"]
mod tests;
