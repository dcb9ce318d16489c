//! What the tests of this crate share: stores on private files, decisions, and an engine that fails
//! on demand.

use crate::door::{Config, Store};
use crate::engine::sqlite::SqliteFile;
use crate::engine::{Engine, EngineError, Opener, Role, Shape, Trouble};
use crate::fault::Fault;
use crate::keyring::KeyringPlace;
use crate::value::{Row, Value};
use domain::Decision;
use domain::decision::Idempotency;
use domain::directory::{self, Person};
use domain::id::{EventId, Key, LogId, PersonId};
use domain::time::Instant;
use domain::{Personal, Seen};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// A private folder with a data folder and a keyring beside it; removed at the end.
pub(crate) struct Scratch {
    folder: PathBuf,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        let name = format!("sluice-test-{}", crate::random::hex(&crate::random::bytes::<8>().unwrap()));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(folder.join("data")).unwrap();
        Self { folder }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.data().join("sluice.db")
    }

    pub(crate) fn keyring(&self) -> PathBuf {
        self.folder.join("keyring")
    }

    pub(crate) fn config(&self) -> Config {
        Config {
            url: format!("sqlite://{}", self.database().display()),
            keyring: KeyringPlace::Folder(self.keyring()),
            origin_prefix: "test.example".into(),
        }
    }

    pub(crate) fn open(&self) -> Store {
        Store::open(&self.config()).unwrap()
    }

    /// The file as an engine's opener, without waiting for the disk.
    pub(crate) fn opener(&self) -> SqliteFile {
        SqliteFile { path: self.database(), durable: false }
    }

    /// A store over an engine that fails when told.
    pub(crate) fn open_failing(&self) -> (Store, Arc<Plan>) {
        let plan = Arc::new(Plan::default());
        let opener = Arc::new(Failing { inner: self.opener(), plan: Arc::clone(&plan) });
        (Store::open_with(opener, &self.config(), Some(&self.data()), None).unwrap(), plan)
    }

    /// A plain connection that bypasses the store.
    pub(crate) fn raw(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.database()).unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// When and how an engine fails.
#[derive(Default)]
pub(crate) struct Plan {
    /// The statement to fail at, counted down; none when nothing is left to fail.
    pub(crate) countdown: Mutex<Option<usize>>,
    /// What the next commits do.
    pub(crate) commits: Mutex<Vec<Commit>>,
    /// How many statements writers ran since it was last set to zero.
    pub(crate) ran: AtomicUsize,
    /// How many transactions writers committed.
    pub(crate) committed: AtomicUsize,
    /// Whether a new connection can be had.
    pub(crate) unreachable: Mutex<bool>,
}

/// What a commit does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Commit {
    /// Fails, and nothing is there.
    Loses,
    /// Fails, and yet everything is there.
    Persists,
}

pub(crate) struct Failing {
    inner: SqliteFile,
    plan: Arc<Plan>,
}

impl Opener for Failing {
    fn open(&self, role: Role) -> Result<Box<dyn Engine>, Fault> {
        if *self.plan.unreachable.lock().unwrap() {
            return Err(Fault::Busy);
        }
        let inner = self.inner.open(role)?;
        match role {
            Role::Writer => Ok(Box::new(FailingEngine { inner, plan: Arc::clone(&self.plan) })),
            Role::Reader => Ok(inner),
        }
    }

    fn guards(&self) -> &'static [&'static str] {
        self.inner.guards()
    }
}

struct FailingEngine {
    inner: Box<dyn Engine>,
    plan: Arc<Plan>,
}

fn lost() -> EngineError {
    EngineError { trouble: Trouble::Lost, message: "on purpose".into() }
}

impl Engine for FailingEngine {
    fn run(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, EngineError> {
        if sql == crate::engine::COMMIT {
            let how = self.plan.commits.lock().unwrap().pop();
            match how {
                Some(Commit::Loses) => {
                    self.inner.run(crate::engine::ROLLBACK, &[])?;
                    return Err(lost());
                }
                Some(Commit::Persists) => {
                    self.inner.run(sql, params)?;
                    return Err(lost());
                }
                None => {
                    self.plan.committed.fetch_add(1, Ordering::SeqCst);
                }
            }
        } else if sql != crate::engine::ROLLBACK {
            self.plan.ran.fetch_add(1, Ordering::SeqCst);
            let mut countdown = self.plan.countdown.lock().unwrap();
            match *countdown {
                Some(0) => {
                    *countdown = None;
                    return Err(lost());
                }
                Some(left) => *countdown = Some(left - 1),
                None => {}
            }
        }
        self.inner.run(sql, params)
    }

    fn describe(&mut self, sql: &str) -> Result<Shape, EngineError> {
        self.inner.describe(sql)
    }
}

/// A moment of the tests: 2026-11-22, some seconds after the start of the day in UTC.
pub(crate) fn at(seconds: i64) -> Instant {
    Instant::from_micros(1_795_305_600_000_000).plus_seconds(seconds)
}

pub(crate) const NUMBER: &str = "A123456789";

/// A person entered in the platform's log: the number is sealed and tagged.
pub(crate) fn person(id: &str) -> directory::Change {
    directory::Change::Person(Person {
        id: PersonId::new(id),
        name: "someone".into(),
        number: Personal::new(NUMBER),
    })
}

pub(crate) fn log() -> LogId {
    LogId::platform()
}

pub(crate) fn key(id: &str) -> Key {
    Key::new(&log(), "person", id)
}

/// Enters a person whose row was seen at `rev`.
pub(crate) fn enrol(id: &str, rev: i64, event: &str) -> Decision {
    let seen = Seen { key: key(id), rev };
    directory::enrol(&log(), vec![person(id)], [seen], &EventId::new(event), at(0)).unwrap()
}

/// The same, once only under a key.
pub(crate) fn enrol_once(id: &str, event: &str, once: &str, request: &str) -> Decision {
    enrol(id, 0, event).once(Some(Idempotency { key: once.into(), request: request.into() }))
}
