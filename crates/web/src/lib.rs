//! Pages and the JSON API.
//!
//! A handler parses, calls one method of the desk, and shows what came of it. No rule is decided
//! here, and nothing here reads or writes a database: the desk is all it knows.

pub mod api;
mod assets;
pub mod form;
pub mod guard;
mod health;
pub mod html;
pub mod locale;
mod log;
mod seat;
mod serve;
mod upload;
mod visit;

#[cfg(test)]
mod tests;

pub use guard::address::Cidr;
pub use serve::{ServeError, serve};

use axum::Router;
use axum::routing::get;
use desk::Desk;
use guard::limit::Limit;
use health::Counters;
use html::frame::Seals;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// How the server is reached and by whom.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Certificate chain and private key, both PEM. Without them only loopback is served.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Zones by name with their address ranges; the first that holds an address is its place.
    pub zones: Vec<(String, Vec<Cidr>)>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub proxies: Vec<Cidr>,
    /// Who may read `/metrics`, besides loopback.
    pub metrics_from: Vec<Cidr>,
    /// Whether this is the demonstration, which shows its cast and its codes.
    pub demo: bool,
    /// Connections served at once; further ones wait.
    pub connections: usize,
    /// Whom staff call about security, shown in the footer; nothing is shown if empty.
    pub contact: String,
}

impl Config {
    /// A server for this machine alone.
    pub fn local(listen: SocketAddr) -> Self {
        Self {
            listen,
            tls: None,
            zones: Vec::new(),
            proxies: Vec::new(),
            metrics_from: Vec::new(),
            demo: false,
            connections: 512,
            contact: String::new(),
        }
    }
}

/// Passwords checked at once. Each check takes some 20 MB on purpose, so a flood must queue.
const DOORS: usize = 4;

/// Everything that requests share.
#[derive(Clone)]
pub struct App(Arc<Shared>);

struct Shared {
    desk: Desk,
    config: Config,
    sign_ins: Limit,
    doors: Semaphore,
    counters: Counters,
    seals: Seals,
}

impl App {
    /// Puts the server together; nothing listens yet.
    pub fn new(desk: Desk, config: Config) -> Self {
        Self(Arc::new(Shared {
            desk,
            config,
            sign_ins: Limit::default(),
            doors: Semaphore::new(DOORS),
            counters: Counters::default(),
            seals: Seals::default(),
        }))
    }

    fn desk(&self) -> &Desk {
        &self.0.desk
    }

    fn config(&self) -> &Config {
        &self.0.config
    }

    fn sign_ins(&self) -> &Limit {
        &self.0.sign_ins
    }

    /// Places for passwords that are being checked. The semaphore is never closed.
    fn doors(&self) -> &Semaphore {
        &self.0.doors
    }

    fn counters(&self) -> &Counters {
        &self.0.counters
    }

    fn seals(&self) -> &Seals {
        &self.0.seals
    }

    fn tls(&self) -> bool {
        self.config().tls.is_some()
    }

    /// Calls the desk on a thread that may block, so that no page waits for another's database.
    async fn call<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Desk) -> desk::Answer<T> + Send + 'static,
    ) -> desk::Answer<T> {
        let desk = self.desk().clone();
        match tokio::task::spawn_blocking(move || ask(&desk)).await {
            Ok(answer) => answer,
            Err(_) => Err(desk::No::Fault {
                operation: String::new(),
                sentence: "a request ended in the middle".into(),
            }),
        }
    }

    /// All routes, with everything that guards them.
    pub fn router(&self) -> Router {
        let router = Router::new()
            .merge(html::routes())
            .merge(api::routes())
            .merge(log::routes())
            .route("/healthz", get(health::healthz))
            .route("/readyz", get(health::readyz))
            .route("/metrics", get(health::metrics))
            .route("/assets/{hash}/{name}", get(assets::asset))
            .fallback(html::fault::not_found)
            .method_not_allowed_fallback(html::fault::not_allowed);
        let guarded = axum::middleware::from_fn_with_state(self.clone(), guard::intake::guard);
        router.layer(guarded).with_state(self.clone())
    }
}

/// Sixteen random bytes in hexadecimal: handles, form keys. None if the machine has no entropy.
fn random_word() -> Option<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
