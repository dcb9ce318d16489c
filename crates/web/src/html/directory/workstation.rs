//! Workstations: the list, declaring one, taking one out of use.

use super::super::again::after;
use super::super::frame::Frame;
use super::super::{fault, ok};
use crate::form::Form;
use crate::seat::{Post, Seat};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use desk::directory::WorkstationForm;
use desk::view::{WorkstationView, WorkstationsView};
use desk::{Answer, Desk, No};
use domain::directory::workstation::Declared;

#[derive(Template)]
#[template(path = "workstations.html")]
struct Workstations {
    f: Frame,
    all: WorkstationsView,
    /// The machine that is declared anew.
    open: Option<WorkstationView>,
    key: String,
    typed: Form,
}

impl Workstations {
    /// The tone and the shape of a machine's state.
    fn looks(&self, one: &WorkstationView) -> (&'static str, &'static str) {
        match one.state {
            "declared" => ("ok", "\u{2713}"),
            "stale" => ("warn", "!"),
            _ => ("none", "\u{2013}"),
        }
    }

    /// What is declared of a machine, as field and whether it was.
    fn said(&self, one: &WorkstationView) -> [(&'static str, bool); 3] {
        let Declared { dedicated, password, shutdown } = one.declared;
        [("dedicated", dedicated), ("password_set", password), ("shutdown", shutdown)]
    }

    /// What a field of the form shows: what was typed, or what is known of the machine.
    fn value(&self, field: &str) -> &str {
        if self.typed.has("number") {
            return self.typed.get(field);
        }
        match (&self.open, field) {
            (None, "unit") => &self.all.unit,
            (Some(one), "unit") => &one.unit_id,
            (Some(one), "number") => &one.number,
            (Some(one), "keeper") => &one.keeper_id,
            (Some(one), "address") => &one.address,
            _ => "",
        }
    }
}

/// Shows the machines; with `?machine=` asks for one to be declared anew.
pub async fn list(seat: Seat) -> Response {
    let typed = seat.held_form().await.unwrap_or_default();
    let from = if typed.has("machine") { &typed } else { &seat.visit.query };
    let open = from.get("machine").to_string();
    match draw(&seat, &open, typed).await {
        Ok(mut view) => {
            view.f.banner = match seat.visit.query.get("done") {
                "declared" => Some(view.f.t("workstation-done-declared")),
                "retired" => Some(view.f.t("workstation-done-retired")),
                _ => None,
            };
            ok(&view)
        }
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

async fn draw(seat: &Seat, open: &str, typed: Form) -> Result<Workstations, No> {
    let all = seat.ask(Desk::workstations).await?;
    let open = all.list.iter().find(|one| one.id == open && one.change).cloned();
    let key = crate::random_word().unwrap_or_default();
    Ok(Workstations { f: Frame::of(seat, "workstations-title").await, all, open, key, typed })
}

/// Declares a machine.
pub async fn declare(post: Post) -> Response {
    let text = |field: &str| post.form.get(field).to_string();
    let said = |field: &str| post.form.holds(field, "yes");
    let form = WorkstationForm {
        id: text("machine"),
        number: text("number"),
        unit: text("unit"),
        keeper: text("keeper"),
        address: text("address"),
        declared: Declared {
            dedicated: said("dedicated"),
            password: said("password_set"),
            shutdown: said("shutdown"),
        },
        form_key: post.key(),
    };
    let came = post.seat.ask(move |desk, session| desk.declare_workstation(session, &form)).await;
    done(&post, came, "declared").await
}

/// Takes a machine out of use.
pub async fn retire(Path(id): Path<String>, post: Post) -> Response {
    let came = post.seat.ask(move |desk, session| desk.retire_workstation(session, &id)).await;
    done(&post, came, "retired").await
}

async fn done(post: &Post, came: Answer<()>, what: &str) -> Response {
    let drawn = draw(&post.seat, post.form.get("machine"), post.form.clone());
    after(post, came, &format!("/workstations?done={what}"), drawn, |page| &mut page.f).await
}
