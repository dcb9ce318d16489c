//! People, posts and units; importing them; handing work over.

pub mod absence;
pub mod closure;
pub mod contract;
pub mod exception;
pub mod unit;
pub mod workstation;

use super::again::{self, after};
use super::frame::Frame;
use super::{fault, ok, page, see, status_of_no};
use crate::form::Form;
use crate::seat::{Post, Seat};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use base64ct::{Base64, Encoding};
use desk::No;
use desk::directory::{PostForm, Roster};
use desk::view::{HandoverView, ImportView, PostView, RefusalView, StaffView, UnitView};
use domain::directory::post::Cause;
use domain::time::Date;
use domain::time::input::day;
use domain::{Personal, Reason, Refusal};

#[derive(Template)]
#[template(path = "staff.html")]
struct Staff {
    f: Frame,
    s: StaffView,
    /// The post whose change is asked about.
    open: Option<PostView>,
    /// The unit whose name is asked about.
    unit: Option<UnitView>,
    key: String,
    today: Date,
    typed: Form,
}

impl Staff {
    /// Causes for which a post can change; its end is taken back where it has one.
    fn causes(&self) -> Vec<&'static str> {
        let ending = self.open.as_ref().is_some_and(|post| post.until.is_some());
        let can = |cause: &Cause| cause.ends() || (ending && *cause == Cause::Stay);
        Cause::ALL.into_iter().filter(can).map(Cause::word).collect()
    }

    /// What a field of the name shows: what was typed, else the name as it is.
    fn named(&self, field: &str, own: &str) -> String {
        if self.typed.has(field) { self.typed.get(field).to_string() } else { own.to_string() }
    }

    /// The day that the field shows.
    fn on(&self) -> String {
        match self.typed.has("on") {
            true => self.typed.get("on").to_string(),
            false => self.f.short_day(&self.today),
        }
    }

    fn is_unit(&self, id: &str) -> bool {
        self.is("unit", id, |post| &post.unit_id)
    }

    fn is_role(&self, id: &str) -> bool {
        self.is("role", id, |post| &post.role_id)
    }

    fn is(&self, field: &str, id: &str, own: impl Fn(&PostView) -> &String) -> bool {
        match self.typed.has(field) {
            true => self.typed.holds(field, id),
            false => self.open.as_ref().is_some_and(|post| own(post) == id),
        }
    }
}

#[derive(Template)]
#[template(path = "import.html")]
struct Import {
    f: Frame,
    /// What would change; none before a list was given.
    plan: Option<ImportView>,
    /// The list again, so that what is confirmed is what was seen.
    bytes: String,
    whole: bool,
    /// The key under which it is carried out once.
    key: String,
    typed: Form,
}

#[derive(Template)]
#[template(path = "handover.html")]
struct Handover {
    f: Frame,
    h: HandoverView,
    typed: Form,
}

impl Handover {
    /// What can be said with a signature; a supervisor has to, where the giver did not sign.
    fn note(&self) -> String {
        let silent = self.h.part == "supervisor" && self.h.given.is_none();
        self.f.t(if silent { "handover-note-silent" } else { "handover-note" })
    }
}

/// Shows people, posts and units; with `?post=` asks how one changes.
pub async fn staff(seat: Seat) -> Response {
    let query = &seat.visit.query;
    let open = if query.has("unit") { query.get("unit") } else { query.get("post") }.to_string();
    let typed = seat.held_form().await.unwrap_or_default();
    match draw(&seat, &open, typed).await {
        Ok(mut view) => {
            view.f.banner = match seat.visit.query.get("done") {
                "changed" => Some(view.f.t("staff-done")),
                "renamed" => Some(view.f.t("unit-renamed")),
                "closed" => Some(view.f.t("unit-closed")),
                "imported" => Some(view.f.t("import-done")),
                _ => None,
            };
            ok(&view)
        }
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

async fn draw(seat: &Seat, open: &str, typed: Form) -> Result<Staff, No> {
    let s = seat.ask(desk::Desk::staff).await?;
    let unit = s.units.iter().find(|one| one.id == open && s.keep).cloned();
    let open = s.posts.iter().find(|one| one.id == open && one.change).cloned();
    let key = crate::random_word().unwrap_or_default();
    let today = seat.app.desk().now().date();
    Ok(Staff { f: Frame::of(seat, "staff-title").await, s, open, unit, key, today, typed })
}

/// Changes a post.
pub async fn change(Path(id): Path<String>, post: Post) -> Response {
    let today = post.seat.app.desk().now().date();
    let on = match day(post.form.get("on"), today, "on") {
        Ok(on) => on,
        Err(refusal) => return again(&post, &id, refusal.into()).await,
    };
    let form = PostForm {
        post: id.clone(),
        cause: Cause::from_word(post.form.get("cause")),
        on,
        unit: post.form.get("unit").to_string(),
        role: post.form.get("role").to_string(),
        form_key: post.key(),
    };
    match post.seat.ask(move |desk, session| desk.change_post(session, &form)).await {
        Ok(()) => see("/staff?done=changed"),
        Err(no) => again(&post, &id, no).await,
    }
}

async fn again(post: &Post, id: &str, no: No) -> Response {
    again::again(post, no, draw(&post.seat, id, post.form.clone()), |page| &mut page.f).await
}

/// Asks for a list.
pub async fn import(seat: Seat) -> Response {
    ok(&blank(&seat, Form::default()).await)
}

async fn blank(seat: &Seat, typed: Form) -> Import {
    let f = Frame::of(seat, "import-title").await;
    Import { f, plan: None, bytes: String::new(), whole: false, key: String::new(), typed }
}

/// Shows what a list would change, or with the seal of what was shown, changes it.
pub async fn take(post: Post) -> Response {
    let whole = post.form.holds("whole", "yes");
    let bytes = match post.form.get("bytes") {
        "" => Ok(post.form.exact("file").as_bytes().to_vec()),
        text => Base64::decode_vec(text).map_err(|_| Refusal::new(Reason::Unreadable).at("file")),
    };
    let roster = match bytes.and_then(|bytes| Ok((Roster::from_csv(&bytes, whole)?, bytes))) {
        Ok((roster, bytes)) => (roster, Base64::encode_string(&bytes)),
        Err(refusal) => return refused(&post, vec![refusal.into()]).await,
    };
    let ((roster, bytes), seal) = (roster, post.form.get("seal").to_string());
    let seal = Some(seal).filter(|seal| !seal.is_empty());
    let roster = Roster { form_key: post.key(), ..roster };
    let (again, confirmed) = (roster.clone(), seal.is_some());
    let came = post.seat.ask(move |desk, session| desk.import(session, roster, seal.as_deref())).await;
    let views = match came {
        Ok(plan) if plan.done => return see("/staff?done=imported"),
        Ok(plan) => return ok(&compared(&post.seat, plan, bytes, whole).await),
        Err(No::Refused(views)) => views,
        Err(no) => return fault::refused(&post.seat, no, Some(&post.form)).await,
    };
    if !(confirmed && views.iter().any(|view| view.refusal.reason == Reason::Changed)) {
        return refused(&post, views).await;
    }
    // Somebody changed something since: what the list would change now is shown, to be confirmed anew.
    match post.seat.ask(move |desk, session| desk.import(session, again, None)).await {
        Ok(plan) => {
            let mut view = compared(&post.seat, plan, bytes, whole).await;
            view.f.refuse(&views);
            page(status_of_no(&No::Refused(views)), &view)
        }
        Err(no) => fault::refused(&post.seat, no, Some(&post.form)).await,
    }
}

async fn compared(seat: &Seat, plan: ImportView, bytes: String, whole: bool) -> Import {
    let key = crate::random_word().unwrap_or_default();
    let f = Frame::of(seat, "import-title").await;
    Import { f, plan: Some(plan), bytes, whole, key, typed: Form::default() }
}

async fn refused(post: &Post, views: Vec<RefusalView>) -> Response {
    let drawn = async { Ok(blank(&post.seat, post.form.clone()).await) };
    again::again(post, No::Refused(views), drawn, |page| &mut page.f).await
}

/// Shows a list by which work is handed over.
pub async fn handover(Path(id): Path<String>, seat: Seat) -> Response {
    match draw_handover(&seat, &id, Form::default()).await {
        Ok(mut view) => {
            view.f.banner = match seat.visit.query.get("done") {
                "signed" => Some(view.f.t("handover-done-signed")),
                "named" => Some(view.f.t("handover-done-named")),
                _ => None,
            };
            ok(&view)
        }
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

async fn draw_handover(seat: &Seat, id: &str, typed: Form) -> Result<Handover, No> {
    let id = id.to_string();
    let h = seat.ask(move |desk, session| desk.handover(session, &id)).await?;
    Ok(Handover { f: Frame::of(seat, "handover-title").await, h, typed })
}

/// Names who receives the work.
pub async fn receiver(Path(id): Path<String>, post: Post) -> Response {
    let (own, receiver) = (id.clone(), post.form.get("receiver").to_string());
    let came = post.seat.ask(move |desk, session| desk.name_receiver(session, &own, &receiver)).await;
    handed(&post, &id, came, "named").await
}

/// Signs the list.
pub async fn sign(Path(id): Path<String>, post: Post) -> Response {
    let (own, note) = (id.clone(), Personal::new(post.form.get("note")));
    let came = post.seat.ask(move |desk, session| desk.sign_handover(session, &own, &note)).await;
    handed(&post, &id, came, "signed").await
}

async fn handed(post: &Post, id: &str, came: desk::Answer<()>, done: &str) -> Response {
    let target = format!("/handovers/{}?done={done}", crate::form::encode(id));
    after(post, came, &target, draw_handover(&post.seat, id, post.form.clone()), |page| &mut page.f).await
}
