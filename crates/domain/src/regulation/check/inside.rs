//! Whoever has to do something: somebody of the agency, for nobody outside acts here.

use alloc::format;
use alloc::string::String;

use super::super::error::Errors;
use super::super::pack::{Control, Pack};
use super::super::shared::Who;
use super::param;
use crate::duty::{keeper, owner_of};

pub(super) fn check(pack: &Pack, errors: &mut Errors) {
    // A floor names no roles: who acts is said by the rules that stand on it.
    if pack.roles.is_empty() {
        return;
    }
    for control in pack.controls.iter().filter(|control| control.sound) {
        signed_off(pack, control, errors);
        reported(pack, control, errors);
    }
}

fn signed_off(pack: &Pack, control: &Control, errors: &mut Errors) {
    let Some(who) = control.params.who("sign_off").filter(|who| !can(pack, who)) else { return };
    let message = format!("nobody of the agency could sign off: {}", named(who));
    let remedy = "Name a role, an office that a role has, or the head; whom the result is sent to stands in \
                  `report_to`.";
    errors.add(&param(control, "sign_off"), message, remedy);
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
