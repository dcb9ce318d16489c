//! Schemas of versions of a rule.

use super::{day, many, maybe, number, object, open, text};
use serde_json::Value;

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let counted = || many(object(&[("what", text()), ("n", number())]));
    let reason = object(&[("reason", text()), ("clause", maybe(text())), ("n", number())]);
    let unit = object(&[("unit", text()), ("n", number())]);
    let record = object(&[("code", text()), ("turn", text())]);
    vec![
        ("Weigh", open(&[("before", number())])),
        (
            "Affected",
            object(&[
                ("version", text()),
                ("from", maybe(day())),
                ("to", maybe(day())),
                ("decided", number()),
                ("otherwise", number()),
                ("people", number()),
                ("turns", counted()),
                ("reasons", many(reason)),
                ("units", many(unit)),
                ("records", many(record)),
                ("untold", counted()),
                ("unreadable", number()),
                ("permissions", number()),
                ("posts", number()),
                ("earlier", maybe(number())),
            ]),
        ),
    ]
}
