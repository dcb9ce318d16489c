//! The packages of the workspace and of everything below it, as cargo tells them.

use super::files::root;
use serde_json::Value;
use std::process::Command;

/// Kind of a dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Normal,
    Dev,
    Build,
}

/// One line of a manifest's dependencies.
#[derive(Clone, Debug)]
pub(super) struct Dependency {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) default_features: bool,
    pub(super) features: Vec<String>,
}

/// One package.
#[derive(Clone, Debug)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    /// The licence expression; `None` where the manifest has none.
    pub(super) license: Option<String>,
    /// Where it comes from; `None` for a package of this workspace.
    pub(super) source: Option<String>,
    pub(super) dependencies: Vec<Dependency>,
    pub(super) binaries: Vec<String>,
}

/// Every package that a build for this platform takes, the workspace's own first.
///
/// Cargo is asked without network: a build came before the test, so all manifests are on this machine.
pub(super) fn packages() -> Vec<Package> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let host = host(&cargo);
    let output = Command::new(cargo)
        .current_dir(root())
        .args(["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", &host])
        .output()
        .expect("cargo starts");
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    let resolved: Vec<&str> = list(&metadata["resolve"]["nodes"]).filter_map(|n| n["id"].as_str()).collect();
    let built = list(&metadata["packages"]).filter(|p| resolved.contains(&p["id"].as_str().unwrap_or("")));
    let mut packages: Vec<Package> = built.map(package).collect();
    packages.sort_by_key(|p| (p.source.is_some(), p.name.clone()));
    packages
}

fn host(cargo: &str) -> String {
    let output = Command::new(cargo).arg("-vV").output().expect("cargo starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().find_map(|l| l.strip_prefix("host: ")).expect("cargo names its host").to_owned()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().map(Vec::as_slice).unwrap_or_default().iter()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn package(value: &Value) -> Package {
    let is_binary = |t: &&Value| list(&t["kind"]).any(|k| k == "bin");
    Package {
        name: text(&value["name"]),
        version: text(&value["version"]),
        license: value["license"].as_str().map(Into::into),
        source: value["source"].as_str().map(Into::into),
        dependencies: list(&value["dependencies"]).map(dependency).collect(),
        binaries: list(&value["targets"]).filter(is_binary).map(|t| text(&t["name"])).collect(),
    }
}

fn dependency(value: &Value) -> Dependency {
    let kind = match value["kind"].as_str() {
        Some("dev") => Kind::Dev,
        Some("build") => Kind::Build,
        _ => Kind::Normal,
    };
    Dependency {
        name: text(&value["name"]),
        kind,
        default_features: value["uses_default_features"].as_bool().unwrap_or(true),
        features: list(&value["features"]).map(text).collect(),
    }
}
