//! The door alone: small decisions by so many at once, in a process of its own.

use super::part::{Part, PartName};
use super::process;
use super::server::StorePlace;
use crate::problem::{Done, Problem};
use desk::Clock;
use domain::Decision;
use domain::id::{EventId, LogId, PersonId};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use store::{Pending, Store, WriteError};

/// Logs that are written to in turn, as three agencies would.
const LOGS: [&str; 3] = ["lienchiang", "taipei", "kaohsiung"];
/// Most threads: each may have more than one write in flight.
const THREADS: usize = 64;
/// Threads where each has many writes in flight.
const FEW: usize = 4;

/// Writes in flight where as many as possible are wanted.
pub const MOST_IN_FLIGHT: usize = 1_024;

/// How the door is to be used.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DoorOrder {
    /// The store.
    pub place: StorePlace,
    /// Writes that wait for their batch at any time.
    pub in_flight: usize,
    /// Milliseconds before anything counts.
    pub warm_ms: u64,
    /// Milliseconds that count.
    pub span_ms: u64,
    /// Ends after so many writes, however long they take.
    pub most: Option<u64>,
}

impl DoorOrder {
    /// So many in flight for a time.
    pub fn for_a_time(place: &StorePlace, in_flight: usize, warm: Duration, span: Duration) -> Self {
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let (warm_ms, span_ms) = (millis(warm), millis(span));
        Self { place: place.clone(), in_flight, warm_ms, span_ms, most: None }
    }

    /// So many writes, as fast as they go.
    pub fn of(place: &StorePlace, most: u64) -> Self {
        let hours = Duration::from_secs(6 * 3_600);
        Self { most: Some(most), ..Self::for_a_time(place, MOST_IN_FLIGHT, Duration::ZERO, hours) }
    }
}

/// Uses the door in a process of its own, under another program if one is named.
///
/// # Errors
/// The part fails.
pub fn through(words: &[String], order: &DoorOrder) -> Done<DoorResult> {
    let mut part = Part::start_under(words, PartName::Door, order)?;
    let result = part.answer()?;
    part.end();
    Ok(result)
}

/// What came of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct DoorResult {
    /// Durable writes a second.
    pub per_second: f64,
    /// All of them, those before the time that counts too.
    pub all: u64,
    /// Processor time of the process, in microseconds for each write.
    pub processor_us: f64,
}

/// Writes as it is told.
///
/// # Errors
/// The store.
pub fn run(order: &DoorOrder) -> Done<DoorResult> {
    let store = order.place.open()?;
    let warm = Instant::now() + Duration::from_millis(order.warm_ms);
    let end = warm + Duration::from_millis(order.span_ms);
    let threads = if order.in_flight > THREADS { FEW } else { order.in_flight.max(1) };
    let window = order.in_flight / threads;
    let most = order.most.map_or(u64::MAX, |most| most.div_ceil(threads as u64));
    let (counted, all) = (Mutex::new(0), Mutex::new(0));
    let problem = Mutex::new(None);
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let (store, counted, all, problem) = (&store, &counted, &all, &problem);
            scope.spawn(move || {
                let mut writer =
                    Writer { store, clock: Clock::system(), draw: seed(thread), turn: 0, all: 0, counted: 0 };
                let done = writer.write(window, warm, end, most);
                add(all, writer.all);
                add(counted, writer.counted);
                if let Err(error) = done {
                    problem.lock().unwrap_or_else(|gone| gone.into_inner()).get_or_insert(error);
                }
            });
        }
    });
    if let Some(error) = problem.into_inner().unwrap_or_else(|gone| gone.into_inner()) {
        return Err(Problem::new(format!("a write at the door: {error}")));
    }
    let all = all.into_inner().unwrap_or_else(|gone| gone.into_inner());
    let counted = counted.into_inner().unwrap_or_else(|gone| gone.into_inner());
    Ok(DoorResult {
        per_second: counted as f64 / Duration::from_millis(order.span_ms).as_secs_f64(),
        all,
        processor_us: process::processor(std::process::id()).as_secs_f64() * 1e6 / all.max(1) as f64,
    })
}

fn add(sum: &Mutex<u64>, more: u64) {
    *sum.lock().unwrap_or_else(|gone| gone.into_inner()) += more;
}

/// Where the numbers of a thread begin, so that no two threads and no two runs name an entry alike.
fn seed(thread: usize) -> u64 {
    let now = Clock::system().now().micros();
    let hash = ledger::hash::sha256(format!("{thread} {now} {}", std::process::id()).as_bytes());
    hash.0.iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

struct Writer<'a> {
    store: &'a Store,
    clock: Clock,
    draw: u64,
    turn: usize,
    all: u64,
    counted: u64,
}

impl Writer<'_> {
    fn write(&mut self, window: usize, warm: Instant, end: Instant, most: u64) -> Result<(), WriteError> {
        let mut waiting: VecDeque<Pending> = VecDeque::new();
        let mut begun = 0;
        while Instant::now() < end && begun < most {
            let decision = self.decision();
            begun += 1;
            if window <= 1 {
                self.store.write(decision)?;
                self.count(warm, end);
                continue;
            }
            waiting.push_back(self.store.submit(decision)?);
            if waiting.len() >= window
                && let Some(oldest) = waiting.pop_front()
            {
                oldest.wait()?;
                self.count(warm, end);
            }
        }
        for pending in waiting {
            pending.wait()?;
            self.all += 1;
        }
        Ok(())
    }

    fn count(&mut self, warm: Instant, end: Instant) {
        let now = Instant::now();
        self.all += 1;
        self.counted += u64::from(now >= warm && now < end);
    }

    /// A small decision that the product makes too: a refusal was repeated.
    fn decision(&mut self) -> Decision {
        self.turn += 1;
        let log = LogId::new(LOGS[self.turn % LOGS.len()]);
        let event = EventId::new(format!("ev-{:016x}{:016x}", self.random(), self.random()));
        let (person, now) = (PersonId::new("chen"), self.clock.now());
        domain::refusal::counted(&log, &person, "lookup.ask", "case-unknown", 3, &event, now)
    }

    /// A number that looks like chance, as the names of entries are: an index must find them anywhere.
    fn random(&mut self) -> u64 {
        self.draw = self.draw.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.draw;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    }
}
