//! The regulations in force, read from the store and from nowhere else.

use domain::activation::Activated;
use domain::decision::RuleRef;
use domain::regulation::{self, Pack, Source};
use domain::time::Date;
use std::collections::BTreeMap;
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
}

/// All regulations that were ever put into force.
#[derive(Clone, Default)]
pub struct Rules {
    by_digest: BTreeMap<String, InForce>,
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
        let mut by_digest = BTreeMap::new();
        for (place, activated) in all.into_iter().enumerate() {
            let (rule, from) = (activated.rule.clone(), activated.from);
            let pack = match self.by_digest(&rule.digest) {
                Some(known) => Arc::clone(&known.pack),
                None => Arc::new(parse(&activated)?),
            };
            by_digest.insert(rule.digest.clone(), InForce { pack, rule, from, place });
        }
        Ok(Self { by_digest })
    }

    /// How many they are.
    pub fn count(&self) -> u64 {
        self.by_digest.len() as u64
    }

    /// The version of `pack` that is in force on `day`: the one that began last, and of two that began on the
    /// same day the one that was put into force last.
    pub fn in_force(&self, pack: &str, day: Date) -> Option<&InForce> {
        self.by_digest
            .values()
            .filter(|rule| rule.pack.header.id == pack && rule.from <= day)
            .filter(|rule| rule.pack.header.effective_to.is_none_or(|end| day <= Date::from(end)))
            .max_by_key(|rule| (rule.from, rule.place))
    }

    /// The regulation of this digest, in force or not: running cases finish under theirs.
    pub fn by_digest(&self, digest: &str) -> Option<&InForce> {
        self.by_digest.get(digest)
    }

    /// Every version of a pack that was ever put into force.
    pub fn versions<'a>(&'a self, pack: &'a str) -> impl Iterator<Item = &'a InForce> {
        self.by_digest.values().filter(move |rule| rule.pack.header.id == pack)
    }

    /// The newest version of every pack in force on `day`.
    pub fn all_in_force(&self, day: Date) -> Vec<&InForce> {
        let ids: std::collections::BTreeSet<&str> =
            self.by_digest.values().map(|rule| rule.pack.header.id.as_str()).collect();
        ids.into_iter().filter_map(|id| self.in_force(id, day)).collect()
    }
}

fn parse(activated: &Activated) -> Result<Pack, Fault> {
    let files: Vec<Source<'_>> = activated.files.iter().map(|(path, text)| Source { path, text }).collect();
    regulation::reload(&files).map_err(|_| Fault::Corrupt(format!("regulation {}", activated.rule.name)))
}
