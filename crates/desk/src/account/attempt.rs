//! How often somebody may try to get in, counted for all nodes together.

use crate::{Answer, Desk};
use std::time::Duration;

/// Attempts that a network has at once. An office behind one address can still sign in after lunch.
pub const ATTEMPTS: u32 = 20;
/// Attempts that come back each minute.
pub const ATTEMPTS_PER_MINUTE: u32 = 12;

impl Desk {
    /// Takes one of a network's attempts; if there is none left, how long until the next.
    ///
    /// # Errors
    /// The store.
    pub fn take_attempt(&self, network: &str) -> Answer<Option<Duration>> {
        let (bucket, now) = (bucket(network), self.now());
        Ok(self.inner.store.tend(|tend| tend.take_token(&bucket, ATTEMPTS, ATTEMPTS_PER_MINUTE, now))?)
    }

    /// Gives it back: a sign-in that succeeded was no attempt at guessing.
    ///
    /// # Errors
    /// The store.
    pub fn give_attempt(&self, network: &str) -> Answer<()> {
        let bucket = bucket(network);
        Ok(self.inner.store.tend(|tend| tend.give_token(&bucket))?)
    }
}

fn bucket(network: &str) -> String {
    format!("door {network}")
}
