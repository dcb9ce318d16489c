//! Where mail goes is set by keyboard; a letter is drafted, copied and entered.

use super::api::Api;
use super::story::Story;
use serde_json::json;
use thirtyfour::Key;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_chooses_where_mail_goes() {
    let story = Story::begin().await;
    story.sit("yang-lc").await;
    story.open("/settings").await;
    story.settled().await;
    story.sees("document.body.innerText.includes('待寄 0 封')").await;
    let hands = story.hands();
    hands.tab_to("#f-mail-address").await;
    hands.type_field("yang").await;
    hands.key(Key::Enter).await;
    story.arrive("document.querySelector('#errors')").await;
    story.sees("document.querySelector('#e-mail-address')").await;
    story.sees("document.querySelector('#f-mail-address').value === 'yang'").await;
    story.check("settings-mail-fault").await;
    story.browser.eval("document.querySelector('#f-mail-address').select()").await;
    story.browser.eval("document.querySelector('#f-mail-address').focus()").await;
    hands.type_field("yang@example.org").await;
    hands.key(Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    story.sees("document.querySelector('#f-mail-address').value === 'yang@example.org'").await;
    story.check("settings-mail").await;
    let (_, mail) = Api::of(&story.server, "yang-lc").get("settings/mail");
    assert_eq!((mail["address"].as_str(), &mail["digest"]), (Some("yang@example.org"), &json!(true)));
    let set = json!({ "address": "", "digest": false, "urgent": true, "language": "en" });
    assert_eq!(Api::of(&story.server, "yang-lc").post("settings/mail", &set).0, 200);
    story.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_is_drafted_copied_and_entered() {
    let story = Story::begin().await;
    let keeper = Api::of(&story.server, "yang-lc");
    story.sit("yang-lc").await;
    let today = story.ask("new Date().toLocaleDateString('sv', {timeZone: 'Asia/Taipei'})").await;
    let change = json!({ "cause": "transfer", "on": today, "unit": "lc-nangan", "role": "supervisor" });
    let (status, answer) = keeper.post("staff/tsao-supervisor/change", &change);
    assert_eq!(status, 200, "{answer}");
    let owed = keeper.get("duties").1;
    let hers = |duty: &&serde_json::Value| duty["letter"]["numbered"] == true && duty["person"] == "曹志明";
    let letter = owed["own"].as_array().unwrap().iter().find(hers).expect("the rule wants a letter");
    let id = super::api::text(&letter["id"]);
    story.open(&format!("/duties/{id}")).await;
    story.settled().await;
    for part in
        ["連江縣衛生局 函（稿）", "受文者：提供機關", "主旨：本局連結作業承辦人異動，請查照。", "曹志明"]
    {
        story.sees(&format!("document.querySelector('pre').innerText.includes('{part}')")).await;
    }
    story.check("letter").await;
    let hands = story.hands();
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#errors')").await;
    story.check("letter-fault").await;
    hands.tab_to("#f-letter-number").await;
    hands.type_field("衛資字1150001").await;
    hands.tab_to("#f-letter-sent").await;
    hands.type_field(&today).await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    story.open(&format!("/duties/{id}")).await;
    story.sees("document.body.innerText.includes('衛資字1150001')").await;
    story.check("letter-sent").await;
    let sent = &keeper.get(&format!("duties/{id}")).1["letter"];
    assert_eq!(
        (sent["number"].as_str(), sent["sent"].as_str()),
        (Some("衛資字1150001"), Some(today.as_str()))
    );
    story.end().await;
}
