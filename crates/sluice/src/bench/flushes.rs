//! How many writes one flush of the disk carries: counted by the system, so that nobody need take it on
//! trust.

use super::baseline::postgres;
use super::door::{self, DoorOrder};
use super::lookups::{self, Engine, Served, postmaster};
use super::process::children;
use super::race::IN_FLIGHT;
use super::report::{Chapter, Figure, Unit};
use super::{Bench, machine};
use crate::problem::{Done, Problem};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The system calls that flush.
const FLUSHES: [&str; 2] = ["fsync", "fdatasync"];
/// How long a tracer may take to attach itself.
const ATTACH: Duration = Duration::from_secs(10);

/// Counts flushes of each engine, at the door and under lookups.
///
/// # Errors
/// A part fails, or nothing can count.
pub fn measure(bench: &Bench) -> Done<Chapter> {
    let mut figures = Vec::new();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let place = lookups::place(bench, &format!("flushes-{}", engine.word()), engine)?;
        // The first use makes the tables; only what follows is counted.
        door::through(&[], &DoorOrder::of(&place, 64))?;
        for in_flight in IN_FLIGHT {
            let order = DoorOrder::for_a_time(&place, in_flight, Duration::ZERO, bench.plan.span);
            let counted = match engine {
                Engine::Sqlite => {
                    let file = bench.folder.path().join("door.strace");
                    let all = door::through(&tracer(&file), &order)?.all;
                    Counted { all, flushes: in_file(&file)?, by: "strace of the process" }
                }
                Engine::Postgres => of_server(bench, || Ok(door::through(&[], &order)?.all))?,
            };
            figures.push(figure(
                bench,
                format!("writes, {}, {in_flight} in flight", engine.name()),
                &counted,
            ));
        }
        let counted = of_lookups(bench, engine)?;
        figures.push(figure(bench, format!("governed lookups, {}, 64 clients", engine.name()), &counted));
    }
    Ok(Chapter {
        title: "Flushes".into(),
        about:
            "How many durable writes share one flush of the disk (fsync or fdatasync), counted on a separate \
                short run by the system itself. A lookup has two durable entries. What the signer and the \
                checkpoints of the database flush is in the count."
                .into(),
        figures,
    })
}

/// What was written and how often the disk was flushed for it.
struct Counted {
    all: u64,
    flushes: u64,
    by: &'static str,
}

fn figure(bench: &Bench, what: String, counted: &Counted) -> Figure {
    let Counted { all, flushes, by } = counted;
    let each = *all as f64 / (*flushes).max(1) as f64;
    bench.tell(&format!("{each:>9.2} a flush: {what}"));
    let how = format!("{all} in {flushes} flushes; {:.3} flushes each; {by}", 1.0 / each.max(f64::EPSILON));
    Figure::new(format!("{what}: so many a flush"), Unit::Count, vec![each], how)
}

fn of_lookups(bench: &Bench, engine: Engine) -> Done<Counted> {
    let order = lookups::order(bench, &format!("flushes-lookups-{}", engine.word()), engine)?;
    // The first start makes the world; only what follows is counted.
    Served::start(&order, engine)?.end();
    match engine {
        Engine::Sqlite => {
            let file = bench.folder.path().join("lookups.strace");
            let served = Served::start_under(&tracer(&file), &order, engine)?;
            let (_, result) = served.turn(bench, None)?;
            served.end();
            Ok(Counted { all: result.all, flushes: in_file(&file)?, by: "strace of the server" })
        }
        Engine::Postgres => {
            let served = Served::start(&order, engine)?;
            of_server(bench, || Ok(served.turn(bench, None)?.1.all))
        }
    }
}

/// The words that start a program under a tracer. Only the calls that flush are stopped at.
fn tracer(file: &Path) -> Vec<String> {
    let calls = format!("trace={}", FLUSHES.join(","));
    let words =
        ["strace", "-f", "-qq", "-c", "--seccomp-bpf", "-e", &calls, "-o", &file.display().to_string()];
    words.map(str::to_owned).to_vec()
}

/// Counts the flushes of the server of PostgreSQL while something is done: as a tracer sees them, or as the
/// server tells where tracing is not permitted.
fn of_server(bench: &Bench, work: impl FnOnce() -> Done<u64>) -> Done<Counted> {
    let file = bench.folder.path().join("server.strace");
    if let Some(tracer) = Tracer::attach(bench, &file) {
        let all = work()?;
        tracer.detach();
        return Ok(Counted { all, flushes: in_file(&file)?, by: "strace of the server's processes" });
    }
    let flushes = || postgres::flushes(&bench.cluster);
    let untold = || Problem::new("neither strace nor the server of PostgreSQL tells how often it flushes");
    let before = flushes().ok_or_else(untold)?;
    let all = work()?;
    let after = flushes().ok_or_else(untold)?;
    Ok(Counted { all, flushes: after.saturating_sub(before), by: "pg_stat_wal, as strace may not attach" })
}

/// A tracer attached to processes that run.
struct Tracer {
    child: Child,
}

impl Tracer {
    /// Attaches to the server of PostgreSQL and all it starts from now on; none if that is not permitted.
    fn attach(bench: &Bench, file: &Path) -> Option<Self> {
        let first = postmaster(bench)?;
        let mut command = Command::new(machine::program("strace", "strace").ok()?);
        command.args(["-f", "-qq", "-c", "-e", &format!("trace={}", FLUSHES.join(",")), "-o"]).arg(file);
        for id in children(first).into_iter().chain([first]) {
            command.arg("-p").arg(id.to_string());
        }
        let child = command.stdin(Stdio::null()).stderr(Stdio::null()).spawn().ok()?;
        let mut tracer = Self { child };
        let status = PathBuf::from(format!("/proc/{first}/status"));
        let traced = || {
            let text = fs::read_to_string(&status).unwrap_or_default();
            text.lines().any(|line| line.starts_with("TracerPid:") && !line.ends_with("\t0"))
        };
        let patience = super::wait_for(ATTACH, || traced() || !tracer.runs());
        (patience && tracer.runs()).then_some(tracer)
    }

    fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Lets the processes go and waits for the count to be written.
    fn detach(mut self) {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-s", "INT", &id]).status().map(|_| ()).unwrap_or(());
        self.child.wait().map(|_| ()).unwrap_or(());
    }
}

/// The flushes that a tracer has counted.
fn in_file(file: &Path) -> Done<u64> {
    let unread = |error| Problem::new(format!("strace has counted nothing into {}: {error}", file.display()));
    Ok(count(&fs::read_to_string(file).map_err(unread)?))
}

/// Adds up the calls of the table that strace prints; the errors of a call may or may not stand behind them.
fn count(table: &str) -> u64 {
    let calls = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let flush = words.last().is_some_and(|name| FLUSHES.contains(name));
        flush.then(|| words.get(3).and_then(|count| count.parse::<u64>().ok())).flatten()
    };
    table.lines().filter_map(calls).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_the_tracer_is_added_up() {
        let table = "\
% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 86.85    0.325339           7     41491           pwrite64
 13.15    0.049240         260       189           fsync
  1.15    0.009240         260        11         2 fdatasync
------ ----------- ----------- --------- --------- ----------------
100.00    0.374579           8     41680           total
";
        assert_eq!(count(table), 200);
    }
}
