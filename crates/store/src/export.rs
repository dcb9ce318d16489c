//! A log as files: the static layout of C2SP `tlog-tiles`, streamed entry by entry, with checkpoint and key.

use crate::door::Store;
use crate::fault::Fault;
use crate::ledger_read::CheckpointRow;
use crate::read::Read;
use domain::id::LogId;
use ledger::export::{CHECKPOINT_FILE, VKEY_FILE, WriteError, Writer};
use ledger::note::Note;
use ledger::proof::TlogProof;
use std::fs;
use std::path::Path;

/// Entries read at once.
const CHUNK: u64 = 256;

impl Store {
    /// Writes a log up to its newest checkpoint as the files that `sluice-verify` reads; each goes to the
    /// sink once, with its path. What was tampered with is written as it is, for the verifier to find.
    /// None if the log does not exist or was never signed.
    ///
    /// # Errors
    /// If the log cannot be read or the sink fails.
    pub fn export(
        &self,
        log: &LogId,
        mut sink: impl FnMut(&str, &[u8]) -> Result<(), Fault>,
    ) -> Result<Option<CheckpointRow>, Fault> {
        if let Err(fault) = self.publish_now(log) {
            tracing::warn!(%log, %fault, "exporting up to the last checkpoint that could be signed");
        }
        let Some(vkey) = self.vkey(log)? else { return Ok(None) };
        self.read(|read| {
            let Some(checkpoint) = read.checkpoint(log)? else { return Ok(None) };
            sink(VKEY_FILE, format!("{vkey}\n").as_bytes())?;
            let mut writer = Writer::new();
            let mut next = 0;
            while next < checkpoint.size {
                let end = checkpoint.size.min(next + CHUNK);
                for leaf in read.leaves(log, next..end)? {
                    writer.push(&leaf.body, &mut sink).map_err(unwritten)?;
                }
                next = end;
            }
            writer.finish(&mut sink).map_err(unwritten)?;
            sink(CHECKPOINT_FILE, checkpoint.note.as_bytes())?;
            Ok(Some(checkpoint))
        })
    }

    /// Exports a log into a folder, which is made if it does not exist.
    ///
    /// # Errors
    /// As [`Store::export`], and if the folder cannot be written.
    pub fn export_to(&self, log: &LogId, folder: &Path) -> Result<Option<CheckpointRow>, Fault> {
        self.export(log, |path, bytes| {
            let file = folder.join(path);
            let made = file.parent().map_or(Ok(()), fs::create_dir_all);
            made.and_then(|()| fs::write(&file, bytes)).map_err(|error| Fault::cannot_open(&file, &error))
        })
    }
}

fn unwritten(error: WriteError<Fault>) -> Fault {
    match error {
        WriteError::Entry(error) => Fault::Corrupt(error.to_string()),
        WriteError::Sink(fault) => fault,
    }
}

impl Read<'_> {
    /// The proof that an entry is in the newest checkpoint of its log (C2SP `tlog-proof`); none if it is not
    /// signed yet.
    ///
    /// # Errors
    /// If the database refuses or lacks hashes.
    pub fn proof(&mut self, log: &LogId, index: u64) -> Result<Option<TlogProof>, Fault> {
        let Some(checkpoint) = self.checkpoint(log)? else { return Ok(None) };
        let Some(hashes) = self.inclusion_proof(log, index, checkpoint.size)? else { return Ok(None) };
        let note = Note::parse(checkpoint.note.as_bytes());
        let note = note.map_err(|_| Fault::Corrupt(format!("the checkpoint of log {log}")))?;
        Ok(Some(TlogProof { extra: None, index, hashes, checkpoint: note }))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{Scratch, enrol, log};
    use domain::id::LogId;
    use ledger::note::VerifierKey;
    use ledger::report::Verdict;
    use ledger::verify::{Options, verify};
    use std::collections::BTreeMap;

    fn files(store: &crate::Store) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        let done = store.export(&log(), |path, bytes| {
            assert!(files.insert(path.to_owned(), bytes.to_vec()).is_none(), "{path} twice");
            Ok(())
        });
        assert!(done.unwrap().is_some());
        files
    }

    fn verdict(files: &BTreeMap<String, Vec<u8>>) -> Verdict {
        verify(files, &Options::default(), &mut |_, _| {}).unwrap().verdict()
    }

    #[test]
    fn an_export_is_whole_and_any_changed_byte_of_an_entry_is_found() {
        let scratch = Scratch::new();
        let store = scratch.open();
        for n in 0..300 {
            store.write(enrol(&format!("p{n}"), 0, &format!("e{n}"))).unwrap();
        }
        let files = files(&store);
        assert_eq!(verdict(&files), Verdict::Whole);
        let mut changed = files.clone();
        let bundle = changed.get_mut("tile/entries/000").unwrap();
        let place = bundle.len() / 2;
        bundle[place] ^= 1;
        assert!(matches!(verdict(&changed), Verdict::Tampered(_)));
        let raw = scratch.raw();
        raw.execute_batch(
            "DROP TRIGGER log_leaf_is_not_updated; \
             UPDATE log_leaf SET body = CAST(replace(CAST(body AS TEXT), 'done', 'gone') AS BLOB) \
             WHERE idx = 7",
        )
        .unwrap();
        assert!(matches!(verdict(&self::files(&store)), Verdict::Tampered(_)));
    }

    #[test]
    fn a_folder_holds_what_the_sink_was_given_and_an_unknown_log_nothing() {
        let scratch = Scratch::new();
        let store = scratch.open();
        store.write(enrol("p", 0, "e")).unwrap();
        let folder = scratch.data().join("export");
        let checkpoint = store.export_to(&log(), &folder).unwrap().unwrap();
        assert_eq!(checkpoint.size, 1);
        for (path, bytes) in files(&store) {
            assert_eq!(std::fs::read(folder.join(path)).unwrap(), bytes);
        }
        assert_eq!(store.export_to(&LogId::new("nobody"), &folder).unwrap(), None);
    }

    #[test]
    fn a_proof_file_proves_an_entry_to_an_outsider() {
        let scratch = Scratch::new();
        let store = scratch.open();
        for n in 0..9 {
            store.write(enrol(&format!("p{n}"), 0, &format!("e{n}"))).unwrap();
        }
        store.publish_now(&log()).unwrap();
        let (proof, leaf) = store.read(|read| Ok((read.proof(&log(), 5)?, read.leaf(&log(), 5)?))).unwrap();
        let key = VerifierKey::parse(&store.vkey(&log()).unwrap().unwrap()).unwrap();
        let file = ledger::proof::TlogProof::parse(proof.unwrap().to_file().as_bytes()).unwrap();
        assert_eq!(file.verify(&leaf.unwrap().body, &[key]).unwrap().size, 9);
        assert!(store.read(|read| read.proof(&log(), 9)).unwrap().is_none());
    }
}
