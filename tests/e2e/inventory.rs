//! Accounts are gone through by exception, by keyboard alone, and the rest is confirmed as a block.

use super::api::{Api, text};
use super::story::Story;
use thirtyfour::Key;

/// Seconds of the keystroke model: a key, pointing or moving to a field, thinking, reading an item, a page.
const KEY: f64 = 0.28;
const POINT: f64 = 1.3;
const THINK: f64 = 1.35;
const READ: f64 = 3.0;
const PAGE: f64 = 2.0;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accounts_are_gone_through_by_exception() {
    let story = Story::begin().await;
    let keeper = Api::of(&story.server, "ho-kh");
    let mut id = String::new();
    for _ in 0..60 {
        let owed = keeper.get("duties").1;
        let own = owed["own"].as_array().unwrap().iter().find(|duty| duty["kind"] == "inventory").cloned();
        if let Some(duty) = own {
            id = text(&duty["id"]);
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    assert!(!id.is_empty(), "the watch opens the inventory of the quarter");
    story.sit("ho-kh").await;
    story.open(&format!("/inventory/{id}")).await;
    story.settled().await;
    story.sees("document.querySelectorAll('input[value=remove]').length >= 3").await;
    story.check("inventory").await;

    // One is kept without a reason first: told at its field, and everything chosen stays.
    let hands = story.hands();
    story.browser.eval("document.querySelector('input[value=keep]').focus()").await;
    hands.key(' ').await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#errors')").await;
    story.sees("document.querySelector('input[value=keep]').checked").await;
    story.check("inventory-fault").await;
    let hands = story.hands();
    story.browser.eval("document.querySelector('input[id^=f-note-]').focus()").await;
    hands.type_field("兩案並行，月底合併").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    let kept = hands.count();
    story.check("inventory-decided").await;

    story.sit("chang").await;
    story.open(&format!("/inventory/{id}")).await;
    story.settled().await;
    story.check("inventory-attest").await;
    let hands = story.hands();
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    assert_eq!(hands.count(), 1, "a head confirms all people at once");

    story.sit("ho-kh").await;
    story.open(&format!("/inventory/{id}")).await;
    story.settled().await;
    // The other heads are reminded first: one move and a key, once a day.
    let hands = story.hands();
    hands.tab_to("form[action$='/remind'] button").await;
    hands.key(Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    story.check("inventory-reminded").await;
    let hands = story.hands();
    hands.tab_to("#f-note").await;
    hands.type_field("其餘單位下週補確認").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    story.check("inventory-closed").await;
    // What stays as proposed costs reading only; what is kept costs a move, a key and a sentence of a dozen
    // characters with twice as many keys; then one chord each to send and to close, with a page after each.
    let exceptions = 23.0;
    let keeps = 8.0;
    let each = POINT + KEY + 24.0 * KEY;
    let seconds = exceptions * (READ + THINK) + keeps * each + 2.0 * (2.0 * KEY + PAGE) + PAGE;
    println!("to keep one: {kept} interactions; 300 accounts with 23 exceptions: {:.1} min", seconds / 60.0);
    assert!(kept <= 3 && seconds < 15.0 * 60.0);
    story.end().await;
}
