//! Accounts: who has one, handing out codes; and one's own password, second factor and sessions.

pub mod credential;
pub mod enrol;
pub mod inventory;
pub mod one;
mod picture;
pub mod slips;

use super::frame::Frame;
use super::prove::code;
use super::{fault, ok, prove, see};
use crate::form::Form;
use crate::seat::{Post, Seat};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use desk::No;
use desk::account::InviteForm;
use desk::view::{AccountRow, AccountsView, HandedView, PasswordRuleView, SecretsView};
use domain::Personal;

#[derive(Template)]
#[template(path = "accounts.html")]
struct List {
    f: Frame,
    all: AccountsView,
    /// The one for whom a code is about to be handed out.
    open: Option<AccountRow>,
    key: String,
    /// The actor's own code, in a demonstration only.
    code: String,
    typed: Form,
}

impl List {
    fn look(&self, row: &AccountRow) -> (&'static str, &'static str) {
        look(row.state)
    }

    fn state(&self, row: &AccountRow) -> String {
        state(&self.f, row)
    }

    /// Whether somebody's box is ticked.
    fn is_picked(&self, row: &AccountRow) -> bool {
        self.typed.holds("people", &row.person)
    }

    /// The sign-in name that the field shows: what was typed, or the one of the older system.
    fn login(&self, row: &AccountRow) -> String {
        match self.typed.has("login") {
            true => self.typed.get("login").to_string(),
            false => row.login.clone().unwrap_or_default(),
        }
    }

    /// The method that is chosen: the one that was typed, else the first.
    fn is_chosen(&self, method: &str) -> bool {
        match self.typed.get("method") {
            "" => self.all.methods.first() == Some(&method),
            typed => typed == method,
        }
    }
}

/// How the state of an account looks: the class that gives its colour, and its shape.
fn look(state: &str) -> (&'static str, &'static str) {
    match state {
        "open" => ("ok", "\u{2713}"),
        "invited" | "reset" => ("run", "\u{25B8}"),
        "locked" | "due" => ("warn", "!"),
        "closed" => ("bad", "\u{2715}"),
        _ => ("none", "\u{2013}"),
    }
}

fn state(f: &Frame, row: &AccountRow) -> String {
    let key = format!("account-state-{}", row.state);
    match &row.until {
        Some(until) => f.with(&format!("{key}-until"), "until", &f.stamp(until)),
        None => f.t(&key),
    }
}

#[derive(Template)]
#[template(path = "handed.html")]
struct Handed {
    f: Frame,
    h: HandedView,
}

impl Frame {
    /// A demand on a password.
    pub fn demand(&self, rule: &PasswordRuleView) -> String {
        self.n(&format!("password-rule-{}", rule.name), rule.n)
    }

    /// What is told or lent to nobody.
    pub fn kept_secret(&self, kept: &SecretsView) -> String {
        let words: Vec<String> = kept.secrets.iter().map(|code| self.k("secret", code)).collect();
        self.with("password-secrets", "secrets", &self.names(&words))
    }

    /// A clause as it is cited.
    pub fn clause(&self, clause: &Option<desk::ClauseCite>) -> Option<String> {
        clause.as_ref().map(|clause| self.say.cite(clause))
    }
}

/// Shows the accounts; with `?person=` asks for what a code needs.
pub async fn list(seat: Seat) -> Response {
    let open = seat.visit.query.get("person").to_string();
    let typed = seat.held_form().await.unwrap_or_default();
    match draw(&seat, &open, typed).await {
        Ok(view) => ok(&view),
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

async fn draw(seat: &Seat, open: &str, typed: Form) -> Result<List, No> {
    let whom = open.to_string();
    let all = seat.ask(move |desk, session| desk.accounts(session, &whom)).await?;
    let open = all.list.iter().find(|row| row.person == open && row.may).cloned();
    let code = match open.is_some() {
        true => prove::own_code(seat).await,
        false => String::new(),
    };
    let key = crate::random_word().unwrap_or_default();
    Ok(List { f: Frame::of(seat, "accounts-title").await, all, open, key, code, typed })
}

/// Shows the accounts again, with why something cannot be.
async fn again(post: &Post, no: No) -> Response {
    let person = post.form.get("person").to_string();
    let drawn = draw(&post.seat, &person, post.form.clone().without("proof"));
    super::again::again(post, no, drawn, |page| &mut page.f).await
}

/// Hands out a code, and shows it this once.
pub async fn invite(post: Post) -> Response {
    let text = |name: &str| post.form.get(name).to_string();
    let form = InviteForm {
        person: text("person"),
        kind: text("kind"),
        login: domain::identity::fold(post.form.get("login")),
        method: text("method"),
        reason: Personal::new(post.form.get("reason")),
        proof: code(&post.form),
        form_key: post.key(),
    };
    match post.seat.ask(move |desk, session| desk.invite(session, &form)).await {
        Ok(h) => {
            let title = if h.kind == "reset" { "handed-title-reset" } else { "handed-title" };
            ok(&Handed { f: Frame::of(&post.seat, title).await, h })
        }
        Err(no) => again(&post, no).await,
    }
}

/// Ends one of the reader's own sessions.
pub async fn end_session(Path(handle): Path<String>, post: Post) -> Response {
    match post.seat.ask(move |desk, session| desk.end_session(session, &handle)).await {
        Ok(()) => see("/settings?done=session"),
        Err(no) => fault::refused(&post.seat, no, None).await,
    }
}

/// Ends all of the reader's own sessions but this one.
pub async fn end_others(post: Post) -> Response {
    match post.seat.ask(desk::Desk::end_other_sessions).await {
        Ok(()) => see("/settings?done=session"),
        Err(no) => fault::refused(&post.seat, no, None).await,
    }
}
