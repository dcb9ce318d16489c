//! Family `lookup`: how one lookup is asked, written down and countersigned.

use super::vocabulary::{
    Consequence, Factor, ReasonMode, ReasonPart, Substitute, Target, TargetAction, Timing,
};
use super::{COUNT, FORM, ParamSpec, RefTo, Ty, may, must};

pub(super) static RECORD_SHEET: &[ParamSpec] = &[
    must("form", FORM, "The form of the sheet."),
    must("timing", Ty::OneOf(&["after", "before"]), "Whether it is filled in before the data are asked for.")
        .more(),
    may("by", Ty::Who, "Who fills it in; the one who asks when absent."),
    may("substitute", Ty::OneOf(Substitute::WORDS), "What may stand in its place.").more().told(),
    may("deadline", Ty::Deadline, "By when it is filled in.").shorter().told(),
];

pub(super) static REASON: &[ParamSpec] = &[
    must("require", Ty::List(&Ty::OneOf(ReasonPart::WORDS)), "What a lookup must state.").more(),
    may("mode", Ty::OneOf(ReasonMode::WORDS), "Whether one of them is enough; all when absent.").more(),
    may("vague", Ty::List(&Ty::Text), "Reasons that say nothing and are refused.").more(),
    may("min_length", Ty::Integer { min: 1, max: 200 }, "The shortest reason, in characters.").longer(),
    may("max_length", Ty::Integer { min: 1, max: 2_000 }, "The longest reason, in characters."),
];

pub(super) static COUNTERSIGN: &[ParamSpec] = &[
    must("timing", Ty::OneOf(Timing::WORDS), "When the stamp is given, seen from the lookup.").more(),
    must("by", Ty::Who, "Who stamps; never the one who asked."),
    may("deadline", Ty::Deadline, "By when; what is stamped together by the end of its period when absent.")
        .shorter(),
    may("batch", Ty::Schedule, "With `timing = \"batch\"`: how often the sheets are stamped together.")
        .shorter(),
    may(
        "valid_hours",
        Ty::Integer { min: 1, max: 8_760 },
        "With `timing = \"before\"`: how long the stamp lets the lookup run.",
    )
    .shorter(),
    may("uses", COUNT, "With `timing = \"before\"`: how many lookups one stamp carries; one when absent.")
        .shorter()
        .told(),
    may("consequence", Ty::OneOf(Consequence::WORDS), "What follows when the deadline has passed.").more(),
    may("substitute", Ty::OneOf(Substitute::WORDS), "What may stand in its place.").more().told(),
    may("open_each", Ty::Flag, "Each sheet must be opened before it is stamped.").more().told(),
];

pub(super) static PROXY: &[ParamSpec] = &[
    must("by", Ty::Who, "Who looks up for others."),
    may("for_whom", Ty::Who, "Who may ask them; anyone without an account when absent."),
    may("form", FORM, "The slip the requester fills in."),
    may("approval", Ty::Who, "Who approves the slip first."),
    may("receipt", Ty::Flag, "The requester signs for the answer.").more(),
];

pub(super) static SENSITIVE_TARGET: &[ParamSpec] = &[
    must(
        "relations",
        Ty::List(&Ty::OneOf(Target::WORDS)),
        "How the person looked up stands to the one who asks.",
    )
    .more(),
    must("action", Ty::OneOf(TargetAction::WORDS), "What happens.").more(),
    may("blood_degree", Ty::Integer { min: 1, max: 8 }, "Up to which degree blood relatives count.")
        .more()
        .told(),
    may("in_law_degree", Ty::Integer { min: 1, max: 8 }, "Up to which degree relatives by marriage count.")
        .more()
        .told(),
    may("report_to", Ty::List(&Ty::Who), "Who is told.").more(),
];

pub(super) static TWO_PERSON: &[ParamSpec] = &[
    must("who", Ty::List(&Ty::Who), "Those who must be present at once.").more(),
    may("factors", Ty::List(&Ty::OneOf(Factor::WORDS)), "What each must show.").more(),
    may("code", Ty::Flag, "One issues a code that the other enters.").more(),
    may("code_hours", Ty::Integer { min: 1, max: 8_760 }, "How long the code stands.").shorter(),
];

pub(super) static VOLUME: &[ParamSpec] = &[
    must("at_most", COUNT, "How many lookups.").less(),
    must("per", Ty::OneOf(&["hour", "day", "week", "month"]), "In which span."),
    must("over", Ty::OneOf(Consequence::WORDS), "What follows beyond it.").more(),
    may("same_subject", Ty::Flag, "Counted for one subject over all who ask, not for one who asks."),
];

pub(super) static FALLBACK: &[ParamSpec] = &[
    must("instead_of", Ty::Ref(RefTo::Dataset), "The dataset that must have failed first."),
    must(
        "use",
        Ty::OneOf(&["enquiry-slip", "paper", "telephone", "other-dataset"]),
        "What may be used then.",
    ),
    may("dataset", Ty::Ref(RefTo::Dataset), "With `other-dataset`: which."),
];
