//! The right edge of a growing tree: one hash for each set bit of its size.
//!
//! This is all that a writer has to keep to go on appending and to know the root, so the store keeps it in
//! the head row of a log. Appending allocates nothing.

use alloc::vec::Vec;
use core::fmt;

use crate::hash::{EMPTY_ROOT, HASH_BYTES, Hash, node_hash};
use crate::tile::TILE_HEIGHT;

/// Heights a tree of fewer than 2^64 leaves can have.
const HEIGHTS: usize = 64;

/// The compact state of an append-only tree.
#[derive(Clone)]
pub struct Frontier {
    size: u64,
    /// `peaks[h]` is the root of the perfect subtree of 2^h leaves, if bit `h` of `size` is set.
    peaks: [Hash; HEIGHTS],
}

/// Why bytes are not a frontier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadFrontier;

impl fmt::Display for BadFrontier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a frontier is 8 bytes of size and 32 bytes for each set bit of it")
    }
}

impl core::error::Error for BadFrontier {}

impl Default for Frontier {
    fn default() -> Self {
        Self::new()
    }
}

impl Frontier {
    /// The empty tree.
    #[must_use]
    pub fn new() -> Self {
        Self { size: 0, peaks: [EMPTY_ROOT; HEIGHTS] }
    }

    /// How many leaves the tree has; also the index that the next leaf will get.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends one leaf hash and gives the leaf's index.
    ///
    /// # Panics
    /// After 2^64 − 1 leaves, which no log reaches.
    pub fn push(&mut self, leaf: Hash) -> u64 {
        self.push_noting(leaf, |_, _, _| {})
    }

    /// Appends leaf hashes in order.
    pub fn push_all<I: IntoIterator<Item = Hash>>(&mut self, leaves: I) {
        for leaf in leaves {
            self.push(leaf);
        }
    }

    /// Appends one leaf hash and tells of every hash that belongs into a tile: the leaf itself at tile
    /// level 0, and, when it completes a full tile, that tile's root one tile level up (C2SP `tlog-tiles`).
    /// The arguments of `note` are the tile level, the index of the hash within that level, and the hash.
    pub fn push_noting(&mut self, leaf: Hash, mut note: impl FnMut(u8, u64, Hash)) -> u64 {
        let index = self.size;
        note(0, index, leaf);
        let mut carried = leaf;
        let mut height = 0_u8;
        while index >> height & 1 == 1 {
            carried = node_hash(&self.peaks[usize::from(height)], &carried);
            height += 1;
            if height.is_multiple_of(TILE_HEIGHT) {
                note(height / TILE_HEIGHT, index >> height, carried);
            }
        }
        self.peaks[usize::from(height)] = carried;
        self.size = index + 1;
        index
    }

    /// The root of the tree as it stands (RFC 6962 §2.1).
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut peaks = self.live_peaks();
        let Some(lowest) = peaks.next() else { return EMPTY_ROOT };
        peaks.fold(*lowest, |right, left| node_hash(left, &right))
    }

    /// The peaks from the lowest (rightmost) to the highest.
    fn live_peaks(&self) -> impl Iterator<Item = &Hash> {
        let size = self.size;
        self.peaks.iter().enumerate().filter(move |(height, _)| size >> height & 1 == 1).map(|(_, peak)| peak)
    }

    /// Eight bytes of size, big-endian, then the peaks from the lowest to the highest.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(8 + HASH_BYTES * self.size.count_ones() as usize);
        bytes.extend_from_slice(&self.size.to_be_bytes());
        for peak in self.live_peaks() {
            bytes.extend_from_slice(&peak.0);
        }
        bytes
    }

    /// Reads what [`Frontier::to_bytes`] wrote.
    ///
    /// # Errors
    /// If the length does not fit the size.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadFrontier> {
        let (size, rest) = bytes.split_first_chunk::<8>().ok_or(BadFrontier)?;
        let mut frontier = Self { size: u64::from_be_bytes(*size), ..Self::new() };
        let mut hashes = rest.chunks(HASH_BYTES);
        for height in 0..HEIGHTS {
            if frontier.size >> height & 1 == 1 {
                frontier.peaks[height] = hashes.next().and_then(Hash::from_slice).ok_or(BadFrontier)?;
            }
        }
        if hashes.next().is_some() { Err(BadFrontier) } else { Ok(frontier) }
    }
}

impl PartialEq for Frontier {
    fn eq(&self, other: &Self) -> bool {
        self.size == other.size && self.live_peaks().eq(other.live_peaks())
    }
}

impl Eq for Frontier {}

impl fmt::Debug for Frontier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frontier").field("size", &self.size).field("root", &self.root()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::leaf_hash;
    use crate::tree::root_of;

    /// The root as RFC 6962 §2.1 defines it.
    fn by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => EMPTY_ROOT,
            [only] => *only,
            _ => {
                let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
                node_hash(&by_definition(left), &by_definition(right))
            }
        }
    }

    fn leaves(count: u32) -> Vec<Hash> {
        (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect()
    }

    #[test]
    fn roots_are_those_of_the_recursive_definition() {
        let all = leaves(600);
        let mut frontier = Frontier::new();
        assert_eq!((frontier.root(), root_of(&[])), (EMPTY_ROOT, EMPTY_ROOT));
        for (index, leaf) in all.iter().enumerate() {
            assert_eq!(frontier.push(*leaf), index as u64);
            let root = by_definition(&all[..=index]);
            assert_eq!((frontier.root(), root_of(&all[..=index])), (root, root), "size {}", index + 1);
        }
    }

    #[test]
    fn a_stored_frontier_goes_on_where_it_stopped() {
        let all = leaves(300);
        let mut straight = Frontier::new();
        straight.push_all(all.iter().copied());
        let mut stored = Frontier::new();
        for leaf in &all {
            stored = Frontier::from_bytes(&stored.to_bytes()).unwrap();
            stored.push(*leaf);
        }
        assert_eq!(stored, straight);
        assert_eq!(stored.to_bytes().len(), 8 + 32 * 300_u64.count_ones() as usize);
    }

    #[test]
    fn bytes_of_another_length_are_refused() {
        let mut frontier = Frontier::new();
        frontier.push_all(leaves(5));
        let bytes = frontier.to_bytes();
        for cut in 0..bytes.len() {
            assert_eq!(Frontier::from_bytes(&bytes[..cut]), Err(BadFrontier), "cut {cut}");
        }
        let mut longer = bytes;
        longer.push(0);
        assert_eq!(Frontier::from_bytes(&longer), Err(BadFrontier));
    }

    #[test]
    fn full_tiles_are_told_with_their_level_and_index() {
        let all = leaves(520);
        let mut told = Vec::new();
        let mut frontier = Frontier::new();
        for leaf in &all {
            frontier.push_noting(*leaf, |level, index, hash| told.push((level, index, hash)));
        }
        assert_eq!(told.iter().filter(|(level, ..)| *level == 0).count(), 520);
        let above: Vec<_> = told.into_iter().filter(|(level, ..)| *level > 0).collect();
        assert_eq!(above, [(1, 0, root_of(&all[..256])), (1, 1, root_of(&all[256..512]))]);
    }
}
