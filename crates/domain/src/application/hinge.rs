//! On what else in a form a field hangs, for pages that show and hide fields while they are filled in.
//! Whether a field is asked is decided by [`form::asked`](super::form::asked) alone.

use super::Action;
use crate::regulation::{Field, Form, Situation, When};
use alloc::{boxed::Box, string::String, vec::Vec};
use serde::Serialize;

/// A condition with all settled that does not hang on what is chosen in the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hinge {
    /// It holds, or does not, whatever is chosen.
    Holds(bool),
    /// All of these hold.
    All(Vec<Self>),
    /// One of these holds.
    Any(Vec<Self>),
    /// This does not hold.
    Not(Box<Self>),
    /// In this field one of these options is chosen.
    Chosen(String, Vec<String>),
}

/// On what a field hangs; nothing where it is asked whatever is chosen.
pub fn of(form: &Form, field: &Field, situation: &Situation<'_>) -> Option<Hinge> {
    let hinge = turned(form, field.when.as_ref()?, situation);
    (hinge != Hinge::Holds(true)).then_some(hinge)
}

fn turned(form: &Form, when: &When, situation: &Situation<'_>) -> Hinge {
    let each = |parts: &[When]| parts.iter().map(|part| turned(form, part, situation)).collect();
    match when {
        When::All(parts) => Hinge::All(each(parts)),
        When::Any(parts) => Hinge::Any(each(parts)),
        When::Not(part) => Hinge::Not(Box::new(turned(form, part, situation))),
        When::Answer(field, codes) => Hinge::Chosen(field.clone(), codes.clone()),
        When::Is("action", words) => applies_for(form, words),
        When::Is(..) | When::Count(..) => Hinge::Holds(when.holds(situation) != Some(false)),
    }
}

/// That one of these is applied for, said by the options that apply for it. Where none is chosen that applies
/// for anything, it is something new.
fn applies_for(form: &Form, words: &[String]) -> Hinge {
    let fresh = words.iter().any(|word| word == Action::Create.word());
    let wanted = |action: &Option<String>| match action {
        Some(action) => words.contains(action) != fresh,
        None => false,
    };
    let choices = form.fields.iter().filter(|field| field.kind == "choice");
    let own = choices.filter_map(|field| {
        let codes = field.options.iter().filter(|option| wanted(&option.action));
        let codes: Vec<String> = codes.map(|option| option.code.clone()).collect();
        (!codes.is_empty()).then(|| Hinge::Chosen(field.id.clone(), codes))
    });
    let any = Hinge::Any(own.collect());
    if fresh { Hinge::Not(Box::new(any)) } else { any }
}
