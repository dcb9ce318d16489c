//! Every sentence of the product, in two languages.
//!
//! zh-TW is the first; English is its twin, key for key. Words of a regulation (forms, clauses,
//! items, what a stamp or a supervisor is called) never stand here: they come from the pack, and
//! reach the sentences as arguments.

mod dates;
mod letter;
mod refusal;
mod rule;
mod speech;

pub use letter::MailWords;
pub use refusal::RefusalText;
pub use speech::Speech;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentResource, FluentValue};
use std::borrow::Cow;
use std::sync::LazyLock;
use unic_langid::LanguageIdentifier;

/// A language of the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// Chinese as written in Taiwan; the default.
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The value of `?lang=` and of the cookie.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// The value of the page's `lang` attribute, so that Taiwan's glyphs are picked.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-Hant-TW",
            Self::En => "en",
        }
    }

    /// The other language.
    pub const fn other(self) -> Self {
        match self {
            Self::Zh => Self::En,
            Self::En => Self::Zh,
        }
    }

    /// Reads `?lang=` or the cookie.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "zh" | "zh-TW" => Some(Self::Zh),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The first language of `Accept-Language` that the product has; zh-TW if there is none.
    pub fn accepted(header: Option<&str>) -> Self {
        let mut wanted: Vec<(u16, Self)> = Vec::new();
        for part in header.unwrap_or_default().split(',').take(20) {
            let mut fields = part.trim().split(';');
            let name = fields.next().unwrap_or_default().trim().to_ascii_lowercase();
            let weight = fields.find_map(|field| field.trim().strip_prefix("q="));
            let weight = weight.map_or(1.0, |weight| weight.trim().parse::<f32>().unwrap_or(0.0));
            let lang = match name.split('-').next() {
                Some("zh") => Self::Zh,
                Some("en") => Self::En,
                _ => continue,
            };
            if weight > 0.0 {
                // Higher weights first; equal weights keep the order of the header.
                wanted.push((1_000 - (weight.min(1.0) * 1_000.0) as u16, lang));
            }
        }
        wanted.sort_by_key(|(rank, _)| *rank);
        wanted.first().map_or(Self::Zh, |(_, lang)| *lang)
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        match self {
            Self::Zh => &ZH,
            Self::En => &EN,
        }
    }
}

macro_rules! sources {
    ($folder:literal) => {
        &[
            include_str!(concat!("../../locale/", $folder, "/frame.ftl")),
            include_str!(concat!("../../locale/", $folder, "/home.ftl")),
            include_str!(concat!("../../locale/", $folder, "/applications.ftl")),
            include_str!(concat!("../../locale/", $folder, "/grant.ftl")),
            include_str!(concat!("../../locale/", $folder, "/directory.ftl")),
            include_str!(concat!("../../locale/", $folder, "/duty.ftl")),
            include_str!(concat!("../../locale/", $folder, "/inventory.ftl")),
            include_str!(concat!("../../locale/", $folder, "/account.ftl")),
            include_str!(concat!("../../locale/", $folder, "/letter.ftl")),
            include_str!(concat!("../../locale/", $folder, "/link.ftl")),
            include_str!(concat!("../../locale/", $folder, "/lookup.ftl")),
            include_str!(concat!("../../locale/", $folder, "/records.ftl")),
            include_str!(concat!("../../locale/", $folder, "/ledger.ftl")),
            include_str!(concat!("../../locale/", $folder, "/rules.ftl")),
            include_str!(concat!("../../locale/", $folder, "/words.ftl")),
            include_str!(concat!("../../locale/", $folder, "/refusals.ftl")),
            include_str!(concat!("../../locale/", $folder, "/api.ftl")),
        ]
    };
}

/// The catalogues of zh-TW.
pub(crate) const ZH_SOURCES: &[&str] = sources!("zh-TW");
/// The catalogues of English.
pub(crate) const EN_SOURCES: &[&str] = sources!("en");

static ZH: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle("zh-TW", ZH_SOURCES));
static EN: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle("en", EN_SOURCES));

fn bundle(tag: &str, sources: &[&str]) -> FluentBundle<FluentResource> {
    let tag: LanguageIdentifier = tag.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // Isolation marks would stand inside names and codes that people copy.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(number) => Some(grouped(number.value)),
        _ => None,
    }));
    // A word of the pack at the start of an English sentence takes a capital.
    let added = bundle.add_function("CAP", |values, _| match values.first() {
        Some(FluentValue::String(text)) => FluentValue::String(Cow::Owned(capital(text))),
        Some(other) => other.clone().into_owned_value(),
        None => FluentValue::Error,
    });
    debug_assert!(added.is_ok(), "CAP is added once");
    for source in sources {
        // A catalogue that does not parse, or says a key twice, is found by the tests below; what
        // did parse is used.
        let resource = match FluentResource::try_new((*source).to_string()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

trait Owned {
    fn into_owned_value<'a>(self) -> FluentValue<'a>;
}

impl Owned for FluentValue<'_> {
    fn into_owned_value<'a>(self) -> FluentValue<'a> {
        match self {
            FluentValue::Number(number) => FluentValue::Number(number),
            _ => FluentValue::None,
        }
    }
}

/// The text with a capital at its beginning.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A whole number with a comma after each thousand.
pub(crate) fn grouped(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0.0 {
        out.push('-');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests;
