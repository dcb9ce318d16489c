//! Schemas of people, posts, lists and duties.

use super::application::content;
use super::{day, flag, many, maybe, moment, number, object, open, refer, text};
use serde_json::{Value, json};

/// The schemas by name.
pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    [requests(), staff(), closures(), contracts(), exceptions(), workstations(), duties()].concat()
}

fn requests() -> Vec<(&'static str, Value)> {
    let row = json!({ "type": "object", "additionalProperties": text() });
    vec![
        (
            "Fulfil",
            open(&[
                ("note", text()),
                ("hours", number()),
                ("number", text()),
                ("sent", day()),
                ("channel", text()),
                ("files", many(object(&[("name", text()), ("content", content())]))),
            ]),
        ),
        (
            "SetMail",
            object(&[("address", text()), ("digest", flag()), ("urgent", flag()), ("language", text())]),
        ),
        (
            "Repost",
            open(&[("cause", text()), ("on", day()), ("unit", text()), ("role", text()), ("proof", text())]),
        ),
        ("Receiver", object(&[("receiver", text())])),
        ("NewDelegation", new_delegation()),
        ("NewAbsence", new_absence()),
        ("NewDeputy", object(&[("standing", text())])),
        ("Signature", open(&[("note", text())])),
        ("UnitName", object(&[("name", text()), ("name_en", text())])),
        (
            "Roster",
            open(&[
                ("units", many(row.clone())),
                ("people", many(row.clone())),
                ("permissions", many(row)),
                ("whole", flag()),
                ("seal", text()),
                ("proof", text()),
            ]),
        ),
    ]
}

fn new_delegation() -> Value {
    let mut new = open(&[
        ("to", text()),
        ("objects", many(text())),
        ("begin", day()),
        ("end", day()),
        ("words", text()),
        ("proof", text()),
    ]);
    new["required"] = json!(["to", "begin", "end", "words"]);
    new
}

fn new_absence() -> Value {
    let mut new = open(&[("person", text()), ("deputy", text()), ("from", day()), ("until", day())]);
    new["required"] = json!(["from", "until"]);
    new
}

fn absences() -> Value {
    let one = object(&[
        ("id", text()),
        ("person", text()),
        ("deputy", text()),
        ("from", day()),
        ("until", day()),
        ("runs", flag()),
        ("end", flag()),
    ]);
    object(&[("absences", many(one)), ("standing", maybe(text())), ("wanted", flag())])
}

fn delegations() -> Value {
    let one = object(&[
        ("id", text()),
        ("by", text()),
        ("to", text()),
        ("objects", many(text())),
        ("begin", day()),
        ("end", day()),
        ("words", text()),
        ("runs", flag()),
        ("revoke", flag()),
    ]);
    let kind = object(&[("object", text()), ("label", text())]);
    object(&[("delegations", many(one)), ("objects", many(kind))])
}

fn closures() -> Vec<(&'static str, Value)> {
    let closed = object(&[("day", day()), ("name", text()), ("why", maybe(text()))]);
    let declared = object(&[("day", day()), ("why", text()), ("at", moment())]);
    let all = object(&[("closed", many(closed)), ("declared", many(declared)), ("until", maybe(day()))]);
    let mut new = open(&[("day", day()), ("why", text())]);
    new["required"] = json!(["day", "why"]);
    vec![("Closures", all), ("NewClosure", new)]
}

fn contracts() -> Vec<(&'static str, Value)> {
    let one = object(&[
        ("id", text()),
        ("number", text()),
        ("contractor", text()),
        ("confidential", flag()),
        ("from", day()),
        ("until", day()),
        ("people", many(text())),
        ("state", text()),
        ("end", flag()),
    ]);
    let person = object(&[("id", text()), ("name", text())]);
    let all = object(&[
        ("contracts", many(one)),
        ("people", many(person)),
        ("confidential", flag()),
        ("ends", flag()),
        ("clauses", many(refer("Clause"))),
    ]);
    let mut new = open(&[
        ("number", text()),
        ("contractor", text()),
        ("confidential", flag()),
        ("from", day()),
        ("until", day()),
        ("people", many(text())),
    ]);
    new["required"] = json!(["number", "contractor", "from", "until", "people"]);
    let mut end = open(&[("on", day())]);
    end["required"] = json!(["on"]);
    vec![("Contracts", all), ("NewContract", new), ("EndContract", end)]
}

fn exceptions() -> Vec<(&'static str, Value)> {
    let one = object(&[
        ("id", text()),
        ("person", text()),
        ("pair", many(text())),
        ("from", day()),
        ("until", day()),
        ("by", text()),
        ("words", text()),
        ("state", text()),
        ("open", flag()),
        ("revoke", flag()),
    ]);
    let person = object(&[("id", text()), ("name", text())]);
    let instead = object(&[("pair", many(text())), ("kind", text()), ("clause", maybe(refer("Clause")))]);
    let all = object(&[
        ("exceptions", many(one)),
        ("pairs", many(text())),
        ("people", many(person)),
        ("instead", many(instead)),
    ]);
    let mut new = open(&[
        ("person", text()),
        ("pair", text()),
        ("from", day()),
        ("until", day()),
        ("words", text()),
        ("proof", text()),
    ]);
    new["required"] = json!(["person", "pair", "from", "until", "words"]);
    vec![("Exceptions", all), ("NewException", new)]
}

fn workstations() -> Vec<(&'static str, Value)> {
    let one = object(&[
        ("id", text()),
        ("number", text()),
        ("unit", text()),
        ("keeper", text()),
        ("address", text()),
        ("dedicated", flag()),
        ("password_set", flag()),
        ("shutdown", flag()),
        ("declared", day()),
        ("state", text()),
        ("change", flag()),
    ]);
    let all = object(&[("workstations", many(one)), ("bound", flag()), ("clauses", many(refer("Clause")))]);
    let mut new = open(&[
        ("id", text()),
        ("number", text()),
        ("unit", text()),
        ("keeper", text()),
        ("address", text()),
        ("dedicated", flag()),
        ("password_set", flag()),
        ("shutdown", flag()),
    ]);
    new["required"] = json!(["number", "keeper"]);
    vec![("Workstations", all), ("NewWorkstation", new)]
}

fn staff() -> Vec<(&'static str, Value)> {
    let post = object(&[
        ("id", text()),
        ("person", text()),
        ("name", text()),
        ("unit", text()),
        ("role", text()),
        ("from", day()),
        ("until", maybe(day())),
    ]);
    let unit = object(&[
        ("id", text()),
        ("name", text()),
        ("above", text()),
        ("organisation", text()),
        ("corresponding", flag()),
        ("clause", maybe(refer("Clause"))),
        ("people", number()),
        ("former", many(object(&[("name", text()), ("until", day())]))),
    ]);
    let step = object(&[
        ("line", number()),
        ("kind", text()),
        ("name", text()),
        ("before", text()),
        ("after", text()),
        ("on", maybe(day())),
        ("cause", text()),
    ]);
    let fault =
        object(&[("line", number()), ("field", maybe(text())), ("code", text()), ("sentence", text())]);
    vec![
        ("Delegations", delegations()),
        ("Absences", absences()),
        ("Staff", object(&[("posts", many(post)), ("units", many(unit))])),
        (
            "Import",
            object(&[
                ("steps", many(step)),
                ("faults", many(fault)),
                ("same", number()),
                ("encoding", text()),
                ("seal", text()),
                ("done", flag()),
            ]),
        ),
        (
            "Handover",
            object(&[
                ("id", text()),
                ("giver", text()),
                ("receiver", maybe(text())),
                ("unit", text()),
                ("items", many(text())),
                ("given", maybe(moment())),
                ("received", maybe(moment())),
                ("closed", maybe(moment())),
                ("part", text()),
                ("sign", flag()),
                (
                    "signers",
                    many(object(&[("post", text()), ("person", maybe(text())), ("at", maybe(moment()))])),
                ),
            ]),
        ),
    ]
}

fn duties() -> Vec<(&'static str, Value)> {
    let letter = object(&[
        ("numbered", flag()),
        ("channels", many(text())),
        ("number", maybe(text())),
        ("sent", maybe(day())),
        ("channel", maybe(text())),
    ]);
    let duty = object(&[
        ("id", text()),
        ("kind", text()),
        ("label", text()),
        ("person", text()),
        ("unit", text()),
        ("owner", text()),
        ("text", many(text())),
        ("clause", maybe(refer("Clause"))),
        ("began", day()),
        ("due", maybe(refer("Due"))),
        ("calendar_ends", maybe(day())),
        ("hours", maybe(number())),
        ("hours_wanted", maybe(number())),
        ("state", text()),
        ("late", flag()),
        ("note", text()),
        ("files", many(object(&[("id", text()), ("name", text()), ("kilobytes", number())]))),
        ("certificate", maybe(flag())),
        ("inventory", maybe(text())),
        ("may", flag()),
        ("letter", maybe(letter)),
    ]);
    let mail = object(&[
        ("address", text()),
        ("digest", flag()),
        ("urgent", flag()),
        ("language", text()),
        ("sends", flag()),
    ]);
    vec![
        ("Duty", duty),
        ("Mail", mail),
        (
            "Duties",
            object(&[("own", many(refer("Duty"))), ("others", many(refer("Duty"))), ("next", maybe(text()))]),
        ),
    ]
}
