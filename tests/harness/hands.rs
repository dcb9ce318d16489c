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
    pub async fn chord(&self, held: &[Key], key: impl Into<char>) {
        self.counted();
        let key: char = key.into();
        let mut chain = self.browser.driver().action_chain();
        for modifier in held {
            chain = chain.key_down(modifier.clone());
        }
        chain = chain.key_down(key).key_up(key);
        for modifier in held.iter().rev() {
            chain = chain.key_up(modifier.clone());
        }
        chain.perform().await.unwrap_or_else(|e| panic!("key {key:?}: {e}"));
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
