//! Family `violation`: what follows a breach.

use super::vocabulary::{Counting, POST};
use super::{CLAUSE, MONTHS, PEOPLE, ParamSpec, RefTo, Ty, may, must};

static GROUND: &[ParamSpec] = &[
    must("code", Ty::Code, "The code a violation record carries."),
    must("word", Ty::Words, "What people choose."),
    may("clause", CLAUSE, "The clause that lists it."),
    may(
        "needs",
        Ty::OneOf(&["nothing", "harm", "lapsed-correction", "finding"]),
        "What must be on record before it can be chosen.",
    )
    .more(),
];

pub(super) static GROUNDS: &[ParamSpec] =
    &[must("grounds", Ty::List(&Ty::Table(GROUND)), "Every ground of the rule.").more()];

pub(super) static CORRECTION: &[ParamSpec] = &[
    must("by", Ty::Who, "Who orders it."),
    may("deadline", Ty::Deadline, "By when it is corrected; unset where the order sets the day.").shorter(),
    may("report_due", Ty::Deadline, "By when the report is due.").shorter(),
    may("at_most_months", MONTHS, "The longest time an order may give.").shorter(),
    may("recheck", Ty::Flag, "Somebody checks afterwards.").more(),
];

static SANCTION: &[ParamSpec] = &[
    must(
        "act",
        Ty::OneOf(&["warn", "discipline", "narrow", "suspend", "stop", "revoke", "ban"]),
        "What is done.",
    ),
    may("grounds", Ty::List(&Ty::Ref(RefTo::Ground)), "On which grounds; any when absent."),
    may(
        "after",
        Ty::OneOf(&["finding", "complaint-proven", "correction-lapsed", "audit-finding", "suspension"]),
        "What must have gone before.",
    ),
    may("at_least_months", MONTHS, "Its shortest length.").longer(),
    may("at_most_months", MONTHS, "Its longest length."),
    may("counting", Ty::OneOf(Counting::WORDS), "How its length is counted."),
    may("automatic", Ty::Flag, "Follows by itself; otherwise somebody may decide it.").more(),
    may("at_once", Ty::Flag, "Takes effect at once.").more(),
    may("by", Ty::Who, "Who decides."),
    may("via", Ty::Who, "Who carries it out for them."),
    may("defence_days", Ty::Integer { min: 1, max: 365 }, "Days in which the person may answer first.")
        .longer(),
    may("clause", CLAUSE, "The clause of this step."),
];

pub(super) static SANCTIONS: &[ParamSpec] =
    &[must("steps", Ty::List(&Ty::Table(SANCTION)), "The ladder from mild to harsh.")];

pub(super) static PROVIDER_LETTER: &[ParamSpec] = &[
    must("letter", Ty::Ref(RefTo::Control), "The `letter` that is drafted."),
    may("duty", Ty::Flag, "Must be sent; otherwise it may be.").more(),
    may("by", Ty::Who, "Who signs."),
];

static CLASS: &[ParamSpec] = &[
    must("code", Ty::Code, "The code a violation record carries."),
    must("word", Ty::Words, "What people choose."),
    may("whose", Ty::Who, "Who is liable."),
    may(
        "of",
        Ty::List(&Ty::OneOf(&["civil", "criminal", "administrative", "disciplinary"])),
        "In which ways.",
    ),
    may(
        "evidence",
        Ty::List(&Ty::Ref(RefTo::Control)),
        "The controls whose overdue duties are linked as evidence.",
    ),
    may("clause", CLAUSE, "The clause that says so."),
];

pub(super) static LIABILITY: &[ParamSpec] =
    &[must("classes", Ty::List(&Ty::Table(CLASS)), "Kinds of liability a record can name.")];

static INCIDENT_TYPE: &[ParamSpec] =
    &[must("code", Ty::Code, "The code a report carries."), must("word", Ty::Words, "What people choose.")];

pub(super) static INCIDENT: &[ParamSpec] = &[
    must("types", Ty::List(&Ty::Table(INCIDENT_TYPE)), "What can have happened.").more(),
    may("report_to", PEOPLE, "Who is told.").more(),
    may("deadline", Ty::Deadline, "By when.").shorter(),
    may("responsible", Ty::Who, "Who answers for it."),
];

pub(super) static COMPLAINT: &[ParamSpec] = &[
    may("named", Ty::Flag, "Only named complaints open an inquiry.").more(),
    may("confidential", Ty::Flag, "The name is kept from those complained about.").more(),
    may("by", Ty::Who, "Who inquires."),
    may("deadline", Ty::Deadline, "By when.").shorter(),
    may("channels", Ty::List(&Ty::OneOf(POST)), "How complaints come in."),
];
