//! The compliance board: one line a clause, computed and never ticked by hand.

use super::frame::Frame;
use super::{fault, ok};
use crate::seat::{Post, Seat};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use desk::view::{AffectedView, BoardView, ClauseState, Evidence};
use domain::time::Date;

/// The states in the order in which they are summed.
const STATES: [&str; 5] = ["met", "attention", "breached", "cannot-tell", "not-applicable"];

#[derive(Template)]
#[template(path = "compliance.html")]
struct Page {
    f: Frame,
    b: BoardView,
    gaps: bool,
}

impl Page {
    fn sums(&self) -> Vec<(&'static str, usize)> {
        let count = |state: &str| self.b.clauses.iter().filter(|clause| clause.state == state).count();
        STATES.into_iter().map(|state| (state, count(state))).collect()
    }

    fn rows(&self) -> Vec<&ClauseState> {
        let shown = |clause: &&ClauseState| !self.gaps || !matches!(clause.state, "met" | "not-applicable");
        self.b.clauses.iter().filter(shown).collect()
    }

    fn controls(&self, clause: &ClauseState) -> String {
        let mut words: Vec<String> = clause.controls.iter().map(|kind| self.f.k("kind", kind)).collect();
        words.dedup();
        words.join(&self.f.t("list-comma"))
    }

    fn evidence(&self, evidence: &Evidence) -> String {
        let [obeyed, refused] = [evidence.obeyed, evidence.refused].map(|n| crate::locale::grouped(n as f64));
        let overdue = self.f.say.number(&evidence.overdue);
        let args = [("obeyed", obeyed.as_str()), ("refused", &refused), ("overdue", &overdue)];
        let bare = evidence.key.strip_prefix("evidence-").unwrap_or(evidence.key);
        let key = format!("evidence-{bare}");
        match self.f.say.has(&key) {
            true => self.f.say.fill(&key, &args),
            false => self.f.say.fill("evidence-use", &args),
        }
    }
}

/// Shows the board of the regulation that governs the session.
pub async fn show(seat: Seat) -> Response {
    match seat.ask(desk::Desk::board).await {
        Ok(b) => {
            let gaps = seat.visit.query.get("only") == "gaps";
            ok(&Page { f: Frame::of(&seat, "compliance-title").await, b, gaps })
        }
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

#[derive(Template)]
#[template(path = "replay.html")]
struct Replay {
    f: Frame,
    r: AffectedView,
}

impl Replay {
    fn span(&self, first: &Date, last: &Date) -> String {
        let (first, last) = (self.f.day(first), self.f.day(last));
        self.f.say.fill("replay-span", &[("first", &first), ("last", &last)])
    }
}

/// Shows what a version that waits would have changed.
pub async fn replay(Path(digest): Path<String>, post: Post) -> Response {
    let before = post.form.get("before").parse().ok();
    let came = post.seat.ask(move |desk, session| desk.affected(session, &digest, before)).await;
    match came {
        Ok(r) => ok(&Replay { f: Frame::of(&post.seat, "replay-title").await, r }),
        Err(no) => fault::refused(&post.seat, no, Some(&post.form)).await,
    }
}
