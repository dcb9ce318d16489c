//! Exceptions from separation: the list, allowing one, revoking one.

use super::super::frame::Frame;
use super::super::{fault, ok, page, see, status_of_no};
use super::bare;
use crate::form::Form;
use crate::seat::{Post, Seat};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use desk::directory::ExceptionForm;
use desk::view::{ExceptionView, ExceptionsView};
use desk::{Answer, Desk, No};
use domain::time::input::day;
use domain::{Personal, Reason, Refusal};

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
    match draw(&seat, Form::default()).await {
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
    let today = post.seat.app.desk().now().date();
    let read = |field| {
        let missing = || Refusal::new(Reason::FieldMissing).at(field);
        day(post.form.get(field), today, field).and_then(|day| day.ok_or_else(missing))
    };
    let came = match (read("from"), read("until")) {
        (Ok(from), Ok(until)) => {
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
        (from, until) => {
            Err(No::Refused([from.err(), until.err()].into_iter().flatten().map(bare).collect()))
        }
    };
    done(&post, came, "allowed").await
}

/// Revokes an exception.
pub async fn revoke(Path(id): Path<String>, post: Post) -> Response {
    let came = post.seat.ask(move |desk, session| desk.revoke_exception(session, &id)).await;
    done(&post, came, "revoked").await
}

async fn done(post: &Post, came: Answer<()>, what: &str) -> Response {
    let no = match came {
        Ok(()) => return see(&format!("/exceptions?done={what}")),
        Err(no) => no,
    };
    let No::Refused(views) = no else { return fault::refused(&post.seat, no, Some(&post.form)).await };
    match draw(&post.seat, post.form.clone()).await {
        Ok(mut view) => {
            view.f.refuse(&views);
            page(status_of_no(&No::Refused(views)), &view)
        }
        Err(no) => fault::refused(&post.seat, no, Some(&post.form)).await,
    }
}
