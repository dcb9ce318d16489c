//! Consents and permissions over the API.

use super::{Call, Reply, answer, json};
use crate::html::settings::until;
use crate::locale::Speech;
use desk::grant::ConsentForm;
use desk::view::{OpenedView, PermissionView, PermissionWhole, ReachView, TellingView};
use domain::Personal;
use domain::regulation::Words;
use serde_json::{Value, json};

/// Consents of the caller's unit.
pub fn list(call: Call) -> Reply {
    Box::pin(async move {
        let came = call.seat.ask(desk::Desk::settings).await;
        call.reply(came, |_, settings| answer::ok(json::consents(&settings.consents)))
    })
}

/// Gives a consent.
pub fn give(call: Call) -> Reply {
    Box::pin(async move {
        let until = match until(&call.text("until"), call.seat.app.desk().now().date()) {
            Ok(until) => until,
            Err(refusal) => return call.refuse(refusal),
        };
        let key = call.key();
        let named = |name: &str| Some(call.text(name)).filter(|text| !text.is_empty());
        let consent = ConsentForm { case: named("case"), basis: named("basis"), until };
        let came = call.seat.ask(move |desk, session| desk.give_consent(session, &consent, &key)).await;
        call.reply(came, |_, consent| answer::created(json::consent(&consent)))
    })
}

/// Ends a consent.
pub fn end(call: Call) -> Reply {
    Box::pin(async move {
        let id = call.path();
        let came = call.seat.ask(move |desk, session| desk.end_consent(session, &id)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// Permissions that the caller may know of; with `item`, who may look that up.
pub fn permissions(call: Call) -> Reply {
    Box::pin(async move {
        let item = call.seat.visit.query.get("item").to_string();
        let both = move |desk: &desk::Desk, session: &_| {
            Ok((desk.permissions(session)?, desk.reach(session, &item)?))
        };
        let came = call.seat.ask(both).await;
        call.reply(came, |seat, (list, reach)| {
            let list: Vec<Value> = list.iter().map(|one| permission(&seat.say, one)).collect();
            answer::ok(json!({ "permissions": list, "reach": reached(&seat.say, &reach) }))
        })
    })
}

/// One permission, and everything that it rests on.
pub fn one(call: Call) -> Reply {
    Box::pin(async move {
        let id = call.path();
        let came = call.seat.ask(move |desk, session| desk.permission(session, &id)).await;
        call.reply(came, |seat, all| answer::ok(whole(&seat.say, &all)))
    })
}

/// Stops a permission ex officio.
pub fn stop(call: Call) -> Reply {
    Box::pin(async move {
        let (id, reason) = (call.path(), Personal::new(call.text("reason")));
        let came = call.seat.ask(move |desk, session| desk.stop_permission(session, &id, &reason)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

fn permission(say: &Speech, one: &PermissionView) -> Value {
    json!({
        "id": one.id,
        "person": one.person,
        "unit": one.unit,
        "items": one.items.iter().map(|item| say.word(item)).collect::<Vec<_>>(),
        "application": one.application,
        "formerly": one.formerly,
        "follows": one.follows,
        "from": one.from.to_string(),
        "until": one.until.map(|until| until.to_string()),
        "state": one.state,
        "stop": one.stop,
    })
}

fn reached(say: &Speech, reach: &ReachView) -> Value {
    let people = reach.people.iter().map(|one| {
        json!({
            "person": one.person,
            "unit": one.unit,
            "role": say.word(&one.role),
            "permission": one.permission,
            "uses": uses(say, one.uses.as_deref()),
        })
    });
    json!({
        "item": reach.item,
        "tied": reach.tied,
        "clause": reach.clause.as_ref().map(|clause| json::clause(say, clause)),
        "people": people.collect::<Vec<_>>(),
    })
}

fn whole(say: &Speech, all: &PermissionWhole) -> Value {
    json!({
        "permission": permission(say, &all.one),
        "opens": all.opens.iter().map(|one| opened(say, one)).collect::<Vec<_>>(),
        "line": all.line.iter().map(|one| permission(say, one)).collect::<Vec<_>>(),
        "application": all.application.as_ref().map(|own| super::application::application(say, own)),
        "clause": all.clause.as_ref().map(|clause| json::clause(say, clause)),
        "months": all.term.as_ref().map(|(months, _)| *months),
        "renewable": all.renewal.map(|(opens, _)| opens.to_string()),
        "restorable": all.restore.is_some(),
        "renewable_ruled": all.renewal.is_some_and(|(_, ruled)| ruled),
        "told": all.told.iter().map(|one| telling(say, one)).collect::<Vec<_>>(),
    })
}

fn opened(say: &Speech, one: &OpenedView) -> Value {
    json!({ "item": say.word(&one.word), "uses": uses(say, one.uses.as_deref()) })
}

/// The uses that something is limited to; `null` where it is for every one.
fn uses(say: &Speech, uses: Option<&[Words]>) -> Value {
    json!(uses.map(|uses| uses.iter().map(|word| say.word(word)).collect::<Vec<_>>()))
}

fn telling(say: &Speech, one: &TellingView) -> Value {
    json!({
        "provider": say.word(&one.provider),
        "items": one.items.iter().map(|item| say.word(item)).collect::<Vec<_>>(),
        "for_now": one.for_now,
        "due": one.due.to_string(),
        "tries": one.tries,
        "told": one.told.map(|at| at.rfc3339()),
        "late": one.late,
    })
}
