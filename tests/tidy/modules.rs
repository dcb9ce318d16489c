//! A capability is one word, and the same word names its module in every crate.

use super::files::{File, files};
use super::{Finding, demand};
use std::collections::BTreeSet;

/// The words, in the order of `ARCHITECTURE.md`.
const CAPABILITIES: &[&str] = &[
    "regulation",
    "directory",
    "account",
    "application",
    "grant",
    "case",
    "lookup",
    "custody",
    "duty",
    "audit",
    "violation",
    "link",
    "membership",
    "letter",
    "report",
    "citizen",
    "ledger",
];

/// Other names people would give these modules, and the word that is used.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("rule", "regulation"),
    ("rules", "regulation"),
    ("compliance", "regulation"),
    ("org", "directory"),
    ("agency", "directory"),
    ("staff", "directory"),
    ("unit", "directory"),
    ("user", "account"),
    ("users", "account"),
    ("auth", "account"),
    ("login", "account"),
    ("form", "application"),
    ("request", "application"),
    ("approval", "application"),
    ("workflow", "application"),
    ("permission", "grant"),
    ("permissions", "grant"),
    ("consent", "grant"),
    ("query", "lookup"),
    ("search", "lookup"),
    ("record", "lookup"),
    ("records", "lookup"),
    ("countersign", "lookup"),
    ("file", "custody"),
    ("register", "custody"),
    ("deadline", "duty"),
    ("task", "duty"),
    ("tasks", "duty"),
    ("sampling", "audit"),
    ("breach", "violation"),
    ("incident", "violation"),
    ("sanction", "violation"),
    ("connection", "link"),
    ("mail", "letter"),
    ("person", "citizen"),
    ("log", "ledger"),
    ("merkle", "ledger"),
];

/// Folders whose modules are cut by capability.
const CUT_BY_CAPABILITY: &[&str] = &[
    "crates/domain/src/",
    "crates/store/src/capability/",
    "crates/desk/src/",
    "crates/web/src/html/",
    "crates/web/src/api/",
    "tests/story/",
    "tests/e2e/",
];

/// The module that a path is, if it lies directly in `folder`: `lookup.rs`, `lookup/…`.
fn module<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    let rest = path.strip_prefix(folder)?;
    let name = rest.split('/').next().unwrap_or(rest);
    match name.strip_suffix(".rs") {
        Some("lib" | "mod" | "main") => None,
        Some(name) => Some(name),
        None => rest.ends_with(".rs").then_some(name),
    }
}

fn modules(files: &[File], folder: &str) -> BTreeSet<String> {
    files.iter().filter_map(|f| module(&f.path, folder)).map(Into::into).collect()
}

fn other_names(files: &[File]) -> Vec<Finding> {
    let mut found = Vec::new();
    for folder in CUT_BY_CAPABILITY {
        for name in modules(files, folder) {
            let plural = CAPABILITIES.iter().find(|word| name == format!("{word}s")).copied();
            let other = OTHER_NAMES.iter().find(|(other, _)| *other == name).map(|(_, word)| *word);
            if let Some(word) = plural.or(other) {
                let what = format!("this capability's word is `{word}`");
                found.push(Finding::new(&format!("{folder}{name}"), 0, what));
            }
        }
    }
    found
}

/// A page or an API of a capability leads to the desk's module of the same name.
fn without_desk(files: &[File]) -> Vec<Finding> {
    let desk = modules(files, "crates/desk/src/");
    let mut found = Vec::new();
    for folder in ["crates/web/src/html/", "crates/web/src/api/"] {
        for name in modules(files, folder) {
            if CAPABILITIES.contains(&name.as_str()) && !desk.contains(&name) {
                let what = format!("`{name}` has no module of this name in desk");
                found.push(Finding::new(&format!("{folder}{name}"), 0, what));
            }
        }
    }
    found
}

#[test]
fn one_capability_one_word() {
    demand("modules", [other_names(files()), without_desk(files())].concat());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> File {
        File { path: path.into(), bytes: 0, text: None }
    }

    #[test]
    fn the_module_of_a_path() {
        let folder = "crates/desk/src/";
        assert_eq!(module("crates/desk/src/lookup.rs", folder), Some("lookup"));
        assert_eq!(module("crates/desk/src/lookup/ask.rs", folder), Some("lookup"));
        assert_eq!(module("crates/desk/src/lib.rs", folder), None);
        assert_eq!(module("crates/web/src/lookup.rs", folder), None);
    }

    #[test]
    fn another_word_is_found() {
        let bad = [
            file("crates/desk/src/lookups.rs"),
            file("crates/web/src/html/login.rs"),
            file("crates/desk/src/case.rs"),
        ];
        let whats: Vec<String> = other_names(&bad).iter().map(ToString::to_string).collect();
        let expected = [
            "crates/desk/src/lookups:0: this capability's word is `lookup`",
            "crates/web/src/html/login:0: this capability's word is `account`",
        ];
        assert_eq!(whats, expected);
    }

    #[test]
    fn a_page_without_its_desk_is_found() {
        let bad = [
            file("crates/web/src/html/case.rs"),
            file("crates/web/src/html/shell.rs"),
            file("crates/desk/src/lookup.rs"),
        ];
        assert_eq!(without_desk(&bad).len(), 1);
    }
}
