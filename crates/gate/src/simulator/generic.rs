//! Plausible answers for sources that are known from a pack alone: nothing but the question and a hash.

use super::population::{AS_OF, Population};
use super::random::Random;
use crate::Question;

/// Longest list that is made up.
const ROWS_MAX: u32 = 4;

/// Whether a source that this simulator makes up knows the subject: keys that end in 404 it does not.
pub(super) fn knows(question: &Question) -> bool {
    !question.subject.value.reveal().ends_with("404")
}

/// How many rows a made-up list has: one at least.
pub(super) fn rows(question: &Question, item: &str) -> u32 {
    stream(question, item, "rows").between(1, ROWS_MAX)
}

/// A made-up verdict.
pub(super) fn verdict(question: &Question, item: &str) -> bool {
    stream(question, item, "verdict").chance(50)
}

/// A made-up value that suits the field's id.
pub(super) fn value(
    population: &Population,
    question: &Question,
    item: &str,
    row: u32,
    field: &str,
) -> String {
    let mut random = stream(question, item, &format!("{row}/{field}"));
    let id = field.to_ascii_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| id.contains(part));
    let someone = |random: &mut Random| {
        let people = population.persons();
        &people[random.below(people.len() as u32) as usize]
    };
    if has(&["date", "day", "since", "until", "expir"]) || id.ends_with("-on") {
        super::build::day(&mut random, AS_OF.year - 12, AS_OF.year - 1).to_string()
    } else if has(&["name", "owner", "holder", "keeper", "master", "skipper", "contact"]) {
        someone(&mut random).name.clone()
    } else if has(&["address", "place", "location", "seat", "port"]) {
        population.households()[someone(&mut random).household].address()
    } else if has(&["year"]) {
        random.between(AS_OF.year - 40, AS_OF.year - 1).to_string()
    } else if has(&["share", "percent"]) {
        random.between(1, 100).to_string()
    } else if has(&["amount", "count", "area", "size", "weight", "price", "length", "tonnage", "sum", "days"])
    {
        random.between(1, 9_999).to_string()
    } else if has(&["status", "state", "kind", "class", "type", "grade", "category"]) {
        char::from(b'A' + random.below(4) as u8).to_string()
    } else {
        let letters: String = (0..2).map(|_| char::from(b'A' + random.below(26) as u8)).collect();
        format!("{letters}-{:05}", random.below(100_000))
    }
}

fn stream(question: &Question, item: &str, what: &str) -> Random {
    let Question { source, dataset, subject, .. } = question;
    // Unit separators keep the parts from running into one another.
    let label = [source, dataset, &subject.kind, subject.value.reveal(), item, what].join("\u{1f}");
    Random::of(0, &label)
}
