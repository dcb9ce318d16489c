//! The walk over all bundles and tiles: from the entries upward, one tile at a time.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::edge::Edge;
use super::inventory::Inventory;
use super::{VerifyError, read};
use crate::checkpoint::Checkpoint;
use crate::export::Files;
use crate::hash::{Hash, leaf_hash};
use crate::leaf::{Leaf, Recogniser};
use crate::report::{Position, Report};
use crate::tile::{Kind, TILE_WIDTH, TilePath, bundle_entries, parse_tile, tiles_in_level};
use crate::tree::root_of;

/// The walk ends early when so much is missing, so that a checkpoint of an absurd size cannot keep it going.
const MAX_MISSING: u64 = 100_000;

/// What the walk came to.
pub(super) struct Walked {
    /// The root over all entries, if it can be told.
    pub(super) root: Option<Hash>,
    /// The root over the first entries, as many as the saved checkpoint has, if it can be told.
    pub(super) saved_root: Option<Hash>,
}

/// Walks over a log.
pub(super) fn walk<F: Files>(
    files: &F,
    checkpoint: &Checkpoint,
    saved: Option<&Checkpoint>,
    report: &mut Report,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Walked, VerifyError<F::Error>> {
    let size = checkpoint.size;
    let listed = files.list().map_err(VerifyError::Read)?;
    let saved_size = saved.map(|saved| saved.size).filter(|then| *then < size);
    let mut walk = Walk {
        files,
        checkpoint,
        inventory: Inventory::take(listed, size, report),
        report,
        leaves: Recogniser::of(&checkpoint.origin),
        bytes: Vec::new(),
        above: Vec::new(),
        edge: Edge::of(size),
        saved_edge: saved_size.map(Edge::of),
    };
    for index in 0..tiles_in_level(0, size) {
        let Some(tile) = TilePath::at(Kind::Entries, index, size) else { break };
        walk.bundle(&tile)?;
        progress(tile.first() + u64::from(tile.width), size);
        if walk.report.missing_count > MAX_MISSING {
            break;
        }
    }
    walk.unfinished()?;
    let saved_root = walk.saved_edge.as_ref().and_then(Edge::root);
    Ok(Walked { root: walk.edge.root(), saved_root })
}

/// A walk on its way.
pub(super) struct Walk<'a, F> {
    pub(super) files: &'a F,
    pub(super) checkpoint: &'a Checkpoint,
    inventory: Inventory,
    pub(super) report: &'a mut Report,
    leaves: Recogniser,
    /// The bundle last read; the memory is used again for the next.
    bytes: Vec<u8>,
    /// For each level above the lowest, the tile that is being filled from below.
    above: Vec<Filling>,
    edge: Edge,
    saved_edge: Option<Edge>,
}

/// A tile that is being filled from below.
#[derive(Default)]
struct Filling {
    index: u64,
    hashes: Vec<Option<Hash>>,
}

/// What was read of a bundle.
#[derive(Default)]
struct Bundle {
    /// The hash of each entry, as far as the bytes go.
    hashes: Vec<Option<Hash>>,
    /// Entries that are no leaves of this log, and why.
    strange: Vec<(usize, String)>,
    /// What is wrong with the bundle as a whole, and at which entry.
    broken: Option<(usize, &'static str)>,
}

impl<F: Files> Walk<'_, F> {
    /// Reads one bundle and all tiles that it completes.
    fn bundle(&mut self, tile: &TilePath) -> Result<(), VerifyError<F::Error>> {
        let width = usize::from(tile.width);
        let mut bytes = core::mem::take(&mut self.bytes);
        let bundle = match self.read(tile, &mut bytes)? {
            true => self.entries(&bytes, width),
            false => Bundle { hashes: none(width), ..Bundle::default() },
        };
        self.bytes = bytes;
        let before = self.report.finding_count;
        let settled = self.tile(0, tile.index, &bundle.hashes)?;
        if let Some((at, sentence)) = bundle.broken.filter(|_| self.report.finding_count == before) {
            self.report.found(&tile.path(), entry(tile, at), sentence);
        }
        for (at, sentence) in bundle.strange {
            // An entry with a wrong hash was reported already; this is for those that the log itself took in.
            if bundle.hashes[at] == settled[at] {
                self.report.found(&tile.path(), entry(tile, at), sentence);
            }
        }
        self.earlier(tile, &settled)
    }

    /// Takes a bundle apart.
    fn entries(&mut self, bytes: &[u8], width: usize) -> Bundle {
        let mut bundle = Bundle { hashes: Vec::with_capacity(width), ..Bundle::default() };
        for item in bundle_entries(bytes) {
            let at = bundle.hashes.len();
            let Ok(bytes) = item else {
                bundle.broken = Some((at.min(width - 1), "The file ends inside this entry."));
                break;
            };
            if at == width {
                bundle.broken =
                    Some((width - 1, "The file goes on after this entry, which should be its last."));
                break;
            }
            let (hash, at_ms) = self.leaves.read(bytes);
            bundle.hashes.push(Some(hash));
            self.report.entries_read += 1;
            if let Some(at_ms) = at_ms {
                self.report.newest_ms = self.report.newest_ms.max(Some(at_ms));
                continue;
            }
            match Leaf::parse(bytes) {
                Ok(leaf) if leaf.log == self.checkpoint.origin => {
                    self.report.newest_ms = self.report.newest_ms.max(Some(leaf.at_ms));
                }
                Ok(leaf) => bundle
                    .strange
                    .push((at, format!("This entry was written for another log, {}.", leaf.log))),
                Err(error) => bundle.strange.push((at, format!("This entry is not a leaf: {error}."))),
            }
        }
        if bundle.hashes.len() < width && bundle.broken.is_none() {
            bundle.broken = Some((bundle.hashes.len(), "The file ends before this entry."));
        }
        bundle.hashes.resize(width, None);
        bundle
    }

    /// Holds a hash tile against the hashes computed from below; gives what is taken to be right, and hands
    /// the tile's root upward if it is full.
    fn tile(
        &mut self,
        level: u8,
        index: u64,
        computed: &[Option<Hash>],
    ) -> Result<Vec<Option<Hash>>, VerifyError<F::Error>> {
        let Some(tile) = TilePath::at(Kind::Hashes(level), index, self.checkpoint.size) else {
            return Ok(computed.to_vec());
        };
        let mut computed = computed.to_vec();
        computed.resize(usize::from(tile.width), None);
        let mut bytes = Vec::new();
        let claimed = match self.read(&tile, &mut bytes)? {
            true => {
                let claimed = parse_tile(&bytes, tile.width);
                if claimed.is_none() {
                    let wanted = usize::from(tile.width) * 32;
                    let sentence = format!("The file has {} bytes instead of {wanted}.", bytes.len());
                    self.report.found(&tile.path(), None, sentence);
                }
                claimed
            }
            false => None,
        };
        let settled = match claimed {
            None => computed,
            Some(claimed) => self.settle(&tile, &computed, &claimed)?,
        };
        self.earlier(&tile, &settled)?;
        self.edge.offer(level, index, &settled);
        if let Some(edge) = &mut self.saved_edge {
            edge.offer(level, index, &settled);
        }
        if tile.is_full() {
            let all: Option<Vec<Hash>> = settled.iter().copied().collect();
            self.raise(level, all.map(|all| root_of(&all)))?;
        }
        Ok(settled)
    }

    /// Hands the root of a full tile to the level above, and goes on there when that tile is full too.
    fn raise(&mut self, level: u8, root: Option<Hash>) -> Result<(), VerifyError<F::Error>> {
        if self.above.len() == usize::from(level) {
            self.above.push(Filling::default());
        }
        let filling = &mut self.above[usize::from(level)];
        filling.hashes.push(root);
        if filling.hashes.len() as u64 == TILE_WIDTH {
            let full = core::mem::take(&mut filling.hashes);
            let index = filling.index;
            filling.index += 1;
            self.tile(level + 1, index, &full)?;
        }
        Ok(())
    }

    /// Reads the partial tiles above the lowest level, which no full tile led to.
    fn unfinished(&mut self) -> Result<(), VerifyError<F::Error>> {
        let mut level = 1_u8;
        // Going upward, so that what a level still hands up is read in its turn.
        while let Some(filling) = self.above.get_mut(usize::from(level) - 1) {
            let hashes = core::mem::take(&mut filling.hashes);
            let index = filling.index;
            if !hashes.is_empty() {
                self.tile(level, index, &hashes)?;
            }
            level += 1;
        }
        Ok(())
    }

    /// Checks narrower versions of a tile or bundle that were left behind.
    fn earlier(&mut self, tile: &TilePath, settled: &[Option<Hash>]) -> Result<(), VerifyError<F::Error>> {
        for earlier in self.inventory.earlier(tile) {
            let mut bytes = Vec::new();
            if !read(self.files, &earlier.path(), &mut bytes, self.report)? {
                continue;
            }
            let width = usize::from(earlier.width);
            let hashes: Option<Vec<Hash>> = match tile.kind {
                Kind::Hashes(_) => parse_tile(&bytes, earlier.width),
                Kind::Entries => bundle_entries(&bytes).map(|entry| entry.ok().map(leaf_hash)).collect(),
            };
            let agrees = hashes.is_some_and(|hashes| {
                hashes.len() == width && hashes.iter().zip(settled).all(|(left, right)| Some(*left) == *right)
            });
            if !agrees {
                let sentence = "This earlier version of the file is not the beginning of the present one.";
                self.report.found(&earlier.path(), None, sentence);
            }
        }
        Ok(())
    }

    /// Reads a file of the log, and notes it if it is missing.
    fn read(&mut self, tile: &TilePath, into: &mut Vec<u8>) -> Result<bool, VerifyError<F::Error>> {
        let path = tile.path();
        let is_there = read(self.files, &path, into, self.report)?;
        if !is_there {
            self.report.missing(path);
        }
        Ok(is_there)
    }
}

fn none(width: usize) -> Vec<Option<Hash>> {
    (0..width).map(|_| None).collect()
}

fn entry(tile: &TilePath, at: usize) -> Option<Position> {
    Some(Position::Entry(tile.first() + at as u64))
}
