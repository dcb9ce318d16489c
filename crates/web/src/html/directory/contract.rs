//! Contracts with contractors: the list, entering one, ending one.

use super::super::again::{after, days};
use super::super::frame::Frame;
use super::super::{fault, ok};
use crate::form::Form;
use crate::seat::{Post, Seat};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use desk::directory::ContractForm;
use desk::view::{ContractView, ContractsView};
use desk::{Answer, Desk, No};

#[derive(Template)]
#[template(path = "contracts.html")]
struct Contracts {
    f: Frame,
    all: ContractsView,
    key: String,
    typed: Form,
}

impl Contracts {
    /// The tone and the shape of a contract's state.
    fn looks(&self, one: &ContractView) -> (&'static str, &'static str) {
        match one.state {
            "runs" => ("ok", "\u{2713}"),
            "waits" => ("run", "\u{25b8}"),
            _ => ("none", "\u{2013}"),
        }
    }
}

/// Shows the contracts.
pub async fn list(seat: Seat) -> Response {
    let typed = seat.held_form().await.unwrap_or_default();
    match draw(&seat, typed).await {
        Ok(mut view) => {
            view.f.banner = match seat.visit.query.get("done") {
                "entered" => Some(view.f.t("contract-done-entered")),
                "ended" => Some(view.f.t("contract-done-ended")),
                _ => None,
            };
            ok(&view)
        }
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

async fn draw(seat: &Seat, typed: Form) -> Result<Contracts, No> {
    let all = seat.ask(Desk::contracts).await?;
    let key = crate::random_word().unwrap_or_default();
    Ok(Contracts { f: Frame::of(seat, "contracts-title").await, all, key, typed })
}

/// Enters a contract.
pub async fn enter(post: Post) -> Response {
    let came = match days(&post, ["from", "until"]) {
        Ok([from, until]) => {
            let form = ContractForm {
                number: post.form.get("number").into(),
                contractor: post.form.get("contractor").into(),
                confidential: post.form.holds("confidential", "yes"),
                from,
                until,
                people: post.form.all("people").iter().map(|id| id.as_str().into()).collect(),
                form_key: post.key(),
            };
            post.seat.ask(move |desk, session| desk.enter_contract(session, &form)).await
        }
        Err(no) => Err(no),
    };
    done(&post, came, "entered").await
}

/// Ends a contract today.
pub async fn end(Path(id): Path<String>, post: Post) -> Response {
    let today = post.seat.app.desk().now().date();
    let came = post.seat.ask(move |desk, session| desk.end_contract(session, &id, today)).await;
    done(&post, came, "ended").await
}

async fn done(post: &Post, came: Answer<()>, what: &str) -> Response {
    let drawn = draw(&post.seat, post.form.clone());
    after(post, came, &format!("/contracts?done={what}"), drawn, |page| &mut page.f).await
}
