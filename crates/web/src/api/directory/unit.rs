//! Other names for units over the API, and closing them.

use super::super::{Call, Reply, answer, json};
use desk::directory::NameForm;

/// Gives a unit another name.
pub fn rename(call: Call) -> Reply {
    Box::pin(async move {
        let form = NameForm {
            id: call.path(),
            name: call.text("name"),
            name_en: call.text("name_en"),
            form_key: call.key(),
        };
        let came = call.seat.ask(move |desk, session| desk.rename_unit(session, &form)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// Closes a unit in which nothing is left.
pub fn close(call: Call) -> Reply {
    Box::pin(async move {
        let (id, key) = (call.path(), call.key());
        let came = call.seat.ask(move |desk, session| desk.close_unit(session, &id, &key)).await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}
