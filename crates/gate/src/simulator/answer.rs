//! The pure part of the simulator: what it answers to a question in a mood.

use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value};

use super::fields::Source;
use super::generic;
use super::mood::{Mood, Outage, Wrong};
use super::person::Status;
use super::population::{AS_OF, Population};
use crate::wire::{WireAcknowledged, WireAnswer, WireDoubt, WireEnded, WireItem, WireOutcome, WireSubject};
use crate::{ItemQuery, Question, Shape};

/// What the simulator does with a question.
pub struct Reply {
    /// How long it waits first.
    pub delay: Duration,
    /// What it then does.
    pub act: Act,
}

/// The last act of a reply.
pub enum Act {
    /// Sends these bytes as its answer.
    Send(Vec<u8>),
    /// Says that it is out of service.
    Unavailable,
    /// Closes the connection without a word.
    HangUp,
}

/// What an item is about, by its id.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Topic {
    Members,
    Kin,
    Moves,
    Service,
    Own,
}

/// Answers the question.
///
/// A subject of the population is answered from it; the ids of items choose between the person, the
/// members of the household, relatives, moves and conscription, the ids of fields choose the values.
/// Everything else is made up from a hash of the question, so that a source known only from a pack works.
#[must_use]
pub fn answer(population: &Population, question: &Question, mood: &Mood) -> Reply {
    let act = match mood {
        Mood::Down { how: Outage::Unavailable } => Act::Unavailable,
        Mood::Down { how: Outage::HangUp } => Act::HangUp,
        Mood::Wrong { how } => Act::Send(wrong(population, question, *how)),
        Mood::Normal | Mood::Slow { .. } => Act::Send(bytes(&truth(population, question))),
        Mood::Half => {
            let mut truth = truth(population, question);
            truth.items.truncate(question.items.len() / 2);
            Act::Send(bytes(&truth))
        }
        Mood::Doubtful => {
            let mut truth = truth(population, question);
            if truth.outcome != WireOutcome::NotFound {
                truth.outcome = WireOutcome::Doubtful;
                let item = truth.items.first().map(|item| item.item.clone());
                truth.doubts.push(WireDoubt { item, code: "registers-differ".into() });
            }
            Act::Send(bytes(&truth))
        }
    };
    Reply { delay: mood.delay(), act }
}

/// What it says to a message that a right has ended. Half an answer and doubts are none of its moods then.
pub(super) fn acknowledgement(ended: &WireEnded, mood: &Mood) -> Reply {
    let own = WireAcknowledged {
        request_id: ended.request_id.clone(),
        account: ended.account.clone(),
        acknowledged: true,
    };
    let act = match mood {
        Mood::Down { how: Outage::Unavailable } => Act::Unavailable,
        Mood::Down { how: Outage::HangUp } => Act::HangUp,
        Mood::Wrong { how: Wrong::OtherPerson | Wrong::Extra } => {
            Act::Send(bytes(&WireAcknowledged { account: "somebody-else".into(), ..own }))
        }
        Mood::Wrong { how: Wrong::Shape } => {
            Act::Send(bytes(&WireAcknowledged { acknowledged: false, ..own }))
        }
        Mood::Wrong { how: Wrong::Malformed } => {
            let mut broken = bytes(&own);
            broken.truncate(broken.len() / 2);
            Act::Send(broken)
        }
        Mood::Wrong { how: Wrong::Huge } => {
            let mut huge = bytes(&own);
            huge.resize(2 * 1024 * 1024, b' ');
            huge.push(b'x');
            Act::Send(huge)
        }
        Mood::Normal | Mood::Slow { .. } | Mood::Half | Mood::Doubtful => Act::Send(bytes(&own)),
    };
    Reply { delay: mood.delay(), act }
}

fn bytes(answer: &impl Serialize) -> Vec<u8> {
    // Text, numbers and lists of them always serialise.
    serde_json::to_vec(answer).unwrap_or_default()
}

fn wrong(population: &Population, question: &Question, how: Wrong) -> Vec<u8> {
    let mut truth = truth(population, question);
    match how {
        Wrong::OtherPerson => {
            let held = question.subject.value.reveal();
            let other = population
                .persons()
                .iter()
                .find_map(|person| person.number.as_ref().filter(|number| number.reveal() != held));
            let mut asked = question.clone();
            if let Some(number) = other {
                asked.subject.value = number.clone();
            }
            truth = self::truth(population, &asked);
        }
        Wrong::Malformed => {
            let mut broken = bytes(&truth);
            broken.truncate(broken.len() * 2 / 3);
            return broken;
        }
        Wrong::Extra => {
            let extra = || [("unasked".to_owned(), Value::from("x"))].into_iter().collect::<Map<_, _>>();
            for row in truth.items.iter_mut().flat_map(|item| &mut item.rows) {
                row.extend(extra());
            }
            let item = "unasked".to_owned();
            let rows = vec![extra()];
            truth.items.push(WireItem { item, shape: Shape::Record, rows, verdict: None, as_of: None });
            truth.outcome = WireOutcome::Found;
        }
        Wrong::Shape => {
            for item in &mut truth.items {
                item.shape = if item.shape == Shape::Verdict { Shape::Fact } else { Shape::Verdict };
            }
        }
        Wrong::Huge => {
            let mut huge = bytes(&truth);
            huge.resize(2 * 1024 * 1024, b' ');
            return huge;
        }
    }
    bytes(&truth)
}

/// The right answer.
fn truth(population: &Population, question: &Question) -> WireAnswer {
    let subject = WireSubject::from(&question.subject);
    let mut answer = WireAnswer {
        request_id: question.request_id.clone(),
        subject,
        outcome: WireOutcome::NotFound,
        items: Vec::new(),
        doubts: Vec::new(),
    };
    let holders = holders(population, question);
    let known = match holders.first() {
        Some(index) => !question
            .items
            .iter()
            .all(|item| topic(item) == Topic::Service && population.persons()[*index].conscription.is_none()),
        None => !is_register(question) && generic::knows(question),
    };
    if !known {
        return answer;
    }
    answer.outcome = WireOutcome::Found;
    answer.items =
        question.items.iter().map(|item| one_item(population, question, holders.first(), item)).collect();
    if holders.len() > 1 {
        answer.outcome = WireOutcome::Doubtful;
        answer.doubts.push(WireDoubt { item: None, code: "number-held-twice".into() });
    }
    answer
}

/// Whom the key may mean: the holders of a number, or the head of a household.
fn holders(population: &Population, question: &Question) -> Vec<usize> {
    let key = question.subject.value.reveal();
    let holders = population.holders(key);
    if !holders.is_empty() {
        return holders.to_vec();
    }
    population.household(key).and_then(|home| home.members.first().copied()).into_iter().collect()
}

/// Whether the question goes to the register of persons: then a key that nobody holds is not found.
fn is_register(question: &Question) -> bool {
    let key = question.subject.value.reveal().as_bytes();
    let has_form = key.len() == 10 && key[0].is_ascii_uppercase() && key[2..].iter().all(u8::is_ascii_digit);
    let words = ["basic", "household", "kin", "move", "conscript", "resid", "regist"];
    let ids = question.items.iter().map(|item| &item.id).chain([&question.dataset, &question.source]);
    has_form && ids.into_iter().any(|id| words.iter().any(|word| id.contains(word)))
}

fn topic(item: &ItemQuery) -> Topic {
    let has = |parts: &[&str]| parts.iter().any(|part| item.id.contains(part));
    if has(&["conscript", "military", "service", "draft"]) {
        Topic::Service
    } else if item.shape != Shape::List {
        Topic::Own
    } else if has(&["kin", "relative", "family"]) {
        Topic::Kin
    } else if has(&["move", "migration"]) {
        Topic::Moves
    } else if has(&["household", "member"]) {
        Topic::Members
    } else {
        Topic::Own
    }
}

fn one_item(
    population: &Population,
    question: &Question,
    holder: Option<&usize>,
    item: &ItemQuery,
) -> WireItem {
    let mut answer = WireItem {
        item: item.id.clone(),
        shape: item.shape,
        rows: Vec::new(),
        verdict: None,
        as_of: Some(AS_OF.to_string()),
    };
    match item.shape {
        Shape::Fact => {
            // Whatever fields are asked for, a fact says no more than when: its day is the register's.
            let days = item.fields.iter().filter(|field| field.ends_with("-on") || field.contains("date"));
            let row: Map<_, _> = days.map(|day| (day.clone(), Value::from(AS_OF.to_string()))).collect();
            answer.rows.extend((!row.is_empty()).then_some(row));
        }
        Shape::Verdict => {
            let known = holder.and_then(|index| verdict(population, *index, &item.id));
            answer.verdict = Some(known.unwrap_or_else(|| generic::verdict(question, &item.id)));
        }
        Shape::Record | Shape::List => {
            let sources: Vec<Option<Source>> = match holder {
                Some(index) => sources(population, *index, item).into_iter().map(Some).collect(),
                None if item.shape == Shape::Record => vec![None],
                None => (0..generic::rows(question, &item.id)).map(|_| None).collect(),
            };
            for (row, source) in (0..).zip(sources) {
                let value = |field: &String| {
                    let known = source.and_then(|source| source.value(field));
                    known.unwrap_or_else(|| Some(generic::value(population, question, &item.id, row, field)))
                };
                let fields = item.fields.iter().map(|field| (field.clone(), Value::from(value(field))));
                answer.rows.push(fields.collect());
            }
        }
    }
    answer
}

/// The rows of an item about somebody of the population.
fn sources<'a>(population: &'a Population, index: usize, item: &ItemQuery) -> Vec<Source<'a>> {
    let person = &population.persons()[index];
    let own = Source::of(population, person);
    let other = |index: usize| Source::of(population, &population.persons()[index]);
    match topic(item) {
        Topic::Own => vec![own],
        Topic::Service => {
            let record = person.conscription.as_ref();
            record.map(|record| Source { service: Some(record), ..own }).into_iter().collect()
        }
        Topic::Moves => person.moves.iter().map(|one| Source { movement: Some(one), ..own }).collect(),
        Topic::Members => {
            let members = &population.households()[person.household].members;
            let is_current = |member: usize| population.persons()[member].status == Status::Current;
            let stays = members.iter().filter(|member| **member == index || is_current(**member));
            stays.map(|member| other(*member)).collect()
        }
        Topic::Kin => {
            let kin = population.relatives(index).into_iter();
            kin.map(|(index, relation)| {
                let degree = degree(population, person, index);
                Source { relation, degree, ..other(index) }
            })
            .collect()
        }
    }
}

/// Degree of kinship by the Civil Code, article 968: one a generation; siblings are in the second, and a
/// spouse is in none.
fn degree(population: &Population, person: &super::person::Person, other: usize) -> Option<u32> {
    if person.spouse == Some(other) {
        return None;
    }
    let is_parent = person.father == Some(other) || person.mother == Some(other);
    let other = &population.persons()[other];
    let is_sibling = other.father.is_some() && other.father == person.father
        || other.mother.is_some() && other.mother == person.mother;
    Some(if !is_parent && is_sibling { 2 } else { 1 })
}

/// Verdicts about somebody of the population that follow from the record.
fn verdict(population: &Population, index: usize, id: &str) -> Option<bool> {
    let person = &population.persons()[index];
    let has = |part: &str| id.contains(part);
    Some(if has("alive") {
        !matches!(person.status, Status::Dead(_))
    } else if has("deceased") || has("dead") {
        matches!(person.status, Status::Dead(_))
    } else if has("resident") || has("registered") || has("current") {
        person.status == Status::Current
    } else if has("married") {
        person.spouse.is_some()
    } else if has("protected") {
        person.protected
    } else if has("indigenous") {
        person.indigenous.is_some()
    } else {
        return None;
    })
}
