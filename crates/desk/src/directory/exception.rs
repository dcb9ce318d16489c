//! Exceptions from separation: allowing and revoking them, the list of them, and the clock that owes what
//! holds in their place and the way out when they are over.

use crate::duty::named;
use crate::regulation::in_force::InForce;
use crate::view::{ExceptionView, ExceptionsView, InsteadView};
use crate::{Answer, Desk, Session, carry};
use domain::Actor;
use domain::directory::Assignment;
use domain::directory::exception::{self, Exception, Facts};
use domain::duty::{self, Duty, State, recur};
use domain::id::{ExceptionId, Key, LogId, PersonId};
use domain::regulation::{Capacity, Pack, Pair};
use domain::time::Date;
use domain::{Personal, Reason, Refusal};
use std::collections::{BTreeMap, BTreeSet};
use store::capability::directory::exception::ExceptionRow;
use store::{Fault, Read};

/// Days for which an exception that is over is still listed, and looked after.
const LISTED_DAYS: i64 = 5 * 366;

/// An exception as whoever allows it words it.
#[derive(Clone, Debug)]
pub struct ExceptionForm {
    /// For whom.
    pub person: String,
    /// The pair, by its text.
    pub pair: String,
    /// Its first day.
    pub from: Date,
    /// Its last day.
    pub until: Date,
    /// Why.
    pub words: Personal,
    /// The key under which this is carried out once.
    pub form_key: String,
}

impl Desk {
    /// Allows somebody to hold what the rule keeps apart.
    ///
    /// # Errors
    /// The rule does not let the actor, or not this; what was entered does not fit.
    pub fn allow_exception(&self, session: &Session, form: &ExceptionForm) -> Answer<()> {
        const ACT: &str = "directory.allow-exception";
        let (actor, log, event) = (&session.actor, session.actor.log(), carry::event());
        let request = format!("{} {} {} {}", form.person, form.pair, form.from, form.until);
        let once = carry::once(&form.form_key, &request);
        if self.earlier(session, once.as_ref())?.is_some() {
            return Ok(());
        }
        let Some(pair) = Pair::from_text(&form.pair) else {
            let refusal = Refusal::new(Reason::FieldMalformed).at("pair");
            return Err(self.refuse(session, ACT, vec![refusal]));
        };
        let exception = Exception {
            id: ExceptionId::new(carry::random_id("ex")),
            person: PersonId::new(form.person.trim()),
            pair,
            from: form.from,
            until: form.until,
            by: actor.person.clone(),
            revoked: None,
        };
        let words = Personal::new(form.words.expose().trim());
        self.carry_out(session, ACT, |read| {
            let known = read.exceptions_of(&log, &exception.person)?;
            let mut owed = joined(read, &log, &known)?;
            owed.retain(|(other, _)| *other == pair);
            let owed: Vec<Duty> = owed.into_iter().map(|(_, duty)| duty).collect();
            let mut keys: Vec<Key> = vec![exception::key(&log, &exception.person)];
            keys.extend(owed.iter().map(|duty| duty.key(&log)));
            let holders = read.holders(&log, self.now().date())?;
            let facts = Facts { holders, known, owed, seen: read.revs(keys)? };
            let (rule, given) = (session.as_rule(), (exception.clone(), words.clone()));
            let decided = exception::allow(rule, actor, given, &facts, (&event, self.now()));
            Ok(decided.map(|decision| decision.once(once.clone())))
        })?;
        Ok(())
    }

    /// Revokes an exception.
    ///
    /// # Errors
    /// There is none such; it is over, or not the actor's to revoke.
    pub fn revoke_exception(&self, session: &Session, id: &str) -> Answer<()> {
        let (actor, log, event) = (&session.actor, session.actor.log(), carry::event());
        self.carry_out(session, "directory.revoke-exception", |read| {
            let rows = read.exceptions(&log, self.since())?;
            let Some(row) = rows.into_iter().find(|row| row.exception.id.as_str() == id) else {
                return Ok(Err(vec![Refusal::new(Reason::RecordUnknown).with("code", id)]));
            };
            let seen = read.rev(&exception::key(&log, &row.exception.person))?;
            let rule = session.as_rule();
            Ok(exception::revoke(rule, actor, &row.exception, seen, (&event, self.now())))
        })?;
        Ok(())
    }

    /// The exceptions of the agency, for those who may allow any or oversee it; their own for anybody else.
    ///
    /// # Errors
    /// The store.
    pub fn exceptions(&self, session: &Session) -> Answer<ExceptionsView> {
        let (actor, log, today) = (&session.actor, session.actor.log(), self.now().date());
        let pack = &session.pack;
        let all = pack.exceptions();
        let pairs: Vec<Pair> = all
            .iter()
            .filter(|(_, ruled)| exception::may_allow(pack, ruled, &actor.role))
            .map(|(pair, _)| *pair)
            .collect();
        let instead = all.iter().map(|(pair, ruled)| InsteadView {
            pair: words(*pair),
            kind: ruled
                .value
                .instead
                .as_deref()
                .and_then(|id| pack.control_or_floor(id))
                .map_or("", |own| own.kind.spec().name),
            clause: ruled.clause().and_then(|id| self.cite(session, id)),
        });
        let instead = instead.collect();
        Ok(self.inner.store.read(|read| {
            let posts = posts(read, &log, today)?;
            let sees = |row: &ExceptionRow| {
                !pairs.is_empty() || actor.oversees() || row.exception.person == actor.person
            };
            let mut rows = read.exceptions(&log, self.since())?;
            rows.retain(sees);
            rows.reverse();
            let view = |row: &ExceptionRow| {
                let own = &row.exception;
                let held = of_person(&posts, &own.person);
                let joined = exception::joined_since(pack, own.pair, &held).is_some();
                Ok(ExceptionView {
                    id: own.id.to_string(),
                    person: read.person_name(&own.person)?,
                    pair: words(own.pair),
                    from: own.from,
                    until: own.until,
                    by: read.person_name(&own.by)?,
                    words: read.unseal(&row.words)?.expose().to_string(),
                    state: state(own, today),
                    open: joined && own.is_over(today),
                    revoke: !own.is_over(today) && exception::may_revoke(pack, actor, own),
                })
            };
            let list = rows.iter().map(view).collect::<Result<_, Fault>>()?;
            let people = candidates(read, pack, actor, &pairs, &posts)?;
            let pairs = pairs.iter().map(|pair| (pair.text(), words(*pair))).collect();
            Ok(ExceptionsView { list, pairs, people, instead })
        })?)
    }

    fn since(&self) -> Date {
        let today = self.now().date();
        today.plus_days(-LISTED_DAYS).unwrap_or(today)
    }

    /// Owes what holds in the place of a separation for whoever holds both, and the way out where they may
    /// not any more; what has come about is done.
    ///
    /// # Errors
    /// The store; the next round tries again.
    pub(crate) fn keep_exceptions(&self, log: &LogId, rule: &InForce) -> Answer<()> {
        let today = self.now().date();
        let (rows, posts) = self
            .inner
            .store
            .read(|read| Ok((read.exceptions(log, self.since())?, posts(read, log, today)?)))?;
        let mut all: BTreeMap<(PersonId, Pair), Vec<Exception>> = BTreeMap::new();
        let begun = rows.into_iter().map(|row| row.exception).filter(|own| own.from <= today);
        begun.for_each(|own| all.entry((own.person.clone(), own.pair)).or_default().push(own));
        for ((person, pair), own) in &mut all {
            own.sort_by(|one, other| (one.from, &one.id).cmp(&(other.from, &other.id)));
            let since = exception::joined_since(&rule.pack, *pair, &of_person(&posts, person));
            self.keep_one(log, rule, own, since)?;
        }
        Ok(())
    }

    /// The same for all that one person was allowed for one pair, the oldest first.
    fn keep_one(&self, log: &LogId, rule: &InForce, own: &[Exception], since: Option<Date>) -> Answer<()> {
        let (today, as_rule) = (self.now().date(), rule.as_rule());
        let (Some(newest), all) = (own.last(), own.iter().collect::<Vec<_>>()) else { return Ok(()) };
        let lets = exception::is_let(&rule.pack, newest.pair, &all, today);
        let Some(since) = since.filter(|_| !lets) else {
            let over = self.inner.store.read(|read| joined(read, log, own))?;
            over.iter().try_for_each(|(_, duty)| self.settle(log, rule, &duty.id, State::Done))?;
            return since.map_or(Ok(()), |since| self.compensate(log, rule, newest, since));
        };
        let ways = exception::way_out(as_rule, newest, &named, today);
        ways.into_iter().try_for_each(|duty| self.open_once(log, rule, duty))?;
        self.compensate(log, rule, newest, since)
    }

    /// Owes what holds in the place of a separation since an exception began, or both are held.
    fn compensate(&self, log: &LogId, rule: &InForce, newest: &Exception, since: Date) -> Answer<()> {
        let Some(apart) = rule.pack.exception(newest.pair) else { return Ok(()) };
        let Some(ruled) = rule.pack.compensation(&apart.value) else { return Ok(()) };
        let (today, calendar) = (self.now().date(), self.calendar(log));
        let since = (newest, since.max(newest.from));
        let owed = recur::compensating(rule.as_rule(), &ruled, since, today, &calendar, &named);
        owed.into_iter().try_for_each(|duty| self.open_once(log, rule, duty))
    }

    /// Opens a duty that is named by what it is, unless it was opened before.
    pub(crate) fn open_once(&self, log: &LogId, rule: &InForce, duty: Duty) -> Answer<()> {
        self.clocked(|read| {
            let seen = read.rev(&duty.key(log))?;
            let fresh = seen.rev == 0;
            let (event, now) = (carry::event(), self.now());
            let owe = || duty::owe(rule.as_rule(), log, duty.clone(), vec![], seen, &event, now);
            Ok(fresh.then(owe))
        })
    }
}

/// Open duties to end what exceptions no longer let somebody hold, each with its pair.
pub(super) fn joined(
    read: &mut Read<'_>,
    log: &LogId,
    allowed: &[Exception],
) -> Result<Vec<(Pair, Duty)>, Fault> {
    let mut open = Vec::new();
    for one in allowed {
        for name in exception::ways_out(&one.id) {
            let row = read.duty(log, &named(&name))?.filter(|row| row.duty.state == State::Open);
            open.extend(row.map(|row| (one.pair, row.duty)));
        }
    }
    Ok(open)
}

/// The posts of the agency that run on a day.
fn posts(read: &mut Read<'_>, log: &LogId, today: Date) -> Result<Vec<Assignment>, Fault> {
    let all = read.posts(log, today)?.into_iter().map(|(row, _)| row.assignment);
    Ok(all.filter(|post| post.runs(today)).collect())
}

fn of_person<'a>(posts: &'a [Assignment], person: &PersonId) -> Vec<&'a Assignment> {
    posts.iter().filter(|post| post.person == *person).collect()
}

/// Those for whom an actor may allow an exception: they hold one of the two, and the other may come.
fn candidates(
    read: &mut Read<'_>,
    pack: &Pack,
    actor: &Actor,
    pairs: &[Pair],
    posts: &[Assignment],
) -> Result<Vec<(String, String)>, Fault> {
    let wanted: BTreeSet<Capacity> = pairs.iter().flat_map(|pair| pair.both()).collect();
    let can = |post: &&Assignment| pack.capacities(&post.role).iter().any(|own| wanted.contains(own));
    let people: BTreeSet<&PersonId> = posts.iter().filter(can).map(|post| &post.person).collect();
    let people = people.into_iter().filter(|person| **person != actor.person);
    people.map(|person| Ok((person.to_string(), read.person_name(person)?))).collect()
}

fn words(pair: Pair) -> [&'static str; 2] {
    pair.both().map(Capacity::word)
}

fn state(one: &Exception, today: Date) -> &'static str {
    match () {
        () if one.revoked.is_some() => "revoked",
        () if one.runs(today) => "runs",
        () if today < one.from => "waits",
        () => "over",
    }
}
