//! Arrows between the rooms go only downwards, and the pure rooms stand on a short list of crates.

use super::files::{File, files, sources};
use super::manifests::{Dependency, Kind, Package, packages};
use super::rust::Source;
use super::sql::BASELINES;
use super::{Finding, demand};

/// Every room, and the rooms it may stand on. A room that is not here needs a written reason first.
const ROOMS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("ledger", &[]),
    ("store", &["domain", "ledger"]),
    ("gate", &["domain", "ledger"]),
    ("press", &["domain", "ledger"]),
    ("desk", &["store", "gate", "press", "domain", "ledger"]),
    ("web", &["desk", "domain", "ledger"]),
    ("sluice", &["web", "desk", "store", "gate", "press", "domain", "ledger"]),
    ("tests", &["sluice", "web", "desk", "store", "gate", "press", "domain", "ledger"]),
];

/// All that the pure rooms may depend on. Nothing here can reach a file, a socket or a clock.
const PURE: &[(&str, &[&str])] = &[
    ("domain", &["jiff", "serde", "serde_json", "toml", "zeroize"]),
    ("ledger", &["base64ct", "ed25519-dalek", "sha2", "zeroize"]),
];

/// Crates that one room alone may touch: what it guards is reached through it only.
const GUARDED: &[(&str, &[&str])] = &[
    // The benchmark's baselines write to SQLite past the store; the test below keeps it to them.
    ("rusqlite", &["store", "sluice"]),
    ("libsqlite3-sys", &["store"]),
    ("postgres", &["store"]),
    ("tokio-postgres", &["store"]),
    ("ureq", &["gate", "tests"]),
    ("reqwest", &["gate", "tests"]),
    ("lettre", &["gate"]),
    ("typst", &["press"]),
    ("askama", &["web"]),
    ("fluent-bundle", &["web"]),
];

fn manifest(room: &str) -> String {
    if room == "tests" { "tests/Cargo.toml".into() } else { format!("crates/{room}/Cargo.toml") }
}

fn rooms(packages: &[Package]) -> impl Iterator<Item = &Package> {
    packages.iter().filter(|p| p.source.is_none())
}

/// Every room that one stands on, directly or through others; its tests may set any of them up.
fn all_below(room: &str) -> Vec<&'static str> {
    let below = ROOMS.iter().find(|(name, _)| *name == room).map_or(&[][..], |(_, below)| below);
    below.iter().flat_map(|name| [vec![*name], all_below(name)].concat()).collect()
}

fn wrong_arrows(packages: &[Package]) -> Vec<Finding> {
    let names: Vec<&str> = rooms(packages).map(|p| p.name.as_str()).collect();
    let mut found = Vec::new();
    for room in rooms(packages) {
        let Some((_, below)) = ROOMS.iter().find(|(name, _)| *name == room.name) else {
            found.push(Finding::new(
                &manifest(&room.name),
                0,
                "a new room: write down why, then name it here",
            ));
            continue;
        };
        for other in room.dependencies.iter().filter(|d| names.contains(&d.name.as_str())) {
            let in_tests = other.kind == Kind::Dev && all_below(&room.name).contains(&other.name.as_str());
            if !below.contains(&other.name.as_str()) && !in_tests {
                let what = format!("{} may not stand on {}", room.name, other.name);
                found.push(Finding::new(&manifest(&room.name), 0, what));
            }
        }
    }
    found
}

fn impurities(packages: &[Package]) -> Vec<Finding> {
    let mut found = Vec::new();
    for room in rooms(packages) {
        let Some((_, allowed)) = PURE.iter().find(|(name, _)| *name == room.name) else { continue };
        for other in room.dependencies.iter().filter(|d| d.kind != Kind::Dev) {
            let mut fault = |what: &str| {
                let what = format!("{} depends on {}{what}", room.name, other.name);
                found.push(Finding::new(&manifest(&room.name), 0, what));
            };
            if !allowed.contains(&other.name.as_str()) {
                fault(", which is not on the short list");
            }
            if other.default_features {
                fault(" with its default features: name those it needs");
            }
            if brings_std(other) {
                fault(" with `std`");
            }
        }
    }
    found
}

fn brings_std(dependency: &Dependency) -> bool {
    dependency.features.iter().any(|f| f == "std" || f.ends_with("/std") || f == "tz-system")
}

fn unguarded(packages: &[Package]) -> Vec<Finding> {
    let mut found = Vec::new();
    for room in rooms(packages) {
        for other in &room.dependencies {
            let guard = GUARDED.iter().find(|(name, _)| *name == other.name);
            if let Some((name, guards)) = guard
                && !guards.contains(&room.name.as_str())
            {
                let what = format!("{name} is touched by {} only, not by {}", guards[0], room.name);
                found.push(Finding::new(&manifest(&room.name), 0, what));
            }
        }
    }
    found
}

/// What every manifest and every pure crate says of itself.
fn undeclared(files: &[File]) -> Vec<Finding> {
    let mut found = Vec::new();
    let says = |path: &str, line: &str| {
        let file = files.iter().find(|f| f.path == path);
        file.and_then(|f| f.text.as_deref()).is_some_and(|text| text.lines().any(|l| l.trim() == line))
    };
    for file in files.iter().filter(|f| f.path.ends_with("/Cargo.toml")) {
        let text = file.text.as_deref().unwrap_or("");
        if !text.contains("[lints]\nworkspace = true\n") {
            found.push(Finding::new(&file.path, 0, "stands under the lints of the workspace"));
        }
    }
    for (room, _) in PURE {
        let path = format!("crates/{room}/src/lib.rs");
        if !says(&path, "#![no_std]") {
            found.push(Finding::new(&path, 0, "the pure rooms are `#![no_std]`"));
        }
    }
    for line in
        ["unsafe_code = \"forbid\"", "missing_docs = \"warn\"", "allow_attributes_without_reason = \"warn\""]
    {
        if !says("Cargo.toml", line) {
            found.push(Finding::new("Cargo.toml", 0, format!("the workspace says `{line}`")));
        }
    }
    found
}

#[test]
fn arrows_go_only_downwards() {
    demand("arrows", wrong_arrows(&packages()));
}

#[test]
fn the_pure_rooms_stand_on_a_short_list() {
    demand("pure", impurities(&packages()));
}

#[test]
fn what_is_guarded_is_reached_through_its_room() {
    demand("guarded", unguarded(&packages()));
}

/// Sources of the binary that name the database's own crate, although they are no baseline.
fn beside_the_store(sources: &[Source]) -> Vec<Finding> {
    let own =
        sources.iter().filter(|s| s.path.starts_with("crates/sluice/") && !s.path.starts_with(BASELINES));
    let mut found = Vec::new();
    for source in own {
        let named = source.tokens.iter().find(|(token, _)| token.is_word("rusqlite"));
        found.extend(named.map(|(_, line)| Finding::new(&source.path, *line, "a database beside the store")));
    }
    found
}

#[test]
fn only_the_baselines_touch_a_database_beside_the_store() {
    demand("beside-the-store", beside_the_store(sources()));
    let source = |path: &str| Source::parse(path, "use rusqlite::Connection;\n").expect("Rust");
    let bad = ["crates/sluice/src/serve.rs", "crates/sluice/src/bench/baseline/sqlite.rs"].map(source);
    let paths: Vec<String> = beside_the_store(&bad).into_iter().map(|finding| finding.path).collect();
    assert_eq!(paths, ["crates/sluice/src/serve.rs"]);
}

#[test]
fn every_room_declares_its_rules() {
    demand("declared", undeclared(files()));
}

#[test]
fn the_offline_verifier_stands_on_the_ledger_alone() {
    let packages = packages();
    let homes: Vec<&str> = rooms(&packages)
        .filter(|p| p.binaries.iter().any(|b| b == "sluice-verify"))
        .map(|p| p.name.as_str())
        .collect();
    assert_eq!(
        homes,
        ["ledger"],
        "sluice-verify is a binary of the ledger crate, which stands on no other room"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, dependencies: &[(&str, Kind, bool, &[&str])]) -> Package {
        let dependency =
            |(name, kind, default_features, features): &(&str, Kind, bool, &[&str])| Dependency {
                name: (*name).into(),
                kind: *kind,
                default_features: *default_features,
                features: features.iter().map(|f| (*f).into()).collect(),
            };
        Package {
            name: name.into(),
            version: "0.1.0".into(),
            license: Some("Apache-2.0".into()),
            source: None,
            dependencies: dependencies.iter().map(dependency).collect(),
            binaries: Vec::new(),
        }
    }

    fn whats(findings: &[Finding]) -> Vec<&str> {
        findings.iter().map(|f| f.what.as_str()).collect()
    }

    #[test]
    fn an_arrow_upwards_or_around_is_found() {
        let bad = [
            package("domain", &[("store", Kind::Dev, false, &[])]),
            package("store", &[("domain", Kind::Normal, false, &[]), ("serde", Kind::Normal, true, &[])]),
            package("web", &[("store", Kind::Normal, false, &[]), ("gate", Kind::Dev, false, &[])]),
            package("gate", &[("store", Kind::Dev, false, &[])]),
            package("helpers", &[]),
        ];
        let found = wrong_arrows(&bad);
        assert_eq!(
            whats(&found),
            [
                "domain may not stand on store",
                "web may not stand on store",
                "gate may not stand on store",
                "a new room: write down why, then name it here"
            ]
        );
    }

    #[test]
    fn an_impure_dependency_is_found() {
        let bad = [package(
            "domain",
            &[
                ("serde", Kind::Normal, false, &["alloc"]),
                ("jiff", Kind::Normal, false, &["std"]),
                ("toml", Kind::Normal, true, &[]),
                ("rand", Kind::Build, false, &[]),
                ("proptest", Kind::Dev, true, &["std"]),
            ],
        )];
        let found = impurities(&bad);
        let expected = [
            "domain depends on jiff with `std`",
            "domain depends on toml with its default features: name those it needs",
            "domain depends on rand, which is not on the short list",
        ];
        assert_eq!(whats(&found), expected);
    }

    #[test]
    fn a_back_door_is_found() {
        let bad =
            [package("desk", &[("rusqlite", Kind::Normal, false, &[]), ("ureq", Kind::Dev, false, &[])])];
        let found = unguarded(&bad);
        let expected =
            ["rusqlite is touched by store only, not by desk", "ureq is touched by gate only, not by desk"];
        assert_eq!(whats(&found), expected);
    }

    #[test]
    fn a_manifest_outside_the_lints_is_found() {
        let file = |path: &str, text: &str| File { path: path.into(), bytes: 1, text: Some(text.into()) };
        let bad = [
            file("Cargo.toml", "unsafe_code = \"forbid\"\nmissing_docs = \"warn\"\n"),
            file("crates/web/Cargo.toml", "[package]\n"),
            file("crates/domain/src/lib.rs", "#![no_std]\n"),
            file("crates/ledger/src/lib.rs", "// #![no_std]\n"),
        ];
        let paths: Vec<String> = undeclared(&bad).into_iter().map(|f| f.path).collect();
        assert_eq!(paths, ["crates/web/Cargo.toml", "crates/ledger/src/lib.rs", "Cargo.toml"]);
    }
}
