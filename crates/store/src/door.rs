//! The doors of the store.

use crate::batch::Receipt;
use crate::engine::address::{Place, shown};
use crate::engine::{BEGIN_READ, Engine, Opener, ROLLBACK, Role};
use crate::fault::Fault;
use crate::head::Head;
use crate::keyring::{Keyring, KeyringPlace};
use crate::lanes::Lanes;
use crate::lock::Seat;
use crate::parked::Parked;
use crate::prepare::{Prepared, prepare};
use crate::queue::Job;
use crate::read::Read;
use crate::readers::Readers;
use crate::seal::{ANY_BUCKET, Keys, LogKeys};
use crate::signer::{Signer, check_rollback};
use crate::tend::Tend;
use crate::writer::{Failed, Writer, told};
use crate::{schema, signer, writer};
use domain::Decision;
use domain::id::LogId;
use domain::time::Instant;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// What a store needs to know to open.
#[derive(Clone, PartialEq, Eq)]
pub struct Config {
    /// `sqlite:///absolute/path`, `sqlite://relative/path`, or `:memory:` for a private file that is removed
    /// when the store closes; or `postgresql://user@host:port/database`, with `?sslrootcert=` for the file
    /// of authorities to trust and `&passwordfile=` for a file that holds the password.
    pub url: String,
    /// Where the keys are.
    pub keyring: KeyringPlace,
    /// What the origins of logs begin with, such as `sluice.localhost`: a log's origin is this, a slash and
    /// its name, and never changes.
    pub origin_prefix: String,
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("url", &shown(&self.url))
            .field("keyring", &self.keyring)
            .field("origin_prefix", &self.origin_prefix)
            .finish()
    }
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
    pub(crate) lanes: Lanes,
    pub(crate) signer: Signer,
    readers: Readers,
    /// The connection that tells other nodes of this one.
    presence: Mutex<Option<Box<dyn Engine>>>,
    /// Removed when the store closes; for stores in memory.
    scratch: Option<PathBuf>,
}

impl Store {
    /// Opens the store, makes or updates its tables, checks that no old copy was put back, and starts the
    /// writers and the signer.
    ///
    /// # Errors
    /// If the database or the keyring cannot be used as they are.
    pub fn open(config: &Config) -> Result<Self, Fault> {
        Self::open_at(Place::of(&config.url)?, config)
    }

    /// Opens the store at a place, over any engine.
    pub(crate) fn open_at(place: Place, config: &Config) -> Result<Self, Fault> {
        let Place { opener, data, scratch } = place;
        let mut engine = opener.open(Role::Writer)?;
        schema::migrate(engine.as_mut(), opener.as_ref())?;
        let fresh = engine.run(ANY_BUCKET.sql, &[])?.is_empty();
        let keyring = Keyring::open(&config.keyring, data.as_deref(), fresh)?;
        let presence = opener.present(&keyring.identity()?)?;
        check_rollback(engine.as_mut(), &keyring)?;
        let keys = Keys::new(keyring);
        keys.check(engine.as_mut())?;
        let shared = Arc::new(Shared {
            lanes: Lanes::new(&opener),
            readers: Readers::new(Arc::clone(&opener)),
            opener,
            origin_prefix: config.origin_prefix.clone(),
            keys,
            signer: Signer::default(),
            presence: Mutex::new(presence),
            scratch,
        });
        let store = Store { handle: Arc::new(Handle { shared, threads: Mutex::default() }) };
        store.start()?;
        Ok(store)
    }

    fn start(&self) -> Result<(), Fault> {
        for number in 0..self.shared().lanes.all().len() {
            let shared = Arc::clone(self.shared());
            let write = move || writer::run(&shared.lanes.all()[number], |logs| shared.signer.wake(logs));
            self.spawn(format!("store-writer-{number}"), write)?;
        }
        let shared = Arc::clone(self.shared());
        self.spawn("store-signer".into(), move || signer::run(&shared))?;
        let heads = self.read(|read| read.log_names())?;
        let logs: Vec<String> = heads.iter().map(|log| log.as_str().to_owned()).collect();
        self.shared().signer.wake(&logs);
        Ok(())
    }

    fn spawn(&self, name: String, work: impl FnOnce() + Send + 'static) -> Result<(), Fault> {
        let spawned = std::thread::Builder::new().name(name).spawn(work);
        let thread = spawned.map_err(|error| Fault::CannotOpen {
            path: "a thread of the store".into(),
            why: error.kind().to_string(),
        })?;
        self.handle.threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
        Ok(())
    }

    /// Sees to it that other nodes still know of this one, after the database was away.
    ///
    /// # Errors
    /// If it cannot be reached, or if a node with another keyring works on it by now.
    pub fn stay_present(&self) -> Result<(), Fault> {
        let shared = self.shared();
        let mut presence = shared.presence.lock().unwrap_or_else(PoisonError::into_inner);
        let lost = |engine: &mut Box<dyn Engine>| engine.run(ANY_BUCKET.sql, &[]).is_err();
        if presence.as_mut().is_some_and(lost) {
            let identity = shared.keys.keyring.identity()?;
            *presence = shared.opener.present(&identity)?;
        }
        Ok(())
    }

    /// How many writes wait for the writer; for the operator's gauges.
    pub fn waiting(&self) -> usize {
        self.shared().lanes.waiting()
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
        self.write_parking(decision, None)
    }

    /// As [`Store::write`], with an answer that is parked if and only if the decision is entered.
    ///
    /// # Errors
    /// Those of [`Store::write`].
    pub fn write_parking(&self, decision: Decision, parked: Option<Parked>) -> Result<Receipt, WriteError> {
        let mut prepared = self.prepare(&decision)?;
        drop(decision);
        prepared.park(parked);
        self.queue(prepared)
    }

    /// Waits for the batch that carries a prepared decision.
    pub(crate) fn queue(&self, prepared: Prepared) -> Result<Receipt, WriteError> {
        let lane = self.shared().lanes.of(&prepared.log);
        let (job, answer) = Job::new(prepared);
        lane.queue.push(job)?;
        // A sender that is gone without an answer died with the writer, perhaps after the commit.
        answer.recv().unwrap_or(Err(WriteError::Unknown))
    }

    /// Loads and decides inside the writer's own transaction, with the log's head locked, so that nothing of
    /// the log can change in between: the third try after two stale ones. `decide` runs on this thread and
    /// holds up all other writes to the log, so it should do nothing else.
    ///
    /// # Errors
    /// Those of [`Store::write`], except that nothing can be stale; and if it decides for another log.
    pub fn write_deciding<R>(
        &self,
        log: &LogId,
        parked: Option<Parked>,
        decide: impl FnOnce(&mut Read<'_>) -> Result<Result<Decision, R>, Fault>,
    ) -> Result<Result<Receipt, R>, WriteError> {
        let shared = self.shared();
        shared.signer.check(log.as_str())?;
        let origin = shared.origin(log);
        let mut prepared = None;
        let mut seat = shared.lanes.of(log.as_str()).writer.lock();
        let done = seat.transact(|engine, notebook| {
            Head::open(engine, &mut notebook.epochs, log.as_str(), &origin)?;
            let decision = match decide(&mut Read { engine: &mut *engine, keys: &shared.keys })? {
                Ok(decision) => decision,
                Err(refusal) => return Ok(Err(refusal)),
            };
            if decision.permit().log() != log {
                return Err(Fault::Decision("it belongs to another log".into()));
            }
            let keys = shared.keys.make(&mut *engine, log, decision.permit().at())?;
            let ready = prepared.insert(prepare(&decision, &origin, &keys)?);
            ready.park(parked);
            Ok(Ok(crate::batch::apply(engine, notebook, &[ready])?))
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
        let mut seat = shared.tending();
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
        let mut reader = shared.readers.take()?;
        let engine = reader.begin(BEGIN_READ)?;
        let answer = look(&mut Read { engine: &mut *engine, keys: &shared.keys });
        // A connection that cannot end its transaction is dropped, which ends it too.
        if engine.run(ROLLBACK, &[]).is_ok() {
            reader.give_back();
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
        let mut seat = self.shared().tending();
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

    /// A connection for what needs no entry.
    pub(crate) fn tending(&self) -> Seat<'_, Writer> {
        self.lanes.tending()
    }

    /// Closes all connections, on a thread of its own: a client that blocks must not be dropped where the
    /// last store may have been dropped, in the midst of a server that never blocks.
    fn disconnect(self: &Arc<Self>) {
        let shared = Arc::clone(self);
        let closed = std::thread::Builder::new().name("store-close".into()).spawn(move || {
            shared.lanes.disconnect();
            shared.readers.disconnect();
            shared.presence.lock().unwrap_or_else(PoisonError::into_inner).take();
        });
        // Without a thread the connections end with the process.
        let _ = closed.map(JoinHandle::join);
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
        self.shared.lanes.close();
        self.shared.signer.stop();
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            // A thread that panicked has said so already; there is nothing more to do for it here.
            let _ = thread.join();
        }
        self.shared.disconnect();
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

#[cfg(test)]
#[path = "door_tests.rs"]
mod tests;
