//! Consents over the API.

use super::{Call, Reply, answer, json};
use crate::html::settings::until;
use desk::grant::ConsentForm;

/// Consents of the caller's unit.
pub fn list(call: Call) -> Reply {
    Box::pin(async move {
        let came = call.seat.ask(desk::Desk::settings).await;
        call.reply(came, |_, settings| answer::ok(json::consents(&settings.consents)))
    })
}

/// Gives a consent.
pub fn give(call: Call) -> Reply {
    Box::pin(async move {
        let until = match until(&call.text("until"), call.seat.app.desk().now().date()) {
            Ok(until) => until,
            Err(refusal) => return answer::field(&call.seat.say, &call.seat.visit, refusal),
        };
        let key = call.key();
        let named = |name: &str| Some(call.text(name)).filter(|text| !text.is_empty());
        let consent = ConsentForm { case: named("case"), basis: named("basis"), until };
        let came = call.seat.ask(move |desk, session| desk.give_consent(session, &consent, &key)).await;
        call.reply(came, |_, consent| answer::created(json::consent(&consent)))
    })
}

/// Ends a consent.
pub fn end(call: Call) -> Reply {
    Box::pin(async move {
        let id = call.path();
        let came = call.seat.ask(move |desk, session| desk.end_consent(session, &id)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}
