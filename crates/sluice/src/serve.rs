//! `sluice serve`: an installation, from its configuration to its end.

use crate::cli::runtime;
use crate::config::{self, Config};
use crate::pack::folder::PackFolder;
use crate::pack::shipped;
use crate::problem::{Done, Problem};
use crate::say;
use desk::{Clock, Desk, Setup};
use domain::id::AssignmentId;
use gate::{Gate, HttpJson, HttpSettings, Secret};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use store::Store;
use web::Cidr;

/// Serves the installation that a file configures.
///
/// # Errors
/// The file, the store, a provider's address or the port: one sentence each.
pub fn run(path: &Path) -> Done {
    start_logging();
    let config = config::read(path)?;
    let store = Store::open(&config.store.open_with())?;
    let gate = gate(&config)?;
    let mailer = config.mail.as_ref().map(config::Mail::mailer).transpose()?;
    let setup = Setup { demo: false, provider_seconds: config.provider_seconds };
    let desk = Desk::new(store, gate, Clock::system(), setup)?;
    if let Some(mailer) = mailer {
        desk.send_mail_by(mailer);
    }
    for path in &config.calendars {
        desk.issue_calendar(config::calendar(path)?);
    }
    shipped::activate(&desk)?;
    for token in &config.token {
        let secret = config::secret(&token.file)?;
        desk.bind_token(&secret, &token.address, AssignmentId::new(token.assignment.as_str()));
    }
    let listen = config.listen;
    let packs = config.packs.as_deref().map(|folder| started(folder, &desk));
    let running = Running { desk, config: web_config(&config)?, packs };
    let scheme = if config.tls.is_some() { "https" } else { "http" };
    runtime()?.block_on(running.until_told(move || say!("ready on {scheme}://{listen}")))
}

/// A desk and how it is served.
pub struct Running {
    /// The desk.
    pub desk: Desk,
    /// How it is reached.
    pub config: web::Config,
    /// The folder that it loads packs from while it serves.
    pub packs: Option<PackFolder>,
}

/// Loads what a folder of packs holds. What is wrong in it is logged and stops nothing else.
pub fn started(folder: &Path, desk: &Desk) -> PackFolder {
    let mut packs = PackFolder::at(folder);
    packs.look(desk);
    packs
}

impl Running {
    /// Serves until the process is told to end; `announce` runs once it listens.
    ///
    /// # Errors
    /// The port cannot be had, or plain HTTP was wanted beyond loopback.
    pub async fn until_told(self, announce: impl FnOnce() + Send + 'static) -> Done {
        self.until(told(), move |_| announce()).await
    }

    /// Serves until `end`; `announce` is told the address once it listens.
    ///
    /// # Errors
    /// As [`Running::until_told`].
    pub async fn until(self, end: impl Future<Output = ()>, announce: impl FnOnce(SocketAddr)) -> Done {
        let watch = tokio::spawn(watch(self.desk.clone(), self.packs));
        let post = tokio::spawn(post(self.desk.clone()));
        let tell = tokio::spawn(tell(self.desk.clone()));
        let served = web::serve(self.desk, self.config, end, announce).await;
        watch.abort();
        post.abort();
        tell.abort();
        served.map_err(|error| Problem::new(error.to_string()))
    }
}

/// What time does by itself, again and again.
async fn watch(desk: Desk, mut packs: Option<PackFolder>) {
    loop {
        let desk = desk.clone();
        let round = tokio::task::spawn_blocking(move || {
            if let Some(packs) = &mut packs {
                packs.look(&desk);
            }
            (desk.tick(), packs)
        });
        packs = match round.await {
            Ok((done, packs)) => {
                if done.is_err() {
                    tracing::warn!("a round of the watch failed; the next one tries again");
                }
                packs
            }
            // What was known of the folder went with the round that panicked.
            Err(_) => None,
        };
        tokio::time::sleep(Duration::from_secs(desk::watch::ROUND_SECONDS)).await;
    }
}

/// Sends what the watch has written, beside it: a mail server that hangs holds up nothing but mail.
async fn post(desk: Desk) {
    loop {
        let desk = desk.clone();
        if let Ok(Err(_)) = tokio::task::spawn_blocking(move || desk.deliver()).await {
            tracing::warn!("mail was not sent for want of the store; the next round tries again");
        }
        tokio::time::sleep(Duration::from_secs(desk::watch::ROUND_SECONDS)).await;
    }
}

/// Tells providers of rights that have ended, beside all else: one that hangs holds up nothing but this.
async fn tell(desk: Desk) {
    loop {
        let desk = desk.clone();
        if let Ok(Err(_)) = tokio::task::spawn_blocking(move || desk.tell_providers()).await {
            tracing::warn!("no provider was told for want of the store; the next round tries again");
        }
        tokio::time::sleep(Duration::from_secs(desk::watch::ROUND_SECONDS)).await;
    }
}

/// Ends on an interrupt or a termination signal.
async fn told() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => interrupt.await.unwrap_or(()),
    }
}

fn gate(config: &Config) -> Done<Gate> {
    let gate = Gate::new(config.provider_places).map_err(|error| Problem::new(error.to_string()))?;
    for provider in &config.provider {
        let mut settings = HttpSettings::new(provider.url.as_str());
        settings.total = Duration::from_secs(config.provider_seconds);
        if let Some(file) = &provider.token_file {
            settings.token = Some(Secret::from(config::secret(file)?));
        }
        if let Some(file) = &provider.roots_file {
            let name = file.display();
            settings.roots = Some(
                std::fs::read(file).map_err(|error| Problem::new(format!("cannot read {name}: {error}")))?,
            );
        }
        let adapter = HttpJson::new(&settings)
            .map_err(|error| Problem::new(format!("provider {}: {error}", provider.source)))?;
        gate.register(provider.source.as_str(), Arc::new(adapter));
    }
    Ok(gate)
}

fn web_config(config: &Config) -> Done<web::Config> {
    let mut web = web::Config::local(config.listen);
    if let Some(tls) = &config.tls {
        config::owner_only(&tls.key)?;
    }
    web.tls = config.tls.as_ref().map(|tls| (tls.certificate.clone(), tls.key.clone()));
    for zone in &config.zone {
        web.zones.push((zone.name.clone(), ranges(&zone.networks)?));
    }
    web.proxies = ranges(&config.proxies)?;
    web.metrics_from = ranges(&config.metrics_from)?;
    web.contact = config.contact.clone();
    Ok(web)
}

fn ranges(texts: &[String]) -> Done<Vec<Cidr>> {
    texts
        .iter()
        .map(|text| {
            Cidr::parse(text)
                .ok_or_else(|| Problem::new(format!("{text} is no network; write it as 192.0.2.0/24")))
        })
        .collect()
}

/// How the demonstration is reached: from this machine, which counts as the office.
pub fn demo_config(listen: SocketAddr) -> web::Config {
    let mut config = web::Config::local(listen);
    config.demo = true;
    let loopback = ["127.0.0.0/8", "::1/128"];
    config.zones = vec![("office".into(), loopback.iter().filter_map(|text| Cidr::parse(text)).collect())];
    config
}

/// Logs as JSON on standard error. Levels come from `SLUICE_LOG`; personal data from nowhere.
pub fn start_logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("SLUICE_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    // A second start in one process keeps the first one's log.
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init()
        .unwrap_or(());
}
