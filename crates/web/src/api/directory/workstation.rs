//! Workstations over the API.

use super::super::{Call, Reply, answer, json};
use crate::locale::Speech;
use desk::directory::WorkstationForm;
use desk::view::WorkstationsView;
use domain::directory::workstation::Declared;
use serde_json::{Value, json};

/// The machines that the caller may see.
pub fn list(call: Call) -> Reply {
    Box::pin(async move {
        let came = call.seat.ask(desk::Desk::workstations).await;
        call.reply(came, |seat, view| answer::ok(all(&seat.say, &view)))
    })
}

/// Declares a machine, for the first time or anew.
pub fn declare(call: Call) -> Reply {
    Box::pin(async move {
        let form = WorkstationForm {
            id: call.text("id"),
            number: call.text("number"),
            unit: call.text("unit"),
            keeper: call.text("keeper"),
            address: call.text("address"),
            declared: Declared {
                dedicated: call.flag("dedicated"),
                password: call.flag("password_set"),
                shutdown: call.flag("shutdown"),
            },
            form_key: call.key(),
        };
        let came = call.seat.ask(move |desk, session| desk.declare_workstation(session, &form)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// Takes a machine out of use.
pub fn retire(call: Call) -> Reply {
    Box::pin(async move {
        let id = call.path();
        let came = call.seat.ask(move |desk, session| desk.retire_workstation(session, &id)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

fn all(say: &Speech, view: &WorkstationsView) -> Value {
    let list = view.list.iter().map(|one| {
        json!({
            "id": one.id,
            "number": one.number,
            "unit": one.unit_id,
            "keeper": one.keeper,
            "address": one.address,
            "dedicated": one.declared.dedicated,
            "password_set": one.declared.password,
            "shutdown": one.declared.shutdown,
            "declared": one.on.to_string(),
            "state": one.state,
            "change": one.change,
        })
    });
    let clauses = view.clauses.iter().map(|clause| json::clause(say, clause));
    json!({
        "workstations": list.collect::<Vec<_>>(),
        "bound": view.bound,
        "clauses": clauses.collect::<Vec<_>>(),
    })
}
