//! The gate itself: which provider answers for which source, and how many may be asked at once.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use crate::{Answer, EndedRight, GateError, Provider, Question};

/// Added to a question's deadline before its asker stops waiting, so that the provider's own account
/// of a time-out comes first.
const GRACE: Duration = Duration::from_millis(200);

type Outcome = Result<Answer, GateError>;

/// The gate: a registry of providers and a bounded pool of threads that ask them. Cloning it shares it.
#[derive(Clone)]
pub struct Gate {
    shared: Arc<Shared>,
    jobs: Sender<Job>,
}

struct Shared {
    providers: RwLock<BTreeMap<String, Arc<dyn Provider>>>,
    fallback: RwLock<Option<Arc<dyn Provider>>>,
    taken: AtomicUsize,
    capacity: usize,
}

struct Job {
    question: Question,
    reply: Reply,
    permit: Permit,
}

enum Reply {
    Blocking(Sender<Outcome>),
    Async(tokio::sync::oneshot::Sender<Outcome>),
}

impl Gate {
    /// A gate through which this many questions may go at once; each has a thread of its own.
    ///
    /// # Errors
    /// When the system grants no thread.
    pub fn new(capacity: usize) -> std::io::Result<Self> {
        let (jobs, queue) = channel();
        let queue = Arc::new(Mutex::new(queue));
        let shared = Arc::new(Shared {
            providers: RwLock::new(BTreeMap::new()),
            fallback: RwLock::new(None),
            taken: AtomicUsize::new(0),
            capacity,
        });
        for number in 0..capacity {
            let (queue, shared) = (Arc::clone(&queue), Arc::clone(&shared));
            std::thread::Builder::new()
                .name(format!("gate-{number}"))
                .spawn(move || work(&queue, &shared))?;
        }
        Ok(Self { shared, jobs })
    }

    /// Lets this provider answer for the source, in place of an earlier one.
    pub fn register(&self, source: impl Into<String>, provider: Arc<dyn Provider>) {
        let mut providers = self.shared.providers.write().unwrap_or_else(PoisonError::into_inner);
        providers.insert(source.into(), provider);
    }

    /// Lets this provider answer for every source that has none of its own.
    pub fn register_fallback(&self, provider: Arc<dyn Provider>) {
        *self.shared.fallback.write().unwrap_or_else(PoisonError::into_inner) = Some(provider);
    }

    /// Whether some provider answers for the source: worth knowing before an entry is written.
    #[must_use]
    pub fn knows(&self, source: &str) -> bool {
        self.shared.provider(source).is_some()
    }

    /// Takes a slot, before the entry is written.
    ///
    /// # Errors
    /// [`GateError::Full`] when as many questions are under way as the gate allows.
    pub fn reserve(&self) -> Result<Slot, GateError> {
        let take = |taken: usize| (taken < self.shared.capacity).then_some(taken + 1);
        self.shared
            .taken
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, take)
            .map_err(|_| GateError::Full)?;
        let permit = Permit(Arc::clone(&self.shared));
        Ok(Slot { permit, shared: Arc::clone(&self.shared), jobs: self.jobs.clone() })
    }

    /// Finds out whether the source's provider is up. It blocks, and takes no slot.
    ///
    /// # Errors
    /// As [`Provider::probe`], and [`GateError::NoProvider`].
    pub fn probe(&self, source: &str) -> Result<(), GateError> {
        self.shared.provider(source).ok_or(GateError::NoProvider)?.probe()
    }

    /// Tells the source's provider that a right has ended. It blocks, and takes no slot: nobody waits for it.
    ///
    /// # Errors
    /// As [`Provider::end_right`], and [`GateError::NoProvider`].
    pub fn end_right(&self, ended: &EndedRight) -> Result<(), GateError> {
        let provider = self.shared.provider(&ended.source).ok_or(GateError::NoProvider)?;
        catch_unwind(AssertUnwindSafe(|| provider.end_right(ended)))
            .unwrap_or_else(|_| Err(GateError::Malformed("the adapter broke off".into())))
    }

    /// How many slots there are in all.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.shared.capacity
    }

    /// How many slots are taken now.
    #[must_use]
    pub fn taken(&self) -> usize {
        self.shared.taken.load(Ordering::Acquire)
    }
}

impl Shared {
    fn provider(&self, source: &str) -> Option<Arc<dyn Provider>> {
        let providers = self.providers.read().unwrap_or_else(PoisonError::into_inner);
        providers
            .get(source)
            .cloned()
            .or_else(|| self.fallback.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

/// A permit for one call. Dropping it unused gives the place back.
pub struct Slot {
    permit: Permit,
    shared: Arc<Shared>,
    jobs: Sender<Job>,
}

struct Permit(Arc<Shared>);

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.taken.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Slot {
    /// Asks and blocks until the answer or the deadline. The question goes on when the wait ends
    /// first: its late answer is thrown away, and the slot stays taken until then.
    ///
    /// # Errors
    /// See [`GateError`].
    pub fn ask(self, question: Question) -> Outcome {
        let (started, wait) = (Instant::now(), question.deadline + GRACE);
        let (reply, answer) = channel();
        self.send(question, Reply::Blocking(reply))?;
        answer.recv_timeout(wait).unwrap_or_else(|end| match end {
            std::sync::mpsc::RecvTimeoutError::Timeout => {
                Err(GateError::Timeout { waited: started.elapsed() })
            }
            std::sync::mpsc::RecvTimeoutError::Disconnected => Err(GateError::Down),
        })
    }

    /// The same for an asynchronous task. It needs a Tokio runtime with time enabled; dropping the
    /// future does not call the question back.
    ///
    /// # Errors
    /// See [`GateError`].
    pub async fn ask_async(self, question: Question) -> Outcome {
        let (started, wait) = (Instant::now(), question.deadline + GRACE);
        let (reply, answer) = tokio::sync::oneshot::channel();
        self.send(question, Reply::Async(reply))?;
        match tokio::time::timeout(wait, answer).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err(GateError::Down),
            Err(_) => Err(GateError::Timeout { waited: started.elapsed() }),
        }
    }

    fn send(self, question: Question, reply: Reply) -> Result<(), GateError> {
        if self.shared.provider(&question.source).is_none() {
            return Err(GateError::NoProvider);
        }
        let job = Job { question, reply, permit: self.permit };
        self.jobs.send(job).map_err(|_| GateError::Down)
    }
}

/// A worker: one question after the other, until the gate and all its slots are gone.
fn work(queue: &Mutex<Receiver<Job>>, shared: &Shared) {
    loop {
        let next = lock(queue).recv();
        let Ok(Job { question, reply, permit }) = next else { return };
        let outcome = match shared.provider(&question.source) {
            // A provider that panics must not take the thread, and with it a slot, out of the pool.
            Some(provider) => catch_unwind(AssertUnwindSafe(|| provider.ask(&question)))
                .unwrap_or_else(|_| Err(GateError::Malformed("the adapter broke off".into()))),
            None => Err(GateError::NoProvider),
        };
        // The place is free before the asker hears of it, so that its next question finds it.
        drop(permit);
        // An asker that has gone away misses nothing: its entry says what was asked.
        match reply {
            Reply::Blocking(asker) => drop(asker.send(outcome)),
            Reply::Async(asker) => drop(asker.send(outcome)),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SubjectKey;

    /// Answers when it is told to, or panics.
    struct Held(Mutex<Receiver<()>>);

    impl Provider for Held {
        fn ask(&self, question: &Question) -> Outcome {
            assert_ne!(question.dataset, "panic", "told to");
            let _ = lock(&self.0).recv();
            Ok(Answer::NotFound)
        }

        fn probe(&self) -> Result<(), GateError> {
            Ok(())
        }
    }

    fn held(capacity: usize) -> (Gate, Sender<()>) {
        let (release, hold) = channel();
        let gate = Gate::new(capacity).expect("threads");
        gate.register("s", Arc::new(Held(Mutex::new(hold))));
        (gate, release)
    }

    fn question(dataset: &str, deadline: u64) -> Question {
        Question {
            request_id: "R-1".into(),
            source: "s".into(),
            dataset: dataset.into(),
            subject: SubjectKey::new("person", "K"),
            request: BTreeMap::new(),
            items: Vec::new(),
            deadline: Duration::from_millis(deadline),
        }
    }

    #[test]
    fn a_full_gate_says_so_before_anything_is_asked() {
        let (gate, release) = held(2);
        let first = gate.reserve().expect("free");
        let second = gate.reserve().expect("free");
        assert_eq!(gate.reserve().err(), Some(GateError::Full));
        drop(first);
        assert_eq!(gate.taken(), 1);
        release.send(()).expect("held");
        assert_eq!(second.ask(question("d", 5_000)), Ok(Answer::NotFound));
        assert_eq!(gate.taken(), 0, "the place is free as soon as the answer is there");
    }

    #[test]
    fn a_slow_provider_keeps_its_slot_after_the_asker_gave_up() {
        let (gate, release) = held(1);
        let late = gate.reserve().expect("free").ask(question("d", 1));
        assert!(matches!(late, Err(GateError::Timeout { waited }) if waited >= Duration::from_millis(1)));
        assert_eq!(gate.reserve().err(), Some(GateError::Full));
        release.send(()).expect("held");
        while gate.taken() > 0 {
            std::thread::yield_now();
        }
        assert!(gate.reserve().is_ok());
    }

    #[test]
    fn a_panicking_provider_costs_no_slot() {
        let (gate, release) = held(1);
        for _ in 0..3 {
            let answer = gate.reserve().expect("free").ask(question("panic", 5_000));
            assert!(matches!(answer, Err(GateError::Malformed(_))), "{answer:?}");
        }
        release.send(()).expect("held");
        assert_eq!(gate.reserve().expect("free").ask(question("d", 5_000)), Ok(Answer::NotFound));
    }

    #[test]
    fn sources_without_a_provider_are_known_as_such() {
        let (gate, release) = held(1);
        let mut other = question("d", 5_000);
        other.source = "unknown".into();
        assert!(gate.knows("s") && !gate.knows("unknown"));
        assert_eq!(gate.probe("unknown"), Err(GateError::NoProvider));
        assert_eq!(gate.reserve().expect("free").ask(other.clone()), Err(GateError::NoProvider));
        let (_keep, hold) = channel();
        gate.register_fallback(Arc::new(Held(Mutex::new(hold))));
        assert!(gate.knows("unknown"));
        drop(release);
    }

    #[tokio::test]
    async fn an_asynchronous_task_can_ask_too() {
        let (gate, release) = held(1);
        release.send(()).expect("held");
        let answer = gate.reserve().expect("free").ask_async(question("d", 5_000)).await;
        assert_eq!(answer, Ok(Answer::NotFound));
        let late = gate.reserve().expect("free").ask_async(question("d", 1)).await;
        assert!(matches!(late, Err(GateError::Timeout { .. })));
    }
}
