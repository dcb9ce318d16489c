//! Schemas of bodies and answers (JSON Schema 2020-12, as OpenAPI 3.1 uses it).

mod account;
mod application;
mod grant;
mod link;
mod people;
mod regulation;

use serde_json::{Map, Value, json};

/// All schemas by name.
pub fn schemas() -> Map<String, Value> {
    let mut all = Map::new();
    let own = requests().into_iter().chain(answers()).chain(parts()).chain(lines());
    let people = application::schemas().into_iter().chain(people::schemas());
    let parts = grant::schemas().into_iter().chain(people).chain(link::schemas());
    let parts = parts.chain(regulation::schemas()).chain(account::schemas());
    for (name, schema) in own.chain(parts) {
        all.insert(name.to_string(), schema);
    }
    all
}

fn refer(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn many(of: Value) -> Value {
    json!({ "type": "array", "items": of })
}

fn text() -> Value {
    json!({ "type": "string", "maxLength": 4000 })
}

fn number() -> Value {
    json!({ "type": "integer" })
}

fn flag() -> Value {
    json!({ "type": "boolean" })
}

/// Whether the number before it is only as far as was counted.
fn more() -> Value {
    json!({ "type": "boolean", "description": "There may be more than the number says." })
}

fn day() -> Value {
    json!({ "type": "string", "format": "date" })
}

fn moment() -> Value {
    json!({ "type": "string", "format": "date-time" })
}

fn maybe(mut of: Value) -> Value {
    match of.get("type").cloned() {
        Some(kind) => {
            of["type"] = json!([kind, "null"]);
            of
        }
        None => json!({ "anyOf": [of, { "type": "null" }] }),
    }
}

/// An object whose fields are all there.
fn object(fields: &[(&str, Value)]) -> Value {
    let required: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    let mut schema = open(fields);
    schema["required"] = json!(required);
    schema
}

/// An object whose fields may be left out.
fn open(fields: &[(&str, Value)]) -> Value {
    let properties: Map<String, Value> =
        fields.iter().map(|(name, schema)| ((*name).to_string(), schema.clone())).collect();
    json!({ "type": "object", "properties": properties })
}

fn requests() -> Vec<(&'static str, Value)> {
    let party = object(&[("name", text()), ("id", text()), ("role", text())]);
    let mut ask = open(&[
        ("case", text()),
        ("purpose", text()),
        ("purpose_text", text()),
        ("basis", text()),
        ("basis_text", text()),
        ("party", json!({ "type": "integer", "minimum": 1 })),
        ("subject", text()),
        ("outside_reason", text()),
        ("items", many(text())),
    ]);
    ask["required"] = json!(["purpose", "basis", "items"]);
    let mut find = open(&[("subject", text()), ("state", text()), ("case", text()), ("after", text())]);
    find["required"] = json!(["subject"]);
    let verdict = json!({ "type": "string", "enum": ["match", "return", "anomaly"] });
    let mut judged = open(&[("verdict", verdict), ("reason_code", text()), ("note", text())]);
    judged["required"] = json!(["verdict"]);
    vec![
        ("Ask", ask),
        ("Find", find),
        ("Correct", object(&[("reason", text()), ("case", text())])),
        ("Verdict", judged),
        ("Stamp", object(&[("rows", many(text())), ("proof", text())])),
        (
            "NewCase",
            object(&[
                ("number", text()),
                ("business", text()),
                ("received", text()),
                ("parties", many(party)),
            ]),
        ),
    ]
}

fn answers() -> Vec<(&'static str, Value)> {
    let ending = json!({ "type": "string", "enum": [
        "found", "not-found", "doubtful", "partial", "timed-out", "down", "malformed", "unknown", "requested",
    ] });
    vec![
        ("Empty", json!({ "type": "object" })),
        ("Code", object(&[("code", text())])),
        ("Error", error()),
        ("Draft", draft()),
        (
            "Records",
            object(&[
                ("records", many(refer("Row"))),
                ("next", maybe(text())),
                ("total", number()),
                ("total_more", more()),
            ]),
        ),
        ("Record", record()),
        (
            "Result",
            object(&[
                ("code", text()),
                ("ending", ending),
                ("message", text()),
                ("remedy", text()),
                ("at", moment()),
                ("case", text()),
                ("items", many(refer("Item"))),
                ("visible_seconds", number()),
                ("review_minutes", number()),
                ("freshness", text()),
                ("notices", many(text())),
            ]),
        ),
        ("Queue", queue()),
        ("Batch", object(&[("code", text()), ("stamped", number()), ("dropped", many(text()))])),
        ("Cases", object(&[("cases", many(refer("Case")))])),
        ("Todo", object(&[("items", many(refer("TodoItem")))])),
        ("Verification", verification()),
        (
            "Board",
            object(&[
                ("title", text()),
                ("pack", text()),
                ("at", moment()),
                ("waiting", many(object(&[("name", text()), ("from", day())]))),
                ("pack_faults", many(text())),
                ("clauses", many(refer("ClauseState"))),
            ]),
        ),
    ]
}

fn error() -> Value {
    let mut error = open(&[
        ("code", text()),
        ("message", text()),
        ("remedy", text()),
        ("clause", maybe(text())),
        ("cite", maybe(text())),
        ("field", maybe(text())),
        ("operation", text()),
        ("more", many(refer("Error"))),
    ]);
    error["required"] = json!(["code", "operation"]);
    error
}

fn draft() -> Value {
    let party = object(&[("number", number()), ("name", text()), ("id", text()), ("role", text())]);
    object(&[
        ("case", maybe(refer("Case"))),
        ("purposes", many(refer("Choice"))),
        ("bases", many(refer("Choice"))),
        ("items", many(refer("Choice"))),
        ("parties", many(party)),
        ("lights", refer("Lights")),
        ("stamp_before", flag()),
        ("barred", maybe(refer("Barred"))),
        ("notices", many(text())),
        ("today", number()),
    ])
}

fn record() -> Value {
    let line = object(&[("label", text()), ("value", text())]);
    let past = object(&[
        ("act", text()),
        ("outcome", text()),
        ("at", moment()),
        ("who", text()),
        ("index", number()),
    ]);
    object(&[
        ("record", refer("Row")),
        ("sheet_title", text()),
        ("sheet", many(line)),
        ("basis", text()),
        ("reason", text()),
        ("subject_id", text()),
        ("returned_note", maybe(text())),
        ("notices", many(text())),
        ("history", many(past)),
        ("actions", many(object(&[("name", text()), ("barred", maybe(refer("Barred")))]))),
    ])
}

fn queue() -> Value {
    object(&[
        ("matched", many(refer("Row"))),
        ("drawn", many(refer("Row"))),
        ("flagged", many(refer("Row"))),
        ("judged", many(refer("Row"))),
        ("own", number()),
        ("drawn_by", text()),
        ("due", maybe(refer("Due"))),
        ("stamp_word", text()),
        ("return_reasons", many(text())),
        ("open", maybe(refer("Record"))),
    ])
}

fn verification() -> Value {
    let entry = object(&[
        ("index", number()),
        ("hash", text()),
        ("act", text()),
        ("at", moment()),
        ("included", flag()),
        ("proof_length", number()),
    ]);
    object(&[
        ("code", text()),
        ("log", text()),
        ("size", number()),
        ("root", text()),
        ("earlier_size", number()),
        ("consistent", flag()),
        ("checkpoint", text()),
        ("vkey", text()),
        ("entries", many(entry)),
    ])
}

fn parts() -> Vec<(&'static str, Value)> {
    let barred = object(&[
        ("code", text()),
        ("message", text()),
        ("remedy", text()),
        ("clause", maybe(text())),
        ("cite", maybe(text())),
    ]);
    vec![
        ("Barred", barred),
        ("Clause", object(&[("id", text()), ("cite", text()), ("gist", text())])),
        ("Due", object(&[("date", day()), ("at", moment()), ("days_left", number())])),
        ("Lights", json!({ "type": "object", "additionalProperties": { "type": ["boolean", "null"] } })),
        (
            "Choice",
            object(&[
                ("code", text()),
                ("word", text()),
                ("text_required", flag()),
                ("preset", flag()),
                ("barred", maybe(refer("Barred"))),
            ]),
        ),
        (
            "Case",
            object(&[
                ("number", text()),
                ("business", text()),
                ("officer", text()),
                ("received", day()),
                ("closed", maybe(day())),
            ]),
        ),
    ]
}

fn lines() -> Vec<(&'static str, Value)> {
    let counts = object(&[
        ("obeyed", number()),
        ("refused", number()),
        ("overdue", number()),
        ("overdue_more", more()),
    ]);
    vec![
        ("Row", row()),
        (
            "Item",
            object(&[
                ("word", text()),
                ("shape", json!({ "type": "string", "enum": ["record", "list", "verdict", "fact"] })),
                ("columns", many(text())),
                ("rows", many(many(text()))),
                ("verdict", maybe(flag())),
                ("as_of", maybe(text())),
                ("doubt", maybe(text())),
                ("missing", flag()),
            ]),
        ),
        (
            "TodoItem",
            object(&[
                ("kind", text()),
                ("count", number()),
                ("count_more", more()),
                ("about", text()),
                ("subject", text()),
                ("label", text()),
                ("clause", maybe(refer("Clause"))),
                ("due", maybe(refer("Due"))),
                ("stands_for", maybe(object(&[("name", text()), ("until", day())]))),
            ]),
        ),
        (
            "ClauseState",
            object(&[
                ("clause", refer("Clause")),
                ("met", text()),
                ("controls", many(text())),
                ("state", text()),
                ("evidence", maybe(counts)),
            ]),
        ),
    ]
}

fn row() -> Value {
    object(&[
        ("code", text()),
        ("at", moment()),
        ("asker", text()),
        ("case", text()),
        ("purpose", text()),
        ("subject", text()),
        ("items", many(text())),
        ("state", text()),
        ("lights", refer("Lights")),
        ("flagged", flag()),
    ])
}
