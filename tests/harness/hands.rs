//! A person at a keyboard, counted: one key chord is one interaction, one field filled is one, a PIN is one.

use crate::Browser;
use serde_json::json;
use std::cell::Cell;
use thirtyfour::Key;

/// Hands on the keyboard of one browser. There is no mouse.
pub struct Hands<'b> {
    browser: &'b Browser,
    count: Cell<u32>,
}

impl<'b> Hands<'b> {
    /// Hands that have done nothing yet.
    pub fn on(browser: &'b Browser) -> Self {
        Self { browser, count: Cell::new(0) }
    }

    /// Interactions so far.
    pub fn count(&self) -> u32 {
        self.count.get()
    }

    /// Begins to count from zero, and answers the count so far.
    pub fn begin(&self) -> u32 {
        self.count.replace(0)
    }

    fn counted(&self) {
        self.count.set(self.count.get() + 1);
    }

    /// Presses one key.
    pub async fn key(&self, key: impl Into<char>) {
        self.chord(&[], key).await;
    }

    /// Presses a key while others are held.
    ///
    /// The key goes to the element that has the focus. Where a key leads to another page, the driver may lose
    /// its answer and try again; it then finds the element gone, which is how a second press is told apart
    /// from the first and kept off the next page.
    pub async fn chord(&self, held: &[Key], key: impl Into<char>) {
        self.counted();
        let keys: String = held.iter().map(|k| char::from(k.clone())).chain([key.into()]).collect();
        let focus = self.browser.driver().active_element().await;
        let focus = focus.unwrap_or_else(|e| panic!("nothing has the focus: {e}"));
        match focus.send_keys(keys.as_str()).await {
            Err(e) if !e.to_string().contains("stale element") => panic!("keys {keys:?}: {e}"),
            _ => {}
        }
    }

    /// Fills the field that has the focus, whatever it held before. Any number of characters is one
    /// interaction.
    pub async fn type_field(&self, text: &str) {
        self.counted();
        let focus = "const e = document.activeElement;
            if (!e.matches('input, textarea, select')) { return e.outerHTML.slice(0, 120); }
            if (e.select) { e.select(); }
            return null;";
        let elsewhere = self.browser.eval(focus).await;
        assert!(elsewhere.is_null(), "no field has the focus, but {elsewhere}");
        let driver = self.browser.driver();
        driver.action_chain().send_keys(text).perform().await.unwrap_or_else(|e| panic!("typing: {e}"));
    }

    /// Composes text as an input method does and confirms it with Enter: the page sees composition events
    /// and an Enter that belongs to the input method. One field filled is one interaction.
    pub async fn compose_field(&self, reading: &str, text: &str) {
        self.counted();
        let enter = |kind: &str| {
            let (key, virtual_key) = ("Enter", 229);
            json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": virtual_key })
        };
        let end = reading.chars().count();
        let composition = json!({ "text": reading, "selectionStart": end, "selectionEnd": end });
        self.browser.devtools("Input.imeSetComposition", composition).await;
        self.browser.devtools("Input.dispatchKeyEvent", enter("rawKeyDown")).await;
        self.browser.devtools("Input.insertText", json!({ "text": text })).await;
        self.browser.devtools("Input.dispatchKeyEvent", enter("keyUp")).await;
    }

    /// Moves the focus on with Tab until an element that a CSS selector finds has it; every press counts.
    pub async fn tab_to(&self, selector: &str) {
        let there = format!("return document.activeElement.matches({})", json!(selector));
        for _ in 0..200 {
            if self.browser.eval(&there).await == json!(true) {
                return;
            }
            self.key(Key::Tab).await;
        }
        panic!("`{selector}` is not reached with Tab");
    }
}
