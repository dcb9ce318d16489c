//! The timed result, and the pages for every way in which there is none.

use super::frame::Frame;
use super::{fault, ok, see};
use crate::seat::{Post, Seat};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use desk::view::{Ending, ItemView, ResultView};
use domain::time::Date;

#[derive(Template)]
#[template(path = "result.html")]
struct Page {
    f: Frame,
    r: ResultView,
}

impl Page {
    /// Whether there is anything to show, and so a time after which it is hidden.
    fn shows(&self) -> bool {
        matches!(self.r.ending, Some(Ending::Found | Ending::Doubtful | Ending::Partial))
    }

    fn ending(&self) -> &'static str {
        ending(self.r.ending)
    }

    fn tone(&self) -> &'static str {
        match self.r.ending {
            Some(Ending::Found) => "ok",
            Some(Ending::NotFound) | None => "info",
            Some(Ending::Doubtful | Ending::Partial) => "warn",
            _ => "bad",
        }
    }

    /// A value as the reader writes it: days in the reader's calendar, all else as it came.
    fn cell(&self, value: &domain::Personal) -> String {
        let text = value.expose();
        Date::parse_iso(text).map_or_else(|| text.to_string(), |date| self.f.day(&date))
    }

    fn as_of(&self, item: &ItemView) -> Option<String> {
        let text = item.as_of.as_deref()?;
        Some(Date::parse_iso(text).map_or_else(|| text.to_string(), |date| self.f.short_day(&date)))
    }

    /// Where the next person of the same case is looked up.
    fn next(&self) -> String {
        format!("/lookups/new?case={}", crate::form::encode(&self.r.case))
    }
}

#[derive(Template)]
#[template(path = "hidden.html")]
struct Hidden {
    f: Frame,
    code: String,
}

/// How a lookup ended, as locale key and as word of the API.
pub fn ending(ending: Option<Ending>) -> &'static str {
    ending.map_or("requested", Ending::word)
}

/// Shows what came of a lookup.
pub async fn answered(seat: &Seat, r: ResultView) -> Response {
    let mut f = Frame::of(seat, "result-title").await;
    // The window's title is kept by browsers and seen by passers-by: it says the code alone.
    f.window = Some(r.code.clone());
    let mut view = Page { f, r };
    if view.shows() && view.r.visible_seconds > 0 {
        let hidden = format!("/records/{}/hidden", crate::form::encode(&view.r.code));
        view.f.leave = Some((view.r.visible_seconds, hidden));
    }
    ok(&view)
}

/// Carries out a request that was stamped beforehand.
pub async fn run(Path(code): Path<String>, post: Post) -> Response {
    let key = post.key();
    match post.seat.ask(move |desk, session| desk.run(session, &code, &key)).await {
        Ok(found) => answered(&post.seat, found).await,
        Err(no) => fault::refused(&post.seat, no, None).await,
    }
}

/// Shows the parked answer again, under an entry of its own.
pub async fn review(Path(code): Path<String>, post: Post) -> Response {
    match post.seat.ask(move |desk, session| desk.review(session, &code)).await {
        Ok(found) => answered(&post.seat, found).await,
        Err(no) => fault::refused(&post.seat, no, None).await,
    }
}

/// Takes note that the browser has hidden the answer.
pub async fn hide(Path(code): Path<String>, post: Post) -> Response {
    let asked = code.clone();
    let noted = post.seat.ask(move |desk, session| desk.hidden(session, &asked)).await;
    match (noted, post.seat.visit.csrf.is_some()) {
        (Ok(()), true) => StatusCode::NO_CONTENT.into_response(),
        (Ok(()), false) => see(&format!("/records/{}/hidden", crate::form::encode(&code))),
        (Err(no), _) => fault::refused(&post.seat, no, None).await,
    }
}

/// What a browser without script shows once the time is over.
pub async fn hidden_page(Path(code): Path<String>, seat: Seat) -> Response {
    let mut f = Frame::of(&seat, "hidden-title").await;
    f.window = Some(code.clone());
    ok(&Hidden { f, code })
}
