//! The national identification number and the resident numbers of its shape.
//!
//! Source: the regulations on the identity card and household certificate (D0030030) article 3. Three
//! shapes share one check digit: a citizen's (letter, 1 or 2, eight digits), a resident's since 2021
//! (letter, 8 or 9, eight digits) and a resident's before 2021 (two letters, eight digits), which stays
//! in use until the end of 2030.

use alloc::string::String;
use core::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::bare;
use crate::time::Date;

/// Length of every number of this family, in characters.
pub const LENGTH: usize = 10;
/// First year in which the resident numbers of the old shape are no longer valid (ROC 120-01-01).
const FORMER_END_YEAR: i16 = 2031;
/// The letters in the order of their values: the first is worth 10, each next one more.
const LETTERS: &[u8; 26] = b"ABCDEFGHJKLMNPQRSTUVXYWZIO";

/// Whose number it is, as its shape tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IdKind {
    /// A citizen with household registration.
    Citizen,
    /// A resident with a number of the shape used since 2021-01-02.
    Resident,
    /// A resident with a number of the shape used before, two letters.
    FormerResident,
}

/// The sex that the number states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sex {
    /// Male.
    Male,
    /// Female.
    Female,
}

/// A number with a right check digit. It hides itself from logs and wipes its memory when dropped.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Zeroize, ZeroizeOnDrop)]
pub struct NationalId(String);

/// Why a text is not such a number. No variant repeats what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NationalIdError {
    /// Nothing was typed.
    Empty,
    /// Not ten characters.
    Length {
        /// How many characters were found.
        found: usize,
    },
    /// The first character is not a letter.
    Letter,
    /// The second character is none that a citizen or a resident can have.
    SecondPlace,
    /// One of the last eight characters is not a digit.
    Digits,
    /// The check digit does not fit: a mistyped character.
    CheckDigit,
}

impl NationalIdError {
    /// A short name for messages in the reader's language.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Length { .. } => "length",
            Self::Letter => "letter",
            Self::SecondPlace => "second-place",
            Self::Digits => "digits",
            Self::CheckDigit => "check-digit",
        }
    }
}

impl NationalId {
    /// Reads a typed number: full-width and lower case are folded, spaces and hyphens ignored.
    ///
    /// # Errors
    /// Says what is wrong, the outermost fault first.
    pub fn parse(text: &str) -> Result<Self, NationalIdError> {
        let typed = bare(text);
        if typed.is_empty() {
            return Err(NationalIdError::Empty);
        }
        let found = typed.chars().count();
        if found != LENGTH {
            return Err(NationalIdError::Length { found });
        }
        let mut characters = typed.bytes();
        let first = characters.next().and_then(letter_value).ok_or(NationalIdError::Letter)?;
        let second = characters.next().and_then(second_value).ok_or(NationalIdError::SecondPlace)?;
        let mut digits = [0_u32; 8];
        if typed.len() != LENGTH {
            return Err(NationalIdError::Digits);
        }
        for (digit, character) in digits.iter_mut().zip(characters) {
            *digit = decimal(character).ok_or(NationalIdError::Digits)?;
        }
        if !check_sum(first, second, &digits).is_multiple_of(10) {
            return Err(NationalIdError::CheckDigit);
        }
        Ok(Self(String::from(typed.as_str())))
    }

    /// The number in the clear. Every caller is a place where personal data leaves its type.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whose number it is.
    pub fn kind(&self) -> IdKind {
        match self.second() {
            b'1' | b'2' => IdKind::Citizen,
            b'8' | b'9' => IdKind::Resident,
            _ => IdKind::FormerResident,
        }
    }

    /// The sex that the second character states.
    pub fn sex(&self) -> Sex {
        match self.second() {
            b'1' | b'8' | b'A' | b'C' => Sex::Male,
            _ => Sex::Female,
        }
    }

    /// Whether a number of this shape is still valid on that day.
    pub fn in_use_on(&self, date: Date) -> bool {
        self.kind() != IdKind::FormerResident || date.year() < FORMER_END_YEAR
    }

    fn second(&self) -> u8 {
        self.0.as_bytes().get(1).copied().unwrap_or(b'1')
    }
}

impl fmt::Debug for NationalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NationalId(…)")
    }
}

/// 10 to 35 for the letters, in the order of the registration areas.
fn letter_value(character: u8) -> Option<u32> {
    let place = LETTERS.iter().position(|letter| *letter == character)?;
    u32::try_from(place).ok().map(|place| place + 10)
}

/// The weightless value of the second character: a digit's own, a letter's last digit.
fn second_value(character: u8) -> Option<u32> {
    match character {
        b'1' | b'2' | b'8' | b'9' => decimal(character),
        // Male and female from China, Hong Kong, Macao or without registration; male and female foreigners.
        b'A'..=b'D' => letter_value(character).map(|value| value % 10),
        _ => None,
    }
}

fn decimal(character: u8) -> Option<u32> {
    char::from(character).to_digit(10)
}

/// Tens of the letter, then weights 9 to 1 and 1 for the check digit; a right number sums to a
/// multiple of ten.
fn check_sum(letter: u32, second: u32, digits: &[u32; 8]) -> u32 {
    const WEIGHTS: [u32; 8] = [7, 6, 5, 4, 3, 2, 1, 1];
    let tail: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    letter / 10 + letter % 10 * 9 + second * 8 + tail
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::ToString;
    use proptest::prelude::*;

    fn error(text: &str) -> NationalIdError {
        NationalId::parse(text).unwrap_err()
    }

    #[test]
    fn citizens_and_residents_of_both_shapes() {
        let cases = [
            ("A123456789", IdKind::Citizen, Sex::Male),
            ("A800000014", IdKind::Resident, Sex::Male),
            ("AA00000009", IdKind::FormerResident, Sex::Male),
            ("FD00000000", IdKind::FormerResident, Sex::Female),
        ];
        for (text, kind, sex) in cases {
            let id = NationalId::parse(text).unwrap();
            assert_eq!((id.expose(), id.kind(), id.sex()), (text, kind, sex));
        }
    }

    #[test]
    fn letters_have_the_values_of_the_regulation() {
        let values = [("A", 10), ("H", 17), ("I", 34), ("J", 18), ("N", 22), ("O", 35), ("P", 23), ("V", 29)];
        let more = [("W", 32), ("X", 30), ("Y", 31), ("Z", 33)];
        for (letter, value) in values.into_iter().chain(more) {
            assert_eq!(letter_value(letter.as_bytes()[0]), Some(value), "{letter}");
        }
    }

    #[test]
    fn typing_habits_are_forgiven() {
        for text in ["a123456789", "Ａ１２３４５６７８９", " A 1234-5678 9 ", "Ａ－123456789"] {
            assert_eq!(NationalId::parse(text).unwrap().expose(), "A123456789");
        }
    }

    #[test]
    fn each_fault_has_its_name() {
        assert_eq!(error("  "), NationalIdError::Empty);
        assert_eq!(error("A12345678"), NationalIdError::Length { found: 9 });
        assert_eq!(error("A1234567890"), NationalIdError::Length { found: 11 });
        assert_eq!(error("1123456789"), NationalIdError::Letter);
        assert_eq!(error("王123456789"), NationalIdError::Letter);
        assert_eq!(error("A323456789"), NationalIdError::SecondPlace);
        assert_eq!(error("AE00000000"), NationalIdError::SecondPlace);
        assert_eq!(error("A12345678X"), NationalIdError::Digits);
        assert_eq!(error("A1234567八9"), NationalIdError::Digits);
        assert_eq!(error("A123456788"), NationalIdError::CheckDigit);
    }

    #[test]
    fn debug_shows_nothing() {
        let id = NationalId::parse("A123456789").unwrap();
        assert_eq!(format!("{id:?} {:?}", Some(&id)), "NationalId(…) Some(NationalId(…))");
    }

    #[test]
    fn the_old_shape_ends_with_the_year_2030() {
        let old = NationalId::parse("AA00000009").unwrap();
        assert!(old.in_use_on(Date::new(2030, 12, 31).unwrap()));
        assert!(!old.in_use_on(Date::new(2031, 1, 1).unwrap()));
        assert!(NationalId::parse("A800000014").unwrap().in_use_on(Date::new(2031, 1, 1).unwrap()));
    }

    fn stem() -> impl Strategy<Value = String> {
        ("[A-Z]", "[1289ABCD]", "[0-9]{7}").prop_map(|(a, b, c)| format!("{a}{b}{c}"))
    }

    proptest! {
        #[test]
        fn exactly_one_check_digit_fits(stem in stem()) {
            let fitting = (0..10).filter(|digit| NationalId::parse(&format!("{stem}{digit}")).is_ok());
            prop_assert_eq!(fitting.count(), 1);
        }

        #[test]
        fn one_wrong_digit_is_noticed_by_its_weight(stem in stem(), place in 2_usize..10, by in 1_u8..10) {
            let good = (0..10).map(|digit| format!("{stem}{digit}"))
                .find(|text| NationalId::parse(text).is_ok()).unwrap();
            let mut bytes = good.into_bytes();
            bytes[place] = b'0' + (bytes[place] - b'0' + by) % 10;
            let weight = [7, 6, 5, 4, 3, 2, 1, 1][place - 2];
            let seen = NationalId::parse(core::str::from_utf8(&bytes).unwrap()).is_err();
            prop_assert_eq!(seen, u32::from(by) * weight % 10 != 0);
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,14}") {
            if let Ok(id) = NationalId::parse(&text) {
                prop_assert_eq!(NationalId::parse(id.expose()).unwrap().expose().to_string(), id.expose());
            }
        }
    }
}
