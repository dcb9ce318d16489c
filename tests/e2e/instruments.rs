//! The instruments measure right: what is planted is found, and what is clean is left in peace.

use harness::stage::Stage;
use harness::traffic::Traffic;
use harness::{Browser, Hands, axe};
use serde_json::json;
use thirtyfour::Key;

const CLEAN: &str = r#"<!doctype html><html lang="zh-TW"><head><meta charset="utf-8"><title>乾淨</title>
<script src="/keys.js" defer></script></head><body><main><h1>查詢</h1>
<form action="/sent"><label>姓名 <input id="name" name="name" value="舊"></label>
<label>案號 <input id="number" name="number"></label><button>送出</button></form></main></body></html>"#;

const PLANTED: &str = r#"<!doctype html><html><head><meta charset="utf-8"><title>x</title></head>
<body><main><h1>x</h1><input name="nameless"><img src="http://example.org/x.png"></main></body></html>"#;

const WIDE: &str = r#"<!doctype html><html lang="zh-TW"><head><meta charset="utf-8"><title>寬</title></head>
<body><main><h1>寬</h1><table width="700"><tr><td>x</td></tr></table></main></body></html>"#;

const KEYS: &str = "window.heard = [];
addEventListener('keydown', (e) => heard.push([e.key, e.ctrlKey, e.isComposing || e.keyCode === 229]));
addEventListener('compositionend', (e) => heard.push(['composed', e.data, true]));
addEventListener('submit', (e) => { heard.push(['submit', '', false]); e.preventDefault(); });
document.querySelector('#name').focus();";

const PAGES: &[(&str, &str)] =
    &[("/clean", CLEAN), ("/planted", PLANTED), ("/wide", WIDE), ("/keys.js", KEYS)];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_checker_finds_what_is_planted_and_nothing_else() {
    let (stage, browser) = (Stage::with(PAGES), Browser::start().await);
    browser.open(&stage.url("/clean")).await;
    browser.assert_accessible("clean").await;
    browser.assert_quiet().await;
    browser.open(&stage.url("/planted")).await;
    let rules: Vec<String> = axe::violations(&browser).await.into_iter().map(|v| v.rule).collect();
    assert_eq!(rules, ["html-has-lang", "image-alt", "label"]);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_are_heard_and_none_leaves_unheard() {
    let (stage, browser) = (Stage::with(PAGES), Browser::start().await);
    browser.open(&stage.url("/clean")).await;
    browser.assert_stayed_home().await;
    let asked = browser.requested().await;
    assert!(asked.contains(&stage.url("/clean")) && asked.contains(&stage.url("/keys.js")), "{asked:?}");
    let bytes = browser.bytes().await;
    let bodies = u64::try_from(CLEAN.len() + KEYS.len()).expect("short pages");
    assert!((bodies..bodies + 2000).contains(&bytes), "{bytes} bytes for {bodies} of body");

    browser.forget_traffic().await;
    browser.open(&stage.url("/planted")).await;
    let strays: Vec<String> =
        browser.requested().await.into_iter().filter(|u| u.contains("example")).collect();
    assert_eq!(strays, ["http://example.org/x.png"]);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hands_count_keys_chords_and_fields() {
    let (stage, browser) = (Stage::with(PAGES), Browser::start().await);
    browser.open(&stage.url("/clean")).await;
    browser.wait_until("document.activeElement.id === 'name'").await;
    let hands = Hands::on(&browser);
    hands.type_field("王小明").await;
    assert_eq!(hands.count(), 1);
    hands.tab_to("#number").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    assert_eq!(hands.begin(), 3);
    assert_eq!(browser.eval("return document.querySelector('#name').value").await, json!("王小明"));
    // The browser itself sends a form on this chord; the page hears the chord first.
    let heard = browser.eval("return heard.slice(-2)").await;
    assert_eq!(heard, json!([["Enter", true, false], ["submit", "", false]]));
    browser.eval("heard.length = 0").await;
    hands.key(Key::Enter).await;
    browser.wait_until("heard.at(-1)[0] === 'submit'").await;
    assert_eq!(hands.count(), 1);
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_enter_of_the_input_method_is_told_from_an_enter() {
    let (stage, browser) = (Stage::with(PAGES), Browser::start().await);
    browser.open(&stage.url("/clean")).await;
    browser.wait_until("document.activeElement.id === 'name'").await;
    let hands = Hands::on(&browser);
    hands.key(Key::Tab).await;
    hands.begin();
    browser.eval("heard.length = 0").await;
    hands.compose_field("ㄨㄤˊ", "王").await;
    assert_eq!(hands.count(), 1);
    assert_eq!(browser.eval("return document.querySelector('#number').value").await, json!("王"));
    let heard = browser.eval("return heard").await;
    assert_eq!(heard[0], json!(["Enter", false, true]), "{heard}");
    assert!(!heard.as_array().expect("a list").iter().any(|h| h[0] == "submit"), "{heard}");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_is_too_wide_is_measured_so() {
    let (stage, browser) = (Stage::with(PAGES), Browser::start().await);
    browser.open(&stage.url("/clean")).await;
    browser.assert_fits("clean").await;
    browser.open(&stage.url("/wide")).await;
    browser.resize(320, 640).await;
    let width = browser.eval("return document.documentElement.scrollWidth").await;
    assert!(width.as_u64() >= Some(700), "{width}");
    browser.close().await;
}

#[test]
fn a_request_elsewhere_is_a_stray() {
    let mut traffic = Traffic::default();
    let sent = |id: &str, url: &str| {
        let params = json!({ "requestId": id, "request": { "url": url } });
        json!({ "message": { "method": "Network.requestWillBeSent", "params": params } }).to_string()
    };
    for (id, url) in [
        ("1", "http://127.0.0.1:8080/"),
        ("2", "http://localhost/x"),
        ("3", "http://127.0.0.1.example.org/"),
        ("4", "https://fonts.example.org/a.woff2"),
        ("5", "data:text/plain,x"),
    ] {
        traffic.hear(&sent(id, url));
    }
    let done = json!({ "requestId": "1", "encodedDataLength": 1234.0 });
    traffic.hear(&json!({ "message": { "method": "Network.loadingFinished", "params": done } }).to_string());
    assert_eq!(traffic.strays(), ["http://127.0.0.1.example.org/", "https://fonts.example.org/a.woff2"]);
    assert_eq!((traffic.requests().len(), traffic.bytes()), (4, 1234));
}
