//! The rows that a story left behind, compared between two stores: equal in everything but what is drawn at
//! random, and that stands in the same places.

use std::collections::{BTreeMap, BTreeSet};
use std::mem::take;
use store::{Store, Table, Value};

/// Columns of text in which something random may stand: identifiers, keys of forms, names of nodes and
/// bundles, names of sealed values and tags under random keys, salts. Every other text, number and time is
/// compared as it is.
const RANDOM: &[(&str, &[&str])] = &[
    ("absence", &["id"]),
    ("account", &["password_hash", "totp"]),
    ("application", &["answers"]),
    ("application_question", &["id", "words", "opinion"]),
    ("application_attachment", &["id", "name", "content"]),
    ("application_stamp", &["note"]),
    ("application_version", &["answers"]),
    ("assignment", &["id"]),
    ("case_file", &["id"]),
    ("case_party", &["case_id", "sealed", "subject_tag"]),
    ("checkpoint", &["note"]),
    ("consent", &["id"]),
    ("contract", &["id"]),
    ("contract_person", &["contract"]),
    ("decision", &["id", "sealed", "detail"]),
    ("delegation", &["id", "words"]),
    ("duty", &["id", "about", "note"]),
    ("duty_attachment", &["id", "name", "content"]),
    ("enrolment", &["id", "code_hash"]),
    ("failure_count", &["bundle"]),
    ("handing", &["enrolment"]),
    ("handover", &["id"]),
    ("inventory_unit", &["hash"]),
    ("inventory_verdict", &["note"]),
    ("idempotency", &["key", "request"]),
    ("lease", &["holder"]),
    ("letter", &["duty"]),
    ("letter_setting", &["address"]),
    ("link", &["tested_note"]),
    ("link_review", &["note"]),
    ("log_leaf", &["body"]),
    ("lookup", &["case_id", "note", "sheet", "subject_tag"]),
    ("outbox", &["id"]),
    ("parked", &["lookup", "secret_hash"]),
    ("password_before", &["password_hash"]),
    ("permission", &["id", "follows"]),
    ("person", &["number_sealed", "number_tag"]),
    ("refusal_count", &["bundle"]),
    ("revision", &["key"]),
    ("sealed", &["id", "body"]),
    ("session", &["assignment", "id_hash", "data"]),
    ("separation_exception", &["id", "words"]),
    ("telling", &["id", "permission"]),
    ("telling_pace", &["id"]),
    ("workstation", &["id"]),
];

/// Letters of the shortest random text: 128 bits in Base64, as salts are written. Identifiers, hashes and
/// tags are hexadecimal and longer, secrets of second factors Base32 and longer.
const SHORTEST: usize = 22;

/// What the entries about judging a row say of the draw, and the grounds that they keep. Which rows the
/// ledger's head draws hangs on hashes over random keys.
const CHANCE: [(&str, &str); 2] = [("drawn\":", "01"), ("marked\\\":", "truefalse")];

/// What a value is made of.
#[derive(Clone)]
enum Part {
    /// What both stores must say alike.
    Plain(String),
    /// What may be random: a word, or bytes in hexadecimal.
    Word(String),
}

/// The rows of one store.
pub struct Rows(Vec<Table>);

impl Rows {
    /// All rows of a store, once its newest entries are signed. What is sealed is opened, for its words count
    /// as well, and Chinese ones most.
    pub fn of(store: &Store) -> Self {
        for log in store.read(|read| read.log_names()).unwrap() {
            store.publish_now(&log).unwrap();
        }
        let mut tables = store.dump().unwrap();
        let sealed = tables.iter_mut().find(|table| table.name == "sealed").unwrap();
        let place = |name: &str| sealed.columns.iter().position(|column| column == name).unwrap();
        let (id, body) = (place("id"), place("body"));
        let opened = store.read(|read| {
            for row in &mut sealed.rows {
                let Value::Text(id) = &row[id] else { continue };
                row[body] = Value::from(read.unseal(id)?.expose());
            }
            Ok(())
        });
        opened.unwrap();
        Self(tables)
    }
}

/// Fails unless two stores hold the same rows.
pub fn compare(one: &Rows, other: &Rows) {
    let mut sides = [one, other].map(Side::of);
    // What may be random and yet stands in both stores is not random.
    let shared: BTreeSet<String> = sides[0].words().intersection(&sides[1].words()).cloned().collect();
    for side in &mut sides {
        side.keep(&shared);
        side.name();
    }
    let [one, other] = sides.map(|side| side.lines());
    for (table, rows) in &one {
        let difference = difference(rows, &other[table]);
        assert!(difference.is_empty(), "table {table} differs:\n{}", difference.join("\n"));
    }
    assert_eq!(one.len(), other.len());
}

/// The rows of one store, on their way to be compared.
struct Side {
    /// The parts of each row, table by table.
    tables: BTreeMap<String, Vec<Vec<Part>>>,
    /// Random words that were recognised by where they stand, numbered in the order in which they were.
    named: BTreeMap<String, usize>,
}

impl Side {
    fn of(rows: &Rows) -> Self {
        let row = |table: &Table, row: &Vec<Value>| {
            let cells = table.columns.iter().zip(row);
            cells.flat_map(|(column, value)| cell(&table.name, column, value)).collect()
        };
        let table = |table: &Table| {
            let rows = table.rows.iter().map(|cells| row(table, cells));
            (table.name.clone(), rows.collect())
        };
        Self { tables: rows.0.iter().map(table).collect(), named: BTreeMap::new() }
    }

    fn words(&self) -> BTreeSet<String> {
        let parts = self.tables.values().flatten().flatten();
        parts.filter_map(|part| if let Part::Word(word) = part { Some(word.clone()) } else { None }).collect()
    }

    fn keep(&mut self, shared: &BTreeSet<String>) {
        for part in self.tables.values_mut().flatten().flatten() {
            if let Part::Word(word) = part
                && shared.contains(word)
            {
                *part = Part::Plain(take(word));
            }
        }
    }

    /// Numbers random words. A row that is like no other of its table is the same one in both stores, so its
    /// words are known by their places; that makes other rows unlike each other in which they stand again.
    fn name(&mut self) {
        let mut before = usize::MAX;
        while take(&mut before) != self.named.len() {
            before = self.named.len();
            for rows in self.tables.values() {
                // A row without unknown words is like none that has some.
                let unknown =
                    |part: &Part| matches!(part, Part::Word(word) if !self.named.contains_key(word));
                let rows = rows.iter().filter(|row| row.iter().any(unknown));
                let mut lines: Vec<(String, &Vec<Part>)> =
                    rows.map(|row| (line(row, &self.named), row)).collect();
                lines.sort_by(|one, other| one.0.cmp(&other.0));
                let alone = lines.chunk_by(|one, other| one.0 == other.0).filter(|same| same.len() == 1);
                for part in alone.flat_map(|same| same[0].1) {
                    let next = self.named.len();
                    if let Part::Word(word) = part {
                        self.named.entry(word.clone()).or_insert(next);
                    }
                }
            }
        }
    }

    fn lines(self) -> BTreeMap<String, Vec<String>> {
        let lines = |rows: &Vec<Vec<Part>>| {
            let mut lines: Vec<String> = rows.iter().map(|row| line(row, &self.named)).collect();
            lines.sort_unstable();
            lines
        };
        self.tables.iter().map(|(table, rows)| (table.clone(), lines(rows))).collect()
    }
}

/// A row in words: of what is random, the length, and its number if it has one.
fn line(row: &[Part], named: &BTreeMap<String, usize>) -> String {
    let part = |part: &Part| match part {
        Part::Plain(text) => text.clone(),
        Part::Word(word) => match named.get(word) {
            Some(number) => format!("<{} {number}>", word.len()),
            None => format!("<{} ?>", word.len()),
        },
    };
    row.iter().map(part).collect()
}

fn cell(table: &str, column: &str, value: &Value) -> Vec<Part> {
    let random = RANDOM.iter().any(|(name, columns)| *name == table && columns.contains(&column));
    let mut parts = vec![Part::Plain(format!(" {column}="))];
    match value {
        Value::Null => parts.push(Part::Plain("null".into())),
        Value::Int(number) => parts.push(Part::Plain(number.to_string())),
        Value::Text(text) if random => parts.extend(words(&without_chance(text))),
        Value::Text(text) => parts.push(Part::Plain(text.clone())),
        // The one column of bytes that is text.
        Value::Bytes(bytes) if random => {
            parts.extend(words(&without_chance(std::str::from_utf8(bytes).unwrap())));
        }
        // All others are hashes over random things, wrapped keys, nonces and ciphertext.
        Value::Bytes(bytes) => {
            parts.push(Part::Word(bytes.iter().map(|byte| format!("{byte:02x}")).collect()));
        }
    }
    parts
}

/// The text without what chance decides in it.
fn without_chance(text: &str) -> String {
    CHANCE.iter().fold(text.to_owned(), |text, (name, values)| {
        let mut pieces = text.split(name);
        let first = pieces.next().unwrap_or_default().to_owned();
        pieces.fold(first, |whole, piece| whole + *name + piece.trim_start_matches(|c| values.contains(c)))
    })
}

/// Cuts a text where long words begin and end.
fn words(text: &str) -> Vec<Part> {
    let of_word = |c: char| c.is_ascii_alphanumeric() || c == '+' || c == '/';
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c| of_word(c) != of_word(first)).unwrap_or(rest.len());
        let (part, tail) = rest.split_at(end);
        let long = of_word(first) && part.len() >= SHORTEST;
        parts.push(if long { Part::Word(part.into()) } else { Part::Plain(part.into()) });
        rest = tail;
    }
    parts
}

/// The lines that one of two sorted lists has and the other has not.
fn difference(one: &[String], other: &[String]) -> Vec<String> {
    let count = |lines: &[String]| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        lines.iter().for_each(|line| *counts.entry(line.clone()).or_default() += 1);
        counts
    };
    let (one, other) = (count(one), count(other));
    let only = |side: &str, these: &BTreeMap<String, usize>, those: &BTreeMap<String, usize>| {
        let more = these.iter().filter(|(line, n)| those.get(*line).unwrap_or(&0) < *n);
        more.map(|(line, _)| format!("{side}:{line}")).take(8).collect::<Vec<_>>()
    };
    [only("SQLite", &one, &other), only("PostgreSQL", &other, &one)].concat()
}

/// A store with one case, given what is random in it.
#[cfg(test)]
fn sample(case: &str, tag: &str, name: &str) -> Rows {
    let table = |name: &str, columns: &[&str], rows: Vec<Vec<Value>>| Table {
        name: name.into(),
        columns: columns.iter().map(ToString::to_string).collect(),
        rows,
    };
    let number = Value::from(1_i64);
    let party = vec![Value::from(case), number.clone(), Value::from(tag)];
    let mut twins = vec![vec![Value::from(tag), Value::Null], vec![Value::from(case), Value::Null]];
    twins.sort();
    Rows(vec![
        table("case_file", &["id", "at", "number"], vec![vec![Value::from(case), number, Value::from(name)]]),
        table("case_party", &["case_id", "n", "subject_tag"], vec![party]),
        table("consent", &["id", "basis"], twins),
    ])
}

#[test]
fn rows_that_differ_in_chance_alone_are_the_same() {
    let (a, b, c, d) = ("0a".repeat(16), "b1".repeat(16), "2c".repeat(16), "d3".repeat(16));
    compare(&sample(&a, &b, "霧丸"), &sample(&a, &b, "霧丸"));
    compare(&sample(&a, &b, "霧丸"), &sample(&d, &c, "霧丸"));
    compare(&sample(&format!("ca-{a}"), &b, "霧丸"), &sample(&format!("ca-{d}"), &c, "霧丸"));
}

#[test]
fn rows_that_differ_in_anything_else_are_not() {
    let (a, b, c, d) = ("0a".repeat(16), "b1".repeat(16), "2c".repeat(16), "d3".repeat(16));
    let differ = |one: &Rows, other: &Rows| {
        std::panic::catch_unwind(|| compare(one, other)).unwrap_err();
    };
    let good = || sample(&a, &b, "霧丸");
    differ(&good(), &sample(&d, &c, "霧凡"));
    differ(&good(), &sample(&d, &d, "霧丸"));
    differ(&good(), &sample(&format!("ca-{d}"), &c, "霧丸"));
    differ(&good(), &sample(&d[..30], &c, "霧丸"));
    let change = |change: fn(&mut Vec<Table>)| {
        let mut other = sample(&d, &c, "霧丸");
        change(&mut other.0);
        differ(&good(), &other);
    };
    change(|tables| tables[0].rows[0][1] = Value::from(2_i64));
    change(|tables| tables[1].rows[0][0] = Value::from("e4".repeat(16)));
    change(|tables| tables[2].rows[0][1] = Value::from(""));
    change(|tables| drop(tables[2].rows.pop()));
    change(|tables| drop(tables.pop()));
}
