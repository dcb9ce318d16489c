//! The types that every kind shares: who, deadline, schedule.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::kinds::vocabulary::{Anchor, Counting, Event, Holiday, Offset, PARTIES, Relation, Unit};
use super::kinds::{ParamSpec, RefTo, Ty, may, must};
use super::value::{Params, Value};

/// Somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Whoever holds this role.
    Role(String),
    /// Whoever answers for this office.
    Office(String),
    /// Another organisation of the pack.
    Organisation(String),
    /// The head of the agency in person.
    Head,
    /// The head of the agency, or somebody with a recorded delegation.
    HeadOrDelegate,
    /// Whoever stands so to the person or record in question.
    Relation(Relation),
    /// A body outside, by its part in the link.
    Party(&'static str),
    /// Any one of these.
    Any(Vec<Self>),
}

/// A span with a start event. Length 0 means at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// How many units.
    pub length: u32,
    /// The unit.
    pub unit: Unit,
    /// The event from which it is counted; where absent, the parameter says which.
    pub from: Option<Event>,
    /// After or before the event.
    pub offset: Offset,
    /// How it is counted.
    pub counting: Counting,
    /// Rolling or by the calendar, where the rule says.
    pub anchor: Option<Anchor>,
}

/// Something that returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// From time to time, with no period in the rule.
    Irregular,
    /// Every so many units.
    Every(Box<Every>),
}

/// A period, and on which day of it something is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Every {
    /// How many units make the period.
    pub every: u32,
    /// The unit.
    pub unit: Unit,
    /// Rolling or by the calendar, where the rule says.
    pub anchor: Option<Anchor>,
    /// What a closed day does, where the rule says.
    pub holiday: Option<Holiday>,
    /// The month of a yearly day, 1 to 12.
    pub month: Option<u8>,
    /// The day of a month, 1 to 31.
    pub day: Option<u8>,
    /// The day of a week, 1 for Monday to 7.
    pub weekday: Option<u8>,
}

/// The keys of `who`; exactly one of them stands.
pub(super) static WHO: &[ParamSpec] = &[
    may("role", Ty::Ref(RefTo::Role), "Whoever holds the role."),
    may("office", Ty::Ref(RefTo::Office), "Whoever answers for the office."),
    may("organisation", Ty::Ref(RefTo::Organisation), "Another organisation of the pack."),
    may("head", Ty::Flag, "The head of the agency in person."),
    may("head_or_delegate", Ty::Flag, "The head, or somebody with a recorded delegation."),
    may("relation", Ty::OneOf(Relation::WORDS), "Whoever stands so to the person or record in question."),
    may("party", Ty::OneOf(PARTIES), "A body outside, by its part in the link."),
    may("any", Ty::List(&Ty::Who), "Any one of several."),
];

/// The keys of a deadline.
pub(super) static DEADLINE: &[ParamSpec] = &[
    must("length", Ty::Integer { min: 0, max: 10_000 }, "How many units; 0 is at once."),
    must("unit", Ty::OneOf(Unit::WORDS), "The unit."),
    may("from", Ty::OneOf(Event::WORDS), "The event from which it is counted."),
    may("offset", Ty::OneOf(Offset::WORDS), "After (when absent) or before the event."),
    may("counting", Ty::OneOf(Counting::WORDS), "How it is counted; ordinary when absent."),
    may("anchor", Ty::OneOf(Anchor::WORDS), "Rolling or by the calendar.").told(),
];

static ON: &[ParamSpec] = &[
    may("month", Ty::Integer { min: 1, max: 12 }, "The month."),
    may("day", Ty::Integer { min: 1, max: 31 }, "The day of the month."),
    may("weekday", Ty::Integer { min: 1, max: 7 }, "The day of the week, Monday is 1."),
];

/// The keys of a schedule.
pub(super) static SCHEDULE: &[ParamSpec] = &[
    may("every", Ty::Integer { min: 1, max: 1_000 }, "How many units make the period."),
    may("unit", Ty::OneOf(Unit::WORDS), "The unit."),
    may("anchor", Ty::OneOf(Anchor::WORDS), "Rolling or by the calendar."),
    may("holiday", Ty::OneOf(Holiday::WORDS), "What a closed day does."),
    may("on", Ty::Table(ON), "The day on which it is due."),
    may("irregular", Ty::Flag, "`true`: from time to time, the rule gives no period."),
];

/// The variant that a word of its closed list names; the schema has checked the word.
pub(super) fn word<T>(params: &Params, name: &str, named: fn(&str) -> Option<T>) -> Option<T> {
    params.text(name).and_then(named)
}

impl Who {
    /// Reads checked keys; `None` unless exactly one stands and says something.
    pub(super) fn from_params(params: &Params) -> Option<Self> {
        let mut keys = params.iter();
        let (key, value) = keys.next()?;
        if keys.next().is_some() {
            return None;
        }
        match (key, value) {
            ("role", Value::Text(id)) => Some(Self::Role(id.clone())),
            ("office", Value::Text(id)) => Some(Self::Office(id.clone())),
            ("organisation", Value::Text(id)) => Some(Self::Organisation(id.clone())),
            ("head", Value::Flag(true)) => Some(Self::Head),
            ("head_or_delegate", Value::Flag(true)) => Some(Self::HeadOrDelegate),
            ("relation", Value::Word(word)) => Relation::named(word).map(Self::Relation),
            ("party", Value::Word(word)) => Some(Self::Party(word)),
            ("any", Value::List(list)) if list.len() > 1 => Some(Self::Any(params.people("any"))),
            _ => None,
        }
    }

    /// Whether it can be somebody to whom the head delegated, also inside `any`.
    pub fn is_delegable(&self) -> bool {
        match self {
            Self::HeadOrDelegate => true,
            Self::Any(several) => several.iter().any(Self::is_delegable),
            _ => false,
        }
    }

    /// Every role that is named, also inside `any`.
    pub fn roles(&self) -> Vec<&str> {
        match self {
            Self::Role(role) => Vec::from([role.as_str()]),
            Self::Any(several) => several.iter().flat_map(Self::roles).collect(),
            _ => Vec::new(),
        }
    }
}

impl Deadline {
    pub(super) fn from_params(params: &Params) -> Option<Self> {
        Some(Self {
            length: params.number("length")?,
            unit: word(params, "unit", Unit::named)?,
            from: word(params, "from", Event::named),
            offset: word(params, "offset", Offset::named).unwrap_or(Offset::After),
            counting: word(params, "counting", Counting::named).unwrap_or(Counting::Ordinary),
            anchor: word(params, "anchor", Anchor::named),
        })
    }

    /// Roughly how many hours, negative where it lies before its event; only for comparing two rules.
    pub(super) fn weight(&self) -> i64 {
        let hours = i64::from(self.length) * unit_hours(self.unit);
        if self.offset == Offset::Before { -hours } else { hours }
    }
}

impl Every {
    /// The key of `on` that means nothing in such a period, and what to write instead.
    pub(super) fn misnamed(&self) -> Option<(&'static str, &'static str)> {
        let said = [("month", self.month), ("day", self.day), ("weekday", self.weekday)];
        let (fits, remedy): (&[&str], _) = match self.unit {
            Unit::Year => (&["month", "day"], "In years write `on = { month = …, day = … }`."),
            Unit::Month if self.every >= 12 => (&["month", "day"], "Write `on = { month = …, day = … }`."),
            Unit::Month => (&["day", "weekday"], "In months write `on = { day = … }`."),
            Unit::Week => (&["weekday"], "In weeks write `on = { weekday = … }`."),
            Unit::Hour | Unit::Day | Unit::WorkingDay => {
                (&[], "Leave `on` out, or count in weeks or months.")
            }
        };
        said.into_iter()
            .find(|(key, value)| value.is_some() && !fits.contains(key))
            .map(|(key, _)| (key, remedy))
    }
}

impl Schedule {
    /// Reads checked keys; `None` unless it is either irregular or has both a number and a unit.
    pub(super) fn from_params(params: &Params) -> Option<Self> {
        if params.has("irregular") {
            let alone = params.iter().count() == 1 && params.flag("irregular") == Some(true);
            return alone.then_some(Self::Irregular);
        }
        let on = params.table("on");
        Some(Self::Every(Box::new(Every {
            every: params.number("every")?,
            unit: word(params, "unit", Unit::named)?,
            anchor: word(params, "anchor", Anchor::named),
            holiday: word(params, "holiday", Holiday::named),
            month: on.and_then(|on| on.number("month")),
            day: on.and_then(|on| on.number("day")),
            weekday: on.and_then(|on| on.number("weekday")),
        })))
    }

    /// Roughly how many hours a period has; no period at all is the longest. Only for comparing two rules.
    pub(super) fn weight(&self) -> i64 {
        match self {
            Self::Irregular => i64::MAX,
            Self::Every(period) => i64::from(period.every) * unit_hours(period.unit),
        }
    }
}

/// Hours of a unit; a working day weighs seven fifths of a day, a month a twelfth of a year.
const fn unit_hours(unit: Unit) -> i64 {
    match unit {
        Unit::Hour => 1,
        Unit::Day => 24,
        Unit::WorkingDay => 34,
        Unit::Week => 168,
        Unit::Month => 730,
        Unit::Year => 8_760,
    }
}
