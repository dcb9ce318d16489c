//! `sluice pack new`: lays out a small complete pack to go on from.

use super::{Files, shipped};
use crate::problem::{Done, Problem};
use crate::say;
use std::fs;
use std::path::{Path, PathBuf};

/// What it is called with.
#[derive(clap::Args)]
pub struct NewArgs {
    /// The folder to lay it out in, best `…/ID/VERSION`; it must be empty or absent.
    folder: PathBuf,
    /// The pack's id: lower-case letters, digits, `-` and `.`.
    #[arg(long)]
    id: String,
    /// The full title, in the language of the rule.
    #[arg(long)]
    title: Option<String>,
    /// The title in English.
    #[arg(long)]
    title_en: Option<String>,
    /// The agency that issues it, in the language of the rule.
    #[arg(long)]
    agency: Option<String>,
    /// The agency in English.
    #[arg(long)]
    agency_en: Option<String>,
}

/// Writes the files of the template with the id and what else was given.
///
/// # Errors
/// The folder is not empty or cannot be written; the id is none.
pub fn run(args: &NewArgs) -> Done {
    let name = args.folder.display();
    if fs::read_dir(&args.folder).is_ok_and(|mut entries| entries.next().is_some()) || args.folder.is_file() {
        return Err(Problem::new(format!("{name} is not empty; name a new folder")));
    }
    let files = filled(args);
    // What is written is in order, or nothing is written: so an id that is none is told before.
    if let Err(errors) = desk::regulation::check(files.clone()) {
        let first = errors.first().map(|error| format!("{}: {}", error.message, error.remedy));
        return Err(Problem::usage(first.unwrap_or_default()));
    }
    for (path, text) in &files {
        write(&args.folder.join(path), text).map_err(|error| {
            Problem::new(format!("cannot write to {name} ({error}); name another folder"))
        })?;
    }
    say!("{} files of a small complete pack in {name}", files.len());
    say!("Write your rule over it, part by part, and run after each:");
    say!("  sluice pack check {name}");
    say!("  sluice pack test {name}");
    Ok(())
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

fn filled(args: &NewArgs) -> Files {
    let mut files = shipped::template();
    let Some((_, header)) = files.iter_mut().find(|(path, _)| path == "pack.toml") else { return files };
    let title_en = args.title_en.clone().or_else(|| args.title.as_ref().map(|_| args.id.clone()));
    let agency_en = args.agency_en.clone().or_else(|| args.agency.as_ref().map(|_| args.id.clone()));
    let version = version_of(&args.folder, &args.id);
    let given = [
        ("id", Some(args.id.clone())),
        ("version", version),
        ("title", args.title.clone()),
        ("title_en", title_en),
        ("issuer", args.agency.clone()),
        ("issuer_en", agency_en),
    ];
    for (key, value) in given {
        if let Some(value) = value {
            *header = with(header, key, &value);
        }
    }
    files
}

/// The version, where the folder is named as the handbook wants it, `id/version`.
fn version_of(folder: &Path, id: &str) -> Option<String> {
    let of_pack = folder.parent().and_then(Path::file_name).is_some_and(|name| name == id);
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    name.filter(|_| of_pack)
}

/// The text with another value behind the first line that sets `key`.
fn with(text: &str, key: &str, value: &str) -> String {
    let sets = format!("{key} = ");
    let mut done = false;
    let lines = text.lines().map(|line| match line.starts_with(&sets) && !done {
        true => {
            done = true;
            // A text is quoted in JSON as it is in TOML.
            format!("{sets}{}\n", serde_json::Value::from(value))
        }
        false => format!("{line}\n"),
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::{read, scene};

    fn args(folder: &Path, id: &str) -> NewArgs {
        NewArgs {
            folder: folder.into(),
            id: id.into(),
            title: Some("\"港\"務".into()),
            title_en: None,
            agency: None,
            agency_en: Some("Harbour Bureau".into()),
        }
    }

    #[test]
    fn what_is_laid_out_is_in_order_and_its_stories_come_out_as_they_say() {
        let root = std::env::temp_dir().join(format!("sluice-new-{}", std::process::id()));
        let folder = root.join("harbour/1140301");
        run(&args(&folder, "harbour")).unwrap();
        let checked = desk::regulation::check(read(&folder).unwrap()).unwrap_or_else(|e| panic!("{e:?}"));
        let header = &checked.pack.header;
        assert_eq!(checked.rule.name, "harbour@1140301");
        assert_eq!((&*header.title.zh, &*header.title.en), ("\"港\"務", "harbour"));
        assert_eq!(&*header.issuer.en, "Harbour Bureau");
        let mets: std::collections::BTreeSet<_> =
            checked.pack.clauses.iter().map(|clause| format!("{:?}", clause.met)).collect();
        assert_eq!(mets.len(), 3, "a clause of each sort");
        let played = scene::play_all(&checked).unwrap();
        assert_eq!(played.len(), 2);
        for one in played {
            assert_eq!(one.outcome, Ok(()), "{}", one.file);
        }
        let again = run(&args(&folder, "harbour")).unwrap_err();
        assert!(again.sentence.contains("is not empty"), "{again}");
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn an_id_that_is_none_is_told_and_nothing_is_written() {
        let folder = std::env::temp_dir().join(format!("sluice-new-none-{}", std::process::id()));
        let problem = run(&args(&folder, "Harbour Bureau")).unwrap_err();
        assert_eq!(problem.code, 2);
        assert!(problem.sentence.contains("lower-case letters"), "{problem}");
        assert!(!folder.exists());
    }
}
