//! What a data provider answered, after it was held against the question.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Shape;

/// An answer. It holds personal data, so its `Debug` shows counts and field ids only. It can be
/// serialised for sealing: fields are in the order of their ids, so equal answers give equal bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Answer {
    /// Everything that was asked came back in the right shape.
    Found {
        /// One answer an item, in the order of the question.
        items: Vec<ItemAnswer>,
    },
    /// The source does not know this subject.
    NotFound,
    /// An answer that may be shown only together with its doubts.
    Doubtful {
        /// The items that came back.
        items: Vec<ItemAnswer>,
        /// Why they are doubtful; never empty.
        doubts: Vec<Doubt>,
    },
    /// Some items came back, others did not.
    Partial {
        /// The items that came back; possibly none.
        items: Vec<ItemAnswer>,
        /// The ids of the items that did not.
        missing: Vec<String>,
    },
}

impl Answer {
    /// The items that came back, whatever the outcome.
    #[must_use]
    pub fn items(&self) -> &[ItemAnswer] {
        match self {
            Self::Found { items } | Self::Doubtful { items, .. } | Self::Partial { items, .. } => items,
            Self::NotFound => &[],
        }
    }

    /// How many rows came back over all items.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.items().iter().map(|item| item.rows.len()).sum()
    }
}

/// The answer to one item.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemAnswer {
    /// The item's id.
    pub item: String,
    /// The shape, always the one that was asked.
    pub shape: Shape,
    /// The rows of a record or a list, or the day of a fact: field id to text.
    #[serde(default)]
    pub rows: Vec<BTreeMap<String, String>>,
    /// The verdict, if the shape is one.
    #[serde(default)]
    pub verdict: Option<bool>,
    /// The day to which the source vouches for this, as an ISO 8601 date.
    #[serde(default)]
    pub as_of: Option<String>,
}

impl fmt::Debug for ItemAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields: Vec<&String> = self.rows.first().map(|row| row.keys().collect()).unwrap_or_default();
        f.debug_struct("ItemAnswer")
            .field("item", &self.item)
            .field("shape", &self.shape)
            .field("rows", &self.rows.len())
            .field("fields", &fields)
            .field("as_of", &self.as_of)
            .finish_non_exhaustive()
    }
}

/// One reason why an answer is doubtful. It never holds a value of the answer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Doubt {
    /// The item in doubt, or none if it is the whole answer.
    pub item: Option<String>,
    /// What is wrong.
    pub kind: DoubtKind,
}

/// What makes an answer doubtful.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum DoubtKind {
    /// An item came back that was not asked; it was dropped.
    UnaskedItem,
    /// Fields came back that were not asked; they were dropped.
    UnaskedFields {
        /// How many values were dropped over all rows.
        count: usize,
    },
    /// Values held control or text-direction characters; these characters were taken out.
    ControlCharacters,
    /// The item is missing from an answer that is doubtful anyway.
    Missing,
    /// The provider itself declares the item doubtful.
    Declared {
        /// The provider's code: lower-case letters, digits and hyphens, at most 40.
        code: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_value_and_equal_answers_seal_equally() {
        let item = ItemAnswer {
            item: "basic".into(),
            shape: Shape::Record,
            rows: vec![BTreeMap::from([
                ("name".to_string(), "甲乙丙".to_string()),
                ("birth-date".to_string(), "1970-02-03".to_string()),
            ])],
            verdict: None,
            as_of: Some("2026-06-30".into()),
        };
        let answer = Answer::Found { items: vec![item] };
        let shown = format!("{answer:?}");
        assert!(!shown.contains('甲') && !shown.contains("1970"), "{shown}");
        assert!(shown.contains("birth-date") && shown.contains("rows: 1"), "{shown}");
        let sealed = serde_json::to_string(&answer).expect("answers serialise");
        let opened: Answer = serde_json::from_str(&sealed).expect("answers deserialise");
        assert_eq!(opened, answer);
        assert_eq!(serde_json::to_string(&opened).expect("answers serialise"), sealed);
    }
}
