//! Family `evidence`: what is kept and for how long, and what is told to people.

use super::vocabulary::{Acknowledge, Event, PageKind, RecordKind};
use super::{MONTHS, PEOPLE, ParamSpec, Ty, YEARS, may, must};

pub(super) static RETENTION: &[ParamSpec] = &[
    must("record", Ty::OneOf(RecordKind::WORDS), "Which records."),
    may("word", Ty::Words, "What the rule calls them."),
    may("at_least_years", YEARS, "Kept at least so long.").longer(),
    may("at_least_months", MONTHS, "The same in months, where the rule counts so.").longer(),
    may("at_most_years", YEARS, "Kept at most so long.").shorter(),
    may("permanent", Ty::Flag, "Kept for ever and never altered.").more(),
    may("with_case_file", Ty::Flag, "Kept as long as the case file."),
    may("until_approval", Ty::Who, "Destroyed only after their approval."),
    may("from", Ty::OneOf(Event::WORDS), "The event from which the time is counted."),
];

pub(super) static ACCESS_LOG: &[ParamSpec] = &[
    may(
        "fields",
        Ty::List(&Ty::OneOf(&[
            "time", "person", "place", "subject", "purpose", "case", "count", "result", "function",
        ])),
        "What an entry holds.",
    )
    .more(),
    may("unalterable", Ty::Flag, "Nobody can change an entry.").more(),
    may(
        "of",
        Ty::List(&Ty::OneOf(&["lookup", "file", "administration", "sign-in", "print"])),
        "Which acts are logged.",
    )
    .more(),
    may("printed", Ty::Schedule, "How often it is printed or exported.").shorter(),
    may("printed_for", PEOPLE, "For whom.").more(),
];

pub(super) static STATISTICS: &[ParamSpec] = &[
    must("word", Ty::Words, "What the table is called."),
    may(
        "columns",
        Ty::List(&Ty::OneOf(&[
            "unit",
            "person",
            "purpose",
            "dataset",
            "lookups",
            "refusals",
            "prints",
            "unstamped",
            "anomalies",
        ])),
        "What it counts.",
    ),
    may("schedule", Ty::Schedule, "How often it is made.").shorter(),
    may("by", Ty::Who, "Who makes it."),
    may("at_least_years", YEARS, "How long it is kept at least.").longer(),
];

pub(super) static INTEGRITY: &[ParamSpec] = &[
    must("of", Ty::List(&Ty::OneOf(&["answers", "logs", "files", "registers"])), "What is kept whole.")
        .more(),
    may("by", Ty::Who, "Who answers for it."),
    may("check", Ty::Schedule, "How often it is proved.").shorter(),
];

pub(super) static NOTICE: &[ParamSpec] = &[
    must("text", Ty::Words, "The sentence people read."),
    must("at", Ty::List(&Ty::OneOf(PageKind::WORDS)), "On which pages it stands.").more(),
    may(
        "acknowledge",
        Ty::OneOf(Acknowledge::WORDS),
        "Whether and how often people confirm that they read it.",
    )
    .more()
    .told(),
];

pub(super) static CONTACT: &[ParamSpec] =
    &[must("word", Ty::Words, "Who is reached."), must("lines", Ty::List(&Ty::Table(LINE)), "How.")];

static LINE: &[ParamSpec] = &[
    must("kind", Ty::OneOf(&["phone", "mail", "fax", "address", "web", "other"]), "What the line is."),
    must("value", Ty::Text, "The number or address."),
    may("as_of", Ty::Date, "When it was right."),
];
