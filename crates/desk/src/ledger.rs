//! The ledger as people use it: a record code proved, a checkpoint, tiles, an export.

use crate::view::{EntryProofView, VerificationView};
use crate::{Answer, Desk, No, Session};
use domain::id::LogId;
use domain::record_code::RecordCode;
use domain::regulation::Capacity;
use domain::{Reason, Refusal};
use ledger::tile::{Kind, TilePath};
use ledger::{Hash, tree};
use store::{Fault, Read};

impl Desk {
    /// Proves everything that the actor's log says about a record code.
    ///
    /// # Errors
    /// The code cannot be read, or nothing in the log is about it.
    pub fn verify(&self, session: &Session, code: &str) -> Answer<VerificationView> {
        let code = RecordCode::parse(code).map_err(|error| {
            let refusal = Refusal::new(Reason::CodeMalformed).at("code");
            let refusal = refusal.with("problem", format!("{error:?}"));
            No::Refused(vec![self.explain(session, refusal)])
        })?;
        let (code, log) = (code.to_string(), session.actor.log());
        self.inner.store.publish_now(&log)?;
        let vkey = self.vkey(log.as_str())?.unwrap_or_default();
        let found = self.inner.store.read(|read| prove(read, &log, &code))?;
        let Some(mut view) = found else {
            let refusal = Refusal::new(Reason::RecordUnknown).at("code").with("code", &code);
            return Err(No::Refused(vec![self.explain(session, refusal)]));
        };
        view.vkey = vkey;
        Ok(view)
    }

    /// The names of all logs.
    pub fn logs(&self) -> Vec<String> {
        let names = self.inner.store.read(|read| read.log_names());
        names.unwrap_or_default().iter().map(LogId::to_string).collect()
    }

    /// The newest signed checkpoint of a log.
    ///
    /// # Errors
    /// The store.
    pub fn checkpoint(&self, log: &str) -> Answer<Option<String>> {
        let log = LogId::new(log);
        let newest = self.inner.store.read(|read| read.checkpoint(&log))?;
        Ok(newest.map(|checkpoint| checkpoint.note))
    }

    /// The log's verifier key; none if there is no such log.
    ///
    /// # Errors
    /// The store.
    pub fn vkey(&self, log: &str) -> Answer<Option<String>> {
        Ok(self.inner.store.vkey(&LogId::new(log))?)
    }

    /// One tile or entry bundle, by its path below `tile/`.
    ///
    /// # Errors
    /// The store.
    pub fn tile(&self, log: &str, path: &str) -> Answer<Option<Vec<u8>>> {
        let log = LogId::new(log);
        let full = format!("tile/{path}");
        let Some(tile) = TilePath::parse(&full) else { return Ok(None) };
        Ok(self.inner.store.read(|read| match tile.kind {
            Kind::Entries => Ok(None),
            Kind::Hashes(level) => read.tile(&log, level, tile.index, tile.width),
        })?)
    }

    /// One entry bundle, for an auditor. Reading entries is itself entered, and the bundle leaves
    /// only after that.
    ///
    /// # Errors
    /// The actor may not read entries; the store.
    pub fn bundle(&self, session: &Session, log: &str, path: &str) -> Answer<Option<Vec<u8>>> {
        if !self.entries_allowed(session, log) {
            let refusal = Refusal::new(Reason::NoCapacity);
            return Err(self.refuse(session, "ledger.read", vec![refusal]));
        }
        let log = LogId::new(log);
        let Some(tile) = TilePath::parse(&format!("tile/{path}")) else { return Ok(None) };
        let (actor, event, now) = (&session.actor, crate::carry::event(), self.now());
        let (bundle, _) = self.inner.store.look(|read| {
            let bundle = read.entries(&log, tile.index, tile.width)?;
            Ok((bundle, vec![domain::ledger::read(&session.rule, actor, path, &event, now)]))
        })?;
        Ok(bundle)
    }

    /// Whether the actor may read entries, which only auditors of the log may.
    pub fn entries_allowed(&self, session: &Session, log: &str) -> bool {
        let own = session.actor.agency.as_str() == log;
        own && (session.actor.can(Capacity::Audit) || session.actor.can(Capacity::Provide))
    }

    /// The whole log as an archive in the static layout, for an auditor.
    ///
    /// # Errors
    /// The actor may not read entries; the store.
    pub fn export_log(&self, session: &Session, log: &str) -> Answer<Vec<u8>> {
        if !self.entries_allowed(session, log) {
            let refusal = Refusal::new(Reason::NoCapacity);
            return Err(self.refuse(session, "ledger.export", vec![refusal]));
        }
        let id = LogId::new(log);
        self.enter_export(session)?;
        let mut archive = tar::Builder::new();
        self.inner.store.export(&id, |path: &str, bytes: &[u8]| {
            archive.add(&format!("{log}/{path}"), bytes);
            Ok(())
        })?;
        Ok(archive.finish())
    }

    fn enter_export(&self, session: &Session) -> Answer<()> {
        let decision =
            domain::ledger::exported(&session.rule, &session.actor, &crate::carry::event(), self.now());
        self.inner.store.write(decision)?;
        Ok(())
    }

    /// One entry's proof as a file that outlives this product.
    ///
    /// # Errors
    /// There is no such entry.
    pub fn proof_file(&self, session: &Session, log: &str, index: u64) -> Answer<String> {
        let id = LogId::new(log);
        let found = self.inner.store.read(|read| proof_text(read, &id, index))?;
        found.ok_or_else(|| No::Refused(vec![self.explain(session, Refusal::new(Reason::RecordUnknown))]))
    }
}

fn proof_text(read: &mut Read<'_>, log: &LogId, index: u64) -> Result<Option<String>, Fault> {
    let Some(checkpoint) = read.checkpoint(log)? else { return Ok(None) };
    if index >= checkpoint.size {
        return Ok(None);
    }
    let Some(hashes) = read.inclusion_proof(log, index, checkpoint.size)? else { return Ok(None) };
    let note = ledger::note::Note::parse(checkpoint.note.as_bytes())
        .map_err(|_| Fault::Corrupt("checkpoint".into()))?;
    let proof = ledger::proof::TlogProof { extra: None, index, hashes, checkpoint: note };
    Ok(Some(proof.to_file()))
}

/// Finds the entries of a code and checks every proof by the verifier's own algorithms.
fn prove(read: &mut Read<'_>, log: &LogId, code: &str) -> Result<Option<VerificationView>, Fault> {
    let entries = read.entries_of_record(log, code)?;
    let Some(checkpoint) = read.checkpoint(log)? else { return Ok(None) };
    if entries.is_empty() {
        return Ok(None);
    }
    let mut views = Vec::new();
    for entry in entries.iter().filter(|entry| entry.index < checkpoint.size) {
        let Some(leaf) = read.leaf(log, entry.index)? else { continue };
        // The hash is taken from the bytes of the entry and not from what is stored beside them.
        let leaf = ledger::hash::leaf_hash(&leaf.body);
        let path = read.inclusion_proof(log, entry.index, checkpoint.size)?.unwrap_or_default();
        let (size, root) = (checkpoint.size, &checkpoint.root);
        let included = tree::verify_inclusion(&leaf, entry.index, size, &path, root).is_ok();
        views.push(EntryProofView {
            index: entry.index,
            hash: leaf.to_hex(),
            act: entry.act.clone(),
            at: entry.at,
            included,
            proof_length: path.len(),
        });
    }
    let earlier = earlier_size(&entries.iter().map(|entry| entry.index).collect::<Vec<_>>());
    let consistent = consistent(read, log, earlier, checkpoint.size, &checkpoint.root)?;
    Ok(Some(VerificationView {
        code: code.into(),
        entries: views,
        checkpoint: checkpoint.note.clone(),
        size: checkpoint.size,
        root: checkpoint.root.to_hex(),
        earlier_size: earlier,
        consistent,
        vkey: String::new(),
        log: log.to_string(),
    }))
}

/// The size of the log just after the record's first entry: consistency from there to now says
/// that nothing before or since was changed.
fn earlier_size(indices: &[u64]) -> u64 {
    indices.iter().min().map_or(0, |first| first + 1)
}

fn consistent(read: &mut Read<'_>, log: &LogId, old: u64, new: u64, root: &Hash) -> Result<bool, Fault> {
    let Some(old_root) = read.root_at(log, old)? else { return Ok(false) };
    let path = read.consistency_proof(log, old, new)?.unwrap_or_default();
    Ok(tree::verify_consistency(old, &old_root, new, root, &path).is_ok())
}

mod tar;
