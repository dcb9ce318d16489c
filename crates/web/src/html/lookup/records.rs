//! Records: the list, and one record whole.

use crate::form::{Form, encode};
use crate::html::frame::Frame;
use crate::html::{again, fault, ok, page, see, status_of_no};
use crate::seat::{Post, Seat};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use desk::No;
use desk::lookup::CorrectForm;
use desk::view::{RecordFilter, RecordPage, RecordView};
use domain::Personal;
use domain::identity::national_id::{NationalId, NationalIdError};

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
    /// None where what was searched for could not be read.
    page: Option<RecordPage>,
}

impl List {
    fn states(&self) -> [&'static str; 10] {
        STATES
    }

    fn is_state(&self, state: &str) -> bool {
        self.state() == state
    }

    fn state(&self) -> &str {
        self.filter.state.as_deref().unwrap_or_default()
    }

    fn case(&self) -> &str {
        self.filter.case.as_deref().unwrap_or_default()
    }

    fn code(&self) -> &str {
        self.filter.code.as_deref().unwrap_or_default()
    }

    fn subject(&self) -> &str {
        self.filter.subject.as_ref().map_or("", Personal::expose)
    }

    /// The address of the next page; a page that was searched for is sent and has none.
    fn more(&self, next: &str) -> String {
        address(&RecordFilter { after: Some(next.into()), ..self.filter.clone() })
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

/// Reads what to show from an address. Whom records are about never stands in one.
pub fn filter(query: &Form) -> RecordFilter {
    narrowed(|name| query.get(name).to_string())
}

/// Reads what a list is narrowed to, apart from the subject.
pub fn narrowed(field: impl Fn(&str) -> String) -> RecordFilter {
    let some = |name: &str| Some(field(name)).filter(|value| !value.is_empty());
    RecordFilter {
        state: some("state").filter(|state| STATES.contains(&state.as_str())),
        case: some("case").map(|case| domain::identity::fold(&case)),
        code: some("code").map(|code| domain::identity::fold(&code).to_uppercase()),
        after: some("after"),
        subject: None,
    }
}

/// The address of a list that is not narrowed to a subject.
fn address(filter: &RecordFilter) -> String {
    let fields =
        [("after", &filter.after), ("state", &filter.state), ("case", &filter.case), ("code", &filter.code)];
    let parts = fields.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
    let parts: Vec<String> = parts.map(|(name, value)| format!("{name}={}", encode(value))).collect();
    format!("/records?{}", parts.join("&"))
}

/// Shows fifty records at a time.
pub async fn list(seat: Seat) -> Response {
    let mut filter = filter(&seat.visit.query);
    let wanted = filter.clone();
    let page = match seat.ask(move |desk, session| desk.records(session, &wanted)).await {
        Ok(page) => page,
        Err(no) => return fault::refused(&seat, no, None).await,
    };
    // What was typed before the session ended is there again, and is searched for when it is sent.
    filter.subject = seat.held_form().await.map(|form| Personal::new(form.get("subject")));
    ok(&List { f: Frame::of(&seat, "records-title").await, filter, page: Some(page) })
}

/// Narrows the list. With a subject this is a search, which is entered and has no address of its own.
pub async fn find(post: Post) -> Response {
    let filter = filter(&post.form);
    match post.form.get("subject") {
        "" => see(&address(&filter)),
        subject => search_for(&post, subject, RecordFilter { code: None, ..filter }).await,
    }
}

async fn search_for(post: &Post, subject: &str, filter: RecordFilter) -> Response {
    let filter = RecordFilter { subject: Some(Personal::new(subject)), ..filter };
    let wanted = filter.clone();
    match post.seat.ask(move |desk, session| desk.records(session, &wanted)).await {
        Ok(page) => ok(&List { f: Frame::of(&post.seat, "records-title").await, filter, page: Some(page) }),
        Err(no @ No::Refused(_)) => {
            let (status, mut f) = (status_of_no(&no), Frame::of(&post.seat, "records-title").await);
            if let No::Refused(views) = &no {
                f.refuse(views);
            }
            page(status, &List { f, filter, page: None })
        }
        Err(no) => fault::refused(&post.seat, no, Some(&post.form)).await,
    }
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
        Err(no) => {
            again::again(&post, no, draw(&post.seat, code, post.form.clone()), |page| &mut page.f).await
        }
    }
}

/// The search of the bar: a record code leads to the record, a national number to the records about its
/// owner, and anything else is a case number. It is sent and not asked for, so that no number gets into an
/// address.
pub async fn search(post: Post) -> Response {
    let text = domain::identity::fold(post.form.get("q"));
    let text = text.trim();
    let code: Result<domain::record_code::RecordCode, _> =
        domain::record_code::RecordCode::parse(&text.to_uppercase());
    match (text.is_empty(), code) {
        (true, _) => see("/records"),
        (_, Ok(code)) => see(&format!("/records/{}", encode(&code.to_string()))),
        _ if is_number(text) => search_for(&post, text, RecordFilter::default()).await,
        _ => see(&format!("/records?case={}", encode(text))),
    }
}

/// Whether a text has the shape of a national number, be one of its characters mistyped or not.
fn is_number(text: &str) -> bool {
    matches!(NationalId::parse(text), Ok(_) | Err(NationalIdError::CheckDigit))
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
    #[test]
    fn an_address_says_what_a_list_is_narrowed_to_and_never_whom_it_is_about() {
        let read = filter(&Form::of(&[("case", "113疫1"), ("after", "5:QR-1"), ("subject", "A123456789")]));
        assert_eq!(read.subject, None);
        let searched = RecordFilter { subject: Some(Personal::new("A123456789")), ..read };
        assert_eq!(address(&searched), "/records?after=5%3AQR-1&case=113%E7%96%AB1");
    }

    #[test]
    fn a_mistyped_number_is_a_number_all_the_same() {
        for text in ["A123456789", "A123456788", "a 123456789"] {
            assert!(is_number(text), "{text}");
        }
        for text in ["113疫1", "A12345678", "QR-1130122-0187-7", "A1234567890", "低收00101"] {
            assert!(!is_number(text), "{text}");
        }
    }
}
