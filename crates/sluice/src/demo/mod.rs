//! `sluice demo`: a whole small world on one machine, in about a minute.
//!
//! Everything in it is made up by one seed: population, cast, cases, three months of lookups. The
//! cast is the one that stories and browser tests use.

mod applications;
pub mod cases;
pub mod cast;
pub mod guests;
mod history;
mod people;
mod place;
mod world;

pub use place::Place;

use crate::cli::{DemoArgs, runtime};
use crate::pack::shipped;
use crate::problem::{Done, Problem};
use crate::provider;
use crate::say;
use crate::serve::{self, Running};
use desk::{CastMember, Clock, Desk, Setup};
use gate::Gate;
use gate::simulator::{Population, Simulator};
use std::net::TcpListener;
use std::sync::Arc;
use store::Store;

/// Questions that may be under way at the provider at once.
const PROVIDER_PLACES: usize = 32;
/// Seconds a provider may take in the demonstration.
const PROVIDER_SECONDS: u64 = 8;

/// Starts the demonstration and serves it until it is told to end.
///
/// # Errors
/// The port is in use, the folder cannot be written, the disk is full: one sentence each.
pub fn run(args: &DemoArgs) -> Done {
    serve::start_logging();
    if !args.listen.ip().is_loopback() {
        return Err(Problem::usage("the demonstration serves plain HTTP, so only on a loopback address"));
    }
    // The port is tried before anything is made, so that a second start does no harm.
    drop(TcpListener::bind(args.listen).map_err(|error| {
        let address = args.listen;
        Problem::new(format!("cannot listen on {address} ({error}); choose another with --listen"))
    })?);
    let place = Place::of(&args.data, args.database.as_deref());
    place.prepare(args.fresh)?;
    let store = Store::open(&place.store_config())?;
    world::ensure(&store, &place, args)?;
    let provider = provider::Process::start(args.seed)?;
    let gate = gate_to(&provider.base)?;
    let setup = Setup { demo: true, provider_seconds: PROVIDER_SECONDS };
    let desk = Desk::new(store, gate, Clock::system(), setup)?;
    let packs = args.packs.as_deref().map(|folder| serve::started(folder, &desk));
    let guests = guests::enrol(&desk, args.seed)?;
    desk.introduce(cast::introductions(&desk).into_iter().chain(guests.iter().cloned()).collect());
    bind_tokens(&desk);
    let running = Running { desk, config: serve::demo_config(args.listen), packs };
    let address = args.listen;
    runtime()?.block_on(running.until_told(move || announce(address, &guests)))
}

/// Makes the world: packs, agencies, people, accounts, cases, and months of lookups.
///
/// # Errors
/// The store.
pub fn make(store: &Store, args: &DemoArgs) -> Done {
    let population = Arc::new(Population::of(args.seed));
    let gate = Gate::new(PROVIDER_PLACES).map_err(|error| Problem::new(error.to_string()))?;
    gate.register_fallback(Arc::new(Simulator::new(population.clone())));
    let start = history::start(args.months, Clock::system().now());
    let (clock, hand) = Clock::by_hand(start);
    let setup = Setup { demo: true, provider_seconds: PROVIDER_SECONDS };
    let desk = Desk::new(store.clone(), gate, clock, setup)?;
    step("regulation packs");
    shipped::activate(&desk)?;
    step("agencies, people and accounts");
    cast::enrol(&desk, args.seed)?;
    step("cases");
    let cases = cases::register(&desk, &hand, &population)?;
    step("lookups of the past months");
    history::play(&desk, &hand, &cases, Clock::system().now())?;
    step("applications on their way");
    applications::put_forward(&desk)?;
    step("people who came, moved and left");
    people::come_and_go(&desk)
}

fn step(what: &str) {
    eprintln!("  making {what} …");
}

fn gate_to(base: &str) -> Done<Gate> {
    let gate = Gate::new(PROVIDER_PLACES).map_err(|error| Problem::new(error.to_string()))?;
    let settings = gate::HttpSettings::new(base);
    let provider = gate::HttpJson::new(&settings).map_err(|error| Problem::new(format!("{error:?}")))?;
    gate.register_fallback(Arc::new(provider));
    Ok(gate)
}

/// API tokens of the demonstration: they are no secrets there.
fn bind_tokens(desk: &Desk) {
    for member in cast::CAST {
        let token = cast::token(member.login);
        desk.bind_token(&token, "127.0.0.1", cast::assignment(member));
    }
}

fn announce(address: std::net::SocketAddr, guests: &[CastMember]) {
    say!("Sluice demonstration on http://{address}");
    say!("Sign in as one of (password for all: {}):", cast::PASSWORD);
    for member in cast::CAST {
        say!("  {:<14} {} · {} · {}", member.login, member.agency, member.unit, member.name);
    }
    for guest in guests {
        let CastMember { login, agency, role, name, .. } = guest;
        say!("  {login:<22} {} · {} · {name}", agency.zh, role.zh);
    }
    say!("The code of the second factor is shown on the sign-in page, in this demonstration only.");
}
