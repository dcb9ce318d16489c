//! Governed lookups: servers with their worlds, the load on them, and how long an answer takes at half of the
//! rate that they bear.

use super::Bench;
use super::load::{LoadOrder, LoadResult};
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
use std::net::SocketAddr;
use std::path::PathBuf;

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
    address: SocketAddr,
    clients: PathBuf,
    engine: Engine,
    /// Bytes of the entry that an average lookup begins with.
    pub entry_bytes: Option<usize>,
}

impl Served {
    /// Makes a world and serves it.
    ///
    /// # Errors
    /// A part does not start.
    pub fn start(bench: &Bench, name: &str, engine: Engine, records: bool, far: bool) -> Done<Self> {
        let provider = far.then(|| provider::Process::start(SEED)).transpose()?;
        let clients = bench.folder.path().join(format!("{name}-clients.json"));
        let order = ServerOrder {
            place: place(bench, name, engine)?,
            records,
            provider: provider.as_ref().map(|provider| provider.base.clone()),
            clients: clients.clone(),
            count: bench.plan.clients,
            sessions: 0,
        };
        let mut part = Part::start(PartName::Server, &order)?;
        let Listening { address, entry_bytes, .. } = part.answer()?;
        Ok(Self { part, _provider: provider, address, clients, engine, entry_bytes })
    }

    /// Lets the clients ask, as fast as they are answered or at a rate.
    ///
    /// # Errors
    /// The load fails: a lookup was not answered as it should be.
    pub fn turn(&self, bench: &Bench, rate: Option<f64>) -> Done<(Turn, LoadResult)> {
        let order = LoadOrder {
            address: self.address,
            clients: self.clients.clone(),
            warm_ms: bench.plan.warm.as_millis() as u64,
            span_ms: bench.plan.span.as_millis() as u64,
            rate,
        };
        let before = self.processor(bench);
        let mut load = Part::start(PartName::Load, &order)?;
        let result: LoadResult = load.answer()?;
        load.end();
        let spent = self.processor(bench).saturating_sub(before);
        let turn = Turn {
            per_second: result.per_second,
            server_us: spent.as_secs_f64() * 1e6 / result.all.max(1) as f64,
            load_us: result.processor_us,
        };
        Ok((turn, result))
    }

    /// Processor time of all that serves.
    fn processor(&self, bench: &Bench) -> std::time::Duration {
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
