//! Forged requests: a form counts only if this site's own page sent it.

use axum::http::HeaderMap;
use subtle::ConstantTimeEq;

/// Whether the browser says that the request comes from this site's own pages.
///
/// `Sec-Fetch-Site` and `Origin` are set by the browser and cannot be set by a page. The former
/// decides where it is sent, for under `Referrer-Policy: no-referrer` a form's `Origin` is `null`.
/// A client that sends neither is no current browser; for it the session's token alone decides.
pub fn from_here(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    match (text("origin"), text("host")) {
        (None, _) => true,
        (Some(origin), Some(host)) => {
            let named = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
            named.is_some_and(|named| named.eq_ignore_ascii_case(host))
        }
        (Some(_), None) => false,
    }
}

/// Compares the token that was sent with the session's, in constant time.
pub fn token_matches(sent: &str, session: &str) -> bool {
    !session.is_empty() && bool::from(sent.as_bytes().ct_eq(session.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn sent(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn only_this_site_may_post() {
        for (pairs, allowed) in [
            (vec![("host", "gate.test"), ("origin", "https://gate.test")], true),
            (vec![("host", "127.0.0.1:8080"), ("origin", "http://127.0.0.1:8080")], true),
            (vec![("host", "gate.test"), ("origin", "https://evil.test")], false),
            (vec![("host", "gate.test"), ("origin", "https://gate.test.evil.test")], false),
            (vec![("host", "gate.test"), ("origin", "null")], false),
            (vec![("origin", "https://gate.test")], false),
            (vec![("host", "gate.test"), ("origin", "null"), ("sec-fetch-site", "same-origin")], true),
            (vec![("host", "gate.test"), ("sec-fetch-site", "cross-site")], false),
            (vec![("host", "gate.test"), ("sec-fetch-site", "same-site")], false),
            (vec![("host", "gate.test")], true),
        ] {
            assert_eq!(from_here(&sent(&pairs)), allowed, "{pairs:?}");
        }
    }

    #[test]
    fn tokens_must_be_equal_and_never_empty() {
        assert!(token_matches("abc", "abc"));
        assert!(!token_matches("abd", "abc"));
        assert!(!token_matches("ab", "abc"));
        assert!(!token_matches("", ""));
    }
}
