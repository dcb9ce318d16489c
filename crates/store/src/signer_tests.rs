//! The signer signs what it has read again, and nothing else.

use super::*;
use crate::door::WriteError;
use crate::testing::{Scratch, enrol, log};
use ledger::note::VerifierKey;
use ledger::tree::{verify_consistency, verify_inclusion};
use std::fs;

fn write(store: &Store, name: &str) {
    store.write(enrol(name, 0, name)).unwrap();
}

fn opened(store: &Store) -> Checkpoint {
    let note = store.publish_now(&log()).unwrap().unwrap().note;
    let key = VerifierKey::parse(&store.vkey(&log()).unwrap().unwrap()).unwrap();
    Checkpoint::open(note.as_bytes(), &[key]).unwrap().0
}

/// Without the guards, as somebody with the file in hand would do it.
fn tamper(scratch: &Scratch, change: &str) {
    let raw = scratch.raw();
    raw.execute_batch("DROP TRIGGER log_leaf_is_not_updated; DROP TRIGGER log_head_does_not_shrink").unwrap();
    raw.execute_batch(change).unwrap();
}

#[test]
fn checkpoints_follow_the_log_and_prove_what_is_in_it() {
    let scratch = Scratch::new();
    let store = scratch.open();
    write(&store, "a");
    let first = opened(&store);
    for n in 0..299 {
        write(&store, &format!("b{n}"));
    }
    let second = opened(&store);
    assert_eq!((first.size, second.size), (1, 300));
    assert_eq!(second.origin, "test.example/platform");
    let (leaf, path, line) = store
        .read(|read| {
            let path = read.inclusion_proof(&log(), 270, 300)?.unwrap();
            let line = read.consistency_proof(&log(), 1, 300)?.unwrap();
            Ok((read.leaf(&log(), 270)?.unwrap(), path, line))
        })
        .unwrap();
    verify_inclusion(&leaf.hash, 270, 300, &path, &second.root).unwrap();
    verify_consistency(1, &first.root, 300, &second.root, &line).unwrap();
    let beyond = store.read(|read| read.inclusion_proof(&log(), 300, 300)).unwrap();
    assert!(beyond.is_none());
}

#[test]
fn tiles_and_bundles_are_prefixes_of_the_log() {
    let scratch = Scratch::new();
    let store = scratch.open();
    for n in 0..260 {
        write(&store, &format!("a{n}"));
    }
    let tile = |level, index, width| store.read(|read| read.tile(&log(), level, index, width)).unwrap();
    let full = tile(0, 0, 256).unwrap();
    assert_eq!(full.len(), 256 * 32);
    assert_eq!(tile(0, 0, 3).unwrap(), full[..96]);
    assert_eq!(tile(0, 1, 4).unwrap().len(), 128);
    assert_eq!(
        tile(1, 0, 1).unwrap(),
        ledger::tree::root_of(&ledger::tile::parse_tile(&full, 256).unwrap()).0
    );
    for (level, index, width) in [(0, 1, 5), (1, 0, 2), (2, 0, 1), (0, 0, 0), (0, 0, 257), (0, u64::MAX, 1)] {
        assert_eq!(tile(level, index, width), None, "{level} {index} {width}");
    }
    let bundle = store.read(|read| read.entries(&log(), 1, 4)).unwrap().unwrap();
    let entries: Vec<_> = ledger::tile::bundle_entries(&bundle).map(Result::unwrap).collect();
    assert_eq!(entries.len(), 4);
    assert_eq!(tile(0, 1, 1).unwrap(), leaf_hash(entries[0]).0);
    assert!(store.read(|read| read.entries(&log(), 1, 5)).unwrap().is_none());
}

#[test]
fn a_changed_leaf_is_not_signed_and_the_log_takes_no_more() {
    for change in [
        "UPDATE log_leaf SET body = CAST(replace(CAST(body AS TEXT), 'done', 'gone') AS BLOB) WHERE idx = 1",
        "UPDATE log_leaf SET hash = zeroblob(32) WHERE idx = 1",
        "DROP TRIGGER log_leaf_is_not_deleted; DELETE FROM log_leaf WHERE idx = 1",
        "UPDATE log_head SET root = zeroblob(32)",
    ] {
        let scratch = Scratch::new();
        let store = scratch.open();
        write(&store, "a");
        let signed = opened(&store);
        drop(store);
        let store = scratch.open();
        // Nothing is signed while the seat is taken, so the change comes before the signer.
        let seat = store.shared().keys.keyring.sole_signer().unwrap();
        assert!(seat.is_some(), "a keyring in a folder has a seat");
        write(&store, "b");
        tamper(&scratch, change);
        drop(seat);
        let refused = store.publish_now(&log());
        assert!(matches!(refused, Err(Fault::LogReadOnly { .. })), "{change}: {refused:?}");
        assert!(store.refused(&log()).is_some());
        let write = store.write(enrol("c", 0, "c"));
        assert!(matches!(write, Err(WriteError::Fault(Fault::LogReadOnly { .. }))), "{change}: {write:?}");
        let published = store.read(|read| read.checkpoint(&log())).unwrap().unwrap();
        assert_eq!((published.size, published.root), (signed.size, signed.root));
    }
}

#[test]
fn an_old_copy_of_the_database_is_not_opened() {
    let scratch = Scratch::new();
    let store = scratch.open();
    write(&store, "a");
    opened(&store);
    drop(store);
    let copy = fs::read(scratch.database()).unwrap();
    let store = scratch.open();
    write(&store, "b");
    opened(&store);
    drop(store);
    fs::write(scratch.database(), copy).unwrap();
    let refused = Store::open(&scratch.config()).map(|_| ());
    assert_eq!(refused, Err(Fault::RolledBack { log: "platform".into(), signed: 2, found: 1 }));
    fs::remove_file(scratch.database()).unwrap();
    assert!(matches!(Store::open(&scratch.config()), Err(Fault::RolledBack { .. } | Fault::Keyring(_))));
}

#[test]
fn another_log_of_the_same_size_is_not_opened() {
    let scratch = Scratch::new();
    let store = scratch.open();
    write(&store, "a");
    opened(&store);
    drop(store);
    tamper(&scratch, "UPDATE log_head SET root = zeroblob(32)");
    assert!(matches!(Store::open(&scratch.config()), Err(Fault::Corrupt(_))));
}

#[test]
fn a_checkpoint_signed_but_not_published_is_published_as_it_is() {
    let scratch = Scratch::new();
    let store = scratch.open();
    write(&store, "a");
    let note = store.publish_now(&log()).unwrap().unwrap().note;
    drop(store);
    scratch.raw().execute_batch("DELETE FROM checkpoint; DELETE FROM signer_state").unwrap();
    let store = scratch.open();
    assert_eq!(store.publish_now(&log()).unwrap().unwrap().note, note);
}

#[test]
fn a_lost_signing_key_is_not_replaced_in_silence() {
    let scratch = Scratch::new();
    let store = scratch.open();
    write(&store, "a");
    opened(&store);
    drop(store);
    fs::remove_file(scratch.keyring().join("log-platform.seed")).unwrap();
    let store = scratch.open();
    write(&store, "b");
    assert!(matches!(store.publish_now(&log()), Err(Fault::Keyring(_))));
    assert!(matches!(store.vkey(&log()), Err(Fault::Keyring(_))));
}
