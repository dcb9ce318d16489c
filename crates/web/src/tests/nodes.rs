//! Two nodes on one database, and a load balancer that sends every request to whichever it likes.

use super::world::{Browser, Page, TOKEN, World, blocking};
use crate::App;
use axum::body::Body;
use axum::http::{Method, StatusCode};
use store::{Store, TENDED_TABLES, Table};
use tokio::task::JoinSet;

/// Calls that are all under way before the first is answered, and what each got.
async fn at_once(node: &App, token: &'static str, count: usize) -> Vec<Page> {
    let calls = (0..count).map(|_| {
        let mut browser = Browser::new(node);
        async move { call(&mut browser, token).await }
    });
    calls.collect::<JoinSet<Page>>().join_all().await
}

/// What is written beside decisions: attempts, counts, sessions. What the signer notes for itself depends on
/// when its thread last ran.
async fn tended(store: Store) -> Vec<Table> {
    let tables = blocking(move || store.dump().unwrap()).await;
    let own = |table: &Table| TENDED_TABLES.contains(&table.name.as_str()) && table.name != "signer_state";
    tables.into_iter().filter(own).collect()
}

/// How many of them ended so.
fn ended(pages: &[Page], status: StatusCode) -> usize {
    pages.iter().filter(|page| page.status == status).count()
}

const WRONG: [(&str, &str); 3] = [("login", "nobody"), ("password", "x"), ("code", "000000")];

async fn call(browser: &mut Browser, token: &str) -> Page {
    let request = browser.request(Method::GET, "/api/v1/todo");
    let request = request.header("authorization", format!("Bearer {token}"));
    browser.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_session_runs_on_every_node_and_ends_on_every_node() {
    let world = World::new();
    let (one, other) = (world.app.clone(), world.other_node());
    let mut browser = world.signed("maker").await;
    assert_eq!(browser.at(&other).get("/todo").await.status, StatusCode::OK);
    let page = browser.at(&one).post("/settings/text-size", &[("size", "130")]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let cookies = browser.cookies.clone();
    assert_eq!(browser.at(&other).post("/sign-out", &[]).await.status, StatusCode::SEE_OTHER);
    browser.cookies = cookies;
    for node in [&one, &other, &one] {
        assert_eq!(browser.at(node).get("/todo").await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn what_was_typed_is_kept_whichever_node_it_comes_to() {
    let world = World::new();
    let (one, other) = (world.app.clone(), world.other_node());
    let mut browser = world.signed("maker").await;
    world.hand.pass_seconds(24 * 3_600);
    // The watch has been round in between, and the other node has never seen the session.
    one.desk().tick().unwrap();
    let typed = [("number", "113疫777"), ("name_1", "王大明"), ("id_1", "A123456789")];
    let page = browser.at(&other).post("/cases", &typed).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert!(!page.body.contains("王大明"));
    world.hand.pass_seconds(30);
    let code = one.desk().demo_code("maker").unwrap();
    let fields = [("login", "maker"), ("password", "A-Test-Password-2024"), ("code", &code)];
    assert_eq!(browser.at(&one).post("/sign-in", &fields).await.header("location"), "/cases");
    let page = browser.at(&other).get("/cases").await;
    assert!(page.body.contains("王大明") && page.body.contains("113疫777"));
    assert!(!browser.at(&one).get("/cases").await.body.contains("王大明"), "once");
}

#[tokio::test]
async fn what_was_typed_is_gone_ten_minutes_later_or_a_day_after_the_session() {
    let world = World::new();
    let typed = [("number", "113疫777"), ("name_1", "王大明")];
    let mut browser = world.signed("maker").await;
    world.hand.pass_seconds(3_600);
    assert!(browser.post("/cases", &typed).await.header("set-cookie").contains("held"));
    world.hand.pass_seconds(600);
    let mut late = world.signed("maker").await;
    late.cookies.extend(browser.cookies.iter().filter(|(name, _)| name.ends_with("held")).cloned());
    assert!(!late.get("/cases").await.body.contains("王大明"));
    world.hand.pass_seconds(35 * 3_600);
    world.app.desk().tick().unwrap();
    assert_eq!(browser.post("/cases", &typed).await.header("set-cookie"), "", "nobody knows whose it was");
}

#[tokio::test]
async fn guesses_at_two_nodes_are_counted_together() {
    let world = World::new();
    let (one, other) = (world.app.clone(), world.other_node());
    let mut browser = world.browser();
    for attempt in 0..20 {
        let node = if attempt % 2 == 0 { &one } else { &other };
        assert_eq!(browser.at(node).post("/sign-in", &WRONG).await.status, StatusCode::UNAUTHORIZED);
    }
    for node in [&one, &other] {
        let page = browser.at(node).post("/sign-in", &WRONG).await;
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(page.header("retry-after"), "5");
        // And from here on the node knows by itself.
        assert!(node.sign_ins().take("10.1.2.3".parse().unwrap(), node.desk().now()).is_err());
    }
    browser.from = "10.1.2.4";
    assert_eq!(browser.at(&one).post("/sign-in", &WRONG).await.status, StatusCode::UNAUTHORIZED);
    browser.from = "10.1.2.3";
    world.hand.pass_seconds(5);
    assert_eq!(browser.at(&other).post("/sign-in", &WRONG).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.at(&one).post("/sign-in", &WRONG).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn good_tokens_cost_nothing_and_bad_ones_cost_what_bad_passwords_do_on_all_nodes() {
    let world = World::new();
    let (one, other) = (world.app.clone(), world.other_node());
    let mut browser = world.browser();
    for _ in 0..30 {
        assert_eq!(call(browser.at(&one), TOKEN).await.status, StatusCode::OK);
    }
    for _ in 0..20 {
        assert_eq!(call(browser.at(&one), "guess").await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(call(browser.at(&one), "guess").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(call(browser.at(&other), "guess").await.status, StatusCode::UNAUTHORIZED);
    let guess = call(browser.at(&other), TOKEN).await;
    assert_eq!(guess.status, StatusCode::TOO_MANY_REQUESTS, "even the right one, or guessing would go on");
    assert_eq!(browser.at(&other).post("/sign-in", &WRONG).await.status, StatusCode::TOO_MANY_REQUESTS);
    let entries = browser.request(Method::GET, "/log/lienchiang/tile/entries/000.p/1");
    let entries = entries.header("authorization", "Bearer guess").body(Body::empty()).unwrap();
    assert_eq!(browser.send(entries).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn good_tokens_at_once_are_all_let_in_and_write_nothing() {
    let world = World::new();
    let store = world.app.desk().store().clone();
    let before = tended(store.clone()).await;
    let pages = at_once(&world.app, TOKEN, 64).await;
    assert_eq!(ended(&pages, StatusCode::OK), 64);
    assert_eq!(tended(store).await, before);
}

#[tokio::test]
async fn bad_tokens_at_once_are_told_no_more_than_one_after_another() {
    let world = World::new();
    let (one, other) = (world.app.clone(), world.other_node());
    let pages = at_once(&one, "guess", 64).await;
    assert_eq!(ended(&pages, StatusCode::UNAUTHORIZED), 20);
    assert_eq!(ended(&pages, StatusCode::TOO_MANY_REQUESTS), 44);
    let refused = pages.iter().filter(|page| page.status == StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.into_iter().all(|page| page.header("retry-after") == "5"));
    let good = at_once(&one, TOKEN, 2).await;
    assert_eq!(ended(&good, StatusCode::TOO_MANY_REQUESTS), 2, "even the right one, or guessing would go on");
    assert_eq!(ended(&at_once(&other, "guess", 1).await, StatusCode::UNAUTHORIZED), 1);
    assert_eq!(
        ended(&at_once(&other, TOKEN, 1).await, StatusCode::TOO_MANY_REQUESTS),
        1,
        "told by the store"
    );
    world.hand.pass_seconds(5);
    assert_eq!(ended(&at_once(&one, TOKEN, 64).await, StatusCode::OK), 64);
}
