//! One's own password and second factor.

use super::picture::Picture;
use crate::guard::held;
use crate::html::frame::Frame;
use crate::html::prove::{code, own_code};
use crate::html::{fault, ok, page, see, status_of_no};
use crate::seat::{Post, Seat};
use askama::Template;
use axum::response::Response;
use desk::No;
use desk::account::PasswordForm;
use desk::view::{FactorView, PasswordView};
use domain::Personal;

#[derive(Template)]
#[template(path = "password.html")]
struct Password {
    f: Frame,
    own: PasswordView,
    key: String,
    code: String,
}

#[derive(Template)]
#[template(path = "factor.html")]
struct Factor {
    f: Frame,
    /// The new one, once password and code of the present one were shown.
    new: Option<(FactorView, Option<Picture>)>,
    code: String,
}

/// Shows the form for one's own password.
pub async fn password(seat: Seat) -> Response {
    match draw_password(&seat).await {
        Ok(view) => ok(&view),
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

async fn draw_password(seat: &Seat) -> Result<Password, No> {
    let own = seat.ask(desk::Desk::own_password).await?;
    let (key, code) = (crate::random_word().unwrap_or_default(), own_code(seat).await);
    Ok(Password { f: Frame::of(seat, "password-title").await, own, key, code })
}

/// Changes it.
pub async fn change_password(post: Post) -> Response {
    let secret = |name: &str| Personal::new(post.form.exact(name));
    let form = PasswordForm {
        current: secret("current"),
        password: secret("password"),
        again: secret("again"),
        proof: code(&post.form),
        form_key: post.key(),
    };
    let place = post.seat.app.doors().acquire().await;
    let came = post.seat.ask(move |desk, session| desk.change_password(session, &form)).await;
    drop(place);
    let seat = &post.seat;
    match came {
        Ok(()) => {
            let back = held::back(&seat.app, &seat.visit, &seat.session).await;
            see(&back.unwrap_or_else(|| "/settings?done=password".into()))
        }
        Err(No::Refused(views)) => match draw_password(seat).await {
            Ok(mut view) => {
                view.f.refuse(&views);
                page(status_of_no(&No::Refused(views)), &view)
            }
            Err(no) => fault::refused(seat, no, None).await,
        },
        Err(no) => fault::refused(seat, no, None).await,
    }
}

/// Shows the form for another second factor.
pub async fn factor(seat: Seat) -> Response {
    ok(&draw_factor(&seat, None).await)
}

async fn draw_factor(seat: &Seat, new: Option<FactorView>) -> Factor {
    let code = match &new {
        Some(_) => String::new(),
        None => own_code(seat).await,
    };
    let new = new.map(|view| {
        let picture = Picture::of(&view.address);
        (view, picture)
    });
    Factor { f: Frame::of(seat, "factor-title").await, new, code }
}

/// Takes password and code of the present one, and shows the new one.
pub async fn begin_factor(post: Post) -> Response {
    let (current, proof) = (Personal::new(post.form.exact("current")), code(&post.form));
    let place = post.seat.app.doors().acquire().await;
    let came = post.seat.ask(move |desk, session| desk.begin_factor(session, &current, &proof)).await;
    drop(place);
    match came {
        Ok(view) => ok(&draw_factor(&post.seat, Some(view)).await),
        Err(No::Refused(views)) => {
            let mut view = draw_factor(&post.seat, None).await;
            view.f.refuse(&views);
            page(status_of_no(&No::Refused(views)), &view)
        }
        Err(no) => fault::refused(&post.seat, no, None).await,
    }
}

/// Ties the new one, if its code is right.
pub async fn confirm_factor(post: Post) -> Response {
    let proof = code(&post.form);
    match post.seat.ask(move |desk, session| desk.replace_factor(session, &proof)).await {
        Ok(()) => see("/settings?done=factor"),
        Err(No::Refused(views)) => match post.seat.ask(desk::Desk::waiting_factor).await {
            Ok(waiting) => {
                let mut view = draw_factor(&post.seat, waiting).await;
                view.f.refuse(&views);
                page(status_of_no(&No::Refused(views)), &view)
            }
            Err(no) => fault::refused(&post.seat, no, None).await,
        },
        Err(no) => fault::refused(&post.seat, no, None).await,
    }
}
