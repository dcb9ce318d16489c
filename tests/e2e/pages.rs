//! Every page in both languages: accessible, within 1,093 and 320 CSS px, and photographed.

use super::api::{Api, encode};
use super::story::Story;
use serde_json::json;
use thirtyfour::Key;

/// Looks at pages in both languages.
async fn both(story: &Story, pages: &[(&str, String)]) {
    for (language, tag) in [("zh-TW", "zh-Hant-TW"), ("en", "en")] {
        story.open(&format!("/help?lang={language}")).await;
        for (name, path) in pages {
            story.open(path).await;
            story.settled().await;
            let found = story.ask("document.documentElement.lang").await;
            assert!(found == tag || found == language, "{name}: {found}");
            one_heading(story, name).await;
            story.check(&format!("{language}-{name}")).await;
        }
    }
}

async fn one_heading(story: &Story, name: &str) {
    let headings =
        story.browser.eval("return [...document.querySelectorAll('h1')].map(h => h.textContent)").await;
    assert_eq!(headings.as_array().map(Vec::len), Some(1), "{name}: {headings}");
    let raw = "document.body.innerText.match(/\\b(todo|state|board|act|refusal|ending|nav|col)-[a-z-]+\\b/g)";
    let keys = story.browser.eval(&format!("return {raw}")).await;
    assert_eq!(keys, json!(null), "{name} shows keys instead of words");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_a_caseworker() {
    let story = Story::begin().await;
    let chen = Api::of(&story.server, "chen");
    let case = chen.cases("陳思齊", true)[0].clone();
    let code = chen.look_up(&case);
    story.sit("chen").await;
    let pages = [
        ("todo", "/todo".to_owned()),
        ("todo-done", "/todo?tab=done".to_owned()),
        ("todo-deputy", "/todo?tab=deputy".to_owned()),
        ("lookup-empty", "/lookups/new".to_owned()),
        ("lookup", format!("/lookups/new?case={}", encode(&case))),
        ("records", "/records".to_owned()),
        ("record", format!("/records/{code}")),
        ("cases", "/cases".to_owned()),
        ("applications", "/applications".to_owned()),
        ("application-form", "/applications/new?object=account".to_owned()),
        ("application-copy", "/applications/new?object=copy".to_owned()),
        ("permissions", "/permissions".to_owned()),
        ("absences-own", "/absences".to_owned()),
        ("links", "/links".to_owned()),
        ("compliance", "/compliance".to_owned()),
        ("settings", "/settings".to_owned()),
        ("password", "/password".to_owned()),
        ("factor", "/factor".to_owned()),
        ("help", "/help".to_owned()),
        ("search", "/records?case=QR".to_owned()),
        ("hidden", format!("/records/{code}/hidden")),
    ];
    both(&story, &pages).await;
    story.open(&format!("/lookups/new?case={}&lang=en", encode(&case))).await;
    story.settled().await;
    story.hands().key('1').await;
    story.hands().chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#timed')").await;
    story.check("en-result").await;
    story.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_those_who_stamp_and_audit() {
    let story = Story::begin().await;
    let queue = Api::of(&story.server, "tsao").get("countersign").1;
    let code = super::api::text(&queue["flagged"][0]["code"]);
    story.sit("tsao").await;
    story.sit("yang-lc").await;
    let pages = [
        ("accounts", "/accounts".to_owned()),
        ("accounts-invite", "/accounts?person=kuo-lc".to_owned()),
        ("accounts-reset", "/accounts?person=chen".to_owned()),
    ];
    both(&story, &pages).await;
    story.sit("tsao").await;
    let open = format!("/countersign?open={code}");
    let queue = ("countersign", "/countersign".to_owned());
    both(&story, &[("todo-supervisor", "/todo".to_owned()), queue, ("countersign-open", open)]).await;
    story.sit("pan-lc").await;
    let pages = [
        ("ledger", format!("/ledger?code={code}")),
        ("staff-auditor", "/staff".to_owned()),
        ("todo-auditor", "/todo".to_owned()),
        ("records-auditor", "/records".to_owned()),
        ("compliance-auditor", "/compliance?only=gaps".to_owned()),
        ("settings-auditor", "/settings".to_owned()),
        ("accounts-auditor", "/accounts".to_owned()),
    ];
    both(&story, &pages).await;
    story.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_other_agencies() {
    let story = Story::begin().await;
    for login in ["huang", "lo-tp", "shen-nhi", "fang-kh", "ho-kh"] {
        story.sit(login).await;
        let [board, rule, list, right, away] =
            ["compliance", "settings", "applications", "permissions", "absences"]
                .map(|page| format!("{page}-{login}"));
        let pages = [
            (board.as_str(), "/compliance".to_owned()),
            (rule.as_str(), "/settings".to_owned()),
            (list.as_str(), "/applications".to_owned()),
            (right.as_str(), "/permissions".to_owned()),
            (away.as_str(), "/absences".to_owned()),
        ];
        both(&story, &pages).await;
    }
    story.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_those_who_keep_the_staff() {
    let story = Story::begin().await;
    let keeper = Api::of(&story.server, "yang-lc");
    let post = super::api::text(&keeper.get("staff").1["posts"][0]["id"]);
    let owed = Api::of(&story.server, "tsao").get("duties").1;
    let handover = owed["own"].as_array().unwrap().iter().find(|duty| duty["kind"] == "hand-over");
    let duty = super::api::text(&handover.expect("the demonstration has one")["id"]);
    story.sit("yang-lc").await;
    let pages = [
        ("staff", "/staff".to_owned()),
        ("staff-change", format!("/staff?post={post}")),
        ("staff-import", "/staff/import".to_owned()),
        ("accounts-keeper", "/accounts".to_owned()),
        ("account-keeper", "/accounts/chen".to_owned()),
        ("duties-keeper", "/duties".to_owned()),
        ("todo-keeper", "/todo".to_owned()),
    ];
    both(&story, &pages).await;
    story.sit("tsao").await;
    let handover = duty.trim_start_matches("du-").rsplit_once('-').map_or("", |(id, _)| id);
    let pages = [
        ("duties", "/duties".to_owned()),
        ("duty", format!("/duties/{duty}")),
        ("handover", format!("/handovers/{handover}")),
    ];
    both(&story, &pages).await;
    story.end().await;
}
