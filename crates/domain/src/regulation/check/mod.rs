//! What the schema cannot see: names that lead nowhere, clauses that nothing meets, values that cannot be.

mod account;
mod clauses;
mod controls;
mod fields;
mod files;
mod header;
mod inside;
mod known;
mod names;
mod outcomes;
mod scenario;
mod sense;
mod separation;
mod ticks;

use super::error::{Errors, Place};
use super::pack::{Control, Pack};
use super::read::Pending;
use super::tree::Spot;

/// Adds every fault of a pack that was read.
pub(super) fn all(pack: &Pack, pending: &[Pending], errors: &mut Errors) {
    let names = names::Names::of(pack, errors);
    names.resolve(pending, errors);
    header::check(pack, errors);
    clauses::check(pack, errors);
    controls::check(pack, errors);
    sense::check(pack, errors);
    files::check(pack, errors);
    scenario::check(pack, errors);
    ticks::check(pack, errors);
    inside::check(pack, errors);
}

fn spot(at: &Spot) -> Place {
    Place { file: at.file.clone(), line: at.line, clause: None }
}

/// The place of a parameter of a control, with the clause the control comes from.
fn param(control: &Control, name: &str) -> Place {
    Place { line: control.params.line_of(name), ..place(control) }
}

fn place(control: &Control) -> Place {
    Place { clause: control.cites.first().map(|id| id.as_str().into()), ..spot(&control.at) }
}
