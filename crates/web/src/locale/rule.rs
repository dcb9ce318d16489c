//! What a rule sets, in a reader's language: every value that a parameter can have.
//!
//! Names of the rule's own parts are said in its words, what it chooses from a closed list in the locale's.

use super::Speech;
use domain::regulation::{Deadline, Every, Params, Schedule, Value, When, Who};
use domain::time::Date;

/// Between the values of a list.
const BETWEEN: &str = " · ";

impl Speech {
    /// What the parameter of this name is set to.
    pub fn value(&self, name: &str, value: &Value) -> String {
        match value {
            Value::Text(code) => self.named(code).unwrap_or_else(|| code.clone()),
            Value::Words(words) => self.word(words).to_string(),
            Value::Integer(number) => number.to_string(),
            Value::Share(share) => format!("{} %", f64::from(share.0) / 100.0),
            Value::Flag(true) => self.say("rule-true"),
            Value::Flag(false) => self.say("rule-false"),
            Value::Date(date) => self.short_day(&Date::from(*date)),
            Value::Deadline(deadline) => self.deadline(deadline),
            Value::Schedule(Schedule::Irregular) => self.say("param-irregular"),
            Value::Schedule(Schedule::Every(every)) => self.every(every),
            Value::Who(who) => self.somebody(who),
            Value::When(when) => self.condition(when),
            // Some words mean something else in another place.
            Value::Word(word) => {
                let here = format!("word-{}-{word}", name.replace('_', "-"));
                if self.has(&here) { self.say(&here) } else { self.code("word", word) }
            }
            Value::List(values) => {
                // A table has several values itself.
                let tables = values.iter().any(|one| matches!(one, Value::Table(_)));
                let between = if tables { self.say("rule-apart") } else { BETWEEN.into() };
                values.iter().map(|one| self.value(name, one)).collect::<Vec<_>>().join(&between)
            }
            Value::Table(params) => self.table(params),
            Value::Map(map) => joined(map.iter().map(|(name, v)| format!("{name} {}", self.value(name, v)))),
        }
    }

    /// A value with every key of every table in it, for those who compare two; a list may be empty.
    pub fn whole(&self, name: &str, value: &Value) -> String {
        match value {
            Value::List(values) if values.is_empty() => self.say("word-none"),
            Value::List(values) => joined(values.iter().map(|value| self.whole(name, value))),
            Value::Table(params) => joined(
                params
                    .iter()
                    .map(|(name, v)| format!("{} {}", self.code("param", name), self.whole(name, v))),
            ),
            other => self.value(name, other),
        }
    }

    /// A table; one that carries words of its own is best known by them.
    fn table(&self, params: &Params) -> String {
        match params.words("word").or_else(|| params.words("label")) {
            Some(words) => self.word(words).to_string(),
            None => {
                let one = |(name, value)| format!("{} {}", self.code("param", name), self.value(name, value));
                joined(params.iter().map(one))
            }
        }
    }

    fn deadline(&self, deadline: &Deadline) -> String {
        let event = deadline.from.map(|event| self.code("word", event.word())).unwrap_or_default();
        let side = match (deadline.length, event.is_empty()) {
            (0, _) => "at-once".to_string(),
            (_, true) => format!("within-{}", deadline.offset.word()),
            (_, false) => format!("event-{}", deadline.offset.word()),
        };
        let span = self.count(&format!("span-{}", deadline.unit.word()), i64::from(deadline.length));
        let text = self.fill(&format!("rule-{side}"), &[("span", &span), ("event", &event)]);
        let counting = self.code("word", deadline.counting.word());
        self.fill("rule-counted", &[("text", &text), ("counting", &counting)])
    }

    fn every(&self, every: &Every) -> String {
        let span = self.count(&format!("span-{}", every.unit.word()), i64::from(every.every));
        let on = |key: &str, n: Option<u8>| n.map(|n| self.fill(key, &[("n", &n.to_string())]));
        let weekday = every.weekday.map(|n| self.say(&format!("weekday-{n}")));
        let anchor = every.anchor.map(|anchor| self.code("rule-anchor", anchor.word()));
        let holiday = every.holiday.map(|holiday| self.code("rule-holiday", holiday.word()));
        let first = self.fill("rule-every", &[("span", &span)]);
        let rest = [on("rule-month", every.month), on("rule-day", every.day), weekday, anchor, holiday];
        let all: Vec<String> = [Some(first)].into_iter().chain(rest).flatten().collect();
        all.join(&self.say("list-comma"))
    }

    /// A condition as it is read aloud.
    pub fn condition(&self, when: &When) -> String {
        let several = |parts: &[When], key: &str| {
            let parts: Vec<String> = parts.iter().map(|part| self.bracketed(part)).collect();
            parts.join(&self.say(key))
        };
        match when {
            When::All(parts) => several(parts, "rule-and"),
            When::Any(parts) => several(parts, "rule-or"),
            When::Not(part) => self.fill("rule-not", &[("what", &self.bracketed(part))]),
            When::Is(name, values) => self.is(&self.code("param", name), values),
            When::Answer(field, codes) => {
                self.is(&self.form_field(field).unwrap_or_else(|| field.clone()), codes)
            }
            When::Count(least, most) => {
                let bound = |key: &str, n: &Option<i64>| n.map(|n| self.fill(key, &[("n", &n.to_string())]));
                let bounds = [bound("rule-at-least", least), bound("rule-at-most", most)];
                bounds.into_iter().flatten().collect::<Vec<_>>().join(&self.say("list-comma"))
            }
        }
    }

    fn bracketed(&self, when: &When) -> String {
        self.fill("rule-bracketed", &[("text", &self.condition(when))])
    }

    fn is(&self, name: &str, values: &[String]) -> String {
        let said = |value: &String| self.named(value).unwrap_or_else(|| self.code("word", value));
        let values: Vec<String> = values.iter().map(said).collect();
        self.fill("rule-is", &[("name", name), ("values", &values.join(&self.say("rule-or")))])
    }

    /// Somebody as the rule names them.
    fn somebody(&self, who: &Who) -> String {
        match who {
            Who::Role(id) | Who::Office(id) | Who::Organisation(id) => {
                self.named(id).unwrap_or_else(|| id.clone())
            }
            Who::Head => self.say("who-head"),
            Who::HeadOrDelegate => self.say("who-head-or-delegate"),
            Who::Relation(relation) => self.code("word", relation.word()),
            Who::Party(party) => self.code("party", party),
            Who::Any(people) => people.iter().map(|one| self.somebody(one)).collect::<Vec<_>>().join(" / "),
        }
    }

    /// A part of the rule by its own word: a role, an office, an organisation, a form, an item.
    fn named(&self, code: &str) -> Option<String> {
        let pack = self.pack()?;
        let role = pack.role(code).map(|role| &role.word);
        let office = || pack.office(code).map(|office| &office.word);
        let organisation = || pack.organisation(code).map(|organisation| &organisation.word);
        let form = || pack.form(code).map(|form| &form.label);
        let own = role.or_else(office).or_else(organisation).or_else(form);
        own.map(|words| self.word(words).to_string()).or_else(|| self.item(code))
    }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(BETWEEN)
}
