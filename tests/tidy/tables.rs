//! Which tables a statement may change: the housekeeping door only its own, and nobody the ledger's past.

use super::files::sources;
use super::rust::{Source, Token};
use super::{Finding, demand, lines};

/// Tables whose rows are written once. Triggers say so too, and grants where there are roles.
const WRITTEN_ONCE: &[&str] = &["log_leaf", "checkpoint", "decision", "migration"];

/// What a statement does to a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Adds,
    Alters,
}

/// Tables that a text changes.
fn changed(text: &str) -> Vec<(Deed, String)> {
    let words: Vec<&str> =
        text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|w| !w.is_empty()).collect();
    let mut found = Vec::new();
    for at in 0..words.len() {
        let after = |n: usize| words.get(at + n).copied().unwrap_or("");
        match (words[at], after(1), after(2)) {
            ("INSERT", "INTO", table) => found.push((Deed::Adds, table.to_lowercase())),
            ("DELETE", "FROM", table) => found.push((Deed::Alters, table.to_lowercase())),
            ("UPDATE", table, "SET") => found.push((Deed::Alters, table.to_lowercase())),
            _ => {}
        }
    }
    found
}

/// Every change that the source's own statements make (not its tests'), with its line.
fn changes(source: &Source) -> Vec<(usize, Deed, String)> {
    let literals = source.tokens.iter().filter_map(|(token, line)| match token {
        Token::Literal(text) if !source.tests_at(*line) => Some((*line, text)),
        _ => None,
    });
    literals
        .flat_map(|(line, text)| changed(text).into_iter().map(move |(deed, t)| (line, deed, t)))
        .collect()
}

/// Whether statements of this source run through the housekeeping door.
fn tends(source: &Source) -> bool {
    source.tokens.windows(2).any(|pair| pair[0].0.is_word("impl") && pair[1].0.is_word("Tend"))
}

fn wrongly_tended(sources: &[Source], tended: &[&str]) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in sources.iter().filter(|s| s.path.starts_with("crates/store/src/") && tends(s)) {
        for (line, _, table) in changes(source) {
            if !tended.contains(&table.as_str()) {
                let what = format!("`{table}` may not change without an entry: it is not in TENDED_TABLES");
                found.push(Finding::new(&source.path, line, what));
            }
        }
    }
    found
}

fn rewritten(sources: &[Source]) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in sources.iter().filter(|s| s.path.starts_with("crates/")) {
        for (line, deed, table) in changes(source) {
            if deed == Deed::Alters && WRITTEN_ONCE.contains(&table.as_str()) {
                found.push(Finding::new(&source.path, line, format!("rows of `{table}` are written once")));
            }
        }
    }
    found
}

#[test]
fn the_housekeeping_door_names_its_own_tables_only() {
    let sources = sources();
    assert!(sources.iter().any(tends), "no source has `impl Tend`: the rule looks in the wrong place");
    demand("tended", wrongly_tended(sources, store::TENDED_TABLES));
}

#[test]
fn what_is_tended_is_no_evidence() {
    for table in WRITTEN_ONCE {
        assert!(!store::TENDED_TABLES.contains(table), "`{table}` may not be tended");
    }
}

#[test]
fn the_past_is_not_rewritten() {
    demand("written-once", rewritten(sources()));
}

#[test]
fn a_bad_sample_is_found() {
    let sample =
        Source::parse("crates/store/src/tend/x.rs", include_str!("bad/tables.sample")).expect("Rust");
    let sample = std::slice::from_ref(&sample);
    assert_eq!(lines(&wrongly_tended(sample, &["session"])), [5, 6, 7]);
    assert_eq!(lines(&rewritten(sample)), [6, 7]);
}
