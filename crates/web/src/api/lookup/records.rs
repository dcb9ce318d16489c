//! Records and the to-do list over the API.

use crate::api::{Call, Reply, answer, json};
use crate::html::lookup::records::{filter, narrowed};
use desk::lookup::CorrectForm;
use desk::view::RecordFilter;
use domain::Personal;

/// Fifty records.
pub fn list(call: Call) -> Reply {
    Box::pin(async move {
        let filter = filter(&call.seat.visit.query);
        let came = call.seat.ask(move |desk, session| desk.records(session, &filter)).await;
        call.reply(came, |seat, page| answer::ok(json::records(&seat.say, &page)))
    })
}

/// Fifty records about one subject.
pub fn find(call: Call) -> Reply {
    Box::pin(async move {
        let subject = call.text("subject");
        if subject.is_empty() {
            let missing = domain::Refusal::new(domain::Reason::FieldMissing).at("subject");
            return call.refuse(missing);
        }
        let filter =
            RecordFilter { subject: Some(Personal::new(subject)), ..narrowed(|name| call.text(name)) };
        let filter = RecordFilter { code: None, ..filter };
        let came = call.seat.ask(move |desk, session| desk.records(session, &filter)).await;
        call.reply(came, |seat, page| answer::ok(json::records(&seat.say, &page)))
    })
}

/// One record.
pub fn one(call: Call) -> Reply {
    Box::pin(async move {
        let code = call.path();
        let came = call.seat.ask(move |desk, session| desk.record(session, &code)).await;
        call.reply(came, |seat, record| answer::ok(json::record(&seat.say, &record)))
    })
}

/// Corrects a returned record.
pub fn correct(call: Call) -> Reply {
    Box::pin(async move {
        let form =
            CorrectForm { reason: call.text("reason"), case: domain::identity::fold(&call.text("case")) };
        let code = call.path();
        let came = call.seat.ask(move |desk, session| desk.correct(session, &code, &form)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// What waits for the caller.
pub fn todo(call: Call) -> Reply {
    Box::pin(async move {
        let came = call.seat.ask(desk::Desk::todo).await;
        call.reply(came, |seat, items| answer::ok(json::todo(&seat.say, &items)))
    })
}
