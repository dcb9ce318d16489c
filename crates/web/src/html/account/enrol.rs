//! Setting one's own account up, with a code that was handed out.

use super::picture::Picture;
use crate::App;
use crate::html::frame::Frame;
use crate::html::prove::code;
use crate::html::{fault, ok, page, see, status_of_no};
use crate::seat::OpenPost;
use crate::visit::Visit;
use askama::Template;
use axum::extract::State;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use desk::No;
use desk::account::SetUpForm;
use desk::view::{EnrollingView, RefusalView};
use domain::Personal;
use std::sync::Arc;
use std::time::Duration;

#[derive(Template)]
#[template(path = "enrol.html")]
struct Door {
    f: Frame,
    login: String,
    notice: Option<String>,
}

#[derive(Template)]
#[template(path = "set-up.html")]
struct SetUp {
    f: Frame,
    e: EnrollingView,
    picture: Option<Picture>,
}

/// Asks for the sign-in name and the code.
pub async fn show(State(app): State<App>, visit: Arc<Visit>) -> Response {
    ok(&door(&app, &visit, "").await)
}

async fn door(app: &App, visit: &Visit, login: &str) -> Door {
    Door { f: Frame::open(app, visit, "enrol-title").await, login: login.into(), notice: None }
}

/// Takes the code, and asks for a password and a second factor.
pub async fn redeem(State(app): State<App>, post: OpenPost) -> Response {
    let OpenPost { visit, form, .. } = post;
    let login = domain::identity::fold(form.get("login"));
    if let Some(response) = knocked(&app, &visit, &login).await {
        return response;
    }
    let (name, typed) = (login.clone(), Personal::new(form.get("code")));
    match app.call(move |desk| desk.redeem(&name, typed.expose())).await {
        Ok(e) => {
            app.welcome(visit.address).await;
            ok(&set_up(&app, &visit, e).await)
        }
        Err(No::Refused(views)) => refused(&app, &visit, &login, views).await,
        Err(no) => {
            app.welcome(visit.address).await;
            fault::no(&app, &visit, no).await
        }
    }
}

/// Codes pay with the attempts of the door: guessing one is guessing a password.
async fn knocked(app: &App, visit: &Visit, login: &str) -> Option<Response> {
    match app.knock(visit.address).await {
        Ok(None) => None,
        Ok(Some(wait)) => Some(too_many(app, visit, wait, login).await),
        Err(no) => Some(fault::no(app, visit, no).await),
    }
}

async fn too_many(app: &App, visit: &Visit, wait: Duration, login: &str) -> Response {
    let mut view = door(app, visit, login).await;
    let seconds = wait.as_secs().max(1);
    view.notice = Some(view.f.n("sign-in-too-many", seconds));
    let mut response = page(StatusCode::TOO_MANY_REQUESTS, &view);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

async fn refused(app: &App, visit: &Visit, login: &str, views: Vec<RefusalView>) -> Response {
    let mut view = door(app, visit, login).await;
    view.f.refuse(&views);
    page(status_of_no(&No::Refused(views)), &view)
}

async fn set_up(app: &App, visit: &Visit, e: EnrollingView) -> SetUp {
    let picture = Picture::of(&e.factor.address);
    SetUp { f: Frame::open(app, visit, "set-up-title").await, e, picture }
}

/// Sets the account up; its owner signs in next.
pub async fn confirm(State(app): State<App>, post: OpenPost) -> Response {
    let OpenPost { visit, form, .. } = post;
    if let Some(response) = knocked(&app, &visit, "").await {
        return response;
    }
    let ticket = form.get("ticket").to_string();
    let typed = SetUpForm {
        ticket: ticket.clone(),
        password: Personal::new(form.exact("password")),
        again: Personal::new(form.exact("again")),
        proof: code(&form),
        place: visit.place.clone(),
    };
    let place = app.doors().acquire().await;
    let came = app.call(move |desk| desk.set_up(&typed)).await;
    drop(place);
    match came {
        Ok(()) => {
            app.welcome(visit.address).await;
            see("/sign-in?enrolled=1")
        }
        // With a good ticket the page stays, and no attempt was made; without, it begins anew.
        Err(No::Refused(views)) => match app.call(move |desk| desk.redeemed(&ticket)).await {
            Ok(e) => {
                app.welcome(visit.address).await;
                let mut view = set_up(&app, &visit, e).await;
                view.f.refuse(&views);
                page(status_of_no(&No::Refused(views)), &view)
            }
            Err(No::Refused(_)) => refused(&app, &visit, "", views).await,
            Err(no) => fault::no(&app, &visit, no).await,
        },
        Err(no) => {
            app.welcome(visit.address).await;
            fault::no(&app, &visit, no).await
        }
    }
}
