//! Lookups over the API.

pub mod countersign;
pub mod records;

use super::{Call, Reply, answer, json};
use desk::lookup::AskForm;
use domain::Personal;

/// Lists records; the default handler of the table's short form.
pub fn list(call: Call) -> Reply {
    records::list(call)
}

/// What a case fills in.
pub fn draft(call: Call) -> Reply {
    Box::pin(async move {
        let case = domain::identity::fold(call.seat.visit.query.get("case"));
        let came = call.seat.ask(move |desk, session| {
            desk.draft(session, Some(case.as_str()).filter(|case| !case.is_empty()))
        });
        let came = came.await;
        call.reply(came, |seat, draft| answer::ok(json::draft(&seat.say, &draft)))
    })
}

/// Looks somebody up.
pub fn ask(call: Call) -> Reply {
    Box::pin(async move {
        let party = call.number("party").filter(|number| *number > 0);
        let subject = Some(call.text("subject")).filter(|text| party.is_none() && !text.is_empty());
        let form = AskForm {
            case: domain::identity::fold(&call.text("case")),
            purpose: call.text("purpose"),
            purpose_text: call.text("purpose_text"),
            basis: call.text("basis"),
            basis_text: call.text("basis_text"),
            party,
            subject: subject.map(Personal::new),
            not_party_reason: call.text("outside_reason"),
            items: call.texts("items"),
            form_key: call.key(),
        };
        let came = call.seat.ask(move |desk, session| desk.ask(session, &form)).await;
        call.reply(came, |seat, found| match found.ending {
            None => answer::created(json::result(&seat.say, &found)),
            Some(_) => answer::ok(json::result(&seat.say, &found)),
        })
    })
}

/// Carries out an approved request.
pub fn run(call: Call) -> Reply {
    Box::pin(async move {
        let (code, key) = (call.path(), call.key());
        let came = call.seat.ask(move |desk, session| desk.run(session, &code, &key)).await;
        call.reply(came, |seat, found| answer::ok(json::result(&seat.say, &found)))
    })
}

/// Shows the parked answer again.
pub fn review(call: Call) -> Reply {
    Box::pin(async move {
        let code = call.path();
        let came = call.seat.ask(move |desk, session| desk.review(session, &code)).await;
        call.reply(came, |seat, found| answer::ok(json::result(&seat.say, &found)))
    })
}

/// Takes note that the answer is no longer shown.
pub fn hidden(call: Call) -> Reply {
    Box::pin(async move {
        let code = call.path();
        let came = call.seat.ask(move |desk, session| desk.hidden(session, &code)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}
