//! Family `audit`: who checks whom, how often and how much.

use super::vocabulary::{Consequence, LISTS, POST};
use super::{COUNT, MONTHS, PEOPLE, ParamSpec, RefTo, Ty, YEARS, may, must};

const SCOPE: &[&str] =
    &["records", "accounts", "persons", "offices", "vendors", "registers", "media", "links", "record-sheets"];

static SAMPLE: &[ParamSpec] = &[
    must("of", Ty::OneOf(SCOPE), "What is drawn."),
    may("share", Ty::Share, "Percent of the base.").more(),
    may("count", COUNT, "A fixed number.").more(),
    may("minimum", COUNT, "Never fewer than this; all when there are fewer.").more(),
    may("at_most", COUNT, "Never more than this."),
    may("base", Ty::OneOf(&["used-in-period", "enabled", "all"]), "Of what the share is taken."),
    may(
        "per",
        Ty::OneOf(&["agency", "office", "unit", "person", "account", "record"]),
        "Within what each draw is made.",
    ),
    may("rounding", Ty::OneOf(&["down", "nearest", "up"]), "How a fraction is rounded; up when absent.")
        .more(),
];

pub(super) static PROGRAMME: &[ParamSpec] = &[
    must("word", Ty::Words, "What the audit is called."),
    must("schedule", Ty::Schedule, "How often.").shorter(),
    may("body", PEOPLE, "Who audits: the offices or roles that must each take part.").more(),
    must("scope", Ty::List(&Ty::OneOf(SCOPE)), "What is looked at.").more(),
    may("units", Ty::List(&Ty::Ref(RefTo::Organisation)), "Whose; all when absent.").more(),
    may(
        "checks",
        Ty::List(&Ty::OneOf(&[
            "needed-by-case",
            "data-use",
            "account-use",
            "record-sheets",
            "anomalies",
            "custody",
            "regulations",
        ])),
        "What is asked of each.",
    )
    .more(),
    may("announced", Ty::Flag, "Whether those audited know beforehand.").less(),
    may("sample", Ty::List(&Ty::Table(SAMPLE)), "How much: one table a stage, all when absent.").more(),
    may("self_audit", Ty::Flag, "Units audit themselves and report."),
    may("report_to", PEOPLE, "Who gets the result.").more(),
    may("report_within", Ty::Deadline, "By when.").shorter(),
    may("at_least_years", YEARS, "How long the results are kept at least.").longer(),
];

pub(super) static RECONCILIATION: &[ParamSpec] = &[
    must("left", Ty::OneOf(LISTS), "One list."),
    must("right", Ty::OneOf(LISTS), "The list it is compared with."),
    must("schedule", Ty::Schedule, "How often.").shorter(),
    may("by", PEOPLE, "Who compares.").more(),
    may("units", Ty::List(&Ty::Ref(RefTo::Organisation)), "Whose lists; all when absent.").more(),
    may("both_ways", Ty::Flag, "What stands only on the right is a finding too.").more(),
    may("report_to", PEOPLE, "Who is told of findings.").more(),
];

pub(super) static CROSS_SOURCE: &[ParamSpec] = &[
    must("with", Ty::Ref(RefTo::Dataset), "The dataset that was asked."),
    must("without", Ty::Ref(RefTo::Dataset), "The dataset that should have been asked too."),
    must("within", Ty::Deadline, "In what time."),
    must("schedule", Ty::Schedule, "How often the list is made.").shorter(),
    may("by", Ty::Who, "Who looks into it."),
];

pub(super) static OUTLIER: &[ParamSpec] = &[
    must(
        "measure",
        Ty::OneOf(&[
            "lookups-per-person",
            "persons-per-subject",
            "off-hours",
            "without-case",
            "same-household",
            "refusals",
        ]),
        "What is counted.",
    ),
    may("more_than", COUNT, "A number above which it is shown.").less(),
    may(
        "times_median",
        Ty::Integer { min: 2, max: 1_000 },
        "A multiple of the median above which it is shown.",
    )
    .less(),
    must("schedule", Ty::Schedule, "How often.").shorter(),
    may("by", Ty::Who, "Who looks into it."),
];

pub(super) static JOINT_INVESTIGATION: &[ParamSpec] = &[
    must("with", PEOPLE, "Who must take part.").more(),
    may("report_to", PEOPLE, "Who gets the report.").more(),
    may("deadline", Ty::Deadline, "By when.").shorter(),
    may("record", Ty::Flag, "An audit record is made.").more(),
    may("first_act", Ty::OneOf(Consequence::WORDS), "What is done at once.").more(),
    may("count_damage", Ty::Flag, "What was taken is listed.").more(),
];

pub(super) static PROVIDER_INSPECTION: &[ParamSpec] = &[
    must(
        "bundle",
        Ty::List(&Ty::OneOf(&[
            "user-list",
            "audit-records",
            "logs",
            "record-sheets",
            "statistics",
            "regulation",
            "inventories",
        ])),
        "What is made ready.",
    )
    .more(),
    may("by", Ty::Who, "Who makes it ready."),
    may("for_whom", Ty::Who, "Who inspects."),
    may("deadline", Ty::Deadline, "By when.").shorter(),
];

pub(super) static LINK_REVIEW: &[ParamSpec] = &[
    must("schedule", Ty::Schedule, "How often approved links are gone through.").shorter(),
    may("by", Ty::Who, "Who does it."),
    may("unused_months", MONTHS, "Unused for so long, the need is asked for.").shorter(),
    may("stop_after_months", MONTHS, "Still unused for so long, it is stopped.").shorter(),
    may("valid_years", YEARS, "How long an approved link stands.").shorter(),
    may("notice_before_end", Ty::Deadline, "When the provider is told of an end.").told(),
    may("channels", Ty::List(&Ty::OneOf(POST)), "How."),
    may("recipients", PEOPLE, "Who is told.").more(),
];
