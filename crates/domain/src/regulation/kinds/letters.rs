//! Family `letters`: notices and letters in official form.

use super::vocabulary::{Event, POST};
use super::{PEOPLE, ParamSpec, RefTo, Ty, may, must};

pub(super) static LETTER: &[ParamSpec] = &[
    must("word", Ty::Words, "What the letter is called."),
    must("event", Ty::OneOf(Event::WORDS), "What makes it due."),
    must("recipient", Ty::Who, "To whom."),
    may("copies_to", PEOPLE, "Who gets a copy.").more(),
    may("template", Ty::Ref(RefTo::Template), "The file under `letters/` that holds its text.").told(),
    may("subject", Ty::Words, "Its subject line, where there is no template."),
    may("deadline", Ty::Deadline, "By when.").shorter(),
    may("channels", Ty::List(&Ty::OneOf(POST)), "How."),
    may("document_number", Ty::Flag, "The number and date under which it left are entered.").more(),
    may("remedy_notice", Ty::Flag, "It tells the remedy, its period and where to file.").more().told(),
];
