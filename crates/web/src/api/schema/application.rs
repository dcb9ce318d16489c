//! Schemas of applications, their files, and what those along a chain do.

use super::{day, flag, many, maybe, moment, number, object, open, refer, text};
use serde_json::{Value, json};

/// The schemas by name.
pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    vec![
        ("NewApplication", new_application()),
        ("Give", give()),
        ("ReadAttachment", object(&[("id", text())])),
        ("Consult", object(&[("colleagues", many(text())), ("question", text())])),
        ("ReplyTo", reply_to()),
        ("Applications", applications()),
        ("Application", application()),
        ("Attachment", object(&[("name", text()), ("content", content())])),
    ]
}

/// What is in a file.
pub(super) fn content() -> Value {
    json!({ "type": "string", "contentEncoding": "base64" })
}

/// What stands in a field: values or chosen codes, words behind them, rows of a table.
fn entry() -> Value {
    let words = json!({ "type": "object", "additionalProperties": text() });
    open(&[("values", many(text())), ("words", words.clone()), ("rows", many(words))])
}

fn new_application() -> Value {
    let answers = json!({ "type": "object", "additionalProperties": entry() });
    let mut form = open(&[
        ("code", text()),
        ("object", text()),
        ("people", many(text())),
        ("answers", answers),
        ("files", many(object(&[("field", text()), ("name", text()), ("content", content())]))),
        ("submit", flag()),
    ]);
    form["required"] = json!(["answers"]);
    form
}

fn give() -> Value {
    let verdict = json!({ "type": "string", "enum": ["agree", "object", "return", "refuse", "carry-out"] });
    let mut give = open(&[
        ("verdict", verdict),
        ("outcome", text()),
        ("effective", day()),
        ("left_out", many(text())),
        ("note", text()),
        ("fields", many(text())),
        ("number", text()),
        ("sent", text()),
        ("version", text()),
        ("proof", text()),
    ]);
    give["required"] = json!(["verdict"]);
    give
}

fn reply_to() -> Value {
    let mut reply = open(&[("id", text()), ("opinion", text()), ("decline", flag())]);
    reply["required"] = json!(["id"]);
    reply
}

fn question() -> Value {
    object(&[
        ("id", text()),
        ("by", text()),
        ("to", text()),
        ("words", text()),
        ("at", moment()),
        ("given", maybe(flag())),
        ("replied", maybe(moment())),
        ("opinion", text()),
        ("open", flag()),
        ("mine", flag()),
    ])
}

fn application_row() -> Value {
    object(&[
        ("code", text()),
        ("label", text()),
        ("action", text()),
        ("author", text()),
        ("unit", text()),
        ("people", many(text())),
        ("state", text()),
        ("holding", many(text())),
        ("since", moment()),
    ])
}

fn applications() -> Value {
    let applicable = object(&[("object", text()), ("label", text()), ("way", many(text()))]);
    object(&[
        ("turn", many(application_row())),
        ("own", many(application_row())),
        ("own_next", maybe(text())),
        ("others", many(application_row())),
        ("others_next", maybe(text())),
        ("applicable", many(applicable)),
    ])
}

fn terms() -> Value {
    object(&[
        ("clause", maybe(text())),
        ("actions", many(text())),
        ("months", maybe(number())),
        ("months_clause", maybe(text())),
        ("duplicate_check", flag()),
        ("carried_out_by", maybe(text())),
        ("paper_kept", maybe(text())),
        ("covering_letter", flag()),
        ("filed_with", maybe(text())),
    ])
}

fn stamp() -> Value {
    object(&[
        ("by", text()),
        ("stands_for", maybe(text())),
        ("letter", maybe(text())),
        ("letter_sent", maybe(text())),
        ("delegated_by", maybe(text())),
        ("verdict", text()),
        ("outcome", maybe(text())),
        ("effective", maybe(day())),
        ("left_out", many(text())),
        ("note", text()),
        ("at", moment()),
    ])
}

fn outcome() -> Value {
    object(&[
        ("code", text()),
        ("label", text()),
        ("verdict", text()),
        ("effective_from", maybe(day())),
        ("effective_until", maybe(day())),
        ("leave_out", flag()),
    ])
}

fn application() -> Value {
    let stamp = stamp();
    let becomes =
        object(&[("code", text()), ("label", text()), ("becomes", text()), ("people", many(text()))]);
    let field = object(&[
        ("id", text()),
        ("label", text()),
        ("type", text()),
        ("required", flag()),
        ("by_system", flag()),
        ("entry", entry()),
        ("files", many(object(&[("id", text()), ("name", text()), ("kilobytes", number())]))),
        ("changed", flag()),
        ("before", maybe(entry())),
        ("becomes", many(becomes)),
        ("faulty", flag()),
        ("asked", flag()),
    ]);
    let version = object(&[
        ("name", text()),
        ("digest", text()),
        ("from", day()),
        ("before", text()),
        ("differing", many(text())),
    ]);
    let step = object(&[
        ("label", text()),
        ("state", text()),
        ("stamps", many(stamp.clone())),
        ("claims", many(object(&[("by", text()), ("since", moment())]))),
        ("people", many(text())),
    ]);
    let given = object(&[("step", text()), ("stamp", stamp.clone())]);
    let past = object(&[("version", number()), ("at", moment()), ("stamps", many(given))]);
    object(&[
        ("application", application_row()),
        ("object", text()),
        ("version", number()),
        ("fields", many(field)),
        ("versions", many(version)),
        ("steps", many(step)),
        ("past", many(past)),
        ("is_past", flag()),
        ("verdicts", many(text())),
        ("outcomes", many(outcome())),
        ("can_leave_out", many(text())),
        ("hindered", maybe(refer("Barred"))),
        ("by_letter", flag()),
        ("claim", maybe(text())),
        ("questions", many(question())),
        ("edit", flag()),
        ("older_form", flag()),
        ("left_behind", many(object(&[("label", text()), ("parts", many(text()))]))),
        ("copy", flag()),
        ("withdraw", flag()),
        ("remind", flag()),
        ("takes_over", maybe(day())),
        ("keeps_end", maybe(day())),
        ("terms", maybe(terms())),
        ("answer", maybe(stamp)),
        ("kept", maybe(object(&[("state", text()), ("day", maybe(day())), ("clause", maybe(text()))]))),
    ])
}
