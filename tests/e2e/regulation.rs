//! A version of a rule that waits, in the browser: beside its application stands what it would have changed.

use super::api::Api;
use super::story::Story;
use crate::story::regulation::activation::governed;
use harness::folder::Folder;
use harness::server::{Server, sluice};
use serde_json::json;
use std::path::Path;
use std::process::Command;

/// Lays the harbour's rule, with a chain for its successors and these changes, into a folder of packs.
fn lay(packs: &Path, version: &str, edits: &[(&str, &str)]) {
    let folder = packs.join("harbour").join(version);
    for (path, text) in governed(edits).files {
        let place = folder.join(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(place, text).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_a_say_about_a_version_asks_what_it_would_have_changed() {
    let folder = Folder::new("versions");
    let (data, first, later) =
        (folder.path().join("data"), folder.path().join("first"), folder.path().join("later"));
    lay(&first, "1150901", &[]);
    let next = [("version = \"1150901\"", "version = \"1990101\""), ("= 2024-09-01", "= 2099-01-01")];
    lay(&later, "1990101", &next);
    let story = Story::on(Server::under(&data, &first)).await;
    let load = ["pack", "load", "--data"];
    let loaded = Command::new(sluice()).args(load).arg(&data).arg(later.join("harbour/1990101")).output();
    let loaded = loaded.unwrap();
    assert!(loaded.status.success(), "{}", String::from_utf8_lossy(&loaded.stderr));
    story.sit("harbour-signaller").await;
    story.open("/applications/new?object=activation").await;
    story.settled().await;
    story.check("version").await;
    let button = "document.querySelector('form[action^=\"/versions/\"] button')";
    story.browser.eval("document.querySelector('details.version').open = true").await;
    story.browser.eval(&format!("{button}.click()")).await;
    story.arrive("location.pathname.startsWith('/versions/')").await;
    story.check("version-replay").await;
    let digest = story.ask("location.pathname.split('/')[2]").await;
    let asked = |login: &str| {
        Api::of(&story.server, login).post(&format!("versions/{digest}/replay"), &json!({ "before": 0 }))
    };
    assert_eq!(asked("harbour-reader").0, 403);
    let (status, answer) = asked("harbour-master");
    assert_eq!((status, &answer["version"], &answer["decided"]), (200, &json!("harbour@1990101"), &json!(0)));
    story.end().await;
}
