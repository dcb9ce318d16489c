//! What stands in a form where it does not matter what: a story tells what it is about and no more.

use super::{Action, Answers, Entry, form};
use crate::regulation::{Field, FilledBy, Form, Situation};
use crate::time::Date;
use alloc::{collections::BTreeMap, format, string::String, vec::Vec};

/// What is written where any words do.
const WORDS: &str = "As this story needs it";

/// A form with something that fits in every field that people have to fill in and of which nothing was said.
/// What is ticked and which files go with it is the story's own to say.
pub fn filled(form: &Form, said: Answers, situation: &Situation<'_>, today: Date) -> Answers {
    let mut answers = said;
    // What is chosen in one field may bring up another one.
    for _ in &form.fields {
        let open = form::asked(form, &answers, situation).into_iter().filter(|field| {
            let theirs = field.required && field.filled_by == FilledBy::User;
            theirs && !answers.contains_key(&field.id)
        });
        let fresh: Vec<_> =
            open.filter_map(|field| Some((field.id.clone(), entry(form, field, today)?))).collect();
        if fresh.is_empty() {
            break;
        }
        answers.extend(fresh);
    }
    for (name, entry) in &mut answers {
        let lined = form.field(name).into_iter().flat_map(|field| &field.options).filter(|own| own.text);
        for option in lined.filter(|own| entry.values.contains(&own.code)).collect::<Vec<_>>() {
            entry.words.entry(option.code.clone()).or_insert_with(|| WORDS.into());
        }
    }
    answers
}

/// Something that fits in a field; none where nothing can be made up.
fn entry(form: &Form, field: &Field, today: Date) -> Option<Entry> {
    match field.kind.as_str() {
        "ticks" | "attachment" | "regulation" => None,
        "choice" => {
            let new = form::choice_of(form, Action::Create).filter(|(own, _)| *own == field.id);
            let first = || field.options.first().map(|option| option.code.clone());
            new.map(|(_, code)| code).or_else(first).map(Entry::text)
        }
        "table" => {
            let cells = field.columns.iter().filter(|own| own.filled_by == FilledBy::User);
            let row: BTreeMap<String, String> =
                cells.map(|column| (column.id.clone(), text(column, today))).collect();
            Some(Entry { rows: Vec::from([row]), ..Entry::default() })
        }
        _ => Some(Entry::text(text(field, today))),
    }
}

fn text(field: &Field, today: Date) -> String {
    let text = match field.kind.as_str() {
        "date" => format!("{today}"),
        "datetime" => format!("{today}T09:00"),
        "number" => "1".into(),
        "postcode" => "100".into(),
        "national-id" => "A123456789".into(),
        "business-number" => "04595257".into(),
        "phone" => "02-12345678".into(),
        "email" => "story@example.gov.tw".into(),
        "url" => "https://example.gov.tw/".into(),
        "choice" => field.options.first().map(|option| option.code.clone()).unwrap_or_default(),
        _ => String::from(WORDS),
    };
    text.chars().take(field.max_length.unwrap_or(usize::MAX)).collect()
}
