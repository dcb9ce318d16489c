//! Forms.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;

use super::super::error::{Errors, Place, quoted};
use super::super::form::{Field, FilledBy, Form};
use super::super::pack::Pack;
use super::spot;
use crate::application::attachment::{HEAD, KIND};

pub(super) fn check(pack: &Pack, errors: &mut Errors) {
    for form in &pack.forms {
        check_form(form, errors);
    }
}

fn check_form(form: &Form, errors: &mut Errors) {
    let at = Place { clause: form.clauses.first().map(|id| id.as_str().into()), ..spot(&form.at) };
    if form.fields.is_empty() {
        errors.add(&at, format!("form `{}` has no fields", form.id), "Add `[[field]]`.");
    }
    fields(&form.fields, &at, errors);
    templates(form, &at, errors);
    super::fields::conditions(form, &at, errors);
    let mut seen = BTreeSet::new();
    for signature in form.signatures.iter().filter(|s| !seen.insert(s.id.as_str())) {
        let at = Place { line: signature.line.0, ..at.clone() };
        errors.add(
            &at,
            format!("the signature {} is there twice", quoted(&signature.id)),
            "Give each its own id.",
        );
    }
}

fn templates(form: &Form, within: &Place, errors: &mut Errors) {
    let mut seen = BTreeSet::new();
    for template in &form.templates {
        let at = Place { line: template.line.0, ..within.clone() };
        if !seen.insert(template.id.as_str()) {
            let message = format!("the template {} is there twice", quoted(&template.id));
            errors.add(&at, message, "Give each its own id.");
        }
        for (name, codes) in &template.fill {
            let field = form.field(name).filter(|field| matches!(field.kind.as_str(), "choice" | "ticks"));
            let Some(field) = field else {
                let message =
                    format!("the template `{}` fills {}, which cannot be chosen", template.id, quoted(name));
                errors.add(&at, message, "Name a field of the type `choice` or `ticks`.");
                continue;
            };
            let known = |code: &String| field.options.iter().any(|option| option.code == *code);
            for code in codes.iter().filter(|code| !known(code)) {
                let message = format!("the template `{}` chooses {} in `{name}`", template.id, quoted(code));
                errors.add(&at, message, "Name codes of the options of that field.");
            }
            if field.kind == "choice" && codes.len() != 1 {
                let message =
                    format!("the template `{}` chooses {} options in `{name}`", template.id, codes.len());
                errors.add(&at, message, "Name one: only one can be chosen there.");
            }
        }
    }
}

fn fields(list: &[Field], within: &Place, errors: &mut Errors) {
    let mut seen = BTreeSet::new();
    for field in list {
        let at = Place { line: field.line.0, ..within.clone() };
        if !field.id.is_empty() && !seen.insert(field.id.as_str()) {
            errors.add(
                &at,
                format!("the field {} is there twice", quoted(&field.id)),
                "Give each its own id.",
            );
        }
        let chosen = matches!(field.kind.as_str(), "choice" | "ticks");
        let none = field.options.is_empty() && field.from.is_none();
        if chosen == none {
            let (message, remedy) = if chosen {
                ("has no options", "Add `options = [{ code = …, label = … }]`.")
            } else {
                ("has options that it cannot show", "Let its type be `choice` or `ticks`.")
            };
            errors.add(&at, format!("the field `{}` {message}", field.id), remedy);
        }
        let table = field.kind == "table";
        if table == field.columns.is_empty() {
            let (message, remedy) = if table {
                ("has no columns", "Add `columns = [{ id = …, label = …, type = … }]`.")
            } else {
                ("has columns but is no table", "Let its type be `table`.")
            };
            errors.add(&at, format!("the field `{}` {message}", field.id), remedy);
        }
        files(field, &at, errors);
        for column in field.columns.iter().filter(|column| column.kind == KIND) {
            let message = format!("the table `{}` cannot take files in `{}`", field.id, column.id);
            errors.add(&at, message, "Give the files a field of their own.");
        }
        let mut codes = BTreeSet::new();
        for option in field.options.iter().filter(|option| !codes.insert(option.code.as_str())) {
            let message = format!("the field `{}` has the option {} twice", field.id, quoted(&option.code));
            errors.add(&at, message, "Give each its own code.");
        }
        fields(&field.columns, &at, errors);
    }
}

/// What a field that takes files must say, and no other one can.
fn files(field: &Field, at: &Place, errors: &mut Errors) {
    let said = [!field.accept.is_empty(), field.max_bytes.is_some(), field.max_files.is_some()];
    if field.kind != KIND {
        if said.contains(&true) {
            let message = format!("the field `{}` says of files what it cannot take", field.id);
            errors.add(at, message, "Let its type be `attachment`.");
        }
        return;
    }
    if field.filled_by == FilledBy::System || said.contains(&false) {
        let message = format!("the field `{}` does not say what files it takes from whom", field.id);
        let remedy = "Add `accept`, `max_bytes` and `max_files`; people send files, the system does not.";
        errors.add(at, message, remedy);
    }
    let mut endings = BTreeSet::new();
    for own in &field.accept {
        let mut starts = own.starts.iter().map(|start| start.len());
        if own.starts.is_empty() || !starts.all(|bytes| (1..=HEAD).contains(&bytes)) {
            let message = format!("nobody can tell whether a file is {}", quoted(&own.extension));
            let remedy =
                format!("Write `starts` in hexadecimal, at most {HEAD} bytes: `255044462d` for PDF.");
            errors.add(at, message, remedy);
        }
        if !endings.insert(own.extension.as_str()) {
            let message = format!("the field `{}` takes {} twice", field.id, quoted(&own.extension));
            errors.add(at, message, "Join the two under one ending.");
        }
    }
}
