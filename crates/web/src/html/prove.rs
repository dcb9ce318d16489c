//! Asking again who acts: the form that was sent is carried through the question, so that nothing is typed
//! twice.

use super::frame::Frame;
use super::{fault, page, see, status_of_no};
use crate::App;
use crate::form::Form;
use crate::guard::held;
use crate::seat::{Post, Seat};
use crate::visit::Visit;
use askama::Template;
use axum::response::Response;
use desk::No;
use domain::Reason;

/// What belongs to the page that was sent and to no other.
const OWN: [&str; 2] = ["csrf", "proof"];
/// The name of the button that leads back.
const BACK: &str = "back_to_form";

#[derive(Template)]
#[template(path = "prove.html")]
struct Prove {
    f: Frame,
    /// Where the form goes: where it was sent.
    action: String,
    /// What is about to be done.
    what: String,
    /// What was typed, to be sent again.
    fields: Vec<(String, String)>,
    /// Whether there is a page to go back to, on which it was typed.
    back: bool,
    /// The actor's own code, in a demonstration only.
    code: String,
}

impl Prove {
    fn is_long(&self, text: &str) -> bool {
        text.contains('\n')
    }
}

/// Asks who acts, if nothing else stands against an act that asks for it.
pub async fn again(post: &Post, no: &No) -> Option<Response> {
    let No::Refused(views) = no else { return None };
    let [view] = views.as_slice() else { return None };
    let act = view.refusal.args.get("act").filter(|_| view.refusal.reason == Reason::ProofAgain)?;
    let seat = &post.seat;
    let mut f = Frame::of(seat, "prove-title").await;
    let what = f.k("prove", &act.replace('.', "-"));
    if !post.form.get("proof").is_empty() {
        f.refuse(views);
    }
    let own = |name: &str| OWN.contains(&name);
    let fields = post.form.fields().filter(|(name, _)| !own(name));
    let view = Prove {
        f,
        action: seat.visit.path.clone(),
        what,
        fields: fields.map(|(name, text)| (name.into(), text.into())).collect(),
        back: held::page_of(&seat.visit.path, &post.form).is_some(),
        code: own_code(seat).await,
    };
    Some(page(status_of_no(no), &view))
}

/// Whether somebody would rather see once more what they typed.
pub fn goes_back(form: &Form) -> bool {
    form.has(BACK)
}

/// Leads back to the page on which a form was typed, which shows it again.
pub async fn back(app: &App, visit: &Visit, form: Form) -> Response {
    let kept = held::keep(app, visit, form.without(BACK)).await;
    let target = kept.as_ref().map_or_else(|| "/todo".to_string(), |kept| kept.back.clone());
    fault::handed(visit, see(&target), kept)
}

/// A code of a second factor as it was typed.
pub fn code(form: &Form) -> String {
    domain::identity::fold(form.get("proof")).replace([' ', '-'], "")
}

/// The reader's own code, in a demonstration only.
pub async fn own_code(seat: &Seat) -> String {
    let login = seat.session.login.clone();
    let code = seat.app.call(move |desk| Ok(desk.demo_proof(&login))).await;
    code.ok().flatten().unwrap_or_default()
}
