//! The signer: signs a log's checkpoint when the log grew, and believes nothing that it has not read again.
//!
//! It keeps its own memory beside the keys: the frontier of what it signed last. From there it reads the new
//! entries byte for byte, hashes them, and signs only if they lead to the root that the writer claims. What
//! does not fit makes the log read-only. A database older than the memory is an old copy put back.

use crate::door::{Shared, Store};
use crate::engine::{BEGIN_READ, Engine, ROLLBACK, Role};
use crate::fault::Fault;
use crate::head::SELECT_HEADS;
use crate::keyring::Keyring;
use crate::ledger_read::{CheckpointRow, HeadRow};
use crate::read::Read;
use crate::row;
use crate::seal::Keys;
use crate::statement::Statement;
use crate::value::count;
use domain::id::LogId;
use ledger::hash::leaf_hash;
use ledger::note::SignerKey;
use ledger::{Checkpoint, Frontier, Hash};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

static PUT_CHECKPOINT: Statement = Statement {
    name: "put_checkpoint",
    sql: "INSERT INTO checkpoint (log, size, root, note, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (log) \
          DO UPDATE SET size = excluded.size, root = excluded.root, note = excluded.note, at = excluded.at \
          WHERE checkpoint.size < excluded.size",
};
static PUT_SIGNER_STATE: Statement = Statement {
    name: "put_signer_state",
    sql: "INSERT INTO signer_state (log, size, root) VALUES ($1, $2, $3) ON CONFLICT (log) \
          DO UPDATE SET size = excluded.size, root = excluded.root WHERE signer_state.size < excluded.size",
};

pub(crate) static STATEMENTS: &[&Statement] = &[&PUT_CHECKPOINT, &PUT_SIGNER_STATE];

/// How long a log that keeps growing waits between two checkpoints.
const PACE: Duration = Duration::from_millis(200);
/// How long the signer rests after a failure, so that a lasting one does not fill the operator's log.
const PACE_AFTER_FAILURE: Duration = Duration::from_secs(5);
/// How long somebody waits for a checkpoint before the signer is taken for stuck.
const PATIENCE: Duration = Duration::from_secs(30);
/// Entries read at once.
const CHUNK: u64 = 256;
/// The first line of the signer's memory.
const MEMORY_HEADER: &str = "sluice signer memory v1";

/// What the doors tell the signer, and what it tells them.
#[derive(Default)]
pub(crate) struct Signer {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    grown: BTreeSet<String>,
    urgent: bool,
    stopped: bool,
    /// Logs that take no more entries, and why.
    refused: BTreeMap<String, String>,
    /// How often the signer has begun to work through what grew.
    round: u64,
    /// The round in which each log was last tried, with the size signed or why it failed.
    signed: BTreeMap<String, (u64, Result<u64, Fault>)>,
}

impl Signer {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells that logs grew.
    pub(crate) fn wake(&self, logs: &[String]) {
        self.lock().grown.extend(logs.iter().cloned());
        self.changed.notify_all();
    }

    /// Lets the thread end.
    pub(crate) fn stop(&self) {
        self.lock().stopped = true;
        self.changed.notify_all();
    }

    /// Refuses a log that the signer refused.
    pub(crate) fn check(&self, log: &str) -> Result<(), Fault> {
        match self.lock().refused.get(log) {
            Some(why) => Err(Fault::LogReadOnly { log: log.into(), why: why.clone() }),
            None => Ok(()),
        }
    }

    /// Waits until a log is signed up to `size`.
    fn await_size(&self, log: &str, size: u64) -> Result<(), Fault> {
        let mut state = self.lock();
        state.grown.insert(log.into());
        state.urgent = true;
        let before = state.round;
        self.changed.notify_all();
        let end = Instant::now() + PATIENCE;
        loop {
            match state.signed.get(log) {
                Some((_, Ok(signed))) if *signed >= size => return Ok(()),
                // A failure of a round that began before the question says nothing about now.
                Some((round, Err(fault))) if *round > before => return Err(fault.clone()),
                _ if state.stopped => return Err(Fault::Closed),
                _ => {}
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Fault::Busy);
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Waits for logs that grew; nothing comes after the stop.
    fn next(&self) -> Option<BTreeSet<String>> {
        let mut state = self.lock();
        while state.grown.is_empty() && !state.stopped {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.urgent = false;
        state.round += 1;
        (!state.stopped).then(|| std::mem::take(&mut state.grown))
    }

    /// Notes how signing a log ended.
    fn note(&self, log: &str, result: Result<u64, Fault>) {
        let mut state = self.lock();
        if let Err(fault) = &result {
            tracing::error!(log, %fault, "a checkpoint was not signed");
            if let Fault::LogReadOnly { why, .. } = fault {
                state.refused.insert(log.into(), why.clone());
            } else {
                state.grown.insert(log.into());
            }
        }
        let round = state.round;
        state.signed.insert(log.into(), (round, result));
        drop(state);
        self.changed.notify_all();
    }

    /// Rests between two rounds, unless somebody waits.
    fn rest(&self, pace: Duration) {
        let state = self.lock();
        let idle = |state: &mut State| !state.urgent && !state.stopped;
        drop(self.changed.wait_timeout_while(state, pace, idle));
    }
}

/// The signer's thread.
pub(crate) fn run(shared: &Shared) {
    let mut reader = None;
    while let Some(logs) = shared.signer.next() {
        let mut pace = PACE;
        for log in logs {
            let signed = sign(shared, &mut reader, &LogId::new(log.as_str()));
            if signed.is_err() {
                pace = PACE_AFTER_FAILURE;
                reader = None;
            }
            shared.signer.note(&log, signed);
        }
        shared.signer.rest(pace);
    }
}

/// What the signer remembers of a log.
struct Memory {
    frontier: Frontier,
    note: String,
}

fn memory_file(log: &str) -> String {
    format!("log-{log}.signed")
}

fn recall(keyring: &Keyring, log: &str) -> Result<Option<Memory>, Fault> {
    let Some(bytes) = keyring.read(&memory_file(log))? else { return Ok(None) };
    let read = || {
        let text = std::str::from_utf8(&bytes).ok()?;
        let (frontier, note) = text.strip_prefix(MEMORY_HEADER)?.strip_prefix('\n')?.split_once('\n')?;
        let frontier = Frontier::from_bytes(&unhex(frontier)?).ok()?;
        Some(Memory { frontier, note: note.into() })
    };
    read().map(Some).ok_or_else(|| Fault::Keyring(format!("{} cannot be read", memory_file(log))))
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pairs = (0..text.len()).step_by(2).map(|place| text.get(place..place + 2));
    pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect()
}

fn remember(keyring: &Keyring, log: &str, memory: &Memory) -> Result<(), Fault> {
    let frontier = crate::random::hex(&memory.frontier.to_bytes());
    keyring.write(&memory_file(log), format!("{MEMORY_HEADER}\n{frontier}\n{}", memory.note).as_bytes())
}

/// Compares the database with the signer's memory, before anything is written.
pub(crate) fn check_rollback(engine: &mut dyn Engine, keyring: &Keyring) -> Result<(), Fault> {
    // The memories first: another process that signs in between only makes the heads newer than them.
    let mut memories = Vec::new();
    for name in keyring.names(".signed")? {
        let Some(log) = name.strip_prefix("log-") else { continue };
        memories.extend(recall(keyring, log)?.map(|memory| (log.to_owned(), memory)));
    }
    let mut heads: BTreeMap<String, (u64, Hash)> = BTreeMap::new();
    for row in engine.run(SELECT_HEADS.sql, &[])? {
        heads.insert(row.text("log")?, (row.count("size")?, row.hash("root")?));
    }
    for (log, memory) in memories {
        let (found, root) = heads.get(&log).copied().unwrap_or((0, ledger::hash::EMPTY_ROOT));
        let signed = memory.frontier.size();
        if found < signed {
            return Err(Fault::RolledBack { log, signed, found });
        }
        if found == signed && root != memory.frontier.root() {
            return Err(Fault::Corrupt(format!("log {log} differs from what was signed of it")));
        }
    }
    Ok(())
}

/// Signs what is new in a log and gives the size signed. `reader` is a connection of the signer's own, opened
/// when there is none.
fn sign(shared: &Shared, reader: &mut Option<Box<dyn Engine>>, log: &LogId) -> Result<u64, Fault> {
    let keyring = &shared.keys.keyring;
    let _sole = keyring.sole_signer()?;
    let memory = recall(keyring, log.as_str())?;
    let engine = match reader {
        Some(engine) => engine,
        None => reader.insert(shared.opener().open(Role::Reader)?),
    };
    engine.run(BEGIN_READ, &[])?;
    let mut read = Read { engine: engine.as_mut(), keys: &shared.keys };
    let followed = follow_all(&mut read, log, memory.as_ref());
    engine.run(ROLLBACK, &[])?;
    let Some((head, published, frontier)) = followed? else { return Ok(0) };
    let memory = match memory {
        Some(memory) if memory.frontier.size() == head.size => memory,
        _ => {
            let key = signing_key(keyring, &head, published.is_none())?;
            let checkpoint = Checkpoint { origin: head.origin.clone(), size: head.size, root: head.root };
            let note = checkpoint.sign(&key).map_err(|error| Fault::Keyring(error.to_string()))?.to_string();
            let memory = Memory { frontier, note };
            // Remembered before it is published: never is another checkpoint signed for the same size.
            remember(keyring, log.as_str(), &memory)?;
            memory
        }
    };
    if published.is_none_or(|published| published.size < head.size) {
        publish(shared, &head, &memory)?;
    }
    Ok(head.size)
}

/// The head of a log, the size of its newest checkpoint, and the frontier that its entries lead to; none if
/// there is no such log.
fn follow_all(
    read: &mut Read<'_>,
    log: &LogId,
    memory: Option<&Memory>,
) -> Result<Option<(HeadRow, Option<CheckpointRow>, Frontier)>, Fault> {
    let Some(head) = read.head(log)? else { return Ok(None) };
    let published = read.checkpoint(log)?;
    let before = memory.map_or_else(Frontier::new, |memory| memory.frontier.clone());
    let frontier = follow(read, log, &head, before)?;
    Ok(Some((head, published, frontier)))
}

/// Reads the entries behind the frontier and moves it to the head, if they lead there.
fn follow(
    read: &mut Read<'_>,
    log: &LogId,
    head: &HeadRow,
    mut frontier: Frontier,
) -> Result<Frontier, Fault> {
    let refuse = |why: String| Fault::LogReadOnly { log: log.as_str().into(), why };
    if head.size < frontier.size() {
        let (found, signed) = (head.size, frontier.size());
        return Err(refuse(format!("it has {found} entries, but {signed} were signed")));
    }
    while frontier.size() < head.size {
        let first = frontier.size();
        let leaves = read.leaves(log, first..head.size.min(first + CHUNK))?;
        for leaf in &leaves {
            if leaf.index != frontier.size() {
                return Err(refuse(format!("entry {} is missing", frontier.size())));
            }
            if leaf_hash(&leaf.body) != leaf.hash {
                return Err(refuse(format!("entry {} was changed after it was written", leaf.index)));
            }
            frontier.push(leaf.hash);
        }
        if leaves.is_empty() {
            return Err(refuse(format!("entry {first} is missing")));
        }
    }
    match frontier.root() == head.root {
        true => Ok(frontier),
        false => Err(refuse("its entries do not lead to its root".into())),
    }
}

fn publish(shared: &Shared, head: &HeadRow, memory: &Memory) -> Result<(), Fault> {
    let (log, size) = (&head.log, count(head.size));
    let done = shared.tending().transact(|engine, _| {
        engine.run(PUT_CHECKPOINT.sql, &row![log, size.clone(), &head.root.0[..], &memory.note, head.at])?;
        engine.run(PUT_SIGNER_STATE.sql, &row![log, size, &head.root.0[..]])?;
        Ok(())
    });
    Ok(done?)
}

/// The signing key of a log; it is drawn only as long as nothing was ever published under another.
fn signing_key(keyring: &Keyring, head: &HeadRow, may_draw: bool) -> Result<SignerKey, Fault> {
    let seed = keyring.seed(&format!("log-{}.seed", head.log), may_draw)?;
    SignerKey::from_seed(&head.origin, &seed).map_err(|error| Fault::Keyring(error.to_string()))
}

impl Keys {
    /// The public key of a log as a `vkey` line.
    fn vkey(&self, head: &HeadRow, may_draw: bool) -> Result<String, Fault> {
        Ok(signing_key(&self.keyring, head, may_draw)?.verifier().to_string())
    }
}

impl Store {
    /// Waits until all that a log holds now is signed, and gives the checkpoint; none if the log is empty.
    ///
    /// # Errors
    /// If the signer refuses the log, cannot sign, or takes too long.
    pub fn publish_now(&self, log: &LogId) -> Result<Option<CheckpointRow>, Fault> {
        let Some(head) = self.read(|read| read.head(log))? else { return Ok(None) };
        self.shared().signer.await_size(log.as_str(), head.size)?;
        self.read(|read| read.checkpoint(log))
    }

    /// The public key that a log's checkpoints are signed with, as a `vkey` line; none if there is no
    /// such log.
    ///
    /// # Errors
    /// If the keyring cannot be read.
    pub fn vkey(&self, log: &LogId) -> Result<Option<String>, Fault> {
        let found = self.read(|read| Ok((read.head(log)?, read.checkpoint(log)?.is_none())))?;
        let (Some(head), may_draw) = found else { return Ok(None) };
        self.shared().keys.vkey(&head, may_draw).map(Some)
    }

    /// Why a log takes no more entries, if the signer refused it.
    pub fn refused(&self, log: &LogId) -> Option<Fault> {
        self.shared().signer.check(log.as_str()).err()
    }
}

impl Keyring {
    /// A signing seed by its name.
    fn seed(&self, name: &str, may_draw: bool) -> Result<Zeroizing<[u8; 32]>, Fault> {
        let _sole = self.drawing()?;
        if let Some(bytes) = self.read(name)? {
            let seed = bytes.as_slice().try_into().map(Zeroizing::new);
            return seed.map_err(|_| Fault::Keyring(format!("{name} is not 32 bytes long")));
        }
        if !may_draw {
            return Err(Fault::Keyring(format!("{name} is not there, but checkpoints were signed with it")));
        }
        let seed = Zeroizing::new(crate::random::bytes::<32>()?);
        self.write(name, &seed[..])?;
        Ok(seed)
    }
}

#[cfg(test)]
#[path = "signer_tests.rs"]
mod tests;
