//! A link in the browser: applied for, approved by letter, tested, usable, and gone through.

use super::api::{Api, text};
use super::story::Story;
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_is_applied_for_approved_tested_and_usable() {
    let story = Story::begin().await;
    story.sit("huang").await;
    story.open("/applications/new?object=link").await;
    story.settled().await;
    story.check("link-application").await;
    let code = apply(&story).await;
    let give = json!({ "verdict": "agree", "note": "" });
    for login in ["hsu", "kao-tp", "tseng-tp", "lo-tp"] {
        let (status, answer) =
            Api::of(&story.server, login).post(&format!("applications/{code}/stamp"), &give);
        assert_eq!(status, 200, "{login}: {answer}");
    }
    story.sit("kao-tp").await;
    let today = story.ask("new Date().toLocaleDateString('sv', {timeZone: 'Asia/Taipei'})").await;
    answer_of_the_provider(&story, &code, &today).await;
    test(&story, &code, &today).await;
    let (_, link) = Api::of(&story.server, "huang").get(&format!("links/{code}"));
    assert_eq!((&link["link"]["state"], &link["passed"]), (&json!("usable"), &json!(true)));
    story.open("/links").await;
    story.settled().await;
    story.sees(&format!("document.querySelector(\"a[href='/links/{code}']\")")).await;
    story.check("links").await;
    review(&story).await;
    story.open(&format!("/links/{code}?lang=en")).await;
    story.settled().await;
    story.check("en-link").await;
    story.end().await;
}

/// Fills the form of the rule.
async fn apply(story: &Story) -> String {
    let hands = story.hands();
    story.browser.eval("document.querySelector('input[value=new]').click()").await;
    story.browser.eval("document.querySelector('input[value=household]').click()").await;
    story.browser.eval("document.querySelector('input[value=gateway]').click()").await;
    for (field, words) in [
        ("#f-provider", "內政部"),
        ("#f-linking-agency", "衛生福利部"),
        ("#f-basis", "傳染病防治業務須確認設籍"),
    ] {
        story.browser.eval(&format!("document.querySelector('{field}').focus()")).await;
        hands.type_field(words).await;
    }
    story.browser.eval("document.querySelector('button[value=submit]').click()").await;
    story.arrive("document.querySelector('#banner')").await;
    story.check("link-application-sent").await;
    story.ask("location.pathname.split('/').pop()").await
}

/// Enters the provider's letter, first without its number.
async fn answer_of_the_provider(story: &Story, code: &str, today: &str) {
    let hands = story.hands();
    story.open(&format!("/applications/{code}")).await;
    story.settled().await;
    story.browser.eval("document.querySelector('button[value=agree]').click()").await;
    story.arrive("document.querySelector('#errors')").await;
    story.check("link-letter-fault").await;
    hands.tab_to("#f-letter-number").await;
    hands.type_field("台內戶字第1150001號").await;
    hands.tab_to("#f-letter-sent").await;
    hands.type_field(today).await;
    story.browser.eval("document.querySelector('button[value=agree]').click()").await;
    story.arrive("document.querySelector('#banner')").await;
    story.sees("document.body.innerText.includes('台內戶字第1150001號')").await;
    story.check("link-approved").await;
}

async fn test(story: &Story, code: &str, today: &str) {
    let hands = story.hands();
    story.open(&format!("/links/{code}")).await;
    story.settled().await;
    story.sees("document.body.innerText.includes('待測試')").await;
    story.check("link-untested").await;
    story.browser.eval("document.querySelector('form[action$=\"/test\"] button').click()").await;
    story.arrive("document.querySelector('#errors')").await;
    story.check("link-test-fault").await;
    story.browser.eval("document.querySelector('input[name=passed][value=yes]').click()").await;
    for (field, words) in [("#f-tested-on", today), ("#f-note", "連線正常")] {
        story.browser.eval(&format!("document.querySelector('{field}').focus()")).await;
        hands.type_field(words).await;
    }
    story.browser.eval("document.querySelector('form[action$=\"/test\"] button').click()").await;
    story.arrive("document.querySelector('#banner')").await;
    story.sees("document.body.innerText.includes('使用中')").await;
    story.check("link-usable").await;
}

/// Goes through the links of the year.
async fn review(story: &Story) {
    let owed = Api::of(&story.server, "kao-tp").get("links").1;
    let id = text(&owed["reviews"][0]);
    story.open(&format!("/link-reviews/{id}")).await;
    story.settled().await;
    story.check("link-review").await;
    story.browser.eval("document.querySelector('form[data-main] button').click()").await;
    story.arrive("document.querySelector('#errors')").await;
    story.check("link-review-fault").await;
    story.browser.eval("document.querySelectorAll('input[value=keep]').forEach(one => one.click())").await;
    let fill = "document.querySelectorAll('[id^=f-note-]').forEach(one => one.value = '每日查詢')";
    story.browser.eval(fill).await;
    story.browser.eval("document.querySelector('form[data-main] button').click()").await;
    story.arrive("document.querySelector('#banner')").await;
    story.check("link-reviewed").await;
}
