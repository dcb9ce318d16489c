//! Going through the accounts over the API, as a machine meets it.

use super::api::json;
use super::world::{Browser, TOKEN, World, blocking, files};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::id::AssignmentId;
use serde_json::{Value, json};

/// What the rule of these tests adds to the shipped one.
const INVENTORY: &str = r#"
[[control]]
id = "inventory"
kind = "inventory"
clauses = ["5.1"]
schedule = { every = 3, unit = "month", anchor = "calendar" }
findings = ["unapproved"]
by = { role = "administrator" }
"#;

/// A world in which an inventory has begun, and programs of those who take part in it.
async fn begun() -> World {
    let mut files = files();
    files.push(("controls-inventory.toml".into(), INVENTORY.into()));
    let world = World::under(&store::Config::in_memory(), files);
    let desk = world.app.desk().clone();
    for post in ["keeper-administrator", "stamper-supervisor", "checker-auditor"] {
        desk.bind_token(post, "10.1.2.3", AssignmentId::new(post));
    }
    blocking(move || desk.tick().unwrap()).await;
    world
}

/// Calls as the program of a post; with a body under a key of its own.
async fn call(world: &World, token: &str, target: &str, body: Option<Value>) -> (StatusCode, Value) {
    let mut machine: Browser = world.browser();
    let method = if body.is_some() { Method::POST } else { Method::GET };
    let request = machine.request(method, &format!("/api/v1/{target}"));
    let request = request.header("authorization", format!("Bearer {token}"));
    let text = body.map(|body| body.to_string()).unwrap_or_default();
    let key = format!("{target} {}", text.len());
    let request = request.header("content-type", "application/json").header("idempotency-key", key);
    let page = machine.send(request.body(Body::from(text)).unwrap()).await;
    (page.status, json(&page))
}

async fn refused(world: &World, token: &str, target: &str, body: Value) -> (StatusCode, String) {
    let (status, body) = call(world, token, target, Some(body)).await;
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}

const KEEPER: &str = "keeper-administrator";
const HEAD: &str = "stamper-supervisor";

/// The path of the inventory that somebody finds among what they owe.
async fn inventory(world: &World, token: &str, kind: &str) -> String {
    let (_, owed) = call(world, token, &format!("duties?kind={kind}"), None).await;
    format!("inventories/{}", owed["own"][0]["inventory"].as_str().unwrap_or_else(|| panic!("{owed}")))
}

#[tokio::test]
async fn an_inventory_is_gone_through_over_the_api_from_its_duty_to_its_seal() {
    let world = begun().await;
    let at = inventory(&world, KEEPER, "inventory").await;
    assert_eq!(inventory(&world, HEAD, "attest").await, at, "the head finds it, too");
    let (_, view) = call(&world, KEEPER, &at, None).await;
    assert_eq!((&view["open"], &view["rest"], &view["state"]), (&json!(1), &json!(4), &json!("open")));
    assert_eq!(view["found"][0]["person"], "maker");
    assert_eq!(view["found"][0]["finding"], "unapproved");
    assert_eq!(view["units"][0]["list"], json!([]), "the names are the head's to see");

    let say = |keep: Value, note: &str| {
        let one = json!({ "person": "maker", "finding": "unapproved", "keep": keep, "note": note });
        json!({ "verdicts": [one] })
    };
    let no = call(&world, KEEPER, &at, Some(say(Value::Null, ""))).await;
    assert_eq!(
        (no.0, &no.1["code"], &no.1["field"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("field-malformed"), &json!("verdicts"))
    );
    let no = refused(&world, KEEPER, &at, say(json!(true), " ")).await;
    assert_eq!(no, (StatusCode::UNPROCESSABLE_ENTITY, "note-missing".into()));
    let no = refused(&world, KEEPER, &at, json!({})).await;
    assert_eq!(no, (StatusCode::UNPROCESSABLE_ENTITY, "nothing-selected".into()));
    let early = refused(&world, KEEPER, &format!("{at}/close"), json!({ "seal": view["seal"] })).await;
    assert_eq!(early, (StatusCode::UNPROCESSABLE_ENTITY, "findings-open".into()));
    for _ in 0..2 {
        let done = call(&world, KEEPER, &at, Some(say(json!(true), "業務需要"))).await;
        assert_eq!(done.0, StatusCode::OK, "{}", done.1);
    }

    let reminding = format!("{at}/remind");
    assert_eq!((&view["remind"], &view["reminded"]), (&json!(true), &Value::Null));
    assert_eq!(call(&world, KEEPER, &reminding, Some(json!({}))).await.0, StatusCode::OK);
    let (_, view) = call(&world, KEEPER, &at, None).await;
    assert_eq!(view["remind"], false, "once a day");
    assert!(view["reminded"].as_str().unwrap().starts_with("2024-01-22"), "{view}");

    let (_, shown) = call(&world, HEAD, &at, None).await;
    assert_eq!(shown["units"][0]["list"].as_array().unwrap().len(), 4, "{shown}");
    let seal = json!({ "seal": shown["units"][0]["seal"] });
    let done = call(&world, HEAD, &format!("{at}/attest"), Some(seal)).await;
    assert_eq!(done.0, StatusCode::OK, "{}", done.1);
    let done = call(&world, KEEPER, &format!("{at}/close"), Some(json!({ "seal": view["seal"] }))).await;
    assert_eq!(done.0, StatusCode::OK, "{}", done.1);
    let (_, closed) = call(&world, KEEPER, &at, None).await;
    assert_eq!((&closed["state"], &closed["units"][0]["by"]), (&json!("done"), &json!("stamper")));
    assert_eq!(closed["found"][0]["decided"], json!({ "keep": true, "note": "業務需要", "by": "keeper" }));
    let (_, before) = call(&world, KEEPER, "duties?kind=inventory&tab=done", None).await;
    assert_eq!(before["own"][0]["state"], "done", "{before}");
}

#[tokio::test]
async fn whoever_has_no_part_in_an_inventory_and_whoever_saw_another_list_is_refused() {
    let world = begun().await;
    let at = inventory(&world, KEEPER, "inventory").await;
    let (status, _) = call(&world, TOKEN, &at, None).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "there is none for whoever looks up");
    let (_, seen) = call(&world, "checker-auditor", &at, None).await;
    assert_eq!((&seen["may"], &seen["close"]), (&json!(false), &json!(false)), "whoever oversees reads it");
    let not_theirs = (StatusCode::FORBIDDEN, "not-your-duty".to_owned());
    let verdicts = json!({ "verdicts": [{ "person": "maker", "finding": "unapproved", "keep": false }] });
    let seal = json!({ "seal": seen["seal"] });
    for token in [TOKEN, "checker-auditor"] {
        assert_eq!(refused(&world, token, &at, verdicts.clone()).await, not_theirs);
        for step in ["attest", "close", "remind"] {
            assert_eq!(refused(&world, token, &format!("{at}/{step}"), seal.clone()).await, not_theirs);
        }
    }
    let changed = (StatusCode::CONFLICT, "changed".to_owned());
    let other = json!({ "seal": "of another list" });
    assert_eq!(refused(&world, HEAD, &format!("{at}/attest"), other.clone()).await, changed);
    assert_eq!(call(&world, KEEPER, &at, Some(verdicts)).await.0, StatusCode::OK);
    assert_eq!(refused(&world, KEEPER, &format!("{at}/close"), other).await, changed);
    let unconfirmed = refused(&world, KEEPER, &format!("{at}/close"), seal).await;
    assert_eq!(unconfirmed, (StatusCode::UNPROCESSABLE_ENTITY, "note-missing".into()));
    let nowhere = refused(&world, KEEPER, "inventories/x/close", json!({ "seal": "" })).await;
    assert_eq!(nowhere, (StatusCode::NOT_FOUND, "record-unknown".into()));
}
