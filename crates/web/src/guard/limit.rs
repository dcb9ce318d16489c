//! How often one address may try to sign in.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Attempts an address has at once. An office behind one address can still sign in after lunch.
const BURST: f64 = 20.0;
/// Attempts that come back each second.
const REFILL: f64 = 0.2;
/// Addresses remembered; beyond this the fullest are forgotten first.
const MAX_ADDRESSES: usize = 10_000;

/// A token bucket for each address.
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
        let waited = now.saturating_duration_since(self.at).as_secs_f64();
        (self.left + waited * REFILL).min(BURST)
    }
}

impl Limit {
    /// Takes one attempt. The error is the time after which there is another.
    pub fn take(&self, address: IpAddr, now: Instant) -> Result<(), Duration> {
        let address = network(address);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MAX_ADDRESSES && !buckets.contains_key(&address) {
            buckets.retain(|_, bucket| bucket.filled(now) < BURST);
            if buckets.len() >= MAX_ADDRESSES {
                return Err(Duration::from_secs(60));
            }
        }
        let bucket = buckets.entry(address).or_insert(Bucket { left: BURST, at: now });
        let left = bucket.filled(now);
        if left < 1.0 {
            return Err(Duration::from_secs_f64(((1.0 - left) / REFILL).ceil()));
        }
        *bucket = Bucket { left: left - 1.0, at: now };
        Ok(())
    }

    /// Gives the attempt back: a sign-in that succeeded is no attempt at guessing.
    pub fn give_back(&self, address: IpAddr) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get_mut(&network(address)) {
            bucket.left = (bucket.left + 1.0).min(BURST);
        }
    }
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

    #[test]
    fn a_flood_is_stopped_and_the_wait_is_said() {
        let limit = Limit::default();
        let now = Instant::now();
        for _ in 0..20 {
            assert_eq!(limit.take(ip("203.0.113.9"), now), Ok(()));
        }
        assert_eq!(limit.take(ip("203.0.113.9"), now), Err(Duration::from_secs(5)));
        assert_eq!(limit.take(ip("203.0.113.10"), now), Ok(()));
        assert_eq!(limit.take(ip("203.0.113.9"), now + Duration::from_secs(5)), Ok(()));
    }

    #[test]
    fn success_costs_nothing() {
        let limit = Limit::default();
        let now = Instant::now();
        for _ in 0..100 {
            assert_eq!(limit.take(ip("10.1.2.3"), now), Ok(()));
            limit.give_back(ip("10.1.2.3"));
        }
    }

    #[test]
    fn the_whole_network_of_a_customer_counts_as_one() {
        let limit = Limit::default();
        let now = Instant::now();
        for host in 0..20 {
            assert_eq!(limit.take(ip(&format!("2001:db8::{host:x}")), now), Ok(()));
        }
        assert!(limit.take(ip("2001:db8::ffff"), now).is_err());
        assert_eq!(limit.take(ip("2001:db8:0:1::1"), now), Ok(()));
    }
}
