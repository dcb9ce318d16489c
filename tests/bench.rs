//! Prints the numbers of the house: start to ready, idle memory, first page load, page times.
//!
//!     make bench            measures target/release/sluice
//!
//! A benchmark, not a test: it judges nothing beyond saying which budget a number is held against.

use harness::folder::Folder;
use harness::{Server, http};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Requests for each page.
const ROUNDS: usize = 500;

/// Time after which a started server counts as idle.
const SETTLE: Duration = Duration::from_secs(3);

fn main() {
    let binary = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "target/release/sluice".into()));
    assert!(binary.is_file(), "{} is missing: run `make bench`", binary.display());
    let folder = Folder::new("bench");
    let data = folder.path().join("data");

    let start = Instant::now();
    let server = Server::start_on(&binary, &data, folder);
    tell("first start, seeding one month", &format!("{} ms", start.elapsed().as_millis()), "");
    let (server, ready) = server.restart(&binary);
    tell("start to ready, existing database", &format!("{} ms", ready.as_millis()), "budget 1000 ms");

    harness::process::pause(SETTLE);
    tell("idle memory of the server", &format!("{} KiB", server.memory_kib()), "budget 81920 KiB");

    let (files, bytes) = first_load(&server, "/");
    tell(
        "first page load",
        &format!("{bytes} bytes in {files} files"),
        "budget 122880 bytes, uncompressed here",
    );

    for page in ["/sign-in", "/healthz", "/metrics", "/api/v1/openapi.json"] {
        page_times(&server, page, "");
    }
    let caseworker = sign_in(&server, "chen");
    for page in ["/todo", "/lookups/new", "/records", "/cases", "/ledger", "/settings"] {
        page_times(&server, page, &caseworker);
    }
    let supervisor = sign_in(&server, "tsao");
    page_times(&server, "/countersign", &supervisor);
    page_times(&server, "/compliance", &supervisor);
    tell("memory after all that", &format!("{} KiB", server.memory_kib()), "");
}

fn tell(what: &str, number: &str, note: &str) {
    println!("{what:<36} {number:>28}   {note}");
}

/// A page with the redirects before it and the styles and scripts it names: files and bytes of their bodies.
fn first_load(server: &Server, path: &str) -> (usize, usize) {
    let (mut files, mut bytes, mut next) = (0, 0, path.to_owned());
    let page = loop {
        let answer = http::get(&server.url(&next)).unwrap_or_else(|| panic!("no answer from {next}"));
        (files, bytes) = (files + 1, bytes + answer.body.len());
        match answer.header("location") {
            Some(to) if (300..400).contains(&answer.status) => next = to.to_owned(),
            _ => break answer.body,
        }
    };
    let named = page.split(['"', '\'']).filter(|part| part.starts_with('/') && !part.starts_with("//"));
    let assets =
        named.filter(|part| [".css", ".js", ".svg", ".png", ".ico"].iter().any(|end| part.ends_with(end)));
    for asset in assets {
        let answer = http::get(&server.url(asset)).unwrap_or_else(|| panic!("no answer from {asset}"));
        (files, bytes) = (files + 1, bytes + answer.body.len());
    }
    (files, bytes)
}

/// The session cookie of a member of the cast, whose sign-in page shows password and code in a demonstration.
fn sign_in(server: &Server, login: &str) -> String {
    let page = http::get(&server.url(&format!("/sign-in?as={login}"))).expect("the sign-in page comes").body;
    let value = |name: &str| {
        let field = page.split("<input").find(|input| input.contains(&format!("name=\"{name}\"")));
        let value = field.and_then(|f| f.split_once("value=\"")).and_then(|(_, rest)| rest.split_once('"'));
        value.map_or("", |(value, _)| value)
    };
    let fields = ["login", "password", "code", "next"].map(|name| (name, value(name)));
    let answer = http::post(&server.url("/sign-in"), &fields).expect("the sign-in is answered");
    assert_eq!(answer.status, 303, "{login} cannot sign in");
    let cookies = answer.headers.iter().filter(|(name, _)| name == "set-cookie");
    let pairs: Vec<&str> = cookies.filter_map(|(_, value)| value.split(';').next()).collect();
    pairs.join("; ")
}

fn page_times(server: &Server, page: &str, cookie: &str) {
    let url = server.url(page);
    let mut status = 0;
    let mut times: Vec<Duration> = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        status = http::get_as(&url, cookie).map_or(0, |answer| answer.status);
        times.push(start.elapsed());
    }
    times.sort_unstable();
    let at = |share: usize| format!("{:.1} ms", times[(ROUNDS - 1) * share / 100].as_secs_f64() * 1000.0);
    tell(
        &format!("{page} ({status}), p50 and p95"),
        &format!("{} and {}", at(50), at(95)),
        "budget p95 200 ms",
    );
}
