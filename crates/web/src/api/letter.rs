//! How the caller is told by mail, over the API.

use super::{Call, Reply, answer, json};
use desk::letter::MailForm;
use domain::Personal;
use serde_json::json;

/// How the caller is told.
pub fn show(call: Call) -> Reply {
    Box::pin(async move {
        let came = call.seat.ask(desk::Desk::mail).await;
        call.reply(came, |_, view| {
            answer::ok(json!({
                "address": view.address.expose(),
                "digest": view.digest,
                "urgent": view.urgent,
                "language": view.language,
                "sends": view.sends,
            }))
        })
    })
}

/// Changes how the caller is told.
pub fn set(call: Call) -> Reply {
    Box::pin(async move {
        let flag = |name: &str| call.value(name).as_bool().unwrap_or(false);
        let form = MailForm {
            email: Personal::new(call.text("address")),
            digest: flag("digest"),
            urgent: flag("urgent"),
            language: call.text("language"),
        };
        let came = call.seat.ask(move |desk, session| desk.set_mail(session, &form)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}
