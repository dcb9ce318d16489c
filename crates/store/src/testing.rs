//! What the tests of this crate share: stores on private files, decisions, and an engine that fails
//! on demand.

use crate::cluster::{Cluster, Durability};
use crate::door::{Config, Store};
use crate::engine::address::Place;
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
use std::sync::{Arc, Mutex, OnceLock};

/// A private folder with a data folder and a keyring beside it, and a database of its own; removed at the
/// end.
pub(crate) struct Scratch {
    folder: PathBuf,
    url: String,
}

/// The server that the tests of this crate share.
pub(crate) fn cluster() -> &'static Cluster {
    static ONE: OnceLock<Cluster> = OnceLock::new();
    ONE.get_or_init(|| {
        let cluster = Cluster::start(&std::env::temp_dir(), Durability::None, &[]);
        cluster.unwrap_or_else(|fault| panic!("{fault}"))
    })
}

impl Scratch {
    /// On SQLite.
    pub(crate) fn new() -> Self {
        let name = format!("sluice-test-{}", crate::random::hex(&crate::random::bytes::<8>().unwrap()));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(folder.join("data")).unwrap();
        let url = format!("sqlite://{}", folder.join("data/sluice.db").display());
        Self { folder, url }
    }

    /// On PostgreSQL.
    pub(crate) fn postgres() -> Self {
        let mut scratch = Self::new();
        scratch.url = cluster().database().unwrap();
        scratch
    }

    /// Runs a test on each engine.
    pub(crate) fn each(test: impl Fn(&Scratch)) {
        for (engine, make) in [("SQLite", Scratch::new as fn() -> Scratch), ("PostgreSQL", Scratch::postgres)]
        {
            println!("on {engine}");
            test(&make());
        }
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

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn config(&self) -> Config {
        Config {
            url: self.url.clone(),
            keyring: KeyringPlace::Folder(self.keyring()),
            origin_prefix: "test.example".into(),
        }
    }

    pub(crate) fn open(&self) -> Store {
        Store::open(&self.config()).unwrap()
    }

    /// The engine's opener; SQLite does not wait for the disk.
    pub(crate) fn opener(&self) -> Arc<dyn Opener> {
        if self.url.starts_with("sqlite") {
            return Arc::new(SqliteFile { path: self.database(), durable: false });
        }
        Place::of(&self.url).unwrap().opener
    }

    /// A store over an engine that fails when told.
    pub(crate) fn open_failing(&self) -> (Store, Arc<Plan>) {
        let plan = Arc::new(Plan::default());
        let opener = Arc::new(Failing { inner: self.opener(), plan: Arc::clone(&plan) });
        let place = Place { opener, data: Some(self.data()), scratch: None };
        (Store::open_at(place, &self.config()).unwrap(), plan)
    }

    /// Runs a portable statement past the store and gives the first number that it answers.
    pub(crate) fn number(&self, sql: &str) -> Result<i64, EngineError> {
        let rows = self.opener().open(Role::Writer).unwrap().run(sql, &[])?;
        Ok(rows.first().map_or(0, |row| row.int(&row.columns[0]).unwrap()))
    }

    /// A plain connection that bypasses the store; on SQLite only.
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
    inner: Arc<dyn Opener>,
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

    fn before_migrating(&self) -> &'static [&'static str] {
        self.inner.before_migrating()
    }

    fn lanes(&self) -> usize {
        self.inner.lanes()
    }

    fn tenders(&self) -> usize {
        self.inner.tenders()
    }

    fn assure(&self, engine: &mut dyn Engine) -> Result<(), Fault> {
        self.inner.assure(engine)
    }

    fn present(&self, keyring: &str) -> Result<Option<Box<dyn Engine>>, Fault> {
        self.inner.present(keyring)
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
    fn run_rows(&mut self, sql: &str, rows: &[&[Value]]) -> Result<Vec<Row>, EngineError> {
        if sql == crate::engine::COMMIT {
            let how = self.plan.commits.lock().unwrap().pop();
            match how {
                Some(Commit::Loses) => {
                    self.inner.run(crate::engine::ROLLBACK, &[])?;
                    return Err(lost());
                }
                Some(Commit::Persists) => {
                    self.inner.run_rows(sql, rows)?;
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
        self.inner.run_rows(sql, rows)
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
