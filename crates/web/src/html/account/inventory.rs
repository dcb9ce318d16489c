//! Going through the accounts: by exception, and the rest as a block.

use crate::form::Form;
use crate::html::again::after;
use crate::html::frame::Frame;
use crate::html::{fault, ok};
use crate::seat::{Post, Seat};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use desk::view::{FoundView, InventoryView};
use desk::{Answer, No};
use domain::Personal;
use domain::account::inventory::{Finding, Verdict};
use domain::id::PersonId;

#[derive(Template)]
#[template(path = "inventory.html")]
struct Page {
    f: Frame,
    i: InventoryView,
    typed: Form,
}

impl Page {
    /// Whether a verdict is chosen; what the system proposes is to remove.
    fn chosen(&self, one: &FoundView, verdict: &str) -> bool {
        let name = format!("v.{}.{}", one.finding.word(), one.person);
        match self.typed.has(&name) {
            true => self.typed.holds(&name, verdict),
            false => verdict == "remove",
        }
    }

    fn note(&self, one: &FoundView) -> String {
        self.typed.get(&format!("n.{}", one.person)).to_string()
    }

    fn note_name(&self, one: &FoundView) -> String {
        format!("note-{}", one.person)
    }
}

/// Shows an inventory.
pub async fn show(Path(id): Path<String>, seat: Seat) -> Response {
    match draw(&seat, &id, Form::default()).await {
        Ok(mut view) => {
            view.f.banner = match seat.visit.query.get("done") {
                word @ ("decided" | "attested" | "reminded" | "closed") => {
                    Some(view.f.k("inventory-done", word))
                }
                _ => None,
            };
            ok(&view)
        }
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

async fn draw(seat: &Seat, id: &str, typed: Form) -> Result<Page, No> {
    let id = id.to_string();
    let i = seat.ask(move |desk, session| desk.inventory(session, &id)).await?;
    Ok(Page { f: Frame::of(seat, "inventory-title").await, i, typed })
}

/// Decides about everybody for whom a verdict was sent.
pub async fn decide(Path(id): Path<String>, post: Post) -> Response {
    let verdict = |(name, value): (&str, &str)| {
        let (finding, person) = name.strip_prefix("v.")?.split_once('.')?;
        Some(Verdict {
            person: PersonId::new(person),
            finding: Finding::from_word(finding)?,
            keep: value == "keep",
            note: Personal::new(post.form.get(&format!("n.{person}"))),
        })
    };
    let verdicts: Vec<Verdict> = post.form.fields().filter_map(verdict).collect();
    let (own, key) = (id.clone(), post.key());
    let came =
        post.seat.ask(move |desk, session| desk.decide_inventory(session, &own, &verdicts, &key)).await;
    done(&post, &id, came, "decided").await
}

/// Confirms the people of one's own unit.
pub async fn attest(Path(id): Path<String>, post: Post) -> Response {
    let (own, list, key) = (id.clone(), post.form.get("list").to_string(), post.key());
    let came = post.seat.ask(move |desk, session| desk.attest_inventory(session, &own, &list, &key)).await;
    done(&post, &id, came, "attested").await
}

/// Reminds the heads who have not confirmed their people.
pub async fn remind(Path(id): Path<String>, post: Post) -> Response {
    let own = id.clone();
    let came = post.seat.ask(move |desk, session| desk.remind_inventory(session, &own)).await;
    done(&post, &id, came, "reminded").await
}

/// Closes it.
pub async fn close(Path(id): Path<String>, post: Post) -> Response {
    let (own, list, key) = (id.clone(), post.form.get("list").to_string(), post.key());
    let note = Personal::new(post.form.get("note"));
    let came =
        post.seat.ask(move |desk, session| desk.close_inventory(session, &own, &list, &note, &key)).await;
    done(&post, &id, came, "closed").await
}

async fn done(post: &Post, id: &str, came: Answer<()>, word: &str) -> Response {
    let target = format!("/inventory/{}?done={word}", crate::form::encode(id));
    after(post, came, &target, draw(&post.seat, id, post.form.clone()), |page| &mut page.f).await
}
