//! What the verifier says of whole, changed, incomplete and old exports.

use super::*;
use crate::export::{MemoryLayout, tiles_in_memory};
use crate::hash::Hash;
use crate::leaf::Leaf;
use crate::note::{Algorithm, SignerKey};
use crate::report::{Position, Verdict};
use alloc::collections::BTreeMap;
use proptest::prelude::*;
use proptest::sample::Index;

type Export = BTreeMap<String, Vec<u8>>;

const ORIGIN: &str = "gate.example.org/log/test";

fn key() -> SignerKey {
    SignerKey::from_seed(ORIGIN, &[5; 32]).unwrap()
}

fn witness(seed: u8) -> SignerKey {
    SignerKey::with_algorithm("witness.example", Algorithm::CosignatureV1, &[seed; 32]).unwrap()
}

fn leaf(log: &str, n: u64) -> Vec<u8> {
    Leaf::new(log, &format!("e{n}"), 1_700_000_000_000 + n, "lookup.asked", "ask", "permitted")
        .bytes()
        .unwrap()
}

fn leaves(count: u64) -> Vec<Vec<u8>> {
    (0..count).map(|n| leaf(ORIGIN, n)).collect()
}

/// A layout signed by that key, and its checkpoint.
fn export_by(key: &SignerKey, entries: &[Vec<u8>]) -> (Export, Checkpoint) {
    let made = tiles_in_memory(entries.iter().map(Vec::as_slice)).unwrap();
    let MemoryLayout { mut files, size, root } = made;
    let checkpoint = Checkpoint { origin: key.name().into(), size, root };
    files.insert(CHECKPOINT_FILE.into(), checkpoint.sign(key).unwrap().to_string().into_bytes());
    files.insert(VKEY_FILE.into(), format!("{}\n", key.verifier()).into_bytes());
    (files, checkpoint)
}

fn export(count: u64) -> Export {
    export_by(&key(), &leaves(count)).0
}

fn check_with(files: &Export, options: &Options) -> Report {
    verify(files, options, &mut |_, _| {}).unwrap()
}

fn check(files: &Export) -> Report {
    check_with(files, &Options::default())
}

fn tampered_at(report: &Report) -> (String, Option<Position>) {
    let Verdict::Tampered(finding) = report.verdict() else { panic!("{}", report.to_text()) };
    (finding.place.file, finding.place.position)
}

fn flip(files: &Export, path: &str, at: usize, bit: u8) -> Export {
    let mut changed = files.clone();
    changed.get_mut(path).unwrap()[at] ^= 1 << bit;
    changed
}

#[test]
fn whole_exports_of_many_sizes_are_whole_and_read_to_the_last_byte() {
    for size in [0, 1, 2, 5, 255, 256, 257, 513, 1000] {
        let files = export(size);
        let report = check(&files);
        assert_eq!(report.verdict(), Verdict::Whole, "size {size}: {}", report.to_text());
        assert_eq!((report.size, report.entries_read), (size, size));
        assert_eq!(report.files_read, files.len() as u64);
        assert_eq!(report.bytes_read, files.values().map(|bytes| bytes.len() as u64).sum::<u64>());
        assert_eq!(report.newest_ms, size.checked_sub(1).map(|last| 1_700_000_000_000 + last));
        assert_eq!(report.signers, [ORIGIN]);
    }
}

#[test]
fn a_log_with_three_tile_levels_is_whole() {
    let files = export(65_536 + 300);
    assert!(files.contains_key("tile/2/000.p/1"));
    let mut told = Vec::new();
    let report = verify(&files, &Options::default(), &mut |done, all| told.push((done, all))).unwrap();
    assert_eq!(report.verdict(), Verdict::Whole, "{}", report.to_text());
    assert_eq!(told.last(), Some(&(65_836, 65_836)));
    // A changed hash in the middle of each level is found in its own file.
    for (path, at) in [("tile/0/130", 77), ("tile/1/000", 130), ("tile/1/001.p/1", 0), ("tile/2/000.p/1", 0)]
    {
        let report = check(&flip(&files, path, at * 32 + 3, 1));
        assert_eq!(
            tampered_at(&report),
            (path.into(), Some(Position::Hash(at as u64))),
            "{}",
            report.to_text()
        );
        assert_eq!(report.finding_count, 1, "{}", report.to_text());
    }
}

#[test]
fn tamper_matrix_every_bit_of_a_small_export() {
    let files = export(4);
    for (path, bytes) in &files {
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let report = check(&flip(&files, path, at, bit));
                // A key or a checkpoint that was changed cannot be told apart; anything else is told by file.
                let (found, _) = tampered_at(&report);
                let head = [VKEY_FILE, CHECKPOINT_FILE];
                let right =
                    found == *path || (head.contains(&path.as_str()) && head.contains(&found.as_str()));
                assert!(right, "{path} byte {at} bit {bit}: {}", report.to_text());
            }
        }
    }
}

#[test]
fn changed_entries_and_hashes_are_told_by_their_position() {
    let files = export(600);
    let length = leaf(ORIGIN, 0).len() + 2;
    for (path, at, place) in [
        ("tile/entries/000", 2 + 40, Position::Entry(0)),
        ("tile/entries/000", 5 * length + 40, Position::Entry(5)),
        ("tile/entries/002.p/88", 40, Position::Entry(512)),
        ("tile/0/001", 7 * 32, Position::Hash(7)),
        ("tile/0/002.p/88", 87 * 32 + 31, Position::Hash(87)),
        ("tile/1/000.p/2", 32, Position::Hash(1)),
    ] {
        let report = check(&flip(&files, path, at, 0));
        assert_eq!(tampered_at(&report), (path.into(), Some(place)), "{}", report.to_text());
        assert_eq!(report.finding_count, 1, "{}", report.to_text());
    }
}

#[test]
fn cut_and_lengthened_files_are_tampered() {
    let files = export(300);
    for path in files.keys() {
        let mut cut = files.clone();
        cut.get_mut(path).unwrap().pop();
        assert_eq!(check(&cut).verdict().word(), "tampered", "{path} cut");
        let mut longer = files.clone();
        longer.get_mut(path).unwrap().push(0);
        assert_eq!(check(&longer).verdict().word(), "tampered", "{path} longer");
        let mut empty = files.clone();
        empty.get_mut(path).unwrap().clear();
        assert_eq!(check(&empty).verdict().word(), "tampered", "{path} empty");
    }
    let mut cut = files.clone();
    cut.get_mut("tile/entries/001.p/44").unwrap().pop();
    assert_eq!(tampered_at(&check(&cut)), ("tile/entries/001.p/44".into(), Some(Position::Entry(299))));
}

#[test]
fn missing_files_are_named() {
    let files = export(600);
    for path in files.keys() {
        let mut less = files.clone();
        less.remove(path);
        let report = check(&less);
        assert_eq!(report.verdict(), Verdict::Incomplete(path.clone()), "{}", report.to_text());
        assert_eq!(report.missing_count, 1);
    }
    let report = check(&Export::new());
    assert_eq!((report.verdict().word(), report.missing_count), ("incomplete", 1));
    let heads_only = files.into_iter().filter(|(path, _)| !path.starts_with("tile/")).collect();
    assert_eq!(check(&heads_only).missing_count, 3 + 3 + 1);
}

#[test]
fn what_is_there_is_checked_even_if_something_is_missing() {
    let files = export(600);
    let mut less = flip(&files, "tile/0/001", 64, 3);
    less.remove("tile/entries/000");
    assert_eq!(tampered_at(&check(&less)), ("tile/0/001".into(), Some(Position::Hash(2))));
    // Without the bundle, the tile still has to fit the level above.
    let mut less = flip(&files, "tile/0/001", 64, 3);
    less.remove("tile/entries/001");
    assert_eq!(check(&less).verdict().word(), "tampered");
    // Without bundle and tile, the level above still has to give the root.
    let mut less = flip(&files, "tile/1/000.p/2", 40, 3);
    less.remove("tile/entries/001");
    less.remove("tile/0/001");
    assert_eq!(check(&less).verdict().word(), "tampered");
    let mut less = files;
    less.remove("tile/entries/001");
    less.remove("tile/0/001");
    assert_eq!(check(&less).verdict().word(), "incomplete");
}

#[test]
fn files_that_do_not_belong_are_tampering_and_renamed_ones_too() {
    let files = export(300);
    for path in ["README", "tile/0/002", "tile/entries/001", "tile/2/000.p/1", "tile/0/0", "vkey.old"] {
        let mut more = files.clone();
        more.insert(path.into(), Vec::new());
        assert_eq!(tampered_at(&check(&more)), (path.into(), None));
    }
    for path in files.keys() {
        let mut renamed = files.clone();
        let bytes = renamed.remove(path).unwrap();
        renamed.insert(format!("{path}x"), bytes);
        // Without its key or its checkpoint there is no log to which a file could not belong.
        let word = if path.starts_with("tile/") { "tampered" } else { "incomplete" };
        assert_eq!(check(&renamed).verdict().word(), word, "{path}");
    }
    // Two files that changed places.
    let mut swapped = export(600);
    let first = swapped.insert("tile/entries/000".into(), swapped["tile/entries/001"].clone()).unwrap();
    swapped.insert("tile/entries/001".into(), first);
    assert_eq!(check(&swapped).verdict().word(), "tampered");
}

#[test]
fn earlier_versions_of_partial_files_may_stay_if_they_agree() {
    let (old, mut files) = (export(280), export(300));
    for path in ["tile/0/001.p/24", "tile/entries/001.p/24"] {
        files.insert(path.into(), old[path].clone());
    }
    assert_eq!(check(&files).verdict(), Verdict::Whole);
    for path in ["tile/0/001.p/24", "tile/entries/001.p/24"] {
        for at in [0, 40, old[path].len() - 1] {
            let report = check(&flip(&files, path, at, 2));
            assert_eq!(tampered_at(&report), (path.into(), None), "{}", report.to_text());
        }
    }
}

#[test]
fn a_history_made_anew_is_found_by_the_signature_or_by_the_key() {
    // Somebody without the key replaces an entry and makes all tiles anew.
    let mut entries = leaves(600);
    entries[17] = leaf(ORIGIN, 9_999);
    let (mut forged, _) = export_by(&key(), &entries);
    forged.insert(CHECKPOINT_FILE.into(), export(600)[CHECKPOINT_FILE].clone());
    let report = check(&forged);
    assert_eq!(tampered_at(&report).0, CHECKPOINT_FILE, "{}", report.to_text());
    // Somebody signs it all with a key of their own: whole in itself, but not with the key from outside.
    let thief = SignerKey::from_seed(ORIGIN, &[6; 32]).unwrap();
    let (forged, _) = export_by(&thief, &entries);
    let report = check(&forged);
    assert_eq!((report.verdict(), report.key_from_outside), (Verdict::Whole, false));
    let options = Options { policy: Some(Policy::of_logs([key().verifier()].into())), ..Options::default() };
    assert_eq!(tampered_at(&check_with(&forged, &options)).0, VKEY_FILE);
    let report = check_with(&export(600), &options);
    assert_eq!((report.verdict(), report.key_from_outside), (Verdict::Whole, true));
}

#[test]
fn entries_that_are_no_leaves_of_this_log_are_told_even_if_signed() {
    for (entry, words) in
        [(b"no leaf".to_vec(), "not a leaf"), (leaf("gate.example.org/log/other", 3), "another log")]
    {
        let mut entries = leaves(5);
        entries[3] = entry;
        let report = check(&export_by(&key(), &entries).0);
        assert_eq!(tampered_at(&report), ("tile/entries/000.p/5".into(), Some(Position::Entry(3))));
        assert!(report.to_text().contains(words), "{}", report.to_text());
    }
}

fn with_saved(checkpoint: &Checkpoint, key: &SignerKey) -> Options {
    let saved = checkpoint.sign(key).unwrap().to_string().into_bytes();
    Options { saved: Some(saved), ..Options::default() }
}

#[test]
fn saved_checkpoints_show_old_exports_and_rewritten_histories() {
    let files = export(600);
    for then in [0, 1, 255, 256, 300, 512, 599, 600] {
        let (_, saved) = export_by(&key(), &leaves(then));
        let report = check_with(&files, &with_saved(&saved, &key()));
        assert_eq!((report.verdict(), report.compared_with), (Verdict::Whole, Some(then)), "{then}");
        let other = Checkpoint { root: Hash([1; 32]), ..saved };
        let report = check_with(&files, &with_saved(&other, &key()));
        assert_eq!(tampered_at(&report).0, CHECKPOINT_FILE, "{then}");
        assert!(report.to_text().contains("rewritten"));
    }
    let (_, later) = export_by(&key(), &leaves(601));
    let report = check_with(&files, &with_saved(&later, &key()));
    assert_eq!(report.verdict().word(), "stale", "{}", report.to_text());
}

#[test]
fn saved_checkpoints_of_others_cannot_be_used() {
    let files = export(3);
    let other = SignerKey::from_seed("gate.example.org/log/other", &[6; 32]).unwrap();
    let (_, saved) = export_by(&other, &leaves(2));
    let refused = verify(&files, &with_saved(&saved, &other), &mut |_, _| {});
    assert_eq!(refused, Err(VerifyError::Saved(CheckpointError::Note(NoteError::NoKnownSignature))));
    let both = Policy::of_logs([key().verifier(), other.verifier()].into());
    let options = Options { policy: Some(both), ..with_saved(&saved, &other) };
    assert_eq!(
        verify(&files, &options, &mut |_, _| {}),
        Err(VerifyError::SavedOfOtherLog("gate.example.org/log/other".into()))
    );
}

#[test]
fn age_is_that_of_the_newest_entry_or_cosignature() {
    let aged = |files: &Export, not_before_ms, policy| {
        check_with(files, &Options { not_before_ms: Some(not_before_ms), policy, saved: None })
            .verdict()
            .word()
    };
    let mut files = export(3);
    assert_eq!(aged(&files, 1_700_000_000_002, None), "whole");
    assert_eq!(aged(&files, 1_700_000_000_003, None), "stale");
    assert_eq!(aged(&export(0), 0, None), "stale");
    let mut note = Note::parse(&files[CHECKPOINT_FILE]).unwrap();
    note.cosign(&witness(1), 1_700_000_100);
    files.insert(CHECKPOINT_FILE.into(), note.to_string().into_bytes());
    let text = format!("log {}\nwitness W {}\nquorum W\n", key().verifier(), witness(1).verifier());
    assert_eq!(aged(&files, 1_700_000_100_000, Some(Policy::parse(&text).unwrap())), "whole");
    assert_eq!(aged(&files, 1_700_000_100_000, None), "stale");
}

#[test]
fn witnesses_that_the_policy_asks_for_are_missed() {
    let mut files = export(3);
    let text = format!("log {}\nwitness W {}\nquorum W\n", key().verifier(), witness(1).verifier());
    let options = Options { policy: Some(Policy::parse(&text).unwrap()), ..Options::default() };
    assert_eq!(check_with(&files, &options).verdict().word(), "incomplete");
    let mut note = Note::parse(&files[CHECKPOINT_FILE]).unwrap();
    note.cosign(&witness(2), 1);
    files.insert(CHECKPOINT_FILE.into(), note.to_string().into_bytes());
    assert_eq!(check_with(&files, &options).verdict().word(), "incomplete");
    note.cosign(&witness(1), 1);
    files.insert(CHECKPOINT_FILE.into(), note.to_string().into_bytes());
    let report = check_with(&files, &options);
    assert_eq!((report.verdict(), report.signers.len()), (Verdict::Whole, 2));
}

#[test]
fn a_checkpoint_of_absurd_size_ends_the_walk() {
    let checkpoint = Checkpoint { origin: ORIGIN.into(), size: u64::MAX, root: Hash([1; 32]) };
    let mut files = export(3);
    files.insert(CHECKPOINT_FILE.into(), checkpoint.sign(&key()).unwrap().to_string().into_bytes());
    assert_ne!(check(&files).verdict(), Verdict::Whole);
}

/// An entry of one of these ways to be, or not to be, a leaf of the log.
fn entry_of(way: u8, n: u64, at: Index) -> Vec<u8> {
    let mut bytes = leaf(ORIGIN, n);
    match way {
        0 => bytes[at.index(73)] ^= 4,
        1 => bytes.insert(at.index(73), b' '),
        2 => bytes = leaf("gate.example.org/log/other", n),
        3 => bytes.truncate(at.index(73)),
        4 => {
            let mut leaf = Leaf::parse(&bytes).unwrap();
            leaf.detail.insert("said".into(), "臺\"\\".into());
            bytes = leaf.bytes().unwrap();
        }
        _ => {}
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn what_is_said_of_entries_is_what_reading_them_one_by_one_says(
        ways in prop::collection::vec((0_u8..8, any::<Index>()), 1..300),
    ) {
        let entries: Vec<Vec<u8>> =
            ways.into_iter().zip(0..).map(|((way, at), n)| entry_of(way, n, at)).collect();
        let (mut newest, mut wanted) = (None, Vec::new());
        for (entry, n) in entries.iter().zip(0..) {
            match Leaf::parse(entry) {
                Ok(leaf) if leaf.log == ORIGIN => newest = newest.max(Some(leaf.at_ms)),
                Ok(leaf) => {
                    let said = format!("This entry was written for another log, {}.", leaf.log);
                    wanted.push((n, said));
                }
                Err(error) => wanted.push((n, format!("This entry is not a leaf: {error}."))),
            }
        }
        let report = check(&export_by(&key(), &entries).0);
        prop_assert_eq!((report.newest_ms, report.finding_count), (newest, wanted.len() as u64));
        let found = report.findings.into_iter().map(|found| (found.place.position, found.sentence));
        let wanted = wanted.into_iter().map(|(n, sentence)| (Some(Position::Entry(n)), sentence));
        prop_assert!(found.eq(wanted.take(crate::report::MAX_LISTED)));
    }

    #[test]
    fn any_flipped_bit_of_a_larger_export_is_tampering(
        size in prop_oneof![Just(257_u64), Just(300), Just(512), 513_u64..700],
        file: Index,
        at: Index,
        bit in 0..8_u8,
    ) {
        let files = export(size);
        let path = file.get(&files.keys().cloned().collect::<Vec<_>>()).clone();
        let report = check(&flip(&files, &path, at.index(files[&path].len()), bit));
        prop_assert_eq!(report.verdict().word(), "tampered");
        if path.starts_with("tile/") {
            prop_assert_eq!(tampered_at(&report).0, path);
        }
    }

    #[test]
    fn no_two_changes_together_are_whole(
        changes in prop::collection::vec((any::<Index>(), any::<Index>(), 0..8_u8, 0..4), 2..5),
    ) {
        let whole = export(520);
        let mut files = whole.clone();
        let paths: Vec<String> = files.keys().cloned().collect();
        for (file, at, bit, what) in changes {
            let path = file.get(&paths);
            match (what, files.get_mut(path)) {
                (0, _) => drop(files.remove(path)),
                (1, Some(bytes)) => bytes.truncate(at.index(bytes.len() + 1)),
                (_, Some(bytes)) if !bytes.is_empty() => {
                    let at = at.index(bytes.len());
                    bytes[at] ^= 1 << bit;
                }
                _ => {}
            }
        }
        prop_assert!((check(&files).verdict() == Verdict::Whole) == (files == whole));
    }
}
