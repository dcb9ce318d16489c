//! How often one network may try to sign in.
//!
//! The desk counts for all nodes together. In front of it each node counts for itself, so that a flood of
//! attempts is refused here and does not become a flood of writes.

use crate::App;
use crate::api::answer;
use desk::account::attempt::{ATTEMPTS, ATTEMPTS_PER_MINUTE};
use desk::{Answer, No};
use domain::time::Instant;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Attempts that a network has at once.
const BURST: f64 = ATTEMPTS as f64;
/// Attempts that come back each second.
const REFILL: f64 = ATTEMPTS_PER_MINUTE as f64 / 60.0;
/// Networks remembered; beyond this no new one is let in until others have waited long enough.
const MAX_NETWORKS: usize = 10_000;

/// This node's own buckets, one a network.
#[derive(Debug, Default)]
pub struct Limit {
    buckets: Mutex<HashMap<IpAddr, Bucket>>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Bucket {
    fn filled(self, now: Instant) -> f64 {
        let waited = now.micros_since(self.at).max(0) as f64 / 1_000_000.0;
        (self.left + waited * REFILL).min(BURST)
    }
}

impl Limit {
    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, Bucket>> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the network has an attempt left; takes none. The error is the time after which it has.
    pub fn look(&self, address: IpAddr, now: Instant) -> Result<(), Duration> {
        left(&mut self.lock(), network(address), now).map(|_| ())
    }

    /// Takes one attempt. The error is the time after which there is another.
    pub fn take(&self, address: IpAddr, now: Instant) -> Result<(), Duration> {
        let network = network(address);
        let mut buckets = self.lock();
        let left = left(&mut buckets, network, now)? - 1.0;
        buckets.insert(network, Bucket { left, at: now });
        Ok(())
    }

    /// Gives the attempt back: a sign-in that succeeded is no attempt at guessing.
    pub fn give_back(&self, address: IpAddr) {
        if let Some(bucket) = self.lock().get_mut(&network(address)) {
            bucket.left = (bucket.left + 1.0).min(BURST);
        }
    }

    /// Lets nobody of the network in for so long: its attempts were used up at another node.
    pub fn close(&self, address: IpAddr, wait: Duration, now: Instant) {
        if let Some(bucket) = self.lock().get_mut(&network(address)) {
            *bucket = Bucket { left: 1.0 - wait.as_secs_f64() * REFILL, at: now };
        }
    }
}

impl App {
    /// Takes an attempt to sign in; if there is none left, how long until the next.
    pub(crate) async fn knock(&self, address: IpAddr) -> Answer<Option<Duration>> {
        let now = self.desk().now();
        if let Err(wait) = self.sign_ins().take(address, now) {
            return Ok(Some(wait));
        }
        let network = network(address).to_string();
        let wait = self.call(move |desk| desk.take_attempt(&network)).await;
        let wait = wait.inspect_err(|_| self.sign_ins().give_back(address))?;
        if let Some(wait) = wait {
            self.sign_ins().close(address, wait, now);
        }
        Ok(wait)
    }

    /// Gives it back: somebody got in, or nobody could be told whether it was right.
    pub(crate) async fn welcome(&self, address: IpAddr) {
        self.sign_ins().give_back(address);
        let network = network(address).to_string();
        // Whoever is in should not be kept out over this; it comes back by itself in a while.
        let _ = self.call(move |desk| desk.give_attempt(&network)).await;
    }

    /// Counts an attempt that was not taken beforehand, if it failed. The error is the time to wait where too
    /// many others failed meanwhile: then even the right one is refused, or guessing many at once would pay.
    /// It blocks.
    pub(crate) fn weigh<T>(&self, address: IpAddr, came: &Answer<T>) -> Result<(), Duration> {
        let now = self.desk().now();
        match came {
            Ok(_) => self.sign_ins().look(address, now),
            // Whoever has to change a password first was known well enough.
            Err(No::Refused(views)) if answer::wants_password(views) => self.sign_ins().look(address, now),
            Err(No::Refused(_)) => {
                self.sign_ins().take(address, now)?;
                // An attempt that cannot be counted for all nodes still counts at this one.
                if let Ok(Some(wait)) = self.desk().take_attempt(&network(address).to_string()) {
                    self.sign_ins().close(address, wait, now);
                }
                Ok(())
            }
            // Nobody is told whether it was right, so it was no attempt.
            Err(_) => Ok(()),
        }
    }
}

/// What a network has left, one at least. The error is the time after which it has one.
fn left(buckets: &mut HashMap<IpAddr, Bucket>, network: IpAddr, now: Instant) -> Result<f64, Duration> {
    if buckets.len() >= MAX_NETWORKS && !buckets.contains_key(&network) {
        buckets.retain(|_, bucket| bucket.filled(now) < BURST);
        if buckets.len() >= MAX_NETWORKS {
            return Err(Duration::from_secs(60));
        }
    }
    let left = buckets.get(&network).map_or(BURST, |bucket| bucket.filled(now));
    if left < 1.0 {
        return Err(Duration::from_secs_f64(((1.0 - left) / REFILL).ceil()));
    }
    Ok(left)
}

/// One customer holds a whole /64 of IPv6 addresses, so these count as one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => IpAddr::from((six.to_bits() >> 64 << 64).to_be_bytes()),
        four @ IpAddr::V4(_) => four,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn at(seconds: i64) -> Instant {
        Instant::from_micros(0).plus_seconds(seconds)
    }

    #[test]
    fn a_flood_is_stopped_and_the_wait_is_said() {
        let limit = Limit::default();
        for _ in 0..20 {
            assert_eq!(limit.take(ip("203.0.113.9"), at(0)), Ok(()));
        }
        assert_eq!(limit.take(ip("203.0.113.9"), at(0)), Err(Duration::from_secs(5)));
        assert_eq!(limit.take(ip("203.0.113.10"), at(0)), Ok(()));
        assert_eq!(limit.take(ip("203.0.113.9"), at(5)), Ok(()));
    }

    #[test]
    fn success_costs_nothing() {
        let limit = Limit::default();
        for _ in 0..100 {
            assert_eq!(limit.take(ip("10.1.2.3"), at(0)), Ok(()));
            limit.give_back(ip("10.1.2.3"));
        }
    }

    #[test]
    fn looking_takes_nothing_and_says_the_same() {
        let limit = Limit::default();
        for _ in 0..100 {
            assert_eq!(limit.look(ip("10.1.2.3"), at(0)), Ok(()));
        }
        assert!(limit.lock().is_empty());
        for _ in 0..20 {
            assert_eq!(limit.take(ip("10.1.2.3"), at(0)), Ok(()));
        }
        assert_eq!(limit.look(ip("10.1.2.3"), at(0)), Err(Duration::from_secs(5)));
        assert_eq!(limit.look(ip("10.1.2.3"), at(5)), Ok(()));
    }

    #[test]
    fn what_other_nodes_have_counted_closes_this_one_too() {
        let limit = Limit::default();
        assert_eq!(limit.take(ip("10.1.2.3"), at(0)), Ok(()));
        limit.close(ip("10.1.2.3"), Duration::from_secs(4), at(0));
        assert_eq!(limit.take(ip("10.1.2.3"), at(3)), Err(Duration::from_secs(1)));
        assert_eq!(limit.take(ip("10.1.2.3"), at(4)), Ok(()));
    }

    #[test]
    fn no_more_is_remembered_than_fits_and_who_has_waited_is_forgotten() {
        let limit = Limit::default();
        let host = |number: u32| IpAddr::from(number.to_be_bytes());
        for number in 0..10_000 {
            assert_eq!(limit.take(host(number), at(0)), Ok(()));
        }
        assert!(limit.take(ip("203.0.113.9"), at(0)).is_err());
        assert_eq!(limit.take(host(7), at(0)), Ok(()));
        assert_eq!(limit.take(ip("203.0.113.9"), at(5)), Ok(()));
        assert_eq!(limit.lock().len(), 2);
    }

    #[test]
    fn the_whole_network_of_a_customer_counts_as_one() {
        let limit = Limit::default();
        for host in 0..20 {
            assert_eq!(limit.take(ip(&format!("2001:db8::{host:x}")), at(0)), Ok(()));
        }
        assert!(limit.take(ip("2001:db8::ffff"), at(0)).is_err());
        assert_eq!(limit.take(ip("2001:db8:0:1::1"), at(0)), Ok(()));
    }
}
