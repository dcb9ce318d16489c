//! The one gate in front of all routes: sizes, encodings, operation numbers, headers, log lines.

use super::headers;
use crate::html::fault;
use crate::visit::Visit;
use crate::{App, api};
use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;
use std::time::Duration;
use tracing::{Instrument, info, info_span};

/// The largest body any page or call sends.
pub const MAX_BODY: usize = 256 * 1024;
/// The largest body of those routes that take files, from somebody who says who they are. Files that are
/// larger than a form takes are refused at its field, as far as this goes. A list of staff has room for as
/// many rows as it may have.
pub const MAX_UPLOAD: usize = 8 * 1024 * 1024;
/// The routes that take files, or lists as long as files.
const UPLOADS: [&str; 7] = [
    "/applications",
    "/applications/{code}",
    "/duties/{id}",
    "/staff/import",
    "/api/v1/applications",
    "/api/v1/duties/{id}/fulfil",
    "/api/v1/staff/import",
];
/// How long a client may take to send its body.
const BODY_TIME: Duration = Duration::from_secs(20);

/// Guards one request: reads its body within limits, runs it, adds the headers, writes one line.
pub async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let began = std::time::Instant::now();
    let method = request.method().clone();
    // The template of the route and never the address itself: that may hold a code or a search.
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_string();
    let (parts, body) = request.into_parts();
    let (visit, broken) = match Visit::of(&app, &parts) {
        Ok(visit) => (Arc::new(visit), None),
        Err((visit, error)) => (Arc::new(*visit), Some(error)),
    };
    let span = info_span!("request", operation = %visit.operation, method = %method, route);
    let response = async {
        let response = match broken {
            Some(error) => refuse(&app, &visit, status_of(error), error.key()).await,
            None => run(&app, &visit, Request::from_parts(parts, body), next).await,
        };
        let millis = began.elapsed().as_millis();
        info!(status = response.status().as_u16(), millis = %millis, "answered");
        response
    }
    .instrument(span)
    .await;
    app.counters().answered(response.status(), began.elapsed());
    headers::protect(&visit, response)
}

async fn run(app: &App, visit: &Arc<Visit>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    parts.extensions.insert(visit.clone());
    let known = visit.token.is_some() || visit.bearer.is_some();
    let most = if known && takes_files(&parts) { MAX_UPLOAD } else { MAX_BODY };
    let bytes = match tokio::time::timeout(BODY_TIME, to_bytes(body, most)).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(_)) => return refuse(app, visit, StatusCode::PAYLOAD_TOO_LARGE, "form-body").await,
        Err(_) => return refuse(app, visit, StatusCode::REQUEST_TIMEOUT, "form-slow").await,
    };
    next.run(Request::from_parts(parts, Body::from(bytes))).await
}

/// Whether a request is one of those that may carry files.
pub fn takes_files(parts: &Parts) -> bool {
    let route = parts.extensions.get::<MatchedPath>();
    parts.method == Method::POST && route.is_some_and(|route| UPLOADS.contains(&route.as_str()))
}

async fn refuse(app: &App, visit: &Arc<Visit>, status: StatusCode, key: &str) -> Response {
    match visit.is_api() {
        true => api::answer::plain(visit, status, key),
        false => fault::page(app, visit, status, key).await,
    }
}

fn status_of(error: crate::form::FormError) -> StatusCode {
    match error {
        crate::form::FormError::TooLong => StatusCode::URI_TOO_LONG,
        _ => StatusCode::BAD_REQUEST,
    }
}
