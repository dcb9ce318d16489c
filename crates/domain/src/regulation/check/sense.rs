//! What each part allows and the whole makes senseless: steps that are there twice, times that cannot fit
//! into one another, fields that nobody fills.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::super::error::{Errors, Place, quoted};
use super::super::form::FilledBy;
use super::super::kinds::Kind;
use super::super::kinds::vocabulary::Capacity;
use super::super::pack::{Control, Pack};
use super::super::shared::Who;
use super::super::value::Params;
use super::inside::named;
use super::{param, place};

/// The longest month: a rule that could just be kept is none to refuse.
const DAYS_OF_MONTH: i64 = 31;
/// The types of fields that the system fills in on an application.
const FILLED: &[&str] = &["date", "person", "unit", "account"];
/// What may say how long records are kept.
const LENGTHS: &[&str] =
    &["at_least_years", "at_least_months", "at_most_years", "permanent", "with_case_file", "until_approval"];

pub(super) fn check(pack: &Pack, errors: &mut Errors) {
    for control in pack.controls.iter().filter(|control| control.sound) {
        match control.kind {
            Kind::ApprovalChain => {
                steps(control, errors);
                filled(pack, control, errors);
            }
            Kind::AccountApplication => form_of(pack, control, "account-application", errors),
            Kind::AdminTiers => tiers(control, errors),
            Kind::IdleLadder => warned(control, errors),
            Kind::Lockout => unlocked(pack, control, errors),
            Kind::Password => changeable(control, errors),
            Kind::RecordSheet => form_of(pack, control, "record-sheet", errors),
            Kind::Retention => kept(control, errors),
            _ => {}
        }
    }
    asked(pack, errors);
}

/// Whether a role of the pack may look up what it can look up. A floor names no roles.
fn asked(pack: &Pack, errors: &mut Errors) {
    let Some(dataset) = pack.of_kind(Kind::Dataset).next() else { return };
    let could = |role: &str| pack.capacities(role).contains(&Capacity::Ask);
    if !pack.roles.is_empty() && !pack.roles.iter().any(|role| could(&role.id)) {
        let message = format!("nobody could look up `{}`: no role has the capacity `ask`", dataset.id);
        errors.add(&place(dataset), message, "Add `ask` to the `capacities` of the roles that look up.");
    }
}

fn steps(control: &Control, errors: &mut Errors) {
    let mut proposed = false;
    for step in control.params.tables("steps") {
        let at = Place { line: step.line(), ..place(control) };
        let act = step.text("act");
        if act.is_none() && (step.has("who") || step.has("side_by_side")) {
            let remedy = "Add `act`, one of: propose, consult, check, decide, carry-out.";
            errors.add(&at, "a step of the chain does not say what it does", remedy);
        }
        if act == Some("propose") && core::mem::replace(&mut proposed, true) {
            let remedy =
                "Let one step `propose`, and whoever looks at it next `check` or be asked (`consult`).";
            errors.add(&at, "the chain would be put forward twice", remedy);
        }
        let beside = step.people("side_by_side");
        let mut seen: Vec<&Who> = Vec::new();
        for who in &beside {
            if seen.contains(&who) {
                let message = format!("a step asks the same twice side by side: {}", named(who));
                errors.add(&at, message, "Name each once: one person counts once in a chain.");
            }
            seen.push(who);
        }
    }
}

/// The system fills in what it knows of an application; whatever else it should fill would stay empty.
fn filled(pack: &Pack, control: &Control, errors: &mut Errors) {
    let Some(form) = control.params.text("form").and_then(|id| pack.form(id)) else { return };
    let own = form.fields.iter().filter(|field| field.filled_by == FilledBy::System && field.required);
    for field in own.filter(|field| !FILLED.contains(&field.kind.as_str())) {
        let at = Place { file: form.at.file.clone(), line: field.line.0, clause: None };
        let message = format!(
            "the field `{}` is required and would stay empty: the system fills no field of the type `{}` \
             on an application",
            field.id, field.kind
        );
        let remedy = format!("Let people fill it, or let its type be one of: {}.", FILLED.join(", "));
        errors.add(&at, message, remedy);
    }
}

/// A form that says it is for something else.
fn form_of(pack: &Pack, control: &Control, object: &str, errors: &mut Errors) {
    let Some(form) = control.params.text("form").and_then(|id| pack.form(id)) else { return };
    if form.object != object {
        let message = format!("the form `{}` is for {}", form.id, quoted(&form.object));
        let remedy = format!("Write `object = \"{object}\"` in the form, or name another form here.");
        errors.add(&param(control, "form"), message, remedy);
    }
}

fn tiers(control: &Control, errors: &mut Errors) {
    let mut seen: Vec<String> = Vec::new();
    for tier in control.params.tables("tiers") {
        let role = tier.string("role");
        if seen.contains(&role) {
            let at = Place { line: tier.line(), ..place(control) };
            let message = format!("the role {} stands in two tiers", quoted(&role));
            errors.add(&at, message, "Let each role have one tier.");
        }
        seen.push(role);
    }
}

/// A warning goes out before the time is over that it warns of, and not before that time begins.
fn warned(control: &Control, errors: &mut Errors) {
    let Some(warn) = control.params.deadline("warn_before") else { return };
    for step in ["suspend_after", "cancel_after"] {
        let after = control.params.deadline(step);
        if after.is_some_and(|after| warn.weight().abs() >= after.weight()) {
            let message = format!("people would be warned before the time of `{step}` begins");
            errors.add(
                &param(control, "warn_before"),
                message,
                format!("Let `warn_before` be shorter than `{step}`."),
            );
        }
    }
}

/// What is opened by an application needs one that can be put forward. The floor may have it.
fn unlocked(pack: &Pack, control: &Control, errors: &mut Errors) {
    if control.params.text("unlock") != Some("application") || pack.header.parent.is_some() {
        return;
    }
    let mut chains = pack.of_kind(Kind::ApprovalChain);
    if !chains.any(|chain| chain.params.text("object") == Some("unlock")) {
        let remedy =
            "Add an `approval-chain` with `object = \"unlock\"` and a `form`, or let it open by `time`.";
        errors.add(&param(control, "unlock"), "nobody could apply for opening a locked account", remedy);
    }
}

/// A password that may not be changed yet when it has to be.
fn changeable(control: &Control, errors: &mut Errors) {
    let months =
        control.params.table("rotation").and_then(|rotation: &Params| rotation.number::<i64>("months"));
    let days = control.params.number::<i64>("min_age_days");
    if let (Some(months), Some(days)) = (months, days)
        && days >= months * DAYS_OF_MONTH
    {
        let message = format!(
            "a password would have to be changed after {months} months and could not be for {days} days"
        );
        let remedy = "Let `min_age_days` be shorter than the `rotation`.";
        errors.add(&param(control, "min_age_days"), message, remedy);
    }
}

fn kept(control: &Control, errors: &mut Errors) {
    if !LENGTHS.iter().any(|name| control.params.has(name)) {
        let remedy = format!("Add one of: {}.", LENGTHS.join(", "));
        errors.add(&place(control), "the retention does not say how long", remedy);
    }
}
