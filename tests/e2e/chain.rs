//! Around a chain, by keyboard: a head delegates, one of several takes a step on and asks a colleague, and a
//! file travels along.

use super::api::{Api, download, text};
use super::story::Story;
use serde_json::{Value, json};
use thirtyfour::{By, Key};

/// Form 1 of Kaohsiung, put forward, as far as the head.
fn before_the_head(story: &Story) -> String {
    let answers = json!({
        "kind": { "values": ["add"] },
        "unit": { "values": ["district-office"], "words": { "district-office": "三民區" } },
        "reason": { "values": ["承接低收入戶審查"] },
        "phone": { "values": ["07-1112222#33"] },
        "email": { "values": ["chou@example.gov.tw"] },
        "permissions": { "values": ["common-functions"] },
    });
    let body = json!({ "object": "account", "answers": answers, "submit": true });
    let (status, answer) = Api::of(&story.server, "chou").post("applications", &body);
    assert_eq!(status, 201, "{answer}");
    let code = text(&answer["code"]);
    stamp(story, "li-sanmin", &code);
    code
}

fn stamp(story: &Story, login: &str, code: &str) {
    let give = json!({ "verdict": "agree", "note": "" });
    let (status, answer) = Api::of(&story.server, login).post(&format!("applications/{code}/stamp"), &give);
    assert_eq!(status, 200, "{login}: {answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delegate_stamps_one_takes_it_on_asks_and_is_answered() {
    let story = Story::begin().await;
    let code = before_the_head(&story);
    delegate(&story).await;

    story.sit("kuo-kh").await;
    let hands = story.hands();
    story.open(&format!("/applications/{code}")).await;
    story.settled().await;
    story.sees("document.querySelector('.ask .notice').textContent.includes('依 方志成 授權')").await;
    story.check("application-delegate").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    story.sees("document.querySelector('.way').textContent.includes('依 方志成 授權')").await;
    assert!(hands.count() <= 4, "{} interactions", hands.count());

    story.sit("sun-kh").await;
    claim_and_ask(&story, &code).await;
    story.sit("ma-kh").await;
    story.open(&format!("/applications/{code}")).await;
    story.settled().await;
    story.sees("document.querySelector('#why-stamp').textContent.includes('孫佩君')").await;
    story.check("application-claimed").await;

    story.sit("wu").await;
    let hands = story.hands();
    story.sees(&format!("document.querySelector(\"tr[data-row] a[href*='{code}']\")")).await;
    story.open(&format!("/applications/{code}")).await;
    story.settled().await;
    story.check("application-asked").await;
    hands.tab_to("#f-opinion").await;
    hands.type_field("承辦業務確有必要").await;
    hands.tab_to("button[value=reply]").await;
    hands.key(Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;

    story.sit("sun-kh").await;
    story.open(&format!("/applications/{code}")).await;
    story.settled().await;
    story.sees("document.body.textContent.includes('承辦業務確有必要')").await;
    story.check("application-answered").await;
    let hands = story.hands();
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    println!("a step with claim and opinion: {} interactions for the stamp", hands.count());
    story.end().await;
}

/// The head delegates; first the end is forgotten, and what was typed stays.
async fn delegate(story: &Story) {
    story.sit("fang-kh").await;
    let hands = story.hands();
    story.open("/absences").await;
    story.settled().await;
    hands.tab_to("#f-to").await;
    hands.type_field("郭靜怡").await;
    hands.tab_to("#f-begin").await;
    hands.type_field("113/01/01").await;
    hands.tab_to("#f-words").await;
    hands.type_field("高市社秘字第1150001號").await;
    hands.key(Key::Enter).await;
    story.arrive("document.querySelector('#errors')").await;
    story.sees("document.querySelector('#f-words').value === '高市社秘字第1150001號'").await;
    story.check("delegation-fault").await;
    let (begin, end) = (story.ask(DAY).await, story.ask(&DAY.replace("+ 0", "+ 20")).await);
    story.browser.eval("document.querySelector('#f-begin').focus()").await;
    hands.type_field(&begin).await;
    hands.tab_to("#f-end").await;
    hands.type_field(&end).await;
    hands.key(Key::Enter).await;
    // Whoever would rather see once more what they typed finds it as it was.
    story.arrive("document.activeElement.id === 'f-proof'").await;
    hands.tab_to("button[name='back_to_form']").await;
    hands.key(Key::Enter).await;
    story.arrive("location.pathname === '/absences'").await;
    story.sees("document.querySelector('#f-words').value === '高市社秘字第1150001號'").await;
    hands.tab_to("#f-words").await;
    hands.key(Key::Enter).await;
    story.prove(&hands, "delegation-prove").await;
    story.arrive("document.querySelector('#banner')").await;
    story.sees("document.body.textContent.includes('方志成 → 郭靜怡')").await;
    story.check("delegation").await;
}

/// A day as people write it, some days from now.
const DAY: &str = "(() => { const d = new Date(Date.now() + 8 * 3600e3 + 0 * 864e5);
    return (d.getUTCFullYear() - 1911) + '/' + (d.getUTCMonth() + 1) + '/' + d.getUTCDate(); })()";

/// Takes the step on, and asks a colleague.
async fn claim_and_ask(story: &Story, code: &str) {
    let hands = story.hands();
    story.open(&format!("/applications/{code}")).await;
    story.settled().await;
    hands.tab_to("form[action$='/claim'] button").await;
    hands.key(Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    hands.tab_to("details:has(#f-colleagues) summary").await;
    hands.key(Key::Enter).await;
    hands.tab_to("#f-colleagues").await;
    hands.type_field("吳承翰").await;
    hands.tab_to("#f-question").await;
    hands.type_field("業務上是否必要").await;
    story.check("application-consult").await;
    hands.tab_to("form[action$='/consult'] button").await;
    hands.key(Key::Enter).await;
    story.arrive("document.querySelector('#banner') && document.querySelector('#questions')").await;
    story.check("application-consulted").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_travels_along_and_what_is_none_is_told_at_its_field() {
    let story = Story::begin().await;
    let folder = harness::folder::Folder::new("files");
    let write = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).expect("the file is written");
        path.to_string_lossy().into_owned()
    };
    let (good, bad) = (write("plan.pdf", b"%PDF-1.7 plan"), write("tool.pdf", b"MZ no pdf"));
    story.sit("huang").await;
    let hands = story.hands();
    story.open("/applications/new?object=data-request").await;
    story.settled().await;
    hands.tab_to("#f-within-business").await;
    hands.type_field("傳染病防治之個案追蹤").await;
    hands.tab_to("#f-serves-purpose").await;
    hands.type_field("確認接觸者戶籍地").await;
    hands.tab_to("#f-necessity").await;
    hands.type_field("無其他資料可用").await;
    hands.tab_to("input[value=basic]").await;
    hands.key(' ').await;
    hands.tab_to("input[value=online]").await;
    hands.key(' ').await;
    choose(&story, &bad).await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#errors')").await;
    story.sees("document.querySelector('#e-papers')").await;
    story.sees("document.querySelector('#f-necessity').value === '無其他資料可用'").await;
    story.check("attachment-fault").await;
    choose(&story, &good).await;
    story.browser.eval("document.querySelector('#f-necessity').focus()").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    story.sees("document.querySelector('a[download]').textContent === 'plan.pdf'").await;
    story.check("attachment").await;
    let (link, cookie) =
        (story.ask("document.querySelector('a[download]').pathname").await, story.cookie().await);
    assert_eq!(download(&story.server.url(&link), &cookie), b"%PDF-1.7 plan");
    let code = link.split('/').nth(2).unwrap_or_default();
    let (_, answer) = Api::of(&story.server, "hsu").get(&format!("applications/{code}"));
    let fields = answer["fields"].as_array().cloned().unwrap_or_default();
    let papers = fields.iter().find(|field| field["id"] == "papers").cloned().unwrap_or(Value::Null);
    let ask = json!({ "id": papers["files"][0]["id"] });
    let (status, file) = Api::of(&story.server, "hsu").post(&format!("applications/{code}/attachment"), &ask);
    assert_eq!((status, &file["name"]), (200, &json!("plan.pdf")));
    story.end().await;
}

/// Chooses a file, as the browser's own dialogue would.
async fn choose(story: &Story, path: &str) {
    let field = story.browser.driver().find(By::Css("#f-papers-file")).await.expect("a field for files");
    field.send_keys(path).await.expect("a file is chosen");
}
