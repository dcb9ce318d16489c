//! Every page of every role: accessible, narrow enough, quiet, at home, and in the words of the glossary.

use super::sign_in;
use crate::lint::{glossary, mask};
use harness::{Browser, Hands, Server};

/// Pages that anybody signed in may open by address.
const PAGES: &[&str] = &[
    "/todo",
    "/lookups/new",
    "/records",
    "/countersign",
    "/cases",
    "/ledger",
    "/compliance",
    "/settings",
    "/help",
];

/// One of each kind: caseworker before and after the fact, supervisor, auditor, head, administrator.
const CAST: &[&str] = &["chen", "tsao", "pan-lc", "wang-lc", "yang-lc", "lin"];

async fn inspect(browser: &Browser, page: &str) {
    browser.assert_accessible(page).await;
    browser.assert_fits(page).await;
    browser.assert_quiet().await;
    let text = browser.text("body").await;
    assert!(!text.trim().is_empty(), "{page} is blank");
    assert_eq!(glossary::banned(&text), Vec::<String>::new(), "{page}");
    assert_eq!(mask::leaking(&text), Vec::<String>::new(), "{page}");
    assert_eq!(mask::numbers(&text), Vec::<String>::new(), "{page} writes a number out");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_of_every_role_keeps_the_rules() {
    let (server, browser) = (Server::start(), Browser::start().await);
    let hands = Hands::on(&browser);
    for person in CAST {
        sign_in(&browser, &hands, &server, person).await;
        for page in PAGES {
            browser.open(&server.url(page)).await;
            inspect(&browser, &format!("{page} of {person}")).await;
        }
        browser.driver().delete_all_cookies().await.expect("cookies can be forgotten");
    }
    browser.assert_stayed_home().await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_has_its_english_twin() {
    let (server, browser) = (Server::start(), Browser::start().await);
    let hands = Hands::on(&browser);
    sign_in(&browser, &hands, &server, "chen").await;
    for page in PAGES {
        browser.open(&server.url(&format!("{page}?lang=en"))).await;
        browser.assert_accessible(page).await;
        browser.assert_fits(page).await;
        let language = browser.eval("return document.documentElement.lang").await;
        assert_eq!(language, "en", "{page}");
    }
    browser.close().await;
}
