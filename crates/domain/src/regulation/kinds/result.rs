//! Family `result`: how an answer may be seen, printed and copied.

use super::vocabulary::{MaskAt, POST};
use super::{FORM, ParamSpec, Ty, may, must};

pub(super) static SCREEN: &[ParamSpec] = &[
    may("visible_seconds", Ty::Integer { min: 10, max: 28_800 }, "How long an answer stays on the screen.")
        .shorter(),
    may("warn_seconds", Ty::Integer { min: 1, max: 3_600 }, "How long before the end the person is warned."),
    may("extensions", Ty::Integer { min: 0, max: 100 }, "How often it can be prolonged.").less(),
    may(
        "review_minutes",
        Ty::Integer { min: 0, max: 10_080 },
        "How long it can be seen again without asking the provider.",
    )
    .shorter(),
    may("hide_when_away", Ty::Flag, "Hidden as soon as the page loses the focus.").more().told(),
];

pub(super) static MASKING: &[ParamSpec] = &[
    must("at", Ty::List(&Ty::OneOf(MaskAt::WORDS)), "Where it applies.").more(),
    may("name_keep", Ty::Integer { min: 0, max: 50 }, "Leading characters of a name that stay.").less(),
    may("id_keep", Ty::Integer { min: 0, max: 20 }, "Leading characters of a number that stay.").less(),
    may(
        "address_keep",
        Ty::OneOf(&["none", "county", "town", "village", "road", "all"]),
        "How much of an address stays.",
    )
    .less(),
    may("date_keep", Ty::OneOf(&["none", "year", "month", "day"]), "How much of a date stays.").less(),
    may("reveal", Ty::OneOf(&["recorded", "never"]), "Whether the rest can be opened, with an entry.").more(),
];

pub(super) static PRINT: &[ParamSpec] = &[
    may("allowed", Ty::Flag, "Whether an answer may be printed at all.").less(),
    may("watermark", Ty::Flag, "Every page carries who, when and the record code.").more(),
    may("case_file", Ty::Flag, "The person confirms that the print went into the case file.").more(),
    may("confirm_within", Ty::Deadline, "By when they confirm.").shorter(),
    may("reviewed_by", Ty::Who, "Who looks at it before it is printed."),
    may("no_other_use", Ty::Flag, "The print carries the sentence that it serves no other use.").more(),
];

pub(super) static COPY_PERMIT: &[ParamSpec] = &[
    must("by", Ty::Who, "Who approves a copy."),
    may("form", FORM, "The application."),
    may("valid_days", Ty::Integer { min: 1, max: 3_650 }, "How long the permit stands.").shorter(),
    may("whom", Ty::List(&Ty::Who), "Whose copies need it; everyone's when absent.").more(),
];

pub(super) static NO_FAX_MAIL: &[ParamSpec] = &[
    must(
        "refuse",
        Ty::List(&Ty::OneOf(&["fax", "mail", "telephone", "network", "messenger", "cloud"])),
        "Ways by which data never leave.",
    )
    .more(),
    may("unless_approved_by", Ty::Who, "Who may allow it; nobody when absent."),
];

pub(super) static CARE: &[ParamSpec] = &[
    must(
        "watch",
        Ty::List(&Ty::OneOf(&["lookup", "output", "transmission", "screen", "print", "files"])),
        "What is watched over.",
    )
    .more(),
    must("by", Ty::Who, "Who bears the duty of supervision."),
    may("report", Ty::Schedule, "How often they are shown what was done.").shorter(),
];

pub(super) static DOUBTFUL_DATA: &[ParamSpec] = &[
    must("ask", Ty::Who, "Who is asked about data in doubt."),
    may("deadline", Ty::Deadline, "By when.").shorter(),
    may("channels", Ty::List(&Ty::OneOf(POST)), "How."),
    may("mark", Ty::Flag, "The doubt is noted on the record and on everything made of it.").more(),
];
