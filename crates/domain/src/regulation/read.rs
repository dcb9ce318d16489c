//! Reads a tree against the schema. Whatever does not fit becomes an error with its place; what fits becomes
//! a value.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::error::{Errors, Place, did_you_mean, listed, quoted};
use super::kinds::vocabulary::Unit;
use super::kinds::{ParamSpec, RefTo, Ty};
use super::shared::{DEADLINE, Deadline, SCHEDULE, Schedule, WHO, Who};
use super::slip;
use super::tree::{Entry, Node, Raw};
use super::value::{Params, Share, Value, Words};
use super::when::{WHEN, When};

/// A text longer than this is a mistake, or an attempt to exhaust whoever reads it.
const LONGEST_TEXT: usize = 2_000;

/// Conditions and lists nested deeper than this cannot be read by people either.
const DEEPEST: usize = 24;

/// A name that must turn out to be somewhere in the pack.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    pub(super) at: Place,
    pub(super) to: RefTo,
    pub(super) name: String,
}

/// Reads one file.
pub(super) struct Reader<'e> {
    pub(super) at: Place,
    pub(super) errors: &'e mut Errors,
    pub(super) pending: Vec<Pending>,
    depth: usize,
}

impl<'e> Reader<'e> {
    pub(super) fn new(file: &str, errors: &'e mut Errors) -> Self {
        let at = Place { file: file.to_string(), line: 1, clause: None };
        Self { at, errors, pending: Vec::new(), depth: 0 }
    }

    pub(super) fn error(&mut self, line: usize, message: impl Into<String>, remedy: impl Into<String>) {
        let at = Place { line, ..self.at.clone() };
        self.errors.add(&at, message, remedy);
    }

    /// Reads a table by the keys of several lists; `what` is how messages call it.
    pub(super) fn table(
        &mut self,
        node: &Node,
        specs: &[&'static [ParamSpec]],
        what: &str,
    ) -> Option<Params> {
        let Raw::Table(entries) = &node.value else {
            return self.wrong_sort(node, &format!("{what} must be a table"), "Write `{ key = value, … }`.");
        };
        if self.depth >= DEEPEST {
            self.error(node.line, format!("{what} is nested too deeply"), "Write it flatter.");
            return None;
        }
        self.depth += 1;
        let mut params = Params::at(node.line);
        for entry in entries {
            self.entry(entry, specs, what, &mut params);
        }
        for spec in specs.iter().flat_map(|list| list.iter()).filter(|spec| spec.required) {
            if !entries.iter().any(|entry| entry.key == spec.name) {
                let remedy = format!("Add `{} = {}`. {}", spec.name, example(&spec.ty), spec.what);
                self.error(node.line, format!("{what} has no `{}`", spec.name), remedy);
            }
        }
        self.depth -= 1;
        Some(params)
    }

    fn entry(&mut self, entry: &Entry, specs: &[&'static [ParamSpec]], what: &str, params: &mut Params) {
        let mut known = specs.iter().flat_map(|list| list.iter());
        match known.find(|spec| spec.name == entry.key) {
            Some(spec) => {
                let label = format!("`{}` of {what}", spec.name);
                if let Some(value) = self.value(&entry.node, &spec.ty, &label) {
                    params.set(spec.name, entry.line, value);
                }
            }
            None => {
                let names = specs.iter().flat_map(|list| list.iter()).map(|spec| spec.name);
                let remedy = did_you_mean(&entry.key, names, "keys");
                self.error(entry.line, format!("{what} has no key {}", quoted(&entry.key)), remedy);
            }
        }
    }

    /// Reads one value of a type.
    pub(super) fn value(&mut self, node: &Node, ty: &Ty, what: &str) -> Option<Value> {
        if matches!(ty, Ty::Words | Ty::Deadline | Ty::Schedule | Ty::Who | Ty::When)
            && !matches!(node.value, Raw::Table(_))
        {
            let remedy = format!("Write it like `{}`.", example(ty));
            return self.wrong_sort(node, &format!("{what} must be a table"), &remedy);
        }
        match ty {
            Ty::Text => self.text(node, what).map(Value::Text),
            Ty::Code => self.code(node, what).map(Value::Text),
            Ty::Ref(to) => self.reference(node, *to, what).map(Value::Text),
            Ty::OneOf(words) => self.word(node, words, what).map(Value::Word),
            Ty::Words => self.words(node, what).map(Value::Words),
            Ty::Integer { min, max } => self.integer(node, *min, *max, what).map(Value::Integer),
            Ty::Share => self.share(node, what).map(Value::Share),
            Ty::Flag => match node.value {
                Raw::Flag(flag) => Some(Value::Flag(flag)),
                _ => self.wrong_sort(
                    node,
                    &format!("{what} must be true or false"),
                    "Write `true` or `false`.",
                ),
            },
            Ty::Date => self.day(node, what),
            Ty::Deadline => self.deadline(node, what),
            Ty::Schedule => self.schedule(node, what),
            Ty::Who => self.who(node, what),
            Ty::When => self.when(node, what),
            Ty::Policy => self.policy(node, what),
            Ty::List(inner) => self.list(node, inner, what),
            Ty::OneOrMany(inner) => match &node.value {
                Raw::List(_) => self.list(node, inner, what),
                _ => self.value(node, inner, what).map(|value| Value::List(Vec::from([value]))),
            },
            Ty::Map(inner) => self.map(node, inner, what),
            Ty::Table(specs) => self.table(node, &[*specs], what).map(Value::Table),
        }
    }

    fn wrong_sort<T>(&mut self, node: &Node, message: &str, remedy: &str) -> Option<T> {
        self.error(node.line, format!("{message}, not {}", node.value.sort()), remedy);
        None
    }

    fn day(&mut self, node: &Node, what: &str) -> Option<Value> {
        match node.value {
            Raw::Date(Some(date)) if date.year() < slip::FIRST_YEAR => {
                let at = Place { line: node.line, ..self.at.clone() };
                let message = format!("{what} cannot be {date}");
                self.errors.beside(&at, message, slip::in_common_era(date));
                Some(Value::Date(date))
            }
            Raw::Date(Some(date)) => Some(Value::Date(date)),
            _ => {
                let meant = node.text().and_then(slip::of_republic);
                let meant = meant.map_or_else(|| "2017-01-19".to_string(), |day| day.to_string());
                let remedy = format!("Write it bare: `{meant}`.");
                self.wrong_sort(node, &format!("{what} must be a day"), &remedy)
            }
        }
    }

    fn text(&mut self, node: &Node, what: &str) -> Option<String> {
        let Raw::Text(text) = &node.value else {
            return self.wrong_sort(node, &format!("{what} must be a text"), "Put it in double quotes.");
        };
        let fault = if text.trim().is_empty() {
            "is empty"
        } else if text.chars().count() > LONGEST_TEXT {
            "is longer than 2,000 characters"
        } else if text.chars().any(|c| c.is_control() && c != '\n') {
            "holds a control character"
        } else {
            return Some(text.clone());
        };
        self.error(
            node.line,
            format!("{what} {fault}"),
            "Write one plain sentence or word, or leave the key out.",
        );
        None
    }

    fn code(&mut self, node: &Node, what: &str) -> Option<String> {
        let text = self.text(node, what)?;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
        let starts = text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
        if starts && text.len() <= 60 && text.chars().all(plain) {
            return Some(text);
        }
        let message = format!("{what} is {}, which is not a code", quoted(&text));
        self.error(
            node.line,
            message,
            "Use lower-case letters, digits, `-` and `.`, at most 60, a letter or digit first.",
        );
        None
    }

    fn reference(&mut self, node: &Node, to: RefTo, what: &str) -> Option<String> {
        let name = self.text(node, what)?;
        let at = Place { line: node.line, ..self.at.clone() };
        self.pending.push(Pending { at, to, name: name.clone() });
        Some(name)
    }

    fn word(&mut self, node: &Node, words: &'static [&'static str], what: &str) -> Option<&'static str> {
        let text = self.text(node, what)?;
        let found = words.iter().find(|word| **word == text).copied();
        if found.is_none() {
            let remedy = did_you_mean(&text, words.iter().copied(), "words");
            self.error(node.line, format!("{what} cannot be {}", quoted(&text)), remedy);
        }
        found
    }

    fn words(&mut self, node: &Node, what: &str) -> Option<Words> {
        let params = self.table(node, &[WORDS], what)?;
        (params.has("zh") && params.has("en")).then(|| params.pair("zh", "en"))
    }

    fn integer(&mut self, node: &Node, min: i64, max: i64, what: &str) -> Option<i64> {
        match node.value {
            Raw::Integer(Some(number)) if (min..=max).contains(&number) => Some(number),
            Raw::Integer(number) => {
                let shown = number.map_or_else(|| "too large a number".to_string(), |n| n.to_string());
                self.error(
                    node.line,
                    format!("{what} cannot be {shown}"),
                    format!("Write a number from {min} to {max}."),
                );
                None
            }
            _ => self.wrong_sort(node, &format!("{what} must be a whole number"), "Write it without quotes."),
        }
    }

    fn share(&mut self, node: &Node, what: &str) -> Option<Share> {
        let hundredths = match &node.value {
            Raw::Integer(Some(percent)) => percent.checked_mul(100),
            Raw::Decimal(percent) => hundredths(percent),
            Raw::Integer(None) => None,
            _ => {
                return self.wrong_sort(
                    node,
                    &format!("{what} must be a percentage"),
                    "Write `5` for five percent.",
                );
            }
        };
        match hundredths.and_then(|h| u32::try_from(h).ok()).filter(|h| (1..=10_000).contains(h)) {
            Some(share) => Some(Share(share)),
            None => {
                let remedy = "Write a percentage above 0 and at most 100, with at most two decimals.";
                self.error(node.line, format!("{what} is not a possible share"), remedy);
                None
            }
        }
    }

    fn deadline(&mut self, node: &Node, what: &str) -> Option<Value> {
        if let Some(Raw::Integer(Some(length @ ..0))) = node.get("length").map(|length| &length.value) {
            let days = length.unsigned_abs();
            let remedy =
                format!("For a time before the event write `length = {days}` and `offset = \"before\"`.");
            self.error(node.line, format!("{what} cannot have the length {length}"), remedy);
            return None;
        }
        let params = self.table(node, &[DEADLINE], what)?;
        Deadline::from_params(&params).map(Value::Deadline)
    }

    fn schedule(&mut self, node: &Node, what: &str) -> Option<Value> {
        let params = self.table(node, &[SCHEDULE], what)?;
        let schedule = Schedule::from_params(&params);
        let hours = params.text("unit") == Some(Unit::Hour.word());
        if schedule.is_none() || hours {
            let remedy =
                "Write `{ every = 3, unit = \"month\" }`, or `{ irregular = true }` alone; no hours.";
            self.error(node.line, format!("{what} is not a period"), remedy);
            return None;
        }
        if let Some(Schedule::Every(every)) = &schedule
            && let Some((key, remedy)) = every.misnamed()
        {
            let at = Place { line: node.line, ..self.at.clone() };
            let message = format!("{what} names a `{key}` that its periods do not have");
            self.errors.beside(&at, message, remedy);
        }
        schedule.map(Value::Schedule)
    }

    fn who(&mut self, node: &Node, what: &str) -> Option<Value> {
        let before = self.errors.count();
        let params = self.table(node, &[WHO], what)?;
        let who = Who::from_params(&params);
        if who.is_none() && self.errors.count() == before {
            let keys: Vec<&str> = WHO.iter().map(|spec| spec.name).collect();
            let remedy =
                format!("Write exactly one of {}; flags are `true`, `any` has two or more.", listed(&keys));
            self.error(node.line, format!("{what} does not say who"), remedy);
        }
        who.map(Value::Who)
    }

    fn when(&mut self, node: &Node, what: &str) -> Option<Value> {
        let before = self.errors.count();
        let params = self.table(node, &[WHEN], what)?;
        let when = When::from_params(&params);
        if when.is_none() && self.errors.count() == before {
            self.error(node.line, format!("{what} names no condition"), "Name one, or leave `when` out.");
        }
        when.map(Value::When)
    }

    fn policy(&mut self, node: &Node, what: &str) -> Option<Value> {
        match node.value {
            Raw::Flag(flag) => Some(Value::Flag(flag)),
            _ => self.list(node, &Ty::Text, what),
        }
    }

    fn list(&mut self, node: &Node, inner: &Ty, what: &str) -> Option<Value> {
        let Raw::List(items) = &node.value else {
            let remedy = match (inner, &node.value) {
                (Ty::Table(_), Raw::Table(_)) => "Begin each entry with two brackets: `[[…]]`.",
                _ => "Put it in brackets: `[ … ]`.",
            };
            return self.wrong_sort(node, &format!("{what} must be a list"), remedy);
        };
        Some(Value::List(items.iter().filter_map(|item| self.value(item, inner, what)).collect()))
    }

    fn map(&mut self, node: &Node, inner: &Ty, what: &str) -> Option<Value> {
        let Raw::Table(entries) = &node.value else {
            return self.wrong_sort(node, &format!("{what} must be a table"), "Write `{ name = value, … }`.");
        };
        let mut map = BTreeMap::new();
        for entry in entries {
            if let Some(value) = self.value(&entry.node, inner, what) {
                map.insert(entry.key.clone(), value);
            }
        }
        Some(Value::Map(map))
    }
}

static WORDS: &[ParamSpec] = &[
    super::kinds::must("zh", Ty::Text, "In the language of the rule."),
    super::kinds::must("en", Ty::Text, "In English."),
];

/// A decimal percentage with at most two decimals, in hundredths.
fn hundredths(text: &str) -> Option<i64> {
    let (whole, decimals) = text.split_once('.')?;
    if decimals.is_empty() || decimals.len() > 2 || !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let fraction: i64 = decimals.parse().ok()?;
    let scale = if decimals.len() == 1 { 10 } else { 1 };
    whole.checked_mul(100)?.checked_add(fraction * scale).filter(|_| whole >= 0 && !text.starts_with('-'))
}

/// What a value of a type looks like, for remedies and the handbook.
pub(super) fn example(ty: &Ty) -> String {
    match ty {
        Ty::Text | Ty::Code | Ty::Ref(_) => "\"…\"".to_string(),
        Ty::Words => "{ zh = \"…\", en = \"…\" }".to_string(),
        Ty::Integer { min, .. } => min.max(&1).to_string(),
        Ty::Share => "5".to_string(),
        Ty::Flag | Ty::Policy => "true".to_string(),
        Ty::Date => "2017-01-19".to_string(),
        Ty::Deadline => "{ length = 5, unit = \"day\" }".to_string(),
        Ty::Schedule => "{ every = 1, unit = \"month\" }".to_string(),
        Ty::Who => "{ role = \"…\" }".to_string(),
        Ty::When => "{ role = \"…\" }".to_string(),
        Ty::OneOf(words) => format!("\"{}\"", words.first().copied().unwrap_or("…")),
        Ty::List(inner) => format!("[{}]", example(inner)),
        Ty::OneOrMany(inner) => example(inner),
        Ty::Map(inner) => format!("{{ name = {} }}", example(inner)),
        Ty::Table(specs) => {
            let keys: Vec<String> =
                specs.iter().filter(|s| s.required).map(|s| format!("{} = …", s.name)).collect();
            format!("{{ {} }}", if keys.is_empty() { "…".to_string() } else { keys.join(", ") })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_have_two_decimals_and_stay_within_a_hundred() {
        assert_eq!(hundredths("0.5"), Some(50));
        assert_eq!(hundredths("12.34"), Some(1_234));
        assert_eq!(hundredths("1.234"), None);
        assert_eq!(hundredths("-0.5"), None);
        assert_eq!(hundredths("1e3"), None);
    }
}
