//! Schemas of consents and permissions.

use super::{day, flag, many, maybe, moment, number, object, open, refer, text};
use serde_json::{Value, json};

/// The schemas by name.
pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let consent = object(&[
        ("id", text()),
        ("unit", text()),
        ("by", text()),
        ("from", day()),
        ("until", maybe(day())),
        ("in_force", flag()),
    ]);
    let permission = object(&[
        ("id", text()),
        ("person", text()),
        ("unit", text()),
        ("items", many(text())),
        ("application", maybe(text())),
        ("formerly", maybe(text())),
        ("follows", maybe(text())),
        ("from", day()),
        ("until", maybe(day())),
        ("state", text()),
        ("stop", flag()),
    ]);
    let person = object(&[
        ("person", text()),
        ("unit", text()),
        ("role", text()),
        ("permission", maybe(text())),
        ("uses", maybe(many(text()))),
    ]);
    let reach = object(&[
        ("item", text()),
        ("tied", flag()),
        ("clause", maybe(refer("Clause"))),
        ("people", many(person)),
    ]);
    let telling = object(&[
        ("provider", text()),
        ("items", many(text())),
        ("for_now", flag()),
        ("due", day()),
        ("tries", number()),
        ("told", maybe(moment())),
        ("late", flag()),
    ]);
    let whole = object(&[
        ("permission", refer("Permission")),
        ("opens", many(object(&[("item", text()), ("uses", maybe(many(text())))]))),
        ("line", many(refer("Permission"))),
        ("application", maybe(refer("Application"))),
        ("clause", maybe(refer("Clause"))),
        ("months", maybe(number())),
        ("renewable", maybe(day())),
        ("restorable", flag()),
        ("renewable_ruled", flag()),
        ("told", many(telling)),
    ]);
    let mut stop = open(&[("reason", text()), ("proof", text())]);
    stop["required"] = json!(["reason"]);
    vec![
        ("NewConsent", open(&[("until", text()), ("case", text()), ("basis", text())])),
        ("StopPermission", stop),
        ("Consent", consent),
        ("Consents", object(&[("consents", many(refer("Consent")))])),
        ("Permission", permission),
        ("Permissions", object(&[("permissions", many(refer("Permission"))), ("reach", reach)])),
        ("PermissionWhole", whole),
    ]
}
