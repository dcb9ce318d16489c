//! Loading a pack from outside the program: what must fit to the versions that are there already.

use super::Checked;
use super::activation::Loaded;
use super::in_force::{InForce, Rules, parse};
use crate::{Desk, No};
use domain::activation::Version;
use domain::id::LogId;
use domain::regulation::{Catalogue, Digest, Pack, PackError};
use std::collections::BTreeMap;
use std::sync::PoisonError;

/// What stands against loading a pack.
#[derive(Debug)]
pub enum Unloadable {
    /// This version was loaded before, and said something else.
    OtherBytes {
        /// `pack@version`.
        name: String,
    },
    /// The pack that it names as its parent was never loaded.
    NoParent {
        /// The id of the parent.
        parent: String,
    },
    /// A form does not fit to that of another version.
    Misfit(PackError),
    /// The store.
    No(No),
}

impl From<No> for Unloadable {
    fn from(no: No) -> Self {
        Self::No(no)
    }
}

impl Unloadable {
    /// What is wrong and what to do, in one sentence; none where it is the store's doing and may pass.
    pub fn sentence(&self) -> Option<String> {
        match self {
            Self::OtherBytes { name } => Some(format!(
                "{name} was loaded before with other content, and what is loaded never changes: give the \
                 amended text a version of its own"
            )),
            Self::NoParent { parent } => Some(format!(
                "there is no pack `{parent}`, which it names as its parent: load that one first, or mend \
                 `parent` in the header"
            )),
            Self::Misfit(error) => Some(error.to_string()),
            Self::No(_) => None,
        }
    }
}

impl Desk {
    /// Puts a pack from outside the program into force from its own date on, or lays it before the agencies
    /// under it where the version in force wants that.
    ///
    /// # Errors
    /// It does not fit to what is there; the store.
    pub fn load(&self, checked: Checked) -> Result<Loaded, Unloadable> {
        self.refresh_rules()?;
        let (pack, name, digest) =
            (checked.pack.clone(), checked.rule.name.clone(), checked.rule.digest.clone());
        self.put(checked, |rules, waiting| fits(rules, waiting, &pack, &name, &digest))
    }

    /// Whether a pack could be loaded as it is.
    ///
    /// # Errors
    /// As [`Desk::load`], without writing anything.
    pub fn may_load(&self, checked: &Checked) -> Result<(), Unloadable> {
        self.refresh_rules()?;
        match self.has(&checked.rule.digest) {
            true => Ok(()),
            false => {
                let waiting = self.inner.store.read(|read| read.proposals()).map_err(No::from)?;
                let Checked { pack, rule, .. } = checked;
                fits(&self.rules(), &waiting, pack, &rule.name, &rule.digest)
            }
        }
    }

    /// The version of a pack in force today.
    pub fn in_force(&self, pack: &str) -> Option<InForce> {
        self.rule_in_force(pack, self.now().date())
    }

    /// The roles that people of agencies under a pack hold today and that this version does not have, each
    /// with how many hold it. Whoever holds one can do nothing any more.
    ///
    /// # Errors
    /// The store.
    pub fn roles_left_out(&self, pack: &Pack) -> Result<Vec<(String, usize)>, No> {
        let today = self.now().date();
        let held = self.inner.store.read(|read| {
            let mut held: BTreeMap<String, usize> = BTreeMap::new();
            for agency in read.agencies()?.into_iter().filter(|agency| agency.pack == pack.header.id) {
                for holder in read.holders(&LogId::of(&agency.id), today)? {
                    *held.entry(holder.role).or_default() += 1;
                }
            }
            Ok(held)
        })?;
        Ok(held.into_iter().filter(|(role, _)| pack.role(role).is_none()).collect())
    }

    /// Notes what is wrong in the folder that this node loads packs from, for the pages that show it.
    pub fn note_pack_faults(&self, faults: Vec<String>) {
        *self.inner.pack_faults.write().unwrap_or_else(PoisonError::into_inner) = faults;
    }

    pub(crate) fn pack_faults(&self) -> Vec<String> {
        self.inner.pack_faults.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Whether a pack fits beside the versions that were ever put into force, and those that wait.
fn fits(rules: &Rules, waiting: &[Version], pack: &Pack, name: &str, digest: &str) -> Result<(), Unloadable> {
    let id = &pack.header.id;
    let mut others = rules.versions(id).map(|own| &own.rule).chain(waiting.iter().map(|own| &own.rule));
    if others.any(|other| other.name == name && other.digest != digest) {
        return Err(Unloadable::OtherBytes { name: name.into() });
    }
    let parent = pack.header.parent.as_ref();
    if let Some(parent) = parent.filter(|parent| rules.versions(parent).next().is_none()) {
        return Err(Unloadable::NoParent { parent: parent.clone() });
    }
    // The catalogue wants digests to tell versions apart by, and any will do.
    let number = |at: usize| Digest(ledger::hash::sha256(&at.to_le_bytes()).0);
    let others = rules.versions(id).map(|other| Pack::clone(&other.pack));
    let open = waiting.iter().filter(|version| version.pack == *id && version.rule.digest != digest);
    let open =
        open.map(parse).collect::<Result<Vec<_>, _>>().map_err(|fault| Unloadable::No(fault.into()))?;
    let all = others.chain(open).chain([pack.clone()]).enumerate().map(|(at, pack)| (number(at), pack));
    Catalogue::new(all).map(|_| ()).map_err(Unloadable::Misfit)
}
