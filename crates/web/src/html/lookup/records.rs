//! Records: the list, and one record whole.

use crate::form::{Form, encode};
use crate::html::frame::Frame;
use crate::html::{fault, ok, page, see, status_of_no};
use crate::seat::{Post, Seat};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use desk::No;
use desk::lookup::CorrectForm;
use desk::view::{RecordFilter, RecordPage, RecordView};

/// States that the list can be narrowed to, as the desk names them.
pub const STATES: [&str; 10] = [
    "requested",
    "approved",
    "asked",
    "answered",
    "not-obtained",
    "unknown",
    "awaiting",
    "stamped",
    "returned",
    "anomaly",
];

#[derive(Template)]
#[template(path = "records.html")]
struct List {
    f: Frame,
    filter: RecordFilter,
    page: RecordPage,
    more: Option<String>,
}

impl List {
    fn states(&self) -> [&'static str; 10] {
        STATES
    }

    fn is_state(&self, state: &str) -> bool {
        self.filter.state.as_deref() == Some(state)
    }

    fn case(&self) -> &str {
        self.filter.case.as_deref().unwrap_or_default()
    }

    fn code(&self) -> &str {
        self.filter.code.as_deref().unwrap_or_default()
    }
}

#[derive(Template)]
#[template(path = "record.html")]
struct Detail {
    f: Frame,
    r: RecordView,
    key: String,
    typed: Form,
}

/// Reads what to show from an address.
pub fn filter(query: &Form) -> RecordFilter {
    let some = |name: &str| Some(query.get(name).to_string()).filter(|value| !value.is_empty());
    RecordFilter {
        state: some("state").filter(|state| STATES.contains(&state.as_str())),
        case: some("case").map(|case| domain::identity::fold(&case)),
        code: some("code").map(|code| domain::identity::fold(&code).to_uppercase()),
        after: some("after"),
    }
}

/// Shows fifty records at a time.
pub async fn list(seat: Seat) -> Response {
    let filter = filter(&seat.visit.query);
    let wanted = filter.clone();
    let page = match seat.ask(move |desk, session| desk.records(session, &wanted)).await {
        Ok(page) => page,
        Err(no) => return fault::refused(&seat, no, None).await,
    };
    let more = page.next.as_ref().map(|next| {
        let part = |name: &str, value: &Option<String>| {
            value.as_ref().map_or_else(String::new, |value| format!("&{name}={}", encode(value)))
        };
        let kept = [part("state", &filter.state), part("case", &filter.case), part("code", &filter.code)];
        format!("/records?after={}{}", encode(next), kept.concat())
    });
    ok(&List { f: Frame::of(&seat, "records-title").await, filter, page, more })
}

/// Shows one record.
pub async fn show(Path(code): Path<String>, seat: Seat) -> Response {
    let typed = seat.held_form().await.unwrap_or_default();
    match draw(&seat, code, typed).await {
        Ok(view) => ok(&view),
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

async fn draw(seat: &Seat, code: String, typed: Form) -> Result<Detail, No> {
    let asked = code.clone();
    let r = seat.ask(move |desk, session| desk.record(session, &asked)).await?;
    let mut f = Frame::of(seat, "record-title").await;
    f.title = r.row.code.clone();
    if seat.visit.query.has("corrected") {
        f.banner = Some(f.t("record-corrected"));
    }
    Ok(Detail { f, r, key: crate::random_word().unwrap_or_default(), typed })
}

/// Corrects a returned record and sends it to the stamp again.
pub async fn correct(Path(code): Path<String>, post: Post) -> Response {
    let form = CorrectForm {
        reason: post.form.get("reason").to_string(),
        case: domain::identity::fold(post.form.get("case")),
    };
    let asked = code.clone();
    match post.seat.ask(move |desk, session| desk.correct(session, &asked, &form)).await {
        Ok(()) => see(&format!("/records/{}?corrected=1", encode(&code))),
        Err(no @ No::Refused(_)) => match draw(&post.seat, code, post.form.clone()).await {
            Ok(mut view) => {
                let status = status_of_no(&no);
                if let No::Refused(views) = &no {
                    view.f.refuse(views);
                }
                page(status, &view)
            }
            Err(no) => fault::refused(&post.seat, no, Some(&post.form)).await,
        },
        Err(no) => fault::refused(&post.seat, no, Some(&post.form)).await,
    }
}

/// The search of the bar: a record code leads to the record, anything else is a case number.
pub async fn search(seat: Seat) -> Response {
    let text = domain::identity::fold(seat.visit.query.get("q"));
    let text = text.trim();
    let code: Result<domain::record_code::RecordCode, _> =
        domain::record_code::RecordCode::parse(&text.to_uppercase());
    match (text.is_empty(), code) {
        (true, _) => see("/records"),
        (_, Ok(code)) => see(&format!("/records/{}", encode(&code.to_string()))),
        _ => see(&format!("/records?case={}", encode(text))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_takes_known_states_only() {
        let query = Form::of(&[("state", "awaiting"), ("case", " １１３疫1 "), ("code", "qr-1")]);
        let read = filter(&query);
        assert_eq!(read.state.as_deref(), Some("awaiting"));
        assert_eq!(read.case.as_deref(), Some("113疫1"));
        assert_eq!(read.code.as_deref(), Some("QR-1"));
        assert_eq!(filter(&Form::of(&[("state", "'; DROP TABLE")])).state, None);
    }
}
