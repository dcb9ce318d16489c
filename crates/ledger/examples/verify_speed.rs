//! Prints how fast a log is exported and verified, and holds that against what hashing alone takes.
//!
//! ```sh
//! cargo run --release --locked -p ledger --example verify_speed -- [ENTRIES [ROUNDS]]
//! ```
//!
//! Verification is that of `sluice-verify`: the files of a folder are read and every check is made. The
//! *hash ceiling* is what the same core does when it only hashes each entry and one inner node for each
//! entry, which is what a tree of any size comes to. Both are measured in turn, so that a machine that is
//! busy with something else slows both, and the medians are compared. A benchmark, not a test.

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ledger::checkpoint::Checkpoint;
use ledger::export::{CHECKPOINT_FILE, VKEY_FILE, Writer};
use ledger::hash::{leaf_hash, node_hash, sha256};
use ledger::leaf::{Detail, Leaf, LeafError, PackRef, SealedRef};
use ledger::note::SignerKey;
use ledger::report::Verdict;
use ledger::verify::{Options, verify};

#[path = "../src/bin/sluice-verify/folder.rs"]
mod folder;

use folder::Folder;

const ORIGIN: &str = "gate.example.org/log/bench";

fn main() -> Result<(), Box<dyn Error>> {
    let mut numbers = std::env::args().skip(1).map(|word| word.parse::<usize>());
    let entries = numbers.next().transpose()?.unwrap_or(200_000).max(1);
    let rounds = numbers.next().transpose()?.unwrap_or(15).max(1);
    let bodies = (0..entries as u64).map(body).collect::<Result<Vec<_>, LeafError>>()?;
    let bytes: usize = bodies.iter().map(Vec::len).sum();
    println!("{entries} entries of {} bytes on average, {rounds} rounds", bytes / entries);

    let scratch = Scratch(std::env::temp_dir().join(format!("verify-speed-{}", std::process::id())));
    let made = timed(|| export(&bodies, &mut |path, bytes| write(&scratch.0.join(path), bytes)))?;
    tell("export into a folder", entries, made);
    let (mut verified, mut hashed, mut written, mut parsed) = (vec![], vec![], vec![], vec![]);
    for _ in 0..rounds {
        hashed.push(timed(|| {
            hash_only(&bodies);
            Ok(())
        })?);
        verified.push(timed(|| verify_whole(&scratch.0))?);
        written.push(timed(|| export(&bodies, &mut |_, bytes| Ok(_ = black_box(bytes))))?);
        parsed.push(timed(|| parse_only(&bodies))?);
    }
    tell("export into nothing", entries, median(&mut written));
    tell("leaves checked, nothing hashed", entries, median(&mut parsed));
    tell("hash ceiling of one core", entries, median(&mut hashed));
    tell("verification on one core", entries, median(&mut verified));
    let ratio = median(&mut hashed).as_secs_f64() / median(&mut verified).as_secs_f64();
    println!("verification reaches {ratio:.3} of the hash ceiling");
    Ok(())
}

fn tell(what: &str, entries: usize, took: Duration) {
    let nanos = took.as_secs_f64() * 1e9 / entries as f64;
    println!("{what:<32} {:>12.0} entries a second   {nanos:>7.0} ns an entry", 1e9 / nanos);
}

fn timed(work: impl FnOnce() -> Result<(), Box<dyn Error>>) -> Result<Duration, Box<dyn Error>> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed())
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// An entry as the gate writes them: a question and its answer in turn.
fn body(n: u64) -> Result<Vec<u8>, LeafError> {
    let id = format!("01920f5e-7c00-7000-8000-{n:012x}");
    let at_ms = 1_727_740_800_000 + n * 250;
    let mut leaf = if n.is_multiple_of(2) {
        let mut leaf = Leaf::new(ORIGIN, &id, at_ms, "lookup.asked", "asked", "permitted");
        leaf.detail.insert("basis".into(), Detail::from("statute"));
        leaf.detail.insert("lights".into(), Detail::from("gggg"));
        leaf.detail.insert("place".into(), Detail::from("office"));
        leaf.detail.insert("purpose".into(), Detail::from("social-aid"));
        leaf
    } else {
        let mut leaf = Leaf::new(ORIGIN, &id, at_ms, "lookup.answered", "answered", "answered");
        leaf.detail.insert("rows".into(), Detail::Int((n % 7) as i64));
        leaf
    };
    let named: &[&str] =
        if n.is_multiple_of(2) { &["actor", "case", "subject"] } else { &["actor", "answer"] };
    for name in named {
        leaf.commitments.insert((*name).into(), sha256(format!("{name} {n}").as_bytes()));
    }
    leaf.detail.insert("items".into(), Detail::from("household marriage military-service"));
    leaf.pack = Some(PackRef { name: "lienchiang@1130122".into(), digest: sha256(b"pack") });
    leaf.clauses = ["4.1", "5.2", "7.1.3"].map(String::from).to_vec();
    leaf.record = Some(format!("A24{:09}", n / 2));
    leaf.revs.insert(format!("platform/account/{}", n % 40), n / 100);
    let key_commitment = sha256(format!("key {n}").as_bytes());
    leaf.sealed = Some(SealedRef { ciphertext: sha256(&n.to_be_bytes()), key_commitment });
    leaf.bytes()
}

/// The ceiling: each entry hashed, and one inner node for each.
fn hash_only(bodies: &[Vec<u8>]) {
    let (left, right) = (sha256(b"left"), sha256(b"right"));
    for body in bodies {
        black_box(leaf_hash(black_box(body)));
        black_box(node_hash(black_box(&left), black_box(&right)));
    }
}

/// What being a canonical leaf takes to check.
fn parse_only(bodies: &[Vec<u8>]) -> Result<(), Box<dyn Error>> {
    for body in bodies {
        black_box(Leaf::parse(black_box(body))?);
    }
    Ok(())
}

fn verify_whole(folder: &Path) -> Result<(), Box<dyn Error>> {
    let report = verify(&Folder(folder), &Options::default(), &mut |_, _| {})?;
    if report.verdict() == Verdict::Whole { Ok(()) } else { Err(report.to_text().into()) }
}

/// Writes the files of an export to that sink.
fn export(
    bodies: &[Vec<u8>],
    sink: &mut dyn FnMut(&str, &[u8]) -> io::Result<()>,
) -> Result<(), Box<dyn Error>> {
    let mut writer = Writer::new();
    for body in bodies {
        writer.push(body, &mut *sink)?;
    }
    let (size, root) = writer.finish(&mut *sink)?;
    let key = SignerKey::from_seed(ORIGIN, &[1; 32])?;
    let note = Checkpoint { origin: ORIGIN.into(), size, root }.sign(&key)?;
    sink(CHECKPOINT_FILE, note.to_string().as_bytes())?;
    sink(VKEY_FILE, format!("{}\n", key.verifier()).as_bytes())?;
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(path, bytes)
}

/// A folder that is removed in the end.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
