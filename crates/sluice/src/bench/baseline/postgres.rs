//! PostgreSQL by pgbench: a row a transaction, and the same behind the usual trigger that chains hashes.

use crate::problem::{Done, Problem};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use store::cluster::Cluster;

/// Clients of pgbench.
pub const CLIENTS: usize = 64;
/// Threads of pgbench.
const THREADS: usize = 2;

const ROW: &str = include_str!("row.sql");
const ROW_INSERT: &str = include_str!("row-insert.sql");
const CHAIN: &str = include_str!("chain.sql");
const CHAIN_INSERT: &str = include_str!("chain-insert.sql");
const FLUSHES: &str = include_str!("flushes.sql");

/// What pgbench inserts into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// A plain table.
    Row,
    /// A table whose trigger chains each row to the one before it, in so many chains.
    Chained {
        /// How many chains there are, each with a head that is locked until the commit.
        logs: u32,
    },
}

/// A database with both tables, on a cluster.
pub struct Baseline<'a> {
    cluster: &'a Cluster,
    url: String,
    scripts: [PathBuf; 2],
    payload: String,
}

impl<'a> Baseline<'a> {
    /// Makes the tables. The scripts of pgbench go to a folder, and rows hold that payload.
    ///
    /// # Errors
    /// The server refuses, or the folder cannot be written.
    pub fn make(cluster: &'a Cluster, folder: &Path, payload: &str) -> Done<Self> {
        let scripts = [("row-insert.sql", ROW_INSERT), ("chain-insert.sql", CHAIN_INSERT)];
        let scripts = scripts.map(|(name, text)| (folder.join(name), text));
        for (path, text) in &scripts {
            std::fs::write(path, text)
                .map_err(|error| Problem::new(format!("cannot write {}: {error}", path.display())))?;
        }
        let scripts = scripts.map(|(path, _)| path);
        let baseline = Self { cluster, url: cluster.database()?, scripts, payload: payload.into() };
        query(cluster, &baseline.url, ROW)?;
        query(cluster, &baseline.url, CHAIN)?;
        Ok(baseline)
    }

    /// Rows a second by all clients.
    ///
    /// # Errors
    /// pgbench fails.
    pub fn rows(&self, table: Table, warm: Duration, span: Duration) -> Done<f64> {
        self.run(table, warm)?;
        let said = self.run(table, span)?;
        let rate = said.lines().find_map(|line| line.strip_prefix("tps = "));
        let rate = rate.and_then(|rest| rest.split_whitespace().next()).and_then(|word| word.parse().ok());
        rate.ok_or_else(|| Problem::new(format!("pgbench tells no rate: {said}")))
    }

    fn run(&self, table: Table, span: Duration) -> Done<String> {
        let (script, logs) = match table {
            Table::Row => (&self.scripts[0], 1),
            Table::Chained { logs } => (&self.scripts[1], logs),
        };
        let mut command = Command::new(self.cluster.programs().join("pgbench"));
        command.args(["--no-vacuum", "--protocol=prepared", "--file"]).arg(script);
        command.arg(format!("--client={CLIENTS}")).arg(format!("--jobs={THREADS}"));
        command.arg(format!("--time={}", span.as_secs().max(1)));
        command.arg(format!("--define=payload={}", self.payload)).arg(format!("--define=logs={logs}"));
        printed(command.arg(&self.url))
    }
}

/// How often a server has flushed its log so far; none where it does not tell.
pub fn flushes(cluster: &Cluster) -> Option<u64> {
    query(cluster, &cluster.url("postgres"), FLUSHES).ok()?.trim().parse().ok()
}

/// Runs statements and gives what they print.
fn query(cluster: &Cluster, url: &str, sql: &str) -> Done<String> {
    let mut command = Command::new(cluster.programs().join("psql"));
    command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]);
    printed(command.arg(format!("--command={sql}")).arg(url))
}

fn printed(command: &mut Command) -> Done<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| Problem::new(format!("cannot start {name}: {error}")))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => {
            let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            Err(Problem::new(format!("{name}: {said}")))
        }
    }
}
