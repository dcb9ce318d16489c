//! Record codes: the names of records that people read aloud, `QR-1130122-0187-7`.
//!
//! Two letters for the kind, the ROC date, a serial number within that kind and day, and a check
//! character. The check character comes from 31 signs without I, L, O, 0 and 1. Every single wrong
//! character and every swap of neighbours within the letters and digits is noticed.

use alloc::format;
use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::identity::bare;
use crate::time::Date;
use crate::time::roc::{Era, RocDate};

/// The signs of the check character: a prime number of them, none easily taken for another.
const SIGNS: &[u8; 31] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
/// A generator of the numbers modulo 31: no two places within reach have the same weight.
const BASE: u32 = 3;
/// Added to every sum. Codes in print and in memory depend on it: it never changes.
const SEED: u32 = 7;
/// Digits of the ROC date.
const DATE_DIGITS: usize = 7;
/// Fewest digits of the serial number; more are written only when needed.
const SERIAL_DIGITS: usize = 4;
/// Largest serial number.
pub const MAX_SERIAL: u32 = 99_999_999;

/// What the code names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordKind {
    /// A lookup.
    Lookup,
    /// A batch of countersigned records.
    CountersignBatch,
    /// An application.
    Application,
    /// A file in custody.
    File,
    /// An audit.
    Audit,
    /// A violation.
    Violation,
    /// A matter of network membership.
    Membership,
    /// A request of the person concerned.
    Citizen,
}

impl RecordKind {
    /// All kinds.
    pub const ALL: [Self; 8] = [
        Self::Lookup,
        Self::CountersignBatch,
        Self::Application,
        Self::File,
        Self::Audit,
        Self::Violation,
        Self::Membership,
        Self::Citizen,
    ];

    /// The two letters at the beginning of the code.
    pub const fn letters(self) -> &'static str {
        match self {
            Self::Lookup => "QR",
            Self::CountersignBatch => "CS",
            Self::Application => "AP",
            Self::File => "FC",
            Self::Audit => "AU",
            Self::Violation => "VC",
            Self::Membership => "NH",
            Self::Citizen => "CZ",
        }
    }
}

/// The name of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordCode {
    kind: RecordKind,
    date: Date,
    serial: u32,
}

/// Why a text is not a record code, or a code cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecordCodeError {
    /// Nothing was typed.
    Empty,
    /// Too short or too long.
    Length,
    /// The first two letters are no kind.
    Kind,
    /// The seven digits after them are no day from 1912 to ROC 999.
    Date,
    /// The serial number is nought, too large, written with needless noughts, or has other characters.
    Serial,
    /// The check character does not fit: a mistyped or swapped character.
    CheckCharacter,
}

impl RecordCodeError {
    /// A short name for messages in the reader's language.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Length => "length",
            Self::Kind => "kind",
            Self::Date => "date",
            Self::Serial => "serial",
            Self::CheckCharacter => "check-character",
        }
    }
}

impl fmt::Display for RecordCodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the record code is empty",
            Self::Length => {
                "a record code has two letters, seven digits, a serial number and a check character"
            }
            Self::Kind => "the first two letters name no kind of record",
            Self::Date => "the seven digits after the letters are no date",
            Self::Serial => "the serial number is wrong",
            Self::CheckCharacter => "the check character does not fit; a character is mistyped",
        })
    }
}

impl core::error::Error for RecordCodeError {}

impl RecordCode {
    /// The code of the record with that serial number, from 1, of that kind and day.
    ///
    /// # Errors
    /// The day lies before 1912 or after ROC 999, or the serial number is nought or too large.
    pub fn new(kind: RecordKind, date: Date, serial: u32) -> Result<Self, RecordCodeError> {
        let roc = RocDate::from(date);
        if roc.era != Era::Minguo || roc.year > 999 {
            return Err(RecordCodeError::Date);
        }
        if serial == 0 || serial > MAX_SERIAL {
            return Err(RecordCodeError::Serial);
        }
        Ok(Self { kind, date, serial })
    }

    /// Reads a typed code: full-width and lower case are folded, spaces and hyphens ignored, and the
    /// letters O, I and L taken for the digits they look like where only digits can stand.
    ///
    /// # Errors
    /// Says which part is wrong.
    pub fn parse(text: &str) -> Result<Self, RecordCodeError> {
        let typed = bare(text);
        if typed.is_empty() {
            return Err(RecordCodeError::Empty);
        }
        let longest = 2 + DATE_DIGITS + 8 + 1;
        if !typed.is_ascii() {
            return Err(RecordCodeError::Length);
        }
        let kind = RecordKind::ALL.into_iter().find(|kind| typed.starts_with(kind.letters()));
        let kind = kind.ok_or(RecordCodeError::Kind)?;
        if !(2 + DATE_DIGITS + SERIAL_DIGITS + 1..=longest).contains(&typed.len()) {
            return Err(RecordCodeError::Length);
        }
        let digits: String = typed[2..typed.len() - 1].chars().map(meant_digit).collect();
        let (date, serial) = digits.split_at(DATE_DIGITS);
        let date = read_date(date).ok_or(RecordCodeError::Date)?;
        let needless = serial.len() > SERIAL_DIGITS && serial.starts_with('0');
        let number = serial.bytes().all(|byte| byte.is_ascii_digit()).then(|| serial.parse().ok()).flatten();
        let serial = number.filter(|_| !needless).ok_or(RecordCodeError::Serial)?;
        let code = Self::new(kind, date, serial)?;
        if typed.ends_with(code.check()) { Ok(code) } else { Err(RecordCodeError::CheckCharacter) }
    }

    /// What the code names.
    pub const fn kind(&self) -> RecordKind {
        self.kind
    }

    /// The day in Taipei on which the record was made.
    pub const fn date(&self) -> Date {
        self.date
    }

    /// The serial number within kind and day, from 1.
    pub const fn serial(&self) -> u32 {
        self.serial
    }

    /// The check character.
    pub fn check(&self) -> char {
        let stem = format!("{}{}{:04}", self.kind.letters(), RocDate::from(self.date).compact(), self.serial);
        let mut weight = 1;
        let mut sum = SEED;
        for character in stem.bytes().rev() {
            weight = weight * BASE % 31;
            let value = if character.is_ascii_digit() { character - b'0' } else { character - b'A' };
            sum += u32::from(value) * weight;
        }
        char::from(SIGNS[sum as usize % SIGNS.len()])
    }
}

fn meant_digit(character: char) -> char {
    match character {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    }
}

fn read_date(digits: &str) -> Option<Date> {
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (year, month, day) =
        (digits[..3].parse().ok()?, digits[3..5].parse().ok()?, digits[5..].parse().ok()?);
    RocDate::from_parts(Era::Minguo, year, month, day)?.date()
}

impl fmt::Display for RecordCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, date) = (self.kind.letters(), RocDate::from(self.date).compact());
        write!(f, "{kind}-{date}-{:04}-{}", self.serial, self.check())
    }
}

impl core::str::FromStr for RecordCode {
    type Err = RecordCodeError;

    fn from_str(text: &str) -> Result<Self, RecordCodeError> {
        Self::parse(text)
    }
}

impl Serialize for RecordCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RecordCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    fn example() -> RecordCode {
        RecordCode::new(RecordKind::Lookup, Date::new(2024, 1, 22).unwrap(), 187).unwrap()
    }

    #[test]
    fn the_example_reads_both_ways() {
        assert_eq!(example().to_string(), "QR-1130122-0187-7");
        let code = RecordCode::parse("QR-1130122-0187-7").unwrap();
        assert_eq!(
            (code.kind(), code.date().to_string(), code.serial()),
            (RecordKind::Lookup, "2024-01-22".into(), 187)
        );
        assert_eq!(serde_json::to_string(&code).unwrap(), "\"QR-1130122-0187-7\"");
        assert_eq!(serde_json::from_str::<RecordCode>("\"QR-1130122-0187-7\"").unwrap(), code);
        assert!(serde_json::from_str::<RecordCode>("\"QR-1130122-0187-8\"").is_err());
    }

    #[test]
    fn typing_habits_are_forgiven() {
        for text in [
            "qr-1130122-0187-7",
            "QR113012201877",
            " ＱＲ－１１３０１２２－０１８７－７ ",
            "QR 1130122 0187 7",
            "QR-113O122-O187-7",
            "QR-ll30I22-0187-7",
        ] {
            assert_eq!(RecordCode::parse(text), Ok(example()), "{text}");
        }
    }

    #[test]
    fn each_fault_has_its_name() {
        for (text, error) in [
            (" - ", RecordCodeError::Empty),
            ("QX-1130122-0187-7", RecordCodeError::Kind),
            ("1130122", RecordCodeError::Kind),
            ("QR-1130122-187-7", RecordCodeError::Length),
            ("QR-1130122-123456789-7", RecordCodeError::Length),
            ("查-1130122-0187-7", RecordCodeError::Length),
            ("QR-1131322-0187-7", RecordCodeError::Date),
            ("QR-0000101-0187-7", RecordCodeError::Date),
            ("QR-1130122-00187-7", RecordCodeError::Serial),
            ("QR-1130122-0000-7", RecordCodeError::Serial),
            ("QR-1130122-01A7-7", RecordCodeError::Serial),
            ("QR-1130122-0187-8", RecordCodeError::CheckCharacter),
            ("QR-1130122-0187-O", RecordCodeError::CheckCharacter),
            ("CS-1130122-0187-7", RecordCodeError::CheckCharacter),
        ] {
            assert_eq!(RecordCode::parse(text), Err(error), "{text}");
        }
        let before = Date::new(1911, 12, 31).unwrap();
        assert_eq!(RecordCode::new(RecordKind::Audit, before, 1), Err(RecordCodeError::Date));
        let too_many = RecordCode::new(RecordKind::Audit, example().date(), MAX_SERIAL + 1);
        assert_eq!(too_many, Err(RecordCodeError::Serial));
    }

    #[test]
    fn kinds_and_signs_are_told_apart() {
        let letters: Vec<&str> = RecordKind::ALL.iter().map(|kind| kind.letters()).collect();
        assert_eq!(letters, ["QR", "CS", "AP", "FC", "AU", "VC", "NH", "CZ"]);
        assert!(SIGNS.iter().all(|sign| !b"ILO01".contains(sign)));
        let mut sorted = SIGNS.to_vec();
        sorted.dedup();
        assert_eq!(sorted.len(), 31);
    }

    fn codes() -> impl Strategy<Value = RecordCode> {
        let serials = prop_oneof![1_u32..10_000, 1_u32..=MAX_SERIAL];
        (prop::sample::select(RecordKind::ALL.to_vec()), 0_i64..60_000, serials).prop_map(
            |(kind, days, serial)| {
                let date = Date::new(1912, 1, 1).unwrap().plus_days(days).unwrap();
                RecordCode::new(kind, date, serial).unwrap()
            },
        )
    }

    proptest! {
        #[test]
        fn every_code_reads_back(code in codes()) {
            prop_assert_eq!(RecordCode::parse(&code.to_string()), Ok(code));
        }

        #[test]
        fn one_wrong_character_is_noticed(code in codes(), place in 0_usize..20, other in "[0-9A-Z]") {
            let text = code.to_string().replace('-', "");
            let place = place % text.len();
            let mut wrong = text.clone();
            wrong.replace_range(place..=place, &other);
            if RecordCode::parse(&wrong) == Ok(code) {
                // Only the same character, or a letter that is read as the digit it looks like.
                let meant: String = wrong[2..].chars().map(meant_digit).collect();
                prop_assert_eq!(&meant, &text[2..].chars().map(meant_digit).collect::<String>());
            } else {
                prop_assert!(RecordCode::parse(&wrong).is_err());
            }
        }

        #[test]
        fn swapped_neighbours_are_noticed(code in codes(), place in 0_usize..20) {
            let mut bytes = code.to_string().replace('-', "").into_bytes();
            let place = place % (bytes.len() - 2);
            let different = bytes[place] != bytes[place + 1];
            bytes.swap(place, place + 1);
            let swapped = RecordCode::parse(core::str::from_utf8(&bytes).unwrap());
            prop_assert_eq!(swapped.is_err(), different);
        }

        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = RecordCode::parse(&text);
        }
    }
}
