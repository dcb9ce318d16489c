//! A form whose fields come and go, and a decision that chooses one of the results that the form prints.

use super::api::{Api, text};
use super::story::Story;
use serde_json::{Value, json};
use thirtyfour::Key;

/// Form 1 of Kaohsiung, as it is put forward over the API.
fn form(permissions: &[&str]) -> Value {
    let entry = |values: &[&str]| json!({ "values": values });
    json!({
        "object": "account",
        "submit": true,
        "answers": {
            "kind": entry(&["change"]),
            "unit": { "values": ["district-office"], "words": { "district-office": "三民區" } },
            "reason": entry(&["承接低收入戶審查"]),
            "phone": entry(&["07-1112222#33"]),
            "email": entry(&["chou@example.gov.tw"]),
            "permissions": entry(permissions),
        },
    })
}

/// An application that waits for its decision.
fn waiting(story: &Story) -> String {
    let (status, answer) = Api::of(&story.server, "chou")
        .post("applications", &form(&["common-functions", "low-income", "welfare-household-sum"]));
    assert_eq!(status, 201, "{answer}");
    let code = text(&answer["code"]);
    for login in ["li-sanmin", "fang-kh", "sun-kh", "tai-kh"] {
        let give = json!({ "verdict": "agree", "note": "" });
        let (status, answer) =
            Api::of(&story.server, login).post(&format!("applications/{code}/stamp"), &give);
        assert_eq!(status, 200, "{login}: {answer}");
    }
    code
}

/// Whether a field is seen.
fn seen(field: &str) -> String {
    format!("document.querySelector('{field}').getClientRects().length > 0")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancellation_is_asked_no_permissions_and_whoever_changes_their_mind_finds_them_again() {
    let story = Story::begin().await;
    story.sit("chou").await;
    story.open("/applications/new?object=account&like=template:office-relief").await;
    story.settled().await;
    let ticked = "document.querySelectorAll('[name=\"v.permissions\"]:checked').length === 4";
    story.sees(&seen("#f-permissions")).await;
    let choose = |code: &str| format!("[name='v.kind'][value={code}]");
    let hands = story.hands();
    hands.tab_to("[name='v.kind']:checked").await;
    // From a change on to the cancellation, and back over it to something new.
    hands.key(Key::Down).await;
    story.sees(&format!("document.querySelector(\"{}\").checked", choose("cancel"))).await;
    story.sees(&format!("!({})", seen("#f-permissions"))).await;
    story.check("application-cancelling").await;
    hands.key(Key::Down).await;
    story.sees(&format!("document.querySelector(\"{}\").checked", choose("add"))).await;
    story.sees(&seen("#f-permissions")).await;
    story.sees(ticked).await;
    story.sees("![...document.querySelectorAll('[data-when]')].every((field) => !field.hidden)").await;
    hands.key(Key::Up).await;
    hands.tab_to("#f-reason").await;
    hands.type_field("業務移交").await;
    hands.tab_to("#f-phone").await;
    hands.type_field("07-1112222#33").await;
    hands.tab_to("#f-email").await;
    hands.type_field("chou at example").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.activeElement.id === 'errors'").await;
    story.sees(&format!("!({})", seen("#f-permissions"))).await;
    story.check("application-cancelling-fault").await;
    // The server itself says what is asked: nothing depends on the script.
    let plain = "const own = document.querySelector('form.ask').action;
      return fetch(own).then((page) => page.text()).then((text) => {
        const page = new DOMParser().parseFromString(text, 'text/html');
        const field = page.querySelector('#f-permissions').closest('[data-when]');
        return field.hidden && page.querySelectorAll('[name=\"v.permissions\"][checked]').length === 4;
    })";
    assert_eq!(story.browser.eval(plain).await, json!(true), "hidden, and nothing that was ticked is lost");
    hands.tab_to("#f-email").await;
    hands.type_field("chou@example.gov.tw").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    story.sees("!document.querySelector('.sheet').textContent.includes('申請系統使用權限項目')").await;
    story.check("application-cancelling-sent").await;
    let code = story.ask("location.pathname.split('/').pop()").await;
    let (_, answer) = Api::of(&story.server, "chou").get(&format!("applications/{code}"));
    assert_eq!(answer["application"]["action"], "cancel");
    let fields = answer["fields"].as_array().unwrap().iter().map(|field| text(&field["id"]));
    assert!(fields.into_iter().all(|id| id != "permissions"), "{answer}");
    story.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_decides_chooses_a_printed_result_with_its_first_day_and_leaves_out_what_is_not_approved() {
    let story = Story::begin().await;
    let code = waiting(&story);
    story.sit("ma-kh").await;
    story.open(&format!("/applications/{code}")).await;
    story.settled().await;
    for word in ["准予申請", "不同意", "其他"] {
        let buttons = "[...document.querySelectorAll('button[name=verdict]')]";
        story.sees(&format!("{buttons}.some((button) => button.textContent.includes('{word}'))")).await;
    }
    story.check("application-decision").await;
    bad_input(&story, &code).await;

    // The day, the tick, the words and the button.
    let day = "new Date(Date.now() + 3 * 86400000).toLocaleDateString('sv', {timeZone: 'Asia/Taipei'})";
    let day = story.ask(day).await;
    let hands = story.hands();
    story.browser.eval("document.querySelector('#f-effective').focus()").await;
    hands.type_field(&day).await;
    story.sees("document.querySelector('[name=left-out]').closest('details').open").await;
    story.sees("document.querySelector('[name=left-out][value=welfare-household-sum]').checked").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    story.check("application-decided").await;

    story.sit("chou").await;
    story.open(&format!("/applications/{code}")).await;
    story.settled().await;
    story.sees("document.querySelector('.way').textContent.includes('准予申請')").await;
    story.sees("document.querySelector('.sheet').textContent.includes('未核准')").await;
    story.check("application-partly-approved").await;
    let (_, answer) = Api::of(&story.server, "chou").get(&format!("applications/{code}"));
    let stamp = &answer["steps"][5]["stamps"][0];
    assert_eq!((&stamp["outcome"], &stamp["effective"]), (&json!("准予申請"), &json!(day)), "{stamp}");
    assert_eq!(stamp["left_out"], json!(["welfare-household-sum"]));
    story.end().await;
}

/// What is wrong is told at its field, and everything that was chosen and typed stays.
async fn bad_input(story: &Story, code: &str) {
    let hands = story.hands();
    hands.tab_to("#f-note").await;
    hands.type_field("總查詢非其職務所需").await;
    hands.tab_to("#f-effective").await;
    hands.type_field("明天").await;
    story.browser.eval("document.querySelector('[name=left-out]').closest('details').open = true").await;
    hands.tab_to("[name=left-out][value=welfare-household-sum]").await;
    hands.key(' ').await;
    hands.chord(&[Key::Control], Key::Enter).await;
    for (day, wrong) in [("", "明天"), ("1090101", "1090101")] {
        story.arrive("document.activeElement.id === 'errors'").await;
        story.check("application-decision-fault").await;
        story.sees(&format!("document.querySelector('#f-effective').value === '{wrong}'")).await;
        story.sees("document.querySelector('#f-note').value === '總查詢非其職務所需'").await;
        story.sees("document.querySelector('[name=left-out][value=welfare-household-sum]').checked").await;
        if day.is_empty() {
            story.browser.eval("document.querySelector('#f-effective').focus()").await;
            hands.type_field("1090101").await;
            hands.chord(&[Key::Control], Key::Enter).await;
        }
    }
    let api = Api::of(&story.server, "ma-kh");
    let path = format!("applications/{code}/stamp");
    for (with, reason) in [
        (json!({ "verdict": "agree", "effective": "soon" }), "field-malformed"),
        (json!({ "verdict": "agree", "effective": "2020-01-01" }), "effective-outside"),
        (json!({ "verdict": "agree", "outcome": "no-such" }), "field-malformed"),
        (json!({ "verdict": "refuse", "note": "x", "effective": "2030-01-01" }), "not-with-outcome"),
        (json!({ "verdict": "agree", "left_out": ["low-income"] }), "note-missing"),
    ] {
        let (status, answer) = api.post(&path, &with);
        assert!(status >= 400, "{with}: {answer}");
        assert_eq!(answer["code"], reason, "{with}: {answer}");
    }
    let (_, answer) = api.get(&format!("applications/{code}"));
    assert_eq!(answer["application"]["state"], "running", "nothing was changed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plain_grant_is_two_keys() {
    let story = Story::begin().await;
    let code = waiting(&story);
    story.sit("ma-kh").await;
    let row = format!("tr[data-row] a[href*='{code}']");
    story.sees(&format!("document.querySelector(\"{row}\")")).await;
    let hands = story.hands();
    while story.ask(&format!("document.activeElement.matches(\"{row}\")")).await == "false" {
        hands.key('j').await;
        assert!(hands.count() < 20, "the row is not reached with J");
    }
    hands.begin();
    hands.key(Key::Enter).await;
    story.arrive(&format!("location.pathname === '/applications/{code}'")).await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    println!("a decision with a printed result: {} interactions", hands.count());
    assert!(hands.count() <= 4);
    let (_, answer) = Api::of(&story.server, "chou").get(&format!("applications/{code}"));
    assert_eq!(answer["application"]["state"], "approved");
    assert_eq!(answer["steps"][5]["stamps"][0]["outcome"], "准予申請");
    story.end().await;
}
