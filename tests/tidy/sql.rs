//! SQL stands in one crate. Everywhere else a string that reads as a statement is a breach.

use super::files::{File, files, sources};
use super::rust::{Source, Token};
use super::{Finding, demand, lines};

/// The crate that holds all SQL.
const HOME: &str = "crates/store/";

/// What the benchmark holds the store against: the same rows written as others write them. It is no part of
/// the product, so its statements have no place in the store's census; they stand in files here, never in
/// code.
pub(super) const BASELINES: &str = "crates/sluice/src/bench/baseline/";

/// Pairs of words that begin a statement, or a clause no other language has.
const PAIRS: &[(&str, &str)] = &[
    ("INSERT", "INTO"),
    ("DELETE", "FROM"),
    ("CREATE", "TABLE"),
    ("CREATE", "INDEX"),
    ("CREATE", "TRIGGER"),
    ("CREATE", "UNIQUE"),
    ("DROP", "TABLE"),
    ("DROP", "INDEX"),
    ("DROP", "TRIGGER"),
    ("ALTER", "TABLE"),
    ("BEGIN", "IMMEDIATE"),
    ("ORDER", "BY"),
    ("GROUP", "BY"),
    ("ON", "CONFLICT"),
];

/// Whether a text reads as SQL: capitals anywhere, or any letters where the text begins as a statement.
fn is_sql(text: &str) -> bool {
    let words: Vec<&str> =
        text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|w| !w.is_empty()).collect();
    let upper: Vec<String> = words.iter().map(|w| w.to_uppercase()).collect();
    let upper: Vec<&str> = upper.iter().map(String::as_str).collect();
    reads_as_sql(&words)
        || (begins_as_sql(&upper) && !text.trim_end_matches(['"', '#']).trim_end().ends_with('.'))
}

fn reads_as_sql(words: &[&str]) -> bool {
    words.windows(2).any(|w| PAIRS.contains(&(w[0], w[1])))
        || (0..words.len()).any(|at| is_query(&words[at..]))
}

fn begins_as_sql(words: &[&str]) -> bool {
    is_query(words) || words.len() >= 2 && PAIRS.contains(&(words[0], words[1]))
}

fn is_query(words: &[&str]) -> bool {
    match words.first() {
        Some(&"SELECT") => words.contains(&"FROM") || (2..=3).contains(&words.len()),
        Some(&"UPDATE") => words.get(2) == Some(&"SET"),
        Some(&"PRAGMA" | &"SAVEPOINT") => words.len() >= 2,
        _ => false,
    }
}

/// Strings that read as SQL. A test may break out of a quotation to see that nothing happens.
fn sql_outside_store(sources: &[Source]) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in sources.iter().filter(|s| !s.path.starts_with(HOME)) {
        for (at, (token, line)) in source.tokens.iter().enumerate() {
            let Token::Literal(text) = token else { continue };
            let hostile = source.tests_at(*line) && text.contains("';");
            if text.contains('"') && !hostile && !is_documentation(source, at) && is_sql(text) {
                let start: String = text.chars().take(40).collect();
                found.push(Finding::new(&source.path, *line, format!("SQL outside store: {start}")));
            }
        }
    }
    found
}

/// Whether the literal at `at` is a doc comment.
fn is_documentation(source: &Source, at: usize) -> bool {
    at >= 2 && source.tokens[at - 2].0.is_word("doc") && source.tokens[at - 1].0 == Token::Sign('=')
}

fn sql_files_outside_store(files: &[File]) -> Vec<Finding> {
    let home = |path: &str| path.starts_with(HOME) || path.starts_with(BASELINES);
    let outside = files.iter().filter(|f| f.extension() == "sql" && !home(&f.path));
    outside.map(|f| Finding::new(&f.path, 0, "SQL stands in store only")).collect()
}

#[test]
fn sql_stands_in_store_only() {
    demand("sql", [sql_outside_store(sources()), sql_files_outside_store(files())].concat());
}

#[test]
fn a_bad_sample_is_found() {
    let sample = Source::parse("crates/web/src/sample.rs", include_str!("bad/sql.sample")).expect("Rust");
    assert_eq!(lines(&sql_outside_store(&[sample])), [3, 4, 5, 7, 9, 11, 12, 24]);
    let at_home = Source::parse("crates/store/src/sample.rs", include_str!("bad/sql.sample")).expect("Rust");
    assert_eq!(sql_outside_store(&[at_home]), []);
}

#[test]
fn a_statement_has_a_file_at_home_and_in_the_baselines_only() {
    let file = |path: &str| File { path: path.into(), bytes: 0, text: None };
    let all = ["crates/store/schema/1.sql", "crates/sluice/src/bench/baseline/row.sql", "crates/web/a.sql"];
    let found: Vec<String> =
        sql_files_outside_store(&all.map(file)).into_iter().map(|finding| finding.path).collect();
    assert_eq!(found, ["crates/web/a.sql"]);
}
