//! Sign in: the door.

use super::frame::Frame;
use super::{fault, ok, page, see, with_cookie};
use crate::App;
use crate::guard::held::Kept;
use crate::guard::{cookie, held};
use crate::seat::{OpenPost, Post, Seat};
use crate::visit::Visit;
use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use desk::No;
use desk::account::{CastMember, SignIn};
use domain::Personal;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

#[derive(Template)]
#[template(path = "sign-in.html")]
struct Page {
    f: Frame,
    login: String,
    /// The demonstration's own password and code; never anything that somebody typed.
    password: String,
    code: String,
    next: String,
    cast: Vec<CastMember>,
    /// Whether a session has just ended, and whether what was typed is kept.
    ended: bool,
    held: bool,
    notice: Option<String>,
}

impl Page {
    async fn new(app: &App, visit: &Visit, next: String) -> Self {
        let f = Frame::open(app, visit, "sign-in-title").await;
        let cast = match app.config().demo {
            true => app.call(|desk| Ok(desk.demo_cast())).await.unwrap_or_default(),
            false => Vec::new(),
        };
        let empty = String::new;
        let (login, password, code) = (empty(), empty(), empty());
        Self { f, login, password, code, next, cast, ended: false, held: false, notice: None }
    }
}

/// Shows the door. In the demonstration `?as=` fills the form for one of its people.
pub async fn show(State(app): State<App>, visit: Arc<Visit>) -> Response {
    let mut view = Page::new(&app, &visit, local(visit.query.get("next"))).await;
    let wanted = visit.query.get("as").to_string();
    if let Some(member) = view.cast.iter().find(|member| member.login == wanted) {
        view.login = member.login.clone();
        view.password = member.password.clone();
        let code = app.call(move |desk| Ok(desk.demo_code(&wanted))).await.ok().flatten();
        view.code = code.unwrap_or_default();
    }
    if visit.query.has("bye") {
        view.notice = Some(view.f.t("sign-in-bye"));
    }
    if visit.query.has("enrolled") {
        view.notice = Some(view.f.t("sign-in-enrolled"));
    }
    ok(&view)
}

/// Opens the door, or says that it stays shut: the same way for an unknown name and a wrong
/// password.
pub async fn sign_in(State(app): State<App>, post: OpenPost) -> Response {
    let OpenPost { visit, form, .. } = post;
    match app.knock(visit.address).await {
        Ok(None) => {}
        Ok(Some(wait)) => return too_many(&app, &visit, wait, form.get("login")).await,
        Err(no) => return fault::no(&app, &visit, no).await,
    }
    let typed = SignIn {
        login: domain::identity::fold(form.get("login")),
        password: Personal::new(form.exact("password")),
        code: domain::identity::fold(form.get("code")).replace([' ', '-'], ""),
        place: visit.place.clone(),
        address: visit.address.to_string(),
    };
    let place = app.doors().acquire().await;
    let signed = app.call(move |desk| desk.sign_in(&typed)).await;
    drop(place);
    match signed {
        Ok(signed) => {
            app.welcome(visit.address).await;
            let back = held::back(&app, &visit, &signed.session).await;
            let target = back.unwrap_or_else(|| local(form.get("next")));
            // A session that another account left in this browser ends here.
            if let Some(old) = visit.token.clone() {
                let _ = app.call(move |desk| desk.sign_out(&old)).await;
            }
            let name = cookie::session_name(visit.tls);
            with_cookie(see(&target), &cookie::secret(name, &signed.token, visit.tls))
        }
        Err(No::Refused(views)) => {
            let mut view = Page::new(&app, &visit, local(form.get("next"))).await;
            view.f.refuse(&views);
            view.login = form.get("login").to_string();
            view.held = visit.held.is_some();
            page(StatusCode::UNAUTHORIZED, &view)
        }
        Err(no) => {
            // Nobody was told whether it was right, so it was no attempt.
            app.welcome(visit.address).await;
            fault::no(&app, &visit, no).await
        }
    }
}

async fn too_many(app: &App, visit: &Visit, wait: Duration, login: &str) -> Response {
    let mut view = Page::new(app, visit, local("")).await;
    let seconds = wait.as_secs().max(1);
    view.notice = Some(view.f.n("sign-in-too-many", seconds));
    view.login = login.to_string();
    let mut response = page(StatusCode::TOO_MANY_REQUESTS, &view);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// The door for somebody whose session ended while a form was being filled in.
pub async fn ended(app: &App, visit: &Visit, kept: Option<Kept>) -> Response {
    let next = kept.as_ref().map_or_else(|| local(""), |kept| local(&kept.back));
    let mut view = Page::new(app, visit, next).await;
    view.ended = true;
    view.held = kept.is_some();
    fault::handed(visit, page(StatusCode::UNAUTHORIZED, &view), kept)
}

/// Ends the session.
pub async fn sign_out(State(app): State<App>, post: Post) -> Response {
    let visit = &post.seat.visit;
    if let Some(token) = visit.token.clone()
        && let Err(no) = app.call(move |desk| desk.sign_out(&token)).await
    {
        return fault::refused(&post.seat, no, None).await;
    }
    let gone = cookie::cleared(cookie::session_name(visit.tls), visit.tls);
    with_cookie(see("/sign-in?bye=1"), &gone)
}

/// Goes on under another one of one's posts, in a session of its own.
pub async fn take_post(post: Post) -> Response {
    let id = post.form.get("post").to_string();
    let visit = post.seat.visit.clone();
    match post.seat.ask(move |desk, session| desk.take_post(session, &id)).await {
        Ok(taken) => {
            let name = cookie::session_name(visit.tls);
            with_cookie(see("/todo"), &cookie::secret(name, &taken.token, visit.tls))
        }
        Err(no) => fault::refused(&post.seat, no, Some(&post.form)).await,
    }
}

/// Keeps the session alive: asking for it was the activity. Answers how long it runs now.
pub async fn extend(post: Post) -> Response {
    let Seat { app, session, .. } = &post.seat;
    let ends = session.idle_until.min(session.ends);
    let idle = ends.micros_since(app.desk().now()) / 1_000_000;
    Json(json!({ "idle": idle.max(0) })).into_response()
}

/// A place within this site, so that nobody is sent elsewhere by a link.
fn local(target: &str) -> String {
    let inside =
        target.starts_with('/') && !target.starts_with("//") && !target.contains(['\\', '\n', '\r', '\t']);
    let sensible = inside && target.is_ascii() && !target.starts_with("/sign-");
    if sensible { target.to_string() } else { "/todo".to_string() }
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn nobody_is_sent_elsewhere() {
        for outside in ["//evil.test", "https://evil.test", "/\\evil.test", "evil", "", "/a\r\nb", "/sign-in"]
        {
            assert_eq!(local(outside), "/todo", "{outside}");
        }
        assert_eq!(local("/lookups/new?case=1"), "/lookups/new?case=1");
    }
}
