//! Kaohsiung: the sheet and the stamp first, then the data, once.

use super::api::Api;
use super::story::{Story, first_lookup};
use serde_json::json;
use thirtyfour::Key;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_stamp_comes_before_the_data_and_the_request_is_good_once() {
    let story = Story::begin().await;
    story.sit("lin").await;
    let case = Api::of(&story.server, "lin").cases("林宜庭", true)[0].clone();
    let hands = story.hands();
    first_lookup(&story, &hands, &case, "核對申請人與同戶人口資料").await;
    println!("a request to be stamped first: {} interactions", hands.begin());
    let code = requested(&story).await;

    story.sit("chang").await;
    let hands = story.hands();
    hands.key(Key::Enter).await;
    story.arrive("location.pathname === '/countersign'").await;
    story.check("approve").await;
    story.stamp_all(&hands, "chang").await;
    assert_eq!(Api::of(&story.server, "lin").state(&code), "approved");

    story.sit("lin").await;
    run_once(&story, &code).await;
    never_twice(&story, &code).await;
    story.end().await;
}

/// The request is on its way, and nothing of the person is on the page.
async fn requested(story: &Story) -> String {
    story.check("requested").await;
    story.sees("!document.querySelector('#data, #timed')").await;
    story.sees("!/[A-Z][12]\\d{8}/.test(document.documentElement.outerHTML)").await;
    let code = story.ask("document.title").await;
    let lin = Api::of(&story.server, "lin");
    assert_eq!(lin.state(&code), "requested");
    let (status, answer) = lin.post(&format!("lookups/{code}/run"), &json!({}));
    assert!(status >= 400, "{answer}");
    assert_eq!(answer["code"], "not-yet-approved");
    assert!(answer["clause"].as_str().is_some_and(|clause| clause.starts_with("kaohsiung/")), "{answer}");
    code
}

/// From the to-do list to the answer.
async fn run_once(story: &Story, code: &str) {
    let hands = story.hands();
    let row = format!("tr[data-row] a[href*='{code}']");
    story.sees(&format!("document.querySelector(\"{row}\")")).await;
    story.check("todo-approved").await;
    hands.begin();
    while story.ask(&format!("document.activeElement.matches(\"{row}\")")).await == "false" {
        hands.key('j').await;
        assert!(hands.count() < 50, "the row is not reached with J");
    }
    hands.key(Key::Enter).await;
    story.arrive(&format!("location.pathname === '/records/{code}'")).await;
    story.check("record-approved").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#timed')").await;
    story.sees("/[A-Z][12]\\d{8}/.test(document.querySelector('#data').innerText)").await;
    story.check("result-kaohsiung").await;
    hands.key(Key::Escape).await;
    story.browser.wait_until("document.querySelector('#data') === null").await;
}

/// A second run is refused with its clause, on the page and by the API.
async fn never_twice(story: &Story, code: &str) {
    let again = format!(
        "return fetch('/records/{code}/run', {{ method: 'POST', body: new URLSearchParams(),
           headers: {{ 'X-CSRF-Token': document.body.dataset.csrf }} }})
         .then(r => r.text().then(t => [r.status, t]))"
    );
    let answer = story.browser.eval(&again).await;
    assert!(answer[0].as_u64() >= Some(400), "{answer}");
    let page = answer[1].as_str().unwrap_or_default();
    assert!(page.contains("高雄要點"), "the clause is named: {page}");
    let (status, answer) = Api::of(&story.server, "lin").post(&format!("lookups/{code}/run"), &json!({}));
    assert!(status >= 400, "{answer}");
    assert!(answer["clause"].as_str().is_some_and(|clause| clause.starts_with("kaohsiung/")), "{answer}");
    story.open(&format!("/records/{code}")).await;
    story.settled().await;
    story.sees("!document.querySelector('form[action$=\"/run\"] button:not(:disabled)')").await;
}
