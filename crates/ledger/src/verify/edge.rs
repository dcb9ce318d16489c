//! The root at one size, put together from the tiles at the right edge of the tree of that size.

use alloc::vec::Vec;

use crate::hash::{EMPTY_ROOT, Hash, node_hash};
use crate::tile::{Kind, TilePath, hashes_in_level, levels};
use crate::tree::root_of;

/// The hashes of the partial tile of each level, as far as they were offered.
#[derive(Debug, Clone)]
pub(super) struct Edge {
    size: u64,
    levels: Vec<Option<Vec<Hash>>>,
}

impl Edge {
    /// The edge of a tree of that size, with nothing known yet.
    pub(super) fn of(size: u64) -> Self {
        Self { size, levels: (0..levels(size)).map(|_| None).collect() }
    }

    /// The partial tile that the edge wants of a level, if there is one.
    pub(super) fn wanted(&self, level: u8) -> Option<TilePath> {
        let kind = Kind::Hashes(level);
        TilePath::at(kind, hashes_in_level(level, self.size) / 256, self.size)
    }

    /// Takes what it wants from the hashes of a tile, if they are of a tile that it wants and are known.
    pub(super) fn offer(&mut self, level: u8, index: u64, hashes: &[Option<Hash>]) {
        let Some(wanted) = self.wanted(level).filter(|wanted| wanted.index == index) else { return };
        let Some(slot) = self.levels.get_mut(usize::from(level)) else { return };
        *slot = hashes.get(..usize::from(wanted.width)).and_then(|hashes| hashes.iter().copied().collect());
    }

    /// The root, if all that it needs is known.
    pub(super) fn root(&self) -> Option<Hash> {
        let mut right = None;
        for level in 0..levels(self.size) {
            if self.wanted(level).is_some() {
                let hashes = self.levels.get(usize::from(level))?.as_ref()?;
                right = Some(join(hashes, right));
            }
        }
        Some(right.unwrap_or(EMPTY_ROOT))
    }
}

/// Joins the perfect subtrees over a level's hashes, from the right, to what lies right of them.
fn join(hashes: &[Hash], mut right: Option<Hash>) -> Hash {
    let mut rest = hashes;
    while !rest.is_empty() {
        let (left, last) = rest.split_at(rest.len() - (1 << rest.len().trailing_zeros()));
        let peak = root_of(last);
        right = Some(right.map_or(peak, |right| node_hash(&peak, &right)));
        rest = left;
    }
    right.unwrap_or(EMPTY_ROOT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::leaf_hash;
    use crate::tree::{HashSource, MemoryTree, root_at};

    #[test]
    fn edges_give_the_root_of_their_size() {
        let tree: MemoryTree = (0..66_000_u64).map(|n| leaf_hash(&n.to_be_bytes())).collect();
        for size in [0, 1, 2, 3, 255, 256, 257, 512, 700, 65_535, 65_536, 65_537, 65_791, 65_792, 66_000] {
            let mut edge = Edge::of(size);
            for level in 0..levels(size) {
                if let Some(tile) = edge.wanted(level) {
                    assert!(!tile.is_full());
                    let range = tile.first()..tile.first() + u64::from(tile.width);
                    let hashes: Vec<_> = tree.hashes(level, range).unwrap().into_iter().map(Some).collect();
                    assert_eq!(edge.root(), None, "not all is known yet");
                    edge.offer(level, tile.index, &hashes);
                }
            }
            assert_eq!(edge.root(), Some(root_at(&tree, size).unwrap()), "size {size}");
        }
    }

    #[test]
    fn unknown_hashes_leave_the_root_unknown() {
        let mut edge = Edge::of(2);
        edge.offer(0, 0, &[Some(EMPTY_ROOT), None]);
        assert_eq!(edge.root(), None);
        edge.offer(0, 1, &[Some(EMPTY_ROOT), Some(EMPTY_ROOT)]);
        assert_eq!(edge.root(), None);
    }
}
