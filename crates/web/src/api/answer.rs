//! Answers: JSON, and errors that always have the same shape.

use crate::html::{status_of, status_of_no};
use crate::locale::{RefusalText, Speech};
use crate::visit::Visit;
use axum::Json;
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use desk::No;
use desk::view::RefusalView;
use domain::Reason;
use serde_json::{Value, json};

/// An answer that went well.
pub fn ok(value: Value) -> Response {
    Json(value).into_response()
}

/// Something was made.
pub fn created(value: Value) -> Response {
    (StatusCode::CREATED, Json(value)).into_response()
}

/// Whether a token was refused because its person has to change their password first. That is no attempt at
/// guessing, and it is said.
pub fn wants_password(views: &[RefusalView]) -> bool {
    views.iter().any(|view| view.refusal.reason == Reason::PasswordDue)
}

/// What the desk answered instead of yes.
pub fn no(say: &Speech, visit: &Visit, no: &No) -> Response {
    let status = status_of_no(no);
    match no {
        No::Refused(views) => (status, Json(refused(say, visit, views))).into_response(),
        No::Busy { retry_after } => later(said(say, visit, status, "fault-busy"), *retry_after),
        No::Away { operation, retry_after, .. } => {
            tracing::warn!(fault = %operation, "the desk's database is away");
            later(said(say, visit, status, "fault-away"), *retry_after)
        }
        No::Fault { operation, .. } => {
            tracing::error!(fault = %operation, "the desk reports a fault");
            said(say, visit, status, "fault-broken")
        }
    }
}

fn later(mut response: Response, seconds: u32) -> Response {
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// One refusal of the API itself, about a field.
pub fn field(say: &Speech, visit: &Visit, refusal: domain::Refusal) -> Response {
    let status = status_of(refusal.reason);
    (status, Json(refused(say, visit, &[refusal.into()]))).into_response()
}

/// A fault that any caller can meet. `key` names its sentence and remedy.
pub fn plain(visit: &Visit, status: StatusCode, key: &str) -> Response {
    let mut response = said(&Speech::plain(visit.lang), visit, status, key);
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

fn said(say: &Speech, visit: &Visit, status: StatusCode, key: &str) -> Response {
    let body = json!({
        "code": key,
        "message": say.say(key),
        "remedy": say.say(&format!("{key}-remedy")),
        "clause": null,
        "cite": null,
        "field": null,
        "operation": visit.operation,
    });
    (status, Json(body)).into_response()
}

/// The first refusal at the top, the others below `more`.
fn refused(say: &Speech, visit: &Visit, views: &[RefusalView]) -> Value {
    let one = |view: &RefusalView| {
        let RefusalText { code, sentence, remedy, clause, field, .. } = say.refusal(view);
        json!({
            "code": code,
            "message": sentence,
            "remedy": remedy,
            "clause": view.refusal.clause.as_ref().map(ToString::to_string),
            "cite": clause,
            "field": field,
            "operation": visit.operation,
        })
    };
    let mut all = views.iter().map(one);
    let mut first = all.next().unwrap_or_else(|| json!({ "code": "refused", "operation": visit.operation }));
    let more: Vec<Value> = all.collect();
    if !more.is_empty() {
        first["more"] = Value::Array(more);
    }
    first
}
