//! Holding an answer against its question.
//!
//! What was not asked is dropped and reported; what is missing is reported; what has the wrong shape or
//! is about someone else is thrown away whole. No message repeats any text of the answer.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::wire::{WireAnswer, WireDoubt, WireItem, WireOutcome, WireSubject};
use crate::{Answer, Doubt, DoubtKind, GateError, ItemAnswer, ItemQuery, Question, Shape};

/// Longest code that a provider may give for a doubt, in bytes.
const CODE_MAX: usize = 40;

/// Reads the bytes of an answer and holds them against the question.
pub(crate) fn read(question: &Question, bytes: &[u8]) -> Result<Answer, GateError> {
    // The parser's own message could quote the answer, so only its position is passed on.
    let wire: WireAnswer = serde_json::from_slice(bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        malformed(format!("not the agreed JSON, line {line} column {column}"))
    })?;
    checked(question, wire)
}

/// Holds an answer against the question.
pub(crate) fn checked(question: &Question, wire: WireAnswer) -> Result<Answer, GateError> {
    if wire.request_id != question.request_id {
        return Err(malformed("it belongs to another request"));
    }
    if wire.subject != WireSubject::from(&question.subject) {
        return Err(malformed("it is about another subject"));
    }
    if wire.outcome == WireOutcome::NotFound {
        return if wire.items.is_empty() {
            Ok(Answer::NotFound)
        } else {
            Err(malformed("it says not found and carries items"))
        };
    }
    let mut doubts = Vec::new();
    let mut came = sort_by_item(question, wire.items, &mut doubts)?;
    let mut items = Vec::new();
    let mut missing = Vec::new();
    for asked in &question.items {
        match came.remove(asked.id.as_str()) {
            Some(item) => items.push(checked_item(asked, item, &mut doubts)?),
            None => missing.push(asked.id.clone()),
        }
    }
    for doubt in wire.doubts {
        doubts.push(declared(question, doubt)?);
    }
    if wire.outcome == WireOutcome::Doubtful && doubts.is_empty() {
        return Err(malformed("it says doubtful and does not say why"));
    }
    if !doubts.is_empty() {
        doubts.extend(missing.into_iter().map(|item| Doubt { item: Some(item), kind: DoubtKind::Missing }));
        return Ok(Answer::Doubtful { items, doubts });
    }
    if missing.is_empty() { Ok(Answer::Found { items }) } else { Ok(Answer::Partial { items, missing }) }
}

/// Puts the items that were asked under their ids; reports the others once, without their ids, which
/// are the provider's own text.
fn sort_by_item<'a>(
    question: &'a Question,
    items: Vec<WireItem>,
    doubts: &mut Vec<Doubt>,
) -> Result<BTreeMap<&'a str, WireItem>, GateError> {
    let mut came = BTreeMap::new();
    let mut unasked = false;
    for item in items {
        match question.items.iter().find(|asked| asked.id == item.item) {
            Some(asked) => {
                if came.insert(asked.id.as_str(), item).is_some() {
                    return Err(malformed("an item comes twice"));
                }
            }
            None => unasked = true,
        }
    }
    if unasked {
        doubts.push(Doubt { item: None, kind: DoubtKind::UnaskedItem });
    }
    Ok(came)
}

fn checked_item(asked: &ItemQuery, item: WireItem, doubts: &mut Vec<Doubt>) -> Result<ItemAnswer, GateError> {
    let fits = item.shape == asked.shape
        && match item.shape {
            Shape::List => item.verdict.is_none(),
            Shape::Verdict => item.rows.is_empty() && item.verdict.is_some(),
            Shape::Record | Shape::Fact => item.rows.len() <= 1 && item.verdict.is_none(),
        };
    if !fits {
        return Err(malformed("an item has another shape than was asked"));
    }
    if item.as_of.as_deref().is_some_and(|day| !is_iso_date(day)) {
        return Err(malformed("an item's day is not a date"));
    }
    let asked_fields: BTreeSet<&str> = asked.fields.iter().map(String::as_str).collect();
    let mut dropped = 0;
    let mut cleaned = false;
    let mut rows = Vec::with_capacity(item.rows.len());
    for row in item.rows {
        rows.push(checked_row(&asked_fields, row, &mut dropped, &mut cleaned)?);
    }
    if dropped > 0 {
        let kind = DoubtKind::UnaskedFields { count: dropped };
        doubts.push(Doubt { item: Some(asked.id.clone()), kind });
    }
    if cleaned {
        doubts.push(Doubt { item: Some(asked.id.clone()), kind: DoubtKind::ControlCharacters });
    }
    let (verdict, as_of) = (item.verdict, item.as_of);
    Ok(ItemAnswer { item: asked.id.clone(), shape: asked.shape, rows, verdict, as_of })
}

fn checked_row(
    asked: &BTreeSet<&str>,
    row: Map<String, Value>,
    dropped: &mut usize,
    cleaned: &mut bool,
) -> Result<BTreeMap<String, String>, GateError> {
    let mut kept = BTreeMap::new();
    for (field, value) in row {
        if !asked.contains(field.as_str()) {
            *dropped += 1;
            continue;
        }
        match value {
            Value::Null => {}
            Value::String(text) if text.chars().any(is_unprintable) => {
                *cleaned = true;
                kept.insert(field, text.chars().filter(|c| !is_unprintable(*c)).collect());
            }
            Value::String(text) => {
                kept.insert(field, text);
            }
            _ => return Err(malformed("a field's value is not text")),
        }
    }
    Ok(kept)
}

fn declared(question: &Question, doubt: WireDoubt) -> Result<Doubt, GateError> {
    let code_fits = !doubt.code.is_empty()
        && doubt.code.len() <= CODE_MAX
        && doubt.code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let item_fits =
        doubt.item.as_ref().is_none_or(|item| question.items.iter().any(|asked| asked.id == *item));
    if code_fits && item_fits {
        Ok(Doubt { item: doubt.item, kind: DoubtKind::Declared { code: doubt.code } })
    } else {
        Err(malformed("a doubt has no proper code or names an item that was not asked"))
    }
}

/// Control characters, and the marks that reorder text around them (Unicode Annex 9, explicit
/// formatting): a page could show another name than the record holds.
fn is_unprintable(c: char) -> bool {
    (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_iso_date(day: &str) -> bool {
    let bytes = day.as_bytes();
    let digits = |range: core::ops::Range<usize>| -> Option<u32> {
        bytes
            .get(range)?
            .iter()
            .try_fold(0, |sum, b| b.is_ascii_digit().then(|| sum * 10 + u32::from(b - b'0')))
    };
    bytes.len() == 10
        && bytes[4] == b'-'
        && bytes[7] == b'-'
        && digits(0..4).is_some()
        && digits(5..7).is_some_and(|month| (1..=12).contains(&month))
        && digits(8..10).is_some_and(|day| (1..=31).contains(&day))
}

fn malformed(what: impl Into<String>) -> GateError {
    GateError::Malformed(what.into())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::SubjectKey;

    fn question() -> Question {
        let item = |id: &str, shape, fields: &[&str]| ItemQuery {
            id: id.into(),
            shape,
            fields: fields.iter().map(|f| (*f).to_owned()).collect(),
        };
        Question {
            request_id: "R-7".into(),
            source: "s".into(),
            dataset: "d".into(),
            subject: SubjectKey::new("person", "K1"),
            request: BTreeMap::new(),
            items: vec![
                item("basic", Shape::Record, &["name", "town"]),
                item("kin", Shape::List, &["name"]),
                item("alive", Shape::Verdict, &[]),
                item("asked", Shape::Fact, &[]),
            ],
            deadline: Duration::from_secs(1),
        }
    }

    fn ask(outcome: &str, items: &str, doubts: &str) -> Result<Answer, GateError> {
        let text = format!(
            r#"{{"request_id":"R-7","subject":{{"kind":"person","value":"K1"}},
                "outcome":"{outcome}","items":[{items}],"doubts":[{doubts}]}}"#
        );
        read(&question(), text.as_bytes())
    }

    const BASIC: &str =
        r#"{"item":"basic","shape":"record","rows":[{"name":"甲","town":null}],"as_of":"2026-06-30"}"#;
    const KIN: &str = r#"{"item":"kin","shape":"list","rows":[{"name":"乙"},{"name":"丙"}]}"#;
    const ALIVE: &str = r#"{"item":"alive","shape":"verdict","verdict":true}"#;
    const ASKED: &str = r#"{"item":"asked","shape":"fact"}"#;

    #[test]
    fn a_complete_answer_is_found_in_the_order_of_the_question() {
        let answer = ask("found", &[ASKED, ALIVE, KIN, BASIC].join(","), "").expect("complete");
        let Answer::Found { items } = &answer else { panic!("{answer:?}") };
        let order: Vec<&str> = items.iter().map(|item| item.item.as_str()).collect();
        assert_eq!(order, ["basic", "kin", "alive", "asked"]);
        assert_eq!(items[0].rows[0].len(), 1, "a null field stays out");
        assert_eq!((items[2].verdict, answer.rows()), (Some(true), 3));
    }

    #[test]
    fn missing_items_make_it_partial() {
        let answer = ask("found", &[BASIC, ALIVE].join(","), "").expect("usable");
        let Answer::Partial { items, missing } = answer else { panic!("{answer:?}") };
        assert_eq!((items.len(), missing), (2, vec!["kin".to_owned(), "asked".to_owned()]));
    }

    #[test]
    fn what_was_not_asked_is_dropped_and_reported() {
        let extra = r#"{"item":"income","shape":"record","rows":[{"sum":"1"}]}"#;
        let kin = r#"{"item":"kin","shape":"list","rows":[{"name":"乙","debt":"9"},{"debt":"8"}]}"#;
        let answer = ask("found", &[BASIC, kin, ALIVE, extra].join(","), "").expect("usable");
        let Answer::Doubtful { items, doubts } = answer else { panic!("{answer:?}") };
        assert!(items.iter().all(|i| i.item != "income"));
        assert!(items.iter().flat_map(|i| &i.rows).all(|row| !row.contains_key("debt")));
        let of = |item: &str, kind| Doubt { item: Some(item.into()), kind };
        assert!(doubts.contains(&Doubt { item: None, kind: DoubtKind::UnaskedItem }));
        assert!(doubts.contains(&of("kin", DoubtKind::UnaskedFields { count: 2 })));
        assert!(doubts.contains(&of("asked", DoubtKind::Missing)));
    }

    #[test]
    fn declared_doubts_are_kept_and_control_characters_taken_out() {
        let basic = r#"{"item":"basic","shape":"record","rows":[{"name":"甲\u0007\u202e乙"}]}"#;
        let doubt = r#"{"item":"basic","code":"two-registers-differ"}"#;
        let answer = ask("doubtful", &[basic, KIN, ALIVE, ASKED].join(","), doubt).expect("usable");
        let Answer::Doubtful { items, doubts } = answer else { panic!("{answer:?}") };
        assert_eq!(items[0].rows[0]["name"], "甲乙");
        assert_eq!(doubts.len(), 2);
        assert_eq!(doubts[1].kind, DoubtKind::Declared { code: "two-registers-differ".into() });
    }

    #[test]
    fn unusable_answers_are_thrown_away_without_quoting_them() {
        let cases = [
            ("found", r#"{"item":"basic","shape":"list","rows":[{"name":"甲"}]}"#, ""),
            ("found", r#"{"item":"basic","shape":"record","rows":[{"name":"甲"},{"name":"甲"}]}"#, ""),
            ("found", r#"{"item":"alive","shape":"verdict"}"#, ""),
            ("found", r#"{"item":"asked","shape":"fact","verdict":true}"#, ""),
            ("found", r#"{"item":"basic","shape":"record","rows":[{"name":["甲"]}]}"#, ""),
            ("found", r#"{"item":"basic","shape":"record","as_of":"甲"}"#, ""),
            ("found", r#"{"item":"basic","shape":"record","as_of":"2026-13-01"}"#, ""),
            ("found", r#"{"item":"kin","shape":"list"},{"item":"kin","shape":"list"}"#, ""),
            ("not-found", BASIC, ""),
            ("doubtful", BASIC, ""),
            ("doubtful", BASIC, r#"{"code":"甲"}"#),
            ("甲", BASIC, ""),
            ("found", r#"{"item":"basic","shape":"甲"}"#, ""),
            ("found", r#"{"item":"basic""#, ""),
        ];
        for (outcome, items, doubts) in cases {
            match ask(outcome, items, doubts) {
                Err(GateError::Malformed(text)) => assert!(text.is_ascii(), "quotes the answer: {text}"),
                other => panic!("{outcome} {items} {doubts}: {other:?}"),
            }
        }
        assert_eq!(ask("not-found", "", ""), Ok(Answer::NotFound));
    }

    #[test]
    fn an_answer_to_another_request_or_about_another_subject_is_thrown_away() {
        for (id, value) in [("R-8", "K1"), ("R-7", "K2")] {
            let text = format!(
                r#"{{"request_id":"{id}","subject":{{"kind":"person","value":"{value}"}},
                "outcome":"not-found"}}"#
            );
            let answer = read(&question(), text.as_bytes());
            assert!(matches!(answer, Err(GateError::Malformed(_))), "{answer:?}");
        }
    }
}
