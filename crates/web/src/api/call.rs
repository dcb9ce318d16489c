//! One call: the token, the body, the path.

use super::{Operation, answer};
use crate::App;
use crate::form;
use crate::guard::intake::MAX_UPLOAD;
use crate::seat::Seat;
use crate::visit::Visit;
use axum::extract::{FromRequestParts, RawPathParams, Request};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use desk::{Answer, No};
use domain::time::Date;
use domain::{Personal, Reason, Refusal};
use serde_json::{Map, Value};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// What a handler answers.
pub type Reply = Pin<Box<dyn Future<Output = Response> + Send>>;

/// A call of somebody whose token is good.
pub struct Call {
    /// Who calls.
    pub seat: Seat,
    body: Map<String, Value>,
    path: String,
}

impl Call {
    /// A call with what it says. The code that came along proves its caller for acts that ask again.
    fn new(mut seat: Seat, body: Map<String, Value>, path: String) -> Self {
        let proof = body.get("proof").and_then(Value::as_str).unwrap_or_default().trim();
        Arc::make_mut(&mut seat.session).proof = Personal::new(proof);
        Self { seat, body, path }
    }

    /// What varies in the path.
    pub fn path(&self) -> String {
        self.path.clone()
    }

    /// A text of the body; empty if it is not there.
    pub fn text(&self, name: &str) -> String {
        self.body.get(name).and_then(Value::as_str).unwrap_or_default().trim().to_string()
    }

    /// A value of the body as it is; an empty object if it is not there.
    pub fn value(&self, name: &str) -> Value {
        self.body.get(name).cloned().unwrap_or_else(|| Value::Object(Map::new()))
    }

    /// Whether the body says yes.
    pub fn flag(&self, name: &str) -> bool {
        self.body.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// Several texts of the body.
    pub fn texts(&self, name: &str) -> Vec<String> {
        let list = self.body.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(Value::as_str).map(str::to_string).collect()
    }

    /// A whole number of the body, not negative.
    pub fn number(&self, name: &str) -> Option<usize> {
        self.body.get(name).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok())
    }

    /// A day of the body; none if it is not there.
    ///
    /// # Errors
    /// What is there is no day: that is not the same as none. It is told at `field`.
    pub fn day(&self, name: &str, field: &str) -> Result<Option<Date>, Refusal> {
        match self.text(name).as_str() {
            "" => Ok(None),
            text => {
                Date::parse_iso(text).map(Some).ok_or_else(|| Refusal::new(Reason::FieldMalformed).at(field))
            }
        }
    }

    /// The same, where it has to be there.
    ///
    /// # Errors
    /// There is none, or what is there is no day.
    pub fn one_day(&self, name: &str, field: &str) -> Result<Date, Refusal> {
        self.day(name, field)?.ok_or_else(|| Refusal::new(Reason::FieldMissing).at(field))
    }

    /// Answers that a field cannot be read.
    pub fn refuse(&self, refusal: Refusal) -> Response {
        answer::field(&self.seat.say, &self.seat.visit, refusal)
    }

    /// Several objects of the body.
    pub fn objects(&self, name: &str) -> Vec<Map<String, Value>> {
        let list = self.body.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(Value::as_object).cloned().collect()
    }

    /// The key under which a repeated call is carried out once.
    pub fn key(&self) -> String {
        self.seat.visit.idempotency.clone().unwrap_or_default()
    }

    /// Answers what the desk answered.
    pub fn reply<T>(&self, came: Answer<T>, shown: impl FnOnce(&Seat, T) -> Response) -> Response {
        match came {
            Ok(value) => shown(&self.seat, value),
            Err(no) => answer::no(&self.seat.say, &self.seat.visit, &no),
        }
    }
}

/// Checks the token and the body, then carries the operation out.
pub async fn run(operation: &'static Operation, app: App, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let visit = match Arc::<Visit>::from_request_parts(&mut parts, &app).await {
        Ok(visit) => visit,
        Err(status) => return status.into_response(),
    };
    let seat = match seat(&app, &visit).await {
        Ok(seat) => seat,
        Err(response) => return response,
    };
    if visit.idempotency.as_ref().is_some_and(|key| key.is_empty() || key.len() > 200) {
        return answer::plain(&visit, StatusCode::BAD_REQUEST, "api-key");
    }
    let path = match RawPathParams::from_request_parts(&mut parts, &app).await {
        Ok(params) => params.iter().next().map(|(_, value)| value.to_string()).unwrap_or_default(),
        Err(_) => return answer::plain(&visit, StatusCode::BAD_REQUEST, "form-encoding"),
    };
    // The guard has read the body within its limits already.
    let bytes = axum::body::to_bytes(body, MAX_UPLOAD).await.unwrap_or_default();
    match object(&parts.headers, &bytes, operation.request.is_some()) {
        Ok(body) => (operation.handler)(Call::new(seat, body, path)).await,
        Err((status, key)) => answer::plain(&visit, status, key),
    }
}

/// Whoever the token of the visit stands for.
pub async fn seat(app: &App, visit: &Arc<Visit>) -> Result<Seat, Response> {
    let Some(bearer) = visit.bearer.clone() else {
        return Err(answer::plain(visit, StatusCode::UNAUTHORIZED, "api-token"));
    };
    // Guessing tokens is guessing passwords: the same attempts pay for it. But a good token is no attempt,
    // however many come at once, so it takes none and writes nothing; what fails is counted afterwards.
    if let Err(wait) = app.sign_ins().look(visit.address, app.desk().now()) {
        return Err(too_many(visit, wait));
    }
    let (known, address, place) = (app.clone(), visit.address, visit.place.clone());
    let session = app.call(move |desk| {
        let came = desk.token_session(&bearer, &address.to_string(), place);
        // On this thread, which goes on: whoever does not wait for the answer has guessed all the same.
        known.weigh(address, &came).map_or_else(|wait| Ok(Err(wait)), |()| came.map(Ok))
    });
    match session.await {
        Ok(Ok(session)) => Ok(Seat::new(app.clone(), visit.clone(), session)),
        Ok(Err(wait)) => Err(too_many(visit, wait)),
        Err(No::Refused(views)) if !answer::wants_password(&views) => {
            Err(answer::plain(visit, StatusCode::UNAUTHORIZED, "api-token"))
        }
        Err(no) => Err(answer::no(&crate::locale::Speech::plain(visit.lang), visit, &no)),
    }
}

fn too_many(visit: &Visit, wait: Duration) -> Response {
    let mut response = answer::plain(visit, StatusCode::TOO_MANY_REQUESTS, "fault-busy");
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
    response
}

fn object(
    headers: &HeaderMap,
    bytes: &[u8],
    wanted: bool,
) -> Result<Map<String, Value>, (StatusCode, &'static str)> {
    if bytes.is_empty() && !wanted {
        return Ok(Map::new());
    }
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "api-json"));
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(map)) => match map.values().try_for_each(checked) {
            Ok(()) => Ok(map),
            Err(error) => Err((StatusCode::BAD_REQUEST, error.key())),
        },
        _ => Err((StatusCode::BAD_REQUEST, "api-json")),
    }
}

/// What is in a file, within an object of a body: the one text that may be longer than a field.
const CONTENT: &str = "content";

fn is_base64(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
}

/// Every text of a body keeps to what a form may hold. The parser bounds the depth.
fn checked(value: &Value) -> Result<(), form::FormError> {
    match value {
        Value::String(text) => form::check(text),
        Value::Array(list) => list.iter().try_for_each(checked),
        Value::Object(map) => map.iter().try_for_each(|(name, value)| match value {
            Value::String(text) if name == CONTENT && is_base64(text) => Ok(()),
            value => checked(value),
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: &'static str, body: &str) -> Result<Map<String, Value>, (StatusCode, &'static str)> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        object(&headers, body.as_bytes(), true)
    }

    #[test]
    fn only_objects_of_clean_text_are_bodies() {
        assert!(read("application/json", r#"{"case":"113疫1","items":["a"]}"#).is_ok());
        assert!(read("application/json; charset=utf-8", "{}").is_ok());
        let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
        for bad in
            ["", "[]", "1", "{", r#"{"a":"\u0000"}"#, r#"{"a":["\u202e"]}"#, &format!("{{\"a\":{deep}}}")]
        {
            assert_eq!(read("application/json", bad).map_err(|e| e.0), Err(StatusCode::BAD_REQUEST), "{bad}");
        }
        assert_eq!(read("text/plain", "{}").map_err(|e| e.0), Err(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
}
