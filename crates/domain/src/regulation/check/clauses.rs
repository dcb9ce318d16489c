//! Every clause is met by something, and every control comes from somewhere.

use alloc::format;

use super::super::error::{Errors, Place};
use super::super::kinds::Kind;
use super::super::pack::{Clause, Met, Pack, Policy};
use super::{place, spot};

/// The kinds that tell people something and do nothing else.
const TELLING: &[Kind] = &[Kind::Notice, Kind::Contact];
/// A law that the rule cites, as a part of the pack that names a clause.
const CITED_LAW: &str = "header.cited-law";
/// The kinds that tell people something and also keep or do something.
const ALSO_TELLING: &[Kind] = &[Kind::HandOff, Kind::Undertaking, Kind::Liability];

pub(super) fn check(pack: &Pack, errors: &mut Errors) {
    if pack.clauses.is_empty() {
        let at = Place { file: "pack.toml".into(), line: 1, clause: None };
        errors.add(&at, "the pack has no clauses", "Add one `[[clause]]` for each clause of the text.");
    }
    for clause in &pack.clauses {
        clause_id(clause, errors);
        met(pack, clause, errors);
    }
    // What follows from a fault of the control is not reported again.
    for control in pack.controls.iter().filter(|control| control.sound) {
        if control.cites.is_empty() && control.policy != Policy::Whole {
            let message = format!("control `{}` comes from no clause", control.id);
            let remedy = "Add `clauses = [\"…\"]`; where it is a choice and not the law, `policy = true`.";
            errors.add(&place(control), message, remedy);
        }
        if let Policy::Params(names) = &control.policy {
            for name in names.iter().filter(|name| !control.params.has(name)) {
                let at = Place { line: control.at.line, ..place(control) };
                let message = format!("control `{}` calls `{name}` policy but does not set it", control.id);
                let remedy = match name.split_once('.') {
                    Some((top, _)) => format!("`policy` takes whole parameters only: write `{top}`."),
                    None => "Set the parameter, or take it out of `policy`.".into(),
                };
                errors.add(&at, message, remedy);
            }
        }
    }
}

fn clause_id(clause: &Clause, errors: &mut Errors) {
    let id = clause.id.local();
    if id.len() > 60 || id.chars().any(|c| c.is_whitespace() || c.is_control() || c == '/') {
        let message = format!("`{id}` cannot be the id of a clause");
        errors.add(
            &at(clause),
            message,
            "Use the numbers of the text joined by dots, without blanks and `/`.",
        );
    }
}

fn met(pack: &Pack, clause: &Clause, errors: &mut Errors) {
    let parts = pack.met_by(&clause.id);
    if parts.is_empty() {
        let remedy =
            "Add a control with this clause in its `clauses`, or a `notice` where it is only stated.";
        errors.add(&at(clause), "nothing in the pack meets this clause", remedy);
        return;
    }
    let controls = || pack.controls.iter().filter(|control| control.cites.contains(&clause.id));
    let of_pack = |part: &str| part.starts_with("header.") || part.starts_with("form.");
    match clause.met {
        Met::Stated => {
            let told = controls().any(|c| TELLING.contains(&c.kind) || ALSO_TELLING.contains(&c.kind))
                || parts.iter().any(|part| of_pack(part));
            if !told {
                let remedy = "Add a `notice` that names it, or say `recorded` or `enforced`.";
                errors.add(&at(clause), "this clause is to be stated, but nothing states it", remedy);
            }
        }
        Met::Recorded | Met::Enforced => {
            // A law that the rule cites does nothing here.
            let does = parts.iter().any(|part| of_pack(part) && part != CITED_LAW);
            if !does && controls().all(|c| TELLING.contains(&c.kind)) {
                let remedy = "Add a control that does it, or say `met = \"stated\"`.";
                errors.add(&at(clause), "this clause is only stated to people, nothing does it", remedy);
            }
        }
    }
}

fn at(clause: &Clause) -> Place {
    Place { clause: Some(clause.id.as_str().into()), ..spot(&clause.at) }
}
