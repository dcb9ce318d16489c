//! Logs made here, read by an implementation that shares no code with this one (`tlog_tiles`, `signed_note`).

use std::collections::BTreeMap;

use ledger::checkpoint::Checkpoint;
use ledger::export::{MemoryLayout, tiles_in_memory};
use ledger::hash::leaf_hash;
use ledger::note::SignerKey;
use ledger::tile::{Kind, TilePath};
use signed_note::{Note, StandardVerifier, VerifierList};
use tlog_tiles::tile::{Tile, TileHashReader, TileReader};
use tlog_tiles::tlog::{self, Error};

const ORIGIN: &str = "gate.example.org/log/test";

fn entry(n: u64) -> Vec<u8> {
    format!("entry {n}").into_bytes()
}

fn layout(size: u64) -> MemoryLayout {
    let entries: Vec<Vec<u8>> = (0..size).map(entry).collect();
    tiles_in_memory(entries.iter().map(Vec::as_slice)).expect("short entries")
}

/// Serves the tiles of a layout under the names that the other implementation gives them, which carry the
/// height of the tile as a first number.
struct Served(BTreeMap<String, Vec<u8>>);

impl TileReader for Served {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, Error> {
        let read = |tile: &Tile| {
            let path = tile.path().replacen("tile/8/", "tile/", 1);
            self.0.get(&path).cloned().ok_or(Error::InvalidInput(path))
        };
        tiles.iter().map(read).collect()
    }

    fn save_tiles(&self, _: &[Tile], _: &[Vec<u8>]) {}
}

#[test]
fn the_other_implementation_proves_and_checks_from_our_tiles() {
    for size in [1_u64, 2, 255, 256, 257, 700, 66_000] {
        let MemoryLayout { files, root, .. } = layout(size);
        let served = Served(files);
        let root = tlog::Hash(root.0);
        let reader = TileHashReader::new(size, root, &served);
        assert_eq!(tlog::tree_hash(size, &reader).expect("all tiles are there"), root);
        for index in [0, size / 3, size / 2, size - 1] {
            let proof = tlog::prove_record(size, index, &reader).expect("all tiles are there");
            let leaf = tlog::record_hash(&entry(index));
            assert_eq!(leaf.0, leaf_hash(&entry(index)).0);
            tlog::check_record(&proof, size, root, index, leaf).expect("the proof holds");
            let old = index + 1;
            let proof = tlog::prove_tree(size, old, &reader).expect("all tiles are there");
            let old_root = tlog::Hash(layout(old).root.0);
            tlog::check_tree(&proof, size, root, old, old_root).expect("the proof holds");
        }
    }
}

#[test]
fn tiles_and_their_names_are_the_same() {
    for size in [1_u64, 256, 257, 70_000] {
        let mut theirs: Vec<String> = Tile::new_tiles(8, 0, size)
            .iter()
            .map(|tile| tile.path().replacen("tile/8/", "tile/", 1))
            .collect();
        let mut ours: Vec<String> = ledger::tile::tiles(size)
            .filter(|tile| tile.kind != Kind::Entries)
            .map(|tile| tile.path())
            .collect();
        theirs.sort();
        ours.sort();
        assert_eq!(ours, theirs, "size {size}");
    }
    for index in [0, 999, 1000, 1_234_067] {
        let ours = TilePath { kind: Kind::Hashes(4), index, width: 3 }.path();
        assert_eq!(ours.replacen("tile/", "tile/8/", 1), Tile::new(8, 4, index, 3, false).path());
    }
}

#[test]
fn the_other_implementation_opens_our_checkpoints() {
    let key = SignerKey::from_seed(ORIGIN, &[3; 32]).expect("the name is one");
    let MemoryLayout { size, root, .. } = layout(300);
    let ours = Checkpoint { origin: ORIGIN.into(), size, root };
    let note = ours.sign(&key).expect("its own key").to_string();
    let read = Note::from_bytes(note.as_bytes()).expect("a note");
    let verifier = StandardVerifier::new(&key.verifier().to_string()).expect("a key");
    read.verify(&VerifierList::new(vec![Box::new(verifier)])).expect("the signature fits");
    let theirs = tlog_tiles::Checkpoint::from_bytes(ours.body().as_bytes()).expect("a checkpoint");
    assert_eq!((theirs.origin(), theirs.size(), theirs.hash().0), (ORIGIN, 300, root.0));
    assert_eq!(theirs.to_bytes(), ours.body().into_bytes());
}
