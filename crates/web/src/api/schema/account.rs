//! Schemas of accounts and of codes that are handed out.

mod inventory;

use super::{day, flag, many, maybe, moment, number, object, open, text};
use serde_json::{Value, json};

/// The schemas by name.
pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let mut new = open(&[("people", many(text())), ("all", flag()), ("method", text()), ("proof", text())]);
    new["required"] = json!(["method", "proof"]);
    let mut delivery = open(&[("to", text()), ("way", text()), ("on", day())]);
    delivery["required"] = json!(["way", "on"]);
    let mut all = vec![
        ("NewCodes", new),
        ("Delivery", delivery),
        ("Proof", open(&[("proof", text())])),
        ("Ended", object(&[("ended", number())])),
        ("Codes", codes()),
        (
            "Accounts",
            object(&[
                ("accounts", many(row())),
                ("waiting", number()),
                ("outstanding", number()),
                ("methods", many(text())),
            ]),
        ),
        ("Account", object(&[("account", row()), ("sessions", number()), ("codes", many(code()))])),
    ];
    all.extend(inventory::schemas());
    all
}

fn row() -> Value {
    object(&[
        ("person", text()),
        ("name", text()),
        ("unit", text()),
        ("role", text()),
        ("login", maybe(text())),
        ("state", text()),
        ("until", maybe(moment())),
        ("last", maybe(moment())),
        ("waits", flag()),
        ("outstanding", maybe(text())),
    ])
}

fn code() -> Value {
    let delivery =
        object(&[("by", text()), ("to", text()), ("colleague", flag()), ("way", text()), ("on", day())]);
    object(&[
        ("id", text()),
        ("kind", text()),
        ("method", text()),
        ("by", text()),
        ("at", moment()),
        ("until", moment()),
        ("state", text()),
        ("over", maybe(moment())),
        ("outstanding", maybe(text())),
        ("ways", many(text())),
        ("delivery", maybe(delivery)),
    ])
}

fn codes() -> Value {
    let slip = object(&[
        ("person", text()),
        ("name", text()),
        ("login", text()),
        ("method", text()),
        ("until", moment()),
        ("apart", flag()),
        ("code", maybe(text())),
    ]);
    let refused = object(&[
        ("name", text()),
        ("code", text()),
        ("message", text()),
        ("remedy", text()),
        ("field", maybe(text())),
    ]);
    object(&[("codes", many(slip)), ("refused", many(refused)), ("left", number()), ("shown", flag())])
}
