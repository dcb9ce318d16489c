//! Checking proofs by the iterative algorithms of RFC 9162, which share nothing with how proofs are made.

use core::fmt;

use crate::hash::{EMPTY_ROOT, Hash, node_hash};

/// A proof does not prove what it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadProof;

impl fmt::Display for BadProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the proof does not lead from what is claimed to the root")
    }
}

impl core::error::Error for BadProof {}

/// Checks that `leaf` is leaf number `index` of the tree of `size` leaves with that root (RFC 9162 §2.1.3.2).
///
/// # Errors
/// If it does not follow.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    path: &[Hash],
    root: &Hash,
) -> Result<(), BadProof> {
    if index >= size {
        return Err(BadProof);
    }
    let (mut node, mut last) = (index, size - 1);
    let mut reached = *leaf;
    for sibling in path {
        if last == 0 {
            return Err(BadProof);
        }
        if node & 1 == 1 || node == last {
            reached = node_hash(sibling, &reached);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            reached = node_hash(&reached, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last == 0 && reached == *root { Ok(()) } else { Err(BadProof) }
}

/// Checks that the tree of `old` leaves is the beginning of the tree of `new` leaves (RFC 9162 §2.1.4.2).
/// From size 0, which the RFC leaves out, only the empty root and an empty proof are right.
///
/// # Errors
/// If it does not follow.
pub fn verify_consistency(
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
    path: &[Hash],
) -> Result<(), BadProof> {
    if old == 0 || old == new {
        let same = if old == new { old_root == new_root } else { true };
        let empty = if old == 0 { *old_root == EMPTY_ROOT } else { true };
        return if path.is_empty() && same && empty { Ok(()) } else { Err(BadProof) };
    }
    if old > new || path.is_empty() {
        return Err(BadProof);
    }
    let (mut node, mut last) = (old - 1, new - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    // If the old tree is one perfect subtree of the new one, its root is not repeated in the proof.
    let (start, rest) = if old.is_power_of_two() { (*old_root, path) } else { (path[0], &path[1..]) };
    let (mut from_old, mut from_new) = (start, start);
    for sibling in rest {
        if last == 0 {
            return Err(BadProof);
        }
        if node & 1 == 1 || node == last {
            from_old = node_hash(sibling, &from_old);
            from_new = node_hash(sibling, &from_new);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            from_new = node_hash(&from_new, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last == 0 && from_old == *old_root && from_new == *new_root { Ok(()) } else { Err(BadProof) }
}
