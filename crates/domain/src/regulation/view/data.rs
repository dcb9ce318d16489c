//! Sources and datasets.

use alloc::string::String;
use alloc::vec::Vec;

use super::super::kinds::Kind;
use super::super::kinds::vocabulary::{
    Adapter, AnswerShape, FieldType, Mask, Sensitivity, SubjectKind, SubjectType,
};
use super::super::pack::{Control, Pack};
use super::super::shared::{Deadline, word};
use super::super::value::{Params, Words};
use super::{Ruled, said};

/// A body that answers lookups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataSource {
    /// Its id in the pack.
    pub id: String,
    /// The body.
    pub provider: Words,
    /// How the gate reaches it.
    pub adapter: Adapter,
    /// How recent its data are, shown on every result.
    pub freshness: Option<Words>,
    /// When it answers.
    pub hours: Option<Words>,
    /// Whom to call about faults.
    pub contact: Option<Words>,
    /// By when the provider knows that a right has ended; where unset it is not told.
    pub ended_rights: Option<Deadline>,
}

/// What one asks about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// What sort of thing it is.
    pub kind: SubjectKind,
    /// The label of the entry field.
    pub label: Words,
    /// How the key is checked.
    pub ty: SubjectType,
    /// The longest key, in characters.
    pub max: Option<usize>,
}

/// Something else asked of the person before the lookup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestField {
    /// Its name.
    pub id: String,
    /// Its label.
    pub label: Words,
    /// How it is checked.
    pub kind: FieldType,
    /// Whether a lookup without it is refused.
    pub required: bool,
    /// How it is stored and shown.
    pub sensitivity: Sensitivity,
    /// The values of a choice, with their labels.
    pub options: Vec<(String, Words)>,
    /// The longest value, in characters.
    pub max: Option<usize>,
}

/// One field of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemField {
    /// Its name in the provider's answer.
    pub id: String,
    /// Its label.
    pub label: Words,
    /// How it is shortened where a mask applies.
    pub mask: Mask,
    /// How it is stored and shown.
    pub sensitivity: Sensitivity,
}

/// Something that can be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its name within the dataset.
    pub id: String,
    /// What the person ticks.
    pub label: Words,
    /// What it answers.
    pub shape: AnswerShape,
    /// How it is stored and shown.
    pub sensitivity: Sensitivity,
    /// What a record or each row of a list holds.
    pub fields: Vec<ItemField>,
}

/// Something that can be asked of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dataset {
    /// Its id in the pack.
    pub id: String,
    /// The id of its source.
    pub source: String,
    /// What people call it.
    pub word: Words,
    /// What one asks about.
    pub subject: Subject,
    /// What else is asked before the lookup.
    pub request: Vec<RequestField>,
    /// What can be asked for.
    pub items: Vec<Item>,
    /// Sentences shown on every result.
    pub notices: Vec<Words>,
}

impl Dataset {
    /// An item by its name within the dataset, or by `dataset/item`.
    pub fn item(&self, name: &str) -> Option<&Item> {
        let local =
            name.strip_prefix(self.id.as_str()).and_then(|rest| rest.strip_prefix('/')).unwrap_or(name);
        self.items.iter().find(|item| item.id == local)
    }
}

impl Pack {
    /// Every dataset of the rule.
    pub fn datasets(&self) -> &[Ruled<Dataset>] {
        &self.datasets
    }

    /// A dataset by its id.
    pub fn dataset(&self, id: &str) -> Option<&Ruled<Dataset>> {
        self.datasets.iter().find(|dataset| dataset.value.id == id)
    }

    /// An item by `dataset/item`, with the clauses of its dataset.
    pub fn item(&self, name: &str) -> Option<Ruled<&Item>> {
        let (dataset, local) = name.split_once('/')?;
        let dataset = self.dataset(dataset)?;
        let item = dataset.value.items.iter().find(|item| item.id == local)?;
        Some(dataset.with(item))
    }

    /// Every source of the rule.
    pub fn sources(&self) -> Vec<Ruled<DataSource>> {
        self.of_kind(Kind::Source).map(source).collect()
    }

    /// The sources whose providers are told when a right ends.
    pub fn told_sources(&self) -> Vec<Ruled<DataSource>> {
        self.sources().into_iter().filter(|source| source.value.ended_rights.is_some()).collect()
    }

    /// A source by its id.
    pub fn source(&self, id: &str) -> Option<Ruled<DataSource>> {
        self.of_kind(Kind::Source).find(|control| control.id == id).map(source)
    }
}

fn source(control: &Control) -> Ruled<DataSource> {
    let p = &control.params;
    let source = DataSource {
        id: control.id.clone(),
        provider: p.label("provider"),
        adapter: word(p, "adapter", Adapter::named).unwrap_or(Adapter::Manual),
        freshness: p.words("freshness").cloned(),
        hours: p.words("hours").cloned(),
        contact: p.words("contact").cloned(),
        ended_rights: p.deadline("ended_rights").cloned(),
    };
    said(control, source)
}

/// What a control says about a dataset.
pub(in super::super) fn dataset(control: &Control) -> Ruled<Dataset> {
    let p = &control.params;
    let empty = Params::default();
    let about = p.table("subject").unwrap_or(&empty);
    let dataset = Dataset {
        id: control.id.clone(),
        source: p.string("source"),
        word: p.label("word"),
        subject: Subject {
            kind: word(about, "kind", SubjectKind::named).unwrap_or(SubjectKind::Other),
            label: about.label("label"),
            ty: word(about, "type", SubjectType::named).unwrap_or(SubjectType::Text),
            max: about.number("max"),
        },
        request: p.tables("request").map(request).collect(),
        items: p.tables("items").map(item).collect(),
        notices: p.sentences("notices"),
    };
    said(control, dataset)
}

/// Where the author did not say how sensitive something is, it counts as personal.
fn sensitivity(p: &Params) -> Sensitivity {
    word(p, "sensitivity", Sensitivity::named).unwrap_or(Sensitivity::Personal)
}

fn request(p: &Params) -> RequestField {
    RequestField {
        id: p.string("id"),
        label: p.label("label"),
        kind: word(p, "type", FieldType::named).unwrap_or(FieldType::Text),
        required: p.flag("required").unwrap_or(false),
        sensitivity: sensitivity(p),
        options: p.tables("options").map(|option| (option.string("code"), option.label("label"))).collect(),
        max: p.number("max"),
    }
}

fn item(p: &Params) -> Item {
    Item {
        id: p.string("id"),
        label: p.label("label"),
        shape: word(p, "shape", AnswerShape::named).unwrap_or(AnswerShape::Record),
        sensitivity: sensitivity(p),
        fields: p
            .tables("fields")
            .map(|field| ItemField {
                id: field.string("id"),
                label: field.label("label"),
                mask: word(field, "mask", Mask::named).unwrap_or(Mask::None),
                sensitivity: sensitivity(field),
            })
            .collect(),
    }
}
