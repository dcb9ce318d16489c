//! New lookup: one page, the case first.

pub mod countersign;
pub mod records;

use super::frame::Frame;
use super::{fault, ok, page, result, status_of_no};
use crate::form::Form;
use crate::seat::{Post, Seat};
use askama::Template;
use axum::response::Response;
use desk::No;
use desk::lookup::AskForm;
use desk::view::{ChoiceView, DraftView};
use domain::{Personal, Reason};

#[derive(Template)]
#[template(path = "lookup.html")]
struct Page {
    f: Frame,
    draft: DraftView,
    /// What was typed, when the form is shown again.
    typed: Option<Form>,
    /// The case number as typed.
    case: String,
}

impl Page {
    fn value(&self, field: &str) -> &str {
        self.typed.as_ref().map_or("", |form| form.get(field))
    }

    /// Whether a choice is made: as typed, else as the case presets it.
    fn chosen(&self, field: &str, choice: &ChoiceView) -> bool {
        match &self.typed {
            Some(form) => form.holds(field, &choice.code),
            None => choice.preset && choice.barred.is_none(),
        }
    }

    /// Whether a person of the case is picked; the first one if nobody has picked yet.
    fn picked(&self, number: &usize) -> bool {
        match &self.typed {
            Some(form) => form.holds("party", &number.to_string()),
            None => *number == 1,
        }
    }

    /// Whether somebody is named who is not of the case.
    fn other(&self) -> bool {
        match &self.typed {
            Some(form) => form.get("party").is_empty() || form.holds("party", "0"),
            None => self.draft.parties.is_empty(),
        }
    }
}

/// Shows the page, filled in from the case that `?case=` names.
pub async fn show(seat: Seat) -> Response {
    let typed = seat.held_form().await;
    let case = match &typed {
        Some(form) => form.get("case").to_string(),
        None => domain::identity::fold(seat.visit.query.get("case")),
    };
    match draw(&seat, case, typed, None).await {
        Ok(view) if view.f.errors.is_empty() => ok(&view),
        Ok(view) => page(axum::http::StatusCode::UNPROCESSABLE_ENTITY, &view),
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

/// Looks somebody up. The answer is shown right here and has no address of its own.
pub async fn ask(post: Post) -> Response {
    let form = read(&post.form, post.key());
    match post.seat.ask(move |desk, session| desk.ask(session, &form)).await {
        Ok(found) => result::answered(&post.seat, found).await,
        Err(no @ No::Refused(_)) => {
            let status = status_of_no(&no);
            let case = post.form.get("case").to_string();
            match draw(&post.seat, case, Some(post.form.clone()), Some(no)).await {
                Ok(view) => page(status, &view),
                Err(no) => fault::refused(&post.seat, no, Some(&post.form)).await,
            }
        }
        Err(no) => fault::refused(&post.seat, no, Some(&post.form)).await,
    }
}

/// The page for a case. An unknown case is said at its field, and the rest stays usable.
async fn draw(seat: &Seat, case: String, typed: Option<Form>, why: Option<No>) -> Result<Page, No> {
    let wanted = case.clone();
    let named = move |desk: &desk::Desk, session: &desk::Session| {
        desk.draft(session, Some(wanted.as_str()).filter(|case| !case.is_empty()))
    };
    let (draft, unknown) = match seat.ask(named).await {
        Ok(draft) => (draft, None),
        Err(No::Refused(views)) if is_about_case(&views) => {
            (seat.ask(|desk, session| desk.draft(session, None)).await?, Some(views))
        }
        Err(no) => return Err(no),
    };
    let mut f = Frame::of(seat, "lookup-title").await;
    match (why, unknown) {
        (Some(No::Refused(views)), _) | (None, Some(views)) => f.refuse(&views),
        _ => {}
    }
    Ok(Page { f, draft, typed, case })
}

fn is_about_case(views: &[desk::view::RefusalView]) -> bool {
    let about = |reason| matches!(reason, Reason::CaseUnknown | Reason::FieldMalformed);
    views.iter().any(|view| about(view.refusal.reason))
}

/// Reads the form. What is not on the page cannot be sent: everything here goes to the desk as it
/// was typed, and the desk decides.
pub fn read(form: &Form, form_key: String) -> AskForm {
    let party = form.get("party").parse::<usize>().ok().filter(|number| *number > 0);
    let subject = Some(form.get("subject")).filter(|subject| party.is_none() && !subject.is_empty());
    AskForm {
        case: domain::identity::fold(form.get("case")),
        purpose: form.get("purpose").to_string(),
        purpose_text: form.get("purpose_text").to_string(),
        basis: form.get("basis").to_string(),
        basis_text: form.get("basis_text").to_string(),
        party,
        subject: subject.map(Personal::new),
        not_party_reason: form.get("outside_reason").to_string(),
        items: form.all("items"),
        form_key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picked_person_beats_a_typed_number() {
        let form = Form::of(&[("party", "2"), ("subject", "A123456789")]);
        let read = read(&form, "k".into());
        assert_eq!((read.party, read.subject), (Some(2), None));
    }

    #[test]
    fn hostile_values_become_nothing_or_stay_text() {
        for party in ["0", "-1", "999999999999999999999", "x", ""] {
            let form = Form::of(&[("party", party), ("subject", "Ａ１２３"), ("case", "１１３疫")]);
            let read = read(&form, "k".into());
            assert_eq!(read.party, None, "{party}");
            assert_eq!(read.subject.unwrap().expose(), "Ａ１２３");
            assert_eq!(read.case, "113疫");
        }
    }
}
