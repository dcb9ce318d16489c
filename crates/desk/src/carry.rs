//! What every command shares: random identifiers, serial numbers, the retry after a stale read,
//! and entering refusals that matter.

use crate::view::RefusalView;
use crate::{Answer, Clock, Desk, No, Session};
use domain::decision::Idempotency;
use domain::id::{BatchId, EventId, LogId, LookupId, PersonId};
use domain::record_code::{RecordCode, RecordKind};
use domain::regulation::Capacity;
use domain::time::{Date, Instant};
use domain::{Decision, Outcome, Reason, Refusal, refusal};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use store::{Fault, Parked, Read, Receipt, WriteError};

/// Serial numbers are drawn from the store in blocks, so that most codes cost no write of their
/// own and two nodes never draw the same one. A block that a restart leaves unused stays a gap.
const BLOCK: u32 = 64;

/// Seconds in which refusals of one kind by one person are counted into one entry.
pub const REFUSAL_WINDOW_SECONDS: i64 = 600;

/// People named at most as those who can help.
const HELPERS: usize = 5;

/// Minutes after a first attempt to reach somebody outside before the second; each further wait is twice as
/// long.
const FIRST_WAIT_MINUTES: i64 = 2;
/// The longest wait between two attempts, in minutes.
const LONGEST_WAIT_MINUTES: i64 = 240;

/// What goes on under a rule that has ended: what was begun is finished, mended or stopped, and what is owed
/// is done. Whatever is not named here begins something, and waits for another rule.
const GOES_ON: &[&str] = &[
    "account.inventory",
    "application.cancel",
    "application.release",
    "application.reply",
    "application.stamp",
    "application.withdraw",
    "directory.be-away",
    "directory.change-post",
    "directory.come-back",
    "directory.declare-closure",
    "directory.end-contract",
    "directory.hand-over",
    "directory.name-deputy",
    "directory.close-unit",
    "directory.rename-unit",
    "directory.retire-workstation",
    "directory.revoke-delegation",
    "directory.revoke-exception",
    "duty.fulfil",
    "grant.end",
    "grant.stop",
    "letter.settle",
    "link.end",
    "link.need",
    "link.review",
    "lookup.answer",
    "lookup.correct",
    "lookup.hide",
    "lookup.judge",
    "lookup.review",
    "lookup.stamp",
    "regulation.replay",
];

/// Blocks of serial numbers by day: the next one and the end of the block. All agencies of an
/// installation share them, so that a code read aloud means one record only.
#[derive(Default)]
pub struct Serials(Mutex<BTreeMap<Date, (u64, u64)>>);

/// The beginning of the window of so many seconds that a moment lies in.
pub fn window(at: Instant, seconds: i64) -> Instant {
    Instant::from_micros((at.seconds() / seconds) * seconds * 1_000_000)
}

/// Minutes until the next attempt, after so many.
pub fn wait(tries: u32) -> i64 {
    let doubled = FIRST_WAIT_MINUTES.checked_shl(tries.min(16)).unwrap_or(LONGEST_WAIT_MINUTES);
    doubled.clamp(FIRST_WAIT_MINUTES, LONGEST_WAIT_MINUTES)
}

/// Random text of 128 bits behind a short word that says what it is.
pub fn random_id(word: &str) -> String {
    format!("{word}-{}", random_hex::<16>())
}

/// `N` random bytes in hexadecimal.
pub fn random_hex<const N: usize>() -> String {
    let mut bytes = [0u8; N];
    getrandom::fill(&mut bytes).expect("the system gives random bytes, or nothing is safe");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A fresh event identifier. It begins with the time, so that the rows of one moment lie side by side and a
/// batch of them touches few pages; 80 random bits follow, which no two nodes draw alike.
pub fn event() -> EventId {
    let millis = Clock::system().now().millis();
    EventId::new(format!("ev-{millis:012x}{}", random_hex::<10>()))
}

/// The idempotency of a form or an API call: its key and a digest of what it asks.
pub fn once(key: &str, request: &str) -> Option<Idempotency> {
    (!key.is_empty())
        .then(|| Idempotency { key: key.into(), request: ledger::hash::sha256(request.as_bytes()).to_hex() })
}

impl Desk {
    /// Refuses what would begin anything new under a rule that has ended.
    ///
    /// # Errors
    /// The rule of the session is over, and `act` does not finish what was begun.
    pub(crate) fn lets(&self, session: &Session, act: &str) -> Answer<()> {
        match session.over.filter(|_| !GOES_ON.contains(&act)) {
            None => Ok(()),
            Some(on) => {
                let refusal = Refusal::new(Reason::RuleEnded).with("on", on.to_string());
                Err(self.refuse(session, act, vec![refusal]))
            }
        }
    }

    /// The next record code.
    pub(crate) fn code(&self, kind: RecordKind) -> Answer<String> {
        let day = self.now().date();
        let mut blocks = self.inner.serials.0.lock().unwrap_or_else(|gone| gone.into_inner());
        let block = blocks.entry(day).or_insert((0, 0));
        if block.0 >= block.1 {
            let (log, text) = (LogId::platform(), day.to_string());
            let first = self.inner.store.tend(|tend| tend.take_serials(&log, &text, BLOCK))?;
            *block = (first, first + u64::from(BLOCK));
        }
        let serial = u32::try_from(block.0).unwrap_or(u32::MAX);
        block.0 += 1;
        let code = RecordCode::new(kind, day, serial).map_err(|_| No::Busy { retry_after: 60 })?;
        Ok(code.to_string())
    }

    /// A fresh lookup code.
    pub(crate) fn lookup_code(&self) -> Answer<LookupId> {
        self.code(RecordKind::Lookup).map(LookupId::new)
    }

    /// A fresh batch code.
    pub(crate) fn batch_code(&self) -> Answer<BatchId> {
        self.code(RecordKind::CountersignBatch).map(BatchId::new)
    }

    /// The receipt of the same request, if it was carried out before. It is looked for before
    /// anything is decided: what the first press changed must not refuse the second.
    pub(crate) fn earlier(&self, session: &Session, once: Option<&Idempotency>) -> Answer<Option<Receipt>> {
        let Some(once) = once else { return Ok(None) };
        let person = &session.actor.person;
        told_before(self.inner.store.read(|read| read.earlier(person, once))?)
    }

    /// Loads, decides and writes; a read that was overtaken is done again, the third time inside
    /// the writer, where nothing can overtake it.
    pub(crate) fn carry_out<F>(&self, session: &Session, act: &str, decide: F) -> Answer<Receipt>
    where
        F: Fn(&mut Read<'_>) -> Result<Outcome<Decision>, Fault>,
    {
        self.carry_out_parking(session, act, || None, decide)
    }

    /// The same where the first decision is made already: only if it was overtaken is it made again.
    pub(crate) fn carry_on<F>(
        &self,
        session: &Session,
        act: &str,
        first: Decision,
        park: impl Fn() -> Option<Parked>,
        decide: F,
    ) -> Answer<Receipt>
    where
        F: Fn(&mut Read<'_>) -> Result<Outcome<Decision>, Fault>,
    {
        match self.inner.store.write_parking(first, park()) {
            Err(WriteError::Stale) => self.carry_out_parking(session, act, park, decide),
            other => other.map_err(No::from),
        }
    }

    /// The same with an answer that `park` seals, to be kept from the entry on.
    pub(crate) fn carry_out_parking<F>(
        &self,
        session: &Session,
        act: &str,
        park: impl Fn() -> Option<Parked>,
        decide: F,
    ) -> Answer<Receipt>
    where
        F: Fn(&mut Read<'_>) -> Result<Outcome<Decision>, Fault>,
    {
        self.lets(session, act)?;
        for attempt in 0..2 {
            let decision = match self.inner.store.read(&decide)? {
                Err(refusals) => return Err(self.refuse(session, act, refusals)),
                Ok(decision) => decision,
            };
            // Whoever showed a code is not asked for another one because somebody else was faster.
            if attempt == 0 {
                self.ask_again(session, act, &decision)?;
            }
            match self.inner.store.write_parking(decision, park()) {
                Err(WriteError::Stale) => {}
                other => return other.map_err(No::from),
            }
        }
        let log = session.actor.log();
        match self.inner.store.write_deciding(&log, park(), |read| decide(read))? {
            Ok(receipt) => Ok(receipt),
            Err(refusals) => Err(self.refuse(session, act, refusals)),
        }
    }

    /// Turns refusals into what pages show, and enters those that name a clause.
    pub(crate) fn refuse(&self, session: &Session, act: &str, refusals: Vec<Refusal>) -> No {
        for refusal in refusals.iter().filter(|refusal| refusal.clause.is_some()) {
            if let Err(fault) = self.enter_refusal(session, act, refusal) {
                return No::fault(&fault);
            }
        }
        No::Refused(refusals.into_iter().map(|refusal| self.explain(session, refusal)).collect())
    }

    /// Enters a refusal: the first of its kind in a window at once, the others counted.
    fn enter_refusal(&self, session: &Session, act: &str, refusal: &Refusal) -> Result<(), Fault> {
        let now = self.now();
        let span = window(now, REFUSAL_WINDOW_SECONDS);
        let (person, reason) = (session.actor.person.clone(), refusal.reason.key());
        let count = self.inner.store.tend(|tend| tend.count_refusal(&person, act, reason, span))?;
        if count > 1 {
            return Ok(());
        }
        let rule = &session.rule;
        let decision = refusal::enter(rule, &session.actor, act, refusal, 1, &event(), now);
        match self.inner.store.write(decision) {
            Err(WriteError::Fault(fault)) => Err(fault),
            // A refusal discloses nothing, so it stands even where its entry has to wait.
            _ => Ok(()),
        }
    }

    /// Resolves the clause and the helpers of a refusal.
    pub(crate) fn explain(&self, session: &Session, refusal: Refusal) -> RefusalView {
        let clause = refusal.clause.as_ref().and_then(|id| self.cite(session, id));
        let helpers = match &refusal.help {
            domain::Help::Role(role) if !role.is_empty() => self.helpers(session, |own| own == role),
            domain::Help::Holder(capacity) => {
                self.helpers(session, |own| session.pack.capacities(own).contains(capacity))
            }
            domain::Help::Person(person) => {
                let person = PersonId::new(person.as_str());
                self.inner.store.read(|read| read.person_name(&person)).into_iter().collect()
            }
            _ => vec![],
        };
        RefusalView { refusal, clause, helpers }
    }

    /// The names of those who can help in such a role today: of the actor's own unit, or where nobody there
    /// holds it, of the agency; a head of a unit helps its own people only.
    fn helpers(&self, session: &Session, helps: impl Fn(&str) -> bool) -> Vec<String> {
        let (actor, today) = (&session.actor, self.now().date());
        let named = self.inner.store.read(|read| {
            let mut holders = read.holders(&actor.log(), today)?;
            // The head of another unit is no help.
            let heads = |role: &str| session.pack.capacities(role).contains(&Capacity::Stamp);
            holders.retain(|one| helps(&one.role) && one.person != actor.person);
            holders.retain(|one| one.unit == actor.unit || !heads(&one.role));
            if holders.iter().any(|one| one.unit == actor.unit) {
                holders.retain(|one| one.unit == actor.unit);
            }
            let people: BTreeSet<PersonId> = holders.into_iter().map(|one| one.person).collect();
            people
                .iter()
                .take(HELPERS)
                .map(|person| read.person_name(person))
                .collect::<Result<Vec<_>, Fault>>()
        });
        named.unwrap_or_default()
    }
}

/// The receipt that was found under an idempotency key, unless the key stood for another request.
pub(crate) fn told_before(found: Option<Option<Receipt>>) -> Answer<Option<Receipt>> {
    match found {
        None => Ok(None),
        Some(None) => Err(WriteError::KeyReused.into()),
        Some(Some(receipt)) => Ok(Some(receipt)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_until_they_are_long_enough() {
        let waits: Vec<i64> = (0..9).map(wait).collect();
        assert_eq!(waits, [2, 4, 8, 16, 32, 64, 128, 240, 240]);
        assert_eq!(wait(u32::MAX), 240);
    }

    #[test]
    fn a_window_begins_at_a_multiple_of_its_length() {
        let at = |seconds: i64| Instant::from_micros(seconds * 1_000_000);
        for (moment, begins) in [(0, 0), (599, 0), (600, 600), (1_199, 600)] {
            assert_eq!(window(at(moment), 600), at(begins), "{moment}");
        }
    }

    #[test]
    fn without_a_key_nothing_happens_once_only_and_a_request_is_kept_as_a_digest() {
        assert_eq!(once("", "request"), None);
        let kept = once("key", "request").unwrap();
        assert_eq!(kept.key, "key");
        assert_eq!(kept.request.len(), 64);
        assert_ne!(kept.request, once("key", "another").unwrap().request);
    }

    #[test]
    fn random_words_have_their_length_and_are_not_the_same() {
        let (one, two) = (random_hex::<16>(), random_hex::<16>());
        assert_eq!(one.len(), 32);
        assert_ne!(one, two);
        assert!(event().as_str().starts_with("ev-"));
    }
}
