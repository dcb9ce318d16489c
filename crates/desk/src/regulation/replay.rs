//! Deciding the lookups of the past again under another version of their regulation.
//!
//! An entry about a lookup keeps its command and its facts, sealed. They are opened, decided on, and dropped:
//! what comes out are codes, units, reasons and counts. What an older version did not ask about was not kept
//! either; such a lookup is counted as one that cannot be told, never guessed at.

use super::Checked;
use crate::{Answer, Desk, carry};
use domain::activation;
use domain::actor::Actor;
use domain::decision::Rule;
use domain::id::{EventId, LogId, LookupId, PersonId};
use domain::lookup::ask::{self, Ask, Kept};
use domain::lookup::{self, checks, run};
use domain::regulation::{Consequence, Pack, ScopeOfConsent, Timing};
use domain::time::Instant;
use domain::{Grounds, grant::scope};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::{EntryRow, Fault, Read};

/// Entries read in one look at the store.
const PAGE: u32 = 256;
/// Clocks of nodes may differ by so much, so an entry that is older ends nothing by itself.
const SLACK_SECONDS: i64 = 3_600;

/// Which entries are looked through, the newest first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    /// Those since this moment.
    pub(super) since: Option<Instant>,
    /// Those before the entry of this number.
    pub(super) before: Option<u64>,
    /// At most so many.
    pub(super) most: u64,
}

/// How a lookup would end otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// It was permitted and would be refused.
    Refused,
    /// It would be stamped first as it was, and refused when it was run.
    RunRefused,
    /// It would wait for a stamp before the data.
    StampFirst,
    /// It would no longer wait for a stamp before the data.
    AtOnce,
    /// It would want a stamp, which it did not.
    Stamped,
    /// It would want no stamp any more.
    Unstamped,
}

impl Turn {
    /// The word that is printed.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::RunRefused => "refused-after-stamp",
            Self::StampFirst => "stamp-first",
            Self::AtOnce => "at-once",
            Self::Stamped => "stamp-wanted",
            Self::Unstamped => "no-stamp",
        }
    }
}

/// A reason to refuse, with the clause it names.
pub type Ground = (&'static str, Option<String>);

/// A lookup that would end otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affected {
    /// Its record code.
    pub code: String,
    /// The agency's id.
    pub agency: String,
    /// The unit's id.
    pub unit: String,
    /// How it would end.
    pub turn: Turn,
    /// Why, where it would be refused.
    pub reasons: Vec<Ground>,
}

/// What came of it. Nothing in it is about a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// The agencies under the pack, by their ids.
    pub agencies: Vec<String>,
    /// The oldest and the newest lookup that was decided again.
    pub span: Option<(Instant, Instant)>,
    /// How many were decided again.
    pub decided: u64,
    /// Those that would end otherwise, newest first in each agency.
    pub affected: Vec<Affected>,
    /// Lookups of which the grounds can no longer be read.
    pub unreadable: u64,
    /// Lookups that turn on something the older version did not ask about: what, and how many.
    pub untold: BTreeMap<&'static str, u64>,
    /// Refused attempts, by reason: their grounds are not kept, so they cannot be decided again.
    pub refused: BTreeMap<String, u64>,
    /// Whose lookups would end otherwise.
    askers: Askers,
}

/// People who are counted and never named.
#[derive(Clone, Default, PartialEq, Eq)]
struct Askers(BTreeSet<PersonId>);

impl std::fmt::Debug for Askers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} people", self.0.len())
    }
}

impl Replayed {
    /// How many would end otherwise, by how.
    pub fn turns(&self) -> BTreeMap<Turn, u64> {
        counted(self.affected.iter().map(|one| one.turn))
    }

    /// How often each reason would refuse, with the clause it names.
    pub fn reasons(&self) -> BTreeMap<Ground, u64> {
        counted(self.affected.iter().flat_map(|one| one.reasons.iter().cloned()))
    }

    /// How many people's lookups would end otherwise.
    pub fn people(&self) -> usize {
        self.askers.0.len()
    }

    /// How many would end otherwise in each unit, by agency and unit.
    pub fn units(&self) -> BTreeMap<(String, String), u64> {
        counted(self.affected.iter().map(|one| (one.agency.clone(), one.unit.clone())))
    }
}

fn counted<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, u64> {
    let mut counts = BTreeMap::new();
    keys.for_each(|key| *counts.entry(key).or_default() += 1);
    counts
}

/// What one entry came to.
enum Came {
    /// It is about something else.
    Nothing,
    Unreadable,
    Untold(&'static str),
    Refused(String, u64),
    Decided(Actor, Option<(Turn, Vec<Ground>)>),
    /// A stamped request was run, and would be refused then.
    Ran(Actor, Vec<Ground>),
}

impl Desk {
    /// Decides again, under this version, every lookup of the agencies under its pack since a moment, and
    /// enters in each agency's log that this was done. `told` hears how many entries are done, of how many.
    ///
    /// # Errors
    /// The store.
    pub fn replay(
        &self,
        checked: &Checked,
        since: Option<Instant>,
        told: &mut dyn FnMut(u64, u64),
    ) -> Answer<Replayed> {
        let pack = &self.floored(&checked.pack);
        let rule = Rule { pack, reference: &checked.rule };
        let agencies = self.inner.store.read(|read| read.agencies())?;
        let mut replayed = Replayed::default();
        for agency in agencies.into_iter().filter(|agency| agency.pack == pack.header.id) {
            let (log, before) = (LogId::of(&agency.id), replayed.decided);
            let range = Range { since, before: None, most: u64::MAX };
            self.replay_log(rule, &log, range, (&mut replayed, told))?;
            let n = i64::try_from(replayed.decided - before).unwrap_or(i64::MAX);
            let decision = activation::replayed(&checked.rule, &log, n, &carry::event(), self.now());
            self.inner.store.write(decision)?;
            replayed.agencies.push(agency.id.to_string());
        }
        replayed.once_each();
        Ok(replayed)
    }

    /// A pack on the version of its parent that is in force.
    pub(super) fn floored(&self, pack: &Pack) -> Pack {
        let parent = pack.header.parent.as_ref().and_then(|parent| self.in_force(parent));
        let floored = parent.and_then(|floor| pack.clone().with_floor(floor.pack).ok());
        floored.unwrap_or_else(|| pack.clone())
    }

    /// Decides what is in the range again, and tells before which entry more is left.
    pub(super) fn replay_log(
        &self,
        rule: Rule<'_>,
        log: &LogId,
        Range { since, before, most }: Range,
        (replayed, told): (&mut Replayed, &mut dyn FnMut(u64, u64)),
    ) -> Answer<Option<u64>> {
        let size = self.inner.store.read(|read| read.head(log))?.map_or(0, |head| head.size);
        let size = before.map_or(size, |before| before.min(size));
        let over = since.map(|since| since.plus_seconds(-SLACK_SECONDS));
        let mut next = size;
        while next > 0 && size - next < most {
            let page = self.inner.store.read(|read| {
                let entries = read.entries_before(log, next, PAGE)?;
                let came = entries.into_iter().map(|entry| {
                    let wanted = since.is_none_or(|since| entry.at >= since);
                    let came =
                        if wanted { self.decide_again(read, rule, &entry, since)? } else { Came::Nothing };
                    Ok((entry, came))
                });
                came.collect::<Result<Vec<_>, Fault>>()
            })?;
            let Some((last, _)) = page.last() else { break };
            let ended = over.is_some_and(|over| last.at < over);
            next = if ended { 0 } else { last.index };
            page.into_iter().for_each(|(entry, came)| replayed.add(log, entry, came));
            told(size - next, size);
        }
        Ok(Some(next).filter(|next| *next > 0))
    }

    fn decide_again(
        &self,
        read: &mut Read<'_>,
        rule: Rule<'_>,
        entry: &EntryRow,
        since: Option<Instant>,
    ) -> Result<Came, Fault> {
        let asked = match entry.act.as_str() {
            "lookup.asked" => true,
            "lookup.requested" => false,
            "act.refused" | "act.refused-again" => return Ok(refused(entry)),
            _ => return Ok(Came::Nothing),
        };
        let grounds = match read.grounds(&entry.id) {
            Ok(Some(grounds)) => grounds,
            // A key that was destroyed took its grounds with it, as it should.
            Ok(None) | Err(Fault::Unsealable(_) | Fault::Corrupt(_)) => return Ok(Came::Unreadable),
            Err(fault) => return Err(fault),
        };
        let Some((ask, kept)) = read_grounds(&grounds) else {
            // A request that was stamped is entered as asked once more when it is run.
            return Ok(ran(rule, &grounds, entry.at, since).unwrap_or(Came::Unreadable));
        };
        let earlier = entry.digest.as_deref().and_then(|digest| self.pack_of(digest));
        Ok(decided(rule.pack, earlier.as_deref(), &ask, kept, (asked, entry.at)))
    }

    fn pack_of(&self, digest: &str) -> Option<Arc<Pack>> {
        let rules = self.inner.rules.read().unwrap_or_else(|gone| gone.into_inner());
        rules.by_digest(digest).map(|rule| Arc::clone(&rule.pack))
    }
}

impl Replayed {
    /// Leaves one turn for each record: a request that would have been refused, or would not have waited for
    /// a stamp, would never have been run as it was.
    pub(super) fn once_each(&mut self) {
        let otherwise = |one: &&Affected| one.turn != Turn::RunRefused;
        let codes: BTreeSet<String> =
            self.affected.iter().filter(otherwise).map(|one| one.code.clone()).collect();
        self.affected.retain(|one| one.turn != Turn::RunRefused || !codes.contains(&one.code));
    }

    fn add(&mut self, log: &LogId, entry: EntryRow, came: Came) {
        match came {
            Came::Nothing => {}
            Came::Unreadable => self.unreadable += 1,
            Came::Untold(what) => *self.untold.entry(what).or_default() += 1,
            Came::Refused(reason, n) => *self.refused.entry(reason).or_default() += n,
            Came::Ran(actor, reasons) => self.otherwise(log, entry, actor, (Turn::RunRefused, reasons)),
            Came::Decided(actor, turn) => {
                self.decided += 1;
                let (first, last) = self.span.unwrap_or((entry.at, entry.at));
                self.span = Some((first.min(entry.at), last.max(entry.at)));
                if let Some(turn) = turn {
                    self.otherwise(log, entry, actor, turn);
                }
            }
        }
    }

    fn otherwise(
        &mut self,
        log: &LogId,
        entry: EntryRow,
        actor: Actor,
        (turn, reasons): (Turn, Vec<Ground>),
    ) {
        let (code, agency) = (entry.record.unwrap_or_default(), log.to_string());
        self.affected.push(Affected { code, agency, unit: actor.unit.to_string(), turn, reasons });
        self.askers.0.insert(actor.person);
    }
}

fn read_grounds(grounds: &Grounds) -> Option<(Ask, Kept)> {
    let ask = serde_json::from_str(grounds.command.expose()).ok()?;
    let kept = serde_json::from_str(grounds.facts.expose()).ok()?;
    Some((ask, kept))
}

/// The run of a stamped request under the other version; none if its grounds are no such thing. Those of a
/// request from before `since` are passed over with it.
fn ran(rule: Rule<'_>, grounds: &Grounds, at: Instant, since: Option<Instant>) -> Option<Came> {
    serde_json::from_str::<LookupId>(grounds.command.expose()).ok()?;
    let kept: lookup::Kept = serde_json::from_str(grounds.facts.expose()).ok()?;
    let (links, contracts, machine) = (kept.links, kept.contracts, kept.machine);
    let lookup = kept.rows.into_iter().next()?.lookup;
    if since.is_some_and(|since| lookup.at < since) {
        return Some(Came::Nothing);
    }
    let actor = Actor { capacities: rule.pack.capacities(&kept.actor.role).to_vec(), ..kept.actor };
    // Permissions were asked about when the request was made, and are not kept of the run.
    let permitted = lookup.items.clone();
    let facts =
        run::Facts { permitted, owed: Vec::new(), contracts, machine, lookup, links, seen: Vec::new() };
    Some(match run::decide(rule, &actor, &facts, &EventId::new("replay"), at) {
        Ok(_) => Came::Nothing,
        Err(refusals) => Came::Ran(actor, refusals.iter().map(ground).collect()),
    })
}

fn ground(refusal: &domain::Refusal) -> Ground {
    (refusal.reason.key(), refusal.clause.as_ref().map(ToString::to_string))
}

/// A refused attempt at a lookup: what is entered of it is its reason and how often.
fn refused(entry: &EntryRow) -> Came {
    let detail: serde_json::Value = serde_json::from_str(&entry.detail).unwrap_or_default();
    if detail["attempted"] != "lookup.ask" {
        return Came::Nothing;
    }
    let reason = detail["reason"].as_str().unwrap_or_default().to_owned();
    Came::Refused(reason, detail["count"].as_u64().unwrap_or(1))
}

/// One lookup under the other version, as of its own moment.
fn decided(pack: &Pack, earlier: Option<&Pack>, ask: &Ask, kept: Kept, (asked, at): (bool, Instant)) -> Came {
    let Kept { actor, facts } = kept;
    let actor = Actor { capacities: pack.capacities(&actor.role).to_vec(), ..actor };
    if let Some(what) = untold(pack, earlier, &actor, ask) {
        return Came::Untold(what);
    }
    let turn = match ask::permitted(pack, &actor, ask, &facts, at) {
        Err(refusals) => Some((Turn::Refused, refusals.iter().map(ground).collect())),
        Ok(_) => turned(pack, earlier, &actor, ask, asked).map(|turn| (turn, Vec::new())),
    };
    Came::Decided(actor, turn)
}

/// What becomes of the stamp of a lookup that stays permitted.
fn turned(pack: &Pack, earlier: Option<&Pack>, actor: &Actor, ask: &Ask, asked: bool) -> Option<Turn> {
    let timing =
        |pack: &Pack| pack.countersign(&checks::situation(actor, ask)).map(|stamp| stamp.value.timing);
    let (now, was) = (timing(pack), earlier.map(timing));
    match (asked, now) {
        (true, Some(Timing::Before)) => Some(Turn::StampFirst),
        (false, Some(Timing::After | Timing::Batch) | None) => Some(Turn::AtOnce),
        (true, Some(_)) if was == Some(None) => Some(Turn::Stamped),
        (true, None) if was.is_some_and(|was| was.is_some()) => Some(Turn::Unstamped),
        _ => None,
    }
}

/// What this version asks about and the earlier one did not, so that it was not looked up then.
fn untold(pack: &Pack, earlier: Option<&Pack>, actor: &Actor, ask: &Ask) -> Option<&'static str> {
    let earlier = earlier?;
    let scope = |pack: &Pack| {
        let consent = pack.consent(&actor.situation());
        consent.map_or(ScopeOfConsent::None, |consent| consent.value.scope)
    };
    let of_case = |pack: &Pack| scope(pack) == ScopeOfConsent::Case;
    if scope(pack) != ScopeOfConsent::None && of_case(pack) != of_case(earlier) {
        return Some("consent");
    }
    let blocks = |pack: &Pack| {
        let stamp = pack.countersign(&actor.situation());
        stamp.is_some_and(|stamp| stamp.value.consequence == Some(Consequence::BlockNewLookups))
    };
    if blocks(pack) && !blocks(earlier) {
        return Some("overdue-stamps");
    }
    if pack.has_obligations() && !earlier.has_obligations() {
        return Some("obligations");
    }
    let of_item = |pack: &Pack| ask.items.iter().any(|item| scope::is_tied(pack, item));
    let tied = |pack: &Pack| of_item(pack) || scope::is_use_tied(pack, &ask.purpose);
    (tied(pack) && !tied(earlier)).then_some("permissions")
}
