//! Schemas of links.

use super::{day, flag, many, maybe, moment, object, open, refer, text};
use serde_json::{Value, json};

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let mut test = open(&[("passed", flag()), ("on", day()), ("note", text())]);
    test["required"] = json!(["passed", "on", "note"]);
    let mut end = open(&[("on", day()), ("note", text())]);
    end["required"] = json!(["note"]);
    let verdict = object(&[("link", text()), ("keep", flag()), ("note", text())]);
    let said = object(&[("keep", flag()), ("note", text()), ("by", text()), ("at", moment())]);
    vec![
        ("LinkTest", test),
        ("LinkEnd", end),
        ("LinkNeed", object(&[("note", text())])),
        ("LinkReview", object(&[("links", many(verdict))])),
        ("Links", object(&[("links", many(refer("Link"))), ("reviews", many(text()))])),
        ("Link", link()),
        (
            "LinkDetail",
            object(&[
                ("link", refer("Link")),
                ("parties", json!({ "type": "object", "additionalProperties": text() })),
                ("application", maybe(text())),
                ("former", maybe(text())),
                ("passed", maybe(flag())),
                ("tested_on", maybe(day())),
                ("reviews", many(said)),
                ("earliest_end", day()),
            ]),
        ),
    ]
}

fn link() -> Value {
    object(&[
        ("code", text()),
        ("datasets", many(text())),
        ("provider", text()),
        ("officer", text()),
        ("from", day()),
        ("until", maybe(day())),
        ("used", maybe(day())),
        ("state", text()),
        ("why", maybe(text())),
        ("taken_over", flag()),
    ])
}
