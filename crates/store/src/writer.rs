//! The writer: takes all that waits, writes it in one transaction, commits once, and only then answers.
//!
//! A commit has three outcomes. Only a clean one is acknowledged as it is; after any other the connection is
//! dropped, a new one opened, and the heads and events read again to learn what really happened.

use crate::batch::{Notebook, Receipt, Verdict, apply};
use crate::door::WriteError;
use crate::engine::{BEGIN_WRITE, COMMIT, Engine, EngineError, Opener, ROLLBACK, Role, Trouble};
use crate::fault::Fault;
use crate::head::Head;
use crate::lanes::Lane;
use crate::prepare::Prepared;
use crate::queue::{Job, Queue};
use crate::row;
use crate::statement::Statement;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) static SELECT_EVENT: Statement =
    Statement { name: "select_event", sql: "SELECT log, idx FROM decision WHERE id = $1" };

/// The writing connection with what belongs to it. One thread at a time has it.
pub(crate) struct Writer {
    opener: Arc<dyn Opener>,
    /// None before the first use and after a failure that leaves the connection in doubt.
    engine: Option<Box<dyn Engine>>,
    notebook: Notebook,
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
    pub(crate) fn new(opener: Arc<dyn Opener>) -> Self {
        Self { opener, engine: None, notebook: Notebook::default() }
    }

    /// Closes the connection; the next use opens another.
    pub(crate) fn disconnect(&mut self) {
        self.engine = None;
    }

    /// Begins a transaction. A connection that broke off while it was idle is replaced: nothing was sent on
    /// it that could be in doubt.
    fn begin(&mut self) -> Result<(), Fault> {
        if let Some(engine) = &mut self.engine {
            match engine.run(BEGIN_WRITE, &[]) {
                Ok(_) => return Ok(()),
                Err(EngineError { trouble: Trouble::Lost, .. }) => self.engine = None,
                Err(other) => return Err(other.into()),
            }
        }
        let engine = self.engine.insert(self.opener.open(Role::Writer)?);
        engine.run(BEGIN_WRITE, &[])?;
        Ok(())
    }

    /// Runs `work` in a transaction and commits it if it succeeds.
    pub(crate) fn transact<T>(
        &mut self,
        work: impl FnOnce(&mut dyn Engine, &mut Notebook) -> Result<T, Fault>,
    ) -> Result<T, Failed> {
        self.begin().map_err(Failed::Undone)?;
        let mut doubt = Doubt { engine: &mut self.engine, settled: false };
        let Some(engine) = doubt.engine.as_deref_mut() else { return Err(Failed::Undone(Fault::Closed)) };
        match work(engine, &mut self.notebook) {
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
        match self.transact(|engine, notebook| apply(engine, notebook, decisions)) {
            Ok(verdicts) => Ok(verdicts.into_iter().map(told).collect()),
            Err(Failed::Undone(fault)) => Err(fault),
            Err(Failed::InDoubt(fault)) => Ok(self.resolve(decisions, &fault)),
        }
    }

    /// After a commit in doubt: opens another connection and looks for each event, behind the lock of its
    /// log's head, which the transaction in doubt holds until it is over. What is found counts only once it
    /// is as durable as a clean commit would have made it.
    pub(crate) fn resolve(
        &mut self,
        decisions: &[&Prepared],
        fault: &Fault,
    ) -> Vec<Result<Receipt, WriteError>> {
        tracing::warn!(%fault, "a commit ended in doubt; reading the log again");
        let opener = Arc::clone(&self.opener);
        let mut absent = false;
        let looked = self.transact(|engine, notebook| {
            let found = look_for(engine, notebook, decisions)?;
            // Nothing to make sure of, so nothing to commit: a full disk would refuse that too.
            absent = found.iter().all(Option::is_none);
            if absent { Err(fault.clone()) } else { Ok(found) }
        });
        if absent {
            // The commit did not happen, or each was stale or a replay. Asking again is safe.
            return decisions.iter().map(|_| Err(WriteError::Fault(fault.clone()))).collect();
        }
        let assured = looked.map_err(Fault::from).and_then(|found| {
            let engine = self.engine.as_deref_mut().ok_or(Fault::Closed)?;
            opener.assure(engine).map(|()| found)
        });
        match assured {
            Ok(found) => found
                .into_iter()
                // This one was stale or a replay.
                .map(|receipt| receipt.ok_or_else(|| WriteError::Fault(fault.clone())))
                .collect(),
            Err(why) => {
                tracing::error!(%why, "it is not known what became of a commit");
                self.disconnect();
                decisions.iter().map(|_| Err(WriteError::Unknown)).collect()
            }
        }
    }

    /// Writes a batch; if it fails as a whole, each decision gets a transaction of its own, so that a bad one
    /// harms none of its neighbours.
    pub(crate) fn serve(&mut self, jobs: Vec<Job>) {
        let decisions: Vec<&Prepared> = jobs.iter().map(|job| &job.prepared).collect();
        let results = self.write(&decisions).unwrap_or_else(|fault| match fault {
            // Nobody's fault: the next one would only wait as long for the same answer.
            Fault::Busy
            | Fault::Closed
            | Fault::ReadOnlyFolder(_)
            | Fault::CannotOpen { .. }
            | Fault::Server { .. } => {
                decisions.iter().map(|_| Err(WriteError::Fault(fault.clone()))).collect()
            }
            _ if decisions.len() == 1 && decisions[0].once.is_none() => vec![Err(WriteError::Fault(fault))],
            _ => decisions.iter().map(|decision| self.write_one(decision)).collect(),
        });
        for (job, result) in jobs.into_iter().zip(results) {
            job.answer(result);
        }
    }

    /// Writes one decision in a transaction of its own.
    pub(crate) fn write_one(&mut self, decision: &Prepared) -> Result<Receipt, WriteError> {
        let mut results = self.write(&[decision]).or_else(|fault| match fault {
            // Its key may just have been used for another log: the second try finds that entry.
            Fault::Database(_) if decision.once.is_some() => self.write(&[decision]),
            other => Err(other),
        })?;
        results.pop().unwrap_or(Err(WriteError::Unknown))
    }
}

/// The receipts of those events that are entered.
fn look_for(
    engine: &mut dyn Engine,
    notebook: &mut Notebook,
    decisions: &[&Prepared],
) -> Result<Vec<Option<Receipt>>, Fault> {
    let logs: BTreeMap<&str, &str> = decisions.iter().map(|one| (&*one.log, &*one.origin)).collect();
    for (log, origin) in logs {
        Head::open(engine, &mut notebook.epochs, log, origin)?;
    }
    let receipt = |decision: &&Prepared| {
        let Some(first) = decision.facts.first() else { return Ok(None) };
        let rows = engine.run(SELECT_EVENT.sql, &row![&first.id])?;
        let index = rows.first().map(|found| found.count("idx")).transpose()?;
        Ok(index.map(|index| Receipt {
            log: domain::id::LogId::new(decision.log.as_str()),
            index,
            hash: first.hash,
            count: decision.facts.len() as u64,
            replayed: false,
        }))
    };
    decisions.iter().map(receipt).collect()
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
pub(crate) fn run(lane: &Lane, grew: impl Fn(&[String])) {
    let _abandon = Abandon(&lane.queue);
    while let Some(jobs) = lane.queue.take() {
        let mut logs: Vec<String> = jobs.iter().map(|job| job.prepared.log.clone()).collect();
        logs.sort_unstable();
        logs.dedup();
        lane.writer.lock().serve(jobs);
        grew(&logs);
    }
}

#[cfg(test)]
#[path = "writer_tests.rs"]
mod tests;
