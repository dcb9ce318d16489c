//! `sluice bench`: what the gate costs beside what others cost, in one run, on one disk.

pub mod baseline;
pub mod crowd;
pub mod door;
pub mod fill;
pub mod flushes;
pub mod lists;
pub mod load;
pub mod lookups;
pub mod machine;
pub mod pages;
pub mod part;
pub mod process;
pub mod race;
pub mod report;
pub mod server;
pub mod start;
pub mod verify;
pub mod wire;
pub mod world;

pub use part::PartName;

use crate::problem::{Done, Problem};
use crate::say;
use machine::Machine;
use report::{Chapter, Report};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use store::cluster::{Cluster, Durability};

/// What `bench` is called with.
#[derive(clap::Args, Clone)]
pub struct BenchArgs {
    /// Small numbers and one round: everything, in about three minutes.
    #[arg(long)]
    pub quick: bool,
    /// Print JSON instead of the table.
    #[arg(long)]
    pub json: bool,
    /// Where the databases are made and kept; without it, a new folder that is removed in the end.
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// Measure only these chapters, and write no page.
    #[arg(long, value_delimiter = ',')]
    pub only: Vec<Topic>,
    /// The page to write.
    #[arg(long, default_value = "docs/benchmarks.md")]
    pub page: PathBuf,
}

/// A part of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Topic {
    /// Governed lookups over HTTP, beside the baselines.
    Lookups,
    /// The door of the store, beside the baselines.
    Door,
    /// How many writes share a flush of the disk.
    Flushes,
    /// Verification of an exported log.
    Verify,
    /// Lists on small and large databases.
    Lists,
    /// Start, memory, size, pages.
    Start,
}

impl Topic {
    const ALL: [Topic; 6] =
        [Topic::Lookups, Topic::Door, Topic::Flushes, Topic::Verify, Topic::Lists, Topic::Start];
}

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How often each contestant runs.
    pub rounds: usize,
    /// How long it runs before anything counts.
    pub warm: Duration,
    /// How long it runs then.
    pub span: Duration,
    /// Clients of the API.
    pub clients: usize,
    /// Entries of the logs that are verified.
    pub entries_to_verify: u64,
    /// Lookups of the databases whose lists are timed.
    pub lists: &'static [u64],
    /// How often each page of a list is asked for.
    pub list_rounds: usize,
    /// Entries of the logs that a server starts on.
    pub entries_to_start: u64,
    /// Sessions that are begun at a server.
    pub sessions: usize,
    /// Requests for each page.
    pub requests: usize,
}

impl Plan {
    fn of(quick: bool) -> Self {
        let seconds = Duration::from_secs;
        let full = Self {
            rounds: 5,
            warm: seconds(2),
            span: seconds(8),
            clients: 64,
            entries_to_verify: 300_000,
            lists: &[10_000, 100_000, 1_000_000],
            list_rounds: 200,
            entries_to_start: 1_000_000,
            sessions: 1_000,
            requests: 500,
        };
        let small = Self {
            rounds: 1,
            warm: seconds(1),
            span: seconds(3),
            entries_to_verify: 20_000,
            lists: &[1_000, 10_000],
            list_rounds: 40,
            entries_to_start: 20_000,
            requests: 50,
            ..full
        };
        if quick { small } else { full }
    }
}

/// What all chapters share.
pub struct Bench {
    /// How much is measured.
    pub plan: Plan,
    /// The server of PostgreSQL, for baselines and store alike.
    pub cluster: Cluster,
    /// Where everything lies.
    pub folder: Folder,
    begun: Instant,
}

impl Bench {
    /// Says on standard error what comes next.
    pub fn tell(&self, what: &str) {
        eprintln!("{:>6.0} s  {what}", self.begun.elapsed().as_secs_f64());
    }
}

/// A folder, removed in the end unless somebody named it.
pub struct Folder {
    path: PathBuf,
    keep: bool,
}

impl Folder {
    fn make(named: Option<&Path>) -> Done<Self> {
        let target = Path::new("target");
        let home = if target.is_dir() { target.to_path_buf() } else { std::env::temp_dir() };
        let path =
            named.map_or_else(|| home.join(format!("bench-{}", std::process::id())), Path::to_path_buf);
        let cannot = |error: std::io::Error| {
            Problem::new(format!("cannot use the folder {}: {error}", path.display()))
        };
        fs::create_dir_all(&path).map_err(cannot)?;
        if fs::read_dir(&path).map_err(cannot)?.next().is_some() {
            return Err(Problem::new(format!("{} is not empty; name a new folder", path.display())));
        }
        let path = fs::canonicalize(&path).map_err(cannot)?;
        Ok(Self { path, keep: named.is_some() })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.keep {
            // What cannot be removed lies below `target` and goes with it.
            fs::remove_dir_all(&self.path).unwrap_or(());
        }
    }
}

/// Lines of the server's configuration, apart from durability.
const SETTINGS: [&str; 2] = ["shared_buffers = '1GB'", "synchronous_commit = on"];

/// Measures, prints, and writes the page.
///
/// # Errors
/// A program is missing, a part fails, the page cannot be written.
pub fn run(args: &BenchArgs) -> Done {
    machine::program("strace", "strace")?;
    let topics = if args.only.is_empty() { Topic::ALL.to_vec() } else { args.only.clone() };
    let folder = Folder::make(args.data.as_deref())?;
    let cluster = Cluster::start(folder.path(), Durability::Full, &SETTINGS)?;
    if !cluster.programs().join("pgbench").is_file() {
        return Err(Problem::new(
            "pgbench is not installed: apt-get install postgresql (make bench does so)",
        ));
    }
    let machine = Machine::look(folder.path(), &cluster);
    let bench = Bench { plan: Plan::of(args.quick), cluster, folder, begun: Instant::now() };
    let chapters = measure(&bench, &topics)?;
    let report = Report { machine, quick: args.quick, chapters };
    if args.json {
        let text = serde_json::to_string_pretty(&report).map_err(|error| Problem::new(error.to_string()))?;
        say!("{text}");
    } else {
        say!("{}", report.table().trim_end());
    }
    if args.only.is_empty() {
        let unwritten = |error| Problem::new(format!("cannot write {}: {error}", args.page.display()));
        fs::write(&args.page, report.page()).map_err(unwritten)?;
    }
    Ok(())
}

fn measure(bench: &Bench, topics: &[Topic]) -> Done<Vec<Chapter>> {
    let mut chapters = Vec::new();
    let race = topics.iter().any(|topic| matches!(topic, Topic::Lookups | Topic::Door));
    if race {
        chapters.extend(race::measure(bench, topics)?);
    }
    for topic in topics {
        match topic {
            Topic::Lookups | Topic::Door => {}
            Topic::Flushes => chapters.push(flushes::measure(bench)?),
            Topic::Verify => chapters.push(verify::measure(bench)?),
            Topic::Lists => chapters.push(lists::measure(bench)?),
            Topic::Start => chapters.extend(start::measure(bench)?),
        }
    }
    Ok(chapters)
}

/// Waits until something holds, and no longer than that; whether it holds.
fn wait_for(longest: Duration, mut holds: impl FnMut() -> bool) -> bool {
    let begun = Instant::now();
    // Nobody sends on this channel, so receiving from it is waiting.
    let (_keep, silence) = std::sync::mpsc::channel::<()>();
    while !holds() {
        if begun.elapsed() >= longest {
            return false;
        }
        silence.recv_timeout(Duration::from_millis(20)).unwrap_or(());
    }
    true
}

/// How long something took, often enough to say what is usual.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// The middle one of all.
    pub p50: Duration,
    /// Nineteen of twenty were no slower.
    pub p95: Duration,
}

impl Timing {
    /// The two figures of a list of times; zero for an empty one.
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let at = |share: usize| {
            let place = times.len().saturating_sub(1) * share / 100;
            times.get(place).copied().unwrap_or_default()
        };
        Self { p50: at(50), p95: at(95) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_of_a_list_are_its_own() {
        let times = (1..=100).rev().map(Duration::from_millis).collect();
        let timing = Timing::of(times);
        assert_eq!((timing.p50.as_millis(), timing.p95.as_millis()), (50, 95));
        assert_eq!(Timing::of(vec![]).p95, Duration::ZERO);
    }
}
