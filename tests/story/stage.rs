//! Every story is played twice, on SQLite and on PostgreSQL, and must leave the same rows on both.

use super::rows::{self, Rows};
use super::world::{Limits, World};
use std::cell::RefCell;
use std::fmt::Debug;
use std::path::Path;
use std::rc::Rc;
use std::sync::{Mutex, OnceLock};
use store::cluster::{Cluster, Durability};
use store::{Config, KeyringPlace, Store};

/// How often a story is played again until chance deals the same.
const DEALS: usize = 200;

/// The engine beneath a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file.
    Sqlite,
    /// A server that the stories share.
    Postgres,
}

/// Plays a story on both engines and compares all rows that it left, world by world.
///
/// What a story returns is what chance dealt in it, if that decides how it goes on; it is then played on
/// SQLite until the same was dealt there.
#[track_caller]
pub fn played<Dealt: PartialEq + Debug>(story: impl Fn(&Stage) -> Dealt) {
    let (dealt, postgres) = Stage::play(Engine::Postgres, &story);
    let mut deals = (0..DEALS).map(|_| Stage::play(Engine::Sqlite, &story));
    let same = deals.find(|(other, _)| *other == dealt);
    let (_, sqlite) = same.unwrap_or_else(|| panic!("SQLite never came to {dealt:?}"));
    assert_eq!(sqlite.len(), postgres.len(), "as many worlds");
    for (one, other) in sqlite.iter().zip(&postgres) {
        rows::compare(one, other);
    }
}

/// Where a story is played: every world that it opens has a database of its own on one engine.
pub struct Stage {
    /// The engine.
    pub engine: Engine,
    databases: RefCell<Vec<String>>,
    left: Left,
}

/// The rows of worlds that have ended.
pub type Left = Rc<RefCell<Vec<Rows>>>;

impl Stage {
    fn play<Dealt>(engine: Engine, story: impl Fn(&Stage) -> Dealt) -> (Dealt, Vec<Rows>) {
        println!("on {engine:?}");
        let stage = Self { engine, databases: RefCell::default(), left: Left::default() };
        let dealt = story(&stage);
        let left = stage.left.take();
        (dealt, left)
    }

    /// Plays a story on one engine, with nothing to compare.
    pub fn play_alone(engine: Engine, story: impl Fn(&Stage)) {
        Self::play(engine, story);
    }

    /// A new database, and keys in memory.
    pub fn config(&self) -> Config {
        match self.engine {
            Engine::Sqlite => Config::in_memory(),
            Engine::Postgres => Config { url: self.database(), ..Config::in_memory() },
        }
    }

    /// A new database that can be opened again: its keys are in this folder, and so is it if it is a file.
    pub fn lasting(&self, folder: &Path) -> Config {
        let data = folder.join("data");
        std::fs::create_dir_all(&data).unwrap();
        let url = match self.engine {
            Engine::Sqlite => format!("sqlite://{}", data.join("sluice.db").display()),
            Engine::Postgres => self.database(),
        };
        Config { url, keyring: KeyringPlace::Folder(folder.join("keyring")), ..Config::in_memory() }
    }

    fn database(&self) -> String {
        let free = FREE.lock().unwrap().pop();
        let url = free.unwrap_or_else(|| cluster().database().unwrap());
        self.databases.borrow_mut().push(url.clone());
        url
    }

    /// The four agencies with their cast.
    pub fn world(&self) -> World {
        self.limited(Limits::default())
    }

    /// No agency at all.
    pub fn bare(&self) -> World {
        World::bare(self, &self.config(), Limits::default())
    }

    /// The four agencies with their cast, and other limits than usual.
    pub fn limited(&self, limits: Limits) -> World {
        World::open(self, &self.config(), limits)
    }

    /// The invented harbour under this version of its regulation.
    pub fn harbour(&self, version: &str) -> World {
        World::harbour(self, |world| world.activate_harbour(version))
    }

    /// The same under whatever regulation is put into force first.
    pub fn harbour_under(&self, activate: impl Fn(&World)) -> World {
        World::harbour(self, activate)
    }

    /// Where the worlds of this stage leave their rows.
    pub fn left(&self) -> Left {
        Rc::clone(&self.left)
    }

    /// A new store without a world; its rows are left as they are once `play` is over.
    pub fn bare_store<T>(&self, play: impl FnOnce(&Store) -> T) -> T {
        let store = Store::open(&self.config()).unwrap();
        let played = play(&store);
        self.left.borrow_mut().push(Rows::of(&store));
        played
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        for url in self.databases.take() {
            // One that cannot be emptied is not used again.
            if cluster().empty(&url).is_ok() {
                FREE.lock().unwrap().push(url);
            }
        }
    }
}

/// The server that all stories share.
pub fn cluster() -> &'static Cluster {
    static ONE: OnceLock<Cluster> = OnceLock::new();
    ONE.get_or_init(|| {
        let cluster = Cluster::start(&std::env::temp_dir(), Durability::None, &[]);
        cluster.unwrap_or_else(|fault| panic!("{fault}"))
    })
}

/// Databases on it that no story uses at the moment, all of them empty.
static FREE: Mutex<Vec<String>> = Mutex::new(Vec::new());
