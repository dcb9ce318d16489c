//! Family `data`: what can be asked for, and of whom.

use super::vocabulary::{Adapter, AnswerShape, FieldType, Mask, Sensitivity, SubjectKind, SubjectType};
use super::{ParamSpec, RefTo, Ty, may, must};

pub(super) static SOURCE: &[ParamSpec] = &[
    must("provider", Ty::Words, "The body that answers, as shown on every result."),
    must("adapter", Ty::OneOf(Adapter::WORDS), "How the gate reaches it."),
    may("freshness", Ty::Words, "The sentence on how recent its data are, shown on every result."),
    may("hours", Ty::Words, "When it answers, shown when it does not."),
    may("contact", Ty::Words, "Whom to call about faults or doubtful data."),
    may(
        "ended_rights",
        Ty::Deadline,
        "By when the provider knows that a right has ended; told where it stands.",
    )
    .shorter(),
];

static SUBJECT: &[ParamSpec] = &[
    must("kind", Ty::OneOf(SubjectKind::WORDS), "What sort of thing is asked about."),
    must("label", Ty::Words, "The label of the entry field."),
    must("type", Ty::OneOf(SubjectType::WORDS), "How the key is checked."),
    may("max", Ty::Integer { min: 1, max: 200 }, "The longest key, in characters."),
];

static REQUEST: &[ParamSpec] = &[
    must("id", Ty::Code, "The field's name; its type never changes between versions."),
    must("label", Ty::Words, "Its label."),
    must("type", Ty::OneOf(FieldType::WORDS), "How it is checked."),
    may("required", Ty::Flag, "Whether a lookup without it is refused."),
    may("sensitivity", Ty::OneOf(Sensitivity::WORDS), "How it is stored and shown.").told(),
    may("options", Ty::List(&Ty::Table(OPTION)), "The values of a `choice`."),
    may("max", Ty::Integer { min: 1, max: 200 }, "The longest value, in characters."),
];

static OPTION: &[ParamSpec] =
    &[must("code", Ty::Code, "The value sent."), must("label", Ty::Words, "What the person reads.")];

static FIELD: &[ParamSpec] = &[
    must("id", Ty::Code, "The field's name in the provider's answer."),
    must("label", Ty::Words, "Its label on the result."),
    may("mask", Ty::OneOf(Mask::WORDS), "How it is shortened where a mask applies.").told(),
    may("sensitivity", Ty::OneOf(Sensitivity::WORDS), "How it is stored and shown.").told(),
];

static ITEM: &[ParamSpec] = &[
    must("id", Ty::Code, "The item's name; elsewhere written `dataset/item`."),
    must("label", Ty::Words, "What the person ticks."),
    must(
        "shape",
        Ty::OneOf(AnswerShape::WORDS),
        "One record, several, a yes or no, or only that it was asked.",
    ),
    may("sensitivity", Ty::OneOf(Sensitivity::WORDS), "How it is stored and shown.").told(),
    may("fields", Ty::List(&Ty::Table(FIELD)), "What a record or each row of a list holds."),
];

pub(super) static DATASET: &[ParamSpec] = &[
    must("source", Ty::Ref(RefTo::Source), "The source that answers."),
    must("word", Ty::Words, "What people call it."),
    must("subject", Ty::Table(SUBJECT), "What one asks about."),
    may("request", Ty::List(&Ty::Table(REQUEST)), "What else is asked of the person before the lookup.")
        .told(),
    must("items", Ty::List(&Ty::Table(ITEM)), "What can be asked for, at least one."),
    may("notices", Ty::List(&Ty::Words), "Sentences shown on every result of this dataset."),
];
