//! Reading a form of the rule as a page sends it.

use super::DATE;
use crate::form::Form;
use crate::html::letter;
use crate::upload::File;
use base64ct::{Base64, Encoding};
use desk::application::{ApplicationForm, FileForm, StampForm};
use domain::application::act::Give;
use domain::application::{Answers, Ruling, Verdict};
use domain::letter::Came;
use domain::time::Date;
use domain::time::input::day;
use domain::{Personal, Reason, Refusal};

/// Files as they are sent: `f.field` each.
pub(in crate::html) fn files(files: &[File]) -> Vec<FileForm> {
    let file = |file: &File| FileForm {
        field: file.field.strip_prefix("f.").unwrap_or(&file.field).to_string(),
        name: Personal::new(file.name.as_str()),
        content: Personal::new(Base64::encode_string(&file.bytes)),
    };
    files.iter().map(file).collect()
}

/// Reads a form: `v.field` are values, `d.field` days, `w.field.code` words behind a choice, and
/// `t.field.row.column` cells of a table.
pub(super) fn form(form: &Form, code: Option<String>, today: Date) -> ApplicationForm {
    let mut answers = Answers::new();
    for (name, value) in form.fields().map(|(name, value)| (name, value.trim())) {
        let Some((kind, rest)) = name.split_once('.') else { continue };
        if value.is_empty() {
            continue;
        }
        let parts: Vec<&str> = rest.split('.').collect();
        match (kind, &parts[..]) {
            ("v", [field]) => answers.entry((*field).into()).or_default().values.push(value.into()),
            ("d", [field]) => {
                answers.entry((*field).into()).or_default().values.push(typed_day(value, today));
            }
            ("w", [field, option]) => {
                let entry = answers.entry((*field).into()).or_default();
                entry.words.insert((*option).into(), value.into());
            }
            ("t" | "td", [field, row, column]) => {
                let Some(row) = row.parse().ok().filter(|row: &usize| *row < 200) else { continue };
                let rows = &mut answers.entry((*field).into()).or_default().rows;
                rows.resize_with(rows.len().max(row + 1), Default::default);
                let text = if kind == "td" { typed_day(value, today) } else { value.to_string() };
                rows[row].insert((*column).into(), text);
            }
            _ => {}
        }
    }
    for entry in answers.values_mut() {
        entry.rows.retain(|row| !row.is_empty());
        let chosen = entry.values.clone();
        entry.words.retain(|code, _| chosen.contains(code));
    }
    answers.retain(|_, entry| !entry.is_empty());
    ApplicationForm {
        code,
        object: form.get("object").to_string(),
        people: form.all("people"),
        answers,
        files: vec![],
        submit: form.get("act") == "submit",
        form_key: form.get("form_key").to_string(),
    }
}

/// Reads what somebody of the chain gives: `verdict` alone, or with the result that is chosen behind a colon.
///
/// # Errors
/// Nothing is chosen; a day is none.
pub(super) fn stamp(form: &Form, form_key: String, today: Date) -> Result<StampForm, Refusal> {
    let chosen = form.get("verdict");
    let (verdict, outcome) = chosen.split_once(':').map_or((chosen, None), |(own, code)| (own, Some(code)));
    let Some(verdict) = Verdict::from_word(verdict) else {
        return Err(Refusal::new(Reason::FieldMissing).at("verdict"));
    };
    let said = letter::said(form, today)?;
    let ruling = Ruling {
        outcome: outcome.map(String::from),
        effective: day(form.get("effective"), today, "effective")?,
        left_out: form.all("left-out"),
    };
    let letter = Came { number: said.number, on: said.on };
    let (note, fields) = (Personal::new(form.get("note")), form.all("fields"));
    let give = Give { verdict, note, ruling, fields, letter };
    Ok(StampForm { give, version: form.get("version").parse().ok(), form_key })
}

/// A day as it is kept; what is none stays as it was typed.
fn typed_day(text: &str, today: Date) -> String {
    let read = day(text, today, DATE).ok().flatten();
    read.map_or_else(|| text.to_string(), |day| day.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_reads_as_values_words_days_and_rows() {
        let fields = [
            ("v.reason", " 審查 "),
            ("v.permissions", "a"),
            ("v.permissions", "b"),
            ("w.permissions.a", "詳"),
            ("w.permissions.z", "not chosen"),
            ("d.from", "113/01/22"),
            ("d.until", "soon"),
            ("t.list.0.name", "甲"),
            ("t.list.5.name", "乙"),
            ("td.list.5.born", "113/01/22"),
            ("t.list.900.name", "too far"),
            ("v.empty", ""),
            ("act", "submit"),
        ];
        let today = Date::parse_iso("2024-01-22").unwrap();
        let read = form(&Form::of(&fields), None, today);
        assert_eq!(read.answers["reason"].value(), "審查");
        assert_eq!(read.answers["permissions"].values, ["a", "b"]);
        assert_eq!(read.answers["permissions"].words.len(), 1);
        assert_eq!(read.answers["from"].value(), "2024-01-22");
        assert_eq!(read.answers["until"].value(), "soon", "what is no day is kept as it was typed");
        assert_eq!(read.answers["list"].rows.len(), 2);
        assert_eq!(read.answers["list"].rows[1]["born"], "2024-01-22");
        assert!(read.submit && !read.answers.contains_key("empty"));
    }
}
