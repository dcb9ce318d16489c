//! A lock that serves in the order of asking, so that a busy writer cannot starve those who tend,
//! nor they it.

use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A value that one thread at a time may use.
pub(crate) struct Fair<T> {
    turn: Mutex<Turn>,
    called: Condvar,
    value: Mutex<T>,
}

#[derive(Default)]
struct Turn {
    next: u64,
    serving: u64,
}

/// The right to use the value, until it is dropped.
pub(crate) struct Seat<'a, T> {
    lock: &'a Fair<T>,
    /// Always there until the seat is dropped.
    value: Option<MutexGuard<'a, T>>,
}

impl<T> Fair<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { turn: Mutex::default(), called: Condvar::new(), value: Mutex::new(value) }
    }

    /// Waits until all who asked before are done.
    pub(crate) fn lock(&self) -> Seat<'_, T> {
        let mut turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let ticket = turn.next;
        turn.next += 1;
        while turn.serving != ticket {
            turn = self.called.wait(turn).unwrap_or_else(PoisonError::into_inner);
        }
        drop(turn);
        // What a panic left half done is the business of the value, which reopens its connection.
        let value = self.value.lock().unwrap_or_else(PoisonError::into_inner);
        Seat { lock: self, value: Some(value) }
    }
}

impl<T> Drop for Seat<'_, T> {
    fn drop(&mut self) {
        self.value = None;
        self.lock.turn.lock().unwrap_or_else(PoisonError::into_inner).serving += 1;
        self.lock.called.notify_all();
    }
}

impl<T> Deref for Seat<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.as_ref().expect("the value is there until the seat is dropped")
    }
}

impl<T> DerefMut for Seat<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value.as_mut().expect("the value is there until the seat is dropped")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::thread;

    #[test]
    fn every_thread_gets_its_turn_and_a_panic_frees_the_seat() {
        let lock = Arc::new(Fair::new(0_u64));
        let threads: Vec<_> = (0..8)
            .map(|number| {
                let lock = Arc::clone(&lock);
                thread::spawn(move || {
                    for _ in 0..100 {
                        *lock.lock() += 1;
                    }
                    let _seat = lock.lock();
                    assert!(number != 3, "on purpose");
                })
            })
            .collect();
        let panics = threads.into_iter().filter_map(|thread| thread.join().err()).count();
        assert_eq!((panics, *lock.lock()), (1, 800));
    }
}
