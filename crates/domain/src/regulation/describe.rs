//! What a control sets, for pages that say it, and as plain text for those who compare two versions.

use super::pack::Control;
use super::shared::{Deadline, Every, Schedule, Who};
use super::value::{Params, Value, Words};
use super::when::When;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

impl Control {
    /// Every parameter that the control's kind knows, by name, with what the rule sets it to. `None` means
    /// that the rule leaves it unset, which is not the same as any value.
    pub fn described(&self) -> Vec<(&'static str, Option<Value>)> {
        let params = self.kind.spec().params.iter();
        params.map(|param| (param.name, self.params.get(param.name).cloned())).collect()
    }
}

/// A value with every key of every table inside it, for those who compare two.
pub(super) fn whole(value_: &Value) -> Words {
    match value_ {
        Value::List(values) => joined(values.iter().map(whole)),
        Value::Table(params) => joined(params.iter().map(|(name, v)| named(name, &whole(v)))),
        other => value(other),
    }
}

/// The same text in both languages, for what is a name or a number.
pub(super) fn same(text: impl Into<String>) -> Words {
    let text = text.into();
    Words::new(text.as_str(), text.as_str())
}

fn value(value_: &Value) -> Words {
    match value_ {
        Value::Text(text) => same(text.as_str()),
        Value::Words(words) => words.clone(),
        Value::Integer(number) => same(format!("{number}")),
        Value::Share(share) => same(format!("{}.{:02} %", share.0 / 100, share.0 % 100)),
        Value::Flag(flag) => same(if *flag { "true" } else { "false" }),
        Value::Date(date) => same(format!("{date}")),
        Value::Deadline(deadline) => same(deadline_text(deadline)),
        Value::Schedule(schedule) => same(schedule_text(schedule)),
        Value::Who(who) => same(who_text(who)),
        Value::When(when) => same(when_text(when)),
        Value::Word(word) => same(*word),
        Value::List(values) => joined(values.iter().map(value)),
        Value::Table(params) => table(params),
        Value::Map(map) => joined(map.iter().map(|(name, v)| named(name, &value(v)))),
    }
}

fn table(params: &Params) -> Words {
    // A table that carries words of its own is best known by them.
    let words = params.words("word").or_else(|| params.words("label")).cloned();
    words.unwrap_or_else(|| joined(params.iter().map(|(name, v)| named(name, &value(v)))))
}

fn named(name: &str, words: &Words) -> Words {
    Words::new(format!("{name} {}", words.zh), format!("{name} {}", words.en))
}

/// Several texts as one.
pub(super) fn joined(parts: impl Iterator<Item = Words>) -> Words {
    let parts: Vec<Words> = parts.collect();
    let join = |pick: fn(&Words) -> &str| parts.iter().map(pick).collect::<Vec<&str>>().join(" · ");
    Words::new(join(|words| &words.zh), join(|words| &words.en))
}

fn deadline_text(deadline: &Deadline) -> String {
    let (unit, counting) = (deadline.unit.word(), deadline.counting.word());
    let mut text = format!("{} {unit} {}", deadline.length, deadline.offset.word());
    if let Some(from) = deadline.from {
        text = format!("{text} {}", from.word());
    }
    match deadline.anchor {
        Some(anchor) => format!("{text} ({counting}, {})", anchor.word()),
        None => format!("{text} ({counting})"),
    }
}

fn schedule_text(schedule: &Schedule) -> String {
    match schedule {
        Schedule::Irregular => "irregular".into(),
        Schedule::Every(every) => every_text(every),
    }
}

fn every_text(every: &Every) -> String {
    let mut text = format!("{} {}", every.every, every.unit.word());
    let days = [("month", every.month), ("day", every.day), ("weekday", every.weekday)];
    for (name, day) in days.iter().filter_map(|(name, day)| Some((name, (*day)?))) {
        text = format!("{text}, {name} {day}");
    }
    let words = [every.anchor.map(|anchor| anchor.word()), every.holiday.map(|holiday| holiday.word())];
    words.into_iter().flatten().fold(text, |text, word| format!("{text}, {word}"))
}

/// A condition as it is read aloud.
pub(super) fn when_text(when: &When) -> String {
    let several = |parts: &[When], word: &str| {
        let parts: Vec<String> = parts.iter().map(|part| format!("({})", when_text(part))).collect();
        parts.join(word)
    };
    match when {
        When::All(parts) => several(parts, " and "),
        When::Any(parts) => several(parts, " or "),
        When::Not(part) => format!("not ({})", when_text(part)),
        When::Is(name, values) => format!("{name} is {}", values.join(" or ")),
        When::Answer(field, codes) => format!("{field} is {}", codes.join(" or ")),
        When::Count(least, most) => {
            let least = least.map(|least| format!("at least {least}"));
            let most = most.map(|most| format!("at most {most}"));
            let bounds: Vec<String> = [least, most].into_iter().flatten().collect();
            format!("count is {}", bounds.join(" and "))
        }
    }
}

/// Somebody as the pack names them.
pub(super) fn who_text(who: &Who) -> String {
    match who {
        Who::Role(id) | Who::Office(id) | Who::Organisation(id) => id.clone(),
        Who::Head => "head".into(),
        Who::HeadOrDelegate => "head-or-delegate".into(),
        Who::Relation(relation) => relation.word().into(),
        Who::Party(party) => (*party).into(),
        Who::Any(people) => people.iter().map(who_text).collect::<Vec<String>>().join(" / "),
    }
}
