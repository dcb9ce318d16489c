//! Who gets in, who stays out, and what is kept when a session ends.

use super::world::World;
use axum::body::Body;
use axum::http::{Method, StatusCode};

const PAGES: [&str; 12] = [
    "/todo",
    "/lookups/new",
    "/records",
    "/countersign",
    "/cases",
    "/ledger",
    "/compliance",
    "/settings",
    "/help",
    "/accounts",
    "/password",
    "/factor",
];

#[tokio::test]
async fn without_a_session_every_page_leads_to_the_door() {
    let world = World::new();
    let mut browser = world.browser();
    for target in PAGES {
        let page = browser.get(target).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{target}");
        assert!(page.header("location").starts_with("/sign-in?next="), "{target}");
    }
    assert_eq!(browser.get("/sign-in").await.status, StatusCode::OK);
}

#[tokio::test]
async fn unknown_names_and_wrong_passwords_are_answered_alike() {
    let world = World::new();
    let mut browser = world.browser();
    let mut bodies = Vec::new();
    for login in ["maker", "nobody"] {
        let page =
            browser.post("/sign-in", &[("login", login), ("password", "wrong"), ("code", "000000")]).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
        bodies.push(page.body.replace(login, "NAME").replace(page.header("x-operation"), "OPERATION"));
    }
    assert_eq!(bodies[0], bodies[1]);
    assert!(bodies[0].contains("帳號、密碼或驗證碼不符"));
}

#[tokio::test]
async fn guessing_is_slowed_down_and_said_so() {
    let world = World::new();
    let mut browser = world.browser();
    let mut last = StatusCode::OK;
    for _ in 0..21 {
        let page = browser.post("/sign-in", &[("login", "nobody"), ("password", "x"), ("code", "1")]).await;
        last = page.status;
        if last == StatusCode::TOO_MANY_REQUESTS {
            assert!(page.header("retry-after").parse::<u32>().unwrap() > 0);
            assert!(page.body.contains("value=\"nobody\""), "what was typed is kept");
        }
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_form_counts_only_with_the_token_of_its_session_and_from_here() {
    let world = World::new();
    let mut browser = world.signed("maker").await;
    let own = std::mem::replace(&mut browser.csrf, "guessed".into());
    let page = browser.post("/settings/text-size", &[("size", "130")]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.test")] {
        let request = browser.request(Method::POST, "/sign-out");
        let request = request.header(name, value).header("content-type", "application/x-www-form-urlencoded");
        let page = browser.send(request.body(Body::from(format!("csrf={own}"))).unwrap()).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{name}");
    }
    assert_eq!(browser.get("/todo").await.status, StatusCode::OK, "the session still stands");
    browser.csrf = own;
    let page = browser.post("/settings/text-size", &[("size", "130")]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert!(browser.get("/todo").await.body.contains("size-130"));
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server_too() {
    let world = World::new();
    let mut browser = world.signed("maker").await;
    let cookies = browser.cookies.clone();
    assert_eq!(browser.post("/sign-out", &[]).await.status, StatusCode::SEE_OTHER);
    assert!(browser.cookies.is_empty());
    browser.cookies = cookies;
    assert_eq!(browser.get("/todo").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_was_typed_comes_back_to_the_same_person_after_the_session_ended() {
    let world = World::new();
    let mut browser = world.signed("maker").await;
    world.hand.pass_seconds(24 * 3_600);
    let typed =
        [("number", "113疫777"), ("received", "113/01/15"), ("name_1", "王大明"), ("id_1", "A123456789")];
    let page = browser.post("/cases", &typed).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert!(!page.body.contains("王大明"), "nothing personal goes to a browser that is not signed in");
    let held = browser.cookies.clone();

    let mut other = world.signed("stamper").await;
    other.cookies.extend(held.iter().filter(|(name, _)| name.ends_with("held")).cloned());
    assert!(!other.get("/cases").await.body.contains("王大明"), "and to nobody else");

    world.hand.pass_seconds(30);
    let code = world.app.desk().demo_code("maker").unwrap();
    let fields = [("login", "maker"), ("password", "A-Test-Password-2024"), ("code", &code)];
    let page = browser.post("/sign-in", &fields).await;
    assert_eq!(page.header("location"), "/cases");
    let page = browser.get("/cases").await;
    assert!(page.body.contains("王大明") && page.body.contains("113疫777"));
    assert!(!browser.get("/cases").await.body.contains("王大明"), "once");
}

#[tokio::test]
async fn an_application_that_was_typed_when_the_session_ended_comes_back_in_its_form() {
    let world = World::new();
    let mut browser = world.signed("maker").await;
    let long = "\u{9577}".repeat(4_000);
    let typed =
        [("object", "account"), ("v.reason", long.as_str()), ("v.contractor", &long), ("w.a.b", &long)];
    let save = [("object", "account"), ("v.reason", "first"), ("act", "save"), ("form_key", "k")];
    let page = browser.post("/applications", &save).await;
    let kept = page.header("location").split('?').next().unwrap().to_string();
    assert!(kept.starts_with("/applications/AP-"), "{kept}");
    for (path, back) in [("/applications", "/applications/new?object=account"), (&kept, &kept)] {
        world.hand.pass_seconds(24 * 3_600);
        let page = browser.post(path, &typed).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
        world.hand.pass_seconds(30);
        let code = world.app.desk().demo_code("maker").unwrap();
        let fields = [("login", "maker"), ("password", "A-Test-Password-2024"), ("code", &code)];
        let page = browser.post("/sign-in", &fields).await;
        assert_eq!(page.header("location"), back);
        let page = browser.get(back).await;
        assert!(page.body.contains(&long) && page.body.contains("id=\"banner\""), "{back}");
        assert!(!browser.get(back).await.body.contains(&long), "once, and nothing was kept by looking");
    }
}

#[tokio::test]
async fn counts_are_for_this_machine_and_the_configured() {
    let world = World::new();
    let mut browser = world.browser();
    assert_eq!(browser.get("/metrics").await.status, StatusCode::FORBIDDEN);
    browser.from = "127.0.0.1";
    let page = browser.get("/metrics").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("sluice_http_answers_total"));
    assert_eq!(browser.get("/healthz").await.body, "ok\n");
    assert_eq!(browser.get("/readyz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn entries_are_for_auditors_and_the_rest_of_a_log_for_everybody() {
    let world = World::new();
    world.app.desk().store().publish_now(&domain::id::LogId::new("lienchiang")).unwrap();
    let mut stranger = world.browser();
    let checkpoint = stranger.get("/log/lienchiang/checkpoint").await;
    assert_eq!(checkpoint.status, StatusCode::OK);
    assert_eq!(stranger.get("/log/nowhere/checkpoint").await.status, StatusCode::NOT_FOUND);
    assert_eq!(stranger.get("/log/nowhere/vkey").await.status, StatusCode::NOT_FOUND);
    let key = stranger.get("/log/lienchiang/vkey").await;
    assert!(key.body.contains("lienchiang+"), "{}", key.body);
    let size = checkpoint.body.lines().nth(1).unwrap();
    let (tile, entries) = (format!("0/000.p/{size}"), format!("entries/000.p/{size}"));
    assert_eq!(stranger.get(&format!("/log/lienchiang/tile/{tile}")).await.status, StatusCode::OK);
    let bundle = format!("/log/lienchiang/tile/{entries}");
    assert_eq!(stranger.get(&bundle).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(world.signed("maker").await.get(&bundle).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.signed("checker").await.get(&bundle).await.status, StatusCode::OK);
    assert_eq!(stranger.get("/log/lienchiang/tile/0/../../x").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn plain_http_is_served_to_this_machine_only() {
    let world = World::new();
    let config = crate::Config::local("0.0.0.0:0".parse().unwrap());
    let served = crate::serve(world.app.desk().clone(), config, async {}, |_| {}).await;
    assert!(matches!(served, Err(crate::ServeError::PlainBeyondLoopback(_))));
}
