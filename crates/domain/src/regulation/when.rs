//! Conditions: to which situations a control applies. There is no rule language, only all, any and not over a
//! closed list.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::kinds::vocabulary::{
    ACTIONS, ApplicationObject, Capacity, Cause, Channel, PROVIDER_STATES, Target,
};
use super::kinds::{ParamSpec, RefTo, Ty, may};
use super::value::{Params, Value, codes};

/// What is chosen in the fields of a form: the codes of options, by the name of the field.
pub type Chosen = BTreeMap<String, Vec<String>>;

/// What is known of a situation when a control is chosen. What is `None` is not known, and a condition on it
/// is neither met nor failed: such a control does not apply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Situation<'a> {
    /// The named plan of the case.
    pub plan: Option<&'a str>,
    /// The dataset that is asked.
    pub dataset: Option<&'a str>,
    /// The item that is asked, as `dataset/item`.
    pub item: Option<&'a str>,
    /// The permitted use.
    pub purpose: Option<&'a str>,
    /// The legal basis.
    pub basis: Option<&'a str>,
    /// The business of the case.
    pub business: Option<&'a str>,
    /// The acting role.
    pub role: Option<&'a str>,
    /// The organisation of the acting unit, by its id in the pack.
    pub unit: Option<&'a str>,
    /// The acting office.
    pub office: Option<&'a str>,
    /// The zone the act comes from, or `elsewhere`.
    pub place: Option<&'a str>,
    /// The way the data travel.
    pub channel: Option<&'a str>,
    /// How the subject stands to the one who asks.
    pub relation: Option<&'a str>,
    /// The state of the source.
    pub provider_state: Option<&'a str>,
    /// The type of an outside member.
    pub member_type: Option<&'a str>,
    /// Why a person's standing changes.
    pub cause: Option<&'a str>,
    /// The capacity in which the actor acts.
    pub capacity: Option<&'a str>,
    /// What an application is about.
    pub object: Option<&'a str>,
    /// What the form that is filled in applies for.
    pub action: Option<&'a str>,
    /// What is chosen in the form that is filled in.
    pub chosen: Option<&'a Chosen>,
    /// How many: subjects of a request, records of an answer.
    pub count: Option<i64>,
    /// The roles of all posts of whoever asks, where there are several; no condition asks for them.
    pub held_roles: &'a [String],
}

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// All of these hold.
    All(Vec<Self>),
    /// One of these holds.
    Any(Vec<Self>),
    /// This does not hold.
    Not(Box<Self>),
    /// The fact of this name is one of these values.
    Is(&'static str, Vec<String>),
    /// In this field of the form one of these options is chosen.
    Answer(String, Vec<String>),
    /// The count lies between these bounds, both included.
    Count(Option<i64>, Option<i64>),
}

static COUNT: &[ParamSpec] = &[
    may("at_least", Ty::Integer { min: 0, max: 1_000_000 }, "Not fewer."),
    may("at_most", Ty::Integer { min: 0, max: 1_000_000 }, "Not more."),
];

/// The keys of a condition; all keys of one table must hold.
pub(super) static WHEN: &[ParamSpec] = &[
    may("plan", Ty::OneOrMany(&Ty::Ref(RefTo::Plan)), "The named plan."),
    may("dataset", Ty::OneOrMany(&Ty::Ref(RefTo::Dataset)), "The dataset asked."),
    may("item", Ty::OneOrMany(&Ty::Ref(RefTo::Item)), "The item asked, `dataset/item`."),
    may("purpose", Ty::OneOrMany(&Ty::Ref(RefTo::Purpose)), "The permitted use."),
    may("basis", Ty::OneOrMany(&Ty::Ref(RefTo::Basis)), "The legal basis."),
    may("business", Ty::OneOrMany(&Ty::Ref(RefTo::Business)), "The business of the case."),
    may("role", Ty::OneOrMany(&Ty::Ref(RefTo::Role)), "The acting role."),
    may("unit", Ty::OneOrMany(&Ty::Ref(RefTo::Organisation)), "The organisation that acts."),
    may("office", Ty::OneOrMany(&Ty::Ref(RefTo::Office)), "The office that acts."),
    may("place", Ty::OneOrMany(&Ty::Ref(RefTo::Zone)), "A zone, or `elsewhere`."),
    may("channel", Ty::OneOrMany(&Ty::OneOf(Channel::WORDS)), "The way the data travel."),
    may("relation", Ty::OneOrMany(&Ty::OneOf(Target::WORDS)), "How the subject stands to the one who asks."),
    may("provider_state", Ty::OneOrMany(&Ty::OneOf(PROVIDER_STATES)), "The state of the source."),
    may("member_type", Ty::OneOrMany(&Ty::Ref(RefTo::MemberType)), "The type of an outside member."),
    may("cause", Ty::OneOrMany(&Ty::OneOf(Cause::WORDS)), "Why a person's standing changes."),
    may("capacity", Ty::OneOrMany(&Ty::OneOf(Capacity::WORDS)), "The capacity in which somebody acts."),
    may("object", Ty::OneOrMany(&Ty::OneOf(ApplicationObject::WORDS)), "What an application is about."),
    may("count", Ty::Table(COUNT), "How many subjects or records."),
    may("action", Ty::OneOrMany(&Ty::OneOf(ACTIONS)), "What the form applies for; of a field only."),
    may(
        "answer",
        Ty::Map(&Ty::OneOrMany(&Ty::Code)),
        "Options of other fields of the form, one of which is chosen in each; of a field only.",
    ),
    may("all", Ty::List(&Ty::When), "All of these conditions."),
    may("any", Ty::List(&Ty::When), "One of these conditions."),
    may("not", Ty::When, "Not this condition."),
];

impl When {
    /// Reads checked keys; `None` for a table without any, which would say nothing.
    pub(super) fn from_params(params: &Params) -> Option<Self> {
        let mut parts: Vec<Self> = params.iter().filter_map(|(key, value)| Self::part(key, value)).collect();
        if parts.len() > 1 { Some(Self::All(parts)) } else { parts.pop() }
    }

    fn part(key: &'static str, value: &Value) -> Option<Self> {
        let inner = |list: &[Value]| -> Vec<Self> {
            list.iter()
                .filter_map(|v| if let Value::When(when) = v { Some(when.clone()) } else { None })
                .collect()
        };
        match (key, value) {
            ("all", Value::List(list)) => Some(Self::All(inner(list))),
            ("any", Value::List(list)) => Some(Self::Any(inner(list))),
            ("not", Value::When(when)) => Some(Self::Not(Box::new(when.clone()))),
            ("count", Value::Table(bounds)) => {
                Some(Self::Count(bounds.number("at_least"), bounds.number("at_most")))
            }
            ("answer", Value::Map(fields)) => {
                let one = |(field, value): (&String, &Value)| Self::Answer(field.clone(), codes(value));
                let mut all: Vec<Self> = fields.iter().map(one).collect();
                if all.len() > 1 { Some(Self::All(all)) } else { all.pop() }
            }
            (_, Value::List(list)) => {
                Some(Self::Is(key, list.iter().filter_map(Value::as_text).map(String::from).collect()))
            }
            _ => None,
        }
    }

    /// Whether the condition holds; `None` where what is known does not settle it.
    pub fn holds(&self, situation: &Situation<'_>) -> Option<bool> {
        match self {
            Self::All(parts) => settle(parts.iter().map(|part| part.holds(situation)), false),
            Self::Any(parts) => settle(parts.iter().map(|part| part.holds(situation)), true),
            Self::Not(part) => part.holds(situation).map(|held| !held),
            Self::Is(name, values) => {
                situation.fact(name).map(|fact| values.iter().any(|value| value == fact))
            }
            Self::Answer(field, codes) => {
                let chosen = situation.chosen?.get(field);
                Some(chosen.is_some_and(|chosen| codes.iter().any(|code| chosen.contains(code))))
            }
            Self::Count(least, most) => {
                let count = situation.count?;
                Some(least.is_none_or(|least| count >= least) && most.is_none_or(|most| count <= most))
            }
        }
    }

    /// The facts that the condition asks for, by the keys of a pack.
    pub(super) fn facts(&self) -> Vec<&'static str> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::facts).collect(),
            Self::Not(part) => part.facts(),
            Self::Is(name, _) => Vec::from([*name]),
            Self::Answer(..) => Vec::from(["answer"]),
            Self::Count(..) => Vec::from(["count"]),
        }
    }

    /// The fields of the form that the condition asks after, each with the options that it names.
    pub(super) fn answers(&self) -> Vec<(&str, &[String])> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::answers).collect(),
            Self::Not(part) => part.answers(),
            Self::Answer(field, codes) => Vec::from([(field.as_str(), codes.as_slice())]),
            Self::Is(..) | Self::Count(..) => Vec::new(),
        }
    }

    /// How many facts the condition looks at: the more, the more special the control.
    pub(super) fn weight(&self) -> usize {
        self.facts().len()
    }
}

/// Three-valued and/or: `decisive` settles it alone; otherwise everything must be known.
fn settle(parts: impl Iterator<Item = Option<bool>>, decisive: bool) -> Option<bool> {
    let mut unknown = false;
    for part in parts {
        match part {
            Some(held) if held == decisive => return Some(decisive),
            Some(_) => {}
            None => unknown = true,
        }
    }
    if unknown { None } else { Some(!decisive) }
}

impl<'a> Situation<'a> {
    fn fact(&self, name: &str) -> Option<&'a str> {
        match name {
            "plan" => self.plan,
            "dataset" => self.dataset,
            "item" => self.item,
            "purpose" => self.purpose,
            "basis" => self.basis,
            "business" => self.business,
            "role" => self.role,
            "unit" => self.unit,
            "office" => self.office,
            "place" => self.place,
            "channel" => self.channel,
            "relation" => self.relation,
            "provider_state" => self.provider_state,
            "member_type" => self.member_type,
            "cause" => self.cause,
            "capacity" => self.capacity,
            "object" => self.object,
            "action" => self.action,
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn is(name: &'static str, value: &str) -> When {
        When::Is(name, vec![value.into()])
    }

    #[test]
    fn an_unknown_fact_settles_nothing_and_its_negation_neither() {
        let nothing = Situation::default();
        assert_eq!(is("role", "user").holds(&nothing), None);
        assert_eq!(When::Not(Box::new(is("role", "user"))).holds(&nothing), None);
        let user = Situation { role: Some("user"), ..nothing };
        assert_eq!(When::Any(vec![is("role", "user"), is("plan", "x")]).holds(&user), Some(true));
        assert_eq!(When::All(vec![is("role", "user"), is("plan", "x")]).holds(&user), None);
        assert_eq!(When::All(vec![is("role", "head"), is("plan", "x")]).holds(&user), Some(false));
    }

    #[test]
    fn an_answer_is_one_of_the_options_that_are_chosen() {
        let when = When::Answer("kind".into(), vec!["a".into(), "b".into()]);
        assert_eq!(when.holds(&Situation::default()), None, "no form is filled in");
        let chosen = |codes: &[&str]| {
            Chosen::from([(String::from("kind"), codes.iter().map(|code| (*code).into()).collect())])
        };
        for (codes, holds) in [(vec!["a", "z"], true), (vec!["z"], false), (vec![], false)] {
            let chosen = chosen(&codes);
            let situation = Situation { chosen: Some(&chosen), ..Situation::default() };
            assert_eq!(when.holds(&situation), Some(holds), "{codes:?}");
        }
        let none = Chosen::new();
        let situation = Situation { chosen: Some(&none), ..Situation::default() };
        assert_eq!(when.holds(&situation), Some(false), "nothing is chosen yet");
    }

    #[test]
    fn counts_include_their_bounds() {
        let ten = Situation { count: Some(10), ..Situation::default() };
        assert_eq!(When::Count(Some(10), None).holds(&ten), Some(true));
        assert_eq!(When::Count(None, Some(9)).holds(&ten), Some(false));
    }
}
