//! Everything that takes its turn in every round: the baselines, the governed lookups, the door.

use super::baseline::postgres::{Baseline, Table};
use super::baseline::sqlite;
use super::door::{self, DoorOrder};
use super::lookups::{self, Engine, Served};
use super::report::{Chapter, Figure, Target, Unit, median};
use super::server::{ServerOrder, StorePlace};
use super::{Bench, Topic};
use crate::problem::Done;
use std::collections::BTreeMap;

/// Bytes of a row of table `lookup`, which the gate writes beside the entry; the baselines carry them too.
const ROW_BYTES: usize = 390;

/// One who takes a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Runner {
    /// (a) PostgreSQL, a row a transaction.
    PostgresRow,
    /// (b) SQLite, a row a transaction.
    SqliteRow,
    /// (c) PostgreSQL with one chain of hashes.
    PostgresChain,
    /// The same with a chain for each of three logs.
    PostgresChains,
    /// (d) The gate without its record.
    Unrecorded,
    /// Governed lookups.
    Lookups(Engine),
    /// Governed lookups with the provider in a process of its own.
    LookupsFar,
    /// The door with so many writes in flight.
    Door(Engine, usize),
}

/// Writes in flight at the door.
pub const IN_FLIGHT: [usize; 3] = [1, 64, 1_024];

/// What one turn gave.
#[derive(Clone, Copy, Debug, Default)]
pub struct Turn {
    /// So many a second.
    pub per_second: f64,
    /// Processor time of all that serves, in microseconds for each; zero where it was not looked at.
    pub server_us: f64,
    /// Processor time of the load, likewise.
    pub load_us: f64,
}

/// All turns of all runners.
pub type Turns = BTreeMap<Runner, Vec<Turn>>;

/// What the race is run with.
struct Course<'a> {
    bench: &'a Bench,
    baseline: Baseline<'a>,
    served: BTreeMap<Runner, Served>,
    doors: BTreeMap<Engine, StorePlace>,
    payload: String,
    turn: usize,
}

/// Runs all rounds and tells what came of them, chapter by chapter.
///
/// # Errors
/// A part fails.
pub fn measure(bench: &Bench, topics: &[Topic]) -> Done<Vec<Chapter>> {
    let runners = runners(topics);
    bench.tell("making the worlds");
    let mut course = Course::lay(bench, &runners)?;
    let mut turns = Turns::new();
    for round in 1..=bench.plan.rounds {
        for runner in &runners {
            let turn = course.run(*runner)?;
            bench.tell(&format!("round {round}: {:>9.0} /s  {}", turn.per_second, name(*runner)));
            turns.entry(*runner).or_default().push(turn);
        }
    }
    let mut chapters = vec![baselines(&turns, course.payload.len())];
    if topics.contains(&Topic::Lookups) {
        chapters.push(of_lookups(&turns));
        chapters.push(lookups::latency(bench, &course.served, &turns)?);
    }
    if topics.contains(&Topic::Door) {
        chapters.push(of_doors(&turns));
    }
    Ok(chapters)
}

fn runners(topics: &[Topic]) -> Vec<Runner> {
    let mut all = vec![Runner::PostgresRow, Runner::SqliteRow];
    if topics.contains(&Topic::Lookups) {
        all.extend([Runner::PostgresChain, Runner::PostgresChains, Runner::Unrecorded]);
        all.extend([Runner::Lookups(Engine::Sqlite), Runner::LookupsFar, Runner::Lookups(Engine::Postgres)]);
    }
    if topics.contains(&Topic::Door) {
        let doors = |engine| IN_FLIGHT.map(|count| Runner::Door(engine, count));
        all.extend([Engine::Sqlite, Engine::Postgres].map(doors).concat());
    }
    all
}

impl<'a> Course<'a> {
    fn lay(bench: &'a Bench, runners: &[Runner]) -> Done<Self> {
        let mut served = BTreeMap::new();
        for runner in runners {
            let started = match runner {
                Runner::Unrecorded => {
                    let order = lookups::order(bench, "unrecorded", Engine::Sqlite)?;
                    Served::start(&ServerOrder { records: false, ..order }, Engine::Sqlite)?
                }
                Runner::Lookups(engine) => {
                    Served::start(&lookups::order(bench, engine.word(), *engine)?, *engine)?
                }
                Runner::LookupsFar => {
                    Served::start_far(lookups::order(bench, "far", Engine::Sqlite)?, Engine::Sqlite)?
                }
                _ => continue,
            };
            served.insert(*runner, started);
        }
        let bytes = served.values().next().and_then(|one| one.told.entry_bytes).unwrap_or(880) + ROW_BYTES;
        let payload = payload(bytes);
        let baseline = Baseline::make(&bench.cluster, bench.folder.path(), &payload)?;
        let mut doors = BTreeMap::new();
        for engine in [Engine::Sqlite, Engine::Postgres] {
            doors.insert(engine, lookups::place(bench, &format!("door-{}", engine.word()), engine)?);
        }
        Ok(Self { bench, baseline, served, doors, payload, turn: 0 })
    }

    fn run(&mut self, runner: Runner) -> Done<Turn> {
        let plan = &self.bench.plan;
        self.turn += 1;
        let per_second = match runner {
            Runner::PostgresRow => self.baseline.rows(Table::Row, plan.warm, plan.span)?,
            Runner::PostgresChain => self.baseline.rows(Table::Chained { logs: 1 }, plan.warm, plan.span)?,
            Runner::PostgresChains => self.baseline.rows(Table::Chained { logs: 3 }, plan.warm, plan.span)?,
            Runner::SqliteRow => {
                let file = self.bench.folder.path().join(format!("row-{}.sqlite", self.turn));
                sqlite::rows(&file, &self.payload, plan.warm, plan.span)?
            }
            Runner::Unrecorded | Runner::Lookups(_) | Runner::LookupsFar => {
                let served = &self.served[&runner];
                return served.turn(self.bench, None).map(|(turn, _)| turn);
            }
            Runner::Door(engine, in_flight) => return self.door(engine, in_flight),
        };
        Ok(Turn { per_second, ..Turn::default() })
    }

    fn door(&self, engine: Engine, in_flight: usize) -> Done<Turn> {
        let plan = &self.bench.plan;
        let order = DoorOrder::for_a_time(&self.doors[&engine], in_flight, plan.warm, plan.span);
        let result = door::through(&[], &order)?;
        Ok(Turn { per_second: result.per_second, server_us: result.processor_us, load_us: 0.0 })
    }
}

/// Text of so many bytes that looks like chance, so that nothing can be saved on it.
fn payload(bytes: usize) -> String {
    let hash = |place: usize| ledger::hash::sha256(&place.to_be_bytes()).to_base64();
    let text: String = (0..bytes / 40 + 1).map(hash).collect();
    text.chars().filter(char::is_ascii_alphanumeric).cycle().take(bytes).collect()
}

fn name(runner: Runner) -> String {
    match runner {
        Runner::PostgresRow => "(a) PostgreSQL, one row a transaction, 64 clients".into(),
        Runner::SqliteRow => "(b) SQLite, one row a transaction, one writer".into(),
        Runner::PostgresChain => "(c) PostgreSQL, hash-chain trigger, 64 clients".into(),
        Runner::PostgresChains => "(c3) the same with a chain for each of three logs".into(),
        Runner::Unrecorded => "(d) the gate without a record, 64 clients".into(),
        Runner::Lookups(engine) => format!("governed lookups, {}", engine.name()),
        Runner::LookupsFar => "governed lookups, SQLite, provider over HTTP".into(),
        Runner::Door(engine, count) => format!("the door, {}, {count} in flight", engine.name()),
    }
}

fn rates(turns: &Turns, runner: Runner) -> Vec<f64> {
    turns.get(&runner).into_iter().flatten().map(|turn| turn.per_second).collect()
}

fn figure(turns: &Turns, runner: Runner, how: &str) -> Figure {
    let middle = |pick: fn(&Turn) -> f64| {
        median(&turns.get(&runner).into_iter().flatten().map(pick).collect::<Vec<f64>>())
    };
    let (server, load) = (middle(|turn| turn.server_us), middle(|turn| turn.load_us));
    let mut how = how.to_owned();
    if server > 0.0 {
        how.push_str(&format!("; {server:.0} µs of processor time each"));
    }
    if load > 0.0 {
        how.push_str(&format!(", and {load:.0} µs of the load"));
    }
    Figure::new(name(runner), Unit::PerSecond, rates(turns, runner), how)
}

const SYNCED: &str = "synchronous_commit = on, fsync = on";
const FULL: &str = "WAL, synchronous = FULL";

fn baselines(turns: &Turns, bytes: usize) -> Chapter {
    let hows = [
        (Runner::PostgresRow, format!("pgbench -M prepared -c 64 -j 2 over TCP, {SYNCED}")),
        (Runner::SqliteRow, FULL.into()),
        (Runner::PostgresChain, format!("as (a), head row locked by BEFORE INSERT trigger, {SYNCED}")),
        (Runner::PostgresChains, format!("as (c), {SYNCED}")),
        (Runner::Unrecorded, "token, provider in process, JSON; nothing is written".into()),
    ];
    let run = hows.iter().filter(|(runner, _)| turns.contains_key(runner));
    Chapter {
        title: "Baselines".into(),
        about: format!(
            "What the figures below are held against. A row has {bytes} bytes: the entry that a lookup \
             begins with and its row."
        ),
        figures: run.map(|(runner, how)| figure(turns, *runner, how)).collect(),
    }
}

fn of_lookups(turns: &Turns) -> Chapter {
    let against = |figure: Figure, targets: [Option<f64>; 3]| {
        let [a, b, c] = targets.map(|target| target.map(Target::AtLeast));
        figure
            .of("(a)", &rates(turns, Runner::PostgresRow), a)
            .of("(b)", &rates(turns, Runner::SqliteRow), b)
            .of("(c)", &rates(turns, Runner::PostgresChain), c)
            .of("(c3)", &rates(turns, Runner::PostgresChains), None)
            .of("(d)", &rates(turns, Runner::Unrecorded), None)
    };
    let sqlite = figure(turns, Runner::Lookups(Engine::Sqlite), FULL);
    let far = figure(turns, Runner::LookupsFar, &format!("{FULL}; provider in a process of its own"));
    let postgres = figure(turns, Runner::Lookups(Engine::Postgres), SYNCED);
    Chapter {
        title: "Governed lookups over HTTP".into(),
        about:
            "64 clients with a connection and an address each, on loopback. Every request is a new lookup: \
                token, rule, durable entry, provider, second durable entry, answer."
                .into(),
        figures: vec![
            against(sqlite, [Some(0.3), Some(1.0), Some(5.0)]),
            against(far, [None; 3]),
            against(postgres, [Some(0.2), None, None]),
        ],
    }
}

fn of_doors(turns: &Turns) -> Chapter {
    let mut figures = Vec::new();
    for (engine, how) in [(Engine::Sqlite, FULL), (Engine::Postgres, SYNCED)] {
        for count in IN_FLIGHT {
            let (a, b) = match count {
                1 => (None, Some(Target::AtLeast(0.6))),
                1_024 => (Some(Target::AtLeast(1.0)), None),
                _ => (None, None),
            };
            let b = b.filter(|_| engine == Engine::Sqlite);
            let figure = figure(turns, Runner::Door(engine, count), how);
            let figure = figure.of("(a)", &rates(turns, Runner::PostgresRow), a);
            figures.push(figure.of("(b)", &rates(turns, Runner::SqliteRow), b));
        }
    }
    Chapter {
        title: "The door of the store".into(),
        about:
            "Small decisions over three logs, each durable before it is answered. Up to 64 in flight are as \
                many threads; 1,024 are four threads that wait for the oldest of 256 each."
                .into(),
        figures,
    }
}
