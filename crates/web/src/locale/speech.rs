//! One reader's language, with the words that the governing regulation uses.

use super::{Lang, grouped};
use desk::view::Tally;
use domain::regulation::{Pack, Words};
use fluent_bundle::{FluentArgs, FluentValue};
use std::sync::Arc;

/// What a rule may name in its own words. Sentences take these as arguments; where no rule
/// governs (before sign-in), the neutral word `term-…` of the locale stands.
pub(crate) const TERMS: [&str; 10] = [
    "data",
    "record_sheet",
    "countersign",
    "supervisor",
    "user",
    "head",
    "unit",
    "provider",
    "case",
    "purpose",
];

/// Speaks one language, in the words of one regulation.
#[derive(Clone)]
pub struct Speech {
    lang: Lang,
    terms: Arc<Vec<(&'static str, String)>>,
    pack: Option<Arc<Pack>>,
}

impl Speech {
    /// Without a regulation.
    pub fn plain(lang: Lang) -> Self {
        Self::with(lang, None)
    }

    /// In the words of a regulation.
    pub fn of(lang: Lang, pack: &Arc<Pack>) -> Self {
        Self::with(lang, Some(pack.clone()))
    }

    fn with(lang: Lang, pack: Option<Arc<Pack>>) -> Self {
        let bare = Self { lang, terms: Arc::default(), pack: None };
        let terms = TERMS.map(|term| {
            let own =
                pack.as_ref().and_then(|pack| pack.term(term)).map(|words| bare.word(words).to_string());
            (term, own.unwrap_or_else(|| bare.say(&format!("term-{}", term.replace('_', "-")))))
        });
        Self { lang, terms: Arc::new(terms.into()), pack }
    }

    /// What the regulation calls something that many rules have a word of their own for, or else our word.
    pub fn term(&self, key: &str) -> &str {
        self.terms.iter().find(|(term, _)| *term == key).map_or("", |(_, word)| word)
    }

    /// What the regulation calls an item, given as `dataset/item`.
    pub fn item(&self, code: &str) -> Option<String> {
        let item = self.pack.as_ref()?.item(code)?;
        Some(self.word(&item.value.label).to_string())
    }

    /// The regulation in whose words it speaks, if one governs.
    pub(super) fn pack(&self) -> Option<&Pack> {
        self.pack.as_deref()
    }

    /// What the regulation's forms call a field.
    pub(super) fn form_field(&self, id: &str) -> Option<String> {
        let mut fields = self.pack.as_ref()?.every_form().flat_map(|form| &form.fields);
        // A cell of a table is named by its field, its row and its column.
        let mut parts = id.split('.');
        let (name, row, column) = (parts.next()?, parts.next(), parts.next());
        let field = fields.find(|field| field.id == name)?;
        let label = self.word(&field.label).to_string();
        let cell = column.and_then(|id| field.columns.iter().find(|column| column.id == id)).zip(row);
        Some(match cell {
            Some((column, row)) => {
                let args = [("table", label.as_str()), ("row", row), ("column", self.word(&column.label))];
                self.fill("field-cell", &args)
            }
            None => label,
        })
    }

    /// What the regulation calls a role.
    pub(super) fn role_word(&self, id: &str) -> Option<String> {
        self.pack.as_ref()?.role(id).map(|role| self.word(&role.word).to_string())
    }

    /// What the regulation calls an office.
    pub(super) fn office(&self, id: &str) -> Option<String> {
        self.pack.as_ref()?.office(id).map(|office| self.word(&office.word).to_string())
    }

    /// The language.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// A sentence without arguments of its own.
    pub fn say(&self, key: &str) -> String {
        self.fill(key, &[])
    }

    /// A sentence with one number, which also picks its plural.
    pub fn count(&self, key: &str, count: i64) -> String {
        self.render(key, &[("count", FluentValue::from(count))]).unwrap_or_else(|| key.to_string())
    }

    /// A sentence with a number that was counted so far only.
    pub fn tally(&self, key: &str, tally: &Tally) -> String {
        match tally.more {
            false => self.count(key, i64::try_from(tally.n).unwrap_or(i64::MAX)),
            true => self.fill(key, &[("count", &self.number(tally))]),
        }
    }

    /// A number as far as it was counted: `1,000+` where there are more.
    pub fn number(&self, tally: &Tally) -> String {
        let text = grouped(tally.n as f64);
        if tally.more { self.fill("more-than", &[("count", &text)]) } else { text }
    }

    /// A sentence with arguments.
    pub fn fill(&self, key: &str, args: &[(&str, &str)]) -> String {
        let args: Vec<_> = args.iter().map(|(name, value)| (*name, FluentValue::from(*value))).collect();
        self.render(key, &args).unwrap_or_else(|| key.to_string())
    }

    /// A sentence with a number and further arguments.
    pub fn count_fill(&self, key: &str, count: i64, args: &[(&str, &str)]) -> String {
        let mut all = vec![("count", FluentValue::from(count))];
        all.extend(args.iter().map(|(name, value)| (*name, FluentValue::from(*value))));
        self.render(key, &all).unwrap_or_else(|| key.to_string())
    }

    /// The word for a code such as a state: `prefix-code`, or the code itself if the locale has
    /// no word for it.
    pub fn code(&self, prefix: &str, code: &str) -> String {
        let bare = code.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('-')).unwrap_or(code);
        let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        let key: String = format!("{prefix}-{}", bare.chars().map(plain).collect::<String>());
        self.render(&key, &[]).unwrap_or_else(|| bare.to_string())
    }

    /// Whether the locale has this sentence.
    pub fn has(&self, key: &str) -> bool {
        self.lang.bundle().has_message(key)
    }

    /// A word of a rule, in the reader's language; the other one if it has none.
    pub fn word<'a>(&self, words: &'a Words) -> &'a str {
        match (self.lang, words.zh.is_empty(), words.en.is_empty()) {
            (Lang::Zh, false, _) | (Lang::En, _, true) => &words.zh,
            _ => &words.en,
        }
    }

    /// Several words of a rule as one enumeration.
    pub fn words(&self, list: &[Words]) -> String {
        let list: Vec<&str> = list.iter().map(|words| self.word(words)).collect();
        list.join(&self.say("list-comma"))
    }

    fn render(&self, key: &str, args: &[(&str, FluentValue<'_>)]) -> Option<String> {
        let bundle = self.lang.bundle();
        let mut all = FluentArgs::with_capacity(self.terms.len() + args.len());
        for (term, word) in self.terms.iter() {
            all.set(*term, word.as_str());
        }
        for (name, value) in args {
            all.set(*name, value.clone());
        }
        let whole = |key: &str| {
            let pattern = bundle.get_message(key)?.value()?;
            let mut errors = Vec::new();
            let text = bundle.format_pattern(pattern, Some(&all), &mut errors).into_owned();
            Some((text, errors.is_empty()))
        };
        match whole(key)? {
            (text, true) => Some(text),
            // An argument is missing: the plain twin says the same without it.
            (text, false) => Some(whole(&format!("{key}-plain")).map_or(text, |(plain, _)| plain)),
        }
    }
}
