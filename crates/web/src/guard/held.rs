//! What was typed when the session ended, kept by the desk until its writer has signed in again.

use crate::App;
use crate::form::{self, Form};
use crate::visit::Visit;
use desk::Session;
use domain::Personal;

/// Bytes of one form that is kept: more than the longest form of a rule may hold. A form beyond this is told
/// to be typed again.
const MAX_BYTES: usize = 128 * 1024;

/// A form that is held until its writer can send it again.
pub struct Kept {
    /// The handle that only the browser gets.
    pub handle: String,
    /// The page on which it is shown again.
    pub back: String,
}

/// Keeps what was typed, if it is known whose session the cookie names or named.
pub async fn keep(app: &App, visit: &Visit, form: Form) -> Option<Kept> {
    let token = visit.token.clone()?;
    let back = page_of(&visit.path, &form)?;
    let form = form.without("csrf").without("form_key").without("proof");
    if form.bytes() > MAX_BYTES {
        return None;
    }
    let (page, text) = (back.clone(), Personal::new(form.text()));
    let held = app.call(move |desk| desk.hold(&token, &page, text)).await;
    Some(Kept { handle: held.ok()??, back })
}

/// Where the form of the visit's handle is to be shown again, if it is the session's own.
pub async fn back(app: &App, visit: &Visit, session: &Session) -> Option<String> {
    let (handle, session) = (visit.held.clone()?, session.clone());
    let held = app.call(move |desk| desk.held(&session, &handle)).await;
    held.ok()?.map(|held| held.back)
}

/// Gives the form back to its writer, once, if it belongs to the page that is visited.
pub async fn take(app: &App, visit: &Visit, session: &Session) -> Option<Form> {
    let (handle, session, path) = (visit.held.clone()?, session.clone(), visit.path.clone());
    let held = app.call(move |desk| {
        let held = desk.held(&session, &handle)?;
        let wanted = held.filter(|held| held.back.split('?').next() == Some(path.as_str()));
        if wanted.is_some() {
            desk.release(&handle)?;
        }
        Ok(wanted)
    });
    Form::parse(held.await.ok()??.form.expose().as_bytes()).ok()
}

/// The page on which a form that was posted to `path` is typed; none where nothing is typed.
pub fn page_of(path: &str, form: &Form) -> Option<String> {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match parts.as_slice() {
        ["applications"] => Some(format!("/applications/new?object={}", form::encode(form.get("object")))),
        ["applications", code] | ["applications", code, "stamp" | "consult" | "reply"] => {
            Some(format!("/applications/{}", form::encode(code)))
        }
        ["lookups"] => Some(format!("/lookups/new?case={}", form::encode(form.get("case")))),
        ["records"] | ["search"] => Some("/records".to_string()),
        ["records", code, "correct"] => Some(format!("/records/{}", form::encode(code))),
        ["countersign", "confirm" | "stamp"] => Some("/countersign".to_string()),
        ["countersign", code] => Some(format!("/countersign?open={}", form::encode(code))),
        [one @ ("absences" | "cases" | "closures" | "contracts")]
        | [one @ ("exceptions" | "workstations")] => Some(format!("/{one}")),
        ["delegations" | "deputy", ..] => Some("/absences".to_string()),
        ["consents", ..] => Some("/settings".to_string()),
        ["accounts", person, ..] if *person != "slips" => {
            let code = form::encode(form.get("code"));
            Some(format!("/accounts/{}?code={code}", form::encode(person)))
        }
        ["permissions", id, "stop"] => Some(format!("/permissions?stop={}", form::encode(id))),
        ["staff", id] if *id != "import" => Some(format!("/staff?post={}", form::encode(id))),
        ["units", id] => Some(format!("/staff?unit={}", form::encode(id))),
        ["accounts"] => Some(format!("/accounts?person={}", form::encode(form.get("person")))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_lead_back_to_the_page_they_were_typed_on() {
        let form = Form::of(&[("case", "113疫1"), ("object", "account")]);
        for (path, page) in [
            ("/lookups", Some("/lookups/new?case=113%E7%96%AB1")),
            ("/records", Some("/records")),
            ("/search", Some("/records")),
            ("/records/QR-1/correct", Some("/records/QR-1")),
            ("/countersign/QR-1", Some("/countersign?open=QR-1")),
            ("/countersign/stamp", Some("/countersign")),
            ("/cases", Some("/cases")),
            ("/applications", Some("/applications/new?object=account")),
            ("/applications/AP-1", Some("/applications/AP-1")),
            ("/applications/AP-1/stamp", Some("/applications/AP-1")),
            ("/applications/AP-1/withdraw", None),
            ("/accounts/slips", None),
            ("/accounts/pe-1/deliver", Some("/accounts/pe-1?code=")),
            ("/permissions/pm-1/stop", Some("/permissions?stop=pm-1")),
            ("/staff/as-1", Some("/staff?post=as-1")),
            ("/staff/import", None),
            ("/units/u1", Some("/staff?unit=u1")),
            ("/units/u1/close", None),
            ("/contracts", Some("/contracts")),
            ("/sign-out", None),
        ] {
            assert_eq!(page_of(path, &form).as_deref(), page, "{path}");
        }
    }
}
