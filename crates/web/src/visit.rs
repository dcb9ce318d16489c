//! What is known about a request before anybody has signed in.

use crate::App;
use crate::form::{self, Form, FormError};
use crate::guard::{address, cookie, csrf};
use crate::locale::Lang;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use domain::actor::Place;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

/// The socket's other end; the accept loop puts it into every request.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// The longest address that any page of the product has, with room for a case number in Chinese.
pub const MAX_TARGET: usize = 2_000;
/// How the operation number is written: no letters that are mistaken for digits.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// One request, as far as it can be known without a session. `Debug` shows no secret.
#[derive(Clone)]
pub struct Visit {
    /// The reader's language.
    pub lang: Lang,
    /// Text size in percent: 100, 115 or 130.
    pub size: u16,
    /// The client's address.
    pub address: IpAddr,
    /// Where that is.
    pub place: Place,
    /// Whether the server speaks TLS, which names the cookies.
    pub tls: bool,
    /// The number that finds this request in the logs.
    pub operation: String,
    /// The path, without the query.
    pub path: String,
    /// The query, decoded.
    pub query: Form,
    /// Whether the request only reads.
    pub reads: bool,
    /// Whether the browser says that this site's own page sent it.
    pub from_here: bool,
    /// The session token of the cookie.
    pub token: Option<String>,
    /// The handle of a held form.
    pub held: Option<String>,
    /// The API token.
    pub bearer: Option<String>,
    /// The CSRF token of a script's call.
    pub csrf: Option<String>,
    /// The idempotency key of an API call.
    pub idempotency: Option<String>,
}

impl Visit {
    /// Reads a request. The error comes with a visit that is good enough to say it.
    pub fn of(app: &App, parts: &Parts) -> Result<Self, (Box<Self>, FormError)> {
        let peer = parts.extensions.get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |p| p.0.ip());
        let address = address::client(peer, &parts.headers, &app.config().proxies);
        let tls = app.tls();
        let text = |name: &str| cookie::read(&parts.headers, name);
        let query = parse_target(parts);
        let accepted = header(&parts.headers, "accept-language");
        let named = query.as_ref().ok().and_then(|query| Lang::from_code(query.get("lang")));
        let kept = text("lang").and_then(Lang::from_code);
        let visit = Self {
            lang: named.or(kept).unwrap_or_else(|| Lang::accepted(accepted.as_deref())),
            size: text("text").and_then(size).unwrap_or(100),
            place: address::place(&app.config().zones, address),
            address,
            tls,
            operation: operation(),
            path: parts.uri.path().to_string(),
            query: query.clone().unwrap_or_default(),
            reads: parts.method == Method::GET || parts.method == Method::HEAD,
            from_here: csrf::from_here(&parts.headers),
            token: text(cookie::session_name(tls)).and_then(token),
            held: text(cookie::held_name(tls)).and_then(token),
            bearer: bearer(&parts.headers),
            csrf: header(&parts.headers, "x-csrf-token"),
            idempotency: idempotency(&parts.headers),
        };
        match query {
            Ok(_) => Ok(visit),
            Err(error) => Err((Box::new(visit), error)),
        }
    }

    /// Whether the request came to the API and wants JSON.
    pub fn is_api(&self) -> bool {
        self.path.starts_with("/api/")
    }

    /// The language that the address names, which then goes into a cookie.
    pub fn chosen(&self) -> Option<Lang> {
        Lang::from_code(self.query.get("lang"))
    }
}

impl std::fmt::Debug for Visit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Visit").field("operation", &self.operation).finish_non_exhaustive()
    }
}

impl FromRequestParts<App> for Arc<Visit> {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, StatusCode> {
        // The guard has put it there for every request.
        parts.extensions.get::<Self>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// Reads a text size; anything else than the three sizes is none.
pub fn size(text: &str) -> Option<u16> {
    text.parse().ok().filter(|size| [100, 115, 130].contains(size))
}

/// A number for one request: fifty random bits.
fn operation() -> String {
    let mut bytes = [0_u8; 10];
    // Without entropy the number is nought; it names log lines and guards nothing.
    let _ = getrandom::fill(&mut bytes);
    let letters = bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
    format!("E-{}", letters.collect::<String>())
}

fn parse_target(parts: &Parts) -> Result<Form, FormError> {
    let target = parts.uri.path_and_query().map_or("", |target| target.as_str());
    if target.len() > MAX_TARGET {
        return Err(FormError::TooLong);
    }
    // The path is decoded here once so that a broken one is refused before any route sees it.
    let path = Form::parse(format!("path={}", parts.uri.path().replace(['&', '+', '='], "_")).as_bytes())?;
    form::check(path.exact("path"))?;
    Form::parse(parts.uri.query().unwrap_or_default().as_bytes())
}

/// The key of a call; empty where there is one that cannot be read, which is not the same as none: who sends
/// one relies on it.
fn idempotency(headers: &HeaderMap) -> Option<String> {
    let name = "idempotency-key";
    headers.contains_key(name).then(|| header(headers, name).unwrap_or_default())
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok().map(str::to_string),
        _ => None,
    }
}

/// Tokens and handles are short and of plain letters; anything else is no token.
fn token(text: &str) -> Option<String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (text.len() <= 200 && text.bytes().all(plain)).then(|| text.to_string())
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = header(headers, "authorization")?;
    let (scheme, rest) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token(rest.trim()))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operation_numbers_differ_and_can_be_read_aloud() {
        let one = operation();
        assert_eq!(one.len(), 12);
        assert!(one.starts_with("E-") && one != operation());
        assert!(!one[2..].contains(['I', 'L', 'O', 'U']));
    }

    #[test]
    fn only_plain_tokens_are_tokens() {
        assert_eq!(token("abc-DEF_1.2").as_deref(), Some("abc-DEF_1.2"));
        for text in ["a b", "a;b", "é", &"x".repeat(201)] {
            assert_eq!(token(text), None, "{text}");
        }
    }
}
