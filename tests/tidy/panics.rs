//! Nothing stops the process: no `unwrap`, no bare `expect`, no `panic!` outside tests, and no silenced lint
//! without its reason.

use super::files::sources;
use super::rust::{Source, Token};
use super::{Finding, demand, lines};

/// Macros that stop the process, or were meant for a moment only.
const STOPS: &[&str] = &["panic", "todo", "unimplemented", "dbg"];

fn panics(sources: &[Source]) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in sources.iter().filter(|s| !s.is_test) {
        for at in 1..source.tokens.len() {
            let (Token::Word(word), line) = &source.tokens[at] else { continue };
            if source.tests_at(*line) {
                continue;
            }
            let fault = method_fault(source, at, word).or_else(|| macro_fault(source, at, word));
            found.extend(fault.map(|what| Finding::new(&source.path, *line, what)));
        }
    }
    found
}

fn method_fault(source: &Source, at: usize, word: &str) -> Option<String> {
    let before = &source.tokens[at - 1].0;
    if *before != Token::Sign('.') && *before != Token::Sign(':') {
        return None;
    }
    match word {
        "unwrap" | "unwrap_err" | "unwrap_unchecked" => Some(format!("`{word}` outside tests")),
        "expect" | "expect_err" => expect_fault(source, at),
        _ => None,
    }
}

/// `expect` wants a sentence that says why it cannot fail; a parser's own `expect(…)?` is another thing.
fn expect_fault(source: &Source, at: usize) -> Option<String> {
    let (Token::Open('('), _) = source.tokens.get(at + 1)? else { return None };
    let close = source.closing(at + 1);
    let reason = match &source.tokens[at + 2..close] {
        [(Token::Literal(text), _)] => text.split_whitespace().count(),
        _ => 0,
    };
    let handed_on = source.tokens.get(close + 1).is_some_and(|(t, _)| *t == Token::Sign('?'));
    (reason < 3 && !handed_on).then(|| "`expect` without a sentence that says why it cannot fail".to_owned())
}

fn macro_fault(source: &Source, at: usize, word: &str) -> Option<String> {
    let called = source.tokens.get(at + 1).is_some_and(|(t, _)| *t == Token::Sign('!'));
    if !called || source.tokens[at - 1].0 == Token::Sign('$') {
        return None;
    }
    match word {
        "unreachable" => {
            let bare = matches!(source.tokens.get(at + 3), Some((Token::Close(_), _)));
            bare.then(|| "`unreachable!` without a reason".to_owned())
        }
        _ => STOPS.contains(&word).then(|| format!("`{word}!` outside tests")),
    }
}

/// `#[allow(…)]` and `#[expect(…)]` without `reason = "…"`, in tests too.
fn silenced(sources: &[Source]) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in sources {
        for (at, (token, line)) in source.tokens.iter().enumerate() {
            let silences = token.is_word("allow") || token.is_word("expect");
            let opens = source.tokens.get(at + 1).is_some_and(|(t, _)| *t == Token::Open('('));
            if !silences || !opens || !in_attribute(source, at) {
                continue;
            }
            let inside = &source.tokens[at + 2..source.closing(at + 1)];
            if !inside.iter().any(|(t, _)| t.is_word("reason")) {
                found.push(Finding::new(&source.path, *line, "a silenced lint wants `reason = \"…\"`"));
            }
        }
    }
    found
}

/// Whether the word at `at` stands directly in `#[…]` or `#![…]`, or in a `cfg_attr` there.
fn in_attribute(source: &Source, at: usize) -> bool {
    let mut depth = 0_usize;
    for place in (0..at).rev() {
        match source.tokens[place].0 {
            Token::Close(_) => depth += 1,
            Token::Open('[') if depth == 0 => {
                let hash = |n: usize| place >= n && source.tokens[place - n].0 == Token::Sign('#');
                return hash(1) || (source.tokens[place - 1].0 == Token::Sign('!') && hash(2));
            }
            Token::Open('(') if depth == 0 => {}
            Token::Open(_) if depth == 0 => return false,
            Token::Open(_) => depth -= 1,
            Token::Sign(';') if depth == 0 => return false,
            _ => {}
        }
    }
    false
}

#[test]
fn nothing_stops_the_process() {
    demand("panics", panics(sources()));
}

#[test]
fn every_silenced_lint_has_its_reason() {
    demand("silenced", silenced(sources()));
}

#[test]
fn a_bad_sample_is_found() {
    let sample = Source::parse("crates/web/src/sample.rs", include_str!("bad/panics.sample")).expect("Rust");
    assert_eq!(lines(&panics(std::slice::from_ref(&sample))), [3, 4, 5, 6, 7, 8, 9]);
    assert_eq!(lines(&silenced(&[sample])), [18, 20, 29]);
}
