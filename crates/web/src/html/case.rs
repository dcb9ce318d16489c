//! Cases: the ones the actor works on, and registering one.

use super::frame::Frame;
use super::{again, fault, ok};
use crate::form::Form;
use crate::seat::{Post, Seat};
use askama::Template;
use axum::response::Response;
use desk::No;
use desk::case::{CaseForm, PartyForm};
use desk::view::{CaseView, ChoiceView};
use domain::time::Date;
use domain::time::input::day;
use domain::{Personal, Reason, Refusal};

/// Persons that can be registered with a case on one page.
pub const PARTIES: usize = 4;

#[derive(Template)]
#[template(path = "cases.html")]
struct Page {
    f: Frame,
    cases: Vec<CaseView>,
    businesses: Vec<ChoiceView>,
    typed: Form,
}

impl Page {
    fn value(&self, field: &str) -> &str {
        self.typed.get(field)
    }

    fn party(&self, field: &str, number: &usize) -> String {
        self.typed.get(&format!("{field}_{number}")).to_string()
    }

    fn numbers(&self) -> [usize; PARTIES] {
        [1, 2, 3, 4]
    }
}

/// Shows the cases.
pub async fn list(seat: Seat) -> Response {
    let typed = seat.held_form().await.unwrap_or_default();
    match draw(&seat, typed).await {
        Ok(view) => ok(&view),
        Err(no) => fault::refused(&seat, no, None).await,
    }
}

async fn draw(seat: &Seat, typed: Form) -> Result<Page, No> {
    let cases = seat.ask(desk::Desk::cases).await?;
    let f = Frame::of(seat, "cases-title").await;
    Ok(Page { f, cases, businesses: businesses(seat), typed })
}

/// The kinds of business that the regulation names.
fn businesses(seat: &Seat) -> Vec<ChoiceView> {
    let all = seat.session.pack.businesses().into_iter().map(|business| business.value);
    let choice = |business: domain::regulation::Business| ChoiceView {
        code: business.code,
        word: business.word,
        text_required: false,
        preset: false,
        barred: None,
    };
    all.map(choice).collect()
}

/// Registers a case.
pub async fn register(post: Post) -> Response {
    let today = post.seat.app.desk().now().date();
    let form = match read(&post.form, today) {
        Ok(form) => form,
        Err(refusal) => return again(&post, refusal.into()).await,
    };
    match post.seat.ask(move |desk, session| desk.register_case(session, &form)).await {
        Ok(case) => match draw(&post.seat, Form::default()).await {
            Ok(mut view) => {
                view.f.banner = Some(view.f.with("cases-registered", "number", &case.number));
                ok(&view)
            }
            Err(no) => fault::refused(&post.seat, no, None).await,
        },
        Err(no) => again(&post, no).await,
    }
}

async fn again(post: &Post, no: No) -> Response {
    again::again(post, no, draw(&post.seat, post.form.clone()), |page| &mut page.f).await
}

/// Reads the form. Rows of persons that are empty altogether are left out.
pub fn read(form: &Form, today: Date) -> Result<CaseForm, Refusal> {
    let received = day(form.get("received"), today, "received")?;
    let missing = || Refusal::new(Reason::FieldMissing).at("received");
    let party = |number: usize| {
        let field = |name: &str| form.get(&format!("{name}_{number}")).to_string();
        let (name, id, role) = (field("name"), field("id"), field("role"));
        let any = !name.is_empty() || !id.is_empty() || !role.is_empty();
        any.then(|| PartyForm { name: Personal::new(name), id: Personal::new(id), role })
    };
    Ok(CaseForm {
        number: domain::identity::fold(form.get("number")),
        business: form.get("business").to_string(),
        received: received.ok_or_else(missing)?,
        parties: (1..=PARTIES).filter_map(party).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Date {
        Date::parse_iso("2024-01-22").unwrap()
    }

    #[test]
    fn a_case_reads_with_the_persons_that_were_filled_in() {
        let fields = [
            ("number", "１１３疫128"),
            ("business", "vaccination"),
            ("received", "113/01/15"),
            ("name_1", "王小明"),
            ("id_1", "A123456789"),
            ("role_3", "x"),
        ];
        let read = read(&Form::of(&fields), today()).unwrap();
        assert_eq!(read.number, "113疫128");
        assert_eq!(read.received, Date::parse_iso("2024-01-15").unwrap());
        assert_eq!(read.parties.len(), 2);
    }

    #[test]
    fn a_day_that_is_none_is_said_at_its_field() {
        for text in ["", "113/13/01", "24/1/1", "soon", "9999999999999999"] {
            let refusal = read(&Form::of(&[("received", text)]), today()).unwrap_err();
            assert_eq!(refusal.field.as_deref(), Some("received"), "{text}");
        }
    }
}
