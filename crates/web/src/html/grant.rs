//! Permissions: who may see what and why, and stopping one.

use super::again::after;
use super::frame::Frame;
use super::{fault, ok};
use crate::form::Form;
use crate::seat::{Post, Seat};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use desk::No;
use desk::view::{PermissionView, PermissionWhole, ReachView};
use domain::Personal;

#[derive(Template)]
#[template(path = "permissions.html")]
struct Page {
    f: Frame,
    list: Vec<PermissionView>,
    /// The one whose stopping is asked about.
    open: Option<PermissionView>,
    typed: Form,
    reach: ReachView,
}

#[derive(Template)]
#[template(path = "permission.html")]
struct Whole {
    f: Frame,
    all: PermissionWhole,
}

/// Shows permissions, and with `?item=` who may look that up; with `?stop=` asks for the reason to stop one.
pub async fn list(seat: Seat) -> Response {
    let open = seat.visit.query.get("stop").to_string();
    let typed = seat.held_form().await.unwrap_or_default();
    match draw(&seat, &open, typed).await {
        Ok(mut view) => {
            if seat.visit.query.get("done") == "stopped" {
                view.f.banner = Some(view.f.t("permission-done-stopped"));
            }
            ok(&view)
        }
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

async fn draw(seat: &Seat, open: &str, typed: Form) -> Result<Page, No> {
    let list = seat.ask(desk::Desk::permissions).await?;
    let item = seat.visit.query.get("item").to_string();
    let reach = seat.ask(move |desk, session| desk.reach(session, &item)).await?;
    let open = list.iter().find(|one| one.id == open && one.stop).cloned();
    Ok(Page { f: Frame::of(seat, "permissions-title").await, list, open, typed, reach })
}

/// Shows one permission, and everything that it rests on.
pub async fn show(seat: Seat, Path(id): Path<String>) -> Response {
    match seat.ask(move |desk, session| desk.permission(session, &id)).await {
        Ok(all) => ok(&Whole { f: Frame::of(&seat, "permission-title").await, all }),
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

/// Stops a permission.
pub async fn stop(Path(id): Path<String>, post: Post) -> Response {
    let (own, reason) = (id.clone(), Personal::new(post.form.get("reason")));
    let came = post.seat.ask(move |desk, session| desk.stop_permission(session, &own, &reason)).await;
    let drawn = draw(&post.seat, &id, post.form.clone());
    after(&post, came, "/permissions?done=stopped", drawn, |page| &mut page.f).await
}
