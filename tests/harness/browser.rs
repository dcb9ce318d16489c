//! Debian's Chromium under its own driver, without a window.

use crate::folder::Folder;
use crate::process::{Process, free_port, pause, program};
use crate::traffic::Traffic;
use crate::{axe, http, target};
use serde_json::{Value, json};
use std::fs;
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};
use thirtyfour::LoggingPrefsLogLevel;
use thirtyfour::common::capabilities::chrome::ChromeCapabilities;
use thirtyfour::common::command::{Command as DriverCommand, ExtensionCommand};
use thirtyfour::prelude::*;
use ureq::http::Method;

/// The screen that every page must fit without scrolling sideways, in CSS pixels.
pub const SCREEN: (u32, u32) = (1366, 768);

/// How long a page may take to show what a story waits for.
const PATIENCE: Duration = Duration::from_secs(15);

/// Flags that keep Chromium on this machine: no sandbox (tests may run as root), no talk to its makers, and
/// no host name but the loopback's.
const FLAGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--lang=zh-TW",
    "--accept-lang=zh-TW,zh",
    "--window-size=1366,768",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
];

/// One browser with a profile of its own.
pub struct Browser {
    driver: WebDriver,
    traffic: Mutex<Traffic>,
    // Dropped after the session, in this order.
    _chromedriver: Process,
    _profile: Folder,
}

impl Browser {
    /// Starts a browser. Fails, and names the Debian package, if there is none.
    pub async fn start() -> Self {
        let chromium = installed("chromium", "chromium");
        let chromedriver = installed("chromedriver", "chromium-driver");
        let profile = Folder::new("browser");
        let port = free_port();
        let mut command = Command::new(chromedriver);
        command.arg(format!("--port={port}")).env("HOME", profile.path());
        let process = Process::start(command, &profile.path().join("chromedriver"));
        await_driver(port, &process);

        let mut capabilities = ChromeCapabilities::new();
        capabilities.set_binary(&chromium).expect("a path is a string");
        for flag in FLAGS {
            capabilities.add_arg(flag).expect("a flag is a string");
        }
        let folder = format!("--user-data-dir={}", profile.path().join("profile").display());
        capabilities.add_arg(&folder).expect("a flag is a string");
        for log in ["performance", "browser"] {
            capabilities.set_logging_prefs(log, LoggingPrefsLogLevel::All).expect("a level is a string");
        }
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities).await;
        let driver = driver.unwrap_or_else(|e| panic!("no browser session: {e}\n{}", process.printed()));
        let traffic = Mutex::new(Traffic::default());
        let browser = Self { driver, traffic, _chromedriver: process, _profile: profile };
        browser.resize(SCREEN.0, SCREEN.1).await;
        browser
    }

    /// The session, for what this harness has no word for.
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Goes to an address and waits until it is loaded.
    pub async fn open(&self, url: &str) {
        self.driver.goto(url).await.unwrap_or_else(|e| panic!("{url} does not open: {e}"));
    }

    /// The value of a script's `return`.
    pub async fn eval(&self, script: &str) -> Value {
        let answer = self.driver.execute(script, Vec::new()).await;
        answer.unwrap_or_else(|e| panic!("{script}: {e}")).json().clone()
    }

    /// The visible text of the first element that a CSS selector finds; waits for it.
    pub async fn text(&self, selector: &str) -> String {
        self.wait_for(selector).await;
        let script = format!("return document.querySelector({}).innerText", json!(selector));
        self.eval(&script).await.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until an element is there.
    pub async fn wait_for(&self, selector: &str) {
        self.wait_until(&format!("document.querySelector({}) !== null", json!(selector))).await;
    }

    /// Waits until an expression of the page is true.
    pub async fn wait_until(&self, expression: &str) {
        let start = Instant::now();
        let script = format!("return Boolean({expression})");
        // While a page gives way to the next a script may fail; then it is asked again.
        while !self.driver.execute(script.as_str(), Vec::new()).await.is_ok_and(|a| *a.json() == json!(true))
        {
            if start.elapsed() > PATIENCE {
                self.screenshot("gave-up").await;
                let page =
                    self.eval("return location.href + '\\n' + document.body.innerText.slice(0, 1500)").await;
                panic!(
                    "`{expression}` is not true after {PATIENCE:?} on {}",
                    page.as_str().unwrap_or("a blank page")
                );
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Gives the page a window of this size, in CSS pixels.
    pub async fn resize(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// Sends a command of the DevTools protocol.
    pub async fn devtools(&self, method: &str, params: Value) -> Value {
        let command = Devtools { method: method.into(), params };
        let answer = self.driver.cmd(DriverCommand::ExtensionCommand(Box::new(command))).await;
        let answer = answer.unwrap_or_else(|e| panic!("{method}: {e}"));
        answer.value::<Value>().unwrap_or_default()
    }

    /// Saves what the window shows as `target/screenshots/NAME.png`.
    pub async fn screenshot(&self, name: &str) {
        let folder = target().join("screenshots");
        fs::create_dir_all(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        let picture = self.driver.screenshot_as_png().await.expect("the browser takes a screenshot");
        fs::write(folder.join(format!("{name}.png")), picture).expect("the screenshot can be written");
    }

    async fn listen(&self) -> MutexGuard<'_, Traffic> {
        let entries = self.driver.get_log("performance").await.expect("the browser keeps a log");
        let mut traffic = self.traffic.lock().expect("no test panics while it holds this");
        for entry in entries {
            traffic.hear(&entry.message);
        }
        traffic
    }

    /// Forgets the requests so far; what follows is counted from zero.
    pub async fn forget_traffic(&self) {
        *self.listen().await = Traffic::default();
    }

    /// Bytes received since the start, or since `forget_traffic`.
    pub async fn bytes(&self) -> u64 {
        self.listen().await.bytes()
    }

    /// Addresses asked for since the start, or since `forget_traffic`.
    pub async fn requested(&self) -> Vec<String> {
        self.listen().await.requests().into_iter().map(|r| r.url).collect()
    }

    /// Fails if the browser asked anybody but the loopback.
    pub async fn assert_stayed_home(&self) {
        let strays = self.listen().await.strays();
        assert!(strays.is_empty(), "requests left the host: {strays:#?}");
    }

    /// Fails if the page broke its content policy, threw an error or complained otherwise. A page that says
    /// no (403, 404, 409, 422) is no complaint; a part of a page that fails to load is.
    pub async fn assert_quiet(&self) {
        let entries = self.driver.browser_log().await.expect("the browser keeps a log");
        let here = self.eval("return location.href").await;
        let refusal = |message: &str| {
            let own = here.as_str().is_some_and(|url| message.starts_with(&format!("{url} ")));
            own && ["403", "404", "409", "422"]
                .iter()
                .any(|code| message.contains(&format!("status of {code}")))
        };
        let severe = entries.into_iter().filter(|e| e.level == "SEVERE").map(|e| e.message);
        let loud: Vec<String> = severe.filter(|message| !refusal(message)).collect();
        assert!(loud.is_empty(), "the page complained: {loud:#?}");
    }

    /// Fails with every violation that axe-core finds on the page.
    pub async fn assert_accessible(&self, page: &str) {
        let violations = axe::violations(self).await;
        let told: Vec<String> = violations.iter().map(ToString::to_string).collect();
        assert!(told.is_empty(), "{page}: {} violation(s)\n{}", told.len(), told.join("\n"));
    }

    /// Fails if the page must be scrolled sideways at 1,093 or at 320 CSS pixels.
    pub async fn assert_fits(&self, page: &str) {
        for (width, height) in [(1093, 614), (320, 640)] {
            self.resize(width, height).await;
            let script =
                "return [document.documentElement.scrollWidth, document.documentElement.clientWidth]";
            let widths = self.eval(script).await;
            assert!(
                widths[0].as_u64() <= widths[1].as_u64(),
                "{page} is {} px wide at {width} px",
                widths[0]
            );
        }
        self.resize(SCREEN.0, SCREEN.1).await;
    }

    /// Ends the session.
    pub async fn close(self) {
        self.driver.quit().await.expect("the browser ends");
    }
}

/// The path of a program, or a failure that names the package.
fn installed(name: &str, package: &str) -> String {
    let found = program(name).map(|path| path.display().to_string());
    found.unwrap_or_else(|| {
        panic!("`{name}` is missing: install the Debian package {package} (scripts/install-test-deps)")
    })
}

fn await_driver(port: u16, process: &Process) {
    let start = Instant::now();
    let ready = |answer: http::Answer| answer.body.replace(' ', "").contains("\"ready\":true");
    while !http::get(&format!("http://127.0.0.1:{port}/status")).is_some_and(ready) {
        assert!(start.elapsed() < PATIENCE, "chromedriver is not ready:\n{}", process.printed());
        pause(Duration::from_millis(20));
    }
}

/// A DevTools command, as chromedriver takes it.
#[derive(Debug)]
struct Devtools {
    method: String,
    params: Value,
}

impl ExtensionCommand for Devtools {
    fn parameters_json(&self) -> Option<Value> {
        Some(json!({ "cmd": self.method, "params": self.params }))
    }

    fn method(&self) -> Method {
        Method::POST
    }

    fn endpoint(&self) -> Arc<str> {
        "/goog/cdp/execute".into()
    }
}
