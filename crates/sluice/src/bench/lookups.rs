//! Governed lookups: servers with their worlds, the load on them, and how long an answer takes at half of the
//! rate that they bear.

use super::Bench;
use super::load::{LoadOrder, LoadResult};
use super::pages::Browser;
use super::part::{Part, PartName};
use super::process;
use super::race::{Runner, Turn, Turns};
use super::report::{Chapter, Figure, Target, Unit, median};
use super::server::{Listening, ServerOrder, StorePlace};
use super::world::SEED;
use crate::problem::{Done, Problem};
use crate::provider;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// An engine beneath the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Engine {
    /// SQLite, in the program.
    Sqlite,
    /// PostgreSQL, a server beside it.
    Postgres,
}

impl Engine {
    /// A plain word for files.
    pub fn word(self) -> &'static str {
        match self {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgres",
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        }
    }
}

/// The place of a new store.
///
/// # Errors
/// The server of PostgreSQL refuses.
pub fn place(bench: &Bench, name: &str, engine: Engine) -> Done<StorePlace> {
    let folder = bench.folder.path();
    let url = match engine {
        Engine::Sqlite => {
            let home = folder.join(name);
            fs::create_dir_all(&home)
                .map_err(|error| Problem::new(format!("cannot make {}: {error}", home.display())))?;
            format!("sqlite://{}", home.join("sluice.sqlite").display())
        }
        Engine::Postgres => bench.cluster.database()?,
    };
    Ok(StorePlace { url, keyring: folder.join(format!("{name}-keyring")) })
}

/// A server with its world, and a provider beside it if it wants one.
pub struct Served {
    part: Part,
    _provider: Option<provider::Process>,
    engine: Engine,
    records: bool,
    clients: PathBuf,
    /// Where it listens, and what it was asked to tell.
    pub told: Listening,
    /// How long it took from its start until it listened.
    pub started: Duration,
}

/// The order for a server of this measurement, on a new store.
///
/// # Errors
/// The place cannot be made.
pub fn order(bench: &Bench, name: &str, engine: Engine) -> Done<ServerOrder> {
    Ok(ServerOrder {
        place: place(bench, name, engine)?,
        records: true,
        provider: None,
        clients: bench.folder.path().join(format!("{name}-clients.json")),
        count: bench.plan.clients,
        sessions: 0,
    })
}

impl Served {
    /// Serves, and makes the world first if the store is empty.
    ///
    /// # Errors
    /// The part does not start.
    pub fn start(order: &ServerOrder, engine: Engine) -> Done<Self> {
        Self::start_under(&[], order, engine)
    }

    /// The same under another program, such as one that counts system calls.
    ///
    /// # Errors
    /// The part does not start.
    pub fn start_under(words: &[String], order: &ServerOrder, engine: Engine) -> Done<Self> {
        let begun = Instant::now();
        let mut part = Part::start_under(words, PartName::Server, order)?;
        let told = part.answer()?;
        let clients = order.clients.clone();
        let records = order.records;
        Ok(Self { part, _provider: None, engine, records, clients, told, started: begun.elapsed() })
    }

    /// Serves with the provider in a process of its own.
    ///
    /// # Errors
    /// A part does not start.
    pub fn start_far(mut order: ServerOrder, engine: Engine) -> Done<Self> {
        let provider = provider::Process::start(SEED)?;
        order.provider = Some(provider.base.clone());
        Ok(Self { _provider: Some(provider), ..Self::start(&order, engine)? })
    }

    /// Bytes of memory that it holds.
    pub fn memory(&self) -> u64 {
        process::memory(self.part.id())
    }

    /// Lets it end in its own time.
    pub fn end(self) {
        self.part.end();
    }

    /// Lets the clients ask, as fast as they are answered or at a rate.
    ///
    /// # Errors
    /// The load fails: a lookup was not answered as it should be.
    pub fn turn(&self, bench: &Bench, rate: Option<f64>) -> Done<(Turn, LoadResult)> {
        let order = LoadOrder {
            address: self.told.address,
            clients: self.clients.clone(),
            warm_ms: bench.plan.warm.as_millis() as u64,
            span_ms: bench.plan.span.as_millis() as u64,
            rate,
        };
        let (before, entries) = (self.processor(bench), self.entries()?);
        let mut load = Part::start(PartName::Load, &order)?;
        let result: LoadResult = load.answer()?;
        load.end();
        let spent = self.processor(bench).saturating_sub(before);
        if self.records && self.entries()? < entries + 2 * result.all {
            return Err(Problem::new("a lookup was answered that has no two entries in the ledger"));
        }
        let turn = Turn {
            per_second: result.per_second,
            server_us: spent.as_secs_f64() * 1e6 / result.all.max(1) as f64,
            load_us: result.processor_us,
        };
        Ok((turn, result))
    }

    /// Entries of its ledger, as its metrics tell; none for the one that records nothing.
    fn entries(&self) -> Done<u64> {
        if !self.records {
            return Ok(0);
        }
        let page = Browser::to(self.told.address)?.get("/metrics", None)?;
        let text = String::from_utf8_lossy(&page.body).into_owned();
        let entries = text.lines().find_map(|line| line.strip_prefix("sluice_ledger_entries "));
        let entries = entries.and_then(|number| number.trim().parse::<f64>().ok());
        entries.map(|number| number as u64).ok_or_else(|| Problem::new("the metrics do not tell the entries"))
    }

    /// Processor time of all that serves.
    fn processor(&self, bench: &Bench) -> Duration {
        let own = process::processor(self.part.id());
        match self.engine {
            Engine::Sqlite => own,
            Engine::Postgres => own + postmaster(bench).map(process::processor_of_all).unwrap_or_default(),
        }
    }
}

/// The first process of the server of PostgreSQL, whose children do the work.
pub fn postmaster(bench: &Bench) -> Option<u32> {
    let text = fs::read_to_string(bench.cluster.folder().join("postmaster.pid")).ok()?;
    text.lines().next()?.trim().parse().ok()
}

/// How long answers take at half of the rate that each server bore.
///
/// # Errors
/// The load fails.
pub fn latency(bench: &Bench, served: &BTreeMap<Runner, Served>, turns: &Turns) -> Done<Chapter> {
    let mut figures = Vec::new();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let runner = Runner::Lookups(engine);
        let Some(server) = served.get(&runner) else { continue };
        let peaks: Vec<f64> = turns.get(&runner).into_iter().flatten().map(|turn| turn.per_second).collect();
        let rate = (median(&peaks) / 2.0).max(1.0);
        let mut results = Vec::new();
        for round in 1..=bench.plan.rounds.min(3) {
            let (_, result) = server.turn(bench, Some(rate))?;
            let (p50, p99) = (result.p50_ms, result.p99_ms);
            let name = engine.name();
            bench.tell(&format!("latency {round}: p50 {p50:.1} ms, p99 {p99:.1} ms at {rate:.0} /s, {name}"));
            results.push(result);
        }
        let figure = |what: &str, pick: fn(&LoadResult) -> f64| {
            let name = format!("{what} at {rate:.0} lookups a second, {}", engine.name());
            let how = "sent when due, counted from when it was due, however late it was sent";
            Figure::new(name, Unit::Milliseconds, results.iter().map(pick).collect(), how)
        };
        figures.push(figure("p50", |result| result.p50_ms));
        figures.push(figure("p99", |result| result.p99_ms).within(Target::AtMost(50.0)));
    }
    Ok(Chapter {
        title: "Latency at half of the peak rate".into(),
        about:
            "The same lookups, paced: each is sent at its time, whether or not those before it were answered."
                .into(),
        figures,
    })
}
