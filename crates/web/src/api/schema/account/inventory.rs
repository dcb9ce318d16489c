//! Schemas of account inventories.

use super::super::{day, flag, many, maybe, moment, number, object, open, refer, text};
use domain::account::inventory::Finding;
use serde_json::{Value, json};

/// The schemas by name.
pub(in super::super) fn schemas() -> Vec<(&'static str, Value)> {
    let mut verdict = open(&[("person", text()), ("finding", finding()), ("keep", flag()), ("note", text())]);
    verdict["required"] = json!(["person", "finding", "keep"]);
    let mut close = open(&[("seal", text()), ("note", text())]);
    close["required"] = json!(["seal"]);
    vec![
        ("Inventory", whole()),
        ("InventoryVerdicts", object(&[("verdicts", many(verdict))])),
        ("InventoryAttest", object(&[("seal", text())])),
        ("InventoryClose", close),
    ]
}

fn finding() -> Value {
    json!({ "type": "string", "enum": Finding::ALL.map(Finding::word) })
}

fn whole() -> Value {
    let decided = object(&[("keep", flag()), ("note", text()), ("by", text())]);
    let found = object(&[
        ("person", text()),
        ("name", text()),
        ("unit", text()),
        ("finding", finding()),
        ("permissions", number()),
        ("may", flag()),
        ("used", maybe(day())),
        ("decided", maybe(decided)),
    ]);
    let line = object(&[("name", text()), ("roles", many(text())), ("permissions", number())]);
    let unit = object(&[
        ("id", text()),
        ("name", text()),
        ("people", number()),
        ("by", maybe(text())),
        ("at", maybe(moment())),
        ("list", many(line)),
        ("seal", text()),
    ]);
    object(&[
        ("id", text()),
        ("began", day()),
        ("due", maybe(refer("Due"))),
        ("clause", maybe(refer("Clause"))),
        ("state", text()),
        ("all", number()),
        ("found", many(found)),
        ("open", number()),
        ("rest", number()),
        ("seal", text()),
        ("units", many(unit)),
        ("may", flag()),
        ("close", flag()),
        ("remind", flag()),
        ("reminded", maybe(moment())),
    ])
}
