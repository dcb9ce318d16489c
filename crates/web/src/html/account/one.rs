//! One account: the codes that were handed out for it, how each reached its owner, and its sessions.

use super::look;
use crate::form::{Form, encode};
use crate::html::again::{after, one_day};
use crate::html::frame::Frame;
use crate::html::{fault, ok};
use crate::seat::{Post, Seat};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use desk::account::DeliveryForm;
use desk::view::{AccountView, CodeView};
use desk::{Answer, No};

/// What a page says was done, by the word that its address carries.
const DONE: [&str; 3] = ["delivered", "revoked", "sessions"];

#[derive(Template)]
#[template(path = "account.html")]
struct Page {
    f: Frame,
    a: AccountView,
    /// The code of which it is to be said how it reached its owner.
    open: Option<CodeView>,
    key: String,
    typed: Form,
}

impl Page {
    fn look(&self) -> (&'static str, &'static str) {
        look(self.a.row.state)
    }

    fn state(&self) -> String {
        super::state(&self.f, &self.a.row)
    }

    /// Where a code stands, and since when that is over.
    fn over(&self, code: &CodeView) -> String {
        let word = self.f.k("code-state", code.state);
        match &code.closed {
            Some(at) => format!("{word} {}", self.f.stamp(at)),
            None => word,
        }
    }

    /// The day that the field shows.
    fn on(&self) -> String {
        match self.typed.has("handed-on") {
            true => self.typed.get("handed-on").to_string(),
            false => self.f.short_day(&self.a.today),
        }
    }

    fn is_way(&self, code: &CodeView, way: &str) -> bool {
        match self.typed.get("handed-way") {
            "" => code.ways.first() == Some(&way),
            typed => typed == way,
        }
    }
}

/// Shows an account; with `?code=` asks how that code reached its owner.
pub async fn show(Path(person): Path<String>, seat: Seat) -> Response {
    let typed = seat.held_form().await.unwrap_or_default();
    match draw(&seat, &person, typed).await {
        Ok(mut view) => {
            let done = seat.visit.query.get("done");
            if DONE.contains(&done) {
                view.f.banner = Some(view.f.k("account-done", done));
            }
            ok(&view)
        }
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

async fn draw(seat: &Seat, person: &str, typed: Form) -> Result<Page, No> {
    let whose = person.to_string();
    let a = seat.ask(move |desk, session| desk.account_of(session, &whose)).await?;
    let named = if typed.has("code") { typed.get("code") } else { seat.visit.query.get("code") };
    let mut open = a.codes.iter().filter(|code| !code.ways.is_empty());
    let open = open.find(|code| named.is_empty() || code.id == named).cloned();
    let key = crate::random_word().unwrap_or_default();
    Ok(Page { f: Frame::of(seat, "account-title").await, a, open, key, typed })
}

/// Says how a code reached its owner.
pub async fn deliver(Path(person): Path<String>, post: Post) -> Response {
    let today = post.seat.app.desk().now().date();
    let came = match one_day(&post.form, today, "handed-on") {
        Err(refusal) => Err(refusal.into()),
        Ok(on) => {
            let text = |name: &str| post.form.get(name).to_string();
            let form = DeliveryForm {
                code: text("code"),
                to: text("handed-to"),
                way: text("handed-way"),
                on,
                form_key: post.key(),
            };
            post.seat.ask(move |desk, session| desk.record_delivery(session, &form)).await
        }
    };
    done(&post, &person, came, "delivered").await
}

/// Revokes a code.
pub async fn revoke(Path(person): Path<String>, post: Post) -> Response {
    let code = post.form.get("code").to_string();
    let came = post.seat.ask(move |desk, session| desk.revoke_code(session, &code)).await;
    done(&post, &person, came, "revoked").await
}

/// Ends all sessions of the account.
pub async fn end_sessions(Path(person): Path<String>, post: Post) -> Response {
    let whose = person.clone();
    let came = post.seat.ask(move |desk, session| desk.end_sessions_for(session, &whose)).await;
    done(&post, &person, came.map(|_| ()), "sessions").await
}

async fn done(post: &Post, person: &str, came: Answer<()>, what: &str) -> Response {
    let target = format!("/accounts/{}?done={what}", encode(person));
    after(post, came, &target, draw(&post.seat, person, post.form.clone()), |page| &mut page.f).await
}
