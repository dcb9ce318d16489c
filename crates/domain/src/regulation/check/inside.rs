//! Whoever has to do something: somebody of the agency, for nobody outside acts here.

use alloc::format;
use alloc::string::String;

use super::super::error::{Errors, Place};
use super::super::kinds::Kind;
use super::super::pack::{Control, Pack};
use super::super::shared::Who;
use super::{param, place};
use crate::duty::{keeper, owner_of};

/// The parameters that say who has to do or to owe something, and so mean somebody of the agency.
const DOERS: &[(Kind, &str)] = &[
    (Kind::AccountApplication, "carried_out_by"),
    (Kind::Consent, "by"),
    (Kind::Contractor, "of"),
    (Kind::Contractor, "signers"),
    (Kind::ExOfficio, "by"),
    (Kind::Housekeeping, "by"),
    (Kind::Inventory, "by"),
    (Kind::Inventory, "sign_off"),
    (Kind::LinkReview, "by"),
    (Kind::Lockout, "unlock_by"),
    (Kind::OfficeDuty, "who"),
    (Kind::PeriodicReport, "by"),
    (Kind::Training, "whom"),
    (Kind::Undertaking, "whom"),
];

pub(super) fn check(pack: &Pack, errors: &mut Errors) {
    // A floor names no roles: who acts is said by the rules that stand on it.
    if pack.roles.is_empty() {
        return;
    }
    for control in pack.controls.iter().filter(|control| control.sound) {
        for (_, name) in DOERS.iter().filter(|(kind, _)| *kind == control.kind) {
            done(pack, control, name, errors);
        }
        steps(pack, control, errors);
        reported(pack, control, errors);
    }
}

fn done(pack: &Pack, control: &Control, name: &str, errors: &mut Errors) {
    // What an office alone does is told; what it does in periods is owed.
    if control.kind == Kind::OfficeDuty && !control.params.has("schedule") {
        return;
    }
    let people = control.params.people(name);
    let meant = control.params.who(name).into_iter().chain(&people);
    for who in meant.filter(|who| !can(pack, who)) {
        let message = format!("nobody of the agency could be meant by `{name}`: {}", named(who));
        let remedy = "Name a role, an office that a role has, or the head: bodies outside act through them.";
        errors.add(&param(control, name), message, remedy);
    }
}

/// Steps of a chain that is applied for are somebody's of the agency, or a body's outside that says its part
/// by letter.
fn steps(pack: &Pack, control: &Control, errors: &mut Errors) {
    if control.kind != Kind::ApprovalChain || !control.params.has("form") {
        return;
    }
    for step in control.params.tables("steps") {
        let beside = step.people("side_by_side");
        let meant = step.who("who").into_iter().chain(&beside);
        for who in meant.filter(|who| !matches!(who, Who::Party(_)) && !can(pack, who)) {
            let at = Place { line: step.line(), ..place(control) };
            let message = format!("a step that nobody could ever take: {}", named(who));
            let remedy =
                "Name a role, an office that a role has, or the head; for a body outside its `party`.";
            errors.add(&at, message, remedy);
        }
    }
}

/// Bodies outside are told by letter, which somebody of the agency writes.
fn reported(pack: &Pack, control: &Control, errors: &mut Errors) {
    let recipients = control.params.people("report_to");
    let outside = recipients.iter().find(|who| matches!(who, Who::Party(_) | Who::Organisation(_)));
    let Some(who) = outside.filter(|_| keeper(pack).is_none()) else { return };
    let message = format!("nobody of the agency could write to {}", named(who));
    let remedy = "Give a role the capacity `administer` or `decide`: whoever has it sends what goes out.";
    errors.add(&param(control, "report_to"), message, remedy);
}

/// Whether somebody of the agency is meant. An office that is not there has its error already.
pub(super) fn can(pack: &Pack, who: &Who) -> bool {
    let unknown = matches!(who, Who::Office(office) if pack.office(office).is_none());
    unknown || owner_of(pack, who, None).is_some()
}

pub(super) fn named(who: &Who) -> String {
    format!("`{}`", crate::application::submit::role_of(who))
}
