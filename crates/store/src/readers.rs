//! The connections of those who read: few, kept, and never more than the database bears.

use crate::engine::{Engine, Opener, Role};
use crate::fault::Fault;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Most readers at once.
const MOST: usize = 16;
/// How long one waits for a connection to come free.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connections that cannot write.
pub(crate) struct Readers {
    opener: Arc<dyn Opener>,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Box<dyn Engine>>,
    out: usize,
}

/// A connection in somebody's hands. Unless it is given back, it is closed.
pub(crate) struct Reader<'a> {
    readers: &'a Readers,
    engine: Option<Box<dyn Engine>>,
}

impl Readers {
    pub(crate) fn new(opener: Arc<dyn Opener>) -> Self {
        Self { opener, state: Mutex::default(), freed: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection: one that is kept, or a new one; if all are in use, whichever comes free first.
    pub(crate) fn take(&self) -> Result<Reader<'_>, Fault> {
        let full = |state: &mut State| state.out >= MOST;
        let waited = self.freed.wait_timeout_while(self.lock(), PATIENCE, full);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if state.out >= MOST {
            return Err(Fault::Busy);
        }
        state.out += 1;
        let idle = state.idle.pop();
        drop(state);
        Ok(Reader { readers: self, engine: idle })
    }

    /// Closes the connections that are kept.
    pub(crate) fn disconnect(&self) {
        let idle = std::mem::take(&mut self.lock().idle);
        drop(idle);
    }
}

impl Reader<'_> {
    /// Runs `begin`; a kept connection that the database has closed meanwhile is replaced by a new one.
    pub(crate) fn begin(&mut self, begin: &str) -> Result<&mut dyn Engine, Fault> {
        let fresh = match self.engine.take() {
            Some(mut kept) => match kept.run(begin, &[]) {
                Ok(_) => Some(kept),
                Err(_) => None,
            },
            None => None,
        };
        let engine = match fresh {
            Some(engine) => engine,
            None => {
                let mut engine = self.readers.opener.open(Role::Reader)?;
                engine.run(begin, &[])?;
                engine
            }
        };
        Ok(self.engine.insert(engine).as_mut())
    }

    /// Gives the connection back for others to use.
    pub(crate) fn give_back(mut self) {
        let engine = self.engine.take();
        self.readers.lock().idle.extend(engine);
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        self.readers.lock().out -= 1;
        self.readers.freed.notify_one();
    }
}
