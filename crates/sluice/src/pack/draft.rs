//! `sluice pack new`: lays out a small complete pack to go on from.

use super::{Files, shipped};
use crate::problem::{Done, Problem};
use crate::say;
use domain::time::Date;
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
    say!("Fill in first, in pack.toml: {}", missing(args).join(", "));
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
    let version = version_of(args);
    // Words that are there in one language stand in both until somebody translates them.
    let english = |english: &Option<String>, own: &Option<String>| english.clone().or_else(|| own.clone());
    let given = [
        ("id", Some(args.id.clone())),
        ("version", version.clone()),
        ("title", args.title.clone()),
        ("title_en", english(&args.title_en, &args.title)),
        ("issuer", args.agency.clone()),
        ("issuer_en", english(&args.agency_en, &args.agency)),
    ];
    let given = given.into_iter().filter_map(|(key, value)| Some((key, quoted(&value?))));
    let begins = version.and_then(|version| day_of(&version)).map(|day| ("effective_from", day.to_string()));
    for (key, value) in given.chain(begins) {
        *header = with(header, key, &value);
    }
    files
}

/// A text as TOML has it, which quotes as JSON does.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// What was not given and has to be filled in by hand, in the order of the header.
fn missing(args: &NewArgs) -> Vec<&'static str> {
    let version = version_of(args);
    let day = version.as_deref().and_then(day_of);
    let wanted = [
        ("version", version.is_none()),
        ("title", args.title.is_none()),
        ("title_en", args.title_en.is_none()),
        ("short_title", true),
        ("short_title_en", true),
        ("issuer", args.agency.is_none()),
        ("issuer_en", args.agency_en.is_none()),
        ("effective_from", day.is_none()),
    ];
    wanted.into_iter().filter_map(|(key, open)| open.then_some(key)).collect()
}

/// The version: the folder's name, where it is named as the handbook wants it, `id/version`, or like a date.
fn version_of(args: &NewArgs) -> Option<String> {
    let (folder, id) = (&args.folder, args.id.as_str());
    let of_pack = folder.parent().and_then(Path::file_name).is_some_and(|name| name == id);
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    name.filter(|name| of_pack || name.starts_with(|first: char| first.is_ascii_digit()))
}

/// The day that a version names: seven digits are a date of the Republic, eight one of the common era.
fn day_of(version: &str) -> Option<Date> {
    let digits = version.chars().all(|one| one.is_ascii_digit()).then_some(version.len())?;
    let years = if digits == 7 { 3 } else { 4 };
    let (year, rest) = version.split_at_checked(years).filter(|_| matches!(digits, 7 | 8))?;
    let (month, day) = rest.split_at(2);
    let year = year.parse::<i16>().ok()? + if digits == 7 { 1911 } else { 0 };
    Date::new(year, month.parse().ok()?, day.parse().ok()?)
}

/// The text with another value behind the first line that sets `key`.
fn with(text: &str, key: &str, value: &str) -> String {
    let sets = format!("{key} = ");
    let mut done = false;
    let lines = text.lines().map(|line| match line.starts_with(&sets) && !done {
        true => {
            done = true;
            format!("{sets}{value}\n")
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
        assert_eq!((&*header.title.zh, &*header.title.en), ("\"港\"務", "\"港\"務"));
        let begins = header.effective_from.map(|day| day.to_string());
        assert_eq!(begins.as_deref(), Some("2025-03-01"), "the version is a date of the Republic");
        assert_eq!(&*header.issuer.en, "Harbour Bureau");
        let mets: std::collections::BTreeSet<_> =
            checked.pack.clauses.iter().map(|clause| format!("{:?}", clause.met)).collect();
        assert_eq!(mets.len(), 3, "a clause of each sort");
        let played = scene::play_all(&checked).unwrap();
        assert_eq!(played.len(), 3);
        for one in played {
            assert_eq!(one.outcome, Ok(()), "{}", one.file);
        }
        let again = run(&args(&folder, "harbour")).unwrap_err();
        assert!(again.sentence.contains("is not empty"), "{again}");
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn what_a_folder_says_is_taken_and_the_rest_is_told_to_be_filled_in() {
        let days = ["1130501", "20240501", "1131301", "2024", "v2", "113年5月"].map(day_of);
        let may = Date::parse_iso("2024-05-01");
        assert_eq!(days, [may, may, None, None, None, None]);
        let of = |path: &str| version_of(&args(Path::new(path), "harbour"));
        let versions = ["packs/a/1130501", "harbour/first", "b/draft"].map(of);
        assert_eq!(versions, [Some("1130501".to_string()), Some("first".to_string()), None]);
        let told = missing(&args(Path::new("packs/draft"), "harbour"));
        let expected = ["version", "title_en", "short_title", "short_title_en", "issuer", "effective_from"];
        assert_eq!(told, expected);
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
