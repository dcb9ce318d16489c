//! Exceptions from separation: somebody of the agency allows them, and what holds in their place can be done.

use alloc::format;

use super::super::error::Errors;
use super::super::kinds::Kind;
use super::super::pack::{Control, Pack, Role};
use super::super::view::{pairs, returning};
use super::param;

/// Kinds that a lookup or its answer asks for the person who looks up.
const ASKED: &[Kind] = &[
    Kind::NetworkZone,
    Kind::RecordSheet,
    Kind::Reason,
    Kind::Countersign,
    Kind::SensitiveTarget,
    Kind::Screen,
];
/// Kinds that each owes for themselves, or that are about contracts and machines and not about a person.
const OF_OTHERS: &[Kind] = &[Kind::Training, Kind::Undertaking, Kind::Contractor, Kind::Workstation];

pub(super) fn check(pack: &Pack, control: &Control, errors: &mut Errors) {
    alone(pack, control, errors);
    allowed(pack, control, errors);
    let Some(id) = control.params.text("instead") else { return };
    let at = param(control, "instead");
    if !control.params.has("exception_by") {
        let remedy = "Add `exception_by`, or leave `instead` out.";
        errors.add(&at, format!("`{id}` would never hold: nobody may allow an exception"), remedy);
    }
    if pack.roles.is_empty() {
        let remedy = "Leave it to the rules that stand on this one, which name the roles.";
        errors.add(&at, "a floor names no roles, so it cannot tell who holds both", remedy);
    }
    // One that is not there has its error already.
    let Some(other) = pack.control(id) else { return };
    let owed = !OF_OTHERS.contains(&other.kind) && returning(other).is_some();
    if !owed && !ASKED.contains(&other.kind) {
        let name = other.kind.spec().name;
        let message =
            format!("`{id}`, a `{name}`, can neither be owed again and again nor asked at a lookup");
        let asked = ASKED.iter().map(|kind| format!("`{}`", kind.spec().name));
        let asked = asked.collect::<alloc::vec::Vec<_>>().join(" ");
        let remedy = format!("Name a control with a `schedule` that is not irregular, or one of: {asked}.");
        errors.add(&at, message, remedy);
    }
}

/// A role that carries both of what is kept apart could be held by nobody.
fn alone(pack: &Pack, control: &Control, errors: &mut Errors) {
    for pair in pairs(&control.params) {
        let both = pair.both();
        let joins = |role: &&Role| both.iter().all(|capacity| role.capacities.contains(capacity));
        for role in pack.roles.iter().filter(joins) {
            let [one, other] = both.map(|capacity| capacity.word());
            let message = format!("role `{}` has `{one}` and `{other}`, so nobody could hold it", role.id);
            let remedy = "Take one of them from the role, or the pair out of the control.";
            errors.add(&param(control, "pairs"), message, remedy);
        }
    }
}

/// What a body outside allows has to be entered by somebody here.
fn allowed(pack: &Pack, control: &Control, errors: &mut Errors) {
    let Some(who) = control.params.who("exception_by").filter(|_| !pack.roles.is_empty()) else { return };
    if pack.excepting(who).is_empty() && !super::inside::can(pack, who) {
        let message = format!("nobody of the agency could allow an exception: {}", super::inside::named(who));
        let remedy = "Name a role, an office that a role has, or the head.";
        errors.add(&param(control, "exception_by"), message, remedy);
    }
}
