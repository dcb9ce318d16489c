//! Leaves: their bytes, their limits, and the page that describes them.

use super::*;
use crate::hash::sha256;
use crate::json::{MAX_INTEGER, Value};
use alloc::format;
use alloc::string::ToString;
use proptest::prelude::*;

/// The worked example of `docs/ledger-format.md`.
pub(crate) fn example() -> Leaf {
    let mut leaf = Leaf::new(
        "gate.example.org/log/demo",
        "01920f5e-7c00-7000-8000-000000000001",
        1_727_740_800_000,
        "lookup.asked",
        "lookup.ask",
        "permitted",
    );
    leaf.pack = Some(PackRef { name: "example@2024".into(), digest: sha256(b"pack") });
    leaf.clauses = ["5", "8.2"].map(String::from).to_vec();
    leaf.record = Some("A24100100001".into());
    leaf.revs.insert("account/7".into(), 3);
    for name in ["actor", "case", "subject"] {
        leaf.commitments.insert(name.into(), sha256(name.as_bytes()));
    }
    leaf.sealed = Some(SealedRef { ciphertext: sha256(b"ciphertext"), key_commitment: sha256(b"key") });
    leaf.detail.insert("items".into(), Detail::Int(2));
    leaf.detail.insert("purpose".into(), Detail::from("social-aid"));
    leaf
}

fn plain() -> Leaf {
    Leaf::new("log", "id", 0, "type", "act", "done")
}

#[test]
fn a_leaf_without_extras_has_the_required_fields_only() {
    let bytes = plain().bytes().unwrap();
    let text = r#"{"act":"act","at":0,"id":"id","log":"log","outcome":"done","type":"type","v":1}"#;
    assert_eq!(String::from_utf8(bytes).unwrap(), text);
    let Ok(Value::Map(members)) = Value::parse(text.as_bytes()) else { panic!("an object") };
    let required: Vec<_> =
        LEAF_FIELDS.iter().filter(|field| field.required).map(|field| field.name).collect();
    assert!(members.keys().eq(&required));
}

#[test]
fn a_leaf_with_everything_has_all_fields_in_order() {
    let bytes = example().bytes().unwrap();
    let Ok(Value::Map(members)) = Value::parse(&bytes) else { panic!("an object") };
    assert!(members.keys().eq(LEAF_FIELDS.iter().map(|field| field.name)));
    assert_eq!(Leaf::parse(&bytes), Ok(example()));
    assert_eq!(example().hash(), Ok(leaf_hash(&bytes)));
}

#[test]
fn leaves_are_at_most_what_a_bundle_can_hold() {
    let mut leaf = plain();
    leaf.detail.insert("x".into(), Detail::from("a"));
    let spare = MAX_LEAF_BYTES - leaf.bytes().unwrap().len();
    leaf.detail.insert("x".into(), Detail::Text("a".repeat(spare + 1)));
    assert_eq!(leaf.bytes().map(|bytes| bytes.len()), Ok(MAX_LEAF_BYTES));
    assert!(Leaf::parse(&leaf.bytes().unwrap()).is_ok());
    leaf.detail.insert("x".into(), Detail::Text("a".repeat(spare + 2)));
    assert_eq!(leaf.bytes(), Err(LeafError::TooLong));
    assert_eq!(Leaf::parse(&[b' '; MAX_LEAF_BYTES + 1]), Err(LeafError::TooLong));
}

#[test]
fn what_must_not_stand_in_a_leaf_is_refused() {
    let with = |change: fn(&mut Leaf)| {
        let mut leaf = plain();
        change(&mut leaf);
        leaf.bytes()
    };
    assert_eq!(with(|leaf| leaf.act.clear()), Err(LeafError::BadField("act")));
    assert_eq!(with(|leaf| leaf.log.push('\n')), Err(LeafError::BadField("log")));
    assert_eq!(with(|leaf| leaf.record = Some(String::new())), Err(LeafError::BadField("record")));
    assert_eq!(with(|leaf| leaf.clauses.push(String::new())), Err(LeafError::BadField("clauses")));
    assert_eq!(with(|leaf| leaf.at_ms = 1 << 53), Err(LeafError::BadField("at")));
    assert_eq!(with(|leaf| _ = leaf.revs.insert("a".into(), u64::MAX)), Err(LeafError::BadField("revs")));
    assert_eq!(with(|leaf| _ = leaf.revs.insert("a b".into(), 1)), Err(LeafError::BadField("revs")));
    assert_eq!(
        with(|leaf| _ = leaf.detail.insert("a".into(), Detail::Int(i64::MIN))),
        Err(LeafError::BadField("detail"))
    );
    assert_eq!(
        with(|leaf| _ = leaf.commitments.insert("é".into(), sha256(b""))),
        Err(LeafError::BadField("commitments"))
    );
}

#[test]
fn reading_is_strict() {
    let good = String::from_utf8(example().bytes().unwrap()).unwrap();
    let digest = sha256(b"pack").to_hex();
    for (from, to, error) in [
        ("\"v\":1", "\"v\":2", LeafError::BadField("v")),
        ("\"v\":1", "\"v\":1,\"x\":1", LeafError::UnknownField),
        ("\"act\":\"lookup.ask\",", "", LeafError::Missing("act")),
        ("\"act\":\"lookup.ask\"", "\"act\":7", LeafError::BadField("act")),
        ("\"at\":1727740800000", "\"at\":-1", LeafError::BadField("at")),
        ("\"at\":1727740800000,", "", LeafError::Missing("at")),
        ("\"clauses\":[\"5\",\"8.2\"]", "\"clauses\":[]", LeafError::Json(JsonError::NotCanonical)),
        ("\"clauses\":[\"5\",\"8.2\"]", "\"clauses\":[5]", LeafError::BadField("clauses")),
        ("\"revs\":{\"account/7\":3}", "\"revs\":{}", LeafError::Json(JsonError::NotCanonical)),
        ("\"pack\":\"example@2024\",", "", LeafError::Missing("pack")),
        ("\"items\":2", "\"items\":true", LeafError::BadField("detail")),
        (&digest, &digest.to_uppercase(), LeafError::BadField("digest")),
        ("{\"act\"", "{ \"act\"", LeafError::Json(JsonError::Malformed)),
        (
            "\"act\":\"lookup.ask\",\"at\":1727740800000",
            "\"at\":1727740800000,\"act\":\"lookup.ask\"",
            LeafError::Json(JsonError::NotCanonical),
        ),
    ] {
        let changed = good.replacen(from, to, 1);
        assert_ne!(changed, good, "{from}");
        assert_eq!(Leaf::parse(changed.as_bytes()), Err(error), "{from} → {to}");
    }
    assert_eq!(Leaf::parse(b"[]"), Err(LeafError::Json(JsonError::Malformed)));
}

fn any_text() -> impl Strategy<Value = String> {
    "[^\\p{Cc}]{1,12}"
}

fn any_name() -> impl Strategy<Value = String> {
    "[!-~]{1,8}"
}

fn any_hash() -> impl Strategy<Value = Hash> {
    any::<[u8; 32]>().prop_map(Hash)
}

fn any_detail() -> impl Strategy<Value = Detail> {
    prop_oneof![any_text().prop_map(Detail::Text), (-MAX_INTEGER..=MAX_INTEGER).prop_map(Detail::Int)]
}

prop_compose! {
    pub(crate) fn any_leaf()(
        (kind, id, log) in (any_text(), any_text(), any_text()),
        at_ms in 0..=MAX_INTEGER.unsigned_abs(),
        pack in prop::option::of((any_text(), any_hash())),
        (clauses, act, outcome) in (prop::collection::vec(any_text(), 0..4), any_text(), any_text()),
        record in prop::option::of(any_text()),
        revs in prop::collection::btree_map(any_name(), 0..=MAX_INTEGER.unsigned_abs(), 0..4),
        commitments in prop::collection::btree_map(any_name(), any_hash(), 0..4),
        sealed in prop::option::of((any_hash(), any_hash())),
        detail in prop::collection::btree_map(any_name(), any_detail(), 0..4),
    ) -> Leaf {
        let pack = pack.map(|(name, digest)| PackRef { name, digest });
        let sealed = sealed.map(|(ciphertext, key_commitment)| SealedRef { ciphertext, key_commitment });
        Leaf { kind, id, at_ms, log, pack, clauses, act, outcome, record, revs, commitments, sealed, detail }
    }
}

proptest! {
    #[test]
    fn every_leaf_reads_back_and_is_canonical(leaf in any_leaf()) {
        let bytes = leaf.bytes().unwrap();
        prop_assert_eq!(Leaf::parse(&bytes), Ok(leaf));
        prop_assert_eq!(Value::parse(&bytes).unwrap().to_bytes().unwrap(), bytes);
    }

    #[test]
    fn a_flipped_bit_is_refused_or_is_another_leaf(
        leaf in any_leaf(),
        at: prop::sample::Index,
        bit in 0..8_u32,
    ) {
        let mut bytes = leaf.bytes().unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1_u8 << bit;
        if let Ok(other) = Leaf::parse(&bytes) {
            prop_assert_ne!(&other, &leaf);
            prop_assert_eq!(other.bytes().unwrap(), bytes);
        }
    }
}

/// The page that outsiders build their own readers from.
fn page() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/ledger-format.md");
    std::fs::read_to_string(path).expect("the page lies beside the code in the repository")
}

/// The text of the page between a heading and the next heading of any kind.
fn section<'a>(page: &'a str, heading: &str) -> &'a str {
    let start = page.find(heading).unwrap_or_else(|| panic!("no section {heading}")) + heading.len();
    page[start..].split("\n#").next().unwrap_or_default()
}

/// The first fenced block of a section.
fn block(section: &str) -> &str {
    section.split("```").nth(1).and_then(|block| block.split_once('\n')).expect("a fenced block").1.trim_end()
}

#[test]
fn the_page_lists_exactly_these_fields() {
    let page = page();
    let rows = section(&page, "## The leaf\n").lines().filter_map(|line| line.strip_prefix("| `"));
    let listed: Vec<(String, bool)> = rows
        .map(|row| {
            let mut cells = row.split('|').map(|cell| cell.trim().trim_end_matches('`'));
            let name = cells.next().unwrap_or_default().to_string();
            (name, cells.next() == Some("always"))
        })
        .collect();
    let fields: Vec<_> = LEAF_FIELDS.iter().map(|field| (field.name.to_string(), field.required)).collect();
    assert_eq!(listed, fields);
}

#[test]
fn the_example_of_the_page_is_what_the_code_makes() {
    let page = page();
    let section = section(&page, "### Worked example\n");
    let bytes = example().bytes().unwrap();
    assert_eq!(block(section), core::str::from_utf8(&bytes).unwrap());
    assert!(section.contains(&format!("{} bytes", bytes.len())), "{} bytes", bytes.len());
    let hash = leaf_hash(&bytes).to_hex();
    assert!(section.contains(&format!("`{hash}`")), "{hash}");
}

#[test]
fn the_page_states_the_limits_of_the_code() {
    let page = page();
    assert!(page.contains("65,535 bytes"), "{MAX_LEAF_BYTES}");
    assert!(page.contains("2^53 − 1"), "{MAX_INTEGER}");
    assert!(page.contains(&format!("`v` is {LEAF_VERSION}")));
}
