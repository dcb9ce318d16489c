//! The one clock. Everything below takes time as an argument.

use domain::time::Instant;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Tells the time: the system's, or one that a test or a scenario turns by hand.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Instant + Send + Sync>);

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self(Arc::new(system_now))
    }

    /// A clock that stands still until its hand is turned.
    pub fn by_hand(start: Instant) -> (Self, Hand) {
        let hand = Hand(Arc::new(AtomicI64::new(start.micros())));
        let read = hand.clone();
        let clock = Self(Arc::new(move || Instant::from_micros(read.0.load(Ordering::SeqCst))));
        (clock, hand)
    }

    /// What time it is.
    pub fn now(&self) -> Instant {
        (self.0)()
    }
}

#[allow(clippy::disallowed_methods, reason = "this is the one clock that everything else is given")]
fn system_now() -> Instant {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let micros = since.map_or(0, |gone| gone.as_micros());
    Instant::from_micros(i64::try_from(micros).unwrap_or(i64::MAX))
}

/// Turns a clock that stands still.
#[derive(Clone)]
pub struct Hand(Arc<AtomicI64>);

impl Hand {
    /// Lets seconds pass.
    pub fn pass_seconds(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    /// Sets the time.
    pub fn set(&self, to: Instant) {
        self.0.store(to.micros(), Ordering::SeqCst);
    }
}
