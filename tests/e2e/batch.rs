//! Fifty rows, one stamp: four that the case does not explain and three that the ledger draws are opened.

use super::api::{self, Api, text};
use super::story::Story;
use serde_json::{Value, json};
use thirtyfour::Key;

/// Rows of the queue.
const ROWS: usize = 50;
/// Rows that the case does not explain.
const FLAGGED: usize = 4;
/// Rows that the ledger draws.
const DRAWN: usize = 3;
/// Interactions, from the to-do list to the banner.
const TARGET: u32 = 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_rows_are_stamped_in_twenty_interactions() {
    let story = Story::begin().await;
    fill(&story);
    story.sit("tsao").await;
    let hands = story.hands();
    hands.key(Key::Enter).await;
    story.arrive("location.pathname === '/countersign'").await;
    unopened_rows_have_no_box(&story).await;
    story.check("countersign").await;
    // The instruments have moved the focus; the first row has it when a person comes here.
    story.open("/countersign").await;
    story.arrive("document.activeElement.matches('tr[data-row] a')").await;

    let judged = story.stamp_all(&hands, "tsao").await;
    let took = hands.begin();
    println!(
        "countersign {ROWS} rows, {FLAGGED} flagged, {DRAWN} drawn: {took} interactions (target {TARGET})"
    );
    assert_eq!(judged, FLAGGED + DRAWN);
    assert!(took <= TARGET, "{took}");
    story.sees(&format!("document.querySelector('#banner').innerText.includes('{ROWS}')")).await;
    story.check("countersign-done").await;
    let queue = Api::of(&story.server, "tsao").get("countersign").1;
    assert_eq!(groups(&queue), [0, 0, 0, 0]);
    a_forged_batch_is_refused(&story);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_verdict_without_words_is_asked_for_them() {
    let story = Story::begin().await;
    story.sit("tsao").await;
    let queue = Api::of(&story.server, "tsao").get("countersign").1;
    let code = text(&queue["flagged"][0]["code"]);
    story.open(&format!("/countersign?open={code}")).await;
    story.arrive("document.querySelector('#panel')").await;
    story.check("countersign-open").await;
    let hands = story.hands();
    story.browser.eval("document.querySelector('#open-row').focus()").await;
    hands.key('3').await;
    story.browser.wait_until("document.activeElement.id === 'f-note'").await;
    hands.key(Key::Enter).await;
    story.arrive("document.querySelector('#errors')").await;
    story.sees("document.activeElement.id === 'errors'").await;
    story.sees("document.querySelector('[name=verdict][value=anomaly]').checked").await;
    story.sees("document.querySelector('#f-note').getAttribute('aria-invalid') === 'true'").await;
    story.check("verdict-refused").await;
    hands.tab_to("#f-note").await;
    hands.type_field("案號不符，請補正").await;
    hands.key(Key::Enter).await;
    story.arrive("!document.querySelector('#errors')").await;
    assert_eq!(Api::of(&story.server, "tsao").state(&code), "anomaly");
    story.end().await;
}

/// Sizes of the queue's groups: matched, drawn, flagged, judged.
fn groups(queue: &Value) -> [usize; 4] {
    ["matched", "drawn", "flagged", "judged"].map(|name| queue[name].as_array().map_or(0, Vec::len))
}

/// Adds lookups to what waits already until the queue is as the target has it.
fn fill(story: &Story) {
    let (tsao, chen) = (Api::of(&story.server, "tsao"), Api::of(&story.server, "chen"));
    let [matched, drawn, flagged, _] = groups(&tsao.get("countersign").1);
    assert!(flagged <= FLAGGED && matched + drawn <= ROWS - FLAGGED, "{matched} {drawn} {flagged}");
    let (own, others) = (chen.cases("陳思齊", true), chen.cases("劉雨潔", true));
    for turn in 0..ROWS - FLAGGED - matched - drawn {
        chen.look_up(&own[turn % own.len()]);
    }
    for turn in 0..FLAGGED - flagged {
        chen.look_up(&others[turn % others.len()]);
    }
    let [matched, drawn, flagged, judged] = groups(&tsao.get("countersign").1);
    assert_eq!([matched + drawn, drawn, flagged, judged], [ROWS - FLAGGED, DRAWN, FLAGGED, 0]);
}

async fn unopened_rows_have_no_box(story: &Story) {
    let queue = Api::of(&story.server, "tsao").get("countersign").1;
    for name in ["flagged", "drawn"] {
        for row in queue[name].as_array().expect("a list") {
            let code = text(&row["code"]);
            story.sees(&format!("document.body.innerText.includes('{code}')")).await;
            story.sees(&format!("!document.querySelector('input[value=\"{code}\"]')")).await;
        }
    }
}

/// What the page does not offer the server does not take either: a drawn row that nobody opened.
fn a_forged_batch_is_refused(story: &Story) {
    let chiu = Api::of(&story.server, "chiu-nangan");
    let drawn = text(&chiu.get("countersign").1["drawn"][0]["code"]);
    let body = json!({ "rows": [drawn], "proof": api::code_of(&story.server, "chiu-nangan") });
    let (status, answer) = chiu.post("countersign", &body);
    assert!(status >= 400, "{answer}");
    assert!(answer["clause"].as_str().is_some_and(|clause| clause.starts_with("lienchiang/")), "{answer}");
    assert_eq!(chiu.state(&drawn), "awaiting");
}
