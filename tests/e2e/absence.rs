//! Somebody falls ill: recorded by those who run the accounts, and back early; and a deputy named ahead.

use super::api::Api;
use super::story::Story;
use serde_json::json;
use thirtyfour::Key;

/// The row of the one who is ill.
const ROW: &str =
    "[...document.querySelectorAll('tr[data-row]')].find(row => row.textContent.includes('曹志明'))";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_ill_is_recorded_by_another_with_the_deputy_they_had_named() {
    let story = Story::begin().await;
    story.sit("tsao").await;
    story.open("/absences").await;
    story.settled().await;
    story.check("absences-none").await;
    let hands = story.hands();
    hands.tab_to("#f-standing").await;
    hands.type_field("劉雨潔").await;
    hands.tab_to("form[action='/deputy'] button").await;
    hands.key(Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;

    story.sit("yang-lc").await;
    story.open("/absences").await;
    story.settled().await;
    let hands = story.hands();
    hands.tab_to("#f-person").await;
    hands.type_field("曹志明").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#errors')").await;
    story.sees("document.querySelector('#f-person').value === 'tsao'").await;
    story.check("absences-fault").await;
    hands.tab_to("#f-from").await;
    let today = story.ask("new Date().toLocaleDateString('sv', {timeZone: 'Asia/Taipei'})").await;
    hands.type_field(&today).await;
    hands.tab_to("#f-until").await;
    hands.type_field("+5").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    story.sees(&format!("{ROW}.textContent.includes('劉雨潔')")).await;
    story.check("absences").await;
    println!("recording that somebody is ill: {} interactions", hands.count());

    let liu = Api::of(&story.server, "liu");
    let (status, all) = liu.get("absences");
    assert_eq!((status, &all["absences"][0]["runs"]), (200, &json!(true)), "{all}");
    let id = all["absences"][0]["id"].as_str().unwrap();
    assert_eq!(liu.post(&format!("absences/{id}/end"), &json!({})).0, 403, "the deputy does not end it");
    let (status, no) = liu.post("absences", &json!({ "deputy": "tsao", "from": "soon" }));
    assert_eq!((status, &no["field"]), (422, &json!("from")), "{no}");
    assert_eq!(liu.post("deputy", &json!({ "standing": "tsao" })).0, 200);

    story.open("/absences?lang=en").await;
    story.settled().await;
    story.browser.eval(&format!("{ROW}.querySelector('summary').focus()")).await;
    hands.key(Key::Enter).await;
    story.check("absences-en").await;
    hands.tab_to("tr details[open] button").await;
    hands.key(Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    story.sees(&format!("!{ROW}")).await;
    story.end().await;
}
