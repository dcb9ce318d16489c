//! No file above 500 code lines, no function above 70, no line above 110 columns.

use super::files::{File, files, sources};
use super::rust::{Source, Token};
use super::{Finding, demand, lines, script};

const FILE_LINES: usize = 500;
const FUNCTION_LINES: usize = 70;
const COLUMNS: usize = 110;

/// Lines of a file that are not inline tests. Comments and blank lines count: they are read too.
fn code_lines(source: &Source) -> usize {
    let total = source.text.lines().count();
    if source.is_test { total } else { (1..=total).filter(|line| !source.tests_at(*line)).count() }
}

fn long_sources(sources: &[Source]) -> Vec<Finding> {
    let long = sources.iter().filter(|s| code_lines(s) > FILE_LINES);
    long.map(|s| too_long(&s.path, code_lines(s))).collect()
}

fn long_files(files: &[File]) -> Vec<Finding> {
    let others = files.iter().filter(|f| f.is_code() && f.extension() != "rs");
    let counted = others.map(|f| (f, f.text.as_deref().unwrap_or("").lines().count()));
    counted.filter(|(_, n)| *n > FILE_LINES).map(|(f, n)| too_long(&f.path, n)).collect()
}

fn too_long(path: &str, lines: usize) -> Finding {
    Finding::new(path, 0, format!("{lines} code lines, {FILE_LINES} are allowed: cut it by what it is about"))
}

/// Every `fn` with its name and its first and last line.
fn functions(source: &Source) -> Vec<(String, usize, usize)> {
    let mut found = Vec::new();
    for (at, (token, line)) in source.tokens.iter().enumerate() {
        let Some((Token::Word(name), _)) = source.tokens.get(at + 1) else { continue };
        if token.is_word("fn")
            && let Some(end) = body_end(source, at + 2)
        {
            found.push((name.clone(), *line, end));
        }
    }
    found
}

/// The last line of the body that follows a signature; a declaration without body has none.
fn body_end(source: &Source, from: usize) -> Option<usize> {
    let mut at = from;
    while let Some((token, _)) = source.tokens.get(at) {
        match token {
            Token::Sign(';') => return None,
            Token::Open('{') => return Some(source.tokens[source.closing(at)].1),
            Token::Open(_) => at = source.closing(at),
            _ => {}
        }
        at += 1;
    }
    None
}

fn long_functions(sources: &[Source]) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in sources {
        for (name, first, last) in functions(source) {
            found.extend(long_function(&source.path, &name, first, last));
        }
    }
    found
}

fn long_function(path: &str, name: &str, first: usize, last: usize) -> Option<Finding> {
    let length = last - first + 1;
    let what = format!("`{name}` has {length} lines, {FUNCTION_LINES} are allowed");
    (length > FUNCTION_LINES).then(|| Finding::new(path, first, what))
}

fn long_scripts(files: &[File]) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in files.iter().filter(|f| f.extension() == "js") {
        for (name, first, last) in script::functions(file.text.as_deref().unwrap_or("")) {
            found.extend(long_function(&file.path, &name, first, last));
        }
    }
    found
}

fn wide_lines(files: &[File]) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in files.iter().filter(|f| f.is_code()) {
        for (at, line) in file.text.as_deref().unwrap_or("").lines().enumerate() {
            let columns = line.chars().count();
            if columns > COLUMNS {
                found.push(Finding::new(
                    &file.path,
                    at + 1,
                    format!("{columns} columns, {COLUMNS} are allowed"),
                ));
            }
        }
    }
    found
}

#[test]
fn no_file_is_too_long() {
    demand("files", [long_sources(sources()), long_files(files())].concat());
}

#[test]
fn no_function_is_too_long() {
    demand("functions", [long_functions(sources()), long_scripts(files())].concat());
}

#[test]
fn no_line_is_too_wide() {
    demand("columns", wide_lines(files()));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: String) -> File {
        File { path: path.into(), bytes: text.len() as u64, text: Some(text) }
    }

    #[test]
    fn inline_tests_do_not_count() {
        let tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", "    // more\n".repeat(400));
        let within = Source::parse("a.rs", &format!("{}{tests}", "// line\n".repeat(500))).unwrap();
        let above = Source::parse("b.rs", &format!("{}{tests}", "// line\n".repeat(501))).unwrap();
        assert_eq!((code_lines(&within), code_lines(&above)), (500, 501));
        assert_eq!(long_sources(&[within, above]).len(), 1);
    }

    #[test]
    fn other_languages_count_whole() {
        let long = file("crates/web/assets/app.js", "x;\n".repeat(501));
        let data = file("packs/a/b/clauses.toml", "x = 1\n".repeat(501));
        assert_eq!(long_files(&[long, data]).len(), 1);
    }

    #[test]
    fn a_function_ends_where_its_braces_end() {
        let body = |n: usize| "    a();\n".repeat(n);
        let text = format!("fn short() {{\n{}}}\nfn long(a: [u8; 2]) {{\n{}}}\n", body(68), body(69));
        let source = Source::parse("a.rs", &text).unwrap();
        let found = long_functions(&[source]);
        assert_eq!(lines(&found), [71]);
        assert!(found[0].what.contains("`long` has 71 lines"), "{}", found[0]);
    }

    #[test]
    fn a_declaration_has_no_length() {
        let source = Source::parse("a.rs", "trait A { fn b(&self);\n fn c() {} }").unwrap();
        assert_eq!(functions(&source), [("c".to_owned(), 2, 2)]);
    }

    #[test]
    fn columns_are_characters() {
        let text = format!("{}\n{}\n", "字".repeat(110), "x".repeat(111));
        assert_eq!(lines(&wide_lines(&[file("a.rs", text)])), [2]);
    }
}
