//! Every request that the browser made, blocked ones included, and how many bytes came back.

use serde_json::Value;
use std::collections::BTreeMap;

/// Schemes of what a browser asks itself: its start page among them, which it may open before the first page.
const INSIDE: [&str; 7] =
    ["data:", "blob:", "about:", "chrome:", "chrome-error:", "chrome-untrusted:", "devtools:"];

/// One request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The whole address.
    pub url: String,
    /// Bytes received, headers and compressed body together; zero while under way.
    pub bytes: u64,
}

/// What the browser told so far.
#[derive(Debug, Default)]
pub struct Traffic {
    order: Vec<String>,
    by_id: BTreeMap<String, Request>,
}

impl Traffic {
    /// Takes one entry of the browser's performance log.
    pub fn hear(&mut self, entry: &str) {
        let entry: Value = serde_json::from_str(entry).unwrap_or_default();
        let (method, params) = (&entry["message"]["method"], &entry["message"]["params"]);
        let id = params["requestId"].as_str().unwrap_or_default();
        match method.as_str() {
            Some("Network.requestWillBeSent") => {
                let url = params["request"]["url"].as_str().unwrap_or_default();
                // A redirect keeps its number; each address counts.
                let key = format!("{id} {url}");
                self.order.push(key.clone());
                self.by_id.insert(key, Request { url: url.into(), bytes: 0 });
            }
            Some("Network.loadingFinished") => {
                // Sent as a floating-point number that holds a whole one.
                let bytes = params["encodedDataLength"]
                    .as_f64()
                    .map_or(0, |n| format!("{n:.0}").parse().unwrap_or(0));
                let last = self.order.iter().rev().find(|key| key.starts_with(&format!("{id} ")));
                if let Some(request) = last.and_then(|key| self.by_id.get_mut(key)) {
                    request.bytes = bytes;
                }
            }
            Some("Network.webSocketCreated") => {
                let url = params["url"].as_str().unwrap_or_default().to_owned();
                self.order.push(id.into());
                self.by_id.insert(id.into(), Request { url, bytes: 0 });
            }
            _ => {}
        }
    }

    /// Requests that went over a network, in order.
    pub fn requests(&self) -> Vec<Request> {
        let all = self.order.iter().filter_map(|key| self.by_id.get(key));
        all.filter(|r| !INSIDE.iter().any(|scheme| r.url.starts_with(scheme))).cloned().collect()
    }

    /// Bytes received in all.
    pub fn bytes(&self) -> u64 {
        self.requests().iter().map(|r| r.bytes).sum()
    }

    /// Addresses of requests to any other host than the loopback.
    pub fn strays(&self) -> Vec<String> {
        let home = |url: &str| {
            let host = url.split_once("://").map_or("", |(_, rest)| rest);
            ["127.0.0.1", "localhost", "[::1]"].iter().any(|h| {
                host.strip_prefix(h).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/', '?']))
            })
        };
        self.requests().into_iter().map(|r| r.url).filter(|url| !home(url)).collect()
    }
}
