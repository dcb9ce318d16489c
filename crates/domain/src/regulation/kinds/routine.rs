//! Family `routine`: reports, slips and other regular work.

use super::vocabulary::{LISTS, POST, PROVIDER_STATES};
use super::{FORM, PEOPLE, ParamSpec, RefTo, Ty, YEARS, may, must};

pub(super) static PERIODIC_REPORT: &[ParamSpec] = &[
    must("word", Ty::Words, "What the report is called."),
    must("list", Ty::OneOf(LISTS), "What it lists.").told(),
    must("schedule", Ty::Schedule, "How often.").shorter(),
    may("columns", Ty::List(&Ty::Words), "Its columns, where the rule names them.").told(),
    may("units", Ty::List(&Ty::Ref(RefTo::Organisation)), "Who makes it; all when absent.").more().told(),
    may("by", Ty::Who, "Which role makes it."),
    may("recipients", PEOPLE, "Who gets it.").more().told(),
    may("signers", PEOPLE, "Who signs it.").more().told(),
    may("when_empty", Ty::Flag, "Made also when there is nothing to report.").more().told(),
    may("deadline", Ty::Deadline, "By when after the period.").shorter().told(),
    may("form", FORM, "Its form.").told(),
    may("at_least_years", YEARS, "How long it is kept at least.").longer().told(),
];

pub(super) static CONTINGENCY: &[ParamSpec] = &[
    must("conditions", Ty::List(&Ty::OneOf(PROVIDER_STATES)), "In which states of the source."),
    may("hours", Ty::Integer { min: 0, max: 720 }, "After how many hours of that state.").longer(),
    may("slip", FORM, "The slip that is used instead."),
    may("to", Ty::Who, "To whom it goes."),
    may("channels", Ty::List(&Ty::OneOf(POST)), "How.").less(),
    may("enter_later", Ty::Deadline, "By when it is entered afterwards.").shorter(),
];

pub(super) static ENQUIRY_SLIP: &[ParamSpec] = &[
    must("to", Ty::Who, "Who is asked."),
    may("form", FORM, "The slip."),
    may("numbered", Ty::Flag, "Each slip has a number.").more(),
    may("answer_within", Ty::Deadline, "By when it is answered.").shorter(),
    may("partial", Ty::Flag, "A part of the answer may come first."),
    may("answered_by", Ty::Who, "Who answers."),
    may("channels", Ty::List(&Ty::OneOf(POST)), "How it travels.").less(),
];

pub(super) static HOUSEKEEPING: &[ParamSpec] = &[
    must("word", Ty::Words, "What is done."),
    must("schedule", Ty::Schedule, "How often.").shorter(),
    may("by", Ty::Who, "Who does it."),
    may("confirm", Ty::Flag, "Somebody confirms each time.").more().told(),
];
