//! The household number: a letter and seven places.
//!
//! Source: D0030030 article 3. The second to seventh places were digits and may become letters, the
//! eighth is a check digit. How the check digit is computed is not published, so only the shape is
//! checked.

use alloc::string::String;
use core::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::bare;

/// Length of the number, in characters.
pub const LENGTH: usize = 8;

/// A number of the right shape. It hides itself from logs and wipes its memory when dropped.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Zeroize, ZeroizeOnDrop)]
pub struct HouseholdNumber(String);

/// Why a text is not such a number. No variant repeats what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HouseholdNumberError {
    /// Nothing was typed.
    Empty,
    /// Not eight characters.
    Length {
        /// How many characters were found.
        found: usize,
    },
    /// The first character is not a letter.
    Letter,
    /// A character from the second to the seventh is neither a letter nor a digit.
    Character,
    /// The last character, the check digit, is not a digit.
    CheckDigit,
}

impl HouseholdNumberError {
    /// A short name for messages in the reader's language.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Length { .. } => "length",
            Self::Letter => "letter",
            Self::Character => "character",
            Self::CheckDigit => "check-digit",
        }
    }
}

impl HouseholdNumber {
    /// Reads a typed number: full-width and lower case are folded, spaces and hyphens ignored.
    ///
    /// # Errors
    /// Says what is wrong, the outermost fault first.
    pub fn parse(text: &str) -> Result<Self, HouseholdNumberError> {
        let typed = bare(text);
        if typed.is_empty() {
            return Err(HouseholdNumberError::Empty);
        }
        let found = typed.chars().count();
        if found != LENGTH {
            return Err(HouseholdNumberError::Length { found });
        }
        for (place, character) in typed.chars().enumerate() {
            match place {
                0 if !character.is_ascii_uppercase() => return Err(HouseholdNumberError::Letter),
                1..=6 if !character.is_ascii_alphanumeric() => return Err(HouseholdNumberError::Character),
                7 if !character.is_ascii_digit() => return Err(HouseholdNumberError::CheckDigit),
                _ => {}
            }
        }
        Ok(Self(String::from(typed.as_str())))
    }

    /// The number in the clear. Every caller is a place where personal data leaves its type.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for HouseholdNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HouseholdNumber(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use proptest::prelude::*;

    #[test]
    fn digits_and_later_letters_are_right() {
        for (text, expected) in
            [("F1234567", "F1234567"), ("f12ab567", "F12AB567"), ("Ｚ-００００ ０００", "Z0000000")]
        {
            assert_eq!(HouseholdNumber::parse(text).unwrap().expose(), expected);
        }
    }

    #[test]
    fn each_fault_has_its_name() {
        let error = |text| HouseholdNumber::parse(text).unwrap_err();
        assert_eq!(error(""), HouseholdNumberError::Empty);
        assert_eq!(error("F123456"), HouseholdNumberError::Length { found: 7 });
        assert_eq!(error("11234567"), HouseholdNumberError::Letter);
        assert_eq!(error("F12_4567"), HouseholdNumberError::Character);
        assert_eq!(error("F12王4567"), HouseholdNumberError::Character);
        assert_eq!(error("F123456A"), HouseholdNumberError::CheckDigit);
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", HouseholdNumber::parse("F1234567").unwrap()), "HouseholdNumber(…)");
    }

    proptest! {
        #[test]
        fn every_number_of_the_shape_reads_back(text in "[A-Z][A-Z0-9]{6}[0-9]") {
            let number = HouseholdNumber::parse(&text.to_lowercase()).unwrap();
            prop_assert_eq!(number.expose(), text);
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,10}") {
            let _ = HouseholdNumber::parse(&text);
        }
    }
}
