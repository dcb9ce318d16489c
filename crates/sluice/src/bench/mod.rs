//! `sluice bench`: what the gate costs, measured through the same doors that people use.

pub mod crowd;
pub mod fill;
pub mod lists;

use std::time::Duration;

/// How long something took, often enough to say what is usual.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// The middle one of all.
    pub p50: Duration,
    /// Nineteen of twenty were no slower.
    pub p95: Duration,
}

impl Timing {
    /// The two figures of a list of times; zero for an empty one.
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let at = |share: usize| {
            let place = times.len().saturating_sub(1) * share / 100;
            times.get(place).copied().unwrap_or_default()
        };
        Self { p50: at(50), p95: at(95) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_of_a_list_are_its_own() {
        let times = (1..=100).rev().map(Duration::from_millis).collect();
        let timing = Timing::of(times);
        assert_eq!((timing.p50.as_millis(), timing.p95.as_millis()), (50, 95));
        assert_eq!(Timing::of(vec![]).p95, Duration::ZERO);
    }
}
