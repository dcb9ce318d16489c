//! Lienchiang: the answer at once, for a short while, and the stamp afterwards.

use super::api::{self, Api};
use super::story::{Story, first_lookup, moment};
use serde_json::json;
use thirtyfour::Key;

/// Cells of the answer that tell somebody from somebody else.
const CELLS: &str = "[...document.querySelectorAll('#data dd, #data td')]
    .map(cell => cell.textContent.trim()).filter(text => text.length > 2)";

/// Everything that the page keeps where it could be found again.
const KEPT: &str = "document.documentElement.outerHTML + document.title + location.href
    + JSON.stringify(history.state) + JSON.stringify({...localStorage, ...sessionStorage})
    + performance.getEntries().map(e => e.name).join()";

const PROBE: &str = "
    window.probe = { pressed: 0, gone: 0, painted: 0 };
    addEventListener('keydown', (e) => { if (e.key === 'Escape') probe.pressed = performance.now(); }, true);
    new MutationObserver(() => {
      if (document.querySelector('#data') || probe.gone) return;
      probe.gone = performance.now();
      requestAnimationFrame(() => setTimeout(() => { probe.painted = performance.now(); }));
    }).observe(document.body, { childList: true, subtree: true });";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lookup_is_shown_for_a_while_then_gone_and_stamped_after() {
    let story = Story::begin().await;
    story.sit("chen").await;
    let case = Api::of(&story.server, "chen").cases("陳思齊", true)[0].clone();
    let hands = story.hands();
    first_lookup(&story, &hands, &case, "").await;
    let first = hands.begin();
    println!("first lookup of a case: {first} interactions (target 6)");
    assert!(first <= 6, "{first}");
    let code = shown(&story).await;
    story.check("result").await;

    let secrets = hidden_at_once(&story).await;
    nowhere(&story, &secrets, "after Esc").await;
    story.check("result-hidden").await;
    the_way_back(&story, &secrets, &code).await;

    assert_eq!(Api::of(&story.server, "chen").state(&code), "awaiting");
    nobody_stamps_without_the_capacity(&story, &code).await;
    story.sit("tsao").await;
    let hands = story.hands();
    hands.key(Key::Enter).await;
    story.arrive("location.pathname === '/countersign'").await;
    story.stamp_all(&hands, "tsao").await;
    story.check("countersigned").await;
    assert_eq!(Api::of(&story.server, "chen").state(&code), "stamped");
    story.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_next_person_of_the_case_is_three_keys_away() {
    let story = Story::begin().await;
    story.sit("liu").await;
    let case = Api::of(&story.server, "liu").cases("劉雨潔", true)[0].clone();
    let hands = story.hands();
    first_lookup(&story, &hands, &case, "").await;
    let before = shown(&story).await;
    hands.begin();
    hands.chord(&[Key::Alt], 'n').await;
    story.arrive("document.querySelector('#case-sent') && document.querySelector('#case-sent').value").await;
    hands.key('2').await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#ending, #errors')").await;
    let next = hands.begin();
    println!("next person of the same case: {next} interactions (target 3)");
    assert!(next <= 3, "{next}");
    assert_ne!(shown(&story).await, before);

    a_hidden_tab_hides(&story).await;
    again_on_the_same_page(&story).await;
    story.end().await;
}

/// The timed view stands there, with somebody's data and a clock that runs. Answers the record code.
async fn shown(story: &Story) -> String {
    story.sees("document.querySelector('#timed')").await;
    story.sees("/[A-Z][12]\\d{8}/.test(document.querySelector('#data').innerText)").await;
    story.sees("getComputedStyle(document.querySelector('#data')).visibility === 'visible'").await;
    let clock = "document.querySelector('#left').textContent";
    let before = story.ask(clock).await;
    story.browser.wait_until(&format!("{clock} < {}", json!(before))).await;
    let code = story.ask("document.querySelector('.clock .code').textContent").await;
    assert_eq!(story.ask("document.title").await, code, "the window's title is the code alone");
    assert_eq!(story.ask("location.pathname").await, format!("/records/{code}"));

    story.browser.devtools("Emulation.setEmulatedMedia", json!({ "media": "print" })).await;
    story.sees("document.querySelector('#data').getClientRects().length === 0").await;
    story.browser.devtools("Emulation.setEmulatedMedia", json!({ "media": "" })).await;
    code
}

/// Esc, measured in the page. Answers what was shown.
async fn hidden_at_once(story: &Story) -> Vec<String> {
    let cells = story.browser.eval(&format!("return {CELLS}")).await;
    let secrets: Vec<String> = cells.as_array().expect("a list").iter().map(api::text).collect();
    assert!(secrets.iter().any(|cell| cell.len() == 10 && cell.is_ascii()), "no number among {secrets:?}");
    story.browser.eval(PROBE).await;
    story.hands().key(Key::Escape).await;
    story.browser.wait_until("probe.painted").await;
    let times =
        story.browser.eval("return [probe.gone - probe.pressed, probe.painted - probe.pressed]").await;
    println!("hidden after {} ms, painted after {} ms (target 100)", times[0], times[1]);
    assert!(times[1].as_f64() <= Some(100.0), "{times}");
    story.sees("!document.querySelector('#data, #left, #extend, #hide')").await;
    story.sees("document.activeElement.id === 'gone'").await;
    secrets
}

/// Nothing of what was shown is left where the browser could find it.
async fn nowhere(story: &Story, secrets: &[String], when: &str) {
    let kept = story.ask(KEPT).await;
    let source = story.browser.driver().source().await.expect("the page has a source");
    for secret in secrets {
        assert!(!kept.contains(secret.as_str()), "{when}: {secret} is still there");
        assert!(!source.contains(secret.as_str()), "{when}: {secret} is in the source");
    }
}

/// Reloading, going back and going forward show the record, never the answer.
async fn the_way_back(story: &Story, secrets: &[String], code: &str) {
    let driver = story.browser.driver();
    driver.refresh().await.expect("the page reloads");
    story.arrive(&format!("location.pathname === '/records/{code}'")).await;
    nowhere(story, secrets, "after a reload").await;
    story.check("record").await;
    driver.back().await.expect("the page before");
    story.arrive("location.pathname !== ''").await;
    moment(200).await;
    nowhere(story, secrets, "after Back").await;
    driver.forward().await.expect("the page after");
    story.arrive("location.pathname !== ''").await;
    moment(200).await;
    nowhere(story, secrets, "after Forward").await;
    let csrf = story.ask("document.body.dataset.csrf").await;
    let url = story.server.url(&format!("/records/{code}/review"));
    let (status, kept) =
        api::header_of_post(&url, &story.cookie().await, &format!("csrf={csrf}"), "cache-control");
    assert_eq!(status, 200, "the parked answer can be seen again");
    assert!(kept.contains("no-store"), "{kept}");
}

async fn nobody_stamps_without_the_capacity(story: &Story, code: &str) {
    story.open("/countersign").await;
    story.settled().await;
    story.sees("document.querySelector('main').innerText.includes('目前的角色不能做這件事')").await;
    story.sees("document.querySelector('main form') === null").await;
    story.check("countersign-refused").await;
    let body = json!({ "rows": [code], "proof": api::code_of(&story.server, "chen") });
    let (status, answer) = Api::of(&story.server, "chen").post("countersign", &body);
    assert_eq!(status, 403, "{answer}");
    assert_eq!(answer["code"], "no-capacity");
}

/// The answer goes when the tab is no longer seen.
async fn a_hidden_tab_hides(story: &Story) {
    let first = story.browser.driver().window().await.expect("a window");
    story.browser.driver().new_tab().await.expect("a second tab");
    let windows = story.browser.driver().windows().await.expect("both windows");
    let second = windows.into_iter().find(|window| *window != first).expect("the second");
    story.browser.driver().switch_to_window(second).await.expect("the second is seen");
    moment(300).await;
    story.browser.driver().close_window().await.expect("the second closes");
    story.browser.driver().switch_to_window(first).await.expect("the first is seen");
    story.browser.wait_until("document.querySelector('#data') === null").await;
}

/// The parked answer comes again under an entry of its own.
async fn again_on_the_same_page(story: &Story) {
    story
        .browser
        .wait_until("document.querySelector('#again') && !document.querySelector('#again').hidden")
        .await;
    let hands = story.hands();
    hands.tab_to("#again button").await;
    hands.key(Key::Enter).await;
    story.arrive("document.querySelector('#data')").await;
    story.sees("/[A-Z][12]\\d{8}/.test(document.querySelector('#data').innerText)").await;
}
