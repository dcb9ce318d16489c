//! The rules of the house as tests: size, words, panics, SQL, arrows between crates, licences, locales.
//!
//! Each rule is a plain function from sources to findings. It has two tests: the repository has no finding,
//! and a seeded bad sample (`bad/*.sample`, text that no compiler reads) has exactly the findings it should.
//! A rule that cannot be kept yet names its files in `exceptions.toml`, a list that may only shrink.

mod arrows;
mod exceptions;
mod files;
mod hygiene;
mod locale;
mod manifests;
mod modules;
mod panics;
mod rust;
mod script;
mod size;
mod sql;
mod supply;
mod tables;
mod words;

use std::fmt;

/// One breach of one rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    /// Path from the root of the repository, with forward slashes.
    path: String,
    /// Line, counted from one; zero where the finding is about the whole file.
    line: usize,
    /// What is wrong and what would be right.
    what: String,
}

impl Finding {
    fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self { path: path.into(), line, what: what.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// Fails with every finding of `rule` that no exception covers, and with every exception that covers nothing.
fn demand(rule: &str, mut findings: Vec<Finding>) {
    findings.sort();
    let complaints = exceptions::Exceptions::read().judge(rule, &findings);
    assert!(
        complaints.is_empty(),
        "{} breach(es) of `{rule}`:\n{}\n",
        complaints.len(),
        complaints.join("\n")
    );
}

/// The lines on which a bad sample was found wanting.
fn lines(findings: &[Finding]) -> Vec<usize> {
    let mut lines: Vec<usize> = findings.iter().map(|f| f.line).collect();
    lines.sort_unstable();
    lines
}
