//! Rust source as a flat list of tokens with lines, and which of its lines are tests.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A token without its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A word: an identifier or a keyword.
    Word(String),
    /// One sign of punctuation.
    Sign(char),
    /// A literal as written, quotes included.
    Literal(String),
    /// `(`, `[` or `{`.
    Open(char),
    /// The opening sign of the group that ends here.
    Close(char),
}

impl Token {
    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self, Token::Word(w) if w == word)
    }
}

/// One source file.
pub(super) struct Source {
    /// Path from the root of the repository.
    pub(super) path: String,
    /// The text as it stands.
    pub(super) text: String,
    /// Tokens with the line each begins on; comments are gone, doc comments are attributes.
    pub(super) tokens: Vec<(Token, usize)>,
    /// Whether the whole file is test code.
    pub(super) is_test: bool,
    /// First and last line of every item under `#[cfg(test)]`.
    test_ranges: Vec<(usize, usize)>,
}

impl Source {
    /// Reads a file; the error says what is not Rust.
    pub(super) fn parse(path: &str, text: &str) -> Result<Self, String> {
        let stream: TokenStream = text.parse().map_err(|e: proc_macro2::LexError| e.to_string())?;
        let mut tokens = Vec::new();
        flatten(stream, &mut tokens);
        let test_ranges = test_ranges(&tokens);
        let is_test = test_ranges.contains(&(0, usize::MAX));
        Ok(Self { path: path.into(), text: text.into(), tokens, is_test, test_ranges })
    }

    /// Whether a line is part of a test.
    pub(super) fn tests_at(&self, line: usize) -> bool {
        self.is_test || self.test_ranges.iter().any(|(from, to)| (*from..=*to).contains(&line))
    }

    /// Files that this one includes as `#[cfg(test)] mod name;`.
    pub(super) fn test_modules(&self) -> Vec<String> {
        let (folder, file) = self.path.rsplit_once('/').unwrap_or(("", &self.path));
        let stem = file.trim_end_matches(".rs");
        let home = match stem {
            "mod" | "lib" | "main" => folder.to_owned(),
            _ => format!("{folder}/{stem}"),
        };
        let mut found = Vec::new();
        for at in 0..self.tokens.len().saturating_sub(2) {
            let [(word, line), (name, _), (end, _)] = &self.tokens[at..at + 3] else { continue };
            if let (true, Token::Word(name), Token::Sign(';')) = (word.is_word("mod"), name, end)
                && self.tests_at(*line)
            {
                found.push(format!("{home}/{name}.rs"));
                found.push(format!("{home}/{name}/mod.rs"));
                found.extend(self.path_attribute(at).map(|path| format!("{folder}/{path}")));
            }
        }
        found
    }

    /// The file named by `#[path = "…"]` right before the token at `at`.
    fn path_attribute(&self, at: usize) -> Option<String> {
        let before = self.tokens[..at].iter().rev().take(8).find_map(|(token, _)| match token {
            Token::Literal(text) => Some(text.trim_matches('"').to_owned()),
            _ => None,
        })?;
        before.ends_with(".rs").then_some(before)
    }

    /// The place of the token that closes the group opened at `open`.
    pub(super) fn closing(&self, open: usize) -> usize {
        closing(&self.tokens, open)
    }
}

fn flatten(stream: TokenStream, into: &mut Vec<(Token, usize)>) {
    for tree in stream {
        match tree {
            TokenTree::Ident(word) => into.push((Token::Word(word.to_string()), word.span().start().line)),
            TokenTree::Punct(sign) => into.push((Token::Sign(sign.as_char()), sign.span().start().line)),
            TokenTree::Literal(text) => {
                into.push((Token::Literal(text.to_string()), text.span().start().line))
            }
            TokenTree::Group(group) => {
                let sign = match group.delimiter() {
                    Delimiter::Parenthesis => '(',
                    Delimiter::Bracket => '[',
                    Delimiter::Brace => '{',
                    Delimiter::None => ' ',
                };
                into.push((Token::Open(sign), group.span_open().start().line));
                flatten(group.stream(), into);
                into.push((Token::Close(sign), group.span_close().end().line));
            }
        }
    }
}

fn closing(tokens: &[(Token, usize)], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, (token, _)) in tokens.iter().enumerate().skip(open) {
        match token {
            Token::Open(_) => depth += 1,
            Token::Close(_) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    tokens.len() - 1
}

/// Whether the attribute between `open` and `close` compiles its item for tests only.
fn is_cfg_test(tokens: &[(Token, usize)], open: usize, close: usize) -> bool {
    let inside = &tokens[open + 1..close];
    inside.first().is_some_and(|(t, _)| t.is_word("cfg"))
        && inside.iter().any(|(t, _)| t.is_word("test"))
        && !inside.iter().any(|(t, _)| t.is_word("not") || t.is_word("any"))
}

fn test_ranges(tokens: &[(Token, usize)]) -> Vec<(usize, usize)> {
    let mut ranges = Vec::new();
    for at in 0..tokens.len() {
        if tokens[at].0 != Token::Sign('#') {
            continue;
        }
        let inner = tokens.get(at + 1).is_some_and(|(t, _)| *t == Token::Sign('!'));
        let open = at + 1 + usize::from(inner);
        if tokens.get(open).is_none_or(|(t, _)| *t != Token::Open('[')) {
            continue;
        }
        let close = closing(tokens, open);
        if is_cfg_test(tokens, open, close) {
            ranges.push(if inner { (0, usize::MAX) } else { (tokens[at].1, item_end(tokens, close + 1)) });
        }
    }
    ranges
}

/// The last line of the item that begins at `start`: its `;`, or the end of its first braces.
fn item_end(tokens: &[(Token, usize)], start: usize) -> usize {
    let mut at = start;
    while at < tokens.len() {
        match tokens[at].0 {
            Token::Sign(';') => return tokens[at].1,
            Token::Open('{') => return tokens[closing(tokens, at)].1,
            Token::Open(_) => at = closing(tokens, at),
            _ => {}
        }
        at += 1;
    }
    tokens.last().map_or(0, |(_, line)| *line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_items_are_known_by_their_lines() {
        let text =
            "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n#[cfg(test)]\nmod more;\n";
        let source = Source::parse("crates/x/src/lib.rs", text).unwrap();
        let tests: Vec<bool> = (1..=8).map(|line| source.tests_at(line)).collect();
        assert_eq!(tests, [false, true, true, true, true, false, true, true]);
        assert!(source.test_modules().contains(&"crates/x/src/more.rs".to_owned()));
    }

    #[test]
    fn a_file_may_be_test_code_as_a_whole() {
        assert!(Source::parse("x.rs", "#![cfg(test)]\nfn a() {}\n").unwrap().is_test);
        assert!(!Source::parse("x.rs", "#[cfg(not(test))]\nfn a() {}\n").unwrap().tests_at(2));
    }

    #[test]
    fn a_path_attribute_names_the_file() {
        let text = "#[cfg(test)]\n#[path = \"tree_tests.rs\"]\nmod tests;\n";
        let source = Source::parse("crates/x/src/tree.rs", text).unwrap();
        assert!(source.test_modules().contains(&"crates/x/src/tree_tests.rs".to_owned()));
    }

    #[test]
    fn strings_and_comments_hide_no_tokens() {
        let source = Source::parse("x.rs", "// unwrap()\nlet a = \"b.unwrap()\";").unwrap();
        assert!(!source.tokens.iter().any(|(t, _)| t.is_word("unwrap")));
    }
}
