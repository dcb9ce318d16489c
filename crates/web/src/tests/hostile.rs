//! Bad input: a clear error, what was typed kept, nothing changed, never a fault.

use super::world::World;
use axum::body::Body;
use axum::http::{Method, StatusCode};

const FORM: &str = "application/x-www-form-urlencoded";

/// Pages that take a form, with the fields they read.
const FORMS: [(&str, &[&str]); 49] = [
    ("/sign-in", &["login", "password", "code", "next"]),
    ("/sign-out", &[]),
    ("/post", &["post"]),
    ("/session/extend", &[]),
    ("/lookups", &["case", "party", "subject", "outside_reason", "purpose", "basis", "items", "form_key"]),
    ("/records/QR-1130122-0001-0/run", &["form_key"]),
    ("/records/QR-1130122-0001-0/review", &[]),
    ("/records/QR-1130122-0001-0/hidden", &[]),
    ("/records/QR-1130122-0001-0/correct", &["reason", "case"]),
    ("/countersign/confirm", &["rows"]),
    ("/countersign/stamp", &["rows", "proof", "form_key"]),
    ("/countersign/QR-1130122-0001-0", &["verdict", "reason_code", "note"]),
    ("/cases", &["number", "business", "received", "name_1", "id_1", "role_1"]),
    ("/settings/text-size", &["size"]),
    ("/consents", &["until", "case", "basis", "form_key"]),
    ("/accounts", &["person", "kind", "login", "method", "reason", "proof", "form_key"]),
    ("/accounts/slips", &["people", "all", "method", "proof", "form_key"]),
    ("/accounts/keeper/deliver", &["code", "handed-to", "handed-way", "handed-on", "form_key"]),
    ("/accounts/keeper/revoke", &["code"]),
    ("/accounts/keeper/end-sessions", &["proof"]),
    ("/delegations", &["to", "objects", "begin", "end", "words", "proof", "back_to_form", "form_key"]),
    ("/units/unit", &["name", "name_en", "form_key"]),
    ("/units/unit/close", &["form_key"]),
    ("/staff/as-1", &["cause", "on", "unit", "role", "form_key"]),
    ("/staff/import", &["file", "bytes", "whole", "seal", "form_key"]),
    ("/absences", &["person", "begin", "end", "words", "deputy", "form_key"]),
    ("/deputy", &["to", "form_key"]),
    ("/closures", &["day", "why", "form_key"]),
    ("/contracts", &["number", "contractor", "confidential", "from", "until", "people", "form_key"]),
    ("/exceptions", &["person", "pair", "from", "until", "words", "form_key"]),
    ("/workstations", &["machine", "number", "unit", "keeper", "address", "dedicated", "form_key"]),
    ("/applications", &["object", "people", "act", "reason", "permissions", "form_key"]),
    ("/applications/AP-1/stamp", &["verdict", "note", "effective", "left-out", "fields", "version"]),
    ("/applications/AP-1/consult", &["colleagues", "question", "form_key"]),
    ("/applications/AP-1/reply", &["id", "act", "opinion"]),
    ("/duties/du-1", &["note", "hours", "letter-number", "letter-sent", "letter-channel", "form_key"]),
    ("/links/AP-1/test", &["passed", "tested-on", "note", "form_key"]),
    ("/links/AP-1/end", &["end-on", "note", "form_key"]),
    ("/inventory/du-1", &["decision", "note", "seal", "form_key"]),
    ("/inventory/du-1/remind", &["form_key"]),
    ("/permissions/pm-1/stop", &["reason", "form_key"]),
    ("/search", &["q"]),
    ("/enrol", &["login", "code"]),
    ("/enrol/confirm", &["ticket", "password", "again", "proof"]),
    ("/settings/sessions/0123456789abcdef/end", &[]),
    ("/settings/sessions/end-others", &[]),
    ("/factor/confirm", &["proof"]),
    // Last: whoever guesses at these is locked out.
    ("/factor", &["current", "proof"]),
    ("/password", &["current", "password", "again", "proof", "form_key"]),
];

fn hostile_values() -> Vec<String> {
    let mut values: Vec<String> = [
        "",
        " ",
        "0",
        "-1",
        "18446744073709551616",
        "1e309",
        "NaN",
        "true",
        "null",
        "'; DROP TABLE lookup; --",
        "\" OR \"\"=\"",
        "<script>alert(1)</script>",
        "{{7*7}}",
        "${jndi:ldap://x}",
        "../../../etc/passwd",
        "%00",
        "Ａ１２３４５６７８９",
        "A123456789",
        "1130230",
        "民國一百年",
        "QR-1130122-0001-0",
        "𠮷𡈽𩸽",
        "e\u{301}\u{301}",
        "\u{1F468}\u{200D}\u{1F469}",
        "１１３／０１／１５",
        "+99999999",
        "99999999",
        "match",
        "return",
        "/todo",
        "//evil",
    ]
    .map(String::from)
    .to_vec();
    values.push("長".repeat(3_999));
    values
}

#[tokio::test]
async fn no_form_brings_a_page_down() {
    let world = World::new();
    world.prepare().await;
    let mut maker = world.signed("maker").await;
    let mut stamper = world.signed("stamper").await;
    let mut keeper = world.signed("keeper").await;
    for (target, names) in FORMS {
        if target == "/sign-out" || target == "/sign-in" {
            continue;
        }
        for value in hostile_values() {
            let fields: Vec<(&str, &str)> = names.iter().map(|name| (*name, value.as_str())).collect();
            for browser in [&mut maker, &mut stamper, &mut keeper] {
                let page = browser.post(target, &fields).await;
                assert!(!page.status.is_server_error(), "{target} {value:?}: {}", page.status);
                assert!(!page.body.contains("<script>alert"), "{target} {value:?}");
            }
        }
    }
}

#[tokio::test]
async fn the_door_takes_any_text_without_a_fault() {
    let world = World::new();
    let mut browser = world.browser();
    for value in hostile_values() {
        let fields = ["login", "password", "code", "next"].map(|name| (name, value.as_str()));
        let page = browser.post("/sign-in", &fields).await;
        assert!(page.status.is_client_error(), "{value:?}: {}", page.status);
    }
}

#[tokio::test]
async fn bodies_that_are_no_forms_are_named_for_what_they_are() {
    let world = World::new();
    let mut maker = world.signed("maker").await;
    for (target, _) in FORMS {
        for (kind, body, status) in [
            (FORM, b"a=%zz".to_vec(), StatusCode::BAD_REQUEST),
            (FORM, b"a=%ff".to_vec(), StatusCode::BAD_REQUEST),
            (FORM, b"a=%00".to_vec(), StatusCode::BAD_REQUEST),
            (FORM, "x=1&".repeat(500).into_bytes(), StatusCode::BAD_REQUEST),
            (FORM, format!("x={}", "y".repeat(5_000)).into_bytes(), StatusCode::BAD_REQUEST),
            (FORM, vec![b'a'; 300 * 1024], StatusCode::PAYLOAD_TOO_LARGE),
            ("application/json", b"{}".to_vec(), StatusCode::UNSUPPORTED_MEDIA_TYPE),
            ("text/plain", b"a=1".to_vec(), StatusCode::UNSUPPORTED_MEDIA_TYPE),
            ("", b"a=1".to_vec(), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ] {
            // What may carry files may be longer than any other form.
            let takes_files = ["/staff/import", "/applications", "/duties/du-1"].contains(&target);
            if takes_files && status == StatusCode::PAYLOAD_TOO_LARGE {
                continue;
            }
            let page = maker.raw(target, kind, body).await;
            assert_eq!(page.status, status, "{target} {kind}");
            assert!(page.body.contains("<h1>"), "{target}: a page says what happened");
        }
    }
}

#[tokio::test]
async fn addresses_are_bounded_and_decoded_or_refused() {
    let world = World::new();
    let mut maker = world.signed("maker").await;
    let long = format!("/records?case={}", "x".repeat(3_000));
    for (target, status) in [
        (long.as_str(), StatusCode::URI_TOO_LONG),
        ("/records?case=%zz", StatusCode::BAD_REQUEST),
        ("/records?case=%ff", StatusCode::BAD_REQUEST),
        ("/records?case=%00", StatusCode::BAD_REQUEST),
        ("/records/%ff", StatusCode::BAD_REQUEST),
        ("/records/%00", StatusCode::BAD_REQUEST),
        ("/records/%2e%2e%2f", StatusCode::NOT_FOUND),
        ("/nowhere", StatusCode::NOT_FOUND),
        ("/ledger/lienchiang/proof/x", StatusCode::NOT_FOUND),
    ] {
        let page = maker.get(target).await;
        assert_eq!(page.status, status, "{target}");
        assert!(page.body.contains("<h1>"), "{target}");
    }
    let request = maker.request(Method::DELETE, "/todo").body(Body::empty()).unwrap();
    let page = maker.send(request).await;
    assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(page.body.contains("<h1>"));
}

#[tokio::test]
async fn strange_headers_change_nothing() {
    let world = World::new();
    let mut browser = world.browser();
    for (name, value) in [
        ("cookie", "sluice=%00; sluice=x; lang=..; text=9999"),
        ("accept-language", ";;;q=,,,*"),
        ("x-forwarded-for", "127.0.0.1"),
        ("authorization", "Bearer"),
        ("idempotency-key", ""),
        ("origin", "null"),
    ] {
        let request = browser.request(Method::GET, "/sign-in").header(name, value);
        let page = browser.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(page.status, StatusCode::OK, "{name}");
        let request = browser.request(Method::GET, "/metrics").header(name, value);
        let page = browser.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{name}");
    }
}
