//! A year of lookups, made by the rules themselves and written through the one door, as fast as it lets.
//!
//! Every lookup is asked, answered, judged and stamped by the functions of the domain that pages use; only
//! the reading before each decision is left out, because what stands in the rows is known here. So the
//! database is one that the gate could have made: its entries verify and its keys open.

use super::crowd::{self, Team};
use crate::problem::{Done, Problem};
use desk::clock::Hand;
use desk::{Desk, Session};
use domain::case::{self, Case, Party};
use domain::decision::{Change, Rule, Seen};
use domain::id::{BatchId, CaseId, EventId, LogId, LookupId};
use domain::identity::national_id::NationalId;
use domain::link::Standing;
use domain::lookup::answer::{self, Came, Ending};
use domain::lookup::ask::{self, Ask, ConsentFacts, Drawn, Facts};
use domain::lookup::countersign::{self, Batch, Row, Verdict};
use domain::lookup::explanation::CaseFacts;
use domain::lookup::{self, Lookup, Stamp, State, run};
use domain::record_code::{RecordCode, RecordKind};
use domain::regulation::Business;
use domain::time::{Date, Instant};
use domain::{Decision, Outcome, Personal};
use gate::simulator::Population;
use store::WriteError;

/// Days over which the lookups are spread, the last of them yesterday.
const DAYS: i64 = 365;
/// Lookups that are made together at least.
const ROUND: u64 = 4_000;
/// Days at the end whose sheets nobody has stamped yet.
const UNSTAMPED_DAYS: i64 = 2;
/// Most rows that are stamped as one batch.
const BATCH: usize = 200;
/// One case to so many lookups.
const PER_CASE: u64 = 4;
/// Threads that write. Each waits for the disk, so there are many: what waits together is committed together.
const WRITERS: usize = 1_000;
/// One lookup in so many is not explained by its case.
const UNEXPLAINED: u64 = 17;
/// People who are looked up again and again, and one lookup in how many is about one of them.
const WELL_KNOWN: (u64, u64) = (20, 100);

/// A number that looks like chance and is the same in every run.
fn chance(a: u64, b: u64, c: u64) -> u64 {
    let mut x = a.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ b.rotate_left(24) ^ c.rotate_left(48);
    for _ in 0..2 {
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    }
    x ^ (x >> 31)
}

/// A valid national number for each index below 100 million.
pub fn number(index: u64) -> Personal {
    const LETTERS: &[u8; 26] = b"ABCDEFGHJKLMNPQRSTUVXYWZIO";
    let letter = char::from(LETTERS[(index % 26) as usize]);
    let body = format!("{letter}{}{:07}", 1 + index / 26 % 2, index / 52 % 10_000_000);
    let whole = (0..10).find_map(|check| NationalId::parse(&format!("{body}{check}")).ok());
    Personal::new(whole.map(|id| id.expose().to_string()).unwrap_or_default())
}

/// The months before a database's present, for the clock that it is set up by.
pub fn start(now: Instant) -> Instant {
    now.plus_hours(-24 * (DAYS + 1))
}

/// Fills the store with so many lookups and the cases they belong to.
///
/// # Errors
/// The store.
pub fn fill(desk: &Desk, hand: &Hand, population: &Population, lookups: u64, now: Instant) -> Done {
    crowd::enrol(desk, population)?;
    crowd::bind(desk);
    hand.set(now);
    let teams = crowd::teams(desk)?;
    let last = now.date().plus_days(-1).unwrap_or(now.date());
    let days: Vec<Date> = (0..DAYS)
        .rev()
        .filter_map(|back| last.plus_days(-back))
        .filter(|day| !day.weekday().is_weekend())
        .collect();
    let mut filler = Filler {
        desk,
        teams: &teams,
        population,
        pool: (lookups / 5).max(100),
        made: vec![0; teams.len()],
        batches: 0,
    };
    // Days with few lookups are made together, so that there is always much to commit at once.
    let together = (ROUND * days.len() as u64).div_ceil(lookups.max(1)).max(1) as usize;
    let rounds = days.len().div_ceil(together);
    for (round, some) in days.chunks(together).enumerate() {
        let mut all = Vec::new();
        for (place, day) in (round * together + 1..).zip(some) {
            let due = |share: u64| lookups * share * place as u64 / (1_000 * days.len() as u64);
            all.extend(filler.plan(*day, day.days_until(last) >= UNSTAMPED_DAYS, due)?);
        }
        filler.make(all)?;
        if (round + 1) % rounds.div_ceil(10) == 0 {
            eprintln!("    {} %", 100 * (round + 1) / rounds);
        }
    }
    Ok(())
}

struct Filler<'a> {
    desk: &'a Desk,
    teams: &'a [Team],
    population: &'a Population,
    /// How many people there are to look up.
    pool: u64,
    /// Lookups made so far by each team.
    made: Vec<u64>,
    /// Batches stamped so far.
    batches: u64,
}

/// A lookup that is to be made, and where it stands once it is.
struct Under {
    team: usize,
    /// Its number within the team.
    index: u64,
    serial: u64,
    at: Instant,
    /// Whether it is stamped the same evening.
    stamped: bool,
    lookup: Option<Lookup>,
    /// Who asked.
    user: usize,
    /// How often its row has changed.
    rev: i64,
}

impl Under {
    fn lookup(&self) -> Done<&Lookup> {
        self.lookup.as_ref().ok_or_else(|| Problem::new("a lookup was not made"))
    }

    fn stands(&self, state: State) -> bool {
        self.lookup.as_ref().is_some_and(|lookup| lookup.state == state)
    }

    fn waits(&self) -> bool {
        self.lookup.as_ref().is_some_and(|lookup| lookup.stamp == Stamp::Awaiting)
    }

    fn seen(&self, log: &LogId) -> Done<Seen> {
        Ok(Seen { key: self.lookup()?.key(log), rev: self.rev })
    }

    /// When its sheet is looked at.
    fn evening(&self) -> Instant {
        Instant::at(self.at.date(), 17, 30)
    }

    /// A name for an entry about it. It need not be random, for nobody else writes.
    fn event(&self, what: &str) -> EventId {
        EventId::new(format!("ev-fill-{}-{}-{what}", self.team, self.index))
    }

    /// The row has changed: it stands so now.
    fn moved(&mut self, state: State, stamp: Stamp) {
        self.rev += 1;
        if let Some(lookup) = &mut self.lookup {
            (lookup.state, lookup.stamp) = (state, stamp);
        }
    }
}

/// Does something to every item, on many threads.
fn each<T: Send>(items: &mut [T], work: impl Fn(&mut T) -> Done + Sync) -> Done {
    let share = items.len().div_ceil(WRITERS).max(1);
    std::thread::scope(|scope| {
        let threads: Vec<_> = items
            .chunks_mut(share)
            .map(|chunk| scope.spawn(|| chunk.iter_mut().try_for_each(&work)))
            .collect();
        let gone = |_| Problem::new("a thread of the filling broke off");
        threads.into_iter().try_for_each(|thread| thread.join().map_err(gone)?)
    })
}

fn rule(session: &Session) -> Rule<'_> {
    Rule { pack: &session.pack, reference: &session.rule }
}

fn decided(outcome: Outcome<Decision>) -> Done<Decision> {
    outcome.map_err(|refusals| {
        let reasons: Vec<&str> = refusals.iter().map(|refusal| refusal.reason.key()).collect();
        Problem::new(format!("a made-up lookup was refused: {}", reasons.join(", ")))
    })
}

impl Filler<'_> {
    fn write(&self, decision: Decision) -> Done {
        match self.desk.store().write(decision) {
            Ok(_) => Ok(()),
            Err(WriteError::Fault(fault)) => Err(fault.into()),
            Err(other) => Err(Problem::new(other.to_string())),
        }
    }

    /// Makes lookups step by step: cases, asking, answers, judging, the stamp, and what only then is asked.
    fn make(&mut self, mut all: Vec<Under>) -> Done {
        let mut cases: Vec<(usize, u64, Instant)> = all
            .iter()
            .filter(|under| under.index.is_multiple_of(PER_CASE))
            .map(|under| (under.team, under.index, under.at))
            .collect();
        let own = &*self;
        each(&mut cases, |(team, index, at)| own.register(&own.teams[*team], *index / PER_CASE, *at))?;
        each(&mut all, |under| own.ask(under))?;
        each(&mut all, |under| own.answer(under, 3))?;
        each(&mut all, |under| own.judge(under))?;
        let mut batches: Vec<(u64, Vec<&mut Under>)> = Vec::new();
        for under in all.iter_mut().filter(|under| under.stamped && under.waits()) {
            let goes = |rows: &[&mut Under]| {
                let same = rows[0].team == under.team && rows[0].at.date() == under.at.date();
                same && rows.len() < BATCH
            };
            match batches.last_mut() {
                Some((_, rows)) if goes(rows) => rows.push(under),
                _ => batches.push((self.batches + batches.len() as u64 + 1, vec![under])),
            }
        }
        each(&mut batches, |(serial, rows)| own.stamp(rows, *serial))?;
        let count = batches.len() as u64;
        drop(batches);
        each(&mut all, |under| own.run(under))?;
        each(&mut all, |under| own.answer(under, 60_000))?;
        self.batches += count;
        Ok(())
    }

    /// What the teams look up on a day, with serial numbers drawn as the desk draws them.
    fn plan(&mut self, day: Date, stamped: bool, due: impl Fn(u64) -> u64) -> Done<Vec<Under>> {
        let mut all = Vec::new();
        for (team, of) in self.teams.iter().enumerate() {
            let morning =
                Instant::at(day, 9, 0).plus_seconds((chance(self.made[team], of.share, 0) % 3_600) as i64);
            let (from, to) = (self.made[team], due(of.share).max(self.made[team]));
            all.extend((from..to).map(|index| Under {
                team,
                index,
                serial: 0,
                at: morning.plus_seconds((index - from) as i64 * 24_000 / (to - from) as i64),
                stamped,
                lookup: None,
                user: 0,
                rev: 0,
            }));
            self.made[team] = to;
        }
        let (count, text) = (u32::try_from(all.len()).unwrap_or(u32::MAX), day.to_string());
        let first = self.desk.store().tend(|tend| tend.take_serials(&LogId::platform(), &text, count))?;
        for (serial, under) in (first..).zip(&mut all) {
            under.serial = serial;
        }
        Ok(all)
    }

    /// Case `index` of a team: its officer's place, its number and its persons are always the same.
    fn officer(&self, team: &Team, index: u64) -> usize {
        match chance(index, team.share, 2) % 3 {
            0 => 1 + (index % team.users.len().max(1) as u64) as usize,
            _ => 0,
        }
        .min(team.users.len() - 1)
    }

    fn party(&self, team: &Team, index: u64, place: u64) -> Party {
        let pick = chance(index, place, team.unit.len() as u64 + team.share);
        let person = match pick % WELL_KNOWN.1 {
            0 => pick / 128 % WELL_KNOWN.0,
            _ => pick / 128 % self.pool,
        };
        let named = &self.population.persons()[person as usize % self.population.persons().len()];
        Party {
            name: Personal::new(named.name.as_str()),
            subject: number(person),
            role: named.relation.to_string(),
        }
    }

    fn register(&self, team: &Team, index: u64, at: Instant) -> Done {
        let officer = &team.users[self.officer(team, index)];
        let (log, business) = (officer.actor.log(), business(officer, index));
        let case = Case {
            id: CaseId::new(format!("case-{}-{index}", team.unit)),
            number: case_number(team, index),
            business: business.code,
            officer: officer.actor.person.clone(),
            unit: officer.actor.unit.clone(),
            received: at.date(),
            closed: None,
        };
        let parties = (0..1 + index % 3).map(|party| self.party(team, index, party)).collect();
        let seen = Seen { key: case::key(&log, &case.number), rev: 0 };
        let event = EventId::new(format!("ev-fill-{}-{index}", case.id));
        let registered = case::register(rule(officer), &officer.actor, case, parties, seen, &event, at);
        self.write(decided(registered)?)
    }

    fn ask(&self, under: &mut Under) -> Done {
        let team = &self.teams[under.team];
        let pick = chance(under.index, team.share, under.team as u64);
        let index = (under.index / PER_CASE).saturating_sub(pick % 20);
        let explained = !(pick / 4_096).is_multiple_of(UNEXPLAINED);
        under.user = match explained {
            true => self.officer(team, index),
            false => (pick / 8_192) as usize % team.users.len(),
        };
        let session = &team.users[under.user];
        let business = business(session, index);
        let party = match explained {
            true => self.party(team, index, pick / 32 % (1 + index % 3)),
            false => self.party(team, index + pick % 999, 0),
        };
        let case = CaseFacts {
            business: business.code.clone(),
            officer: team.users[self.officer(team, index)].actor.person.clone(),
            received: under.at.date(),
            closed: None,
            subject_is_party: explained,
        };
        let ask = self.wish(session, business, case_number(team, index), party, pick, explained);
        let facts = Facts {
            permitted: ask.items.clone(),
            case: Some(case),
            case_id: Some(CaseId::new(format!("case-{}-{index}", team.unit))),
            consent: Some(ConsentFacts { until: None }),
            head_consent: true,
            links: vec![link(under.at.date())],
            ..Facts::default()
        };
        let drawn = Drawn {
            code: LookupId::new(code(RecordKind::Lookup, under.at.date(), under.serial)?),
            event: under.event("ask"),
            address: format!("10.{}.{}.{}", under.team, under.user, 1 + pick % 250),
        };
        let decision = decided(ask::decide(rule(session), &session.actor, &ask, &facts, &drawn, under.at))?;
        under.lookup = decision.changes().iter().find_map(|change| match change {
            Change::Lookup(lookup::Change::New(new)) => Some(new.lookup.clone()),
            _ => None,
        });
        under.rev = 1;
        self.write(decision)
    }

    fn wish(
        &self,
        session: &Session,
        business: Business,
        case_number: String,
        party: Party,
        pick: u64,
        explained: bool,
    ) -> Ask {
        let words = Personal::new(self.home(pick));
        let (purposes, bases) = (session.pack.purposes(), session.pack.legal_bases());
        Ask {
            case_number,
            purpose: business.purpose.unwrap_or_else(|| purposes[0].value.code.clone()),
            purpose_text: words.clone(),
            basis: business.basis.unwrap_or_else(|| bases[0].value.code.clone()),
            basis_text: words.clone(),
            subject: party.subject,
            name: party.name,
            role: party.role,
            outside_reason: if explained { Personal::default() } else { words },
            items: business.minimal,
        }
    }

    /// Words of a usual length: somebody's address.
    fn home(&self, pick: u64) -> String {
        let homes = self.population.households();
        homes[pick as usize % homes.len()].address()
    }

    /// Enters what the provider answered, if the lookup was asked.
    fn answer(&self, under: &mut Under, seconds: i64) -> Done {
        if !under.stands(State::Asked) {
            return Ok(());
        }
        let (session, lookup) = (&self.teams[under.team].users[under.user], under.lookup()?);
        let ending = match chance(under.serial, under.index, 4) % 100 {
            0 => Ending::TimedOut,
            1 | 2 => Ending::Down,
            3..=6 => Ending::NotFound,
            _ => Ending::Found,
        };
        let found = ending == Ending::Found;
        let body = if found { Personal::new(self.home(under.index).repeat(8)) } else { Personal::default() };
        let came = Came { ending, rows: u32::from(found), items: lookup.items.clone(), body };
        let (seen, event) = (under.seen(&session.actor.log())?, under.event("answer"));
        let at = under.at.plus_seconds(seconds);
        let decision = answer::decide(&session.rule, &session.actor, lookup, seen, &came, &event, at);
        let stamp = if lookup.stamp == Stamp::Later { Stamp::Awaiting } else { lookup.stamp };
        under.moved(ending.state(), stamp);
        self.write(decision)
    }

    /// Opens and judges a row that its case does not explain.
    fn judge(&self, under: &mut Under) -> Done {
        let (lookup, at) = (under.lookup()?.clone(), under.evening());
        if lookup.lights.all_lit() || !under.stamped || !under.waits() {
            return Ok(());
        }
        let (verdict, stamp) = match chance(under.serial, under.index, 5) % 40 {
            0 => (Verdict::Anomaly, Stamp::Anomaly),
            1..=4 => (Verdict::Return, Stamp::Returned),
            _ => (Verdict::Match, Stamp::Awaiting),
        };
        let session = &self.teams[under.team].stamper;
        let state = lookup.state;
        let row = Row { lookup, seen: under.seen(&session.actor.log())?, drawn: false };
        let (note, event) = (Personal::new("checked with the officer of the case"), under.event("judge"));
        let (rule, actor) = (rule(session), &session.actor);
        self.write(decided(countersign::judge(rule, actor, &row, verdict, &note, &event, at))?)?;
        under.moved(state, stamp);
        if let Some(lookup) = &mut under.lookup {
            lookup.judged = verdict == Verdict::Match;
        }
        Ok(())
    }

    /// Stamps rows of one team as one batch.
    fn stamp(&self, rows: &mut [&mut Under], serial: u64) -> Done {
        let Some(first) = rows.first() else { return Ok(()) };
        let (session, event, at) = (&self.teams[first.team].stamper, first.event("stamp"), first.evening());
        let log = session.actor.log();
        let row = |under: &&mut Under| {
            Ok(Row { lookup: under.lookup()?.clone(), seen: under.seen(&log)?, drawn: false })
        };
        let id = BatchId::new(code(RecordKind::CountersignBatch, at.date(), serial)?);
        let all = rows.iter().map(row).collect::<Done<Vec<_>>>()?;
        let (batch, own) = (Batch { id, rows: all, drawn_by: "0".into() }, rule(session));
        let stamped = countersign::stamp(own, &|_| own, &session.actor, &batch, &event, at);
        self.write(decided(stamped)?)?;
        for under in rows {
            let state = if under.stands(State::Requested) { State::Approved } else { under.lookup()?.state };
            under.moved(state, Stamp::Stamped);
            if let Some(lookup) = &mut under.lookup {
                lookup.stamped_at = Some(at);
            }
        }
        Ok(())
    }

    /// Carries out a request that was stamped beforehand; a few are never fetched.
    fn run(&self, under: &mut Under) -> Done {
        if !under.stands(State::Approved) || chance(under.serial, under.index, 6).is_multiple_of(200) {
            return Ok(());
        }
        let session = &self.teams[under.team].users[under.user];
        let seen = vec![under.seen(&session.actor.log())?];
        let lookup = under.lookup()?.clone();
        let (permitted, links) = (lookup.items.clone(), vec![link(under.at.date())]);
        let facts =
            run::Facts { permitted, owed: vec![], contracts: vec![], machine: None, lookup, links, seen };
        let (event, at) = (under.event("run"), under.evening());
        self.write(decided(run::decide(rule(session), &session.actor, &facts, &event, at))?)?;
        under.moved(State::Asked, Stamp::Stamped);
        Ok(())
    }
}

/// A link that was used today already.
fn link(today: Date) -> Standing {
    Standing { id: "link".into(), runs: true, until: None, passed: true, used: Some(today) }
}

fn code(kind: RecordKind, day: Date, serial: u64) -> Done<String> {
    let serial = u32::try_from(serial).unwrap_or(u32::MAX);
    let code = RecordCode::new(kind, day, serial);
    code.map(|code| code.to_string()).map_err(|error| Problem::new(format!("{error:?}")))
}

fn case_number(team: &Team, index: u64) -> String {
    format!("{}-{index:07}", team.unit)
}

fn business(session: &Session, index: u64) -> Business {
    let mut all = session.pack.businesses();
    all.swap_remove(index as usize % all.len()).value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_a_valid_one_and_no_two_are_the_same() {
        let all: std::collections::BTreeSet<String> =
            (0..2_000).map(|index| number(index).expose().to_string()).collect();
        assert_eq!(all.len(), 2_000);
        assert!(all.iter().all(|number| NationalId::parse(number).is_ok()));
    }
}
