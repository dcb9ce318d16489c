//! Acting in the place of others: absences, deputies named ahead, and what heads delegate.

use super::super::again::{after, days};
use super::super::frame::Frame;
use super::super::{fault, ok};
use crate::form::Form;
use crate::seat::{Post, Seat};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use desk::directory::{AbsenceForm, DelegationForm};
use desk::view::{AbsencesView, DelegationsView};
use desk::{Desk, No};
use domain::Personal;

/// What the page says was done, by the word that its address carries.
const DONE: [&str; 5] = ["away", "back", "delegated", "deputy", "revoked"];

#[derive(Template)]
#[template(path = "absences.html")]
struct Absences {
    f: Frame,
    away: AbsencesView,
    given: DelegationsView,
    key: String,
    typed: Form,
}

impl Absences {
    /// Whether somebody is shown as the deputy for absences: who was chosen, or who is named.
    fn is_standing(&self, id: &str) -> bool {
        match self.typed.has("standing") {
            true => self.typed.holds("standing", id),
            false => self.away.standing.as_ref().is_some_and(|(own, _)| own == id),
        }
    }
}

/// Shows who is away, who stands in, and what is delegated.
pub async fn list(seat: Seat) -> Response {
    let typed = seat.held_form().await.unwrap_or_default();
    match draw(&seat, typed).await {
        Ok(mut view) => {
            let done = seat.visit.query.get("done");
            view.f.banner = DONE.contains(&done).then(|| view.f.t(&format!("absence-done-{done}")));
            ok(&view)
        }
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

async fn draw(seat: &Seat, typed: Form) -> Result<Absences, No> {
    let away = seat.ask(Desk::absences).await?;
    let given = seat.ask(Desk::delegations).await?;
    let key = crate::random_word().unwrap_or_default();
    Ok(Absences { f: Frame::of(seat, "absence-title").await, away, given, key, typed })
}

/// Records that somebody is away, and who acts meanwhile.
pub async fn be_away(post: Post) -> Response {
    let came = match days(&post, ["from", "until"]) {
        Ok([from, until]) => {
            let (person, deputy) = (post.form.get("person").into(), post.form.get("deputy").into());
            let form = AbsenceForm { person, deputy, from, until, form_key: post.key() };
            post.seat.ask(move |desk, session| desk.be_away(session, &form)).await
        }
        Err(no) => Err(no),
    };
    listed(&post, came, "away").await
}

/// Ends an absence.
pub async fn come_back(Path(id): Path<String>, post: Post) -> Response {
    let came = post.seat.ask(move |desk, session| desk.come_back(session, &id)).await;
    listed(&post, came, "back").await
}

/// Names who stands in whenever one is away.
pub async fn name_deputy(post: Post) -> Response {
    let (to, key) = (post.form.get("standing").to_string(), post.key());
    let came = post.seat.ask(move |desk, session| desk.name_deputy(session, &to, &key)).await;
    listed(&post, came, "deputy").await
}

/// Records that a head delegates.
pub async fn delegate(post: Post) -> Response {
    let came = match days(&post, ["begin", "end"]) {
        Ok([from, until]) => {
            let form = DelegationForm {
                to: post.form.get("to").to_string(),
                objects: post.form.all("objects"),
                from,
                until,
                words: Personal::new(post.form.get("words")),
                form_key: post.key(),
            };
            post.seat.ask(move |desk, session| desk.delegate(session, &form)).await
        }
        Err(no) => Err(no),
    };
    listed(&post, came, "delegated").await
}

/// Takes a delegation back.
pub async fn revoke(Path(id): Path<String>, post: Post) -> Response {
    let came = post.seat.ask(move |desk, session| desk.revoke_delegation(session, &id)).await;
    listed(&post, came, "revoked").await
}

/// The page after something of it was done, or refused.
async fn listed(post: &Post, came: desk::Answer<()>, done: &str) -> Response {
    let drawn = draw(&post.seat, post.form.clone());
    after(post, came, &format!("/absences?done={done}"), drawn, |page| &mut page.f).await
}
