//! The writer: takes all that waits, writes it in one transaction, commits once, and only then answers.
//!
//! A commit has three outcomes. Only a clean one is acknowledged as it is; after any other the connection is
//! dropped, a new one opened, and the heads and events read again to learn what really happened.

use crate::batch::{Receipt, Texts, Verdict, apply};
use crate::door::WriteError;
use crate::engine::{BEGIN_WRITE, COMMIT, Engine, Opener, ROLLBACK, Role};
use crate::fault::Fault;
use crate::lock::Fair;
use crate::prepare::Prepared;
use crate::queue::{Job, Queue};
use crate::row;
use crate::statement::Statement;
use std::sync::Arc;

pub(crate) static SELECT_EVENT: Statement =
    Statement { name: "select_event", sql: "SELECT log, idx FROM decision WHERE id = $1" };

/// The writing connection with what belongs to it. One thread at a time has it.
pub(crate) struct Writer {
    opener: Arc<dyn Opener>,
    /// None after a failure that leaves the connection in doubt, until it is opened anew.
    engine: Option<Box<dyn Engine>>,
    texts: Texts,
}

/// Why a transaction did not end well.
pub(crate) enum Failed {
    /// It is rolled back; nothing of it exists.
    Undone(Fault),
    /// The commit failed; it may or may not exist.
    InDoubt(Fault),
}

impl From<Failed> for Fault {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Undone(fault) | Failed::InDoubt(fault) => fault,
        }
    }
}

/// Drops the connection if a transaction is left by panic: what is open on it must not be committed later.
struct Doubt<'a> {
    engine: &'a mut Option<Box<dyn Engine>>,
    settled: bool,
}

impl Drop for Doubt<'_> {
    fn drop(&mut self) {
        if !self.settled {
            *self.engine = None;
        }
    }
}

impl Writer {
    pub(crate) fn new(opener: Arc<dyn Opener>, engine: Box<dyn Engine>) -> Self {
        Self { opener, engine: Some(engine), texts: Texts::default() }
    }

    /// Makes sure that there is a connection.
    fn connect(&mut self) -> Result<(), Fault> {
        if self.engine.is_none() {
            self.engine = Some(self.opener.open(Role::Writer)?);
        }
        Ok(())
    }

    /// Runs `work` in a transaction and commits it if it succeeds.
    pub(crate) fn transact<T>(
        &mut self,
        work: impl FnOnce(&mut dyn Engine, &mut Texts) -> Result<T, Fault>,
    ) -> Result<T, Failed> {
        self.connect().map_err(Failed::Undone)?;
        let mut doubt = Doubt { engine: &mut self.engine, settled: false };
        let Some(engine) = doubt.engine.as_deref_mut() else { return Err(Failed::Undone(Fault::Closed)) };
        engine.run(BEGIN_WRITE, &[]).map_err(|error| Failed::Undone(error.into()))?;
        match work(engine, &mut self.texts) {
            Ok(value) => {
                engine.run(COMMIT, &[]).map_err(|error| Failed::InDoubt(error.into()))?;
                doubt.settled = true;
                Ok(value)
            }
            Err(fault) => {
                // A connection that cannot even roll back is dropped, which rolls back too.
                doubt.settled = engine.run(ROLLBACK, &[]).is_ok();
                Err(Failed::Undone(fault))
            }
        }
    }

    /// Writes decisions in one transaction and tells of each what became of it, after the commit.
    ///
    /// `Err` means that nothing of it exists; the inner errors are those of single decisions.
    fn write(&mut self, decisions: &[&Prepared]) -> Result<Vec<Result<Receipt, WriteError>>, Fault> {
        match self.transact(|engine, texts| apply(engine, texts, decisions)) {
            Ok(verdicts) => Ok(verdicts.into_iter().map(told).collect()),
            Err(Failed::Undone(fault)) => Err(fault),
            Err(Failed::InDoubt(fault)) => Ok(self.resolve(decisions, &fault)),
        }
    }

    /// After a commit in doubt: reopens, and looks for each event.
    pub(crate) fn resolve(
        &mut self,
        decisions: &[&Prepared],
        fault: &Fault,
    ) -> Vec<Result<Receipt, WriteError>> {
        tracing::warn!(%fault, "a commit ended in doubt; reading the log again");
        decisions.iter().map(|decision| self.look_for(decision, fault)).collect()
    }

    fn look_for(&mut self, decision: &Prepared, fault: &Fault) -> Result<Receipt, WriteError> {
        let first = decision.facts.first().ok_or(WriteError::Unknown)?;
        let found = self.connect().and_then(|()| {
            let engine = self.engine.as_deref_mut().ok_or(Fault::Closed)?;
            let rows = engine.run(SELECT_EVENT.sql, &row![&first.id])?;
            rows.first().map(|found| found.count("idx")).transpose()
        });
        match found {
            Ok(Some(index)) => Ok(Receipt {
                log: domain::id::LogId::new(decision.log.as_str()),
                index,
                hash: first.hash,
                count: decision.facts.len() as u64,
                replayed: false,
            }),
            // Not there: the commit did not happen, or this one was stale or a replay. Asking again is safe.
            Ok(None) => Err(WriteError::Fault(fault.clone())),
            Err(_) => {
                self.engine = None;
                Err(WriteError::Unknown)
            }
        }
    }

    /// Writes a batch; if it fails as a whole, each decision gets a transaction of its own, so that a bad one
    /// harms none of its neighbours.
    pub(crate) fn serve(&mut self, jobs: Vec<Job>) {
        let decisions: Vec<&Prepared> = jobs.iter().map(|job| &job.prepared).collect();
        let results = self.write(&decisions).unwrap_or_else(|fault| match fault {
            // Nobody's fault: the next one would only wait as long for the same answer.
            Fault::Busy | Fault::Closed | Fault::ReadOnlyFolder(_) | Fault::CannotOpen { .. } => {
                decisions.iter().map(|_| Err(WriteError::Fault(fault.clone()))).collect()
            }
            _ if decisions.len() == 1 => vec![Err(WriteError::Fault(fault))],
            _ => decisions.iter().map(|decision| self.write_one(decision)).collect(),
        });
        for (job, result) in jobs.into_iter().zip(results) {
            job.answer(result);
        }
    }

    /// Writes one decision in a transaction of its own.
    pub(crate) fn write_one(&mut self, decision: &Prepared) -> Result<Receipt, WriteError> {
        let mut results = self.write(&[decision])?;
        results.pop().unwrap_or(Err(WriteError::Unknown))
    }
}

/// A verdict after its commit.
pub(crate) fn told(verdict: Verdict) -> Result<Receipt, WriteError> {
    match verdict {
        Verdict::Done(receipt) | Verdict::Replayed(receipt) => Ok(receipt),
        Verdict::KeyReused => Err(WriteError::KeyReused),
        Verdict::Stale => Err(WriteError::Stale),
    }
}

/// Turns away what waits if the writer's thread ends, for whatever reason.
struct Abandon<'a>(&'a Queue);

impl Drop for Abandon<'_> {
    fn drop(&mut self) {
        self.0.abandon();
    }
}

/// The writer's thread: serves until the queue is closed, and tells of the logs that grew.
pub(crate) fn run(queue: &Queue, writer: &Fair<Writer>, grew: impl Fn(&[String])) {
    let _abandon = Abandon(queue);
    while let Some(jobs) = queue.take() {
        let mut logs: Vec<String> = jobs.iter().map(|job| job.prepared.log.clone()).collect();
        logs.sort_unstable();
        logs.dedup();
        writer.lock().serve(jobs);
        grew(&logs);
    }
}

#[cfg(test)]
#[path = "writer_tests.rs"]
mod tests;
