//! The simulator as a provider inside this process, with its mood and its log.

use std::collections::BTreeMap;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::answer::{Act, Reply, acknowledgement, answer};
use super::mood::{Mood, Setting};
use super::population::Population;
use crate::wire::{WireEnded, acknowledged};
use crate::{Answer, EndedRight, GateError, Provider, Question, check};

/// How many request ids the log keeps apart.
const LOG_MAX: usize = 100_000;

/// Under this name the log counts the requests beyond its size.
const BEYOND: &str = "beyond";

/// A simulated provider: a population, a mood, and a log of request ids.
///
/// As a [`Provider`] it is the in-process adapter: the same answers and the same checks as over HTTP,
/// without the network.
pub struct Simulator {
    population: Arc<Population>,
    setting: Mutex<Setting>,
    log: Mutex<BTreeMap<String, u64>>,
    ended: Mutex<BTreeMap<String, WireEnded>>,
}

impl Simulator {
    /// A simulator in a normal mood.
    #[must_use]
    pub fn new(population: Arc<Population>) -> Self {
        Self { population, setting: Mutex::default(), log: Mutex::default(), ended: Mutex::default() }
    }

    /// The people it knows.
    #[must_use]
    pub fn population(&self) -> &Population {
        &self.population
    }

    /// Puts it into a mood.
    pub fn set(&self, setting: impl Into<Setting>) {
        *lock(&self.setting) = setting.into();
    }

    /// How often each request id was seen: what proves that there was one disclosure an entry. It holds
    /// no data of any subject.
    #[must_use]
    pub fn log(&self) -> BTreeMap<String, u64> {
        lock(&self.log).clone()
    }

    /// Notes the request and decides what to do with it.
    #[must_use]
    pub fn reply(&self, question: &Question) -> Reply {
        self.note(&question.request_id);
        let mood = lock(&self.setting).next();
        answer(&self.population, question, &mood)
    }

    /// Notes that a right has ended, and decides what to say to that. What it is told twice it knows again.
    #[must_use]
    pub fn end(&self, ended: &WireEnded) -> Reply {
        self.note(&ended.request_id);
        let mood = lock(&self.setting).next();
        let reply = acknowledgement(ended, &mood);
        // Whoever cannot be reached has heard nothing; whoever answers wrongly has heard it all the same.
        if !matches!(reply.act, Act::Unavailable) {
            lock(&self.ended).insert(ended.request_id.clone(), ended.clone());
        }
        reply
    }

    /// The rights that it was told have ended, by the identifiers of the messages.
    #[must_use]
    pub fn ended(&self) -> BTreeMap<String, WireEnded> {
        lock(&self.ended).clone()
    }

    /// Whether it would say now that it is out of service.
    pub(super) fn is_down(&self) -> bool {
        let setting = *lock(&self.setting);
        matches!(setting.mood, Mood::Down { .. }) && setting.after == 0 && setting.count != Some(0)
    }

    fn note(&self, request_id: &str) {
        let mut log = lock(&self.log);
        let full = log.len() >= LOG_MAX && !log.contains_key(request_id);
        *log.entry(if full { BEYOND } else { request_id }.to_owned()).or_default() += 1;
    }
}

impl Provider for Simulator {
    fn ask(&self, question: &Question) -> Result<Answer, GateError> {
        let Reply { delay, act } = self.reply(question);
        if !delay.is_zero() {
            // Nobody sends on this channel, so receiving from it is waiting.
            let (_keep, silence) = channel::<()>();
            let _ = silence.recv_timeout(delay.min(question.deadline));
        }
        if delay >= question.deadline && delay > Duration::ZERO {
            return Err(GateError::Timeout { waited: question.deadline });
        }
        match act {
            Act::Send(bytes) => check::read(question, &bytes),
            Act::Unavailable | Act::HangUp => Err(GateError::Down),
        }
    }

    fn end_right(&self, ended: &EndedRight) -> Result<(), GateError> {
        let Reply { delay, act } = self.end(&WireEnded::from(ended));
        if delay >= ended.deadline && delay > Duration::ZERO {
            return Err(GateError::Timeout { waited: ended.deadline });
        }
        match act {
            Act::Send(bytes) => acknowledged(ended, &bytes),
            Act::Unavailable | Act::HangUp => Err(GateError::Down),
        }
    }

    fn probe(&self) -> Result<(), GateError> {
        if self.is_down() { Err(GateError::Down) } else { Ok(()) }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
