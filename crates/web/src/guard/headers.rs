//! Headers that stand on every answer, whatever it is.

use super::cookie;
use crate::visit::Visit;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, SET_COOKIE, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;

/// Nothing is allowed but this site's own files, forms and calls.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
const FEATURES: &str = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";
const ONE_YEAR: &str = "max-age=31536000";

/// Adds what is missing. A page may have set a weaker cache rule only for public files.
pub fn protect(visit: &Visit, mut response: Response) -> Response {
    let headers = response.headers_mut();
    let fixed = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("permissions-policy"), FEATURES),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("x-frame-options"), "DENY"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if visit.tls {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(ONE_YEAR));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if let Ok(operation) = HeaderValue::from_str(&visit.operation) {
        headers.insert(HeaderName::from_static("x-operation"), operation);
    }
    if let Some(lang) = visit.chosen().filter(|_| !visit.is_api())
        && let Ok(value) = HeaderValue::from_str(&cookie::choice("lang", lang.code(), visit.tls))
    {
        headers.append(SET_COOKIE, value);
    }
    response
}
