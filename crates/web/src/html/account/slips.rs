//! Codes for many people at once: what is about to be handed out, and then one slip each, shown this once.

use crate::form::Form;
use crate::html::again::again;
use crate::html::frame::Frame;
use crate::html::{ok, page, prove};
use crate::seat::{Post, Seat};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use desk::No;
use desk::account::{SLIPS_MAX, SlipsForm};
use desk::view::{AccountsView, SlipsView};

#[derive(Template)]
#[template(path = "slips-ask.html")]
struct Ask {
    f: Frame,
    /// Identifiers and names.
    people: Vec<(String, String)>,
    /// How many more wait than one batch holds.
    left: usize,
    all: AccountsView,
    everybody: bool,
    key: String,
    /// The actor's own code, in a demonstration only.
    code: String,
    typed: Form,
}

#[derive(Template)]
#[template(path = "slips.html")]
struct Slips {
    f: Frame,
    s: SlipsView,
}

/// Asks by which method, and for a code; with these, hands the slips out.
pub async fn hand_out(post: Post) -> Response {
    let form = SlipsForm {
        people: post.form.all("people"),
        all: post.form.holds("all", "yes"),
        method: post.form.get("method").to_string(),
        proof: prove::code(&post.form),
        form_key: post.key(),
    };
    if !post.form.has("method") {
        return match draw(&post.seat, &form, Form::default()).await {
            Ok(view) => ok(&view),
            Err(no) => super::again(&post, no).await,
        };
    }
    let asked = form.clone();
    match post.seat.ask(move |desk, session| desk.invite_all(session, &asked)).await {
        Ok(s) => {
            let status = match s.slips.is_empty() && !s.shown {
                true => StatusCode::UNPROCESSABLE_ENTITY,
                false => StatusCode::OK,
            };
            page(status, &Slips { f: Frame::of(&post.seat, "slips-title").await, s })
        }
        Err(no) => match draw(&post.seat, &form, post.form.clone().without("proof")).await {
            Ok(view) => again(&post, no, async { Ok(view) }, |page| &mut page.f).await,
            Err(no) => super::again(&post, no).await,
        },
    }
}

async fn draw(seat: &Seat, form: &SlipsForm, typed: Form) -> Result<Ask, No> {
    let (asked, everybody) = (form.clone(), form.all);
    let (people, left) = seat.ask(move |desk, session| desk.slips_for(session, &asked)).await?;
    let first = people.first().map(|(id, _)| id.clone()).unwrap_or_default();
    let all = seat.ask(move |desk, session| desk.accounts(session, &first)).await?;
    let (key, code) = (crate::random_word().unwrap_or_default(), prove::own_code(seat).await);
    Ok(Ask { f: Frame::of(seat, "slips-title").await, people, left, all, everybody, key, code, typed })
}

impl Ask {
    /// Whether a method is chosen: the one that was typed, else slips.
    fn is_chosen(&self, method: &str) -> bool {
        match self.typed.get("method") {
            "" => method == "sealed-slip",
            typed => typed == method,
        }
    }

    fn most(&self) -> usize {
        SLIPS_MAX
    }
}
