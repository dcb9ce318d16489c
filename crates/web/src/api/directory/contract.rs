//! Contracts with contractors over the API.

use super::super::{Call, Reply, answer, json};
use super::days;
use crate::locale::Speech;
use desk::directory::ContractForm;
use desk::view::ContractsView;
use serde_json::{Value, json};

/// The contracts that the caller may see.
pub fn list(call: Call) -> Reply {
    Box::pin(async move {
        let came = call.seat.ask(desk::Desk::contracts).await;
        call.reply(came, |seat, view| answer::ok(all(&seat.say, &view)))
    })
}

/// Enters a contract.
pub fn enter(call: Call) -> Reply {
    Box::pin(async move {
        let (from, until) = match days(&call, ["from", "until"]) {
            Ok(days) => days,
            Err(refusal) => return call.refuse(refusal),
        };
        let form = ContractForm {
            number: call.text("number"),
            contractor: call.text("contractor"),
            confidential: call.flag("confidential"),
            from,
            until,
            people: call.texts("people").iter().map(|id| id.as_str().into()).collect(),
            form_key: call.key(),
        };
        let came = call.seat.ask(move |desk, session| desk.enter_contract(session, &form)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// Ends a contract.
pub fn end(call: Call) -> Reply {
    Box::pin(async move {
        let id = call.path();
        let on = call.one_day("on", "on");
        let came = call.seat.ask(move |desk, session| desk.end_contract(session, &id, on?)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

fn all(say: &Speech, view: &ContractsView) -> Value {
    let list = view.list.iter().map(|one| {
        json!({
            "id": one.id,
            "number": one.number,
            "contractor": one.contractor,
            "confidential": one.confidential,
            "from": one.from.to_string(),
            "until": one.until.to_string(),
            "people": one.people,
            "state": one.state,
            "end": one.end,
        })
    });
    let people = view.people.iter().map(|(id, name)| json!({ "id": id, "name": name }));
    let clauses = view.clauses.iter().map(|clause| json::clause(say, clause));
    json!({
        "contracts": list.collect::<Vec<_>>(),
        "people": people.collect::<Vec<_>>(),
        "confidential": view.confidential,
        "ends": view.ends,
        "clauses": clauses.collect::<Vec<_>>(),
    })
}
