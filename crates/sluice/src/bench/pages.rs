//! Pages as a browser gets them: the first load with all it names, and how long each page takes.

use super::Bench;
use super::report::{Chapter, Figure, Target, Unit};
use super::server::Begun;
use super::wire::{Wire, request};
use crate::problem::{Done, Problem};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Instant;
use web::guard::cookie::session_name;

/// Most kibibytes of the first page with all it names.
const FIRST_KIB: f64 = 120.0;
/// Most milliseconds that a page may take at the ninety-fifth percentile.
const PAGE_MS: f64 = 200.0;
/// Pages that nobody need sign in for.
const OPEN: [&str; 4] = ["/sign-in", "/healthz", "/metrics", "/api/v1/openapi.json"];
/// Pages of a caseworker.
const CASEWORKER: (&str, [&str; 6]) =
    ("chen", ["/todo", "/lookups/new", "/records", "/cases", "/ledger", "/settings"]);
/// Pages of a supervisor.
const SUPERVISOR: (&str, [&str; 2]) = ("tsao", ["/countersign", "/compliance"]);

/// A browser with one connection.
pub struct Browser {
    runtime: tokio::runtime::Runtime,
    wire: Wire,
}

/// What a page answered.
pub struct Page {
    /// The status code.
    pub status: u16,
    /// Where it sends the reader.
    pub location: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

impl Browser {
    /// Connects.
    ///
    /// # Errors
    /// Nobody listens.
    pub fn to(address: SocketAddr) -> Done<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(lost)?;
        let from = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let wire = runtime.block_on(Wire::connect(from, address)).map_err(lost)?;
        Ok(Self { runtime, wire })
    }

    /// Gets a page, for the session of that secret if there is one.
    ///
    /// # Errors
    /// The connection is lost.
    pub fn get(&mut self, path: &str, secret: Option<&str>) -> Done<Page> {
        let cookie = secret.map(|secret| format!("{}={secret}", session_name(false)));
        let headers: Vec<(&str, &str)> = cookie.iter().map(|cookie| ("cookie", cookie.as_str())).collect();
        let request = request("GET", path, &headers, "").map_err(lost)?;
        let answer = self.runtime.block_on(self.wire.exchange(request)).map_err(lost)?;
        let location = answer.header("location").map(str::to_owned);
        Ok(Page { status: answer.status, location, body: answer.body.to_vec() })
    }

    /// Gets a page of somebody signed in.
    ///
    /// # Errors
    /// It is not shown.
    pub fn page(&mut self, path: &str, secret: &str) -> Done<Page> {
        let page = self.get(path, Some(secret))?;
        match page.status {
            200 => Ok(page),
            status => Err(Problem::new(format!("{path} was answered with {status} to somebody signed in"))),
        }
    }
}

fn lost(error: std::io::Error) -> Problem {
    Problem::new(format!("the server cannot be reached: {error}"))
}

/// Loads the first page with all it names, and times the others.
///
/// # Errors
/// A page is not shown.
pub fn measure(bench: &Bench, browser: &mut Browser, sessions: &[Begun]) -> Done<Chapter> {
    let (files, bytes) = first_load(browser)?;
    let first = format!("first page load, {files} files");
    let first = Figure::new(first, Unit::Kibibytes, vec![bytes as f64 / 1_024.0], "bodies, uncompressed");
    let mut figures = vec![first.within(Target::AtMost(FIRST_KIB))];
    for page in OPEN {
        figures.push(timed(bench, browser, page, None)?);
    }
    for (login, pages) in [(CASEWORKER.0, &CASEWORKER.1[..]), (SUPERVISOR.0, &SUPERVISOR.1[..])] {
        let session = sessions.iter().find(|begun| begun.login == login);
        let session = session.ok_or_else(|| Problem::new(format!("{login} has no session")))?;
        for page in pages {
            figures.push(timed(bench, browser, page, Some(&session.secret))?);
        }
    }
    Ok(Chapter {
        title: "Pages".into(),
        about: "One browser, one page after the other, on loopback.".into(),
        figures,
    })
}

/// A page with the redirects before it and the styles and scripts it names: files and bytes of their bodies.
fn first_load(browser: &mut Browser) -> Done<(usize, usize)> {
    let (mut files, mut bytes, mut next) = (0, 0, "/".to_owned());
    let page = loop {
        let page = browser.get(&next, None)?;
        (files, bytes) = (files + 1, bytes + page.body.len());
        match page.location {
            Some(to) if (300..400).contains(&page.status) => next = to,
            _ => break String::from_utf8_lossy(&page.body).into_owned(),
        }
    };
    let named = page.split(['"', '\'']).filter(|part| part.starts_with('/') && !part.starts_with("//"));
    let endings = [".css", ".js", ".svg", ".png", ".ico"];
    for asset in named.filter(|part| endings.iter().any(|ending| part.ends_with(ending))) {
        let asset = browser.get(asset, None)?;
        (files, bytes) = (files + 1, bytes + asset.body.len());
    }
    Ok((files, bytes))
}

/// The ninety-fifth percentile of a page, with the median in words.
fn timed(bench: &Bench, browser: &mut Browser, path: &str, secret: Option<&str>) -> Done<Figure> {
    let mut times = Vec::new();
    let patience = Instant::now() + bench.plan.span;
    while times.len() < bench.plan.requests && (times.is_empty() || Instant::now() < patience) {
        let begun = Instant::now();
        match secret {
            Some(secret) => browser.page(path, secret)?,
            None => browser.get(path, None)?,
        };
        times.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_unstable_by(f64::total_cmp);
    let at =
        |share: usize| times.get(times.len().saturating_sub(1) * share / 100).copied().unwrap_or_default();
    let how = format!("{} requests, p50 {:.1} ms", times.len(), at(50));
    Ok(Figure::new(format!("{path}, p95"), Unit::Milliseconds, vec![at(95)], how)
        .within(Target::AtMost(PAGE_MS)))
}
