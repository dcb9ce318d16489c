//! What the stories have in common: a seat for each of the cast, and pages looked at with every instrument.

use super::api;
use harness::{Browser, Hands, Server};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;
use thirtyfour::Key;

/// What a chosen row of the queue says when the case does not explain it.
const CHECKED: &str = "已向承辦人確認案情";

/// One server, one browser, and whoever sits in front of it.
pub struct Story {
    /// The server.
    pub server: Server,
    /// The browser.
    pub browser: Browser,
    // Session cookies of those who have signed in, so that a change of seats costs no second code.
    seats: RefCell<BTreeMap<String, Value>>,
}

impl Story {
    /// A demonstration of its own, and nobody signed in.
    pub async fn begin() -> Self {
        let (server, browser) = (Server::start(), Browser::start().await);
        Self { server, browser, seats: RefCell::default() }
    }

    /// The same on a server that runs.
    pub async fn on(server: Server) -> Self {
        Self { server, browser: Browser::start().await, seats: RefCell::default() }
    }

    /// Hands on the keyboard that have done nothing yet.
    pub fn hands(&self) -> Hands<'_> {
        Hands::on(&self.browser)
    }

    /// Goes to a page of the server.
    pub async fn open(&self, path: &str) {
        self.browser.open(&self.server.url(path)).await;
    }

    /// Puts somebody in front of the browser: they sign in once, and come back to their session later.
    pub async fn sit(&self, login: &str) {
        self.browser.devtools("Network.clearBrowserCookies", json!({})).await;
        let kept = self.seats.borrow().get(login).cloned();
        if let Some(cookie) = kept {
            let (name, value) = (&cookie["name"], &cookie["value"]);
            let cookie =
                json!({ "name": name, "value": value, "url": self.server.url("/"), "httpOnly": true });
            self.browser.devtools("Network.setCookie", cookie).await;
            self.open("/todo").await;
        } else {
            let errors = "document.querySelector('#errors') !== null";
            for _ in 0..4 {
                self.open(&format!("/sign-in?as={login}")).await;
                self.settled().await;
                self.hands().key(Key::Enter).await;
                self.arrive(&format!("document.body.dataset.csrf || {errors}")).await;
                if self.ask(errors).await == "false" {
                    break;
                }
                // A program of theirs has used this code up; the next one comes within half a minute.
                moment(10_000).await;
            }
            self.browser.wait_until("location.pathname === '/todo' && document.body.dataset.csrf").await;
            let cookie = self.session_cookie().await;
            self.seats.borrow_mut().insert(login.into(), cookie);
        }
        self.settled().await;
    }

    async fn session_cookie(&self) -> Value {
        let answer =
            self.browser.devtools("Network.getCookies", json!({ "urls": [self.server.url("/")] })).await;
        let cookies = answer["cookies"].as_array().cloned().unwrap_or_default();
        let secret = cookies.into_iter().find(|cookie| cookie["httpOnly"] == true);
        secret.expect("the session's cookie is out of reach of scripts")
    }

    /// The cookie header of whoever sits there.
    pub async fn cookie(&self) -> String {
        let cookie = self.session_cookie().await;
        format!("{}={}", api::text(&cookie["name"]), api::text(&cookie["value"]))
    }

    /// Waits until the page's script has run.
    pub async fn settled(&self) {
        self.browser.wait_until(SETTLED).await;
    }

    /// Waits until the page at hand has given way to one that satisfies an expression.
    pub async fn arrive(&self, expression: &str) {
        self.browser.wait_until(&format!("({SETTLED}) && ({expression})")).await;
    }

    /// A script's value as a text.
    pub async fn ask(&self, expression: &str) -> String {
        let value = self.browser.eval(&format!("return String({expression})")).await;
        value.as_str().unwrap_or_default().to_owned()
    }

    /// Fails unless an expression of the page is true now.
    pub async fn sees(&self, expression: &str) {
        let seen = self.browser.eval(&format!("return Boolean({expression})")).await;
        assert_eq!(seen, json!(true), "`{expression}` on:\n{}", self.ask("document.body.innerText").await);
    }

    /// Looks at the page with every instrument: accessible, fitting, quiet, at home; and takes its picture.
    pub async fn check(&self, name: &str) {
        self.browser.screenshot(name).await;
        self.browser.assert_accessible(name).await;
        self.browser.assert_fits(name).await;
        self.browser.assert_stayed_home().await;
        let elsewhere = "performance.getEntriesByType('resource').filter(r => !r.name.startsWith('data:')
            && new URL(r.name).origin !== location.origin).length === 0";
        self.sees(elsewhere).await;
        let entries = self.browser.driver().browser_log().await.expect("the browser keeps a log");
        // A page that refuses has a status that says so, and the browser remarks on it.
        let loud = |message: &String| !message.contains("the server responded with a status of");
        let severe = entries.into_iter().filter(|entry| entry.level == "SEVERE").map(|entry| entry.message);
        let complaints: Vec<String> = severe.filter(loud).collect();
        assert!(complaints.is_empty(), "{name} complained: {complaints:#?}");
    }

    /// From the queue on: opens and judges what has to be opened, stamps all, and answers how many rows were
    /// judged.
    pub async fn stamp_all(&self, hands: &Hands<'_>, login: &str) -> usize {
        let mut judged = 0;
        if self.ask("document.querySelector('#open-first') !== null").await == "true" {
            // The first row that has to be opened has the focus.
            hands.key(Key::Enter).await;
            self.arrive("document.querySelector('#panel')").await;
        }
        while self.ask("document.querySelector('#panel') !== null").await == "true" {
            self.judge(hands).await;
            judged += 1;
        }
        hands.chord(&[Key::Control], Key::Enter).await;
        self.arrive("document.activeElement.id === 'f-proof'").await;
        if judged == 7 {
            self.check("confirm").await;
            self.browser.eval("document.querySelector('#f-proof').focus()").await;
        }
        // The demonstration shows the code here too; a person types what their own device says.
        self.sees("/^[0-9]{6}$/.test(document.querySelector('#f-proof').value)").await;
        hands.type_field(&api::code_of(&self.server, login)).await;
        hands.key(Key::Enter).await;
        self.arrive("document.querySelector('#banner') && location.pathname === '/countersign/stamp'").await;
        judged
    }

    /// Says of the open row that it matches.
    async fn judge(&self, hands: &Hands<'_>) {
        let code = self.ask("document.querySelector('#open-row').textContent").await;
        let at_once = self.ask("document.querySelector('[name=verdict][data-at-once]') !== null").await;
        hands.key('1').await;
        if at_once == "false" {
            self.browser.wait_until("document.activeElement.id === 'f-note'").await;
            hands.type_field(CHECKED).await;
            hands.key(Key::Enter).await;
        }
        let next = format!("(document.querySelector('#open-row') || {{}}).textContent !== {}", json!(code));
        self.arrive(&next).await;
    }

    /// Shows the code that an act asks for; the demonstration has it ready.
    pub async fn prove(&self, hands: &Hands<'_>, name: &str) {
        self.arrive("document.activeElement.id === 'f-proof'").await;
        self.sees("/^[0-9]{6}$/.test(document.querySelector('#f-proof').value)").await;
        self.check(name).await;
        self.browser.eval("document.querySelector('#f-proof').focus()").await;
        hands.key(Key::Enter).await;
    }

    /// Ends the story.
    pub async fn end(self) {
        self.browser.assert_stayed_home().await;
        self.browser.close().await;
    }
}

/// The page's own script marks the document before it does anything else.
const SETTLED: &str =
    "document.readyState === 'complete' && document.documentElement.classList.contains('js')";

/// From the to-do list: asks for the first person of a case. `words` are the purpose's, where the rule wants
/// them.
pub async fn first_lookup(story: &Story, hands: &Hands<'_>, case: &str, words: &str) {
    hands.key('n').await;
    story.arrive("location.pathname === '/lookups/new' && document.activeElement.id === 'f-case'").await;
    hands.type_field(case).await;
    hands.key(Key::Enter).await;
    story.arrive(&format!("document.querySelector('#case-sent').value === {}", json!(case))).await;
    hands.key('1').await;
    if !words.is_empty() {
        hands.tab_to("#f-purpose_text").await;
        hands.type_field(words).await;
    }
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#ending, #errors')").await;
    story.sees("!document.querySelector('#errors')").await;
}

/// A pause in which the page is left alone.
pub async fn moment(milliseconds: u64) {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
}
