//! Recognising the leaves of one log without taking them apart, which is all that verifying a log needs.
//!
//! The members of a leaf stand in one order and have one spelling, so an entry can be checked from left to
//! right in one go, without keeping anything of it. [`Leaf::parse`] takes ten times as long as hashing the
//! entry does; this takes a fraction of it, and most of that while the hash is made. Whatever is not
//! recognised, be it wrong or only unusual, is for [`Leaf::parse`] to judge, so all refusals are its own.
//!
//! [`Leaf::parse`]: super::Leaf::parse

use alloc::vec::Vec;

use super::MAX_LEAF_BYTES;
use super::write::is_sound;
use crate::hash::{Hash, LeafHasher, leaf_hash};
use crate::json::{MAX_INTEGER, write_text};

/// Recognises the leaves of one log.
#[derive(Debug, Clone)]
pub(crate) struct Recogniser {
    /// The member `log` as it stands in each leaf; nothing if no leaf can be of that log.
    log_member: Option<Vec<u8>>,
}

impl Recogniser {
    /// For the leaves of the log with that origin.
    pub(crate) fn of(origin: &str) -> Self {
        let log_member = is_sound(origin).then(|| {
            let mut member = b",\"log\":".to_vec();
            write_text(&mut member, origin);
            member
        });
        Self { log_member }
    }

    /// The hash of an entry, and the field `at` in milliseconds since 1970-01-01T00:00:00Z if the entry is
    /// recognised. Whatever is recognised [`Leaf::parse`] takes for a leaf of the log; of what it takes for
    /// one, only some with escapes in their texts are not recognised.
    ///
    /// [`Leaf::parse`]: super::Leaf::parse
    pub(crate) fn read(&self, entry: &[u8]) -> (Hash, Option<u64>) {
        let Some(mut hasher) = LeafHasher::new(entry) else { return (leaf_hash(entry), None) };
        let at_ms = self.recognise(entry, &mut hasher);
        (hasher.finish(), at_ms)
    }

    /// Follows [`Leaf::bytes`] member by member.
    ///
    /// [`Leaf::bytes`]: super::Leaf::bytes
    #[inline(always)]
    fn recognise<'a>(&self, entry: &'a [u8], hasher: &mut LeafHasher<'a>) -> Option<u64> {
        let log_member = self.log_member.as_deref().filter(|_| entry.len() <= MAX_LEAF_BYTES)?;
        let mut rest = Rest { unread: entry, hasher };
        rest.skip(b"{\"act\":\"")?;
        rest.text()?;
        rest.skip(b",\"at\":")?;
        let at_ms = rest.natural()?;
        if rest.has(b",\"clauses\":[\"") {
            rest.texts()?;
        }
        if rest.has(b",\"commitments\":{\"") {
            let mut name = NONE;
            while rest.member(&mut name)? {
                rest.skip(b"\"")?;
                rest.hash()?;
            }
        }
        let is_sealed = rest.has(b",\"ct\":\"");
        if is_sealed {
            rest.hash()?;
        }
        if rest.has(b",\"detail\":{\"") {
            let mut name = NONE;
            while rest.member(&mut name)? {
                rest.text_or_integer()?;
            }
        }
        let has_pack = rest.has(b",\"digest\":\"");
        if has_pack {
            rest.hash()?;
        }
        rest.skip(b",\"id\":\"")?;
        rest.text()?;
        if is_sealed {
            rest.skip(b",\"kc\":\"")?;
            rest.hash()?;
        }
        rest.skip(log_member)?;
        rest.skip(b",\"outcome\":\"")?;
        rest.text()?;
        if has_pack {
            rest.skip(b",\"pack\":\"")?;
            rest.text()?;
        }
        if rest.has(b",\"record\":\"") {
            rest.text()?;
        }
        if rest.has(b",\"revs\":{\"") {
            let mut name = NONE;
            while rest.member(&mut name)? {
                rest.natural()?;
            }
        }
        rest.skip(b",\"type\":\"")?;
        rest.text()?;
        (rest.unread == b",\"v\":1}").then_some(at_ms)
    }
}

/// The name before the first.
const NONE: &[u8] = &[];

/// What is not yet recognised of an entry; each method takes away what it recognises. All are inlined, so
/// that they become one run through the bytes with the position in a register.
struct Rest<'a, 'h> {
    unread: &'a [u8],
    hasher: &'h mut LeafHasher<'a>,
}

impl<'a> Rest<'a, '_> {
    #[inline(always)]
    fn skip(&mut self, expected: &[u8]) -> Option<()> {
        self.unread = self.unread.strip_prefix(expected)?;
        Some(())
    }

    #[inline(always)]
    fn has(&mut self, expected: &[u8]) -> bool {
        self.skip(expected).is_some()
    }

    /// What begins behind a quote and ends before the next, which is taken away with it. Nothing if there is
    /// anything but visible ASCII, blanks if it is no name, or if the entry ends soon behind it, as no leaf
    /// does.
    #[inline(always)]
    fn plain<const IS_NAME: bool>(&mut self) -> Option<&'a [u8]> {
        let inner = self.unread;
        let mut rest = inner;
        loop {
            let stops = stops::<IS_NAME>(u64::from_le_bytes(*rest.first_chunk::<8>()?));
            if stops != 0 {
                rest = &rest[stops.trailing_zeros() as usize / 8..];
                break;
            }
            rest = &rest[8..];
        }
        let [b'"', behind @ ..] = rest else { return None };
        self.unread = behind;
        inner.get(..inner.len() - rest.len())
    }

    /// A text that may stand in a leaf, behind its first quote: something, and nothing that does not print.
    #[inline(always)]
    fn text(&mut self) -> Option<()> {
        self.hasher.follow(self.unread);
        let inner = self.unread;
        match self.plain::<false>() {
            Some(text) => (!text.is_empty()).then_some(()),
            None => {
                self.unread = wide_text(inner)?;
                Some(())
            }
        }
    }

    /// 64 lower-case hexadecimal digits behind their first quote.
    #[inline(always)]
    fn hash(&mut self) -> Option<()> {
        self.hasher.follow(self.unread);
        let (digits, rest) = self.unread.split_first_chunk::<64>()?;
        self.unread = rest;
        self.skip(b"\"")?;
        // Without an early end, so that many digits are looked at in one instruction.
        let wrong = digits.iter().fold(0_u8, |wrong, digit| {
            let is_digit = digit.wrapping_sub(b'0') < 10;
            let is_letter = digit.wrapping_sub(b'a') < 6;
            wrong | u8::from(!(is_digit | is_letter))
        });
        (wrong == 0).then_some(())
    }

    /// An integer from 0 to [`MAX_INTEGER`].
    #[inline(always)]
    fn natural(&mut self) -> Option<u64> {
        let (mut value, mut length) = (0_u64, 0);
        let mut rest = self.unread;
        while let [digit @ b'0'..=b'9', after @ ..] = rest {
            value = value.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
            length += 1;
            rest = after;
        }
        // Zero is the only number that begins with it, and 16 digits do not overflow.
        let is_canonical = length == 1 || (length > 1 && length <= 16 && self.unread[0] != b'0');
        self.unread = rest;
        (is_canonical && value <= MAX_INTEGER.unsigned_abs()).then_some(value)
    }

    /// A text, or an integer of at most [`MAX_INTEGER`] either side of zero.
    #[inline(always)]
    fn text_or_integer(&mut self) -> Option<()> {
        if self.has(b"\"") {
            return self.text();
        }
        let is_negative = self.has(b"-");
        self.natural().filter(|value| !is_negative || *value > 0).map(|_| ())
    }

    /// One text and more, behind the first quote and up to the end of the list.
    #[inline(always)]
    fn texts(&mut self) -> Option<()> {
        self.text()?;
        while self.has(b",\"") {
            self.text()?;
        }
        self.skip(b"]")
    }

    /// The next member of an object, behind its first quote and up to its value, or the end of the object.
    /// Names are of visible ASCII, and each comes behind the one before it.
    #[inline(always)]
    fn member(&mut self, name: &mut &'a [u8]) -> Option<bool> {
        if !name.is_empty() && !self.has(b",\"") {
            self.skip(b"}")?;
            return Some(false);
        }
        let next = self.plain::<true>()?;
        self.skip(b":")?;
        // Most often the first letter decides.
        let is_behind = next.first() > name.first() || next > *name;
        *name = next;
        is_behind.then_some(true)
    }
}

/// What comes behind a text, and the quote that ends it, if the text has no escapes.
#[cold]
fn wide_text(inner: &[u8]) -> Option<&[u8]> {
    let length = inner.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
    let (text, rest) = inner.split_at(length);
    core::str::from_utf8(text).ok().filter(|text| is_sound(text))?;
    rest.strip_prefix(b"\"")
}

/// A byte in each place of a word.
const fn everywhere(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// Marks, with their highest bits, the bytes of a word at which a plain run ends: controls, quotes,
/// backslashes and what is not ASCII; in names, blanks too. Only the first mark is certain, as additions and
/// subtractions carry from there upward.
#[inline(always)]
fn stops<const IS_NAME: bool>(word: u64) -> u64 {
    // With this bit flipped, the quote takes the place of the blank right behind the controls.
    let low = (word ^ everywhere(b'"' ^ b' ')).wrapping_sub(everywhere(b' ' + 1));
    let backslash = (word ^ everywhere(b'\\')).wrapping_sub(everywhere(1));
    let high = word | word.wrapping_add(everywhere(1));
    let blank = if IS_NAME { word.wrapping_sub(everywhere(b' ' + 1)) } else { 0 };
    (low | backslash | high | blank) & everywhere(0x80)
}

#[cfg(test)]
#[path = "recognise_tests.rs"]
mod tests;
