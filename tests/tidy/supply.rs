//! What is built in comes under known licences from one registry: `deny.toml`, read by the tests themselves.

use super::files::root;
use super::manifests::{Package, packages};
use super::{Finding, demand};
use std::fs;

/// What `deny.toml` allows.
struct Policy {
    licences: Vec<String>,
    banned: Vec<String>,
    registries: Vec<String>,
}

impl Policy {
    fn read() -> Self {
        let text = fs::read_to_string(root().join("deny.toml")).expect("deny.toml is readable");
        let table: toml::Table = text.parse().expect("deny.toml is TOML");
        let list = |section: &str, key: &str| table[section][key].as_array().expect("a list").clone();
        let strings = |values: Vec<toml::Value>| {
            values.iter().map(|v| v.as_str().expect("a string").to_owned()).collect::<Vec<_>>()
        };
        let banned = list("bans", "deny").iter().map(|ban| ban["crate"].clone()).collect();
        Self {
            licences: strings(list("licenses", "allow")),
            banned: strings(banned),
            registries: strings(list("sources", "allow-registry")),
        }
    }

    fn faults(&self, packages: &[Package]) -> Vec<Finding> {
        let mut found = Vec::new();
        for package in packages {
            let Some(source) = package.source.as_deref() else { continue };
            let mut fault = |what: String| {
                let what = format!("{} {}: {what}", package.name, package.version);
                found.push(Finding::new("Cargo.lock", 0, what));
            };
            if !self.registries.iter().any(|r| source == format!("registry+{r}")) {
                fault(format!("comes from {source}"));
            }
            if self.banned.contains(&package.name) {
                fault("is banned by deny.toml".into());
            }
            match package.license.as_deref() {
                None => fault("names no licence".into()),
                Some(expression) if !self.allows(expression) => fault(format!("licence {expression}")),
                Some(_) => {}
            }
        }
        found
    }

    /// Whether an SPDX expression can be met with allowed licences; the old `A/B` means `A OR B`.
    fn allows(&self, expression: &str) -> bool {
        let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let mut at = 0;
        let allowed = self.either(&words, &mut at);
        allowed && at == words.len()
    }

    fn either(&self, words: &[&str], at: &mut usize) -> bool {
        let mut allowed = self.both(words, at);
        while words.get(*at) == Some(&"OR") {
            *at += 1;
            allowed |= self.both(words, at);
        }
        allowed
    }

    fn both(&self, words: &[&str], at: &mut usize) -> bool {
        let mut allowed = self.one(words, at);
        while words.get(*at) == Some(&"AND") {
            *at += 1;
            allowed &= self.one(words, at);
        }
        allowed
    }

    fn one(&self, words: &[&str], at: &mut usize) -> bool {
        let Some(word) = words.get(*at) else { return false };
        *at += 1;
        if *word == "(" {
            let allowed = self.either(words, at);
            *at += 1;
            return allowed && words.get(*at - 1) == Some(&")");
        }
        let mut licence = (*word).to_owned();
        if words.get(*at) == Some(&"WITH") {
            licence = format!("{licence} WITH {}", words.get(*at + 1).unwrap_or(&""));
            *at += 2;
        }
        self.licences.contains(&licence)
    }
}

#[test]
fn all_that_is_built_in_is_allowed() {
    let packages = packages();
    assert!(packages.len() > 100, "cargo told of {} packages only", packages.len());
    demand("supply", Policy::read().faults(&packages));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licence_expressions_are_read() {
        let policy = Policy::read();
        for good in [
            "MIT",
            "MIT/Apache-2.0",
            "GPL-3.0 OR MIT",
            "(MIT OR GPL-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-2.0",
        ] {
            assert!(policy.allows(good), "{good}");
        }
        for bad in ["GPL-3.0", "MIT AND GPL-3.0", "GPL-2.0 OR (MIT AND AGPL-3.0)", "MIT AND", "(MIT", ""] {
            assert!(!policy.allows(bad), "{bad}");
        }
    }

    #[test]
    fn a_foreign_source_a_ban_and_a_missing_licence_are_found() {
        let package = |name: &str, license: Option<&str>, source: &str| Package {
            name: name.into(),
            version: "1.0.0".into(),
            license: license.map(Into::into),
            source: Some(source.into()),
            dependencies: Vec::new(),
            binaries: Vec::new(),
        };
        let crates_io = "registry+https://github.com/rust-lang/crates.io-index";
        let bad = [
            package("good", Some("MIT"), crates_io),
            package("elsewhere", Some("MIT"), "git+https://example.org/x"),
            package("openssl", Some("Apache-2.0"), crates_io),
            package("bare", None, crates_io),
        ];
        let whats: Vec<String> = Policy::read().faults(&bad).into_iter().map(|f| f.what).collect();
        let expected = [
            "elsewhere 1.0.0: comes from git+https://example.org/x",
            "openssl 1.0.0: is banned by deny.toml",
            "bare 1.0.0: names no licence",
        ];
        assert_eq!(whats, expected);
    }
}
