//! The stand-alone verifier as its users run it: arguments, exit codes, words, and files on a disk.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use ledger::checkpoint::Checkpoint;
use ledger::export::{CHECKPOINT_FILE, VKEY_FILE, Writer};
use ledger::leaf::Leaf;
use ledger::note::SignerKey;

const ORIGIN: &str = "gate.example.org/log/test";

fn key(seed: u8) -> SignerKey {
    SignerKey::from_seed(ORIGIN, &[seed; 32]).expect("the name is one")
}

/// A folder that is removed at the end of its test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder for the test");
        Self(path)
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        fs::write(&path, content).expect("a file for the test");
        path.to_string_lossy().into_owned()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Writes the export of a log of that size below the scratch folder, and gives its folder and its checkpoint.
fn export(scratch: &Scratch, name: &str, count: u64) -> (String, String) {
    let folder = scratch.0.join(name);
    fs::create_dir_all(&folder).expect("the folder of the export");
    let mut sink = |path: &str, bytes: &[u8]| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a tile lies in a folder"))?;
        fs::write(path, bytes)
    };
    let mut writer = Writer::new();
    for n in 0..count {
        let leaf =
            Leaf::new(ORIGIN, &format!("e{n}"), 1_795_248_000_000 + n, "lookup.asked", "ask", "permitted");
        writer.push(&leaf.bytes().expect("a sound leaf"), &mut sink).expect("the export is written");
    }
    let (size, root) = writer.finish(&mut sink).expect("the export is written");
    let checkpoint =
        Checkpoint { origin: ORIGIN.into(), size, root }.sign(&key(1)).expect("its own key").to_string();
    fs::write(folder.join(CHECKPOINT_FILE), &checkpoint).expect("the checkpoint is written");
    fs::write(folder.join(VKEY_FILE), format!("{}\n", key(1).verifier())).expect("the key is written");
    (folder.to_string_lossy().into_owned(), checkpoint)
}

fn run(arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } =
        Command::new(env!("CARGO_BIN_EXE_sluice-verify")).args(arguments).output().expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("plain text");
    (status.code().expect("an exit code"), text(stdout), text(stderr))
}

#[test]
fn a_whole_export_is_whole_and_its_own_key_is_warned_of() {
    let scratch = Scratch::new("whole");
    let (folder, _) = export(&scratch, "log", 300);
    let (code, out, _) = run(&[&folder]);
    assert_eq!(code, 0, "{out}");
    assert!(
        out.starts_with("WHOLE") && out.contains("300 entries") && out.contains("from the export itself"),
        "{out}"
    );
    let vkey = scratch.file("trusted", key(1).verifier().to_string());
    let (code, out, _) = run(&[&folder, "--vkey", &vkey]);
    assert_eq!(code, 0, "{out}");
    assert!(!out.contains("from the export itself"), "{out}");
    let policy = scratch.file("policy", format!("log {}\nquorum none\n", key(1).verifier()));
    assert_eq!(run(&["--policy", &policy, &folder]).0, 0);
    let (code, out, _) = run(&[&folder, "--json"]);
    assert_eq!(code, 0);
    assert!(out.starts_with('{') && out.contains("\"verdict\":\"whole\""), "{out}");
}

#[test]
fn one_changed_bit_is_tampering_and_its_place_is_told() {
    let scratch = Scratch::new("tampered");
    let (folder, _) = export(&scratch, "log", 300);
    for (path, place) in [
        ("tile/entries/000", "tile/entries/000, entry "),
        ("tile/entries/001.p/44", "tile/entries/001.p/44, entry 2"),
        ("tile/0/000", "tile/0/000, hash 128"),
        (CHECKPOINT_FILE, "checkpoint: "),
    ] {
        let file = Path::new(&folder).join(path);
        let whole = fs::read(&file).expect("the file is there");
        let mut changed = whole.clone();
        changed[whole.len() / 2] ^= 4;
        fs::write(&file, &changed).expect("the file is changed");
        let (code, out, _) = run(&[&folder]);
        assert_eq!(code, 1, "{path}: {out}");
        assert!(out.starts_with("TAMPERED") && out.contains(place), "{path}: {out}");
        fs::write(&file, &whole).expect("the file is put back");
    }
    let thief = scratch.file("other", key(2).verifier().to_string());
    assert_eq!(run(&[&folder, "--vkey", &thief]).0, 1);
    fs::write(Path::new(&folder).join("tile/notes.txt"), "x").expect("a stray file");
    let (code, out, _) = run(&[&folder]);
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("tile/notes.txt: This file does not belong"), "{out}");
}

#[test]
fn missing_files_make_it_incomplete() {
    let scratch = Scratch::new("incomplete");
    let (folder, _) = export(&scratch, "log", 300);
    fs::remove_file(Path::new(&folder).join("tile/entries/000")).expect("a bundle is removed");
    let (code, out, _) = run(&[&folder]);
    assert_eq!(code, 2, "{out}");
    assert!(out.contains("missing: tile/entries/000"), "{out}");
    fs::create_dir(Path::new(&folder).join("tile/entries/000")).expect("a folder in its place");
    assert_eq!(run(&[&folder]).0, 2);
    let empty = Scratch::new("empty");
    assert_eq!(run(&[&empty.0.to_string_lossy()]).0, 2);
}

#[test]
fn old_exports_are_stale() {
    let scratch = Scratch::new("stale");
    let (folder, checkpoint) = export(&scratch, "log", 300);
    let (_, later) = export(&scratch, "later", 301);
    let (saved, later) = (scratch.file("saved", checkpoint), scratch.file("later.checkpoint", later));
    assert_eq!(run(&[&folder, "--saved", &saved]).0, 0);
    let (code, out, _) = run(&[&folder, "--saved", &later]);
    assert_eq!(code, 3, "{out}");
    assert!(out.contains("301 entries, this export only 300"), "{out}");
    // The newest entry is of 2026-11-21T08:00:00.299Z.
    assert_eq!(run(&[&folder, "--max-age", "24", "--now", "2026-11-22T08:00:00Z"]).0, 0);
    assert_eq!(run(&[&folder, "--max-age", "24", "--now", "2026-11-22T16:00:01+08:00"]).0, 3);
}

#[test]
fn wrong_usage_is_told_with_the_usage() {
    let scratch = Scratch::new("usage");
    let (folder, _) = export(&scratch, "log", 1);
    let junk = scratch.file("junk", "junk");
    let empty_policy = scratch.file("no-log", "quorum none\n");
    for arguments in [
        &[][..],
        &["/no/such/folder"],
        &[&folder, &folder],
        &[&folder, "--vkeys", "x"],
        &[&folder, "--vkey"],
        &[&folder, "--vkey", "/no/such/file"],
        &[&folder, "--vkey", &junk],
        &[&folder, "--policy", &junk],
        &[&folder, "--policy", &empty_policy],
        &[&folder, "--saved", &junk],
        &[&folder, "--max-age", "soon"],
        &[&folder, "--now", "2026-11-22T08:00:00Z"],
        &[&folder, "--max-age", "1", "--now", "noon"],
        &[&folder, "--vkey", &junk, "--policy", &junk],
        &[&folder, "--saved", &junk, "--saved", &junk],
    ] {
        let (code, out, err) = run(arguments);
        assert_eq!(code, 4, "{arguments:?}: {out}{err}");
        assert!(out.is_empty() && err.contains("Usage: sluice-verify"), "{arguments:?}: {err}");
    }
    let (code, out, _) = run(&["--help"]);
    assert_eq!(code, 0);
    for word in
        ["--vkey", "--policy", "--saved", "--max-age", "--now", "--json", "Exit codes: 0 whole, 1 tampered"]
    {
        assert!(out.contains(word), "{word}");
    }
}

#[test]
fn large_logs_show_how_far_the_reading_is() {
    let scratch = Scratch::new("large");
    let (folder, _) = export(&scratch, "log", 50_000);
    let (code, out, err) = run(&[&folder]);
    assert_eq!(code, 0, "{out}");
    assert!(err.contains("read 50000 of 50000 entries (100 %)"), "{err}");
}
