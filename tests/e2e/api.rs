//! The API beside the browser: stories set their scene with it and ask it what became of a record.

use harness::Server;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Somebody's token at one server.
pub struct Api<'s> {
    server: &'s Server,
    login: String,
}

impl<'s> Api<'s> {
    /// The demonstration's own token of `login`.
    pub fn of(server: &'s Server, login: &str) -> Self {
        Self { server, login: login.into() }
    }

    /// Reads.
    pub fn get(&self, path: &str) -> (u16, Value) {
        let request = agent().get(self.server.url(&format!("/api/v1/{path}")));
        let answer = request.header("authorization", self.token()).call();
        read(answer.expect("the server answers"))
    }

    /// Carries out a command; one that asks again who acts, with a code that was not used yet.
    pub fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let mut came = self.post_as_it_is(path, body);
        let until = Instant::now() + Duration::from_secs(90);
        while came.1["code"] == "proof-again" && body["proof"].is_null() && Instant::now() < until {
            let mut body = body.clone();
            body["proof"] = json!(code_of(self.server, &self.login));
            came = self.post_as_it_is(path, &body);
            std::thread::park_timeout(Duration::from_millis(500));
        }
        came
    }

    /// Sends what stands there and nothing else.
    pub fn post_as_it_is(&self, path: &str, body: &Value) -> (u16, Value) {
        let request = agent().post(self.server.url(&format!("/api/v1/{path}")));
        let answer = request.header("authorization", self.token()).send_json(body);
        read(answer.expect("the server answers"))
    }

    fn token(&self) -> String {
        format!("Bearer demo-token-{}", self.login)
    }

    /// Numbers of cases that `officer` handles, open or closed.
    pub fn cases(&self, officer: &str, open: bool) -> Vec<String> {
        let (_, answer) = self.get("cases");
        let all = answer["cases"].as_array().expect("a list of cases");
        let fits = |case: &&Value| case["officer"] == officer && case["closed"].is_null() == open;
        let numbers: Vec<String> = all.iter().filter(fits).map(|case| text(&case["number"])).collect();
        assert!(!numbers.is_empty(), "{officer} has no such case: {answer}");
        numbers
    }

    /// Looks the first person of a case up with all that the case fills in; answers the record code.
    pub fn look_up(&self, case: &str) -> String {
        let (_, draft) = self.get(&format!("lookups/draft?case={}", encode(case)));
        let preset = |list: &str| -> Vec<String> {
            let all = draft[list].as_array().cloned().unwrap_or_default();
            all.iter().filter(|one| one["preset"] == true).map(|one| text(&one["code"])).collect()
        };
        let (purposes, bases) = (preset("purposes"), preset("bases"));
        let body = json!({
            "case": case, "party": 1, "purpose": purposes[0], "basis": bases[0], "items": preset("items"),
        });
        let (status, answer) = self.post("lookups", &body);
        assert!((200..300).contains(&status), "{case}: {status} {answer}");
        text(&answer["code"])
    }

    /// The state of a record, as the API names it.
    pub fn state(&self, code: &str) -> String {
        let (_, answer) = self.get(&format!("lookups/{code}"));
        text(&answer["record"]["state"])
    }
}

/// Gets a file with the session of a browser.
pub fn download(url: &str, cookie: &str) -> Vec<u8> {
    let answer = agent().get(url).header("cookie", cookie).call().expect("the server answers");
    assert_eq!(answer.status().as_u16(), 200, "{url}");
    answer.into_body().with_config().limit(200 << 20).read_to_vec().expect("the file arrives")
}

/// The header of an answer to a form that a page of this site sent.
pub fn header_of_post(url: &str, cookie: &str, body: &str, header: &str) -> (u16, String) {
    let request = agent().post(url).header("cookie", cookie).header("sec-fetch-site", "same-origin");
    let answer = request.content_type("application/x-www-form-urlencoded").send(body).expect("an answer");
    let value = answer.headers().get(header).and_then(|value| value.to_str().ok()).unwrap_or_default();
    (answer.status().as_u16(), value.to_owned())
}

/// The code of the second factor, which the demonstration's sign-in page shows.
pub fn code_of(server: &Server, login: &str) -> String {
    let page = harness::http::get(&server.url(&format!("/sign-in?as={login}"))).expect("the page comes");
    let field = page.body.split("<input").find(|tag| tag.contains(r#"name="code""#)).unwrap_or_default();
    let value = field.split(r#"value=""#).nth(1).and_then(|rest| rest.split('"').next());
    value.filter(|code| !code.is_empty()).expect("the demonstration shows the code").to_owned()
}

/// A text of an answer.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// Percent-encodes a text for a query.
pub fn encode(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn agent() -> ureq::Agent {
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(30)))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None);
    config.build().into()
}

fn read(mut answer: ureq::http::Response<ureq::Body>) -> (u16, Value) {
    let status = answer.status().as_u16();
    let body = answer.body_mut().read_to_string().expect("the answer is text");
    (status, serde_json::from_str(&body).unwrap_or(Value::Null))
}
