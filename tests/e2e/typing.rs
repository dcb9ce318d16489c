//! Typing: an input method owns its Enter, a session warns before it ends, the first page is small.

use super::api::{Api, encode};
use super::story::{Story, moment};
use thirtyfour::Key;

/// Bytes of the first page with all it loads.
const FIRST_PAGE: u64 = 120 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_enter_of_the_input_method_sends_nothing() {
    let story = Story::begin().await;
    story.sit("chen").await;
    let chen = Api::of(&story.server, "chen");
    let before = chen.get("lookups").1["total"].clone();
    story.open("/lookups/new").await;
    story.arrive("document.activeElement.id === 'f-case'").await;
    let hands = story.hands();
    stays(&story, "#f-case", "疫苗").await;
    let case = chen.cases("陳思齊", true)[0].clone();
    story.open(&format!("/lookups/new?case={}", encode(&case))).await;
    story.settled().await;
    for field in ["#f-outside_reason", "#f-purpose_text", "#f-basis_text"] {
        hands.tab_to(field).await;
        stays(&story, field, "核對資料").await;
    }
    // An Enter of the hand walks on to the next field, and sends nothing either.
    hands.key(Key::Enter).await;
    story.sees("document.activeElement.id !== 'f-basis_text' && location.pathname === '/lookups/new'").await;
    assert_eq!(chen.get("lookups").1["total"], before);
    story.end().await;
}

/// Composes into the focused field; the page stays, with the text in the field and the focus where it was.
async fn stays(story: &Story, field: &str, text: &str) {
    story
        .browser
        .eval("window.story = { sent: 0 }; addEventListener('submit', () => { story.sent += 1; }, true)")
        .await;
    let still = "JSON.stringify([window.story, location.search])";
    let before = story.ask(still).await;
    story.hands().compose_field("ㄏㄜˊ", text).await;
    moment(250).await;
    assert_eq!(story.ask(still).await, before, "an Enter of the input method in {field}");
    story.sees(&format!("document.activeElement.matches('{field}')")).await;
    story.sees(&format!("document.activeElement.value === '{text}'")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_page_is_small_and_a_session_warns_before_it_ends() {
    let story = Story::begin().await;
    story.browser.forget_traffic().await;
    story.open("/sign-in?as=chen").await;
    story.settled().await;
    let bytes = story.browser.bytes().await;
    println!("first page load: {bytes} bytes (target {FIRST_PAGE})");
    assert!(bytes <= FIRST_PAGE, "{bytes}");
    story.check("sign-in").await;
    story.sit("chen").await;
    let all = story.browser.bytes().await;
    println!("until the to-do list stands there: {all} bytes");
    story.sees("document.querySelector('dialog#idle #idle-stay')").await;
    story
        .sees("+document.body.dataset.idle > +document.body.dataset.warn && +document.body.dataset.warn > 0")
        .await;
    the_warning(&story).await;
    sign_out(&story).await;
    story.end().await;
}

/// The warning itself: it takes the focus, and one key keeps the session.
async fn the_warning(story: &Story) {
    story
        .browser
        .eval("document.querySelector('#idle').showModal(); document.querySelector('#idle-stay').focus()")
        .await;
    story.browser.assert_accessible("idle").await;
    story.hands().key(Key::Enter).await;
    story.browser.wait_until("!document.querySelector('#idle').open").await;
    let hands = story.hands();
    hands.key('?').await;
    story.browser.wait_until("document.querySelector('#keys').open").await;
    story.browser.assert_accessible("keys").await;
    hands.key(Key::Escape).await;
    story.browser.wait_until("!document.querySelector('#keys').open").await;
}

/// Signing out by keyboard; the way back leads to the door.
async fn sign_out(story: &Story) {
    let hands = story.hands();
    hands.tab_to(".me summary").await;
    hands.key(Key::Enter).await;
    hands.tab_to("form[action='/sign-out'] button").await;
    hands.key(Key::Enter).await;
    story.arrive("location.pathname === '/sign-in'").await;
    story.check("signed-out").await;
    story.browser.driver().back().await.expect("the page before");
    story.arrive("location.pathname === '/sign-in' || !document.body.dataset.csrf").await;
}
