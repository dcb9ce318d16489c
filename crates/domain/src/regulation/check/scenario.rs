//! Scenarios: whether every step says enough, and nothing that means nothing there.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::super::error::{Errors, Place, did_you_mean, listed, quoted};
use super::super::form::{Field, FilledBy, Form};
use super::super::kinds::Kind;
use super::super::pack::{Control, Pack};
use super::super::scenario::{Act, Scenario, Step};
use crate::application::form::{asked, choice_of};
use crate::application::{Action, State, chain, invented, situation};
use crate::directory::post::Cause;
use crate::time::Date;

/// The states that a story may find a lookup in.
const STATES: &[&str] = &[
    "requested",
    "approved",
    "asked",
    "answered",
    "awaiting",
    "stamped",
    "returned",
    "anomaly",
    "not-obtained",
    "unknown",
];

/// Keys that belong to some steps only: whether a step has one, and to which it belongs.
type Beside = (&'static str, fn(&Step) -> bool, &'static [Act]);

const BESIDE: &[Beside] = &[
    ("object", |step| step.object.is_some(), &[Act::Apply]),
    ("action", |step| step.action.is_some(), &[Act::Apply]),
    ("fields", |step| !step.fields.is_empty(), &[Act::Apply]),
    ("for", |step| !step.people.is_empty(), &[Act::Apply]),
    ("result", |step| step.result.is_some(), VERDICTS),
    ("note", |step| step.note.is_some(), &[Act::Approve, Act::Refuse, Act::SendBack, Act::Sign]),
    ("duty", |step| step.duty.is_some(), &[Act::Sign]),
    ("who", |step| step.who.is_some(), Act::ON_POST),
    ("cause", |step| step.cause.is_some(), Act::ON_POST),
    ("role", |step| step.role.is_some(), &[Act::Transfer]),
    ("unit", |step| step.unit.is_some(), &[Act::Transfer]),
];

const VERDICTS: &[Act] = &[Act::Approve, Act::Refuse, Act::SendBack];

pub(super) fn check(pack: &Pack, errors: &mut Errors) {
    for scenario in &pack.scenarios {
        of_scenario(pack, scenario, errors);
    }
}

fn of_scenario(pack: &Pack, scenario: &Scenario, errors: &mut Errors) {
    let clause = scenario.clauses.first().map(|id| id.as_str().into());
    let top = Place { file: scenario.file.clone(), line: 1, clause };
    if scenario.clauses.is_empty() {
        errors.add(
            &top,
            "the scenario shows no clause",
            "Name in `clauses` what it shows obeyed or refused.",
        );
    }
    if scenario.steps.is_empty() {
        errors.add(&top, "nothing happens in the scenario", "Add `[[step]]`.");
    }
    if scenario.given.case.as_ref().is_some_and(|case| case.business.is_none()) {
        errors.add(
            &top,
            "the case belongs to no business",
            "Add `business`, one of a `business-scope`; a rule without one has no cases: leave `case` out.",
        );
    }
    for step in &scenario.steps {
        let at = Place { line: step.line.0, ..top.clone() };
        of_step(step, &at, errors);
        match step.act {
            Act::Apply => applies(pack, scenario, step, &at, errors),
            Act::Leave | Act::Transfer => reposts(step, &at, errors),
            _ => asks(pack, step, &at, errors),
        }
    }
}

fn of_step(step: &Step, at: &Place, errors: &mut Errors) {
    let needs = match step.act {
        Act::SignIn if step.tries.is_empty() => Some("`tries`, such as `[\"wrong\", \"right\"]`"),
        Act::Wait if step.wait_minutes.is_none() => Some("`hours` or `minutes`"),
        Act::Ask if step.subject.is_none() => Some("`subject`, the name of whom they look up"),
        Act::Leave | Act::Transfer if step.who.is_none() => Some("`who`, the one whose post changes"),
        Act::Transfer if step.cause() == Some(Cause::DutyChange) && step.role.is_none() => {
            Some("`role`, what they do from then on")
        }
        _ => None,
    };
    if let Some(needs) = needs {
        too_little(at, needs, errors);
    }
    for (key, _, acts) in BESIDE.iter().filter(|(_, said, acts)| said(step) && !acts.contains(&step.act)) {
        let words: Vec<&str> = acts.iter().map(|act| act.word()).collect();
        let message = format!("`{key}` means nothing with `{}`", step.act.word());
        errors.add(at, message, format!("It belongs to {}.", listed(&words)));
    }
    let Some(state) = step.state.as_deref() else { return };
    let (what, known) = match Act::ON_APPLICATION.contains(&step.act) {
        true => ("application", State::ALL.map(State::word).to_vec()),
        false => ("lookup", STATES.to_vec()),
    };
    if !known.contains(&state) {
        let remedy = did_you_mean(state, known.into_iter(), "states");
        errors.add(at, format!("no {what} has the state {}", quoted(state)), remedy);
    }
}

fn too_little(at: &Place, needs: &str, errors: &mut Errors) {
    errors.add(at, "the step does not say enough", format!("Add {needs}."));
}

/// Whether the items of a lookup are there.
fn asks(pack: &Pack, step: &Step, at: &Place, errors: &mut Errors) {
    let of = |control: &Control| {
        let items = control.params.tables("items").map(|item| item.string("id"));
        items.map(|item| format!("{}/{item}", control.id)).collect::<Vec<_>>()
    };
    let items: Vec<String> = pack.of_kind(Kind::Dataset).flat_map(of).collect();
    for item in step.items.iter().flatten().filter(|item| !items.contains(item)) {
        let remedy = did_you_mean(item, items.iter().map(String::as_str), "items");
        errors.add(at, format!("there is no item {}", quoted(item)), remedy);
    }
}

/// Whether a change of post is what its step is called.
fn reposts(step: &Step, at: &Place, errors: &mut Errors) {
    let Some(cause) = step.cause().filter(|cause| cause.leaves() != (step.act == Act::Leave)) else { return };
    let other = if step.act == Act::Leave { Act::Transfer } else { Act::Leave };
    let message = format!("`{}` is no cause of `{}`", cause.word(), step.act.word());
    errors.add(at, message, format!("Write `do = \"{}\"`.", other.word()));
}

/// Role and organisation under which somebody applies: those that are given, or the last that they moved to.
fn post<'a>(scenario: &'a Scenario, step: &'a Step) -> Option<(&'a str, &'a str)> {
    let before = scenario.steps.iter().take_while(|own| own.line.0 < step.line.0);
    let own: Vec<&Step> = before.filter(|own| own.who.as_ref() == Some(&step.actor)).collect();
    let role = own.iter().rev().find_map(|own| own.role.as_deref());
    let unit = own.iter().rev().find_map(|own| own.unit.as_deref());
    let given = scenario.given.roles.get(&step.actor)?;
    Some((role.unwrap_or(given), unit.or(scenario.given.unit.as_deref()).unwrap_or_default()))
}

/// Whether what is applied for can be, and its form has what the step writes in it.
fn applies(pack: &Pack, scenario: &Scenario, step: &Step, at: &Place, errors: &mut Errors) {
    // Somebody who is not of the cast is a fault of their own.
    let Some((role, organisation)) = post(scenario, step) else { return };
    let situation = situation(step.object(), role, organisation);
    let chain = chain(pack, step.object(), &situation);
    let Some(form) = chain.and_then(|chain| pack.form(&chain.value.form?)) else {
        let message = format!("nobody can apply for {} here", quoted(step.object()));
        errors.add(at, message, "It wants an `approval-chain` with this `object` and a `form`.");
        return;
    };
    if let Some(action) = step.action.as_deref().and_then(Action::from_word)
        && choice_of(form, action).is_none()
    {
        let message = format!("nothing in the form `{}` means `{}`", form.id, action.word());
        errors.add(at, message, "Leave `action` out, or give an option of the form this `action`.");
    }
    for (name, text) in &step.fields {
        written(form, name, text, at, errors);
    }
    let codes = || ticks(form).flat_map(|field| field.options.iter().map(|option| option.code.as_str()));
    let named = form.fields.iter().any(|field| field.kind == "regulation");
    let unknown = |item: &&String| !named && !codes().any(|code| code == **item);
    for item in step.items.iter().flatten().filter(unknown) {
        let message = format!("the form `{}` has no tick {}", form.id, quoted(item));
        errors.add(at, message, did_you_mean(item, codes(), "ticks"));
    }
    // Which day it is does not change what is asked.
    let answers = invented::filled(form, step.answers(form), &situation, Date::MONDAY);
    let ticked = asked(form, &answers, &situation).into_iter().any(|field| field.kind == "ticks");
    if step.items.is_none() && ticked {
        too_little(at, "`items`, what is ticked in the form; `items = []` where nothing is", errors);
    }
}

fn ticks(form: &Form) -> impl Iterator<Item = &Field> {
    form.fields.iter().filter(|field| field.kind == "ticks")
}

/// Whether a text can stand in a field of a form.
fn written(form: &Form, name: &str, text: &str, at: &Place, errors: &mut Errors) {
    let own = |field: &&Field| {
        let worded = !matches!(field.kind.as_str(), "ticks" | "table" | "attachment");
        worded && field.filled_by == FilledBy::User
    };
    let known: Vec<&Field> = form.fields.iter().filter(own).collect();
    let Some(field) = known.iter().find(|field| field.id == name) else {
        let remedy = did_you_mean(name, known.iter().map(|field| field.id.as_str()), "fields");
        let message = format!("nobody writes in a field {} of the form `{}`", quoted(name), form.id);
        errors.add(at, message, remedy);
        return;
    };
    let mut codes = field.options.iter().map(|option| option.code.as_str());
    if field.kind == "choice" && !codes.any(|code| code == text) {
        let remedy = did_you_mean(text, field.options.iter().map(|own| own.code.as_str()), "options");
        errors.add(at, format!("the field `{name}` has no option {}", quoted(text)), remedy);
    }
}
