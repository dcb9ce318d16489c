//! Starting on a large log, memory at rest and with many sessions, pages, and the size of the program.

use super::door::{self, DoorOrder};
use super::lookups::{self, Engine, Served};
use super::pages::{self, Browser};
use super::report::{Chapter, Figure, Target, Unit};
use super::server::ServerOrder;
use super::{Bench, wait_for};
use crate::problem::{Done, Problem};
use std::fs;
use std::time::{Duration, Instant};

/// After how long a server that nobody asks counts as idle.
const SETTLE: Duration = Duration::from_secs(3);
/// Most milliseconds from the start of the process until it is ready.
const READY_MS: f64 = 1_000.0;
/// Most mebibytes of a server that nobody asks.
const IDLE_MIB: f64 = 80.0;
const MIB: f64 = (1 << 20) as f64;

/// Starts servers and looks at them.
///
/// # Errors
/// A part fails.
pub fn measure(bench: &Bench) -> Done<Vec<Chapter>> {
    let order = lookups::order(bench, "start", Engine::Sqlite)?;
    Served::start(&order, Engine::Sqlite)?.end();
    let small = starts(bench, &order)?;
    let entries = bench.plan.entries_to_start;
    bench.tell(&format!("writing {entries} entries to start on"));
    door::through(&[], &DoorOrder::of(&order.place, entries))?;
    let large = starts(bench, &order)?;
    let order = ServerOrder { sessions: bench.plan.sessions, ..order };
    let served = Served::start(&order, Engine::Sqlite)?;
    wait_for(SETTLE, || false);
    let idle = served.memory() as f64 / MIB;
    let mut browser = Browser::to(served.told.address)?;
    for begun in &served.told.sessions {
        browser.page("/todo", &begun.secret)?;
    }
    let busy = served.memory() as f64 / MIB;
    let program = std::env::current_exe().and_then(fs::metadata).map_or(0, |file| file.len()) as f64 / MIB;
    let ready = "from the start of the process until /readyz answers";
    let starts = |entries: &str, times| {
        let name = format!("start to ready, {entries} entries");
        Figure::new(name, Unit::Milliseconds, times, ready).within(Target::AtMost(READY_MS))
    };
    let memory = |name: String, value, how: &str| Figure::new(name, Unit::Mebibytes, vec![value], how);
    let sessions = format!("memory after one page in each of {} sessions", order.sessions);
    let chapter = Chapter {
        title: "Start, memory, size".into(),
        about: "The server of the demonstration's world on SQLite, with its simulated provider in process."
            .into(),
        figures: vec![
            starts("few", small),
            starts(&entries.to_string(), large),
            memory("memory at rest".into(), idle, "VmRSS after three seconds")
                .within(Target::AtMost(IDLE_MIB)),
            memory(sessions, busy, "VmRSS; sessions are begun without the check of a password"),
            memory("size of the program".into(), program, "with all packs, pages and SQLite in it"),
        ],
    };
    let pages = pages::measure(bench, &mut browser, &served.told.sessions)?;
    served.end();
    Ok(vec![chapter, pages])
}

/// Milliseconds from the start until it is ready, once for each round.
fn starts(bench: &Bench, order: &ServerOrder) -> Done<Vec<f64>> {
    let mut times = Vec::new();
    for round in 1..=bench.plan.rounds {
        let begun = Instant::now();
        let served = Served::start(order, Engine::Sqlite)?;
        let answer = Browser::to(served.told.address)?.get("/readyz", None)?;
        let took = begun.elapsed();
        if answer.status != 200 {
            return Err(Problem::new(format!("a server that listens is not ready: {}", answer.status)));
        }
        times.push(took.as_secs_f64() * 1_000.0);
        bench.tell(&format!("start {round}: ready after {:.0} ms", took.as_secs_f64() * 1_000.0));
        served.end();
    }
    Ok(times)
}
