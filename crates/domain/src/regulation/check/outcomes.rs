//! The results that a form prints for a step of a chain: each of them something that the step can give.

use alloc::format;

use super::super::error::{Errors, Place, listed};
use super::super::kinds::Kind;
use super::super::pack::{Control, Pack};
use super::super::value::Params;
use super::super::view::ChainStep;
use super::names::unique;
use super::place;
use crate::application::Verdict;
use crate::application::act::verdicts;
use crate::regulation::StepAct;

pub(super) fn check(pack: &Pack, control: &Control, steps: &[&Params], errors: &mut Errors) {
    for (at, step) in steps.iter().enumerate().filter(|(_, step)| step.has("outcomes")) {
        let read = ChainStep::read(step, at + 1 == steps.len());
        let within = Place { line: step.line(), ..place(control) };
        unique(step, "outcomes", "code", &within, errors);
        of_step(pack, control, &read, &within, errors);
    }
}

fn of_step(pack: &Pack, control: &Control, step: &ChainStep, at: &Place, errors: &mut Errors) {
    // What is carried out was decided before: there is nothing left to choose.
    let gives = if step.act == StepAct::CarryOut { &[] } else { verdicts(step.act) };
    let words: alloc::vec::Vec<&str> = gives.iter().map(|verdict| verdict.word()).collect();
    for outcome in step.outcomes.iter().filter(|outcome| !words.contains(&outcome.does.as_str())) {
        let message = format!("the result `{}` of a step does what the step cannot", outcome.code);
        let remedy = match words.is_empty() {
            true => "Leave `outcomes` out: nothing is chosen at this step.".into(),
            false => format!("Let it do one of {}.", listed(&words)),
        };
        errors.add(at, message, remedy);
    }
    let agrees = Verdict::Agree.word();
    if words.contains(&agrees) && step.outcomes.iter().all(|outcome| outcome.does != agrees) {
        errors.add(at, "no result of the step lets it go on", "Let one result do `agree`.");
    }
    let object = control.params.text("object").unwrap_or_default();
    let account = object == "account";
    let mut consents = pack.of_kind(Kind::Consent).map(|own| &own.params);
    let dated = account || consents.any(|own| own.text("application") == Some(object));
    let decides = step.act == StepAct::Decide && !step.blind;
    for outcome in &step.outcomes {
        let settles = decides && outcome.does == agrees;
        let means_nothing = [
            ("effective_date", outcome.effective_date && !(settles && dated)),
            ("leave_out", outcome.leave_out && !(settles && account)),
        ];
        for (name, _) in means_nothing.into_iter().filter(|(_, wrong)| *wrong) {
            let message = format!("`{name}` means nothing with the result `{}`", outcome.code);
            let remedy = match name {
                "leave_out" => "It belongs to a result that agrees, of a step that decides on an account.",
                _ => {
                    "It belongs to a result that agrees, of a step that decides on an account or on what a \
                     `consent` names as its `application`."
                }
            };
            errors.add(at, message, remedy);
        }
    }
}
