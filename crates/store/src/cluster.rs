//! A throw-away PostgreSQL server on this machine, for tests and measurements: made, used, and gone with the
//! process that started it, however that ends.

use crate::dump;
use crate::fault::Fault;
use crate::random;
use ::postgres::config::Config;
use ::postgres::{Client, NoTls};
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// The owner of everything in it.
const USER: &str = "sluice";
/// How long a server may take to start.
const START: Duration = Duration::from_secs(60);
/// Where Debian keeps the servers of each version, and others theirs.
const FOLDERS: &[&str] = &["/usr/lib/postgresql", "/usr/local/pgsql", "/usr/local", "/usr", "/opt/homebrew"];
/// Runs the server until standard input ends, and removes the folder then. PostgreSQL itself would outlive a
/// parent that was killed. Lines of input stop the server in the midst of everything, and start it again.
const KEEPER: &str = "exec 3<&0; programs=$1; folder=$2; \
    run() { \"$programs/postgres\" -D \"$folder\" </dev/null 3<&- & server=$!; }; run; \
    while read -r order <&3; do case $order in \
    pause) kill -QUIT $server; wait $server;; resume) run;; esac; done; \
    kill -INT $server 2>/dev/null; wait $server; rm -rf \"$folder\"";

/// What makes a database fail where an entry is to be made, and what ends that.
const FAILING: &str = "entry_fails";
const HEALED: &str = "DROP FUNCTION IF EXISTS entry_fails CASCADE";

/// Ends connections and waits until they have ended.
const EVERYBODY_OUT: &str = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity";

/// How much a cluster does for its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Every commit waits for the disk, as in production.
    Full,
    /// Nothing waits: for tests of everything but the disk.
    None,
}

/// What ails the disk of a database, with the code by which a server says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ailment {
    /// It is full (SQLSTATE 53100).
    NoRoom,
    /// It fails (SQLSTATE 58030).
    BadDisk,
}

/// When a transaction that makes an entry hears of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// At the entry.
    Statement,
    /// Not before its end.
    Commit,
}

/// A running server.
#[derive(Debug)]
pub struct Cluster {
    keeper: Child,
    folder: PathBuf,
    programs: PathBuf,
    port: u16,
    password: String,
    databases: AtomicU32,
}

impl Cluster {
    /// Makes and starts a server in a new folder below `parent`, on a free port of the loopback interface.
    /// `settings` are lines of `postgresql.conf`.
    ///
    /// # Errors
    /// If PostgreSQL is not installed, or does not start; the sentence says which.
    pub fn start(parent: &Path, durability: Durability, settings: &[&str]) -> Result<Self, Fault> {
        let programs = programs()
            .ok_or_else(|| failed("no PostgreSQL server is installed: apt-get install postgresql", parent))?;
        let name = format!("sluice-postgres-{}", random::hex(&random::bytes::<6>()?));
        let folder = parent.join(name);
        let password = random::hex(&random::bytes::<16>()?);
        let owner = owner();
        make(&programs, &folder, &password, owner)?;
        let port = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
        let port = port.map_err(|error| Fault::cannot_open(&folder, &error))?.port();
        configure(&folder, port, durability, settings)?;
        let mut keeper = Command::new("sh");
        keeper.args(["-c", KEEPER, "sluice-postgres"]).arg(&programs).arg(&folder);
        let log = fs::File::create(folder.join("server.log"));
        let log = log.map_err(|error| Fault::cannot_open(&folder, &error))?;
        keeper.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(log).process_group(0);
        become_owner(&mut keeper, owner);
        let keeper = keeper.spawn().map_err(|error| Fault::cannot_open(Path::new("sh"), &error))?;
        let cluster = Self { keeper, folder, programs, port, password, databases: AtomicU32::new(0) };
        cluster.wait()?;
        Ok(cluster)
    }

    /// The folder of its programs, `psql` and `pgbench` among them.
    pub fn programs(&self) -> &Path {
        &self.programs
    }

    /// The folder of its data.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What it has written about itself so far.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn log(&self) -> Result<Vec<u8>, Fault> {
        let path = self.folder.join("server.log");
        fs::read(&path).map_err(|error| Fault::cannot_open(&path, &error))
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The password of its one user, `sluice`.
    pub fn password(&self) -> &str {
        &self.password
    }

    /// The address of a database on it.
    pub fn url(&self, database: &str) -> String {
        format!("postgresql://{USER}:{}@127.0.0.1:{}/{database}", self.password, self.port)
    }

    /// Makes an empty database and gives its address.
    ///
    /// # Errors
    /// If the server refuses.
    pub fn database(&self) -> Result<String, Fault> {
        let name = format!("d{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.administer(&format!(
            "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
        ))?;
        Ok(self.url(&name))
    }

    /// Makes a database that is the same as another one, which nobody may be using.
    ///
    /// # Errors
    /// If the server refuses.
    pub fn copy_of(&self, url: &str) -> Result<String, Fault> {
        let name = format!("d{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.administer(&format!("CREATE DATABASE {name} TEMPLATE {}", name_of(url)))?;
        Ok(self.url(&name))
    }

    /// Throws everybody out of a database and lets nobody in again, as if it had been lost.
    ///
    /// # Errors
    /// If the server refuses.
    pub fn shut(&self, url: &str) -> Result<(), Fault> {
        let name = name_of(url);
        self.administer(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"))?;
        self.administer(&format!("{EVERYBODY_OUT} WHERE datname = '{name}'"))
    }

    /// Throws everybody out of a database and takes all rows out of its tables, past their guards, so that it
    /// is as if it were new. That takes far less time than to make one.
    ///
    /// # Errors
    /// If the server refuses.
    pub fn empty(&self, url: &str) -> Result<(), Fault> {
        let name = name_of(url);
        self.administer(&format!("{EVERYBODY_OUT} WHERE datname = '{name}'"))?;
        let tables = dump::tables().into_iter().filter(|table| table != "migration");
        let deletes: String = tables.map(|table| format!("DELETE FROM {table}; ")).collect();
        self.run(name, &format!("{HEALED}; SET session_replication_role = replica; {deletes}"))
    }

    /// From now on no entry can be made in a database, for its disk is ailing.
    ///
    /// # Errors
    /// If the server refuses.
    pub fn afflict(&self, url: &str, ailment: Ailment, moment: Moment) -> Result<(), Fault> {
        let (state, why) = match ailment {
            Ailment::NoRoom => ("53100", "could not extend file: No space left on device"),
            Ailment::BadDisk => ("58030", "could not fsync file: Input/output error"),
        };
        let when = if moment == Moment::Commit { "DEFERRED" } else { "IMMEDIATE" };
        self.run(
            name_of(url),
            &format!(
                "CREATE FUNCTION {FAILING}() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN RAISE '{why}' USING ERRCODE = '{state}'; END $$; \
                 CREATE CONSTRAINT TRIGGER {FAILING} AFTER INSERT ON log_leaf \
                 DEFERRABLE INITIALLY {when} FOR EACH ROW EXECUTE FUNCTION {FAILING}()"
            ),
        )
    }

    /// The disk is well again.
    ///
    /// # Errors
    /// If the server refuses.
    pub fn heal(&self, url: &str) -> Result<(), Fault> {
        self.run(name_of(url), HEALED)
    }

    /// Runs statements as the owner of the server, outside any store.
    ///
    /// # Errors
    /// If the server refuses.
    pub fn administer(&self, sql: &str) -> Result<(), Fault> {
        self.run("postgres", sql)
    }

    pub(crate) fn run(&self, database: &str, sql: &str) -> Result<(), Fault> {
        let done = self.connect(database).and_then(|mut client| client.batch_execute(sql));
        done.map_err(|error| Fault::Database(error.to_string()))
    }

    /// Stops the server as a power cut does: whatever it was doing is broken off.
    ///
    /// # Errors
    /// If its keeper is gone.
    pub fn pause(&self) -> Result<(), Fault> {
        self.order("pause\n")?;
        // It lets nobody in some time before the last connection ends; this file goes when it has ended.
        while self.folder.join("postmaster.pid").exists() {
            std::thread::park_timeout(Duration::from_millis(5));
        }
        Ok(())
    }

    /// Starts it again on the same port, with the data that it had made durable.
    ///
    /// # Errors
    /// If its keeper is gone, or it does not start.
    pub fn resume(&self) -> Result<(), Fault> {
        self.order("resume\n")?;
        self.wait()
    }

    fn order(&self, order: &str) -> Result<(), Fault> {
        let gone = || failed("its keeper is gone", &self.folder);
        let mut keeper = self.keeper.stdin.as_ref().ok_or_else(gone)?;
        std::io::Write::write_all(&mut keeper, order.as_bytes()).map_err(|_| gone())
    }

    fn connect(&self, database: &str) -> Result<Client, ::postgres::Error> {
        let mut config = Config::new();
        config.host("127.0.0.1").port(self.port).user(USER).password(&self.password).dbname(database);
        config.connect(NoTls)
    }

    fn wait(&self) -> Result<(), Fault> {
        let end = Instant::now() + START;
        while self.connect("postgres").is_err() {
            if Instant::now() > end {
                let said = fs::read_to_string(self.folder.join("server.log")).unwrap_or_default();
                let last = said.lines().last().unwrap_or("it says nothing").to_owned();
                return Err(failed(&format!("the server did not start: {last}"), &self.folder));
            }
            std::thread::park_timeout(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // A keeper that cannot be waited for has gone already.
        let _ = self.keeper.wait();
    }
}

/// The database that one of our addresses names.
fn name_of(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or_default()
}

fn failed(why: &str, path: &Path) -> Fault {
    Fault::CannotOpen { path: format!("a PostgreSQL server in {}", path.display()), why: why.into() }
}

/// The folder with the programs of the newest server installed.
fn programs() -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    for folder in FOLDERS.iter().map(Path::new) {
        let versions = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        for place in versions.chain([folder.to_path_buf()]) {
            let programs = place.join("bin");
            if programs.join("initdb").is_file() && programs.join("postgres").is_file() {
                let name = place.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                found.push((name.parse().unwrap_or(0), programs));
            }
        }
    }
    found.into_iter().max().map(|(_, programs)| programs)
}

/// Gives a file to whoever a server of ours runs as: it takes no key that others own.
#[cfg(test)]
pub(crate) fn give(path: &Path) {
    if let Some((user, group)) = owner() {
        std::os::unix::fs::chown(path, Some(user), Some(group)).unwrap();
    }
}

/// Whom the server runs as: itself refuses to be run by root, so root lends it another user.
fn owner() -> Option<(u32, u32)> {
    let root = fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0);
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let ids = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut numbers = line.split(':').skip(2).map(str::parse);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    };
    root.then(|| ids("postgres").or_else(|| ids("nobody"))).flatten()
}

fn become_owner(command: &mut Command, owner: Option<(u32, u32)>) {
    if let Some((user, group)) = owner {
        command.uid(user).gid(group);
    }
}

fn make(programs: &Path, folder: &Path, password: &str, owner: Option<(u32, u32)>) -> Result<(), Fault> {
    let opened = |error: std::io::Error| Fault::cannot_open(folder, &error);
    fs::DirBuilder::new().mode(0o700).create(folder).map_err(opened)?;
    let secret = folder.with_extension("password");
    fs::write(&secret, password).map_err(opened)?;
    if let Some((user, group)) = owner {
        for path in [folder, &secret] {
            std::os::unix::fs::chown(path, Some(user), Some(group)).map_err(opened)?;
        }
    }
    let mut initdb = Command::new(programs.join("initdb"));
    initdb.args(["--encoding=UTF8", "--locale=C", "--auth=scram-sha-256", "--no-sync", "-U", USER, "-D"]);
    initdb.arg(folder).arg(format!("--pwfile={}", secret.display())).stdin(Stdio::null());
    initdb.current_dir("/");
    become_owner(&mut initdb, owner);
    let done = initdb.output().map_err(opened);
    let _ = fs::remove_file(&secret);
    let done = done?;
    match done.status.success() {
        true => Ok(()),
        false => {
            let said = String::from_utf8_lossy(&done.stderr);
            Err(failed(&format!("initdb failed: {}", said.lines().last().unwrap_or_default()), folder))
        }
    }
}

fn configure(folder: &Path, port: u16, durability: Durability, settings: &[&str]) -> Result<(), Fault> {
    let flush = if durability == Durability::Full { "on" } else { "off" };
    let mut text = format!(
        "listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = ''\nfsync = {flush}\n\
         full_page_writes = {flush}\nmax_connections = 200\n"
    );
    for line in settings {
        text.push_str(line);
        text.push('\n');
    }
    let path = folder.join("postgresql.auto.conf");
    let written = fs::OpenOptions::new().append(true).open(&path);
    let written = written.and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()));
    written.map_err(|error| Fault::cannot_open(&path, &error))
}
