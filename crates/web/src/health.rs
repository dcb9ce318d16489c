//! Whether the server lives, whether it is ready, and what it counts.

use crate::App;
use crate::guard::address::within;
use crate::visit::Visit;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper bounds of the answer times, in milliseconds.
const BOUNDS: [u64; 8] = [5, 10, 25, 50, 100, 200, 500, 2_000];

/// Counts of answers by class of status and by time.
#[derive(Debug, Default)]
pub struct Counters {
    classes: [AtomicU64; 5],
    times: [AtomicU64; BOUNDS.len() + 1],
    micros: AtomicU64,
}

impl Counters {
    /// Counts one answer.
    pub fn answered(&self, status: StatusCode, took: Duration) {
        let class = usize::from(status.as_u16() / 100).clamp(1, 5) - 1;
        self.classes[class].fetch_add(1, Ordering::Relaxed);
        let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let place = BOUNDS.iter().position(|bound| millis <= *bound).unwrap_or(BOUNDS.len());
        self.times[place].fetch_add(1, Ordering::Relaxed);
        self.micros.fetch_add(u64::try_from(took.as_micros()).unwrap_or(0), Ordering::Relaxed);
    }

    fn write(&self, out: &mut String) {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        out.push_str("# HELP sluice_http_answers_total Answers by class of status.\n");
        out.push_str("# TYPE sluice_http_answers_total counter\n");
        for (class, count) in self.classes.iter().enumerate() {
            line(out, &format!("sluice_http_answers_total{{class=\"{}xx\"}}", class + 1), read(count));
        }
        out.push_str("# HELP sluice_http_seconds Time from request to answer.\n");
        out.push_str("# TYPE sluice_http_seconds histogram\n");
        let mut sum = 0;
        for (bound, count) in BOUNDS.iter().zip(&self.times) {
            sum += read(count);
            let bound = *bound as f64 / 1_000.0;
            line(out, &format!("sluice_http_seconds_bucket{{le=\"{bound}\"}}"), sum);
        }
        sum += read(&self.times[BOUNDS.len()]);
        line(out, "sluice_http_seconds_bucket{le=\"+Inf\"}", sum);
        line(out, "sluice_http_seconds_sum", read(&self.micros) as f64 / 1_000_000.0);
        line(out, "sluice_http_seconds_count", sum);
    }
}

fn line(out: &mut String, name: &str, value: impl std::fmt::Display) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{name} {value}");
}

/// Says that the process answers.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// Says whether lookups can be carried out: database, keys and writer are there.
pub async fn readyz(State(app): State<App>) -> Response {
    let ready = app.call(|desk| Ok(desk.ready())).await;
    match ready {
        Ok(true) => "ready\n".into_response(),
        _ => (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "5")], "not ready\n").into_response(),
    }
}

/// Counts for Prometheus, to loopback and to configured addresses.
pub async fn metrics(State(app): State<App>, visit: Arc<Visit>) -> Response {
    if !visit.address.is_loopback() && !within(&app.config().metrics_from, visit.address) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let mut out = String::new();
    app.counters().write(&mut out);
    let own = app.call(|desk| Ok(desk.metrics())).await.unwrap_or_default();
    for (name, help, value) in own {
        let kind = if name.ends_with("_total") { "counter" } else { "gauge" };
        let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}");
    }
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], out).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_read_as_prometheus_wants_them() {
        let counters = Counters::default();
        counters.answered(StatusCode::OK, Duration::from_millis(7));
        counters.answered(StatusCode::FORBIDDEN, Duration::from_secs(9));
        let mut out = String::new();
        counters.write(&mut out);
        for wanted in [
            "sluice_http_answers_total{class=\"2xx\"} 1",
            "sluice_http_answers_total{class=\"4xx\"} 1",
            "sluice_http_seconds_bucket{le=\"0.005\"} 0",
            "sluice_http_seconds_bucket{le=\"0.01\"} 1",
            "sluice_http_seconds_bucket{le=\"+Inf\"} 2",
            "sluice_http_seconds_count 2",
        ] {
            assert!(out.lines().any(|line| line == wanted), "{wanted}\n{out}");
        }
    }
}
