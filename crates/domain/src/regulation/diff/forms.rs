//! Forms of two versions, field by field. A field keeps its type for ever.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::super::describe::{joined, same, when_text, who_text};
use super::super::form::{Field, FilledBy, Form, FormOption, Risk, Template};
use super::super::value::Words;
use super::{
    Bearing, Detail, Difference, Facts, change, cited, details, difference, list, pairs, said, shown, text,
};

/// The differences of forms.
pub(super) fn diff(old: &[Form], new: &[Form]) -> Vec<Difference> {
    let differ = |(old, new): (Option<&Form>, Option<&Form>)| {
        let change = change(old, new)?;
        let one = new.or(old)?;
        let facts = |form: Option<&Form>| form.map(facts).unwrap_or_default();
        let mut found = difference("form", &one.id, change, details(facts(old), facts(new)));
        found.clauses = one.clauses.clone();
        let fields = |form: Option<&'_ Form>| form.map(|form| form.fields.clone()).unwrap_or_default();
        let (old, new) = (fields(old), fields(new));
        for (old, new) in pairs(&old, &new, |field| &field.id) {
            field(old, new, &mut found);
        }
        order(&old, &new, &mut found);
        Some(found)
    };
    pairs(old, new, |form| &form.id).into_iter().filter_map(differ).collect()
}

fn facts(form: &Form) -> Facts {
    let signature = |one: &super::super::form::Signature| {
        Words::new(
            format!("{} ({})", one.label.zh, who_text(&one.who)),
            format!("{} ({})", one.label.en, who_text(&one.who)),
        )
    };
    let some = |words: Words| (!words.en.is_empty()).then_some(words);
    said([
        ("label", Some(form.label.clone())),
        ("object", text(&form.object)),
        ("clauses", cited(&form.clauses)),
        ("orientation", text(if form.landscape { "landscape" } else { "portrait" })),
        ("notices", some(joined(form.notices.iter().map(|notice| notice.text.clone())))),
        ("signatures", some(joined(form.signatures.iter().map(signature)))),
        ("templates", some(joined(form.templates.iter().map(template)))),
    ])
}

fn template(one: &Template) -> Words {
    let fill = one.fill.iter().map(|(field, codes)| format!("{field} = {}", codes.join(" ")));
    let fill = fill.collect::<Vec<_>>().join("; ");
    let when = one.when.as_ref().map(|when| format!(", {}", when_text(when))).unwrap_or_default();
    Words::new(format!("{} ({fill}{when})", one.label.zh), format!("{} ({fill}{when})", one.label.en))
}

fn field(old: Option<&Field>, new: Option<&Field>, found: &mut Difference) {
    let Some(one) = new.or(old).filter(|_| old != new) else { return };
    let name = format!("field {}", one.id);
    match (old, new) {
        (Some(old), Some(new)) => {
            for detail in details(about(old), about(new)) {
                let bearing = match detail.name.as_str() {
                    "required" if new.required => Some(Bearing::Stricter),
                    "required" => Some(Bearing::Laxer),
                    _ => None,
                };
                found.details.push(Detail { name: format!("{name}: {}", detail.name), bearing, ..detail });
            }
            if old.kind != new.kind {
                found.faults.push(format!(
                    "the field `{}` is `{}` in the newer version and `{}` in the older; give the field of \
                     the other type an id of its own",
                    one.id, new.kind, old.kind
                ));
            }
        }
        _ => {
            let whole = |field: &Field| joined(about(field).into_iter().filter_map(|(_, words)| words));
            let (old, new) = (old.map(whole), new.map(whole));
            found.details.push(Detail::new(name, old, new));
        }
    }
}

/// Fields that stand in another order, where nothing else tells so.
fn order(old: &[Field], new: &[Field], found: &mut Difference) {
    let both = |own: &[Field], other: &[Field]| -> Vec<String> {
        own.iter().map(|f| f.id.clone()).filter(|id| other.iter().any(|f| f.id == *id)).collect()
    };
    let (was, is) = (both(old, new), both(new, old));
    if was != is {
        let told = |ids: &[String]| list(ids.iter().map(String::as_str));
        let detail = Detail::new("order", told(&was), told(&is));
        found.details.push(detail);
    }
}

fn about(field: &Field) -> Facts {
    let flag = |flag: bool, word: &str| flag.then(|| same(word));
    let some = |words: Words| (!words.en.is_empty()).then_some(words);
    said([
        ("type", text(&field.kind)),
        ("label", Some(field.label.clone())),
        ("required", flag(field.required, "required")),
        ("filled_by", flag(field.filled_by == FilledBy::System, "filled by the system")),
        ("max_length", shown(field.max_length.as_ref())),
        ("options", some(joined(field.options.iter().map(option)))),
        ("columns", some(joined(field.columns.iter().map(column)))),
        ("accept", list(field.accept.iter().map(|own| own.extension.as_str()))),
        ("max_bytes", shown(field.max_bytes.as_ref())),
        ("max_files", shown(field.max_files.as_ref())),
        ("help", field.help.clone()),
        ("when", field.when.as_ref().map(|when| same(when_text(when)))),
    ])
}

fn column(column: &Field) -> Words {
    let told = |label: &str| format!("{} {label} ({})", column.id, column.kind);
    Words::new(told(&column.label.zh), told(&column.label.en))
}

fn option(option: &FormOption) -> Words {
    let risk = match option.risk {
        Risk::Normal => None,
        Risk::ReadOnly => Some("read-only"),
        Risk::High => Some("high"),
    };
    let text = if option.text { Some("with words") } else { None };
    let mut more: Vec<&str> = [risk, option.action.as_deref(), text].into_iter().flatten().collect();
    more.extend(option.opens.iter().chain(&option.serves).map(String::as_str));
    let more = if more.is_empty() { String::new() } else { format!(" ({})", more.join(", ")) };
    let told = |label: &str| format!("{} {label}{more}", option.code);
    Words::new(told(&option.label.zh), told(&option.label.en))
}
