//! `sluice pack diff`: what an amendment changes, in words or as JSON.

use super::{Bytes, found, shipped};
use crate::problem::{Done, Problem};
use crate::say;
use desk::regulation::Checked;
use domain::regulation::Words;
use domain::regulation::diff::{Bearing, Change, Detail, Difference, diff};
use serde_json::{Value, json};
use std::path::Path;

/// Prints every difference of two versions.
///
/// # Errors
/// They differ (exit code 1, as `diff` has it); or one of them cannot be read, or the newer one cannot follow
/// the older (exit code 2).
pub fn run(as_json: bool, old: &Path, new: &Path) -> Done {
    let (old, new) = (trouble(named(old))?, trouble(named(new))?);
    let found = diff(&old.pack, &new.pack);
    match as_json {
        true => found.iter().for_each(|one| say!("{}", object(one))),
        false => {
            say!("{} → {}", old.rule.name, new.rule.name);
            lines(&found).iter().for_each(|line| say!("{line}"));
        }
    }
    let faults = found.iter().map(|one| one.faults.len()).sum::<usize>();
    match (faults, found.len()) {
        (0, 0) => Ok(()),
        (0, 1) => Err(Problem::new("1 part differs")),
        (0, many) => Err(Problem::new(format!("{many} parts differ"))),
        _ => Err(Problem::usage("the newer version cannot follow the older one; mend what is marked `!`")),
    }
}

/// As `diff` has it, what cannot be compared is trouble, which is 2.
fn trouble<T>(done: Done<T>) -> Done<T> {
    done.map_err(|problem| Problem::usage(problem.sentence))
}

/// A pack by its folder, or a shipped one by its name.
fn named(name: &Path) -> Done<Checked> {
    let files = if name.is_dir() { found(name)? } else { of_name(&name.to_string_lossy())? };
    checked(files, name)
}

fn of_name(name: &str) -> Done<Bytes> {
    let folder = name.replacen('@', "/", 1);
    let mut all = shipped::all();
    let known: Vec<String> = all.keys().map(|key| key.replacen('/', "@", 1)).collect();
    let missing = || {
        format!("{name} is neither a folder nor a shipped pack; the shipped ones are {}", known.join(", "))
    };
    let files = all.remove(folder.as_str()).ok_or_else(|| Problem::new(missing()))?;
    Ok(files.into_iter().map(|(path, text)| (path, text.into_bytes())).collect())
}

/// A pack in order; every fault of another one is printed on standard error.
///
/// # Errors
/// The pack has faults.
pub fn checked(files: Bytes, name: &Path) -> Done<Checked> {
    desk::regulation::check_found(files).map_err(|errors| {
        let shown = name.display();
        errors.iter().for_each(|error| eprintln!("{shown}/{error}"));
        let count = errors.len();
        let faults = if count == 1 { "1 fault".to_owned() } else { format!("{count} faults") };
        Problem::new(format!("the pack in {shown} has {faults}; mend them as said above"))
    })
}

/// The differences in words, one line each and one for each of their details.
pub fn lines(found: &[Difference]) -> Vec<String> {
    let mut lines = Vec::new();
    for one in found {
        let mark = match one.change {
            Change::Added => '+',
            Change::Removed => '-',
            Change::Changed => '~',
        };
        let kind = one.kind.map(|kind| format!(" ({kind})")).unwrap_or_default();
        let clauses: Vec<&str> = one.clauses.iter().map(|clause| clause.local()).collect();
        let from =
            if clauses.is_empty() { String::new() } else { format!(", clause {}", clauses.join(", ")) };
        lines.push(format!("{mark} {} {}{kind}{from}: {}", one.part, one.id, one.change.word()));
        lines.extend(one.faults.iter().map(|fault| format!("    ! {fault}")));
        lines.extend(one.details.iter().map(|detail| format!("    {}", line(detail, one.change))));
    }
    lines
}

fn line(detail: &Detail, change: Change) -> String {
    let name = &detail.name;
    let bearing = detail.bearing.map(|bearing| format!("  [{}]", bearing.word())).unwrap_or_default();
    let (old, new) = (words(detail.old.as_ref()), words(detail.new.as_ref()));
    match change {
        Change::Added => format!("{name}: {new}"),
        Change::Removed => format!("{name}: {old}"),
        Change::Changed => format!("{name}: {old} → {new}{bearing}"),
    }
}

fn words(words: Option<&Words>) -> String {
    match words {
        None => "unset".to_owned(),
        Some(words) if words.zh == words.en => words.zh.replace('\n', " "),
        Some(words) => format!("{} / {}", words.zh, words.en).replace('\n', " "),
    }
}

fn object(one: &Difference) -> Value {
    let words = |words: Option<&Words>| words.map(|words| json!({ "zh": &*words.zh, "en": &*words.en }));
    let detail = |detail: &Detail| {
        json!({
            "name": detail.name,
            "old": words(detail.old.as_ref()),
            "new": words(detail.new.as_ref()),
            "bearing": detail.bearing.map(Bearing::word),
        })
    };
    json!({
        "part": one.part,
        "id": one.id,
        "kind": one.kind,
        "clauses": one.clauses.iter().map(|clause| clause.as_str()).collect::<Vec<_>>(),
        "change": one.change.word(),
        "details": one.details.iter().map(detail).collect::<Vec<_>>(),
        "faults": one.faults,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn it_ends_as_diff_does_and_says_what_no_amendment_may_do() {
        let code = |old: &Path, new: &Path| run(true, old, new).map_or_else(|problem| problem.code, |()| 0);
        let (one, other) = (Path::new("kaohsiung@1060119"), Path::new("lienchiang@1130122"));
        assert_eq!((code(one, one), code(one, other), code(one, Path::new("nobody@1"))), (0, 1, 2));
        let root = std::env::temp_dir().join(format!("sluice-diff-{}", std::process::id()));
        let lay = |name: &str, from: &str, to: &str| {
            for (path, text) in shipped::template() {
                let file = root.join(name).join(path);
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, text.replace(from, to)).unwrap();
            }
            root.join(name)
        };
        let (old, new) = (lay("old", "", ""), lay("new", "type = \"long-text\"", "type = \"text\""));
        assert_eq!((code(&old, &old), code(&old, &new)), (0, 2));
        let told = lines(&diff(&named(&old).unwrap().pack, &named(&new).unwrap().pack));
        assert_eq!(told[0], "~ form record-sheet, clause 4: changed");
        assert!(told[1].starts_with("    ! the field `reason` is `text`"), "{told:?}");
        assert_eq!(told[2], "    field reason: type: long-text → text");
        let faulty = lay("faulty", "kind = \"screen\"", "kind = \"scren\"");
        assert_eq!(code(&old, &faulty), 2);
        fs::remove_dir_all(root).unwrap();
    }
}
