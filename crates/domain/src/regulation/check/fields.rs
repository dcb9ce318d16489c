//! On what the fields of a form hang: on the application, and on what is chosen in other fields, in no
//! circle.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::super::error::{Errors, Place, listed, quoted};
use super::super::form::{Field, Form};
use super::super::when::When;
use super::known::{OF_APPLICATION, OF_FORM};

pub(super) fn conditions(form: &Form, within: &Place, errors: &mut Errors) {
    for template in &form.templates {
        let at = Place { line: template.line.0, ..within.clone() };
        if let Some(fact) = template.when.as_ref().and_then(|when| unknown(when, &[])) {
            let message =
                format!("the template `{}` hangs on `{fact}`, which is not known then", template.id);
            errors.add(&at, message, format!("Its condition may ask for {}.", listed(OF_APPLICATION)));
        }
    }
    for field in &form.fields {
        let at = Place { line: field.line.0, ..within.clone() };
        field_hangs(form, field, &at, errors);
    }
    circles(form, within, errors);
}

/// The first fact of a condition that neither the application nor what is known beside it tells.
fn unknown(when: &When, beside: &[&str]) -> Option<&'static str> {
    when.facts().into_iter().find(|fact| !OF_APPLICATION.contains(fact) && !beside.contains(fact))
}

fn field_hangs(form: &Form, field: &Field, at: &Place, errors: &mut Errors) {
    let Some(when) = &field.when else { return };
    if let Some(fact) = unknown(when, OF_FORM) {
        let message = format!("the field `{}` hangs on `{fact}`, which no form knows", field.id);
        let known = [OF_APPLICATION, OF_FORM].concat();
        errors.add(at, message, format!("The condition of a field may ask for {}.", listed(&known)));
    }
    if when.facts().contains(&"action") && actions(form).is_empty() {
        let message = format!("the field `{}` hangs on an action that nobody chooses", field.id);
        let remedy = "Give options of a `choice` of this form an `action`, or leave the condition out.";
        errors.add(at, message, remedy);
    }
    for (name, codes) in when.answers() {
        let other = form.field(name).filter(|field| matches!(field.kind.as_str(), "choice" | "ticks"));
        let Some(other) = other else {
            let message =
                format!("the field `{}` hangs on {}, which cannot be chosen", field.id, quoted(name));
            errors.add(at, message, "Name a field of this form of the type `choice` or `ticks`.");
            continue;
        };
        // What is made from the datasets is not known here.
        let known = |code: &String| other.from.is_some() || other.options.iter().any(|one| one.code == *code);
        for code in codes.iter().filter(|code| !known(code)) {
            let message = format!("the field `{}` hangs on {} of `{name}`", field.id, quoted(code));
            errors.add(at, message, "Name codes of the options of that field.");
        }
        if codes.is_empty() {
            let message = format!("the field `{}` hangs on no option of `{name}`", field.id);
            errors.add(at, message, "Name codes of the options of that field.");
        }
    }
}

/// The fields in which it is chosen what is applied for.
fn actions(form: &Form) -> Vec<&str> {
    let own = form.fields.iter().filter(|field| field.options.iter().any(|one| one.action.is_some()));
    own.map(|field| field.id.as_str()).collect()
}

/// The fields that have to be settled before it is known whether one is asked.
fn named<'a>(form: &'a Form, field: &'a Field) -> Vec<&'a str> {
    let Some(when) = &field.when else { return Vec::new() };
    let answers = when.answers().into_iter().map(|(name, _)| name);
    let acts = if when.facts().contains(&"action") { actions(form) } else { Vec::new() };
    answers.chain(acts).collect()
}

/// A field that hangs on itself, at once or through others, told at the first of them.
fn circles(form: &Form, within: &Place, errors: &mut Errors) {
    let mut told: Vec<&str> = Vec::new();
    for field in &form.fields {
        let (mut way, mut seen) = (Vec::from([field.id.as_str()]), Vec::new());
        if told.contains(&field.id.as_str()) || !leads_back(form, field, &mut way, &mut seen) {
            continue;
        }
        let at = Place { line: field.line.0, ..within.clone() };
        let further: Vec<String> = way.iter().skip(1).map(|id| format!("`{id}`")).collect();
        let message = match further.is_empty() {
            true => format!("the field `{}` hangs on itself", field.id),
            false => format!("the field `{}` hangs on itself through {}", field.id, further.join(", ")),
        };
        errors.add(&at, message, "Let conditions lead to fields that hang on none of these.");
        told.extend(way);
    }
}

/// Whether the way of conditions leads back to its first field; it then holds the fields it goes through.
fn leads_back<'a>(form: &'a Form, field: &'a Field, way: &mut Vec<&'a str>, seen: &mut Vec<&'a str>) -> bool {
    for name in named(form, field) {
        if way.first() == Some(&name) {
            return true;
        }
        let Some(next) = form.field(name).filter(|_| !seen.contains(&name)) else { continue };
        seen.push(name);
        way.push(name);
        if leads_back(form, next, way, seen) {
            return true;
        }
        way.pop();
    }
    false
}
