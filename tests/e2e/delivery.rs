//! Slips reach people: one that is handed over and taken back, and many at once, at the keyboard.

use super::api::Api;
use super::story::Story;
use serde_json::json;
use thirtyfour::Key;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slip_is_handed_out_its_delivery_recorded_and_then_revoked() {
    let story = Story::begin().await;
    story.sit("yang-lc").await;
    story.open("/accounts?person=kuo-lc").await;
    story.settled().await;
    let hands = story.hands();
    hands.type_field("kuo").await;
    hands.tab_to("#f-method").await;
    hands.key(Key::Down).await;
    story.sees("document.querySelector('#f-method').value === 'sealed-slip'").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('.slip .lead')").await;
    hands.tab_to("a[href='/accounts/kuo-lc']").await;
    hands.key(Key::Enter).await;
    story.arrive("location.pathname === '/accounts/kuo-lc'").await;
    story.check("account-open").await;
    // A day ahead is refused at its field, and what was chosen stays.
    hands.tab_to("#f-handed-to").await;
    hands.type_field("陳思齊").await;
    hands.tab_to("#f-handed-on").await;
    hands.type_field("+3").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#e-handed-on')").await;
    story.sees("document.querySelector('#f-handed-to').value === 'chen'").await;
    story.check("account-refused").await;
    let today = story.ask("new Date().toLocaleDateString('sv', {timeZone: 'Asia/Taipei'})").await;
    hands.tab_to("#f-handed-on").await;
    hands.type_field(&today).await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    story.sees("document.querySelector('tr[data-row]').textContent.includes('陳思齊')").await;
    story.check("account-delivered").await;
    hands.tab_to("tr[data-row] summary").await;
    hands.key(Key::Enter).await;
    hands.tab_to("tr[data-row] details button").await;
    hands.key(Key::Enter).await;
    story.arrive("location.search === '?done=revoked'").await;
    story.check("account-revoked").await;
    println!("handing over a slip, recording that and revoking it: {} interactions", hands.count());
    story.open("/accounts/kuo-lc?lang=en").await;
    story.settled().await;
    story.check("en-account").await;
    story.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_came_with_a_list_gets_a_slip_each() {
    let story = Story::begin().await;
    story.sit("yang-lc").await;
    let keeper = Api::of(&story.server, "yang-lc");
    let person = |n: usize| {
        let (id, name) = (format!("R{n:02}"), format!("新進{n:02}"));
        json!({ "id": id, "name": name, "unit": "lc-disease", "role": "user" })
    };
    let people: Vec<_> = (1..=12).map(person).collect();
    let list = |seal: &serde_json::Value| json!({ "people": people, "seal": seal });
    let (_, seen) = keeper.post("staff/import", &list(&json!("")));
    let (status, answer) = keeper.post("staff/import", &list(&seen["seal"]));
    assert_eq!((status, &answer["done"]), (200, &json!(true)), "{answer}");

    story.open("/accounts").await;
    story.settled().await;
    let hands = story.hands();
    // Nobody is picked: it says so.
    hands.tab_to("form[action='/accounts/slips'] button").await;
    hands.key(Key::Enter).await;
    story.arrive("document.querySelector('#errors')").await;
    story.check("slips-nobody").await;
    for id in ["lienchiang-R01", "lienchiang-R02"] {
        hands.tab_to(&format!("input[value='{id}']")).await;
        hands.key(' ').await;
    }
    story.check("accounts-picked").await;
    story.browser.eval("document.querySelector(\"form[action='/accounts/slips'] button\").focus()").await;
    hands.key(Key::Enter).await;
    story.arrive("document.querySelector('#f-proof')").await;
    story.sees("document.querySelectorAll('input[name=people]').length === 2").await;
    story.check("slips-ask").await;
    hands.tab_to("#f-proof").await;
    hands.type_field("000000").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#e-proof')").await;
    story.sees("document.querySelectorAll('input[name=people]').length === 2").await;
    story.check("slips-refused").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelectorAll('.slip').length === 2").await;
    story.check("slips").await;
    println!("two slips for those who came with a list: {} interactions", hands.count());
    // On paper each slip begins a page, and nothing else is there.
    story.browser.devtools("Emulation.setEmulatedMedia", json!({ "media": "print" })).await;
    let hidden = "['.nav', '.bar', '.foot', '.act', '.banner', '.head'].every((one) =>
        [...document.querySelectorAll(one)].every((found) => found.offsetHeight === 0))";
    story.sees(hidden).await;
    let breaks = "getComputedStyle(document.querySelectorAll('.slip')[1]).breakBefore === 'page'";
    story.sees(breaks).await;
    story.browser.screenshot("slips-print").await;
    story.browser.devtools("Emulation.setEmulatedMedia", json!({ "media": "" })).await;

    story.open("/accounts?lang=en").await;
    story.settled().await;
    story.check("en-accounts").await;
    hands.tab_to("button[name=all]").await;
    hands.key(Key::Enter).await;
    story.arrive("document.querySelector('#f-proof')").await;
    story.check("en-slips-ask").await;
    story.end().await;
}
