//! Plain HTTP from the test, beside the browser.

use std::time::Duration;

/// Status and body of an answer.
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The body as text.
    pub body: String,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
}

impl Answer {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// Gets a page. `None` if nobody listens, or no answer comes within ten seconds.
pub fn get(url: &str) -> Option<Answer> {
    get_as(url, "")
}

/// Gets a page with a cookie header; an empty one is not sent.
pub fn get_as(url: &str, cookie: &str) -> Option<Answer> {
    let request = agent().get(url);
    let request = if cookie.is_empty() { request } else { request.header("cookie", cookie) };
    request.call().ok().and_then(read)
}

/// Sends a form.
pub fn post(url: &str, fields: &[(&str, &str)]) -> Option<Answer> {
    agent().post(url).send_form(fields.iter().copied()).ok().and_then(read)
}

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(10)))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .build();
    config.into()
}

fn read(mut answer: ureq::http::Response<ureq::Body>) -> Option<Answer> {
    let text = |value: &ureq::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = answer.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    let status = answer.status().as_u16();
    let body = answer.body_mut().read_to_vec().ok()?;
    Some(Answer { status, body: String::from_utf8_lossy(&body).into_owned(), headers })
}
