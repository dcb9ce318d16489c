//! Which words may stand where: Chinese only where people read it, no notes to self, no machine's paths.

use super::files::{File, files, sources};
use super::rust::Source;
use super::{Finding, demand, lines};

/// Where Chinese is at home, besides tests.
const CHINESE_HOMES: &[&str] = &["packs/", "tests/", "crates/sluice/src/demo/", "crates/gate/src/simulator/"];

/// Characters of Chinese text: Han, Bopomofo, their punctuation and full-width forms.
fn is_chinese(c: char) -> bool {
    matches!(u32::from(c),
        0x2E80..=0x2FDF | 0x3000..=0x303F | 0x3100..=0x312F | 0x31A0..=0x31EF | 0x3400..=0x4DBF
        | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0xFE30..=0xFE4F | 0xFF00..=0xFFEF | 0x20000..=0x3FFFF)
}

fn chinese_at_home(path: &str) -> bool {
    path.contains("/locale/") || CHINESE_HOMES.iter().any(|home| path.starts_with(home))
}

fn chinese_elsewhere(sources: &[Source], files: &[File]) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in sources.iter().filter(|s| !s.is_test && !chinese_at_home(&s.path)) {
        let lines = source.text.lines().enumerate().filter(|(at, _)| !source.tests_at(at + 1));
        found.extend(lines.filter_map(|(at, line)| chinese(&source.path, at + 1, line)));
    }
    let written = |f: &&File| f.is_code() || matches!(f.extension(), "toml" | "json" | "lock");
    for file in files.iter().filter(|f| f.extension() != "rs" && !f.is_test()).filter(written) {
        let lines = file.text.as_deref().unwrap_or("").lines().enumerate();
        if !chinese_at_home(&file.path) {
            found.extend(lines.filter_map(|(at, line)| chinese(&file.path, at + 1, line)));
        }
    }
    found
}

fn chinese(path: &str, line: usize, text: &str) -> Option<Finding> {
    let words: String = text.chars().filter(|c| is_chinese(*c)).take(12).collect();
    let what = format!("Chinese text belongs into locale/ or a pack: {words}");
    (!words.is_empty()).then(|| Finding::new(path, line, what))
}

/// Notes to self. A fault is mended, or it stands in the documentation as a limit.
const NOTES: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X"), concat!("HA", "CK")];

fn notes_to_self(files: &[File]) -> Vec<Finding> {
    each_line(files, |line| {
        let mut words = line.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        words.find(|w| NOTES.contains(w)).map(|w| format!("`{w}`: do it, or write down the limit"))
    })
}

/// Folders that exist on one machine only.
const MACHINE_FOLDERS: &[&str] = &["home", "root", "Users", "work", "mnt"];

/// Paths of somebody's own machine, which mean nothing on another.
fn machine_paths(files: &[File]) -> Vec<Finding> {
    each_line(files, |line| {
        let mut from = 0;
        while let Some(at) = line[from..].find('/').map(|n| from + n) {
            from = at + 1;
            let starts = line[..at].chars().next_back().is_none_or(|c| " \t\"'`(=:,<[".contains(c));
            let name: String = line[from..].chars().take_while(char::is_ascii_alphabetic).collect();
            if starts
                && MACHINE_FOLDERS.contains(&name.as_str())
                && line[from + name.len()..].starts_with('/')
            {
                return Some(format!("`/{name}/…` is a path of one machine"));
            }
        }
        None
    })
}

fn each_line(files: &[File], fault: impl Fn(&str) -> Option<String>) -> Vec<Finding> {
    let mut found = Vec::new();
    for file in files.iter().filter(|f| !matches!(f.extension(), "lock" | "sample" | "LICENSE")) {
        for (at, line) in file.text.as_deref().unwrap_or("").lines().enumerate() {
            found.extend(fault(line).map(|what| Finding::new(&file.path, at + 1, what)));
        }
    }
    found
}

#[test]
fn chinese_stands_where_people_read_it() {
    demand("chinese", chinese_elsewhere(sources(), files()));
}

#[test]
fn there_are_no_notes_to_self() {
    demand("notes", notes_to_self(files()));
}

#[test]
fn there_are_no_paths_of_one_machine() {
    demand("machine-paths", machine_paths(files()));
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = include_str!("bad/words.sample");

    fn sample(path: &str) -> File {
        File { path: path.into(), bytes: 0, text: Some(SAMPLE.into()) }
    }

    #[test]
    fn chinese_is_found_outside_tests() {
        let source = |path| Source::parse(path, SAMPLE).unwrap();
        let away = source("crates/web/src/html/lookup.rs");
        assert_eq!(lines(&chinese_elsewhere(&[away], &[])), [2, 3, 4]);
        let page = sample("crates/web/templates/lookup.html");
        assert_eq!(lines(&chinese_elsewhere(&[], &[page])), [2, 3, 4, 14]);
        let at_home = source("crates/gate/src/simulator/names.rs");
        assert_eq!(chinese_elsewhere(&[at_home], &[sample("crates/web/locale/zh-TW/lookup.ftl")]), []);
    }

    #[test]
    fn notes_are_found_as_whole_words() {
        assert_eq!(lines(&notes_to_self(&[sample("crates/web/src/a.rs")])), [5, 6]);
    }

    #[test]
    fn machine_paths_are_found_where_a_path_begins() {
        assert_eq!(lines(&machine_paths(&[sample("crates/web/src/a.rs")])), [7, 8]);
    }
}
