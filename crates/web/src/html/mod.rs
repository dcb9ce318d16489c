//! Pages: HTML from the server, every act a real form or link.

pub mod account;
pub mod again;
pub mod application;
pub mod case;
pub mod directory;
pub mod duty;
pub mod fault;
pub mod frame;
pub mod grant;
pub mod ledger;
pub mod letter;
pub mod link;
pub mod lookup;
pub mod prove;
pub mod regulation;
pub mod result;
pub mod session;
pub mod settings;
pub mod todo;

use crate::App;
use askama::Template;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use desk::No;
use domain::Reason;

/// The routes of all pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/", get(|| async { see("/todo") }))
        .route("/sign-in", get(session::show).post(session::sign_in))
        .route("/sign-out", post(session::sign_out))
        .route("/post", post(session::take_post))
        .route("/session/extend", post(session::extend))
        .route("/todo", get(todo::show))
        .route("/search", post(lookup::records::search))
        .route("/help", get(settings::help))
        .route("/lookups/new", get(lookup::show))
        .route("/lookups", post(lookup::ask))
        .route("/records", get(lookup::records::list).post(lookup::records::find))
        .route("/records/{code}", get(lookup::records::show))
        .route("/records/{code}/run", post(result::run))
        .route("/records/{code}/review", post(result::review))
        .route("/records/{code}/hidden", get(result::hidden_page).post(result::hide))
        .route("/records/{code}/correct", post(lookup::records::correct))
        .route("/countersign", get(lookup::countersign::show))
        .route("/countersign/confirm", post(lookup::countersign::confirm))
        .route("/countersign/stamp", post(lookup::countersign::stamp))
        .route("/countersign/{code}", post(lookup::countersign::judge))
        .merge(application_routes())
        .route("/permissions", get(grant::list))
        .route("/permissions/{id}", get(grant::show))
        .route("/permissions/{id}/stop", post(grant::stop))
        .route("/duties", get(duty::list))
        .route("/duties/{id}", get(duty::show).post(duty::fulfil).layer(files()))
        .route("/duties/{id}/files/{file}", get(duty::file))
        .route("/links", get(link::list))
        .route("/links/{code}", get(link::show))
        .route("/links/{code}/test", post(link::test))
        .route("/links/{code}/end", post(link::end))
        .route("/links/{code}/need", post(link::need))
        .route("/link-reviews/{duty}", get(link::review).post(link::settle))
        .route("/inventory/{id}", get(account::inventory::show).post(account::inventory::decide))
        .route("/inventory/{id}/attest", post(account::inventory::attest))
        .route("/inventory/{id}/remind", post(account::inventory::remind))
        .route("/inventory/{id}/close", post(account::inventory::close))
        .merge(directory_routes())
        .route("/cases", get(case::list).post(case::register))
        .route("/ledger", get(ledger::show))
        .route("/ledger/{log}/proof/{index}", get(ledger::proof))
        .route("/ledger/{log}/export", get(ledger::export))
        .route("/compliance", get(regulation::show))
        .route("/versions/{digest}/replay", post(regulation::replay))
        .route("/settings", get(settings::show))
        .route("/settings/text-size", post(settings::text_size))
        .route("/settings/sessions/end-others", post(account::end_others))
        .route("/settings/sessions/{handle}/end", post(account::end_session))
        .route("/accounts", get(account::list).post(account::invite))
        .route("/accounts/slips", post(account::slips::hand_out))
        .route("/accounts/{person}", get(account::one::show))
        .route("/accounts/{person}/deliver", post(account::one::deliver))
        .route("/accounts/{person}/revoke", post(account::one::revoke))
        .route("/accounts/{person}/end-sessions", post(account::one::end_sessions))
        .route("/enrol", get(account::enrol::show).post(account::enrol::redeem))
        .route("/enrol/confirm", post(account::enrol::confirm))
        .route("/password", get(account::credential::password).post(account::credential::change_password))
        .route("/factor", get(account::credential::factor).post(account::credential::begin_factor))
        .route("/factor/confirm", post(account::credential::confirm_factor))
        .route("/settings/mail", post(letter::set_mail))
        .route("/consents", post(settings::give_consent))
        .route("/consents/{id}/end", post(settings::end_consent))
}

/// The routes of the organisation: people, posts, days, contracts, machines and what is handed over.
fn directory_routes() -> Router<App> {
    Router::new()
        .route("/absences", get(directory::absence::list).post(directory::absence::be_away))
        .route("/absences/{id}/end", post(directory::absence::come_back))
        .route("/deputy", post(directory::absence::name_deputy))
        .route("/delegations", post(directory::absence::delegate))
        .route("/delegations/{id}/revoke", post(directory::absence::revoke))
        .route("/closures", get(directory::closure::list).post(directory::closure::declare))
        .route("/contracts", get(directory::contract::list).post(directory::contract::enter))
        .route("/contracts/{id}/end", post(directory::contract::end))
        .route("/exceptions", get(directory::exception::list).post(directory::exception::allow))
        .route("/exceptions/{id}/revoke", post(directory::exception::revoke))
        .route("/workstations", get(directory::workstation::list).post(directory::workstation::declare))
        .route("/workstations/{id}/retire", post(directory::workstation::retire))
        .route("/staff", get(directory::staff))
        .route("/units/{id}", post(directory::unit::rename))
        .route("/units/{id}/close", post(directory::unit::close))
        .route("/staff/import", get(directory::import).post(directory::take).layer(files()))
        .route("/staff/{id}", post(directory::change))
        .route("/handovers/{id}", get(directory::handover))
        .route("/handovers/{id}/receiver", post(directory::receiver))
        .route("/handovers/{id}/sign", post(directory::sign))
}

/// The routes of applications.
fn application_routes() -> Router<App> {
    Router::new()
        .route("/applications", get(application::list).post(application::begin).layer(files()))
        .route("/applications/new", get(application::new))
        .route("/applications/{code}", get(application::show).post(application::carry_on).layer(files()))
        .route("/applications/{code}/attachments/{id}", get(application::attachment))
        .route("/applications/{code}/stamp", post(application::stamp))
        .route("/applications/{code}/claim", post(application::claim))
        .route("/applications/{code}/release", post(application::release))
        .route("/applications/{code}/consult", post(application::consult))
        .route("/applications/{code}/reply", post(application::reply))
        .route("/applications/{code}/remind", post(application::remind))
        .route("/applications/{code}/withdraw", post(application::withdraw))
        .route("/applications/{code}/cancel", post(application::cancel))
}

/// Lets a route read as much as the guard has let in.
fn files() -> DefaultBodyLimit {
    DefaultBodyLimit::disable()
}

/// A file to be kept and never shown: what is in it is nobody's to run here.
pub fn download(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') { c } else { '_' };
    let ascii: String = name.chars().map(plain).collect();
    let whole = crate::form::encode(name);
    let disposition = format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{whole}");
    ([(CONTENT_TYPE, kind.to_string()), (CONTENT_DISPOSITION, disposition)], bytes).into_response()
}

/// A page with its status.
pub fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], compact(&html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Takes out the indentation and empty lines that the templates leave, which would be half of a
/// long list. What people typed in several lines, and what must be copied as it is, stays.
fn compact(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut kept = false;
    for line in html.lines() {
        let opens = line.contains("<textarea") || line.contains("<pre");
        let shown = if kept { line } else { line.trim_start() };
        if kept || !shown.is_empty() {
            out.push_str(shown);
            out.push('\n');
        }
        kept = (kept || opens) && !line.contains("</textarea>") && !line.contains("</pre>");
    }
    out
}

/// A page that went well.
pub fn ok(template: &impl Template) -> Response {
    page(StatusCode::OK, template)
}

/// Sends the browser on with a GET.
pub fn see(target: &str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, target.to_string())]).into_response()
}

/// Adds a cookie to an answer.
pub fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(value) = cookie.parse() {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}

/// The status that goes with a refusal: who may not, what is not there, what has moved on, and
/// what is simply not filled in right.
pub fn status_of(reason: Reason) -> StatusCode {
    match reason {
        Reason::SignInFailed | Reason::AccountLocked | Reason::EnrolmentFailed => StatusCode::UNAUTHORIZED,
        Reason::NoCapacity
        | Reason::NotYourUnit
        | Reason::OwnRecord
        | Reason::OwnApplication
        | Reason::StampedBefore
        | Reason::NotYourStep
        | Reason::NeededLater
        | Reason::Claimed
        | Reason::NotYourApplication
        | Reason::NoPermission
        | Reason::PermissionUse
        | Reason::NotYourDuty
        | Reason::OwnPost
        | Reason::OwnException
        | Reason::OwnDeputy
        | Reason::OffSite
        | Reason::ContractMissing
        | Reason::StationUnknown
        | Reason::StationStale
        | Reason::AnswerNotYours
        | Reason::SensitiveTarget
        | Reason::OwnAccount
        | Reason::NotYourStaff
        | Reason::PasswordDue => StatusCode::FORBIDDEN,
        Reason::RecordUnknown
        | Reason::ConsentUnknown
        | Reason::ApplicationUnknown
        | Reason::SessionUnknown => StatusCode::NOT_FOUND,
        Reason::Changed
        | Reason::KeyReused
        | Reason::WrongState
        | Reason::CaseExists
        | Reason::AccountExists
        | Reason::AccountMissing
        | Reason::LoginTaken
        | Reason::ApprovalUsed
        | Reason::AnswerGone => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// The status of the first refusal.
pub fn status_of_no(no: &No) -> StatusCode {
    match no {
        No::Refused(views) => {
            views.first().map_or(StatusCode::UNPROCESSABLE_ENTITY, |view| status_of(view.refusal.reason))
        }
        No::Busy { .. } | No::Away { .. } => StatusCode::SERVICE_UNAVAILABLE,
        No::Fault { .. } => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[cfg(test)]
mod tests {
    use super::compact;

    #[test]
    fn indentation_goes_and_typed_lines_stay() {
        let html = "<p>\n    a\n\n  </p>\n  <textarea>one\n   two\n\n</textarea>\n   <b>c</b>\n";
        assert_eq!(compact(html), "<p>\na\n</p>\n<textarea>one\n   two\n\n</textarea>\n<b>c</b>\n");
    }
}
