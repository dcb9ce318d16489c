//! The clocks of duties: each round opens what a period brings, enters what is late, moves what the office
//! calendar moves, and ends rights whose post is over.
//!
//! Every effect has a revision or a name that two nodes share, so that it happens once however many do the
//! round and however long none did.

use crate::account::inventory;
use crate::letter::Urgent;
use crate::regulation::in_force::InForce;
use crate::{Answer, Desk, carry};
use domain::Decision;
use domain::directory::post::{self, Cause};
use domain::duty::recur::{self, Series};
use domain::duty::{self, Duty, Kind, Owner, State};
use domain::grant::permission::{self, Permission};
use domain::id::{DutyId, LogId, PersonId, UnitId};
use domain::regulation::{Recurring, Ruled};
use domain::time::{Date, Instant};
use std::collections::BTreeMap;
use std::sync::Mutex;
use store::{Fault, Read, WriteError};

/// Minutes between two looks at what periods bring; a new day is looked at at once.
const PERIODS_MINUTES: i64 = 10;
/// Days after the end of a version within which its periods are still opened, where nothing ran meanwhile.
const CAUGHT_UP_DAYS: i64 = 366;
/// Rows of one kind that a round goes through.
pub(crate) const ROUND: i64 = 500;

/// Where the series of a control stands that one of several owners has, whom the rule means alike; none where
/// nothing of it is owed.
type OfSeries<'a> = dyn Fn(&mut Read<'_>, &Ruled<Recurring>, &[Owner]) -> Result<Option<Series>, Fault> + 'a;

/// Who owes what a control of a version asks for, by the digest of the version and the control.
type Asked = BTreeMap<(String, String), Vec<Owner>>;

/// When each log was last looked at for what periods bring; none after the office calendar became another.
#[derive(Default)]
pub struct Clocks(Mutex<BTreeMap<LogId, Instant>>);

/// What it is time to look at again.
struct Time {
    /// What periods bring.
    periods: bool,
    /// What another day brings.
    day: bool,
    /// What the office calendar moves.
    calendar: bool,
}

impl Clocks {
    /// Makes the next round look at every open duty, for the calendar may have moved it.
    pub(crate) fn look_again(&self) {
        self.0.lock().unwrap_or_else(|gone| gone.into_inner()).clear();
    }

    /// What it is time to look at again; what it answers is noted.
    fn take(&self, log: &LogId, now: Instant) -> Time {
        let mut held = self.0.lock().unwrap_or_else(|gone| gone.into_inner());
        let last = held.get(log).copied();
        let day = last.is_none_or(|at| at.date() != now.date());
        let periods = day || last.is_none_or(|at| now.micros_since(at) >= PERIODS_MINUTES * 60_000_000);
        if periods {
            held.insert(log.clone(), now);
        }
        Time { periods, day, calendar: last.is_none() }
    }
}

impl Desk {
    /// One round over the duties and rights of an agency. Under a rule that has ended what it had begun runs
    /// on; what could not be begun any more is not asked for either.
    ///
    /// # Errors
    /// The store; the next round tries again.
    pub(crate) fn keep_clocks(&self, log: &LogId, rule: &InForce) -> Answer<()> {
        let now = self.now();
        self.know_closures(log)?;
        let time = self.inner.clocks.take(log, now);
        self.end_permissions(log, rule, now)?;
        if rule.over.is_none() {
            self.warn_of_ends(log, rule, now)?;
        }
        if time.periods {
            self.open_periods(log, rule, rule.over.unwrap_or(now.date()))?;
            self.drop_stale(log, rule)?;
            self.keep_heads(log, rule)?;
            self.keep_passwords(log, rule)?;
            self.step_down(log, rule)?;
            self.keep_links(log, rule)?;
            self.keep_contracts(log, rule)?;
            self.keep_exceptions(log, rule)?;
            if rule.over.is_none() {
                self.keep_deputies(log, rule)?;
            }
        }
        if time.day {
            self.keep_records(log)?;
        }
        if time.calendar {
            self.move_duties(log, rule)?;
        }
        self.keep_answers(log, rule)?;
        self.enter_late(log, rule, now)?;
        self.suspend_lapsed(log, rule, now)?;
        self.settle_rights(log, rule, now)?;
        self.queue_tellings(log, rule, now)?;
        self.close_accounts(log, rule)
    }

    /// Opens the duties of periods that have begun: first those that an earlier version still owed when this
    /// one took over and nothing ran, then those of the version in force; of one that has ended, those that
    /// had begun by then.
    fn open_periods(&self, log: &LogId, rule: &InForce, until: Date) -> Answer<()> {
        for (earlier, last) in self.superseded(rule, until) {
            let other = |ruled: &Ruled<Recurring>| !recur::is_same(&earlier.pack, ruled, &rule.pack);
            let owed = earlier.pack.recurring().into_iter().filter(other).collect();
            self.open_owed(log, &earlier, owed, last, &|read, ruled, owners| {
                let (control, digest) = (&ruled.control, &earlier.rule.digest);
                let newest = newest(owners, |owner| read.newest_duty(log, control, owner, digest))?;
                Ok(newest.map(|newest| Series::After(Box::new(newest))))
            })?;
        }
        self.open_owed(log, rule, rule.pack.recurring(), until, &|read, ruled, owners| {
            self.series(read, log, rule, ruled, owners, until).map(Some)
        })
    }

    /// Opens what whoever has a post now owes with it: they may be barred from everything until it is done.
    ///
    /// # Errors
    /// The store; the next round does it.
    pub(crate) fn open_at_once(&self, log: &LogId, digest: &str) -> Answer<()> {
        match self.rule_named(digest).filter(|rule| rule.pack.has_obligations()) {
            Some(rule) => self.open_periods(log, &rule, self.now().date()),
            None => Ok(()),
        }
    }

    /// Where a series stands under the version in force. What an earlier version owed alike goes on; where it
    /// owed something else, both are owed from the day of the change on.
    fn series(
        &self,
        read: &mut Read<'_>,
        log: &LogId,
        rule: &InForce,
        ruled: &Ruled<Recurring>,
        owners: &[Owner],
        today: Date,
    ) -> Result<Series, Fault> {
        let (control, digest) = (&ruled.control, &rule.rule.digest);
        if let Some(own) = newest(owners, |owner| read.newest_duty(log, control, owner, digest))? {
            return Ok(Series::After(Box::new(own)));
        }
        let earlier = newest(owners, |owner| read.newest_of_any(log, control, owner))?;
        let Some(earlier) = earlier else { return Ok(Series::From(today)) };
        let under = self.rule_named(&earlier.digest);
        Ok(match under.is_some_and(|under| recur::is_same(&rule.pack, ruled, &under.pack)) {
            true => Series::After(Box::new(earlier)),
            false => Series::From(rule.from.max(earlier.began).min(today)),
        })
    }

    /// The versions that were in force before this one, each with its last day, as far back as anything may
    /// not have run.
    fn superseded(&self, rule: &InForce, today: Date) -> Vec<(InForce, Date)> {
        let rules = self.inner.rules.read().unwrap_or_else(|gone| gone.into_inner());
        let pack = &rule.pack.header.id;
        let eve = |version: &InForce| version.from.plus_days(-1);
        let lasts = rules.versions(pack).filter_map(eve);
        let lately = lasts.filter(|last| *last < today && last.days_until(today) <= CAUGHT_UP_DAYS);
        let found = lately.filter_map(|last| Some((rules.in_force(pack, last)?.clone(), last)));
        found.filter(|(earlier, _)| earlier.rule.digest != rule.rule.digest).collect()
    }

    fn open_owed(
        &self,
        log: &LogId,
        rule: &InForce,
        all: Vec<Ruled<Recurring>>,
        until: Date,
        series: &OfSeries<'_>,
    ) -> Answer<()> {
        let calendar = self.calendar(log);
        for ruled in all {
            let owed = self.inner.store.read(|read| {
                let mut owed: Vec<Duty> = Vec::new();
                for ower in owers(read, log, rule, &ruled, until)? {
                    let owners = match ower.owner {
                        Owner::Person(_) => vec![ower.owner.clone()],
                        _ => recur::alike(&rule.pack, &ruled.value),
                    };
                    let Some(series) = series(read, &ruled, &owners)? else { continue };
                    let as_rule = rule.as_rule();
                    owed.extend(recur::owed(as_rule, &ruled, &ower, &series, until, &calendar, &named));
                }
                Ok(owed)
            })?;
            for duty in owed {
                self.clocked(|read| {
                    let seen = read.rev(&duty.key(log))?;
                    // Another node was faster, with the same duty.
                    let fresh = seen.rev == 0;
                    let parts = match duty.kind {
                        Kind::Inventory => inventory::parts(read, log, rule, &duty)?,
                        _ => vec![],
                    };
                    let open = || {
                        let event = carry::event();
                        duty::owe(rule.as_rule(), log, duty.clone(), parts, seen, &event, self.now())
                    };
                    Ok(fresh.then(open))
                })?;
            }
        }
        Ok(())
    }

    /// Enters what is late, each once.
    fn enter_late(&self, log: &LogId, rule: &InForce, now: Instant) -> Answer<()> {
        let rows = self.inner.store.read(|read| read.duties_due(log, now, ROUND))?;
        for row in rows {
            let own = self.rule_of_digest(&row.duty.digest, rule);
            // What follows from being late comes first: whoever dies in between does both again.
            match row.duty.kind {
                Kind::Inventory => self.missed_inventory(log, &own, &row.duty)?,
                Kind::Answer => self.break_silence(log, &own, &row.duty)?,
                _ => self.escalate(log, &own, &row.duty)?,
            }
            self.alert_owners(log, [&row.duty], Urgent::Late, now.date());
            self.clocked(|read| {
                let Some(row) = read.duty(log, &row.duty.id)? else { return Ok(None) };
                let due = row.duty.is_late(now) && row.duty.late.is_none();
                let seen = read.rev(&row.duty.key(log))?;
                let enter = || duty::late(own.as_rule(), log, &row.duty, seen, &carry::event(), now);
                Ok(due.then(enter))
            })?;
        }
        Ok(())
    }

    /// Moves open duties that the office calendar, issued again, puts on another day.
    fn move_duties(&self, log: &LogId, rule: &InForce) -> Answer<()> {
        let calendar = self.calendar(log);
        for duty in self.inner.store.read(|read| read.every_open_duty(log))? {
            let own = self.rule_of_digest(&duty.digest, rule);
            self.clocked(|read| {
                let row = read.duty(log, &duty.id)?.filter(|row| row.duty.state == State::Open);
                let Some(row) = row else { return Ok(None) };
                let again = match row.duty.kind {
                    Kind::Answer => self.answer_again(read, log, &own, &row.duty)?,
                    _ => recur::due_again(&own.pack, &row.duty, &calendar),
                };
                let Some(due) = again else { return Ok(None) };
                let seen = read.rev(&row.duty.key(log))?;
                Ok(Some(duty::moved(own.as_rule(), log, &row.duty, due, seen, &carry::event(), self.now())))
            })?;
        }
        Ok(())
    }

    /// Drops what nobody owes any more: those who have no post, those of whom the rule asks it no longer,
    /// whoever was to renew what was stopped or to press for what was done. What people hand over they owe.
    fn drop_stale(&self, log: &LogId, rule: &InForce) -> Answer<()> {
        let today = self.now().date();
        let stale = self.inner.store.read(|read| {
            let holders = read.holders(log, today)?;
            let gone = |duty: &Duty| match &duty.owner {
                Owner::Person(person) => !holders.iter().any(|holder| holder.person == *person),
                _ => false,
            };
            let (mut stale, mut asked) = (Vec::new(), Asked::new());
            for duty in read.every_open_duty(log)? {
                let over = match duty.kind {
                    // A password is looked after where it is kept.
                    Kind::HandOver | Kind::Password => false,
                    Kind::Press => self.needs_no_pressing(read, log, &duty)?,
                    // Who changed roles owes it no more where the rule asks it of others only.
                    Kind::Undertake | Kind::Train => {
                        gone(&duty) || !self.is_asked_of(read, log, (rule, &duty), &mut asked)?
                    }
                    Kind::Renew => gone(&duty) || self.needs_no_renewal(read, log, &duty)?,
                    _ => gone(&duty),
                };
                stale.extend(over.then_some(duty));
            }
            Ok(stale)
        })?;
        stale.iter().try_for_each(|duty| self.drop_duty(log, rule, duty))
    }

    /// Whether the rule of a duty asks it of its owner today. Who they are is read once for each control.
    fn is_asked_of(
        &self,
        read: &mut Read<'_>,
        log: &LogId,
        (rule, duty): (&InForce, &Duty),
        asked: &mut Asked,
    ) -> Result<bool, Fault> {
        let key = (duty.digest.clone(), duty.control.clone());
        if let Some(owners) = asked.get(&key) {
            return Ok(owners.contains(&duty.owner));
        }
        let own = self.rule_of_digest(&duty.digest, rule);
        let ruled = own.pack.recurring().into_iter().find(|ruled| ruled.control == duty.control);
        let Some(ruled) = ruled else { return Ok(true) };
        let owers = owers(read, log, &own, &ruled, self.now().date())?;
        let owners: Vec<Owner> = owers.into_iter().map(|ower| ower.owner).collect();
        let is = owners.contains(&duty.owner);
        asked.insert(key, owners);
        Ok(is)
    }

    /// Whether what somebody is to press for was done meanwhile.
    fn needs_no_pressing(&self, read: &mut Read<'_>, log: &LogId, duty: &Duty) -> Result<bool, Fault> {
        let Some(late) = duty::pressed(duty) else { return Ok(false) };
        Ok(read.duty(log, &late)?.is_none_or(|row| row.duty.state != State::Open))
    }

    /// Stops permissions whose owner has no post in their unit any more.
    fn settle_rights(&self, log: &LogId, rule: &InForce, now: Instant) -> Answer<()> {
        let today = now.date();
        let stranded = self.inner.store.read(|read| read.stranded_permissions(log, today, ROUND))?;
        let mut people: Vec<PersonId> = stranded.into_iter().map(|one| one.person).collect();
        people.dedup();
        for person in people {
            self.clocked(|read| {
                let held = read.stranded_permissions(log, today, ROUND)?;
                let causes: BTreeMap<_, _> = read
                    .assignments(&person)?
                    .into_iter()
                    .map(|row| (row.assignment.unit, row.cause))
                    .collect();
                let cause =
                    |one: &Permission| causes.get(&one.unit).copied().flatten().unwrap_or(Cause::DutyChange);
                let own = held.into_iter().filter(|one| one.person == person);
                let own: Vec<(Permission, Cause)> = own.map(|one| (one.clone(), cause(&one))).collect();
                let seen = read.rev(&permission::key(log, &person))?;
                let settle = || post::settle(rule.as_rule(), log, &person, &own, seen, &carry::event(), now);
                Ok((!own.is_empty()).then(settle))
            })?;
        }
        Ok(())
    }

    /// Reads, decides and writes what a clock brings; if somebody was faster, that is all that was wanted.
    pub(crate) fn clocked(
        &self,
        decide: impl Fn(&mut Read<'_>) -> Result<Option<Decision>, Fault>,
    ) -> Answer<()> {
        let Some(decision) = self.inner.store.read(decide)? else { return Ok(()) };
        match self.inner.store.write(decision) {
            Ok(_) | Err(WriteError::Stale) => Ok(()),
            Err(other) => Err(other.into()),
        }
    }
}

/// The newest of the duties that several owners have, one of whom it may have been passed on to.
fn newest(
    owners: &[Owner],
    of: impl FnMut(&Owner) -> Result<Option<Duty>, Fault>,
) -> Result<Option<Duty>, Fault> {
    let found = owners.iter().map(of).collect::<Result<Vec<_>, Fault>>()?;
    let behind = |one: &Duty, other: &Duty| (one.began, &one.id).cmp(&(other.began, &other.id));
    Ok(found.into_iter().flatten().max_by(behind))
}

/// Those who owe something that returns: one for all, or each of the people whom the rule means.
fn owers(
    read: &mut Read<'_>,
    log: &LogId,
    rule: &InForce,
    ruled: &Ruled<Recurring>,
    today: Date,
) -> Result<Vec<recur::Ower>, Fault> {
    if let Some(one) = recur::for_all(&rule.pack, &ruled.value) {
        return Ok(vec![one]);
    }
    let units = read.units(log)?;
    let organisation = |id: &UnitId| {
        let unit = units.iter().find(|unit| unit.id == *id);
        unit.map_or("", |unit| unit.organisation.as_str())
    };
    let own = read
        .holders(log, today)?
        .into_iter()
        .filter(|holder| recur::owes(&rule.pack, &ruled.value, &holder.role, organisation(&holder.unit)));
    let mut all: Vec<recur::Ower> = own
        .map(|holder| recur::Ower {
            owner: Owner::Person(holder.person.clone()),
            person: Some(holder.person),
            unit: Some(holder.unit),
        })
        .collect();
    all.sort_by(|one, other| one.owner.cmp(&other.owner));
    all.dedup_by(|one, other| one.owner == other.owner);
    Ok(all)
}

/// The identifier of a duty that is named by what it is: every node makes the same of it, and it tells
/// nothing.
pub(crate) fn named(name: &str) -> DutyId {
    let digest = ledger::hash::sha256(name.as_bytes()).to_hex();
    DutyId::new(format!("du-{}", &digest[..32]))
}
