//! The queue before the writer: bounded by count and by bytes, so that overload is a clear no and not
//! a swamp.

use crate::batch::Receipt;
use crate::door::WriteError;
use crate::fault::Fault;
use crate::prepare::Prepared;
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Most decisions that wait.
const MAX_WAITING: usize = 8192;
/// Most bytes that wait.
const MAX_BYTES: usize = 32 << 20;
/// Most decisions of one batch.
pub(crate) const MAX_BATCH: usize = 4096;
/// Most bytes of one batch.
const MAX_BATCH_BYTES: usize = 8 << 20;
/// After how long one who was turned away may come again: many times what the queue needs to empty.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// A decision that waits, and where its answer goes.
pub(crate) struct Job {
    /// The decision.
    pub(crate) prepared: Prepared,
    reply: SyncSender<Result<Receipt, WriteError>>,
}

impl Job {
    /// A job, and the end at which its answer comes out.
    pub(crate) fn new(prepared: Prepared) -> (Self, Receiver<Result<Receipt, WriteError>>) {
        let (reply, answer) = sync_channel(1);
        (Self { prepared, reply }, answer)
    }

    /// Answers; whoever no longer listens finds the entry by the idempotency key.
    pub(crate) fn answer(self, result: Result<Receipt, WriteError>) {
        let _ = self.reply.send(result);
    }
}

/// The queue.
#[derive(Default)]
pub(crate) struct Queue {
    state: Mutex<State>,
    filled: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    bytes: usize,
    closed: bool,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a job at the end, or says at once that there is no room.
    pub(crate) fn push(&self, job: Job) -> Result<(), WriteError> {
        let mut state = self.lock();
        if state.closed {
            return Err(WriteError::Fault(Fault::Closed));
        }
        let bytes = state.bytes + job.prepared.bytes;
        if state.jobs.len() >= MAX_WAITING || (bytes > MAX_BYTES && !state.jobs.is_empty()) {
            return Err(WriteError::Full { retry_after: RETRY_AFTER });
        }
        state.bytes = bytes;
        state.jobs.push_back(job);
        self.filled.notify_one();
        Ok(())
    }

    /// Waits for jobs and takes all that a batch holds; nothing comes after the queue is closed and empty.
    pub(crate) fn take(&self) -> Option<Vec<Job>> {
        let mut state = self.lock();
        while state.jobs.is_empty() {
            if state.closed {
                return None;
            }
            state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while batch.len() < MAX_BATCH && (bytes < MAX_BATCH_BYTES || batch.is_empty()) {
            let Some(job) = state.jobs.pop_front() else { break };
            bytes += job.prepared.bytes;
            batch.push(job);
        }
        state.bytes -= bytes;
        Some(batch)
    }

    /// How many decisions wait.
    pub(crate) fn waiting(&self) -> usize {
        self.lock().jobs.len()
    }

    /// Lets nothing more in; what waits is still served.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.filled.notify_all();
    }

    /// Turns away what waits, when nobody is left to serve it.
    pub(crate) fn abandon(&self) {
        self.close();
        let jobs = std::mem::take(&mut self.lock().jobs);
        for job in jobs {
            job.answer(Err(WriteError::Fault(Fault::Closed)));
        }
    }
}
