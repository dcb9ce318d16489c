//! A permission that was taken over ends soon: its owner is warned, renews it, and goes on without a gap.

use super::api::{Api, text};
use super::story::Story;
use serde_json::{Value, json};
use std::time::Duration;
use thirtyfour::Key;

/// Those who stamp form 1 of Kaohsiung for Sanmin, in order, and who carries it out.
const HANDS: [(&str, &str); 6] = [
    ("li-sanmin", "agree"),
    ("fang-kh", "agree"),
    ("sun-kh", "agree"),
    ("tai-kh", "agree"),
    ("ma-kh", "agree"),
    ("ho-kh", "carry-out"),
];

fn stamp_all(story: &Story, code: &str) {
    for (login, verdict) in HANDS {
        let (status, answer) = Api::of(&story.server, login)
            .post(&format!("applications/{code}/stamp"), &json!({ "verdict": verdict, "note": "" }));
        assert_eq!(status, 200, "{login}: {answer}");
    }
}

/// Gives up what the demonstration opened, so that something else can be taken over.
fn give_up(story: &Story) {
    let entry = |values: &[&str]| json!({ "values": values });
    let form = json!({
        "object": "account",
        "submit": true,
        "answers": {
            "kind": entry(&["cancel"]),
            "unit": { "values": ["district-office"], "words": { "district-office": "三民區" } },
            "reason": entry(&["系統轉換"]),
            "phone": entry(&["07-1112222#33"]),
            "email": entry(&["chou@example.gov.tw"]),
            "permissions": entry(&["common-functions"]),
        },
    });
    let (status, answer) = Api::of(&story.server, "chou").post("applications", &form);
    assert_eq!(status, 201, "{answer}");
    stamp_all(story, &text(&answer["code"]));
}

/// Waits until the watch has come by and warned of the end.
async fn warned(story: &Story) {
    let chou = Api::of(&story.server, "chou");
    for _ in 0..90 {
        let todo = chou.get("todo").1;
        let lines = todo["items"].as_array().cloned().unwrap_or_default();
        if lines.iter().any(|line| line["kind"] == "duty-renew") {
            return;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    panic!("nobody was warned")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ends_soon_is_renewed_and_goes_on_without_a_gap() {
    let story = Story::begin().await;
    give_up(&story);
    let keeper = Api::of(&story.server, "ho-kh");
    let today = story.ask("new Date().toLocaleDateString('sv', {timeZone: 'Asia/Taipei'})").await;
    let end =
        story.ask(&format!("new Date(Date.parse('{today}') + 20 * 864e5).toISOString().slice(0, 10)")).await;
    let row = json!({ "id": "chou", "unit": "kh-sanmin", "items": "common-functions", "until": end,
        "application": "三民社字第1140001號" });
    let list = |seal: &Value| json!({ "permissions": [row], "seal": seal });
    let (_, seen) = keeper.post("staff/import", &list(&json!("")));
    assert_eq!(seen["steps"][0]["kind"], "taken-over", "{seen}");
    let (status, answer) = keeper.post("staff/import", &list(&seen["seal"]));
    assert_eq!((status, &answer["done"]), (200, &json!(true)), "{answer}");
    warned(&story).await;

    story.sit("chou").await;
    story.open("/todo").await;
    story.settled().await;
    story.check("todo-renew").await;
    story.browser.eval("document.querySelector('a[href*=\"renew=\"]').focus()").await;
    let hands = story.hands();
    hands.key(Key::Enter).await;
    story.arrive("location.pathname === '/applications/new'").await;
    story.sees("document.querySelector('input[value=common-functions]').checked").await;
    story.sees("document.querySelector('input[value=change]').checked").await;
    story.check("application-renew").await;
    story.browser.eval("document.querySelector('input[value=district-office]').focus()").await;
    hands.key(' ').await;
    hands.key(Key::Tab).await;
    hands.type_field("三民區").await;
    hands.tab_to("#f-reason").await;
    hands.type_field("續辦低收入戶審查").await;
    story.sees("document.querySelector('#f-phone').value === '07-1112222#33'").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    let code = story.ask("location.pathname.split('/').pop()").await;
    stamp_all(&story, &code);

    let (_, all) = Api::of(&story.server, "chou").get("permissions");
    let (next, former) = (&all["permissions"][0], &all["permissions"][1]);
    assert_eq!((&next["state"], &former["state"]), (&json!("waits"), &json!("runs")), "{all}");
    assert_eq!((&next["from"], &former["until"]), (&json!(end), &json!(end)), "no gap and no overlap");
    assert_eq!(next["follows"], former["id"]);
    story.open(&format!("/permissions/{}", text(&next["id"]))).await;
    story.settled().await;
    story.sees("document.querySelectorAll('ol[aria-labelledby=line] li').length === 2").await;
    story.check("permission").await;
    story.open(&format!("/permissions/{}", text(&former["id"]))).await;
    story.settled().await;
    story.sees("document.body.innerText.includes('三民社字第1140001號')").await;
    story.check("permission-taken-over").await;
    story.sit("ho-kh").await;
    story.open("/permissions?item=household%2Fbasic").await;
    story.settled().await;
    story.check("permissions-reach").await;
    story.end().await;
}
