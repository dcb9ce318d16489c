//! Refusals: visible, disabled, with the sentence and the clause; and nothing typed is lost.

use super::api::{Api, encode};
use super::story::{Story, moment};
use serde_json::json;
use thirtyfour::Key;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_not_be_used_is_there_and_says_why() {
    let story = Story::begin().await;
    story.sit("chen").await;
    let case = Api::of(&story.server, "chen").cases("陳思齊", true)[0].clone();
    story.open(&format!("/lookups/new?case={}", encode(&case))).await;
    story.settled().await;
    let barred = "document.querySelector('input[value=\"household/kinship\"]')";
    story.sees(&format!("{barred}.disabled && {barred}.getClientRects().length")).await;
    let why = said_by(&story, barred).await;
    assert!(why.contains("本業務未核准") && why.contains("連江要點 二(一)"), "{why}");
    story.check("lookup").await;

    empty_form(&story).await;
    a_bad_number(&story, &case).await;
    a_case_without_words(&story).await;
    story.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_look_up_is_told_so() {
    let story = Story::begin().await;
    for login in ["wang-lc", "pan-lc"] {
        story.sit(login).await;
        story.check(&format!("todo-{login}")).await;
        story.open("/lookups/new").await;
        story.settled().await;
        story.sees("document.querySelector('main').innerText.includes('目前的角色不能做這件事')").await;
        // The control stands there, disabled, and says why; no chord of the keyboard gets around it.
        story.sees("document.querySelector('#ask button.main').disabled").await;
        let why = said_by(&story, "document.querySelector('#ask button.main')").await;
        assert!(why.contains("由單位主管辦理"), "{why}");
        story.hands().chord(&[Key::Control], Key::Enter).await;
        moment(200).await;
        story.sees("location.pathname === '/lookups/new' && !document.querySelector('#errors')").await;
        story.check(&format!("lookup-{login}")).await;
        let (status, answer) = Api::of(&story.server, login).get("lookups/draft");
        assert_eq!((status, &answer["barred"]["code"]), (200, &json!("no-capacity")), "{answer}");
        let ask =
            json!({ "purpose": "x", "basis": "x", "subject": "A123456789", "items": ["household/basic"] });
        let (status, answer) = Api::of(&story.server, login).post("lookups", &ask);
        assert_eq!((status, &answer["code"]), (403, &json!("no-capacity")), "{answer}");
    }
    story.open("/nothing-here").await;
    story.check("not-found").await;
    story.end().await;
}

/// The sentence that stands beside a barred control.
async fn said_by(story: &Story, control: &str) -> String {
    story.ask(&format!("document.getElementById({control}.getAttribute('aria-describedby')).innerText")).await
}

/// A form with nearly nothing in it: the summary has the focus, and what was typed is still there.
async fn empty_form(story: &Story) {
    story.open("/lookups/new").await;
    story.arrive("document.activeElement.id === 'f-case'").await;
    let hands = story.hands();
    hands.tab_to("#f-purpose_text").await;
    hands.type_field("核對申請人資料").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    refused(story, "lookup-refused").await;
    story.sees("document.querySelector('#f-purpose_text').value === '核對申請人資料'").await;
}

/// A number that is none: the field says so, and keeps it.
async fn a_bad_number(story: &Story, case: &str) {
    story.open(&format!("/lookups/new?case={}", encode(case))).await;
    story.settled().await;
    let hands = story.hands();
    hands.tab_to("#f-subject-text").await;
    hands.type_field("A123456780").await;
    hands.tab_to("#f-outside_reason").await;
    hands.type_field("民眾來電詢問").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    refused(story, "lookup-bad-number").await;
    story.sees("document.querySelector('#f-subject-text').value === 'A123456780'").await;
    story.sees("document.querySelector('#f-outside_reason').value === '民眾來電詢問'").await;
}

/// The register of cases refuses in the same way.
async fn a_case_without_words(story: &Story) {
    story.open("/cases").await;
    story.settled().await;
    story.check("cases").await;
    let hands = story.hands();
    hands.tab_to("#f-received").await;
    hands.type_field("113/13/45").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    refused(story, "case-refused").await;
    story.sees("document.querySelector('#f-received').value === '113/13/45'").await;
}

async fn refused(story: &Story, name: &str) {
    story.arrive("document.querySelector('#errors')").await;
    story.sees("document.activeElement.id === 'errors'").await;
    // Every line that names a field leads to it.
    story
        .sees("[...document.querySelectorAll('#errors a')].every(a => document.querySelector(a.hash))")
        .await;
    story.check(name).await;
}
