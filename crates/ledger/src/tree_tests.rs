//! Proofs against the definitions, against changed proofs, and against two other implementations.

use super::*;
use crate::hash::{leaf_hash, sha256};
use proptest::prelude::*;
use std::format;

fn leaf(n: u64) -> Hash {
    leaf_hash(&n.to_be_bytes())
}

fn tree(size: u64) -> MemoryTree {
    (0..size).map(leaf).collect()
}

/// The eight leaves and the roots that the reference implementation of Certificate Transparency publishes.
const LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn roots_are_the_published_ones() {
    let leaves: Vec<Hash> = LEAVES.iter().map(|text| leaf_hash(&unhex(text))).collect();
    for (count, root) in ROOTS.iter().enumerate() {
        assert_eq!(root_of(&leaves[..=count]).to_hex(), *root, "{} leaves", count + 1);
    }
    assert_eq!(root_of(&[]), EMPTY_ROOT);
}

#[test]
fn published_proofs_are_the_ones_made_here() {
    // Audit paths and consistency proofs of the same reference vectors.
    let tree: MemoryTree = LEAVES.iter().map(|text| leaf_hash(&unhex(text))).collect();
    let hex = |hashes: Vec<Hash>| hashes.iter().map(Hash::to_hex).collect::<Vec<_>>();
    assert_eq!(
        hex(prove_inclusion(&tree, 0, 8).unwrap()),
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ]
    );
    assert_eq!(
        hex(prove_inclusion(&tree, 5, 8).unwrap()),
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ]
    );
    assert_eq!(
        hex(prove_inclusion(&tree, 2, 3).unwrap()),
        ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]
    );
    assert_eq!(
        hex(prove_consistency(&tree, 6, 8).unwrap()),
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ]
    );
    assert_eq!(
        hex(prove_consistency(&tree, 2, 5).unwrap()),
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ]
    );
}

#[test]
fn every_proof_of_every_small_tree_holds() {
    let tree = tree(70);
    for size in 0..=70 {
        let root = root_at(&tree, size).unwrap();
        for index in 0..size {
            let path = prove_inclusion(&tree, index, size).unwrap();
            assert_eq!(
                verify_inclusion(&leaf(index), index, size, &path, &root),
                Ok(()),
                "{index} of {size}"
            );
        }
        for old in 0..=size {
            let path = prove_consistency(&tree, old, size).unwrap();
            let old_root = root_at(&tree, old).unwrap();
            assert_eq!(verify_consistency(old, &old_root, size, &root, &path), Ok(()), "{old} to {size}");
        }
        assert_eq!(prove_inclusion(&tree, size, size), Err(ProveError::OutOfRange));
        assert_eq!(prove_consistency(&tree, size + 1, size), Err(ProveError::OutOfRange));
    }
}

#[test]
fn nothing_is_proved_from_size_zero_but_the_empty_root() {
    let root = tree(5).root();
    assert_eq!(verify_consistency(0, &EMPTY_ROOT, 5, &root, &[]), Ok(()));
    assert_eq!(verify_consistency(0, &EMPTY_ROOT, 0, &EMPTY_ROOT, &[]), Ok(()));
    assert_eq!(verify_consistency(0, &root, 5, &root, &[]), Err(BadProof));
    assert_eq!(verify_consistency(0, &root, 0, &root, &[]), Err(BadProof));
    assert_eq!(verify_consistency(0, &EMPTY_ROOT, 5, &root, &[root]), Err(BadProof));
    assert_eq!(verify_consistency(5, &root, 5, &root, &[]), Ok(()));
    assert_eq!(verify_consistency(5, &root, 5, &EMPTY_ROOT, &[]), Err(BadProof));
    assert_eq!(verify_consistency(6, &root, 5, &root, &[root]), Err(BadProof));
    assert_eq!(verify_inclusion(&root, 0, 0, &[], &root), Err(BadProof));
}

#[test]
fn a_source_that_gives_too_few_hashes_is_noticed() {
    assert_eq!(prove_inclusion(&tree(3), 0, 4), Err(ProveError::ShortRead));
    assert_eq!(root_at(&tree(300), 301), Err(ProveError::ShortRead));
}

/// Tree sizes around the edges of tiles and powers of two, and anything between.
fn any_size() -> impl Strategy<Value = u64> {
    prop_oneof![1_u64..40, 250_u64..262, 505_u64..520, 1_u64..1500]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn changed_inclusion_proofs_fail(size in any_size(), pick: u64, flip in any::<(usize, u8)>()) {
        let tree = tree(size);
        let (index, root) = (pick % size, tree.root());
        let path = prove_inclusion(&tree, index, size).unwrap();
        let holds = |index, size, path: &[Hash], root: &Hash| {
            verify_inclusion(&leaf(index), index, size, path, root).is_ok()
        };
        prop_assert!(holds(index, size, &path, &root));
        prop_assert!(verify_inclusion(&leaf(size), index, size, &path, &root).is_err());
        prop_assert!(!holds(index, size, &path, &leaf_hash(b"other root")));
        prop_assert!(!holds(index, size, &[&path[..], &[root]].concat(), &root));
        if size > 1 {
            let other = (index + 1) % size;
            prop_assert!(verify_inclusion(&leaf(index), other, size, &path, &root).is_err());
            prop_assert!(!holds(index, size, &path[1..], &root));
            prop_assert!(!holds(index, size, &path[..path.len() - 1], &root));
            let mut changed = path.clone();
            changed[flip.0 % path.len()].0[usize::from(flip.1 >> 3)] ^= 1 << (flip.1 & 7);
            prop_assert!(!holds(index, size, &changed, &root));
        }
    }

    #[test]
    fn changed_consistency_proofs_fail(size in any_size(), pick: u64, flip in any::<(usize, u8)>()) {
        let tree = tree(size);
        let old = pick % size;
        let (old_root, root) = (root_at(&tree, old).unwrap(), tree.root());
        let path = prove_consistency(&tree, old, size).unwrap();
        let holds = |path: &[Hash], old_root: &Hash, root: &Hash| {
            verify_consistency(old, old_root, size, root, path).is_ok()
        };
        prop_assert!(holds(&path, &old_root, &root));
        prop_assert!(!holds(&path, &leaf_hash(b"other root"), &root));
        prop_assert!(!holds(&[&path[..], &[root]].concat(), &old_root, &root));
        if old > 0 {
            prop_assert!(!holds(&path, &old_root, &leaf_hash(b"other root")));
            prop_assert!(!holds(&path[1..], &old_root, &root));
            let mut changed = path.clone();
            changed[flip.0 % path.len()].0[usize::from(flip.1 >> 3)] ^= 1 << (flip.1 & 7);
            prop_assert!(!holds(&changed, &old_root, &root));
        }
    }

    #[test]
    fn ct_merkle_agrees(size in any_size(), pick: u64) {
        use ct_merkle::mem_backed_tree::MemoryBackedTree;
        use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
        type Sha = sha2::Sha256;

        let mut theirs = MemoryBackedTree::<Sha, Vec<u8>>::new();
        (0..size).for_each(|n| theirs.push(n.to_be_bytes().to_vec()));
        let ours = tree(size);
        prop_assert_eq!(theirs.root().as_bytes().to_vec(), ours.root().0.to_vec());

        let index = pick % size;
        let path = prove_inclusion(&ours, index, size).unwrap();
        let joined: Vec<u8> = path.iter().flat_map(|hash| hash.0).collect();
        prop_assert_eq!(theirs.prove_inclusion(index as usize).as_bytes().to_vec(), joined.clone());
        let proof = InclusionProof::<Sha>::from_bytes(joined);
        let entry = index.to_be_bytes().to_vec();
        prop_assert!(theirs.root().verify_inclusion(&entry, index, &proof).is_ok());

        let old = 1 + index;
        let path = prove_consistency(&ours, old, size).unwrap();
        let joined: Vec<u8> = path.iter().flat_map(|hash| hash.0).collect();
        prop_assert_eq!(theirs.prove_consistency((size - old) as usize).as_bytes().to_vec(), joined.clone());
        let old_root = root_at(&ours, old).unwrap();
        let old_root = RootHash::<Sha>::new(old_root.0.into(), old);
        let proof = ConsistencyProof::<Sha>::try_from_bytes(joined).unwrap();
        prop_assert!(theirs.root().verify_consistency(&old_root, &proof).is_ok());
    }

    #[test]
    fn tlog_tiles_agrees(size in any_size(), pick: u64) {
        use tlog_tiles::tlog::{Hash as Theirs, check_record, check_tree};

        let ours = tree(size);
        let index = pick % size;
        let theirs = |hash: &Hash| Theirs(hash.0);
        let root = theirs(&ours.root());
        let path: Vec<_> = prove_inclusion(&ours, index, size).unwrap().iter().map(theirs).collect();
        prop_assert!(check_record(&path, size, root, index, theirs(&leaf(index))).is_ok());
        let old = 1 + index;
        let old_root = theirs(&root_at(&ours, old).unwrap());
        let path: Vec<_> = prove_consistency(&ours, old, size).unwrap().iter().map(theirs).collect();
        prop_assert!(check_tree(&path, size, root, old, old_root).is_ok());
    }
}

#[test]
fn proofs_work_where_memory_would_not() {
    // A source whose hashes are made up on the spot: only the arithmetic of a tree of 2^63 − 1 leaves counts.
    struct MadeUp;
    impl HashSource for MadeUp {
        type Error = Infallible;
        fn hashes(&self, level: u8, range: Range<u64>) -> Result<Vec<Hash>, Infallible> {
            Ok(range.map(|index| sha256(format!("{level}/{index}").as_bytes())).collect())
        }
    }
    let size = (1_u64 << 63) - 1;
    let root = root_at(&MadeUp, size).unwrap();
    for index in [0, 255, 1 << 40, size - 1] {
        let first = MadeUp.hashes(0, index..index + 1).unwrap();
        let path = prove_inclusion(&MadeUp, index, size).unwrap();
        // The made-up subtrees do not hang together below their tile, so only the last leaf's path, which
        // touches no perfect subtree that holds it, can be checked against the root.
        let checked = verify_inclusion(&first[0], index, size, &path, &root);
        assert_eq!(checked.is_ok(), index == size - 1, "{index}");
        assert!(path.len() >= 62, "{}", path.len());
    }
}
