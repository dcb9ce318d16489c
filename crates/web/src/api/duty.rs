//! Duties over the API.

use super::{Call, Reply, answer, application, json};
use crate::locale::Speech;
use desk::application::FileForm;
use desk::duty::DutyForm;
use desk::view::DutyView;
use domain::Personal;
use domain::duty::certificate;
use domain::letter::Said;
use serde_json::{Map, Value, json};

/// What the caller owes and watches over.
pub fn list(call: Call) -> Reply {
    Box::pin(async move {
        let query = crate::html::duty::query(&call.seat.visit);
        let came = call.seat.ask(move |desk, session| desk.duty_list(session, &query)).await;
        call.reply(came, |seat, all| {
            let rows = |rows: &[DutyView]| rows.iter().map(|view| duty(&seat.say, view)).collect::<Vec<_>>();
            answer::ok(json!({ "own": rows(&all.own), "others": rows(&all.others), "next": all.next }))
        })
    })
}

/// One duty.
pub fn one(call: Call) -> Reply {
    Box::pin(async move {
        let id = call.path();
        let came = call.seat.ask(move |desk, session| desk.duty(session, &id)).await;
        call.reply(came, |seat, view| answer::ok(duty(&seat.say, &view)))
    })
}

/// Says that a duty is done.
pub fn fulfil(call: Call) -> Reply {
    Box::pin(async move {
        let on = call.day("sent", "letter-sent");
        let form = DutyForm {
            note: Personal::new(call.text("note")),
            letter: Said { number: call.text("number"), on: None, channel: call.text("channel") },
            hours: call.number("hours").and_then(|hours| u32::try_from(hours).ok()),
            files: call.objects("files").iter().map(certificate_of).collect(),
            form_key: call.key(),
        };
        let id = call.path();
        let came = call.seat.ask(move |desk, session| {
            let letter = Said { on: on?, ..form.letter.clone() };
            desk.fulfil(session, &id, &DutyForm { letter, ..form })
        });
        let came = came.await;
        call.reply(came, |_, ()| answer::ok(json::empty()))
    })
}

/// A file that shows that a duty was done.
pub fn file(call: Call) -> Reply {
    Box::pin(async move {
        let (id, file) = (call.path(), call.text("id"));
        let came = call.seat.ask(move |desk, session| desk.certificate(session, &id, &file)).await;
        call.reply(came, |_, file| answer::ok(application::file_out(&file)))
    })
}

fn certificate_of(file: &Map<String, Value>) -> FileForm {
    FileForm { field: certificate::FIELD.into(), ..application::file_of(file) }
}

fn duty(say: &Speech, view: &DutyView) -> Value {
    json!({
        "id": view.id,
        "kind": view.kind.word(),
        "label": say.word(&view.label),
        "person": view.person,
        "unit": view.unit,
        "owner": say.word(&view.owner),
        "text": view.text.iter().map(|text| say.word(text)).collect::<Vec<_>>(),
        "clause": view.clause.as_ref().map(|clause| json::clause(say, clause)),
        "began": view.began.to_string(),
        "due": view.due.as_ref().map(json::due),
        "calendar_ends": view.behind.map(|day| day.to_string()),
        "hours": view.hours.map(|(credited, _)| credited),
        "hours_wanted": view.hours.map(|(_, wanted)| wanted),
        "state": view.state,
        "late": view.late,
        "note": view.note,
        "files": view.files.iter().map(application::file).collect::<Vec<_>>(),
        "certificate": view.certificate,
        "inventory": view.href.strip_prefix("/inventory/"),
        "may": view.may,
        "letter": view.letter.as_ref().map(|letter| {
            let sent = letter.sent.as_ref();
            json!({
                "numbered": letter.numbered,
                "channels": letter.channels,
                "number": sent.map(|(number, ..)| number),
                "sent": sent.map(|(_, day, _)| day.to_string()),
                "channel": sent.map(|(.., channel)| channel),
            })
        }),
    })
}
