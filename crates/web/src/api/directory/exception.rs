//! Exceptions from separation over the API.

use super::super::{Call, Operation, Reply, Verb, answer, json, read};
use super::days;
use crate::locale::Speech;
use desk::directory::ExceptionForm;
use desk::view::ExceptionsView;
use domain::Personal;
use serde_json::{Value, json};

/// The operations on exceptions.
pub(in super::super) const OPERATIONS: &[Operation] = &[
    Operation {
        response: "Exceptions",
        handler: list,
        ..read("/api/v1/exceptions", "listExceptions", "Exceptions from what the rule keeps apart")
    },
    Operation {
        verb: Verb::Post,
        request: Some("NewException"),
        response: "Empty",
        handler: allow,
        ..read("/api/v1/exceptions", "allowException", "Allow somebody to hold what the rule keeps apart")
    },
    Operation {
        verb: Verb::Post,
        response: "Empty",
        handler: revoke,
        ..read("/api/v1/exceptions/{id}/revoke", "revokeException", "Revoke an exception")
    },
];

/// The exceptions that the caller may see.
pub fn list(call: Call) -> Reply {
    Box::pin(async move {
        let came = call.seat.ask(desk::Desk::exceptions).await;
        call.reply(came, |seat, view| answer::ok(all(&seat.say, &view)))
    })
}

/// Allows an exception.
pub fn allow(call: Call) -> Reply {
    Box::pin(async move {
        let (from, until) = match days(&call, ["from", "until"]) {
            Ok(days) => days,
            Err(refusal) => return call.refuse(refusal),
        };
        let form = ExceptionForm {
            person: call.text("person"),
            pair: call.text("pair"),
            from,
            until,
            words: Personal::new(call.text("words")),
            form_key: call.key(),
        };
        let came = call.seat.ask(move |desk, session| desk.allow_exception(session, &form)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// Revokes an exception.
pub fn revoke(call: Call) -> Reply {
    Box::pin(async move {
        let id = call.path();
        let came = call.seat.ask(move |desk, session| desk.revoke_exception(session, &id)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

fn all(say: &Speech, view: &ExceptionsView) -> Value {
    let list = view.list.iter().map(|one| {
        json!({
            "id": one.id,
            "person": one.person,
            "pair": one.pair,
            "from": one.from.to_string(),
            "until": one.until.to_string(),
            "by": one.by,
            "words": one.words,
            "state": one.state,
            "open": one.open,
            "revoke": one.revoke,
        })
    });
    let pairs = view.pairs.iter().map(|(text, _)| text);
    let people = view.people.iter().map(|(id, name)| json!({ "id": id, "name": name }));
    let instead = view.instead.iter().map(|one| {
        let clause = one.clause.as_ref().map(|clause| json::clause(say, clause));
        json!({ "pair": one.pair, "kind": one.kind, "clause": clause })
    });
    json!({
        "exceptions": list.collect::<Vec<_>>(),
        "pairs": pairs.collect::<Vec<_>>(),
        "people": people.collect::<Vec<_>>(),
        "instead": instead.collect::<Vec<_>>(),
    })
}
