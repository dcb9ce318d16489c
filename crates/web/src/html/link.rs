//! Links: the list, one link with what can be done with it, and going through all of them.

use super::again::after;
use super::frame::Frame;
use super::{fault, ok};
use crate::form::Form;
use crate::seat::{Post, Seat};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use desk::link::{LinkForm, TestForm};
use desk::view::{LinkReviewView, LinkRow, LinkView, LinksView};
use desk::{Answer, Desk, No, Session};
use domain::Personal;
use domain::link::review::Verdict;
use domain::link::trial::Said;
use domain::time::Date;
use domain::time::input::day;

/// What a page says was done, by the word that its address carries.
const DONE: [&str; 4] = ["tested", "ending", "needed", "reviewed"];

#[derive(Template)]
#[template(path = "links.html")]
struct List {
    f: Frame,
    all: LinksView,
}

#[derive(Template)]
#[template(path = "link.html")]
struct Page {
    f: Frame,
    l: LinkView,
    typed: Form,
}

#[derive(Template)]
#[template(path = "link-review.html")]
struct Review {
    f: Frame,
    r: LinkReviewView,
    typed: Form,
}

/// The tone and the shape of a link's state.
fn looks(row: &LinkRow) -> (&'static str, &'static str) {
    match row.state {
        "usable" => ("ok", "\u{2713}"),
        "ended" => ("none", "\u{2013}"),
        _ => ("warn", "!"),
    }
}

impl List {
    fn looks(&self, row: &LinkRow) -> (&'static str, &'static str) {
        looks(row)
    }
}

impl Page {
    fn looks(&self, row: &LinkRow) -> (&'static str, &'static str) {
        looks(row)
    }
}

impl Review {
    fn chosen(&self, row: &LinkRow, word: &str) -> bool {
        self.typed.get(&format!("v.{}", row.code)) == word
    }

    fn note(&self, row: &LinkRow) -> &str {
        self.typed.get(&format!("n.{}", row.code))
    }
}

/// Shows the links of the agency.
pub async fn list(seat: Seat) -> Response {
    match seat.ask(Desk::links).await {
        Ok(all) => {
            let mut f = Frame::of(&seat, "links-title").await;
            done(&seat, &mut f);
            ok(&List { f, all })
        }
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

fn done(seat: &Seat, f: &mut Frame) {
    let word = seat.visit.query.get("done");
    if DONE.contains(&word) {
        f.banner = Some(f.t(&format!("link-done-{word}")));
    }
}

/// Shows one link.
pub async fn show(Path(code): Path<String>, seat: Seat) -> Response {
    match draw(&seat, &code, Form::default()).await {
        Ok(mut view) => {
            done(&seat, &mut view.f);
            ok(&view)
        }
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

async fn draw(seat: &Seat, code: &str, typed: Form) -> Result<Page, No> {
    let code = code.to_string();
    let l = seat.ask(move |desk, session| desk.link(session, &code)).await?;
    Ok(Page { f: Frame::of(seat, "link-title").await, l, typed })
}

/// Enters a link test.
pub async fn test(Path(code): Path<String>, post: Post) -> Response {
    let passed = match post.form.get("passed") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let note = Personal::new(post.form.get("note"));
    let form_key = post.key();
    act(post, code, "tested-on", "tested", move |desk, session, code, on| {
        let said = Said { passed, on, note: note.clone() };
        desk.test_link(session, code, &TestForm { said, form_key: form_key.clone() })
    })
    .await
}

/// Decides that a link ends.
pub async fn end(Path(code): Path<String>, post: Post) -> Response {
    let (note, form_key) = (Personal::new(post.form.get("note")), post.key());
    act(post, code, "end-on", "ending", move |desk, session, code, on| {
        desk.end_link(session, code, &LinkForm { on, note: note.clone(), form_key: form_key.clone() })
    })
    .await
}

/// Says that a link which nobody uses is needed.
pub async fn need(Path(code): Path<String>, post: Post) -> Response {
    let (note, form_key) = (Personal::new(post.form.get("note")), post.key());
    act(post, code, "end-on", "needed", move |desk, session, code, on| {
        desk.need_link(session, code, &LinkForm { on, note: note.clone(), form_key: form_key.clone() })
    })
    .await
}

/// Reads the day of a form, carries it out, and shows the link again.
async fn act(
    post: Post,
    code: String,
    field: &str,
    word: &str,
    carry_out: impl Fn(&Desk, &Session, &str, Option<Date>) -> Answer<()> + Send + 'static,
) -> Response {
    let today = post.seat.app.desk().now().date();
    let own = code.clone();
    let came = match day(post.form.get(field), today, field) {
        Ok(on) => post.seat.ask(move |desk, session| carry_out(desk, session, &own, on)).await,
        Err(refusal) => Err(refusal.into()),
    };
    let drawn = draw(&post.seat, &code, post.form.clone());
    after(&post, came, &format!("/links/{code}?done={word}"), drawn, |page| &mut page.f).await
}

/// Shows the links that are gone through.
pub async fn review(Path(duty): Path<String>, seat: Seat) -> Response {
    match draw_review(&seat, &duty, Form::default()).await {
        Ok(view) => ok(&view),
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

async fn draw_review(seat: &Seat, duty: &str, typed: Form) -> Result<Review, No> {
    let duty = duty.to_string();
    let r = seat.ask(move |desk, session| desk.link_review(session, &duty)).await?;
    Ok(Review { f: Frame::of(seat, "link-review-title").await, r, typed })
}

/// Says of every link whether it is needed.
pub async fn settle(Path(duty): Path<String>, post: Post) -> Response {
    let verdicts: Vec<Verdict> = post.form.all("link").iter().map(|code| verdict(&post.form, code)).collect();
    let (own, key) = (duty.clone(), post.key());
    let came = post.seat.ask(move |desk, session| desk.review_links(session, &own, &verdicts, &key)).await;
    let drawn = draw_review(&post.seat, &duty, post.form.clone());
    after(&post, came, "/links?done=reviewed", drawn, |page| &mut page.f).await
}

fn verdict(form: &Form, code: &str) -> Verdict {
    let keep = match form.get(&format!("v.{code}")) {
        "keep" => Some(true),
        "end" => Some(false),
        _ => None,
    };
    let note = Personal::new(form.get(&format!("n.{code}")).trim());
    Verdict { link: code.into(), keep, note }
}
