//! Applications for accounts whose form, chain and control do not go together, and passwords whose change
//! brings what it cannot.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::super::error::{Errors, Place};
use super::super::form::Form;
use super::super::kinds::Kind;
use super::super::kinds::vocabulary::{Capacity, Consequence, Factor};
use super::super::pack::{Control, Pack};
use super::super::shared::word;
use super::{param, place};
use crate::account::SHOWN;

/// What is only advised can bar nobody, and a period that is not set can never be over.
pub(super) fn password(control: &Control, errors: &mut Errors) {
    let Some(rotation) = control.params.table("rotation") else { return };
    let at = Place { line: rotation.line_of("consequence"), ..place(control) };
    let consequence = word(rotation, "consequence", Consequence::named);
    if consequence.is_some_and(Consequence::bars) && rotation.text("force") == Some("advice") {
        let remedy = "Let `force` be `duty`, or the consequence `remind` or `escalate`.";
        errors.add(&at, "a change that is only advised cannot bar anybody", remedy);
    }
    if consequence.is_some() && !rotation.has("months") {
        let remedy = "Add `months`, or leave the consequence out.";
        errors.add(&at, "a consequence without a period can never follow", remedy);
    }
}

pub(super) fn check(pack: &Pack, control: &Control, errors: &mut Errors) {
    let Some(form) = control.params.text("form").and_then(|id| pack.form(id)) else { return };
    actions(form, control, errors);
    let same_form = |chain: &Control| chain.params.text("form") == control.params.text("form");
    carried_out(pack, (control, "carried_out_by"), ("account", &same_form), errors);
}

/// What is shown at sign-in is what the program asks for, in its order: nothing stands in for what it lacks.
pub(super) fn factors(control: &Control, errors: &mut Errors) {
    let named: Vec<Option<Factor>> =
        control.params.texts("factors").iter().map(|word| Factor::named(word)).collect();
    if named.iter().flatten().eq(&SHOWN) {
        return;
    }
    let message = match control
        .params
        .texts("factors")
        .iter()
        .find(|word| !SHOWN.iter().any(|own| own.word() == **word))
    {
        Some(word) => format!("nobody could sign in: the program does not ask for `{word}`"),
        None => "sign-in does not go so: a password is asked for, and then a code".into(),
    };
    let remedy = "Write `factors = [\"password\", \"totp\"]`; where the rule wants something else, name \
                  `factors` \
                  in `policy` and say so in `note`.";
    errors.add(&param(control, "factors"), message, remedy);
}

/// Whoever signs a list of handing over is somebody of the agency.
pub(super) fn handover(pack: &Pack, control: &Control, errors: &mut Errors) {
    let signers = control.params.people("signers");
    if signers.iter().any(|who| pack.roles_meant(who, Capacity::Stamp).is_empty()) {
        let remedy = "Name roles, offices with roles, the head or the head of the unit.";
        errors.add(&param(control, "signers"), "nobody of the agency could sign the list", remedy);
    }
}

/// Somebody opens an account only where an application opens it.
pub(super) fn lockout(pack: &Pack, control: &Control, errors: &mut Errors) {
    let unlock = control.params.text("unlock");
    if unlock == Some("time") && !control.params.has("minutes") {
        let remedy = "Add `minutes`, or let it open by `application`.";
        errors.add(&param(control, "unlock"), "the lock opens by time, but no time is set", remedy);
    }
    if control.params.has("unlock_by") && unlock != Some("application") {
        let remedy = "Let it open by `application`, or leave `unlock_by` out.";
        errors.add(&param(control, "unlock_by"), "nobody opens what time opens", remedy);
    }
    carried_out(pack, (control, "unlock_by"), ("unlock", &|_| true), errors);
}

/// What the rule says can be applied for is what somebody can choose: else a cancellation would open what it
/// should end.
fn actions(form: &Form, control: &Control, errors: &mut Errors) {
    let chosen = form.fields.iter().filter(|field| field.kind == "choice").flat_map(|field| &field.options);
    let mut offered: BTreeSet<String> = chosen.filter_map(|option| option.action.clone()).collect();
    if offered.is_empty() {
        offered.insert("create".into());
    }
    for action in control.params.texts("actions").iter().filter(|action| !offered.contains(*action)) {
        let message =
            format!("nobody could apply for `{action}`: no choice of the form `{}` says so", form.id);
        let remedy = format!(
            "Give an option of a field of the type `choice` the key `action = \"{action}\"`, or leave it out."
        );
        errors.add(&param(control, "actions"), message, remedy);
    }
}

/// A chain that names who carries out, and a control that names somebody else.
fn carried_out(
    pack: &Pack,
    (control, name): (&Control, &str),
    (object, is_meant): (&str, &dyn Fn(&Control) -> bool),
    errors: &mut Errors,
) {
    let Some(by) = control.params.who(name) else { return };
    let chains = pack.of_kind(Kind::ApprovalChain);
    let own = chains.filter(|chain| chain.params.text("object") == Some(object) && is_meant(chain));
    for chain in own {
        let others = chain.params.tables("steps").filter(|step| step.text("act") == Some("carry-out"));
        if others.into_iter().any(|step| step.who("who") != Some(by)) {
            let message = format!("the chain `{}` is carried out by somebody else", chain.id);
            let remedy = "Name the same in its step with `act = \"carry-out\"`, or leave the step out.";
            errors.add(&param(control, name), message, remedy);
        }
    }
}
