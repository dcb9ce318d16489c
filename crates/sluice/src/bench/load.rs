//! The load: clients that keep a connection each, in a process of their own.

use super::process;
use super::wire::{Wire, request};
use super::world::Client;
use crate::problem::{Done, Problem};
use bytes::Bytes;
use desk::Clock;
use http_body_util::Full;
use hyper::Request;
use serde::{Deserialize, Serialize};
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How a load is to be made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LoadOrder {
    /// The server.
    pub address: SocketAddr,
    /// The file that names the clients and what they ask.
    pub clients: PathBuf,
    /// Milliseconds before anything counts.
    pub warm_ms: u64,
    /// Milliseconds that count.
    pub span_ms: u64,
    /// Requests a second of all clients together, sent when they are due, whatever became of those before.
    /// Without it each client asks again as soon as it was answered.
    pub rate: Option<f64>,
}

/// What came of a load.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct LoadResult {
    /// Answers within the time that counts, per second.
    pub per_second: f64,
    /// All answers, those before it too.
    pub all: u64,
    /// Half were answered in so many milliseconds, counted from when they were due.
    pub p50_ms: f64,
    /// Ninety-nine of a hundred.
    pub p99_ms: f64,
    /// The slowest.
    pub worst_ms: f64,
    /// Processor time of the load itself, in microseconds for each answer.
    pub processor_us: f64,
}

/// What all clients share.
struct Shared {
    order: LoadOrder,
    clients: usize,
    begun: Instant,
    end: Instant,
    /// What the keys of this load begin with: a key that was used before would be answered without a lookup.
    key: String,
}

/// Carries a load out.
///
/// # Errors
/// The server cannot be reached, or answers anything else than what was looked up.
pub fn run(order: &LoadOrder) -> Done<LoadResult> {
    let clients = super::world::read(&order.clients)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Problem::new(format!("no clients: {error}")))?;
    let times = runtime.block_on(all(order, clients))?;
    Ok(result(order, times))
}

/// Lets all clients ask and gathers when they were answered: since the beginning, and after how long.
async fn all(order: &LoadOrder, clients: Vec<Client>) -> Done<Vec<(Duration, Duration)>> {
    let begun = Instant::now();
    let warm = begun + Duration::from_millis(order.warm_ms);
    let end = warm + Duration::from_millis(order.span_ms);
    let key = format!("{:x}-{:x}", std::process::id(), Clock::system().now().micros());
    let shared = Shared { order: order.clone(), clients: clients.len(), begun, end, key };
    let shared = Arc::new(shared);
    let tasks: Vec<_> = clients
        .into_iter()
        .enumerate()
        .map(|(place, client)| tokio::spawn(ask(Arc::clone(&shared), place, client)))
        .collect();
    let mut times = Vec::new();
    for task in tasks {
        let asked = task.await.map_err(|error| Problem::new(format!("a client broke off: {error}")))?;
        times.extend(asked?);
    }
    Ok(times)
}

/// One client.
async fn ask(shared: Arc<Shared>, place: usize, client: Client) -> Done<Vec<(Duration, Duration)>> {
    let lost = |error: io::Error| Problem::new(format!("a client lost its connection: {error}"));
    let mut wire = Wire::connect(client.address, shared.order.address).await.map_err(lost)?;
    let (mut times, mut round) = (Vec::new(), 0_usize);
    loop {
        let due = match shared.order.rate {
            Some(rate) => {
                let number = (round * shared.clients + place) as f64;
                let due = shared.begun + Duration::from_secs_f64(number / rate);
                tokio::time::sleep_until(due.into()).await;
                due
            }
            None => Instant::now(),
        };
        if due >= shared.end {
            return Ok(times);
        }
        let body = &client.bodies[round % client.bodies.len()];
        let request = call(&client, &format!("{}-{place}-{round}", shared.key), body).map_err(lost)?;
        let answer = wire.exchange(request).await.map_err(lost)?;
        // A request that only waits for its stamp would be answered with 201.
        if answer.status != 200 {
            let said = String::from_utf8_lossy(&answer.body);
            return Err(Problem::new(format!("a lookup was answered with {}: {said}", answer.status)));
        }
        let now = Instant::now();
        times.push((now - shared.begun, now - due));
        round += 1;
    }
}

/// The request of one lookup, under a key of its own.
fn call(client: &Client, key: &str, body: &str) -> io::Result<Request<Full<Bytes>>> {
    let bearer = format!("Bearer {}", client.token);
    let headers =
        [("authorization", bearer.as_str()), ("content-type", "application/json"), ("idempotency-key", key)];
    request("POST", "/api/v1/lookups", &headers, body)
}

fn result(order: &LoadOrder, times: Vec<(Duration, Duration)>) -> LoadResult {
    let (warm, span) = (Duration::from_millis(order.warm_ms), Duration::from_millis(order.span_ms));
    let all = times.len() as u64;
    // What was due within the time counts, however late its answer; for a rate that is the honest count.
    let counts = |(at, took): &(Duration, Duration)| match order.rate {
        Some(_) => *at >= warm + *took,
        None => (warm..warm + span).contains(at),
    };
    let mut took: Vec<Duration> = times.into_iter().filter(counts).map(|(_, took)| took).collect();
    took.sort_unstable();
    let at = |share: usize| {
        let place = took.len().saturating_sub(1) * share / 100;
        took.get(place).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
    };
    LoadResult {
        per_second: took.len() as f64 / span.as_secs_f64(),
        all,
        p50_ms: at(50),
        p99_ms: at(99),
        worst_ms: at(100),
        processor_us: process::processor(std::process::id()).as_secs_f64() * 1e6 / all.max(1) as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_late_counts_from_when_it_was_due() {
        let ms = Duration::from_millis;
        let order = LoadOrder {
            address: "127.0.0.1:1".parse().unwrap(),
            clients: PathBuf::new(),
            warm_ms: 100,
            span_ms: 1_000,
            rate: Some(3.0),
        };
        // Due at 50 (too early), 150, 1,050 (answered late).
        let times = vec![(ms(60), ms(10)), (ms(151), ms(1)), (ms(1_450), ms(400))];
        let found = result(&order, times.clone());
        assert_eq!((found.per_second, found.all, found.p50_ms, found.worst_ms), (2.0, 3, 1.0, 400.0));
        let found = result(&LoadOrder { rate: None, ..order }, times);
        assert_eq!((found.per_second, found.worst_ms), (1.0, 1.0));
    }
}
