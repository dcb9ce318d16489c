//! The real server: the binary that the build made, on a data folder of its own.

use crate::folder::{self, Folder};
use crate::process::{Process, free_port, pause};
use crate::{binaries, http, target};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant, UNIX_EPOCH};

/// How long the first start of a demo may take while it makes its population, in the slow profile of tests.
const PATIENCE: Duration = Duration::from_secs(240);

/// The data folder within a seeded folder; the keyring stands beside it, and is copied with it.
const DATA: &str = "data";

/// What a demonstration begins with, and where.
#[derive(Clone)]
enum History {
    /// One month of lookups, in the data folder.
    Month,
    /// None, in the data folder or in the database of this address.
    None(Option<String>),
    /// None, under the packs of this folder as well.
    Packs(PathBuf),
}

/// A running demo server with its provider simulator.
pub struct Server {
    process: Process,
    port: u16,
    data: PathBuf,
    history: History,
    // Dropped last: the server's files go after the server.
    folder: Folder,
}

impl Server {
    /// Starts a demo on a copy of freshly seeded data (seed 1, one month), which is made once for all tests.
    pub fn start() -> Self {
        let folder = Folder::new("server");
        let (template, home) = (template(), folder.path().join("seeded"));
        folder::copy(template, &home).unwrap_or_else(|e| panic!("copy of {}: {e}", template.display()));
        Self::start_on(&sluice(), &home.join(DATA), folder)
    }

    /// Starts `binary` on `data`; `folder` takes what it prints.
    pub fn start_on(binary: &Path, data: &Path, folder: Folder) -> Self {
        Self::launch(binary, data, History::Month, folder)
    }

    /// Starts a demo without a history on `data`, or one node of several that share `data` and the database
    /// at this address.
    pub fn node(data: &Path, database: Option<&str>) -> Self {
        let history = History::None(database.map(str::to_owned));
        Self::launch(&sluice(), data, history, Folder::new("node"))
    }

    /// Starts a demo without a history on `data`, in which the packs of a folder are in force as well.
    pub fn under(data: &Path, packs: &Path) -> Self {
        Self::launch(&sluice(), data, History::Packs(packs.to_owned()), Folder::new("packs"))
    }

    fn launch(binary: &Path, data: &Path, history: History, folder: Folder) -> Self {
        let port = free_port();
        let mut command = Command::new(binary);
        command.arg("demo").arg("--data").arg(data).args(["--seed", "1"]);
        match &history {
            History::Month => command.args(["--months", "1"]),
            History::Packs(packs) => command.args(["--months", "0", "--packs"]).arg(packs),
            History::None(None) => command.args(["--months", "0"]),
            History::None(Some(url)) => command.args(["--months", "0", "--database", url]),
        };
        command.args(["--listen", &format!("127.0.0.1:{port}")]).env_remove("RUST_LOG");
        let process = Process::start(command, &folder.path().join("printed"));
        let mut server = Self { process, port, data: data.to_owned(), history, folder };
        server.await_ready();
        server
    }

    fn await_ready(&mut self) {
        let start = Instant::now();
        let ready = self.url("/readyz");
        while http::get(&ready).is_none_or(|answer| answer.status != 200) {
            if let Some(status) = self.process.ended() {
                panic!("the server ended ({status}) before it was ready:\n{}", self.process.printed());
            }
            let waited = start.elapsed() > PATIENCE;
            assert!(!waited, "the server is not ready after {PATIENCE:?}:\n{}", self.process.printed());
            pause(Duration::from_millis(5));
        }
    }

    /// The address of a page.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Where its data lie.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// What it has printed: the address, the cast, and what went wrong.
    pub fn printed(&self) -> String {
        self.process.printed()
    }

    /// Ends it as a service manager does, and starts it again on the same data. Answers the time from start
    /// to ready.
    pub fn restart(mut self, binary: &Path) -> (Self, Duration) {
        self.process.stop();
        let Self { process, data, history, folder, .. } = self;
        drop(process);
        let start = Instant::now();
        let server = Self::launch(binary, &data, history, folder);
        (server, start.elapsed())
    }

    /// Ends it as a power cut does, and starts it again on the same data.
    pub fn crash(mut self) -> Self {
        self.process.kill();
        let Self { process, data, history, folder, .. } = self;
        drop(process);
        Self::launch(&sluice(), &data, history, folder)
    }
}

/// A binary of this build, by name. Fails if it is missing or older than its sources.
pub fn binary(name: &str) -> PathBuf {
    let path = binaries().join(name);
    let build = "run `cargo build --workspace --all-targets` first, as `make test` does";
    let made = fs::metadata(&path).and_then(|m| m.modified());
    let Ok(made) = made else { panic!("{} is missing: {build}", path.display()) };
    // Cargo writes beside each binary which sources it was made from.
    let sources = fs::read_to_string(path.with_extension("d")).unwrap_or_default();
    for source in sources.split_whitespace().skip(1) {
        let newer = fs::metadata(source).and_then(|m| m.modified()).is_ok_and(|time| time > made);
        assert!(!newer, "{} is older than {source}: {build}", path.display());
    }
    path
}

/// The server's binary of this build.
pub fn sluice() -> PathBuf {
    binary("sluice")
}

/// A folder with seeded data and their keyring, made once for each build of the binary and kept beside it.
fn template() -> &'static Path {
    static TEMPLATE: OnceLock<PathBuf> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let binary = sluice();
        let made = fs::metadata(&binary).and_then(|m| m.modified()).expect("the binary was found above");
        let age = made.duration_since(UNIX_EPOCH).expect("files are younger than 1970").as_nanos();
        let home = target().join("test-data");
        let kept = home.join(format!("seed-1-months-1-{age}"));
        if !kept.is_dir() {
            // Data of an older build are of no use to anybody.
            fs::remove_dir_all(&home).ok();
            let fresh = home.join(format!("making-{}", std::process::id()));
            fs::create_dir_all(&fresh).unwrap_or_else(|e| panic!("{}: {e}", fresh.display()));
            let mut server = Server::start_on(&binary, &fresh.join(DATA), Folder::new("seed"));
            server.process.stop();
            drop(server);
            fs::rename(&fresh, &kept).unwrap_or_else(|e| panic!("{}: {e}", kept.display()));
        }
        kept
    })
}
