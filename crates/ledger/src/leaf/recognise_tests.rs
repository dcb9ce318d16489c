//! What is recognised is held against what is read: the two must agree on every entry.

use super::super::tests::{any_leaf, example};
use super::super::{Detail, Leaf};
use super::*;
use alloc::string::String;
use alloc::vec;
use proptest::prelude::*;
use proptest::sample::Index;

/// Holds both against one another, and gives whether the entry was recognised.
fn agree(recogniser: &Recogniser, origin: &str, entry: &[u8]) -> bool {
    let shown = || String::from_utf8_lossy(entry).into_owned();
    let (hash, recognised) = recogniser.read(entry);
    assert_eq!(hash, leaf_hash(entry), "{}", shown());
    let read = Leaf::parse(entry).ok().filter(|leaf| leaf.log == origin).map(|leaf| leaf.at_ms);
    // A leaf with escapes may be left to the reader; nothing else may be, and no more may be recognised.
    if recognised.is_some() || !entry.contains(&b'\\') {
        assert_eq!(recognised, read, "{}", shown());
    }
    recognised.is_some()
}

fn agree_on(leaf: &Leaf) -> bool {
    agree(&Recogniser::of(&leaf.log), &leaf.log, &leaf.bytes().unwrap())
}

/// Pieces that stand at the border between what is a leaf and what is not.
const PIECES: [&[u8]; 40] = [
    b"",
    b"\"",
    b"\\",
    b"\\\"",
    b"\\\\",
    b"\\u0041",
    b"\\n",
    b",",
    b",\"",
    b"\",\"",
    b":",
    b"{",
    b"}",
    b"{}",
    b"[",
    b"]",
    b"[]",
    b"\"\"",
    b" ",
    b"\t",
    b"\n",
    b"\0",
    b"\x7f",
    b"\xc2\x80",
    b"\xc2\xa0",
    b"\xc3\xa9",
    b"\xe8\x87\xba",
    b"\xff",
    b"\xc3",
    b"0",
    b"1",
    b"00",
    b"-",
    b"-0",
    b"-1",
    b".0",
    b"e1",
    b"9007199254740991",
    b"9007199254740992",
    b"99999999999999999999",
];

#[test]
fn a_leaf_with_all_fields_is_recognised_and_so_is_one_with_none_but_the_required() {
    assert!(agree_on(&example()));
    assert!(agree_on(&Leaf::new("l", "i", 0, "t", "a", "o")));
    let leaf = example();
    let (_, at_ms) = Recogniser::of(&leaf.log).read(&leaf.bytes().unwrap());
    assert_eq!(at_ms, Some(leaf.at_ms));
}

#[test]
fn every_byte_replaced_or_left_out_and_every_end() {
    let leaf = example();
    let recogniser = Recogniser::of(&leaf.log);
    let bytes = leaf.bytes().unwrap();
    for at in 0..bytes.len() {
        assert!(!agree(&recogniser, &leaf.log, &bytes[..at]), "cut at {at}");
        let mut less = bytes.clone();
        less.remove(at);
        agree(&recogniser, &leaf.log, &less);
        for other in *b"\"\\ ,:{}[]019afgAF-\x00\x1f\x7f\x80\xff" {
            let mut changed = bytes.clone();
            changed[at] = other;
            agree(&recogniser, &leaf.log, &changed);
        }
    }
}

#[test]
fn every_byte_at_every_place_of_a_text_and_of_a_name() {
    let mut leaf = Leaf::new("log", "id", 7, "type", "act", "done");
    leaf.detail.insert("n".repeat(19), Detail::Text("t".repeat(19)));
    let recogniser = Recogniser::of("log");
    let bytes = leaf.bytes().unwrap();
    let starts = [b"nnn", b"ttt"].map(|run| bytes.windows(3).position(|bytes| bytes == run).unwrap());
    for start in starts {
        for at in start..start + 19 {
            for other in 0..=255 {
                let mut changed = bytes.clone();
                changed[at] = other;
                let is_plain = matches!(other, b'!'..=b'~') && !matches!(other, b'"' | b'\\');
                let is_blank = other == b' ' && start == starts[1];
                assert_eq!(agree(&recogniser, "log", &changed), is_plain || is_blank, "{at} {other:#x}");
            }
        }
    }
}

#[test]
fn numbers_at_their_limits() {
    let bytes = example().bytes().unwrap();
    let text = core::str::from_utf8(&bytes).unwrap();
    let recogniser = Recogniser::of(&example().log);
    let mut recognised = vec![];
    for field in ["\"at\":1727740800000", "\"items\":2", "\"account/7\":3"] {
        let (name, _) = field.split_once(':').unwrap();
        for number in [
            "",
            "0",
            "00",
            "01",
            "-0",
            "-1",
            "-",
            "--1",
            "+1",
            "1.0",
            "1e3",
            "9007199254740991",
            "9007199254740992",
            "-9007199254740991",
            "-9007199254740992",
            "09007199254740991",
            "18446744073709551617",
            "100000000000000000000000000000000000000",
            "\"1\"",
            "\"\"",
            "null",
            "true",
        ] {
            let changed = text.replace(field, &alloc::format!("{name}:{number}"));
            if agree(&recogniser, &example().log, changed.as_bytes()) {
                recognised.push((name, number));
            }
        }
    }
    let wanted = [
        ("\"at\"", "0"),
        ("\"at\"", "9007199254740991"),
        ("\"items\"", "0"),
        ("\"items\"", "-1"),
        ("\"items\"", "9007199254740991"),
        ("\"items\"", "-9007199254740991"),
        ("\"items\"", "\"1\""),
        ("\"account/7\"", "0"),
        ("\"account/7\"", "9007199254740991"),
    ];
    assert_eq!(recognised, wanted);
}

/// What stands between two commas of a leaf, each behind its first quote.
fn pieces(leaf: &Leaf) -> Vec<String> {
    let text = String::from_utf8(leaf.bytes().unwrap()).unwrap();
    text.trim_start_matches("{\"").split(",\"").map(String::from).collect()
}

fn joined(pieces: &[String]) -> String {
    alloc::format!("{{\"{}", pieces.join(",\""))
}

#[test]
fn every_member_left_out_doubled_or_behind_the_next() {
    let leaf = example();
    let recogniser = Recogniser::of(&leaf.log);
    let whole = pieces(&leaf);
    assert_eq!(joined(&whole).as_bytes(), leaf.bytes().unwrap());
    for at in 0..whole.len() {
        let mut less = whole.clone();
        let piece = less.remove(at);
        agree(&recogniser, &leaf.log, joined(&less).as_bytes());
        for to in 0..less.len() {
            let mut moved = less.clone();
            moved.insert(to, piece.clone());
            agree(&recogniser, &leaf.log, joined(&moved).as_bytes());
        }
        let mut doubled = whole.clone();
        doubled.insert(at, piece);
        agree(&recogniser, &leaf.log, joined(&doubled).as_bytes());
    }
}

#[test]
fn names_stand_once_and_in_order() {
    let mut leaf = example();
    leaf.revs.insert("b".into(), 1);
    let text = String::from_utf8(leaf.bytes().unwrap()).unwrap();
    let recogniser = Recogniser::of(&leaf.log);
    let names =
        ["a", "b", "ab", "abc", "b1", "account/7", "b2345678", "b23456789", "items", "purpose", "~", "!"];
    for (first, second) in [("actor", "case"), ("case", "subject"), ("items", "purpose"), ("account/7", "b")]
    {
        for (one, other) in names.iter().flat_map(|one| names.iter().map(move |other| (*one, *other))) {
            let named = |name: &str| alloc::format!("\"{name}\":");
            let changed = text.replace(&named(second), "\0").replace(&named(first), &named(one));
            let changed = changed.replace('\0', &named(other));
            let is_recognised = agree(&recogniser, &leaf.log, changed.as_bytes());
            // Beside these two stands at most one more, which is named as here.
            if first != "actor" && first != "case" {
                assert_eq!(is_recognised, one < other, "{one} {other}");
            }
        }
    }
}

#[test]
fn leaves_of_the_greatest_length_are_recognised_and_no_longer_ones() {
    let mut leaf = example();
    leaf.detail.insert("x".into(), Detail::from("a"));
    let spare = MAX_LEAF_BYTES - leaf.bytes().unwrap().len();
    leaf.detail.insert("x".into(), Detail::Text("a".repeat(spare + 1)));
    assert!(agree_on(&leaf));
    let text = String::from_utf8(leaf.bytes().unwrap()).unwrap();
    assert!(!agree(&Recogniser::of(&leaf.log), &leaf.log, text.replace("aaa", "aaaa").as_bytes()));
}

#[test]
fn origins_that_no_leaf_can_have_and_such_as_are_written_with_escapes() {
    for (origin, is_recognised) in
        [("", false), ("a\nb", false), ("a\u{85}b", false), ("臺", true), ("a\"b", true), ("a\\", true)]
    {
        let mut leaf = example();
        leaf.log = origin.into();
        let Ok(bytes) = leaf.bytes() else {
            let bytes = example().bytes().unwrap();
            let bytes = String::from_utf8(bytes).unwrap().replace(&example().log, origin);
            assert!(!agree(&Recogniser::of(origin), origin, bytes.as_bytes()));
            continue;
        };
        assert_eq!(agree(&Recogniser::of(origin), origin, &bytes), is_recognised, "{origin}");
        assert!(!agree(&Recogniser::of("another"), "another", &bytes));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn leaves_are_recognised_for_their_log_only(leaf in any_leaf(), other in any_leaf()) {
        let is_recognised = agree_on(&leaf);
        prop_assert!(is_recognised || leaf.bytes().unwrap().contains(&b'\\'));
        agree(&Recogniser::of(&other.log), &other.log, &leaf.bytes().unwrap());
    }

    #[test]
    fn changed_leaves_are_recognised_if_they_are_leaves(
        leaf in any_leaf(),
        other in any_leaf(),
        changes in prop::collection::vec((any::<Index>(), 0..4_usize, any::<Index>(), 0..3_u8), 1..4),
    ) {
        let origin = leaf.log.clone();
        let (mut bytes, other) = (leaf.bytes().unwrap(), other.bytes().unwrap());
        for (at, length, from, way) in changes {
            let start = at.index(bytes.len() + 1);
            let end = bytes.len().min(start + length);
            let piece = match way {
                0 => PIECES[from.index(PIECES.len())],
                // A piece of another leaf, as long as it was or of another length.
                1 => other[from.index(other.len())..].get(..end - start).unwrap_or_default(),
                _ => &other[from.index(other.len())..][..1],
            };
            bytes.splice(start..end, piece.iter().copied());
        }
        agree(&Recogniser::of(&origin), &origin, &bytes);
    }

    #[test]
    fn members_of_two_leaves_mixed(leaf in any_leaf(), other in any_leaf(), picks: [u8; 16]) {
        let (mine, others) = (pieces(&leaf), pieces(&other));
        let both = mine.iter().zip(others.iter().cycle()).zip(picks.iter().cycle());
        let kept = both.flat_map(|((mine, other), pick)| match pick % 16 {
            0 => vec![],
            1 => vec![mine.clone(), mine.clone()],
            2 => vec![other.clone()],
            _ => vec![mine.clone()],
        });
        agree(&Recogniser::of(&leaf.log), &leaf.log, joined(&kept.collect::<Vec<_>>()).as_bytes());
    }
}
