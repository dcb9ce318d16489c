//! The regulations in force, read from the store and from nowhere else.

use domain::activation::Version;
use domain::decision::RuleRef;
use domain::regulation::{self, Pack, Source};
use domain::time::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::{Fault, Store};

/// One regulation, ready to be asked.
#[derive(Clone)]
pub struct InForce {
    /// The pack, with its parent's floor beneath it.
    pub pack: Arc<Pack>,
    /// Its name and digest.
    pub rule: RuleRef,
    /// From which day it is in force.
    pub from: Date,
    /// Its place in the order in which the store tells them: of two that begin on one day, the later one was
    /// put into force later.
    pub place: usize,
    /// Its last day, where it has ended and none took its place: what was begun under it goes on, and nothing
    /// new is.
    pub over: Option<Date>,
    /// From which day the floor beneath it is; the beginning of time where there is none.
    floor_from: Date,
}

impl InForce {
    /// A regulation with nothing beneath it.
    pub(crate) fn alone(pack: &Arc<Pack>, rule: &RuleRef, from: Date) -> Self {
        Self {
            pack: Arc::clone(pack),
            rule: rule.clone(),
            from,
            over: None,
            floor_from: Date::MONDAY,
            place: 0,
        }
    }
}

/// All regulations that were ever put into force.
#[derive(Clone, Default)]
pub struct Rules {
    /// Each version once for every version of its parent, the oldest floor first.
    by_digest: BTreeMap<String, Vec<InForce>>,
}

impl Rules {
    /// Reads them from the store.
    ///
    /// # Errors
    /// The store, or bytes in it that are no pack any more.
    pub fn load(store: &Store) -> Result<Self, Fault> {
        Self::default().again(store)
    }

    /// Reads them from the store again; one that is known already is not made anew from its files, which its
    /// digest names.
    ///
    /// # Errors
    /// As [`Rules::load`].
    pub fn again(&self, store: &Store) -> Result<Self, Fault> {
        let all = store.read(|read| read.regulations())?;
        let mut bare = Vec::new();
        for activated in all {
            let known = self.by_digest.get(&activated.rule.digest).and_then(|known| known.first());
            let pack = match known {
                Some(known) => Arc::clone(&known.pack),
                None => Arc::new(parse(&activated)?),
            };
            bare.push((activated.rule, activated.from, pack));
        }
        let over = |(place, (rule, from, pack)): (usize, &(RuleRef, Date, Arc<Pack>))| {
            let alone = InForce { place, ..InForce::alone(pack, rule, *from) };
            (rule.digest.clone(), laid(alone, &bare))
        };
        Ok(Self { by_digest: bare.iter().enumerate().map(over).collect() })
    }

    /// How many they are.
    pub fn count(&self) -> u64 {
        self.by_digest.len() as u64
    }

    /// The version of `pack` that is in force on `day`: the one that began last, and of two that began on the
    /// same day the one that was put into force last. What it took the place of does not come back when it
    /// ends.
    pub fn in_force(&self, pack: &str, day: Date) -> Option<&InForce> {
        self.latest(pack, day).filter(|rule| last_day(rule).is_none_or(|end| day <= end))
    }

    /// The same; where it has ended and none took its place, it says since when it is over. Its clocks run
    /// on.
    pub fn running(&self, pack: &str, day: Date) -> Option<InForce> {
        let rule = self.latest(pack, day)?;
        Some(InForce { over: last_day(rule).filter(|end| *end < day), ..rule.clone() })
    }

    fn latest(&self, pack: &str, day: Date) -> Option<&InForce> {
        self.by_digest
            .values()
            .flatten()
            .filter(|rule| rule.pack.header.id == pack && rule.from <= day)
            .filter(|rule| rule.floor_from <= day || rule.pack.floor().is_none())
            .max_by_key(|rule| (rule.from, rule.place, rule.floor_from))
    }

    /// The regulation of this digest, in force or not: running cases finish under theirs.
    pub fn by_digest(&self, digest: &str) -> Option<&InForce> {
        self.by_digest.get(digest).and_then(|versions| versions.last())
    }

    /// Every version of a pack that was ever put into force, with nothing beneath it.
    pub fn versions<'a>(&'a self, pack: &'a str) -> impl Iterator<Item = &'a InForce> {
        let alone = self.by_digest.values().filter_map(|versions| versions.first());
        alone.filter(move |rule| rule.pack.header.id == pack)
    }

    /// Every version that was ever put into force, over the newest floor that it had.
    pub fn every(&self) -> impl Iterator<Item = &InForce> {
        self.by_digest.values().filter_map(|versions| versions.last())
    }

    /// The newest version of every pack in force on `day`.
    pub fn all_in_force(&self, day: Date) -> Vec<&InForce> {
        self.packs().into_iter().filter_map(|id| self.in_force(id, day)).collect()
    }

    /// The same with those that were in force last and have no other in their place.
    pub fn all_running(&self, day: Date) -> Vec<InForce> {
        self.packs().into_iter().filter_map(|id| self.running(id, day)).collect()
    }

    fn packs(&self) -> BTreeSet<&str> {
        self.by_digest.values().flatten().map(|rule| rule.pack.header.id.as_str()).collect()
    }
}

/// The last day of a version, where it has one.
fn last_day(rule: &InForce) -> Option<Date> {
    rule.pack.header.effective_to.map(Date::from)
}

/// A regulation alone, and with each version of its parent beneath it.
fn laid(alone: InForce, all: &[(RuleRef, Date, Arc<Pack>)]) -> Vec<InForce> {
    let parent = alone.pack.header.parent.clone();
    let floors = all.iter().filter(|(.., floor)| Some(&floor.header.id) == parent.as_ref());
    let over = floors.filter_map(|(_, floor_from, floor)| {
        let pack = Pack::clone(&alone.pack).with_floor(Arc::clone(floor)).ok()?;
        Some(InForce { pack: Arc::new(pack), floor_from: *floor_from, ..alone.clone() })
    });
    let mut versions: Vec<InForce> = over.collect();
    versions.sort_by_key(|version| version.floor_from);
    versions.insert(0, alone);
    versions
}

/// The pack that a version's files are.
///
/// # Errors
/// They are none any more.
pub(super) fn parse(version: &Version) -> Result<Pack, Fault> {
    let files: Vec<Source<'_>> = version.files.iter().map(|(path, text)| Source { path, text }).collect();
    regulation::reload(&files).map_err(|_| Fault::Corrupt(format!("regulation {}", version.rule.name)))
}
