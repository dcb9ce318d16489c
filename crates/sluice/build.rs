//! Lists the files of the packs that ship with the product, so that they stand in the binary, and notes which
//! compiler made it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

/// The folder of the pack that authors go on from. It does not ship as a rule.
const TEMPLATE: &str = "template";

fn main() -> io::Result<()> {
    println!("cargo::rustc-env=SLUICE_RUSTC={}", compiler());
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../../packs");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut text = String::from("static FILES: &[(&str, &str, &str)] = &[\n");
    for pack in children(&root)?.iter().filter(|pack| !pack.ends_with(TEMPLATE)) {
        for version in children(pack)? {
            let folder = version.strip_prefix(&root).unwrap_or(&version).display().to_string();
            list(&version, &format!("{folder:?}, "), &mut text)?;
        }
    }
    text.push_str("];\nstatic TEMPLATE: &[(&str, &str)] = &[\n");
    list(&root.join(TEMPLATE), "", &mut text)?;
    text.push_str("];\n");
    fs::write(Path::new(&env::var("OUT_DIR").unwrap_or_default()).join("packs.rs"), text)
}

/// Lists the files below a folder, each with its path in it.
fn list(folder: &Path, before: &str, text: &mut String) -> io::Result<()> {
    let mut files = Vec::new();
    walk(folder, &mut files)?;
    for file in files {
        let path = file.strip_prefix(folder).unwrap_or(&file).display().to_string();
        let whole = file.canonicalize()?;
        writeln!(text, "    ({before}{path:?}, include_str!({whole:?})),").unwrap_or_default();
    }
    Ok(())
}

/// The version of the compiler; a build that cannot tell is a build all the same.
fn compiler() -> String {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let said = Command::new(rustc).arg("--version").output().map(|output| output.stdout).unwrap_or_default();
    let said = String::from_utf8_lossy(&said).into_owned();
    said.split_whitespace().nth(1).unwrap_or("of an unknown version").to_owned()
}

fn children(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    paths.retain(|path| path.is_dir());
    paths.sort();
    Ok(paths)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            walk(&path, files)?;
        } else if path.extension().is_some_and(|kind| kind == "toml" || kind == "txt") {
            files.push(path);
        }
    }
    Ok(())
}
