//! What may lie in the repository at all: text that ends properly, the lock file, nothing of third parties.

use super::files::{File, files, root};
use super::{Finding, demand, lines};
use std::fs;

/// No file of ours needs more; screenshots are the largest.
const BYTES: u64 = 512 * 1024;

/// What comes from package managers, or is built.
const FOREIGN: &[&str] = &[
    "ttf", "ttc", "otf", "woff", "woff2", "jar", "exe", "so", "a", "rlib", "wasm", "zip", "gz", "sqlite",
    "db", "pem", "key", "map",
];

fn foreign_files(files: &[File]) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in files {
        if FOREIGN.contains(&file.extension()) {
            found.push(Finding::new(&file.path, 0, "comes from a package manager or is made at run time"));
        }
        if file.path.contains(".min.") || file.path.contains("/vendor/") {
            found.push(Finding::new(&file.path, 0, "third-party files come from package managers"));
        }
        if file.bytes > BYTES {
            found.push(Finding::new(&file.path, 0, format!("{} bytes, {BYTES} are allowed", file.bytes)));
        }
        if file.text.is_none() && !matches!(file.extension(), "png" | "ico") {
            found.push(Finding::new(&file.path, 0, "is neither UTF-8 text nor a picture"));
        }
    }
    found
}

fn untidy_text(files: &[File]) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in files.iter().filter(|f| !matches!(f.extension(), "LICENSE" | "snap")) {
        let text = file.text.as_deref().unwrap_or("");
        for (at, line) in text.split('\n').enumerate() {
            if line.ends_with([' ', '\t', '\r']) && file.extension() != "md" {
                found.push(Finding::new(&file.path, at + 1, "white space at the end of the line"));
            }
            if line.contains('\t')
                && matches!(file.extension(), "rs" | "toml" | "html" | "css" | "js" | "ftl")
            {
                found.push(Finding::new(&file.path, at + 1, "a tab: indent with spaces"));
            }
        }
        if !text.is_empty() && (!text.ends_with('\n') || text.ends_with("\n\n")) {
            found.push(Finding::new(&file.path, text.lines().count(), "ends with exactly one line feed"));
        }
    }
    found
}

#[test]
fn the_repository_holds_our_own_files_only() {
    demand("foreign-files", foreign_files(files()));
}

#[test]
fn text_files_are_tidy() {
    demand("text", untidy_text(files()));
}

#[test]
fn the_lock_file_is_checked_in() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).expect("Cargo.lock stands beside Cargo.toml");
    assert!(lock.contains("name = \"domain\""), "Cargo.lock is of this workspace");
    let ignored = fs::read_to_string(root().join(".gitignore")).unwrap_or_default();
    assert!(!ignored.lines().any(|line| line.trim().ends_with("Cargo.lock")), ".gitignore hides Cargo.lock");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: Option<&str>, bytes: u64) -> File {
        File { path: path.into(), bytes, text: text.map(Into::into) }
    }

    #[test]
    fn foreign_files_are_found() {
        let bad = [
            file("crates/web/assets/kai.ttf", None, 10),
            file("crates/web/assets/lib.min.js", Some("x\n"), 2),
            file("docs/big.png", None, BYTES + 1),
            file("docs/what", None, 3),
        ];
        let paths: Vec<String> = foreign_files(&bad).into_iter().map(|f| f.path).collect();
        let twice = ["kai.ttf", "kai.ttf"].map(|n| format!("crates/web/assets/{n}"));
        let others = ["crates/web/assets/lib.min.js", "docs/big.png", "docs/what"].map(String::from);
        assert_eq!(paths, [twice.as_slice(), others.as_slice()].concat());
        assert_eq!(foreign_files(&[file("docs/home.png", None, 10), file("a.rs", Some("x\n"), 2)]), []);
    }

    #[test]
    fn untidy_text_is_found() {
        let bad = file("a.rs", Some("a \n\tb\nc\r\nd"), 9);
        assert_eq!(lines(&untidy_text(&[bad])), [1, 2, 3, 4]);
        assert_eq!(lines(&untidy_text(&[file("b.rs", Some("a\n\n"), 3)])), [2]);
        assert_eq!(untidy_text(&[file("Makefile", Some("a:\n\tb\n"), 6), file("c.rs", Some(""), 0)]), []);
    }
}
