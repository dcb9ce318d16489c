//! Closed days: the list, and declaring one.

use super::super::again::{after, one_day};
use super::super::frame::Frame;
use super::super::{fault, ok};
use crate::form::Form;
use crate::seat::{Post, Seat};
use askama::Template;
use axum::response::Response;
use desk::directory::ClosureForm;
use desk::view::{ClosedDayView, ClosuresView};
use desk::{Desk, No};
use domain::directory::closure::Cause;
use domain::{Reason, Refusal};

#[derive(Template)]
#[template(path = "closures.html")]
struct Closures {
    f: Frame,
    all: ClosuresView,
    key: String,
    typed: Form,
}

impl Closures {
    /// Why a day is closed: what the agency said, or the name that the calendar gives it.
    fn why(&self, one: &ClosedDayView) -> String {
        match one.local {
            Some(cause) => self.f.k("closure-cause", cause.word()),
            None => one.name.clone(),
        }
    }
}

/// Shows the closed days.
pub async fn list(seat: Seat) -> Response {
    let typed = seat.held_form().await.unwrap_or_default();
    match draw(&seat, typed).await {
        Ok(mut view) => {
            let done = seat.visit.query.get("done") == "declared";
            view.f.banner = done.then(|| view.f.t("closure-done"));
            ok(&view)
        }
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

async fn draw(seat: &Seat, typed: Form) -> Result<Closures, No> {
    let all = seat.ask(Desk::closures).await?;
    let key = crate::random_word().unwrap_or_default();
    Ok(Closures { f: Frame::of(seat, "closures-title").await, all, key, typed })
}

/// Declares a day.
pub async fn declare(post: Post) -> Response {
    let today = post.seat.app.desk().now().date();
    let missing = || Refusal::new(Reason::FieldMissing).at("why");
    let cause = Cause::from_word(post.form.get("why")).ok_or_else(missing);
    let came = match (one_day(&post.form, today, "day"), cause) {
        (Ok(day), Ok(cause)) => {
            let form = ClosureForm { day, cause, form_key: post.key() };
            post.seat.ask(move |desk, session| desk.declare_closure(session, &form)).await
        }
        (on, cause) => Err(No::refused([on.err(), cause.err()].into_iter().flatten())),
    };
    let drawn = draw(&post.seat, post.form.clone());
    after(&post, came, "/closures?done=declared", drawn, |page| &mut page.f).await
}
