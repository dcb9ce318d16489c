//! From a code that is handed out to the first sign-in, with the keyboard alone.

use super::story::Story;
use desk::Clock;
use domain::Personal;
use harness::Hands;
use serde_json::json;
use thirtyfour::Key;

/// What the newcomer chooses; another one, which breaks every rule that can be broken at once.
const GOOD: &str = "Quiet-Harbour-77";
const POOR: &str = "harbour";

/// The code that an authenticator shows now for the key on the page, or shows next.
async fn shown(story: &Story, later: i64) -> String {
    let secret = story.ask("document.querySelector('#secret').textContent").await.replace(' ', "");
    code(&secret, later)
}

fn code(secret: &str, later: i64) -> String {
    let at = Clock::system().now().plus_seconds(later);
    desk::account::current_code(&Personal::new(secret), at).expect("a key in Base32")
}

/// The administrator hands out a code by link; answers the link and the code.
async fn hand_out(story: &Story, hands: &Hands<'_>) -> (String, String) {
    story.sit("yang-lc").await;
    story.open("/accounts").await;
    story.settled().await;
    hands.tab_to("a[href='/accounts?person=kuo-lc']").await;
    hands.key(Key::Enter).await;
    story.arrive("document.activeElement.id === 'f-login'").await;
    hands.type_field("tsao").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#e-login')").await;
    story.check("invite-refused").await;
    hands.tab_to("#f-login").await;
    hands.type_field("kuo").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('.slip .lead')").await;
    let link = story.ask("document.querySelector('[data-link]').textContent").await;
    let handed = story.ask("document.querySelector('.slip .lead').textContent").await;
    assert_eq!(link, story.server.url(&format!("/enrol#{handed}")));
    story.sees("!document.querySelector('.slip').textContent.includes('kuo')").await;
    story.check("handed").await;
    // On paper there is the slip and nothing else.
    story.browser.devtools("Emulation.setEmulatedMedia", json!({ "media": "print" })).await;
    let hidden = "['.nav', '.bar', '.foot', '.act', '.banner'].every((one) =>
        [...document.querySelectorAll(one)].every((found) => found.offsetHeight === 0))";
    story.sees(&format!("{hidden} && document.querySelector('.slip').offsetHeight > 0")).await;
    story.browser.screenshot("handed-print").await;
    story.browser.devtools("Emulation.setEmulatedMedia", json!({ "media": "" })).await;
    (link, handed)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newcomer_is_invited_sets_up_an_account_and_signs_in() {
    let story = Story::begin().await;
    let hands = story.hands();

    let (link, handed) = hand_out(&story, &hands).await;

    // Its owner follows the link; the code stands in the field and in no address.
    story.browser.devtools("Network.clearBrowserCookies", json!({})).await;
    story.browser.open("about:blank").await;
    story.browser.open(&link).await;
    story.settled().await;
    story.sees("location.pathname === '/enrol' && location.hash === '' && location.search === ''").await;
    assert_eq!(story.ask("document.querySelector('#f-code').value").await, handed);
    story.check("enrol").await;
    hands.tab_to("#f-login").await;
    hands.type_field("kuo").await;
    hands.key(Key::Enter).await;
    story.arrive("document.querySelector('#secret')").await;
    story.sees("document.querySelector('svg.qr path')").await;
    story.check("set-up").await;

    // A poor password is refused with all its faults, and the authenticator stays the same.
    let before = story.ask("document.querySelector('#secret').textContent").await;
    hands.tab_to("#f-password").await;
    hands.type_field(POOR).await;
    story.sees("!document.querySelector('[data-demand=length].met')").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelectorAll('#errors li').length >= 4").await;
    story.check("set-up-refused").await;
    assert_eq!(story.ask("document.querySelector('#secret').textContent").await, before);
    assert_eq!(story.ask("document.querySelector('#f-password').value").await, "");
    hands.tab_to("#f-password").await;
    hands.type_field(GOOD).await;
    story.sees("document.querySelectorAll('[data-demand].met').length === 2").await;
    hands.tab_to("#f-again").await;
    hands.type_field(GOOD).await;
    hands.tab_to("#f-proof").await;
    hands.type_field(&shown(&story, 0).await).await;
    let secret = before.replace(' ', "");
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("location.pathname === '/sign-in'").await;

    // The next code opens the door.
    hands.tab_to("#f-login").await;
    hands.type_field("kuo").await;
    hands.key(Key::Tab).await;
    hands.type_field(GOOD).await;
    hands.key(Key::Tab).await;
    hands.type_field(&code(&secret, 30)).await;
    hands.key(Key::Enter).await;
    story.arrive("location.pathname === '/todo' && document.body.dataset.csrf").await;

    // And the link is spent.
    story.browser.open(&link).await;
    story.settled().await;
    hands.tab_to("#f-login").await;
    hands.type_field("kuo").await;
    hands.key(Key::Enter).await;
    story.arrive("document.querySelector('#e-code')").await;
    story.check("enrol-refused").await;
    story.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caseworker_changes_the_password_and_then_the_authenticator() {
    let story = Story::begin().await;
    let hands = story.hands();
    story.sit("chen").await;
    story.open("/password").await;
    story.settled().await;
    hands.type_field(sluice::demo::cast::PASSWORD).await;
    hands.tab_to("#f-password").await;
    hands.type_field(POOR).await;
    hands.tab_to("#f-again").await;
    hands.type_field("other").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelectorAll('#errors li').length === 3").await;
    story.check("password-refused").await;
    for (field, text) in [("current", sluice::demo::cast::PASSWORD), ("password", GOOD), ("again", GOOD)] {
        hands.tab_to(&format!("#f-{field}")).await;
        hands.type_field(text).await;
    }
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("location.search === '?done=password'").await;
    story.check("password-changed").await;
    // The next code went with the password; the page then shows the one after it.
    let spent = super::api::code_of(&story.server, "chen");
    while super::api::code_of(&story.server, "chen") == spent {
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    story.open("/factor").await;
    story.settled().await;
    hands.type_field(GOOD).await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#secret')").await;
    story.check("factor-new").await;
    hands.tab_to("#f-proof").await;
    hands.type_field(&shown(&story, 0).await).await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("location.search === '?done=factor'").await;
    story.end().await;
}
