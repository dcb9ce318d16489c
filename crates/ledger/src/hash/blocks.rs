//! SHA-256 block by block, so that hashing and other work are done at once.
//!
//! Each round of SHA-256 waits for the one before, and a block that was just put together cannot be loaded
//! until it has left the processor's store buffer. Meanwhile most of a processor lies idle. Blocks made long
//! before they are wanted, with other work between one block and the next, fill that time.

use alloc::vec::Vec;
use core::slice::from_ref;

use sha2::block_api::compress256;

use super::{HASH_BYTES, Hash};

/// The bytes that SHA-256 takes at once (FIPS 180-4 §1).
const BLOCK_BYTES: usize = 64;
/// The state before the first block (FIPS 180-4 §5.3.3).
const INITIAL_STATE: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];
/// Nodes whose blocks are made before the first of them is hashed.
const NODES_AT_ONCE: usize = 8;

type Block = [u8; BLOCK_BYTES];

/// Makes the hash of a log entry while something else reads the entry.
pub(crate) struct LeafHasher<'a> {
    state: [u32; 8],
    /// The prefix byte and the beginning of the entry.
    first: Block,
    /// The blocks that lie whole in the entry.
    middle: &'a [Block],
    /// The end of the entry with its padding, and how many blocks that takes.
    last: ([Block; 2], usize),
    /// How many of the first and the middle blocks are hashed.
    done: usize,
    /// The next of them is hashed when no more than so many bytes of the entry are unread.
    due_at: usize,
}

impl<'a> LeafHasher<'a> {
    /// Nothing if the entry is too short to fill the first block.
    pub(crate) fn new(entry: &'a [u8]) -> Option<Self> {
        let (beginning, rest) = entry.split_first_chunk::<{ BLOCK_BYTES - 1 }>()?;
        let mut first = [0x00; BLOCK_BYTES];
        first[1..].copy_from_slice(beginning);
        let (middle, end) = rest.as_chunks();
        let last = padded(end, 1 + entry.len());
        Some(Self { state: INITIAL_STATE, first, middle, last, done: 0, due_at: rest.len() })
    }

    /// Hashes the next block, if it was read.
    #[inline(always)]
    pub(crate) fn follow(&mut self, unread: &[u8]) {
        if unread.len() <= self.due_at {
            self.go_on();
        }
    }

    #[inline(never)]
    fn go_on(&mut self) {
        let block = match self.done.checked_sub(1) {
            None => Some(&self.first),
            Some(done) => self.middle.get(done),
        };
        if let Some(block) = block {
            compress256(&mut self.state, from_ref(block));
            self.done += 1;
        }
        self.due_at = self.due_at.saturating_sub(BLOCK_BYTES);
    }

    /// The hash of the whole entry, as [`super::leaf_hash`] makes it.
    pub(crate) fn finish(mut self) -> Hash {
        if self.done == 0 {
            self.go_on();
        }
        compress256(&mut self.state, &self.middle[self.done - 1..]);
        let (blocks, count) = &self.last;
        compress256(&mut self.state, &blocks[..*count]);
        hash_of(&self.state)
    }
}

/// The last blocks of a message of that length, which ends in these fewer than 64 bytes (FIPS 180-4 §5.1.1).
fn padded(end: &[u8], message_bytes: usize) -> ([Block; 2], usize) {
    let mut blocks = [[0; BLOCK_BYTES]; 2];
    blocks[0][..end.len()].copy_from_slice(end);
    blocks[0][end.len()] = 0x80;
    let bits = (message_bytes as u64 * 8).to_be_bytes();
    let count = if end.len() + 1 + bits.len() <= BLOCK_BYTES { 1 } else { 2 };
    blocks[count - 1][BLOCK_BYTES - bits.len()..].copy_from_slice(&bits);
    (blocks, count)
}

/// Puts in place of hashes the nodes above each two of them, as [`super::node_hash`] makes them; a last one
/// without another stays what it is.
pub(crate) fn go_up(hashes: &mut Vec<Hash>) {
    let nodes = hashes.len() / 2;
    let single = hashes.get(2 * nodes).copied();
    let mut blocks = [[[0; BLOCK_BYTES]; 2]; NODES_AT_ONCE];
    for from in (0..nodes).step_by(NODES_AT_ONCE) {
        let to = nodes.min(from + NODES_AT_ONCE);
        for (blocks, pair) in blocks.iter_mut().zip(hashes[2 * from..2 * to].chunks_exact(2)) {
            *blocks = node_blocks(&pair[0], &pair[1]);
        }
        // No hash is lost that is still wanted: the nodes take less room than what lies below them.
        for (node, blocks) in hashes[from..to].iter_mut().zip(&blocks) {
            let mut state = INITIAL_STATE;
            compress256(&mut state, blocks);
            *node = hash_of(&state);
        }
    }
    hashes.truncate(nodes);
    hashes.extend(single);
}

/// The padded message of an inner node.
fn node_blocks(left: &Hash, right: &Hash) -> [Block; 2] {
    let (beginning, end) = right.0.split_at(BLOCK_BYTES - 1 - HASH_BYTES);
    let mut first = [0x01; BLOCK_BYTES];
    first[1..=HASH_BYTES].copy_from_slice(&left.0);
    first[1 + HASH_BYTES..].copy_from_slice(beginning);
    let ([second, _], _) = padded(end, 1 + 2 * HASH_BYTES);
    [first, second]
}

fn hash_of(state: &[u32; 8]) -> Hash {
    let mut bytes = [0; HASH_BYTES];
    for (bytes, word) in bytes.chunks_exact_mut(4).zip(state) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    Hash(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::{leaf_hash, node_hash};
    use proptest::prelude::*;

    #[test]
    fn entries_of_every_length_have_the_same_hash_however_they_are_read() {
        let bytes: Vec<u8> = (0..400_u32).map(|n| (n * 7) as u8).collect();
        for length in 0..bytes.len() {
            let entry = &bytes[..length];
            for step in [1, 17, 63, 64, 65, 200, 1000] {
                let Some(mut hasher) = LeafHasher::new(entry) else {
                    assert!(length < BLOCK_BYTES - 1);
                    continue;
                };
                for read in (0..=length).step_by(step) {
                    hasher.follow(&entry[read..]);
                }
                assert_eq!(hasher.finish(), leaf_hash(entry), "{length} bytes in steps of {step}");
            }
        }
    }

    #[test]
    fn nodes_are_those_of_each_two_hashes_and_a_single_one_stays() {
        let all: Vec<Hash> = (0..70_u32).map(|n| leaf_hash(&n.to_be_bytes())).collect();
        for count in 0..all.len() {
            let wanted = all[..count].chunks(2).map(|pair| match pair {
                [left, right] => node_hash(left, right),
                single => single[0],
            });
            let mut hashes = all[..count].to_vec();
            go_up(&mut hashes);
            assert!(hashes.iter().copied().eq(wanted), "{count} hashes");
        }
    }

    proptest! {
        #[test]
        fn any_entry_has_the_same_hash(
            entry in prop::collection::vec(any::<u8>(), BLOCK_BYTES..2000),
            unread in prop::collection::vec(0..2000_usize, 0..40),
        ) {
            let mut hasher = LeafHasher::new(&entry).unwrap();
            for unread in unread {
                hasher.follow(&entry[entry.len().saturating_sub(unread)..]);
            }
            prop_assert_eq!(hasher.finish(), leaf_hash(&entry));
        }
    }
}
