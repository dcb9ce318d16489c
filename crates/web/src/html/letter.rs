//! Letters as drafts to copy, and how the reader is told by mail.

use super::frame::Frame;
use super::{see, settings};
use crate::form::Form;
use crate::seat::Post;
use axum::response::Response;
use desk::letter::MailForm;
use desk::view::DraftLetter;
use domain::letter::{Language, Said};
use domain::regulation::Words;
use domain::time::Date;
use domain::time::input::day;
use domain::{Personal, Refusal};

/// The draft in official form, line by line.
pub fn draft(f: &Frame, letter: &DraftLetter) -> String {
    let body = |(party, words): &(Option<String>, Words)| match party {
        Some(party) => f.k("party", party),
        None => f.w(words).to_string(),
    };
    let bases: Vec<String> = letter.bases.iter().map(|clause| f.say.cite(clause)).collect();
    let cause = letter.cause.map(|cause| f.k("cause", cause));
    let on = f.day(&letter.on);
    let mut who = vec![
        ("unit", f.w(&letter.unit)),
        ("role", f.w(&letter.role)),
        ("person", letter.person.as_str()),
        ("on", on.as_str()),
    ];
    who.extend(cause.as_deref().map(|cause| ("cause", cause)));
    let mut lines = vec![
        f.with("letter-draft-head", "agency", f.w(&letter.agency)),
        f.with("letter-draft-to", "recipient", &body(&letter.recipient)),
        f.t("letter-draft-date"),
        f.t("letter-draft-number"),
        f.with("letter-draft-subject", "subject", f.w(&letter.subject)),
        f.t("letter-draft-why"),
        f.with("letter-draft-basis", "bases", &f.names(&bases)),
    ];
    match &letter.link {
        Some(link) => {
            let data = f.ws(&link.datasets);
            let told = [("code", link.code.as_str()), ("data", data.as_str()), ("on", on.as_str())];
            lines.push(f.say.fill("letter-draft-link", &told));
            lines.push(f.with("letter-draft-link-why", "why", &f.k("link-why", link.why)));
        }
        None => lines.push(f.say.fill("letter-draft-who", &who)),
    }
    if !letter.copies.is_empty() {
        let copies: Vec<String> = letter.copies.iter().map(body).collect();
        lines.push(f.with("letter-draft-copies", "copies", &f.names(&copies)));
    }
    lines.join("\n")
}

/// What is said of a letter that has left; nothing, for a duty that is none.
///
/// # Errors
/// A day that cannot be read.
pub fn said(form: &Form, today: Date) -> Result<Said, Refusal> {
    let on = day(form.get("letter-sent"), today, "letter-sent")?;
    Ok(Said { number: form.get("letter-number").into(), on, channel: form.get("letter-channel").into() })
}

/// The languages that mail can have.
pub fn languages() -> [&'static str; 2] {
    Language::ALL.map(Language::word)
}

/// Changes how the reader is told by mail.
pub async fn set_mail(post: Post) -> Response {
    let form = MailForm {
        email: Personal::new(post.form.get("mail-address")),
        digest: post.form.has("digest"),
        urgent: post.form.has("urgent"),
        language: post.form.get("mail-language").into(),
    };
    match post.seat.ask(move |desk, session| desk.set_mail(session, &form)).await {
        Ok(()) => see("/settings?done=mail"),
        Err(no) => settings::again(&post, no).await,
    }
}
