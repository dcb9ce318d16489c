//! Duties: the lists, and the page on which one is done.

use super::application::read;
use super::frame::Frame;
use super::{again, download, fault, letter, ok, see};
use crate::form::Form;
use crate::seat::{Post, Seat};
use crate::visit::Visit;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use desk::No;
use desk::duty::{DutyForm, DutyQuery};
use desk::view::{DraftLetter, DutiesView, DutyView};
use domain::Personal;
use domain::duty::{Kind, certificate};

#[derive(Template)]
#[template(path = "duties.html")]
struct List {
    f: Frame,
    all: DutiesView,
    done: bool,
    query: DutyQuery,
}

impl List {
    /// The kinds that can be chosen, by the words of addresses.
    fn kinds(&self) -> Vec<&'static str> {
        Kind::ALL.iter().map(|kind| kind.word()).collect()
    }

    fn is_kind(&self, word: &str) -> bool {
        self.query.kind.is_some_and(|kind| kind.word() == word)
    }

    /// The address of the page that begins there.
    fn more(&self, next: &str) -> String {
        let tab = if self.done { "done" } else { "" };
        let kind = self.query.kind.map_or("", Kind::word);
        format!("/duties?tab={tab}&kind={kind}&after={}", self.f.enc(next))
    }
}

#[derive(Template)]
#[template(path = "duty.html")]
struct Page {
    f: Frame,
    d: DutyView,
    typed: Form,
}

impl Page {
    /// Whom to tell, in one line.
    fn told(&self) -> String {
        let one = |(party, words): &(Option<String>, _)| match party {
            Some(party) => self.f.k("party", party),
            None => self.f.w(words).to_string(),
        };
        self.f.names(&self.d.told.iter().map(one).collect::<Vec<String>>())
    }

    /// What has to be said: of training its proof.
    fn note(&self) -> String {
        self.f.t(match self.d.kind.word() {
            "train" => "duty-note-train",
            _ => "duty-note",
        })
    }

    /// What certificates are taken.
    fn file_hint(&self) -> String {
        let types = certificate::types();
        let types = types.iter().map(|own| own.extension.as_str()).collect::<Vec<_>>().join(" ");
        let (most, files) = ((certificate::MAX_BYTES / 1024).to_string(), certificate::MAX_FILES.to_string());
        self.f.say.fill("attachment-hint", &[("types", &types), ("most", &most), ("files", &files)])
    }

    /// The same for the window in which files are chosen.
    fn accept(&self) -> String {
        let types = certificate::types();
        types.iter().map(|own| format!(".{}", own.extension)).collect::<Vec<_>>().join(",")
    }

    /// The letter to copy.
    fn draft(&self, draft: &DraftLetter) -> String {
        letter::draft(&self.f, draft)
    }
}

/// What the address asks for.
pub fn query(visit: &Visit) -> DutyQuery {
    let after = visit.query.get("after");
    DutyQuery {
        done: visit.query.get("tab") == "done",
        kind: Kind::from_word(visit.query.get("kind")),
        after: (!after.is_empty()).then(|| after.to_string()),
    }
}

/// Shows what is owed, or with `?tab=done` what was done.
pub async fn list(seat: Seat) -> Response {
    let query = query(&seat.visit);
    let asked = query.clone();
    match seat.ask(move |desk, session| desk.duty_list(session, &asked)).await {
        Ok(all) => {
            let mut f = Frame::of(&seat, "duties-title").await;
            if seat.visit.query.get("done") == "fulfilled" {
                f.banner = Some(f.t("duty-done"));
            }
            let done = query.done;
            ok(&List { f, all, done, query })
        }
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

/// Shows one duty.
pub async fn show(Path(id): Path<String>, seat: Seat) -> Response {
    match draw(&seat, &id, Form::default()).await {
        Ok(view) => ok(&view),
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

async fn draw(seat: &Seat, id: &str, typed: Form) -> Result<Page, No> {
    let id = id.to_string();
    let d = seat.ask(move |desk, session| desk.duty(session, &id)).await?;
    Ok(Page { f: Frame::of(seat, "duty-title").await, d, typed })
}

/// Says that a duty is done.
pub async fn fulfil(Path(id): Path<String>, post: Post) -> Response {
    let letter = match letter::said(&post.form, post.seat.app.desk().now().date()) {
        Ok(letter) => letter,
        Err(refusal) => return again(&post, &id, refusal.into()).await,
    };
    let form = DutyForm {
        note: Personal::new(post.form.get("note")),
        hours: post.form.get("hours").parse().ok(),
        letter,
        files: read::files(&post.files),
        form_key: post.key(),
    };
    let own = id.clone();
    match post.seat.ask(move |desk, session| desk.fulfil(session, &own, &form)).await {
        Ok(()) => see("/duties?done=fulfilled"),
        Err(no) => again(&post, &id, no).await,
    }
}

/// Hands out a file that shows that a duty was done, after its entry, to be kept and not shown.
pub async fn file(seat: Seat, Path((id, file)): Path<(String, String)>) -> Response {
    match seat.ask(move |desk, session| desk.certificate(session, &id, &file)).await {
        Ok(file) => download(file.name.expose(), "application/octet-stream", file.bytes),
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

/// Shows a duty again with what was refused.
async fn again(post: &Post, id: &str, no: No) -> Response {
    again::again(post, no, draw(&post.seat, id, post.form.clone()), |page| &mut page.f).await
}
