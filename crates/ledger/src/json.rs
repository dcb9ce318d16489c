//! JSON in its one canonical spelling (RFC 8785), for a small set of values: no fractions, no exponents.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::hash::{hex_digit, hex_value};

/// Largest integer, either side of zero, that every JSON reader keeps exactly: 2^53 − 1 (RFC 8785 §3.2.2.3).
pub const MAX_INTEGER: i64 = (1 << 53) - 1;
/// Deepest nesting that is read.
const MAX_DEPTH: usize = 16;

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer of at most [`MAX_INTEGER`] either side of zero.
    Int(i64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// An object.
    Map(BTreeMap<String, Value>),
}

/// Why a value could not be written, or bytes not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonError {
    /// An integer that readers would round.
    IntegerTooLarge,
    /// The bytes are not one JSON value of the kinds that [`Value`] has, or are nested too deep.
    Malformed,
    /// The bytes are JSON, but not in canonical spelling.
    NotCanonical,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::IntegerTooLarge => "the integer is too large for JSON readers to keep",
            Self::Malformed => "these bytes are not JSON of the kind that leaves use",
            Self::NotCanonical => "this JSON is not in its canonical spelling",
        })
    }
}

impl core::error::Error for JsonError {}

impl Value {
    /// The canonical bytes.
    ///
    /// # Errors
    /// If an integer is too large.
    pub fn to_bytes(&self) -> Result<Vec<u8>, JsonError> {
        let mut out = Vec::new();
        self.write(&mut out)?;
        Ok(out)
    }

    fn write(&self, out: &mut Vec<u8>) -> Result<(), JsonError> {
        match self {
            Self::Null => out.extend_from_slice(b"null"),
            Self::Bool(true) => out.extend_from_slice(b"true"),
            Self::Bool(false) => out.extend_from_slice(b"false"),
            Self::Int(value) => write_int(out, *value)?,
            Self::Text(text) => write_text(out, text),
            Self::List(items) => {
                out.push(b'[');
                for (position, item) in items.iter().enumerate() {
                    if position > 0 {
                        out.push(b',');
                    }
                    item.write(out)?;
                }
                out.push(b']');
            }
            Self::Map(map) => {
                out.push(b'{');
                for (position, (key, value)) in in_canonical_order(map).into_iter().enumerate() {
                    if position > 0 {
                        out.push(b',');
                    }
                    write_text(out, key);
                    out.push(b':');
                    value.write(out)?;
                }
                out.push(b'}');
            }
        }
        Ok(())
    }

    /// Reads bytes that are exactly what [`Value::to_bytes`] would write.
    ///
    /// # Errors
    /// If they are not.
    pub fn parse(bytes: &[u8]) -> Result<Self, JsonError> {
        let value = Self::read(bytes)?;
        if value.to_bytes()? == bytes { Ok(value) } else { Err(JsonError::NotCanonical) }
    }

    /// Reads bytes whose spelling the caller compares with the canonical one.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, JsonError> {
        let text = core::str::from_utf8(bytes).map_err(|_| JsonError::Malformed)?;
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(0).ok_or(JsonError::Malformed)?;
        if reader.at == bytes.len() { Ok(value) } else { Err(JsonError::NotCanonical) }
    }
}

/// Members sorted by the UTF-16 code units of their names (RFC 8785 §3.2.3), which for names beyond the
/// basic plane is another order than that of their bytes.
fn in_canonical_order(map: &BTreeMap<String, Value>) -> Vec<(&String, &Value)> {
    let mut members: Vec<_> = map.iter().collect();
    members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
    members
}

/// Writes an integer.
pub(crate) fn write_int(out: &mut Vec<u8>, value: i64) -> Result<(), JsonError> {
    if value.unsigned_abs() > MAX_INTEGER.unsigned_abs() {
        return Err(JsonError::IntegerTooLarge);
    }
    let mut digits = [0_u8; 20];
    let mut start = digits.len();
    let mut rest = value.unsigned_abs();
    loop {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[start..]);
    Ok(())
}

/// Writes a string with the escapes of RFC 8785 §3.2.2.2 and no others.
pub(crate) fn write_text(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    // Nearly every text has nothing to escape and is copied in one go.
    if text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
        out.extend_from_slice(text.as_bytes());
    } else {
        write_escaped(out, text);
    }
    out.push(b'"');
}

fn write_escaped(out: &mut Vec<u8>, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            8 => out.extend_from_slice(b"\\b"),
            9 => out.extend_from_slice(b"\\t"),
            10 => out.extend_from_slice(b"\\n"),
            12 => out.extend_from_slice(b"\\f"),
            13 => out.extend_from_slice(b"\\r"),
            0..=31 => {
                let digits = [hex_digit(byte >> 4), hex_digit(byte & 15)];
                out.extend_from_slice(b"\\u00");
                out.extend_from_slice(&digits);
            }
            _ => out.push(byte),
        }
    }
}

/// Reads canonical JSON; where JSON allows several spellings it may accept more, and the caller compares.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, expected: &str) -> Option<()> {
        self.text[self.at..].starts_with(expected).then(|| self.at += expected.len())
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > MAX_DEPTH {
            return None;
        }
        match self.peek()? {
            b'n' => self.take("null").map(|()| Value::Null),
            b't' => self.take("true").map(|()| Value::Bool(true)),
            b'f' => self.take("false").map(|()| Value::Bool(false)),
            b'"' => self.string().map(Value::Text),
            b'[' => self.list(depth),
            b'{' => self.map(depth),
            _ => self.int().map(Value::Int),
        }
    }

    fn int(&mut self) -> Option<i64> {
        let rest = &self.text[self.at..];
        let end = rest.bytes().position(|byte| !matches!(byte, b'-' | b'0'..=b'9')).unwrap_or(rest.len());
        self.at += end;
        rest[..end].parse().ok()
    }

    fn list(&mut self, depth: usize) -> Option<Value> {
        self.take("[")?;
        let mut items = Vec::new();
        while self.peek()? != b']' {
            if !items.is_empty() {
                self.take(",")?;
            }
            items.push(self.value(depth + 1)?);
        }
        self.take("]")?;
        Some(Value::List(items))
    }

    fn map(&mut self, depth: usize) -> Option<Value> {
        self.take("{")?;
        let mut members = BTreeMap::new();
        while self.peek()? != b'}' {
            if !members.is_empty() {
                self.take(",")?;
            }
            let key = self.string()?;
            self.take(":")?;
            let value = self.value(depth + 1)?;
            if members.insert(key, value).is_some() {
                return None;
            }
        }
        self.take("}")?;
        Some(Value::Map(members))
    }

    fn string(&mut self) -> Option<String> {
        self.take("\"")?;
        let mut text = String::new();
        loop {
            let rest = &self.text[self.at..];
            let end = rest.find(['"', '\\'])?;
            text.push_str(&rest[..end]);
            self.at += end + 1;
            if rest.as_bytes()[end] == b'"' {
                return Some(text);
            }
            text.push(self.escape()?);
        }
    }

    fn escape(&mut self) -> Option<char> {
        let letter = self.peek()?;
        // Only an ASCII letter is an escape, so the position stays between characters.
        let plain = match letter {
            b'"' | b'\\' => char::from(letter),
            b'b' => '\u{8}',
            b't' => '\t',
            b'n' => '\n',
            b'f' => '\u{c}',
            b'r' => '\r',
            b'u' => {
                let digits = self.text.as_bytes().get(self.at + 1..self.at + 5)?;
                let &[b'0', b'0', high, low] = digits else { return None };
                self.at += 5;
                return Some(char::from(hex_value(high)? << 4 | hex_value(low)?));
            }
            _ => return None,
        };
        self.at += 1;
        Some(plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::string::ToString;

    fn bytes(value: &Value) -> String {
        String::from_utf8(value.to_bytes().unwrap()).unwrap()
    }

    #[test]
    fn strings_are_escaped_as_rfc_8785_shows() {
        let text = Value::Text("\u{20ac}$\u{f}\nA'\u{42}\"\\\\\"/\u{7f}".into());
        assert_eq!(bytes(&text), "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\u{7f}\"");
    }

    #[test]
    fn members_are_sorted_as_rfc_8785_shows() {
        // The example of RFC 8785 §3.2.3.
        let keys = ["\u{20ac}", "\r", "\u{fb33}", "1", "\u{1f600}", "\u{80}", "\u{f6}"];
        let map = keys.iter().map(|key| (key.to_string(), Value::Null)).collect();
        let sorted = ["\r", "1", "\u{80}", "\u{f6}", "\u{20ac}", "\u{1f600}", "\u{fb33}"];
        let wanted: Vec<String> =
            sorted.iter().map(|key| bytes(&Value::Text(key.to_string())) + ":null").collect();
        let value = Value::Map(map);
        assert_eq!(bytes(&value), alloc::format!("{{{}}}", wanted.join(",")));
        assert_eq!(Value::parse(&value.to_bytes().unwrap()), Ok(value));
    }

    #[test]
    fn integers_stay_within_what_readers_keep() {
        assert_eq!(bytes(&Value::Int(-MAX_INTEGER)), "-9007199254740991");
        assert_eq!(bytes(&Value::Int(0)), "0");
        assert_eq!(Value::Int(MAX_INTEGER + 1).to_bytes(), Err(JsonError::IntegerTooLarge));
        assert_eq!(Value::Int(i64::MIN).to_bytes(), Err(JsonError::IntegerTooLarge));
        assert_eq!(Value::parse(b"9007199254740992"), Err(JsonError::IntegerTooLarge));
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in [
            "",
            " 1",
            "1 ",
            "01",
            "-0",
            "1.0",
            "1e3",
            "+1",
            "--1",
            "{\"b\":1,\"a\":1}",
            "{\"a\":1,\"a\":1}",
            "[1,]",
            "[1 ,2]",
            "{\"a\": 1}",
            "\"\\u0041\"",
            "\"\\u000A\"",
            "\"\\/\"",
            "\"a",
            "tru",
            "nulll",
            "[1",
            "{\"a\"}",
            "\"\\ud83d\\ude00\"",
            "\"\n\"",
            "[,1]",
            "{,\"a\":1}",
            "\"\\\u{e9}\"",
            "\"\\u00\u{e9}\"",
        ] {
            assert!(Value::parse(text.as_bytes()).is_err(), "{text:?}");
        }
        assert_eq!(Value::parse(b"\"\xff\""), Err(JsonError::Malformed));
        let deep = "[".repeat(40) + &"]".repeat(40);
        assert_eq!(Value::parse(deep.as_bytes()), Err(JsonError::Malformed));
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            (-MAX_INTEGER..=MAX_INTEGER).prop_map(Value::Int),
            any::<String>().prop_map(Value::Text),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::List),
                prop::collection::btree_map(any::<String>(), inner, 0..5).prop_map(Value::Map),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(value in any_value()) {
            prop_assert_eq!(Value::parse(&value.to_bytes().unwrap()), Ok(value));
        }

        #[test]
        fn any_bytes_are_read_or_refused_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(value) = Value::parse(&bytes) {
                prop_assert_eq!(value.to_bytes().unwrap(), bytes);
            }
        }
    }
}
