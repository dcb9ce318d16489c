//! The doors of the store.

use crate::batch::Receipt;
use crate::engine::sqlite::SqliteFile;
use crate::engine::{BEGIN_READ, Engine, Opener, ROLLBACK, Role};
use crate::fault::Fault;
use crate::keyring::{Keyring, KeyringPlace};
use crate::lock::Fair;
use crate::prepare::{Prepared, prepare};
use crate::queue::{Job, Queue};
use crate::read::Read;
use crate::seal::{ANY_BUCKET, Keys, LogKeys};
use crate::signer::{Signer, check_rollback};
use crate::tend::Tend;
use crate::writer::{Failed, Writer, told};
use crate::{random, schema, signer, writer};
use domain::Decision;
use domain::id::LogId;
use domain::time::Instant;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// What a store needs to know to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// `sqlite:///absolute/path`, `sqlite://relative/path`, or `:memory:` for a private file that is removed
    /// when the store closes.
    pub url: String,
    /// Where the keys are.
    pub keyring: KeyringPlace,
    /// What the origins of logs begin with, such as `sluice.localhost`: a log's origin is this, a slash and
    /// its name, and never changes.
    pub origin_prefix: String,
}

impl Config {
    /// A store for tests: nothing of it outlives the process.
    pub fn in_memory() -> Self {
        Self {
            url: ":memory:".into(),
            keyring: KeyringPlace::Memory,
            origin_prefix: "sluice.localhost".into(),
        }
    }
}

/// Why a write did not happen, or why it is not known whether it did.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// A row that the decision relies on has changed: load and decide again.
    #[error("a row that the decision relies on has changed")]
    Stale,
    /// Too much waits already.
    #[error("too many writes are waiting")]
    Full {
        /// After how long to come again.
        retry_after: Duration,
    },
    /// The idempotency key was used for another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// The commit failed and its outcome could not be read: ask again with the same idempotency key.
    #[error("it is not known whether the write happened")]
    Unknown,
    /// Nothing was written.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// All state of the product. Clones share it; the last one dropped stops its threads.
#[derive(Clone)]
pub struct Store {
    handle: Arc<Handle>,
}

/// Stops the threads when the last store is dropped.
struct Handle {
    shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// What the doors and the threads share.
pub(crate) struct Shared {
    opener: Arc<dyn Opener>,
    origin_prefix: String,
    pub(crate) keys: Keys,
    pub(crate) writer: Fair<Writer>,
    queue: Queue,
    pub(crate) signer: Signer,
    readers: Mutex<Vec<Box<dyn Engine>>>,
    /// Removed when the store closes; for stores in memory.
    scratch: Option<PathBuf>,
}

/// Most idle connections kept for readers.
const IDLE_READERS: usize = 8;

impl Store {
    /// Opens the store, makes or updates its tables, checks that no old copy was put back, and starts the
    /// writer and the signer.
    ///
    /// # Errors
    /// If the database or the keyring cannot be used as they are.
    pub fn open(config: &Config) -> Result<Self, Fault> {
        let (file, scratch) = place(&config.url)?;
        let folder = file.path.parent().map(|folder| match folder.as_os_str().is_empty() {
            true => Path::new("."),
            false => folder,
        });
        let data = folder.filter(|_| scratch.is_none()).map(Path::to_path_buf);
        Self::open_with(Arc::new(file), config, data.as_deref(), scratch)
    }

    /// Opens the store over any engine.
    pub(crate) fn open_with(
        opener: Arc<dyn Opener>,
        config: &Config,
        data: Option<&Path>,
        scratch: Option<PathBuf>,
    ) -> Result<Self, Fault> {
        let mut engine = opener.open(Role::Writer)?;
        schema::migrate(engine.as_mut(), opener.as_ref())?;
        let fresh = engine.run(ANY_BUCKET.sql, &[])?.is_empty();
        let keyring = Keyring::open(&config.keyring, data, fresh)?;
        check_rollback(engine.as_mut(), &keyring)?;
        let shared = Arc::new(Shared {
            writer: Fair::new(Writer::new(Arc::clone(&opener), engine)),
            opener,
            origin_prefix: config.origin_prefix.clone(),
            keys: Keys::new(keyring),
            queue: Queue::default(),
            signer: Signer::default(),
            readers: Mutex::default(),
            scratch,
        });
        let store = Store { handle: Arc::new(Handle { shared, threads: Mutex::default() }) };
        store.start()?;
        Ok(store)
    }

    fn start(&self) -> Result<(), Fault> {
        let unstarted = |error: std::io::Error| Fault::CannotOpen {
            path: "a thread of the store".into(),
            why: error.kind().to_string(),
        };
        let shared = Arc::clone(self.shared());
        let write = move || writer::run(&shared.queue, &shared.writer, |logs| shared.signer.wake(logs));
        let writer =
            std::thread::Builder::new().name("store-writer".into()).spawn(write).map_err(unstarted)?;
        let shared = Arc::clone(self.shared());
        let sign = move || signer::run(&shared);
        let signer =
            std::thread::Builder::new().name("store-signer".into()).spawn(sign).map_err(unstarted)?;
        self.handle.threads.lock().unwrap_or_else(PoisonError::into_inner).extend([writer, signer]);
        let heads = self.read(|read| read.log_names())?;
        let logs: Vec<String> = heads.iter().map(|log| log.as_str().to_owned()).collect();
        self.shared().signer.wake(&logs);
        Ok(())
    }

    /// How many writes wait for the writer; for the operator's gauges.
    pub fn waiting(&self) -> usize {
        self.shared().queue.waiting()
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.handle.shared
    }

    /// The one ledgered door: seals and hashes on this thread, waits for the batch that carries the decision,
    /// and answers when it is durable.
    ///
    /// # Errors
    /// If it is stale, a key was reused, there is no room, or something failed; see [`WriteError`].
    pub fn write(&self, decision: Decision) -> Result<Receipt, WriteError> {
        let prepared = self.prepare(&decision)?;
        drop(decision);
        self.queue(prepared)
    }

    /// Waits for the batch that carries a prepared decision.
    pub(crate) fn queue(&self, prepared: Prepared) -> Result<Receipt, WriteError> {
        let (job, answer) = Job::new(prepared);
        self.shared().queue.push(job)?;
        // A sender that is gone without an answer died with the writer, perhaps after the commit.
        answer.recv().unwrap_or(Err(WriteError::Unknown))
    }

    /// Loads and decides inside the writer's own transaction, where nothing can change in between: the third
    /// try after two stale ones. `decide` runs on this thread and holds up all other writes, so it should do
    /// nothing else.
    ///
    /// # Errors
    /// Those of [`Store::write`], except that nothing can be stale.
    pub fn write_deciding<R>(
        &self,
        decide: impl FnOnce(&mut Read<'_>) -> Result<Result<Decision, R>, Fault>,
    ) -> Result<Result<Receipt, R>, WriteError> {
        let shared = self.shared();
        let mut prepared = None;
        let mut seat = shared.writer.lock();
        let done = seat.transact(|engine, texts| {
            let decided = decide(&mut Read { engine: &mut *engine, keys: &shared.keys })?;
            let decision = match decided {
                Ok(decision) => decision,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let (log, at) = (decision.permit().log(), decision.permit().at());
            shared.signer.check(log.as_str())?;
            let keys = shared.keys.make(&mut *engine, log, at)?;
            let ready = prepared.insert(prepare(&decision, &shared.origin(log), &keys)?);
            Ok(Ok(crate::batch::apply(engine, texts, &[ready])?))
        });
        let result = match (done, prepared) {
            (Ok(Err(refusal)), _) => Ok(Err(refusal)),
            (Ok(Ok(verdicts)), _) => {
                verdicts.into_iter().next().map_or(Err(WriteError::Unknown), told).map(Ok)
            }
            (Err(Failed::InDoubt(fault)), Some(ready)) => seat.settle(&ready, &fault).map(Ok),
            (Err(failed), _) => Err(WriteError::Fault(failed.into())),
        };
        drop(seat);
        if let Ok(Ok(receipt)) = &result {
            shared.signer.wake(&[receipt.log.as_str().to_owned()]);
        }
        result
    }

    /// Seals and hashes.
    pub(crate) fn prepare(&self, decision: &Decision) -> Result<Prepared, WriteError> {
        let shared = self.shared();
        let (log, at) = (decision.permit().log(), decision.permit().at());
        shared.signer.check(log.as_str())?;
        let keys = self.keys_of(log, at)?;
        Ok(prepare(decision, &shared.origin(log), &keys)?)
    }

    /// The keys of a log, made in a transaction of their own the first time in a month.
    fn keys_of(&self, log: &LogId, at: Instant) -> Result<LogKeys, Fault> {
        let shared = self.shared();
        if let Some(keys) = shared.keys.at_hand(log, at) {
            return Ok(keys);
        }
        let mut seat = shared.writer.lock();
        let keys = seat.transact(|engine, _| shared.keys.make(engine, log, at))?;
        seat.transact(|engine, _| shared.keys.remember(engine, log, at))?;
        Ok(keys)
    }

    /// Reads one unchanging state of the rows.
    ///
    /// # Errors
    /// What `look` answers, and if the database cannot be read.
    pub fn read<T>(&self, look: impl FnOnce(&mut Read<'_>) -> Result<T, Fault>) -> Result<T, Fault> {
        let shared = self.shared();
        let idle = shared.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut engine = idle.map_or_else(|| shared.opener.open(Role::Reader), Ok)?;
        engine.run(BEGIN_READ, &[])?;
        let answer = look(&mut Read { engine: engine.as_mut(), keys: &shared.keys });
        // A connection that cannot end its transaction is dropped, which ends it too.
        if engine.run(ROLLBACK, &[]).is_ok() {
            let mut readers = shared.readers.lock().unwrap_or_else(PoisonError::into_inner);
            if readers.len() < IDLE_READERS {
                readers.push(engine);
            }
        }
        answer
    }

    /// Reads what must not be read without an entry: the page leaves only after its facts are durable.
    ///
    /// # Errors
    /// Those of [`Store::write`]; the page is then not handed out.
    pub fn look<T>(
        &self,
        look: impl FnOnce(&mut Read<'_>) -> Result<(T, Vec<Decision>), Fault>,
    ) -> Result<(T, Vec<Receipt>), WriteError> {
        let (page, decisions) = self.read(look)?;
        if decisions.is_empty() {
            return Err(WriteError::Fault(Fault::Decision("a look enters nothing".into())));
        }
        if decisions.iter().any(|decision| !decision.changes().is_empty()) {
            return Err(WriteError::Fault(Fault::Decision("a look changes rows".into())));
        }
        let receipts = decisions.into_iter().map(|decision| self.write(decision));
        Ok((page, receipts.collect::<Result<Vec<_>, WriteError>>()?))
    }

    /// The one unledgered door, for housekeeping that nobody relies on as evidence.
    ///
    /// # Errors
    /// What `tend` answers, and if the database cannot be written; then nothing of it exists.
    pub fn tend<T>(&self, tend: impl FnOnce(&mut Tend<'_>) -> Result<T, Fault>) -> Result<T, Fault> {
        let mut seat = self.shared().writer.lock();
        Ok(seat.transact(|engine, _| tend(&mut Tend { engine }))?)
    }
}

impl Shared {
    /// The origin of a log: the prefix, a slash, its name.
    pub(crate) fn origin(&self, log: &LogId) -> String {
        format!("{}/{log}", self.origin_prefix)
    }

    pub(crate) fn opener(&self) -> &dyn Opener {
        self.opener.as_ref()
    }
}

impl Writer {
    /// What became of a decision whose commit ended in doubt.
    fn settle(&mut self, ready: &Prepared, fault: &Fault) -> Result<Receipt, WriteError> {
        self.resolve(&[ready], fault).pop().unwrap_or(Err(WriteError::Unknown))
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.shared.queue.close();
        self.shared.signer.stop();
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            // A thread that panicked has said so already; there is nothing more to do for it here.
            let _ = thread.join();
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let Some(file) = &self.scratch else { return };
        for ending in ["", "-wal", "-shm"] {
            // What cannot be removed lies in the folder for temporary files and is nobody's loss.
            let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
        }
    }
}

/// The file that an address names, and whether it is to be removed at the end.
fn place(url: &str) -> Result<(SqliteFile, Option<PathBuf>), Fault> {
    if url == ":memory:" {
        let name = format!("sluice-{}.db", random::hex(&random::bytes::<12>()?));
        let path = std::env::temp_dir().join(name);
        return Ok((SqliteFile { path: path.clone(), durable: false }, Some(path)));
    }
    let path = url.strip_prefix("sqlite://").filter(|path| !path.is_empty()).ok_or(Fault::Address)?;
    Ok((SqliteFile { path: PathBuf::from(path), durable: true }, None))
}

#[cfg(test)]
#[path = "door_tests.rs"]
mod tests;
