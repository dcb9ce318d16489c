//! What a step of a scenario came to.

use crate::problem::{Done, reason};
use desk::No;
use domain::regulation::Step;

/// What a step came to: permitted, or refused for reasons, each with the clause it names.
pub(super) enum Came {
    Permitted,
    Refused(Vec<(String, Option<String>)>),
}

/// Reasons with their clauses, as a sentence names them.
pub(super) fn under(refusals: &[(String, Option<String>)]) -> String {
    let told = |(reason, clause): &(String, Option<String>)| match clause {
        Some(clause) => format!("{clause} ({reason})"),
        None => format!("no clause ({reason})"),
    };
    refusals.iter().map(told).collect::<Vec<_>>().join(", ")
}

/// Whether a refusal names the clause that a step wants it under.
pub(super) fn refused_under(step: &Step, reasons: &[(String, Option<String>)]) -> Result<(), String> {
    match &step.clause {
        Some(clause) if !reasons.iter().any(|(_, name)| name.as_deref() == Some(clause.as_str())) => {
            Err(format!("was refused under {}, not {clause}", under(reasons)))
        }
        _ => Ok(()),
    }
}

/// What an answer of the desk comes to.
pub(super) fn came(answer: desk::Answer<()>) -> Done<Came> {
    match answer {
        Ok(()) => Ok(Came::Permitted),
        Err(No::Refused(views)) => {
            let told = |view: &desk::RefusalView| {
                let clause = view.refusal.clause.as_ref().map(ToString::to_string);
                (reason(view), clause)
            };
            Ok(Came::Refused(views.iter().map(told).collect()))
        }
        Err(other) => Err(other.into()),
    }
}
