//! Exceptions from separation: the list, allowing one, revoking one.

use super::super::again::{after, days};
use super::super::frame::Frame;
use super::super::{fault, ok};
use crate::form::Form;
use crate::seat::{Post, Seat};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use desk::directory::ExceptionForm;
use desk::view::{ExceptionView, ExceptionsView};
use desk::{Answer, Desk, No};
use domain::Personal;

#[derive(Template)]
#[template(path = "exceptions.html")]
struct Exceptions {
    f: Frame,
    all: ExceptionsView,
    key: String,
    typed: Form,
}

impl Exceptions {
    /// Two capacities in words.
    fn pair(&self, pair: &[&'static str; 2]) -> String {
        let [first, second] = pair.map(|word| self.f.k("capacity", word));
        self.f.say.fill("exceptions-pair", &[("first", &first), ("second", &second)])
    }

    /// The tone and the shape of an exception's state.
    fn looks(&self, one: &ExceptionView) -> (&'static str, &'static str) {
        match one.state {
            "runs" => ("ok", "\u{2713}"),
            "waits" => ("run", "\u{25b8}"),
            _ => ("none", "\u{2013}"),
        }
    }
}

/// Shows the exceptions.
pub async fn list(seat: Seat) -> Response {
    let typed = seat.held_form().await.unwrap_or_default();
    match draw(&seat, typed).await {
        Ok(mut view) => {
            view.f.banner = match seat.visit.query.get("done") {
                done @ ("allowed" | "revoked") => Some(view.f.t(&format!("exception-done-{done}"))),
                _ => None,
            };
            ok(&view)
        }
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

async fn draw(seat: &Seat, typed: Form) -> Result<Exceptions, No> {
    let all = seat.ask(Desk::exceptions).await?;
    let key = crate::random_word().unwrap_or_default();
    Ok(Exceptions { f: Frame::of(seat, "exceptions-title").await, all, key, typed })
}

/// Allows an exception.
pub async fn allow(post: Post) -> Response {
    let came = match days(&post, ["from", "until"]) {
        Ok([from, until]) => {
            let form = ExceptionForm {
                person: post.form.get("person").into(),
                pair: post.form.get("pair").into(),
                from,
                until,
                words: Personal::new(post.form.get("words")),
                form_key: post.key(),
            };
            post.seat.ask(move |desk, session| desk.allow_exception(session, &form)).await
        }
        Err(no) => Err(no),
    };
    done(&post, came, "allowed").await
}

/// Revokes an exception.
pub async fn revoke(Path(id): Path<String>, post: Post) -> Response {
    let came = post.seat.ask(move |desk, session| desk.revoke_exception(session, &id)).await;
    done(&post, came, "revoked").await
}

async fn done(post: &Post, came: Answer<()>, what: &str) -> Response {
    let drawn = draw(&post.seat, post.form.clone());
    after(post, came, &format!("/exceptions?done={what}"), drawn, |page| &mut page.f).await
}
