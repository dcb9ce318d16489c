//! Several packs, several versions of each.

use alloc::format;
use alloc::sync::Arc;
use alloc::vec::Vec;

use jiff::civil::Date;

use super::error::PackError;
use super::pack::{Digest, Pack};

/// Every pack that was loaded, each version with every version of its floor under it.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    entries: Vec<Loaded>,
}

/// One version of a pack.
#[derive(Clone, Debug)]
struct Loaded {
    digest: Digest,
    bare: Arc<Pack>,
    floored: Vec<(Digest, Arc<Pack>)>,
}

impl Catalogue {
    /// A catalogue of packs by their digests; the order does not matter, a digest counts once.
    ///
    /// # Errors
    /// Where a pack cannot stand on the floor it names, or a field of a form has another type than in another
    /// version.
    pub fn new(packs: impl IntoIterator<Item = (Digest, Pack)>) -> Result<Self, PackError> {
        let mut entries: Vec<Loaded> = Vec::new();
        for (digest, mut pack) in packs {
            if entries.iter().all(|entry| entry.digest != digest) {
                pack.digest = Some(digest);
                entries.push(Loaded { digest, bare: Arc::new(pack), floored: Vec::new() });
            }
        }
        let bare: Vec<(Digest, Arc<Pack>)> =
            entries.iter().map(|entry| (entry.digest, entry.bare.clone())).collect();
        for (at, (_, pack)) in bare.iter().enumerate() {
            let others = bare[..at].iter().filter(|(_, other)| other.header.id == pack.header.id);
            others.map(|(_, other)| other).try_for_each(|other| same_fields(pack, other))?;
        }
        for entry in &mut entries {
            let Some(parent) = entry.bare.header.parent.clone() else { continue };
            for (digest, floor) in bare.iter().filter(|(_, pack)| pack.header.id == parent) {
                let pack = Pack::clone(&entry.bare).with_floor(floor.clone())?;
                entry.floored.push((*digest, Arc::new(pack)));
            }
        }
        Ok(Self { entries })
    }

    /// The version of a pack in force on a day, on the version of its floor in force that day. Of several the
    /// one that began last.
    pub fn in_force(&self, id: &str, day: Date) -> Option<Arc<Pack>> {
        let entry = self.entry(id, day)?;
        let parent = entry.bare.header.parent.as_deref();
        let floor = parent.and_then(|parent| self.entry(parent, day)).map(|floor| floor.digest);
        let floored = entry.floored.iter().find(|(digest, _)| Some(*digest) == floor);
        Some(floored.map_or(&entry.bare, |(_, pack)| pack).clone())
    }

    /// A pack by its digest, without a floor: what a record was made under is asked with the floor of that
    /// day.
    pub fn by_digest(&self, digest: Digest) -> Option<Arc<Pack>> {
        self.entries.iter().find(|entry| entry.digest == digest).map(|entry| entry.bare.clone())
    }

    /// A pack by its digest on the floor of another digest, as a decision recorded them.
    pub fn on_floor(&self, digest: Digest, floor: Digest) -> Option<Arc<Pack>> {
        let entry = self.entries.iter().find(|entry| entry.digest == digest)?;
        entry.floored.iter().find(|(below, _)| *below == floor).map(|(_, pack)| pack.clone())
    }

    /// Every pack that was loaded, without floors.
    pub fn packs(&self) -> impl Iterator<Item = &Arc<Pack>> {
        self.entries.iter().map(|entry| &entry.bare)
    }

    fn entry(&self, id: &str, day: Date) -> Option<&Loaded> {
        let current = |entry: &&Loaded| entry.bare.header.id == id && entry.bare.header.in_force(day);
        let newest = |entry: &&Loaded| (entry.bare.header.effective_from, entry.bare.header.version.clone());
        self.entries.iter().filter(current).max_by_key(newest)
    }
}

/// Drafts and records of an older version must stay readable: a field keeps its type for ever.
fn same_fields(pack: &Pack, other: &Pack) -> Result<(), PackError> {
    for form in &pack.forms {
        let Some(before) = other.form(&form.id) else { continue };
        for field in &form.fields {
            let Some(known) = before.field(&field.id).filter(|known| known.kind != field.kind) else {
                continue;
            };
            let (now, then, version) = (&field.kind, &known.kind, &other.header.version);
            return Err(PackError {
                file: form.at.file.clone(),
                line: field.line.0,
                clause: form.clauses.first().map(|id| id.as_str().into()),
                message: format!(
                    "the field `{}` is `{now}` here and `{then}` in version {version}",
                    field.id
                ),
                remedy: "Give the field of the other type an id of its own.".into(),
            });
        }
    }
    Ok(())
}
