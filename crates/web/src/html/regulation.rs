//! The compliance board: one line a clause, computed and never ticked by hand.

use super::frame::Frame;
use super::{fault, ok};
use crate::seat::Seat;
use askama::Template;
use axum::response::Response;
use desk::view::{BoardView, ClauseState, Evidence};

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
