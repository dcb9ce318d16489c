//! Telling providers that a right has ended: written down by the watch, told beside it until acknowledged.

use crate::duty::named;
use crate::regulation::in_force::InForce;
use crate::view::TellingView;
use crate::{Answer, Desk, carry, words};
use domain::account;
use domain::duty::{self, State};
use domain::grant::permission;
use domain::grant::tell::{self, Telling};
use domain::id::{DutyId, LogId};
use domain::time::Instant;
use gate::{EndedRight, GateError, Secret};
use std::collections::BTreeSet;
use std::time::Duration;

/// Messages of one round.
const ROUND: i64 = 200;
/// Seconds for which one node tells.
const LEASE_SECONDS: i64 = 60;
/// Seconds that a provider has to acknowledge a message.
const PATIENCE: Duration = Duration::from_secs(10);

impl Desk {
    /// Writes down what providers are to be told of permissions that were stopped, each once, and makes it a
    /// duty where one of them has been silent for too long.
    ///
    /// # Errors
    /// The store; the next round tries again.
    pub(crate) fn queue_tellings(&self, log: &LogId, rule: &InForce, now: Instant) -> Answer<()> {
        if rule.pack.told_sources().is_empty() {
            return Ok(());
        }
        let since = rule.from.start();
        let (untold, silent) = self.inner.store.read(|read| {
            let untold = read.permissions_untold(log, since, ROUND)?;
            Ok((untold, read.tellings_silent(log, now, ROUND)?))
        })?;
        let calendar = self.calendar(log);
        for one in untold {
            self.clocked(|read| {
                let held = read.permissions(log, &one.person)?;
                if !held.contains(&one) {
                    return Ok(None);
                }
                let all = tell::tellings(rule.as_rule(), &one, &held, &calendar, &named, now);
                let mut keys = vec![permission::key(log, &one.person)];
                keys.extend(all.messages.iter().map(|message| message.key(log)));
                keys.extend(all.letters.iter().map(|letter| letter.key(log)));
                let seen = read.revs(keys)?;
                Ok(Some(tell::queue(rule.as_rule(), log, &one, all, seen, &carry::event(), now)))
            })?;
        }
        silent.iter().try_for_each(|message| self.press_provider(log, rule, message, now))
    }

    /// A message as whoever may see the permission sees it, in the words of the rule it was owed under.
    pub(super) fn telling_view(&self, message: &Telling, tries: u32) -> TellingView {
        let rule = self.rule_named(&message.digest);
        let pack = rule.as_ref().map(|rule| &rule.pack);
        let source = pack.and_then(|pack| pack.source(&message.source));
        let word = |code: &String| match pack.and_then(|pack| pack.item(code)) {
            Some(item) => item.value.label.clone(),
            None => words::plain(code),
        };
        TellingView {
            provider: source.map_or_else(|| words::plain(&message.source), |source| source.value.provider),
            items: message.items.iter().map(word).collect(),
            for_now: message.for_now,
            due: Instant::from_micros(message.due.micros() - 1).date(),
            tries,
            told: message.told,
            late: message.told.is_none() && message.due <= self.now(),
        }
    }

    /// Makes it a duty of whoever runs the accounts that a provider has been silent for too long, once.
    fn press_provider(&self, log: &LogId, rule: &InForce, message: &Telling, now: Instant) -> Answer<()> {
        let own = self.rule_of_digest(&message.digest, rule);
        self.clocked(|read| {
            let waits = read.telling(log, &message.id)?.is_some_and(|found| found.told.is_none());
            let one = read.permission(log, &message.permission)?.filter(|_| waits);
            let Some(one) = one else { return Ok(None) };
            let id = silence(message);
            let seen = [read.rev(&duty::key(log, &id))?, read.rev(&message.key(log))?];
            let fresh = seen[0].rev == 0;
            let event = carry::event();
            let owe = || tell::silent(own.as_rule(), log, &one, message, (id, seen), (&event, now));
            Ok(fresh.then(owe).flatten())
        })
    }

    /// Tells providers what waits for them, if it is this node's turn. It blocks its thread for as long as
    /// providers like, within bounds, and holds up nothing else.
    ///
    /// # Errors
    /// The store; the next round tries again.
    pub fn tell_providers(&self) -> Answer<()> {
        let (now, node) = (self.now(), &self.inner.node);
        let until = now.plus_seconds(LEASE_SECONDS);
        if !self.inner.store.tend(|tend| tend.take_lease("tell", node, until, now))? {
            return Ok(());
        }
        for agency in self.inner.store.read(|read| read.agencies())? {
            let Some(rule) = self.rule_running(&agency.pack, now.date()) else { continue };
            let log = LogId::of(&agency.id);
            let due = self.inner.store.read(|read| read.tellings_due(&log, now, ROUND))?;
            let mut away = BTreeSet::new();
            for (message, tries) in due {
                if !away.contains(&message.source) && !self.tell(&log, &rule, &message, tries)? {
                    away.insert(message.source);
                }
            }
        }
        Ok(())
    }

    /// Tells one message; false where the provider is away, so that the next one would fare the same.
    fn tell(&self, log: &LogId, rule: &InForce, message: &Telling, tries: u32) -> Answer<bool> {
        let (now, store) = (self.now(), &self.inner.store);
        let next = now.plus_minutes(carry::wait(tries));
        if !store.tend(|tend| tend.claim_telling(&message.id, now, next))? {
            return Ok(true);
        }
        let Some(row) = store.read(|read| read.account_of_person(&message.person))? else {
            // Nothing can be told of somebody without an account; the silence shows on its day.
            return Ok(true);
        };
        match self.inner.gate.end_right(&ended(message, &row.account)) {
            Ok(()) => self.enter_told(log, rule, message).map(|()| true),
            Err(error) => {
                tracing::warn!(message = %message.id, tries = tries + 1, %error, "a provider was not told");
                Ok(!matches!(error, GateError::Down | GateError::Timeout { .. } | GateError::NoProvider))
            }
        }
    }

    fn enter_told(&self, log: &LogId, rule: &InForce, message: &Telling) -> Answer<()> {
        let own = self.rule_of_digest(&message.digest, rule);
        self.clocked(|read| {
            let row = read.duty(log, &silence(message))?;
            let owed = row.map(|row| row.duty).filter(|duty| duty.state == State::Open);
            let waits = read.telling(log, &message.id)?.is_some_and(|found| found.told.is_none());
            let mut keys = vec![message.key(log)];
            keys.extend(owed.iter().map(|duty| duty.key(log)));
            let seen = read.revs(keys)?;
            let (as_rule, event) = (own.as_rule(), carry::event());
            let told = || tell::told(as_rule, log, message, owed.as_ref(), seen, &event, self.now());
            Ok(waits.then(told))
        })?;
        Ok(self.inner.store.tend(|tend| tend.drop_telling(&message.id))?)
    }
}

/// The duty that a provider's silence about a message makes.
fn silence(message: &Telling) -> DutyId {
    named(&format!("silent {}", message.id))
}

fn ended(message: &Telling, account: &account::Account) -> EndedRight {
    EndedRight {
        id: message.id.to_string(),
        source: message.source.clone(),
        account: Secret::new(account.login.as_str()),
        items: message.items.clone(),
        ended: message.ended.date().to_string(),
        for_now: message.for_now,
        deadline: PATIENCE,
    }
}
