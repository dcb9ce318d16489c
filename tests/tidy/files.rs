//! The files of the repository, read once, and what kind of file each is.

use super::rust::Source;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// One file of the repository.
pub(super) struct File {
    /// Path from the root, with forward slashes.
    pub(super) path: String,
    /// Size in bytes.
    pub(super) bytes: u64,
    /// The text; `None` if the file is not UTF-8.
    pub(super) text: Option<String>,
}

impl File {
    /// The last part of the name, without its dot; the whole name if there is none.
    pub(super) fn extension(&self) -> &str {
        self.path.rsplit(['.', '/']).next().unwrap_or("")
    }

    /// Whether people write this file as code (not prose, not data).
    pub(super) fn is_code(&self) -> bool {
        matches!(self.extension(), "rs" | "js" | "css" | "html" | "sql" | "sh" | "py" | "Makefile")
            || self.path.starts_with("scripts/")
            || self.path == ".ci/run"
    }

    /// Whether the file is test code as a whole.
    pub(super) fn is_test(&self) -> bool {
        self.path.starts_with("tests/") || self.path.contains("/tests/") || self.path.contains("/benches/")
    }
}

/// The root of the repository.
pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the repository")
}

/// Folders that hold nothing of ours.
const SKIPPED: &[&str] = &[".git", "target", "node_modules", "demo-data"];

/// Every file of the repository, in order of path.
pub(super) fn files() -> &'static [File] {
    static FILES: OnceLock<Vec<File>> = OnceLock::new();
    FILES.get_or_init(|| {
        let mut files = Vec::new();
        walk(root(), "", &mut files);
        files.sort_by(|a, b| a.path.cmp(&b.path));
        assert!(files.iter().any(|f| f.path == "Cargo.toml"), "the walk starts at the root");
        files
    })
}

fn walk(folder: &Path, prefix: &str, into: &mut Vec<File>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut entries: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    entries.sort();
    for entry in entries {
        let name = entry.file_name().expect("an entry has a name").to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        if entry.is_dir() {
            if !SKIPPED.contains(&name.as_str()) {
                walk(&entry, &format!("{path}/"), into);
            }
        } else if let Ok(bytes) = fs::read(&entry) {
            let size = bytes.len() as u64;
            into.push(File { path, bytes: size, text: String::from_utf8(bytes).ok() });
        }
    }
}

/// Every Rust source of the repository, read as tokens.
pub(super) fn sources() -> &'static [Source] {
    static SOURCES: OnceLock<Vec<Source>> = OnceLock::new();
    SOURCES.get_or_init(|| {
        let mut sources: Vec<Source> = files()
            .iter()
            .filter(|f| f.extension() == "rs")
            .map(|f| {
                let text = f.text.as_deref().unwrap_or_else(|| panic!("{} is not UTF-8", f.path));
                let mut source =
                    Source::parse(&f.path, text).unwrap_or_else(|e| panic!("{} cannot be read: {e}", f.path));
                source.is_test |= f.is_test();
                source
            })
            .collect();
        let test_only: BTreeSet<String> = sources.iter().flat_map(Source::test_modules).collect();
        for source in &mut sources {
            source.is_test |= test_only.contains(&source.path);
        }
        sources
    })
}

#[test]
fn the_walk_finds_the_rooms_and_nothing_built() {
    let paths: Vec<&str> = files().iter().map(|f| f.path.as_str()).collect();
    for room in ["domain", "ledger", "store", "gate", "desk", "web", "sluice"] {
        assert!(
            paths.contains(&format!("crates/{room}/Cargo.toml").as_str()),
            "crates/{room} was not walked"
        );
    }
    assert!(!paths.iter().any(|p| p.starts_with("target/") || p.starts_with(".git/")));
    assert!(sources().len() > 20);
}
