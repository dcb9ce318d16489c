//! Signing in, with the keyboard alone.

use harness::{Browser, Hands, Server};
use serde_json::json;
use thirtyfour::Key;

/// The budget of a first page load, in bytes as they come over the wire, headers included.
const FIRST_LOAD: u64 = 120 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newcomer_signs_in_with_the_keyboard() {
    let (server, browser) = (Server::start(), Browser::start().await);
    browser.open(&server.url("/")).await;
    browser.wait_until("location.pathname === '/sign-in'").await;
    let bytes = browser.bytes().await;
    println!("first page load: {bytes} bytes in {} requests", browser.requested().await.len());
    assert!(bytes <= FIRST_LOAD, "{bytes} bytes, {FIRST_LOAD} are allowed");
    browser.assert_accessible("sign-in").await;
    browser.assert_fits("sign-in").await;

    let hands = Hands::on(&browser);
    hands.tab_to("a[href='/sign-in?as=chen']").await;
    hands.key(Key::Enter).await;
    browser.wait_until("document.activeElement.matches('form button')").await;
    hands.key(Key::Enter).await;
    browser.wait_until("location.pathname === '/todo'").await;
    browser.assert_quiet().await;
    browser.assert_stayed_home().await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password_keeps_the_name_and_says_nothing_of_the_account() {
    let (server, browser) = (Server::start(), Browser::start().await);
    let hands = Hands::on(&browser);
    let mut said = Vec::new();
    for login in ["chen", "nobody-here"] {
        browser.open(&server.url("/sign-in")).await;
        browser.wait_until("document.activeElement.id === 'f-login'").await;
        hands.type_field(login).await;
        hands.key(Key::Tab).await;
        hands.type_field("not the password").await;
        hands.key(Key::Tab).await;
        hands.type_field("000000").await;
        hands.key(Key::Enter).await;
        said.push(browser.text("#errors").await);
        let name = browser.eval("return document.querySelector('#f-login').value").await;
        let password = browser.eval("return document.querySelector('#f-password').value").await;
        assert_eq!((name, password), (json!(login), json!("")));
    }
    assert_eq!(said[0], said[1], "known and unknown names get the same answer");
    browser.assert_accessible("refused sign-in").await;
    browser.close().await;
}
