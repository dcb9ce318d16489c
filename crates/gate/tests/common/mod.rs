//! Questions that the tests put.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use gate::simulator::{Person, Population, Simulator};
use gate::{ItemQuery, Question, Shape, SubjectKey};

static NEXT: AtomicU32 = AtomicU32::new(1);

pub fn item(id: &str, shape: Shape, fields: &[&str]) -> ItemQuery {
    ItemQuery { id: id.into(), shape, fields: fields.iter().map(|field| (*field).to_owned()).collect() }
}

/// A question with a record code of its own.
pub fn question(dataset: &str, kind: &str, key: &str, items: Vec<ItemQuery>) -> Question {
    Question {
        request_id: format!("R-{}", NEXT.fetch_add(1, Ordering::Relaxed)),
        source: "register".into(),
        dataset: dataset.into(),
        subject: SubjectKey::new(kind, key),
        request: BTreeMap::new(),
        items,
        deadline: Duration::from_secs(10),
    }
}

pub fn number(person: &Person) -> &str {
    person.number.as_ref().expect("a number").reveal()
}

/// Basic data, household and kinship of somebody.
pub fn register(key: &str) -> Question {
    let items = vec![
        item("basic", Shape::Record, &["name", "id", "birth-date", "address", "status"]),
        item("household", Shape::List, &["name", "id", "relation"]),
        item("kinship", Shape::List, &["name", "relation", "degree"]),
        item("alive", Shape::Verdict, &[]),
    ];
    question("household", "person", key, items)
}

pub fn simulator() -> Arc<Simulator> {
    Arc::new(Simulator::new(Arc::new(Population::of(1))))
}
