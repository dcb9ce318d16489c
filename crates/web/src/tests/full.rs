//! When too much waits for the writer: a clear no at once, nothing asked of anybody, and later all as if it
//! had never been.

use super::pages;
use super::world::{Browser, TOKEN, World, blocking};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use desk::{Answer, Desk, No};
use domain::directory::{Change, Unit};
use domain::id::{AgencyId, LogId, UnitId};
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use store::cluster::{Cluster, Durability};

/// What is tried in turn to fill the queue to the brim, in bytes.
const SIZES: [usize; 8] = [4 << 20, 1 << 20, 1 << 18, 1 << 16, 1 << 14, 1 << 12, 1 << 10, 1];
/// Longer than it takes to be turned away.
const MOMENT: Duration = Duration::from_millis(400);

fn log() -> LogId {
    LogId::new("lienchiang")
}

/// Enters a unit whose name takes this room.
fn enter(desk: &Desk, number: usize, bytes: usize) -> Answer<()> {
    let name = "x".repeat(bytes);
    let unit = Unit {
        id: UnitId::new(format!("unit-{number}")),
        agency: AgencyId::new("lienchiang"),
        above: None,
        name: name.clone(),
        name_en: name,
        organisation: "bureau".into(),
    };
    desk.enrol(&log(), vec![Change::Unit(unit)])
}

/// A writer that is held up in the midst of a log, and a queue behind it that is full.
struct Full {
    release: Sender<()>,
    holder: JoinHandle<()>,
    waiting: Vec<JoinHandle<Answer<()>>>,
}

impl Full {
    fn of(desk: &Desk) -> Self {
        let (release, released) = channel::<()>();
        let (began, begun) = channel();
        let store = desk.store().clone();
        let holder = thread::spawn(move || {
            let held = store.write_deciding::<()>(&log(), None, |_| {
                began.send(()).unwrap();
                // Whoever let go of the other end has released it too.
                released.recv().ok();
                Ok(Err(()))
            });
            assert_eq!(held.unwrap(), Err(()));
        });
        begun.recv().unwrap();
        let mut full = Self { release, holder, waiting: Vec::new() };
        for size in SIZES {
            while full.one_more(desk, size) {}
        }
        full
    }

    /// Whether there was room for one more.
    fn one_more(&mut self, desk: &Desk, size: usize) -> bool {
        let (before, number, own) = (desk.store().waiting(), self.waiting.len(), desk.clone());
        let writes = thread::spawn(move || enter(&own, number, size));
        let start = std::time::Instant::now();
        while desk.store().waiting() == before && !writes.is_finished() && start.elapsed() < MOMENT {
            thread::yield_now();
        }
        if !writes.is_finished() {
            self.waiting.push(writes);
            return true;
        }
        let refused = writes.join().unwrap();
        assert!(matches!(refused, Err(No::Busy { retry_after: 1 })), "{refused:?}");
        false
    }

    fn release(self) {
        drop(self.release);
        self.holder.join().unwrap();
        for waiting in self.waiting {
            let ended = waiting.join().unwrap();
            // One may have been refused in the very moment in which it was taken for waiting.
            assert!(matches!(ended, Ok(_) | Err(No::Busy { retry_after: 1 })), "{ended:?}");
        }
    }
}

/// How many entries are about lookups.
async fn entered(world: &World) -> usize {
    let store = world.app.desk().store().clone();
    let read = move || store.read(|read| read.entries_before(&log(), i64::MAX as u64, 10_000)).unwrap();
    blocking(read).await.into_iter().filter(|entry| entry.act.starts_with("lookup.")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_is_503_on_page_and_api_and_the_provider_hears_nothing() {
    // On SQLite whoever tends waits behind the writer too; on PostgreSQL only the log's own writes wait.
    let (_cluster, world) = blocking(|| {
        let cluster = Cluster::start(&std::env::temp_dir(), Durability::None, &[]).unwrap();
        let url = cluster.database().unwrap();
        let world = World::on(&store::Config { url, ..store::Config::in_memory() });
        (cluster, world)
    })
    .await;
    world.prepare().await;
    let mut maker = world.signed("maker").await;
    let asked = || world.provider.log().values().sum::<u64>();
    let desk = world.app.desk().clone();
    let full = blocking(move || Full::of(&desk)).await;

    let page = pages::ask(&mut maker, "once").await;
    assert_eq!((page.status, page.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "1"));
    assert!(page.header("content-type").starts_with("text/html") && page.body.contains("尚未送出"));
    assert!(!page.body.contains(&world.subject) && !page.body.contains("王小明"));
    assert!(page.body.contains("/lookups/new?case="), "what was typed is kept");

    let body = serde_json::json!({ "case": "113疫001", "purpose": "case-management", "party": 1,
        "basis": "vaccination", "items": ["household/basic"] });
    let call = |browser: &Browser| {
        let request = browser.request(Method::POST, "/api/v1/lookups");
        let request =
            request.header("authorization", format!("Bearer {TOKEN}")).header("idempotency-key", "k");
        request.header("content-type", "application/json").body(Body::from(body.to_string())).unwrap()
    };
    let mut machine = world.browser();
    let answer = machine.send(call(&machine)).await;
    assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "1"));
    let said: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(said["code"], "fault-busy");
    assert_eq!((asked(), entered(&world).await), (0, 0));

    blocking(|| full.release()).await;
    assert_eq!(machine.send(call(&machine)).await.status, StatusCode::OK);
    assert_eq!(pages::ask(&mut maker, "once").await.status, StatusCode::OK);
    assert_eq!((asked(), entered(&world).await), (2, 4));
    // The store before its server.
    drop((maker, machine));
    blocking(move || drop(world)).await;
}
