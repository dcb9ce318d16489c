//! Closed days over the API.

use super::super::{Call, Reply, answer, json};
use desk::directory::ClosureForm;
use desk::view::ClosuresView;
use domain::directory::closure::Cause;
use domain::{Reason, Refusal};
use serde_json::{Value, json};

/// The closed days of the agency.
pub fn list(call: Call) -> Reply {
    Box::pin(async move {
        let came = call.seat.ask(desk::Desk::closures).await;
        call.reply(came, |_, view| answer::ok(all(&view)))
    })
}

/// Declares a day.
pub fn declare(call: Call) -> Reply {
    Box::pin(async move {
        let missing = || Refusal::new(Reason::FieldMissing).at("why");
        let (day, cause) = (call.one_day("day", "day"), Cause::from_word(&call.text("why")));
        let form_key = call.key();
        let came = call.seat.ask(move |desk, session| {
            let form = ClosureForm { day: day?, cause: cause.ok_or_else(missing)?, form_key };
            desk.declare_closure(session, &form)
        });
        let came = came.await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

fn all(view: &ClosuresView) -> Value {
    let closed = view.closed.iter().map(|one| {
        let cause = one.local.map(Cause::word);
        json!({ "day": one.day.to_string(), "name": one.name, "why": cause })
    });
    let declared = view
        .list
        .iter()
        .map(|one| json!({ "day": one.day.to_string(), "why": one.cause.word(), "at": one.at.rfc3339() }));
    json!({
        "closed": closed.collect::<Vec<_>>(),
        "declared": declared.collect::<Vec<_>>(),
        "until": view.until.map(|day| day.to_string()),
    })
}
