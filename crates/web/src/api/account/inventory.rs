//! Going through the accounts over the API: what was found, the decisions, the units' words, closing.

use super::super::{Call, Operation, Reply, Verb, answer, json, read};
use crate::locale::Speech;
use desk::view::{AttestView, AttestedView, FoundView, InventoryView};
use domain::account::inventory::{Finding, Verdict};
use domain::id::PersonId;
use domain::{Personal, Reason, Refusal};
use serde_json::{Map, Value, json};

/// The operations on inventories. What there is of them stands among the duties.
pub(in super::super) const OPERATIONS: &[Operation] = &[
    Operation {
        response: "Inventory",
        handler: one,
        ..read("/api/v1/inventories/{id}", "getInventory", "One account inventory with what was found")
    },
    Operation {
        verb: Verb::Post,
        request: Some("InventoryVerdicts"),
        response: "Empty",
        handler: decide,
        ..read("/api/v1/inventories/{id}", "decideInventory", "Decide about people who were found")
    },
    Operation {
        verb: Verb::Post,
        request: Some("InventoryAttest"),
        response: "Empty",
        handler: attest,
        ..read(
            "/api/v1/inventories/{id}/attest",
            "attestInventory",
            "Confirm the people of a unit as a block",
        )
    },
    Operation {
        verb: Verb::Post,
        response: "Empty",
        handler: remind,
        ..read(
            "/api/v1/inventories/{id}/remind",
            "remindInventory",
            "Remind the heads who have not confirmed their people",
        )
    },
    Operation {
        verb: Verb::Post,
        request: Some("InventoryClose"),
        response: "Empty",
        handler: close,
        ..read("/api/v1/inventories/{id}/close", "closeInventory", "Close an account inventory")
    },
];

/// One inventory.
fn one(call: Call) -> Reply {
    Box::pin(async move {
        let id = call.path();
        let came = call.seat.ask(move |desk, session| desk.inventory(session, &id)).await;
        call.reply(came, |seat, view| answer::ok(whole(&seat.say, &view)))
    })
}

/// Decides about people who were found.
fn decide(call: Call) -> Reply {
    Box::pin(async move {
        let verdicts: Option<Vec<Verdict>> = call.objects("verdicts").iter().map(verdict).collect();
        let Some(verdicts) = verdicts else {
            return call.refuse(Refusal::new(Reason::FieldMalformed).at("verdicts"));
        };
        let (id, key) = (call.path(), call.key());
        let came =
            call.seat.ask(move |desk, session| desk.decide_inventory(session, &id, &verdicts, &key)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// Confirms the people of a unit as its list stands.
fn attest(call: Call) -> Reply {
    Box::pin(async move {
        let (id, seal, key) = (call.path(), call.text("seal"), call.key());
        let came = call.seat.ask(move |desk, session| desk.attest_inventory(session, &id, &seal, &key)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// Reminds the heads who have not confirmed their people.
fn remind(call: Call) -> Reply {
    Box::pin(async move {
        let id = call.path();
        let came = call.seat.ask(move |desk, session| desk.remind_inventory(session, &id)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// Closes it.
fn close(call: Call) -> Reply {
    Box::pin(async move {
        let (id, seal, key) = (call.path(), call.text("seal"), call.key());
        let note = Personal::new(call.text("note"));
        let came = call.seat.ask(move |desk, session| desk.close_inventory(session, &id, &seal, &note, &key));
        let came = came.await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// A verdict; none where it does not say whom, why they were found or whether it stays, for nothing is
/// stopped by leaving a word out.
fn verdict(one: &Map<String, Value>) -> Option<Verdict> {
    let text = |name: &str| one.get(name).and_then(Value::as_str);
    Some(Verdict {
        person: PersonId::new(text("person")?),
        finding: Finding::from_word(text("finding")?)?,
        keep: one.get("keep")?.as_bool()?,
        note: Personal::new(text("note").unwrap_or_default()),
    })
}

fn whole(say: &Speech, view: &InventoryView) -> Value {
    json!({
        "id": view.id,
        "began": view.began.to_string(),
        "due": view.due.as_ref().map(json::due),
        "clause": view.clause.as_ref().map(|clause| json::clause(say, clause)),
        "state": view.state,
        "all": view.all,
        "found": view.found.iter().map(found).collect::<Vec<_>>(),
        "open": view.open,
        "rest": view.rest,
        "seal": view.hash,
        "units": view.units.iter().map(|own| unit(say, own)).collect::<Vec<_>>(),
        "may": view.may,
        "close": view.close,
        "remind": view.remind,
        "reminded": view.reminded.map(|at| at.rfc3339()),
    })
}

fn found(one: &FoundView) -> Value {
    let decided = one.decided.as_ref();
    json!({
        "person": one.person,
        "name": one.name,
        "unit": one.unit,
        "finding": one.finding.word(),
        "permissions": one.permissions,
        "may": one.may,
        "used": one.used.map(|day| day.to_string()),
        "decided": decided.map(|(keep, note, by)| json!({ "keep": keep, "note": note, "by": by })),
    })
}

fn unit(say: &Speech, view: &AttestView) -> Value {
    let line = |one: &AttestedView| {
        let roles: Vec<&str> = one.roles.iter().map(|role| say.word(role)).collect();
        json!({ "name": one.name, "roles": roles, "permissions": one.permissions })
    };
    let by = view.by.as_ref();
    json!({
        "id": view.id,
        "name": view.name,
        "people": view.people,
        "by": by.map(|(name, _)| name),
        "at": by.map(|(_, at)| at.rfc3339()),
        "list": view.list.iter().map(line).collect::<Vec<_>>(),
        "seal": view.hash,
    })
}
