//! The logs over HTTP, as C2SP tlog-tiles lays them out.
//!
//! Checkpoints, keys and hash tiles are public: they hold no content. Entry bundles go to
//! auditors, by session or by API token.

use crate::html::fault;
use crate::seat::Seat;
use crate::visit::Visit;
use crate::{App, api};
use axum::Router;
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use desk::Session;
use std::sync::Arc;

const FOREVER: &str = "public, max-age=31536000, immutable";

/// The routes of the logs.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/log/{name}/checkpoint", get(checkpoint))
        .route("/log/{name}/vkey", get(vkey))
        .route("/log/{name}/tile/{*path}", get(tile))
}

async fn checkpoint(State(app): State<App>, Path(name): Path<String>) -> Response {
    match app.call(move |desk| desk.checkpoint(&name)).await {
        Ok(Some(note)) => text(note),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(_) => later(),
    }
}

async fn vkey(State(app): State<App>, Path(name): Path<String>) -> Response {
    match app.call(move |desk| desk.vkey(&name)).await {
        Ok(Some(key)) => text(format!("{key}\n")),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(_) => later(),
    }
}

fn later() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "5")]).into_response()
}

fn text(text: String) -> Response {
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

async fn tile(
    State(app): State<App>,
    Path((name, path)): Path<(String, String)>,
    visit: Arc<Visit>,
    request: Request,
) -> Response {
    if !is_tile(&path) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let entries = path.starts_with("entries/");
    // A full tile never changes; a partial one is replaced when the log grows.
    let whole = !path.contains(".p/");
    let found = if entries {
        match auditor(&app, &visit, request).await {
            Ok(session) if app.desk().entries_allowed(&session, &name) => {
                app.call(move |desk| desk.bundle(&session, &name, &path)).await
            }
            Ok(_) => return StatusCode::FORBIDDEN.into_response(),
            Err(response) => return response,
        }
    } else {
        app.call(move |desk| desk.tile(&name, &path)).await
    };
    match found {
        Ok(Some(bytes)) => {
            let caching = if whole && !entries { FOREVER } else { "no-store" };
            ([(CACHE_CONTROL, caching), (CONTENT_TYPE, "application/octet-stream")], bytes).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(_) => later(),
    }
}

async fn auditor(app: &App, visit: &Arc<Visit>, request: Request) -> Result<Arc<Session>, Response> {
    if visit.bearer.is_some() {
        return api::call::seat(app, visit).await.map(|seat| seat.session);
    }
    if visit.token.is_none() {
        return Err(StatusCode::UNAUTHORIZED.into_response());
    }
    let (mut parts, _) = request.into_parts();
    match Seat::from_request_parts(&mut parts, app).await {
        Ok(seat) => Ok(seat.session),
        Err(response) if response.status().is_server_error() => Err(response),
        Err(_) => Err(fault::page(app, visit, StatusCode::UNAUTHORIZED, "fault-unknown").await),
    }
}

/// `<level>/<NNN parts>[.p/<width>]` or `entries/…`: digits in groups of three, all but the last
/// group with an `x` before them.
fn is_tile(path: &str) -> bool {
    let mut parts: Vec<&str> = path.split('/').collect();
    if parts.len() < 2 || parts.len() > 9 {
        return false;
    }
    let level = parts.remove(0);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if level != "entries" && !(digits(level) && level.len() <= 2) {
        return false;
    }
    let mut last = parts.pop().unwrap_or_default();
    if let Some(group) = parts.last().and_then(|part| part.strip_suffix(".p")) {
        let width: Option<u16> = last.parse().ok();
        if !digits(last) || !width.is_some_and(|width| (1..256).contains(&width)) || last.starts_with('0') {
            return false;
        }
        last = group;
        parts.pop();
    }
    let group = |text: &str| text.len() == 3 && digits(text);
    group(last) && parts.iter().all(|part| part.strip_prefix('x').is_some_and(group))
}

#[cfg(test)]
mod tests {
    use super::is_tile;

    #[test]
    fn tile_paths_are_exactly_those_of_the_specification() {
        for path in
            ["0/000", "0/x001/234", "8/000.p/7", "entries/x001/x234/067.p/255", "entries/000", "63/x000/000"]
        {
            assert!(is_tile(path), "{path}");
        }
        for path in [
            "",
            "0",
            "0/",
            "0/0",
            "0/0000",
            "0/001/234",
            "0/x001",
            "0/000.p/",
            "0/000.p/0",
            "0/000.p/256",
            "0/000.p/07",
            "0/../../etc/passwd",
            "0/x001/../000",
            "data/000",
            "100/000",
            "0/000/",
            "entries",
            "0/00a",
            "0/000.p/1/2",
        ] {
            assert!(!is_tile(path), "{path}");
        }
    }
}
