//! Lanes: one queue and one writing connection each. A log always keeps to its lane, so that two batches of
//! one process never wait for each other's head; a lane that has nothing to do costs nothing.

use crate::engine::Opener;
use crate::lock::{Fair, Seat};
use crate::queue::Queue;
use crate::writer::Writer;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

/// One queue and the writer that serves it.
pub(crate) struct Lane {
    pub(crate) queue: Queue,
    pub(crate) writer: Fair<Writer>,
}

/// All lanes, and the connections of those who tend.
pub(crate) struct Lanes {
    lanes: Vec<Lane>,
    tenders: Vec<Fair<Writer>>,
    turn: AtomicUsize,
    /// The lane of each log that was written to.
    given: RwLock<HashMap<String, usize>>,
}

impl Lanes {
    /// As many as the engine bears; each connects when it is first used.
    pub(crate) fn new(opener: &Arc<dyn Opener>) -> Self {
        let writer = || Fair::new(Writer::new(Arc::clone(opener)));
        let lane = || Lane { queue: Queue::default(), writer: writer() };
        Self {
            lanes: (0..opener.lanes().max(1)).map(|_| lane()).collect(),
            tenders: (0..opener.tenders()).map(|_| writer()).collect(),
            turn: AtomicUsize::new(0),
            given: RwLock::default(),
        }
    }

    pub(crate) fn all(&self) -> &[Lane] {
        &self.lanes
    }

    /// The lane of a log. Lanes are given out in turn as logs are first written to, so that the busy logs of
    /// an installation do not meet in one by chance.
    pub(crate) fn of(&self, log: &str) -> &Lane {
        let given = self.given.read().unwrap_or_else(PoisonError::into_inner).get(log).copied();
        let number = given.unwrap_or_else(|| {
            let mut given = self.given.write().unwrap_or_else(PoisonError::into_inner);
            let next = given.len() % self.lanes.len();
            *given.entry(log.to_owned()).or_insert(next)
        });
        &self.lanes[number]
    }

    /// A connection to tend with: one of those kept for it, or the writer's where there is but one.
    pub(crate) fn tending(&self) -> Seat<'_, Writer> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        match self.tenders.get(turn % self.tenders.len().max(1)) {
            Some(tender) => tender.lock(),
            None => self.lanes[0].writer.lock(),
        }
    }

    /// How many decisions wait.
    pub(crate) fn waiting(&self) -> usize {
        self.lanes.iter().map(|lane| lane.queue.waiting()).sum()
    }

    /// Lets nothing more in; what waits is still served.
    pub(crate) fn close(&self) {
        self.lanes.iter().for_each(|lane| lane.queue.close());
    }

    /// Closes all connections.
    pub(crate) fn disconnect(&self) {
        let writers = self.lanes.iter().map(|lane| &lane.writer).chain(&self.tenders);
        writers.for_each(|writer| writer.lock().disconnect());
    }
}
