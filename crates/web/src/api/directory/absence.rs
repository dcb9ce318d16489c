//! Absences and deputies over the API.

use super::super::{Call, Reply, answer, json};
use super::days;
use desk::directory::AbsenceForm;
use desk::view::AbsencesView;
use serde_json::{Value, json};

/// Who is away, who stands in, and the caller's deputy.
pub fn list(call: Call) -> Reply {
    Box::pin(async move {
        let came = call.seat.ask(desk::Desk::absences).await;
        call.reply(came, |_, view| answer::ok(all(&view)))
    })
}

/// Records that somebody is away.
pub fn be_away(call: Call) -> Reply {
    Box::pin(async move {
        let (from, until) = match days(&call, ["from", "until"]) {
            Ok(days) => days,
            Err(refusal) => return call.refuse(refusal),
        };
        let (person, deputy) = (call.text("person"), call.text("deputy"));
        let form = AbsenceForm { person, deputy, from, until, form_key: call.key() };
        let came = call.seat.ask(move |desk, session| desk.be_away(session, &form)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// Ends an absence.
pub fn come_back(call: Call) -> Reply {
    Box::pin(async move {
        let id = call.path();
        let came = call.seat.ask(move |desk, session| desk.come_back(session, &id)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// Names the caller's deputy.
pub fn name_deputy(call: Call) -> Reply {
    Box::pin(async move {
        let (to, key) = (call.text("standing"), call.key());
        let came = call.seat.ask(move |desk, session| desk.name_deputy(session, &to, &key)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

fn all(view: &AbsencesView) -> Value {
    let list = view.list.iter().map(|one| {
        json!({
            "id": one.id,
            "person": one.person,
            "deputy": one.deputy,
            "from": one.from.to_string(),
            "until": one.until.to_string(),
            "runs": one.runs,
            "end": one.end,
        })
    });
    json!({
        "absences": list.collect::<Vec<_>>(),
        "standing": view.standing.as_ref().map(|(id, _)| id),
        "wanted": view.wanted,
    })
}
