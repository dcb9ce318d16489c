//! Families `purpose` and `consent`: for what ends data may be asked for, and who must agree first.

use super::vocabulary::{ApplicationObject, PARTIES, ScopeOfConsent, StepAct};
use super::{CLAUSE, COUNT, FORM, MONTHS, ParamSpec, RefTo, Ty, may, must};

static BASIS: &[ParamSpec] = &[
    must("code", Ty::Code, "The code that cases and lookups carry."),
    must("word", Ty::Words, "What people choose."),
    may("statute", Ty::Text, "The statute, as it is named today.").told(),
    may("article", Ty::Text, "The article, as cited (absent where the rule names only the statute).").told(),
    may("cited_as", Ty::Text, "The name by which the rule cites it, where that differs.").told(),
    may("current_name", Ty::Text, "The name it has today, where the rule cites an old one.").told(),
    may("extra_text", Ty::Flag, "The person must type the statute and article.").more(),
    may("head_consent", Ty::Flag, "Unusable until the head of the agency has agreed.").more(),
    may("clause", CLAUSE, "The clause that lists it."),
    may("valid_from", Ty::Date, "First day on which it may be chosen."),
    may("valid_to", Ty::Date, "Last day on which it may be chosen."),
];

pub(super) static LEGAL_BASES: &[ParamSpec] =
    &[must("bases", Ty::List(&Ty::Table(BASIS)), "Every basis a lookup may name.").less()];

static USE: &[ParamSpec] = &[
    must("code", Ty::Code, "The code that lookups carry."),
    must("word", Ty::Words, "What people choose."),
    may("extra_text", Ty::Flag, "The person must say more in words.").more(),
    may("clause", CLAUSE, "The clause that lists it."),
];

pub(super) static PERMITTED_USES: &[ParamSpec] = &[
    must("purposes", Ty::List(&Ty::Table(USE)), "Every use the rule allows.").less(),
    may(
        "reuse",
        Ty::OneOf(&["same-purpose", "after-approval", "never"]),
        "Whether an answer may be used again.",
    )
    .more()
    .told(),
];

static BUSINESS: &[ParamSpec] = &[
    must("code", Ty::Code, "The code that cases carry."),
    must("word", Ty::Words, "What people call this work."),
    may("basis", Ty::Ref(RefTo::Basis), "The basis filled in from the case."),
    may("purpose", Ty::Ref(RefTo::Purpose), "The use filled in from the case."),
    may("items", Ty::List(&Ty::Ref(RefTo::Item)), "Everything this work may ask for.").less(),
    may("minimal", Ty::List(&Ty::Ref(RefTo::Item)), "What is ticked to begin with."),
    may(
        "days_after_close",
        Ty::Integer { min: 0, max: 3_650 },
        "Days after the case closes in which it still carries a lookup.",
    )
    .shorter(),
    may("plan", Ty::Ref(RefTo::Plan), "The named plan it belongs to."),
    may("clause", CLAUSE, "The clause that names it."),
];

pub(super) static BUSINESS_SCOPE: &[ParamSpec] =
    &[must("businesses", Ty::List(&Ty::Table(BUSINESS)), "The work for which data may be asked.").less()];

pub(super) static NECESSITY: &[ParamSpec] = &[
    must(
        "tests",
        Ty::List(&Ty::OneOf(&["own-business", "helpful", "necessary", "proportionate"])),
        "What the applicant must state, each in words.",
    )
    .more(),
    may("object", Ty::OneOf(ApplicationObject::WORDS), "The application that must carry the statement."),
];

static GROUND: &[ParamSpec] = &[
    must("code", Ty::Code, "The code the application carries."),
    must("word", Ty::Words, "What people choose."),
    may("statute", Ty::Text, "The statute that opens it."),
    may("article", Ty::Text, "The article."),
    may("clause", CLAUSE, "The clause that lists it."),
];

pub(super) static OUTSIDE_PURPOSE: &[ParamSpec] = &[
    must("grounds", Ty::List(&Ty::Table(GROUND)), "The grounds on which data may serve another end.").less(),
    may("by", Ty::Who, "Who must agree."),
];

static OUTCOME: &[ParamSpec] = &[
    must("code", Ty::Code, "The code that the stamp carries."),
    must("word", Ty::Words, "What is printed, and chosen."),
    must("does", Ty::OneOf(&["agree", "object", "return", "refuse"]), "What it gives."),
    may("remark", Ty::Flag, "It wants words, as sending back, objecting and refusing do in any case.").more(),
    may(
        "effective_date",
        Ty::Flag,
        "A first day may be set, within the term; without one it begins when it is carried out.",
    ),
    may("leave_out", Ty::Flag, "Single ticks may be left out, with words; the others are approved.").less(),
];

static STEP: &[ParamSpec] = &[
    may("who", Ty::Who, "Who acts; leave out only where `side_by_side` stands."),
    may("side_by_side", Ty::List(&Ty::Who), "Those who are asked at the same time."),
    may("quorum", COUNT, "How many of those side by side must answer; all when absent.").more(),
    may("act", Ty::OneOf(StepAct::WORDS), "What the step does; the last step that decides ends the chain."),
    may("blind", Ty::Flag, "What is given is seen by nobody else before the step is over.").more(),
    may("label", Ty::Words, "The step's name on form and page."),
    may("deputies", Ty::Flag, "Whether a registered deputy may act; they may when absent."),
    may("silence", Ty::Deadline, "When the step counts as silent.").shorter(),
    may("silence_then", Ty::OneOf(&["remind", "escalate", "pass-on"]), "What silence does."),
    may("outcomes", Ty::List(&Ty::Table(OUTCOME)), "The results that the form prints for the step."),
];

pub(super) static APPROVAL_CHAIN: &[ParamSpec] = &[
    must("object", Ty::OneOf(ApplicationObject::WORDS), "What is approved."),
    must(
        "steps",
        Ty::List(&Ty::Table(STEP)),
        "The chain in order, with an end: the last step must decide or carry out.",
    ),
    may("form", FORM, "The form that travels along the chain."),
    may("valid_months", MONTHS, "How long the approval stands.").shorter(),
    may("renew_before", Ty::Deadline, "From when on it can be renewed, before its end.").longer(),
    may(
        "renew_by",
        Ty::Deadline,
        "By when a renewal is applied for, before its end; by its last day when absent.",
    )
    .longer(),
    may("afterwards", Ty::Deadline, "In an emergency: by when the approval is obtained afterwards.")
        .shorter()
        .told(),
];

pub(super) static CONSENT: &[ParamSpec] = &[
    must("scope", Ty::OneOf(ScopeOfConsent::WORDS), "What must have been approved before a lookup.").more(),
    may("by", Ty::Who, "Who approves; needed unless the scope is `none`."),
    may(
        "application",
        Ty::OneOf(ApplicationObject::WORDS),
        "The application whose approval it is, for the unit that applied; given outright when absent.",
    )
    .more(),
    may("valid_months", MONTHS, "How long one approval stands.").shorter(),
    may("afterwards", Ty::Deadline, "In an emergency: by when the approval is obtained afterwards.")
        .shorter()
        .told(),
];

pub(super) static SUBJECT_CONSENT: &[ParamSpec] = &[
    may("form", FORM, "The form the person signs."),
    may("instead_of_basis", Ty::Flag, "Whether it can stand in the place of a legal basis.").less(),
    may("keep", Ty::OneOf(&["either", "scan", "paper"]), "What must be kept of it.").more(),
    may("valid_months", MONTHS, "How long it stands.").shorter(),
];

pub(super) static DELEGATION: &[ParamSpec] = &[
    must("party", Ty::OneOf(PARTIES), "The body that acts for another."),
    may("consent_by", Ty::Who, "Who must agree before it may use the data."),
    may("agreement", Ty::Flag, "A written agreement must be registered first.").more(),
    may("valid_months", MONTHS, "How long it stands.").shorter(),
];
