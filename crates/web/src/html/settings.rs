//! Settings: the rule as data, consents, the reader's own sessions and text size.

use super::frame::Frame;
use super::{again, fault, ok, see, with_cookie};
use crate::form::Form;
use crate::guard::cookie;
use crate::seat::{Post, Seat};
use crate::visit::size;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use desk::No;
use desk::grant::ConsentForm;
use desk::view::{MailView, SettingsView};
use domain::Refusal;
use domain::time::Date;
use domain::time::input::day;

#[derive(Template)]
#[template(path = "settings.html")]
struct Page {
    f: Frame,
    s: SettingsView,
    m: MailView,
    key: String,
    typed: Form,
}

impl Page {
    fn sizes(&self) -> [u16; 3] {
        [100, 115, 130]
    }

    fn languages(&self) -> [&'static str; 2] {
        super::letter::languages()
    }

    /// Whether the form about mail was sent and refused; then it shows what was typed, else what holds.
    fn mail_typed(&self) -> bool {
        self.typed.has("mail-language")
    }

    fn address(&self) -> &str {
        if self.mail_typed() { self.typed.get("mail-address") } else { self.m.address.expose() }
    }

    fn wants(&self, name: &str, held: &bool) -> bool {
        if self.mail_typed() { self.typed.has(name) } else { *held }
    }

    fn language(&self) -> &str {
        if self.mail_typed() { self.typed.get("mail-language") } else { self.m.language }
    }
}

#[derive(Template)]
#[template(path = "help.html")]
struct Help {
    f: Frame,
}

/// The list of keys, and what the frame's marks mean.
pub async fn help(seat: Seat) -> Response {
    ok(&Help { f: Frame::of(&seat, "help-title").await })
}

/// Shows the settings.
pub async fn show(seat: Seat) -> Response {
    let typed = seat.held_form().await.unwrap_or_default();
    match draw(&seat, typed).await {
        Ok(view) => ok(&view),
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

async fn draw(seat: &Seat, typed: Form) -> Result<Page, No> {
    let (s, m) = seat.ask(|desk, session| Ok((desk.settings(session)?, desk.mail(session)?))).await?;
    let mut f = Frame::of(seat, "settings-title").await;
    f.banner = match seat.visit.query.get("done") {
        done @ ("given" | "ended" | "size" | "mail" | "password" | "factor" | "session") => {
            Some(f.t(&format!("settings-done-{done}")))
        }
        _ => None,
    };
    Ok(Page { f, s, m, key: crate::random_word().unwrap_or_default(), typed })
}

/// Keeps the reader's text size in a cookie.
pub async fn text_size(post: Post) -> Response {
    match size(post.form.get("size")) {
        Some(size) => {
            let cookie = cookie::choice("text", &size.to_string(), post.seat.visit.tls);
            with_cookie(see("/settings?done=size"), &cookie)
        }
        None => see("/settings"),
    }
}

/// Gives the consent that the rule wants before use.
pub async fn give_consent(post: Post) -> Response {
    let today = post.seat.app.desk().now().date();
    let until = match until(post.form.get("until"), today) {
        Ok(until) => until,
        Err(refusal) => return again(&post, refusal.into()).await,
    };
    let key = post.key();
    let named = |name: &str| Some(post.form.get(name).to_string()).filter(|text| !text.is_empty());
    let consent = ConsentForm { case: named("case"), basis: named("basis"), until };
    match post.seat.ask(move |desk, session| desk.give_consent(session, &consent, &key)).await {
        Ok(_) => see("/settings?done=given"),
        Err(no) => again(&post, no).await,
    }
}

/// Ends a consent.
pub async fn end_consent(Path(id): Path<String>, post: Post) -> Response {
    match post.seat.ask(move |desk, session| desk.end_consent(session, &id)).await {
        Ok(()) => see("/settings?done=ended"),
        Err(no) => again(&post, no).await,
    }
}

/// Shows the settings again with what was refused.
pub async fn again(post: &Post, no: No) -> Response {
    again::again(post, no, draw(&post.seat, post.form.clone()), |page| &mut page.f).await
}

/// The last day of a consent, if one was typed.
pub fn until(text: &str, today: Date) -> Result<Option<Date>, Refusal> {
    day(text, today, "until")
}
