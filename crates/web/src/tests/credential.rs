//! Credentials over HTTP: who has to change a password first, and who guesses at codes.

use super::world::{TOKEN, World, blocking, files};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::directory::post::Cause;
use domain::directory::{Assignment, Change};
use domain::id::{AssignmentId, LogId, PersonId, UnitId};

/// Puts the regulation into force as it would be with this passage changed.
async fn amend(world: &World, from: &str, to: &str) {
    let stricter = |(path, text): (String, String)| {
        let text = text.replace(from, to);
        (path, text.replace("version = \"1130122\"", "version = \"1130201\""))
    };
    let mut files: Vec<(String, String)> = files().into_iter().map(stricter).collect();
    for (_, text) in &mut files {
        *text = text.replace("effective_from = 2024-01-22", "effective_from = 2024-02-01");
    }
    let desk = world.app.desk().clone();
    blocking(move || desk.activate(desk::regulation::check(files).ok().unwrap()).unwrap()).await;
}

#[tokio::test]
async fn whoever_has_to_change_a_password_is_led_there_and_loses_no_form() {
    let world = World::new();
    // If it enforced what it advises.
    amend(&world, "force = \"advice\"", "force = \"duty\"").await;
    world.hand.pass_seconds(95 * 24 * 3_600);
    let mut maker = world.signed("maker").await;
    for target in ["/todo", "/cases", "/settings", "/ledger", "/factor"] {
        let page = maker.get(target).await;
        assert_eq!((page.status, page.header("location")), (StatusCode::SEE_OTHER, "/password"), "{target}");
    }
    assert_eq!(maker.get("/help").await.status, StatusCode::OK);
    let page = maker.get("/password").await;
    assert!(page.status == StatusCode::OK && page.body.contains("密碼已到期"), "{}", page.body);
    let request =
        maker.request(Method::GET, "/api/v1/todo").header("authorization", format!("Bearer {TOKEN}"));
    let machine = maker.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(machine.status, StatusCode::FORBIDDEN, "{}", machine.body);
    assert!(machine.body.contains("password-due"), "{}", machine.body);
    let sent = maker.post("/cases", &[("number", "113疫777"), ("business", "vaccination")]).await;
    assert_eq!((sent.status, sent.header("location")), (StatusCode::SEE_OTHER, "/password"));
    let (desk, new) = (world.app.desk().clone(), "Quiet-Harbour-77");
    let code = blocking(move || desk.demo_proof("maker").unwrap()).await;
    let fields = [("current", "A-Test-Password-2024"), ("password", new), ("again", new), ("proof", &code)];
    let changed = maker.post("/password", &fields).await;
    assert_eq!(
        (changed.status, changed.header("location")),
        (StatusCode::SEE_OTHER, "/cases"),
        "{}",
        changed.body
    );
    assert!(maker.get("/cases").await.body.contains("113疫777"), "what was typed is still there");
    let request =
        maker.request(Method::GET, "/api/v1/todo").header("authorization", format!("Bearer {TOKEN}"));
    assert_eq!(maker.send(request.body(Body::empty()).unwrap()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn whoever_takes_over_a_post_that_wants_it_is_led_to_change_the_password_first() {
    let world = World::new();
    amend(&world, "word_en = \"user\"\n", "word_en = \"user\"\nfresh_credential = true\n").await;
    world.hand.pass_seconds(40 * 24 * 3_600);
    let mut maker = world.signed("maker").await;
    assert_eq!(maker.get("/todo").await.status, StatusCode::OK, "hers began before her password");
    let (desk, on) = (world.app.desk().clone(), world.app.desk().now().date());
    let post = Assignment {
        id: AssignmentId::new("maker-again"),
        person: PersonId::new("maker"),
        unit: UnitId::new("unit"),
        role: "user".into(),
        from: on,
        until: None,
    };
    let ended = Change::Ended { id: AssignmentId::new("maker-user"), end: Some((on, Cause::DutyChange)) };
    let log = LogId::new("lienchiang");
    blocking(move || desk.enrol(&log, vec![ended, Change::Assignment(post)]).unwrap()).await;
    world.hand.pass_seconds(60);
    let mut maker = world.signed("maker").await;
    let page = maker.get("/todo").await;
    assert_eq!((page.status, page.header("location")), (StatusCode::SEE_OTHER, "/password"));
    let page = maker.get("/password").await;
    assert!(page.body.contains("已接任新職務"), "{}", page.body);
    let (desk, new) = (world.app.desk().clone(), "Quiet-Harbour-77");
    let code = blocking(move || desk.demo_proof("maker").unwrap()).await;
    let fields = [("current", "A-Test-Password-2024"), ("password", new), ("again", new), ("proof", &code)];
    assert_eq!(maker.post("/password", &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(maker.get("/todo").await.status, StatusCode::OK);
}

#[tokio::test]
async fn guessing_at_codes_pays_with_the_attempts_of_the_door() {
    let world = World::new();
    let mut browser = world.browser();
    for attempt in 1..=21 {
        let page = browser.post("/enrol", &[("login", "maker"), ("code", "0000-0000-0000-0000")]).await;
        let slowed = page.status == StatusCode::TOO_MANY_REQUESTS;
        assert_eq!(slowed, attempt == 21, "{attempt}: {}", page.status);
        assert!(!page.body.contains("0000-0000"), "a code is not shown again");
        assert!(page.body.contains("value=\"maker\""), "the name is");
    }
    let door = browser.post("/sign-in", &[("login", "maker"), ("password", "x"), ("code", "1")]).await;
    assert_eq!(door.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn wrong_names_and_wrong_codes_are_answered_with_the_same_page() {
    let world = World::new();
    let mut browser = world.browser();
    let mut bodies = Vec::new();
    for login in ["maker", "nobody"] {
        let page = browser.post("/enrol", &[("login", login), ("code", "0000")]).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
        bodies.push(page.body.replace(login, "NAME").replace(page.header("x-operation"), "OPERATION"));
    }
    assert_eq!(bodies[0], bodies[1]);
}
