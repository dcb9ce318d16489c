//! The API as a machine meets it.

use super::world::{Browser, Page, TOKEN, World};
use crate::api::{Verb, operations};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

pub(super) async fn call(
    browser: &mut Browser,
    method: Method,
    target: &str,
    token: &str,
    body: Option<Value>,
) -> Page {
    let mut request = browser.request(method, target).header("accept-language", "en");
    if !token.is_empty() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let body = match body {
        Some(body) => {
            request = request.header("content-type", "application/json").header("idempotency-key", "key-1");
            Body::from(body.to_string())
        }
        None => Body::empty(),
    };
    browser.send(request.body(body).unwrap()).await
}

pub(super) fn json(page: &Page) -> Value {
    serde_json::from_str(&page.body).unwrap_or_else(|_| panic!("not JSON: {}", page.body))
}

fn method(verb: Verb) -> Method {
    match verb {
        Verb::Get => Method::GET,
        Verb::Post => Method::POST,
    }
}

#[tokio::test]
async fn the_document_and_the_routes_know_the_same_operations() {
    let world = World::new();
    let mut machine = world.browser();
    let document = json(&machine.get("/api/v1/openapi.json").await);
    assert_eq!(document["openapi"], "3.1.0");
    for operation in operations() {
        let target = operation.path.replace("{code}", "QR-1130122-0001-0").replace("{id}", "x");
        let page = call(&mut machine, method(operation.verb), &target, "", None).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{} is mounted and wants a token", operation.id);
        assert_eq!(page.header("www-authenticate"), "Bearer");
        let body = json(&page);
        for field in ["code", "message", "remedy", "clause", "field", "operation"] {
            assert!(body.get(field).is_some(), "{field} of {}", operation.id);
        }
        let verb = if operation.verb == Verb::Get { "get" } else { "post" };
        assert_eq!(document["paths"][operation.path][verb]["operationId"], operation.id);
    }
    let page = call(&mut machine, Method::PUT, "/api/v1/lookups", TOKEN, None).await;
    assert_eq!(
        (page.status, json(&page)["code"].as_str()),
        (StatusCode::METHOD_NOT_ALLOWED, Some("fault-method"))
    );
    let page = call(&mut machine, Method::GET, "/api/v1/nowhere", TOKEN, None).await;
    assert_eq!((page.status, json(&page)["code"].as_str()), (StatusCode::NOT_FOUND, Some("fault-unknown")));
}

#[tokio::test]
async fn a_token_is_good_on_its_machine_only() {
    let world = World::new();
    let mut machine = world.browser();
    assert_eq!(call(&mut machine, Method::GET, "/api/v1/todo", TOKEN, None).await.status, StatusCode::OK);
    assert_eq!(
        call(&mut machine, Method::GET, "/api/v1/todo", "guess", None).await.status,
        StatusCode::UNAUTHORIZED
    );
    machine.from = "10.1.2.4";
    assert_eq!(
        call(&mut machine, Method::GET, "/api/v1/todo", TOKEN, None).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_lookup_over_the_api_is_the_lookup_of_the_page() {
    let world = World::new();
    world.prepare().await;
    let mut machine = world.browser();
    let page =
        call(&mut machine, Method::GET, "/api/v1/lookups/draft?case=113%E7%96%AB001", TOKEN, None).await;
    let draft = json(&page);
    let preset = |name: &str| {
        let choices = draft[name].as_array().unwrap();
        let chosen = choices.iter().find(|choice| choice["preset"] == true).unwrap_or(&choices[0]);
        chosen["code"].clone()
    };
    let ask = json!({
        "case": "113疫001", "party": 1, "purpose": preset("purposes"), "basis": preset("bases"),
        "purpose_text": "確認接種對象的設籍地址", "basis_text": "傳染病防治法第43條", "items": ["household/basic"],
    });
    let first = call(&mut machine, Method::POST, "/api/v1/lookups", TOKEN, Some(ask.clone())).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.body);
    let found = json(&first);
    assert_eq!(found["ending"], "found", "{found}");
    let code = found["code"].as_str().unwrap().to_string();
    let second = call(&mut machine, Method::POST, "/api/v1/lookups", TOKEN, Some(ask)).await;
    assert_eq!(json(&second)["code"], code.as_str(), "the same key asks once");

    let records = json(&call(&mut machine, Method::GET, "/api/v1/lookups", TOKEN, None).await);
    assert_eq!(records["records"][0]["code"], code.as_str());
    assert!(!records.to_string().contains(&world.subject), "lists are masked");
    let wanted = Some(json!({ "subject": world.subject, "state": "awaiting" }));
    let found = json(&call(&mut machine, Method::POST, "/api/v1/lookups/search", TOKEN, wanted).await);
    assert_eq!(
        (found["records"][0]["code"].as_str(), found["total"].as_u64()),
        (Some(code.as_str()), Some(1))
    );
    assert_eq!(found["total_more"], false);
    assert!(!found.to_string().contains(&world.subject), "lists are masked");
    let empty = call(&mut machine, Method::POST, "/api/v1/lookups/search", TOKEN, Some(json!({}))).await;
    assert_eq!(
        (empty.status, json(&empty)["field"].as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("subject"))
    );
    let record = call(&mut machine, Method::GET, &format!("/api/v1/lookups/{code}"), TOKEN, None).await;
    assert_eq!(json(&record)["record"]["code"], code.as_str());
    let proof = json(&call(&mut machine, Method::GET, &format!("/api/v1/ledger/{code}"), TOKEN, None).await);
    assert_eq!(proof["consistent"], true);
    let refused = call(&mut machine, Method::GET, "/api/v1/countersign", TOKEN, None).await;
    assert_eq!(
        (refused.status, json(&refused)["code"].clone()),
        (StatusCode::FORBIDDEN, json!("no-capacity"))
    );
}

#[tokio::test]
async fn refusals_carry_code_clause_and_field() {
    let world = World::new();
    world.prepare().await;
    let mut machine = world.browser();
    let page =
        call(&mut machine, Method::POST, "/api/v1/lookups", TOKEN, Some(json!({ "case": "113疫001" }))).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.body);
    let body = json(&page);
    assert!(body["message"].as_str().unwrap().is_ascii() || body["cite"].is_string());
    let all: Vec<&Value> =
        std::iter::once(&body).chain(body["more"].as_array().into_iter().flatten()).collect();
    assert!(all.iter().any(|refusal| refusal["field"].is_string()), "{body}");
    assert!(all.iter().all(|refusal| refusal["operation"] == page.header("x-operation")));
}

#[tokio::test]
async fn hostile_calls_are_refused_and_never_a_fault() {
    let world = World::new();
    let mut machine = world.browser();
    let deep = serde_json::from_str::<Value>(&format!("{}1{}", "[".repeat(100), "]".repeat(100))).unwrap();
    let bodies = [
        json!({}),
        json!({ "case": 7, "party": -1, "items": "x", "subject": null, "rows": {}, "parties": [1, null] }),
        json!({ "party": 18_446_744_073_709_551_615_u64, "verdict": "match", "note": "長".repeat(3_000) }),
        json!({ "case": deep }),
        json!({ "items": vec!["x"; 5_000], "rows": vec!["QR-1130122-0001-0"; 5_000] }),
        json!({ "received": "9999999", "until": "-99999999", "proof": "' OR 1=1 --" }),
    ];
    for operation in operations().filter(|operation| operation.verb == Verb::Post) {
        for code in ["QR-1130122-0001-0", "x", "%F0%A0%AE%B7", "..%2f.."] {
            let target = operation.path.replace("{code}", code).replace("{id}", code);
            for body in &bodies {
                let page = call(&mut machine, Method::POST, &target, TOKEN, Some(body.clone())).await;
                assert!(!page.status.is_server_error(), "{target} {}: {}", page.status, page.body);
                json(&page);
            }
        }
    }
}

#[tokio::test]
async fn a_key_that_cannot_be_read_is_refused_and_not_passed_over() {
    let world = World::new();
    let mut machine = world.browser();
    let long = "k".repeat(201);
    let twice = [&b"one"[..], &b"two"[..]];
    for keys in [&[&b""[..]][..], &["鍵".as_bytes()][..], &[long.as_bytes()][..], &twice[..]] {
        let mut request =
            machine.request(Method::POST, "/api/v1/applications").header("accept-language", "en");
        request = request.header("authorization", format!("Bearer {TOKEN}"));
        request = keys.iter().fold(request, |request, key| request.header("idempotency-key", *key));
        let request = request.header("content-type", "application/json").body(Body::from("{}")).unwrap();
        let page = machine.send(request).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{keys:?}");
        assert!(json(&page)["message"].as_str().unwrap().contains("Idempotency-Key"), "{}", page.body);
    }
}
