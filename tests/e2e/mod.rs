//! Stories in a real browser.

mod account;
mod instruments;
mod pages;

use harness::{Browser, Hands, Server};
use thirtyfour::Key;

/// Signs a member of the demo's cast in, with the keyboard, and waits for the to-do list.
async fn sign_in(browser: &Browser, hands: &Hands<'_>, server: &Server, login: &str) {
    browser.open(&server.url(&format!("/sign-in?as={login}"))).await;
    browser.wait_until("document.activeElement.matches('form button')").await;
    hands.key(Key::Enter).await;
    browser.wait_until("location.pathname === '/todo'").await;
}
