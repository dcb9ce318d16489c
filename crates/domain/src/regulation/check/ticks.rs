//! What the ticks of forms open: a code says it once, and only where an application for an account asks it.

use alloc::collections::BTreeMap;
use alloc::format;

use super::super::error::{Errors, Place, quoted};
use super::super::form::{Field, Form, FormOption};
use super::super::pack::Pack;
use super::spot;

/// The type of fields whose options can open something.
const TICKS: &str = "ticks";

pub(super) fn check(pack: &Pack, errors: &mut Errors) {
    let mut accounts = pack.account_forms();
    accounts.sort_by_key(|form| &form.id);
    accounts.dedup_by_key(|form| &form.id);
    let asks = |form: &Form| accounts.iter().any(|own| own.id == form.id);
    for form in &pack.forms {
        for field in &form.fields {
            opens_nothing(form, field, asks(form), errors);
        }
    }
    once(&accounts, errors);
}

fn at(form: &Form, field: &Field) -> Place {
    let clause = form.clauses.first().map(|id| id.as_str().into());
    Place { line: field.line.0, clause, ..spot(&form.at) }
}

/// An option that says it opens something, where nothing is opened.
fn opens_nothing(form: &Form, field: &Field, asks: bool, errors: &mut Errors) {
    let mut options = field.options.iter().chain(field.columns.iter().flat_map(|column| &column.options));
    let Some(option) = options.find(|option| option.tick().is_some()) else { return };
    let message =
        |why: &str| format!("the option {} of `{}` opens nothing: {why}", quoted(&option.code), field.id);
    if !asks {
        let remedy = "Leave `opens` and `serves` out, or name the form in an `approval-chain` with \
                      `object = \"account\"`.";
        errors.add(&at(form, field), message("no account is applied for with this form"), remedy);
    } else if field.kind != TICKS {
        let remedy = "Let the type of the field be `ticks`, or leave `opens` and `serves` out.";
        errors.add(&at(form, field), message("it is chosen and not ticked"), remedy);
    }
}

/// A permission holds the codes that were ticked and not the fields: one code must mean one thing.
fn once(accounts: &[&Form], errors: &mut Errors) {
    let mut known: BTreeMap<&str, (&Form, &Field, &FormOption)> = BTreeMap::new();
    let fields = accounts.iter().flat_map(|form| form.fields.iter().map(move |field| (*form, field)));
    for (form, field) in fields.filter(|(_, field)| field.kind == TICKS) {
        for option in &field.options {
            let Some((before, other, first)) = known.get(option.code.as_str()) else {
                known.insert(option.code.as_str(), (form, field, option));
                continue;
            };
            // Twice in one field is told where the field is checked; two forms may open the same alike.
            let same_form = before.id == form.id;
            if (same_form && other.id == field.id) || (!same_form && first.tick() == option.tick()) {
                continue;
            }
            let message = format!(
                "the code {} stands in `{}` and in `{}` of `{}`: whoever ticks one is given both",
                quoted(&option.code),
                field.id,
                other.id,
                before.id,
            );
            errors.add(&at(form, field), message, "Give each option of forms for accounts its own code.");
        }
    }
}
