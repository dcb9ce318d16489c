//! The server in a process of its own: the whole gate, or the one that asks the provider and records nothing.

use super::baseline::unrecorded;
use super::part::answer;
use super::world;
use crate::cli::runtime;
use crate::demo::cases;
use crate::demo::cast::{self, CAST};
use crate::problem::{Done, Problem};
use crate::provider::parent_gone;
use crate::serve::{Running, demo_config};
use desk::{Clock, Desk};
use gate::{Gate, HttpJson, HttpSettings};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use store::{KeyringPlace, SessionRow, Store};

/// How a server is to be.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ServerOrder {
    /// Its store.
    pub place: StorePlace,
    /// Whether it records what it discloses. The one that does not is a baseline.
    pub records: bool,
    /// The provider's base address; without it, the simulator stands in the server's own process.
    pub provider: Option<String>,
    /// The file of the clients; it is made with the world if the store is empty.
    pub clients: PathBuf,
    /// How many clients to make.
    pub count: usize,
    /// Sessions of people to begin with.
    pub sessions: usize,
}

/// Where a store is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StorePlace {
    /// The address of its database.
    pub url: String,
    /// The folder of its keys.
    pub keyring: PathBuf,
}

impl StorePlace {
    /// Opens it.
    ///
    /// # Errors
    /// The store's.
    pub fn open(&self) -> Done<Store> {
        Ok(Store::open(&store::Config {
            url: self.url.clone(),
            keyring: KeyringPlace::Folder(self.keyring.clone()),
            origin_prefix: "sluice.localhost".into(),
        })?)
    }
}

/// What a server says once it listens.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Listening {
    /// Where.
    pub address: SocketAddr,
    /// Bytes of the entry that an average lookup begins with; told by the one that made the world.
    pub entry_bytes: Option<usize>,
    /// The sessions that were asked for.
    pub sessions: Vec<Begun>,
}

/// A session that was begun for somebody.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Begun {
    /// The account's name.
    pub login: String,
    /// What the browser keeps.
    pub secret: String,
}

/// Serves until standard input ends.
///
/// # Errors
/// The store, the provider's address, or the port.
pub fn run(order: &ServerOrder) -> Done {
    crate::serve::start_logging();
    let store = order.place.open()?;
    let fresh = store.read(|read| read.regulations())?.is_empty();
    if fresh {
        world::keep(&order.clients, &world::make(&store, order.count)?)?;
    }
    let entry_bytes = if fresh { Some(world::entry_bytes(&store)?) } else { None };
    let gate = match &order.provider {
        Some(base) => gate_to(base)?,
        None => world::gate()?,
    };
    let desk = Desk::new(store, gate, Clock::system(), world::setup())?;
    let clients = world::read(&order.clients)?;
    world::bind(&desk, &clients);
    let sessions = begin(&desk, order.sessions)?;
    let told = |address| answer(&Listening { address, entry_bytes, sessions });
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let served = async {
        match order.records {
            true => {
                let running = Running { desk, config: demo_config(listen), packs: None };
                // A parent that hears nothing has gone, and the end of standard input says so too.
                running.until(parent_gone(), |address| told(address).unwrap_or(())).await
            }
            false => unrecorded::serve(desk, listen, parent_gone(), told).await,
        }
    };
    runtime()?.block_on(served)
}

fn gate_to(base: &str) -> Done<Gate> {
    let gate = Gate::new(world::PLACES).map_err(|error| Problem::new(error.to_string()))?;
    let provider = HttpJson::new(&HttpSettings::new(base));
    let provider = provider.map_err(|error| Problem::new(format!("the provider {base}: {error}")))?;
    gate.register_fallback(Arc::new(provider));
    Ok(gate)
}

/// Begins sessions of the cast as a sign-in does, but for the password, whose check takes its time on
/// purpose.
fn begin(desk: &Desk, count: usize) -> Done<Vec<Begun>> {
    let now = desk.now();
    let (mut all, mut rows) = (Vec::new(), Vec::new());
    for (place, member) in CAST.iter().cycle().take(count).enumerate() {
        if place < CAST.len() {
            desk.bind_token(&cast::token(member.login), "127.0.0.1", cast::assignment(member));
        }
        let actor = cases::session(desk, member)?.actor;
        let hash = |text: &str| ledger::hash::sha256(text.as_bytes()).to_hex();
        let secret = hash(&format!("session {place} {}", now.micros()));
        rows.push(SessionRow {
            id_hash: hash(&secret),
            person: actor.person,
            assignment: Some(actor.assignment),
            created: now,
            seen: now,
            idle_until: now.plus_minutes(15),
            ends: now.plus_hours(10),
            proved_at: Some(now),
            place: "127.0.0.1".into(),
            data: hash(&hash(&secret))[..32].into(),
        });
        all.push(Begun { login: member.login.into(), secret });
    }
    desk.store().tend(|tend| rows.iter().try_for_each(|row| tend.put_session(row)))?;
    Ok(all)
}
