//! Accounts over the API: who has one, codes for many at once, and how each reached its owner.

pub(super) mod inventory;

use super::{Call, Operation, Reply, Verb, answer, json, read};
use crate::locale::Speech;
use desk::account::{DeliveryForm, SlipsForm};
use desk::view::{AccountRow, AccountView, AccountsView, CodeView, HandedView, SlipsView};
use serde_json::{Value, json};

/// The operations of this capability.
pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        response: "Accounts",
        handler: list,
        ..read("/api/v1/accounts", "listAccounts", "Everybody of the agency, and where their account stands")
    },
    Operation {
        response: "Account",
        handler: one,
        ..read("/api/v1/accounts/{person}", "getAccount", "One account, and the codes handed out for it")
    },
    Operation {
        verb: Verb::Post,
        request: Some("NewCodes"),
        response: "Codes",
        handler: hand_out,
        ..read("/api/v1/codes", "handOutCodes", "Hand out a code to each of many who have no account")
    },
    Operation {
        verb: Verb::Post,
        request: Some("Delivery"),
        response: "Empty",
        handler: deliver,
        ..read("/api/v1/codes/{id}/delivery", "recordDelivery", "Say how a code reached its owner")
    },
    Operation {
        verb: Verb::Post,
        response: "Empty",
        handler: revoke,
        ..read("/api/v1/codes/{id}/revoke", "revokeCode", "Revoke a code that nobody has used")
    },
    Operation {
        verb: Verb::Post,
        request: Some("Proof"),
        response: "Ended",
        handler: end_sessions,
        ..read("/api/v1/accounts/{person}/end-sessions", "endSessions", "End all sessions of somebody else")
    },
];

/// Everybody of the agency.
fn list(call: Call) -> Reply {
    Box::pin(async move {
        let came = call.seat.ask(|desk, session| desk.accounts(session, "")).await;
        call.reply(came, |seat, view| answer::ok(all(&seat.say, &view)))
    })
}

/// One account.
fn one(call: Call) -> Reply {
    Box::pin(async move {
        let person = call.path();
        let came = call.seat.ask(move |desk, session| desk.account_of(session, &person)).await;
        call.reply(came, |seat, view| answer::ok(whole(&seat.say, &view)))
    })
}

/// Hands out codes.
fn hand_out(call: Call) -> Reply {
    Box::pin(async move {
        let form = SlipsForm {
            people: call.texts("people"),
            all: call.flag("all"),
            method: call.text("method"),
            proof: call.text("proof"),
            form_key: call.key(),
        };
        let came = call.seat.ask(move |desk, session| desk.invite_all(session, &form)).await;
        call.reply(came, |seat, view| answer::ok(codes(&seat.say, &view)))
    })
}

/// Says how a code reached its owner.
fn deliver(call: Call) -> Reply {
    Box::pin(async move {
        let on = call.one_day("on", "handed-on");
        let (to, way) = (call.text("to"), call.text("way"));
        let (code, form_key) = (call.path(), call.key());
        let came = call.seat.ask(move |desk, session| {
            desk.record_delivery(session, &DeliveryForm { code, to, way, on: on?, form_key })
        });
        let came = came.await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// Revokes a code.
fn revoke(call: Call) -> Reply {
    Box::pin(async move {
        let id = call.path();
        let came = call.seat.ask(move |desk, session| desk.revoke_code(session, &id)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// Ends all sessions of somebody else.
fn end_sessions(call: Call) -> Reply {
    Box::pin(async move {
        let person = call.path();
        let came = call.seat.ask(move |desk, session| desk.end_sessions_for(session, &person)).await;
        call.reply(came, |_, ended| answer::ok(json!({ "ended": ended })))
    })
}

fn all(say: &Speech, view: &AccountsView) -> Value {
    json!({
        "accounts": view.list.iter().map(|own| row(say, own)).collect::<Vec<_>>(),
        "waiting": view.waiting,
        "outstanding": view.outstanding,
        "methods": view.methods,
    })
}

fn row(say: &Speech, row: &AccountRow) -> Value {
    json!({
        "person": row.person,
        "name": row.name,
        "unit": row.unit,
        "role": say.word(&row.role),
        "login": row.login,
        "state": row.state,
        "until": row.until.map(|at| at.rfc3339()),
        "last": row.last.map(|at| at.rfc3339()),
        "waits": row.waits,
        "outstanding": row.outstanding,
    })
}

fn whole(say: &Speech, view: &AccountView) -> Value {
    json!({
        "account": row(say, &view.row),
        "sessions": view.sessions,
        "codes": view.codes.iter().map(code).collect::<Vec<_>>(),
    })
}

fn code(code: &CodeView) -> Value {
    json!({
        "id": code.id,
        "kind": code.kind,
        "method": code.method,
        "by": code.by,
        "at": code.at.rfc3339(),
        "until": code.until.rfc3339(),
        "state": code.state,
        "over": code.closed.map(|at| at.rfc3339()),
        "outstanding": code.outstanding,
        "ways": code.ways,
        "delivery": code.handing.as_ref().map(|own| json!({
            "by": own.by,
            "to": own.to,
            "colleague": own.colleague,
            "way": own.way,
            "on": own.on.to_string(),
        })),
    })
}

fn codes(say: &Speech, view: &SlipsView) -> Value {
    let slip = |own: &HandedView| {
        json!({
            "person": own.person,
            "name": own.name,
            "login": own.login,
            "method": own.method,
            "until": own.until.rfc3339(),
            "apart": own.apart,
            "code": own.code.as_ref().map(|code| code.expose()),
        })
    };
    let refused = view.refused.iter().flat_map(|(name, views)| {
        views.iter().map(move |view| {
            let text = say.refusal(view);
            json!({
                "name": name,
                "code": text.code,
                "message": text.sentence,
                "remedy": text.remedy,
                "field": text.field,
            })
        })
    });
    json!({
        "codes": view.slips.iter().map(slip).collect::<Vec<_>>(),
        "refused": refused.collect::<Vec<_>>(),
        "left": view.left,
        "shown": view.shown,
    })
}
