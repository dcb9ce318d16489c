//! Pages that say no: what happened, what to do, and that what was typed is kept.

use super::frame::Frame;
use super::{page as render, status_of_no, with_cookie};
use crate::form::Form;
use crate::guard::cookie;
use crate::guard::held::{Kept, keep};
use crate::seat::Seat;
use crate::visit::Visit;
use crate::{App, api};
use askama::Template;
use axum::extract::State;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use desk::No;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "stop.html")]
struct Stop {
    f: Frame,
    sentence: String,
    remedy: String,
    /// Where what was typed is shown again.
    back: Option<String>,
    /// Whether the operation number helps somebody.
    numbered: bool,
}

/// A page for a fault that any visitor can meet. `key` names its title, sentence and remedy.
pub async fn page(app: &App, visit: &Visit, status: StatusCode, key: &str) -> Response {
    let frame = Frame::open(app, visit, &format!("{key}-title")).await;
    show(frame, status, key, None)
}

/// The same, where something was typed that is kept.
pub async fn kept(app: &App, visit: &Visit, status: StatusCode, key: &str, kept: Option<Kept>) -> Response {
    let frame = Frame::open(app, visit, &format!("{key}-title")).await;
    let response = show(frame, status, key, kept.as_ref().map(|kept| kept.back.clone()));
    handed(visit, response, kept)
}

/// Gives the browser the handle of what is kept.
pub fn handed(visit: &Visit, response: Response, kept: Option<Kept>) -> Response {
    let Some(kept) = kept else { return response };
    with_cookie(response, &cookie::secret(cookie::held_name(visit.tls), &kept.handle, visit.tls))
}

/// What a page says of it, and the number under which the desk has logged it.
fn named(no: &No) -> (&'static str, Option<String>) {
    match no {
        No::Refused(_) => ("fault-refused", None),
        No::Busy { .. } => ("fault-busy", None),
        No::Away { operation, .. } => ("fault-away", Some(operation.clone())),
        No::Fault { operation, .. } => ("fault-broken", Some(operation.clone())),
    }
}

/// What the desk answered to somebody who is not signed in.
pub async fn no(app: &App, visit: &Visit, no: No) -> Response {
    let (key, operation) = named(&no);
    let mut frame = Frame::open(app, visit, &format!("{key}-title")).await;
    name_operation(&mut frame, operation);
    if let No::Refused(views) = &no {
        frame.refuse(views);
    }
    retry(show(frame, status_of_no(&no), key, None), &no)
}

/// What the desk answered to somebody who is signed in. A form that was typed is held, and the
/// page leads back to it.
pub async fn refused(seat: &Seat, no: No, typed: Option<&Form>) -> Response {
    let (key, operation) = named(&no);
    let mut frame = Frame::of(seat, &format!("{key}-title")).await;
    name_operation(&mut frame, operation);
    if let No::Refused(views) = &no {
        frame.refuse(views);
    }
    let kept = match typed {
        Some(form) => keep(&seat.app, &seat.visit, form.clone()).await,
        None => None,
    };
    let back = kept.as_ref().map(|kept| kept.back.clone());
    let response = retry(show(frame, status_of_no(&no), key, back), &no);
    handed(&seat.visit, response, kept)
}

/// No such page.
pub async fn not_found(State(app): State<App>, visit: Arc<Visit>) -> Response {
    plain(&app, &visit, StatusCode::NOT_FOUND, "fault-unknown").await
}

/// There is such a page, but not for this method.
pub async fn not_allowed(State(app): State<App>, visit: Arc<Visit>) -> Response {
    plain(&app, &visit, StatusCode::METHOD_NOT_ALLOWED, "fault-method").await
}

async fn plain(app: &App, visit: &Visit, status: StatusCode, key: &str) -> Response {
    match visit.is_api() {
        true => api::answer::plain(visit, status, key),
        false => page(app, visit, status, key).await,
    }
}

fn show(f: Frame, status: StatusCode, key: &str, back: Option<String>) -> Response {
    let (sentence, remedy) = (f.t(key), f.t(&format!("{key}-remedy")));
    render(status, &Stop { sentence, remedy, back, numbered: status.is_server_error(), f })
}

/// A fault inside the desk has its own number, under which the desk has logged it.
fn name_operation(frame: &mut Frame, operation: Option<String>) {
    if let Some(operation) = operation.filter(|operation| !operation.is_empty()) {
        frame.operation = format!("{} / {operation}", frame.operation);
    }
}

fn retry(mut response: Response, no: &No) -> Response {
    if let No::Busy { retry_after } | No::Away { retry_after, .. } = no {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(*retry_after));
    }
    response
}
