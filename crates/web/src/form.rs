//! Strict reading of forms and query strings.
//!
//! `application/x-www-form-urlencoded` is taken apart by hand because the usual readers replace
//! what they cannot decode: a name with a broken byte must be refused, never silently changed.

use crate::guard::intake::MAX_UPLOAD;
use std::fmt;

/// Fields in one form; the largest page has a stamp for each of fifty rows and a few more.
const MAX_FIELDS: usize = 400;
/// Characters in one field; the longest free text a regulation may ask for is 2,000.
const MAX_CHARACTERS: usize = 4_000;

/// Fields that hold a whole file: as long as the guard lets a body be.
const FILES: [&str; 2] = ["file", "bytes"];

/// Why a form or query string cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormError {
    /// A percent sign is not followed by two hexadecimal digits, or the bytes are not UTF-8.
    Encoding,
    /// More fields than any page sends.
    TooManyFields,
    /// A field is longer than any page allows.
    TooLong,
    /// A control character other than tab and line ends.
    Control,
}

impl FormError {
    /// The locale key of the sentence that says so.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Encoding => "form-encoding",
            Self::TooManyFields => "form-fields",
            Self::TooLong => "form-long",
            Self::Control => "form-control",
        }
    }
}

/// The fields of a form in the order they were sent. `Debug` shows names only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Form(Vec<(String, String)>);

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl Form {
    /// Reads `name=value&…`.
    pub fn parse(text: &[u8]) -> Result<Self, FormError> {
        let mut fields = Vec::new();
        for pair in text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            if fields.len() == MAX_FIELDS {
                return Err(FormError::TooManyFields);
            }
            let cut = pair.iter().position(|byte| *byte == b'=');
            let (name, value) = match cut {
                Some(at) => (&pair[..at], &pair[at + 1..]),
                None => (pair, &pair[..0]),
            };
            let name = decode(name, MAX_CHARACTERS)?;
            let most = if FILES.contains(&name.as_str()) { MAX_UPLOAD } else { MAX_CHARACTERS };
            let value = decode(value, most)?;
            fields.push((name, value));
        }
        Ok(Self(fields))
    }

    /// Adds a field that was read in another way.
    ///
    /// # Errors
    /// It is more, or other, than a form may hold.
    pub fn push(&mut self, name: String, value: String) -> Result<(), FormError> {
        if self.0.len() == MAX_FIELDS {
            return Err(FormError::TooManyFields);
        }
        check(&name)?;
        check(&value)?;
        self.0.push((name, value));
        Ok(())
    }

    /// Takes fields as they are, for tests and for forms that were held.
    pub fn of(fields: &[(&str, &str)]) -> Self {
        Self(fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect())
    }

    /// The first value of a field, trimmed; empty if it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim())
    }

    /// The first value of a field as it was sent, for passwords.
    pub fn exact(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// All values of a field.
    pub fn all(&self, name: &str) -> Vec<String> {
        let of_name = self.0.iter().filter(|(field, _)| field == name);
        of_name.map(|(_, value)| value.trim().to_string()).filter(|value| !value.is_empty()).collect()
    }

    /// Whether the field was sent at all.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(field, _)| field == name)
    }

    /// Whether a field holds this value.
    pub fn holds(&self, name: &str, value: &str) -> bool {
        self.0.iter().any(|(field, sent)| field == name && sent.trim() == value)
    }

    /// Every field and value, in order.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The form as a browser sends it.
    pub fn text(&self) -> String {
        let pair = |(name, value): (&str, &str)| format!("{}={}", encode(name), encode(value));
        self.fields().map(pair).collect::<Vec<_>>().join("&")
    }

    /// How much text the form holds.
    pub fn bytes(&self) -> usize {
        self.0.iter().map(|(name, value)| name.len() + value.len()).sum()
    }

    /// The same form without a field.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|(field, _)| field != name);
        self
    }
}

fn decode(text: &[u8], most: usize) -> Result<String, FormError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => hex(rest.next())? << 4 | hex(rest.next())?,
            other => *other,
        });
    }
    let text = String::from_utf8(bytes).map_err(|_| FormError::Encoding)?;
    check_up_to(&text, most)?;
    Ok(text)
}

/// Refuses what no field of any page or call may hold.
pub fn check(text: &str) -> Result<(), FormError> {
    check_up_to(text, MAX_CHARACTERS)
}

fn check_up_to(text: &str, most: usize) -> Result<(), FormError> {
    if text.chars().count() > most {
        return Err(FormError::TooLong);
    }
    let hidden = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    // Text-direction overrides could make an auditor read something else than was written.
    let turning = |c: char| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    match text.chars().any(|c| hidden(c) || turning(c)) {
        true => Err(FormError::Control),
        false => Ok(()),
    }
}

fn hex(digit: Option<&u8>) -> Result<u8, FormError> {
    let digit = digit.and_then(|byte| char::from(*byte).to_digit(16)).ok_or(FormError::Encoding)?;
    u8::try_from(digit).map_err(|_| FormError::Encoding)
}

/// Writes text so that it can stand in an address.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_reads_in_order_and_keeps_every_value() {
        let form = Form::parse("case=113%E7%96%AB1&item=a&item=b+c&empty=&=x&flag".as_bytes()).unwrap();
        assert_eq!(form.get("case"), "113疫1");
        assert_eq!(form.all("item"), ["a", "b c"]);
        assert_eq!(form.get("empty"), "");
        assert!(form.has("flag") && !form.has("other"));
        assert!(form.holds("item", "b c"));
    }

    #[test]
    fn what_cannot_be_decoded_is_refused_and_never_replaced() {
        for broken in ["a=%", "a=%4", "a=%zz", "a=%ff%fe", "a=%c3%28", "a=%ed%a0%80"] {
            assert_eq!(Form::parse(broken.as_bytes()), Err(FormError::Encoding), "{broken}");
        }
        assert_eq!(Form::parse(b"a=\xff"), Err(FormError::Encoding));
    }

    #[test]
    fn control_and_turning_characters_are_refused() {
        for hidden in ["a=%00", "a=%1b[0m", "a=%7f", "a=%C2%85", "a=%E2%80%AE"] {
            assert_eq!(Form::parse(hidden.as_bytes()), Err(FormError::Control), "{hidden}");
        }
        assert!(Form::parse(b"a=one%0D%0Atwo%09").is_ok());
    }

    #[test]
    fn sizes_are_limited() {
        let many = "a=1&".repeat(MAX_FIELDS + 1);
        assert_eq!(Form::parse(many.as_bytes()), Err(FormError::TooManyFields));
        let long = format!("a={}", "x".repeat(MAX_CHARACTERS + 1));
        assert_eq!(Form::parse(long.as_bytes()), Err(FormError::TooLong));
    }

    #[test]
    fn debug_shows_names_only() {
        let form = Form::of(&[("password", "hunter2")]);
        assert_eq!(format!("{form:?}"), "[\"password\"]");
    }

    #[test]
    fn encoding_comes_back() {
        let text = "113疫 00/128&x=%";
        let form = Form::parse(format!("a={}", encode(text)).as_bytes()).unwrap();
        assert_eq!(form.get("a"), text);
        let form = Form::of(&[("a", text), ("b", ""), ("a", "one\r\ntwo"), ("é", " ")]);
        assert_eq!(Form::parse(form.text().as_bytes()), Ok(form));
    }
}
