//! Links over the API.

use super::{Call, Reply, answer, json};
use crate::locale::Speech;
use desk::link::{LinkForm, TestForm};
use desk::view::{LinkRow, LinkSaidView, LinkView};
use domain::Personal;
use domain::Refusal;
use domain::link::review::Verdict;
use domain::link::trial::Said;
use serde_json::{Value, json};

/// The links of the caller's agency.
pub fn list(call: Call) -> Reply {
    Box::pin(async move {
        let came = call.seat.ask(desk::Desk::links).await;
        call.reply(came, |seat, all| {
            let rows: Vec<Value> = all.rows.iter().map(|one| row(&seat.say, one)).collect();
            answer::ok(json!({ "links": rows, "reviews": all.reviews }))
        })
    })
}

/// One link.
pub fn one(call: Call) -> Reply {
    Box::pin(async move {
        let code = call.path();
        let came = call.seat.ask(move |desk, session| desk.link(session, &code)).await;
        call.reply(came, |seat, view| answer::ok(link(&seat.say, &view)))
    })
}

/// Enters a link test.
pub fn test(call: Call) -> Reply {
    Box::pin(async move {
        let passed = match call.value("passed") {
            Value::Bool(passed) => Some(passed),
            _ => None,
        };
        let on = call.day("on", "tested-on");
        let (note, form_key, code) = (Personal::new(call.text("note")), call.key(), call.path());
        let came = call.seat.ask(move |desk, session| {
            let said = Said { passed, on: on?, note };
            desk.test_link(session, &code, &TestForm { said, form_key })
        });
        let came = came.await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// Decides that a link ends.
pub fn end(call: Call) -> Reply {
    Box::pin(async move {
        let (form, code) = (said(&call), call.path());
        let came = call.seat.ask(move |desk, session| desk.end_link(session, &code, &form?)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// Says that a link which nobody uses is needed.
pub fn need(call: Call) -> Reply {
    Box::pin(async move {
        let (form, code) = (said(&call), call.path());
        let came = call.seat.ask(move |desk, session| desk.need_link(session, &code, &form?)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

fn said(call: &Call) -> Result<LinkForm, Refusal> {
    let (on, note) = (call.day("on", "end-on")?, Personal::new(call.text("note")));
    Ok(LinkForm { on, note, form_key: call.key() })
}

/// Says of every link whether it is needed.
pub fn review(call: Call) -> Reply {
    Box::pin(async move {
        let verdict = |one: &Value| Verdict {
            link: one["link"].as_str().unwrap_or_default().into(),
            keep: one["keep"].as_bool(),
            note: Personal::new(one["note"].as_str().unwrap_or_default().trim()),
        };
        let verdicts: Vec<Verdict> =
            call.value("links").as_array().map(|all| all.iter().map(verdict).collect()).unwrap_or_default();
        let (duty, key) = (call.path(), call.key());
        let came =
            call.seat.ask(move |desk, session| desk.review_links(session, &duty, &verdicts, &key)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

fn row(say: &Speech, row: &LinkRow) -> Value {
    let words: Vec<&str> = row.datasets.iter().map(|word| say.word(word)).collect();
    json!({
        "code": row.code,
        "datasets": words,
        "provider": row.provider,
        "officer": row.officer,
        "from": row.from.to_string(),
        "until": row.until.map(|day| day.to_string()),
        "used": row.used.map(|day| day.to_string()),
        "state": row.state,
        "why": row.why,
        "taken_over": row.taken_over,
    })
}

fn link(say: &Speech, view: &LinkView) -> Value {
    let (passed, on) = match &view.tested {
        Some((passed, on, _)) => (Some(*passed), Some(on.to_string())),
        None => (None, None),
    };
    let reviewed = |one: &LinkSaidView| {
        let at = one.at.rfc3339();
        json!({ "keep": one.keep, "note": one.note, "by": one.by, "at": at })
    };
    let parties: serde_json::Map<String, Value> =
        view.parties.iter().map(|(party, name)| ((*party).to_string(), json!(name))).collect();
    json!({
        "link": row(say, &view.row),
        "parties": parties,
        "application": view.application,
        "former": view.former,
        "passed": passed,
        "tested_on": on,
        "reviews": view.said.iter().map(reviewed).collect::<Vec<_>>(),
        "earliest_end": view.earliest.to_string(),
    })
}
