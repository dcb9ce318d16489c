//! Cases over the API.

use super::{Call, Reply, answer, json};
use desk::case::{CaseForm, PartyForm};
use domain::time::input::day;
use domain::{Personal, Reason, Refusal};
use serde_json::Value;

/// Cases of the caller's unit.
pub fn list(call: Call) -> Reply {
    Box::pin(async move {
        let came = call.seat.ask(desk::Desk::cases).await;
        call.reply(came, |seat, cases| answer::ok(json::cases(&seat.say, &cases)))
    })
}

/// Registers a case with any number of persons.
pub fn register(call: Call) -> Reply {
    Box::pin(async move {
        let today = call.seat.app.desk().now().date();
        let received = match day(&call.text("received"), today, "received") {
            Ok(Some(received)) => received,
            Ok(None) => {
                let refusal = Refusal::new(Reason::FieldMissing).at("received");
                return call.refuse(refusal);
            }
            Err(refusal) => return call.refuse(refusal),
        };
        let parties = call.objects("parties").into_iter().map(|party| {
            let text =
                |name: &str| party.get(name).and_then(Value::as_str).unwrap_or_default().trim().to_string();
            PartyForm { name: Personal::new(text("name")), id: Personal::new(text("id")), role: text("role") }
        });
        let form = CaseForm {
            number: domain::identity::fold(&call.text("number")),
            business: call.text("business"),
            received,
            parties: parties.collect(),
        };
        let came = call.seat.ask(move |desk, session| desk.register_case(session, &form)).await;
        call.reply(came, |seat, case| answer::created(json::case(&seat.say, &case)))
    })
}
