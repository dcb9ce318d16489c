//! The countersign queue: evidence first, one signature for many rows.

use crate::form::{Form, encode};
use crate::html::frame::Frame;
use crate::html::{again, fault, ok, page, prove, see, status_of_no};
use crate::seat::{Post, Seat};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use desk::No;
use desk::lookup::Verdict;
use desk::view::{BatchView, QueueView, RecordRow};

/// Rows of one batch; one page shows no more.
const MAX_ROWS: usize = 200;

#[derive(Template)]
#[template(path = "countersign.html")]
struct Queue {
    f: Frame,
    q: QueueView,
    /// The code of the open row.
    open: String,
    typed: Form,
    batch: Option<BatchView>,
}

impl Queue {
    fn is_open(&self, row: &RecordRow) -> bool {
        self.open == row.code
    }

    fn due(&self) -> Option<String> {
        self.q.due.as_ref().map(|due| self.f.say.due(due))
    }

    fn waiting(&self) -> usize {
        self.q.matched.len() + self.q.drawn.len() + self.q.flagged.len() + self.q.judged.len()
    }

    /// Rows to be opened, in the order in which they are walked.
    fn to_open(&self) -> Vec<&RecordRow> {
        self.q.flagged.iter().chain(&self.q.drawn).collect()
    }

    fn ready(&self) -> usize {
        self.q.matched.len() + self.q.judged.len()
    }

    fn stamp_word(&self) -> &str {
        self.f.w(&self.q.stamp_word)
    }

    /// Whether the open row is one that the case does not explain, so that a match wants words.
    fn wants_note(&self) -> bool {
        self.q.open.as_ref().is_some_and(|open| open.row.flagged)
    }
}

#[derive(Template)]
#[template(path = "confirm.html")]
struct Confirm {
    f: Frame,
    codes: Vec<String>,
    /// How many rows of whom.
    makers: Vec<(String, usize)>,
    unopened: usize,
    stamp_word: String,
    key: String,
    /// The demonstration's own code, as its sign-in page shows it; empty everywhere else.
    code: String,
}

/// Shows the queue, with the row of `?open=` beside it.
pub async fn show(seat: Seat) -> Response {
    let open = seat.visit.query.get("open").to_string();
    let typed = seat.held_form().await.unwrap_or_default();
    match draw(&seat, open, typed).await {
        Ok(view) => ok(&view),
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

async fn draw(seat: &Seat, open: String, typed: Form) -> Result<Queue, No> {
    let wanted = Some(open.clone()).filter(|open| !open.is_empty());
    let q = seat.ask(move |desk, session| desk.queue(session, wanted.as_deref())).await?;
    Ok(Queue { f: Frame::of(seat, "countersign-title").await, q, open, typed, batch: None })
}

/// Takes a verdict on one row and goes on to the next that has to be opened.
pub async fn judge(Path(code): Path<String>, post: Post) -> Response {
    let note = post.form.get("note").to_string();
    let verdict = match post.form.get("verdict") {
        "match" => Verdict::Match { note },
        "return" => Verdict::Return { reason_code: post.form.get("reason_code").to_string(), note },
        "anomaly" => Verdict::Anomaly { note },
        _ => return again(&post, code, StatusCode::UNPROCESSABLE_ENTITY, None).await,
    };
    let asked = code.clone();
    match post.seat.ask(move |desk, session| desk.judge(session, &asked, &verdict)).await {
        Ok(()) => see(&onward(&post.seat, &code).await),
        Err(no @ No::Refused(_)) => again(&post, code, status_of_no(&no), Some(no)).await,
        Err(no) => fault::refused(&post.seat, no, Some(&post.form)).await,
    }
}

/// The next row to be opened after `code`, or the queue itself when all have been judged.
async fn onward(seat: &Seat, code: &str) -> String {
    let Ok(q) = seat.ask(|desk, session| desk.queue(session, None)).await else {
        return "/countersign".to_string();
    };
    let rows: Vec<&RecordRow> = q.flagged.iter().chain(&q.drawn).collect();
    // Rows that come after the judged one first, so that nothing is walked twice.
    let next = rows.iter().find(|row| row.code.as_str() > code).or(rows.first());
    next.map_or_else(|| "/countersign#stamp".into(), |row| format!("/countersign?open={}", encode(&row.code)))
}

async fn again(post: &Post, code: String, status: StatusCode, no: Option<No>) -> Response {
    match draw(&post.seat, code, post.form.clone()).await {
        Ok(mut view) => {
            match &no {
                Some(No::Refused(views)) => view.f.refuse(views),
                _ => view.f.banner = Some(view.f.t("countersign-choose")),
            }
            page(status, &view)
        }
        Err(no) => fault::refused(&post.seat, no, Some(&post.form)).await,
    }
}

/// Repeats what is about to be stamped and asks for the second factor.
pub async fn confirm(post: Post) -> Response {
    match summary(&post.seat, codes(&post.form)).await {
        Ok(view) => ok(&view),
        Err(no) => fault::refused(&post.seat, no, Some(&post.form)).await,
    }
}

async fn summary(seat: &Seat, codes: Vec<String>) -> Result<Confirm, No> {
    let q = seat.ask(|desk, session| desk.queue(session, None)).await?;
    let rows: Vec<&RecordRow> = q.matched.iter().chain(&q.judged).collect();
    let codes: Vec<String> =
        rows.iter().map(|row| &row.code).filter(|code| codes.contains(code)).cloned().collect();
    let mut makers: Vec<(String, usize)> = Vec::new();
    for row in rows.iter().filter(|row| codes.contains(&row.code)) {
        match makers.iter_mut().find(|(name, _)| *name == row.asker) {
            Some((_, count)) => *count += 1,
            None => makers.push((row.asker.clone(), 1)),
        }
    }
    let f = Frame::of(seat, "confirm-title").await;
    let stamp_word = f.w(&q.stamp_word).to_string();
    let key = crate::random_word().unwrap_or_default();
    let code = prove::own_code(seat).await;
    Ok(Confirm { unopened: q.flagged.len() + q.drawn.len(), f, codes, makers, stamp_word, key, code })
}

/// Stamps the batch.
pub async fn stamp(post: Post) -> Response {
    let (codes, key) = (codes(&post.form), post.key());
    let proof = prove::code(&post.form);
    let asked = codes.clone();
    match post.seat.ask(move |desk, session| desk.stamp(session, &asked, &proof, &key)).await {
        Ok(batch) => match draw(&post.seat, String::new(), Form::default()).await {
            Ok(mut view) => {
                let args = [("code", batch.code.as_str())];
                let count = i64::try_from(batch.stamped).unwrap_or(i64::MAX);
                view.f.banner = Some(view.f.say.count_fill("countersign-done", count, &args));
                view.batch = Some(batch);
                ok(&view)
            }
            Err(no) => fault::refused(&post.seat, no, None).await,
        },
        Err(no) => again::again(&post, no, summary(&post.seat, codes), |page| &mut page.f).await,
    }
}

fn codes(form: &Form) -> Vec<String> {
    let mut codes = form.all("rows");
    codes.truncate(MAX_ROWS);
    codes
}
