//! Somebody is to hold what the rule keeps apart: allowed, given, and revoked, at the keyboard.

use super::api::{Api, text};
use super::story::Story;
use crate::story::exception::edit;
use crate::story::regulation::replay::amended;
use harness::folder::Folder;
use harness::server::Server;
use serde_json::{Value, json};
use std::path::Path;
use thirtyfour::Key;

/// Lays the harbour's rule with these changes into a folder of packs.
pub(super) fn lay(packs: &Path, edits: &[(&str, &str)]) {
    let folder = packs.join("harbour/1150901");
    for (path, text) in amended(edits).files {
        let place = folder.join(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(place, text).unwrap();
    }
}

/// Gives the reader the post of the keeper of the books as well.
fn second(keeper: &Api<'_>) -> (u16, Value) {
    let (_, staff) = keeper.get("staff");
    let posts = staff["posts"].as_array().unwrap();
    let reader = posts.iter().find(|post| post["person"] == "harbour-reader").unwrap();
    let (name, unit) = (&reader["name"], &reader["unit"]);
    let post = |role: &str| json!({ "id": "harbour-reader", "name": name, "unit": unit, "role": role });
    let list = json!([post("reader"), post("keeper")]);
    let (_, seen) = keeper.post("staff/import", &json!({ "people": list }));
    keeper.post("staff/import", &json!({ "people": list, "seal": seen["seal"] }))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_exception_from_separation_is_allowed_used_and_revoked() {
    let folder = Folder::new("exception");
    let (data, packs) = (folder.path().join("data"), folder.path().join("packs"));
    let (anchor, controls) = edit();
    lay(&packs, &[(anchor, &controls)]);
    let story = Story::on(Server::under(&data, &packs)).await;
    let keeper = Api::of(&story.server, "harbour-signaller");
    let taken = || second(&keeper);
    let (status, no) = taken();
    assert_eq!((status, &no["faults"][0]["code"]), (200, &json!("roles-apart")), "{no}");

    story.sit("harbour-master").await;
    story.open("/staff").await;
    story.settled().await;
    story.browser.eval("document.querySelector('a[href=\"/exceptions\"]').focus()").await;
    let hands = story.hands();
    hands.key(Key::Enter).await;
    story.arrive("location.pathname === '/exceptions'").await;
    story.check("exceptions-none").await;
    hands.tab_to("#f-words").await;
    hands.type_field("看守出缺，由調閱員暫兼").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.arrive("document.querySelector('#errors')").await;
    story.sees("document.querySelector('#f-words').value.startsWith('看守')").await;
    story.check("exceptions-fault").await;
    // The keeper of the books could hold both as well, and stands first.
    hands.tab_to("#f-person").await;
    hands.key(Key::Down).await;
    story.sees("document.querySelector('#f-person').value === 'harbour-reader'").await;
    let today = story.ask("new Date().toLocaleDateString('sv', {timeZone: 'Asia/Taipei'})").await;
    hands.tab_to("#f-from").await;
    hands.type_field(&today).await;
    hands.tab_to("#f-until").await;
    hands.type_field("+90").await;
    hands.chord(&[Key::Control], Key::Enter).await;
    story.prove(&hands, "exception-prove").await;
    story.arrive("document.querySelector('#banner')").await;
    story.check("exceptions").await;
    let (status, answer) = taken();
    assert_eq!(status, 200, "{answer}");

    story.open("/exceptions?lang=en").await;
    story.settled().await;
    story.check("exceptions-en").await;
    story.browser.eval("document.querySelector('tr details summary').focus()").await;
    hands.key(Key::Enter).await;
    hands.tab_to("tr details button").await;
    hands.key(Key::Enter).await;
    story.arrive("document.querySelector('#banner')").await;
    story.sees("document.querySelector('tr[data-row] .warn')").await;
    story.check("exceptions-revoked").await;
    let (_, all) = Api::of(&story.server, "harbour-master").get("exceptions");
    let one = &all["exceptions"][0];
    assert_eq!((&one["state"], &one["open"]), (&json!("revoked"), &json!(true)), "{all}");
    let reader = Api::of(&story.server, "harbour-reader");
    let asked = json!({
        "person": "harbour-reader",
        "pair": "ask+custody",
        "from": today,
        "until": today,
        "words": "自己",
    });
    assert_eq!(reader.post("exceptions", &asked).0, 403, "nobody allows it for themselves");
    let again = reader.post(&format!("exceptions/{}/revoke", text(&one["id"])), &json!({}));
    assert_eq!(again.0, 403);
    story.end().await;
}
