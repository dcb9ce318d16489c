//! Hours of training with their certificate, by page and by API.

use super::api::{call, json};
use super::world::{TOKEN, World, blocking, files};
use axum::http::{Method, StatusCode};
use base64ct::{Base64, Encoding};
use serde_json::{Value, json};

/// The shipped rule as it would be if users had to attend training.
async fn training(world: &World) {
    world.hand.pass_seconds(60);
    let mut files = files();
    let edits = [
        ("version = \"1130122\"", "version = \"1130122-t\""),
        ("  { role = \"custodian\" },\n]\nevidence", "  { role = \"user\" },\n]\nevidence"),
    ];
    for (from, to) in edits {
        assert!(files.iter().any(|(_, text)| text.contains(from)), "{from}");
        files.iter_mut().for_each(|(_, text)| *text = text.replace(from, to));
    }
    let desk = world.app.desk().clone();
    blocking(move || {
        desk.activate(desk::regulation::check(files).ok().unwrap()).unwrap();
        desk.tick().unwrap();
    })
    .await;
}

#[tokio::test]
async fn hours_come_with_their_certificate_by_page_and_by_api() {
    let world = World::new();
    training(&world).await;
    let mut machine = world.browser();
    let duties = json(&call(&mut machine, Method::GET, "/api/v1/duties", TOKEN, None).await);
    let own = duties["own"].as_array().unwrap().iter().find(|duty| duty["kind"] == "train").unwrap();
    assert_eq!((&own["certificate"], &own["files"]), (&json!(true), &json!([])));
    let id = own["id"].as_str().unwrap().to_string();
    let fulfil = format!("/api/v1/duties/{id}/fulfil");
    let bare = json!({ "note": "course", "hours": 1 });
    let no = call(&mut machine, Method::POST, &fulfil, TOKEN, Some(bare)).await;
    assert!(no.status.is_client_error(), "{}", no.body);
    assert_eq!(json(&no)["field"], "certificate");
    let file = json!({ "name": "scan.png", "content": Base64::encode_string(b"\x89PNG\r\n\x1a\n...") });
    let whole = json!({ "note": "course", "hours": 1, "files": [file] });
    let yes = call(&mut machine, Method::POST, &fulfil, TOKEN, Some(whole)).await;
    assert_eq!(yes.status, StatusCode::OK, "{}", yes.body);
    let duty = json(&call(&mut machine, Method::GET, &format!("/api/v1/duties/{id}"), TOKEN, None).await);
    let ask = json!({ "id": duty["files"][0]["id"] });
    let read = format!("/api/v1/duties/{id}/file");
    let out: Value = json(&call(&mut machine, Method::POST, &read, TOKEN, Some(ask)).await);
    assert_eq!(out["name"], "scan.png");

    let mut maker = world.signed("maker").await;
    let page = maker.get(&format!("/duties/{id}")).await;
    assert!(page.body.contains("multipart/form-data") && page.body.contains("name=\"f.certificate\""));
    let posted = |csrf: &str, file: &str| {
        let part = |name: &str, value: &str| {
            format!("--xx\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let texts = [part("csrf", csrf), part("form_key", "k"), part("note", "course"), part("hours", "2")];
        format!(
            "{}--xx\r\nContent-Disposition: form-data; name=\"f.certificate\"; filename=\"{file}\"\r\n\
             Content-Type: application/pdf\r\n\r\n%PDF-1.7\r\n--xx--\r\n",
            texts.concat()
        )
    };
    let kind = "multipart/form-data; boundary=xx";
    let (target, csrf) = (format!("/duties/{id}"), maker.csrf.clone());
    let no = maker.raw(&target, kind, posted(&csrf, "scan.exe").into_bytes()).await;
    assert!(no.status.is_client_error() && no.body.contains("id=\"e-certificate\""), "{}", no.body);
    let yes = maker.raw(&target, kind, posted(&csrf, "scan.pdf").into_bytes()).await;
    assert_eq!(yes.status, StatusCode::SEE_OTHER, "{}", yes.body);
    let done = maker.get(&target).await;
    let (_, link) = done.body.rsplit_once("/files/").unwrap();
    let link = format!("{target}/files/{}", link.split('"').next().unwrap());
    let file = maker.get(&link).await;
    assert_eq!((file.status, file.body.as_str()), (StatusCode::OK, "%PDF-1.7"));
    assert!(file.header("content-disposition").starts_with("attachment"));
}
