//! The results that a form prints for a step: what each gives, and what a decision sets with it.

use super::act::Give;
use super::{Application, Ruling, Stamp, Verdict};
use crate::decision::Fact;
use crate::each_once;
use crate::refusal::{Reason, Refusal};
use crate::regulation::{ApprovalChain, ChainStep, Ruled, StepOutcome};
use crate::time::{Date, Instant};
use alloc::{format, vec::Vec};

/// Months within which the first day lies where the rule sets no term: ours.
const MONTHS: u32 = 12;

/// What the results of a step give, in their order; nothing where the form prints none.
pub fn verdicts(step: &ChainStep) -> Vec<Verdict> {
    each_once(step.outcomes.iter().filter_map(|own| Verdict::from_word(&own.does)))
}

/// The result that somebody chooses; nothing where the form prints none.
///
/// # Errors
/// There is no such result, or it gives something else; several give this and none is named.
pub(super) fn chosen<'a>(step: &'a ChainStep, give: &Give) -> Result<Option<&'a StepOutcome>, Refusal> {
    let mut fits = step.outcomes.iter().filter(|own| own.does == give.verdict.word());
    let no = |reason| Err(Refusal::new(reason).at("verdict"));
    match &give.ruling.outcome {
        Some(code) => {
            fits.find(|own| own.code == *code).map_or_else(|| no(Reason::FieldMalformed), |own| Ok(Some(own)))
        }
        None if step.outcomes.is_empty() => Ok(None),
        None => match (fits.next(), fits.next()) {
            (Some(only), None) => Ok(Some(only)),
            (Some(_), Some(_)) => no(Reason::FieldMissing),
            (None, _) => no(Reason::FieldMalformed),
        },
    }
}

/// The last day on which what is decided now can begin: within the term of the rule, so that nothing is given
/// away for a time to come that the rule does not know.
pub fn last_start(chain: &ApprovalChain, now: Instant) -> Date {
    let months = chain.months().unwrap_or(MONTHS);
    now.date().plus_months(i64::from(months)).unwrap_or(now.date())
}

/// What is wrong with what a decision sets.
pub(super) fn faults(
    outcome: Option<&StepOutcome>,
    give: &Give,
    application: &Application,
    chain: &Ruled<ApprovalChain>,
    now: Instant,
) -> Vec<Refusal> {
    let at = |reason, field| Refusal::new(reason).under_first(&chain.clauses).at(field);
    let (today, last) = (now.date(), last_start(&chain.value, now));
    let day = give.ruling.effective.and_then(|day| {
        if !outcome.is_some_and(|own| own.effective_date) {
            return Some(at(Reason::NotWithOutcome, "effective"));
        }
        let outside = day < today || day > last;
        outside.then(|| at(Reason::EffectiveOutside, "effective"))
    });
    let known = |code| application.items.contains(code);
    let left_out = match give.ruling.left_out.as_slice() {
        [] => None,
        _ if !outcome.is_some_and(|own| own.leave_out) => Some(Reason::NotWithOutcome),
        codes if !codes.iter().all(known) => Some(Reason::FieldMalformed),
        codes if application.items.iter().all(|code| codes.contains(code)) => Some(Reason::NothingApproved),
        _ => None,
    };
    day.into_iter().chain(left_out.map(|reason| at(reason, "left-out"))).collect()
}

/// What was approved of an application: what it asked for without the ticks that were left out, and its first
/// day, the latest of those that were set.
pub fn approved<'a>(
    application: &Application,
    stamps: impl Iterator<Item = &'a Stamp>,
) -> (Application, Option<Date>) {
    let own: Vec<&Stamp> = stamps.filter(|stamp| stamp.version == application.version).collect();
    let stays = |code: &&_| !own.iter().any(|stamp| stamp.ruling.left_out.contains(code));
    let items = application.items.iter().filter(stays).cloned().collect();
    let first = own.iter().filter_map(|stamp| stamp.ruling.effective).max();
    (Application { items, ..application.clone() }, first)
}

/// An entry with the result that was chosen, and what was set with it.
pub(super) fn told(fact: Fact, ruling: &Ruling) -> Fact {
    let fact = match &ruling.outcome {
        Some(code) => fact.detail("chosen", code.as_str()),
        None => fact,
    };
    let fact = match ruling.effective {
        Some(day) => fact.detail("effective", format!("{day}")),
        None => fact,
    };
    if ruling.left_out.is_empty() { fact } else { fact.detail("left_out", ruling.left_out.clone()) }
}
