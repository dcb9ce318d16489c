//! Family `membership`: outside bodies that join a network.

use super::vocabulary::{Consequence, Counting, POST};
use super::{CLAUSE, COUNT, FORM, MONTHS, PEOPLE, ParamSpec, RefTo, Ty, may, must};

static TYPE: &[ParamSpec] = &[
    must("code", Ty::Code, "The code an application carries."),
    must("word", Ty::Words, "What people choose."),
    may("clause", CLAUSE, "The clause that lists it."),
    may("delegating_agency", Ty::Flag, "The agency that delegates must be named.").more(),
    may("announcement", Ty::Flag, "Opened by a later announcement with number and date."),
    may("applies_to", Ty::Who, "Where this type applies."),
];

pub(super) static MEMBER_TYPES: &[ParamSpec] =
    &[must("types", Ty::List(&Ty::Table(TYPE)), "Who may join.").less()];

static CONDITION: &[ParamSpec] = &[
    must("id", Ty::Code, "The condition's name."),
    must("word", Ty::Words, "What is asked."),
    may("evidence", Ty::OneOf(&["computed", "document", "declaration", "register"]), "How it is shown."),
    may("form", FORM, "The form whose rows are counted."),
    may("field", Ty::Code, "The column that is looked at."),
    may("equals", Ty::Text, "Only rows with this value count."),
    may("at_least", COUNT, "How many rows there must be.").more(),
    may("document_number", Ty::Flag, "The number and date of a document are entered.").more(),
    may("clause", CLAUSE, "The clause that asks it."),
];

pub(super) static ELIGIBILITY: &[ParamSpec] = &[
    must("types", Ty::List(&Ty::Ref(RefTo::MemberType)), "For which member types."),
    must("mode", Ty::OneOf(&["any", "all"]), "Whether one condition is enough.").more(),
    must("conditions", Ty::List(&Ty::Table(CONDITION)), "What must be shown.").more(),
];

static DOCUMENT: &[ParamSpec] = &[
    must("code", Ty::Code, "The document's name."),
    must("word", Ty::Words, "What it is called."),
    may("form", FORM, "The form, where it is one of this pack."),
    may("required", Ty::Flag, "The dossier is incomplete without it.").more(),
    may("original", Ty::Flag, "It must be the original.").more(),
    may("stamped", Ty::Flag, "It must carry the applicant's stamp.").more(),
    may("dated", Ty::Flag, "It must carry a date.").more(),
    may("clause", CLAUSE, "The clause that asks for it."),
];

pub(super) static DOSSIER: &[ParamSpec] = &[
    may("types", Ty::List(&Ty::Ref(RefTo::MemberType)), "For which member types; all when absent."),
    must("documents", Ty::List(&Ty::Table(DOCUMENT)), "What is handed in.").more(),
    may("send_by", Ty::OneOf(POST), "How it is sent."),
    may("filing_date", Ty::OneOf(&["receipt", "postmark"]), "Which day counts as the day of filing."),
    may("address", Ty::Words, "Where to."),
    may("supplement", Ty::Deadline, "By when missing parts are handed in.").shorter(),
    may("decide_within", Ty::Deadline, "By when it is decided.").shorter(),
    may("reply", Ty::OneOf(POST), "How the decision is told."),
];

static EQUAL: &[ParamSpec] = &[
    must("form", FORM, "The form."),
    must("field", Ty::Code, "Its field."),
    must(
        "registry",
        Ty::OneOf(&["name", "address", "number", "representative"]),
        "What it must equal in the company register.",
    ),
    may("compare", Ty::OneOf(&["normalised", "exact"]), "How the two are compared.").more(),
];

pub(super) static MATCH: &[ParamSpec] = &[
    may("types", Ty::List(&Ty::Ref(RefTo::MemberType)), "For which member types; all when absent."),
    must("pairs", Ty::List(&Ty::Table(EQUAL)), "What must agree.").more(),
];

pub(super) static LINE: &[ParamSpec] = &[
    may("types", Ty::List(&Ty::Ref(RefTo::MemberType)), "For which member types; all when absent."),
    may("per_company", COUNT, "How many lines one company may have.").less(),
    may("wireless", Ty::Flag, "Whether a wireless line may be used.").less(),
    may("third_parties", Ty::Flag, "Whether others may be let in over it.").less(),
    may("apply_to", Ty::Who, "Who provides the line."),
];

static SCOPE: &[ParamSpec] = &[
    must("code", Ty::Code, "The code declared services map to."),
    must("word", Ty::Words, "What it is."),
    may("clause", CLAUSE, "The clause that lists it."),
    may("consent_document", Ty::Flag, "Needs a document of consent.").more(),
];

pub(super) static SCOPE_OF_USE: &[ParamSpec] = &[
    may("types", Ty::List(&Ty::Ref(RefTo::MemberType)), "For which member types; all when absent."),
    may("uses", Ty::List(&Ty::Table(SCOPE)), "What the network may be used for.").less(),
    may("forbidden", Ty::List(&Ty::Table(SCOPE)), "What is forbidden; the codes are violation codes too.")
        .more(),
];

pub(super) static INSPECTION: &[ParamSpec] = &[
    must("schedule", Ty::Schedule, "How often.").shorter(),
    may("announced", Ty::Flag, "Whether members know beforehand.").less(),
    may("by", Ty::Who, "Who inspects."),
    may("finding", Ty::OneOf(Consequence::WORDS), "What a finding brings at once.").more(),
    may("checks", Ty::List(&Ty::Words), "What is looked at.").more(),
    may("report_to", PEOPLE, "Who gets the result.").more(),
];

pub(super) static BAN: &[ParamSpec] = &[
    must("after", Ty::OneOf(&["stop", "ban", "refusal", "violation"]), "What opens it."),
    must("months", MONTHS, "How long no new application is taken.").longer(),
    may("open_end", Ty::Flag, "The length is a minimum; somebody may decide on more."),
    may("counting", Ty::OneOf(Counting::WORDS), "How it is counted."),
    may("automatic", Ty::Flag, "Follows by itself.").more(),
];

pub(super) static HAND_OFF: &[ParamSpec] = &[
    must("types", Ty::List(&Ty::Ref(RefTo::MemberType)), "For which member types."),
    must("to", Ty::Who, "Who takes the applicant over."),
    may("after", Ty::OneOf(&["application", "approval", "decision", "delivery"]), "When."),
    may("record", Ty::Flag, "It is recorded.").more(),
];

pub(super) static TRANSITION: &[ParamSpec] = &[
    must("approved_before", Ty::Date, "Those approved before this day."),
    must("apply_again", Ty::Flag, "Whether they must apply again.").more(),
    may("current_rules", Ty::Flag, "Whether the rules of today bind them.").more(),
    may("until", Ty::Date, "By when they must be in line."),
];
