//! The Merkle tree of RFC 6962 §2.1: roots, and the making and checking of inclusion and consistency proofs.
//!
//! Proofs are *made* by the recursive definitions of RFC 6962 §2.1.1 and §2.1.2 and *checked* by the
//! iterative algorithms of RFC 9162 §2.1.3.2 and §2.1.4.2, so that neither can hide a mistake of the other.

use alloc::vec::Vec;
use core::convert::Infallible;
use core::fmt;
use core::ops::Range;

use crate::frontier::Frontier;
use crate::hash::{EMPTY_ROOT, Hash, go_up, node_hash};
use crate::tile::{TILE_HEIGHT, TILE_WIDTH};

mod check;

pub use check::{BadProof, verify_consistency, verify_inclusion};

/// Where the hashes of a tree are read from: the content of its tiles (C2SP `tlog-tiles`).
pub trait HashSource {
    /// What can go wrong when reading.
    type Error;

    /// The hashes of one tile level with the given indices. At level 0 these are leaf hashes; the hash with
    /// index `i` of level `l` is the root over leaves `i·256^l .. (i+1)·256^l`, all of which exist.
    /// The range is never empty and never crosses from one tile into the next, so at most 256 are asked for.
    ///
    /// # Errors
    /// Whatever reading them can end in; a hash that is not there is an error too.
    fn hashes(&self, level: u8, range: Range<u64>) -> Result<Vec<Hash>, Self::Error>;
}

/// Why a proof could not be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProveError<E> {
    /// The index or size asked for lies beyond the tree.
    OutOfRange,
    /// The source gave another number of hashes than it was asked for.
    ShortRead,
    /// The source failed.
    Source(E),
}

impl<E: fmt::Display> fmt::Display for ProveError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfRange => f.write_str("the index or size lies beyond the tree"),
            Self::ShortRead => f.write_str("the source gave another number of hashes than asked for"),
            Self::Source(error) => write!(f, "the hashes of the tree could not be read: {error}"),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> core::error::Error for ProveError<E> {}

/// The root over leaf hashes in order (RFC 6962 §2.1).
#[must_use]
pub fn root_of(leaves: &[Hash]) -> Hash {
    let mut hashes = leaves.to_vec();
    // Level by level. What is over at the end of one goes up until it meets its left sibling, which is where
    // splitting at the largest power of two puts it.
    while hashes.len() > 1 {
        go_up(&mut hashes);
    }
    hashes.first().copied().unwrap_or(EMPTY_ROOT)
}

/// The root of the first `size` leaves.
///
/// # Errors
/// If the source fails.
pub fn root_at<S: HashSource>(source: &S, size: u64) -> Result<Hash, ProveError<S::Error>> {
    if size == 0 { Ok(EMPTY_ROOT) } else { range_root(source, 0, size) }
}

/// The audit path of leaf `index` in the tree of `size` leaves, the leaf's sibling first (RFC 6962 §2.1.1).
///
/// # Errors
/// If the index lies beyond the tree, or the source fails.
pub fn prove_inclusion<S: HashSource>(
    source: &S,
    index: u64,
    size: u64,
) -> Result<Vec<Hash>, ProveError<S::Error>> {
    if index >= size {
        return Err(ProveError::OutOfRange);
    }
    let (mut low, mut high) = (0, size);
    let mut siblings = Vec::new();
    while high - low > 1 {
        let middle = low + split(high - low);
        if index < middle {
            siblings.push(range_root(source, middle, high)?);
            high = middle;
        } else {
            siblings.push(range_root(source, low, middle)?);
            low = middle;
        }
    }
    siblings.reverse();
    Ok(siblings)
}

/// The proof that the tree of `old` leaves is the beginning of the tree of `new` leaves (RFC 6962 §2.1.2).
/// It is empty if the sizes are equal or `old` is zero: the empty tree is the beginning of every tree.
///
/// # Errors
/// If `old` is larger than `new`, or the source fails.
pub fn prove_consistency<S: HashSource>(
    source: &S,
    old: u64,
    new: u64,
) -> Result<Vec<Hash>, ProveError<S::Error>> {
    if old > new {
        return Err(ProveError::OutOfRange);
    }
    if old == 0 || old == new {
        return Ok(Vec::new());
    }
    let (mut low, mut high) = (0, new);
    let mut nodes = Vec::new();
    while old != high {
        let middle = low + split(high - low);
        if old <= middle {
            nodes.push(range_root(source, middle, high)?);
            high = middle;
        } else {
            nodes.push(range_root(source, low, middle)?);
            low = middle;
        }
    }
    // The whole old tree is known to the one who checks; any other subtree has to be named.
    if low != 0 {
        nodes.push(range_root(source, low, high)?);
    }
    nodes.reverse();
    Ok(nodes)
}

/// The largest power of two smaller than `count`, which is at least 2.
fn split(count: u64) -> u64 {
    1 << (u64::BITS - 1 - (count - 1).leading_zeros())
}

/// The root over leaves `low .. high`, where `low` is a multiple of the power of two not below the length.
fn range_root<S: HashSource>(source: &S, low: u64, high: u64) -> Result<Hash, ProveError<S::Error>> {
    let mut peaks = Vec::new();
    let mut start = low;
    while start < high {
        let height = (high - start).ilog2();
        peaks.push(perfect_root(source, height, start >> height)?);
        start += 1 << height;
    }
    let mut right = peaks.pop().ok_or(ProveError::OutOfRange)?;
    while let Some(left) = peaks.pop() {
        right = node_hash(&left, &right);
    }
    Ok(right)
}

/// The root of perfect subtree number `index` among those of `2^height` leaves, from one tile.
fn perfect_root<S: HashSource>(source: &S, height: u32, index: u64) -> Result<Hash, ProveError<S::Error>> {
    let (level, within) = (height / u32::from(TILE_HEIGHT), height % u32::from(TILE_HEIGHT));
    let range = index << within..(index + 1) << within;
    let level = u8::try_from(level).map_err(|_| ProveError::OutOfRange)?;
    let hashes = source.hashes(level, range).map_err(ProveError::Source)?;
    if hashes.len() == 1 << within { Ok(root_of(&hashes)) } else { Err(ProveError::ShortRead) }
}

/// All tile hashes of a tree in memory: for small trees, and to test other sources against.
#[derive(Debug, Clone, Default)]
pub struct MemoryTree {
    frontier: Frontier,
    levels: Vec<Vec<Hash>>,
}

impl MemoryTree {
    /// Appends a leaf hash and gives its index.
    pub fn push(&mut self, leaf: Hash) -> u64 {
        let levels = &mut self.levels;
        self.frontier.push_noting(leaf, |level, _, hash| {
            if levels.len() == usize::from(level) {
                levels.push(Vec::new());
            }
            levels[usize::from(level)].push(hash);
        })
    }

    /// The number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// The root.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.frontier.root()
    }
}

impl FromIterator<Hash> for MemoryTree {
    fn from_iter<I: IntoIterator<Item = Hash>>(leaves: I) -> Self {
        let mut tree = Self::default();
        for leaf in leaves {
            tree.push(leaf);
        }
        tree
    }
}

impl HashSource for MemoryTree {
    type Error = Infallible;

    fn hashes(&self, level: u8, range: Range<u64>) -> Result<Vec<Hash>, Infallible> {
        debug_assert_eq!(range.start / TILE_WIDTH, (range.end - 1) / TILE_WIDTH, "one tile at a time");
        let range = usize::try_from(range.start).ok().zip(usize::try_from(range.end).ok());
        let level = self.levels.get(usize::from(level));
        let found = level.zip(range).and_then(|(level, (start, end))| level.get(start..end));
        Ok(found.unwrap_or_default().to_vec())
    }
}

#[cfg(test)]
#[path = "tree_tests.rs"]
mod tests;
