//! `sluice pack check`: every fault of a pack, with file, line, clause and remedy.

use super::found;
use crate::problem::{Done, Problem};
use crate::say;
use std::path::PathBuf;

/// Checks the packs in `paths`.
///
/// # Errors
/// One of them has faults; all faults of all packs are printed first.
pub fn run(paths: &[PathBuf]) -> Done {
    let mut faulty = 0;
    for path in paths {
        let files = found(path)?;
        match desk::regulation::check_found(files) {
            Ok(checked) => say!(
                "{}: {} clauses, {} controls, {} forms, {} scenarios: in order",
                checked.rule.name,
                checked.pack.clauses.len(),
                checked.pack.controls.len(),
                checked.pack.forms.len(),
                checked.pack.scenarios.len(),
            ),
            Err(errors) => {
                faulty += 1;
                for error in errors {
                    say!("{}/{error}", path.display());
                }
            }
        }
    }
    match faulty {
        0 => Ok(()),
        1 => Err(Problem::new("1 pack has faults")),
        many => Err(Problem::new(format!("{many} packs have faults"))),
    }
}

#[cfg(test)]
mod tests {
    use crate::pack::{found, read, shipped};
    use std::fs;

    #[test]
    fn files_that_are_no_text_are_told_first_and_alone() {
        let root = std::env::temp_dir().join(format!("sluice-check-{}", std::process::id()));
        for (path, text) in shipped::template() {
            let file = root.join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        let whole = desk::regulation::check_found(found(&root).unwrap());
        assert!(whole.is_ok());
        fs::create_dir_all(root.join("letters")).unwrap();
        fs::write(root.join("letters/breach.docx"), b"PK\x03\x04\x00\x00\xff\x00").unwrap();
        let text = fs::read_to_string(root.join("clauses.toml")).unwrap();
        fs::write(root.join("clauses.toml"), text.replacen(']', "", 1)).unwrap();
        let faults = desk::regulation::check_found(found(&root).unwrap()).err().unwrap();
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 2, "{told:#?}");
        assert!(told[0].starts_with("clauses.toml:"), "{told:#?}");
        assert_eq!(
            told[1],
            "letters/breach.docx:1: the file is no text in UTF-8. \
             Save it as plain text with the encoding UTF-8, or take it out of the folder. \
             The rest of the pack is looked at once every file can be read."
        );
        let problem = read(&root).unwrap_err().sentence;
        assert!(
            problem.ends_with("breach.docx is no text in UTF-8; `sluice pack check` says more"),
            "{problem}"
        );
        fs::remove_dir_all(root).unwrap();
    }
}
