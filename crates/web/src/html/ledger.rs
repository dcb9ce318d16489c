//! Ledger verification: is this record in the book, and was the book never changed?

use super::frame::Frame;
use super::{download, fault, ok, page, status_of_no};
use crate::seat::Seat;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use desk::No;
use desk::view::VerificationView;

#[derive(Template)]
#[template(path = "ledger.html")]
struct Page {
    f: Frame,
    code: String,
    found: Option<VerificationView>,
    /// Logs whose entries the viewer may download.
    logs: Vec<String>,
}

impl Page {
    /// Whether everything that was checked held.
    fn whole(&self) -> bool {
        self.found.as_ref().is_some_and(|found| {
            found.consistent && !found.entries.is_empty() && found.entries.iter().all(|entry| entry.included)
        })
    }

    fn first(&self) -> String {
        let first = self.found.as_ref().and_then(|found| found.entries.first());
        first.map(|entry| self.f.say.moment(&entry.at)).unwrap_or_default()
    }

    fn number(&self, number: &u64) -> String {
        crate::locale::grouped(*number as f64)
    }

    fn short<'a>(&self, hash: &'a str) -> &'a str {
        hash.get(..16).unwrap_or(hash)
    }
}

/// Shows the page, and what is known about the code of `?code=`.
pub async fn show(seat: Seat) -> Response {
    let code = domain::identity::fold(seat.visit.query.get("code")).trim().to_uppercase();
    let asked = code.clone();
    let found = match code.is_empty() {
        true => Ok(None),
        false => seat.ask(move |desk, session| desk.verify(session, &asked)).await.map(Some),
    };
    let allowed = |desk: &desk::Desk, session: &desk::Session| {
        let logs = desk.logs().into_iter();
        Ok(logs.filter(|log| desk.entries_allowed(session, log)).collect::<Vec<_>>())
    };
    let logs = seat.ask(allowed).await.unwrap_or_default();
    let mut f = Frame::of(&seat, "ledger-title").await;
    match found {
        Ok(found) => ok(&Page { f, code, found, logs }),
        Err(no @ No::Refused(_)) => {
            let status = status_of_no(&no);
            if let No::Refused(views) = &no {
                f.refuse(views);
            }
            page(status, &Page { f, code, found: None, logs })
        }
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

/// The proof of one entry, as a file that anybody can check offline.
pub async fn proof(Path((log, index)): Path<(String, String)>, seat: Seat) -> Response {
    let Ok(index) = index.parse::<u64>() else {
        return fault::page(&seat.app, &seat.visit, StatusCode::NOT_FOUND, "fault-unknown").await;
    };
    let name = format!("{log}-{index}.tlog-proof");
    match seat.ask(move |desk, session| desk.proof_file(session, &log, index)).await {
        Ok(text) => download(&name, "text/plain; charset=utf-8", text.into_bytes()),
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

/// The whole log as one archive, for auditors.
pub async fn export(Path(log): Path<String>, seat: Seat) -> Response {
    let name = format!("{log}.tar");
    match seat.ask(move |desk, session| desk.export_log(session, &log)).await {
        Ok(bytes) => download(&name, "application/x-tar", bytes),
        Err(no) => fault::refused(&seat, no, None).await,
    }
}
