//! An application from hand to hand: the form, the stamps, the opening, and what is wrong told on the way.

use super::api::{Api, text};
use super::story::Story;
use serde_json::json;
use thirtyfour::Key;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn form_one_goes_from_the_desk_to_the_opening() {
    let story = Story::begin().await;
    story.sit("chou").await;
    story.open("/applications").await;
    story.settled().await;
    story.check("applications").await;
    story.open("/applications/new?object=account").await;
    story.settled().await;
    story.check("application-new").await;
    let code = apply(&story).await;

    story.sit("li-sanmin").await;
    let hands = story.hands();
    let row = format!("tr[data-row] a[href*='{code}']");
    story.sees(&format!("document.querySelector(\"{row}\")")).await;
    while story.ask(&format!("document.activeElement.matches(\"{row}\")")).await == "false" {
        hands.key('j').await;
        assert!(hands.count() < 20, "the row is not reached with J");
    }
    hands.begin();
    hands.key(Key::Enter).await;
    story.arrive(&format!("location.pathname === '/applications/{code}'")).await;
    story.check("application-stamp").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    println!("a step of a chain: {} interactions", hands.count());
    assert!(hands.count() <= 4);
    story.check("application-stamped").await;

    let give = json!({ "verdict": "agree", "note": "" });
    for login in ["fang-kh", "sun-kh", "tai-kh", "ma-kh"] {
        let (status, answer) =
            Api::of(&story.server, login).post(&format!("applications/{code}/stamp"), &give);
        assert_eq!(status, 200, "{login}: {answer}");
    }
    let (status, answer) = Api::of(&story.server, "chou").post(&format!("applications/{code}/stamp"), &give);
    assert_eq!((status, &answer["code"]), (403, &json!("own-application")));

    story.sit("ho-kh").await;
    story.open(&format!("/applications/{code}")).await;
    story.settled().await;
    story.check("application-approved").await;
    story.hands().chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    let (_, answer) = Api::of(&story.server, "chou").get(&format!("applications/{code}"));
    assert_eq!(answer["application"]["state"], "done");
    story.end().await;
}

/// Fills the form, first with a fault that is told at its field while everything typed stays.
async fn apply(story: &Story) -> String {
    story.open("/applications/new?object=account").await;
    let hands = story.hands();
    story.arrive("document.activeElement.matches('a[href*=\"like=template:office-relief\"]')").await;
    hands.key(Key::Enter).await;
    story.arrive("document.activeElement.id === 'f-reason'").await;
    story.sees("document.querySelectorAll('[name=\"v.permissions\"]:checked').length === 4").await;
    hands.type_field("承接低收入戶審查").await;
    hands.tab_to("#f-phone").await;
    hands.type_field("07-1112222#33").await;
    hands.tab_to("#f-email").await;
    hands.type_field("chou at example").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    let whole = hands.count();
    println!("form 1 with a template: {whole} interactions");
    assert!(whole <= 10);
    story.arrive("document.activeElement.id === 'errors'").await;
    story.check("application-fault").await;
    story.sees("document.querySelector('#f-reason').value === '承接低收入戶審查'").await;
    story.sees("location.pathname.startsWith('/applications')").await;
    hands.tab_to("#errors a").await;
    hands.key(Key::Enter).await;
    story.arrive("document.activeElement.id === 'f-email'").await;
    hands.type_field("chou@example.gov.tw").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    println!("the same, mended once: {} interactions", hands.count());
    story.check("application-sent").await;
    story.ask("location.pathname.split('/').pop()").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_approved_for_somebody_who_has_gone_is_sent_back_where_it_would_be_carried_out() {
    let story = Story::begin().await;
    let entry = |values: &[&str]| json!({ "values": values });
    let answers = json!({
        "kind": entry(&["change"]),
        "reason": entry(&["承接疫苗追蹤業務"]),
        "permissions": entry(&["basic"]),
    });
    let form = json!({ "object": "account", "submit": true, "answers": answers });
    let (status, answer) = Api::of(&story.server, "chen").post("applications", &form);
    assert_eq!(status, 201, "{answer}");
    let code = text(&answer["code"]);
    let give = json!({ "verdict": "agree", "note": "" });
    let stamp = format!("applications/{code}/stamp");
    let (status, answer) = Api::of(&story.server, "tsao").post(&stamp, &give);
    assert_eq!(status, 200, "{answer}");
    let today = story.ask("new Date().toLocaleDateString('sv', {timeZone: 'Asia/Taipei'})").await;
    let moves = json!({ "cause": "transfer", "on": today, "unit": "lc-nangan", "role": "user" });
    let keeper = Api::of(&story.server, "yang-lc");
    let (status, answer) = keeper.post("staff/chen-user/change", &moves);
    assert_eq!(status, 200, "{answer}");
    let (_, answer) = keeper.get(&format!("applications/{code}"));
    assert_eq!(answer["hindered"]["code"], "post-over", "{answer}");

    story.sit("yang-lc").await;
    story.open(&format!("/applications/{code}")).await;
    story.settled().await;
    story.check("application-hindered").await;
    let button = "document.querySelector('[name=verdict][value=carry-out]')";
    story.sees(&format!("{button}.disabled")).await;
    story.sees(&format!("document.getElementById({button}.getAttribute('aria-describedby'))")).await;
    let hands = story.hands();
    hands.tab_to("#f-note").await;
    hands.type_field("申請人已調離").await;
    hands.tab_to("[name=verdict][value=return]").await;
    hands.key(Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    let (_, answer) = keeper.get(&format!("applications/{code}"));
    assert_eq!(answer["application"]["state"], "returned");
    story.end().await;
}

/// A change of Lienchiang that its author has to mend: only the reason is named.
fn sent_back(story: &Story) -> String {
    let entry = |values: &[&str]| json!({ "values": values });
    let answers = json!({
        "kind": entry(&["change"]),
        "reason": entry(&["承接疫苗追蹤業務"]),
        "permissions": entry(&["basic", "conscription"]),
    });
    let form = json!({ "object": "account", "submit": true, "answers": answers });
    let (status, answer) = Api::of(&story.server, "chen").post("applications", &form);
    assert_eq!(status, 201, "{answer}");
    let code = text(&answer["code"]);
    let give = json!({ "verdict": "return", "note": "請寫明原承辦", "fields": ["reason"] });
    let (status, answer) = Api::of(&story.server, "tsao").post(&format!("applications/{code}/stamp"), &give);
    assert_eq!(status, 200, "{answer}");
    code
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_sent_back_is_mended_where_it_is_faulty_and_read_beside_what_it_was() {
    let story = Story::begin().await;
    let code = sent_back(&story);
    story.sit("chen").await;
    story.open(&format!("/applications/{code}")).await;
    story.settled().await;
    story.sees("document.activeElement.id === 'f-reason'").await;
    story.sees("!document.querySelector('form.ask details').open").await;
    story.check("application-mend").await;
    let hands = story.hands();
    hands.type_field("承接疫苗追蹤業務，原承辦調離").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    println!("mending one field: {} interactions", hands.count());
    story.check("application-mended").await;

    story.sit("tsao").await;
    story.open(&format!("/applications/{code}")).await;
    story.settled().await;
    story.sees("document.querySelector('.before').textContent.includes('承接疫苗追蹤業務')").await;
    for becomes in ["保留", "取消"] {
        story.sees(&format!("document.querySelector('.sheet').textContent.includes('{becomes}')")).await;
    }
    story.sees("document.body.textContent.includes('請寫明原承辦')").await;
    story.check("application-difference").await;
    story.open(&format!("/applications/{code}?version=1")).await;
    story.settled().await;
    story.sees("!document.querySelector('[name=verdict]')").await;
    story.check("application-past").await;
    for none in ["0", "9", "x"] {
        story.open(&format!("/applications/{code}?version={none}")).await;
        story.sees("!document.body.textContent.includes('承接疫苗追蹤業務')").await;
    }

    story.sit("chen").await;
    story.open(&format!("/applications/{code}")).await;
    story.settled().await;
    let hands = story.hands();
    hands.tab_to("main a[href*='like=AP-']").await;
    hands.key(Key::Enter).await;
    story.arrive("location.pathname === '/applications/new'").await;
    story.sees("document.querySelector('#f-reason').value.includes('原承辦調離')").await;
    story.check("application-copied").await;
    story.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_was_typed_when_the_session_ended_stands_there_again() {
    let story = Story::begin().await;
    story.sit("chen").await;
    story.open("/applications/new?object=account").await;
    story.settled().await;
    let hands = story.hands();
    hands.tab_to("#f-reason").await;
    hands.type_field("承接疫苗追蹤業務，說明甚長").await;
    story.browser.eval("document.querySelector('form.ask [name=csrf]').value = 'of another session'").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("location.pathname === '/applications'").await;
    story.check("application-session-over").await;
    story.open("/applications/new?object=account").await;
    story.settled().await;
    story.sees("document.querySelector('#f-reason').value === '承接疫苗追蹤業務，說明甚長'").await;
    story.check("application-typed").await;
    let hands = story.hands();
    hands.tab_to("button[name=act][value=save]").await;
    hands.key(Key::Enter).await;
    story.arrive("location.pathname.startsWith('/applications/AP-')").await;
    story.sees("document.querySelector('#f-reason').value === '承接疫苗追蹤業務，說明甚長'").await;
    story.open("/applications/new?object=account").await;
    story.settled().await;
    story.sees("document.querySelector('#f-reason').value === ''").await;
    story.end().await;
}
