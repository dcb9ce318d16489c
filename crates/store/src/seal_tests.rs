//! Nothing personal lies in the files; and what lies there opens with the keys and in its place only.

use crate::door::{Config, Store};
use crate::fault::Fault;
use crate::keyring::KeyringPlace;
use crate::testing::{NUMBER, Scratch, at, enrol, key, log};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

fn sealed_number(store: &Store) -> String {
    let found = store.read(|read| read.query(&NUMBER_OF, &crate::row!["p1"]));
    found.unwrap().first().unwrap().text("number_sealed").unwrap()
}

static NUMBER_OF: crate::Statement =
    crate::Statement { name: "test_number_of", sql: "SELECT number_sealed FROM person WHERE id = $1" };

/// Whether any file of the folder holds the text.
fn holds(folder: &std::path::Path, text: &str) -> bool {
    let files = fs::read_dir(folder).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap());
    let found = |bytes: Vec<u8>| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    files.into_iter().any(found)
}

#[test]
fn personal_text_is_in_no_file_and_opens_again() {
    let scratch = Scratch::new();
    let store = scratch.open();
    store.write(enrol("p1", 0, "e1")).unwrap();
    store.publish_now(&log()).unwrap();
    let sealed = sealed_number(&store);
    assert_eq!(store.read(|read| read.unseal(&sealed)).unwrap().expose(), NUMBER);
    assert!(holds(&scratch.data(), "directory.enrolled"), "the log file is not where this test looks");
    assert!(!holds(&scratch.data(), NUMBER));
    assert!(!holds(&scratch.data(), "operator/operator"));
    drop(store);
    let reopened = scratch.open();
    assert_eq!(reopened.read(|read| read.unseal(&sealed)).unwrap().expose(), NUMBER);
}

#[test]
fn equal_values_have_equal_tags_and_unequal_bytes() {
    let scratch = Scratch::new();
    let store = scratch.open();
    store.write(enrol("p1", 0, "e1")).unwrap();
    store.write(enrol("p2", 0, "e2")).unwrap();
    let raw = scratch.raw();
    let tags: i64 =
        raw.query_row("SELECT COUNT(DISTINCT number_tag) FROM person", [], |row| row.get(0)).unwrap();
    let bodies: i64 = raw.query_row("SELECT COUNT(DISTINCT body) FROM sealed", [], |row| row.get(0)).unwrap();
    assert_eq!((tags, bodies), (1, 4));
}

#[test]
fn changed_bytes_and_moved_rows_do_not_open() {
    let scratch = Scratch::new();
    let store = scratch.open();
    store.write(enrol("p1", 0, "e1")).unwrap();
    store.write(enrol("p2", 0, "e2")).unwrap();
    let sealed = sealed_number(&store);
    let raw = scratch.raw();
    let refused = |change: &str| {
        raw.execute("SAVEPOINT change", []).unwrap();
        raw.execute(change, rusqlite::params![sealed]).unwrap();
        raw.execute("RELEASE change", []).unwrap();
        let opened = store.read(|read| read.unseal(&sealed));
        assert!(matches!(opened, Err(Fault::Unsealable(_))), "{change}: {opened:?}");
    };
    refused("UPDATE sealed SET nonce = zeroblob(12) WHERE id = ?1");
    raw.execute("UPDATE sealed SET kc = zeroblob(32) WHERE id = 'e1'", []).unwrap();
    assert!(store.read(|read| read.committed("e1", "actor")).is_err());
    raw.execute_batch(
        "UPDATE sealed SET wrapped = other.wrapped, nonce = other.nonce, body = other.body, kc = other.kc \
         FROM (SELECT wrapped, nonce, body, kc FROM sealed WHERE id = 'e2') AS other WHERE id = 'e1'",
    )
    .unwrap();
    assert!(store.read(|read| read.committed("e2", "actor")).is_ok());
    assert!(store.read(|read| read.committed("e1", "actor")).is_err());
    refused("DELETE FROM sealed WHERE id = ?1");
}

#[test]
fn without_its_keyring_a_database_opens_to_nobody() {
    let scratch = Scratch::new();
    let store = scratch.open();
    store.write(enrol("p1", 0, "e1")).unwrap();
    drop(store);
    let other = Config { keyring: KeyringPlace::Memory, ..scratch.config() };
    assert!(matches!(Store::open(&other), Err(Fault::Keyring(_))));
    let file = scratch.keyring().join("epoch-000001.key");
    fs::write(&file, [7; 32]).unwrap();
    let opened = Store::open(&scratch.config()).map(|_| ());
    assert!(matches!(opened, Err(Fault::Keyring(_))), "{opened:?}");
}

#[test]
fn a_keyring_that_others_can_read_or_that_lies_in_the_data_is_refused() {
    let scratch = Scratch::new();
    drop(scratch.open());
    let mode = |path: &std::path::Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let file = scratch.keyring().join("epoch-000001.key");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(scratch.keyring()).unwrap().permissions().mode() & 0o777, 0o700);
    mode(&file, 0o640);
    assert!(matches!(Store::open(&scratch.config()), Err(Fault::Keyring(why)) if why.contains("others")));
    mode(&file, 0o600);
    mode(&scratch.keyring(), 0o755);
    assert!(matches!(Store::open(&scratch.config()), Err(Fault::Keyring(_))));
    mode(&scratch.keyring(), 0o700);
    let inside = KeyringPlace::Folder(scratch.data().join("keys"));
    let refused = Store::open(&Config { keyring: inside, ..scratch.config() }).map(|_| ());
    assert!(matches!(refused, Err(Fault::Keyring(why)) if why.contains("inside")));
    drop(scratch.open());
}

#[test]
fn a_new_month_has_a_bucket_of_its_own() {
    let scratch = Scratch::new();
    let store = scratch.open();
    let write = |event: &str, seconds: i64| {
        let event = domain::id::EventId::new(event);
        store.write(domain::directory::enrol(&log(), vec![], [], &event, at(seconds)).unwrap()).unwrap();
    };
    write("e1", 0);
    write("e2", 20 * 86_400);
    let raw = scratch.raw();
    let mut names = raw.prepare("SELECT id FROM bucket ORDER BY id").unwrap();
    let names: Vec<String> = names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(names, ["platform/record/2026-11", "platform/record/2026-12", "platform/tag"]);
    let other: Result<_, Fault> =
        store.read(|read| Ok((read.committed("e1", "actor")?, read.committed("e2", "actor")?)));
    assert!(other.unwrap().0.is_some());
    assert_eq!(store.read(|read| read.rev(&key("nobody"))).unwrap().rev, 0);
}

#[test]
fn a_leaf_commits_to_its_sealed_part_and_to_its_actor_unlinkably() {
    let scratch = Scratch::new();
    let store = scratch.open();
    store.write(enrol("p1", 0, "e1")).unwrap();
    store.write(enrol("p2", 0, "e2")).unwrap();
    let leaf = |index| {
        let found = store.read(|read| read.leaf(&log(), index)).unwrap().unwrap();
        ledger::Leaf::parse(&found.body).unwrap()
    };
    let (first, second) = (leaf(0), leaf(1));
    assert_ne!(first.commitments["actor"], second.commitments["actor"]);
    let (nonce, body, kc): (Vec<u8>, Vec<u8>, Vec<u8>) = scratch
        .raw()
        .query_row("SELECT nonce, body, kc FROM sealed WHERE id = 'e1'", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .unwrap();
    let sealed = first.sealed.unwrap();
    assert_eq!(sealed.ciphertext, ledger::hash::sha256(&[nonce, body].concat()));
    assert_eq!(sealed.key_commitment.0.as_slice(), kc);
}
