//! The world of a demonstration, made once, though several nodes may start on one database at the same
//! moment.

use super::place::Place;
use crate::cli::DemoArgs;
use crate::problem::{Done, Problem};
use desk::Clock;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;
use store::{Fault, Store};

/// The name of the lease that whoever makes the world holds.
const LEASE: &str = "demo";
/// Seconds after which the world of somebody who was killed over it counts as broken off.
const LEASE_SECONDS: i64 = 15;
/// How often the lease is renewed meanwhile.
const RENEWAL: Duration = Duration::from_secs(3);
/// How often one who waits looks again.
const LOOK: Duration = Duration::from_millis(100);

/// Makes the world unless it is there, and returns once it is there to its end.
///
/// # Errors
/// The store; or an earlier start was broken off half-way.
pub(super) fn ensure(store: &Store, place: &Place, args: &DemoArgs) -> Done {
    let mut told = false;
    loop {
        let empty = store.read(|read| read.regulations())?.is_empty();
        if !empty && place.is_finished() {
            return Ok(());
        }
        if let Some(_lease) = Lease::take(store)? {
            // What was seen before the lease may have been the work of the one who had it then.
            return match (store.read(|read| read.regulations())?.is_empty(), place.is_finished()) {
                (true, _) => {
                    place.begin()?;
                    super::make(store, args)?;
                    place.finish()
                }
                (false, true) => Ok(()),
                (false, false) => Err(Problem::new(
                    "an earlier start was broken off half-way; start over with --fresh, or on an empty \
                     database",
                )),
            };
        }
        if !told {
            eprintln!("  another start is making this world …");
            told = true;
        }
        std::thread::park_timeout(LOOK);
    }
}

/// The right to make the world, renewed until it is dropped.
struct Lease {
    stop: Option<Sender<()>>,
    renewal: Option<JoinHandle<()>>,
}

impl Lease {
    fn take(store: &Store) -> Result<Option<Self>, Fault> {
        let holder = format!("{} {}", std::process::id(), Clock::system().now().micros());
        if !renew(store, &holder)? {
            return Ok(None);
        }
        let (stop, stopped) = channel();
        let store = store.clone();
        let renewal = std::thread::spawn(move || {
            while stopped.recv_timeout(RENEWAL) == Err(RecvTimeoutError::Timeout) {
                // A renewal that fails is tried again in time; a lease that was lost harms nobody who waits.
                let _ = renew(&store, &holder);
            }
            let _ = store.tend(|tend| tend.drop_lease(LEASE, &holder));
        });
        Ok(Some(Self { stop: Some(stop), renewal: Some(renewal) }))
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(renewal) = self.renewal.take() {
            // A thread that panicked has said so; the lease lapses by itself.
            let _ = renewal.join();
        }
    }
}

fn renew(store: &Store, holder: &str) -> Result<bool, Fault> {
    let now = Clock::system().now();
    store.tend(|tend| tend.take_lease(LEASE, holder, now.plus_seconds(LEASE_SECONDS), now))
}
