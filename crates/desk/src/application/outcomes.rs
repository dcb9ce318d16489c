//! The results that a form prints for a step, as pages offer and tell them.

use crate::view::{FieldView, OutcomeView};
use crate::words;
use domain::application::{Application, Stamp, Verdict, act, outcome};
use domain::grant::permission;
use domain::regulation::{ChainStep, Pack, Words};
use domain::time::Date;
use domain::time::roc::RocDate;

/// What a step lets those who act there give.
pub(super) fn verdicts(step: &ChainStep) -> Vec<Verdict> {
    match step.outcomes.is_empty() {
        true => act::verdicts(step.act).to_vec(),
        false => outcome::verdicts(step),
    }
}

/// The results of which one is chosen at a step; `days` are those between which a first day lies.
pub(super) fn offered(step: Option<&ChainStep>, days: (Date, Date)) -> Vec<OutcomeView> {
    let outcomes = step.into_iter().flat_map(|step| &step.outcomes);
    let view = |own: &domain::regulation::StepOutcome| {
        Some(OutcomeView {
            code: own.code.clone(),
            word: own.word.clone(),
            verdict: Verdict::from_word(&own.does)?,
            effective: own.effective_date.then_some(days),
            leave_out: own.leave_out,
        })
    };
    outcomes.filter_map(view).collect()
}

/// The ticks that a result can leave out; none where there is only one, for without it nothing is left.
pub(super) fn can_leave_out(
    pack: &Pack,
    application: &Application,
    offered: &[OutcomeView],
) -> Vec<(String, Words)> {
    match offered.iter().any(|own| own.leave_out) && application.items.len() > 1 {
        true => named(pack, &application.items),
        false => vec![],
    }
}

/// Fills a choice that the system makes on the form with the result that was chosen on this version: the one
/// whose code an option has, with the first day where one was set. Words stand with the stamp.
pub(super) fn printed(
    mut fields: Vec<FieldView>,
    application: &Application,
    stamps: &[Stamp],
) -> Vec<FieldView> {
    let over = |stamp: &&Stamp| stamp.step < application.step || !application.state.is_on_its_way();
    let own = |stamp: &&Stamp| stamp.version == application.version && over(stamp);
    for option in fields.iter_mut().filter(|field| field.by_system).flat_map(|field| &mut field.options) {
        let chose = |stamp: &&Stamp| stamp.ruling.outcome.as_ref() == Some(&option.code);
        let Some(stamp) = stamps.iter().filter(own).find(chose) else { continue };
        option.chosen = true;
        option.words = stamp.ruling.effective.map(|day| RocDate::from(day).slashed()).unwrap_or_default();
    }
    fields
}

/// The word of the result that a stamp carries, and the ticks that it leaves out.
pub(super) fn given(
    pack: &Pack,
    step: Option<&ChainStep>,
    stamp: &Stamp,
) -> (Option<Words>, Vec<(String, Words)>) {
    let outcome = stamp.ruling.outcome.as_ref().map(|code| {
        let own = step.and_then(|step| step.outcomes.iter().find(|own| own.code == *code));
        own.map_or_else(|| words::plain(code), |own| own.word.clone())
    });
    (outcome, named(pack, &stamp.ruling.left_out))
}

fn named(pack: &Pack, codes: &[String]) -> Vec<(String, Words)> {
    let word = |code: &String| permission::word_of(pack, code).unwrap_or_else(|| words::plain(code));
    codes.iter().map(|code| (code.clone(), word(code))).collect()
}
