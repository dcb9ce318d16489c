//! Whether a form is filled in as the rule wants it.

use super::{Action, Answers, Entry, attachment};
use crate::identity::national_id::NationalId;
use crate::refusal::{Reason, Refusal};
use crate::regulation::{Chosen, Field, FilledBy, Form, Situation, Template, Words};
use crate::time::Date;
use alloc::{collections::BTreeMap, format, string::String, vec, vec::Vec};

/// Most characters of a field whose form sets no length.
const LENGTH_MAX: usize = 2_000;
/// Most rows of one table.
pub const ROWS_MAX: usize = 100;

/// The fields that are asked for, in the order of the form; one on a condition that nobody can judge is. What
/// stands in a field that is not asked itself says nothing to those that ask after it: conditions lead in no
/// circle, so each round settles one more of a row of them.
pub fn asked<'a>(form: &'a Form, answers: &Answers, situation: &Situation<'_>) -> Vec<&'a Field> {
    let mut asked: Vec<&Field> = form.fields.iter().collect();
    for _ in &form.fields {
        let said = |field: &&Field| Some((field.id.clone(), answers.get(&field.id)?.values.clone()));
        let chosen: Chosen = asked.iter().filter_map(said).collect();
        let action = applied_for(&asked, answers).word();
        let situation = Situation { action: Some(action), chosen: Some(&chosen), ..*situation };
        let is_asked =
            |field: &&Field| field.when.as_ref().is_none_or(|when| when.holds(&situation) != Some(false));
        let next: Vec<&Field> = form.fields.iter().filter(is_asked).collect();
        let same = next.iter().map(|field| &field.id).eq(asked.iter().map(|field| &field.id));
        asked = next;
        if same {
            break;
        }
    }
    asked
}

/// All faults of a form, each at its field, so that they can be mended together.
pub fn faults(form: &Form, answers: &Answers, situation: &Situation<'_>) -> Vec<Refusal> {
    let own = asked(form, answers, situation).into_iter();
    let mut faults: Vec<Refusal> = own
        .filter(|field| field.filled_by == FilledBy::User)
        .flat_map(|field| {
            let nothing = Entry::default();
            entry_faults(field, answers.get(&field.id).unwrap_or(&nothing))
        })
        .collect();
    let unknown = answers.keys().filter(|name| form.field(name).is_none());
    faults.extend(unknown.map(|name| Refusal::new(Reason::FieldMalformed).at(name)));
    faults.into_iter().map(|fault| fault.under_first(&form.clauses)).collect()
}

/// Everything that the form's fields say, with what is no longer asked left out.
pub fn settled(form: &Form, answers: &Answers, situation: &Situation<'_>) -> Answers {
    let own = asked(form, answers, situation).into_iter();
    own.filter_map(|field| Some((field.id.clone(), answers.get(&field.id)?.clone()))).collect()
}

/// What is ticked in all fields that are ticked, in the order of the form, and the version of a rule that is
/// named.
pub fn items(form: &Form, answers: &Answers) -> Vec<String> {
    let items = form.fields.iter().filter(|field| matches!(field.kind.as_str(), "ticks" | "regulation"));
    let chosen = |field: &Field| {
        let entry = answers.get(&field.id).cloned().unwrap_or_default();
        if field.kind == "regulation" {
            return entry.values.into_iter().take(1).collect();
        }
        let codes = field.options.iter().map(|option| option.code.clone());
        codes.filter(|code| entry.values.contains(code)).collect::<Vec<_>>()
    };
    items.flat_map(chosen).collect()
}

/// The fields that name a version of the rule that does not wait to be approved.
pub fn not_waiting(form: &Form, answers: &Answers, waiting: &[String]) -> Vec<Refusal> {
    let named = form.fields.iter().filter(|field| field.kind == "regulation");
    let gone = named.filter(|field| {
        answers.get(&field.id).is_some_and(|entry| entry.values.iter().any(|one| !waiting.contains(one)))
    });
    gone.map(|field| Refusal::new(Reason::VersionNotWaiting).under_first(&form.clauses).at(&field.id))
        .collect()
}

/// The templates of a form that are offered in a situation.
pub fn templates<'a>(form: &'a Form, situation: &Situation<'_>) -> impl Iterator<Item = &'a Template> {
    let offered =
        |template: &&Template| template.when.as_ref().is_none_or(|when| when.holds(situation) != Some(false));
    form.templates.iter().filter(offered)
}

/// A form as a template begins it; where words stand behind a choice, they begin with the unit's name.
pub fn begun(form: &Form, template: &Template, unit: &str) -> Answers {
    let entry = |(name, codes): (&String, &Vec<String>)| {
        let field = form.field(name)?;
        let lined = field.options.iter().filter(|option| option.text && codes.contains(&option.code));
        let words = lined.map(|option| (option.code.clone(), String::from(unit))).collect();
        Some((name.clone(), Entry { values: codes.clone(), words, ..Entry::default() }))
    };
    template.fill.iter().filter_map(entry).collect()
}

/// What the form's own choice applies for; something new where the form has no such choice.
pub fn action(form: &Form, answers: &Answers) -> Action {
    applied_for(&form.fields.iter().collect::<Vec<_>>(), answers)
}

fn applied_for(fields: &[&Field], answers: &Answers) -> Action {
    let chosen = choices(fields).find_map(|(field, code, action)| {
        let entry = answers.get(field)?;
        (entry.value() == code).then_some(action)
    });
    chosen.unwrap_or(Action::Create)
}

/// The field and the code of a form that apply for something.
pub fn choice_of(form: &Form, action: Action) -> Option<(String, String)> {
    let fields: Vec<&Field> = form.fields.iter().collect();
    let fits = choices(&fields).find(|(_, _, own)| *own == action);
    fits.map(|(field, code, _)| (field.into(), code.into()))
}

fn choices<'a>(fields: &[&'a Field]) -> impl Iterator<Item = (&'a str, &'a str, Action)> {
    let choices = fields.iter().filter(|field| field.kind == "choice");
    choices.flat_map(|field| {
        field.options.iter().filter_map(|option| {
            let action = option.action.as_deref().and_then(Action::from_word)?;
            Some((field.id.as_str(), option.code.as_str(), action))
        })
    })
}

/// The names of the fields that differ between two versions.
pub fn differing(before: &Answers, after: &Answers) -> Vec<String> {
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().filter(|name| before.get(*name) != after.get(*name)).cloned().collect()
}

/// What stood in a form and has no place in another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftBehind<'a> {
    /// The field.
    pub field: &'a Field,
    /// The words of its choices and columns that are gone; none where the field itself is.
    pub parts: Vec<&'a Words>,
}

/// What was written in a form and is not asked, or cannot be chosen, in the one that takes its place.
pub fn left_behind<'a>(
    former: &'a Form,
    form: &Form,
    answers: &Answers,
    situation: &Situation<'_>,
) -> Vec<LeftBehind<'a>> {
    // What the former one did not ask either was never part of it.
    let answers = settled(former, answers, situation);
    let asked = asked(form, &answers, situation);
    let left = |field: &'a Field| {
        let entry = answers.get(&field.id).filter(|entry| !entry.is_empty())?;
        let now = asked.iter().find(|own| own.id == field.id && own.kind == field.kind);
        let Some(now) = now else { return Some(LeftBehind { field, parts: vec![] }) };
        let option = |code: &String| field.options.iter().find(|option| option.code == *code);
        let chosen = entry.values.iter().filter_map(option);
        let chosen = chosen.filter(|own| now.options.iter().all(|option| option.code != own.code));
        let filled = |column: &&Field| entry.rows.iter().any(|row| row.contains_key(&column.id));
        let columns = field.columns.iter().filter(filled);
        let columns = columns.filter(|own| now.columns.iter().all(|column| column.id != own.id));
        let parts = chosen.map(|own| &own.label).chain(columns.map(|own| &own.label));
        Some(LeftBehind { field, parts: parts.collect() }).filter(|left| !left.parts.is_empty())
    };
    former.fields.iter().filter(|field| field.filled_by == FilledBy::User).filter_map(left).collect()
}

fn entry_faults(field: &Field, entry: &Entry) -> Vec<Refusal> {
    if entry.is_empty() {
        let missing = || Refusal::new(Reason::FieldMissing).at(&field.id);
        return if field.required { vec![missing()] } else { vec![] };
    }
    if !fits_kind(field, entry) {
        return vec![Refusal::new(Reason::FieldMalformed).at(&field.id)];
    }
    match field.kind.as_str() {
        "table" => table_faults(field, &entry.rows),
        "choice" | "ticks" => choice_fault(field, entry).into_iter().collect(),
        // Whether the files are there and of the right kind is told by those who have them.
        attachment::KIND => vec![],
        _ => text_fault(field, entry.value()).map(|fault| fault.at(&field.id)).into_iter().collect(),
    }
}

/// Whether what was entered has the shape of the field: rows for a table, several values for ticks and files,
/// one for any other.
fn fits_kind(field: &Field, entry: &Entry) -> bool {
    match field.kind.as_str() {
        "table" => entry.values.iter().all(|value| value.trim().is_empty()),
        "ticks" | attachment::KIND => entry.rows.is_empty(),
        _ => entry.rows.is_empty() && entry.values.len() == 1,
    }
}

fn choice_fault(field: &Field, entry: &Entry) -> Option<Refusal> {
    let malformed = || Some(Refusal::new(Reason::FieldMalformed).at(&field.id));
    for code in &entry.values {
        let Some(option) = field.options.iter().find(|option| option.code == *code) else {
            return malformed();
        };
        let words = entry.words.get(code).map_or("", String::as_str).trim();
        if option.text && words.is_empty() {
            return Some(Refusal::new(Reason::FieldMissing).at(&field.id).with("option", &option.code));
        }
        if words.chars().count() > LENGTH_MAX {
            return Some(too_long(LENGTH_MAX).at(&field.id));
        }
    }
    None
}

fn table_faults(field: &Field, rows: &[BTreeMap<String, String>]) -> Vec<Refusal> {
    if rows.len() > ROWS_MAX {
        return vec![too_long(ROWS_MAX).at(&field.id)];
    }
    let cell = |place: usize, row: &BTreeMap<String, String>, column: &Field| {
        let text = row.get(&column.id).map_or("", String::as_str);
        let at = format!("{}.{}.{}", field.id, place + 1, column.id);
        match text.trim().is_empty() {
            true if column.required => Some(Refusal::new(Reason::FieldMissing).at(&at)),
            true => None,
            false => text_fault(column, text).map(|fault| fault.at(&at)),
        }
    };
    let own = || field.columns.iter().filter(|column| column.filled_by == FilledBy::User);
    rows.iter()
        .enumerate()
        .flat_map(|(place, row)| own().filter_map(move |column| cell(place, row, column)))
        .collect()
}

/// What is wrong with one text, by the type of its field.
fn text_fault(field: &Field, text: &str) -> Option<Refusal> {
    let most = field.max_length.unwrap_or(LENGTH_MAX);
    if text.chars().count() > most {
        return Some(too_long(most));
    }
    let text = text.trim();
    let good = match field.kind.as_str() {
        "date" => Date::parse_iso(text).is_some(),
        "number" => text.chars().all(|c| c.is_ascii_digit()) && text.len() <= 12,
        "postcode" => text.chars().all(|c| c.is_ascii_digit()) && matches!(text.len(), 3 | 5 | 6),
        "national-id" => NationalId::parse(text).is_ok(),
        "email" => is_email(text),
        "phone" => is_phone(text),
        "choice" => field.options.iter().any(|option| option.code == text),
        _ => true,
    };
    (!good).then(|| Refusal::new(Reason::FieldMalformed).with("type", field.kind.as_str()))
}

/// One sign in the middle and a dot behind it: whether the post arrives shows only when it is sent.
fn is_email(text: &str) -> bool {
    let plain = text.chars().all(|c| c.is_ascii_graphic());
    plain
        && text.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty()
                && !host.contains('@')
                && host.contains('.')
                && !host.starts_with('.')
                && !host.ends_with('.')
        })
}

/// Digits with the signs people put between them, and an extension in words.
fn is_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (3..=24).contains(&digits) && text.chars().count() <= 40
}

fn too_long(most: usize) -> Refusal {
    Refusal::new(Reason::FieldTooLong).with("most", format!("{most}"))
}
