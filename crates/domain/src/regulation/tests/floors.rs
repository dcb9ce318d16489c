//! Own rule and parent floor; several versions at once.

use alloc::sync::Arc;

use jiff::civil::date;

use super::super::kinds::vocabulary::RecordKind;
use super::super::{Catalogue, ClauseId, Digest, Kind, Situation, Value};
use super::*;

const FLOOR: &str = r#"schema = 1

[pack]
id = "ministry"
version = "1"
title = "部頒辦法"
title_en = "Ministry rule"
short_title = "部辦法"
short_title_en = "Ministry rule"
issuer = "部"
issuer_en = "Ministry"
effective_from = 2023-01-01
effective_to = 2024-12-31

[[clause]]
id = "9"
cite = "第九條"
gist = "每半年稽核，紀錄保存五年。"
gist_en = "Audit every half year; keep records five years."
met = "enforced"

[[control]]
id = "log"
kind = "retention"
clauses = ["9"]
record = "lookup-log"
at_least_years = 5

[[control]]
id = "audit"
kind = "programme"
clauses = ["9"]
word = { zh = "稽核", en = "Audit" }
schedule = { every = 6, unit = "month" }
scope = ["records"]

[[control]]
id = "lockout"
kind = "lockout"
clauses = ["9"]
tries = 5
"#;

const OWN: &str = r#"
[[control]]
id = "own-log"
kind = "retention"
clauses = ["2"]
record = "lookup-log"
at_least_years = 3

[[control]]
id = "own-sheets"
kind = "retention"
clauses = ["2"]
record = "record-sheet"
at_least_years = 3

[[control]]
id = "own-audit"
kind = "programme"
clauses = ["2"]
word = { zh = "查核", en = "Check" }
schedule = { every = 1, unit = "year" }
scope = ["accounts"]
"#;

fn floor(text: &str) -> Pack {
    good(load(&[Source { path: "pack.toml", text }]))
}

fn own() -> Pack {
    let text = format!("{PACK}{OWN}").replace("version = \"1\"", "version = \"1\"\nparent = \"ministry\"");
    good(load(&[Source { path: "pack.toml", text: &text }, Source { path: "forms/slip.toml", text: FORM }]))
}

#[test]
fn the_stricter_of_own_rule_and_floor_holds_and_both_are_shown() {
    let pack = own().with_floor(Arc::new(floor(FLOOR))).unwrap();
    let everywhere = Situation::default();
    let log = pack.retention(RecordKind::LookupLog).unwrap();
    assert_eq!(log.value.at_least_years, Some(5));
    assert_eq!(log.raised, ["at_least_years"]);
    assert_eq!(log.clauses, [ClauseId::new("harbour", "2"), ClauseId::new("ministry", "9")]);
    let sheets = pack.retention(RecordKind::RecordSheet).unwrap();
    assert_eq!((sheets.value.at_least_years, sheets.raised.len()), (Some(3), 0));
    let years = pack.effective_of(pack.control("own-log").unwrap(), "at_least_years", &everywhere).unwrap();
    assert_eq!((years.own, years.floor), (Some(Value::Integer(3)), Some(Value::Integer(5))));
    assert_eq!((years.effective, years.raised), (Value::Integer(5), true));
    assert_eq!(years.clauses, [ClauseId::new("ministry", "9")]);
}

#[test]
fn an_audit_takes_the_shorter_period_and_the_wider_scope() {
    let pack = own().with_floor(Arc::new(floor(FLOOR))).unwrap();
    let audits = pack.ruled(Kind::Programme, &Situation::default());
    assert_eq!(audits.len(), 1);
    assert_eq!(audits[0].raised, ["schedule", "scope"]);
    assert_eq!(audits[0].value.texts("scope"), ["accounts", "records"]);
    assert_eq!(audits[0].value.words("word").unwrap().en.as_ref(), "Check");
}

#[test]
fn where_the_rule_has_no_such_control_the_floor_speaks() {
    let pack = own().with_floor(Arc::new(floor(FLOOR))).unwrap();
    let lockout = pack.lockout().unwrap();
    assert_eq!((lockout.value.tries, lockout.control.as_str()), (Some(5), "ministry/lockout"));
    assert_eq!(lockout.clauses, [ClauseId::new("ministry", "9")]);
    assert!(own().lockout().is_none());
}

#[test]
fn a_floor_must_be_the_one_that_is_named() {
    let error = good(edited(&[])).with_floor(Arc::new(floor(FLOOR))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "pack.toml:3: `ministry` is not the parent of `harbour`. \
         Name it as `parent` in the header, or lay another floor."
    );
}

#[test]
fn the_version_in_force_stands_on_the_floor_in_force() {
    let later = FLOOR
        .replace("version = \"1\"", "version = \"2\"")
        .replace("effective_from = 2023-01-01\neffective_to = 2024-12-31", "effective_from = 2025-01-01")
        .replace("at_least_years = 5", "at_least_years = 10");
    let second = own();
    let mut amended = own();
    amended.header.version = "2".into();
    amended.header.effective_from = Some(date(2026, 1, 1));
    let digest = |n: u8| Digest([n; 32]);
    let catalogue = Catalogue::new([
        (digest(1), second),
        (digest(2), amended),
        (digest(3), floor(FLOOR)),
        (digest(4), floor(&later)),
    ])
    .unwrap();
    let on = |year: i16| catalogue.in_force("harbour", date(year, 6, 1));
    let years = |pack: &Pack| pack.retention(RecordKind::LookupLog).unwrap().value.at_least_years;
    assert!(on(2023).is_none());
    assert_eq!(on(2024).map(|pack| (pack.digest, years(&pack))), Some((Some(digest(1)), Some(5))));
    assert_eq!(on(2025).map(|pack| (pack.digest, years(&pack))), Some((Some(digest(1)), Some(10))));
    assert_eq!(on(2026).map(|pack| (pack.digest, years(&pack))), Some((Some(digest(2)), Some(10))));
    assert_eq!(years(&catalogue.by_digest(digest(1)).unwrap()), Some(3));
    assert_eq!(years(&catalogue.on_floor(digest(1), digest(3)).unwrap()), Some(5));
    assert!(catalogue.on_floor(digest(1), digest(9)).is_none());
}

#[test]
fn a_field_keeps_its_type_over_all_versions() {
    let first = good(edited(&[]));
    let second =
        good(edited(&[("version = \"1\"", "version = \"2\""), ("type = \"text\"", "type = \"number\"")]));
    let error = Catalogue::new([(Digest([1; 32]), first), (Digest([2; 32]), second)]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "forms/slip.toml:7: clause harbour/2: the field `reason` is `number` here and `text` in version 1. \
         Give the field of the other type an id of its own."
    );
}
