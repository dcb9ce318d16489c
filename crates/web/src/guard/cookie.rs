//! The three cookies: session, held form, and the reader's own choices of language and size.

use axum::http::HeaderMap;

/// The session cookie under TLS. The `__Host-` prefix makes browsers refuse it from any other
/// host, over plain HTTP and with a narrower path (RFC 6265bis).
const SESSION_TLS: &str = "__Host-sluice";
const SESSION_PLAIN: &str = "sluice";
const HELD_TLS: &str = "__Host-sluice-held";
const HELD_PLAIN: &str = "sluice-held";
const YEAR_SECONDS: u32 = 31_536_000;

/// The name of the session cookie, with TLS or without.
pub const fn session_name(tls: bool) -> &'static str {
    if tls { SESSION_TLS } else { SESSION_PLAIN }
}

/// The name of the cookie that holds the handle of a held form.
pub const fn held_name(tls: bool) -> &'static str {
    if tls { HELD_TLS } else { HELD_PLAIN }
}

/// The value of a cookie. A name that is sent twice counts as not sent: one of the two was
/// planted, and nobody can tell which.
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all("cookie").iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    let mut values = pairs.filter(|(found, _)| found.trim() == name).map(|(_, value)| value.trim());
    match (values.next(), values.next()) {
        (Some(value), None) if !value.is_empty() => Some(value),
        _ => None,
    }
}

/// A cookie that only the server reads, for as long as the browser is open.
pub fn secret(name: &str, value: &str, tls: bool) -> String {
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{}", secure(tls))
}

/// Takes such a cookie away.
pub fn cleared(name: &str, tls: bool) -> String {
    format!("{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict{}", secure(tls))
}

/// A choice of the reader, kept for a year; it says nothing about anybody.
pub fn choice(name: &str, value: &str, tls: bool) -> String {
    format!("{name}={value}; Path=/; Max-Age={YEAR_SECONDS}; HttpOnly; SameSite=Lax{}", secure(tls))
}

const fn secure(tls: bool) -> &'static str {
    if tls { "; Secure" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn sent(lines: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("cookie", HeaderValue::from_str(line).unwrap());
        }
        headers
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let headers = sent(&["lang=en; __Host-sluice=abc", "text=115"]);
        assert_eq!(read(&headers, "__Host-sluice"), Some("abc"));
        assert_eq!(read(&headers, "text"), Some("115"));
        assert_eq!(read(&headers, "sluice"), None);
    }

    #[test]
    fn a_cookie_sent_twice_is_none() {
        assert_eq!(read(&sent(&["sluice=a; sluice=b"]), "sluice"), None);
        assert_eq!(read(&sent(&["sluice=a", "sluice=a"]), "sluice"), None);
        assert_eq!(read(&sent(&["sluice="]), "sluice"), None);
    }

    #[test]
    fn the_session_cookie_is_bound_to_host_and_tls() {
        let cookie = secret(session_name(true), "t", true);
        for part in ["__Host-sluice=t", "Secure", "HttpOnly", "SameSite=Strict", "Path=/"] {
            assert!(cookie.contains(part), "{part}");
        }
        assert!(!cookie.contains("Domain"));
        let plain = secret(session_name(false), "t", false);
        assert!(plain.starts_with("sluice=t;") && !plain.contains("Secure"));
        assert!(cleared(session_name(true), true).contains("Max-Age=0"));
    }
}
